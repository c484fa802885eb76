/* s2s bench: how fast the machine is, and where the time of a training step and of a decoding step goes on it. */
#include "base/file.h"
#include "cli/bench_report.h"
#include "cli/command.h"
#include "model/folder.h"

typedef struct benchmark {
    const char *recipe, *trace_path;
    int64_t length, rows, position;
    double seconds;
    bool train, decode;
    int weights; /* s2s_weight_type; -1: not given */
    s2s_trace *trace;
    s2s_bench_report report;
    s2s_training_time training;
    s2s_decoding_time decoding;
} benchmark;

static s2s_bench_options options_of(const benchmark *b) {
    return (s2s_bench_options){.length = (int)b->length,
                               .seconds = b->seconds,
                               .machine = &b->report.machine,
                               .trace = b->trace,
                               .rows = (int)b->rows,
                               .position = (int)b->position};
}

/* --- what is measured --- */

static s2s_status measure_machine(benchmark *b, s2s_call *call, s2s_err *err) {
    s2s_log_say(call->log, "measuring the machine");
    return s2s_bench_machine(&b->report.machine, b->seconds / 5, err);
}

static s2s_status bench_training(benchmark *b, s2s_call *call, const s2s_recipe *recipe,
                                 s2s_err *err) {
    s2s_log_say(call->log, "training steps of %s", recipe->name);
    s2s_bench_options options = options_of(b);
    b->report.training = &b->training;
    return s2s_bench_training(&b->training, recipe, &options, err);
}

static s2s_status bench_model(benchmark *b, s2s_call *call, const s2s_model *model, s2s_err *err) {
    s2s_log_say(call->log, "decoding steps of %s", model->recipe->name);
    s2s_bench_options options = options_of(b);
    b->report.decoding = &b->decoding;
    return s2s_bench_decoding(&b->decoding, model, &options, err);
}

static s2s_status bench_folder(benchmark *b, s2s_call *call, s2s_err *err) {
    const s2s_options *o = &call->options;
    s2s_loaded_model loaded;
    S2S_TRY(
        s2s_model_load(&loaded, o->model, o->sets.items, (int)o->sets.n, S2S_PARAMS_DECODE, err));
    s2s_status status = bench_model(b, call, loaded.model, err);
    s2s_loaded_model_release(&loaded);
    return status;
}

/* With the weights that training would begin with: the time of a step does not depend on them. */
static s2s_status bench_untrained(benchmark *b, s2s_call *call, const s2s_recipe *recipe,
                                  s2s_err *err) {
    int vocabulary = (int)recipe->text.vocabulary.size;
    s2s_model *model;
    S2S_TRY(s2s_model_create(&model, recipe, vocabulary, vocabulary, S2S_PARAMS_KEEP, err));
    s2s_params_initialize(&model->params, (uint64_t)recipe->seed);
    s2s_weight_type type = b->weights < 0 ? S2S_WEIGHT_FLOAT32 : (s2s_weight_type)b->weights;
    s2s_status status = s2s_params_pack(&model->params, type, err);
    if (status == S2S_OK) status = bench_model(b, call, model, err);
    s2s_model_free(model);
    return status;
}

/* --- the command --- */

static s2s_status check(const benchmark *b, const s2s_options *o, s2s_err *err) {
    if (b->recipe && o->model)
        return s2s_fail(err, S2S_USAGE, "--recipe and --model: give one of them");
    bool model = b->recipe || o->model;
    if (!model && o->sets.n)
        return s2s_fail(err, S2S_USAGE,
                        "--set and --seed change a recipe: give --recipe or --model");
    const char *steps = b->train        ? "--train"
                        : b->decode     ? "--decode"
                        : b->trace_path ? "--trace"
                                        : NULL;
    if (!model && steps)
        return s2s_fail(err, S2S_USAGE, "%s: of which model? Give --recipe or --model", steps);
    if (b->weights >= 0 && o->model)
        return s2s_fail(err, S2S_USAGE,
                        "--weights: the weights of --model are what they are; s2s quantize makes "
                        "others, and --recipe takes random ones");
    if (!b->decode && (b->weights >= 0 || b->rows || b->position >= 0))
        return s2s_fail(err, S2S_USAGE, "--%s is of a decoding step: give --decode as well",
                        b->weights >= 0 ? "weights"
                        : b->rows       ? "rows"
                                        : "position");
    return S2S_OK;
}

/* What was asked for; a trace shows both steps if nothing was. */
static void choose_steps(benchmark *b, bool model) {
    if (b->train || b->decode || !model) return;
    b->train = true;
    b->decode = b->trace_path != NULL;
}

