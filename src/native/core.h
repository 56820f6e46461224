/* What the parts of the core share: stores, the model, the table, and a chunk of posts on its way through. */
#ifndef NETRAL_CORE_H
#define NETRAL_CORE_H

#include <assert.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "posts.h"
#include "words.h"

enum { LABELS = 3, NEUTRAL = 1, UNSURE = LABELS, MOST_SHOWN = 16, CUES = 4, ROLES = 6, KINDS = 8, AGAINST = 3, SOMEBODY = -1 };
enum Role { THIS, OTHER, SOMEONE }; /* + AGAINST for the tags of opponents */
enum Block { WORDS, CHARACTERS, FACTS, CLASSES, POST, BEFORE, AFTER, RIVAL, END, BLOCKS };
enum { DENSE = POST, ZONES = BLOCKS - DENSE };

/* What a word tells of mentions before its post is looked at (scoring/engine/screening.py), and how it is written. */
enum Flag {
    BEGINS = 1, NUMERAL = 2, BALLOTS = 4, OPENS = 8, GOES_ON = 16, TOUCHES = 32, ALWAYS = 64, ELECTIONS = 128,
    COUNTS = 256, ASIDE = 512, WEIGHS = 1024, CASED = 2048, TITLE = 4096, UPPER = 8192
};
/* How certain a mention is: nothing more is needed; a word of elections; the same pair surely named; ask the matcher. */
enum Certainty { SURE, ELECTORAL, SAME_PAIR, ASK };
/* What a piece may be to words.pieces: part of a number, a letter of a spaced-out word, or to be cut by it. */
enum Glue { NUMBER_BEFORE = 1, NUMBER_AFTER = 2, LETTER = 4, CUT_ANEW = 8 };

/* Memory that is going to be read is asked for while other work is done. */
#if defined(__GNUC__)
#define FETCH(place) __builtin_prefetch(place)
#else
#define FETCH(place) ((void)(place))
#endif

/* --- store.c */
#define NEED(array, room, count) \
    ((size_t)(count) > (room) ? (void)((array) = grown((array), &(room), (size_t)(count), sizeof *(array))) : (void)0)
void *grown(void *array, size_t *room, size_t count, size_t size);
void *allocated(size_t size);

typedef struct { uint8_t *at, *end; void *blocks; size_t total; } Arena; /* memory that never moves, freed as a whole */
void *take(Arena *, size_t size);
void *copied(Arena *, const void *from, size_t size);
void arena_free(Arena *);

typedef struct { uint64_t hash; } Hashed; /* how all begin that are found by a hash */
typedef struct Cells { struct Cells *before; uint64_t mask; _Atomic(Hashed *) cell[]; } Cells;
typedef struct { _Atomic(Cells *) cells; uint64_t held; } Slots;
void slots_start(Slots *, uint64_t room);
void slots_add(Slots *, Hashed *); /* one thread at a time; others may search meanwhile */
void slots_free(Slots *);
/* All that share a hash, in turn: for (Hashed *x = first_of(&walk, slots, hash); x; x = next_of(&walk)) */
typedef struct { const Cells *cells; uint64_t at, hash; } Walk;
Hashed *next_of(Walk *);
Hashed *first_of(Walk *, const Slots *, uint64_t hash);
void slots_fetch(const Slots *, uint64_t hash);      /* soon somebody searches this, */
void slots_fetch_first(const Slots *, uint64_t hash); /* and then looks at what is found */

typedef struct { uint64_t a, b; } Key;
uint64_t hash_of(Key, const char *text, size_t size);

/* --- counting how often something stands in a post */
typedef struct { uint32_t stamp; int32_t key, count, first; } Count; /* first: where it stood the first time */
typedef struct { Count *cell; size_t room; uint32_t shift, stamp; } Counter;
void counter_reset(Counter *, size_t most);
static inline Count *counter_cell(Counter *c, int32_t key) {
    size_t at = (uint32_t)key * 2654435769u >> c->shift;
    while (c->cell[at].stamp == c->stamp && c->cell[at].key != key) at = (at + 1) & (c->room - 1);
    return &c->cell[at];
}
static inline Count *counter_add(Counter *c, int32_t key, int32_t at) {
    Count *cell = counter_cell(c, key);
    if (cell->stamp != c->stamp) *cell = (Count){c->stamp, key, 0, at};
    cell->count++;
    return cell;
}

