/* `s2s score --contrastive`: how often a model finds the right target likelier than each wrong one (Sennrich 2017).
 *
 * The right one has to be strictly the likeliest. Two rules are told side by side: by log p, which favours short
 * targets where right and wrong differ in length, and by log p per token, which does not. */
#include <inttypes.h>

#include "cli/json_line.h"
#include "cli/score_job.h"

typedef struct contrast {
    s2s_score_job *job;
    s2s_pairs pairs;
    uint64_t lines, right, right_per_token;
} contrast;

static bool wins(const s2s_target_score *scores, int n) {
    for (int i = 1; i < n; i++)
        if (!(scores[0].log_probability > scores[i].log_probability)) return false;
    return true;
}

static bool wins_per_token(const s2s_target_score *scores, int n) {
    for (int i = 1; i < n; i++)
        if (!(s2s_score_per_token(scores) > s2s_score_per_token(scores + i))) return false;
    return true;
}

/* The line's verdicts, and of each target, the right one first, log p and length in tokens. NULL: no memory. */
static json_t *verdict_json(const s2s_target_score *scores, int n) {
    json_t *log_p = json_array(), *lengths = json_array();
    int failed = 0;
    for (int i = 0; i < n; i++)
        failed |= json_array_append_new(log_p, json_real(scores[i].log_probability)) ||
                  json_array_append_new(lengths, json_integer(scores[i].tokens));
    json_t *fields =
        json_pack("{sb, sb, so, so}", "right", wins(scores, n), "right_per_token",
                  wins_per_token(scores, n), "log_probabilities", log_p, "lengths", lengths);
    if (!failed) return fields;
    json_decref(fields);
    return NULL;
}

static s2s_status put_line(const contrast *c, uint64_t index, const s2s_target_score *scores, int n,
                           s2s_err *err) {
    if (!c->job->json) {
        s2s_line_pop(&c->job->queue);
        return S2S_OK;
    }
    json_t *fields = n ? verdict_json(scores, n) : NULL;
    if (n && !fields) return s2s_fail_memory(err, 4096);
    S2S_TRY(s2s_score_put(c->job, index, fields, err));
    return s2s_output_ready(c->job->call->output, err);
}

static double share(uint64_t part, uint64_t all) {
    return (double)part / (double)all;
}

static s2s_status put_accuracy(const contrast *c, s2s_err *err) {
    const s2s_call *call = c->job->call;
    if (!c->lines) return s2s_fail(err, S2S_INPUT, "there are no lines, so there is no accuracy");
    double plain = share(c->right, c->lines), per_token = share(c->right_per_token, c->lines);
    if (c->job->json)
        return s2s_output_json(call->output,
                               json_pack("{sI, sf, sf}", "lines", (json_int_t)c->lines, "accuracy",
                                         plain, "accuracy_per_token", per_token),
                               false, err);
    return s2s_output_printf(call->output, err,
                             "accuracy by log p            %6.2f %%  %" PRIu64 " of %" PRIu64 "\n"
                             "accuracy by log p per token  %6.2f %%  %" PRIu64 " of %" PRIu64 "\n",
                             100 * plain, c->right, c->lines, 100 * per_token, c->right_per_token,
                             c->lines);
}

static s2s_status next_line(void *self, const s2s_pair **pairs, int *n, bool *more, s2s_err *err) {
    contrast *c = self;
    s2s_score_progress(c->job, c->lines);
    S2S_TRY(s2s_pairs_next(&c->pairs, more, err));
    *pairs = c->pairs.items;
    *n = (int)c->pairs.n;
    return S2S_OK;
}

static s2s_status line_done(void *self, uint64_t index, const s2s_target_score *scores, int n,
                            s2s_err *err) {
    contrast *c = self;
    if (n) { /* what was refused is neither right nor wrong */
        c->lines++;
        c->right += wins(scores, n);
        c->right_per_token += wins_per_token(scores, n);
    }
    return put_line(c, index, scores, n, err);
}

s2s_status s2s_score_contrast(s2s_score_job *job, s2s_err *err) {
    contrast c = {.job = job};
    s2s_scoring_io io = {&c, next_line, line_done};
    s2s_status status = s2s_score_open(job, &c.pairs, err);
    if (status == S2S_OK) status = s2s_score_run(job, io, err);
    s2s_pairs_close(&c.pairs);
    return status == S2S_OK ? put_accuracy(&c, err) : status;
}
