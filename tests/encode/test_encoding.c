/* The readings of an encoder against a plain loop over the texts, one by one, with weights that are not packed; and the
 * same bits whatever the batches and threads. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
/* after the above, which it needs */
#include <cmocka.h>

#include "base/rng.h"
#include "base/thread.h"
#include "encode/fill.h"
#include "encode/pool.h"
#include "encode/pseudo.h"

enum { VOCABULARY = 700, WIDTH = 32, BOS = 1, EOS = 2, MASK = 3, TEXTS = 40, MOST_TOKENS = 40 };
enum { K = 4, MOST_RESULTS = 1 << 20 };

typedef struct task {
    s2s_recipe *recipe;
    s2s_model *model;
    int32_t ids[TEXTS][MOST_TOKENS], hidden[TEXTS][MOST_TOKENS];
    s2s_encode_text texts[TEXTS];
} task;

static void must(s2s_status status, const s2s_err *err) {
    if (status != S2S_OK) fail_msg("%s", err->message);
}

static const s2s_encode_symbols symbols = {.begin = BOS, .end = EOS, .mask = MASK};

/* Of 3 to MOST_TOKENS tokens, symbols included; each third token is hidden, one at least. */
static void draw_text(task *t, int i, s2s_rng *rng) {
    int n = 3 + (int)s2s_rng_below(rng, MOST_TOKENS - 2), hidden = 0;
    for (int k = 0; k < n; k++) t->ids[i][k] = 4 + (int32_t)s2s_rng_below(rng, VOCABULARY - 4);
    t->ids[i][0] = BOS;
    t->ids[i][n - 1] = EOS;
    for (int k = 1; k < n - 1; k += 3) t->hidden[i][hidden++] = k;
    t->texts[i] =
        (s2s_encode_text){.ids = t->ids[i], .hidden = t->hidden[i], .n = n, .hidden_n = hidden};
}

static void begin(task *t) {
    static const char recipe[] =
        "data: {train: {text: none}, valid: {text: none}, max_length: 60}\n"
        "encoder: {layers: 2, width: 32, heads: 4, feed_forward: 64, activation: gelu,\n"
        "          positions: learned, max_positions: 64, dropout: 0.1}\n"
        "objective: {type: masked_lm}\n"
        "train: {max_epochs: 1}\n";
    s2s_err err = {0};
    s2s_rng rng = s2s_rng_init(6, 6);
    must(s2s_recipe_parse(&t->recipe, recipe, strlen(recipe), "mlm.yaml", NULL, 0, &err), &err);
    must(s2s_model_create(&t->model, t->recipe, VOCABULARY, VOCABULARY, S2S_PARAMS_KEEP, &err),
         &err);
    s2s_params_initialize(&t->model->params, 1);
    for (int i = 0; i < TEXTS; i++) draw_text(t, i, &rng);
}

static void pack(const task *t, s2s_weight_type type) {
    s2s_err err = {0};
    must(s2s_params_pack(&t->model->params, type, &err), &err);
}

static void end(task *t) {
    s2s_model_free(t->model);
    s2s_recipe_free(t->recipe);
}

/* --- through the encoding --- */

/* One text a line, or, `each`, one line of all that it becomes when each token is hidden. */
typedef struct feed {
    const task *t;
    const s2s_reading *reading;
    bool each;
    int given;
    uint64_t done;
    s2s_pseudo_texts pseudo;
    unsigned char *results;
    size_t size, starts[TEXTS + 1];
} feed;

static s2s_status next_line(void *self, const s2s_encode_text **texts, int *n, bool *more,
                            s2s_err *err) {
    feed *f = self;
    *more = f->given < TEXTS;
    if (!*more) return S2S_OK;
    const s2s_encode_text *text = &f->t->texts[f->given++];
    *texts = text;
    *n = 1;
    if (!f->each) return S2S_OK;
    S2S_TRY(s2s_pseudo_texts_make(&f->pseudo, &symbols, text->ids, text->n, err));
    *texts = f->pseudo.items;
    *n = f->pseudo.n;
    return S2S_OK;
}

