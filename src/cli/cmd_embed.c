/* s2s embed: a vector of each text, from the last states of an encoder. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/json_line.h"
#include "cli/model_options.h"
#include "cli/npy.h"
#include "cli/text_lines.h"
#include "encode/pool.h"
#include "encode/text.h"

typedef struct embedding {
    s2s_call *call;
    s2s_text_options lines_options;
    int pooling; /* s2s_pooling */
    bool npy, json;
    s2s_loaded_model model;
    s2s_search_recipe search; /* batches and limits */
    s2s_encode_symbols symbols;
    s2s_cut limit; /* of a text, without symbols */
    s2s_text_lines lines;
    s2s_npy rows;
    uint64_t done, cut;
    int width;
    float *no_numbers; /* [width] the row of a line that was refused */
    /* of the present line */
    s2s_ids ids;
    s2s_encode_text text;
} embedding;

/* --- reading --- */

static s2s_status next_line(void *self, const s2s_encode_text **texts, int *n, bool *more,
                            s2s_err *err) {
    embedding *e = self;
    const char *text;
    size_t length;
    bool cut;
    *n = 0;
    S2S_TRY(s2s_text_lines_next(&e->lines, &text, &length, more, err));
    if (!*more || !text) return S2S_OK;
    e->ids.size = 0;
    S2S_TRY(s2s_encode_plain(&e->symbols, e->model.source, text, length, &e->limit, &e->ids, &cut,
                             err));
    e->cut += cut;
    e->text = (s2s_encode_text){.ids = e->ids.data, .n = (int)e->ids.size};
    *texts = &e->text;
    *n = 1;
    return S2S_OK;
}

/* --- what is written --- */

