/* Confix stripping as text/confix.py does it, and spoken forms as text/colloquial.py does, on words of the letters a-z. */
#include <string.h>

#include "words.h"

enum { ROUNDS = 3, NOT = 1u << 30, END = 1u << 31, MANY = 32 };

static const char BENEFACTIVE[] = "in";
enum { SHORTEST = 4 };

static bool in(const Words *words, int table, const char *word, size_t length) {
  return list_find(&words->table[table], word, length) >= 0;
}

static bool is_root(const Words *words, const Word *word) { return in(words, ROOTS, word->letters, word->length); }

static bool ends_with(const Word *word, const char *tail, size_t length) {
  return (size_t)word->length >= length && !memcmp(word->letters + word->length - length, tail, length);
}

/* `word` becomes `head` and what stands from `from` on; false, and nothing happens, where that is too long. */
static bool replace(Word *word, size_t from, const char *head, size_t length) {
  size_t rest = word->length - from;
  if (length + rest > LETTERS) return false;
  memmove(word->letters + length, word->letters + from, rest);
  memcpy(word->letters, head, length);
  word->length = (int32_t)(length + rest);
  return true;
}

/* The part of a line between bars that begins at `at`; `at` becomes the beginning of the next. */
static const char *part_of(const char *line, size_t wide, size_t *at, size_t *length) {
  const char *part = line + *at, *bar = memchr(part, '|', wide - *at);
  *length = bar ? (size_t)(bar - part) : wide - *at;
  *at += *length + 1;
  return part;
}

/* Whether letters follow as a rule wants it. A sign is a set of letters, the end of the word, or how many signs that
   come next must not fit here. */
static bool fits(const uint32_t *sign, const uint32_t *last, const char *at, const char *end) {
  while (sign < last) {
    uint32_t wanted = *sign++;
    if (wanted & NOT) {
      const uint32_t *behind = sign + (wanted & (MANY - 1));
      if (fits(sign, behind, at, end)) return false;
      sign = behind;
    } else if (wanted == END) {
      if (at != end) return false;
    } else if (at == end || !(wanted >> (*at++ - 'a') & 1)) {
      return false;
    }
  }
  return true;
}

static bool rule_fits(const Rules *rules, uint32_t rule, const Word *word, size_t *head) {
  const char *line = list_line(rules->heads, rule, head);
  if ((size_t)word->length < *head || memcmp(word->letters, line, *head)) return false;
  const uint32_t *first = rules->signs + (rule ? rules->ends[rule - 1] : 0);
  return fits(first, rules->signs + rules->ends[rule], word->letters + *head, word->letters + word->length);
}

static int32_t first_rule(const Words *words, const Word *word) {
  return word->length < 2 ? -1 : words->first[(word->letters[0] - 'a') * ALPHABET + word->letters[1] - 'a'];
}

/* `word` after at most three prefixes, stopping at the first root. */
static void strip_prefixes(const Words *words, Word *word) {
  const Rules *rules = &words->prefixes;
  for (int round = 0; round < ROUNDS; round++) {
    int32_t rule = first_rule(words, word);
    if (rule < 0) return;
    size_t head, wide, first;
    const char *letters = list_line(rules->heads, rule, &first);
    while (!rule_fits(rules, rule, word, &head)) {
      const char *line = (uint32_t)++rule < rules->heads->count ? list_line(rules->heads, rule, &wide) : NULL;
      if (!line || memcmp(line, letters, 2)) return;
    }
    const char *answers = list_line(rules->answers, rule, &wide);
    for (size_t at = 0; at <= wide;) {
      size_t length;
      const char *answer = part_of(answers, wide, &at, &length);
      if (!replace(word, head, answer, length)) return;
      if (is_root(words, word)) return;
      head = length;
    }
  }
}

