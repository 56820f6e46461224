/* The native core: many posts judged exactly as scoring.Scorer judges one. README.md says how a post flows through it.

   All texts are UTF-8 as Python encodes it with "surrogatepass". Where several strings are handed over they lie end to
   end, string i at offset[i]..offset[i + 1]. Functions that return int return a negative number for arguments that do
   not fit together; nothing has changed then.

   A Model never changes. A Table may be shared by threads: the functions under "needs the table's lock" are called by
   one of them at a time, all others by any number. A Chunk belongs to one thread. */
#ifndef NETRAL_POSTS_H
#define NETRAL_POSTS_H

#include <stdint.h>

#include "netral.h"

typedef struct Model Model;
typedef struct Table Table;
typedef struct Chunk Chunk;
typedef struct Term Term;

/* How a judgement ends: of post `post` toward pair `pair` (-1: none was recognised). */
typedef struct {
    int32_t post, pair;
    int32_t label;     /* 0 to 2, 3: unsure, -1: the post names nobody, but may be disguised */
    int32_t direction; /* the label that the evidence speaks for or against */
    double score[3];
    int64_t words_begin, words_end; /* in the text of all evidence */
} Judgement;

typedef struct {
    int32_t pair, kind, first, last; /* words first to last - 1 of the post name the pair (-1: somebody) */
    int32_t certainty;               /* as `enum Certainty`; all that are kept are certain enough */
} Mention;

/* --- the model; what follows netral_model comes in this order */
NETRAL_API Model *netral_model(int32_t pairs, const double *numbers, int32_t number_count, const int32_t *constants,
                               int32_t constant_count);
NETRAL_API int netral_model_heads(Model *, const char *text, const int64_t *offset);
NETRAL_API int netral_model_features(Model *, const double *measure, const int32_t *block, int32_t count);
NETRAL_API int netral_model_vectors(Model *, const int8_t *codes, const double *scale, const double *idf,
                                    const double *gains, int32_t words, int32_t dimensions);
NETRAL_API int netral_model_grams(Model *, const char *lines, int64_t size, int32_t first, int32_t count);
NETRAL_API int netral_model_words(Model *, const char *lines, int64_t size, int32_t first, int32_t count);
NETRAL_API int netral_model_cues(Model *, const char *lines, int64_t size, const int32_t *feature, int32_t count);
NETRAL_API int netral_model_list(Model *, int32_t which, const char *lines, int64_t size, int32_t count);
NETRAL_API int netral_model_pairs(Model *, const char *roles, const int64_t *offset);
NETRAL_API int netral_model_sight(Model *, const char *names, int64_t names_size, const char *lines, int64_t size,
                                  const int32_t *bits, int32_t count, const char *disguised,
                                  int64_t disguised_size, const void *plain);
NETRAL_API void netral_model_free(Model *);

/* --- the table of distinct pieces, words and forms */
NETRAL_API Table *netral_table(const Model *, uint64_t key, uint64_t other_key);
NETRAL_API int64_t netral_table_size(const Table *);
NETRAL_API void netral_table_free(Table *);

/* --- a chunk of posts; the texts must stay where they are until the chunk is freed */
NETRAL_API Chunk *netral_chunk(Table *, const char *text, const int64_t *offset, int32_t posts);
NETRAL_API int32_t netral_suspects(const Chunk *, int32_t *posts);
NETRAL_API int netral_rewrite(Chunk *, int32_t post, const char *text, int64_t size);
NETRAL_API int32_t netral_find_mentions(Chunk *);
NETRAL_API int32_t netral_doubtful(const Chunk *, int32_t *posts);
NETRAL_API void netral_starts(const Chunk *, int64_t *words, int64_t *mentions);
NETRAL_API int64_t netral_words(Chunk *, int32_t from, int32_t to, const Term **words, int32_t *left, int32_t *right);
NETRAL_API int32_t netral_begins(Chunk *, int32_t post, int32_t *begins);
NETRAL_API int netral_tell(Chunk *, int32_t post, const Mention *, int32_t count);
NETRAL_API void netral_mentions(const Chunk *, Mention *);
NETRAL_API int64_t netral_judge(Chunk *, const int32_t *about, int32_t per_pair);
NETRAL_API const Judgement *netral_judgements(const Chunk *, const double **support, const char **words);
NETRAL_API int netral_note(Chunk *, int64_t judgement, int32_t label, const char *text, int64_t size);
NETRAL_API int64_t netral_tails(Chunk *, const char *heads, const int64_t *offset, char delimiter, char point,
                                const char **tails);
NETRAL_API void netral_chunk_free(Chunk *);

/* What a word is: its form and surface end to end; told are the lengths of both, its kind and its case. */
NETRAL_API const char *netral_word(const Term *, int32_t *told);

/* --- what needs the table's lock */
NETRAL_API int64_t netral_fresh(Chunk *, const char **pieces);
NETRAL_API int netral_learn(Chunk *, const int32_t *pieces, int32_t count, const int32_t *rows, int32_t row_count,
                            const int32_t *words, int32_t word_count, const char *text, const int64_t *offset);
NETRAL_API void netral_prepare(Chunk *, const int32_t *about);
NETRAL_API int32_t netral_cluster(const Chunk *, int32_t number, const Term **words, int32_t *begins, int32_t *begin_count);
NETRAL_API int netral_settle(Chunk *, int32_t number, const Mention *, int32_t count);

#endif
