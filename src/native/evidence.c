/* The words that decided, as model/evidence.py tells them: what each stretch of a post adds to a label, strongest first. */
#include <math.h>
#include <stdio.h>

#include "core.h"

static inline double push_of(const Model *m, const double *measure, int32_t label) {
    return m->own * measure[1 + label] - m->shared * (measure[1] + measure[2] + measure[3]);
}

/* Each occurrence's gain onto its tokens in equal parts, or onto the whole post. */
static void spread(Chunk *chunk, const View *view, size_t from, size_t to, int32_t label, double *whole) {
    size_t tokens = chunk->tokens;
    for (const Occurrence *one = chunk->occurrence + from; one < chunk->occurrence + to; one++) {
        double share = push_of(chunk->model, one->measure, label) * one->part * view->scale[one->block];
        size_t length = (size_t)(one->last - one->first);
        if (length == 1) {
            chunk->push[one->first] += share;
        } else if (!length || (length == tokens && tokens > 2)) {
            *whole += share;
        } else {
            for (int32_t i = one->first; i < one->last; i++) chunk->push[i] += share / (double)length;
        }
    }
}

/* Where in the post as it is written the so manieth byte of the post as it is cut stands. */
static const char *as_written(const Post *post, size_t at) {
    if (post->text == post->written) return post->written + at;
    const char *found = post->written;
    for (int32_t n = characters_in(post->text, post->text + at); n > 0 && found < post->written_end; n--)
        do found++;
        while (found < post->written_end && (*found & 0xC0) == 0x80);
    return found;
}

/* A stretch as evidence shows it, each white space a blank, behind what the buffer holds; it stays hidden where it is
   too long or has more words than may be told. */
static Told shown(Chunk *chunk, const char *at, const char *end, int32_t most_words) {
    const Model *m = chunk->model;
    char *begin = chunk->spelling + chunk->spellings, *to = begin;
    int32_t characters = 0, words = 0;
    bool white = true;
    while (at < end) {
        int size = blank(at, end);
        if (size) {
            at += size;
            white = true;
            continue;
        }
        if (white && ++words > 1) *to++ = ' ', characters++;
        white = false;
        do *to++ = *at++;
        while (at < end && (*at & 0xC0) == 0x80);
        if (++characters > m->longest || words > most_words) return (Told){0};
    }
    uint32_t size = (uint32_t)(to - begin);
    chunk->spellings += size;
    return (Told){.hash = hash_of(chunk->table->key, begin, size), .text = begin, .size = size, .shown = size > 0};
}

static Told told_of(Chunk *chunk, const Post *post, const Token *token) {
    const Place *first = &chunk->place[token->first];
    size_t left = first->at + first->row->start, right = 0;
    if (token->last - token->first == 1 && !first->row->as_written) {
        size_t size = first->row->end - first->row->start;
        bool fits = size > 0 && (size <= (size_t)chunk->model->longest ||
                                 characters_in(post->text + left, post->text + left + size) <= chunk->model->longest);
        return (Told){.hash = first->row->spelling, .text = post->text + left, .size = (uint32_t)size, .shown = fits};
    }
    for (int32_t i = token->first; i < token->last; i++) {
        size_t end = chunk->place[i].at + chunk->place[i].row->end;
        right = end > right ? end : right;
    }
    return shown(chunk, as_written(post, left), as_written(post, right), INT32_MAX);
}

/* Equal spellings as one, with their sum. */
static void add_equal(Chunk *chunk, size_t count) {
    size_t room = 16;
    while (room < 2 * count) room *= 2;
    NEED(chunk->told_slot, chunk->told_slot_room, room);
    memset(chunk->told_slot, -1, room * sizeof(int32_t));
    for (size_t i = 0; i < count; i++) {
        Told *one = &chunk->told[i];
        if (!one->shown) continue;
        size_t at = one->hash & (room - 1);
        for (; chunk->told_slot[at] >= 0; at = (at + 1) & (room - 1)) {
            Told *other = &chunk->told[chunk->told_slot[at]];
            if (other->hash != one->hash || other->size != one->size || memcmp(other->text, one->text, one->size)) continue;
            other->gain += one->gain;
            one->shown = false;
            break;
        }
        if (one->shown) chunk->told_slot[at] = (int32_t)i;
    }
}

static bool stronger(const Told *a, const Told *b) { /* among equals in alphabetical order */
    double x = fabs(a->gain), y = fabs(b->gain);
    if (x != y) return x > y;
    int order = memcmp(a->text, b->text, a->size < b->size ? a->size : b->size);
    return order ? order < 0 : a->size < b->size;
}

void append(Chunk *chunk, const void *text, size_t size) {
    NEED(chunk->words, chunk->words_room, chunk->words_size + size);
    memcpy(chunk->words + chunk->words_size, text, size);
    chunk->words_size += size;
}

/* " +1.2", as Python writes it. */
static void append_gain(Chunk *chunk, double gain) {
    char text[340];
    double tenths = fabs(gain) * 10.0, nearest = rint(tenths);
    if (nearest > 99.0 || fabs(fabs(tenths - nearest) - 0.5) < 1e-6) {
        append(chunk, text, (size_t)snprintf(text, sizeof text, " %+.1f", gain));
        return;
    }
    int n = (int)nearest;
    text[0] = ' ', text[1] = gain < 0 ? '-' : '+', text[2] = (char)('0' + n / 10), text[3] = '.', text[4] = (char)('0' + n % 10);
    append(chunk, text, 5);
}

void tell_words(Chunk *chunk, const Post *post, const View *view, size_t shared, int32_t label, bool unsure) {
    const Model *m = chunk->model;
    size_t count = chunk->tokens, best = 0;
    double whole = 0.0;
    NEED(chunk->push, chunk->push_room, count);
    NEED(chunk->told, chunk->told_room, count + 1);
    NEED(chunk->spelling, chunk->spelling_room, (count + 1) * (4 * (size_t)m->longest + 8));
    chunk->spellings = 0;
    for (size_t i = 0; i < count; i++) {
        const Form *form = chunk->token[i].form;
        chunk->push[i] = form ? push_of(m, form->sum, label) * view->scale[CHARACTERS] : 0.0;
    }
    spread(chunk, view, 0, shared, label, &whole);
    spread(chunk, view, view->first, view->last, label, &whole);
    for (size_t i = 0; i < count; i++) {
        chunk->told[i] = told_of(chunk, post, &chunk->token[i]);
        chunk->told[i].gain = chunk->push[i];
    }
    if (whole != 0.0) {
        chunk->told[count] = shown(chunk, post->written, post->written_end, m->most_words);
        chunk->told[count++].gain = whole;
    }
    add_equal(chunk, count);
    const Told *top[MOST_SHOWN];
    for (size_t i = 0; i < count; i++) {
        Told *one = &chunk->told[i];
        one->gain = rint(one->gain * 1e9) / 1e9; /* the order in which sums were added up must not show */
        if (!one->shown || fabs(one->gain) < m->faint) continue;
        size_t at = best;
        while (at > 0 && stronger(one, top[at - 1])) at--;
        if (at == (size_t)m->shown) continue;
        if (best < (size_t)m->shown) best++;
        memmove(&top[at + 1], &top[at], (best - 1 - at) * sizeof *top);
        top[at] = one;
    }
    if (best && unsure) append(chunk, m->heads + m->head[label], (size_t)(m->head[label + 1] - m->head[label]));
    for (size_t i = 0; i < best; i++) {
        if (i) append(chunk, "; ", 2);
        append(chunk, top[i]->text, top[i]->size);
        append_gain(chunk, top[i]->gain);
    }
}
