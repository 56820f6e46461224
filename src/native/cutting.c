/* From texts to pieces: cut at white space, hashed, and looked up in the table; then words in their places. */
#include "core.h"

int blank(const char *at, const char *end) { /* what str.split takes for one */
    const uint8_t *sign = (const uint8_t *)at;
    if (sign[0] < 0x80) return sign[0] == ' ' || (sign[0] >= 9 && sign[0] <= 13) || (sign[0] >= 28 && sign[0] <= 31);
    if (sign[0] == 0xC2 && end - at >= 2) return sign[1] == 0x85 || sign[1] == 0xA0 ? 2 : 0;
    if (end - at < 3 || sign[0] < 0xE1 || sign[0] > 0xE3) return 0;
    if (sign[0] == 0xE1) return sign[1] == 0x9A && sign[2] == 0x80 ? 3 : 0;
    if (sign[0] == 0xE3) return sign[1] == 0x80 && sign[2] == 0x80 ? 3 : 0;
    if (sign[1] == 0x81) return sign[2] == 0x9F ? 3 : 0;
    return sign[1] == 0x80 && (sign[2] <= 0x8A || sign[2] == 0xA8 || sign[2] == 0xA9 || sign[2] == 0xAF) ? 3 : 0;
}

/* The end of the piece that begins there: the next white space, or LONGEST_PIECE characters. */
static const char *end_of_piece(const char *at, const char *end) {
    const char *begin = at;
    while (at < end && !blank(at, end)) {
        if (at - begin >= LONGEST_PIECE) { /* bytes; now characters are counted */
            int characters = 0;
            for (at = begin; at < end && !blank(at, end) && characters < LONGEST_PIECE; characters++)
                do at++;
                while (at < end && (*at & 0xC0) == 0x80);
            return at;
        }
        at++;
    }
    return at;
}

static void cut_post(Chunk *chunk, Post *post) {
    post->first = (uint32_t)chunk->cuts;
    for (const char *at = post->text; at < post->end;) {
        int white = blank(at, post->end);
        if (white) {
            at += white;
            continue;
        }
        const char *begin = at;
        at = end_of_piece(at, post->end);
        uint32_t size = (uint32_t)(at - begin);
        NEED(chunk->cut, chunk->cut_room, chunk->cuts + 1);
        chunk->cut[chunk->cuts++] =
            (Cut){NULL, hash_of(chunk->table->key, begin, size), (uint32_t)(begin - post->text), size};
    }
    post->last = (uint32_t)chunk->cuts;
}

/* Look up the pieces of posts from one to before another; a look takes its way through memory while others begin. */
static void look_up(Chunk *chunk, const Post *post, const Post *last) {
    const Slots *pieces = &chunk->table->pieces;
    for (; post < last; post++)
        for (uint32_t i = post->first; i < post->last; i++) {
            if (i + 16 < chunk->cuts) slots_fetch(pieces, chunk->cut[i + 16].hash);
            if (i + 8 < chunk->cuts) slots_fetch_first(pieces, chunk->cut[i + 8].hash);
            Cut *cut = &chunk->cut[i];
            const char *text = post->text + cut->start;
            cut->piece = piece_find(chunk->table, cut->hash, text, cut->size);
            if (cut->piece) continue;
            NEED(chunk->fresh, chunk->fresh_room, chunk->fresh_count + 1);
            chunk->fresh[chunk->fresh_count++] = (Fresh){i, text};
        }
}

Chunk *netral_chunk(Table *table, const char *text, const int64_t *offset, int32_t posts) {
    if (posts < 0) return NULL;
    for (int32_t i = 0; i < posts; i++)
        if (offset[i] < 0 || offset[i + 1] < offset[i] || offset[i + 1] - offset[i] > INT32_MAX / 4) return NULL;
    Chunk *chunk = allocated(sizeof *chunk);
    chunk->table = table, chunk->model = table->model, chunk->posts = posts;
    chunk->post = allocated((size_t)posts * sizeof(Post));
    chunk->sum_of_vectors = allocated((size_t)chunk->model->dimensions * sizeof(double));
    for (int32_t i = 0; i < posts; i++) {
        Post *post = &chunk->post[i];
        post->text = post->written = (const char *)text + offset[i];
        post->end = post->written_end = (const char *)text + offset[i + 1];
        cut_post(chunk, post);
    }
    look_up(chunk, chunk->post, chunk->post + posts);
    return chunk;
}

