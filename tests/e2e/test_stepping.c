/* Decoding step by step from the cache against the whole decoder at once, as in training: the same logits, hence the
 * same best tokens and probabilities, for every kind of model. Weights are random: what they say does not matter. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after the above, which it needs */
#include <cmocka.h>

#include "base/rng.h"
#include "base/thread.h"
#include "op/op.h"
#include "search/session.h"
#include "tensor/run.h"

enum { VOCABULARY = 37, BOS = 1, EOS = 2, SENTENCES = 5, LONGEST = 40 };

static const double CLOSE = 2e-4; /* of logits that are up to about 5 */

/* --- a model and sentences --- */

typedef struct example {
    int32_t source[SENTENCES][LONGEST], target[SENTENCES][LONGEST + 1]; /* target begins with bos */
    int source_n[SENTENCES], target_n[SENTENCES];
} example;

static s2s_model *make_model(const char *const *sets, int sets_n) {
    static const char yaml[] =
        "data: {train: {tsv: none.tsv}, max_length: 64}\n"
        "encoder: {layers: 2, width: 32, heads: 4, feed_forward: 48, max_positions: 64}\n"
        "decoder: {}\n"
        "search: {max_decoding_length: 60}\n"
        "train: {max_steps: 1, schedule: {warmup_steps: 1}}\n";
    s2s_recipe *recipe;
    s2s_model *model;
    s2s_err err = {0};
    if (s2s_recipe_parse(&recipe, yaml, sizeof yaml - 1, "test.yaml", sets, sets_n, &err) ||
        s2s_model_create(&model, recipe, VOCABULARY, VOCABULARY, S2S_PARAMS_KEEP, &err))
        fail_msg("%s", err.message);
    s2s_params_initialize(&model->params, 8);
    s2s_rng rng = s2s_rng_init(8, 1); /* biases and gains that would be 0 and 1 matter, too */
    for (size_t i = 0; i < model->params.n; i++) {
        const s2s_param_info *info = model->params.items + i;
        for (int k = 0; info->rows == 1 && k < info->width; k++)
            model->params.value[info->offset + (size_t)k] += (s2s_real)(0.1 * s2s_rng_normal(&rng));
    }
    return model;
}

static void free_model(s2s_model *model) {
    s2s_recipe *recipe = (s2s_recipe *)(size_t)model->recipe;
    s2s_model_free(model);
    s2s_recipe_free(recipe);
}

static example draw_example(void) {
    example e = {.source_n = {1, 7, LONGEST, 3, 16}, .target_n = {LONGEST, 1, 9, 24, 16}};
    s2s_rng rng = s2s_rng_init(8, 2);
    for (int s = 0; s < SENTENCES; s++) {
        for (int i = 0; i < e.source_n[s]; i++)
            e.source[s][i] = 3 + (int32_t)s2s_rng_below(&rng, VOCABULARY - 3);
        for (int i = 0; i < e.target_n[s]; i++)
            e.target[s][i] = i ? 3 + (int32_t)s2s_rng_below(&rng, VOCABULARY - 3) : BOS;
    }
    return e;
}

/* --- the whole decoder at once --- */

/* Logits of all positions of a sentence, [target_n x VOCABULARY]; free them. */
static s2s_real *whole_logits(const s2s_model *model, const example *e, int s) {
    int32_t source[LONGEST + 1], target[LONGEST];
    int n = e->source_n[s] + 1, m = e->target_n[s];
    int32_t starts[2][2] = {{0, n}, {0, m}};
    memcpy(source, e->source[s], (size_t)n * sizeof *source);
    source[n - 1] = EOS;
    memcpy(target, e->target[s], (size_t)m * sizeof *target);
    s2s_batch batch = {
        .stream = {{source, starts[0], NULL, 1, n}, {target, starts[1], NULL, 1, m}}};

    s2s_plan *plan;
    s2s_run *run;
    s2s_err err = {0};
    int most[S2S_ROWS_KINDS] = {n, m, m, 1};
    assert_int_equal(s2s_plan_create(&plan, &model->params, &err), S2S_OK);
    s2s_slot states = s2s_decoder_emit(plan, model, s2s_encoder_emit(plan, model));
    s2s_slot out = s2s_linear(plan, states, model->output.weight, model->output.bias);
    assert_int_equal(s2s_run_create(&run, plan, &model->params, S2S_KEEP_NOTHING, most, &err),
                     S2S_OK);
    assert_int_equal(s2s_run_bind(run, &batch, 0, &err), S2S_OK);
    s2s_run_forward(run);
    size_t bytes = (size_t)m * VOCABULARY * sizeof(s2s_real);
    s2s_real *logits = malloc(bytes);
    memcpy(logits, s2s_value(run, out).data, bytes);
    s2s_run_free(run);
    s2s_plan_free(plan);
    return logits;
}

/* --- step by step --- */

typedef struct stepping {
    s2s_session *session;
    s2s_scorer scorer;
    int32_t handles[SENTENCES], states[SENTENCES];
} stepping;

