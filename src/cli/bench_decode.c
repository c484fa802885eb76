/* Where the time of a decoding step goes: a session's step, as a search takes it, and the search for the best
 * tokens. See bench.h.
 *
 * A step makes states, which stay until their sentence is closed, so steps are measured in rounds: sentences are
 * opened and brought to the position, then the same step is taken several times. The first round makes memory
 * warm and does not count. */
#include <inttypes.h>

#include "base/clock.h"
#include "base/rng.h"
#include "cli/bench.h"
#include "search/rank.h"
#include "search/rules.h"
#include "search/selector.h"
#include "search/session.h"

enum {
    FEWEST = 3,
    ROUND_BYTES = 128 << 20 /* of keys and values that the steps of a round make */
};

typedef struct decoding {
    const s2s_model *model;
    const s2s_bench_options *options;
    s2s_session *session;
    s2s_scorer scorer; /* the session's */
    s2s_selector selector;
    int sentences, rows, position;
    int32_t *source, *starts; /* [sentences x length], [sentences + 1] */
    int32_t *handles, *state; /* [sentences]; the prefix that its hypotheses share */
    s2s_step_row *step;       /* [rows] */
    s2s_token_score *tokens;  /* [rows x per_row] */
    s2s_topk *best;           /* [rows] */
    s2s_rng rng;
    s2s_op_time logits, search, whole; /* `begun` is the last step's, of logits its last part's */
    s2s_trace *trace;                  /* NULL: this step is not traced */
    s2s_arena arena;
} decoding;

/* --- set-up --- */

/* As asked for, before anybody knows whether that is possible. */
typedef struct sizes {
    int64_t sentences, rows;
    int position;
} sizes;

/* Sentences of the search's width; the last one may have fewer hypotheses. */
static sizes sizes_of(const s2s_recipe *recipe, const s2s_bench_options *o) {
    int width = s2s_selector_make(&recipe->search, (int)recipe->text.vocabulary.size, false).width;
    int64_t rows = o->rows ? o->rows : s2s_search_batch(&recipe->search) * width;
    return (sizes){.sentences = (rows + width - 1) / width,
                   .rows = rows,
                   .position = o->position < 0 ? o->length : o->position};
}

static s2s_status check_length(const char *option, int tokens, const s2s_stack_recipe *stack,
                               s2s_err *err) {
    int most = s2s_session_longest(stack) - 1;
    if (tokens <= most) return S2S_OK;
    return s2s_fail(err, S2S_USAGE, "%s=%d: this model has positions for at most %d tokens", option,
                    tokens, most);
}

s2s_status s2s_bench_check_decoding(const s2s_recipe *recipe, const s2s_bench_options *o,
                                    s2s_err *err) {
    S2S_TRY(s2s_recipe_needs_targets(recipe, err));
    sizes s = sizes_of(recipe, o);
    const char *position = o->position < 0 ? "--length" : "--position";
    S2S_TRY(check_length("--length", o->length, &recipe->encoder, err));
    S2S_TRY(check_length(position, s.position, &recipe->decoder, err));
    if (s.rows <= S2S_BENCH_ROWS && s.sentences * (o->length + 1) <= INT32_MAX) return S2S_OK;
    return s2s_fail(err, S2S_USAGE,
                    "%" PRId64 " hypotheses of %" PRId64
                    " sentences of %d tokens: too many; give fewer --rows (at most %d), or a lower "
                    "--length",
                    s.rows, s.sentences, o->length, S2S_BENCH_ROWS);
}

static void *allocate(decoding *d, size_t n, size_t size, s2s_err *err) {
    return s2s_arena_alloc(&d->arena, n * size, err);
}

static s2s_status make_arrays(decoding *d, s2s_err *err) {
    size_t sentences = (size_t)d->sentences, rows = (size_t)d->rows;
    d->source = allocate(d, sentences * (size_t)d->options->length, sizeof *d->source, err);
    d->starts = allocate(d, sentences + 1, sizeof *d->starts, err);
    d->handles = allocate(d, sentences, sizeof *d->handles, err);
    d->state = allocate(d, sentences, sizeof *d->state, err);
    d->step = allocate(d, rows, sizeof *d->step, err);
    d->tokens = allocate(d, rows * (size_t)d->selector.per_row, sizeof *d->tokens, err);
    d->best = allocate(d, rows, sizeof *d->best, err);
    bool all = d->source && d->starts && d->handles && d->state && d->step && d->tokens && d->best;
    return all ? S2S_OK : S2S_MEMORY;
}

