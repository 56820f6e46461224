/* What this binary is: the language of its calls, the sources it was made of, and how. */
#include "netral.h"

#ifndef NETRAL_DIGEST
#define NETRAL_DIGEST "" /* compiled by hand: of no known sources, so never used beside them */
#endif
#if defined(__SANITIZE_ADDRESS__)
#define NETRAL_CHECKED " with sanitizers"
#elif !defined(NDEBUG)
#define NETRAL_CHECKED " with assertions"
#else
#define NETRAL_CHECKED ""
#endif
#if defined(__clang__)
#define NETRAL_COMPILER "Clang " __clang_version__
#elif defined(__VERSION__)
#define NETRAL_COMPILER "GCC " __VERSION__
#else
#define NETRAL_COMPILER "an unknown compiler"
#endif

int netral_abi(void) { return NETRAL_ABI; }

/* SHA-256 over the sources, in hexadecimal. */
const char *netral_digest(void) { return NETRAL_DIGEST; }

/* For people: what made it. */
const char *netral_build(void) { return NETRAL_COMPILER NETRAL_CHECKED; }
