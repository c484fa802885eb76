/* See ensemble.h.
 *
 * Members number sentences and states as they like; the ensemble has numbers of its own, and remembers for
 * each those of all members. */
#include "search/ensemble.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

typedef struct member {
    s2s_scorer scorer;
    s2s_real weight;
} member;

typedef struct sentence {
    int32_t *handles; /* [members] */
    int32_t *states;  /* [states x members] */
    size_t states_n, states_capacity;
    bool open;
} sentence;

struct s2s_ensemble {
    member *members;
    int n;
    sentence *sentences;
    size_t sentences_n, sentences_capacity;
    int32_t *handles;   /* of one call to a member */
    s2s_step_row *rows; /* of the last step, as a member sees it */
    s2s_real *logits;
    size_t handles_capacity, rows_capacity, logits_capacity;
    int rows_n;
};

/* --- life --- */

void s2s_ensemble_free(s2s_ensemble *e) {
    if (!e) return;
    for (size_t i = 0; i < e->sentences_n; i++) {
        free(e->sentences[i].handles);
        free(e->sentences[i].states);
    }
    void *arrays[] = {e->members, e->sentences, e->handles, e->rows, e->logits};
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; i++) free(arrays[i]);
    free(e);
}

static s2s_status add_members(s2s_ensemble *e, const s2s_scorer *members, const double *weights,
                              int n, s2s_err *err) {
    const double least =
        1e-30; /* of a weight that is no 0 as a float: 0 times an impossible token is no number */
    double sum = 0;
    for (int i = 0; i < n; i++) sum += weights ? weights[i] : 1;
    for (int i = 0; i < n; i++) {
        double weight = (weights ? weights[i] : 1) / sum;
        if (!(weight >= least))
            return s2s_fail(
                err, S2S_USAGE,
                "model %d of the ensemble has a share of %g of all weights, which counts "
                "nothing; it must be at least %g: leave the model out",
                i + 1, weight, least);
        if (members[i].vocabulary != members[0].vocabulary)
            return s2s_fail(err, S2S_INPUT,
                            "model %d of the ensemble has %d target tokens, the first has %d; all "
                            "must have the same vocabulary",
                            i + 1, members[i].vocabulary, members[0].vocabulary);
        e->members[i] = (member){members[i], (s2s_real)weight};
    }
    e->n = n;
    return S2S_OK;
}

s2s_status s2s_ensemble_create(s2s_ensemble **created, const s2s_scorer *members,
                               const double *weights, int n, s2s_err *err) {
    *created = NULL;
    s2s_ensemble *e = calloc(1, sizeof *e);
    if (!e) return s2s_fail_memory(err, sizeof *e);
    e->members = calloc((size_t)n, sizeof *e->members);
    s2s_status status = e->members ? add_members(e, members, weights, n, err)
                                   : s2s_fail_memory(err, (size_t)n * sizeof *e->members);
    if (status == S2S_OK)
        *created = e;
    else
        s2s_ensemble_free(e);
    return status;
}

/* --- sentences --- */

static s2s_status free_sentence(s2s_ensemble *e, int32_t *handle, s2s_err *err) {
    size_t at = 0;
    while (at < e->sentences_n && e->sentences[at].open) at++;
    if (at == e->sentences_n) {
        S2S_TRY(s2s_grow(&e->sentences, &e->sentences_capacity, at + 1, sizeof *e->sentences, err));
        e->sentences[at] = (sentence){0};
        e->sentences_n++;
    }
    sentence *s = &e->sentences[at];
    size_t bytes = (size_t)e->n * sizeof *s->handles;
    if (!s->handles) s->handles = malloc(bytes);
    if (!s->handles) return s2s_fail_memory(err, bytes);
    s->states_n = 0;
    s->open = true;
    *handle = (int32_t)at;
    return S2S_OK;
}

/* The first `members` of them have opened it. */
static void close_first(s2s_ensemble *e, int32_t handle, int members) {
    sentence *s = &e->sentences[handle];
    for (int i = 0; i < members; i++) {
        const s2s_scorer *scorer = &e->members[i].scorer;
        scorer->close(scorer->self, s->handles[i]);
    }
    s->open = false;
}

static void close_sentence(void *self, int32_t handle) {
    s2s_ensemble *e = self;
    close_first(e, handle, e->n);
}

static s2s_status open_in_members(s2s_ensemble *e, const int32_t *ids, const int32_t *starts, int n,
                                  const int32_t *handles, int *opened, s2s_err *err) {
    S2S_TRY(s2s_grow(&e->handles, &e->handles_capacity, (size_t)n, sizeof *e->handles, err));
    for (*opened = 0; *opened < e->n; ++*opened) {
        const s2s_scorer *scorer = &e->members[*opened].scorer;
        S2S_TRY(scorer->open(scorer->self, ids, starts, n, e->handles, err));
        for (int i = 0; i < n; i++) e->sentences[handles[i]].handles[*opened] = e->handles[i];
    }
    return S2S_OK;
}

static s2s_status open_sentences(void *self, const int32_t *ids, const int32_t *starts, int n,
                                 int32_t *handles, s2s_err *err) {
    s2s_ensemble *e = self;
    int taken = 0, opened = 0;
    s2s_status status = S2S_OK;
    for (; taken < n && status == S2S_OK; taken += status == S2S_OK)
        status = free_sentence(e, &handles[taken], err);
    if (status == S2S_OK) status = open_in_members(e, ids, starts, n, handles, &opened, err);
    for (int i = 0; i < taken && status != S2S_OK; i++) close_first(e, handles[i], opened);
    return status;
}

