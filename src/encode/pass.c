/* See pass.h. */
#include "encode/pass.h"

#include <stdlib.h>

#include "base/thread.h"
#include "data/loader.h"

struct s2s_encode_pass {
    const s2s_model *model;
    int32_t mask;
    s2s_plan *plan;
    s2s_slot result;
    s2s_run *run;
    s2s_batch batch;
    int32_t *arrays;               /* what the batch points to */
    int tokens, hidden, sequences; /* that there is room for */
};

s2s_status s2s_encode_pass_create(s2s_encode_pass **created, const s2s_model *model,
                                  s2s_encode_emit emit, int32_t mask, s2s_err *err) {
    *created = NULL;
    s2s_encode_pass *p = calloc(1, sizeof *p);
    if (!p) return s2s_fail_memory(err, sizeof *p);
    p->model = model;
    p->mask = mask;
    s2s_status status = s2s_plan_create(&p->plan, &model->params, err);
    if (status != S2S_OK) {
        s2s_encode_pass_free(p);
        return status;
    }
    p->result = emit(p->plan, model, s2s_encoder_emit(p->plan, model));
    *created = p; /* a failure of emitting is told by the run */
    return S2S_OK;
}

void s2s_encode_pass_free(s2s_encode_pass *pass) {
    if (!pass) return;
    s2s_run_free(pass->run);
    s2s_plan_free(pass->plan);
    free(pass->arrays);
    free(pass);
}

/* --- memory --- */

/* The target's stream stays empty: no sequence, and no token. */
static s2s_status make_arrays(s2s_encode_pass *p, s2s_err *err) {
    size_t tokens = (size_t)p->tokens, hidden = (size_t)p->hidden;
    size_t bytes = (tokens + 2 * hidden + (size_t)p->sequences + 2) * sizeof *p->arrays;
    free(p->arrays);
    p->arrays = malloc(bytes);
    if (!p->arrays) return s2s_fail_memory(err, bytes);
    s2s_stream *source = p->batch.stream + S2S_SOURCE, *target = p->batch.stream + S2S_TARGET;
    source->ids = p->arrays;
    p->batch.labels = source->ids + tokens;
    p->batch.predicted = p->batch.labels + hidden;
    target->starts = p->batch.predicted + hidden;
    source->starts = target->starts + 1;
    s2s_stream_clear(target, 0);
    return S2S_OK;
}

static int at_least_half_more(int needed, int now) {
    int grown = now + now / 2;
    return needed <= now ? now : needed > grown ? needed : grown;
}

/* Room for a batch, and for all threads. */
static s2s_status reserve(s2s_encode_pass *p, int tokens, int hidden, int sequences, s2s_err *err) {
    bool fits = tokens <= p->tokens && hidden <= p->hidden && sequences <= p->sequences;
    if (p->run && fits && s2s_threads() <= p->run->threads) return S2S_OK;
    p->tokens = at_least_half_more(tokens, p->tokens);
    p->hidden = at_least_half_more(hidden, p->hidden);
    p->sequences = at_least_half_more(sequences, p->sequences);
    s2s_run_free(p->run);
    p->run = NULL;
    S2S_TRY(make_arrays(p, err));
    const int most[S2S_ROWS_KINDS] = {[S2S_ROWS_SOURCE] = p->tokens,
                                      [S2S_ROWS_PREDICTED] = p->hidden,
                                      [S2S_ROWS_SEQUENCES] = p->sequences};
    return s2s_run_create(&p->run, p->plan, &p->model->params, S2S_KEEP_NOTHING, most, err);
}

/* --- a batch --- */

/* Hidden tokens become labels. */
static void add_text(s2s_encode_pass *p, const s2s_encode_text *text) {
    s2s_stream *stream = p->batch.stream + S2S_SOURCE;
    int first = stream->tokens;
    s2s_stream_push(stream, text->ids, text->n);
    s2s_stream_end(stream);
    for (int i = 0; i < text->hidden_n; i++) {
        int row = first + text->hidden[i];
        p->batch.labels[p->batch.labels_n] = stream->ids[row];
        p->batch.predicted[p->batch.labels_n++] = row;
        stream->ids[row] = p->mask;
    }
}

s2s_status s2s_encode_pass_run(s2s_encode_pass *p, const s2s_encode_text *texts, int n,
                               s2s_tensor *rows, s2s_err *err) {
    int tokens = 0, hidden = 0;
    for (int i = 0; i < n; i++) {
        tokens += texts[i].n;
        hidden += texts[i].hidden_n;
    }
    S2S_TRY(reserve(p, tokens, hidden, n, err));
    s2s_stream_clear(p->batch.stream + S2S_SOURCE, 0);
    p->batch.labels_n = 0;
    for (int i = 0; i < n; i++) add_text(p, texts + i);
    S2S_TRY(s2s_run_bind(p->run, &p->batch, 0, err));
    s2s_run_forward(p->run);
    *rows = s2s_value(p->run, p->result);
    return S2S_OK;
}