static int32_t random_token(decoding *d, int vocabulary) {
    return (int32_t)s2s_rng_below(&d->rng, (uint64_t)vocabulary);
}

static s2s_status set_up(decoding *d, s2s_err *err) {
    const s2s_recipe *recipe = d->model->recipe;
    sizes s = sizes_of(recipe, d->options);
    d->sentences = (int)s.sentences;
    d->rows = (int)s.rows;
    d->position = s.position;
    d->selector = s2s_selector_make(&recipe->search, d->model->target_vocabulary, false);
    S2S_TRY(make_arrays(d, err));
    for (int i = 0; i < d->sentences * d->options->length; i++)
        d->source[i] = random_token(d, d->model->source_vocabulary);
    for (int i = 0; i <= d->sentences; i++) d->starts[i] = i * d->options->length;
    S2S_TRY(s2s_session_create(&d->session, d->model, (s2s_ends){0}, err));
    d->scorer = s2s_session_scorer(d->session);
    return S2S_OK;
}

/* --- a step --- */

static s2s_step_row row_of(decoding *d, int sentence) {
    return (s2s_step_row){d->handles[sentence], d->state[sentence],
                          random_token(d, d->model->target_vocabulary), -1};
}

/* The session's logits, timed. */
static s2s_status timed_logits(void *self, int first, int tokens, s2s_real **logits, s2s_err *err) {
    decoding *d = self;
    d->logits.begun = s2s_clock();
    S2S_TRY(d->scorer.logits(d->scorer.self, first, tokens, logits, err));
    double taken = s2s_clock() - d->logits.begun;
    d->logits.seconds += taken;
    if (d->trace)
        s2s_trace_event(d->trace, "output layer", "forward", d->logits.begun, taken,
                        json_pack("{ss, s[i, i]}", "pass", "forward", "out", d->rows, tokens));
    return S2S_OK;
}

static s2s_status find_best(decoding *d, s2s_err *err) {
    s2s_scorer timed = {.self = d, .vocabulary = d->scorer.vocabulary, .logits = timed_logits};
    int per_row = d->selector.per_row;
    for (int i = 0; i < d->rows; i++)
        d->best[i] = s2s_topk_begin(d->tokens + (size_t)i * (size_t)per_row, per_row);
    S2S_TRY(s2s_rank(&timed, d->rows, d->best, NULL, NULL, err));
    for (int i = 0; i < d->rows; i++) s2s_topk_end(d->best + i);
    return S2S_OK;
}

static s2s_status step(decoding *d, s2s_err *err) {
    for (int i = 0; i < d->rows; i++) d->step[i] = row_of(d, i / d->selector.width);
    double logits = d->logits.seconds;
    d->whole.begun = s2s_clock();
    S2S_TRY(d->scorer.step(d->scorer.self, d->step, d->rows, err));
    d->search.begun = s2s_clock();
    S2S_TRY(find_best(d, err));
    double end = s2s_clock();
    d->search.seconds += end - d->search.begun - (d->logits.seconds - logits);
    d->whole.seconds += end - d->whole.begun;
    return S2S_OK;
}

/* --- rounds --- */

/* Sentences at their position. */
static s2s_status open_round(decoding *d, s2s_err *err) {
    S2S_TRY(d->scorer.open(d->scorer.self, d->source, d->starts, d->sentences, d->handles, err));
    for (int i = 0; i < d->sentences; i++) d->state[i] = -1;
    for (int position = 0; position < d->position; position++) {
        for (int i = 0; i < d->sentences; i++) d->step[i] = row_of(d, i);
        S2S_TRY(d->scorer.step(d->scorer.self, d->step, d->sentences, err));
        for (int i = 0; i < d->sentences; i++) d->state[i] = d->step[i].next;
    }
    return S2S_OK;
}

/* Without times of the steps that lead to the position. */
static s2s_status open_untimed(decoding *d, s2s_err *err) {
    s2s_run *run = s2s_session_step_run(d->session);
    s2s_op_time *times = run ? run->times : NULL;
    if (run) run->times = NULL;
    s2s_status status = open_round(d, err);
    if (run) run->times = times; /* steps of no more rows leave the run as it is */
    return status;
}

static void close_round(decoding *d) {
    for (int i = 0; i < d->sentences; i++) d->scorer.close(d->scorer.self, d->handles[i]);
}

static int steps_of_round(const decoding *d) {
    size_t width = (size_t)s2s_decoder_cache_width(d->model);
    size_t bytes = (size_t)d->model->recipe->decoder.layers * width * sizeof(s2s_real);
    size_t steps = ROUND_BYTES / (bytes * (size_t)d->rows);
    return steps < FEWEST ? FEWEST : steps > 1000 ? 1000 : (int)steps;
}

