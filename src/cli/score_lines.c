/* `s2s score`, its plain use: log p of each target, by token on request, and what they sum up to. */
#include <inttypes.h>
#include <math.h>

#include "cli/json_line.h"
#include "cli/score_job.h"

typedef struct line_scores {
    s2s_score_job *job;
    s2s_pairs pairs;
    double log_probability; /* of all targets */
    uint64_t lines, tokens, words, bytes;
} line_scores;

/* --- a line --- */

static const char *piece_at(const line_scores *l, const s2s_target_score *score, int i) {
    return s2s_vocabulary_piece(l->job->model.target, score->ids[i]);
}

/* [{"token", "log_probability"}, ...], as translations have it */
static json_t *tokens_json(const line_scores *l, const s2s_target_score *score) {
    json_t *list = json_array();
    int failed = !list;
    for (int i = 0; i < score->tokens && !failed; i++)
        failed = json_array_append_new(list, json_pack("{ss, sf}", "token", piece_at(l, score, i),
                                                       "log_probability",
                                                       (double)score->log_probabilities[i]));
    if (!failed) return list;
    json_decref(list);
    return NULL;
}

static json_t *score_json(const line_scores *l, const s2s_target_score *score) {
    const s2s_score_job *job = l->job;
    json_t *fields = json_pack("{sf, si, sb}", "log_probability", score->log_probability, "length",
                               score->tokens, "cut", score->cut);
    int failed = !fields;
    if (job->normalize)
        failed |= json_object_set_new(fields, "log_probability_per_token",
                                      json_real(s2s_score_per_token(score)));
    if (job->tokens) failed |= json_object_set_new(fields, "tokens", tokens_json(l, score));
    if (!failed) return fields;
    json_decref(fields);
    return NULL;
}

static s2s_status put_json(line_scores *l, uint64_t index, const s2s_target_score *score,
                           s2s_err *err) {
    json_t *fields = score ? score_json(l, score) : NULL;
    if (score && !fields) return s2s_fail_memory(err, 4096);
    return s2s_score_put(l->job, index, fields, err);
}

/* Two columns: the pieces, and the log p of each. */
static s2s_status put_pieces(const line_scores *l, const s2s_target_score *score, s2s_err *err) {
    s2s_output *output = l->job->call->output;
    S2S_TRY(s2s_output_write(output, "\t", 1, err));
    for (int i = 0; i < score->tokens; i++) {
        if (i) S2S_TRY(s2s_output_write(output, " ", 1, err));
        S2S_TRY(s2s_output_piece(output, piece_at(l, score, i), err));
    }
    S2S_TRY(s2s_output_write(output, "\t", 1, err));
    for (int i = 0; i < score->tokens; i++)
        S2S_TRY(s2s_output_printf(output, err, "%s%.6f", i ? " " : "",
                                  (double)score->log_probabilities[i]));
    return S2S_OK;
}

static s2s_status put_text(const line_scores *l, const s2s_target_score *score, s2s_err *err) {
    const s2s_score_job *job = l->job;
    s2s_output *output = job->call->output;
    S2S_TRY(s2s_output_printf(
        output, err, "%.6f", job->normalize ? s2s_score_per_token(score) : score->log_probability));
    if (job->tokens_count) S2S_TRY(s2s_output_printf(output, err, "\t%d", score->tokens));
    return job->tokens ? put_pieces(l, score, err) : S2S_OK;
}

/* `score` NULL: the line was refused. */
static s2s_status put_line(line_scores *l, uint64_t index, const s2s_target_score *score,
                           s2s_err *err) {
    const s2s_score_job *job = l->job;
    if (job->json) return put_json(l, index, score, err);
    s2s_line_pop(&l->job->queue);
    if (score) S2S_TRY(put_text(l, score, err));
    return s2s_output_write(job->call->output, "\n", 1, err);
}

/* --- the summary --- */

