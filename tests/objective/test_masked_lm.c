/* Batches of a masked language model: which tokens are hidden, by what, and what is asked for. Bounds are of four
 * standard deviations; keys are fixed, so that a test passes always or never. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "texts.h"

#define MASKED(settings) "objective: {type: masked_lm" settings "}\nencoder: {}\n"

/* What became of tokens. */
typedef struct counts {
    double texts, tokens, labels, masks, same, others;
} counts;

static bool is_symbol(const texts *t, int32_t id) {
    return id == t->objective.bos || id == t->objective.eos || id == t->objective.mask;
}

/* Checks text i against its row, whose labels begin at *label, and counts. */
static void check_text(const texts *t, int i, int first, int *label, counts *c) {
    const s2s_example *e = &t->items[i];
    const s2s_stream *s = &t->batch.stream[S2S_SOURCE];
    int length, begin = *label, start = s->starts[i - first] + 1;
    const int32_t *row = texts_row(t, S2S_SOURCE, i, first, &length);
    assert_int_equal(length, e->source_length + 2);
    assert_int_equal(row[0], t->objective.bos);
    assert_int_equal(row[length - 1], t->objective.eos);
    for (int j = 0; j < e->source_length; j++) {
        int32_t id = e->source[j], shown = row[1 + j];
        c->tokens += !is_symbol(t, id);
        if (*label == t->batch.labels_n || t->batch.predicted[*label] != start + j) {
            assert_int_equal(shown, id); /* what is not asked for is as it was */
            continue;
        }
        assert_int_equal(t->batch.labels[(*label)++], id);
        assert_false(is_symbol(t, id));
        c->masks += shown == t->objective.mask;
        c->same += shown == id;
        c->others += shown != t->objective.mask && shown != id;
        if (shown != t->objective.mask) assert_false(is_symbol(t, shown));
        if (shown != id) assert_int_not_equal(shown, s2s_vocabulary_unk(t->vocabulary));
    }
    assert_true(*label > begin); /* one at least */
    c->labels += *label - begin;
    c->texts++;
}

static counts check_batch(const texts *t, int first, int n) {
    counts c = {0};
    int label = 0;
    assert_int_equal(t->batch.stream[S2S_SOURCE].sequences, n);
    assert_int_equal(t->batch.stream[S2S_TARGET].sequences, n);
    assert_int_equal(t->batch.stream[S2S_TARGET].tokens, 0);
    for (int i = first; i < first + n; i++) check_text(t, i, first, &label, &c);
    assert_int_equal(label, t->batch.labels_n); /* all belong to some text, in order */
    return c;
}

/* `found` of n draws, each with this probability. */
static void check_share(double found, double n, double probability) {
    double deviation = sqrt(n * probability * (1 - probability));
    if (fabs(found - n * probability) > 4 * deviation + 1e-9)
        fail_msg("%g of %g, expected %g (standard deviation %g)", found, n, n * probability,
                 deviation);
}

/* --- shares --- */

/* How many tokens are asked for: the share of each text's, rounded up or down by a draw; at least one. */
static void check_number(const texts *t, const counts *c, double share) {
    double expected = 0, variance = 0;
    for (int i = 0; i < t->n; i++) {
        double n = 0;
        for (int j = 0; j < t->items[i].source_length; j++)
            n += !is_symbol(t, t->items[i].source[j]);
        double part = share * n - floor(share * n);
        expected += share * n > 1 ? share * n : 1;
        variance += part * (1 - part);
    }
    if (fabs(c->labels - expected) > 4 * sqrt(variance))
        fail_msg("%g labels, expected %g (standard deviation %g)", c->labels, expected,
                 sqrt(variance));
}

static void check_shares(const char *recipe, double share, double random, double kept) {
    enum { N = 4000 };
    texts t;
    texts_make(&t, recipe, N);
    texts_collate(&t, 0, N, 12345);
    counts c = check_batch(&t, 0, N);
    check_number(&t, &c, share);
    /* A token that is drawn may be the one that was there. */
    double text_pieces = s2s_vocabulary_size(t.vocabulary) - 4;
    check_share(c.masks, c.labels, 1 - random - kept);
    check_share(c.same, c.labels, kept + random / text_pieces);
    check_share(c.others, c.labels, random * (1 - 1 / text_pieces));
    texts_release(&t);
}