static s2s_status begin_times(decoding *d, s2s_err *err) {
    d->logits = d->search = d->whole = (s2s_op_time){0};
    return s2s_run_profile(s2s_session_step_run(d->session), err);
}

static s2s_status warm_up(decoding *d, s2s_err *err) {
    S2S_TRY(open_round(d, err));
    int most = d->options->seconds > 0 ? steps_of_round(d) : 1;
    double end = s2s_clock() + d->options->seconds;
    for (int i = 0; i < most && (i == 0 || s2s_clock() < end); i++) S2S_TRY(step(d, err));
    close_round(d);
    return begin_times(d, err);
}

static bool enough(const decoding *d, const s2s_step_times *times) {
    return times->steps >= FEWEST && d->whole.seconds >= d->options->seconds;
}

static s2s_status measure(s2s_step_times *times, decoding *d, s2s_err *err) {
    int most = steps_of_round(d);
    while (!enough(d, times)) {
        S2S_TRY(open_untimed(d, err));
        for (int i = 0; i < most && !enough(d, times); i++) {
            double before = d->whole.seconds;
            S2S_TRY(step(d, err));
            double taken = d->whole.seconds - before;
            if (!times->steps++ || taken < times->fastest) times->fastest = taken;
        }
        if (!enough(d, times)) close_round(d); /* the last one stays for the sums and the trace */
    }
    times->seconds = d->whole.seconds / (double)times->steps;
    return S2S_OK;
}

/* --- what comes after the ops --- */

/* Logits are made and looked at while a cache holds them: memory has only the weights and states to give. */
static void add_output(s2s_step_times *times, const decoding *d) {
    const s2s_params *params = &d->model->params;
    const s2s_machine_speed *machine = d->options->machine;
    const s2s_packed *weight = s2s_param_packed(params, d->model->output.weight);
    double rows = d->rows, steps = (double)times->steps;
    s2s_op_time_row output = {.name = "output layer",
                              .pass = "forward",
                              .ops = 1,
                              .seconds = d->logits.seconds / steps,
                              .flops = 2 * rows * weight->out * weight->in};
    output.bytes = (double)s2s_packed_bytes(weight->type, weight->out, weight->in) +
                   rows * weight->in * (double)sizeof(s2s_real);
    s2s_bench_add(times, output, s2s_peak_with(machine, weight->type), machine);
    s2s_op_time_row search = {
        .name = "best tokens", .pass = "", .seconds = d->search.seconds / steps};
    s2s_bench_add(times, search, machine->real.all, machine);
}

static s2s_status trace_step(decoding *d, s2s_err *err) {
    S2S_TRY(begin_times(d, err));
    s2s_trace_process(d->options->trace, "decoding step", s2s_clock());
    d->trace = d->options->trace;
    s2s_status status = step(d, err);
    d->trace = NULL;
    S2S_TRY(status);
    s2s_trace_event(d->options->trace, "decoding step", "step", d->whole.begun, d->whole.seconds,
                    json_pack("{si, si, si, si}", "sentences", d->sentences, "rows", d->rows,
                              "source_tokens", d->options->length + 1, "position", d->position));
    s2s_trace_run(d->options->trace, s2s_session_step_run(d->session));
    return S2S_OK;
}

static s2s_status measure_all(s2s_decoding_time *time, decoding *d, s2s_err *err) {
    S2S_TRY(warm_up(d, err));
    S2S_TRY(measure(&time->times, d, err));
    s2s_bench_add_run(&time->times, s2s_session_step_run(d->session), d->options->machine);
    add_output(&time->times, d);
    s2s_bench_sort(&time->times);
    s2s_params_packed_type(&d->model->params, &time->weights);
    time->sentences = d->sentences;
    time->rows = d->rows;
    time->source_tokens = d->options->length + 1;
    time->position = d->position;
    return d->options->trace ? trace_step(d, err) : S2S_OK;
}

s2s_status s2s_bench_decoding(s2s_decoding_time *time, const s2s_model *model,
                              const s2s_bench_options *options, s2s_err *err) {
    decoding d = {.model = model, .options = options};
    d.rng = s2s_rng_init((uint64_t)model->recipe->seed, 0);
    *time = (s2s_decoding_time){0};
    s2s_status status = set_up(&d, err);
    if (status == S2S_OK) status = measure_all(time, &d, err);
    s2s_session_free(d.session);
    s2s_arena_release(&d.arena);
    return status;
}
