/* See reference.h: what may follow a text, and what it is worth. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "reference.h"

static int longest_output(const s2s_search_recipe *recipe, int source_n) {
    double most = (double)recipe->max_decoding_length;
    if (recipe->max_length_ratio > 0)
        most = fmin(most,
                    ceil(recipe->max_length_ratio * source_n) + (double)recipe->max_length_offset);
    return most < 1 ? 1 : (int)most;
}

reference_problem reference_open(const fake *f, const s2s_search_recipe *recipe,
                                 const s2s_request *request) {
    if (request->recipe) recipe = request->recipe;
    reference_problem p = {f, request, recipe, longest_output(recipe, request->n)};
    assert_true(p.longest <= REFERENCE_LONGEST && f->scorer.vocabulary <= REFERENCE_VOCABULARY);
    return p;
}

/* --- rules --- */

static bool ends_with(const int32_t *ids, int n, const int32_t *end, int end_n) {
    return n >= end_n && memcmp(ids + n - end_n, end, (size_t)end_n * sizeof *ids) == 0;
}

/* Whether the last `size` tokens stand earlier in the text, too. */
static bool repeats_its_end(const int32_t *ids, int n, int size) {
    for (int end = size; end < n; end++)
        if (ends_with(ids, end, ids + n - size, size)) return true;
    return false;
}

static bool is_allowed(const reference_problem *p, const reference_text *text, int32_t token) {
    const s2s_search_recipe *recipe = p->recipe;
    int32_t ids[REFERENCE_LONGEST + 1];
    int n = text->n, size = (int)recipe->no_repeat_ngram_size;
    memcpy(ids, text->ids, (size_t)n * sizeof *ids);
    ids[n++] = token;
    if (token == FAKE_EOS && text->n < recipe->min_decoding_length) return false;
    if (recipe->suppress_unk && token == p->f->scorer.unk) return false;
    for (int i = 0; i < p->request->forbidden.n; i++) {
        s2s_phrase phrase = p->request->forbidden.items[i];
        if (ends_with(ids, n, phrase.ids, phrase.n)) return false;
    }
    return !size || n < size || !repeats_its_end(ids, n, size);
}

static void apply_rules(const reference_problem *p, const reference_text *text, s2s_real *logits) {
    s2s_real penalty = (s2s_real)p->recipe->repetition_penalty;
    for (int32_t v = 0; v < p->f->scorer.vocabulary; v++) {
        bool repeated = false;
        for (int i = 0; i < text->n; i++) repeated |= text->ids[i] == v;
        if (repeated) logits[v] = logits[v] > 0 ? logits[v] / penalty : logits[v] * penalty;
        if (!is_allowed(p, text, v)) logits[v] = -INFINITY;
    }
}

/* Within the prefix everything may follow, as it is not chosen. Tokens that a scorer of few does not have are left
 * out of the row, because the place of a logit in it decides on the last bit of the sum. */
int reference_next(const reference_problem *p, const reference_text *text,
                   s2s_token_score *scores) {
    s2s_real logits[REFERENCE_VOCABULARY], had[REFERENCE_VOCABULARY];
    int32_t tokens[REFERENCE_VOCABULARY];
    int vocabulary = p->f->scorer.vocabulary, kept = 0;
    fake_logits(p->f, p->request->ids, p->request->n, text->ids, text->n, logits);
    memcpy(had, logits, (size_t)vocabulary * sizeof *had);
    if (text->n >= p->request->prefix_n) apply_rules(p, text, logits);
    for (int32_t v = 0; v < vocabulary; v++) {
        if (p->f->few && !(had[v] > -INFINITY)) continue;
        logits[kept] = logits[v];
        tokens[kept++] = v;
    }
    int n = s2s_topk_row(logits, kept, kept, scores);
    assert_true(n >= 0);
    for (int i = 0; i < n; i++) scores[i].token = tokens[scores[i].token];
    return n;
}

void reference_add(reference_text *text, s2s_token_score score) {
    text->each[text->n] = score.log_probability;
    text->ids[text->n++] = score.token;
    text->log_probability += score.log_probability;
}

reference_text reference_prefix(const reference_problem *p) {
    reference_text text = {.n = 0};
    s2s_token_score scores[REFERENCE_VOCABULARY];
    while (text.n < p->request->prefix_n && text.n < p->longest) {
        int n = reference_next(p, &text, scores), at = 0;
        while (at < n && scores[at].token != p->request->prefix[text.n]) at++;
        assert_true(at < n);
        reference_add(&text, scores[at]);
    }
    text.log_probability = 0;
    return text;
}

/* --- worth --- */

bool reference_ends(const reference_text *text) {
    return text->n > 0 && text->ids[text->n - 1] == FAKE_EOS;
}

static double coverage(const reference_problem *p, const reference_text *text, int token) {
    double sum = 0;
    s2s_real weights[REFERENCE_LONGEST];
    assert_true(p->request->n < REFERENCE_LONGEST);
    for (int t = 0; t < text->n; t++) {
        fake_attention(p->request->ids, p->request->n, text->ids, t, weights);
        sum += (double)weights[token];
    }
    return sum;
}

double reference_score(const reference_problem *p, const reference_text *text) {
    double a = p->recipe->length_penalty, b = p->recipe->coverage_penalty;
    int chosen = text->n - p->request->prefix_n;
    double length = p->recipe->length_penalty_type == S2S_LENGTH_GNMT ? (5.0 + chosen) / 6 : chosen;
    double score = chosen > 0 ? text->log_probability / pow(length, a) : 0;
    for (int token = 0; b > 0 && token <= p->request->n; token++) {
        double looked = coverage(p, text, token);
        /* log 1 is 0, and nothing at all would be -infinity */
        if (looked < 1) score += b * log(looked > 1e-9 ? looked : 1e-9);
    }
    return score;
}

bool reference_has(const reference_text *text, s2s_phrase phrase) {
    for (int end = phrase.n; end <= text->n; end++)
        if (ends_with(text->ids, end, phrase.ids, phrase.n)) return true;
    return false;
}

bool reference_has_all(const reference_text *text, s2s_phrases phrases) {
    for (int i = 0; i < phrases.n; i++)
        if (!reference_has(text, phrases.items[i])) return false;
    return true;
}
