/* What was trained, and what is known of the language, as words: lists handed over once, and the tables made of them. A
   feature's text is what counts, however it came about: *terima kasih* may be two words or one that the slang list gives,
   so every way to cut a trained pair in two is known. */
#include "core.h"

static const char SEPARATOR[] = {' ', '_'}; /* of the words of a pair: side by side, with one between */

/* A list of lines, of as many as are given. */
static bool made(List *list, const char *lines, int64_t size, int32_t count) {
    return size >= 0 && count >= 0 && list_make(list, lines, (size_t)size) && list->count == (uint32_t)count;
}

static bool are_features(const Model *m, int32_t first, int32_t count) {
    return first >= 0 && count >= 0 && count <= m->features - first;
}

int netral_model_grams(Model *m, const char *lines, int64_t size, int32_t first, int32_t count) {
    List given = {0};
    bool fits = made(&given, lines, size, count) && are_features(m, first, count);
    char *all = allocated(4 * (size_t)(size < 0 ? 0 : size) + 1), *end = all;
    memcpy(all, lines, fits ? (size_t)size : 0), end += fits ? size : 0;
    uint32_t beginnings = 0;
    for (uint32_t i = 0; fits && i < given.count; i++) {
        size_t wide, characters = 0;
        const char *gram = list_line(&given, i, &wide);
        for (size_t at = 1; at < wide && *gram != '<'; at++) { /* a mask is one n-gram */
            if ((gram[at] & 0xC0) == 0x80 || ++characters < SHORTEST_GRAM) continue;
            if (!(fits = characters < LONGEST_GRAM)) break;
            memcpy(end, gram, at), end += at, *end++ = '\n', beginnings++;
        }
    }
    fits = fits && list_make(&m->grams, all, (size_t)(end - all));
    free(all), list_free(&given);
    if (!fits) return -1;
    m->gram = allocated(((size_t)count + beginnings) * sizeof *m->gram);
    for (int32_t i = 0; i < count + (int32_t)beginnings; i++) m->gram[i] = i < count ? first + i : -1;
    return 0;
}

int netral_model_words(Model *m, const char *lines, int64_t size, int32_t first, int32_t count) {
    m->first_word = first;
    return made(&m->trained, lines, size, count) && are_features(m, first, count) ? 0 : -1;
}

int netral_model_cues(Model *m, const char *lines, int64_t size, const int32_t *feature, int32_t count) {
    if (!made(&m->cues, lines, size, count)) return -1;
    m->cue = allocated((size_t)count * sizeof *m->cue);
    memcpy(m->cue, feature, (size_t)count * sizeof *m->cue);
    for (int32_t i = 0; i < count; i++)
        for (int k = 0; k < CUES; k++)
            if (m->cue[i][k] < -1 || m->cue[i][k] >= m->features) return -1;
    return 0;
}

int netral_model_list(Model *m, int32_t which, const char *lines, int64_t size, int32_t count) {
    if (which < 0 || which >= LISTS || (which == VECTORS && count != m->words)) return -1;
    return made(&m->list[which], lines, size, count) ? 0 : -1;
}

/* --- what is known of a word */
static bool listed(const Model *m, enum Listed which, const char *word, size_t size) {
    return list_find(&m->list[which], word, size) >= 0;
}

bool is_known(const Model *m, const char *word, size_t size) { return listed(m, KNOWN, word, size); }
bool is_uncounted(const Model *m, const char *word, size_t size) { return listed(m, UNCOUNTED, word, size); }

static int32_t part_of(const Model *m, const char *word, size_t size) {
    int32_t found = list_find(&m->parts, word, size);
    return found < 0 ? 0 : found; /* the first of them is empty: in no pair */
}

static int32_t trained_word(const Model *m, const char *word, size_t size) {
    int32_t found = list_find(&m->trained, word, size);
    return found < 0 ? -1 : m->first_word + found;
}

Facts facts_of(const Model *m, const char *stem, size_t size) {
    Facts found = {.part = part_of(m, stem, size), .word = trained_word(m, stem, size), .vector = -1,
                   .known = is_known(m, stem, size) && !listed(m, TITLES, stem, size),
                   .negates = listed(m, NEGATORS, stem, size), .uncounted = is_uncounted(m, stem, size),
                   .cue = {-1, -1, -1, -1}};
    int32_t cue = list_find(&m->cues, stem, size);
    if (cue >= 0) memcpy(found.cue, m->cue[cue], sizeof found.cue);
    if (!found.negates && !found.uncounted) found.vector = list_find(&m->list[VECTORS], stem, size);
    return found;
}

/* --- pairs: most pairs of a post are in no table, and one bit tells of nearly all of them that they are not */
typedef struct { const char *text; size_t size, at; int32_t feature; int step; } Pair; /* cut before and behind `at` */
typedef void Visit(void *to, const Pair *);

