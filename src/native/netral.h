/* What every file of the core shares: how a function is made visible, and which language of calls it speaks. */
#ifndef NETRAL_H
#define NETRAL_H

#if defined(_WIN32)
#define NETRAL_API __declspec(dllexport)
#else
#define NETRAL_API __attribute__((visibility("default")))
#endif

/* One more whenever a function changes what it takes or gives; netral_nlp/native/__init__.py has the same number. */
#define NETRAL_ABI 1

NETRAL_API int netral_abi(void);
NETRAL_API const char *netral_digest(void);
NETRAL_API const char *netral_build(void);

#endif
