/* From examples to the batch of a translation step. See loader.h. */
#include <string.h>

#include "data/loader.h"

static void begin(s2s_stream *stream) {
    stream->sequences = stream->tokens = 0;
    stream->starts[0] = 0;
}

static void push(s2s_stream *stream, const int32_t *ids, int n) {
    if (n) memcpy(stream->ids + stream->tokens, ids, (size_t)n * sizeof *ids);
    stream->tokens += n;
}

static void end_sequence(s2s_stream *stream) {
    stream->starts[++stream->sequences] = stream->tokens;
}

static void collate(const void *self, const s2s_example *examples, int n, uint64_t key,
                    s2s_batch *batch) {
    (void)key; /* nothing is drawn */
    const s2s_translation_symbols *symbols = self;
    s2s_stream *source = &batch->stream[S2S_SOURCE], *target = &batch->stream[S2S_TARGET];
    begin(source);
    begin(target);
    for (int i = 0; i < n; i++) {
        const s2s_example *e = &examples[i];
        push(source, e->source, e->source_length);
        push(source, &symbols->source_eos, 1);
        end_sequence(source);

        int32_t *labels = batch->labels + target->tokens;
        push(target, &symbols->target_bos, 1);
        push(target, e->target, e->target_length);
        end_sequence(target);
        if (e->target_length) memcpy(labels, e->target, (size_t)e->target_length * sizeof *labels);
        labels[e->target_length] = symbols->target_eos;
    }
    batch->labels_n = target->tokens;
    batch->predicted = NULL;
}

s2s_collator s2s_translation_collator(const s2s_translation_symbols *symbols) {
    return (s2s_collator){.collate = collate, .self = symbols};
}