/* Words are what blanks part, bytes those of the line as it came; line ends are neither. */
static void count_text(line_scores *l, const char *text, size_t length) {
    bool within = false;
    for (size_t i = 0; i < length; i++) {
        bool blank = text[i] == ' ' || text[i] == '\t';
        l->words += !blank && !within;
        within = !blank;
    }
    l->bytes += length;
}

/* Of units that the targets consist of. */
static double perplexity(const line_scores *l, uint64_t units) {
    return units ? exp(-l->log_probability / (double)units) : NAN;
}

static json_t *summary_json(const line_scores *l) {
    return json_pack("{sI, sf, sI, sI, sI, so, so, so}", "lines", (json_int_t)l->lines,
                     "log_probability", l->log_probability, "tokens", (json_int_t)l->tokens,
                     "words", (json_int_t)l->words, "bytes", (json_int_t)l->bytes,
                     "perplexity_per_token", s2s_json_number(perplexity(l, l->tokens)),
                     "perplexity_per_word", s2s_json_number(perplexity(l, l->words)),
                     "perplexity_per_byte", s2s_json_number(perplexity(l, l->bytes)));
}

static s2s_status summary_text(const line_scores *l, s2s_buf *text, s2s_err *err) {
    return s2s_buf_printf(text, err,
                          "lines %" PRIu64 ", log p %.4f, perplexity %.4f per token (%" PRIu64
                          "), %.4f per word (%" PRIu64 "), %.4f per byte (%" PRIu64 ")",
                          l->lines, l->log_probability, perplexity(l, l->tokens), l->tokens,
                          perplexity(l, l->words), l->words, perplexity(l, l->bytes), l->bytes);
}

/* As the result with --summary, else as a message. */
static s2s_status put_summary(const line_scores *l, s2s_err *err) {
    const s2s_call *call = l->job->call;
    s2s_buf text = {0};
    if (l->job->summary && l->job->json)
        return s2s_output_json(call->output, summary_json(l), false, err);
    s2s_status status = summary_text(l, &text, err);
    if (status == S2S_OK && l->job->summary)
        status = s2s_output_printf(call->output, err, "%s\n", text.data);
    else if (status == S2S_OK && l->lines)
        s2s_log_say(call->log, "%s", text.data);
    s2s_buf_release(&text);
    return status;
}

/* --- the job --- */

static s2s_status next_line(void *self, const s2s_pair **pairs, int *n, bool *more, s2s_err *err) {
    line_scores *l = self;
    s2s_score_progress(l->job, l->lines);
    S2S_TRY(s2s_pairs_next(&l->pairs, more, err));
    if (!*more) return S2S_OK;
    *pairs = l->pairs.items;
    *n = (int)l->pairs.n;
    if (*n) count_text(l, l->pairs.items->target, l->pairs.items->target_length);
    return S2S_OK;
}

/* What is summed up are the lines that have a score. */
static s2s_status line_done(void *self, uint64_t index, const s2s_target_score *scores, int n,
                            s2s_err *err) {
    line_scores *l = self;
    if (n) {
        l->lines++;
        l->log_probability += scores->log_probability;
        l->tokens += (uint64_t)scores->tokens;
    }
    if (l->job->summary) {
        s2s_line_pop(&l->job->queue);
        return S2S_OK;
    }
    S2S_TRY(put_line(l, index, n ? scores : NULL, err));
    return s2s_output_ready(l->job->call->output, err);
}

s2s_status s2s_score_lines(s2s_score_job *job, s2s_err *err) {
    line_scores l = {.job = job};
    s2s_scoring_io io = {&l, next_line, line_done};
    s2s_status status = s2s_score_open(job, &l.pairs, err);
    if (status == S2S_OK) status = s2s_score_run(job, io, err);
    s2s_pairs_close(&l.pairs);
    return status == S2S_OK ? put_summary(&l, err) : status;
}
