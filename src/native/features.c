/* What a post says as numbers: its tokens, the features on them (features/blocks.py, features/zones.py), and for each
   block the sum of what they weigh. Features without a mention are shared by the views of all pairs. */
#include <math.h>

#include "core.h"

static inline double share_of(int32_t times) { /* of a feature's value, for each of so many occurrences */
    return times == 1 ? 1.0 : (1.0 + log((double)times)) / times;
}

void read_tokens(Chunk *chunk, const Post *post) {
    const Mention *mention = chunk->mention + post->mention;
    NEED(chunk->token, chunk->token_room, chunk->places);
    NEED(chunk->counted, chunk->counted_room, chunk->places);
    NEED(chunk->vector, chunk->vector_room, chunk->places);
    for (const Place *place = chunk->place; place < chunk->place + chunk->places; place++)
        for (size_t line = 0; line < sizeof(Form); line += 64) FETCH((const char *)place->form + line);
    size_t tokens = 0, counted = 0;
    int32_t places = (int32_t)chunk->places, next = 0, negated_until = -1;
    for (int32_t at = 0; at < places; tokens++) {
        if (next < post->mentions && mention[next].first == at) {
            chunk->token[tokens] = (Token){NULL, at, mention[next].last, next};
            chunk->vector[tokens] = -1;
            at = mention[next++].last;
            chunk->counted[counted++] = (int32_t)tokens;
            continue;
        }
        const Facts *facts = &chunk->place[at].form->facts;
        chunk->token[tokens] = (Token){chunk->place[at].form, at, at + 1, -1};
        chunk->vector[tokens] = facts->vector < 0 ? -1 : 2 * facts->vector + ((int32_t)tokens <= negated_until);
        if (facts->vector >= 0) {
            FETCH(&chunk->model->codes[(size_t)facts->vector * (size_t)chunk->model->dimensions]);
            FETCH(&chunk->model->gains[(size_t)facts->vector * ZONES]);
            FETCH(&chunk->model->gains[(size_t)facts->vector * ZONES + 2]);
        }
        if (facts->negates) negated_until = (int32_t)tokens + chunk->model->negation_reach;
        if (!facts->uncounted) chunk->counted[counted++] = (int32_t)tokens;
        at++;
    }
    chunk->tokens = tokens, chunk->counted_count = counted, chunk->occurrences = 0;
}

static inline void occurs(Chunk *chunk, int32_t feature, size_t first, size_t last) {
    if (feature < 0) return;
    const Model *m = chunk->model;
    NEED(chunk->occurrence, chunk->occurrence_room, chunk->occurrences + 1);
    chunk->occurrence[chunk->occurrences++] =
        (Occurrence){(int32_t)first, (int32_t)last, feature, m->block[feature], 1.0, m->measure[feature].of};
}

/* The occurrences from one on, weighed by how often each feature stands there, onto the sums of their blocks. */
static void add_up(Chunk *chunk, size_t from, double sum[BLOCKS][1 + LABELS]) {
    counter_reset(&chunk->counter, chunk->occurrences - from);
    for (size_t i = from; i < chunk->occurrences; i++) counter_add(&chunk->counter, chunk->occurrence[i].key, 0);
    for (size_t i = from; i < chunk->occurrences; i++) {
        Occurrence *one = &chunk->occurrence[i];
        int32_t times = counter_cell(&chunk->counter, one->key)->count;
        double part = one->part = share_of(times), *total = sum[one->block];
        total[0] += one->measure[0] * part * part * times;
        for (int k = 1; k <= LABELS; k++) total[k] += one->measure[k] * part;
    }
}

/* Character n-grams: the sums that each form brings along, put right for those that stand in the post again. */
static void add_characters(Chunk *chunk, double total[1 + LABELS]) {
    const Measure *measure = chunk->model->measure;
    size_t grams = 0, again = 0;
    for (size_t i = 0; i < chunk->tokens; i++)
        if (chunk->token[i].form) grams += (size_t)chunk->token[i].form->grams;
    counter_reset(&chunk->counter, grams);
    NEED(chunk->again, chunk->again_room, grams + 1);
    for (size_t i = 0; i < chunk->tokens; i++) {
        const Form *form = chunk->token[i].form;
        if (!form) continue;
        assert(form->is_cut);
        for (int k = 0; k < 1 + LABELS; k++) total[k] += form->sum[k];
        for (int32_t g = 0; g < form->grams; g++) {
            const Count *cell = counter_add(&chunk->counter, form->gram[g], (int32_t)i);
            if (cell->count == 1) continue;
            if (cell->count == 2) chunk->again[again].token = cell->first, chunk->again[again++].gram = cell->key;
            chunk->again[again].token = (int32_t)i, chunk->again[again++].gram = cell->key;
        }
    }
    for (size_t i = 0; i < again; i++) {
        int32_t gram = chunk->again[i].gram, times = counter_cell(&chunk->counter, gram)->count;
        size_t token = (size_t)chunk->again[i].token;
        double share = share_of(times), more = share - 1.0;
        const double *own = measure[gram].of;
        total[0] += own[0] * (share * share * times - 1.0);
        for (int k = 1; k <= LABELS; k++) total[k] += own[k] * more;
        occurs(chunk, gram, token, token + 1);
        chunk->occurrence[chunk->occurrences - 1].part = more;
    }
}

