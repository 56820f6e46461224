/* Memory that grows or never moves, and tables that find things by a keyed hash. */
#include <stdio.h>

#include "core.h"

/* What is half made cannot be unmade here: the process ends, in one sentence (that of cli/ending.py). A file that was
   being written is as good as after any other sudden end. */
static _Noreturn void end_without_memory(void) {
    fputs("Not enough memory for this input; split it into smaller files.\n", stderr);
    _Exit(1);
}

void *allocated(size_t size) {
    void *found = calloc(1, size ? size : 1);
    if (!found) end_without_memory();
    return found;
}

void *grown(void *array, size_t *room, size_t count, size_t size) {
    if (count <= *room) return array;
    size_t more = count + count / 2 + 16;
    if (more > SIZE_MAX / size || !(array = realloc(array, more * size))) end_without_memory();
    *room = more;
    return array;
}

/* --- an arena: blocks in a chain, each begins with a pointer to the one before */
void *take(Arena *arena, size_t size) {
    size = (size + 7) & ~(size_t)7;
    if ((size_t)(arena->end - arena->at) < size || !arena->at) {
        size_t room = size > 65536 ? size : 65536 + arena->total / 16;
        void **block = allocated(room + sizeof(void *));
        *block = arena->blocks;
        arena->blocks = block;
        arena->at = (uint8_t *)(block + 1);
        arena->end = arena->at + room;
        arena->total += room;
    }
    void *found = arena->at;
    arena->at += size;
    return found;
}

void *copied(Arena *arena, const void *from, size_t size) {
    void *to = take(arena, size);
    if (size) memcpy(to, from, size);
    return to;
}

void arena_free(Arena *arena) {
    for (void **block = arena->blocks; block;) {
        void **before = *block;
        free(block);
        block = before;
    }
    *arena = (Arena){0};
}

/* --- slots: a power of two of cells, at most half of them taken. Who searches while they grow may miss what is new. */
static Cells *cells_of(uint64_t count) {
    Cells *cells = allocated(sizeof(Cells) + count * sizeof(Hashed *));
    cells->mask = count - 1;
    return cells;
}

static void place(Cells *cells, Hashed *one) {
    uint64_t at = one->hash & cells->mask;
    while (atomic_load_explicit(&cells->cell[at], memory_order_relaxed)) at = (at + 1) & cells->mask;
    atomic_store_explicit(&cells->cell[at], one, memory_order_release);
}

void slots_start(Slots *slots, uint64_t room) { atomic_init(&slots->cells, cells_of(room)); }

void slots_add(Slots *slots, Hashed *one) {
    Cells *cells = atomic_load_explicit(&slots->cells, memory_order_relaxed);
    if (2 * ++slots->held > cells->mask) {
        Cells *more = cells_of(4 * (cells->mask + 1));
        more->before = cells; /* somebody may still search there */
        for (uint64_t i = 0; i <= cells->mask; i++) {
            Hashed *old = atomic_load_explicit(&cells->cell[i], memory_order_relaxed);
            if (old) place(more, old);
        }
        atomic_store_explicit(&slots->cells, cells = more, memory_order_release);
    }
    place(cells, one);
}

Hashed *next_of(Walk *walk) {
    for (;;) {
        Hashed *found = atomic_load_explicit(&walk->cells->cell[walk->at], memory_order_acquire);
        if (!found) return NULL;
        walk->at = (walk->at + 1) & walk->cells->mask;
        if (found->hash == walk->hash) return found;
    }
}

Hashed *first_of(Walk *walk, const Slots *slots, uint64_t hash) {
    const Cells *cells = atomic_load_explicit(&((Slots *)slots)->cells, memory_order_acquire);
    *walk = (Walk){cells, hash & cells->mask, hash};
    return next_of(walk);
}

void slots_fetch(const Slots *slots, uint64_t hash) {
    const Cells *cells = atomic_load_explicit(&((Slots *)slots)->cells, memory_order_acquire);
    FETCH(&cells->cell[hash & cells->mask]);
}

void slots_fetch_first(const Slots *slots, uint64_t hash) {
    const Cells *cells = atomic_load_explicit(&((Slots *)slots)->cells, memory_order_acquire);
    const char *found = (const char *)atomic_load_explicit(&cells->cell[hash & cells->mask], memory_order_acquire);
    if (!found) return;
    FETCH(found);
    FETCH(found + 64);
}

void slots_free(Slots *slots) {
    for (Cells *cells = atomic_load(&slots->cells); cells;) {
        Cells *before = cells->before;
        free(cells);
        cells = before;
    }
    atomic_init(&slots->cells, NULL);
}

/* --- hashing: eight bytes at a time, folded products; without the key nobody can make pieces collide */
static inline uint64_t folded(uint64_t a, uint64_t b) {
    __uint128_t product = (__uint128_t)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t hash_of(Key key, const char *text, size_t size) {
    uint64_t state = key.a ^ size, word = 0;
    while (size > 8) {
        memcpy(&word, text, 8);
        state = folded(state ^ word, key.b | 1) + key.a;
        text += 8, size -= 8;
    }
    word = 0;
    if (size) memcpy(&word, text, size);
    return folded(state ^ word, key.b | 1) * 0x9E3779B97F4A7C15u;
}

void counter_reset(Counter *counter, size_t most) {
    if (counter->room < 2 * most || !counter->room) {
        size_t room = counter->room ? counter->room : 256;
        while (room < 2 * most) room *= 2;
        free(counter->cell);
        counter->cell = allocated(room * sizeof(Count));
        counter->room = room, counter->stamp = 0, counter->shift = 32;
        for (size_t n = room; n > 1; n /= 2) counter->shift--;
    }
    if (++counter->stamp == 0) { /* after four thousand million posts */
        memset(counter->cell, 0, counter->room * sizeof(Count));
        counter->stamp = 1;
    }
}
