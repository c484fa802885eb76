/* See fixture.h. */
#include "fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"
#include "objective/objective.h"

const char *const fixture_names[] = {
    "post_norm",   "pre_norm", "rms_norm", "gelu",           "swiglu",
    "learned",     "relative", "rotary",   "no_positions",   "tie_none",
    "tie_decoder", "no_bias",  "kv_heads", "embedding_norm", "no_embedding_scale",
    "two_shapes",  "t5",       "bert",     "llama",          NULL};

const char *const fixture_families[] = {
    "transformers/bert", "transformers/roberta", "transformers/distilbert", "transformers/gpt2",
    "transformers/bart", "transformers/t5",      "transformers/t5_1.1",     NULL};

#define MUST(call)                                                                                 \
    do {                                                                                           \
        s2s_err err = {0};                                                                         \
        if (call) fail_msg("%s", err.message);                                                     \
    } while (0)

/* --- from a file --- */

static const char *note(const fixture *f, const char *key) {
    const char *text = s2s_safetensors_note_find(f->file, key);
    if (!text) fail_msg("%s: no note \"%s\"", f->name, key);
    return text;
}

/* An array of integers; NULL-safe count in *n. */
static int32_t *read_integers(const fixture *f, const char *name, int *n) {
    const s2s_stored_tensor *tensor = s2s_safetensors_find(f->file, name);
    if (!tensor) fail_msg("%s: no tensor %s", f->name, name);
    int64_t *stored = malloc(tensor->size + 1);
    int32_t *values = malloc((tensor->count + 1) * sizeof *values);
    assert_true(stored && values);
    MUST(s2s_safetensors_read_raw(f->file, name, S2S_DTYPE_I64, tensor->count, stored, &err));
    for (size_t i = 0; i < tensor->count; i++) values[i] = (int32_t)stored[i];
    *n = (int)tensor->count;
    free(stored);
    return values;
}

static void read_stream(fixture *f, int stream, const char *side) {
    char name[32];
    s2s_stream *s = f->batch.stream + stream;
    snprintf(name, sizeof name, "%s.ids", side);
    s->ids = read_integers(f, name, &s->tokens);
    snprintf(name, sizeof name, "%s.starts", side);
    s->starts = read_integers(f, name, &s->sequences);
    s->sequences--;
    assert_int_equal(s->starts[s->sequences], s->tokens);
    snprintf(name, sizeof name, "%s.segments", side);
    if (s2s_safetensors_find(f->file, name)) s->segments = read_integers(f, name, &s->tokens);
}

/* Those streams that the model reads; the other one has empty sequences. */
static void read_batch(fixture *f) {
    const s2s_objective_shape *shape = f->model->shape;
    s2s_stream *source = f->batch.stream + S2S_SOURCE, *target = f->batch.stream + S2S_TARGET;
    if (shape->encoder) read_stream(f, S2S_SOURCE, "source");
    if (shape->decoder) read_stream(f, S2S_TARGET, "target");
    s2s_stream *empty = !shape->encoder ? source : !shape->decoder ? target : NULL;
    if (empty) {
        empty->sequences = source->sequences + target->sequences;
        empty->starts = calloc((size_t)empty->sequences + 1, sizeof *empty->starts);
        assert_non_null(empty->starts);
    }
    f->batch.labels = read_integers(f, "labels", &f->batch.labels_n);
    if (s2s_safetensors_find(f->file, "predicted"))
        f->batch.predicted = read_integers(f, "predicted", &f->batch.labels_n);
}

/* Rows of a parameter that the file has, 0 when it has none. */
static int stored_rows(const fixture *f, const char *wanted) {
    const char *line = note(f, "parameters");
    char name[128];
    int rows, width, length;
    for (; sscanf(line, "%127s %d %d %n", name, &rows, &width, &length) == 3; line += length)
        if (!strcmp(name, wanted)) return rows;
    return 0;
}

/* Of a model with one embedding alone both are of that size. */
static int vocabulary_of(const fixture *f, const char *side) {
    char name[64];
    snprintf(name, sizeof name, "%s.embedding.weight", side);
    int rows = stored_rows(f, name);
    if (!rows) rows = stored_rows(f, "embedding.weight");
    return rows ? rows : stored_rows(f, "decoder.embedding.weight");
}

