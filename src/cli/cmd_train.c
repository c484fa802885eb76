/* s2s train: a recipe to a finished model. */
#include "cli/command.h"
#include "train/trainer.h"

typedef struct training {
    bool restart, accept;
} training;

static s2s_status train(s2s_call *call, s2s_err *err) {
    const training *t = call->self;
    const s2s_options *o = &call->options;
    s2s_train_options options = {.recipe = o->arguments[0],
                                 .sets = o->sets.items,
                                 .sets_n = (int)o->sets.n,
                                 .restart = t->restart,
                                 .accept = t->accept};
    return s2s_train(&options, call->log, err);
}

static s2s_status run(int argc, char **argv, s2s_err *err) {
    training t = {0};
    const s2s_option options[] = {
        S2S_KEY_OPTION("output", "FOLDER", "output"),
        S2S_FLAG("restart", &t.restart, "Begin anew where the run folder holds a run already."),
        S2S_FLAG("accept", &t.accept, "Go on with a run although the recipe has changed since."),
        S2S_KEY_OPTION("max-steps", "N", "train.max_steps"),
    };
    const s2s_usage usage = {
        .command = "train",
        .arguments = "RECIPE",
        .least = 1,
        .most = 1,
        .summary = "Trains the model that a recipe describes: learns the vocabulary, trains, "
                   "validates, keeps checkpoints, and scores the final model on the test sets. "
                   "The same command goes on where a run was stopped; Ctrl-C saves first.",
        .common = S2S_WITH_THREADS | S2S_WITH_SEED | S2S_WITH_SET,
        S2S_TABLE(options),
        .examples = "  s2s train recipes/quickstart.yaml\n"
                    "  s2s train recipes/quickstart.yaml --set encoder.layers=6 "
                    "--output=runs/deeper\n",
    };
    return s2s_call_run(&usage, argc, argv, train, &t, err);
}

const s2s_command s2s_command_train = {"train", "train a model from a recipe", run};
