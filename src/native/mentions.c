/* The mentions of pairs: most told by single words, others by small clusters of words that the matcher has settled
   before; what else is doubtful is asked of Python's matcher, which is the law (scoring/engine/asking.py). */
#include "core.h"

/* The words at which a mention may begin. */
int32_t find_begins(Chunk *chunk) {
    const Place *place = chunk->place;
    chunk->begins = 0;
    for (size_t i = 0; i < chunk->places; i++) {
        uint32_t flags = place[i].flags;
        if (!(flags & BEGINS)) continue;
        uint32_t left = i ? place[i - 1].flags : 0, right = i + 1 < chunk->places ? place[i + 1].flags : 0;
        if (flags & NUMERAL && !(left & BALLOTS) && !(right & COUNTS)) continue;
        if (flags & OPENS && !(right & GOES_ON)) continue;
        NEED(chunk->begin, chunk->begin_room, chunk->begins + 1);
        chunk->begin[chunk->begins++] = (int32_t)i;
    }
    return (int32_t)chunk->begins;
}

const Cluster *cluster_find(const Table *table, uint64_t hash, const Term *const *words, int32_t n,
                            const int32_t *begins, int32_t m) {
    Walk walk;
    for (Hashed *one = first_of(&walk, &table->clusters, hash); one; one = next_of(&walk)) {
        const Cluster *known = (const Cluster *)one;
        if (known->words == n && known->begins == m && !memcmp(known->word, words, (size_t)n * sizeof *words) &&
            !memcmp(known->begin, begins, (size_t)m * sizeof *begins))
            return known;
    }
    return NULL;
}

/* What was settled for words from to to - 1, or NULL; a cluster that nobody has settled yet is put on the list. Beside a
   number or an ordinary word stand those that may say what it is, NULL for others. `from` is where it begins then. */
static const Cluster *cluster_of(Chunk *chunk, int32_t *from, int32_t to, const int32_t *begin, int32_t begins) {
    const Term *words[LONGEST_WINDOW];
    int32_t places[LONGEST_WINDOW];
    int32_t first = *from, last = to;
    for (int32_t i = 0; i < begins; i++)
        if (chunk->place[begin[i]].flags & ASIDE) {
            first = *from > REACH_BEFORE ? *from - REACH_BEFORE : 0;
            last = to + REACH_BEHIND < (int32_t)chunk->places ? to + REACH_BEHIND : (int32_t)chunk->places;
        }
    int32_t n = last - first;
    for (int32_t i = first; i < last; i++) {
        bool inside = i >= *from && i < to;
        words[i - first] = inside || chunk->place[i].flags & (BALLOTS | COUNTS | ASIDE | WEIGHS) ? chunk->place[i].row->word : NULL;
    }
    for (int32_t i = 0; i < begins; i++) places[i] = begin[i] - first;
    *from = first;
    size_t word_bytes = (size_t)n * sizeof *words, begin_bytes = (size_t)begins * sizeof *places;
    uint64_t hash = hash_of(chunk->table->key, (const char *)words, word_bytes) ^
                    hash_of(chunk->table->key, (const char *)places, begin_bytes);
    const Cluster *known = cluster_find(chunk->table, hash, words, n, places, begins);
    if (known) return known;
    for (size_t i = 0; i < chunk->asked_count; i++)
        if (chunk->asked[i]->hash == hash) return chunk->asked[i]; /* if it is another one, its turn comes later */
    Cluster *cluster = take(&chunk->arena, sizeof *cluster);
    *cluster = (Cluster){hash, n, begins, NOT_ASKED, copied(&chunk->arena, words, word_bytes),
                         copied(&chunk->arena, places, begin_bytes), NULL};
    NEED(chunk->asked, chunk->asked_room, chunk->asked_count + 1);
    chunk->asked[chunk->asked_count++] = cluster;
    return cluster;
}

static void add_candidate(Chunk *chunk, size_t at, Mention mention) {
    NEED(chunk->candidate, chunk->candidate_room, at + 1);
    chunk->candidate[at] = mention;
}

