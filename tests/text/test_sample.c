/* Random segmentations: reproducible, valid, and with the right probabilities. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after the above, which it needs */
#include <cmocka.h>

#include "sentences.h"

static s2s_vocabulary *sampling_vocabulary(s2s_vocabulary_type type, double alpha, int64_t nbest) {
    s2s_text_recipe recipe = plain_text_recipe(300);
    recipe.vocabulary.type = type;
    recipe.sampling_alpha = alpha;
    recipe.sampling_nbest = nbest;
    return make_vocabulary(&recipe);
}

static void sample(const s2s_vocabulary *v, const char *text, uint64_t seed, s2s_ids *ids) {
    s2s_err err = {0};
    ids->size = 0;
    assert_int_equal(s2s_vocabulary_sample(v, text, strlen(text), seed, ids, &err), S2S_OK);
}

static bool same(const s2s_ids *a, const s2s_ids *b) {
    return a->size == b->size && !memcmp(a->data, b->data, a->size * sizeof(int32_t));
}

/* Draws of one text: the same for the same seed, several in all, each of them the text again. */
static void check_draws(s2s_vocabulary *v) {
    const char *text = "dalemi scheifo ra.";
    s2s_ids first = {0}, again = {0};
    s2s_err err = {0};
    int different = 0;
    for (uint64_t seed = 0; seed < 200; seed++) {
        sample(v, text, seed, &again);
        sample(v, "something in between", seed + 1000, &first);
        sample(v, text, seed, &first);
        assert_true(same(&first, &again));
        s2s_buf decoded = {0};
        assert_int_equal(s2s_vocabulary_decode(v, first.data, first.size, &decoded, &err), S2S_OK);
        assert_string_equal(decoded.data, text);
        s2s_buf_release(&decoded);
        sample(v, text, 0, &again);
        different += !same(&first, &again);
    }
    assert_true(different > 20);
    s2s_ids_release(&first);
    s2s_ids_release(&again);
    s2s_vocabulary_free(v);
}

static void test_all_segmentations(void **state) {
    (void)state;
    check_draws(sampling_vocabulary(S2S_UNIGRAM, 0.2, -1));
}

static void test_nbest_segmentations(void **state) {
    (void)state;
    check_draws(sampling_vocabulary(S2S_UNIGRAM, 0.2, 16));
}

static void test_bpe_dropout(void **state) {
    (void)state;
    check_draws(sampling_vocabulary(S2S_BPE, 0.3, -1));
}

/* With a large alpha the best segmentation is all that is drawn; without dropout BPE is BPE. */
static void check_limit(s2s_vocabulary_type type, double alpha, int64_t nbest) {
    s2s_vocabulary *v = sampling_vocabulary(type, alpha, nbest);
    s2s_ids drawn = {0}, best = {0};
    s2s_err err = {0};
    for (uint64_t i = 0; i < 300; i++) {
        char sentence[512];
        size_t length = make_sentence(i, sentence, sizeof sentence);
        best.size = 0;
        assert_int_equal(s2s_vocabulary_encode(v, sentence, length, &best, &err), S2S_OK);
        sample(v, sentence, i, &drawn);
        assert_true(same(&drawn, &best));
    }
    s2s_ids_release(&drawn);
    s2s_ids_release(&best);
    s2s_vocabulary_free(v);
}

static void test_limits(void **state) {
    (void)state;
    check_limit(S2S_UNIGRAM, 500, -1);
    check_limit(S2S_UNIGRAM, 500, 8);
    check_limit(S2S_BPE, 1e-12, -1);
}

/* With n so large that the n best are all there are, both rules for unigram have the same
 * distribution, computed by different ways. Two counts differ by chance alone: 5 standard
 * deviations are allowed. */
