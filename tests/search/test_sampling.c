/* Sampling: which tokens may be drawn, how often each is, and on what a sample depends. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "search/selector.h"
#include "trial.h"

/* --- the exact distribution --- */

typedef struct share {
    double probability;
    int32_t token;
} share;

static int most_first(const void *left, const void *right) {
    const share *a = left, *b = right;
    if (a->probability != b->probability) return a->probability > b->probability ? -1 : 1;
    return a->token - b->token;
}

static void normalize(share *shares, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) sum += shares[i].probability;
    for (int i = 0; i < n; i++) shares[i].probability /= sum;
}

/* One cut after the other, on sorted probabilities that sum to 1 again after each. */
static int cut(const s2s_search_recipe *recipe, share *shares, int n) {
    if (recipe->top_k && n > recipe->top_k) n = (int)recipe->top_k;
    normalize(shares, n);
    double sum = 0;
    for (int i = 0; i < n && recipe->top_p < 1; i++) {
        sum += shares[i].probability;
        if (sum >= recipe->top_p) n = i + 1;
    }
    double least = shares[0].probability * recipe->min_p;
    while (shares[n - 1].probability < least) n--;
    normalize(shares, n);
    return n;
}

/* What may follow a text, and how probable each is. */
static int distribution(const reference_problem *p, const reference_text *text, share *shares) {
    s2s_token_score scores[REFERENCE_VOCABULARY];
    int n = reference_next(p, text, scores);
    for (int i = 0; i < n; i++)
        shares[i] =
            (share){exp(scores[i].log_probability / p->recipe->temperature), scores[i].token};
    qsort(shares, (size_t)n, sizeof *shares, most_first);
    normalize(shares, n);
    return cut(p->recipe, shares, n);
}

/* --- counting --- */

/* Of `cells` counts out of `total`, against their probabilities: how far chi-square lies above its mean, in
 * standard deviations. Cells in which few are expected count together. */
static double excess(const int *counts, const double *probabilities, int cells, int total) {
    double chi_square = 0, rest = 0;
    int rest_count = 0, used = 0;
    for (int i = 0; i < cells; i++) {
        double expected = probabilities[i] * total;
        if (expected < 5) {
            rest += expected;
            rest_count += counts[i];
            continue;
        }
        chi_square += (counts[i] - expected) * (counts[i] - expected) / expected;
        used++;
    }
    if (rest >= 1) {
        chi_square += (rest_count - rest) * (rest_count - rest) / rest;
        used++;
    }
    int freedom = used - 1; /* 0: there was no choice */
    return freedom < 1 ? 0 : (chi_square - freedom) / sqrt(2.0 * freedom);
}

enum { FIRSTS = REFERENCE_VOCABULARY, PAIRS = 16 * 16 };

typedef struct tally {
    int drawn[FIRSTS], pairs[PAIRS], total; /* of first tokens; of first and second */
} tally;

static int32_t token_of(const s2s_hypothesis *h, int at) {
    return at < h->length ? h->ids[at] : FAKE_EOS;
}

static void count(void *self, const reference_problem *p, const s2s_hypothesis *best, int n) {
    (void)p;
    tally *counted = self;
    for (int i = 0; i < n; i++) {
        counted->drawn[token_of(&best[i], 0)]++;
        if (p->f->scorer.vocabulary <= 16)
            counted->pairs[16 * token_of(&best[i], 0) + token_of(&best[i], 1)]++;
        counted->total++;
    }
}

static void init_sampling(trial *t, uint64_t number, int samples, int longest) {
    trial_init(t, number);
    t->recipe = fake_recipe(1, samples, 2);
    t->recipe.type = S2S_SAMPLE;
    t->recipe.seed = (int64_t)number;
    t->recipe.max_decoding_length = longest;
    t->model.grain = 0;
    t->model.ending = 0;
}

static void draw_cuts(trial *t) {
    static const double temperatures[] = {0.05, 0.3, 0.7, 1, 1.5, 4}, top_ps[] = {0.3, 0.8, 0.95},
                        min_ps[] = {0.02, 0.2, 0.6, 1};
    t->recipe.temperature = trial_choose(t, temperatures, 6);
    if (trial_draw(t, 2)) t->recipe.top_k = 1 + trial_draw(t, 12);
    if (trial_draw(t, 2)) t->recipe.top_p = trial_choose(t, top_ps, 3);
    if (trial_draw(t, 2)) t->recipe.min_p = trial_choose(t, min_ps, 4);
}

/* All sentences of a trial get the first one's source, and so its distribution. */
static void same_sources(trial *t) {
    for (int i = 1; i < TRIAL_SENTENCES; i++) t->requests[i] = t->requests[0];
}

