/* See plan.h. Five steps: draw the examples, shuffle them, sort each pool by length, cut batches,
 * shuffle the batches. Sequences are not padded, but attention does most work at a time when
 * lengths are alike. */
#include "data/plan.h"

#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "base/rng.h"

enum {
    POOL_BATCHES = 100, /* as much text as is sorted together */
    MEASURED = 512,     /* examples from which growth is learned */
};
/* Few batches of a hundred sentences exceed the mean by more. */
static const double GROWTH_MARGIN = 1.03;

/* One stream of random numbers for each use. */
enum { STREAM_WEIGHTS, STREAM_EXAMPLES, STREAM_BATCHES, STREAM_SEGMENTATIONS };

static s2s_rng stream_of(const s2s_loader_options *options, uint64_t epoch, uint64_t stream) {
    return s2s_rng_init(s2s_rng_mix(options->seed, epoch), stream);
}

static s2s_status append(s2s_plan *plan, uint64_t example, s2s_err *err) {
    S2S_TRY(s2s_grow(&plan->order, &plan->order_capacity, plan->examples + 1, sizeof *plan->order,
                     err));
    plan->order[plan->examples++] = example;
    return S2S_OK;
}

/* --- which examples --- */

/* floor(w) copies of each, and one more of exactly round((w - floor(w)) n), chosen by selection
 * sampling (Knuth, TAOCP 2, 3.4.2 S). */
static s2s_status draw_corpus(s2s_plan *plan, uint64_t begin, uint64_t end, double weight,
                              s2s_rng *rng, s2s_err *err) {
    if (!(weight > 0)) return S2S_OK;
    uint64_t copies = (uint64_t)weight;
    uint64_t left = (uint64_t)llround((weight - (double)copies) * (double)(end - begin));
    for (uint64_t i = begin; i < end; i++) {
        for (uint64_t c = 0; c < copies; c++) S2S_TRY(append(plan, i, err));
        if (!left || s2s_rng_below(rng, end - i) >= left) continue;
        S2S_TRY(append(plan, i, err));
        left--;
    }
    return S2S_OK;
}

static s2s_status draw_examples(s2s_plan *plan, const s2s_dataset *dataset,
                                const s2s_loader_options *options, uint64_t epoch, s2s_err *err) {
    s2s_rng rng = stream_of(options, epoch, STREAM_WEIGHTS);
    const uint64_t *starts = s2s_dataset_starts(dataset);
    plan->examples = 0;
    for (int c = 0; c < s2s_dataset_corpora(dataset); c++) {
        double weight = options->shuffle ? s2s_dataset_weight(dataset, c) : 1;
        S2S_TRY(draw_corpus(plan, starts[c], starts[c + 1], weight, &rng, err));
    }
    if (plan->examples) return S2S_OK;
    return s2s_fail(err, S2S_USAGE,
                    "an epoch has no examples: the weights of all corpora are 0 or too small");
}

static void shuffle_examples(s2s_plan *plan, s2s_rng rng) {
    for (uint64_t i = plan->examples; i > 1; i--) {
        uint64_t j = s2s_rng_below(&rng, i), swap = plan->order[i - 1];
        plan->order[i - 1] = plan->order[j];
        plan->order[j] = swap;
    }
}

/* --- how long they will be --- */

uint64_t s2s_plan_seed(const s2s_loader_options *options, uint64_t epoch, uint64_t example) {
    uint64_t key = s2s_rng_mix(s2s_rng_mix(options->seed, epoch), STREAM_SEGMENTATIONS);
    return s2s_rng_mix(key, example);
}

/* Random segmentations have more tokens than the stored ones. How many more is learned from some
 * examples and taken for all: to draw every example twice would cost as much as all other work
 * here. The loader sees to it that a batch which comes out longer than expected has room. */
static s2s_status measure_growth(s2s_plan *plan, const s2s_dataset *dataset,
                                 const s2s_loader_options *options, uint64_t epoch, s2s_err *err) {
    static const int any[S2S_STREAMS] = {INT_MAX, INT_MAX};
    uint64_t size = s2s_dataset_size(dataset), n = size < MEASURED ? size : MEASURED;
    double stored[S2S_STREAMS] = {1, 1}; /* not 0: a side may be missing */
    s2s_ids drawn[S2S_STREAMS] = {{0}, {0}};
    s2s_status status = S2S_OK;
    for (uint64_t i = 0; i < n && status == S2S_OK; i++) {
        uint64_t index = i * (size / n);
        s2s_example example = s2s_dataset_get(dataset, index);
        stored[S2S_SOURCE] += example.source_length;
        stored[S2S_TARGET] += example.target_length;
        status = s2s_dataset_sample(dataset, index, s2s_plan_seed(options, epoch, index), any,
                                    &drawn[S2S_SOURCE], &drawn[S2S_TARGET], err);
    }
    for (int i = 0; i < S2S_STREAMS; i++) {
        plan->growth[i] = fmax(1, GROWTH_MARGIN * (double)drawn[i].size / stored[i]);
        s2s_ids_release(&drawn[i]);
    }
    return status;
}

