/* s2s score: how likely a model finds targets that are there already. The options, and what the uses share. */
#include <inttypes.h>
#include <string.h>

#include "cli/model_options.h"
#include "cli/score_job.h"
#include "score/masked.h"

/* --- shared by the uses --- */

s2s_status s2s_score_open(s2s_score_job *job, s2s_pairs *pairs, s2s_err *err) {
    s2s_pairs_source source = {.input = job->call->options.input,
                               .format = (s2s_pairs_format)job->format,
                               .contrastive = job->contrastive,
                               .alone = job->masked};
    if (job->source) {
        source.files = (s2s_example_source){.files = {job->source, job->target}, .files_n = 2};
        for (size_t i = 0; i < job->wrong.n; i++)
            source.files.files[source.files.files_n++] = job->wrong.items[i];
    }
    return s2s_pairs_open(pairs, &source, &job->queue, job->call->log, err);
}

static s2s_status run_scoring(s2s_score_job *job, s2s_scoring_io io, uint64_t *cut, s2s_err *err) {
    const s2s_loaded_model *m = &job->model;
    if (job->masked) return s2s_masked_scoring_run(m->model, m->target, &job->search, io, cut, err);
    s2s_status status = s2s_scoring_run(job->scoring, &job->search, io, err);
    *cut = s2s_scoring_cut(job->scoring);
    return status;
}

s2s_status s2s_score_run(s2s_score_job *job, s2s_scoring_io io, s2s_err *err) {
    uint64_t cut = 0;
    s2s_status status = run_scoring(job, io, &cut, err);
    s2s_log_progress_end(job->call->log);
    if (cut)
        s2s_log_warn(job->call->log,
                     "sources that are longer than search.max_source_length, or texts than the "
                     "model's positions, which were cut: %" PRIu64
                     "; the score of a target that was cut is that of its beginning",
                     cut);
    s2s_line_queue_warn(&job->queue, job->call->log, "scored");
    return status;
}

void s2s_score_progress(const s2s_score_job *job, uint64_t done) {
    if (done) s2s_call_progress(job->call, done, 0, "lines scored");
}

double s2s_score_per_token(const s2s_target_score *score) {
    return score->tokens ? score->log_probability / score->tokens : 0; /* an empty text has none */
}

s2s_status s2s_score_put(s2s_score_job *job, uint64_t index, json_t *fields, s2s_err *err) {
    return s2s_line_put_json(&job->queue, index, fields, job->call->output, err);
}

/* --- options that go together --- */

typedef struct rule {
    bool wrong;
    const char *message;
} rule;

static s2s_status check_rules(const rule *rules, int n, s2s_err *err) {
    for (int i = 0; i < n; i++)
        if (rules[i].wrong) return s2s_fail(err, S2S_USAGE, "%s", rules[i].message);
    return S2S_OK;
}

static s2s_status check_n_best(const s2s_score_job *job, s2s_err *err) {
    const rule rules[] = {
        {job->target || job->wrong.n || job->contrastive || job->summary || job->normalize ||
             job->tokens || job->tokens_count || strcmp(job->call->options.input, "-") != 0,
         "--n-best goes with --source, --weight, --reverse, --best and --strict alone"},
        {strcmp(job->source ? job->source : "", "-") == 0 && strcmp(job->n_best, "-") == 0,
         "\"-\": standard input can be read once, by --source or --n-best"},
    };
    return check_rules(rules, sizeof rules / sizeof *rules, err);
}

static int count_standard(const s2s_score_job *job) {
    int standard = strcmp(job->source, "-") == 0;
    standard += strcmp(job->target, "-") == 0;
    for (size_t i = 0; i < job->wrong.n; i++) standard += strcmp(job->wrong.items[i], "-") == 0;
    return standard;
}

