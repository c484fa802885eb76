/* Ensembles: logits against the sum worked out here, possible tokens against whole rows, weights. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "fake.h"
#include "search/ensemble.h"

enum { VOCABULARY = 40, MEMBERS = 2 };

static const double weights[MEMBERS] = {1, 3};

/* Two models. */
typedef struct pair {
    fake fakes[MEMBERS];
    s2s_ensemble *ensemble;
    s2s_scorer scorer;
} pair;

/* `grain`: of the second; with that of the first, 0, the two are the same. */
static void pair_init(pair *p, bool few, float grain, const double *shares) {
    s2s_scorer members[MEMBERS];
    for (int m = 0; m < MEMBERS; m++) {
        fake_init(&p->fakes[m], VOCABULARY);
        if (few) fake_choose_few(&p->fakes[m]);
        members[m] = p->fakes[m].scorer;
    }
    p->fakes[1].grain = grain;
    assert_int_equal(s2s_ensemble_create(&p->ensemble, members, shares, MEMBERS, NULL), S2S_OK);
    p->scorer = s2s_ensemble_scorer(p->ensemble);
}

static void pair_release(pair *p) {
    s2s_ensemble_free(p->ensemble);
    for (int m = 0; m < MEMBERS; m++) fake_release(&p->fakes[m]);
}

static const int32_t source[] = {5, 6, 7};

/* Opens a sentence and takes its first step. */
static int32_t begin(const s2s_scorer *scorer) {
    const int32_t starts[] = {0, 3};
    int32_t handle;
    assert_int_equal(scorer->open(scorer->self, source, starts, 1, &handle, NULL), S2S_OK);
    s2s_step_row row = {handle, -1, FAKE_BOS, -1};
    assert_int_equal(scorer->step(scorer->self, &row, 1, NULL), S2S_OK);
    return handle;
}

static void expected_logits(const pair *p, s2s_real *sum) {
    s2s_real part[VOCABULARY];
    for (int v = 0; v < VOCABULARY; v++) sum[v] = 0;
    for (int m = 0; m < MEMBERS; m++) {
        fake_logits(&p->fakes[m], source, 3, NULL, 0, part);
        for (int v = 0; v < VOCABULARY; v++) sum[v] += (s2s_real)(weights[m] / 4) * part[v];
    }
}

static void test_logits_are_weighted_sums(void **state) {
    (void)state;
    pair p;
    s2s_real expected[VOCABULARY], *logits;
    pair_init(&p, false, 0.75f, weights);
    int32_t handle = begin(&p.scorer);
    expected_logits(&p, expected);
    assert_int_equal(p.scorer.logits(p.scorer.self, 0, VOCABULARY, &logits, NULL), S2S_OK);
    assert_memory_equal(logits, expected, sizeof expected);
    assert_null(p.scorer.possible); /* its members know of none */
    p.scorer.close(p.scorer.self, handle);
    pair_release(&p);
}

static void test_possible_tokens_have_their_logits(void **state) {
    (void)state;
    pair p;
    s2s_real expected[VOCABULARY];
    pair_init(&p, true, 0.75f, weights);
    int32_t handle = begin(&p.scorer);
    expected_logits(&p, expected);
    s2s_logits row = p.scorer.possible(p.scorer.self, 0);
    assert_true(row.n > 1 && row.n < VOCABULARY);
    int at = 0;
    for (int32_t v = 0; v < VOCABULARY; v++) {
        bool listed = at < row.n && row.tokens[at] == v;
        assert_true(listed == (expected[v] > -INFINITY));
        if (listed) assert_true(row.x[at++] == expected[v]);
    }
    assert_int_equal(at, row.n);
    p.scorer.close(p.scorer.self, handle);
    pair_release(&p);
}

static void search(const s2s_scorer *scorer, s2s_search_type type, fake_io *io) {
    s2s_search_recipe recipe = fake_recipe(4, 3, 8);
    recipe.type = type;
    *io = (fake_io){.sentences = 60, .longest = 12, .keep = true};
    assert_int_equal(s2s_search_run(scorer, 1, &recipe, fake_io_make(io), NULL), S2S_OK);
    assert_int_equal(io->done, 60);
}

/* Half of a number and half of it again are that number, to the last bit. */
static void test_twice_the_same_model_is_that_model(void **state) {
    (void)state;
    static const s2s_search_type types[] = {S2S_BEAM, S2S_SAMPLE};
    for (int i = 0; i < 4; i++) {
        pair p;
        fake one;
        fake_io alone, together;
        bool few = (i & 2) != 0;
        pair_init(&p, few, 0, NULL);
        fake_init(&one, VOCABULARY);
        if (few) fake_choose_few(&one);
        search(&p.scorer, types[i & 1], &together);
        search(&one.scorer, types[i & 1], &alone);
        assert_int_equal(together.output.size, alone.output.size);
        assert_memory_equal(together.output.data, alone.output.data, alone.output.size);
        fake_io_release(&alone);
        fake_io_release(&together);
        fake_release(&one);
        pair_release(&p);
    }
}

static s2s_status create(const double *values, s2s_err *err) {
    fake f;
    fake_init(&f, VOCABULARY);
    const s2s_scorer members[] = {f.scorer, f.scorer};
    s2s_ensemble *ensemble;
    s2s_status status = s2s_ensemble_create(&ensemble, members, values, 2, err);
    s2s_ensemble_free(ensemble);
    fake_release(&f);
    return status;
}

/* A weight that is 0 as a float would make no number of what is impossible. */
static void test_weights_that_count_nothing(void **state) {
    (void)state;
    s2s_err err = {0};
    assert_int_equal(create((double[]){1, 1e-50}, &err), S2S_USAGE);
    assert_non_null(strstr(err.message, "model 2 of the ensemble"));
    assert_int_equal(create((double[]){1e308, 1e308}, &err),
                     S2S_USAGE); /* their sum is no number */
    assert_int_equal(create((double[]){1e-300, 1e-300}, &err), S2S_OK);
    assert_int_equal(create((double[]){1, 1e-6}, &err), S2S_OK);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_logits_are_weighted_sums),
        cmocka_unit_test(test_possible_tokens_have_their_logits),
        cmocka_unit_test(test_twice_the_same_model_is_that_model),
        cmocka_unit_test(test_weights_that_count_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
