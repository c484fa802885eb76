/* s2s inspect: a model's card: what it is, how many parameters, and which files with which
 * checksums. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/command.h"
#include "model/folder.h"
#include "recipe/schema.h"

/* --- parameters by module --- */

typedef struct module {
    char name[64];
    size_t parameters;
} module;

typedef struct card {
    const s2s_options *options;
    s2s_output *output;
    s2s_loaded_model model;
    module *modules; /* in the order of the model */
    size_t modules_n, modules_capacity;
    size_t parameters;
} card;

/* "encoder.layers.3.self_attention.qkv.weight" is of the module "encoder.self_attention": all
 * layers of a stack together. */
static void module_name(char name[64], const char *parameter) {
    const char *rest = strstr(parameter, ".layers.");
    if (!rest) {
        snprintf(name, 64, "%.*s", (int)(strrchr(parameter, '.') - parameter), parameter);
        return;
    }
    const char *part = strchr(rest + strlen(".layers."), '.') + 1;
    snprintf(name, 64, "%.*s.%.*s", (int)(rest - parameter), parameter, (int)strcspn(part, "."),
             part);
}

static s2s_status count_parameters(card *c, s2s_err *err) {
    const s2s_params *params = &c->model.model->params;
    for (size_t i = 0; i < params->n; i++) {
        char name[64];
        module_name(name, params->items[i].name);
        size_t at = 0, size = s2s_param_size(params, (s2s_param)i);
        while (at < c->modules_n && strcmp(c->modules[at].name, name) != 0) at++;
        if (at == c->modules_n) {
            S2S_TRY(s2s_grow(&c->modules, &c->modules_capacity, at + 1, sizeof *c->modules, err));
            c->modules[c->modules_n++] = (module){0};
            memcpy(c->modules[at].name, name, sizeof name);
        }
        c->modules[at].parameters += size;
        c->parameters += size;
    }
    return S2S_OK;
}

/* --- the recipe in short --- */

/* The name of an enum's value, as recipes write it. */
static const char *choice(const char *key, int value) {
    return s2s_schema_walk(key)->names[value];
}

static s2s_status describe_stack(const s2s_stack_recipe *r, bool decoder, s2s_buf *text,
                                 s2s_err *err) {
    S2S_TRY(s2s_buf_printf(text, err,
                           "%s: %" PRId64 " layers, width %" PRId64 ", %" PRId64 " heads",
                           choice("encoder.type", (int)r->type), r->layers, r->width, r->heads));
    if (r->kv_heads != r->heads)
        S2S_TRY(s2s_buf_printf(text, err, " (%" PRId64 " of keys and values)", r->kv_heads));
    S2S_TRY(s2s_buf_printf(
        text, err, ", feed-forward %" PRId64 " %s, %s-norm (%s), positions %s, dropout %g",
        r->feed_forward, choice("encoder.activation", (int)r->activation),
        choice("encoder.norm", (int)r->norm), choice("encoder.norm_type", (int)r->norm_type),
        choice("encoder.positions", (int)r->positions), r->dropout));
    if (!decoder) return S2S_OK;
    return s2s_buf_printf(text, err, ", tied embeddings: %s", choice("decoder.tie", (int)r->tie));
}

static s2s_status describe_text(const s2s_text_recipe *r, s2s_buf *text, s2s_err *err) {
    return s2s_buf_printf(text, err, "%s, normalisation %s%s",
                          choice("text.vocabulary.type", (int)r->vocabulary.type),
                          choice("text.normalization", (int)r->normalization),
                          r->lowercase ? ", lowercased" : "");
}

static s2s_status describe_search(const s2s_search_recipe *r, s2s_buf *text, s2s_err *err) {
    if (r->type == S2S_GREEDY) return s2s_buf_printf(text, err, "greedy");
    return s2s_buf_printf(text, err, "%s of %" PRId64 ", length penalty %g",
                          choice("search.type", (int)r->type), r->beam_size, r->length_penalty);
}

static s2s_status describe_objective(const s2s_objective_recipe *r, s2s_buf *text, s2s_err *err) {
    S2S_TRY(s2s_buf_printf(text, err, "%s", choice("objective.type", (int)r->type)));
    if (r->type == S2S_MASKED_LM)
        S2S_TRY(s2s_buf_printf(text, err, ", %g masked (%g of it at random, %g kept)%s%s",
                               r->mask_share, r->mask_random, r->mask_kept,
                               r->whole_words ? ", whole words" : "",
                               r->static_masks ? ", static masks" : ""));
    return s2s_buf_printf(text, err, ", label smoothing %g", r->label_smoothing);
}

enum { PART_TEXT, PART_ENCODER, PART_DECODER, PART_OBJECTIVE, PART_SEARCH, PARTS };

