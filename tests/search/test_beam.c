/* What is found: beam and greedy search against worked examples, the slow reference and full
 * enumeration. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "reference.h"

/* --- worked examples: tokens eos, a, b, c --- */

typedef struct example_result {
    bool given;
    int n;
    char text[8][8]; /* '.' at the end: cut */
    double log_probability[8], score[8];
} example_result;

static s2s_status one_source(void *self, const s2s_request **request, bool *more, s2s_err *err) {
    static const int32_t source[] = {5, 6};
    static const s2s_request asked = {.ids = source, .n = 2};
    (void)err;
    example_result *result = self;
    *more = !result->given;
    *request = &asked;
    result->given = true;
    return S2S_OK;
}

static s2s_status take_example(void *self, uint64_t index, const s2s_hypothesis *best, int n,
                               s2s_err *err) {
    (void)err;
    example_result *result = self;
    assert_int_equal(index, 0);
    result->n = n;
    for (int i = 0; i < n; i++) {
        int at = 0;
        for (; at < best[i].length; at++) result->text[i][at] = (char)('a' + best[i].ids[at] - 1);
        if (best[i].ending != S2S_ENDED) result->text[i][at++] = '.';
        result->text[i][at] = '\0';
        result->log_probability[i] = best[i].log_probability;
        result->score[i] = best[i].score;
    }
    return S2S_OK;
}

static example_result run_example(const fake_entry *table, const s2s_search_recipe *recipe,
                                  int steps) {
    fake f;
    fake_init(&f, 4);
    f.table = table;
    example_result result = {.n = 0};
    s2s_search_io io = {.self = &result, .next = one_source, .done = take_example};
    assert_int_equal(s2s_search_run(&f.scorer, 1, recipe, io, NULL), S2S_OK);
    assert_int_equal(f.steps, steps);
    fake_release(&f);
    return result;
}

static void assert_close(double value, double expected) {
    if (fabs(value - expected) > 1e-5) fail_msg("%.8f is not %.8f", value, expected);
}

static void test_finished_make_room_for_the_next(void **state) {
    (void)state;
    static const fake_entry table[] = {{"", {.4f, .3f, .2f, .1f}},
                                       {"a", {.1f, .5f, .3f, .1f}},
                                       {"b", {.9f, .05f, .03f, .02f}},
                                       {0}};
    s2s_search_recipe recipe = fake_recipe(2, 2, 1);
    /* eos .4 is finished; a .3 and b .2 live. Then b-eos .18 and aa .15 lead: two are finished. */
    example_result result = run_example(table, &recipe, 2);
    assert_int_equal(result.n, 2);
    assert_string_equal(result.text[0], "b");
    assert_close(result.log_probability[0], log(.18));
    assert_close(result.score[0], log(.18) / 2);
    assert_string_equal(result.text[1], "");
    assert_close(result.score[1], log(.4));
    recipe.length_penalty = 0.1; /* now the short one is better */
    result = run_example(table, &recipe, 2);
    assert_string_equal(result.text[0], "");
    assert_close(result.score[1], log(.18) / pow(2, 0.1));
}

static void test_eos_behind_the_beam_is_not_finished(void **state) {
    (void)state;
    static const fake_entry table[] = {{"", {.25f, .4f, .3f, .05f}},
                                       {"a", {.2f, .6f, .1f, .1f}},
                                       {"b", {.1f, .2f, .6f, .1f}},
                                       {0}};
    s2s_search_recipe recipe = fake_recipe(2, 2, 1);
    recipe.max_decoding_length = 2;
    /* eos is third at first. aa .24 and bb .18 lead the last step. */
    example_result result = run_example(table, &recipe, 2);
    assert_int_equal(result.n, 2);
    assert_string_equal(result.text[0], "aa.");
    assert_string_equal(result.text[1], "bb.");
    assert_close(result.score[1], log(.18) / 2);
}