static void open_all(stepping *st, const s2s_model *model, const example *e) {
    int32_t ids[SENTENCES * LONGEST], starts[SENTENCES + 1] = {0};
    s2s_err err = {0};
    for (int s = 0; s < SENTENCES; s++) {
        memcpy(ids + starts[s], e->source[s], (size_t)e->source_n[s] * sizeof *ids);
        starts[s + 1] = starts[s] + e->source_n[s];
        st->states[s] = -1;
    }
    s2s_ends ends = {BOS, EOS, EOS};
    assert_int_equal(s2s_session_create(&st->session, model, ends, &err), S2S_OK);
    st->scorer = s2s_session_scorer(st->session);
    assert_int_equal(st->scorer.open(st->scorer.self, ids, starts, SENTENCES, st->handles, &err),
                     S2S_OK);
}

static int best_of(const s2s_real *logits) {
    int best = 0;
    for (int v = 1; v < VOCABULARY; v++)
        if (logits[v] > logits[best]) best = v;
    return best;
}

static double log_probability(const s2s_real *logits, int token) {
    double sum = 0;
    for (int v = 0; v < VOCABULARY; v++) sum += exp((double)(logits[v] - logits[token]));
    return -log(sum);
}

static void expect_close(const s2s_real *stepped, const s2s_real *whole, const char *kind) {
    for (int v = 0; v < VOCABULARY; v++)
        if (!(fabs((double)(stepped[v] - whole[v])) < CLOSE))
            fail_msg("%s: %g step by step, %g at once", kind, (double)stepped[v], (double)whole[v]);
    int best = best_of(whole);
    assert_true((double)whole[best] - (double)whole[best_of(stepped)] < CLOSE);
    assert_float_equal(log_probability(stepped, best), log_probability(whole, best), CLOSE);
}

/* All sentences advance together until each has come to its end. */
static void compare_steps(stepping *st, const example *e, s2s_real *const *whole,
                          const char *kind) {
    s2s_err err = {0};
    for (int i = 0; i < LONGEST; i++) {
        s2s_step_row rows[SENTENCES];
        int of[SENTENCES], n = 0;
        for (int s = 0; s < SENTENCES; s++) {
            if (i >= e->target_n[s]) continue;
            rows[n] = (s2s_step_row){st->handles[s], st->states[s], e->target[s][i], -1};
            of[n++] = s;
        }
        s2s_real *logits;
        assert_int_equal(st->scorer.step(st->scorer.self, rows, n, &err), S2S_OK);
        assert_int_equal(st->scorer.logits(st->scorer.self, 0, VOCABULARY, &logits, &err), S2S_OK);
        for (int r = 0; r < n; r++) {
            st->states[of[r]] = rows[r].next;
            expect_close(logits + r * VOCABULARY, whole[of[r]] + i * VOCABULARY, kind);
        }
    }
}

static void compare(const char *const *sets, int sets_n) {
    s2s_err err = {0};
    s2s_model *model = make_model(sets, sets_n);
    example e = draw_example();
    s2s_real *whole[SENTENCES];
    for (int s = 0; s < SENTENCES; s++) whole[s] = whole_logits(model, &e, s); /* as trained */
    assert_int_equal(s2s_params_pack(&model->params, S2S_WEIGHT_FLOAT32, &err), S2S_OK);
    stepping st;
    open_all(&st, model, &e);
    compare_steps(&st, &e, whole, sets_n ? sets[0] : "as it comes");
    for (int s = 0; s < SENTENCES; s++) st.scorer.close(st.scorer.self, st.handles[s]);
    s2s_session_free(st.session);
    for (int s = 0; s < SENTENCES; s++) free(whole[s]);
    free_model(model);
}

/* --- the kinds --- */

static void every_kind_of_model(void **state) {
    (void)state;
    static const char *const kinds[] = {
        "encoder.norm=post",
        "encoder.norm=pre",
        "encoder.norm_type=rms",
        "encoder.positions=learned",
        "encoder.positions=relative",
        "encoder.positions=rotary",
        "encoder.positions=none",
        "encoder.activation=gelu",
        "encoder.activation=swiglu",
        "encoder.kv_heads=2",
        "encoder.kv_heads=1",
        "encoder.bias=false",
        "encoder.embedding_norm=true",
        "decoder.tie=none",
        "decoder.tie=decoder",
        "decoder.output_bias=true",
        "encoder.layers=1",
        "decoder.layers=3",
        "decoder.width=48",
        "decoder.positions=rotary",
        "encoder.embedding_scale=false",
    };
    compare(NULL, 0);
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) compare(&kinds[i], 1);
}

static void kinds_together(void **state) {
    (void)state;
    static const char *const t5[] = {"encoder.positions=relative", "encoder.norm_type=rms",
                                     "encoder.bias=false", "encoder.activation=gelu"};
    static const char *const modern[] = {"encoder.positions=rotary", "encoder.kv_heads=2",
                                         "encoder.activation=swiglu", "decoder.tie=none"};
    compare(t5, 4);
    compare(modern, 4);
}

static void with_more_threads(void **state) {
    (void)state;
    s2s_threads_set(3);
    compare(NULL, 0);
    s2s_threads_set(1);
}

int main(void) {
    s2s_threads_set(1);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_model),
        cmocka_unit_test(kinds_together),
        cmocka_unit_test(with_more_threads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