/* How long `word` is after each suffix that it loses, stopping at the first root; how many. */
static int strip_suffixes(const Words *words, const Word *word, int32_t stage[4]) {
  const char *letters = word->letters;
  int32_t length = word->length;
  int count = 0;
  stage[count++] = length;
  if (length >= 3 && in(words, PARTICLES, letters + length - 3, 3)) {
    stage[count++] = length -= 3;
    if (in(words, ROOTS, letters, length)) return count;
  }
  for (int size = 3; size >= 2; size--)
    if (length >= size && in(words, POSSESSIVES, letters + length - size, size)) {
      stage[count++] = length -= size;
      if (in(words, ROOTS, letters, length)) return count;
      break;
    }
  const List *suffixes = &words->table[DERIVATIONAL];
  for (uint32_t i = 0; i < suffixes->count; i++) {
    size_t wide;
    const char *suffix = list_line(suffixes, i, &wide);
    if ((size_t)length >= wide && !memcmp(letters + length - wide, suffix, wide)) {
      stage[count++] = length - (int32_t)wide;
      break;
    }
  }
  return count;
}

/* Whether a word has one of the shapes that lose the prefix first. */
static bool is_prefix_first(const Words *words, const Word *word) {
  const List *heads = &words->table[FIRST_HEADS];
  for (uint32_t i = 0; i < heads->count; i++) {
    size_t wide;
    const char *line = list_line(heads, i, &wide);
    if (memcmp(word->letters, line, 2)) continue;
    if ((size_t)word->length < wide || memcmp(word->letters, line, wide)) return false;
    line = list_line(&words->table[FIRST_TAILS], i, &wide);
    for (size_t at = 0; at <= wide;) {
      size_t length;
      const char *tail = part_of(line, wide, &at, &length);
      if (ends_with(word, tail, length)) return true;
    }
    return false;
  }
  return false;
}

/* A word of at least four letters that is no root becomes one; false, and it stays as it is, where none is found. */
static bool find_root(const Words *words, Word *word) {
  Word root = *word;
  bool prefixed = first_rule(words, word) >= 0;
  if (is_prefix_first(words, word)) {
    strip_prefixes(words, &root);
    if (!is_root(words, &root)) {
      int32_t stage[4];
      root.length = stage[strip_suffixes(words, &root, stage) - 1];
    }
    if (is_root(words, &root)) return *word = root, true;
  }
  int32_t stage[4];
  int count = strip_suffixes(words, word, stage);
  root = *word;
  root.length = stage[count - 1];
  if (is_root(words, &root)) return *word = root, true;
  if (prefixed) {
    strip_prefixes(words, &root);
    if (is_root(words, &root)) return *word = root, true;
  }
  /* the suffixes are put back one by one, the last taken first, and the prefixes tried again */
  while (--count > 0) {
    Word before = *word;
    before.length = stage[count - 1];
    if (ends_with(&before, "kan", 3)) { /* tunjuk-kan rather than tunju-kkan */
      root = *word;
      root.length = stage[count] + 1;
      root.letters[stage[count]] = 'k';
      if (!is_root(words, &root) || in(words, PLAIN_HEADS, root.letters, 2)) strip_prefixes(words, &root);
      if (is_root(words, &root)) return *word = root, true;
    }
    if (prefixed) {
      strip_prefixes(words, &before);
      if (is_root(words, &before)) return *word = before, true;
    }
  }
  return false;
}

static bool protect(const Words *words, const char *word, size_t length, Word *stem) {
  int32_t at = list_find(&words->table[PROTECTED], word, length);
  if (at < 0) return false;
  size_t wide;
  const char *line = list_line(&words->table[PROTECTED_STEMS], at, &wide);
  memcpy(stem->letters, line, wide); /* words_new has seen that it fits */
  stem->length = (int32_t)wide;
  return true;
}

/* How many letters stand before an enclitic. */
static int32_t without_enclitic(const Words *words, const Word *word) {
  for (int32_t size = 3; size >= 2; size--) {
    int32_t taken = size < word->length ? size : word->length;
    const char *tail = word->letters + word->length - taken;
    if (in(words, PARTICLES, tail, taken) || in(words, POSSESSIVES, tail, taken)) return word->length - taken;
  }
  return word->length;
}

