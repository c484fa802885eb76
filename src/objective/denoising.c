/* Denoising (Lewis et al. 2020): a text is spoilt in up to five ways, and the decoder writes it as it was. In this order:
 *
 *   permutation   a share of its lines change places with each other
 *   infilling     one <mask> stands for each of some spans, whose lengths are Poisson's; for an empty one, too, so that
 *                 the model must find out how much is missing
 *   deletion      tokens that infilling leaves are left out, ...
 *   masking       ... or a <mask> stands for each
 *   rotation      the text begins anywhere; what was before that comes last
 *
 * Room: a source has at most one token more than its text, with its end two. Empty spans are what makes it longer, so one
 * is passed over where there are more spans already than tokens that they hide. */
#include <math.h>

#include "base/memory.h"
#include "objective/kind.h"

/* One text, and arrays with room for it and two symbols each. */
typedef struct spoiling {
    const s2s_objective *objective;
    s2s_rng *rng;
    int32_t *text; /* [length] as far as it is spoilt; first the text itself */
    int length;
    int32_t *first, *second; /* scratch */
} spoiling;

/* --- permutation --- */

/* Tokens of the line that begins at `start`, its end not counted. */
static int line_length(const s2s_objective *o, const s2s_example *e, int start) {
    int end = start;
    while (end < e->source_length && e->source[end] != o->eos) end++;
    return end - start;
}

/* Fisher and Yates' shuffle of the entries that `chosen` tells. */
static void shuffle_chosen(int32_t *starts, const int32_t *chosen, int n, s2s_rng *rng) {
    for (; n > 1; n--) {
        int32_t *a = &starts[chosen[n - 1]];
        int32_t *b = &starts[chosen[s2s_rng_below(rng, (uint64_t)n)]];
        int32_t swap = *a;
        *a = *b;
        *b = swap;
    }
}

/* Where each line begins, in the new order; their number. */
static int order_lines(spoiling *s, const s2s_example *e, int32_t *starts, int32_t *chosen) {
    int lines = 0, n = 0;
    for (int at = 0; at <= e->source_length; at += line_length(s->objective, e, at) + 1)
        starts[lines++] = at;
    int wanted = s2s_share_of(lines, s->objective->recipe->permutation, s->rng);
    for (int i = 0; i < lines; i++)
        if (s2s_choose(lines - i, wanted - n, s->rng)) chosen[n++] = i;
    shuffle_chosen(starts, chosen, n, s->rng);
    return lines;
}

static void permute(spoiling *s, const s2s_example *e) {
    int32_t *starts = s->first;
    int lines = order_lines(s, e, starts, s->second);
    s->length = 0;
    for (int i = 0; i < lines; i++) {
        if (i) s->text[s->length++] = s->objective->eos;
        const int32_t *line = e->source + starts[i];
        for (int n = line_length(s->objective, e, starts[i]); n; n--)
            s->text[s->length++] = *line++;
    }
}

/* --- infilling, deletion, masking --- */

/* Events within `mean` of a process that has one in each unit of time on average. */
static int draw_poisson(double mean, s2s_rng *rng) {
    int n = -1;
    for (double time = 0; time <= mean; n++) time -= log1p(-s2s_rng_uniform(rng));
    return n;
}

/* The lengths of spans that cover `tokens` together, the last cut short where it would cover more; their number. */
static int draw_spans(const spoiling *s, int tokens, int32_t *lengths) {
    int n = 0;
    for (int covered = 0; covered < tokens;) {
        int length = draw_poisson(s->objective->recipe->mean_span, s->rng);
        if (length == 0 && n > covered) continue;
        if (length > tokens - covered) length = tokens - covered;
        covered += length;
        lengths[n++] = length;
    }
    return n;
}

static void spoil_token(const spoiling *s, int32_t id, s2s_stream *source) {
    const s2s_objective_recipe *r = s->objective->recipe;
    double draw = s2s_rng_uniform(s->rng);
    if (draw < r->deletion) return;
    if (draw < r->deletion + r->masking) id = s->objective->mask;
    s2s_stream_push(source, &id, 1);
}

/* The tokens that no span covers lie anywhere before, between and behind the spans. */
static void spoil_tokens(const spoiling *s, s2s_stream *source) {
    int hidden = s2s_share_of(s->length, s->objective->recipe->infilling, s->rng);
    int32_t *span = s->first;
    int spans = draw_spans(s, hidden, span), kept = s->length - hidden;
    for (const int32_t *next = s->text; kept + spans;) {
        if (s2s_choose(kept + spans, kept, s->rng)) {
            spoil_token(s, *next++, source);
            kept--;
            continue;
        }
        s2s_stream_push(source, &s->objective->mask, 1);
        next += *span++;
        spans--;
    }
}

/* --- rotation --- */

/* Both parts turned round, and then the whole. */
static void rotate(const spoiling *s, int32_t *ids, int n) {
    if (s2s_rng_uniform(s->rng) >= s->objective->recipe->rotation || n < 2) return;
    size_t head = (size_t)s2s_rng_below(s->rng, (uint64_t)n), all = (size_t)n;
    s2s_reverse(ids, head, sizeof *ids);
    s2s_reverse(ids + head, all - head, sizeof *ids);
    s2s_reverse(ids, all, sizeof *ids);
}

/* --- batches --- */

static void spoil(spoiling *s, const s2s_example *e, s2s_batch *batch) {
    s2s_stream *source = &batch->stream[S2S_SOURCE];
    int begin = source->tokens;
    permute(s, e);
    spoil_tokens(s, source);
    rotate(s, source->ids + begin, source->tokens - begin);
    s2s_source_end(s->objective, batch);
}

static void collate(const void *self, const s2s_example *examples, int n, uint64_t key,
                    s2s_batch *batch) {
    const s2s_objective *o = self;
    s2s_stream *target = &batch->stream[S2S_TARGET];
    s2s_pair_clear(batch);
    for (int i = 0; i < n; i++) {
        const s2s_example *e = &examples[i];
        s2s_rng rng = s2s_rng_init(key, (uint64_t)i);
        /* No row is told to be predicted, and the target is written last: until then their arrays are scratch. */
        spoiling s = {.objective = o,
                      .rng = &rng,
                      .text = batch->predicted,
                      .first = target->ids + target->tokens,
                      .second = batch->labels + batch->labels_n};
        spoil(&s, e, batch);
        s2s_target_write(o, e->source, e->source_length, batch);
    }
    batch->predicted = NULL;
}

static s2s_collator collator(const s2s_objective *objective) {
    return (s2s_collator){collate, objective};
}

const s2s_objective_kind s2s_denoising_kind = {s2s_pair_emit, collator};
