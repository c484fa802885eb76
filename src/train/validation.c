/* See validation.h. */
#include "train/validation.h"

#include "base/interrupt.h"
#include "data/corpus.h"
#include "data/loader.h"
#include "metric/metric.h"
#include "search/translator.h"
#include "tensor/run.h"

/* --- loss --- */

static s2s_status sum_losses(s2s_validation_result *result, s2s_run *run, s2s_loader *loader,
                             s2s_err *err) {
    double loss = 0, hits = 0, labels = 0;
    for (;;) {
        const s2s_batch *batch;
        s2s_cursor cursor;
        S2S_TRY(s2s_loader_next(loader, &batch, &cursor, err));
        if (!batch) break;
        if (s2s_interrupted())
            return s2s_fail(err, S2S_INTERRUPTED, "interrupted during validation");
        S2S_TRY(s2s_run_bind(run, batch, 0, err));
        s2s_run_forward(run);
        loss += run->loss;
        hits += run->hits;
        labels += batch->labels_n;
    }
    result->loss = labels > 0 ? loss / labels : 0;
    result->accuracy = labels > 0 ? hits / labels : 0;
    return S2S_OK;
}

s2s_status s2s_validation_loss(s2s_validation_result *result, s2s_model *model,
                               const s2s_objective *objective, const s2s_dataset *dataset,
                               int64_t max_tokens, s2s_err *err) {
    s2s_plan *plan = NULL;
    s2s_run *run = NULL;
    s2s_loader *loader = NULL;
    int most[S2S_ROWS_KINDS];
    for (int i = 0; i < S2S_ROWS_KINDS; i++) most[i] = (int)max_tokens;
    s2s_loader_options options = {.batch_tokens = max_tokens, .ranks = 1};
    s2s_status status = s2s_plan_create(&plan, &model->params, err);
    if (status == S2S_OK) {
        s2s_objective_emit(plan, model);
        status = s2s_run_create(&run, plan, &model->params, S2S_KEEP_NOTHING, most, err);
    }
    if (status == S2S_OK)
        status = s2s_loader_create(&loader, dataset, objective->collator, options,
                                   (s2s_cursor){0, 0}, err);
    if (status == S2S_OK) status = sum_losses(result, run, loader, err);
    s2s_loader_free(loader);
    s2s_run_free(run);
    s2s_plan_free(plan);
    return status;
}

/* --- scores --- */

/* The corpora are read twice side by side: sources for the translator, references for the metrics. */
typedef struct scoring {
    const s2s_corpora *corpora;
    s2s_corpus_reader *sources, *references;
    int source_corpus, reference_corpus;
    s2s_metric **metrics;
    int n;
    double done;
    uint64_t truncated; /* sources */
    s2s_log *log;
} scoring;

static s2s_status next_pair(const scoring *s, s2s_corpus_reader **reader, int *corpus,
                            s2s_pair *pair, bool *more, s2s_err *err) {
    *more = false;
    while (!*more && *corpus < s->corpora->n) {
        if (!*reader) S2S_TRY(s2s_corpus_open(reader, s->corpora->items + *corpus, err));
        S2S_TRY(s2s_corpus_next(*reader, pair, more, err));
        if (*more) return S2S_OK;
        s2s_corpus_close(*reader);
        *reader = NULL;
        ++*corpus;
    }
    return S2S_OK;
}

static s2s_status next_line(void *self, const char **line, size_t *length, bool *more,
                            s2s_err *err) {
    scoring *s = self;
    s2s_pair pair = {0};
    S2S_TRY(next_pair(s, &s->sources, &s->source_corpus, &pair, more, err));
    *line = pair.source;
    *length = pair.source_length;
    return S2S_OK;
}

/* All targets of a pair; how many there are. */
static int take_references(const s2s_pair *pair, s2s_segment references[S2S_MOST_TARGETS]) {
    references[0] = (s2s_segment){pair->target, pair->target_length};
    for (int i = 0; i < pair->more_n; i++)
        references[i + 1] = (s2s_segment){pair->more[i].text, pair->more[i].length};
    return 1 + pair->more_n;
}

static s2s_status line_done(void *self, uint64_t index, const s2s_translation *best, int n,
                            s2s_err *err) {
    (void)index;
    (void)n;
    scoring *s = self;
    s2s_pair pair = {0};
    bool more;
    S2S_TRY(next_pair(s, &s->references, &s->reference_corpus, &pair, &more, err));
    if (!more) return s2s_fail(err, S2S_INPUT, "the validation corpus changed while it was read");
    s2s_segment hypothesis = {best->text, best->length}, references[S2S_MOST_TARGETS];
    int references_n = take_references(&pair, references);
    for (int i = 0; i < s->n; i++)
        S2S_TRY(s2s_metric_add(s->metrics[i], hypothesis, references, references_n, err));
    s->done++;
    s2s_log_progress(s->log, s->done, 0, "translating line %.0f", s->done);
    return S2S_OK;
}

static s2s_status translate_and_score(scoring *s, s2s_model *model, s2s_vocabularies vocabularies,
                                      const s2s_search_recipe *search, s2s_err *err) {
    s2s_translator *translator = NULL;
    s2s_translator_io io = {.self = s, .next = next_line, .done = line_done};
    s2s_search_recipe whole = *search;
    whole.shortlist = NULL; /* it comes after the model, whose scores these are */
    s2s_status status = s2s_params_pack(&model->params, S2S_WEIGHT_FLOAT32, err);
    if (status == S2S_OK)
        status = s2s_translator_create(&translator, model, vocabularies.source, vocabularies.target,
                                       err);
    if (status == S2S_OK) status = s2s_translator_run(translator, &whole, io, err);
    if (translator) s->truncated = s2s_translator_truncated(translator);
    s2s_translator_free(translator);
    s2s_params_unpack(&model->params); /* training goes on with the values */
    s2s_log_progress_end(s->log);
    return status;
}

s2s_status s2s_validation_scores(double *scores, uint64_t *truncated, s2s_model *model,
                                 s2s_vocabularies vocabularies, const s2s_corpora *corpora,
                                 const s2s_search_recipe *search, const s2s_metric_type *metrics,
                                 int n, s2s_log *log, s2s_err *err) {
    s2s_metric *made[S2S_METRIC_TYPES] = {NULL};
    scoring s = {.corpora = corpora, .metrics = made, .n = n, .log = log};
    s2s_status status = S2S_OK;
    s2s_metric_options options = S2S_METRIC_DEFAULTS;
    options.lowercase = model->recipe->text.lowercase; /* such a model can only be scored so */
    for (int i = 0; i < n && status == S2S_OK; i++)
        status = s2s_metric_create(made + i, metrics[i], &options, err);
    if (status == S2S_OK) status = translate_and_score(&s, model, vocabularies, search, err);
    for (int i = 0; i < n; i++) {
        if (status == S2S_OK) scores[i] = s2s_metric_result(made[i]).value;
        s2s_metric_free(made[i]);
    }
    *truncated = s.truncated;
    s2s_corpus_close(s.sources);
    s2s_corpus_close(s.references);
    return status;
}
