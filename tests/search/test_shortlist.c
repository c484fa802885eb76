/* A session with a shortlist: the scores of tokens that a sentence may use are those without one, bit for bit, and the
 * others are -infinity, whoever comes and goes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "base/thread.h"
#include "fixture.h"
#include "search/session.h"

enum { OPEN = 6, SOURCE_MOST = 7, LIST = 40, ROUNDS = 120 };

/* A shortlist of random tokens: source token s allows those of list s. */
typedef struct lists {
    s2s_shortlist shortlist;
    uint32_t *starts;
    int32_t *targets;
    int32_t always[5];
} lists;

static lists make_lists(int size, bool everything) {
    s2s_rng rng = s2s_rng_init(3, 3);
    lists l = {.always = {0, 1, 2, 70, 1499}};
    int32_t *all = malloc((size_t)size * sizeof *all);
    for (int32_t t = 0; t < size; t++) all[t] = t;
    l.starts = calloc((size_t)size + 1, sizeof *l.starts);
    l.targets = malloc((size_t)size * LIST * sizeof *l.targets);
    for (int s = 0; s < size; s++) {
        uint32_t n = l.starts[s];
        for (int32_t t = (int32_t)s2s_rng_below(&rng, 60); t < size && n < l.starts[s] + LIST;
             t += 1 + (int32_t)s2s_rng_below(&rng, 2 * (uint64_t)size / LIST))
            l.targets[n++] = t;
        l.starts[s + 1] = everything ? 0 : n;
    }
    l.shortlist = (s2s_shortlist){.source_size = size, .target_size = size, .starts = l.starts};
    l.shortlist.always_n = everything ? size : 5;
    l.shortlist.always = everything ? all : NULL;
    l.shortlist.targets = l.targets;
    if (!everything) free(all);
    return l;
}

static void release_lists(lists *l) {
    if (l->shortlist.always != l->always) free((void *)(uintptr_t)l->shortlist.always);
    free(l->starts);
    free(l->targets);
}

/* --- two sessions that are asked for the same --- */

typedef struct one {
    bool open;
    int32_t asked[3]; /* tokens besides the list's */
    int32_t source[SOURCE_MOST], handle[2];
    int n;
    int32_t state[2];
} one;

typedef struct both {
    const s2s_model *model;
    const s2s_shortlist *list;
    s2s_session *session[2]; /* without, with */
    s2s_scorer scorer[2];
    one sentences[OPEN];
    uint64_t *marks;
    s2s_rng rng;
    uint64_t forbidden; /* scores that were */
} both;

static void start(both *b, const s2s_model *model, const s2s_shortlist *list) {
    s2s_err err = {0};
    *b = (both){.model = model, .list = list, .rng = s2s_rng_init(8, 2)};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(s2s_session_create(&b->session[i], model, (s2s_ends){1, 2, 2}, &err),
                         S2S_OK);
        s2s_session_use_shortlist(b->session[i], i ? list : NULL);
        b->scorer[i] = s2s_session_scorer(b->session[i]);
    }
    b->marks = calloc(s2s_shortlist_marks(list), sizeof *b->marks);
}

static void finish(both *b) {
    for (int i = 0; i < 2; i++) s2s_session_free(b->session[i]);
    free(b->marks);
}

static int32_t random_token(both *b) {
    return (int32_t)s2s_rng_below(&b->rng, (uint64_t)b->model->target_vocabulary);
}

/* Opens the first n sentences that are closed, together. */
static void open_some(both *b, int n) {
    int32_t ids[OPEN * SOURCE_MOST], starts[OPEN + 1] = {0}, handles[OPEN];
    one *opened[OPEN];
    int count = 0;
    s2s_err err = {0};
    for (int i = 0; i < OPEN && count < n; i++) {
        one *s = &b->sentences[i];
        if (s->open) continue;
        *s = (one){
            .open = true, .n = 1 + (int)s2s_rng_below(&b->rng, SOURCE_MOST), .state = {-1, -1}};
        for (int k = 0; k < s->n; k++) s->source[k] = random_token(b);
        memcpy(ids + starts[count], s->source, (size_t)s->n * sizeof *ids);
        starts[count + 1] = starts[count] + s->n;
        opened[count++] = s;
    }
    for (int i = 0; i < 2 && count; i++) {
        assert_int_equal(b->scorer[i].open(b->scorer[i].self, ids, starts, count, handles, &err),
                         S2S_OK);
        for (int k = 0; k < count; k++) opened[k]->handle[i] = handles[k];
    }
    for (int k = 0; k < count; k++) {
        for (int i = 0; i < 3; i++) opened[k]->asked[i] = random_token(b);
        assert_int_equal(
            b->scorer[1].allow(b->scorer[1].self, opened[k]->handle[1], opened[k]->asked, 3, &err),
            S2S_OK);
    }
}

static void close_one(both *b, one *s) {
    for (int i = 0; i < 2; i++) b->scorer[i].close(b->scorer[i].self, s->handle[i]);
    s->open = false;
}

