/* See forced.h. */
#include "score/forced.h"

#include <stdlib.h>

#include "base/thread.h"
#include "op/op.h"
#include "tensor/run.h"

struct s2s_forced {
    const s2s_model *model;
    s2s_translation_symbols symbols;
    s2s_collator collator; /* borrows the symbols */
    s2s_plan *plan;
    s2s_slot log_probability; /* T x 1 */
    s2s_run *run;
    s2s_batch batch;
    int32_t *arrays;       /* what the batch points to */
    int tokens, sequences; /* that there is room for, of each side */
};

s2s_status s2s_forced_create(s2s_forced **created, const s2s_model *model,
                             s2s_translation_symbols symbols, s2s_err *err) {
    *created = NULL;
    s2s_forced *f = calloc(1, sizeof *f);
    if (!f) return s2s_fail_memory(err, sizeof *f);
    f->model = model;
    f->symbols = symbols;
    f->collator = s2s_translation_collator(&f->symbols);
    s2s_status status = s2s_plan_create(&f->plan, &model->params, err);
    if (status != S2S_OK) {
        s2s_forced_free(f);
        return status;
    }
    s2s_slot states = s2s_decoder_emit(f->plan, model, s2s_encoder_emit(f->plan, model));
    f->log_probability =
        s2s_label_log_probability(f->plan, states, model->output.weight, model->output.bias);
    *created = f; /* a failure of emitting is told by the run */
    return S2S_OK;
}

void s2s_forced_free(s2s_forced *forced) {
    if (!forced) return;
    s2s_run_free(forced->run);
    s2s_plan_free(forced->plan);
    free(forced->arrays);
    free(forced);
}

/* --- memory --- */

static s2s_status make_arrays(s2s_forced *f, s2s_err *err) {
    size_t tokens = (size_t)f->tokens, starts = (size_t)f->sequences + 1;
    size_t bytes = (3 * tokens + 2 * starts) * sizeof *f->arrays;
    free(f->arrays);
    f->arrays = malloc(bytes);
    if (!f->arrays) return s2s_fail_memory(err, bytes);
    s2s_stream *source = f->batch.stream + S2S_SOURCE, *target = f->batch.stream + S2S_TARGET;
    source->ids = f->arrays;
    target->ids = source->ids + tokens;
    f->batch.labels = target->ids + tokens;
    source->starts = f->batch.labels + tokens;
    target->starts = source->starts + starts;
    return S2S_OK;
}

static int at_least_half_more(int needed, int now) {
    int grown = now + now / 2;
    return needed <= now ? now : needed > grown ? needed : grown;
}

/* Room for a batch, and for all threads. */
static s2s_status reserve(s2s_forced *f, int tokens, int sequences, s2s_err *err) {
    bool fits = tokens <= f->tokens && sequences <= f->sequences;
    if (f->run && fits && s2s_threads() <= f->run->threads) return S2S_OK;
    f->tokens = at_least_half_more(tokens, f->tokens);
    f->sequences = at_least_half_more(sequences, f->sequences);
    s2s_run_free(f->run);
    f->run = NULL;
    S2S_TRY(make_arrays(f, err));
    const int most[S2S_ROWS_KINDS] = {[S2S_ROWS_SOURCE] = f->tokens,
                                      [S2S_ROWS_TARGET] = f->tokens,
                                      [S2S_ROWS_PREDICTED] = f->tokens,
                                      [S2S_ROWS_SEQUENCES] = f->sequences};
    return s2s_run_create(&f->run, f->plan, &f->model->params, S2S_KEEP_NOTHING, most, err);
}

/* --- a batch --- */

s2s_status s2s_forced_run(s2s_forced *f, const s2s_example *pairs, int n,
                          const s2s_real **log_probabilities, s2s_err *err) {
    int source = n, target = n; /* each has a symbol besides its tokens */
    for (int i = 0; i < n; i++) {
        source += pairs[i].source_length;
        target += pairs[i].target_length;
    }
    S2S_TRY(reserve(f, source > target ? source : target, n, err));
    f->collator.collate(f->collator.self, pairs, n, 0, &f->batch);
    S2S_TRY(s2s_run_bind(f->run, &f->batch, 0, err));
    s2s_run_forward(f->run);
    *log_probabilities = s2s_value(f->run, f->log_probability).data;
    return S2S_OK;
}
