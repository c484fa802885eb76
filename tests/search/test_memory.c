/* Every allocation of a search fails once: S2S_MEMORY comes back, and nothing stays open or is lost
 * (the address sanitizer looks for leaks). The linker sends the allocations of this program through
 * here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/err.h"
#include "search/search.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *block, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *block, size_t size);

static int until_failure; /* allocations that succeed before one fails; negative: all do */

static int fails(void) {
    return until_failure >= 0 && until_failure-- == 0;
}

void *__wrap_malloc(size_t size) {
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size) {
    return fails() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *block, size_t size) {
    return fails() ? NULL : __real_realloc(block, size);
}

/* A scorer that allocates nothing: the logits go by the row alone. */
enum { VOCABULARY = 5, ROWS = 64 };

typedef struct tiny {
    int open, read, done;
    s2s_real logits[ROWS * VOCABULARY];
    s2s_request request;
    const s2s_search_recipe *other; /* of some sentences */
} tiny;

static s2s_status open_tiny(void *self, const int32_t *ids, const int32_t *starts, int n,
                            int32_t *handles, s2s_err *err) {
    tiny *t = self;
    (void)ids, (void)starts, (void)err;
    for (int i = 0; i < n; i++) handles[i] = t->open++;
    return S2S_OK;
}

static s2s_status step_tiny(void *self, s2s_step_row *rows, int n, s2s_err *err) {
    tiny *t = self;
    (void)err;
    assert_true(n <= ROWS);
    for (int i = 0; i < n; i++) {
        rows[i].next = rows[i].state + 1;
        for (int v = 0; v < VOCABULARY; v++)
            t->logits[i * VOCABULARY + v] =
                (float)((rows[i].token * 3 + rows[i].state * 5 + v * 7) % 11);
    }
    return S2S_OK;
}

static s2s_status logits_tiny(void *self, int first, int tokens, s2s_real **logits, s2s_err *err) {
    (void)err;
    assert_int_equal(first, 0);
    assert_int_equal(tokens, VOCABULARY);
    *logits = ((tiny *)self)->logits;
    return S2S_OK;
}

static void close_tiny(void *self, int32_t sentence) {
    (void)sentence;
    ((tiny *)self)->open--;
}

static s2s_status next_tiny(void *self, const s2s_request **request, bool *more, s2s_err *err) {
    static const int32_t source[] = {2, 3, 4};
    static const s2s_phrase phrase = {source + 1, 2};
    tiny *t = self;
    (void)err;
    *more = t->read < 12;
    t->request = (s2s_request){.ids = source, .n = t->read++ % 4}; /* empty ones too */
    if (t->read % 3 == 0) t->request.required = (s2s_phrases){&phrase, 1};
    if (t->read % 5 == 0) t->request.recipe = t->other;
    *request = &t->request;
    return S2S_OK;
}

static s2s_status done_tiny(void *self, uint64_t index, const s2s_hypothesis *best, int n,
                            s2s_err *err) {
    (void)index, (void)best, (void)n, (void)err;
    ((tiny *)self)->done++;
    return S2S_OK;
}

static void test_every_allocation_fails(void **state) {
    (void)state;
    s2s_search_recipe recipe = {.type = S2S_BEAM,
                                .beam_size = 3,
                                .length_penalty = 1,
                                .max_decoding_length = 30,
                                .min_decoding_length = 2,
                                .n_best = 2,
                                .batch_tokens = 4,
                                .batch_sentences = 4,
                                .beam_groups = 1,
                                .patience = 1,
                                .repetition_penalty = 1.5,
                                .temperature = 1,
                                .top_p = 0.9};
    s2s_search_recipe other = recipe;
    other.type = S2S_SAMPLE;
    s2s_status status = S2S_MEMORY;
    int failures = 0;
    for (; status != S2S_OK; failures++) {
        tiny t = {.other = &other};
        s2s_err err = {0};
        s2s_scorer scorer = {.self = &t,
                             .vocabulary = VOCABULARY,
                             .bos = 1,
                             .eos = 0,
                             .unk = -1,
                             .open = open_tiny,
                             .step = step_tiny,
                             .logits = logits_tiny,
                             .close = close_tiny};
        s2s_search_io io = {.self = &t, .next = next_tiny, .done = done_tiny};
        until_failure = failures;
        status = s2s_search_run(&scorer, 1, &recipe, io, &err);
        until_failure = -1;
        assert_int_equal(t.open, 0);
        assert_int_equal(status, err.status);
        assert_true(status == S2S_OK ? t.done == 12 : status == S2S_MEMORY);
    }
    assert_true(failures > 30);
}

int main(void) {
    until_failure = -1;
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_every_allocation_fails)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
