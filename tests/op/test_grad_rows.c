/* Gradients of the operations that work row by row: linear, norm, activation, dropout_add, embed,
 * rotary, gather; each alone in a tiny plan, then in plans where a slot has several readers. */
#include <stdio.h>
#include <stdlib.h>

#include "base/thread.h"
#include "op/gradient_check.h"
#include "op/tiny.h"
#include "op/unshared.h"

/* More rows than a piece of work has. */
static const int lengths[] = {5, 1, 100, 0, 37, -1}, target_lengths[] = {2, 3, 7, 1, 4, -1};

typedef void builder(tiny *t, unsigned variant);

/* Builds, checks and frees one plan for each variant below `variants`. */
static void check_all(const char *name, builder *build, unsigned variants) {
    s2s_threads_set(2);
    for (unsigned variant = 0; variant < variants; variant++) {
        char what[64];
        snprintf(what, sizeof what, "%s, variant %u", name, variant);
        tiny t;
        tiny_begin(&t, lengths, target_lengths);
        build(&t, variant);
        tiny_finish(&t);
        check_gradients(t.run, &t.params, 1500, what);
        check_sharing(t.run, &t.params, what);
        tiny_end(&t);
    }
}

/* --- each alone --- */

static void build_linear(tiny *t, unsigned variant) {
    s2s_param weight = tiny_param(t, 5, 3), bias = variant & 1 ? tiny_param(t, 1, 5) : S2S_NO_PARAM;
    s2s_slot x = tiny_source(t, variant & 2 ? S2S_ROWS_TARGET : S2S_ROWS_SOURCE, 3);
    tiny_probe(t, s2s_linear(t->plan, x, weight, bias));
}

static void build_norm(tiny *t, unsigned variant) {
    s2s_param gain = variant & 4 ? S2S_NO_PARAM : tiny_param(t, 1, 7);
    s2s_param bias = variant & 1 ? tiny_param(t, 1, 7) : S2S_NO_PARAM;
    s2s_slot x = tiny_source(t, S2S_ROWS_SOURCE, 7);
    tiny_probe(t, s2s_norm(t->plan, x, gain, bias, 1e-3, variant & 2));
}

static void build_activation(tiny *t, unsigned variant) {
    enum { KINDS = S2S_GEGLU + 1 };
    s2s_slot x = tiny_source(t, S2S_ROWS_SOURCE, 6);
    tiny_probe(
        t, s2s_activate(t->plan, x, (s2s_activation)(variant % KINDS), variant < KINDS ? 0 : 0.3));
}

/* Wide enough for more than one piece. */
static void build_dropout_add(tiny *t, unsigned variant) {
    int width = variant & 4 ? 64 : 3;
    s2s_slot x = tiny_source(t, S2S_ROWS_SOURCE, width);
    s2s_slot residual = variant & 1 ? tiny_source(t, S2S_ROWS_SOURCE, width) : S2S_NO_SLOT;
    tiny_probe(t, s2s_dropout_add(t->plan, x, residual, variant & 2 ? 0.4 : 0));
}

static void build_embed(tiny *t, unsigned variant) {
    s2s_embed_options options = {.table = tiny_param(t, TINY_VOCABULARY, 6),
                                 .position_table = S2S_NO_PARAM,
                                 .segment_table = S2S_NO_PARAM,
                                 .scale = variant & 4 ? 2.5 : 1};
    if (variant % 4 == 1) options.position_table = tiny_param(t, 100, 6);
    if (variant % 4 >= 2) options.sinusoids = s2s_sinusoids(t->plan, options.sinusoids_n = 9, 6);
    if (variant & 8) { /* each token tells its place and segment */
        s2s_stream *source = t->batch.stream + S2S_SOURCE;
        source->positions = calloc((size_t)source->tokens, sizeof *source->positions);
        source->segments = calloc((size_t)source->tokens, sizeof *source->segments);
        assert_true(source->positions && source->segments);
        for (int i = 0; i < source->tokens; i++) {
            source->positions[i] = i * 7 % 12;
            source->segments[i] = i * 5 % 3;
        }
    }
    if (variant & 16) options.segment_table = tiny_param(t, 3, 6);
    s2s_slot x = s2s_embed(t->plan, variant % 4 == 3 ? S2S_ROWS_TARGET : S2S_ROWS_SOURCE, options);
    tiny_probe(t, x);
}