static s2s_status allow(void *self, int32_t handle, const int32_t *tokens, int n, s2s_err *err) {
    s2s_ensemble *e = self;
    for (int m = 0; m < e->n; m++) {
        const s2s_scorer *scorer = &e->members[m].scorer;
        if (scorer->allow)
            S2S_TRY(scorer->allow(scorer->self, e->sentences[handle].handles[m], tokens, n, err));
    }
    return S2S_OK;
}

/* --- a step --- */

/* Room for one more state of each row; row->next is its number. */
static s2s_status add_states(s2s_ensemble *e, s2s_step_row *rows, int n, s2s_err *err) {
    for (int i = 0; i < n; i++) {
        sentence *s = &e->sentences[rows[i].sentence];
        S2S_TRY(s2s_grow(&s->states, &s->states_capacity, (s->states_n + 1) * (size_t)e->n,
                         sizeof *s->states, err));
        rows[i].next = (int32_t)s->states_n++;
    }
    return S2S_OK;
}

static s2s_status step_member(s2s_ensemble *e, int m, const s2s_step_row *rows, int n,
                              s2s_err *err) {
    size_t width = (size_t)e->n;
    for (int i = 0; i < n; i++) {
        const sentence *s = &e->sentences[rows[i].sentence];
        int32_t state =
            rows[i].state < 0 ? -1 : s->states[(size_t)rows[i].state * width + (size_t)m];
        e->rows[i] = (s2s_step_row){s->handles[m], state, rows[i].token, -1};
    }
    const s2s_scorer *scorer = &e->members[m].scorer;
    S2S_TRY(scorer->step(scorer->self, e->rows, n, err));
    for (int i = 0; i < n; i++)
        e->sentences[rows[i].sentence].states[(size_t)rows[i].next * width + (size_t)m] =
            e->rows[i].next;
    return S2S_OK;
}

static s2s_status step(void *self, s2s_step_row *rows, int n, s2s_err *err) {
    s2s_ensemble *e = self;
    S2S_TRY(s2s_grow(&e->rows, &e->rows_capacity, (size_t)n, sizeof *e->rows, err));
    S2S_TRY(add_states(e, rows, n, err));
    for (int m = 0; m < e->n; m++) S2S_TRY(step_member(e, m, rows, n, err));
    e->rows_n = n;
    return S2S_OK;
}

static s2s_status logits(void *self, int first, int tokens, s2s_real **out, s2s_err *err) {
    s2s_ensemble *e = self;
    size_t n = (size_t)e->rows_n * (size_t)tokens;
    S2S_TRY(s2s_grow(&e->logits, &e->logits_capacity, n, sizeof *e->logits, err));
    memset(e->logits, 0, n * sizeof *e->logits);
    for (int m = 0; m < e->n; m++) {
        const s2s_scorer *scorer = &e->members[m].scorer;
        s2s_real *part, weight = e->members[m].weight;
        S2S_TRY(scorer->logits(scorer->self, first, tokens, &part, err));
        for (size_t i = 0; i < n; i++) e->logits[i] += weight * part[i];
    }
    *out = e->logits;
    return S2S_OK;
}

/* As logits does it, and into those of the first member: they are the search's to write. With equal tokens in
 * all, see ensemble.h. */
static s2s_logits possible(void *self, int row) {
    const s2s_ensemble *e = self;
    s2s_logits sum = {0};
    for (int m = 0; m < e->n; m++) {
        const s2s_scorer *scorer = &e->members[m].scorer;
        s2s_logits part = scorer->possible(scorer->self, row);
        s2s_real weight = e->members[m].weight;
        if (m == 0) sum = part;
        assert(part.n == sum.n);
        for (int i = 0; i < sum.n; i++)
            sum.x[i] = m ? sum.x[i] + weight * part.x[i] : weight * part.x[i];
    }
    return sum;
}

/* The weighted mean of what the members look at. */
static void attention(void *self, int32_t handle, int32_t state, s2s_real weight, s2s_real *sums) {
    s2s_ensemble *e = self;
    const sentence *s = &e->sentences[handle];
    for (int m = 0; m < e->n; m++) {
        const s2s_scorer *scorer = &e->members[m].scorer;
        int32_t at = s->states[(size_t)state * (size_t)e->n + (size_t)m];
        scorer->attention(scorer->self, s->handles[m], at, weight * e->members[m].weight, sums);
    }
}

s2s_scorer s2s_ensemble_scorer(s2s_ensemble *e) {
    s2s_scorer scorer = {.self = e,
                         .vocabulary = e->members[0].scorer.vocabulary,
                         .bos = e->members[0].scorer.bos,
                         .eos = e->members[0].scorer.eos,
                         .unk = e->members[0].scorer.unk,
                         .right_to_left = e->members[0].scorer.right_to_left,
                         .open = open_sentences,
                         .step = step,
                         .logits = logits,
                         .attention = attention,
                         .allow = allow,
                         .possible = possible,
                         .close = close_sentence};
    for (int m = 0; m < e->n; m++) {
        if (!e->members[m].scorer.attention) scorer.attention = NULL;
        if (!e->members[m].scorer.possible) scorer.possible = NULL;
    }
    return scorer;
}