void fixture_read(const fixture *f, const char *name, s2s_real *block) {
    const s2s_stored_tensor *tensor = s2s_safetensors_find(f->file, name);
    if (!tensor) fail_msg("%s: no tensor %s", f->name, name);
    s2s_real *flat = malloc(tensor->count * sizeof *flat);
    assert_non_null(flat);
    MUST(s2s_safetensors_read(f->file, name, 1, (int64_t)tensor->count, flat, &err));
    const s2s_params *params = &f->model->params;
    const char *line = note(f, "parameters");
    char key[128];
    int rows, width, length;
    size_t at = 0, found = 0;
    for (; sscanf(line, "%127s %d %d %n", key, &rows, &width, &length) == 3;
         line += length, found++) {
        s2s_param p = s2s_params_find(params, key);
        if (p < 0) fail_msg("%s: the model has no %s", f->name, key);
        if (params->items[p].rows != rows || params->items[p].width != width)
            fail_msg("%s: %s is %d x %d, not %d x %d", f->name, key, params->items[p].rows,
                     params->items[p].width, rows, width);
        size_t size = s2s_param_size(params, p);
        memcpy(block + params->items[p].offset, flat + at, size * sizeof *flat);
        at += size;
    }
    assert_int_equal(at, tensor->count);
    assert_int_equal(found, params->n);
    free(flat);
}

void fixture_open(fixture *f, const char *name, const char *const *sets, int n_sets) {
    char path[512];
    *f = (fixture){.name = name};
    snprintf(path, sizeof path, S2S_FIXTURES "/model/%s.safetensors", name);
    MUST(s2s_safetensors_open(&f->file, path, &err));
    const char *recipe = note(f, "recipe");
    MUST(s2s_recipe_parse(&f->recipe, recipe, strlen(recipe), path, sets, n_sets, &err));
    MUST(s2s_model_create(&f->model, f->recipe, vocabulary_of(f, "encoder"),
                          vocabulary_of(f, "decoder"), S2S_PARAMS_TRAIN, &err));
    fixture_read(f, "values", f->model->params.value);
    read_batch(f);
}

void fixture_close(fixture *f) {
    s2s_safetensors_close(f->file);
    s2s_model_free(f->model);
    s2s_recipe_free(f->recipe);
    for (int s = 0; s < S2S_STREAMS; s++) {
        free(f->batch.stream[s].ids);
        free(f->batch.stream[s].starts);
        free(f->batch.stream[s].segments);
    }
    free(f->batch.labels);
    free(f->batch.predicted);
}

/* --- of random weights --- */

/* Sizes of a batch. */
typedef struct batch_sizes {
    int vocabulary, sequences, longest;
} batch_sizes;

static int32_t *draw_ids(s2s_rng *rng, int n, batch_sizes sizes) {
    int32_t *ids = malloc((size_t)n * sizeof *ids);
    assert_non_null(ids);
    for (int i = 0; i < n; i++) ids[i] = (int32_t)s2s_rng_below(rng, (uint64_t)sizes.vocabulary);
    return ids;
}

static void draw_stream(s2s_stream *s, s2s_rng *rng, batch_sizes sizes) {
    s->sequences = sizes.sequences;
    s->starts = calloc((size_t)sizes.sequences + 1, sizeof *s->starts);
    assert_non_null(s->starts);
    for (int b = 0; b < sizes.sequences; b++)
        s->starts[b + 1] = s->starts[b] + 1 + (int32_t)s2s_rng_below(rng, (uint64_t)sizes.longest);
    s->tokens = s->starts[sizes.sequences];
    s->ids = draw_ids(rng, s->tokens, sizes);
}

static void make_model(fixture *f, const char *recipe, int vocabulary) {
    MUST(s2s_recipe_parse(&f->recipe, recipe, strlen(recipe), f->name, NULL, 0, &err));
    MUST(s2s_model_create(&f->model, f->recipe, vocabulary, vocabulary, S2S_PARAMS_TRAIN, &err));
    s2s_params_initialize(&f->model->params, 1);
}