/* Wrong use is told before anything is measured. */
static s2s_status measure_steps(benchmark *b, s2s_call *call, const s2s_recipe *recipe,
                                s2s_err *err) {
    s2s_bench_options options = options_of(b);
    if (b->decode) S2S_TRY(s2s_bench_check_decoding(recipe, &options, err));
    S2S_TRY(measure_machine(b, call, err));
    if (b->train) S2S_TRY(bench_training(b, call, recipe, err));
    if (!b->decode) return S2S_OK;
    return call->options.model ? bench_folder(b, call, err) : bench_untrained(b, call, recipe, err);
}

static s2s_status measure(benchmark *b, s2s_call *call, s2s_err *err) {
    s2s_options *o = &call->options;
    if (!b->recipe && !o->model) return measure_machine(b, call, err);
    const char *path =
        o->model ? s2s_path_join(&o->arena, o->model, S2S_RECIPE_FILE, err) : b->recipe;
    if (!path) return S2S_MEMORY;
    s2s_recipe *recipe;
    S2S_TRY(s2s_recipe_load(&recipe, path, o->sets.items, (int)o->sets.n, err));
    s2s_status status = measure_steps(b, call, recipe, err);
    s2s_recipe_free(recipe);
    return status;
}

static s2s_status put_report(const benchmark *b, s2s_call *call, s2s_err *err) {
    return call->options.json ? s2s_output_json(call->output, s2s_bench_json(&b->report), true, err)
                              : s2s_bench_print(&b->report, call->output, err);
}

static s2s_status bench(s2s_call *call, s2s_err *err) {
    benchmark *b = call->self;
    choose_steps(b, b->recipe || call->options.model);
    S2S_TRY(check(b, &call->options, err));
    if (b->trace_path) S2S_TRY(s2s_trace_open(&b->trace, b->trace_path, err));
    s2s_status status = measure(b, call, err);
    status = s2s_trace_close(b->trace, status, err);
    if (status == S2S_OK) status = put_report(b, call, err);
    s2s_products_release(&b->training.products);
    return status;
}

static s2s_status run(int argc, char **argv, s2s_err *err) {
    enum { LONGEST = 100000 };
    benchmark b = {.length = 20, .position = -1, .seconds = 5, .weights = -1};
    const s2s_option options[] = {
        S2S_TEXT_OPTION("recipe", "FILE", &b.recipe,
                        "Measure steps of this recipe, with random tokens and, in decoding, random "
                        "weights; --model takes a model's recipe, and for decoding its weights."),
        S2S_FLAG("train", &b.train,
                 "Measure training steps: what is done without this or --decode."),
        S2S_FLAG(
            "decode", &b.decode,
            "Measure decoding steps, all threads at work on each; a search with as many workers "
            "as threads takes steps like those of --threads=1."),
        S2S_WHOLE_OPTION("rows", &b.rows, 1, S2S_BENCH_ROWS,
                         "Hypotheses in a decoding step; if not given as many as a worker of the "
                         "search has."),
        S2S_WHOLE_OPTION("position", &b.position, 0, LONGEST,
                         "Target tokens before the decoding step; as --length if not given."),
        S2S_CHOICE_OPTION("weights", s2s_weight_type_names, &b.weights,
                          "Of decoding with --recipe; float32 if not given."),
        S2S_WHOLE_OPTION("length", &b.length, 1, LONGEST,
                         "Tokens of a random source sentence, in training on average; 20 if not "
                         "given."),
        S2S_REAL_OPTION("seconds", &b.seconds, 0, 3600,
                        "How long steps of each kind are measured; 5 if not given."),
        S2S_TEXT_OPTION(
            "trace", "FILE", &b.trace_path,
            "Write one training step and one decoding step, or what --train or --decode "
            "says, op by op for a trace viewer (about:tracing, ui.perfetto.dev)."),
    };
    const s2s_usage usage = {
        .command = "bench",
        .summary = "Measures the machine: the fastest matrix products and memory that it has now. "
                   "With a recipe or model also the time of a training or decoding step, op by op "
                   "and product by product, and the share of the machine's limits that it reaches.",
        .common = S2S_WITH_MODEL | S2S_WITH_OUTPUT | S2S_WITH_THREADS | S2S_WITH_SEED |
                  S2S_WITH_JSON | S2S_WITH_SET,
        S2S_TABLE(options),
        .examples = "  s2s bench --recipe=recipes/transformer-base.yaml --threads=2\n"
                    "  s2s bench --model=runs/quickstart --decode --rows=4 --trace=step.json\n",
    };
    return s2s_call_run(&usage, argc, argv, bench, &b, err);
}

const s2s_command s2s_command_bench = {
    "bench", "measure the machine, and what training and decoding make of it", run};
