/* s2s recipe: what recipes may say, and what a recipe says with every default written out. */
#include <string.h>

#include "cli/command.h"
#include "recipe/recipe.h"

/* Writes the text that was made, if it was made, and frees it. */
static s2s_status put_text(s2s_call *call, s2s_buf *text, s2s_status status, s2s_err *err) {
    if (status == S2S_OK) status = s2s_output_write(call->output, text->data, text->size, err);
    s2s_buf_release(text);
    return status;
}

/* --- resolve --- */

static s2s_status resolve(s2s_call *call, s2s_err *err) {
    const s2s_options *o = &call->options;
    s2s_recipe *recipe;
    S2S_TRY(s2s_recipe_load(&recipe, o->arguments[0], o->sets.items, (int)o->sets.n, err));
    s2s_buf yaml = {0};
    s2s_status status = put_text(call, &yaml, s2s_recipe_write(recipe, &yaml, err), err);
    s2s_recipe_free(recipe);
    return status;
}

static s2s_status run_resolve(int argc, char **argv, s2s_err *err) {
    const s2s_usage usage = {
        .command = "recipe resolve",
        .arguments = "RECIPE",
        .least = 1,
        .most = 1,
        .summary = "Checks a recipe and writes it with its base recipes, --set and every default "
                   "filled in.",
        .common = S2S_WITH_OUTPUT | S2S_WITH_SET,
        .examples = "  s2s recipe resolve recipes/quickstart.yaml --set train.max_epochs=2\n",
    };
    return s2s_call_run(&usage, argc, argv, resolve, NULL, err);
}

/* --- explain --- */

static s2s_status explain(s2s_call *call, s2s_err *err) {
    const s2s_options *o = &call->options;
    s2s_buf text = {0};
    const char *key = o->arguments_n ? o->arguments[0] : NULL;
    return put_text(call, &text, s2s_recipe_explain(key, &text, err), err);
}

static s2s_status run_explain(int argc, char **argv, s2s_err *err) {
    const s2s_usage usage = {
        .command = "recipe explain",
        .arguments = "[KEY]",
        .most = 1,
        .summary = "Tells what a key of recipes means, its type, range and default; for a section "
                   "all keys in it, without KEY all there are.",
        .common = S2S_WITH_OUTPUT,
        .examples = "  s2s recipe --explain train.optimizer\n",
    };
    return s2s_call_run(&usage, argc, argv, explain, NULL, err);
}

/* --- reference --- */

static s2s_status reference(s2s_call *call, s2s_err *err) {
    s2s_buf text = {0};
    return put_text(call, &text, s2s_recipe_reference(&text, err), err);
}

static s2s_status run_reference(int argc, char **argv, s2s_err *err) {
    const s2s_usage usage = {
        .command = "recipe reference",
        .summary = "Writes the reference page of all keys, docs/recipe.md.",
        .common = S2S_WITH_OUTPUT,
    };
    return s2s_call_run(&usage, argc, argv, reference, NULL, err);
}

/* --- which of them --- */

static s2s_status run(int argc, char **argv, s2s_err *err) {
    const s2s_command commands[] = {
        {"resolve", "check a recipe and write it with every default", run_resolve},
        {"explain", "tell what a key means (also --explain [KEY])", run_explain},
        {"reference", "write the reference page of all keys", run_reference},
        {0},
    };
    char explain_name[] = "explain";
    if (argc > 1 && strcmp(argv[1], "--explain") == 0) argv[1] = explain_name;
    return s2s_command_dispatch("s2s recipe", commands, "", argc, argv, err);
}

const s2s_command s2s_command_recipe = {"recipe", "check, complete and explain recipes", run};
