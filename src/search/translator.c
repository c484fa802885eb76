/* See translator.h. */
#include "search/translator.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/thread.h"
#include "search/session.h"

struct s2s_translator {
    const s2s_recipe *recipe; /* the model's */
    const s2s_vocabulary *source, *target;
    s2s_shortlist shortlist; /* that the sessions use */
    char *shortlist_path;    /* NULL: none */
    s2s_session **sessions;  /* [workers] */
    s2s_scorer *scorers;     /* [workers] */
    int workers;
    s2s_translator_io io;
    s2s_string_list suppressed; /* of this search */
    int longest, limit;         /* source tokens without end symbol: of the model, of this search */
    uint64_t truncated;
    s2s_ids ids;
    s2s_request_builder builder;
    s2s_buf text;
    s2s_translation *best;
    size_t best_capacity;
};

/* One for each thread: see s2s_search_run. */
static s2s_status open_sessions(s2s_translator *t, const s2s_model *model, s2s_ends ends,
                                s2s_err *err) {
    size_t n = (size_t)s2s_threads();
    t->sessions = calloc(n, sizeof *t->sessions);
    t->scorers = calloc(n, sizeof *t->scorers);
    if (!t->sessions || !t->scorers) return s2s_fail_memory(err, n * sizeof *t->scorers);
    for (; t->workers < (int)n; t->workers++) {
        S2S_TRY(s2s_session_create(t->sessions + t->workers, model, ends, err));
        t->scorers[t->workers] = s2s_session_scorer(t->sessions[t->workers]);
    }
    return S2S_OK;
}

s2s_status s2s_translator_create(s2s_translator **created, const s2s_model *model,
                                 const s2s_vocabulary *source, const s2s_vocabulary *target,
                                 s2s_err *err) {
    *created = NULL;
    s2s_translator *t = calloc(1, sizeof *t);
    if (!t) return s2s_fail_memory(err, sizeof *t);
    *t = (s2s_translator){.source = source, .target = target, .recipe = model->recipe};
    t->longest = s2s_session_longest(&model->recipe->encoder) - 1;
    s2s_ends ends = {s2s_vocabulary_bos(target), s2s_vocabulary_eos(source),
                     s2s_vocabulary_eos(target), s2s_vocabulary_unk(target)};
    s2s_status status = open_sessions(t, model, ends, err);
    if (status == S2S_OK)
        *created = t;
    else
        s2s_translator_free(t);
    return status;
}

static void take_shortlist(s2s_translator *t, const s2s_shortlist *shortlist) {
    for (int i = 0; i < t->workers; i++) s2s_session_use_shortlist(t->sessions[i], shortlist);
}

static void close_shortlist(s2s_translator *t) {
    take_shortlist(t, NULL);
    s2s_shortlist_close(&t->shortlist);
    free(t->shortlist_path);
    t->shortlist_path = NULL;
}

void s2s_translator_free(s2s_translator *translator) {
    if (!translator) return;
    close_shortlist(translator);
    for (int i = 0; i < translator->workers; i++) s2s_session_free(translator->sessions[i]);
    free(translator->sessions);
    free(translator->scorers);
    s2s_ids_release(&translator->ids);
    s2s_request_builder_release(&translator->builder);
    s2s_buf_release(&translator->text);
    free(translator->best);
    free(translator);
}

uint64_t s2s_translator_truncated(const s2s_translator *translator) {
    return translator->truncated;
}

void s2s_warn_of_truncated(s2s_log *log, uint64_t lines) {
    if (lines)
        s2s_log_warn(
            log,
            "lines that are longer than the model can read, or than search.max_source_length, "
            "and were cut: %" PRIu64,
            lines);
}

