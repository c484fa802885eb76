/* From examples to the batch of a translation step. See loader.h. */
#include <string.h>

#include "base/memory.h"
#include "data/loader.h"

static void begin(s2s_stream *stream) {
    stream->sequences = stream->tokens = 0;
    stream->starts[0] = 0;
}

static void push(s2s_stream *stream, const int32_t *ids, int n) {
    if (n) memcpy(stream->ids + stream->tokens, ids, (size_t)n * sizeof *ids);
    stream->tokens += n;
}

/* In the order in which they are written. */
static void put_labels(int32_t *labels, const s2s_example *e,
                       const s2s_translation_symbols *symbols) {
    size_t n = (size_t)e->target_length;
    if (n) memcpy(labels, e->target, n * sizeof *labels);
    if (symbols->direction == S2S_RIGHT_TO_LEFT) s2s_reverse(labels, n, sizeof *labels);
    labels[n] = symbols->target_eos;
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
        put_labels(labels, e, symbols);
        push(target, labels, e->target_length);
        end_sequence(target);
    }
    batch->labels_n = target->tokens;
    batch->predicted = NULL;
}

s2s_translation_symbols s2s_translation_symbols_of(const s2s_recipe *recipe,
                                                   const s2s_vocabulary *source,
                                                   const s2s_vocabulary *target) {
    return (s2s_translation_symbols){.source_eos = s2s_vocabulary_eos(source),
                                     .target_bos = s2s_vocabulary_bos(target),
                                     .target_eos = s2s_vocabulary_eos(target),
                                     .direction = recipe->data.target_direction};
}

s2s_collator s2s_translation_collator(const s2s_translation_symbols *symbols) {
    return (s2s_collator){.collate = collate, .self = symbols};
}
