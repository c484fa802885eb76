/* A recipe as YAML, every default written out. The emitter is libyaml's; the schema gives the
 * events. */
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <yaml.h>

#include "recipe/path.h"
#include "recipe/schema.h"
#include "recipe/value.h"

typedef struct writer {
    yaml_emitter_t emitter;
    s2s_buf *yaml;
    s2s_err *err; /* filled when appending to `yaml` failed */
    s2s_buf text; /* of the scalar at hand */
    const s2s_recipe *recipe;
    const char *folder; /* where relative paths start; NULL: all are absolute */
    s2s_arena arena;
} writer;

static int take_bytes(void *self, unsigned char *bytes, size_t size) {
    writer *w = self;
    return s2s_buf_append(w->yaml, bytes, size, w->err) == S2S_OK;
}

/* Whether the event could be made and written. The only failure of either is memory. */
static s2s_status emit(writer *w, yaml_event_t *event, int made) {
    if (made && yaml_emitter_emit(&w->emitter, event)) return S2S_OK;
    return s2s_fail_memory(w->err, w->yaml->size);
}

static s2s_status begin_map(writer *w) {
    yaml_event_t event;
    return emit(
        w, &event,
        yaml_mapping_start_event_initialize(&event, NULL, NULL, 1, YAML_BLOCK_MAPPING_STYLE));
}

static s2s_status end_map(writer *w) {
    yaml_event_t event;
    return emit(w, &event, yaml_mapping_end_event_initialize(&event));
}

static s2s_status begin_list(writer *w, yaml_sequence_style_t style) {
    yaml_event_t event;
    return emit(w, &event, yaml_sequence_start_event_initialize(&event, NULL, NULL, 1, style));
}

static s2s_status end_list(writer *w) {
    yaml_event_t event;
    return emit(w, &event, yaml_sequence_end_event_initialize(&event));
}

static s2s_status put_scalar(writer *w, const char *text, bool quoted) {
    yaml_event_t event;
    int made = yaml_scalar_event_initialize(
        &event, NULL, NULL, (yaml_char_t *)(uintptr_t)text, (int)strlen(text), !quoted, quoted,
        quoted ? YAML_DOUBLE_QUOTED_SCALAR_STYLE : YAML_PLAIN_SCALAR_STYLE);
    return emit(w, &event, made);
}

/* Names and paths stand without quotes only where no reader of YAML could take them for something
 * else. */
static s2s_status put_string(writer *w, const char *text) {
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    static const char *const words[] = {"null", "true", "false", "yes", "no",
                                        "on",   "off",  "y",     "n"};
    if (!text) return put_scalar(w, "null", false);
    bool quoted = *text != '/' && !strchr(letters, *text);
    quoted |= text[strspn(text, "0123456789_-./abcdefghijklmnopqrstuvwxyz"
                                "ABCDEFGHIJKLMNOPQRSTUVWXYZ")] != '\0';
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        quoted |= strcasecmp(text, words[i]) == 0;
    return put_scalar(w, text, quoted);
}

static s2s_status put_path(writer *w, const char *path) {
    bool absolute = !path || !w->folder;
    for (const s2s_path_list *p = w->recipe->given_absolute; p; p = p->next)
        absolute |= p->path == path;
    if (absolute) return put_string(w, path);
    char *relative, *back;
    S2S_TRY(s2s_path_relative(&relative, w->folder, path, &w->arena, w->err));
    S2S_TRY(s2s_path_absolute(&back, w->folder, relative, &w->arena, w->err));
    return put_string(w, strcmp(back, path) ? path : relative); /* to be read as the same path */
}

static s2s_status put_value(writer *w, const s2s_key *key, const void *owner, int index) {
    if (key->type == S2S_KEY_STRING || key->type == S2S_KEY_PATH) {
        const char *text;
        memcpy(&text, (const char *)owner + key->offset, sizeof text);
        return key->type == S2S_KEY_PATH ? put_path(w, text) : put_string(w, text);
    }
    if (key->type == S2S_KEY_LIST)
        return put_value(w, key->item, s2s_value_item(key, owner, index), 0);
    w->text.size = 0;
    S2S_TRY(s2s_value_print(key, owner, index, &w->text, w->err));
    return put_scalar(w, w->text.data, false);
}

/* As few marks as will do: a list of one stands without brackets where it may. */
static s2s_status put_values(writer *w, const s2s_key *key, const void *owner) {
    bool one = key->flags & S2S_KEY_OR_ONE && s2s_value_count(key, owner) == 1;
    if (one || !s2s_key_is_list(key)) return put_value(w, key, owner, 0);
    S2S_TRY(begin_list(w, YAML_FLOW_SEQUENCE_STYLE));
    for (int i = 0; i < s2s_value_count(key, owner); i++) S2S_TRY(put_value(w, key, owner, i));
    return end_list(w);
}

/* --- corpora --- */

