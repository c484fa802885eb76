/* s2s vocab shortlist: learning which target tokens may translate which source tokens. */
#define _GNU_SOURCE /* mkdtemp */
#include <stdlib.h>
#include <unistd.h>

#include "cli/command.h"
#include "cli/model_options.h"
#include "model/folder.h"
#include "train/learn_shortlist.h"
#include "train/prepare.h"

typedef struct shortlisting {
    const char *source, *target, *output;
    s2s_shortlist_options learning;
    s2s_call *call;
    s2s_recipe *recipe;
    s2s_vocabulary *sources, *targets; /* one and the same where the vocabulary is shared */
    s2s_arena arena;
} shortlisting;

/* --- what is needed of the model --- */

/* Not its weights. */
static s2s_status load_vocabularies(shortlisting *s, const char *model, s2s_err *err) {
    const char *path = s2s_path_join(&s->arena, model, S2S_RECIPE_FILE, err);
    if (!path) return S2S_MEMORY;
    S2S_TRY(s2s_recipe_load(&s->recipe, path, NULL, 0, err));
    S2S_TRY(s2s_recipe_needs_targets(s->recipe, err));
    const char *source = s2s_vocabulary_path(&s->arena, model, s->recipe, false, err);
    const char *target = s2s_vocabulary_path(&s->arena, model, s->recipe, true, err);
    if (!source || !target) return S2S_MEMORY;
    S2S_TRY(s2s_vocabulary_load(&s->sources, source, &s->recipe->text, err));
    s->targets = s->sources;
    if (s->recipe->text.vocabulary.shared) return S2S_OK;
    return s2s_vocabulary_load(&s->targets, target, &s->recipe->text, err);
}

static void release(shortlisting *s) {
    if (s->targets != s->sources) s2s_vocabulary_free(s->targets);
    s2s_vocabulary_free(s->sources);
    s2s_recipe_free(s->recipe);
    s2s_arena_release(&s->arena);
}

/* --- the pairs --- */

static s2s_status open_in(shortlisting *s, const s2s_corpora *corpora, const char *cache,
                          s2s_dataset **dataset, s2s_err *err) {
    return s2s_dataset_open(dataset, corpora, &s->recipe->data, s->sources, s->targets, cache,
                            s->call->log, err);
}

/* In a folder that goes away at once: the open cache needs no name. */
static s2s_status open_temporary(shortlisting *s, const s2s_corpora *corpora, const char *beside,
                                 s2s_dataset **dataset, s2s_err *err) {
    s2s_buf folder = {0};
    S2S_TRY(s2s_buf_printf(&folder, err, "%s.cache-XXXXXX", beside));
    s2s_status status = S2S_OK;
    if (!mkdtemp(folder.data)) status = s2s_fail_errno(err, "make a folder beside", beside);
    if (status == S2S_OK) {
        status = open_in(s, corpora, folder.data, dataset, err);
        s2s_dataset_sweep(folder.data, NULL, 0, NULL);
        rmdir(folder.data);
    }
    s2s_buf_release(&folder);
    return status;
}

/* The cache that training left, where there is one. */
static s2s_status open_pairs(shortlisting *s, const char *model, s2s_dataset **dataset,
                             s2s_err *err) {
    const s2s_data_recipe *data = &s->recipe->data;
    s2s_corpus given = {.source = s->source, .target = s->target, .weight = 1};
    s2s_corpora files = {&given, 1};
    if (s->source) return open_temporary(s, &files, s->output, dataset, err);
    if (!data->train.n)
        return s2s_fail(err, S2S_USAGE,
                        "%s: its recipe names no data.train; give --source and --target", model);
    const char *left = s2s_path_join(&s->arena, model, S2S_CACHE_FOLDER, err);
    if (!left) return S2S_MEMORY;
    if (data->cache || s2s_file_exists(left))
        return open_in(s, &data->train, data->cache ? data->cache : left, dataset, err);
    return open_temporary(s, &data->train, s->output, dataset, err);
}