static void test_without_penalty_the_best_must_be_among_them(void **state) {
    (void)state;
    static const fake_entry table[] = {{"", {.3f, .5f, .15f, .05f}},
                                       {"a", {.4f, .35f, .15f, .1f}},
                                       {"b", {.7f, .1f, .1f, .1f}},
                                       {0}};
    s2s_search_recipe recipe = fake_recipe(2, 1, 1);
    recipe.length_penalty = 0;
    /* eos .3 is finished but a .5 leads; then a-eos .2 leads. */
    example_result result = run_example(table, &recipe, 2);
    assert_string_equal(result.text[0], "");
    assert_close(result.score[0], log(.3));
}

static void test_min_length(void **state) {
    (void)state;
    static const fake_entry table[] = {
        {"", {.6f, .2f, .1f, .1f}}, {"a", {.7f, .1f, .1f, .1f}}, {0}};
    s2s_search_recipe recipe = fake_recipe(1, 1, 1);
    recipe.min_decoding_length = 1;
    example_result result = run_example(table, &recipe, 2);
    assert_string_equal(result.text[0], "a");
    assert_close(result.log_probability[0], log(.5) + log(.7)); /* .2 of the .4 without eos */
}

static void test_equal_candidates_go_by_parent_and_token(void **state) {
    (void)state;
    static const fake_entry table[] = {
        {"", {.1f, .3f, .3f, .3f}}, {"a", {.1f, .3f, .3f, .3f}}, {"b", {.1f, .3f, .3f, .3f}}, {0}};
    s2s_search_recipe recipe = fake_recipe(2, 2, 1);
    recipe.max_decoding_length = 2;
    example_result result = run_example(table, &recipe, 2);
    assert_string_equal(result.text[0], "aa.");
    assert_string_equal(result.text[1], "ab.");
}

static void test_no_token_left(void **state) {
    (void)state;
    /* eos alone has a probability, and is forbidden before two tokens. */
    static const fake_entry table[] = {{"", {.5f, .5f, 0, 0}}, {"a", {1, 0, 0, 0}}, {0}};
    s2s_search_recipe recipe = fake_recipe(3, 1, 1);
    recipe.min_decoding_length = 2;
    example_result result = run_example(table, &recipe, 2);
    assert_int_equal(result.n, 1);
    assert_string_equal(result.text[0], "a.");
}

/* --- the reference --- */

typedef struct variant {
    s2s_search_recipe recipe;
    int vocabulary;
    float grain;
} variant;

static void compare_with_reference(const variant *v, int sentences) {
    enum { LONGEST = 9 };
    fake f;
    fake_io io = {.sentences = (uint64_t)sentences, .longest = LONGEST, .keep = true};
    s2s_buf expected = {0};
    fake_init(&f, v->vocabulary);
    f.grain = v->grain;
    for (int i = 0; i < sentences; i++) {
        int32_t source[LONGEST];
        int n = fake_source((uint64_t)i, LONGEST, source);
        s2s_request request = {.ids = source, .n = n};
        reference_problem p = reference_open(&f, &v->recipe, &request);
        reference_search(&p, (uint64_t)i, false, &expected);
    }
    assert_int_equal(s2s_search_run(&f.scorer, 1, &v->recipe, fake_io_make(&io), NULL), S2S_OK);
    assert_int_equal(io.done, sentences);
    assert_int_equal(io.output.size, expected.size);
    assert_memory_equal(io.output.data, expected.data, expected.size);
    s2s_buf_release(&expected);
    fake_io_release(&io);
    fake_release(&f);
}

static void test_reference(void **state) {
    (void)state;
    static const int beams[] = {1, 2, 3, 5, 8};
    static const int vocabularies[] = {2, 3, 5, 12, 40};
    static const double penalties[] = {0, 0.6, 1, 2};
    for (size_t i = 0; i < 5; i++)
        for (size_t j = 0; j < 5; j++)
            for (size_t k = 0; k < 4; k++) {
                variant v = {fake_recipe(beams[i], (beams[i] + 1) / 2, 7), vocabularies[j], 0};
                v.recipe.length_penalty = penalties[k];
                v.recipe.max_decoding_length = 12;
                compare_with_reference(&v, 12);
                v.grain = 1; /* most candidates are equal */
                compare_with_reference(&v, 12);
                v.recipe.min_decoding_length = 4;
                v.recipe.max_length_ratio = 1.5;
                v.recipe.max_length_offset = 2;
                compare_with_reference(&v, 12);
            }
}

