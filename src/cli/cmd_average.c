/* s2s average: the mean of several checkpoints as a model of its own. */
#include <limits.h>

#include "cli/command.h"
#include "cli/model_options.h"
#include "train/average.h"

typedef struct averaging {
    const char *output;
} averaging;

/* The weights of a model folder. */
static s2s_status weight_paths(const s2s_options *o, s2s_arena *arena, const char **paths,
                               s2s_err *err) {
    for (int i = 0; i < o->arguments_n; i++) {
        paths[i] = s2s_path_join(arena, o->arguments[i], S2S_WEIGHTS_FILE, err);
        if (!paths[i]) return S2S_MEMORY;
    }
    return S2S_OK;
}

static s2s_status check_output(const averaging *a, const s2s_options *o, s2s_err *err) {
    S2S_TRY(s2s_options_need(a->output, "output", err));
    for (int i = 0; i < o->arguments_n; i++)
        S2S_TRY(s2s_check_other_folder(a->output, o->arguments[i], err));
    return S2S_OK;
}

static s2s_status average_into(const averaging *a, s2s_loaded_model *first, const s2s_options *o,
                               s2s_arena *arena, s2s_err *err) {
    size_t bytes = (size_t)o->arguments_n * sizeof(char *);
    const char **paths = s2s_arena_alloc(arena, bytes, err), *folder = o->arguments[0];
    if (!paths) return S2S_MEMORY;
    S2S_TRY(weight_paths(o, arena, paths, err));
    S2S_TRY(s2s_average_weights(first->model, paths, o->arguments_n, err));
    return s2s_model_save_beside(first->model, a->output, folder, err);
}

static s2s_status average(s2s_call *call, s2s_err *err) {
    const averaging *a = call->self;
    const s2s_options *o = &call->options;
    S2S_TRY(check_output(a, o, err));
    s2s_loaded_model first = {0};
    s2s_arena arena = {0};
    S2S_TRY(s2s_model_load(&first, o->arguments[0], NULL, 0, S2S_PARAMS_KEEP, err));
    s2s_status status = average_into(a, &first, o, &arena, err);
    if (status == S2S_OK)
        s2s_log_say(call->log, "%s: the mean of %d model%s", a->output, o->arguments_n,
                    o->arguments_n == 1 ? "" : "s");
    s2s_arena_release(&arena);
    s2s_loaded_model_release(&first);
    return status;
}

static s2s_status run(int argc, char **argv, s2s_err *err) {
    averaging a = {0};
    const s2s_option options[] = {
        S2S_TEXT_OPTION("output", "FOLDER", &a.output, "Where the new model goes.", .letter = 'o'),
    };
    const s2s_usage usage = {
        .command = "average",
        .arguments = "FOLDER...",
        .least = 1,
        .most = INT_MAX,
        .summary = "Writes a model whose weights are the mean of those of the models or "
                   "checkpoints given; recipe and vocabulary are those of the first.",
        S2S_TABLE(options),
        .examples = "  s2s average --output=runs/mean runs/x/checkpoints/step-*\n",
    };
    return s2s_call_run(&usage, argc, argv, average, &a, err);
}

const s2s_command s2s_command_average = {"average", "average the weights of checkpoints", run};