/* --- sums of word vectors */
enum { NEAR_BEFORE = 1, NEAR_AFTER = 2, NEAR_RIVAL = 4 };

/* The words of a zone: tokens from one on that have a vector and, with a mask, lie near. */
static void add_vectors(Chunk *chunk, enum Block block, size_t from, uint8_t mask, double total[1 + LABELS]) {
    const Model *m = chunk->model;
    if (!m->has_zone[block - DENSE]) return;
    size_t dimensions = (size_t)m->dimensions;
    double *sum = chunk->sum_of_vectors, square = 0.0;
    bool any = false;
    counter_reset(&chunk->counter, chunk->tokens - from);
    for (size_t i = from; i < chunk->tokens; i++)
        if (chunk->vector[i] >= 0 && (!mask || chunk->near[i] & mask)) {
            counter_add(&chunk->counter, chunk->vector[i], 0);
            any = true;
        }
    if (!any) return;
    memset(sum, 0, dimensions * sizeof *sum);
    for (size_t i = from; i < chunk->tokens; i++) {
        int32_t signed_word = chunk->vector[i];
        if (signed_word < 0 || (mask && !(chunk->near[i] & mask))) continue;
        double part = share_of(counter_cell(&chunk->counter, signed_word)->count) * (signed_word & 1 ? -1.0 : 1.0);
        const int8_t *code = m->codes + (size_t)(signed_word / 2) * dimensions;
        const double *gain = m->gains[(size_t)(signed_word / 2) * ZONES + (size_t)(block - DENSE)].of;
        double weight = part * m->idf[signed_word / 2];
        for (size_t d = 0; d < dimensions; d++) sum[d] += weight * code[d];
        for (int k = 1; k <= LABELS; k++) total[k] += gain[k] * part;
        NEED(chunk->occurrence, chunk->occurrence_room, chunk->occurrences + 1);
        chunk->occurrence[chunk->occurrences++] =
            (Occurrence){(int32_t)i, (int32_t)i + 1, signed_word, (int32_t)block, part, gain};
    }
    for (size_t d = 0; d < dimensions; d++) square += sum[d] * m->scale[d] * (sum[d] * m->scale[d]);
    total[0] += square;
}

/* --- features of words */
static void pairs_of(Chunk *chunk, int step, int32_t left, int32_t right, int32_t first, int32_t last) {
    if (!left || !right) return; /* in no trained pair */
    uint32_t at = FIRST;
    const PairTable *table = &chunk->model->steps[step];
    for (int32_t feature; (feature = pair_next(table, left, right, &at)) >= 0;)
        occurs(chunk, feature, (size_t)first, (size_t)last + 1);
}

/* The features of all views of a post alike, and their sums. */
void weigh_shared(Chunk *chunk, double sum[BLOCKS][1 + LABELS]) {
    memset(sum, 0, BLOCKS * sizeof *sum);
    add_characters(chunk, sum[CHARACTERS]);
    size_t from = chunk->occurrences;
    for (size_t i = 0; i < chunk->counted_count; i++) {
        int32_t at = chunk->counted[i];
        const Form *form = chunk->token[at].form;
        if (!form) continue;
        occurs(chunk, form->facts.word, (size_t)at, (size_t)at + 1);
        for (int k = 0; k < CUES; k++) occurs(chunk, form->facts.cue[k], (size_t)at, (size_t)at + 1);
        for (size_t step = 0; step < 2 && step < i; step++) {
            int32_t left = chunk->counted[i - step - 1];
            const Form *before = chunk->token[left].form;
            if (before) pairs_of(chunk, (int)step, before->facts.part, form->facts.part, left, at);
        }
    }
    add_up(chunk, from, sum);
    size_t tokens = chunk->tokens, end = (size_t)chunk->model->zone_end;
    add_vectors(chunk, POST, 0, 0, sum[POST]);
    add_vectors(chunk, END, tokens > end ? tokens - end : 0, 0, sum[END]);
}

static int role_of(const Model *m, const Mention *mention, int32_t pair) {
    int role = mention->pair == SOMEBODY ? SOMEONE : mention->pair == pair ? THIS : OTHER;
    return role + (mention->kind == m->hostile ? AGAINST : 0);
}

static void mark_near(Chunk *chunk, int64_t first, int64_t last, uint8_t mark) { /* tokens from first to last - 1 */
    int64_t tokens = (int64_t)chunk->tokens;
    for (int64_t i = first < 0 ? 0 : first; i < last && i < tokens; i++) chunk->near[i] |= mark;
}