static void shares(void **state) {
    (void)state;
    check_shares(MASKED(""), 0.15, 0.1, 0.1);
    check_shares(MASKED(", mask_share: 0.4, mask_random: 0.3, mask_kept: 0.2"), 0.4, 0.3, 0.2);
    check_shares(MASKED(", mask_random: 1, mask_kept: 0"), 0.15, 1, 0);
}

/* Nothing tells the answer where nothing is to be kept. */
static void no_leak(void **state) {
    (void)state;
    enum { N = 500 };
    texts t;
    texts_make(&t, MASKED(", mask_random: 0, mask_kept: 0"), N);
    texts_collate(&t, 0, N, 3);
    counts c = check_batch(&t, 0, N);
    assert_int_equal(c.masks, c.labels);
    texts_release(&t);
}

/* Each place of a text is chosen as often as any other. */
static void places(void **state) {
    (void)state;
    enum { LENGTH = 10, DRAWS = 4000 };
    int32_t ids[LENGTH];
    int counts[LENGTH] = {0};
    texts t;
    texts_make(&t, MASKED(", mask_share: 0.3"), 3); /* a batch of three has room for it */
    for (int i = 0; i < LENGTH; i++) ids[i] = 20 + i;
    t.items[0] = (s2s_example){.source = ids, .source_length = LENGTH};
    for (uint64_t key = 0; key < DRAWS; key++) {
        texts_collate(&t, 0, 1, key);
        assert_in_range(t.batch.labels_n, 3, 4);
        for (int i = 0; i < t.batch.labels_n; i++) counts[t.batch.predicted[i] - 1]++;
    }
    for (int i = 0; i < LENGTH; i++) check_share(counts[i], DRAWS, 0.3);
    texts_release(&t);
}

/* --- whole words --- */

static bool begins_word(const texts *t, const int32_t *ids, int i) {
    return i == 0 || is_symbol(t, ids[i - 1]) ||
           !strncmp(s2s_vocabulary_piece(t->vocabulary, ids[i]), "\xe2\x96\x81", 3);
}

/* Words of the batch: how many there are, are asked for as a whole, and in part. */
static void count_words(const texts *t, int *words, int *whole, int *parts) {
    int label = 0;
    *words = *whole = *parts = 0;
    for (int i = 0; i < t->n; i++) {
        const s2s_example *e = &t->items[i];
        int start = t->batch.stream[S2S_SOURCE].starts[i] + 1;
        for (int j = 0, end; j < e->source_length; j = end) {
            int asked = 0;
            for (end = j; end < e->source_length; end++) {
                if (end > j && (is_symbol(t, e->source[end]) || begins_word(t, e->source, end)))
                    break;
                bool here = label < t->batch.labels_n && t->batch.predicted[label] == start + end;
                label += here;
                asked += here;
            }
            if (is_symbol(t, e->source[j])) continue;
            ++*words;
            *whole += asked == end - j;
            *parts += asked && asked < end - j;
        }
    }
    assert_int_equal(label, t->batch.labels_n);
}

static void whole_words(void **state) {
    (void)state;
    enum { N = 2000 };
    int words, whole, parts;
    texts t;
    texts_make(&t, MASKED(", whole_words: true, mask_share: 0.25"), N);
    texts_collate(&t, 0, N, 5);
    counts c = check_batch(&t, 0, N);
    count_words(&t, &words, &whole, &parts);
    assert_int_equal(parts, 0);
    assert_true(words < c.tokens); /* some have several pieces */
    assert_true(whole >= 0.25 * words && whole < 0.3 * words);
    texts_release(&t);
    texts_make(&t, MASKED(", mask_share: 0.25"), N);
    texts_collate(&t, 0, N, 5);
    count_words(&t, &words, &whole, &parts);
    assert_true(parts > 0); /* the count sees them */
    texts_release(&t);
}

/* --- what decides --- */

/* Whether text i is masked alike in two batches: copies of the first, and the present one. */
static bool alike(const texts *t, int text, const s2s_stream *before, int first_before, int first) {
    int length, at = text - first_before;
    const int32_t *row = texts_row(t, S2S_SOURCE, text, first, &length);
    assert_int_equal(before->starts[at + 1] - before->starts[at], length);
    return !memcmp(row, before->ids + before->starts[at], (size_t)length * sizeof *row);
}

