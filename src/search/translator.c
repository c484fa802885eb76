/* See translator.h. */
#include "search/translator.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/thread.h"
#include "search/session.h"

struct s2s_translator {
    const s2s_recipe *recipe; /* the model's */
    const s2s_vocabulary *source, *target;
    s2s_session **sessions; /* [workers] */
    s2s_scorer *scorers;    /* [workers] */
    int workers;
    s2s_translator_io io;
    int longest, limit; /* source tokens without end symbol: of the model, of this search */
    uint64_t truncated;
    s2s_ids ids;
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
                     s2s_vocabulary_eos(target)};
    s2s_status status = open_sessions(t, model, ends, err);
    if (status == S2S_OK)
        *created = t;
    else
        s2s_translator_free(t);
    return status;
}

void s2s_translator_free(s2s_translator *translator) {
    if (!translator) return;
    for (int i = 0; i < translator->workers; i++) s2s_session_free(translator->sessions[i]);
    free(translator->sessions);
    free(translator->scorers);
    s2s_ids_release(&translator->ids);
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

static s2s_status next_source(void *self, const int32_t **ids, int *n, bool *more, s2s_err *err) {
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
    *ids = t->ids.data;
    *n = (int)t->ids.size;
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
        t->best[i] = (s2s_translation){NULL,          t->text.size - begin, best[i].log_probability,
                                       best[i].score, best[i].ended,        best[i].length};
    }
    const char *text = t->text.data ? t->text.data : "";
    for (int i = 0; i < n; i++) {
        t->best[i].text = text;
        text += t->best[i].length;
    }
    return t->io.done(t->io.self, index, t->best, n, err);
}

s2s_status s2s_translator_run(s2s_translator *translator, const s2s_search_recipe *search,
                              s2s_translator_io io, s2s_err *err) {
    translator->io = io;
    s2s_search_recipe limited = *search;
    /* The command line may ask for more than the model has positions. */
    int longest = s2s_session_longest(&translator->recipe->decoder);
    if (limited.max_decoding_length > longest) limited.max_decoding_length = longest;
    bool wished = search->max_source_length > 0 && search->max_source_length < translator->longest;
    translator->limit = wished ? (int)search->max_source_length : translator->longest;
    s2s_search_io search_io = {translator, next_source, hypotheses_done};
    return s2s_search_run(translator->scorers, translator->workers, &limited, search_io, err);
}
