/* The judgements of a chunk as they stand behind the rows of a CSV file, as Judgements.tails writes them. */
#include "cells.h"
#include "core.h"

/* What is said of a post that names nobody, where Python had to look at it: its label and the evidence. */
int netral_note(Chunk *chunk, int64_t at, int32_t label, const char *text, int64_t size) {
    if (at < 0 || (size_t)at >= chunk->judgements || label < 0 || label > UNSURE || size < 0) return -1;
    Judgement *judgement = &chunk->judgement[at];
    NEED(chunk->words, chunk->words_room, chunk->words_size + (size_t)size);
    memcpy(chunk->words + chunk->words_size, text, (size_t)size);
    judgement->label = judgement->direction = label;
    judgement->words_begin = (int64_t)chunk->words_size;
    judgement->words_end = (int64_t)(chunk->words_size += (size_t)size);
    return 0;
}

static char *add_number(char *at, double value, char delimiter, char point, bool *fine) {
    *at++ = delimiter;
    size_t size = cells_number(at, value, point);
    *fine &= size > 0;
    return at + size;
}

/* One line without its end for each judgement, a NUL behind it: what stands before the scores (4 heads a pair, one a
   label, and 4 for nobody), scores, support, evidence. How many bytes; -1 where a number is none. */
int64_t netral_tails(Chunk *chunk, const char *heads, const int64_t *offset, char delimiter, char point,
                     const char **tails) {
    size_t size = 0, pairs = (size_t)chunk->model->pairs;
    bool fine = true;
    for (size_t i = 0; i < chunk->judgements; i++) {
        const Judgement *one = &chunk->judgement[i];
        if (one->label < 0 || one->label > UNSURE) return -1;
        const int64_t *head = offset + 4 * (one->pair < 0 ? (int64_t)pairs : one->pair) + one->label;
        size_t head_size = (size_t)(head[1] - head[0]), words = (size_t)(one->words_end - one->words_begin);
        NEED(chunk->tails, chunk->tails_room, size + head_size + (LABELS + pairs) * (NUMBER_WIDTH + 1) + 2 * words + 8);
        char *at = chunk->tails + size;
        memcpy(at, heads + head[0], head_size);
        at += head_size;
        for (int k = 0; k < LABELS; k++) {
            if (one->pair < 0) *at++ = delimiter;
            else at = add_number(at, one->score[k], delimiter, point, &fine);
        }
        for (size_t k = 0; k < pairs; k++) at = add_number(at, chunk->support[i * pairs + k], delimiter, point, &fine);
        *at++ = delimiter;
        if (words) at += cells_text(at, chunk->words + one->words_begin, words, delimiter);
        *at++ = 0;
        size = (size_t)(at - chunk->tails);
    }
    *tails = chunk->tails;
    return fine ? (int64_t)size : -1;
}
