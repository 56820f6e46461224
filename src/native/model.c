/* What was trained, as numbers: handed over once by scoring/engine/tables.py, checked, and never changed. */
#include "core.h"

Model *netral_model(int32_t pairs, const double *numbers, int32_t number_count, const int32_t *constants,
                    int32_t constant_count) {
    if (pairs < 1) return NULL;
    Model *m = allocated(sizeof *m);
    m->pairs = pairs;
    struct { double *at; size_t count; } wide[] = {
        {m->intercept, LABELS}, {m->limit, LABELS}, {m->weight, BLOCKS}, {&m->faint, 1}, {&m->own, 1},
        {&m->shared, 1}, {&m->shortest, 1}};
    struct { int32_t *at; size_t count; } whole[] = {
        {m->role_fact[0], ROLES * KINDS},
        {m->known_fact, 4}, {m->named_fact, 4}, {m->capital_fact, 6}, {m->upper_fact, 5}, {m->has_zone, ZONES},
        {&m->telling, 1}, {&m->hostile, 1}, {&m->zone_before, 1}, {&m->zone_after, 1}, {&m->zone_rival, 1},
        {&m->zone_end, 1}, {&m->negation_reach, 1}, {&m->shown, 1}, {&m->longest, 1}, {&m->most_words, 1},
        {&m->most_told, 1}, {&m->word_kind, 1}};
    size_t taken = 0;
    for (size_t i = 0; i < sizeof wide / sizeof *wide; taken += wide[i++].count)
        if (taken + wide[i].count <= (size_t)number_count)
            memcpy(wide[i].at, numbers + taken, wide[i].count * sizeof(double));
    bool fits = taken == (size_t)number_count;
    taken = 0;
    for (size_t i = 0; i < sizeof whole / sizeof *whole; taken += whole[i++].count)
        if (taken + whole[i].count <= (size_t)constant_count)
            memcpy(whole[i].at, constants + taken, whole[i].count * sizeof(int32_t));
    fits = fits && taken == (size_t)constant_count && m->most_told == 3 && m->shown > 0 && m->shown < MOST_SHOWN;
    if (fits) return m;
    free(m);
    return NULL;
}

int netral_model_heads(Model *m, const char *text, const int64_t *offset) {
    for (int i = 0; i < LABELS + 1; i++)
        if (offset[i] < 0 || offset[i + 1] < offset[i]) return -1;
    memcpy(m->head, offset, sizeof m->head);
    m->heads = allocated((size_t)offset[LABELS + 1]);
    memcpy(m->heads, text, (size_t)offset[LABELS + 1]);
    return 0;
}

int netral_model_features(Model *m, const double *measure, const int32_t *block, int32_t count) {
    for (int32_t i = 0; i < count; i++)
        if (block[i] < 0 || block[i] >= DENSE) return -1;
    const int32_t *facts[] = {m->role_fact[0], m->known_fact, m->named_fact, m->capital_fact, m->upper_fact};
    const size_t sizes[] = {ROLES * KINDS, 4, 4, 6, 5};
    for (size_t i = 0; i < 5; i++)
        for (size_t j = 0; j < sizes[i]; j++)
            if (facts[i][j] < -1 || facts[i][j] >= count) return -1;
    m->features = count;
    m->measure = allocated((size_t)count * sizeof(Measure));
    m->block = allocated((size_t)count * sizeof(int32_t));
    memcpy(m->measure, measure, (size_t)count * sizeof(Measure));
    memcpy(m->block, block, (size_t)count * sizeof(int32_t));
    return 0;
}

int netral_model_vectors(Model *m, const int8_t *codes, const double *scale, const double *idf, const double *gains,
                         int32_t words, int32_t dimensions) {
    if (words < 0 || dimensions < 1) return -1;
    size_t count = (size_t)words, size = count * (size_t)dimensions, gain = count * ZONES * sizeof(Measure);
    m->words = words, m->dimensions = dimensions;
    m->codes = allocated(size);
    m->scale = allocated((size_t)dimensions * sizeof(double));
    m->idf = allocated(count * sizeof(double));
    m->gains = allocated(gain);
    memcpy(m->codes, codes, size);
    memcpy(m->scale, scale, (size_t)dimensions * sizeof(double));
    memcpy(m->idf, idf, count * sizeof(double));
    memcpy(m->gains, gains, gain);
    return 0;
}

/* A list of so many lines, and a copy of what belongs to each. */
static void *listed(List *list, const char *lines, int64_t size, const void *given, int32_t count, size_t each) {
    if (size < 0 || count < 0 || !list_make(list, lines, (size_t)size) || list->count != (uint32_t)count) return NULL;
    void *found = allocated(((size_t)count + 1) * each);
    if (count) memcpy(found, given, (size_t)count * each);
    return found;
}

/* What first sight needs for a roster: the words at which a mention may begin, those that say something about mentions
   beside them, names written backwards or without vowels, and the tables of plain words, which must live as long as the
   model. */
int netral_model_sight(Model *m, const char *names, int64_t names_size, const char *lines, int64_t size,
                       const int32_t *bits, int32_t count, const char *disguised, int64_t disguised_size,
                       const void *plain) {
    m->plain = plain;
    if (names_size < 0 || !list_make(&m->names, names, (size_t)names_size)) return -1;
    if (disguised_size < 0 || !list_make(&m->disguised, disguised, (size_t)disguised_size)) return -1;
    return (m->bits = listed(&m->listed, lines, size, bits, count, sizeof *bits)) ? 0 : -1;
}

void netral_model_free(Model *m) {
    if (!m) return;
    trained_free(m);
    list_free(&m->names), list_free(&m->listed), list_free(&m->disguised);
    free(m->measure), free(m->block), free(m->bits), free(m->codes), free(m->scale), free(m->idf), free(m->gains), free(m->heads);
    free(m);
}