static json_t *numbers_json(const embedding *e, const float *vector) {
    json_t *list = json_array();
    for (int i = 0; i < e->width; i++)
        if (json_array_append_new(list, json_real((double)vector[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static s2s_status put_json(embedding *e, uint64_t index, const float *vector, s2s_err *err) {
    json_t *fields = vector ? json_pack("{so}", "embedding", numbers_json(e, vector)) : NULL;
    if (vector && !fields) return s2s_fail_memory(err, 4096);
    return s2s_line_put_json(&e->lines.queue, index, fields, e->call->output, err);
}

/* Blanks part the numbers, which have the digits that float32 needs. */
static s2s_status put_text(const embedding *e, const float *vector, s2s_err *err) {
    s2s_output *output = e->call->output;
    for (int i = 0; i < e->width && vector; i++)
        S2S_TRY(s2s_output_printf(output, err, "%s%.9g", i ? " " : "", (double)vector[i]));
    return s2s_output_write(output, "\n", 1, err);
}

static s2s_status line_done(void *self, uint64_t index, const s2s_encode_text *texts, int n,
                            const void *results, s2s_err *err) {
    embedding *e = self;
    const float *vector = n ? results : NULL;
    (void)texts;
    s2s_call_progress(e->call, ++e->done, 0, "lines embedded");
    if (e->json) {
        S2S_TRY(put_json(e, index, vector, err));
        return s2s_output_ready(e->call->output, err);
    }
    s2s_line_pop(&e->lines.queue);
    if (e->npy) return s2s_npy_add(&e->rows, vector ? vector : e->no_numbers, err);
    S2S_TRY(put_text(e, vector, err));
    return s2s_output_ready(e->call->output, err);
}

/* --- the job --- */

static s2s_status make_no_numbers(embedding *e, s2s_err *err) {
    size_t bytes = (size_t)e->width * sizeof *e->no_numbers;
    e->no_numbers = malloc(bytes);
    if (!e->no_numbers) return s2s_fail_memory(err, bytes);
    for (int i = 0; i < e->width; i++) e->no_numbers[i] = NAN;
    return S2S_OK;
}

static s2s_status prepare(embedding *e, s2s_err *err) {
    const s2s_loaded_model *m = &e->model;
    S2S_TRY(s2s_encode_symbols_of(&e->symbols, m->model, m->source, err));
    e->search = m->recipe->search;
    s2s_answer_at_once(&e->call->options, &e->search);
    size_t longest = s2s_encode_longest(&e->symbols, m->model),
           asked = (size_t)e->search.max_source_length;
    e->limit = (s2s_cut){.keep = e->search.long_sources,
                         .most = asked < longest ? asked : longest,
                         .head_share = e->search.head_share};
    e->width = (int)m->recipe->encoder.width;
    if (e->npy) {
        S2S_TRY(make_no_numbers(e, err));
        S2S_TRY(s2s_npy_open(&e->rows, e->width, err));
    }
    return s2s_text_lines_open(&e->lines, e->call->options.input, &e->lines_options, e->call->log,
                               err);
}

static void warn(const embedding *e) {
    s2s_log_progress_end(e->call->log);
    if (e->cut)
        s2s_log_warn(e->call->log,
                     "texts that are longer than search.max_source_length or the model's "
                     "positions, which were cut: %" PRIu64,
                     e->cut);
    s2s_line_queue_warn(&e->lines.queue, e->call->log, "embedded");
}

static s2s_status embed_lines(embedding *e, s2s_err *err) {
    s2s_encoding *encoding;
    S2S_TRY(prepare(e, err));
    const s2s_reading reading = s2s_pool_reading(e->model.model, (s2s_pooling)e->pooling);
    S2S_TRY(s2s_encoding_create(&encoding, e->model.model, &reading, err));
    s2s_status status =
        s2s_encoding_run(encoding, &e->search, (s2s_encoding_io){e, next_line, line_done}, err);
    s2s_encoding_free(encoding);
    if (status == S2S_OK && e->npy) status = s2s_npy_write(&e->rows, e->call->output, err);
    warn(e);
    return status;
}

static s2s_status embed(s2s_call *call, s2s_err *err) {
    embedding *e = call->self;
    e->call = call;
    e->json = !e->npy && (call->options.json || e->lines_options.format == S2S_TEXT_JSON);
    if (e->npy && call->options.json)
        return s2s_fail(err, S2S_USAGE, "give either --npy or --json");
    S2S_TRY(s2s_load_for_search(&e->model, &call->options, err));
    s2s_status status = embed_lines(e, err);
    s2s_text_lines_close(&e->lines);
    s2s_npy_close(&e->rows);
    s2s_ids_release(&e->ids);
    free(e->no_numbers);
    s2s_loaded_model_release(&e->model);
    return status;
}

static s2s_status run(int argc, char **argv, s2s_err *err) {
    embedding e = {0};
    const s2s_option options[] = {
        S2S_TEXT_LINE_OPTIONS(&e.lines_options),
        S2S_CHOICE_OPTION("pooling", s2s_pooling_names, &e.pooling,
                          "What a text's states come down to: their mean, those of symbols "
                          "included (mean, if not given), or the first of them (first)."),
        S2S_FLAG("npy", &e.npy,
                 "Write one file of NumPy, float32, a row for each line; that of a line that can "
                 "have no result is NaN."),
        S2S_KEY_OPTION("batch-tokens", "N", "search.batch_tokens"),
        S2S_KEY_OPTION("batch-sentences", "N", "search.batch_sentences"),
    };
    const s2s_usage usage = {
        .command = "embed",
        .summary = "Writes a vector for each line of text, from the last states of the model's "
                   "encoder, as numbers that blanks part, as JSON (\"embedding\") or as .npy. "
                   "What is longer than the encoder can read is cut as for a translation.",
        .common = S2S_WITH_MODEL | S2S_WITH_INPUT | S2S_WITH_OUTPUT | S2S_WITH_THREADS |
                  S2S_WITH_JSON | S2S_WITH_SET,
        S2S_TABLE(options),
        .examples = "  s2s embed --model=runs/books-mlm -i text.en --npy -o text.npy\n"
                    "  s2s embed -m runs/books-mlm --pooling=first --json < text.en\n",
    };
    return s2s_call_run(&usage, argc, argv, embed, &e, err);
}

const s2s_command s2s_command_embed = {"embed", "a vector of each text", run};
