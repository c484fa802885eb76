/* s2s fill-mask: what a masked language model expects at the masks of a text. */
#include <math.h>

#include "cli/command.h"
#include "cli/json_line.h"
#include "cli/model_options.h"
#include "cli/text_lines.h"
#include "encode/fill.h"

typedef struct filling {
    s2s_call *call;
    s2s_text_options lines_options;
    int64_t top_k;
    bool json;
    s2s_loaded_model model;
    s2s_search_recipe search; /* batches and limits */
    s2s_encode_symbols symbols;
    size_t most; /* tokens of a text */
    s2s_fill fill;
    s2s_text_lines lines;
    uint64_t done;
    /* of the present line */
    s2s_ids ids, masks; /* as it was read; then as it is filled in */
    s2s_encode_text text;
    s2s_buf filled;
} filling;

/* --- reading --- */

static bool is_blank(const char *text, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (text[i] != ' ' && text[i] != '\t') return false;
    return true;
}

/* A blank line has nothing to be filled in, and an empty result. */
static s2s_status next_line(void *self, const s2s_encode_text **texts, int *n, bool *more,
                            s2s_err *err) {
    filling *f = self;
    const char *text;
    size_t length;
    s2s_err failure = {0};
    *n = 0;
    S2S_TRY(s2s_text_lines_next(&f->lines, &text, &length, more, err));
    if (!*more || !text || is_blank(text, length)) return S2S_OK;
    f->ids.size = f->masks.size = 0;
    if (s2s_encode_masked(&f->symbols, f->model.target, text, length, f->most, &f->ids, &f->masks,
                          &failure) != S2S_OK)
        return s2s_text_lines_refuse(&f->lines, &failure, err);
    f->text = (s2s_encode_text){.ids = f->ids.data,
                                .hidden = f->masks.data,
                                .n = (int)f->ids.size,
                                .hidden_n = (int)f->masks.size};
    *texts = &f->text;
    *n = 1;
    return S2S_OK;
}

/* --- what is written --- */

/* The text with the best piece at each mask, into f->filled. */
static s2s_status fill_in(filling *f, const s2s_encode_text *text, const s2s_token_score *slots,
                          s2s_err *err) {
    f->ids.size = 0;
    for (int i = 1; i < text->n - 1; i++) S2S_TRY(s2s_ids_push(&f->ids, text->ids[i], err));
    for (int i = 0; i < text->hidden_n; i++, slots += f->fill.slots)
        if (slots->token >= 0) f->ids.data[text->hidden[i] - 1] = slots->token;
    f->filled.size = 0;
    return s2s_vocabulary_decode(f->model.target, f->ids.data, f->ids.size, &f->filled, err);
}

/* [{"token", "probability"}, ...], best first; NULL: no memory. */
static json_t *pieces_json(const filling *f, const s2s_token_score *slots) {
    json_t *list = json_array();
    for (int i = 0; i < f->fill.k && slots[i].token >= 0; i++) {
        json_t *one =
            json_pack("{ss, sf}", "token", s2s_vocabulary_piece(f->model.target, slots[i].token),
                      "probability", exp(slots[i].log_probability));
        if (json_array_append_new(list, one) == 0) continue;
        json_decref(list);
        return NULL;
    }
    return list;
}

