/* What the objectives over encoder and decoder share, and how objectives draw. See kind.h. */
#include <string.h>

#include "objective/kind.h"
#include "op/op.h"

void s2s_pair_emit(s2s_plan *plan, const s2s_model *model) {
    s2s_slot memory = s2s_encoder_emit(plan, model);
    s2s_slot states = s2s_decoder_emit(plan, model, memory);
    s2s_linear_cross_entropy(plan, states, model->output.weight, model->output.bias,
                             model->recipe->objective.label_smoothing);
}

/* --- batches --- */

void s2s_pair_clear(s2s_batch *batch) {
    s2s_stream_clear(&batch->stream[S2S_SOURCE], 0);
    s2s_stream_clear(&batch->stream[S2S_TARGET], 0);
    batch->labels_n = 0;
}

void s2s_source_end(const s2s_objective *o, s2s_batch *batch) {
    s2s_stream_push(&batch->stream[S2S_SOURCE], &o->eos, 1);
    s2s_stream_end(&batch->stream[S2S_SOURCE]);
}

void s2s_target_write(const s2s_objective *o, const int32_t *ids, int n, s2s_batch *batch) {
    s2s_stream *target = &batch->stream[S2S_TARGET];
    int32_t *labels = batch->labels + batch->labels_n;
    if (n) memmove(labels, ids, (size_t)n * sizeof *labels);
    labels[n] = o->eos;
    batch->labels_n += n + 1;
    s2s_stream_push(target, &o->bos, 1);
    s2s_stream_push(target, labels, n);
    s2s_stream_end(target);
}

/* --- draws --- */

int s2s_share_of(int n, double share, s2s_rng *rng) {
    return (int)(share * n + s2s_rng_uniform(rng));
}

bool s2s_choose(int left, int wanted, s2s_rng *rng) {
    return s2s_rng_below(rng, (uint64_t)left) < (uint64_t)wanted;
}