static s2s_status check_files(const s2s_score_job *job, s2s_err *err) {
    const rule rules[] = {
        {!job->source, "--source is missing: what --target is the translation of"},
        {!job->target, "--target is missing: what is to be scored"},
        {strcmp(job->call->options.input, "-") != 0,
         "give either --source and --target, or --input, one file of both"},
        {job->format != S2S_PAIRS_TSV, "--format is that of --input; --source is a line of text"},
        {job->contrastive && !job->wrong.n, "--wrong is missing: targets to compare --target with"},
        {job->wrong.n > S2S_MOST_REFERENCES - 1, "--wrong: too many files"},
    };
    S2S_TRY(check_rules(rules, sizeof rules / sizeof *rules, err));
    if (count_standard(job) < 2) return S2S_OK;
    return s2s_fail(err, S2S_USAGE, "\"-\": standard input can be read once, by one of the files");
}

static s2s_status check_use(const s2s_score_job *job, s2s_err *err) {
    const rule rules[] = {
        {(job->weight >= 0 || job->reverse || job->best) && !job->n_best,
         "--weight, --reverse and --best go with --n-best"},
        {job->wrong.n && !job->contrastive, "--wrong goes with --contrastive"},
        {job->contrastive && (job->summary || job->normalize || job->tokens || job->tokens_count),
         "--summary, --normalize, --tokens and --tokens-count do not go with --contrastive"},
    };
    if (job->n_best) return check_n_best(job, err);
    S2S_TRY(check_rules(rules, sizeof rules / sizeof *rules, err));
    return job->source || job->target || job->wrong.n ? check_files(job, err) : S2S_OK;
}

static s2s_status check_masked(const s2s_score_job *job, s2s_err *err) {
    const rule rules[] = {
        {job->source || job->target || job->contrastive || job->n_best,
         "the model is a masked language model, which scores texts: give them by --input, without "
         "--source, --target, --contrastive and --n-best"},
    };
    return check_rules(rules, sizeof rules / sizeof *rules, err);
}

/* --- the job --- */

static s2s_status make_scoring(s2s_score_job *job, s2s_err *err) {
    const s2s_loaded_model *m = &job->model;
    job->masked = m->recipe->objective.type == S2S_MASKED_LM;
    if (job->masked) return check_masked(job, err);
    return s2s_scoring_create(&job->scoring, m->model, m->source, m->target, err);
}

static s2s_status score_by_use(s2s_score_job *job, s2s_err *err) {
    if (job->n_best) return s2s_score_n_best(job, err);
    return job->contrastive ? s2s_score_contrast(job, err) : s2s_score_lines(job, err);
}

static s2s_status score(s2s_call *call, s2s_err *err) {
    s2s_score_job *job = call->self;
    s2s_loaded_model *m = &job->model;
    job->call = call;
    job->json = call->options.json || job->format == S2S_PAIRS_JSON;
    S2S_TRY(check_use(job, err));
    if (job->weight < 0) job->weight = 1;
    S2S_TRY(s2s_load_for_search(m, &call->options, err));
    job->search = m->recipe->search;
    if (!job->source) s2s_answer_at_once(&call->options, &job->search);
    job->queue.strict = job->strict;
    s2s_status status = make_scoring(job, err);
    if (status == S2S_OK) status = score_by_use(job, err);
    s2s_scoring_free(job->scoring);
    s2s_line_queue_release(&job->queue);
    s2s_loaded_model_release(m);
    return status;
}

/* --- options --- */