/* --- model.c */
typedef struct { double of[1 + LABELS]; } Measure; /* of a feature: idf squared, and its gain for each label */
typedef struct { int32_t left, right, feature; } PairCell;
typedef struct { PairCell *cell; uint32_t mask; uint8_t *maybe; } PairTable; /* pairs of word parts -> features */
enum { MAYBE = 1 << 18 };   /* bits, many more than there are pairs */
#define FIRST UINT32_MAX
enum Listed { VECTORS, KNOWN, TITLES, NEGATORS, UNCOUNTED, LISTS };
enum { SHORTEST_GRAM = 3, LONGEST_GRAM = 5 }; /* characters */
typedef struct { int32_t part, word, vector, known, negates, uncounted, cue[CUES]; } Facts; /* of a stem */

struct Model {
    int32_t pairs, dimensions, words;
    double intercept[LABELS], limit[LABELS], weight[BLOCKS];
    Measure *measure;
    int32_t *block;
    int32_t features;
    List grams, trained, cues, parts, names, listed, disguised;
    int32_t *gram; /* the feature of each of the grams, -1 of what only begins some */
    int32_t first_word, (*cue)[CUES]; /* the feature of the first trained word, and those of each cue */
    List list[LISTS];
    uint32_t *bits; /* of each of the listed words, for mentions; at one of the names a mention may begin */
    const Words *plain;
    PairTable steps[2]; /* words side by side, and with one between */
    int8_t *codes;      /* (words, dimensions): the vectors of words, but for the two below */
    double *scale, *idf; /* of each dimension, of each word */
    Measure *gains;     /* (words, ZONES): of a word as it stands; behind a negation all turn round */
    int32_t has_zone[ZONES];
    int32_t role_part[ROLES], role_word[ROLES], role_gram[ROLES], role_fact[ROLES][KINDS];
    int32_t known_fact[4], named_fact[4], capital_fact[6], upper_fact[5];
    int32_t telling; /* bits of the kinds of mention that are more than a name */
    int32_t word_kind;
    int32_t hostile; /* the kind of an opponent's tag */
    /* constants of the readable law: features/zones.py and model/evidence.py */
    int32_t zone_before, zone_after, zone_rival, zone_end, negation_reach;
    int32_t shown, longest, most_words, most_told;
    double faint, own, shared, shortest;
    char *heads; /* what stands before the evidence of an unsure judgement, label by label */
    int64_t head[LABELS + 2]; /* and behind them the evidence where nobody was recognised */
};

/* --- trained.c */
Facts facts_of(const Model *, const char *stem, size_t size);
bool is_known(const Model *, const char *word, size_t size);
bool is_uncounted(const Model *, const char *word, size_t size);
void trained_free(Model *);
/* The features of a pair in turn, -1 behind the last; `at` begins as FIRST. */
int32_t pair_next(const PairTable *, int32_t left, int32_t right, uint32_t *at);

/* --- table.c */
typedef struct {
    uint64_t hash;
    const char *text;
    uint32_t size;
    int32_t is_word;
    const int32_t *gram; /* features of its n-grams */
    int32_t grams;
    bool is_cut; /* into n-grams: only once a post that is judged holds it */
    Facts facts;
    double sum[1 + LABELS]; /* of the measures of its n-grams */
} Form;

struct Term {
    uint64_t hash;
    const Form *form;
    const char *text; /* form and surface, end to end */
    uint32_t form_size, surface_size;
    int32_t kind, upper_case;
    uint32_t flags;
    int32_t pair, mention_kind, certainty; /* the mention that it is by itself */
};

typedef struct {
    const Term *word;
    const Form *form; /* of the word, as are its flags: here they lie side by side */
    uint32_t flags;
    uint32_t start, end; /* bytes of the piece */
    bool as_written;     /* only the post knows how its blanks are written */
    uint64_t spelling;
} Row;

typedef struct {
    uint64_t hash;
    const char *text;
    uint32_t size, rows;
    const Row *row;
    uint32_t glue, flags; /* flags: of any of its rows */
    bool harmless;        /* in no post a disguise */
    bool is_cut;          /* all its forms are */
} Piece;

typedef struct {
    uint64_t hash;
    int32_t words, begins, told; /* told: how many mentions, or one of the two below */
    const Term *const *word;
    const int32_t *begin;
    Mention *mention;
} Cluster;
enum {
    POST_NEEDED = -1, NOT_ASKED = -2, LONGEST_CLUSTER = 12, /* words */
    REACH_BEFORE = 4, REACH_BEHIND = 3, LONGEST_WINDOW = LONGEST_CLUSTER + REACH_BEFORE + REACH_BEHIND
};

struct Table {
    const Model *model;
    Key key;
    Arena arena;
    Slots pieces, forms, terms, clusters;
    atomic_int_fast64_t held; /* pieces */
};