static s2s_status line_done(void *self, uint64_t index, const s2s_encode_text *texts, int n,
                            const void *results, s2s_err *err) {
    feed *f = self;
    (void)err;
    assert_int_equal(index, f->done);
    size_t size = 0;
    for (int i = 0; i < n; i++) {
        assert_int_equal(texts[i].n, f->t->texts[index].n);
        assert_memory_equal(texts[i].ids, f->t->texts[index].ids,
                            (size_t)texts[i].n * sizeof *texts->ids);
        size += f->reading->size * (f->reading->from_hidden ? (size_t)texts[i].hidden_n : 1);
    }
    assert_true(f->size + size <= MOST_RESULTS);
    memcpy(f->results + f->size, results, size);
    f->starts[f->done++] = f->size;
    f->size += size;
    return S2S_OK;
}

static feed encode(const task *t, const s2s_reading *reading, bool each, int64_t batch_tokens,
                   int64_t batch_texts) {
    s2s_err err = {0};
    s2s_encoding *encoding;
    feed f = {.t = t, .reading = reading, .each = each, .results = calloc(1, MOST_RESULTS)};
    assert_non_null(f.results);
    s2s_search_recipe search = t->recipe->search;
    search.batch_tokens = batch_tokens;
    search.batch_sentences = batch_texts;
    must(s2s_encoding_create(&encoding, t->model, reading, &err), &err);
    must(s2s_encoding_run(encoding, &search, (s2s_encoding_io){&f, next_line, line_done}, &err),
         &err);
    s2s_encoding_free(encoding);
    s2s_pseudo_texts_release(&f.pseudo);
    assert_int_equal(f.done, TEXTS);
    f.starts[TEXTS] = f.size;
    return f;
}

/* --- the plain loop --- */

/* What a text's rows are without packing and batches: states [n x WIDTH], logits of all rows [n x VOCABULARY]. */
typedef struct plain {
    s2s_real states[MOST_TOKENS * WIDTH], logits[MOST_TOKENS * VOCABULARY];
} plain;

static void run_plain(const task *t, const int32_t *ids, int n, plain *found) {
    s2s_err err = {0};
    s2s_plan *plan;
    s2s_run *run;
    int32_t copy[MOST_TOKENS], starts[] = {0, n}, none[] = {0};
    memcpy(copy, ids, (size_t)n * sizeof *ids);
    must(s2s_plan_create(&plan, &t->model->params, &err), &err);
    s2s_slot states = s2s_encoder_emit(plan, t->model),
             logits = s2s_output_emit(plan, t->model, s2s_head_emit(plan, t->model, states));
    const s2s_batch batch = {
        .stream = {{.ids = copy, .starts = starts, .sequences = 1, .tokens = n}, {.starts = none}}};
    const int most[S2S_ROWS_KINDS] = {[S2S_ROWS_SOURCE] = n, [S2S_ROWS_SEQUENCES] = 1};
    must(s2s_run_create(&run, plan, &t->model->params, S2S_KEEP_ALL, most, &err), &err);
    run->training = false;
    must(s2s_run_bind(run, &batch, 0, &err), &err);
    s2s_run_forward(run);
    memcpy(found->states, s2s_value(run, states).data, (size_t)n * WIDTH * sizeof(s2s_real));
    memcpy(found->logits, s2s_value(run, logits).data, (size_t)n * VOCABULARY * sizeof(s2s_real));
    s2s_run_free(run);
    s2s_plan_free(plan);
}

static double log_softmax(const s2s_real *logits, int entry) {
    double largest = -INFINITY, sum = 0;
    for (int i = 0; i < VOCABULARY; i++) largest = fmax(largest, (double)logits[i]);
    for (int i = 0; i < VOCABULARY; i++) sum += exp((double)logits[i] - largest);
    return (double)logits[entry] - largest - log(sum);
}

