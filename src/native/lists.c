#include "lists.h"

#include <stdlib.h>
#include <string.h>

/* The lists are ours and fixed, so that no text can be written to make its words collide with many of theirs. */
static uint32_t hash_of(const char *word, size_t length) {
  uint64_t hash = length * 0x9E3779B97F4A7C15u;
  while (length) {
    uint64_t part = 0;
    size_t taken = length < 8 ? length : 8;
    memcpy(&part, word, taken);
    hash = (hash ^ part) * 0xD6E8FEB86659FD93u;
    hash ^= hash >> 32;
    word += taken;
    length -= taken;
  }
  return (uint32_t)(hash ^ hash >> 29);
}

/* Whether a slot that is not free holds a word. */
static bool is_line(const List *list, uint32_t at, uint32_t hash, const char *word, size_t length) {
  if (list->slot[at].hash != hash) return false;
  size_t wide;
  const char *line = list_line(list, list->slot[at].line - 1, &wide);
  return wide == length && !memcmp(line, word, length);
}

bool list_make(List *list, const char *lines, size_t length) {
  *list = (List){0};
  if (length > UINT32_MAX / 4 || (length && lines[length - 1] != '\n')) return false;
  for (size_t at = 0; at < length; at++) list->count += lines[at] == '\n';
  uint32_t size = 4;
  while (size < 3 * (uint64_t)list->count) size *= 2;
  list->mask = size - 1;
  list->pool = malloc(length + 1);
  list->start = malloc((list->count + 1) * sizeof *list->start);
  list->slot = calloc(size, sizeof *list->slot);
  if (!list->pool || !list->start || !list->slot) {
    list_free(list);
    return false;
  }
  memcpy(list->pool, lines, length);
  list->start[0] = 0;
  uint32_t number = 0;
  for (uint32_t at = 0; at < length; at++)
    if (lines[at] == '\n') list->start[++number] = at + 1;
  for (number = 0; number < list->count; number++) {
    size_t wide;
    const char *line = list_line(list, number, &wide);
    uint32_t hash = hash_of(line, wide), at = hash & list->mask;
    while (list->slot[at].line && !is_line(list, at, hash, line, wide)) at = (at + 1) & list->mask;
    if (!list->slot[at].line) list->slot[at] = (Slot){number + 1, hash};
  }
  return true;
}

void list_free(List *list) {
  free(list->pool);
  free(list->start);
  free(list->slot);
  *list = (List){0};
}

int32_t list_find(const List *list, const char *word, size_t length) {
  if (!list->slot) return -1;
  uint32_t hash = hash_of(word, length);
  for (uint32_t at = hash & list->mask; list->slot[at].line; at = (at + 1) & list->mask)
    if (is_line(list, at, hash, word, length)) return (int32_t)list->slot[at].line - 1;
  return -1;
}