/* The keys of a corpus' form alone: those of the other forms are 0 or NULL. */
static bool belongs(const s2s_key *key, const s2s_corpus *corpus) {
    const char *field = (const char *)corpus + key->offset;
    if (key->type == S2S_KEY_LIST) return s2s_value_count(key, corpus) > 0;
    if (key->type == S2S_KEY_INT) return *(const int64_t *)(const void *)field != 0;
    if (key->type == S2S_KEY_REAL) return true;
    return *(const char *const *)(const void *)field != NULL;
}

static s2s_status put_corpus(writer *w, const s2s_section *section, const s2s_corpus *corpus) {
    S2S_TRY(begin_map(w));
    for (int i = 0; i < section->n; i++) {
        const s2s_key *key = &section->keys[i];
        if (!belongs(key, corpus)) continue;
        S2S_TRY(put_scalar(w, key->name, false));
        S2S_TRY(put_values(w, key, corpus));
    }
    return end_map(w);
}

static s2s_status put_corpora(writer *w, const s2s_key *key, const s2s_corpora *corpora) {
    if (!corpora->n) return put_scalar(w, "null", false);
    if (key->type == S2S_KEY_CORPORA && corpora->n == 1)
        return put_corpus(w, key->section, &corpora->items[0]);
    bool named = key->type == S2S_KEY_TESTS;
    S2S_TRY(named ? begin_map(w) : begin_list(w, YAML_BLOCK_SEQUENCE_STYLE));
    for (int i = 0; i < corpora->n; i++) {
        if (named) S2S_TRY(put_string(w, corpora->items[i].name));
        S2S_TRY(put_corpus(w, key->section, &corpora->items[i]));
    }
    return named ? end_map(w) : end_list(w);
}

/* --- sections --- */

/* A family without encoder or decoder is told by that section's absence. */
static bool is_absent(const s2s_key *key, const s2s_recipe *recipe, const void *field) {
    return (field == &recipe->encoder && !recipe->encoder.present) ||
           (field == &recipe->decoder && !recipe->decoder.present) || key->type == S2S_KEY_BASE;
}

static s2s_status put_section(writer *w, const s2s_section *section, const void *owner,
                              const s2s_recipe *recipe) {
    S2S_TRY(begin_map(w));
    for (int i = 0; i < section->n; i++) {
        const s2s_key *key = &section->keys[i];
        const char *field = (const char *)owner + key->offset;
        if (is_absent(key, recipe, field)) continue;
        S2S_TRY(put_scalar(w, key->name, false));
        if (key->type == S2S_KEY_SECTION)
            S2S_TRY(put_section(w, key->section, field, recipe));
        else if (key->type == S2S_KEY_CORPORA || key->type == S2S_KEY_TESTS)
            S2S_TRY(put_corpora(w, key, (const s2s_corpora *)(const void *)field));
        else
            S2S_TRY(put_values(w, key, owner));
    }
    return end_map(w);
}

static s2s_status put_document(writer *w, const s2s_recipe *recipe) {
    yaml_event_t event;
    S2S_TRY(emit(w, &event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING)));
    S2S_TRY(emit(w, &event, yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1)));
    S2S_TRY(put_section(w, &s2s_schema, recipe, recipe));
    S2S_TRY(emit(w, &event, yaml_document_end_event_initialize(&event, 0)));
    return emit(w, &event, yaml_stream_end_event_initialize(&event));
}

/* `folder` as in the writer. */
static s2s_status write_recipe(const s2s_recipe *recipe, const char *folder, s2s_buf *yaml,
                               s2s_err *err) {
    writer w = {.yaml = yaml, .err = err, .recipe = recipe, .folder = folder};
    S2S_TRY(s2s_buf_append(yaml, S2S_RESOLVED_BEGIN, strlen(S2S_RESOLVED_BEGIN), err));
    if (!yaml_emitter_initialize(&w.emitter)) return s2s_fail_memory(err, sizeof w.emitter);
    yaml_emitter_set_output(&w.emitter, take_bytes, &w);
    yaml_emitter_set_unicode(&w.emitter, 1);
    yaml_emitter_set_width(&w.emitter, -1); /* no line breaks within values */
    s2s_status status = put_document(&w, recipe);
    yaml_emitter_delete(&w.emitter);
    s2s_buf_release(&w.text);
    s2s_arena_release(&w.arena);
    return status;
}

s2s_status s2s_recipe_write(const s2s_recipe *recipe, s2s_buf *yaml, s2s_err *err) {
    return write_recipe(recipe, NULL, yaml, err);
}

s2s_status s2s_recipe_write_in(const s2s_recipe *recipe, const char *folder, s2s_buf *yaml,
                               s2s_err *err) {
    s2s_arena arena = {0};
    char *real;
    s2s_status status = s2s_path_real(&real, folder, &arena, err);
    if (status == S2S_OK && !real) status = s2s_fail_errno(err, "write a recipe into", folder);
    if (status == S2S_OK) status = write_recipe(recipe, real, yaml, err);
    s2s_arena_release(&arena);
    return status;
}
