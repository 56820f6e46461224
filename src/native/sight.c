/* First sight of the pieces that the core can read itself: plain words, accounts and links between signs. All others are
   odd, and Python looks at them. */
#include "core.h"

/* A surface at which no mention can begin; a letter written twice may be a slip. */
static bool is_no_name(const Model *m, const Seen *seen) {
    const Word *surface = &seen->surface;
    if (list_find(&m->names, surface->letters, (size_t)surface->length) >= 0) return false;
    if (!seen->doubled) return true;
    Word single = {0, {0}};
    for (int32_t at = 0; at < surface->length; at++) {
        single.letters[single.length++] = surface->letters[at];
        at += at + 1 < surface->length && surface->letters[at] == surface->letters[at + 1];
    }
    return list_find(&m->names, single.letters, (size_t)single.length) < 0;
}

/* Whether nobody can take letters for a disguise (roster/suspicion.py); false for many that nobody does either. */
static bool is_harmless(const Model *m, const char *letters, size_t size) {
    char word[LETTERS] = "", turned[LETTERS] = "";
    bool vowel = false, capitals = true;
    for (size_t i = 0; i < size; i++) {
        word[i] = turned[size - 1 - i] = (char)(letters[i] | 32);
        vowel |= i && memchr("aeiou", word[i], 5);
        capitals &= letters[i] < 'a';
    }
    if (list_find(&m->disguised, word, size) >= 0) return false;
    if (size < 3 || is_known(m, word, size)) return true;
    return vowel ? !is_known(m, turned, size) : capitals || size < 4;
}

static void add_signs(const Table *table, const Piece *signs, uint32_t start, Row *row) {
    for (uint32_t i = 0; i < signs->rows; i++) {
        const Row *own = &signs->row[i];
        row[i] = row_of(table, signs, own->word, own->start, own->end, false);
        row[i].start += start, row[i].end += start;
    }
}

static const Piece *signs(Chunk *chunk, Slots *waiting, const char *text, size_t size) {
    return learning_piece(chunk, waiting, hash_of(chunk->table->key, text, size), text, size);
}

/* A piece whose one term stands at start:end, between signs that the table has as pieces of their own; false where those
   must be learned first. */
static bool tell(Chunk *chunk, Slots *waiting, Piece *piece, uint32_t start, uint32_t end, const Term *term) {
    const Piece *before = NULL, *after = NULL;
    Table *table = chunk->table;
    if (!term || (start && !(before = signs(chunk, waiting, piece->text, start))->row)) return false;
    if (end < piece->size && !(after = signs(chunk, waiting, piece->text + end, piece->size - end))->row)
        return false;
    piece->rows = 1 + (before ? before->rows : 0) + (after ? after->rows : 0);
    Row *row = take(&table->arena, piece->rows * sizeof *row);
    piece->row = row;
    if (before) add_signs(table, before, 0, row), row += before->rows;
    *row++ = row_of(table, piece, term, start, end, false);
    if (after) add_signs(table, after, end, row);
    return true;
}

static bool see_word(Chunk *chunk, Slots *waiting, Piece *piece) {
    const Model *m = chunk->model;
    Seen seen;
    if (!m->plain || !words_see(m->plain, piece->text, piece->size, &seen) || !is_no_name(m, &seen)) return false;
    int32_t bits = list_find(&m->listed, seen.surface.letters, (size_t)seen.surface.length);
    uint32_t flags = bits < 0 ? 0 : m->bits[bits];
    if (seen.surface.length > 1) flags |= CASED | (seen.cased == 1 ? TITLE : seen.cased == 2 ? UPPER : 0);
    Given given = {m->word_kind, seen.cased, true, (int32_t)flags, 0, 0, ASK};
    Spelled spelled = {seen.form.letters, seen.surface.letters, NULL, (size_t)seen.form.length, (size_t)seen.surface.length, 0};
    const Term *term = term_of(chunk->table, &given, &spelled);
    if (!tell(chunk, waiting, piece, (uint32_t)seen.start, (uint32_t)seen.end, term)) return false;
    size_t letters = (size_t)(seen.end - seen.start);
    piece->glue = letters == 1 && !seen.start ? LETTER : 0;
    piece->harmless = is_harmless(m, piece->text + seen.start, letters);
    return true;
}

