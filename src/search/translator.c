/* See translator.h. */
#include "search/translator.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/thread.h"
#include "search/by_risk.h"
#include "search/ensemble.h"
#include "search/session.h"

/* What one thread translates with. */
typedef struct worker {
    s2s_session **sessions; /* [models] */
    s2s_ensemble *ensemble; /* NULL: there is one model */
    s2s_by_risk by_risk;    /* of this search; all zero: off */
} worker;

struct s2s_translator {
    s2s_ensemble_models models; /* its arrays are the translator's own */
    const s2s_vocabulary *source, *target;
    worker *workers;
    s2s_scorer *scorers; /* [workers] */
    int workers_n;
    s2s_shortlist shortlist; /* that the sessions use */
    char *shortlist_path;    /* NULL: none */
    s2s_translator_io io;
    s2s_search_recipe search;      /* that of the run, */
    s2s_search_recipe line_search; /* and that of the last line, if it has its own */
    int n_best;                    /* to give out */
    int longest;                   /* source tokens of the models, without end symbol */
    uint64_t truncated;
    s2s_ids ids;
    s2s_request_builder builder;
    s2s_decoded decoded;
    s2s_translation *best;
    size_t best_capacity;
};

/* --- life --- */

static s2s_ends ends_of(const s2s_translator *t) {
    return (s2s_ends){s2s_vocabulary_bos(t->target), s2s_vocabulary_eos(t->source),
                      s2s_vocabulary_eos(t->target), s2s_vocabulary_unk(t->target)};
}

static s2s_status open_worker(s2s_translator *t, worker *w, s2s_err *err) {
    size_t n = (size_t)t->models.n;
    w->sessions = calloc(n, sizeof *w->sessions);
    if (!w->sessions) return s2s_fail_memory(err, n * sizeof *w->sessions);
    for (size_t i = 0; i < n; i++)
        S2S_TRY(s2s_session_create(&w->sessions[i], t->models.models[i], ends_of(t), err));
    return S2S_OK;
}

/* The worker's scorer, which is made anew when its sessions learn to do something. */
static s2s_status make_scorer(const s2s_translator *t, worker *w, s2s_scorer *scorer,
                              s2s_err *err) {
    if (t->models.n == 1) {
        *scorer = s2s_session_scorer(w->sessions[0]);
        return S2S_OK;
    }
    size_t n = (size_t)t->models.n;
    s2s_scorer *members = calloc(n, sizeof *members);
    if (!members) return s2s_fail_memory(err, n * sizeof *members);
    for (size_t i = 0; i < n; i++) members[i] = s2s_session_scorer(w->sessions[i]);
    s2s_ensemble_free(w->ensemble);
    s2s_status status =
        s2s_ensemble_create(&w->ensemble, members, t->models.weights, t->models.n, err);
    if (status == S2S_OK) *scorer = s2s_ensemble_scorer(w->ensemble);
    free(members);
    return status;
}

/* One for each thread: see s2s_search_run. */
static s2s_status open_workers(s2s_translator *t, s2s_err *err) {
    size_t n = (size_t)s2s_threads();
    t->workers = calloc(n, sizeof *t->workers);
    t->scorers = calloc(n, sizeof *t->scorers);
    if (!t->workers || !t->scorers) return s2s_fail_memory(err, n * sizeof *t->scorers);
    for (; t->workers_n < (int)n; t->workers_n++) {
        worker *w = &t->workers[t->workers_n];
        s2s_status status = open_worker(t, w, err);
        if (status == S2S_OK) status = make_scorer(t, w, &t->scorers[t->workers_n], err);
        if (status == S2S_OK) continue;
        t->workers_n++; /* what it has is to be released */
        return status;
    }
    return S2S_OK;
}

static s2s_status keep_models(s2s_translator *t, s2s_ensemble_models models, s2s_err *err) {
    size_t n = (size_t)models.n;
    const s2s_model **kept = malloc(n * sizeof *kept);
    double *weights = malloc(n * sizeof *weights);
    t->models = (s2s_ensemble_models){kept, weights, models.n};
    if (!kept || !weights) return s2s_fail_memory(err, n * sizeof *weights);
    t->longest = INT_MAX;
    s2s_writing direction = models.models[0]->recipe->data.target_direction;
    t->builder.right_to_left = direction == S2S_RIGHT_TO_LEFT;
    for (int i = 0; i < models.n; i++) {
        kept[i] = models.models[i];
        weights[i] = models.weights ? models.weights[i] : 1;
        S2S_TRY(s2s_recipe_needs_targets(kept[i]->recipe, err));
        int longest = s2s_session_longest(&kept[i]->recipe->encoder) - 1;
        if (longest < t->longest) t->longest = longest;
        if (kept[i]->recipe->data.target_direction != direction)
            return s2s_fail(err, S2S_INPUT,
                            "model %d of the ensemble and the first write in opposite directions: "
                            "data.target_direction must be the same",
                            i + 1);
    }
    return S2S_OK;
}

