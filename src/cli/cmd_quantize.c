/* s2s quantize: a model in the packed form that translating maps into memory. */
#include "cli/command.h"
#include "cli/model_options.h"

typedef struct quantizing {
    const char *output;
    int type; /* s2s_weight_type */
} quantizing;

static s2s_status quantize(s2s_call *call, s2s_err *err) {
    const quantizing *q = call->self;
    s2s_weight_type type = (s2s_weight_type)q->type;
    s2s_loaded_model loaded;
    S2S_TRY(s2s_options_need(call->options.model, "model", err));
    S2S_TRY(s2s_options_need(q->output, "output", err));
    S2S_TRY(s2s_check_other_folder(q->output, call->options.model, err));
    S2S_TRY(s2s_model_load(&loaded, call->options.model, NULL, 0, S2S_PARAMS_KEEP, err));
    s2s_status status = s2s_recipe_needs_targets(loaded.recipe, err);
    if (status == S2S_OK) status = s2s_params_pack(&loaded.model->params, type, err);
    if (status == S2S_OK)
        status = s2s_model_save_beside(loaded.model, q->output, call->options.model, err);
    if (status == S2S_OK)
        s2s_log_say(call->log, "%s: %s with weights of type %s", q->output, call->options.model,
                    s2s_weight_type_names[type]);
    s2s_loaded_model_release(&loaded);
    return status;
}

static s2s_status run(int argc, char **argv, s2s_err *err) {
    quantizing q = {.type = S2S_WEIGHT_INT8};
    const s2s_option options[] = {
        S2S_TEXT_OPTION("output", "FOLDER", &q.output, "Where the new model goes.", .letter = 'o'),
        S2S_CHOICE_OPTION("type", s2s_weight_type_names, &q.type,
                          "int8, which is given without this option: a quarter of the memory; "
                          "bfloat16: half of it, rounded less, fast on processors that multiply "
                          "such numbers and slow on others; or float32: the same numbers, ready "
                          "to be mapped."),
    };
    const s2s_usage usage = {
        .command = "quantize",
        .summary = "Writes a model for translating alone: its weights rounded to bytes or halves "
                   "(products and embeddings; norms and biases stay), in the order in which they "
                   "are read, "
                   "so that a program starts without reading them all. Training goes on from the "
                   "model that it was made from.",
        .common = S2S_WITH_MODEL,
        S2S_TABLE(options),
        .examples = "  s2s quantize --model=runs/quickstart --output=runs/quickstart-int8\n",
    };
    return s2s_call_run(&usage, argc, argv, quantize, &q, err);
}

const s2s_command s2s_command_quantize = {"quantize", "make a small model for translating", run};