static bool touched(const Chunk *chunk, size_t k) {
    const int32_t *begin = chunk->begin, at = begin[k];
    const Place *place = chunk->place;
    if (at > 0 && (place[at - 1].flags & TOUCHES || (k > 0 && begin[k - 1] == at - 1))) return true;
    return (size_t)at + 1 < chunk->places &&
           (place[at + 1].flags & TOUCHES || (k + 1 < chunk->begins && begin[k + 1] == at + 1));
}

/* The candidates of a post, in order, into chunk->candidate; how many, or -WAITING, -DOUBTFUL. */
static int32_t candidates_of(Chunk *chunk, bool *electoral, bool *weak) {
    size_t count = 0;
    int32_t state = CLOSED;
    for (size_t i = 0, next; i < chunk->begins; i = next) {
        int32_t from = chunk->begin[i], to = from + 1, places = (int32_t)chunk->places;
        while (from > 0 && chunk->place[from - 1].flags & TOUCHES) from--;
        for (next = i + 1;; to++) { /* a run of words that touch or begin */
            bool begins = next < chunk->begins && chunk->begin[next] == to;
            if (to >= places || !(begins || chunk->place[to].flags & TOUCHES)) break;
            next += begins;
        }
        bool settled = true;
        for (size_t k = i; k < next; k++) {
            const Place *own = &chunk->place[chunk->begin[k]];
            settled &= own->row->word->certainty != ASK && (own->flags & ALWAYS || !touched(chunk, k));
        }
        if (settled) {
            for (size_t k = i; k < next; k++) {
                const Term *word = chunk->place[chunk->begin[k]].row->word;
                int32_t at = chunk->begin[k];
                add_candidate(chunk, count++, (Mention){word->pair, word->mention_kind, at, at + 1, word->certainty});
                *(word->certainty == SURE ? electoral : weak) = true;
            }
            continue;
        }
        const Cluster *found = NULL;
        if (to - from <= LONGEST_CLUSTER) found = cluster_of(chunk, &from, to, chunk->begin + i, (int32_t)(next - i));
        if (!found || found->told == POST_NEEDED) return -DOUBTFUL;
        if (found->told == NOT_ASKED) state = WAITING; /* go on: other clusters may be asked in the same turn */
        for (int32_t k = 0; k < found->told; k++) {
            Mention told = found->mention[k];
            told.first += from, told.last += from;
            add_candidate(chunk, count++, told);
            *(told.certainty == SURE ? electoral : weak) = true;
        }
    }
    return state == CLOSED ? (int32_t)count : -state;
}

static void keep_mentions(Chunk *chunk, Post *post, const Mention *mention, int32_t count) {
    post->mention = (int32_t)chunk->mentions, post->mentions = count, post->state = CLOSED;
    NEED(chunk->mention, chunk->mention_room, chunk->mentions + (size_t)count);
    if (count) memcpy(chunk->mention + chunk->mentions, mention, (size_t)count * sizeof *mention);
    chunk->mentions += (size_t)count;
}

static void read_mentions(Chunk *chunk, Post *post) {
    bool electoral = false, weak = false, *seen = NULL;
    uint32_t flags = 0;
    for (uint32_t i = post->first; i < post->last; i++) flags |= chunk->cut[i].piece->flags;
    if (!(flags & BEGINS)) {
        keep_mentions(chunk, post, NULL, 0);
        return;
    }
    read_places(chunk, post);
    int32_t count = find_begins(chunk) ? candidates_of(chunk, &electoral, &weak) : 0, kept = 0;
    if (count < 0) {
        post->state = -count;
        return;
    }
    if (weak) {
        for (size_t i = 0; i < chunk->places && !electoral; i++) electoral = (chunk->place[i].flags & ELECTIONS) != 0;
        seen = allocated((size_t)chunk->model->pairs + 1);
        for (int32_t i = 0; i < count; i++)
            if (chunk->candidate[i].certainty == SURE) seen[chunk->candidate[i].pair + 1] = true;
        for (int32_t i = 0; i < count; i++) {
            int32_t certainty = chunk->candidate[i].certainty, pair = chunk->candidate[i].pair;
            if (certainty == SURE || (certainty == ELECTORAL && electoral) || (certainty == SAME_PAIR && seen[pair + 1]))
                chunk->candidate[kept++] = chunk->candidate[i];
        }
        free(seen);
        count = kept;
    }
    keep_mentions(chunk, post, chunk->candidate, count);
}

