/* Prefix language models (Raffel et al. 2020, section 3.2): a text is cut at a place drawn at random; the encoder reads
 * its head, and the decoder writes its tail. */
#include "objective/kind.h"

/* Each side gets a token at least; of a text that has one the decoder writes it. */
static void collate(const void *self, const s2s_example *examples, int n, uint64_t key,
                    s2s_batch *batch) {
    const s2s_objective *o = self;
    s2s_pair_clear(batch);
    for (int i = 0; i < n; i++) {
        const s2s_example *e = &examples[i];
        s2s_rng rng = s2s_rng_init(key, (uint64_t)i);
        int length = e->source_length, head = 0;
        if (length > 1) head = 1 + (int)s2s_rng_below(&rng, (uint64_t)(length - 1));
        s2s_stream_push(&batch->stream[S2S_SOURCE], e->source, head);
        s2s_source_end(o, batch);
        s2s_target_write(o, e->source + head, length - head, batch);
    }
    batch->predicted = NULL;
}

static s2s_collator collator(const s2s_objective *objective) {
    return (s2s_collator){collate, objective};
}

const s2s_objective_kind s2s_prefix_lm_kind = {s2s_pair_emit, collator};