int32_t known_words(const Chunk *chunk) {
    int32_t count = 0;
    for (size_t i = 0; i < chunk->tokens; i++) count += chunk->token[i].form && chunk->token[i].form->facts.known;
    return count;
}

/* How capitals are used; not in the words of a masked name, whose capitals would betray its length. */
static void capital_facts(Chunk *chunk) {
    const Model *m = chunk->model;
    int32_t cased = 0, capital = 0, upper = 0;
    for (size_t i = 0; i < chunk->tokens; i++) {
        uint32_t flags = chunk->place[chunk->token[i].first].flags;
        if (chunk->token[i].form && flags & CASED)
            cased++, capital += (flags & (TITLE | UPPER)) != 0, upper += (flags & UPPER) != 0;
    }
    if (cased < 5) return;
    occurs(chunk, m->capital_fact[capital * 5 / cased], 0, chunk->tokens);
    occurs(chunk, m->upper_fact[upper * 4 / cased], 0, chunk->tokens);
}

/* The features of one view alone: of the mentions' roles and the facts; then the view's scores. */
void weigh_view(Chunk *chunk, const Post *post, double shared[BLOCKS][1 + LABELS], View *view) {
    const Model *m = chunk->model;
    const Mention *mention = chunk->mention + post->mention;
    bool said[ROLES][KINDS] = {{false}}, named[AGAINST] = {false};
    memcpy(view->sum, shared, sizeof view->sum);
    view->first = chunk->occurrences;
    NEED(chunk->near, chunk->near_room, chunk->tokens + 1);
    memset(chunk->near, 0, chunk->tokens);
    for (size_t i = 0; i < chunk->tokens; i++) {
        if (chunk->token[i].form) continue;
        const Mention *own = &mention[chunk->token[i].mention];
        int role = role_of(m, own, view->pair);
        occurs(chunk, m->role_word[role], i, i + 1);
        occurs(chunk, m->role_gram[role], i, i + 1);
        if (!said[role][own->kind]) occurs(chunk, m->role_fact[role][own->kind], i, i + 1);
        said[role][own->kind] = true;
        named[role % AGAINST] = true;
        int64_t at = (int64_t)i;
        if (role % AGAINST == THIS) {
            mark_near(chunk, at - m->zone_before, at, NEAR_BEFORE);
            mark_near(chunk, at + 1, at + 1 + m->zone_after, NEAR_AFTER);
        } else if (role % AGAINST == OTHER) {
            mark_near(chunk, at - m->zone_rival, at, NEAR_RIVAL);
            mark_near(chunk, at + 1, at + 1 + m->zone_rival, NEAR_RIVAL);
        }
    }
    for (size_t i = 1; i < chunk->counted_count; i++) {
        int32_t right = chunk->counted[i];
        const Token *last = &chunk->token[right];
        for (size_t step = 0; step < 2 && step < i; step++) {
            int32_t left = chunk->counted[i - step - 1];
            const Token *first = &chunk->token[left];
            if (first->form && last->form) continue; /* shared */
            int32_t parts[2];
            for (int side = 0; side < 2; side++) {
                const Token *token = side ? last : first;
                parts[side] = token->form ? token->form->facts.part
                                          : m->role_part[role_of(m, &mention[token->mention], view->pair)];
            }
            pairs_of(chunk, (int)step, parts[0], parts[1], left, right);
        }
    }
    int32_t known = known_words(chunk);
    occurs(chunk, m->named_fact[2 * named[THIS] + named[OTHER]], 0, chunk->tokens);
    occurs(chunk, m->known_fact[known < m->most_told ? known : m->most_told], 0, chunk->tokens);
    capital_facts(chunk);
    add_up(chunk, view->first, view->sum);
    add_vectors(chunk, BEFORE, 0, NEAR_BEFORE, view->sum[BEFORE]);
    add_vectors(chunk, AFTER, 0, NEAR_AFTER, view->sum[AFTER]);
    add_vectors(chunk, RIVAL, 0, NEAR_RIVAL, view->sum[RIVAL]);
    view->last = chunk->occurrences;
    double odds[LABELS], top = -INFINITY, total = 0.0;
    memcpy(odds, m->intercept, sizeof odds);
    for (int b = 0; b < BLOCKS; b++) {
        double norm = sqrt(view->sum[b][0]);
        view->scale[b] = norm > m->shortest ? m->weight[b] / norm : 0.0;
        for (int k = 0; k < LABELS; k++) odds[k] += view->scale[b] * view->sum[b][1 + k];
    }
    for (int k = 0; k < LABELS; k++) top = fmax(top, odds[k]);
    for (int k = 0; k < LABELS; k++) total += view->score[k] = exp(odds[k] - top);
    for (int k = 0; k < LABELS; k++) view->score[k] /= total;
}