void netral_chunk_free(Chunk *c) {
    if (!c) return;
    void *all[] = {c->post, c->cut, c->fresh, c->learning, c->joined, c->mention, c->asked, c->place, c->begin,
                   c->candidate, c->token, c->counted, c->vector, c->near, c->occurrence, c->counter.cell, c->again,
                   c->sum_of_vectors, c->view, c->push, c->told, c->told_slot, c->spelling, c->judgement, c->support,
                   c->words, c->tails};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) free(all[i]);
    arena_free(&c->arena);
    free(c);
}

/* The posts that words.pieces may cut otherwise: parts of a number or four letters stand side by side, or a piece asks
   for it. */
int32_t netral_suspects(const Chunk *chunk, int32_t *posts) {
    int32_t count = 0;
    for (int32_t i = 0; i < chunk->posts; i++) {
        const Post *post = &chunk->post[i];
        uint32_t before = 0, letters = 0;
        bool found = false;
        for (uint32_t at = post->first; at < post->last && !found; at++) {
            uint32_t glue = chunk->cut[at].piece->glue;
            letters = glue & LETTER ? letters + 1 : 0;
            found = glue & CUT_ANEW || (before & NUMBER_BEFORE && glue & NUMBER_AFTER) || letters >= 4;
            before = glue;
        }
        if (found) posts[count++] = i;
    }
    return count;
}

/* Cut a post by another text of the same characters, in which some blanks are held. */
int netral_rewrite(Chunk *chunk, int32_t at, const char *text, int64_t size) {
    if (at < 0 || at >= chunk->posts || size < 0 || size > INT32_MAX / 4) return -1;
    Post *post = &chunk->post[at];
    post->text = copied(&chunk->arena, text, (size_t)size);
    post->end = post->text + size;
    cut_post(chunk, post);
    look_up(chunk, post, post + 1);
    return 0;
}

void read_places(Chunk *chunk, const Post *post) {
    chunk->places = 0;
    for (uint32_t i = post->first; i < post->last; i++) {
        const Piece *piece = chunk->cut[i].piece;
        NEED(chunk->place, chunk->place_room, chunk->places + piece->rows);
        if (i + 4 < post->last) FETCH(chunk->cut[i + 4].piece->row);
        for (const Row *row = piece->row; row < piece->row + piece->rows; row++)
            chunk->place[chunk->places++] = (Place){row, row->form, chunk->cut[i].start, row->flags};
    }
}

int32_t characters_in(const char *at, const char *end) {
    int32_t count = 0;
    for (; at < end; at++) count += (*at & 0xC0) != 0x80;
    return count;
}

int32_t words_in(const Chunk *chunk, const Post *post) {
    int32_t count = 0;
    for (uint32_t i = post->first; i < post->last; i++) count += (int32_t)chunk->cut[i].piece->rows;
    return count;
}

/* Where the words and mentions of each post begin among those of all, and where the last ones end. */
void netral_starts(const Chunk *chunk, int64_t *words, int64_t *mentions) {
    words[0] = mentions[0] = 0;
    for (int32_t i = 0; i < chunk->posts; i++) {
        words[i + 1] = words[i] + words_in(chunk, &chunk->post[i]);
        mentions[i + 1] = mentions[i] + chunk->post[i].mentions;
    }
}

/* The words of posts from one to before another, with their places in characters of their post. */
int64_t netral_words(Chunk *chunk, int32_t from, int32_t to, const Term **words, int32_t *left, int32_t *right) {
    int64_t count = 0;
    if (from < 0 || to > chunk->posts) return -1;
    for (const Post *post = chunk->post + from; post < chunk->post + to; post++) {
        uint32_t bytes = 0;
        int32_t characters = 0;
        for (uint32_t i = post->first; i < post->last; i++) {
            const Cut *cut = &chunk->cut[i];
            characters += characters_in(post->text + bytes, post->text + cut->start);
            bytes = cut->start;
            for (const Row *row = cut->piece->row; row < cut->piece->row + cut->piece->rows; row++, count++) {
                words[count] = row->word;
                left[count] = characters + characters_in(post->text + bytes, post->text + bytes + row->start);
                right[count] = characters + characters_in(post->text + bytes, post->text + bytes + row->end);
            }
        }
    }
    return count;
}