s2s_status s2s_translator_create_ensemble(s2s_translator **created, s2s_ensemble_models models,
                                          const s2s_vocabulary *source,
                                          const s2s_vocabulary *target, s2s_err *err) {
    *created = NULL;
    s2s_translator *t = calloc(1, sizeof *t);
    if (!t) return s2s_fail_memory(err, sizeof *t);
    t->source = source;
    t->target = target;
    s2s_status status = keep_models(t, models, err);
    if (status == S2S_OK) status = open_workers(t, err);
    if (status == S2S_OK)
        *created = t;
    else
        s2s_translator_free(t);
    return status;
}

s2s_status s2s_translator_create(s2s_translator **translator, const s2s_model *model,
                                 const s2s_vocabulary *source, const s2s_vocabulary *target,
                                 s2s_err *err) {
    s2s_ensemble_models one = {&model, NULL, 1};
    return s2s_translator_create_ensemble(translator, one, source, target, err);
}

static void worker_release(const s2s_translator *t, worker *w) {
    s2s_ensemble_free(w->ensemble);
    s2s_by_risk_release(&w->by_risk);
    for (int i = 0; w->sessions && i < t->models.n; i++) s2s_session_free(w->sessions[i]);
    free(w->sessions);
}

static void release_shortlist(s2s_translator *t) {
    s2s_shortlist_close(&t->shortlist);
    free(t->shortlist_path);
    t->shortlist_path = NULL;
}

void s2s_translator_free(s2s_translator *t) {
    if (!t) return;
    for (int i = 0; i < t->workers_n; i++) worker_release(t, &t->workers[i]);
    free(t->workers);
    free(t->scorers);
    free((void *)t->models.models);
    free((void *)t->models.weights);
    release_shortlist(t);
    s2s_ids_release(&t->ids);
    s2s_request_builder_release(&t->builder);
    s2s_decoded_release(&t->decoded);
    free(t->best);
    free(t);
}

/* --- what it tells --- */

uint64_t s2s_translator_truncated(const s2s_translator *translator) {
    return translator->truncated;
}

void s2s_warn_of_truncated(s2s_log *log, uint64_t lines) {
    if (lines)
        s2s_log_warn(
            log,
            "lines that are longer than the model can read, or than search.max_source_length, "
            "and were cut: %" PRIu64 "; search.long_sources tells what is kept of them",
            lines);
}

/* What the search itself is to do. A recipe may ask for more than a model has positions. */
static s2s_search_recipe limited_search(const s2s_translator *t, const s2s_search_recipe *search) {
    s2s_search_recipe limited = *search;
    for (int i = 0; i < t->models.n; i++) {
        int longest = s2s_session_longest(&t->models.models[i]->recipe->decoder);
        if (limited.max_decoding_length > longest) limited.max_decoding_length = longest;
    }
    if (limited.max_source_length < 1 || limited.max_source_length > t->longest)
        limited.max_source_length = t->longest;
    if (search->mbr != S2S_METRIC_LOSS) limited.n_best = search->mbr_candidates;
    return limited;
}

/* --- lines in, texts out --- */

static s2s_status next_source(void *self, const s2s_request **request, bool *more, s2s_err *err) {
    static const s2s_line_terms nothing = {0};
    s2s_translator *t = self;
    const char *line;
    size_t length;
    S2S_TRY(t->io.next(t->io.self, &line, &length, more, err));
    if (!*more) return S2S_OK;
    const s2s_line_terms *terms = t->io.terms ? t->io.terms(t->io.self) : &nothing;
    if (terms->search) t->line_search = limited_search(t, terms->search);
    const s2s_search_recipe *search = terms->search ? &t->line_search : &t->search;
    t->ids.size = 0;
    const s2s_cut cut = {.keep = search->long_sources,
                         .most = (size_t)search->max_source_length,
                         .head_share = search->head_share};
    bool was_cut;
    S2S_TRY(s2s_vocabulary_encode_cut(t->source, line, length, &cut, &t->ids, &was_cut, err));
    t->truncated += was_cut;
    S2S_TRY(s2s_request_build(&t->builder, terms, search->suppress_tokens, t->target, err));
    if (terms->search) t->builder.request.recipe = search;
    t->builder.request.ids = t->ids.data;
    t->builder.request.n = (int)t->ids.size;
    *request = &t->builder.request;
    return S2S_OK;
}

