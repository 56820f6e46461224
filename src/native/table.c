/* The table of distinct pieces: each is analysed once, by Python, and then found by all posts that hold it. */
#include "core.h"

Table *netral_table(const Model *model, uint64_t key, uint64_t other_key) {
    Table *table = allocated(sizeof *table);
    table->model = model;
    table->key = (Key){key, other_key};
    slots_start(&table->pieces, 1 << 14);
    slots_start(&table->forms, 1 << 12);
    slots_start(&table->terms, 1 << 12);
    slots_start(&table->clusters, 1 << 10);
    return table;
}

void netral_table_free(Table *table) {
    if (!table) return;
    slots_free(&table->pieces), slots_free(&table->forms), slots_free(&table->terms), slots_free(&table->clusters);
    arena_free(&table->arena);
    free(table);
}

int64_t netral_table_size(const Table *table) { return atomic_load(&((Table *)table)->held); }

static const Piece *piece_in(const Slots *slots, uint64_t hash, const char *text, size_t size) {
    Walk walk;
    for (Hashed *one = first_of(&walk, slots, hash); one; one = next_of(&walk)) {
        const Piece *piece = (const Piece *)one;
        if (piece->size == size && !memcmp(piece->text, text, size)) return piece;
    }
    return NULL;
}

const Piece *piece_find(const Table *table, uint64_t hash, const char *text, size_t size) {
    return piece_in(&table->pieces, hash, text, size);
}

/* --- forms and terms */
/* The trained n-grams of a form with a blank at either end, as features.blocks.ngrams cuts them. */
static void find_grams(Table *table, Form *form) {
    const Model *m = table->model;
    form->is_cut = true;
    if (!form->is_word || !form->size || is_uncounted(m, form->text, form->size)) return;
    size_t size = form->size + 2, most = 3 * size, count = 0;
    char *padded = allocated(size);
    uint32_t *begin = allocated((size + 1) * sizeof *begin);
    int32_t *found = allocated(most * sizeof *found);
    if (form->text[0] == '<') { /* a mask is one n-gram */
        int32_t gram = list_find(&m->grams, form->text, form->size);
        if (gram >= 0 && m->gram[gram] >= 0) found[count++] = m->gram[gram];
    } else {
        size_t characters = 0;
        padded[0] = padded[size - 1] = ' ';
        memcpy(padded + 1, form->text, form->size);
        for (uint32_t i = 0; i < size; i++)
            if ((padded[i] & 0xC0) != 0x80) begin[characters++] = i;
        begin[characters] = (uint32_t)size;
        for (size_t i = 0; i < characters; i++) /* the beginnings of all n-grams are listed, too */
            for (size_t length = SHORTEST_GRAM; length <= LONGEST_GRAM && i + length <= characters; length++) {
                int32_t gram = list_find(&m->grams, padded + begin[i], begin[i + length] - begin[i]);
                if (gram < 0) break;
                if (m->gram[gram] >= 0) found[count++] = m->gram[gram];
            }
    }
    form->gram = copied(&table->arena, found, count * sizeof *found);
    form->grams = (int32_t)count;
    for (size_t i = 0; i < count; i++)
        for (int k = 0; k < 1 + LABELS; k++) form->sum[k] += m->measure[found[i]].of[k];
    free(padded), free(begin), free(found);
}

/* A form by its spelling; of a new one that has no stem told the core's own stemmer is asked, NULL where it is odd. */
static const Form *form_of(Table *table, const char *text, size_t size, bool is_word, const char *stem,
                           size_t stem_size) {
    const Model *m = table->model;
    uint64_t hash = hash_of(table->key, text, size) ^ (uint64_t)is_word;
    Walk walk;
    for (Hashed *one = first_of(&walk, &table->forms, hash); one; one = next_of(&walk)) {
        const Form *form = (const Form *)one;
        if (form->size == size && form->is_word == is_word && !memcmp(form->text, text, size)) return form;
    }
    Word own;
    if (!stem) {
        if (!words_stem(m->plain, text, size, &own)) return NULL;
        stem = own.letters, stem_size = (size_t)own.length;
    }
    Form *form = take(&table->arena, sizeof *form);
    *form = (Form){.hash = hash, .text = copied(&table->arena, text, size), .size = (uint32_t)size, .is_word = is_word};
    form->facts = facts_of(m, stem, stem_size);
    form->facts.known &= is_word;
    slots_add(&table->forms, (Hashed *)form);
    return form;
}

