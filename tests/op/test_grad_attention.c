/* Gradients of attention: self and cross, causal or not, fewer key than query heads, bias by
 * distance, dropout; over lengths around the size of a block of queries. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/thread.h"
#include "op/gradient_check.h"
#include "op/tiny.h"
#include "op/unshared.h"

static const int short_lengths[] = {1, 2, 5, 3, -1}, short_sources[] = {3, 1, 2, 6, -1};
static const int long_lengths[] = {1, 2, 63, 64, 65, 130, -1},
                 long_sources[] = {130, 63, 2, 65, 1, 64, -1};

typedef struct attention_case {
    const char *name;
    bool cross, causal, relative;
    int heads, kv_heads;
    double dropout;
} attention_case;

static const attention_case cases[] = {
    {"self", false, false, false, 2, 2, 0},
    {"causal", false, true, false, 2, 2, 0},
    {"cross", true, false, false, 2, 2, 0},
    {"cross causal", true, true, false, 2, 2, 0}, /* fewer or more queries than keys */
    {"grouped", false, false, false, 4, 2, 0},
    {"grouped causal", false, true, false, 3, 1, 0},
    {"grouped cross", true, false, false, 4, 1, 0},
    {"relative", false, false, true, 2, 2, 0},
    {"relative causal", false, true, true, 2, 1, 0},
    {"dropout", false, false, false, 2, 2, 0.3},
    {"dropout causal relative", false, true, true, 2, 2, 0.3},
    {"dropout cross grouped", true, false, false, 2, 1, 0.3},
};
enum { CASES = sizeof cases / sizeof *cases, HEAD_WIDTH = 3, BUCKETS = 8, SPAN = 40 };

static s2s_slot emit(tiny *t, const attention_case *c) {
    int query = c->heads * HEAD_WIDTH, key = c->kv_heads * HEAD_WIDTH;
    s2s_attention_options o = {.heads = c->heads,
                               .kv_heads = c->kv_heads,
                               .head_width = HEAD_WIDTH,
                               .causal = c->causal,
                               .scale = 1 / sqrt((double)HEAD_WIDTH),
                               .dropout = c->dropout,
                               .relative =
                                   c->relative ? tiny_param(t, BUCKETS, c->heads) : S2S_NO_PARAM,
                               .buckets = BUCKETS,
                               .span = SPAN};
    if (c->cross) {
        o.value = key;
        s2s_slot q = tiny_source(t, S2S_ROWS_TARGET, query);
        return s2s_attention(t->plan, q, tiny_source(t, S2S_ROWS_SOURCE, 2 * key), o);
    }
    o.key = query;
    o.value = query + key;
    s2s_slot qkv = tiny_source(t, S2S_ROWS_TARGET, query + 2 * key);
    return s2s_attention(t->plan, qkv, qkv, o);
}

static void check_cases(const int *target, const int *source, size_t most) {
    s2s_threads_set(2);
    for (int i = 0; i < CASES; i++) {
        char what[96];
        snprintf(what, sizeof what, "attention %s, %s batch", cases[i].name,
                 most ? "long" : "short");
        tiny t;
        tiny_begin(&t, source, target);
        tiny_probe(&t, emit(&t, cases + i));
        tiny_finish(&t);
        check_gradients(t.run, &t.params, most ? most : (size_t)-1, what);
        check_sharing(t.run, &t.params, what);
        tiny_end(&t);
    }
}

static void short_sequences(void **state) {
    (void)state;
    check_cases(short_lengths, short_sources, 0);
}

static void long_sequences(void **state) {
    (void)state;
    check_cases(long_lengths, long_sources, 250);
}

/* A causal row depends on itself and on what is before it, and on no other sequence. */
static void causal_rows_see_the_past(void **state) {
    (void)state;
    const attention_case c = {"causal", false, true, false, 2, 1, 0};
    tiny t;
    tiny_begin(&t, long_lengths, NULL);
    s2s_slot y = emit(&t, &c);
    tiny_probe(&t, y);
    tiny_finish(&t);
    s2s_run_forward(t.run);
    s2s_tensor out = s2s_value(t.run, y);
    size_t bytes = (size_t)out.rows * (size_t)out.width * sizeof *out.data;
    s2s_real *before = malloc(bytes);
    assert_non_null(before);
    memcpy(before, out.data, bytes);
    const int changed = t.batch.stream[S2S_TARGET].starts[5] + 70; /* in the last sequence */
    int width = t.params.items[0].width;
    for (int i = 0; i < width; i++) t.params.value[changed * width + i] += 1;
    s2s_run_forward(t.run);
    for (int row = 0; row < out.rows; row++) {
        size_t at = (size_t)row * (size_t)out.width;
        int same = !memcmp(before + at, out.data + at, (size_t)out.width * sizeof *before);
        assert_int_equal(same, row < changed);
    }
    free(before);
    tiny_end(&t);
}

/* Buckets as in T5: the near ones exact, then by logarithm, all beyond the span in the last. */
static void relative_buckets(void **state) {
    (void)state;
    assert_int_equal(s2s_relative_bucket(0, false, 32, 128), 0);
    assert_int_equal(s2s_relative_bucket(-7, false, 32, 128), 7);
    assert_int_equal(s2s_relative_bucket(7, false, 32, 128), 23);
    assert_int_equal(s2s_relative_bucket(-8, false, 32, 128), 8);
    assert_int_equal(s2s_relative_bucket(-127, false, 32, 128), 15);
    assert_int_equal(s2s_relative_bucket(5000, false, 32, 128), 31);
    assert_int_equal(s2s_relative_bucket(3, true, 32, 128), 0);
    assert_int_equal(s2s_relative_bucket(-15, true, 32, 128), 15);
    assert_int_equal(s2s_relative_bucket(-16, true, 32, 128), 16);
    assert_int_equal(s2s_relative_bucket(-5000, true, 32, 128), 31);
    for (int distance = -300; distance < 300; distance++)
        for (int causal = 0; causal < 2; causal++) {
            int bucket = s2s_relative_bucket(distance, causal, 32, 128);
            assert_in_range(bucket, 0, 31);
        }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(short_sequences),
        cmocka_unit_test(long_sequences),
        cmocka_unit_test(causal_rows_see_the_past),
        cmocka_unit_test(relative_buckets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
