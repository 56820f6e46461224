/* Which of many texts stood before; what is remembered of each is a hash. */
#ifndef NETRAL_COPIES_H
#define NETRAL_COPIES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "netral.h"

typedef struct Copies Copies;

/* `most` are remembered; with a secret `key`, so that no file can be made to collide. NULL without memory. */
NETRAL_API Copies *copies_new(size_t most, uint64_t key);
NETRAL_API void copies_free(Copies *copies);

/* How many of some cells, each with a NUL behind it, stood before; white space at their ends does not count, and that
   between their words only as one blank. Empty ones never did; -1 without memory. */
NETRAL_API int64_t copies_count(Copies *copies, const char *cells, size_t length);

#endif