/* --- the job --- */

static s2s_status learn(shortlisting *s, const char *model, s2s_err *err) {
    S2S_TRY(load_vocabularies(s, model, err));
    if (!s->output) s->output = s2s_path_join(&s->arena, model, S2S_SHORTLIST_FILE, err);
    if (!s->output) return S2S_MEMORY;
    s2s_dataset *dataset = NULL;
    S2S_TRY(open_pairs(s, model, &dataset, err));
    s2s_status status = s2s_shortlist_learn(dataset, s->sources, s->targets, &s->learning,
                                            s->output, s->call->log, err);
    s2s_dataset_free(dataset);
    return status;
}

static s2s_status shortlist(s2s_call *call, s2s_err *err) {
    shortlisting *s = call->self;
    s->call = call;
    S2S_TRY(s2s_options_need(call->options.model, "model", err));
    if (!s->source != !s->target)
        return s2s_fail(err, S2S_USAGE, "--%s is missing: the pairs are lines of both",
                        s->source ? "target" : "source");
    s2s_status status = learn(s, call->options.model, err);
    release(s);
    return status;
}

/* The end of a help text: the default. */
#define OR_ELSE(value) OR_ELSE_TEXT(value)
#define OR_ELSE_TEXT(text) "; " #text " if not given."

static s2s_status run(int argc, char **argv, s2s_err *err) {
    enum { MOST = 1 << 20, PAIRS = 100000000 };
    shortlisting s = {.learning = {.best = S2S_SHORTLIST_BEST,
                                   .least = S2S_SHORTLIST_LEAST,
                                   .frequent = S2S_SHORTLIST_FREQUENT,
                                   .pairs = S2S_SHORTLIST_PAIRS}};
    const s2s_option options[] = {
        S2S_TEXT_OPTION("output", "FILE", &s.output,
                        "Where the shortlist goes; shortlist.s2s in the model's folder if not "
                        "given.",
                        .letter = 'o'),
        S2S_TEXT_OPTION("source", "FILE", &s.source,
                        "Text to learn from, a sentence a line; the model's data.train if not "
                        "given."),
        S2S_TEXT_OPTION("target", "FILE", &s.target, "Its translation, line by line."),
        S2S_WHOLE_OPTION("best", &s.learning.best, 1, MOST,
                         "Target tokens that a source token allows, the most probable ones" OR_ELSE(
                             S2S_SHORTLIST_BEST)),
        S2S_REAL_OPTION(
            "least", &s.learning.least, 0, 1,
            "Probability below which a target token is not allowed" OR_ELSE(S2S_SHORTLIST_LEAST)),
        S2S_WHOLE_OPTION("frequent", &s.learning.frequent, 0, MOST,
                         "Target tokens that are always allowed, the most frequent ones; as many "
                         "as the vocabulary has forbid nothing" OR_ELSE(S2S_SHORTLIST_FREQUENT)),
        S2S_WHOLE_OPTION("pairs", &s.learning.pairs, 1, PAIRS,
                         "Sentences to learn from at most, spread evenly over the data" OR_ELSE(
                             S2S_SHORTLIST_PAIRS)),
    };
    const s2s_usage usage = {
        .command = "vocab shortlist",
        .summary = "Learns from pairs of sentences which target tokens may translate which source "
                   "tokens (IBM model 1), so that `s2s translate --shortlist` scores these alone "
                   "and not the whole vocabulary. The text is cut into tokens as the model does, "
                   "and pairs that its recipe's length filters drop are left out.",
        .common = S2S_WITH_MODEL | S2S_WITH_THREADS,
        S2S_TABLE(options),
        .examples = "  s2s vocab shortlist --model=runs/x --source=train.en --target=train.de\n",
    };
    return s2s_call_run(&usage, argc, argv, shortlist, &s, err);
}

const s2s_command s2s_command_shortlist = {
    "shortlist", "learn which target tokens may translate which source tokens", run};
