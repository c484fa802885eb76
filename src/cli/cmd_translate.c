/* s2s translate: text in, text out, line by line, in the order of the input. */
#include "cli/command.h"
#include "cli/ensemble_options.h"
#include "cli/model_options.h"
#include "cli/results.h"

typedef struct translation {
    s2s_call *call;
    s2s_line_options lines;
    s2s_ensemble_options ensemble;
    s2s_result_options results;
    s2s_line_reader reader;
    s2s_result_writer writer;
    uint64_t done, cut; /* lines; those whose translation ends at a limit */
    uint64_t first_cut; /* index of the first of those */
} translation;

/* --- results --- */

/* A text that stops at a limit looks like any other. */
static void note_cut(translation *t, uint64_t index, const s2s_translation *best, int n) {
    if (!n || best->hypothesis->ending != S2S_ENDED_BY_LENGTH) return;
    if (!t->cut++) t->first_cut = index;
}

static void warn_of_cut(const translation *t) {
    if (t->cut)
        s2s_log_warn(t->call->log,
                     "translations that a limit of length cut: %llu, the first in line %llu; "
                     "--max-length and --max-length-ratio set the limits",
                     (unsigned long long)t->cut, (unsigned long long)t->first_cut + 1);
}

static s2s_status line_done(void *self, uint64_t index, const s2s_translation *best, int n,
                            s2s_err *err) {
    translation *t = self;
    t->done++;
    note_cut(t, index, best, n);
    s2s_call_progress(t->call, t->done, 0, "lines translated");
    S2S_TRY(s2s_result_write(&t->writer, index, s2s_line_first(&t->reader.queue), best, n, err));
    s2s_line_pop(&t->reader.queue);
    return s2s_output_ready(t->call->output, err);
}

/* --- the job --- */

static s2s_status next_line(void *self, const char **line, size_t *length, bool *more,
                            s2s_err *err) {
    translation *t = self;
    return s2s_line_reader_next(&t->reader, line, length, more, err);
}

static const s2s_line_terms *line_terms(void *self) {
    translation *t = self;
    return &t->reader.terms;
}

static s2s_status run_translator(translation *t, s2s_translator *translator,
                                 const s2s_loaded_model *m, s2s_err *err) {
    s2s_search_recipe search = m->recipe->search;
    s2s_answer_at_once(&t->call->options, &search);
    t->results.n_best = search.n_best;
    t->writer = (s2s_result_writer){t->call->output, t->results, m->source, m->target};
    s2s_translator_io io = {.self = t,
                            .attention = t->results.alignment != S2S_ALIGNMENT_NONE,
                            .next = next_line,
                            .terms = line_terms,
                            .done = line_done};
    S2S_TRY(s2s_line_reader_open(&t->reader, t->call->options.input, &t->lines, translator, &search,
                                 t->call->log, err));
    s2s_status status = s2s_translator_run(translator, &search, io, err);
    s2s_log_progress_end(t->call->log);
    s2s_warn_of_truncated(t->call->log, s2s_translator_truncated(translator));
    warn_of_cut(t);
    s2s_line_queue_warn(&t->reader.queue, t->call->log, "translated");
    return status;
}

static s2s_status translate_input(translation *t, const s2s_loaded_model *m, s2s_err *err) {
    s2s_loaded_ensemble models;
    s2s_status status = s2s_ensemble_load(&models, m, &t->ensemble, err);
    if (status == S2S_OK) status = run_translator(t, models.translator, m, err);
    s2s_line_reader_close(&t->reader);
    s2s_loaded_ensemble_release(&models);
    return status;
}

static s2s_status translate(s2s_call *call, s2s_err *err) {
    translation *t = call->self;
    t->call = call;
    S2S_TRY(s2s_line_options_complete(&t->lines, err));
    t->results.json = call->options.json || t->lines.format == S2S_LINE_JSON;
    s2s_loaded_model loaded;
    S2S_TRY(s2s_load_for_search(&loaded, &call->options, err));
    s2s_status status = translate_input(t, &loaded, err);
    s2s_loaded_model_release(&loaded);
    return status;
}

static s2s_status run(int argc, char **argv, s2s_err *err) {
    translation t = {0};
    const s2s_option options[] = {
        S2S_LINE_OPTIONS(&t.lines),
        S2S_ENSEMBLE_OPTIONS(&t.ensemble),
        S2S_SEARCH_OPTIONS,
        S2S_DECODING_OPTIONS,
        S2S_KEY_OPTION("n-best", "N", "search.n_best"),
        S2S_RESULT_OPTIONS(&t.results),
    };
    const s2s_usage usage = {
        .command = "translate",
        .summary =
            "Translates text line by line: one line out for each line in, in the same order, as "
            "soon as it is ready. With several translations a line (--n-best) each is on a line of "
            "its own, after the number of the input line and a tab. --json writes one object for "
            "each line, which it names by \"index\", counted from 0. An object of --format=json "
            "may also have \"prefix\" (what the translation begins with), \"required\" and "
            "\"forbidden\" (lists of phrases that must and must not come in it) and \"search\" "
            "(search keys for this line alone).",
        .common = S2S_WITH_MODEL | S2S_WITH_INPUT | S2S_WITH_OUTPUT | S2S_WITH_THREADS |
                  S2S_WITH_JSON | S2S_WITH_SET,
        S2S_TABLE(options),
        .examples = "  echo 'A small dog.' | s2s translate --model=runs/quickstart\n"
                    "  s2s translate -m runs/quickstart -i test.en.gz -o test.de.gz --beam-size=8\n"
                    "  echo '{\"source\": \"A small dog.\", \"prefix\": \"Ein\"}' |\n"
                    "      s2s translate -m runs/quickstart --format=json\n",
    };
    s2s_status status = s2s_call_run(&usage, argc, argv, translate, &t, err);
    s2s_strings_release(&t.ensemble.folders);
    return status;
}

const s2s_command s2s_command_translate = {"translate", "translate text with a model", run};