static void check_near(double found, double wanted, const char *what, int text) {
    if (!(fabs(found - wanted) <= 2e-5))
        fail_msg("%s of text %d: %g, not %g", what, text, found, wanted);
}

/* --- tests --- */

/* One token hidden at a time. */
static void pseudo_equals_the_loop(void **state) {
    (void)state;
    static plain wanted[MOST_TOKENS];
    task t;
    begin(&t);
    for (int i = 0; i < TEXTS; i += 10) {
        const s2s_encode_text *text = &t.texts[i];
        s2s_reading reading = s2s_pseudo_reading(&symbols);
        for (int k = 1; k < text->n - 1; k++) {
            int32_t ids[MOST_TOKENS];
            memcpy(ids, text->ids, (size_t)text->n * sizeof *ids);
            ids[k] = MASK;
            run_plain(&t, ids, text->n, wanted + k);
        }
        pack(&t, S2S_WEIGHT_FLOAT32);
        feed f = encode(&t, &reading, true, 300, 0);
        const s2s_real *found = (const s2s_real *)(const void *)(f.results + f.starts[i]);
        assert_int_equal(f.starts[i + 1] - f.starts[i], (size_t)(text->n - 2) * sizeof *found);
        for (int k = 1; k < text->n - 1; k++)
            check_near((double)found[k - 1],
                       log_softmax(wanted[k].logits + (size_t)k * VOCABULARY, text->ids[k]),
                       "log p", i);
        free(f.results);
        s2s_params_unpack(&t.model->params);
    }
    end(&t);
}

/* The k-th likeliest of the others. */
static int best_but(const s2s_real *logits, const bool *taken) {
    int best = -1;
    for (int i = 4; i < VOCABULARY; i++)
        if (!taken[i] && (best < 0 || logits[i] > logits[best])) best = i;
    return best;
}

static void check_mask(const s2s_token_score *slots, const s2s_real *logits, int text) {
    bool taken[VOCABULARY] = {0};
    for (int i = 0; i < K; i++) {
        int wanted = best_but(logits, taken);
        assert_in_range(slots[i].token, 4, VOCABULARY - 1);
        check_near(slots[i].log_probability, log_softmax(logits, wanted), "log p", text);
        check_near(slots[i].log_probability, log_softmax(logits, slots[i].token), "log p", text);
        assert_false(taken[slots[i].token]);
        taken[slots[i].token] = true;
    }
    for (int i = K; i < K + S2S_FILL_SYMBOLS; i++) assert_int_equal(slots[i].token, -1);
}

static void fill_equals_the_loop(void **state) {
    (void)state;
    static plain wanted[TEXTS];
    task t;
    begin(&t);
    s2s_fill fill = s2s_fill_reading(&symbols, VOCABULARY, 0, K);
    s2s_real *bias = s2s_param_value(&t.model->params, t.model->output.bias);
    for (int i = 0; i < 4; i++) bias[i] = 3; /* symbols are the likeliest, which must not show */
    for (int i = 0; i < TEXTS; i++) {
        int32_t ids[MOST_TOKENS];
        memcpy(ids, t.texts[i].ids, (size_t)t.texts[i].n * sizeof *ids);
        for (int k = 0; k < t.texts[i].hidden_n; k++) ids[t.texts[i].hidden[k]] = MASK;
        run_plain(&t, ids, t.texts[i].n, wanted + i);
    }
    pack(&t, S2S_WEIGHT_FLOAT32);
    feed f = encode(&t, &fill.reading, false, 200, 0);
    for (int i = 0; i < TEXTS; i++) {
        const s2s_token_score *slots =
            (const s2s_token_score *)(const void *)(f.results + f.starts[i]);
        for (int k = 0; k < t.texts[i].hidden_n; k++, slots += fill.slots)
            check_mask(slots, wanted[i].logits + (size_t)t.texts[i].hidden[k] * VOCABULARY, i);
    }
    free(f.results);
    end(&t);
}