static void test_same_distribution(void **state) {
    (void)state;
    enum { DRAWS = 4000, MOST = 64 };
    s2s_vocabulary *v[] = {sampling_vocabulary(S2S_UNIGRAM, 0.3, -1),
                           sampling_vocabulary(S2S_UNIGRAM, 0.3, 200)};
    s2s_ids seen[MOST] = {{0}}, drawn = {0};
    int counts[2][MOST] = {{0}}, n = 0;
    for (int rule = 0; rule < 2; rule++) {
        for (uint64_t seed = 0; seed < DRAWS; seed++) {
            sample(v[rule], "dalemi", seed, &drawn);
            int i = 0;
            while (i < n && !same(&seen[i], &drawn)) i++;
            if (i == n) {
                assert_true(n < MOST);
                seen[n++] = drawn;
                drawn = (s2s_ids){0};
            }
            counts[rule][i]++;
        }
    }
    assert_true(n >= 4);
    for (int i = 0; i < n; i++) {
        double spread = sqrt(counts[0][i] + counts[1][i] + 1);
        assert_true(fabs((double)(counts[0][i] - counts[1][i])) < 5 * spread);
        s2s_ids_release(&seen[i]);
    }
    s2s_ids_release(&drawn);
    s2s_vocabulary_free(v[0]);
    s2s_vocabulary_free(v[1]);
}

/* Dropout of everything leaves characters. */
static void test_full_dropout(void **state) {
    (void)state;
    s2s_vocabulary *v = sampling_vocabulary(S2S_BPE, 1.0, -1);
    s2s_ids ids = {0};
    sample(v, "dale mi", 3, &ids);
    assert_int_equal(ids.size, 8); /* the blank before the text, and seven characters */
    s2s_ids_release(&ids);
    s2s_vocabulary_free(v);
}

static void check_odd_texts(s2s_vocabulary *v, bool bytes) {
    s2s_ids ids = {0}, best = {0};
    s2s_err err = {0};
    sample(v, "", 1, &ids);
    assert_int_equal(ids.size, 0);
    sample(v, " \t ", 1, &ids);
    assert_int_equal(ids.size, 0);
    const char *foreign = "\xE6\xBC\xA2\xE5\xAD\x97";
    sample(v, foreign, 1, &ids);
    assert_int_equal(s2s_vocabulary_encode(v, foreign, 6, &best, &err), S2S_OK);
    assert_true(same(&ids, &best));
    assert_int_equal(ids.size, bytes ? 7 : 2);
    s2s_buf line = {0};
    for (int i = 0; i < 20000; i++) s2s_buf_append(&line, "dale", 4, &err); /* one long word */
    sample(v, line.data, 1, &ids);
    s2s_buf text = {0};
    assert_int_equal(s2s_vocabulary_decode(v, ids.data, ids.size, &text, &err), S2S_OK);
    assert_string_equal(text.data, line.data);
    s2s_buf_release(&text);
    s2s_buf_release(&line);
    s2s_ids_release(&ids);
    s2s_ids_release(&best);
    s2s_vocabulary_free(v);
}

static void test_odd_texts(void **state) {
    (void)state;
    check_odd_texts(sampling_vocabulary(S2S_UNIGRAM, 0.5, -1), false);
    check_odd_texts(sampling_vocabulary(S2S_BPE, 0.1, -1), false);
    for (int bpe = 0; bpe < 2; bpe++) {
        s2s_text_recipe recipe = plain_text_recipe(500);
        recipe.vocabulary.type = bpe ? S2S_BPE : S2S_UNIGRAM;
        recipe.vocabulary.byte_fallback = true;
        recipe.sampling_alpha = 0.2;
        check_odd_texts(make_vocabulary(&recipe), true);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_segmentations), cmocka_unit_test(test_nbest_segmentations),
        cmocka_unit_test(test_bpe_dropout),       cmocka_unit_test(test_limits),
        cmocka_unit_test(test_same_distribution), cmocka_unit_test(test_full_dropout),
        cmocka_unit_test(test_odd_texts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