static void check_row(both *b, const one *s, const s2s_real *without, const s2s_real *with,
                      int first, int n) {
    s2s_ids allowed = {0};
    s2s_err err = {0};
    assert_int_equal(s2s_shortlist_tokens(b->list, s->source, s->n, b->marks, &allowed, &err),
                     S2S_OK);
    size_t at = 0;
    for (int t = first; t < first + n; t++) {
        while (at < allowed.size && allowed.data[at] < t) at++;
        bool may = at < allowed.size && allowed.data[at] == t;
        for (int i = 0; i < 3; i++) may |= s->asked[i] == t;
        b->forbidden += !may;
        if (may)
            assert_memory_equal(with + t - first, without + t - first, sizeof *with);
        else
            assert_true(isinf(with[t - first]) && with[t - first] < 0);
    }
    s2s_ids_release(&allowed);
}

/* One row's possible scores are those of the whole row. */
static void check_possible(both *b, int row, const s2s_real *whole, int part, int first) {
    s2s_logits some = b->scorer[1].possible(b->scorer[1].self, row);
    assert_non_null(some.tokens);
    int here = 0;
    for (int i = 0; i < some.n; i++) {
        assert_true(i == 0 || some.tokens[i] > some.tokens[i - 1]);
        if (some.tokens[i] < first || some.tokens[i] >= first + part) continue;
        assert_memory_equal(&some.x[i], &whole[some.tokens[i] - first], sizeof *whole);
        here++;
    }
    for (int t = 0; t < part; t++) here -= whole[t] > -INFINITY;
    assert_int_equal(here, 0);
}

/* A step of all open sentences with the same tokens; its scores in parts of `part` tokens. */
static void step(both *b, int part) {
    s2s_step_row rows[2][OPEN];
    one *of[OPEN];
    int n = 0, vocabulary = b->model->target_vocabulary;
    s2s_err err = {0};
    for (int i = 0; i < OPEN; i++) {
        one *s = &b->sentences[i];
        if (!s->open) continue;
        int32_t token = s->state[0] < 0 ? 1 : random_token(b);
        for (int k = 0; k < 2; k++)
            rows[k][n] = (s2s_step_row){s->handle[k], s->state[k], token, -1};
        of[n++] = s;
    }
    if (!n) return;
    for (int k = 0; k < 2; k++) {
        assert_int_equal(b->scorer[k].step(b->scorer[k].self, rows[k], n, &err), S2S_OK);
        for (int i = 0; i < n; i++) of[i]->state[k] = rows[k][i].next;
    }
    for (int first = 0; first < vocabulary; first += part) {
        int tokens = vocabulary - first < part ? vocabulary - first : part;
        s2s_real *scores[2];
        for (int k = 0; k < 2; k++)
            assert_int_equal(
                b->scorer[k].logits(b->scorer[k].self, first, tokens, &scores[k], &err), S2S_OK);
        for (int i = 0; i < n; i++) {
            check_row(b, of[i], scores[0] + (size_t)i * (size_t)tokens,
                      scores[1] + (size_t)i * (size_t)tokens, first, tokens);
            check_possible(b, i, scores[1] + (size_t)i * (size_t)tokens, tokens, first);
        }
    }
}

static uint64_t come_and_go(const s2s_model *model, const s2s_shortlist *list) {
    both b;
    start(&b, model, list);
    for (int round = 0; round < ROUNDS; round++) {
        s2s_threads_set(1 + round % 2);
        if (round % 3 == 0) open_some(&b, 1 + (int)s2s_rng_below(&b.rng, OPEN));
        step(&b, round % 4 ? 1536 : 256);
        for (int i = 0; i < OPEN; i++) /* now and then all but a few leave */
            if (b.sentences[i].open && s2s_rng_below(&b.rng, 100) < (round % 30 == 29 ? 80 : 15))
                close_one(&b, &b.sentences[i]);
    }
    for (int i = 0; i < OPEN; i++)
        if (b.sentences[i].open) close_one(&b, &b.sentences[i]);
    finish(&b);
    return b.forbidden;
}

static void check(s2s_weight_type type) {
    fixture f;
    s2s_err err = {0};
    fixture_make_large(&f);
    assert_int_equal(s2s_params_pack(&f.model->params, type, &err), S2S_OK);
    for (int everything = 0; everything < 2; everything++) {
        lists l = make_lists(f.model->target_vocabulary, everything);
        if (!everything) l.shortlist.always = l.always;
        uint64_t forbidden = come_and_go(f.model, &l.shortlist);
        assert_int_equal(forbidden == 0, everything);
        release_lists(&l);
    }
    fixture_close(&f);
}

static void float32(void **state) {
    (void)state;
    check(S2S_WEIGHT_FLOAT32);
}

static void int8(void **state) {
    (void)state;
    check(S2S_WEIGHT_INT8);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(float32), cmocka_unit_test(int8)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
