/* Decoding a token at a time with cached keys and values gives the logits of the whole decoder, at
 * every position of every variant; with packed weights a hypothesis' bits do not depend on the
 * others. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/thread.h"
#include "fixture.h"
#include "tensor/cache.h"

enum { SENTENCES = 5, LONGEST = 12 };

/* A decoding session over the fixture's sentences, fed with their target tokens. */
typedef struct session {
    const fixture *f;
    s2s_plan *encode, *step;
    s2s_run *encoder, *stepper;
    s2s_pool self, cross;
    int32_t cross_rows[SENTENCES * LONGEST];
    int32_t self_rows[SENTENCES][LONGEST];
} session;

static void encode_sources(session *s) {
    const s2s_model *m = s->f->model;
    const s2s_stream *source = s->f->batch.stream + S2S_SOURCE;
    const int rows[S2S_ROWS_KINDS] = {
        [S2S_ROWS_SOURCE] = source->tokens, [S2S_ROWS_SEQUENCES] = SENTENCES};
    s2s_err err = {0};
    assert_int_equal(s2s_plan_create(&s->encode, &m->params, &err), S2S_OK);
    s2s_decoder_emit_store(s->encode, m, s2s_encoder_emit(s->encode, m));
    assert_int_equal(
        s2s_run_create(&s->encoder, s->encode, &m->params, S2S_KEEP_NOTHING, rows, &err), S2S_OK);
    assert_int_equal(s2s_pool_take(&s->cross, s->cross_rows, source->tokens, &err), S2S_OK);
    s2s_cache cache = {.cross = &s->cross, .store = s->cross_rows};
    s2s_batch batch = {.stream[S2S_SOURCE] = *source};
    assert_int_equal(s2s_run_bind(s->encoder, &batch, 1, &err), S2S_OK);
    s->encoder->cache = &cache;
    s2s_run_forward(s->encoder);
}

static s2s_slot start(session *s, const fixture *f) {
    const s2s_model *m = f->model;
    const int rows[S2S_ROWS_KINDS] = {[S2S_ROWS_TARGET] = SENTENCES};
    s2s_err err = {0};
    *s = (session){.f = f};
    int layers = (int)f->recipe->decoder.layers, width = s2s_decoder_cache_width(m);
    s2s_pool_init(&s->self, layers, width);
    s2s_pool_init(&s->cross, layers, width);
    assert_int_equal(f->batch.stream[S2S_SOURCE].sequences, SENTENCES);
    encode_sources(s);
    assert_int_equal(s2s_plan_create(&s->step, &m->params, &err), S2S_OK);
    s2s_slot logits = s2s_output_emit(s->step, m, s2s_decoder_emit_step(s->step, m));
    if (s2s_run_create(&s->stepper, s->step, &m->params, S2S_KEEP_NOTHING, rows, &err))
        fail_msg("%s", err.message);
    return logits;
}

static void finish(session *s) {
    s2s_run_free(s->encoder);
    s2s_run_free(s->stepper);
    s2s_plan_free(s->encode);
    s2s_plan_free(s->step);
    s2s_pool_release(&s->self);
    s2s_pool_release(&s->cross);
}

/* What one step of `n` hypotheses reads; hypothesis h belongs to sentence who[h]. */
typedef struct step_input {
    int32_t ids[SENTENCES], starts[SENTENCES + 1], positions[SENTENCES];
    s2s_row_list self[SENTENCES], cross[SENTENCES];
} step_input;

static void gather(session *s, const int *who, int n, int position, step_input *in) {
    const s2s_stream *source = s->f->batch.stream + S2S_SOURCE,
                     *target = s->f->batch.stream + S2S_TARGET;
    s2s_err err;
    for (int h = 0; h < n; h++) {
        int b = who[h], first = source->starts[b];
        assert_int_equal(s2s_pool_take(&s->self, s->self_rows[b] + position, 1, &err), S2S_OK);
        in->ids[h] = target->ids[target->starts[b] + position];
        in->starts[h] = h;
        in->positions[h] = position;
        in->self[h] = (s2s_row_list){s->self_rows[b], position + 1};
        in->cross[h] = (s2s_row_list){s->cross_rows + first, source->starts[b + 1] - first};
    }
    in->starts[n] = n;
}

/* Runs one step; row h of the result belongs to hypothesis h. */
static s2s_tensor step(session *s, s2s_slot logits, const int *who, int n, int position) {
    step_input in;
    gather(s, who, n, position, &in);
    s2s_cache cache = {
        .self = &s->self, .cross = &s->cross, .self_rows = in.self, .cross_rows = in.cross};
    s2s_batch batch = {.stream[S2S_TARGET] = {.ids = in.ids,
                                              .starts = in.starts,
                                              .positions = in.positions,
                                              .sequences = n,
                                              .tokens = n}};
    s2s_err err;
    assert_int_equal(s2s_run_bind(s->stepper, &batch, 1, &err), S2S_OK);
    s->stepper->cache = &cache;
    s2s_run_forward(s->stepper);
    return s2s_value(s->stepper, logits);
}

