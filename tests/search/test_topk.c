/* s2s_topk against a full sort and the C library's exp, on every size around its blocks. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/rng.h"
#include "search/topk.h"

static int by_logit(const void *left, const void *right) {
    const s2s_token_score *a = left, *b = right;
    if (a->logit != b->logit) return a->logit > b->logit ? -1 : 1;
    return a->token < b->token ? -1 : 1;
}

static void compare_with_sort(s2s_real *logits, int n, int k) {
    s2s_token_score *sorted = test_malloc((size_t)n * sizeof *sorted);
    s2s_token_score *best = test_malloc((size_t)k * sizeof *best);
    for (int i = 0; i < n; i++) sorted[i] = (s2s_token_score){0, logits[i], i};
    qsort(sorted, (size_t)n, sizeof *sorted, by_logit);
    double sum = 0;
    for (int i = 0; i < n; i++) sum += exp((double)logits[i] - sorted[0].logit);
    int possible = 0;
    while (possible < n && possible < k && sorted[possible].logit > -INFINITY) possible++;
    assert_int_equal(s2s_topk_row(logits, n, k, best), possible);
    for (int i = 0; i < possible; i++) {
        assert_int_equal(best[i].token, sorted[i].token);
        double expected = (double)sorted[i].logit - sorted[0].logit - log(sum);
        assert_true(fabs(best[i].log_probability - expected) < 1e-6);
    }
    test_free(sorted);
    test_free(best);
}

static void random_row(s2s_real *logits, int n, float scale, float grain, uint64_t seed) {
    s2s_rng rng = s2s_rng_init(seed, 0);
    for (int i = 0; i < n; i++) {
        logits[i] = scale * (float)s2s_rng_normal(&rng);
        if (grain > 0) logits[i] = grain * rintf(logits[i] / grain);
    }
}

static void test_sizes(void **state) {
    (void)state;
    static const int sizes[] = {1,   2,    15,   16,   17,   255,  256,
                                257, 1000, 1023, 1024, 1025, 8001, 32000};
    static const int ks[] = {1, 2, 3, 10, 64};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        s2s_real *logits = test_malloc((size_t)sizes[i] * sizeof *logits);
        for (size_t j = 0; j < sizeof ks / sizeof *ks; j++) {
            random_row(logits, sizes[i], 3, 0, 7 * i + j);
            compare_with_sort(logits, sizes[i], ks[j]);
            random_row(logits, sizes[i], 200, 0, 7 * i + j);
            compare_with_sort(logits, sizes[i], ks[j]);
        }
        test_free(logits);
    }
}

static void test_equal_logits_go_by_token(void **state) {
    (void)state;
    s2s_real logits[700];
    random_row(logits, 700, 2, 1, 3);
    compare_with_sort(logits, 700, 20);
    for (int i = 0; i < 700; i++) logits[i] = -4;
    compare_with_sort(logits, 700, 20);
}

static void test_forbidden_tokens_are_no_candidates(void **state) {
    (void)state;
    s2s_real logits[300];
    for (int i = 0; i < 300; i++) logits[i] = -INFINITY;
    s2s_token_score best[4];
    assert_int_equal(s2s_topk_row(logits, 300, 4, best), 0);
    logits[299] = -3;
    logits[5] = -4;
    compare_with_sort(logits, 300, 4);
}

static void test_what_is_no_number(void **state) {
    (void)state;
    s2s_real logits[40];
    s2s_token_score best[4];
    for (int at = 0; at < 40; at++) {
        random_row(logits, 40, 1, 0, 5);
        logits[at] = NAN;
        assert_int_equal(s2s_topk_row(logits, 40, 4, best), -1);
        logits[at] = INFINITY;
        assert_int_equal(s2s_topk_row(logits, 40, 4, best), -1);
    }
    for (int i = 0; i < 40; i++) logits[i] = i == 20 ? NAN : -INFINITY;
    assert_int_equal(s2s_topk_row(logits, 40, 4, best), -1);
}

/* A row that comes in parts gives the bits of the whole one. */
static void test_parts(void **state) {
    (void)state;
    enum { N = 3000, K = 7 };
    s2s_real whole[N], parts[N];
    for (uint64_t seed = 0; seed < 20; seed++) {
        s2s_token_score expected[K], best[K];
        random_row(whole, N, 3, seed % 2 ? 0.5f : 0, seed);
        random_row(parts, N, 3, seed % 2 ? 0.5f : 0, seed);
        assert_int_equal(s2s_topk_row(whole, N, K, expected), K);
        s2s_topk topk = s2s_topk_begin(best, K);
        s2s_rng rng = s2s_rng_init(seed, 1);
        for (int from = 0, n; from < N; from += n) {
            n = S2S_TOPK_BLOCK * (1 + (int)(4 * s2s_rng_uniform(&rng)));
            if (n > N - from) n = N - from;
            s2s_topk_add(&topk, parts + from, n, from);
        }
        assert_int_equal(s2s_topk_end(&topk), K);
        for (int i = 0; i < K; i++) {
            assert_int_equal(best[i].token, expected[i].token);
            assert_true(best[i].log_probability == expected[i].log_probability);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sizes),
        cmocka_unit_test(test_equal_logits_go_by_token),
        cmocka_unit_test(test_forbidden_tokens_are_no_candidates),
        cmocka_unit_test(test_what_is_no_number),
        cmocka_unit_test(test_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
