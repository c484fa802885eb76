/* Causal language models (Radford et al. 2018, 2019): the probability of each token given those before it. A sequence
 * never sees another one: nothing needs to hide documents from each other. */
#include "objective/kind.h"
#include "op/op.h"

static void emit(s2s_plan *plan, const s2s_model *model) {
    s2s_slot states = s2s_decoder_emit(plan, model, S2S_NO_SLOT);
    s2s_linear_cross_entropy(plan, states, model->output.weight, model->output.bias,
                             model->recipe->objective.label_smoothing);
}

static void collate(const void *self, const s2s_example *examples, int n, uint64_t key,
                    s2s_batch *batch) {
    (void)key; /* nothing is drawn */
    s2s_pair_clear(batch);
    for (int i = 0; i < n; i++)
        s2s_target_write(self, examples[i].source, examples[i].source_length, batch);
    s2s_stream_clear(&batch->stream[S2S_SOURCE], n);
    batch->predicted = NULL;
}

static s2s_collator collator(const s2s_objective *objective) {
    return (s2s_collator){collate, objective};
}

const s2s_objective_kind s2s_causal_lm_kind = {emit, collator};