/* Decodes the sentences that `chosen` allows together; logits [target tokens x vocabulary] in
 * packed order. */
static void decode(const fixture *f, int only, s2s_real *out) {
    const s2s_stream *target = f->batch.stream + S2S_TARGET;
    session s;
    s2s_slot logits = start(&s, f);
    s2s_threads_set(3); /* more than memory was laid out for */
    for (int position = 0;; position++) {
        int who[SENTENCES], n = 0;
        for (int b = SENTENCES - 1; b >= 0; b--) /* not in the order of the batch */
            if ((only < 0 || only == b) && position < target->starts[b + 1] - target->starts[b])
                who[n++] = b;
        if (!n) break;
        s2s_tensor rows = step(&s, logits, who, n, position);
        for (int h = 0; h < n; h++)
            memcpy(out + (size_t)(target->starts[who[h]] + position) * (size_t)rows.width,
                   rows.data + (size_t)h * (size_t)rows.width, (size_t)rows.width * sizeof *out);
    }
    finish(&s);
    s2s_threads_set(2);
}

static void check_variant(const fixture *f) {
    pass p;
    pass_create(&p, f, false);
    s2s_run_forward(p.run);
    s2s_tensor whole = s2s_value(p.run, p.logits);
    size_t n = (size_t)whole.rows * (size_t)whole.width;
    s2s_real *cached = calloc(n, sizeof *cached);
    assert_non_null(cached);
    decode(f, -1, cached);
    for (size_t i = 0; i < n; i++)
        if (!(fabs((double)cached[i] - (double)whole.data[i]) <= 1e-5))
            fail_msg("%s: token %zu, logit %zu: cached %.9g, whole %.9g", f->name,
                     i / (size_t)whole.width, i % (size_t)whole.width, (double)cached[i],
                     (double)whole.data[i]);
    free(cached);
    pass_free(&p);
}

static void cached_equals_whole(void **state) {
    (void)state;
    s2s_threads_set(2);
    for (int i = 0; fixture_names[i]; i++) {
        fixture f;
        s2s_err err;
        fixture_open(&f, fixture_names[i], NULL, 0);
        check_variant(&f);
        assert_int_equal(s2s_params_pack(&f.model->params, S2S_WEIGHT_FLOAT32, &err), S2S_OK);
        check_variant(&f);
        fixture_close(&f);
    }
}

static void check_alone(s2s_weight_type type) {
    s2s_threads_set(2);
    for (int i = 0; fixture_names[i]; i++) {
        fixture f;
        s2s_err err;
        fixture_open(&f, fixture_names[i], NULL, 0);
        assert_int_equal(s2s_params_pack(&f.model->params, type, &err), S2S_OK);
        size_t bytes =
            (size_t)f.batch.labels_n * (size_t)f.model->target_vocabulary * sizeof(s2s_real);
        s2s_real *together = malloc(bytes), *alone = malloc(bytes);
        assert_true(together && alone);
        decode(&f, -1, together);
        for (int b = 0; b < SENTENCES; b++) decode(&f, b, alone);
        if (memcmp(together, alone, bytes))
            fail_msg("%s: other bits in a batch than alone", f.name);
        free(together);
        free(alone);
        fixture_close(&f);
    }
}

static void batched_equals_alone(void **state) {
    (void)state;
    check_alone(S2S_WEIGHT_FLOAT32);
}

static void batched_equals_alone_in_int8(void **state) {
    (void)state;
    check_alone(S2S_WEIGHT_INT8);
}

/* How far int8 logits are from the whole decoder's: a small part of how far they spread. */
static void int8_is_near(void **state) {
    (void)state;
    for (int i = 0; fixture_names[i]; i++) {
        fixture f;
        s2s_err err;
        fixture_open(&f, fixture_names[i], NULL, 0);
        size_t n = (size_t)f.batch.labels_n * (size_t)f.model->target_vocabulary;
        s2s_real *exact = malloc(n * sizeof *exact), *rounded = malloc(n * sizeof *rounded);
        assert_true(exact && rounded);
        decode(&f, -1, exact);
        assert_int_equal(s2s_params_pack(&f.model->params, S2S_WEIGHT_INT8, &err), S2S_OK);
        decode(&f, -1, rounded);
        double error = 0, spread = 0;
        for (size_t e = 0; e < n; e++) {
            error += pow((double)(rounded[e] - exact[e]), 2);
            spread += pow((double)exact[e], 2);
        }
        if (error > 2.5e-3 * spread) /* 5 % */
            fail_msg("%s: int8 is off by %.2f %%", f.name, 100 * sqrt(error / spread));
        free(exact);
        free(rounded);
        fixture_close(&f);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cached_equals_whole),
        cmocka_unit_test(batched_equals_alone),
        cmocka_unit_test(batched_equals_alone_in_int8),
        cmocka_unit_test(int8_is_near),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
