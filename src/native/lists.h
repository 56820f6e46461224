/* A list of words, found by their bytes: made once from lines, then only read, by any number of threads. */
#ifndef NETRAL_LISTS_H
#define NETRAL_LISTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct { uint32_t line, hash; } Slot; /* the number of a line and one more, 0 is free */

typedef struct {
  char *pool;      /* a copy of the lines */
  uint32_t *start; /* where each line begins in it; one more at the end */
  Slot *slot;
  uint32_t count, mask;
} List;

/* Makes a list of lines, each with its line feed; false where there is no memory, or a last line without an end. */
bool list_make(List *list, const char *lines, size_t length);
void list_free(List *list);

/* The number of the first line that is this word; -1 where none is. */
int32_t list_find(const List *list, const char *word, size_t length);

/* The line of a number below `count`, without its end. */
static inline const char *list_line(const List *list, uint32_t number, size_t *length) {
  *length = list->start[number + 1] - list->start[number] - 1;
  return list->pool + list->start[number];
}

#endif