const Term *term_of(Table *table, const Given *given, const Spelled *spelled) {
    size_t form_size = spelled->form_size, surface_size = spelled->surface_size;
    uint64_t hash = hash_of(table->key, spelled->form, form_size) * 31 +
                    (hash_of(table->key, spelled->surface, surface_size) ^ (uint64_t)(given->kind << 2 | given->upper_case));
    Walk walk;
    for (Hashed *one = first_of(&walk, &table->terms, hash); one; one = next_of(&walk)) {
        const Term *term = (const Term *)one;
        if (term->form_size == form_size && term->surface_size == surface_size && term->kind == given->kind &&
            term->upper_case == given->upper_case && !memcmp(term->text, spelled->form, form_size) &&
            !memcmp(term->text + form_size, spelled->surface, surface_size))
            return term;
    }
    const Form *form = form_of(table, spelled->form, form_size, given->is_word, spelled->stem, spelled->stem_size);
    if (!form) return NULL;
    Term *term = take(&table->arena, sizeof *term);
    char *text = take(&table->arena, form_size + surface_size);
    memcpy(text, spelled->form, form_size);
    memcpy(text + form_size, spelled->surface, surface_size);
    *term = (Term){
        hash, form, text, (uint32_t)form_size, (uint32_t)surface_size, given->kind, given->upper_case,
        (uint32_t)given->flags, given->pair, given->mention_kind, given->certainty};
    slots_add(&table->terms, (Hashed *)term);
    return term;
}

const char *netral_word(const Term *word, int32_t *told) {
    told[0] = (int32_t)word->form_size, told[1] = (int32_t)word->surface_size;
    told[2] = word->kind, told[3] = word->upper_case;
    return word->text;
}

/* --- learning */
static void publish(Table *table, Piece *piece) {
    for (const Row *row = piece->row; row < piece->row + piece->rows; row++) piece->flags |= row->flags;
    slots_add(&table->pieces, (Hashed *)piece);
    atomic_fetch_add(&table->held, 1);
}

Row row_of(const Table *table, const Piece *piece, const Term *term, uint32_t start, uint32_t end, bool as_written) {
    return (Row){term, term->form, term->flags, start, end, as_written, hash_of(table->key, piece->text + start, end - start)};
}

/* A piece of the table, or else one that is going to be learned. */
const Piece *learning_piece(Chunk *chunk, Slots *waiting, uint64_t hash, const char *text, size_t size) {
    Table *table = chunk->table;
    const Piece *known = piece_find(table, hash, text, size); /* another chunk may have been faster */
    if (!known) known = piece_in(waiting, hash, text, size);
    if (known) return known;
    Piece *piece = take(&table->arena, sizeof *piece + size); /* its text lies behind it */
    memcpy(piece + 1, text, size);
    *piece = (Piece){hash, (const char *)(piece + 1), (uint32_t)size, 0, NULL, 0, 0, false, false};
    slots_add(waiting, (Hashed *)piece);
    if (see(chunk, waiting, piece)) {
        publish(table, piece);
    } else {
        NEED(chunk->learning, chunk->learning_room, chunk->learning_count + 1);
        chunk->learning[chunk->learning_count++] = piece;
    }
    return piece;
}

/* The distinct pieces that Python must look at, with line feeds between: how many bytes they are, -1 for none. */
int64_t netral_fresh(Chunk *chunk, const char **pieces) {
    Slots waiting = {0};
    slots_start(&waiting, 64);
    chunk->learning_count = 0;
    for (size_t i = 0; i < chunk->fresh_count; i++) {
        if (i + 8 < chunk->fresh_count) slots_fetch(&chunk->table->pieces, chunk->cut[chunk->fresh[i + 8].cut].hash);
        Cut *cut = &chunk->cut[chunk->fresh[i].cut];
        cut->piece = learning_piece(chunk, &waiting, cut->hash, chunk->fresh[i].text, cut->size);
    }
    slots_free(&waiting);
    chunk->fresh_count = 0;
    size_t joined = 0;
    for (size_t i = 0; i < chunk->learning_count; i++) {
        const Piece *piece = chunk->learning[i];
        NEED(chunk->joined, chunk->joined_room, joined + piece->size + 1);
        memcpy(chunk->joined + joined, piece->text, piece->size);
        joined += piece->size;
        chunk->joined[joined++] = '\n';
    }
    *pieces = chunk->joined;
    return joined ? (int64_t)joined - 1 : -1;
}

