/* See reference.h: beams, and every output there is. */
#include "reference.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST_FINISHED = 512, MOST_LIVE = 64, MOST_GROUPS = 8 };

typedef struct beam {
    const reference_problem *p;
    int width, groups; /* the width of a group */
    reference_candidate *live, *next,
        *all; /* [groups * width] twice, [groups * width * vocabulary] */
    int live_n, next_n;
    int32_t chosen[2 * MOST_LIVE]; /* in the step so far, but for eos */
    int chosen_n;
    reference_finished *done;
    int done_n, done_of[MOST_GROUPS];
    bool best_done;
} beam;

/* --- results --- */

static bool is_better(const reference_problem *p, const reference_finished *a,
                      const reference_finished *b) {
    bool a_has = reference_has_all(&a->text, p->request->required);
    bool b_has = reference_has_all(&b->text, p->request->required);
    return a_has != b_has ? a_has : a->score > b->score;
}

static s2s_real *attention_of(const reference_problem *p, const reference_text *text) {
    size_t width = (size_t)p->request->n + 1;
    s2s_real *matrix = test_malloc(((size_t)text->n * width + 1) * sizeof *matrix);
    for (int t = 0; t < text->n; t++)
        fake_attention(p->request->ids, p->request->n, text->ids, t, matrix + (size_t)t * width);
    return matrix;
}

static double sum_of(const reference_text *text) {
    double sum = 0;
    for (int i = 0; i < text->n; i++) sum += text->each[i];
    return sum;
}

static s2s_hypothesis as_hypothesis(const reference_problem *p, const reference_finished *f,
                                    s2s_real *attention) {
    return (s2s_hypothesis){.ids = f->text.ids,
                            .length = f->text.n - (f->ending == S2S_ENDED),
                            .scored = f->text.n,
                            .log_probabilities = f->text.each,
                            .log_probability = sum_of(&f->text),
                            .score = f->score,
                            .ending = f->ending,
                            .attention = attention,
                            .source_tokens = p->request->n + 1};
}

void reference_put(const reference_problem *p, uint64_t index, bool attention,
                   reference_finished *all, int count, s2s_buf *output) {
    int wanted = count < p->recipe->n_best ? count : (int)p->recipe->n_best;
    s2s_hypothesis *best = test_calloc((size_t)wanted, sizeof *best);
    s2s_real **matrices = test_calloc((size_t)wanted, sizeof *matrices);
    bool *taken = test_calloc((size_t)count, sizeof *taken);
    for (int i = 0; i < wanted; i++) {
        int at = -1; /* the first of equal ones */
        for (int j = 0; j < count; j++)
            if (!taken[j] && (at < 0 || is_better(p, &all[j], &all[at]))) at = j;
        taken[at] = true;
        if (attention) matrices[i] = attention_of(p, &all[at].text);
        best[i] = as_hypothesis(p, &all[at], matrices[i]);
    }
    assert_int_equal(fake_put(output, index, best, wanted, NULL), S2S_OK);
    for (int i = 0; i < wanted; i++)
        if (matrices[i]) test_free(matrices[i]);
    test_free(matrices);
    test_free(taken);
    test_free(best);
}

static void finish(beam *b, const reference_text *text, int group, s2s_ending ending) {
    assert_true(b->done_n < MOST_FINISHED);
    b->done[b->done_n++] = (reference_finished){*text, reference_score(b->p, text), ending};
    b->done_of[group]++;
}

/* --- a step --- */

static int better(const void *left, const void *right) {
    const reference_candidate *a = *(reference_candidate *const *)left,
                              *b = *(reference_candidate *const *)right;
    int last = a->text.n - 1;
    if (a->choice != b->choice) return a->choice > b->choice ? -1 : 1;
    if (a->parent != b->parent) return a->parent < b->parent ? -1 : 1;
    if (a->text.each[last] != b->text.each[last])
        return a->text.each[last] > b->text.each[last] ? -1 : 1;
    return a->text.ids[last] < b->text.ids[last] ? -1 : 1;
}

/* How often the groups that have chosen already chose a token. */
static int chosen(const beam *b, int32_t token) {
    int times = 0;
    for (int i = 0; i < b->chosen_n; i++) times += b->chosen[i] == token;
    return times;
}

/* All that may follow the live ones of a group; at first there is one, of all groups. */
static int collect(beam *b, int group) {
    s2s_token_score scores[REFERENCE_VOCABULARY];
    int n = 0;
    for (int i = 0; i < b->live_n; i++) {
        if (b->live[i].group >= 0 && b->live[i].group != group) continue;
        int follow = reference_next(b->p, &b->live[i].text, scores);
        for (int j = 0; j < follow; j++) {
            reference_candidate *added = &b->all[n++];
            *added = (reference_candidate){.text = b->live[i].text, .parent = i, .group = group};
            reference_add(&added->text, scores[j]);
            added->choice = added->text.log_probability;
            if (b->groups > 1)
                added->choice -= b->p->recipe->diversity_penalty * chosen(b, scores[j].token);
        }
    }
    return n;
}

/* Of candidates in order: the first `width` may end, the first `width` that do not go on. */
static void take(beam *b, int group, reference_candidate **order, int n, double best) {
    int live = 0;
    for (int i = 0; i < n && i < 2 * b->width; i++) {
        const reference_text *text = &order[i]->text;
        bool ends = reference_ends(text), last = text->n == b->p->longest;
        bool is_finished = i < b->width && (ends || last);
        bool lives = !ends && !last && live < b->width;
        if (is_finished) finish(b, text, group, ends ? S2S_ENDED : S2S_ENDED_BY_LENGTH);
        if (is_finished && i == 0 && order[i]->choice >= best) b->best_done = true;
        if (lives) b->next[b->next_n++] = *order[i];
        live += lives;
        if ((is_finished || lives) && !ends) b->chosen[b->chosen_n++] = text->ids[text->n - 1];
    }
}

