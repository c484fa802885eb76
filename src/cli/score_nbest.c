/* `s2s score --n-best`: the lists that `s2s translate --n-best=N --json` wrote, put into a new order by a second model.
 *
 *   score = previous score + weight * model score
 *
 * where the model's score is the one that its own search would give (search/penalty.h), without coverage penalty; of equal
 * ones the first stays first. A model of the reverse direction reads the hypothesis and scores the source (Li et al.
 * 2016). */
#include <inttypes.h>
#include <stdlib.h>

#include "cli/json_line.h"
#include "cli/score_job.h"
#include "search/penalty.h"

typedef struct reranking {
    s2s_score_job *job;
    s2s_penalty penalty;
    s2s_examples lines; /* a source, if there is a file of them, and its list */
    s2s_pair *pairs;    /* of the line read last */
    size_t pairs_capacity;
    uint64_t read, done;
} reranking;

/* --- reading --- */

/* The index of a line of text is its number; one that came with a JSON line is the user's own. */
static s2s_status check_index(const reranking *r, const json_t *list, s2s_err *err) {
    const json_t *index = json_object_get(list, "index");
    if (json_object_get(list, "source")) return S2S_OK;
    if (!json_is_integer(index)) return s2s_json_fail(index, "index", "a whole number", err);
    if (json_integer_value(index) == (json_int_t)r->read) return S2S_OK;
    return s2s_fail(err, S2S_INPUT,
                    "\"index\" is %" JSON_INTEGER_FORMAT ", not %" PRIu64
                    ": line n must be the list of line n of the source",
                    json_integer_value(index), r->read);
}

/* A line of --source; without it the field that a JSON line came with. */
static s2s_status find_source(const reranking *r, const json_t *list, s2s_segment *source,
                              s2s_err *err) {
    *source = r->lines.segments[0];
    if (r->job->source) return check_index(r, list, err);
    if (json_object_get(list, "source"))
        return s2s_json_text(list, "source", &source->text, &source->length, err);
    return s2s_fail(err, S2S_INPUT,
                    "there is no field \"source\"; give --source, the lines that were translated");
}

static s2s_status take_hypothesis(reranking *r, size_t i, s2s_segment source,
                                  const json_t *hypothesis, s2s_err *err) {
    s2s_segment text;
    if (!json_is_object(hypothesis))
        return s2s_json_fail(hypothesis, "translations", "a list of objects", err);
    S2S_TRY(s2s_json_text(hypothesis, "text", &text.text, &text.length, err));
    const json_t *score = json_object_get(hypothesis, "score");
    if (!json_is_number(score)) return s2s_json_fail(score, "score", "a number", err);
    s2s_segment from = r->job->reverse ? text : source, to = r->job->reverse ? source : text;
    r->pairs[i] = (s2s_pair){.source = from.text,
                             .source_length = from.length,
                             .target = to.text,
                             .target_length = to.length};
    return S2S_OK;
}

/* A line that could not be translated has no list, and stays as it is. */
static s2s_status take_list(reranking *r, json_t *list, int *n, s2s_err *err) {
    json_t *hypotheses = json_object_get(list, "translations"), *hypothesis;
    size_t i;
    *n = 0;
    if (!hypotheses && json_object_get(list, "error")) return S2S_OK;
    s2s_segment source;
    S2S_TRY(find_source(r, list, &source, err));
    if (!json_is_array(hypotheses))
        return s2s_json_fail(hypotheses, "translations", "a list of objects", err);
    S2S_TRY(s2s_grow(&r->pairs, &r->pairs_capacity, json_array_size(hypotheses), sizeof *r->pairs,
                     err));
    json_array_foreach(hypotheses, i, hypothesis)
        S2S_TRY(take_hypothesis(r, i, source, hypothesis, err));
    *n = (int)json_array_size(hypotheses);
    return S2S_OK;
}

/* The list waits for its scores; its texts lie in it. */
static s2s_status next_line(void *self, const s2s_pair **pairs, int *n, bool *more, s2s_err *err) {
    reranking *r = self;
    s2s_score_progress(r->job, r->done);
    S2S_TRY(s2s_examples_next(&r->lines, more, err));
    if (!*more) return S2S_OK;
    int last = r->lines.n - 1;
    s2s_segment text = r->lines.segments[last];
    s2s_line *line;
    s2s_err failure = {0};
    S2S_TRY(s2s_line_push(&r->job->queue, &line, err));
    s2s_status status = s2s_json_line(&line->object, text.text, text.length, &failure);
    if (status == S2S_OK) status = take_list(r, line->object, n, &failure);
    *pairs = r->pairs;
    r->read++;
    if (status == S2S_OK) return S2S_OK;
    *n = 0;
    return s2s_line_refuse(&r->job->queue, &r->lines.inputs[last], &failure, err);
}