/* Every way to cut a text in two, for one feature. */
static void cut(const char *text, size_t size, int step, int32_t feature, Visit *visit, void *to) {
    for (size_t at = 1; at + 1 < size; at++)
        if (text[at] == SEPARATOR[step]) visit(to, &(Pair){text, size, at, feature, step});
}

static void cut_all(const Model *m, Visit *visit, void *to) {
    size_t size;
    for (uint32_t i = 0; i < m->trained.count; i++) {
        const char *text = list_line(&m->trained, i, &size);
        for (int step = 0; step < 2; step++) cut(text, size, step, m->first_word + (int32_t)i, visit, to);
    }
    for (uint32_t i = 0; i < m->cues.count; i++) {
        const char *text = list_line(&m->cues, i, &size);
        for (int k = 0; k < CUES; k++)
            if (m->cue[i][k] >= 0) cut(text, size, 0, m->cue[i][k], visit, to);
    }
}

typedef struct { char *end; size_t size; uint32_t count[2]; } Sides;

static void measure_sides(void *to, const Pair *pair) {
    Sides *sides = to;
    sides->size += pair->size + 1, sides->count[pair->step]++;
}

static void write_sides(void *to, const Pair *pair) {
    Sides *sides = to;
    memcpy(sides->end, pair->text, pair->size);
    sides->end[pair->at] = sides->end[pair->size] = '\n';
    sides->end += pair->size + 1;
}

static inline uint32_t mixed(int32_t left, int32_t right) {
    uint32_t found = (uint32_t)left * 2654435761u + (uint32_t)right * 40503u;
    return found ^ found >> 15;
}

static void add_pair(void *to, const Pair *pair) {
    Model *m = to;
    PairTable *table = &m->steps[pair->step];
    PairCell cell = {part_of(m, pair->text, pair->at),
                     part_of(m, pair->text + pair->at + 1, pair->size - pair->at - 1), pair->feature};
    uint32_t at = mixed(cell.left, cell.right);
    table->maybe[at % MAYBE / 8] |= (uint8_t)(1 << at % 8);
    for (at &= table->mask; table->cell[at].feature >= 0;) at = (at + 1) & table->mask;
    table->cell[at] = cell;
}

int netral_model_pairs(Model *m, const char *roles, const int64_t *offset) {
    for (int i = 0; i < ROLES; i++)
        if (offset[i] < 0 || offset[i + 1] <= offset[i]) return -1;
    Sides sides = {.size = 1};
    cut_all(m, measure_sides, &sides);
    char *lines = allocated(sides.size + (size_t)offset[ROLES] + ROLES);
    *lines = '\n';
    sides.end = lines + 1;
    cut_all(m, write_sides, &sides);
    for (int i = 0; i < ROLES; i++) {
        size_t size = (size_t)(offset[i + 1] - offset[i]);
        memcpy(sides.end, roles + offset[i], size);
        sides.end += size, *sides.end++ = '\n';
    }
    bool fits = list_make(&m->parts, lines, (size_t)(sides.end - lines));
    free(lines);
    if (!fits) return -1;
    for (int step = 0; step < 2; step++) {
        uint32_t room = 8;
        while (room < 3 * (uint64_t)sides.count[step]) room *= 2;
        m->steps[step] = (PairTable){allocated(room * sizeof(PairCell)), room - 1, allocated(MAYBE / 8)};
        for (uint32_t i = 0; i < room; i++) m->steps[step].cell[i].feature = -1;
    }
    cut_all(m, add_pair, m);
    for (int i = 0; i < ROLES; i++) {
        const char *role = roles + offset[i];
        size_t size = (size_t)(offset[i + 1] - offset[i]);
        int32_t gram = list_find(&m->grams, role, size);
        m->role_part[i] = part_of(m, role, size);
        m->role_word[i] = trained_word(m, role, size);
        m->role_gram[i] = gram < 0 ? -1 : m->gram[gram];
    }
    return 0;
}

int32_t pair_next(const PairTable *table, int32_t left, int32_t right, uint32_t *at) {
    if (*at == FIRST) {
        uint32_t mix = mixed(left, right);
        if (!(table->maybe[mix % MAYBE / 8] >> mix % 8 & 1)) return -1;
        *at = mix & table->mask;
    }
    for (;; *at = (*at + 1) & table->mask) {
        const PairCell *cell = &table->cell[*at];
        if (cell->feature < 0) return -1;
        if (cell->left == left && cell->right == right) {
            *at = (*at + 1) & table->mask;
            return cell->feature;
        }
    }
}

void trained_free(Model *m) {
    List *lists[] = {&m->grams, &m->trained, &m->cues, &m->parts};
    for (int i = 0; i < 4; i++) list_free(lists[i]);
    for (int i = 0; i < LISTS; i++) list_free(&m->list[i]);
    for (int i = 0; i < 2; i++) free(m->steps[i].cell), free(m->steps[i].maybe);
    free(m->gram), free(m->cue);
}