/* --- pools and batches --- */

struct s2s_pooled {
    uint64_t example,
        place;          /* place: where the shuffle had put it, so that ties are in random order */
    int source, target; /* lengths */
};

static int longer_of(const struct s2s_pooled *pooled) {
    return pooled->source > pooled->target ? pooled->source : pooled->target;
}

static int by_length(const void *a, const void *b) {
    const struct s2s_pooled *x = a, *y = b;
    int longer = longer_of(x) - longer_of(y);
    if (longer) return longer;
    if (x->source != y->source) return x->source - y->source;
    return (x->place > y->place) - (x->place < y->place);
}

/* Takes examples from place `first` on until the pool is full; their number. */
static s2s_status fill_pool(s2s_plan *plan, const s2s_dataset *dataset,
                            const s2s_loader_options *options, uint64_t first, uint64_t *n,
                            s2s_err *err) {
    int64_t tokens = 0, room = POOL_BATCHES * options->batch_tokens;
    for (*n = 0; first + *n < plan->examples && tokens < room; ++*n) {
        S2S_TRY(s2s_grow(&plan->pool, &plan->pool_capacity, *n + 1, sizeof *plan->pool, err));
        uint64_t example = plan->order[first + *n];
        s2s_example e = s2s_dataset_get(dataset, example);
        plan->pool[*n] = (struct s2s_pooled){example, first + *n, e.source_length, e.target_length};
        tokens += longer_of(&plan->pool[*n]) + s2s_dataset_symbols(dataset);
    }
    if (!options->shuffle) return S2S_OK;
    qsort(plan->pool, *n, sizeof *plan->pool, by_length);
    for (uint64_t i = 0; i < *n; i++) plan->order[first + i] = plan->pool[i].example;
    return S2S_OK;
}

/* Both sides of a batch have room for batch_tokens; each sequence has some symbols more than its
 * text. */
static s2s_status cut_pool(s2s_plan *plan, const s2s_loader_options *options, int symbols,
                           uint64_t first, uint64_t n, s2s_err *err) {
    double room = (double)options->batch_tokens, source = 0, target = 0;
    for (uint64_t i = 0; i < n; i++) {
        double more_source = plan->growth[S2S_SOURCE] * plan->pool[i].source + symbols;
        double more_target = plan->growth[S2S_TARGET] * plan->pool[i].target + symbols;
        if (i == 0 || source + more_source > room || target + more_target > room) {
            S2S_TRY(s2s_grow(&plan->batches, &plan->batches_capacity, plan->batches_n + 1,
                             sizeof *plan->batches, err));
            plan->batches[plan->batches_n++] = (s2s_span){first + i, 0};
            source = target = 0;
        }
        source += more_source;
        target += more_target;
        plan->batches[plan->batches_n - 1].n++;
    }
    return S2S_OK;
}

static void shuffle_batches(s2s_plan *plan, s2s_rng rng) {
    for (uint64_t i = plan->batches_n; i > 1; i--) {
        uint64_t j = s2s_rng_below(&rng, i);
        s2s_span swap = plan->batches[i - 1];
        plan->batches[i - 1] = plan->batches[j];
        plan->batches[j] = swap;
    }
}

s2s_status s2s_plan_make(s2s_plan *plan, const s2s_dataset *dataset,
                         const s2s_loader_options *options, uint64_t epoch, s2s_err *err) {
    plan->epoch = epoch;
    plan->batches_n = 0;
    S2S_TRY(draw_examples(plan, dataset, options, epoch, err));
    if (options->shuffle) shuffle_examples(plan, stream_of(options, epoch, STREAM_EXAMPLES));
    plan->growth[S2S_SOURCE] = plan->growth[S2S_TARGET] = 1;
    plan->draws = options->shuffle && s2s_dataset_samples(dataset);
    if (plan->draws) S2S_TRY(measure_growth(plan, dataset, options, epoch, err));
    for (uint64_t first = 0, n; first < plan->examples; first += n) {
        S2S_TRY(fill_pool(plan, dataset, options, first, &n, err));
        S2S_TRY(cut_pool(plan, options, s2s_dataset_symbols(dataset), first, n, err));
    }
    if (options->shuffle) shuffle_batches(plan, stream_of(options, epoch, STREAM_BATCHES));
    return S2S_OK;
}

void s2s_plan_release(s2s_plan *plan) {
    free(plan->order);
    free(plan->batches);
    free(plan->pool);
    *plan = (s2s_plan){0};
}