static s2s_status hypotheses_done(void *self, uint64_t index, const s2s_hypothesis *best, int n,
                                  s2s_err *err) {
    s2s_translator *t = self;
    S2S_TRY(s2s_decoded_fill(&t->decoded, t->target, best, n, err));
    S2S_TRY(s2s_grow(&t->best, &t->best_capacity, (size_t)n, sizeof *t->best, err));
    for (int i = 0; i < n; i++) {
        s2s_segment text = t->decoded.texts[i];
        t->best[i] = (s2s_translation){text.text, text.length, best[i].score, &best[i]};
    }
    return t->io.done(t->io.self, index, t->best, n, err);
}

/* --- minimum Bayes risk --- */

/* By the worker that found them: it takes longer than the search. */
static s2s_status choose_by_risk(void *self, int number, s2s_hypothesis *best, int *n,
                                 s2s_err *err) {
    s2s_translator *t = self;
    S2S_TRY(s2s_by_risk_sort(&t->workers[number].by_risk, best, *n, err));
    if (*n > t->n_best) *n = t->n_best;
    return S2S_OK;
}

static s2s_status prepare_risk(s2s_translator *t, s2s_metric_type metric, s2s_err *err) {
    for (int i = 0; i < t->workers_n; i++) {
        s2s_by_risk *by_risk = &t->workers[i].by_risk;
        s2s_by_risk_release(by_risk);
        if (metric != S2S_METRIC_LOSS) S2S_TRY(s2s_by_risk_init(by_risk, metric, t->target, err));
    }
    return S2S_OK;
}

/* --- the shortlist --- */

static void take_shortlist(s2s_translator *t, const s2s_shortlist *shortlist) {
    for (int i = 0; i < t->workers_n; i++)
        for (int m = 0; m < t->models.n; m++)
            s2s_session_use_shortlist(t->workers[i].sessions[m], shortlist);
}

/* One search after the other may use the same: some have a single line. */
static s2s_status use_shortlist(s2s_translator *t, const char *path, s2s_err *err) {
    const char *used = t->shortlist_path;
    if (path && used ? !strcmp(path, used) : !path && !used) return S2S_OK;
    take_shortlist(t, NULL);
    release_shortlist(t);
    if (!path) return S2S_OK;
    S2S_TRY(s2s_shortlist_open(&t->shortlist, path, t->source, t->target, err));
    t->shortlist_path = strdup(path);
    if (!t->shortlist_path) return s2s_fail_memory(err, strlen(path));
    take_shortlist(t, &t->shortlist);
    return S2S_OK;
}

/* --- the run --- */

static s2s_status want_attention(s2s_translator *t, bool wanted, s2s_err *err) {
    for (int i = 0; i < t->workers_n; i++) {
        worker *w = &t->workers[i];
        for (int m = 0; m < t->models.n; m++) s2s_session_keep_attention(w->sessions[m], wanted);
        S2S_TRY(make_scorer(t, w, &t->scorers[i], err));
    }
    return S2S_OK;
}

s2s_status s2s_translator_check(s2s_translator *t, const s2s_search_recipe *search,
                                const s2s_line_terms *terms, s2s_err *err) {
    const s2s_search_recipe *own = terms->search ? terms->search : search;
    if (own->mbr != search->mbr || (own->mbr != S2S_METRIC_LOSS && own->n_best != search->n_best))
        return s2s_fail(err, S2S_USAGE,
                        "search.mbr, and with it search.n_best, is for all lines or none");
    s2s_search_recipe limited = limited_search(t, own);
    S2S_TRY(s2s_request_build(&t->builder, terms, limited.suppress_tokens, t->target, err));
    return s2s_search_check(t->scorers, &limited, terms->required.n > 0, err);
}

static s2s_status prepare(s2s_translator *t, const s2s_search_recipe *search, s2s_err *err) {
    t->search = limited_search(t, search);
    t->n_best = (int)search->n_best;
    S2S_TRY(prepare_risk(t, search->mbr, err));
    /* Suppressed pieces are checked before input is awaited. */
    const s2s_line_terms nothing = {0};
    S2S_TRY(s2s_request_build(&t->builder, &nothing, search->suppress_tokens, t->target, err));
    S2S_TRY(use_shortlist(t, search->shortlist, err));
    return want_attention(t, t->io.attention || search->coverage_penalty > 0, err);
}

s2s_status s2s_translator_run(s2s_translator *t, const s2s_search_recipe *search,
                              s2s_translator_io io, s2s_err *err) {
    t->io = io;
    S2S_TRY(prepare(t, search, err));
    s2s_search_io search_io = {.self = t,
                               .attention = io.attention,
                               .next = next_source,
                               .found = search->mbr != S2S_METRIC_LOSS ? choose_by_risk : NULL,
                               .done = hypotheses_done};
    return s2s_search_run(t->scorers, t->workers_n, &t->search, search_io, err);
}
