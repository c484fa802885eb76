/* Span corruption (Raffel et al. 2020, section 3.1.4): spans of a text are hidden, a sentinel stands for each, and the
 * decoder writes what each of them hides.
 *
 *   text      Thank you for inviting me to your party last week
 *   source    Thank you <extra_id_0> me to your party <extra_id_1> week </s>
 *   target    <extra_id_0> for inviting <extra_id_1> last <extra_id_2> </s>
 *
 * The length of a text tells how many of its tokens are hidden, and in how many spans. All ways to part them into spans,
 * and all ways to place these with a token at least between two, are alike likely. Room: hidden + spans is at most the
 * length, so that neither side is longer than the text with two symbols. */
#include "objective/kind.h"

/* A text on its way to source and target. */
typedef struct hiding {
    const s2s_objective *objective;
    s2s_rng *rng;
    s2s_stream *source;
    int32_t *target; /* [n] */
    int n;
    const int32_t *next; /* token of the text */
    int hidden, spans;   /* still to come */
} hiding;

static void keep(hiding *h) {
    s2s_stream_push(h->source, h->next++, 1);
}

/* A span ends behind each of its tokens with the probability that leaves all partings alike likely: of the `hidden`
 * places left where the next span may begin, it begins at `spans`. */
static void hide_span(hiding *h, int number) {
    int32_t sentinel = s2s_sentinel_of(h->objective, number);
    s2s_stream_push(h->source, &sentinel, 1);
    h->target[h->n++] = sentinel;
    h->spans--;
    do {
        h->target[h->n++] = *h->next++;
        h->hidden--;
    } while (h->hidden && !s2s_choose(h->hidden, h->spans, h->rng));
}

/* Tokens that stay and are not needed to part two spans lie anywhere: before, between and behind the spans. */
static void hide_spans(hiding *h, int length) {
    int number = 0;
    for (int apart = length - h->hidden - (h->spans ? h->spans - 1 : 0); apart + h->spans;) {
        if (s2s_choose(apart + h->spans, apart, h->rng)) {
            keep(h);
            apart--;
            continue;
        }
        hide_span(h, number++);
        if (h->spans) keep(h);
    }
    h->target[h->n++] = s2s_sentinel_of(h->objective, number);
}

static void collate(const void *self, const s2s_example *examples, int n, uint64_t key,
                    s2s_batch *batch) {
    const s2s_objective *o = self;
    s2s_pair_clear(batch);
    for (int i = 0; i < n; i++) {
        const s2s_example *e = &examples[i];
        s2s_rng rng = s2s_rng_init(key, (uint64_t)i);
        s2s_span_counts counts = s2s_spans_of(o->recipe, e->source_length);
        hiding h = {.objective = o,
                    .rng = &rng,
                    .source = &batch->stream[S2S_SOURCE],
                    .target = batch->labels + batch->labels_n,
                    .next = e->source,
                    .hidden = (int)counts.hidden,
                    .spans = (int)counts.spans};
        hide_spans(&h, e->source_length);
        s2s_source_end(o, batch);
        s2s_target_write(o, h.target, h.n, batch);
    }
    batch->predicted = NULL;
}

static s2s_collator collator(const s2s_objective *objective) {
    return (s2s_collator){collate, objective};
}

const s2s_objective_kind s2s_span_corruption_kind = {s2s_pair_emit, collator};