static void step_group(beam *b, int group) {
    int n = collect(b, group);
    reference_candidate **ranked = test_calloc((size_t)n + 1, sizeof(void *));
    reference_candidate *dealt[2 * MOST_LIVE];
    double best = -INFINITY;
    for (int i = 0; i < n; i++) ranked[i] = &b->all[i];
    qsort(ranked, (size_t)n, sizeof *ranked, better);
    bool constrained = b->p->request->required.n > 0;
    if (constrained) n = reference_deal(b->p, ranked, n, b->width, dealt, &best);
    take(b, group, constrained ? dealt : ranked, n, best);
    test_free(ranked);
}

/* --- stopping --- */

/* The best score that a live one can come to, over all lengths that it may get. */
static double best_reachable(const beam *b) {
    double best = -INFINITY;
    reference_problem plain = *b->p;
    s2s_search_recipe recipe = *b->p->recipe;
    recipe.coverage_penalty = 0;
    plain.recipe = &recipe;
    for (int i = 0; i < b->live_n; i++) {
        reference_text text = b->live[i].text;
        while (++text.n <= b->p->longest) best = fmax(best, reference_score(&plain, &text));
    }
    return best;
}

static bool has_n_better(const beam *b, double score) {
    int n = 0;
    for (int i = 0; i < b->done_n; i++) n += b->done[i].score >= score;
    return n >= b->p->recipe->n_best;
}

static int enough_of_group(const beam *b) {
    const s2s_search_recipe *recipe = b->p->recipe;
    int wanted = (int)round(recipe->patience * b->width);
    int n_best = (int)ceil((double)recipe->n_best / b->groups);
    return wanted > n_best ? wanted : n_best;
}

static bool group_is_done(const beam *b, int group) {
    return b->p->recipe->stopping == S2S_STOP_COUNT && b->done_of[group] >= enough_of_group(b);
}

static bool is_over(const beam *b) {
    const s2s_search_recipe *recipe = b->p->recipe;
    if (!b->live_n) return true;
    if (recipe->stopping == S2S_STOP_BOUND) return has_n_better(b, best_reachable(b));
    if (recipe->length_penalty == 0 && recipe->coverage_penalty == 0 && recipe->patience == 1 &&
        b->groups == 1)
        return b->best_done && b->done_n >= recipe->n_best;
    for (int group = 0; group < b->groups; group++)
        if (!group_is_done(b, group)) return false;
    return true;
}

/* --- the search --- */

static void begin(beam *b, const reference_problem *p) {
    *b = (beam){.p = p, .groups = (int)p->recipe->beam_groups, .live_n = 1};
    b->width = (int)p->recipe->beam_size / b->groups;
    int width = b->width * b->groups;
    assert_true(width <= MOST_LIVE && b->groups <= MOST_GROUPS);
    b->live = test_calloc((size_t)width, sizeof *b->live);
    b->next = test_calloc((size_t)width, sizeof *b->next);
    b->all = test_calloc((size_t)(width * p->f->scorer.vocabulary), sizeof *b->all);
    b->done = test_calloc(MOST_FINISHED, sizeof *b->done);
    b->live[0] = (reference_candidate){.text = reference_prefix(p), .group = -1};
}

static void step(beam *b) {
    b->next_n = b->chosen_n = 0;
    for (int group = 0; group < b->groups; group++)
        if (b->groups == 1 || !group_is_done(b, group)) step_group(b, group);
    if (!b->next_n && !b->done_n)
        for (int i = 0; i < b->live_n; i++)
            finish(b, &b->live[i].text, 0, S2S_ENDED_WITHOUT_CHOICE);
    reference_candidate *old = b->live;
    b->live = b->next;
    b->next = old;
    b->live_n = b->next_n;
}

int reference_search(const reference_problem *p, uint64_t index, bool attention, s2s_buf *output) {
    beam b;
    begin(&b, p);
    int steps = b.live[0].text.n; /* of the prefix */
    if (steps == p->longest) {    /* nothing is left to choose */
        finish(&b, &b.live[0].text, 0, S2S_ENDED_BY_LENGTH);
        b.live_n = 0;
    }
    for (; !is_over(&b); steps++) step(&b);
    reference_put(p, index, attention, b.done, b.done_n, output);
    test_free(b.live);
    test_free(b.next);
    test_free(b.all);
    test_free(b.done);
    return steps;
}

/* --- every hypothesis there is --- */

static int enumerate(const reference_problem *p, const reference_text *text,
                     reference_finished *all, int n, int most) {
    s2s_token_score scores[REFERENCE_VOCABULARY];
    bool ends = reference_ends(text);
    if (ends || text->n == p->longest) {
        assert_true(n < most);
        all[n] = (reference_finished){*text, reference_score(p, text),
                                      ends ? S2S_ENDED : S2S_ENDED_BY_LENGTH};
        return n + 1;
    }
    int follow = reference_next(p, text, scores);
    for (int i = 0; i < follow; i++) {
        reference_text longer = *text;
        reference_add(&longer, scores[i]);
        n = enumerate(p, &longer, all, n, most);
    }
    return n;
}

static int by_score(const void *left, const void *right) {
    const reference_finished *a = left, *b = right;
    return a->score > b->score ? -1 : a->score < b->score;
}

int reference_enumerate(const reference_problem *p, reference_finished *all, int most) {
    reference_text text = reference_prefix(p);
    int n = enumerate(p, &text, all, 0, most);
    qsort(all, (size_t)n, sizeof *all, by_score);
    return n;
}