#define LINE_OPTIONS(job)                                                                          \
    S2S_TEXT_OPTION("source", "FILE", &(job)->source, "The sources, instead of --input."),         \
        S2S_TEXT_OPTION("target", "FILE", &(job)->target, "The target of each source."),           \
        S2S_CHOICE_OPTION("format", s2s_pairs_format_names, &(job)->format,                        \
                          "What --input is: lines of source, tab, target (tsv, if not given), or " \
                          "objects with \"source\" and \"target\" (json), whose other fields "     \
                          "come back with the score. For a masked language model a line of tsv "   \
                          "is a text, and an object has \"text\"."),                               \
        S2S_FLAG("strict", &(job)->strict,                                                         \
                 "End at the first line that cannot be scored; else its result is empty, or "      \
                 "tells why in JSON."),                                                            \
        S2S_FLAG("normalize", &(job)->normalize, "Write log p per token."),                        \
        S2S_FLAG("tokens-count", &(job)->tokens_count,                                             \
                 "Write a tab and the number of tokens after each score."),                        \
        S2S_FLAG("tokens", &(job)->tokens,                                                         \
                 "Write the pieces of each target, and the log p of each."),                       \
        S2S_FLAG("summary", &(job)->summary,                                                       \
                 "Write the total and the perplexities alone; without it they are a message.")

#define CONTRAST_OPTIONS(job)                                                                      \
    S2S_FLAG("contrastive", &(job)->contrastive,                                                   \
             "Lines have a right target and one or more wrong ones: further columns, or "          \
             "\"wrong\", a text or a list. Write how often the right one is the likeliest."),      \
        S2S_TEXTS_OPTION("wrong", "FILE", &(job)->wrong,                                           \
                         "Wrong targets line by line, with --contrastive; may be repeated.")

#define N_BEST_OPTIONS(job)                                                                        \
    S2S_TEXT_OPTION("n-best", "FILE", &(job)->n_best,                                              \
                    "Lists of `s2s translate --n-best=N --json` for the lines of --source, or "    \
                    "with sources of their own: write them in the order of score + weight * this " \
                    "model's score."),                                                             \
        S2S_REAL_OPTION("weight", &(job)->weight, 0, 1000000,                                      \
                        "Of this model's score of a hypothesis; 1 if not given."),                 \
        S2S_FLAG("reverse", &(job)->reverse, "The model goes from target to source."),             \
        S2S_FLAG("best", &(job)->best, "Write the text of the best hypothesis, not the list.")

static s2s_status run(int argc, char **argv, s2s_err *err) {
    s2s_score_job job = {.weight = -1};
    const s2s_option options[] = {
        LINE_OPTIONS(&job),
        CONTRAST_OPTIONS(&job),
        N_BEST_OPTIONS(&job),
        S2S_KEY_OPTION("length-penalty", "X", "search.length_penalty"),
        S2S_KEY_OPTION("batch-tokens", "N", "search.batch_tokens"),
        S2S_KEY_OPTION("batch-sentences", "N", "search.batch_sentences"),
    };
    const s2s_usage usage = {
        .command = "score",
        .summary = "Writes how likely a model finds targets that are there already: the natural "
                   "logarithm of the probability of each, end symbol included, a line for each, in "
                   "the order of the input. With --contrastive, how often it tells right from "
                   "wrong; with --n-best, lists of translations in a new order. A masked language "
                   "model scores texts by themselves: the sum of log p of each token, hidden in "
                   "turn, given all others.",
        .common = S2S_WITH_MODEL | S2S_WITH_INPUT | S2S_WITH_OUTPUT | S2S_WITH_THREADS |
                  S2S_WITH_JSON | S2S_WITH_SET,
        S2S_TABLE(options),
        .examples = "  s2s score --model=runs/quickstart --source=test.en --target=test.de\n"
                    "  paste test.en test.de | s2s score -m runs/quickstart --summary\n"
                    "  s2s score -m runs/books-mlm -i text.en --tokens\n"
                    "  s2s translate -m runs/en-de -i a.en --n-best=8 --json -o a.json\n"
                    "  s2s score -m runs/de-en --reverse --source=a.en --n-best=a.json --best\n",
    };
    s2s_status status = s2s_call_run(&usage, argc, argv, score, &job, err);
    s2s_strings_release(&job.wrong);
    return status;
}

const s2s_command s2s_command_score = {"score", "how likely a model finds given targets", run};
