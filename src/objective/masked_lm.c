/* Masked language models (Devlin et al. 2019): some tokens of a text are hidden, and must be told from all others. Only
 * their rows go through the output layer.
 *
 * Of the tokens of a text a share is chosen, at least one; or of its words, whose pieces then go together. What stands
 * for a chosen token is drawn for it alone: another token, itself, or <mask>. */
#include <string.h>

#include "objective/kind.h"
#include "op/op.h"

static void emit(s2s_plan *plan, const s2s_model *model) {
    s2s_slot states = s2s_gather_predicted(plan, s2s_encoder_emit(plan, model));
    s2s_linear_cross_entropy(plan, s2s_head_emit(plan, model, states), model->output.weight,
                             model->output.bias, model->recipe->objective.label_smoothing);
}

/* --- which tokens --- */

/* Whether a token begins what is chosen as one. Symbols are never chosen, and a line's end ends a word. */
static bool begins(const s2s_objective *o, const int32_t *ids, int i) {
    static const char blank[] = "\xe2\x96\x81"; /* U+2581, with which SentencePiece begins words */
    if (!o->recipe->whole_words || i == 0 || ids[i - 1] == o->eos) return true;
    return strncmp(s2s_vocabulary_piece(o->vocabulary, ids[i]), blank, 3) == 0;
}

static bool is_symbol(const s2s_objective *o, int32_t id) {
    return id == o->eos || id == o->bos || id == o->mask;
}

static int count_groups(const s2s_objective *o, const s2s_example *e) {
    int n = 0;
    for (int i = 0; i < e->source_length; i++)
        n += !is_symbol(o, e->source[i]) && begins(o, e->source, i);
    return n;
}

/* --- what stands for them --- */

/* Each piece of text is as likely. Few are none, so that the first draw or the second nearly always gives one; a vocabulary
 * that has next to none gets <mask>. */
static int32_t any_text(const s2s_objective *o, s2s_rng *rng) {
    uint64_t size = (uint64_t)s2s_vocabulary_size(o->vocabulary);
    for (int draws = 0; draws < 1000; draws++) {
        int32_t id = (int32_t)s2s_rng_below(rng, size);
        if (s2s_vocabulary_is_text(o->vocabulary, id)) return id;
    }
    return o->mask;
}

static int32_t stand_in(const s2s_objective *o, int32_t id, s2s_rng *rng) {
    double draw = s2s_rng_uniform(rng);
    if (draw < o->recipe->mask_random) return any_text(o, rng);
    return draw < o->recipe->mask_random + o->recipe->mask_kept ? id : o->mask;
}

/* Masks the text at tokens [row, row + length) of the stream. */
static void mask_text(const s2s_objective *o, const s2s_example *e, int row, s2s_rng *rng,
                      s2s_batch *batch) {
    int groups = count_groups(o, e), wanted = s2s_share_of(groups, o->recipe->mask_share, rng);
    if (wanted == 0) wanted = groups > 0;
    bool chosen = false;
    for (int i = 0; i < e->source_length; i++) {
        int32_t id = e->source[i];
        if (is_symbol(o, id)) continue;
        if (begins(o, e->source, i)) {
            chosen = s2s_choose(groups--, wanted, rng);
            wanted -= chosen;
        }
        if (!chosen) continue;
        batch->labels[batch->labels_n] = id;
        batch->predicted[batch->labels_n++] = row + i;
        batch->stream[S2S_SOURCE].ids[row + i] = stand_in(o, id, rng);
    }
}

/* --- batches --- */

static uint64_t key_of_text(const s2s_example *e) {
    uint64_t key = (uint64_t)e->source_length;
    for (int i = 0; i < e->source_length; i++) key = s2s_rng_mix(key, (uint64_t)e->source[i]);
    return key;
}

/* begin, ids, end */
static void collate(const void *self, const s2s_example *examples, int n, uint64_t key,
                    s2s_batch *batch) {
    const s2s_objective *o = self;
    s2s_stream *stream = &batch->stream[S2S_SOURCE];
    s2s_stream_clear(stream, 0);
    s2s_stream_clear(&batch->stream[S2S_TARGET], n);
    batch->labels_n = 0;
    for (int i = 0; i < n; i++) {
        const s2s_example *e = &examples[i];
        bool always = o->recipe->static_masks;
        s2s_rng rng = s2s_rng_init(always ? key_of_text(e) : key, always ? 0 : (uint64_t)i);
        s2s_stream_push(stream, &o->bos, 1);
        int row = stream->tokens;
        s2s_stream_push(stream, e->source, e->source_length);
        s2s_stream_push(stream, &o->eos, 1);
        s2s_stream_end(stream);
        mask_text(o, e, row, &rng, batch);
    }
}

static s2s_collator collator(const s2s_objective *objective) {
    return (s2s_collator){collate, objective};
}

const s2s_objective_kind s2s_masked_lm_kind = {emit, collator};