/* --- the new order --- */

typedef struct ranked {
    json_t *hypothesis; /* borrowed */
    double score;
    int place; /* before */
} ranked;

static int best_first(const void *left, const void *right) {
    const ranked *a = left, *b = right;
    if (a->score != b->score) return a->score > b->score ? -1 : 1;
    return a->place - b->place;
}

static s2s_status rank_one(const reranking *r, ranked *made, const s2s_target_score *found,
                           s2s_err *err) {
    double before = json_number_value(json_object_get(made->hypothesis, "score")),
           own = s2s_penalty_score(&r->penalty, found->log_probability, found->tokens, NULL, 0);
    made->score = before + r->job->weight * own;
    return s2s_json_add(made->hypothesis,
                        json_pack("{sf, sf, sf, sf}", "score", made->score, "previous_score",
                                  before, "model_score", own, "model_log_probability",
                                  found->log_probability),
                        err);
}

/* Puts a list in a new order; *best becomes its first hypothesis, or NULL. */
static s2s_status rerank(const reranking *r, json_t *list, const s2s_target_score *scores, int n,
                         json_t **best, s2s_err *err) {
    *best = NULL;
    if (!n) return S2S_OK;
    json_t *hypotheses = json_object_get(list, "translations"), *ordered = json_array();
    ranked *made = calloc((size_t)n, sizeof *made);
    s2s_status status = made && ordered ? S2S_OK : s2s_fail_memory(err, 4096);
    for (int i = 0; i < n && status == S2S_OK; i++) {
        made[i] = (ranked){.hypothesis = json_array_get(hypotheses, (size_t)i), .place = i};
        status = rank_one(r, made + i, scores + i, err);
    }
    if (status == S2S_OK) qsort(made, (size_t)n, sizeof *made, best_first);
    for (int i = 0; i < n && status == S2S_OK; i++)
        if (json_array_append(ordered, made[i].hypothesis)) status = s2s_fail_memory(err, 4096);
    if (status == S2S_OK) *best = made[0].hypothesis;
    free(made);
    if (status == S2S_OK)
        return s2s_json_add(list, json_pack("{so}", "translations", ordered), err);
    json_decref(ordered);
    return status;
}

static s2s_status put_best(s2s_output *output, const json_t *best, s2s_err *err) {
    const json_t *text = json_object_get(best, "text");
    S2S_TRY(s2s_output_text(output, text ? json_string_value(text) : "", json_string_length(text),
                            false, err));
    return s2s_output_write(output, "\n", 1, err);
}

static s2s_status line_done(void *self, uint64_t index, const s2s_target_score *scores, int n,
                            s2s_err *err) {
    reranking *r = self;
    s2s_output *output = r->job->call->output;
    s2s_line *line = s2s_line_first(&r->job->queue);
    json_t *best;
    S2S_TRY(rerank(r, line->object, scores, n, &best, err));
    if (r->job->best) {
        S2S_TRY(put_best(output, best, err));
        s2s_line_pop(&r->job->queue);
    } else {
        S2S_TRY(s2s_score_put(r->job, index, NULL, err));
    }
    r->done++;
    return s2s_output_ready(output, err);
}

s2s_status s2s_score_n_best(s2s_score_job *job, s2s_err *err) {
    reranking r = {.job = job, .penalty = s2s_penalty_make(&job->search)};
    s2s_example_source source = {.files = {job->n_best}, .files_n = 1};
    if (job->source)
        source = (s2s_example_source){.files = {job->source, job->n_best}, .files_n = 2};
    r.penalty.coverage = 0;
    s2s_scoring_io io = {&r, next_line, line_done};
    s2s_status status = s2s_examples_open(&r.lines, &source, job->call->log, err);
    if (status == S2S_OK) status = s2s_score_run(job, io, err);
    s2s_examples_close(&r.lines);
    free(r.pairs);
    return status;
}
