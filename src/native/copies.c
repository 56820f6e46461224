#include "copies.h"

#include <stdlib.h>

#include "cells.h"

struct Copies {
  uint64_t *slot; /* hashes; 0 is free */
  size_t mask, held, most;
  uint64_t key;
};

Copies *copies_new(size_t most, uint64_t key) {
  Copies *copies = malloc(sizeof *copies);
  if (!copies) return NULL;
  *copies = (Copies){calloc(1 << 10, sizeof(uint64_t)), (1 << 10) - 1, 0, most, key | 1};
  if (copies->slot) return copies;
  free(copies);
  return NULL;
}

void copies_free(Copies *copies) {
  if (copies) free(copies->slot);
  free(copies);
}

static uint64_t *slot_of(const Copies *copies, uint64_t hash) {
  size_t at = hash & copies->mask;
  while (copies->slot[at] && copies->slot[at] != hash) at = (at + 1) & copies->mask;
  return copies->slot + at;
}

static bool grow(Copies *copies) {
  Copies larger = *copies;
  larger.mask = 2 * copies->mask + 1;
  larger.slot = calloc(larger.mask + 1, sizeof(uint64_t));
  if (!larger.slot) return false;
  for (size_t at = 0; at <= copies->mask; at++)
    if (copies->slot[at]) *slot_of(&larger, copies->slot[at]) = copies->slot[at];
  free(copies->slot);
  *copies = larger;
  return true;
}

int64_t copies_count(Copies *copies, const char *cells, size_t length) {
  const unsigned char *at = (const unsigned char *)cells, *end = at + length;
  int64_t known = 0;
  for (; at < end; at++) {
    uint64_t hash = 0;
    bool filled = false;
    while (*at) {
      size_t wide;
      bool parted = false;
      for (; (wide = cells_blank((const char *)at)); at += wide) parted = filled;
      if (!*at) break;
      if (parted) hash = (hash ^ ' ') * copies->key;
      for (; *at && !cells_blank((const char *)at); at++) hash = ((hash ^ *at) + 0x9E3779B97F4A7C15u) * copies->key, hash ^= hash >> 29;
      filled = true;
    }
    if (!filled) continue;
    hash = (hash ^ hash >> 32) * 0xD6E8FEB86659FD93u;
    hash += !hash;
    uint64_t *slot = slot_of(copies, hash);
    if (*slot) {
      known++;
    } else if (copies->held < copies->most) {
      *slot = hash;
      if (2 * ++copies->held > copies->mask && !grow(copies)) return -1;
    }
  }
  return known;
}