/* What is told of a term, in numbers, and how it is spelled. */
typedef struct { int32_t kind, upper_case, is_word, flags, pair, mention_kind, certainty; } Given;
typedef struct { const char *form, *surface, *stem; size_t form_size, surface_size, stem_size; } Spelled;
const Term *term_of(Table *, const Given *, const Spelled *); /* NULL: without a stem told, it is odd */
Row row_of(const Table *, const Piece *, const Term *, uint32_t start, uint32_t end, bool as_written);
const Piece *learning_piece(Chunk *, Slots *waiting, uint64_t hash, const char *text, size_t size);
const Piece *piece_find(const Table *, uint64_t hash, const char *text, size_t size);
const Cluster *cluster_find(const Table *, uint64_t hash, const Term *const *words, int32_t n, const int32_t *begins, int32_t m);

/* --- sight.c */
#define AN_ACCOUNT "@a_0" /* taught by Python to every table, as are signs: scoring/engine/table.py */
#define A_LINK "https://t.co/a"
bool see(Chunk *, Slots *waiting, Piece *);

/* --- cutting.c */
int32_t characters_in(const char *at, const char *end);
int blank(const char *at, const char *end); /* bytes of the white space there, 0 for none */
enum { LONGEST_PIECE = 300 }; /* characters */
typedef struct { const Piece *piece; uint64_t hash; uint32_t start, size; } Cut;
typedef struct { uint32_t cut; const char *text; } Fresh; /* a cut whose piece the table does not have */
enum State { UNREAD, CLOSED, WAITING, DOUBTFUL };
typedef struct {
    const char *text, *end;         /* as it is cut: of the same characters as it is written, some blanks held */
    const char *written, *written_end;
    uint32_t first, last; /* cuts */
    int32_t mention, mentions;
    int32_t state;
} Post;

typedef struct { const Row *row; const Form *form; uint32_t at, flags; } Place; /* a word; its piece begins at byte `at` */
typedef struct { const Form *form; int32_t first, last, mention; } Token;
typedef struct { int32_t first, last, key, block; double part; const double *measure; } Occurrence; /* tokens */
typedef struct { double gain; uint64_t hash; const char *text; uint32_t size; bool shown; } Told;

/* What belongs to the view of one pair. */
typedef struct { int32_t pair; size_t first, last; double sum[BLOCKS][1 + LABELS], scale[BLOCKS], score[LABELS]; } View;

struct Chunk {
    Table *table;
    const Model *model;
    Post *post;
    int32_t posts;
    Cut *cut;
    size_t cuts, cut_room;
    Fresh *fresh;
    size_t fresh_count, fresh_room;
    Piece **learning;
    size_t learning_count, learning_room;
    char *joined;
    size_t joined_room;
    Mention *mention;
    size_t mentions, mention_room;
    Cluster **asked;
    size_t asked_count, asked_room;
    Arena arena;
    /* the post that is being read */
    Place *place;
    size_t places, place_room;
    int32_t *begin;
    size_t begins, begin_room;
    Mention *candidate;
    size_t candidate_room;
    Token *token;
    size_t tokens, token_room;
    int32_t *counted;
    size_t counted_count, counted_room;
    int32_t *vector; /* of each token: 2 * word + 1 behind a negation, -1 for none */
    size_t vector_room;
    uint8_t *near;
    size_t near_room;
    Occurrence *occurrence;
    size_t occurrences, occurrence_room;
    Counter counter;
    struct { int32_t token, gram; } *again; /* n-grams that stand there more than once */
    size_t again_room;
    double *sum_of_vectors;
    View *view;
    size_t views, view_room;
    double *push;
    size_t push_room;
    Told *told;
    size_t told_room;
    int32_t *told_slot;
    size_t told_slot_room;
    char *spelling;
    size_t spellings, spelling_room;
    /* what came out */
    Judgement *judgement;
    size_t judgements, judgement_room;
    double *support;
    size_t support_room;
    char *words;
    size_t words_size, words_room;
    char *tails;
    size_t tails_room;
};

void read_places(Chunk *, const Post *);
int32_t words_in(const Chunk *, const Post *);

/* --- mentions.c */
int32_t find_begins(Chunk *);

/* --- features.c */
void read_tokens(Chunk *, const Post *);
void weigh_shared(Chunk *, double sum[BLOCKS][1 + LABELS]);
void weigh_view(Chunk *, const Post *, double shared[BLOCKS][1 + LABELS], View *);
int32_t known_words(const Chunk *);

/* --- evidence.c */
void append(Chunk *, const void *text, size_t size); /* to the evidence */
void tell_words(Chunk *, const Post *, const View *, size_t shared, int32_t label, bool unsure);

#endif