static void run_kept(const fake *model, const s2s_search_recipe *recipe, fake_io *io) {
    fake f = *model;
    f.scorer.self = &f;
    assert_int_equal(s2s_search_run(&f.scorer, 1, recipe, fake_io_make(io), NULL), S2S_OK);
    fake_release(&f);
}

static void test_greedy_is_beam_one(void **state) {
    (void)state;
    fake f;
    fake_init(&f, 30);
    for (int k = 0; k < 8; k++) {
        s2s_search_recipe recipe = fake_recipe(1, 1, 16);
        fake_io beam = {.sentences = 300, .longest = 20, .keep = true}, greedy = beam;
        recipe.length_penalty = k & 1 ? 1 : 0;
        recipe.min_decoding_length = k & 2 ? 5 : 0;
        f.grain = k & 4 ? 0.5f : 0;
        run_kept(&f, &recipe, &beam);
        recipe.type = S2S_GREEDY;
        recipe.beam_size = 5; /* of no effect */
        run_kept(&f, &recipe, &greedy);
        assert_int_equal(beam.output.size, greedy.output.size);
        assert_memory_equal(beam.output.data, greedy.output.data, beam.output.size);
        fake_io_release(&beam);
        fake_io_release(&greedy);
    }
}

/* --- every hypothesis there is --- */

typedef struct enumeration {
    const fake *f;
    const int32_t *source;
    int source_n, most;
    double scores[256];
    int n;
} enumeration;

static void enumerate(enumeration *e, int32_t *prefix, int n, double log_probability) {
    s2s_real logits[4];
    double sum = 0;
    fake_logits(e->f, e->source, e->source_n, prefix, n, logits);
    for (int v = 0; v < 4; v++) sum += exp(logits[v]);
    for (int v = 0; v < 4; v++) {
        double longer = log_probability + logits[v] - log(sum);
        prefix[n] = v;
        if (v == FAKE_EOS || n + 1 == e->most)
            e->scores[e->n++] = longer / (n + 1);
        else
            enumerate(e, prefix, n + 1, longer);
    }
}

static int descending(const void *left, const void *right) {
    double a = *(const double *)left, b = *(const double *)right;
    return a > b ? -1 : a < b;
}

static s2s_status compare_with_all(void *self, uint64_t index, const s2s_hypothesis *best, int n,
                                   s2s_err *err) {
    (void)err;
    fake_io *io = self;
    fake f;
    fake_init(&f, 4);
    int32_t source[8], prefix[8];
    enumeration e = {.f = &f, .source = source, .most = 4};
    e.source_n = fake_source(index, io->longest, source);
    enumerate(&e, prefix, 0, 0);
    qsort(e.scores, (size_t)e.n, sizeof *e.scores, descending);
    assert_int_equal(n, 121); /* 1 + 3 + 9 + 27 that end, 81 that are cut */
    assert_int_equal(n, e.n);
    for (int i = 0; i < n; i++) assert_close(best[i].score, e.scores[i]);
    io->done++;
    fake_release(&f);
    return S2S_OK;
}

static void test_a_beam_that_holds_everything_finds_everything(void **state) {
    (void)state;
    fake f;
    fake_init(&f, 4);
    fake_io io = {.sentences = 20, .longest = 8};
    s2s_search_recipe recipe = fake_recipe(150, 150, 3);
    recipe.max_decoding_length = 4;
    s2s_search_io all = fake_io_make(&io);
    all.done = compare_with_all;
    assert_int_equal(s2s_search_run(&f.scorer, 1, &recipe, all, NULL), S2S_OK);
    assert_int_equal(io.done, 20);
    fake_io_release(&io);
    fake_release(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_finished_make_room_for_the_next),
        cmocka_unit_test(test_eos_behind_the_beam_is_not_finished),
        cmocka_unit_test(test_without_penalty_the_best_must_be_among_them),
        cmocka_unit_test(test_min_length),
        cmocka_unit_test(test_equal_candidates_go_by_parent_and_token),
        cmocka_unit_test(test_no_token_left),
        cmocka_unit_test(test_reference),
        cmocka_unit_test(test_greedy_is_beam_one),
        cmocka_unit_test(test_a_beam_that_holds_everything_finds_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