/* Whether a model of this objective has the part. */
static bool has_part(const s2s_recipe *r, int part) {
    const s2s_objective_shape *shape = s2s_objective_shape_of(r->objective.type);
    return part == PART_ENCODER   ? shape->encoder
           : part == PART_DECODER ? shape->decoder
           : part == PART_SEARCH  ? shape->targets
                                  : true;
}

/* One part of the recipe in a line. */
static s2s_status describe_part(const s2s_recipe *r, int part, s2s_buf *text, s2s_err *err) {
    text->size = 0;
    switch (part) {
    case PART_TEXT:
        return describe_text(&r->text, text, err);
    case PART_ENCODER:
        return describe_stack(&r->encoder, false, text, err);
    case PART_DECODER:
        return describe_stack(&r->decoder, true, text, err);
    case PART_OBJECTIVE:
        return describe_objective(&r->objective, text, err);
    default:
        return describe_search(&r->search, text, err);
    }
}

static const char *const part_names[PARTS] = {"text", "encoder", "decoder", "objective", "search"};

/* --- files --- */

static const char *const file_names[] = {S2S_WEIGHTS_FILE,           S2S_RECIPE_FILE,
                                         S2S_SHARED_VOCABULARY_FILE, S2S_SOURCE_VOCABULARY_FILE,
                                         S2S_TARGET_VOCABULARY_FILE, NULL};

/* *bytes -1: there is no such file, which is fine: a model has one vocabulary or two. */
static s2s_status measure_file(const card *c, const char *name, int64_t *bytes, char digest[33],
                               s2s_err *err) {
    *bytes = -1;
    s2s_arena arena = {0};
    struct stat found;
    char *path = s2s_path_join(&arena, c->options->model, name, err);
    s2s_status status = path ? S2S_OK : S2S_MEMORY;
    if (path && stat(path, &found) == 0) {
        *bytes = found.st_size;
        status = s2s_file_digest(path, digest, err);
    }
    s2s_arena_release(&arena);
    return status;
}

/* --- the card as text --- */

/* 1234567 as "1,234,567" */
static const char *grouped(char text[32], size_t number) {
    char digits[24];
    int n = snprintf(digits, sizeof digits, "%zu", number), at = 0;
    for (int i = 0; i < n; i++) {
        if (i && (n - i) % 3 == 0) text[at++] = ',';
        text[at++] = digits[i];
    }
    text[at] = '\0';
    return text;
}

static s2s_status print_recipe(const card *c, s2s_err *err) {
    s2s_buf text = {0};
    s2s_status status = S2S_OK;
    for (int part = 0; status == S2S_OK && part < PARTS; part++) {
        if (!has_part(c->model.recipe, part)) continue;
        status = describe_part(c->model.recipe, part, &text, err);
        if (status == S2S_OK)
            status = s2s_output_printf(c->output, err, "%-11s%s\n", part_names[part], text.data);
    }
    s2s_buf_release(&text);
    return status;
}

static s2s_status print_vocabulary(const card *c, const char *name, const s2s_vocabulary *v,
                                   s2s_err *err) {
    int32_t special[] = {s2s_vocabulary_unk(v), s2s_vocabulary_bos(v), s2s_vocabulary_eos(v)};
    S2S_TRY(s2s_output_printf(c->output, err, "%-11s%d pieces; special:", name,
                              s2s_vocabulary_size(v)));
    for (int i = 0; i < 3; i++)
        S2S_TRY(s2s_output_printf(c->output, err, " %s %d", s2s_vocabulary_piece(v, special[i]),
                                  (int)special[i]));
    return s2s_output_printf(c->output, err, "\n");
}

/* How products read the weights: as they are stored, or packed while they were loaded. */
static const char *weight_type(const card *c) {
    s2s_weight_type type = S2S_WEIGHT_FLOAT32;
    s2s_params_packed_type(&c->model.model->params, &type);
    return s2s_weight_type_names[type];
}

static s2s_status print_parameters(const card *c, s2s_err *err) {
    char number[32];
    S2S_TRY(s2s_output_printf(c->output, err, "\nparameters %25s   %s\n",
                              grouped(number, c->parameters), weight_type(c)));
    for (size_t i = 0; i < c->modules_n; i++)
        S2S_TRY(
            s2s_output_printf(c->output, err, "  %-23s %10s %5.1f %%\n", c->modules[i].name,
                              grouped(number, c->modules[i].parameters),
                              100.0 * (double)c->modules[i].parameters / (double)c->parameters));
    return S2S_OK;
}

static s2s_status print_files(const card *c, s2s_err *err) {
    S2S_TRY(s2s_output_printf(c->output, err, "\nfiles (bytes, XXH3 128)\n"));
    for (int i = 0; file_names[i]; i++) {
        int64_t bytes;
        char digest[33], number[32];
        S2S_TRY(measure_file(c, file_names[i], &bytes, digest, err));
        if (bytes < 0) continue;
        S2S_TRY(s2s_output_printf(c->output, err, "  %-19s %13s  %s\n", file_names[i],
                                  grouped(number, (size_t)bytes), digest));
    }
    return S2S_OK;
}