/* Two of three heads turn; the rest of the row is copied. */
static void build_rotary(tiny *t, unsigned variant) {
    s2s_slot x = tiny_source(t, S2S_ROWS_SOURCE, 12);
    if (variant & 1) {
        s2s_stream *source = t->batch.stream + S2S_SOURCE;
        source->positions = calloc((size_t)source->tokens, sizeof *source->positions);
        assert_non_null(source->positions);
        for (int i = 0; i < source->tokens; i++) source->positions[i] = i * 5 % 300;
    }
    s2s_rotary_options options = {.heads = 2, .head_width = 4, .sinusoids_n = 0};
    if (variant & 2) /* fewer than there are positions */
        options.sinusoids = s2s_sinusoids(t->plan, options.sinusoids_n = 3, options.head_width);
    tiny_probe(t, s2s_rotary(t->plan, x, options));
}

/* All rows, or some in an order that is not theirs; the source has other readers or none. */
static void build_gather(tiny *t, unsigned variant) {
    bool listed = variant & 1;
    if (listed) {
        int tokens = t->batch.stream[S2S_SOURCE].tokens;
        t->batch.labels_n = tokens / 3;
        free(t->batch.labels);
        t->batch.labels = calloc((size_t)tokens, sizeof *t->batch.labels);
        t->batch.predicted = calloc((size_t)tokens, sizeof *t->batch.predicted);
        assert_true(t->batch.labels && t->batch.predicted);
        for (int i = 0; i < t->batch.labels_n; i++)
            t->batch.predicted[i] = (i * 5 + 2) % tokens; /* 143 rows: none comes twice */
    }
    s2s_slot x = tiny_source(t, listed ? S2S_ROWS_SOURCE : S2S_ROWS_TARGET, 6);
    if (variant & 2) tiny_probe(t, x);
    tiny_probe(t, s2s_gather_predicted(t->plan, x));
    if (variant & 4) tiny_probe(t, x);
}

/* --- several readers --- */

/* A slot that is read by two products, a norm, a sum as branch and as residual, and the loss:
 * whoever comes last in the plan writes its gradient, the others add. The order of readers changes
 * with the variant. */
static void build_readers(tiny *t, unsigned variant) {
    const int width = 4;
    s2s_plan *plan = t->plan;
    s2s_param weight = tiny_param(t, width, width), bias = tiny_param(t, 1, width);
    s2s_param gain = tiny_param(t, 1, width);
    s2s_slot x = tiny_source(t, S2S_ROWS_SOURCE, width),
             other = tiny_source(t, S2S_ROWS_SOURCE, width);
    for (unsigned reader = 0; reader < 6; reader++) switch ((reader + variant) % 6) {
        case 0:
            tiny_probe(t, s2s_linear(plan, x, weight, bias));
            break;
        case 1:
            tiny_probe(t, s2s_linear(plan, x, weight, S2S_NO_PARAM));
            break; /* a tied weight */
        case 2:
            tiny_probe(t, s2s_norm(plan, x, gain, bias, 1e-3, true));
            break;
        case 3:
            tiny_probe(t, s2s_dropout_add(plan, x, other, 0.3));
            break;
        case 4:
            tiny_probe(t, s2s_dropout_add(plan, other, x, 0.3));
            break;
        case 5:
            tiny_probe(t, x);
            break;
        }
}

/* Two residual blocks as in a model, pre and post norm. */
static void build_residual(tiny *t, unsigned variant) {
    const int width = 8;
    s2s_plan *plan = t->plan;
    s2s_param gain = tiny_param(t, 1, width), in = tiny_param(t, 6, width),
              out = tiny_param(t, width, 6);
    s2s_slot x = tiny_source(t, S2S_ROWS_SOURCE, width);
    for (int block = 0; block < 2; block++) {
        s2s_slot y = variant & 1 ? s2s_norm(plan, x, gain, S2S_NO_PARAM, 0.1, true) : x;
        y = s2s_activate(plan, s2s_linear(plan, y, in, S2S_NO_PARAM), S2S_GELU,
                         variant & 2 ? 0.2 : 0);
        y = s2s_linear(plan, y, out, S2S_NO_PARAM);
        x = s2s_dropout_add(plan, y, x, variant & 2 ? 0.3 : 0);
        if (!(variant & 1)) x = s2s_norm(plan, x, gain, S2S_NO_PARAM, 0.1, true);
    }
    tiny_probe(t, x);
}

#define CHECK(name, variants)                                                                      \
    static void name(void **state) {                                                               \
        (void)state;                                                                               \
        check_all(#name, build_##name, variants);                                                  \
    }

CHECK(linear, 4)
CHECK(norm, 8)
CHECK(activation, 10)
CHECK(dropout_add, 8)
CHECK(embed, 32)
CHECK(rotary, 4)
CHECK(gather, 8)
CHECK(readers, 6)
CHECK(residual, 4)

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(linear),      cmocka_unit_test(norm),    cmocka_unit_test(activation),
        cmocka_unit_test(dropout_add), cmocka_unit_test(embed),   cmocka_unit_test(rotary),
        cmocka_unit_test(gather),      cmocka_unit_test(readers), cmocka_unit_test(residual),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