static double check_first_tokens(const trial *t, const tally *counted) {
    reference_problem p = reference_open(&t->model, &t->recipe, &t->requests[0]);
    share shares[REFERENCE_VOCABULARY];
    double probabilities[FIRSTS] = {0};
    int n = distribution(&p, &(reference_text){.n = 0}, shares);
    for (int i = 0; i < n; i++) probabilities[shares[i].token] = shares[i].probability;
    for (int v = 0; v < FIRSTS; v++)
        if (!(probabilities[v] > 0)) assert_int_equal(counted->drawn[v], 0);
    return excess(counted->drawn, probabilities, FIRSTS, counted->total);
}

/* --- tests --- */

/* 1000 samples of one step for each of many settings. Of so many trials the worst may lie some deviations off; a
 * wrong token more or less would be far off. */
static void test_first_tokens(void **state) {
    (void)state;
    double sum = 0;
    enum { TRIALS = 300 };
    for (uint64_t i = 0; i < TRIALS; i++) {
        trial t;
        tally counted = {.total = 0};
        init_sampling(&t, i, 200, 1);
        t.model.scorer.vocabulary = 4 + trial_draw(&t, 40);
        draw_cuts(&t);
        same_sources(&t);
        trial_each(&t, count, &counted);
        double far = check_first_tokens(&t, &counted);
        assert_int_equal(counted.total, 200 * TRIAL_SENTENCES);
        if (far > 6) fail_msg("trial %d: chi-square is %.1f deviations too great", (int)i, far);
        sum += far;
    }
    if (fabs(sum / sqrt(TRIALS)) > 4)
        fail_msg("chi-squares are %.2f off in all", sum / sqrt(TRIALS));
}

/* The same of one sample for each of many seeds. */
static void test_seeds(void **state) {
    (void)state;
    trial t;
    tally counted = {.total = 0};
    init_sampling(&t, 5, 1, 1);
    t.recipe.temperature = 1.5;
    same_sources(&t);
    for (; t.recipe.seed < 605; t.recipe.seed++) trial_each(&t, count, &counted);
    assert_int_equal(counted.total, 600 * TRIAL_SENTENCES);
    assert_true(check_first_tokens(&t, &counted) < 5);
}

/* Two steps are drawn independently: each pair comes as often as the product says. */
static void test_pairs(void **state) {
    (void)state;
    trial t;
    tally counted = {.total = 0};
    init_sampling(&t, 8, 1000, 2);
    t.model.scorer.vocabulary = 8;
    t.recipe.top_p = 0.9;
    same_sources(&t);
    trial_each(&t, count, &counted);
    reference_problem p = reference_open(&t.model, &t.recipe, &t.requests[0]);
    share first[REFERENCE_VOCABULARY], second[REFERENCE_VOCABULARY];
    double probabilities[PAIRS] = {0};
    int n = distribution(&p, &(reference_text){.n = 0}, first);
    for (int i = 0; i < n; i++) {
        reference_text text = {.ids = {first[i].token}, .n = 1};
        bool ends = first[i].token == FAKE_EOS;
        int m = ends ? 1 : distribution(&p, &text, second);
        if (ends) second[0] = (share){1, FAKE_EOS};
        for (int k = 0; k < m; k++)
            probabilities[16 * first[i].token + second[k].token] =
                first[i].probability * second[k].probability;
    }
    for (int i = 0; i < PAIRS; i++)
        if (!(probabilities[i] > 0)) assert_int_equal(counted.pairs[i], 0);
    assert_true(excess(counted.pairs, probabilities, PAIRS, counted.total) < 5);
}

/* Tokens far below the best one count for top_p: here so many that they weigh as much as it does. Shares: one token
 * 0.4, one 0.2, far ones 0.4 together, so that half takes two tokens. */