static void pools_equal_the_loop(void **state) {
    (void)state;
    static plain wanted[TEXTS];
    task t;
    begin(&t);
    for (int i = 0; i < TEXTS; i++) {
        t.texts[i].hidden_n = 0;
        run_plain(&t, t.texts[i].ids, t.texts[i].n, wanted + i);
    }
    pack(&t, S2S_WEIGHT_FLOAT32);
    s2s_reading mean = s2s_pool_reading(t.model, S2S_POOL_MEAN),
                first = s2s_pool_reading(t.model, S2S_POOL_FIRST);
    feed means = encode(&t, &mean, false, 200, 0), firsts = encode(&t, &first, false, 200, 0);
    assert_int_equal(means.size, TEXTS * WIDTH * sizeof(float));
    for (int i = 0; i < TEXTS; i++)
        for (int j = 0; j < WIDTH; j++) {
            const float *m = (const float *)(const void *)means.results + i * WIDTH + j,
                        *f = (const float *)(const void *)firsts.results + i * WIDTH + j;
            double sum = 0;
            for (int k = 0; k < t.texts[i].n; k++) sum += (double)wanted[i].states[k * WIDTH + j];
            check_near((double)*m, sum / t.texts[i].n, "mean", i);
            check_near((double)*f, (double)wanted[i].states[j], "first state", i);
        }
    free(means.results);
    free(firsts.results);
    end(&t);
}

static void check_batches(const task *t, const s2s_reading *reading, bool each) {
    static const int64_t tokens[] = {1, 100, 100000}, texts[] = {0, 1, 3};
    s2s_threads_set(1);
    feed wanted = encode(t, reading, each, 1, 1);
    assert_true(wanted.size > 0);
    for (int threads = 1; threads <= 3; threads++)
        for (int i = 0; i < 9; i++) {
            s2s_threads_set(threads);
            feed f = encode(t, reading, each, tokens[i / 3], texts[i % 3]);
            assert_int_equal(f.size, wanted.size);
            assert_memory_equal(f.results, wanted.results, wanted.size);
            free(f.results);
        }
    free(wanted.results);
    s2s_threads_set(2);
}

static void batches_do_not_matter(void **state) {
    (void)state;
    static const s2s_weight_type types[] = {S2S_WEIGHT_FLOAT32, S2S_WEIGHT_INT8};
    task t;
    begin(&t);
    s2s_fill fill = s2s_fill_reading(&symbols, VOCABULARY, 0, K);
    s2s_reading pseudo = s2s_pseudo_reading(&symbols),
                pool = s2s_pool_reading(t.model, S2S_POOL_MEAN);
    for (int i = 0; i < 2; i++) {
        pack(&t, types[i]);
        check_batches(&t, &fill.reading, false);
        check_batches(&t, &pseudo, true);
        check_batches(&t, &pool, false);
        s2s_params_unpack(&t.model->params);
    }
    end(&t);
}

/* Weights that are no numbers are told with the line. */
static void refuses_what_is_no_number(void **state) {
    (void)state;
    task t;
    s2s_err err = {0};
    s2s_encoding *encoding;
    begin(&t);
    s2s_param_value(&t.model->params, t.model->output.bias)[9] = NAN;
    pack(&t, S2S_WEIGHT_FLOAT32);
    s2s_fill fill = s2s_fill_reading(&symbols, VOCABULARY, 0, K);
    feed f = {.t = &t, .reading = &fill.reading, .results = calloc(1, MOST_RESULTS)};
    must(s2s_encoding_create(&encoding, t.model, &fill.reading, &err), &err);
    assert_int_equal(s2s_encoding_run(encoding, &t.recipe->search,
                                      (s2s_encoding_io){&f, next_line, line_done}, &err),
                     S2S_NUMERIC);
    assert_non_null(strstr(err.message, "line 1 "));
    s2s_encoding_free(encoding);
    free(f.results);
    end(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(pseudo_equals_the_loop),    cmocka_unit_test(fill_equals_the_loop),
        cmocka_unit_test(pools_equal_the_loop),      cmocka_unit_test(batches_do_not_matter),
        cmocka_unit_test(refuses_what_is_no_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
