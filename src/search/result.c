/* See result.h. */
#include "search/result.h"

#include <stdlib.h>

#include "search/stop.h"

/* Where the parts of the next hypothesis go. */
typedef struct parts {
    double *log_probabilities;
    s2s_real *attention; /* NULL: none is wanted */
    int32_t *ids;
} parts;

static int compare(const void *left, const void *right) {
    const s2s_finished *a = left, *b = right;
    if (a->lacks_phrases != b->lacks_phrases) return a->lacks_phrases ? 1 : -1;
    if (a->score != b->score) return a->score > b->score ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

/* With the end symbol, where it has one. */
static int scored_tokens(const s2s_finished *f) {
    return f->length + (f->ending == S2S_ENDED);
}

static s2s_status allocate(s2s_result **result, int n, size_t tokens, size_t weights, parts *to,
                           s2s_err *err) {
    size_t hypotheses = (size_t)n * sizeof(s2s_hypothesis), scores = tokens * sizeof(double);
    size_t bytes = sizeof **result + hypotheses + scores + weights * sizeof(s2s_real) +
                   tokens * sizeof(int32_t);
    *result = malloc(bytes);
    if (!*result) return s2s_fail_memory(err, bytes);
    (*result)->n = n;
    to->log_probabilities = (double *)(void *)&(*result)->best[n];
    s2s_real *attention = (s2s_real *)(void *)(to->log_probabilities + tokens);
    to->attention = weights ? attention : NULL;
    to->ids = (int32_t *)(void *)(attention + weights);
    return S2S_OK;
}

static void read_row(const s2s_attention_source *from, int32_t state, s2s_real *row) {
    for (int i = 0; i < from->source_tokens; i++) row[i] = 0;
    from->scorer->attention(from->scorer->self, from->handle, state, 1, row);
}

/* Row t of the matrix is what the step that chose token t looked at. */
static void read_attention(const s2s_attention_source *from, const s2s_prefixes *prefixes,
                           const s2s_finished *f, s2s_real *matrix) {
    int32_t node = f->prefix;
    size_t width = (size_t)from->source_tokens;
    if (f->ending == S2S_ENDED) read_row(from, f->end_state, matrix + (size_t)f->length * width);
    for (int t = f->length - 1; t >= 0; t--) {
        const s2s_prefix_node *at = &prefixes->nodes[node];
        read_row(from, at->state, matrix + (size_t)t * width);
        node = at->parent;
    }
}

/* In the order in which the search adds them up. */
static double sum_of(const double *log_probabilities, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) sum += log_probabilities[i];
    return sum;
}

static s2s_hypothesis make_hypothesis(const s2s_finished *f, const s2s_prefixes *prefixes,
                                      const s2s_attention_source *attention, parts *to) {
    int scored = scored_tokens(f);
    s2s_prefixes_read(prefixes, f->prefix, f->length, to->ids, to->log_probabilities);
    if (scored > f->length) to->log_probabilities[f->length] = f->end_log_probability;
    s2s_hypothesis made = {.ids = to->ids,
                           .length = f->length,
                           .scored = scored,
                           .log_probabilities = to->log_probabilities,
                           .log_probability = sum_of(to->log_probabilities, scored),
                           .score = f->score,
                           .ending = f->ending};
    if (to->attention) {
        read_attention(attention, prefixes, f, to->attention);
        made.attention = to->attention;
        made.source_tokens = attention->source_tokens;
        to->attention += (size_t)scored * (size_t)attention->source_tokens;
    }
    to->ids += f->length;
    to->log_probabilities += scored;
    return made;
}

/* A number of bytes that no memory has must not wrap around: hence double. */
double s2s_result_bound(const s2s_request *request, const s2s_search_recipe *recipe,
                        bool attention) {
    if (request->recipe) recipe = request->recipe;
    double weights = attention ? request->n + 1.0 : 0;
    double token = sizeof(double) + weights * sizeof(s2s_real) + sizeof(int32_t);
    double hypothesis = sizeof(s2s_hypothesis) + s2s_max_length(recipe, request->n) * token;
    return sizeof(s2s_result) + (double)recipe->n_best * hypothesis;
}

s2s_status s2s_result_create(s2s_result **result, s2s_finished *finished, int count, int n,
                             const s2s_prefixes *prefixes, const s2s_attention_source *attention,
                             s2s_err *err) {
    qsort(finished, (size_t)count, sizeof *finished, compare);
    if (n > count) n = count;
    size_t tokens = 0;
    for (int i = 0; i < n; i++) tokens += (size_t)scored_tokens(&finished[i]);
    size_t weights = attention ? tokens * (size_t)attention->source_tokens : 0;
    parts to = {0};
    S2S_TRY(allocate(result, n, tokens, weights, &to, err));
    for (int i = 0; i < n; i++)
        (*result)->best[i] = make_hypothesis(&finished[i], prefixes, attention, &to);
    return S2S_OK;
}

void s2s_result_turn(s2s_result *result) {
    for (int i = 0; i < result->n; i++) {
        s2s_hypothesis *h = &result->best[i];
        size_t n = (size_t)h->length, row = (size_t)h->source_tokens * sizeof *h->attention;
        /* What hypotheses point to is the result's own memory. */
        s2s_reverse((void *)h->ids, n, sizeof *h->ids);
        s2s_reverse((void *)h->log_probabilities, n, sizeof *h->log_probabilities);
        if (h->attention) s2s_reverse((void *)h->attention, n, row);
    }
}

s2s_status s2s_result_create_empty(s2s_result **result, s2s_err *err) {
    parts to = {0};
    S2S_TRY(allocate(result, 1, 0, 0, &to, err));
    (*result)->best[0] = (s2s_hypothesis){
        .ids = to.ids, .log_probabilities = to.log_probabilities, .ending = S2S_ENDED};
    return S2S_OK;
}