static s2s_status print_card(const card *c, s2s_err *err) {
    const s2s_loaded_model *m = &c->model;
    bool shared = m->source == m->target;
    S2S_TRY(s2s_output_printf(c->output, err, "%-11s%s\n", "model", m->recipe->name));
    S2S_TRY(print_recipe(c, err));
    S2S_TRY(print_vocabulary(c, shared ? "vocabulary" : "source", m->source, err));
    if (!shared) S2S_TRY(print_vocabulary(c, "target", m->target, err));
    S2S_TRY(print_parameters(c, err));
    return print_files(c, err);
}

/* --- the card as JSON; a value that is NULL makes the whole NULL: out of memory --- */

static json_t *recipe_json(const card *c) {
    json_t *parts = json_object();
    s2s_buf text = {0};
    for (int part = 0; parts && part < PARTS; part++) {
        if (!has_part(c->model.recipe, part)) continue;
        s2s_status status = describe_part(c->model.recipe, part, &text, NULL);
        if (status != S2S_OK ||
            json_object_set_new(parts, part_names[part], json_string(text.data)) != 0) {
            json_decref(parts);
            parts = NULL;
        }
    }
    s2s_buf_release(&text);
    return parts;
}

static json_t *vocabulary_json(const s2s_vocabulary *v) {
    return json_pack("{si, si, si, si}", "size", s2s_vocabulary_size(v), "unk",
                     (int)s2s_vocabulary_unk(v), "bos", (int)s2s_vocabulary_bos(v), "eos",
                     (int)s2s_vocabulary_eos(v));
}

static json_t *parameters_json(const card *c) {
    json_t *modules = json_object();
    for (size_t i = 0; i < c->modules_n; i++)
        if (json_object_set_new(modules, c->modules[i].name,
                                json_integer((json_int_t)c->modules[i].parameters)) != 0) {
            json_decref(modules);
            return NULL;
        }
    return json_pack("{sI, ss, so}", "total", (json_int_t)c->parameters, "type", weight_type(c),
                     "modules", modules);
}

static s2s_status files_json(const card *c, json_t *files, s2s_err *err) {
    for (int i = 0; file_names[i]; i++) {
        int64_t bytes;
        char digest[33];
        S2S_TRY(measure_file(c, file_names[i], &bytes, digest, err));
        if (bytes < 0) continue;
        json_t *file = json_pack("{sI, ss}", "bytes", (json_int_t)bytes, "xxh3_128", digest);
        if (json_object_set_new(files, file_names[i], file) != 0) return s2s_fail_memory(err, 4096);
    }
    return S2S_OK;
}

static s2s_status put_json(const card *c, s2s_err *err) {
    json_t *files = json_object();
    s2s_status status = files ? files_json(c, files, err) : s2s_fail_memory(err, 4096);
    if (status != S2S_OK) {
        json_decref(files);
        return status;
    }
    const s2s_loaded_model *m = &c->model;
    json_t *all =
        json_pack("{ss, so, s{so, so}, so, so}", "model", m->recipe->name, "recipe", recipe_json(c),
                  "vocabulary", "source", vocabulary_json(m->source), "target",
                  vocabulary_json(m->target), "parameters", parameters_json(c), "files", files);
    return s2s_output_json(c->output, all, true, err);
}

/* --- the command --- */

static s2s_status inspect(s2s_call *call, s2s_err *err) {
    card c = {.options = &call->options, .output = call->output};
    S2S_TRY(s2s_options_need(call->options.model, "model", err));
    S2S_TRY(s2s_model_load(&c.model, call->options.model, NULL, 0, S2S_PARAMS_DECODE, err));
    s2s_status status = count_parameters(&c, err);
    if (status == S2S_OK) status = call->options.json ? put_json(&c, err) : print_card(&c, err);
    free(c.modules);
    s2s_loaded_model_release(&c.model);
    return status;
}

static s2s_status run(int argc, char **argv, s2s_err *err) {
    const s2s_usage usage = {
        .command = "inspect",
        .summary = "Shows what is in a model: its recipe in short, vocabulary, parameters by "
                   "module, and files with their checksums (as `xxhsum -H2` makes them).",
        .common = S2S_WITH_MODEL | S2S_WITH_OUTPUT | S2S_WITH_JSON,
        .examples = "  s2s inspect --model=runs/quickstart\n",
    };
    return s2s_call_run(&usage, argc, argv, inspect, NULL, err);
}

const s2s_command s2s_command_inspect = {"inspect", "show what is in a model", run};