/* Find the mentions of all posts that have none yet; how many clusters must be settled before the others. */
int32_t netral_find_mentions(Chunk *chunk) {
    chunk->asked_count = 0;
    for (int32_t i = 0; i < chunk->posts; i++)
        if (chunk->post[i].state == UNREAD || chunk->post[i].state == WAITING) read_mentions(chunk, &chunk->post[i]);
    return (int32_t)chunk->asked_count;
}

int32_t netral_cluster(const Chunk *chunk, int32_t number, const Term **words, int32_t *begins, int32_t *begin_count) {
    if (number < 0 || (size_t)number >= chunk->asked_count) return -1;
    const Cluster *cluster = chunk->asked[number];
    memcpy(words, cluster->word, (size_t)cluster->words * sizeof *words);
    memcpy(begins, cluster->begin, (size_t)cluster->begins * sizeof *begins);
    *begin_count = cluster->begins;
    return cluster->words;
}

static bool fit(const Chunk *chunk, const Mention *mention, int32_t count, int32_t words) {
    for (int32_t i = 0, before = 0; i < count; before = mention[i++].last)
        if (mention[i].pair < SOMEBODY || mention[i].pair >= chunk->model->pairs || mention[i].kind < 0 ||
            mention[i].kind >= KINDS || mention[i].first < before || mention[i].last <= mention[i].first ||
            mention[i].last > words || mention[i].certainty < SURE || mention[i].certainty >= ASK)
            return false;
    return true;
}

/* Remember the mentions of an asked cluster; `count` -1 says that only the whole post can tell. */
int netral_settle(Chunk *chunk, int32_t number, const Mention *mention, int32_t count) {
    if (number < 0 || (size_t)number >= chunk->asked_count || count < POST_NEEDED) return -1;
    const Cluster *asked = chunk->asked[number];
    if (!fit(chunk, mention, count, asked->words)) return -1;
    if (cluster_find(chunk->table, asked->hash, asked->word, asked->words, asked->begin, asked->begins)) return 0;
    Arena *arena = &chunk->table->arena;
    Cluster *cluster = take(arena, sizeof *cluster);
    *cluster = *asked;
    cluster->word = copied(arena, asked->word, (size_t)asked->words * sizeof *asked->word);
    cluster->begin = copied(arena, asked->begin, (size_t)asked->begins * sizeof *asked->begin);
    cluster->told = count;
    if (count > 0) cluster->mention = copied(arena, mention, (size_t)count * sizeof *mention);
    slots_add(&chunk->table->clusters, (Hashed *)cluster);
    return 0;
}

int32_t netral_doubtful(const Chunk *chunk, int32_t *posts) {
    int32_t count = 0;
    for (int32_t i = 0; i < chunk->posts; i++)
        if (chunk->post[i].state == DOUBTFUL) posts[count++] = i;
    return count;
}

/* Where in a post a mention may begin; there is room for one a word. */
int32_t netral_begins(Chunk *chunk, int32_t at, int32_t *begins) {
    read_places(chunk, &chunk->post[at]);
    int32_t count = find_begins(chunk);
    if (count) memcpy(begins, chunk->begin, (size_t)count * sizeof *begins);
    return count;
}

int netral_tell(Chunk *chunk, int32_t at, const Mention *mention, int32_t count) {
    if (at < 0 || at >= chunk->posts || count < 0 || !fit(chunk, mention, count, words_in(chunk, &chunk->post[at]))) return -1;
    keep_mentions(chunk, &chunk->post[at], mention, count);
    return 0;
}

/* The mentions of all posts; netral_starts tells how many each has. */
void netral_mentions(const Chunk *chunk, Mention *mention) {
    for (int32_t i = 0; i < chunk->posts; i++) {
        const Post *post = &chunk->post[i];
        for (int32_t k = 0; k < post->mentions; k++) *mention++ = chunk->mention[post->mention + k];
    }
}
