/* Batches of a causal language model: begin and text in, text and end out. */
#include <string.h>

#include "texts.h"

#define CAUSAL "objective: {type: causal_lm}\ndecoder: {}\n"

static void tokens_and_labels(void **state) {
    (void)state;
    enum { N = 50 };
    texts t;
    texts_make(&t, CAUSAL, N);
    int32_t bos = s2s_vocabulary_bos(t.vocabulary), eos = s2s_vocabulary_eos(t.vocabulary);
    texts_collate(&t, 0, N, 7);
    const s2s_stream *target = &t.batch.stream[S2S_TARGET];
    assert_int_equal(target->sequences, N);
    assert_int_equal(t.batch.stream[S2S_SOURCE].sequences, N);
    assert_int_equal(t.batch.stream[S2S_SOURCE].tokens, 0);
    assert_int_equal(t.batch.stream[S2S_SOURCE].starts[N], 0);
    assert_null(t.batch.predicted); /* all rows are */
    assert_int_equal(t.batch.labels_n, target->tokens);
    for (int i = 0; i < N; i++) {
        int length;
        const int32_t *row = texts_row(&t, S2S_TARGET, i, 0, &length);
        const int32_t *labels = t.batch.labels + target->starts[i];
        const s2s_example *e = &t.items[i];
        size_t bytes = (size_t)e->source_length * sizeof *row;
        assert_int_equal(length, e->source_length + 1);
        assert_int_equal(row[0], bos);
        assert_memory_equal(row + 1, e->source, bytes);
        assert_memory_equal(labels, e->source, bytes);
        assert_int_equal(labels[e->source_length], eos);
    }
    texts_release(&t);
}

/* A batch that follows a larger one has nothing of it; nothing is drawn. */
static void batches_do_not_mix(void **state) {
    (void)state;
    texts t;
    texts_make(&t, CAUSAL, 20);
    texts_collate(&t, 0, 20, 1);
    texts_collate(&t, 4, 2, 1);
    int length = t.items[4].source_length + t.items[5].source_length + 2;
    assert_int_equal(t.batch.labels_n, length);
    assert_int_equal(t.batch.stream[S2S_SOURCE].sequences, 2);
    int32_t first[512];
    memcpy(first, t.batch.labels, (size_t)length * sizeof *first);
    texts_collate(&t, 4, 2, 99);
    assert_memory_equal(first, t.batch.labels, (size_t)length * sizeof *first);
    texts_release(&t);
}

/* <mask> is masked_lm's alone. */
static void needs_no_symbol(void **state) {
    (void)state;
    texts t;
    s2s_err err = {0};
    s2s_objective other;
    s2s_text_recipe text = plain_text_recipe(300);
    s2s_vocabulary *plain = make_vocabulary(&text);
    texts_make(&t, CAUSAL, 1);
    assert_int_equal(s2s_objective_init(&other, t.recipe, plain, plain, &err), S2S_OK);
    s2s_vocabulary_free(plain);
    texts_release(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_and_labels),
        cmocka_unit_test(batches_do_not_mix),
        cmocka_unit_test(needs_no_symbol),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