static s2s_status next_source(void *self, const s2s_request **request, bool *more, s2s_err *err) {
    static const s2s_line_terms nothing = {0};
    s2s_translator *t = self;
    const char *line;
    size_t length;
    S2S_TRY(t->io.next(t->io.self, &line, &length, more, err));
    if (!*more) return S2S_OK;
    t->ids.size = 0;
    bool cut;
    S2S_TRY(
        s2s_vocabulary_encode_most(t->source, line, length, (size_t)t->limit, &t->ids, &cut, err));
    t->truncated += cut;
    const s2s_line_terms *terms = t->io.terms ? t->io.terms(t->io.self) : &nothing;
    S2S_TRY(s2s_request_build(&t->builder, terms, t->suppressed, t->target, err));
    t->builder.request.ids = t->ids.data;
    t->builder.request.n = (int)t->ids.size;
    *request = &t->builder.request;
    return S2S_OK;
}

/* All texts go into one buffer; where each begins is known only when it no longer moves. */
static s2s_status hypotheses_done(void *self, uint64_t index, const s2s_hypothesis *best, int n,
                                  s2s_err *err) {
    s2s_translator *t = self;
    S2S_TRY(s2s_grow(&t->best, &t->best_capacity, (size_t)n, sizeof *t->best, err));
    t->text.size = 0;
    for (int i = 0; i < n; i++) {
        size_t begin = t->text.size;
        S2S_TRY(
            s2s_vocabulary_decode(t->target, best[i].ids, (size_t)best[i].length, &t->text, err));
        t->best[i] = (s2s_translation){NULL, t->text.size - begin, &best[i]};
    }
    const char *text = t->text.data ? t->text.data : "";
    for (int i = 0; i < n; i++) {
        t->best[i].text = text;
        text += t->best[i].length;
    }
    return t->io.done(t->io.self, index, t->best, n, err);
}

/* One search after the other may use the same: some have a single line. */
static s2s_status use_shortlist(s2s_translator *t, const char *path, s2s_err *err) {
    const char *used = t->shortlist_path;
    if (path && used ? !strcmp(path, used) : !path && !used) return S2S_OK;
    close_shortlist(t);
    if (!path) return S2S_OK;
    S2S_TRY(s2s_shortlist_open(&t->shortlist, path, t->source, t->target, err));
    t->shortlist_path = strdup(path);
    if (!t->shortlist_path) return s2s_fail_memory(err, strlen(path));
    take_shortlist(t, &t->shortlist);
    return S2S_OK;
}

static void want_attention(s2s_translator *t, bool wanted) {
    for (int i = 0; i < t->workers; i++) {
        s2s_session_keep_attention(t->sessions[i], wanted);
        t->scorers[i] = s2s_session_scorer(t->sessions[i]);
    }
}

/* The command line may ask for more than the model has positions. */
static s2s_search_recipe limited_search(const s2s_translator *t, const s2s_search_recipe *search) {
    s2s_search_recipe limited = *search;
    int longest = s2s_session_longest(&t->recipe->decoder);
    if (limited.max_decoding_length > longest) limited.max_decoding_length = longest;
    return limited;
}

s2s_status s2s_translator_check(s2s_translator *t, const s2s_search_recipe *search,
                                const s2s_line_terms *terms, s2s_err *err) {
    s2s_search_recipe limited = limited_search(t, terms->search ? terms->search : search);
    S2S_TRY(s2s_request_build(&t->builder, terms, limited.suppress_tokens, t->target, err));
    return s2s_search_check(t->scorers, &limited, terms->required.n > 0, err);
}

s2s_status s2s_translator_run(s2s_translator *translator, const s2s_search_recipe *search,
                              s2s_translator_io io, s2s_err *err) {
    translator->io = io;
    S2S_TRY(use_shortlist(translator, search->shortlist, err));
    s2s_search_recipe limited = limited_search(translator, search);
    translator->suppressed = limited.suppress_tokens;
    bool wished = search->max_source_length > 0 && search->max_source_length < translator->longest;
    translator->limit = wished ? (int)search->max_source_length : translator->longest;
    want_attention(translator, io.attention || search->coverage_penalty > 0);
    s2s_search_io search_io = {translator, io.attention, next_source, hypotheses_done};
    return s2s_search_run(translator->scorers, translator->workers, &limited, search_io, err);
}