void fixture_make_large(fixture *f) {
    static const char recipe[] =
        "data: {train: {source: none, target: none}, max_length: 200}\n"
        "encoder: {layers: 2, width: 64, heads: 4, kv_heads: 2, feed_forward: 150, activation: "
        "swiglu,\n"
        "          norm: pre, positions: relative, dropout: 0.1, attention_dropout: 0.1,\n"
        "          activation_dropout: 0.1}\n"
        "decoder: {norm: post, positions: learned, max_positions: 200, tie: all}\n"
        "search: {max_decoding_length: 100}\n"
        "train: {max_epochs: 1, optimizer: {type: adamw, weight_decay: 0.01, clip_norm: 1}}\n";
    static const batch_sizes sizes = {.vocabulary = 1500, .sequences = 24, .longest = 75};
    s2s_rng rng = s2s_rng_init(4, 4);
    *f = (fixture){.name = "large"};
    make_model(f, recipe, sizes.vocabulary);
    draw_stream(f->batch.stream + S2S_SOURCE, &rng, sizes);
    draw_stream(f->batch.stream + S2S_TARGET, &rng, sizes);
    f->batch.labels_n = f->batch.stream[S2S_TARGET].tokens;
    f->batch.labels = draw_ids(&rng, f->batch.labels_n, sizes);
}

/* Some rows of the encoder, in their order: each third one. */
static void choose_rows(s2s_batch *batch, int tokens) {
    batch->predicted = calloc((size_t)tokens, sizeof *batch->predicted);
    assert_non_null(batch->predicted);
    for (int row = 1; row < tokens; row += 3) batch->predicted[batch->labels_n++] = row;
}

void fixture_make_lone(fixture *f, const char *name, const char *recipe) {
    static const batch_sizes sizes = {.vocabulary = 23, .sequences = 4, .longest = 9},
                             none = {.vocabulary = 1, .sequences = 0, .longest = 1};
    s2s_rng rng = s2s_rng_init(5, 5);
    *f = (fixture){.name = name};
    make_model(f, recipe, sizes.vocabulary);
    bool encoder = f->model->shape->encoder;
    assert_true(encoder != f->model->shape->decoder);
    s2s_stream *stream = f->batch.stream + (encoder ? S2S_SOURCE : S2S_TARGET);
    draw_stream(stream, &rng, sizes);
    draw_stream(f->batch.stream + (encoder ? S2S_TARGET : S2S_SOURCE), &rng, none);
    if (encoder)
        choose_rows(&f->batch, stream->tokens);
    else
        f->batch.labels_n = stream->tokens;
    f->batch.labels = draw_ids(&rng, f->batch.labels_n, sizes);
}

/* --- passes --- */

static void rows_of(const s2s_batch *batch, int rows[S2S_ROWS_KINDS]) {
    rows[S2S_ROWS_SOURCE] = batch->stream[S2S_SOURCE].tokens;
    rows[S2S_ROWS_TARGET] = batch->stream[S2S_TARGET].tokens;
    rows[S2S_ROWS_PREDICTED] = batch->labels_n;
    rows[S2S_ROWS_SEQUENCES] = batch->stream[S2S_SOURCE].sequences;
}

static s2s_keep keep_of(const s2s_recipe *recipe) {
    s2s_recompute recompute = recipe->train.recompute;
    return recompute == S2S_RECOMPUTE_NONE    ? S2S_KEEP_ALL
           : recompute == S2S_RECOMPUTE_CHEAP ? S2S_KEEP_COSTLY
                                              : S2S_KEEP_MARKED;
}

/* What the output layer reads. */
static s2s_slot emit_states(s2s_plan *plan, const s2s_model *m) {
    s2s_slot memory = m->shape->encoder ? s2s_encoder_emit(plan, m) : S2S_NO_SLOT;
    if (m->shape->decoder) return s2s_decoder_emit(plan, m, memory);
    return s2s_head_emit(plan, m, s2s_gather_predicted(plan, memory));
}

void pass_create(pass *p, const fixture *f, bool training) {
    int rows[S2S_ROWS_KINDS];
    const s2s_model *m = f->model;
    rows_of(&f->batch, rows);
    *p = (pass){.logits = S2S_NO_SLOT};
    MUST(s2s_plan_create(&p->plan, &m->params, &err));
    if (training) {
        s2s_objective_emit(p->plan, m);
    } else {
        s2s_slot states = emit_states(p->plan, m);
        p->logits = s2s_linear(p->plan, states, m->output.weight, m->output.bias);
    }
    MUST(s2s_run_create(&p->run, p->plan, &m->params,
                        training ? keep_of(f->recipe) : S2S_KEEP_NOTHING, rows, &err));
    MUST(s2s_run_bind(p->run, &f->batch, 1, &err));
}

void pass_free(pass *p) {
    s2s_run_free(p->run);
    s2s_plan_free(p->plan);
}