static json_t *masks_json(const filling *f, int n, const s2s_token_score *slots) {
    json_t *list = json_array();
    for (int i = 0; i < n; i++, slots += f->fill.slots)
        if (json_array_append_new(list, pieces_json(f, slots)) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static s2s_status put_json(filling *f, uint64_t index, int masks, const s2s_token_score *slots,
                           s2s_err *err) {
    bool refused = s2s_line_first(&f->lines.queue)->error;
    json_t *fields = NULL;
    if (!refused) {
        fields = json_pack("{ss%, so}", "filled", f->filled.size ? f->filled.data : "",
                           f->filled.size, "masks", masks_json(f, masks, slots));
        if (!fields) return s2s_fail_memory(err, 4096);
    }
    return s2s_line_put_json(&f->lines.queue, index, fields, f->call->output, err);
}

/* The text, then a column for each mask: pieces, each with its probability. */
static s2s_status put_text(filling *f, int masks, const s2s_token_score *slots, s2s_err *err) {
    s2s_output *output = f->call->output;
    s2s_line_pop(&f->lines.queue);
    if (f->filled.size) S2S_TRY(s2s_output_text(output, f->filled.data, f->filled.size, true, err));
    for (int m = 0; m < masks; m++, slots += f->fill.slots)
        for (int i = 0; i < f->fill.k && slots[i].token >= 0; i++) {
            S2S_TRY(s2s_output_write(output, i ? " " : "\t", 1, err));
            S2S_TRY(s2s_output_piece(output, s2s_vocabulary_piece(f->model.target, slots[i].token),
                                     err));
            S2S_TRY(s2s_output_printf(output, err, " %.6f", exp(slots[i].log_probability)));
        }
    return s2s_output_write(output, "\n", 1, err);
}

static s2s_status line_done(void *self, uint64_t index, const s2s_encode_text *texts, int n,
                            const void *results, s2s_err *err) {
    filling *f = self;
    const s2s_token_score *slots = results;
    int masks = n ? texts->hidden_n : 0;
    s2s_call_progress(f->call, ++f->done, 0, "lines filled in");
    f->filled.size = 0;
    if (n) S2S_TRY(fill_in(f, texts, slots, err));
    S2S_TRY(f->json ? put_json(f, index, masks, slots, err) : put_text(f, masks, slots, err));
    return s2s_output_ready(f->call->output, err);
}

/* --- the job --- */

static s2s_status prepare(filling *f, s2s_err *err) {
    const s2s_loaded_model *m = &f->model;
    if (m->recipe->objective.type != S2S_MASKED_LM)
        return s2s_fail(err, S2S_INPUT,
                        "%s: the model was not trained to fill in masks (objective.type "
                        "masked_lm)",
                        f->call->options.model);
    S2S_TRY(s2s_encode_symbols_of(&f->symbols, m->model, m->target, err));
    f->search = m->recipe->search;
    s2s_answer_at_once(&f->call->options, &f->search);
    size_t longest = s2s_encode_longest(&f->symbols, m->model),
           asked = (size_t)f->search.max_source_length;
    f->most = asked < longest ? asked : longest;
    f->fill = s2s_fill_reading(&f->symbols, m->target, (int)f->top_k);
    return s2s_text_lines_open(&f->lines, f->call->options.input, &f->lines_options, f->call->log,
                               err);
}

static s2s_status fill_lines(filling *f, s2s_err *err) {
    s2s_encoding *encoding;
    S2S_TRY(prepare(f, err));
    S2S_TRY(s2s_encoding_create(&encoding, f->model.model, &f->fill.reading, err));
    s2s_status status =
        s2s_encoding_run(encoding, &f->search, (s2s_encoding_io){f, next_line, line_done}, err);
    s2s_encoding_free(encoding);
    s2s_log_progress_end(f->call->log);
    s2s_line_queue_warn(&f->lines.queue, f->call->log, "filled in");
    return status;
}

static s2s_status fill_mask(s2s_call *call, s2s_err *err) {
    filling *f = call->self;
    f->call = call;
    f->json = call->options.json || f->lines_options.format == S2S_TEXT_JSON;
    S2S_TRY(s2s_load_for_search(&f->model, &call->options, err));
    s2s_status status = fill_lines(f, err);
    s2s_text_lines_close(&f->lines);
    s2s_ids_release(&f->ids);
    s2s_ids_release(&f->masks);
    s2s_buf_release(&f->filled);
    s2s_loaded_model_release(&f->model);
    return status;
}

static s2s_status run(int argc, char **argv, s2s_err *err) {
    filling f = {.top_k = 5};
    const s2s_option options[] = {
        S2S_TEXT_LINE_OPTIONS(&f.lines_options),
        S2S_WHOLE_OPTION("top-k", &f.top_k, 1, 1000,
                         "How many pieces are told of each mask; 5 if not given."),
        S2S_KEY_OPTION("batch-tokens", "N", "search.batch_tokens"),
        S2S_KEY_OPTION("batch-sentences", "N", "search.batch_sentences"),
    };
    const s2s_usage usage = {
        .command = "fill-mask",
        .summary = "Writes what a masked language model expects at each <mask> of a line: the line "
                   "with the likeliest pieces filled in, then for each mask, after a tab, the "
                   "likeliest pieces with their probabilities. Blanks before <mask> belong to the "
                   "piece that it stands for. A line without <mask> has no result; that of a blank "
                   "line is empty.",
        .common = S2S_WITH_MODEL | S2S_WITH_INPUT | S2S_WITH_OUTPUT | S2S_WITH_THREADS |
                  S2S_WITH_JSON | S2S_WITH_SET,
        S2S_TABLE(options),
        .examples = "  echo 'The <mask> barked.' | s2s fill-mask --model=runs/books-mlm\n"
                    "  echo '{\"text\": \"The <mask> barked.\"}' |\n"
                    "      s2s fill-mask -m runs/books-mlm --format=json --top-k=10\n",
    };
    return s2s_call_run(&usage, argc, argv, fill_mask, &f, err);
}

const s2s_command s2s_command_fill_mask = {"fill-mask", "what a masked language model expects",
                                           run};
