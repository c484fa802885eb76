/* See texts.h. */
#include "texts.h"

#include <stdlib.h>
#include <string.h>

static const char *const mask_piece[] = {"<mask>"};

static void append_sentence(texts *t, uint64_t index) {
    char text[512];
    s2s_err err = {0};
    size_t length = make_sentence(index, text, sizeof text);
    assert_int_equal(s2s_vocabulary_encode(t->vocabulary, text, length, &t->ids, &err), S2S_OK);
}

static void make_items(texts *t, int n) {
    s2s_err err = {0};
    size_t *ends = calloc((size_t)n, sizeof *ends);
    t->items = calloc((size_t)n, sizeof *t->items);
    assert_true(ends && t->items);
    for (int i = 0; i < n; i++) {
        append_sentence(t, (uint64_t)i * 2);
        if (i % 3 == 0) {
            assert_int_equal(s2s_ids_push(&t->ids, s2s_vocabulary_eos(t->vocabulary), &err), 0);
            append_sentence(t, (uint64_t)i * 2 + 1);
        }
        ends[i] = t->ids.size;
    }
    for (int i = 0; i < n; i++) { /* only now: the list moves while it grows */
        size_t begin = i ? ends[i - 1] : 0;
        t->items[i] =
            (s2s_example){.source = t->ids.data + begin, .source_length = (int)(ends[i] - begin)};
    }
    t->n = n;
    free(ends);
}

static void make_batch(texts *t) {
    size_t most = t->ids.size + 2 * (size_t)t->n + 1;
    for (int i = 0; i < S2S_STREAMS; i++) {
        t->batch.stream[i].ids = calloc(most, sizeof(int32_t));
        t->batch.stream[i].starts = calloc(most, sizeof(int32_t));
        assert_true(t->batch.stream[i].ids && t->batch.stream[i].starts);
    }
    t->batch.labels = calloc(most, sizeof(int32_t));
    t->predicted = calloc(most, sizeof(int32_t));
    assert_true(t->batch.labels && t->predicted);
}

void texts_make(texts *t, const char *recipe, int n) {
    s2s_err err = {0};
    *t = (texts){0};
    if (s2s_recipe_parse(&t->recipe, recipe, strlen(recipe), "test.yaml", NULL, 0, &err) != S2S_OK)
        fail_msg("%s", err.message);
    s2s_text_recipe text = plain_text_recipe(300);
    text.vocabulary.symbols = (s2s_string_list){mask_piece, 1};
    t->vocabulary = make_vocabulary(&text);
    make_items(t, n);
    make_batch(t);
    if (s2s_objective_init(&t->objective, t->recipe, t->vocabulary, t->vocabulary, &err) != S2S_OK)
        fail_msg("%s", err.message);
}

void texts_release(texts *t) {
    for (int i = 0; i < S2S_STREAMS; i++) {
        free(t->batch.stream[i].ids);
        free(t->batch.stream[i].starts);
    }
    free(t->batch.labels);
    free(t->predicted);
    free(t->items);
    s2s_ids_release(&t->ids);
    s2s_vocabulary_free(t->vocabulary);
    s2s_recipe_free(t->recipe);
}

void texts_collate(texts *t, int first, int n, uint64_t key) {
    s2s_collator c = t->objective.collator;
    t->batch.predicted = t->predicted; /* a collator may have set it to NULL */
    c.collate(c.self, t->items + first, n, key, &t->batch);
}

const int32_t *texts_row(const texts *t, int stream, int text, int first, int *length) {
    const s2s_stream *s = &t->batch.stream[stream];
    int at = text - first;
    assert_in_range(at, 0, s->sequences - 1);
    *length = s->starts[at + 1] - s->starts[at];
    return s->ids + s->starts[at];
}
