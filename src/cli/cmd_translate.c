/* s2s translate: text in, text out, line by line, in the order of the input. */
#include "cli/command.h"
#include "cli/input.h"
#include "cli/model_options.h"
#include "search/translator.h"

typedef struct translation {
    bool scores;
    s2s_call *call;
    s2s_input input;
    uint64_t done, cut; /* lines; those whose translation ends at a limit */
    uint64_t first_cut; /* index of the first of those */
    int64_t n_best;
} translation;

/* --- results --- */

/* {"index": 0, "translations": [{"text", "score", "log_probability", "ended"}, ...]} */
static s2s_status put_json(translation *t, uint64_t index, const s2s_translation *best, int n,
                           s2s_err *err) {
    json_t *list = json_array();
    int failed = !list;
    for (int i = 0; i < n && !failed; i++)
        failed = json_array_append_new(list, json_pack("{ss%, sf, sf, sb}", "text", best[i].text,
                                                       best[i].length, "score", best[i].score,
                                                       "log_probability", best[i].log_probability,
                                                       "ended", best[i].ended));
    if (failed) {
        json_decref(list);
        return s2s_fail_memory(err, 4096);
    }
    json_t *line = json_pack("{sI, so}", "index", (json_int_t)index, "translations", list);
    return s2s_output_json(t->call->output, line, false, err);
}

/* One line a translation: the text; before it the number of the input line when there are several,
 * and the score when it is asked for, parted by tabs. */
static s2s_status put_line(translation *t, uint64_t index, const s2s_translation *best,
                           s2s_err *err) {
    s2s_output *output = t->call->output;
    if (t->n_best > 1)
        S2S_TRY(s2s_output_printf(output, err, "%llu\t", (unsigned long long)index + 1));
    if (t->scores) S2S_TRY(s2s_output_printf(output, err, "%.4f\t", best->score));
    S2S_TRY(s2s_output_text(output, best->text, best->length, err));
    return s2s_output_write(output, "\n", 1, err);
}

/* A text that stops at a limit looks like any other. */
static void note_cut(translation *t, uint64_t index, const s2s_translation *best, int n) {
    if (!n || best->ended) return;
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
    if (t->call->options.json)
        S2S_TRY(put_json(t, index, best, n, err));
    else
        for (int i = 0; i < n; i++) S2S_TRY(put_line(t, index, &best[i], err));
    return s2s_output_ready(t->call->output, err);
}

/* --- the job --- */

static s2s_status next_line(void *self, const char **line, size_t *length, bool *more,
                            s2s_err *err) {
    translation *t = self;
    return s2s_input_next(&t->input, line, length, more, err);
}

static s2s_status translate_input(translation *t, const s2s_loaded_model *m, s2s_err *err) {
    s2s_search_recipe search = m->recipe->search;
    s2s_answer_at_once(&t->call->options, &search);
    s2s_translator *translator;
    S2S_TRY(s2s_translator_create(&translator, m->model, m->source, m->target, err));
    s2s_translator_io io = {t, next_line, line_done};
    s2s_status status = s2s_translator_run(translator, &search, io, err);
    s2s_log_progress_end(t->call->log);
    s2s_warn_of_truncated(t->call->log, s2s_translator_truncated(translator));
    warn_of_cut(t);
    s2s_translator_free(translator);
    return status;
}

static s2s_status translate(s2s_call *call, s2s_err *err) {
    translation *t = call->self;
    t->call = call;
    s2s_loaded_model loaded;
    S2S_TRY(s2s_load_for_search(&loaded, &call->options, err));
    t->n_best = loaded.recipe->search.n_best;
    s2s_status status = s2s_input_open(&t->input, call->options.input, call->log, err);
    if (status == S2S_OK) status = translate_input(t, &loaded, err);
    s2s_input_close(&t->input);
    s2s_loaded_model_release(&loaded);
    return status;
}

static s2s_status run(int argc, char **argv, s2s_err *err) {
    translation t = {0};
    const s2s_option options[] = {
        S2S_SEARCH_OPTIONS,
        S2S_KEY_OPTION("n-best", "N", "search.n_best"),
        S2S_FLAG("scores", &t.scores,
                 "Write the score, log p / length^length_penalty, and a tab before each "
                 "translation."),
    };
    const s2s_usage usage = {
        .command = "translate",
        .summary = "Translates text line by line: one line out for each line in, in the same "
                   "order, as soon as it is ready. With several translations a line (--n-best) "
                   "each is on a line of its own, after the number of the input line and a tab. "
                   "--json writes one object for each line, which it names by \"index\", counted "
                   "from 0.",
        .common = S2S_WITH_MODEL | S2S_WITH_INPUT | S2S_WITH_OUTPUT | S2S_WITH_THREADS |
                  S2S_WITH_JSON | S2S_WITH_SET,
        S2S_TABLE(options),
        .examples =
            "  echo 'A small dog.' | s2s translate --model=runs/quickstart\n"
            "  s2s translate -m runs/quickstart -i test.en.gz -o test.de.gz --beam-size=8\n",
    };
    return s2s_call_run(&usage, argc, argv, translate, &t, err);
}

const s2s_command s2s_command_translate = {"translate", "translate text with a model", run};