/* Protected words, then the dictionary. */
static void stem_written(const Words *words, Word *word) {
  if (protect(words, word->letters, word->length, word)) return;
  if (!is_root(words, word)) {
    if (protect(words, word->letters, without_enclitic(words, word), word)) return;
    if (word->length > 3) find_root(words, word);
  }
  protect(words, word->letters, word->length, word);
}

static bool known(const Words *words, Word *word) {
  Word root = *word;
  stem_written(words, &root);
  if (!is_root(words, &root)) return false;
  *word = root;
  return true;
}

static bool holds(const Word *word, const Word *part) {
  for (int32_t at = 0; at + part->length <= word->length; at++)
    if (!memcmp(word->letters + at, part->letters, part->length)) return true;
  return false;
}

/* A verb with a nasal prefix of speech becomes its root. */
static bool denasalise(const Words *words, Word *word) {
  const Rules *rules = &words->nasals;
  for (uint32_t rule = 0; rule < rules->heads->count; rule++) {
    size_t head, wide;
    if (!rule_fits(rules, rule, word, &head)) continue;
    const char *answers = list_line(rules->answers, rule, &wide);
    for (size_t at = 0; at <= wide;) {
      size_t length;
      const char *answer = part_of(answers, wide, &at, &length);
      Word form = *word;
      if (!replace(&form, head, answer, length)) continue;
      Word root = form;
      if (!known(words, &root)) continue;
      bool starts = root.length <= form.length && !memcmp(form.letters, root.letters, root.length);
      if (starts || !holds(&form, &root)) return *word = root, true; /* no second prefix; else a protected word */
    }
  }
  return false;
}

/* The spoken vowel of bener, before consonants at the end, as it is written; also where there is none. */
static void write_vowel(Word *word) {
  int32_t at = word->length - 1;
  while (at >= 0 && !memchr("aiueo", word->letters[at], 5)) at--;
  if (at >= 0 && at < word->length - 1 && word->letters[at] == 'e') word->letters[at] = 'a';
}

static bool stem_verb(const Words *words, Word *word) {
  if (denasalise(words, word)) return true;
  size_t tail = sizeof BENEFACTIVE - 1;
  if ((size_t)word->length < SHORTEST + tail || !ends_with(word, BENEFACTIVE, tail)) return false;
  Word bare = *word;
  bare.length -= (int32_t)tail;
  Word tried[4] = {bare, bare, bare, bare};
  write_vowel(&tried[1]);
  tried[3] = tried[1];
  for (int i = 0; i < 4; i++)
    if (i < 2 ? known(words, &tried[i]) : denasalise(words, &tried[i])) return *word = tried[i], true;
  return false;
}

static void stem_spoken(const Words *words, Word *word) {
  Word body = *word;
  body.length = without_enclitic(words, word);
  size_t tail = sizeof BENEFACTIVE - 1;
  bool nasal = word->length && (word->letters[0] == 'm' || word->letters[0] == 'n');
  if (nasal || ends_with(&body, BENEFACTIVE, tail) || ends_with(word, BENEFACTIVE, tail)) {
    Word root = *word, other = body;
    if (stem_verb(words, &root)) {
      *word = root;
      return;
    }
    if (body.length != word->length && stem_verb(words, &other)) {
      *word = other;
      return;
    }
  }
  if (ends_with(word, "nya", 3) && body.length >= SHORTEST) { /* of a name or a borrowed word */
    known(words, &body);
    *word = body;
  }
}

bool words_stem(const Words *words, const char *form, size_t length, Word *stem) {
  if (!length || length > LONGEST_WORD) return false;
  for (size_t at = 0; at < length; at++)
    if (form[at] < 'a' || form[at] > 'z') return false;
  memcpy(stem->letters, form, length);
  stem->length = (int32_t)length;
  stem_written(words, stem);
  if (is_root(words, stem) || in(words, PROTECTED, stem->letters, stem->length)) return true;
  for (int32_t at = 0; at < stem->length; at++)
    if (stem->letters[at] < 'a' || stem->letters[at] > 'z') return false;
  stem_spoken(words, stem);
  return true;
}
