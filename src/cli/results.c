/* See results.h. */
#include "cli/results.h"

const char *const s2s_alignment_names[] = {[S2S_ALIGNMENT_NONE] = "none",
                                           [S2S_ALIGNMENT_HARD] = "hard",
                                           [S2S_ALIGNMENT_SOFT] = "soft",
                                           NULL};
static const char *const endings[] = {[S2S_ENDED] = "end",
                                      [S2S_ENDED_BY_LENGTH] = "length",
                                      [S2S_ENDED_WITHOUT_CHOICE] = "no choice"};

/* The source token that token t looks at most. */
static int most_looked_at(const s2s_hypothesis *h, int t) {
    const s2s_real *row = h->attention + (size_t)t * (size_t)h->source_tokens;
    int best = 0;
    for (int i = 1; i < h->source_tokens; i++)
        if (row[i] > row[best]) best = i;
    return best;
}

/* --- JSON --- */

static json_t *tokens_json(const s2s_result_writer *w, const s2s_hypothesis *h) {
    json_t *list = json_array();
    for (int t = 0; t < h->scored; t++) {
        int32_t id = t < h->length ? h->ids[t] : s2s_vocabulary_eos(w->target);
        json_t *token = json_pack("{ss, sf}", "token", s2s_vocabulary_piece(w->target, id),
                                  "log_probability", h->log_probabilities[t]);
        if (json_array_append_new(list, token) == 0) continue;
        json_decref(list);
        return NULL;
    }
    return list;
}

static json_t *weights_json(const s2s_hypothesis *h, int t) {
    json_t *row = json_array();
    for (int i = 0; i < h->source_tokens; i++) {
        double weight = (double)h->attention[(size_t)t * (size_t)h->source_tokens + (size_t)i];
        if (json_array_append_new(row, json_real(weight)) == 0) continue;
        json_decref(row);
        return NULL;
    }
    return row;
}

/* [[source token, target token], ...], or a row of weights for each target token. */
static json_t *alignment_json(const s2s_result_writer *w, const s2s_hypothesis *h) {
    bool soft = w->options.alignment == S2S_ALIGNMENT_SOFT;
    json_t *list = json_array();
    for (int t = 0; t < h->scored; t++) {
        json_t *one = soft ? weights_json(h, t) : json_pack("[ii]", most_looked_at(h, t), t);
        if (json_array_append_new(list, one) == 0) continue;
        json_decref(list);
        return NULL;
    }
    return list;
}

static json_t *translation_json(const s2s_result_writer *w, const s2s_translation *t) {
    const s2s_hypothesis *h = t->hypothesis;
    json_t *one = json_pack("{ss%, sf, sf, sb, ss}", "text", t->text, t->length, "score", t->score,
                            "log_probability", h->log_probability, "ended", h->ending == S2S_ENDED,
                            "ending", endings[h->ending]);
    int failed = !one;
    if (w->options.token_scores) failed |= json_object_set_new(one, "tokens", tokens_json(w, h));
    if (h->attention) failed |= json_object_set_new(one, "alignment", alignment_json(w, h));
    if (!failed) return one;
    json_decref(one);
    return NULL;
}

static json_t *translations_json(const s2s_result_writer *w, const s2s_translation *best, int n) {
    json_t *list = json_array();
    for (int i = 0; i < n; i++)
        if (json_array_append_new(list, translation_json(w, &best[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

/* The fields of the line, then {"index", "translations": [{"text", "score", ...}, ...]}, or "error". */
static s2s_status put_json(const s2s_result_writer *w, uint64_t index, const s2s_line *line,
                           const s2s_translation *best, int n, s2s_err *err) {
    json_t *object = s2s_line_json(line, index);
    int failed = !object;
    if (!line->error)
        failed |= json_object_set_new(object, "translations", translations_json(w, best, n));
    if (failed) {
        json_decref(object);
        return s2s_fail_memory(err, 4096);
    }
    return s2s_output_json(w->output, object, false, err);
}

/* --- text --- */

/* "s-t s-t ...": source and target token, counted from 0; or a group of weights for each target token. */
static s2s_status put_alignment(const s2s_result_writer *w, const s2s_hypothesis *h, s2s_err *err) {
    for (int t = 0; t < h->scored; t++) {
        const char *blank = t ? " " : "";
        if (w->options.alignment == S2S_ALIGNMENT_HARD) {
            S2S_TRY(s2s_output_printf(w->output, err, "%s%d-%d", blank, most_looked_at(h, t), t));
            continue;
        }
        const s2s_real *row = h->attention + (size_t)t * (size_t)h->source_tokens;
        for (int i = 0; i < h->source_tokens; i++)
            S2S_TRY(s2s_output_printf(w->output, err, "%s%.4g", i ? "," : blank, (double)row[i]));
    }
    return S2S_OK;
}

static s2s_status put_token_scores(const s2s_result_writer *w, const s2s_hypothesis *h,
                                   s2s_err *err) {
    for (int t = 0; t < h->scored; t++)
        S2S_TRY(s2s_output_printf(w->output, err, "%s%.4f", t ? " " : "", h->log_probabilities[t]));
    return S2S_OK;
}

/* One line a translation: the columns that came, the number of the line where there are several
 * translations, the score, the text, then what else is asked for; parted by tabs. */
static s2s_status put_line(const s2s_result_writer *w, uint64_t index, const s2s_line *line,
                           const s2s_translation *t, s2s_err *err) {
    const s2s_result_options *o = &w->options;
    bool columns = line->columns || o->scores || o->token_scores || o->alignment || o->n_best > 1;
    if (line->columns) {
        S2S_TRY(s2s_output_write(w->output, line->columns, line->length, err));
        S2S_TRY(s2s_output_write(w->output, "\t", 1, err));
    }
    if (o->n_best > 1)
        S2S_TRY(s2s_output_printf(w->output, err, "%llu\t", (unsigned long long)index + 1));
    if (o->scores) S2S_TRY(s2s_output_printf(w->output, err, "%.4f\t", t->score));
    S2S_TRY(s2s_output_text(w->output, t->text, t->length, columns, err));
    if (o->token_scores) {
        S2S_TRY(s2s_output_write(w->output, "\t", 1, err));
        S2S_TRY(put_token_scores(w, t->hypothesis, err));
    }
    if (o->alignment) {
        S2S_TRY(s2s_output_write(w->output, "\t", 1, err));
        if (t->hypothesis->attention) S2S_TRY(put_alignment(w, t->hypothesis, err));
    }
    return s2s_output_write(w->output, "\n", 1, err);
}

s2s_status s2s_result_write(const s2s_result_writer *w, uint64_t index, const s2s_line *line,
                            const s2s_translation *best, int n, s2s_err *err) {
    if (w->options.json) return put_json(w, index, line, best, n, err);
    for (int i = 0; i < n; i++) S2S_TRY(put_line(w, index, line, &best[i], err));
    return S2S_OK;
}