/* Bytes of the first so many characters of a piece; more than it has are none. */
static uint32_t bytes_of(const Piece *piece, int32_t characters) {
    uint32_t at = 0;
    for (; characters > 0 && at < piece->size; characters--)
        do at++;
        while (at < piece->size && (piece->text[at] & 0xC0) == 0x80);
    return at;
}

/* Tell the pieces of netral_fresh their words: of each piece how many rows, its glue and whether it is harmless. Rows are (word, start, end, as written), in characters of the piece;
   words are as Given, with three texts each: form, surface, stem. */
int netral_learn(Chunk *chunk, const int32_t *pieces, int32_t count, const int32_t *rows, int32_t row_count,
                 const int32_t *words, int32_t word_count, const char *text, const int64_t *offset) {
    Table *table = chunk->table;
    const Given *given = (const Given *)words;
    int64_t all = 0;
    if (count < 0 || (size_t)count != chunk->learning_count) return -1;
    for (int32_t i = 0; i < count; i++) {
        if (pieces[3 * i] < 0) return -1;
        all += pieces[3 * i];
    }
    if (all != row_count) return -1;
    for (int32_t i = 0; i < row_count; i++)
        if (rows[4 * i] < 0 || rows[4 * i] >= word_count || rows[4 * i + 1] < 0 || rows[4 * i + 2] < rows[4 * i + 1])
            return -1;
    for (int32_t i = 0; i < word_count; i++)
        if (given[i].pair < SOMEBODY || given[i].pair >= table->model->pairs || given[i].mention_kind < 0 ||
            given[i].mention_kind >= KINDS || given[i].certainty < SURE || given[i].certainty > ASK)
            return -1;
    for (int32_t i = 0; i < 3 * word_count; i++)
        if (offset[i] < 0 || offset[i + 1] < offset[i] || offset[i + 1] - offset[i] > 1 << 24) return -1;
    const Term **known = allocated((size_t)word_count * sizeof *known);
    for (int32_t i = 0; i < word_count; i++) {
        const int64_t *at = offset + 3 * i;
        Spelled spelled = {text + at[0], text + at[1], text + at[2], (size_t)(at[1] - at[0]), (size_t)(at[2] - at[1]),
                           (size_t)(at[3] - at[2])};
        known[i] = term_of(table, &given[i], &spelled);
    }
    for (int32_t i = 0; i < count; i++) {
        Piece *piece = chunk->learning[i];
        Row *row = take(&table->arena, ((size_t)pieces[3 * i] + 1) * sizeof(Row));
        piece->row = row;
        piece->rows = (uint32_t)pieces[3 * i];
        piece->glue = (uint32_t)pieces[3 * i + 1];
        piece->harmless = pieces[3 * i + 2] != 0;
        for (uint32_t r = 0; r < piece->rows; r++, rows += 4)
            row[r] = row_of(table, piece, known[rows[0]], bytes_of(piece, rows[1]), bytes_of(piece, rows[2]), rows[3]);
        publish(table, piece);
    }
    free(known);
    chunk->learning_count = 0;
    return 0;
}

/* Cut the forms of the posts that will be judged: of those that name a pair or whose thread is about one. Of most posts
   of a stream that is never needed. */
void netral_prepare(Chunk *chunk, const int32_t *about) {
    for (int32_t i = 0; i < chunk->posts; i++) {
        const Post *post = &chunk->post[i];
        bool judged = about[i] >= 0;
        for (int32_t k = 0; k < post->mentions && !judged; k++) judged = chunk->mention[post->mention + k].pair >= 0;
        for (uint32_t c = post->first; judged && c < post->last; c++) {
            Piece *piece = (Piece *)chunk->cut[c].piece;
            for (const Row *row = piece->row; !piece->is_cut && row < piece->row + piece->rows; row++)
                if (!row->form->is_cut) find_grams(chunk->table, (Form *)row->form);
            piece->is_cut = true;
        }
    }
}
