/* First sight of a plain piece: its letters as the word that text/words.py says it is, and the stem of a word as
   text/stemming.py says it. The rules are the tables of those modules, handed over by text/plain.py; here they are only
   walked. What is not plain is "odd": Python is asked. Nothing changes after words_new: threads may share it. */
#ifndef NETRAL_WORDS_H
#define NETRAL_WORDS_H

#include "lists.h"
#include "netral.h"

enum { LONGEST_WORD = 60, LETTERS = 64, ALPHABET = 26 };

/* The tables in the order in which text/plain.py hands them over. */
enum {
  ROOTS,           /* words that a stem may be */
  PROTECTED,       /* words whose stem was decided by hand, */
  PROTECTED_STEMS, /* and those stems, line by line */
  HEADS,           /* of rules for prefixes; those with the same first two letters stand together */
  ANSWERS,         /* of the same rules, with | between them */
  NASAL_HEADS,     /* of rules for spoken prefixes, */
  NASAL_ANSWERS,
  PARTICLES,
  POSSESSIVES,
  DERIVATIONAL, /* suffixes, the first that fits goes */
  PLAIN_HEADS,  /* prefixes that go without a question */
  FIRST_HEADS,  /* words of these shapes lose the prefix before the suffix: head, */
  FIRST_TAILS,  /* and tails with | between them */
  DICTIONARY,   /* words that shortening leads to */
  SLANG,        /* informal words */
  FORMS,        /* and what they count as, line by line */
  KEPT_UPPER,   /* capitals that are no slang */
  LAUGHTER,     /* how written laughter begins: three letters */
  KEPT_DOUBLE,  /* letters that words end with twice */
  NAMES,        /* that are cut from what they are glued to, */
  KERNELS,      /* and the shortest of them: what holds one of those holds one of these */
  TABLES
};

typedef struct {
  const List *heads, *answers;
  uint32_t *signs; /* what must follow a head: see fits() in stem.c */
  uint32_t *ends;  /* where the signs of each rule end */
} Rules;

typedef struct {
  List table[TABLES];
  Rules prefixes, nasals;
  int32_t first[ALPHABET * ALPHABET]; /* the first rule for prefixes of these two letters; -1: none */
} Words;

typedef struct {
  int32_t length;
  char letters[LETTERS];
} Word;

typedef struct {
  int32_t start, end; /* the letters in the piece; what stands around them are signs */
  int32_t cased;      /* 0 lower case, 1 a capital first, 2 capitals */
  int32_t doubled;    /* whether the surface holds a letter twice in a row */
  Word surface, form;
} Seen;

/* All tables at once; signs[0] and ends[0] belong to the prefixes, the others to the nasals. NULL where there is no
   memory, or the tables do not fit together. */
NETRAL_API Words *words_new(const char *const *lines, const size_t *lengths, const uint32_t *const *signs,
                            const uint32_t *const *ends);
NETRAL_API void words_free(Words *words);

/* Whether a piece is plain; only then `seen` is filled. */
NETRAL_API bool words_see(const Words *words, const char *piece, size_t length, Seen *seen);

/* The stem of a lower-case word; false where it is odd. */
NETRAL_API bool words_stem(const Words *words, const char *form, size_t length, Word *stem);

#endif
