/* The judgements of a chunk: which pair, which label, how sure, and because of which words. */
#include <math.h>

#include "core.h"

/* The pairs that a post names, in the order of their first mention, and behind them that of its thread. */
static void find_views(Chunk *chunk, const Post *post, int32_t about) {
    const Mention *mention = chunk->mention + post->mention;
    chunk->views = 0;
    for (int32_t i = 0; i <= post->mentions; i++) {
        int32_t pair = i < post->mentions ? mention[i].pair : about;
        bool known = pair < 0;
        for (size_t k = 0; k < chunk->views && !known; k++) known = chunk->view[k].pair == pair;
        if (known) continue;
        NEED(chunk->view, chunk->view_room, chunk->views + 1);
        chunk->view[chunk->views++].pair = pair;
    }
}

static bool has_telling_mention(const Chunk *chunk, const Post *post) {
    for (int32_t i = 0; i < post->mentions; i++)
        if (chunk->model->telling >> chunk->mention[post->mention + i].kind & 1) return true;
    return false;
}

static bool is_harmless(const Chunk *chunk, const Post *post) {
    bool harmless = post->text == post->written;
    for (uint32_t i = post->first; i < post->last; i++)
        harmless &= chunk->cut[i].piece->harmless && !(chunk->cut[i].piece->glue & CUT_ANEW);
    return harmless;
}

static double *new_judgement(Chunk *chunk, Judgement judgement) {
    size_t pairs = (size_t)chunk->model->pairs, at = chunk->judgements++;
    NEED(chunk->judgement, chunk->judgement_room, at + 1);
    NEED(chunk->support, chunk->support_room, (at + 1) * pairs);
    chunk->judgement[at] = judgement;
    memset(chunk->support + at * pairs, 0, pairs * sizeof(double));
    return chunk->support + at * pairs;
}

static void judge_view(Chunk *chunk, int32_t number, const View *view, size_t shared, bool says_something) {
    const Post *post = &chunk->post[number];
    int32_t best = 0;
    for (int32_t k = 1; k < LABELS; k++)
        if (view->score[k] > view->score[best]) best = k;
    bool sure = view->score[best] > chunk->model->limit[best] && (says_something || best == NEUTRAL);
    Judgement judgement = {number, view->pair, sure ? best : UNSURE, best, {0}, (int64_t)chunk->words_size, 0};
    memcpy(judgement.score, view->score, sizeof judgement.score);
    double *support = new_judgement(chunk, judgement);
    for (size_t k = 0; k < chunk->views; k++) support[chunk->view[k].pair] = chunk->view[k].score[0];
    tell_words(chunk, post, view, shared, best, !sure);
    chunk->judgement[chunk->judgements - 1].words_end = (int64_t)chunk->words_size;
}

static void judge_post(Chunk *chunk, int32_t number, int32_t about, bool per_pair) {
    const Post *post = &chunk->post[number];
    double sum[BLOCKS][1 + LABELS], clearest = -1.0;
    size_t best = 0;
    find_views(chunk, post, about);
    if (!chunk->views) {
        int64_t unrecognised = chunk->model->head[LABELS + 1] - chunk->model->head[LABELS];
        int32_t label = is_harmless(chunk, post) ? NEUTRAL : -1;
        new_judgement(chunk, (Judgement){number, -1, label, NEUTRAL, {NAN, NAN, NAN}, 0, unrecognised});
        return;
    }
    read_places(chunk, post);
    read_tokens(chunk, post);
    weigh_shared(chunk, sum);
    size_t shared = chunk->occurrences;
    bool says_something = known_words(chunk) > 0 || has_telling_mention(chunk, post);
    for (size_t k = 0; k < chunk->views; k++) {
        View *view = &chunk->view[k];
        weigh_view(chunk, post, sum, view);
        double clarity = view->pair == about ? INFINITY : rint((1.0 - view->score[NEUTRAL]) * 1e9);
        if (clarity > clearest) clearest = clarity, best = k; /* among equals the pair named first */
    }
    for (size_t k = per_pair ? 0 : best; k < (per_pair ? chunk->views : best + 1); k++)
        judge_view(chunk, number, &chunk->view[k], shared, says_something);
}

/* Judge all posts, which must be prepared and their mentions known; how many judgements that gives. `about` are the pairs that their
   threads are about, -1 for none. */
int64_t netral_judge(Chunk *chunk, const int32_t *about, int32_t per_pair) {
    for (int32_t i = 0; i < chunk->posts; i++)
        if (chunk->post[i].state != CLOSED || about[i] >= chunk->model->pairs) return -1;
    const Model *m = chunk->model;
    chunk->judgements = chunk->words_size = 0;
    append(chunk, m->heads + m->head[LABELS], (size_t)(m->head[LABELS + 1] - m->head[LABELS])); /* shared by many */
    for (int32_t i = 0; i < chunk->posts; i++) judge_post(chunk, i, about[i], per_pair != 0);
    return (int64_t)chunk->judgements;
}

const Judgement *netral_judgements(const Chunk *chunk, const double **support, const char **words) {
    *support = chunk->support;
    *words = (const char *)chunk->words;
    return chunk->judgement;
}
