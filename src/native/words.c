/* First sight of plain pieces as text/words.py sees them, and the tables of both files. */
#include "words.h"

#include <stdlib.h>
#include <string.h>

static bool in(const Words *words, int table, const char *word, size_t length) {
  return list_find(&words->table[table], word, length) >= 0;
}

static bool is_letter(char sign) { return (sign >= 'a' && sign <= 'z') || (sign >= 'A' && sign <= 'Z'); }

static bool is_upper(char letter) { return letter <= 'Z'; }

/* Whether letters hold the name of somebody, and more than that. */
static bool is_glued(const Words *words, const Word *word) {
  const List *kernels = &words->table[KERNELS];
  for (uint32_t number = 0; number < kernels->count; number++) {
    size_t wide;
    const char *kernel = list_line(kernels, number, &wide);
    for (int32_t at = 0; at + (int32_t)wide <= word->length; at++)
      if (word->letters[at] == kernel[0] && !memcmp(word->letters + at, kernel, wide))
        return !in(words, NAMES, word->letters, word->length);
  }
  return false;
}

static bool is_doubled(const Word *word) {
  for (int32_t at = 1; at < word->length; at++)
    if (word->letters[at] == word->letters[at - 1]) return true;
  return false;
}

/* Of so many equal letters in a row, or more, one is left. */
static void squeeze(Word *word, int32_t least) {
  int32_t kept = 0, behind;
  for (int32_t at = 0; at < word->length; at = behind) {
    char letter = word->letters[at];
    for (behind = at; behind < word->length && word->letters[behind] == letter;) behind++;
    for (int32_t left = behind - at >= least ? 1 : behind - at; left; left--) word->letters[kept++] = letter;
  }
  word->length = kept;
}

/* A drawn-out word in its short form. */
static void shorten(const Words *words, Word *word) {
  squeeze(word, 3);
  const char *last = word->letters + word->length - 1;
  if (word->length >= 5 && last[0] == last[-1] && !in(words, KEPT_DOUBLE, last, 1)) word->length--;
  if (in(words, DICTIONARY, word->letters, word->length)) return;
  Word single = *word;
  squeeze(&single, 2);
  if (in(words, DICTIONARY, single.letters, single.length)) *word = single;
}

bool words_see(const Words *words, const char *piece, size_t length, Seen *seen) {
  size_t start = 0, end = length;
  while (start < length && memchr("\"'(", piece[start], 3)) start++;
  while (end > start && memchr(")\"',!?:;.", piece[end - 1], 9)) end--;
  if (start == end || end - start > LONGEST_WORD) return false;
  if (end - start == 1 && end < length && memchr("\"'", piece[end], 2)) return false; /* b'...': a byte string's mark */
  Word *surface = &seen->surface;
  size_t upper = 0;
  surface->length = (int32_t)(end - start);
  for (size_t at = start; at < end; at++) {
    if (!is_letter(piece[at])) return false;
    upper += is_upper(piece[at]);
    surface->letters[at - start] = (char)(piece[at] | 32);
  }
  const char *letters = surface->letters;
  if (surface->length >= 3) {
    if (in(words, LAUGHTER, letters, 3) || !memcmp(letters + surface->length - 3, "www", 3)) return false;
    if (is_glued(words, surface)) return false;
  }
  seen->start = (int32_t)start;
  seen->end = (int32_t)end;
  seen->cased = end - start > 1 && upper == end - start ? 2 : is_upper(piece[start]) ? 1 : 0;
  if (is_doubled(surface)) shorten(words, surface);
  seen->doubled = is_doubled(surface);
  seen->form = *surface;
  int32_t informal = in(words, KEPT_UPPER, piece + start, end - start) ? -1 : list_find(&words->table[SLANG], letters, surface->length);
  if (informal >= 0) {
    size_t wide;
    const char *form = list_line(&words->table[FORMS], informal, &wide);
    memcpy(seen->form.letters, form, wide); /* words_new has seen that it fits */
    seen->form.length = (int32_t)wide;
  }
  return true;
}

/* Whether no line is empty or longer than a word may be, and there are as many lines as others. */
static bool lines_fit(const List *lines, const List *others) {
  for (uint32_t number = 0; number < lines->count; number++) {
    size_t wide;
    list_line(lines, number, &wide);
    if (!wide || wide > LETTERS) return false;
  }
  return lines->count == others->count;
}

/* Takes rules over; false where heads are too short, or have other letters than a to z, or there is no memory. */
static bool take_rules(Rules *rules, const List *heads, const List *answers, const uint32_t *signs,
                       const uint32_t *ends, size_t least) {
  size_t count = heads->count, wide;
  if (!count || count != answers->count) return false;
  *rules = (Rules){heads, answers, malloc((ends[count - 1] + 1) * sizeof *signs), malloc(count * sizeof *ends)};
  if (!rules->signs || !rules->ends) return false;
  memcpy(rules->signs, signs, ends[count - 1] * sizeof *signs);
  memcpy(rules->ends, ends, count * sizeof *ends);
  for (uint32_t number = 0; number < count; number++) {
    const char *head = list_line(heads, number, &wide);
    if (wide < least) return false;
    for (size_t at = 0; at < wide; at++)
      if (head[at] < 'a' || head[at] > 'z') return false;
  }
  return true;
}

Words *words_new(const char *const *lines, const size_t *lengths, const uint32_t *const *signs,
                 const uint32_t *const *ends) {
  Words *words = calloc(1, sizeof *words);
  if (!words) return NULL;
  bool made = true;
  for (int number = 0; number < TABLES; number++)
    made = made && list_make(&words->table[number], lines[number], lengths[number]);
  const List *table = words->table;
  made = made && lines_fit(&table[PROTECTED_STEMS], &table[PROTECTED]) && lines_fit(&table[FORMS], &table[SLANG]) &&
         lines_fit(&table[FIRST_HEADS], &table[FIRST_TAILS]) && lines_fit(&table[DERIVATIONAL], &table[DERIVATIONAL]) &&
         take_rules(&words->prefixes, &table[HEADS], &table[ANSWERS], signs[0], ends[0], 2) &&
         take_rules(&words->nasals, &table[NASAL_HEADS], &table[NASAL_ANSWERS], signs[1], ends[1], 1);
  if (!made) {
    words_free(words);
    return NULL;
  }
  for (int pair = 0; pair < ALPHABET * ALPHABET; pair++) words->first[pair] = -1;
  for (uint32_t number = table[HEADS].count; number-- > 0;) {
    size_t wide;
    const char *head = list_line(&table[HEADS], number, &wide);
    words->first[(head[0] - 'a') * ALPHABET + head[1] - 'a'] = (int32_t)number;
  }
  return words;
}

void words_free(Words *words) {
  if (!words) return;
  for (int number = 0; number < TABLES; number++) list_free(&words->table[number]);
  for (int number = 0; number < 2; number++) {
    Rules *rules = number ? &words->nasals : &words->prefixes;
    free(rules->signs);
    free(rules->ends);
  }
  free(words);
}