static bool is_letter(char sign) { return (sign >= 'a' && sign <= 'z') || (sign >= 'A' && sign <= 'Z'); }
static bool is_digit(char sign) { return sign >= '0' && sign <= '9'; }

/* The term that a piece has taught which is its like, with another surface. */
static const Term *like(Table *table, const char *taught, const char *surface, size_t size) {
    size_t length = strlen(taught);
    const Piece *model = piece_find(table, hash_of(table->key, taught, length), taught, length);
    if (!model || model->rows != 1 || model->row->word->flags) return NULL;
    const Term *own = model->row->word;
    Given given = {own->kind, own->upper_case, own->form->is_word, 0, 0, 0, ASK};
    Spelled spelled = {own->text, surface, own->text, own->form_size, size, own->form_size};
    return term_of(table, &given, &spelled);
}

/* What words.pieces may do with a piece that begins like no number. */
static uint32_t glue_of(const Piece *piece) {
    uint32_t at = piece->size;
    while (at > 0 && memchr("().-", piece->text[at - 1], 4)) at--;
    return at > 0 && is_digit(piece->text[at - 1]) ? NUMBER_BEFORE : 0;
}

/* @name of letters, digits and _, without a number that would be masked, and signs behind it. */
static bool see_account(Chunk *chunk, Slots *waiting, Piece *piece) {
    const Model *m = chunk->model;
    const char *text = piece->text;
    char lower[LETTERS];
    uint32_t end = 1, digits = 0, letters = 0;
    lower[0] = '@';
    for (; end < piece->size && end < LETTERS - 2 && (is_letter(text[end]) || is_digit(text[end]) || text[end] == '_'); end++) {
        digits = is_digit(text[end]) ? digits + 1 : 0;
        if (digits == 9) return false;
        letters += is_letter(text[end]);
        lower[end] = is_letter(text[end]) ? (char)(text[end] | 32) : text[end];
    }
    uint32_t tail = end;
    bool shout = false;
    for (; tail < piece->size && memchr(")\"',!?:;", text[tail], 8); tail++) shout |= text[tail] == '!';
    tail += tail < piece->size && text[tail] == '.';
    if (end == 1 || tail < piece->size || list_find(&m->names, lower, end) >= 0) return false;
    if (!tell(chunk, waiting, piece, 0, end, like(chunk->table, AN_ACCOUNT, lower, end))) return false;
    bool bare = letters == end - 1;
    piece->glue = glue_of(piece);
    piece->harmless = bare ? is_harmless(m, text + 1, letters) : text[1] != '_' && text[end - 1] != '_' && !shout;
    return true;
}

static bool see_link(Chunk *chunk, Slots *waiting, Piece *piece) {
    uint32_t at = piece->size > 7 && !memcmp(piece->text, "http://", 7) ? 7 : 8;
    if (piece->size <= at || (at == 8 && memcmp(piece->text, "https://", 8))) return false;
    for (; at < piece->size; at++)
        if (!is_letter(piece->text[at]) && !is_digit(piece->text[at]) && !memchr("_./?=%#~+:-", piece->text[at], 11)) return false;
    const char *taught = A_LINK;
    Table *table = chunk->table;
    const Piece *model = piece_find(table, hash_of(table->key, taught, strlen(taught)), taught, strlen(taught));
    piece->harmless = true;
    piece->glue = glue_of(piece);
    return model && model->rows == 1 && tell(chunk, waiting, piece, 0, piece->size, model->row->word);
}

/* False for what Python must look at; signs that are not there yet are put to what is learned. */
bool see(Chunk *chunk, Slots *waiting, Piece *piece) {
    if (piece->text[0] == '@') return see_account(chunk, waiting, piece);
    if (piece->text[0] == 'h' && see_link(chunk, waiting, piece)) return true;
    return see_word(chunk, waiting, piece);
}