static void test_top_p_counts_tokens_that_are_far_below(void **state) {
    (void)state;
    enum { TOKENS = 200000, SAMPLES = 400, FIRST = 77, SECOND = 100 };
    s2s_search_recipe recipe = fake_recipe(1, SAMPLES, 1);
    recipe.type = S2S_SAMPLE;
    recipe.top_p = 0.5;
    s2s_real *row = test_malloc(TOKENS * sizeof *row);
    for (int i = 0; i < TOKENS; i++) row[i] = (s2s_real)-log(TOKENS);
    row[FIRST] = 0;
    row[SECOND] = (s2s_real)-log(2);
    s2s_token_score best[1];
    s2s_topk ranking = s2s_topk_begin(best, 1);
    s2s_real *kept = test_malloc(TOKENS * sizeof *kept);
    ranking.row = kept;
    s2s_topk_add(&ranking, row, TOKENS, 0);
    int counts[1] = {s2s_topk_end(&ranking)}, second = 0;
    s2s_selector selector = s2s_selector_make(&recipe, TOKENS, false);
    s2s_selection selection = {0};
    s2s_offer offer = {.counts = counts,
                       .rankings = &ranking,
                       .log_probability = (const double[]){0},
                       .lanes = (const s2s_lane[]){{0}},
                       .rows = 1,
                       .vocabulary = TOKENS,
                       .first = true};
    assert_int_equal(s2s_selection_reserve(&selection, &selector, TOKENS, NULL), S2S_OK);
    selector.select(&selector, &offer, &selection);
    assert_int_equal(selection.live_n, SAMPLES);
    for (int i = 0; i < SAMPLES; i++) {
        assert_true(selection.live[i].token == FIRST || selection.live[i].token == SECOND);
        second += selection.live[i].token == SECOND;
    }
    assert_in_range(second, SAMPLES / 4, SAMPLES * 5 / 12); /* a third of them */
    s2s_selection_release(&selection);
    test_free(row);
    test_free(kept);
}

/* --- on what a sample depends --- */

static void test_batches_and_workers_change_nothing(void **state) {
    (void)state;
    for (uint64_t i = 0; i < 100; i++) {
        trial t;
        s2s_buf alone, together;
        trial_init(&t, i);
        t.recipe.type = S2S_SAMPLE;
        t.recipe.n_best = 4;
        draw_cuts(&t);
        t.recipe.batch_sentences = 1;
        trial_run(&t, 1, &alone);
        t.recipe.batch_sentences = 1 + trial_draw(&t, 7);
        trial_run(&t, 1 + trial_draw(&t, 3), &together);
        assert_same_bytes(&alone, &together);
        s2s_buf_release(&alone);
        s2s_buf_release(&together);
    }
}

/* Each sample, and each line of the same text, is drawn anew; the same seed draws the same. */
static void test_samples_are_not_copies(void **state) {
    (void)state;
    trial t;
    s2s_buf one, again, other;
    tally counted = {.total = 0};
    init_sampling(&t, 3, 1, 1);
    t.model.scorer.vocabulary = 40;
    t.recipe.temperature = 100; /* nearly uniform */
    same_sources(&t);
    trial_each(&t, count, &counted);
    int different = 0;
    for (int v = 0; v < FIRSTS; v++) different += counted.drawn[v] > 0;
    assert_true(different > 2);
    trial_run(&t, 1, &one);
    trial_run(&t, 1, &again);
    assert_same_bytes(&one, &again);
    t.recipe.seed++;
    trial_run(&t, 1, &other);
    assert_true(one.size != other.size || memcmp(one.data, other.data, one.size) != 0);
    s2s_buf_release(&one);
    s2s_buf_release(&again);
    s2s_buf_release(&other);
}

/* log p is the model's own, whatever was done to draw. */
static void look_at_log_probabilities(void *self, const reference_problem *p,
                                      const s2s_hypothesis *best, int n) {
    int *tokens = self;
    s2s_token_score scores[REFERENCE_VOCABULARY];
    for (int i = 0; i < n; i++) {
        reference_text text = trial_text(&best[i]), again = reference_prefix(p);
        while (again.n < text.n) {
            int m = reference_next(p, &again, scores), at = 0;
            while (at < m && scores[at].token != text.ids[again.n]) at++;
            assert_true(at < m);
            reference_add(&again, scores[at]);
        }
        assert_memory_equal(again.each, text.each, (size_t)text.n * sizeof *text.each);
        assert_true(reference_score(p, &again) == best[i].score);
        if (i) assert_true(best[i].score <= best[i - 1].score);
        *tokens += text.n;
    }
}

static void test_log_probabilities(void **state) {
    (void)state;
    int tokens = 0;
    for (uint64_t i = 0; i < 200; i++) {
        trial t;
        trial_init(&t, i);
        t.recipe.type = S2S_SAMPLE;
        t.recipe.n_best = 5;
        draw_cuts(&t);
        if (i & 1) trial_add_prefixes(&t);
        if (i & 2) t.recipe.repetition_penalty = 1.4;
        trial_each(&t, look_at_log_probabilities, &tokens);
    }
    assert_true(tokens > 5000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_first_tokens),
        cmocka_unit_test(test_seeds),
        cmocka_unit_test(test_pairs),
        cmocka_unit_test(test_top_p_counts_tokens_that_are_far_below),
        cmocka_unit_test(test_batches_and_workers_change_nothing),
        cmocka_unit_test(test_samples_are_not_copies),
        cmocka_unit_test(test_log_probabilities),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