/* How many of N texts are masked alike with other keys and in another batch. */
static int count_alike(const char *recipe, uint64_t key, int first, uint64_t other_key) {
    enum { N = 200 };
    int32_t ids[N * 80], starts[N + 1];
    int n = 0;
    texts t;
    texts_make(&t, recipe, N);
    texts_collate(&t, 0, N, key);
    const s2s_stream *s = &t.batch.stream[S2S_SOURCE];
    assert_in_range(s->tokens, 1, N * 80);
    memcpy(ids, s->ids, (size_t)s->tokens * sizeof *ids);
    memcpy(starts, s->starts, sizeof starts);
    s2s_stream before = {.ids = ids, .starts = starts, .sequences = N};
    texts_collate(&t, first, N - first, other_key);
    for (int i = first; i < N; i++) n += alike(&t, i, &before, 0, first);
    texts_release(&t);
    return n;
}

static void masks_of_each_epoch(void **state) {
    (void)state;
    assert_int_equal(count_alike(MASKED(""), 5, 0, 5), 200); /* the same key: the same */
    assert_in_range(count_alike(MASKED(""), 5, 0, 6), 0, 10);
    assert_int_equal(count_alike(MASKED(", static_masks: true"), 5, 0, 6), 200);
    assert_int_equal(count_alike(MASKED(", static_masks: true"), 5, 60, 6), 140);
}

/* --- odd texts --- */

static void odd_texts(void **state) {
    (void)state;
    enum { N = 4 };
    texts t;
    texts_make(&t, MASKED(""), N);
    int32_t unk = s2s_vocabulary_unk(t.vocabulary), eos = t.objective.eos;
    const int32_t one[] = {17}, unknown[] = {unk}, ends[] = {eos, 17, eos}, none[] = {eos};
    t.items[0] = (s2s_example){.source = one, .source_length = 1};
    t.items[1] = (s2s_example){.source = unknown, .source_length = 1};
    t.items[2] = (s2s_example){.source = ends, .source_length = 3};
    for (uint64_t key = 0; key < 50; key++) {
        texts_collate(&t, 0, 3, key);
        counts c = check_batch(&t, 0, 3);
        assert_int_equal(c.labels, 3); /* the one token that each has */
    }
    t.items[3] = (s2s_example){.source = none, .source_length = 1};
    texts_collate(&t, 3, 1, 1);
    assert_int_equal(t.batch.labels_n, 0); /* nothing but symbols */
    texts_release(&t);
}

static void vocabulary_without_mask(void **state) {
    (void)state;
    texts t;
    s2s_err err = {0};
    s2s_objective other;
    s2s_text_recipe text = plain_text_recipe(300);
    s2s_vocabulary *plain = make_vocabulary(&text);
    texts_make(&t, MASKED(""), 1);
    assert_int_equal(s2s_objective_init(&other, t.recipe, plain, plain, &err), S2S_INPUT);
    assert_non_null(strstr(err.message, "no piece <mask>"));
    assert_non_null(strstr(err.message, "text.vocabulary.symbols"));
    s2s_vocabulary_free(plain);
    texts_release(&t);
}

/* The text "<mask>" is text: it is not read as the symbol. */
static void mask_in_user_text(void **state) {
    (void)state;
    static const char text[] = "da <mask> le.";
    texts t;
    s2s_ids ids = {0};
    s2s_err err = {0};
    texts_make(&t, MASKED(""), 1);
    assert_int_equal(s2s_vocabulary_encode(t.vocabulary, text, sizeof text - 1, &ids, &err), 0);
    assert_true(ids.size > 1);
    for (size_t i = 0; i < ids.size; i++) assert_int_not_equal(ids.data[i], t.objective.mask);
    s2s_ids_release(&ids);
    texts_release(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares),
        cmocka_unit_test(no_leak),
        cmocka_unit_test(places),
        cmocka_unit_test(whole_words),
        cmocka_unit_test(masks_of_each_epoch),
        cmocka_unit_test(odd_texts),
        cmocka_unit_test(vocabulary_without_mask),
        cmocka_unit_test(mask_in_user_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
