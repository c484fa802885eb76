/* Loading a suite: what the schema cannot tell is worked out and checked here. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "model/folder.h"
#include "recipe/draft.h"
#include "recipe/path.h"
#include "recipe/value.h"
#include "suite/suite.h"

enum { LONGEST_NAME = 100 }; /* bytes */

typedef struct path {
    char text[LONGEST_NAME + 100];
} path;

static path join(const char *section, const char *name, const char *key) {
    path p;
    snprintf(p.text, sizeof p.text, "%s.%s%s%s", section, name, key ? "." : "", key ? key : "");
    return p;
}

/* --- names and places --- */

/* Names stand in messages and in tables. */
static s2s_status check_names(s2s_draft *draft, const char *section, const s2s_list *list,
                              size_t size, s2s_err *err) {
    for (int i = 0; i < list->n; i++) {
        const char *name; /* what items begin with */
        memcpy(&name, (const char *)list->items + (size_t)i * size, sizeof name);
        if (strlen(name) <= LONGEST_NAME) continue;
        const char *key = s2s_draft_join(draft, section, name, err);
        if (!key) return S2S_MEMORY;
        return s2s_draft_fail(draft, err, key, NULL,
                              "this name has %zu bytes, and at most %d are possible; give a "
                              "shorter one",
                              strlen(name), (int)LONGEST_NAME);
    }
    return S2S_OK;
}

/* "FILE:LINE:COLUMN" of what `key` names; NULL: no memory. */
static const char *place_of(s2s_draft *draft, const char *key, s2s_err *err) {
    s2s_buf text = {0};
    const s2s_node *node = s2s_draft_given(draft, key);
    s2s_status status = s2s_buf_printf(&text, err, "%s", draft->path);
    if (status == S2S_OK && node)
        status = s2s_buf_printf(&text, err, ":%d:%d", node->line, node->column);
    const char *place = NULL;
    if (status == S2S_OK) place = s2s_arena_strndup(draft->values, text.data, text.size, err);
    s2s_buf_release(&text);
    return place;
}

/* --- what is there --- */

static s2s_status check_file(const s2s_draft *draft, const char *key, const char *file,
                             s2s_err *err) {
    if (access(file, R_OK) == 0) return S2S_OK;
    return s2s_draft_fail(draft, err, key, NULL, "cannot read %s: %s", file, strerror(errno));
}

static s2s_status check_files(const s2s_draft *draft, const char *key, const s2s_list *files,
                              s2s_err *err) {
    for (int i = 0; i < files->n; i++)
        S2S_TRY(check_file(draft, key, ((const char *const *)files->items)[i], err));
    return S2S_OK;
}

static s2s_status check_model(s2s_draft *draft, const s2s_suite_model *model, s2s_err *err) {
    path key = join("models", model->name, "folder");
    if (!model->folder)
        return s2s_draft_fail(draft, err, key.text, NULL, "is missing; give a model's folder");
    const char *weights = s2s_path_join(&draft->nodes, model->folder, S2S_WEIGHTS_FILE, err);
    if (!weights) return S2S_MEMORY;
    if (access(weights, R_OK) == 0) return S2S_OK;
    return s2s_draft_fail(draft, err, key.text, NULL, "%s is no folder of a trained model: %s: %s",
                          model->folder, S2S_WEIGHTS_FILE, strerror(errno));
}

/* --- test sets: one form, complete --- */

static s2s_status list_of_one(s2s_list *list, const void *value, size_t size, s2s_arena *arena,
                              s2s_err *err) {
    if (list->n) return S2S_OK;
    list->items = s2s_arena_alloc(arena, size, err);
    if (!list->items) return S2S_MEMORY;
    memcpy(list->items, value, size);
    list->n = 1;
    return S2S_OK;
}

static s2s_status check_form(const s2s_draft *draft, const s2s_suite_test *t, const char *at,
                             s2s_err *err) {
    bool lines = t->source || t->references.n;
    if (lines + (t->tsv != NULL) + (t->json != NULL) > 1)
        return s2s_draft_fail(
            draft, err, at, NULL,
            "a test set is either `source` and `references`, or `tsv`, or `json`");
    if (!t->tsv && (t->source_column || t->reference_columns.n))
        return s2s_draft_fail(draft, err, at, NULL, "columns need a `tsv` file");
    if (!t->json && (t->source_field || t->reference_fields.n))
        return s2s_draft_fail(draft, err, at, NULL, "fields need a `json` file");
    if (t->tsv || t->json) return S2S_OK;
    if (t->source && t->references.n) return S2S_OK;
    return s2s_draft_fail(draft, err, at, NULL,
                          t->source         ? "`references` is missing: what to compare with"
                          : t->references.n ? "`source` is missing: what to translate"
                                            : "no files; give `source` and `references`, or `tsv`, "
                                              "or `json`");
}

static s2s_status resolve_test(s2s_draft *draft, s2s_suite_test *t, s2s_err *err) {
    static const int64_t second = 2;
    static const char *const target = "target";
    path at = join("tests", t->name, NULL);
    t->place = place_of(draft, at.text, err);
    if (!t->place) return S2S_MEMORY;
    S2S_TRY(check_form(draft, t, at.text, err));
    if (t->tsv) {
        if (!t->source_column) t->source_column = 1;
        S2S_TRY(check_file(draft, join("tests", t->name, "tsv").text, t->tsv, err));
        return list_of_one(&t->reference_columns, &second, sizeof second, draft->values, err);
    }
    if (t->json) {
        if (!t->source_field) t->source_field = "source";
        S2S_TRY(check_file(draft, join("tests", t->name, "json").text, t->json, err));
        return list_of_one(&t->reference_fields, &target, sizeof target, draft->values, err);
    }
    S2S_TRY(check_file(draft, join("tests", t->name, "source").text, t->source, err));
    return check_files(draft, join("tests", t->name, "references").text, &t->references, err);
}

/* --- searches: what was given, as --set has it --- */

/* Text between quotes, as YAML reads it back. */
static s2s_status put_quoted(const char *text, s2s_buf *yaml, s2s_err *err) {
    S2S_TRY(s2s_buf_append(yaml, "\"", 1, err));
    for (; *text; text++) {
        bool control = (unsigned char)*text < ' ';
        if (control)
            S2S_TRY(s2s_buf_printf(yaml, err, "\\x%02x", (unsigned)*text));
        else
            S2S_TRY(s2s_buf_printf(yaml, err, "%s%c", strchr("\"\\", *text) ? "\\" : "", *text));
    }
    return s2s_buf_append(yaml, "\"", 1, err);
}

static s2s_status put_value(const s2s_key *key, const void *owner, s2s_buf *yaml, s2s_err *err) {
    const char *field = (const char *)owner + key->offset;
    s2s_key_type type = key->type == S2S_KEY_LIST ? key->item->type : key->type;
    bool is_text = type == S2S_KEY_STRING || type == S2S_KEY_PATH, list = s2s_key_is_list(key);
    if (is_text && !list && !*(const char *const *)(const void *)field)
        return s2s_buf_append(yaml, "null", 4, err);
    if (list) S2S_TRY(s2s_buf_append(yaml, "[", 1, err));
    for (int i = 0; i < s2s_value_count(key, owner); i++) {
        s2s_buf item = {0};
        s2s_status status = s2s_value_print(key, owner, i, &item, err);
        if (status == S2S_OK && i) status = s2s_buf_append(yaml, ", ", 2, err);
        if (status == S2S_OK)
            status = is_text ? put_quoted(item.data, yaml, err)
                             : s2s_buf_append(yaml, item.data, item.size, err);
        s2s_buf_release(&item);
        S2S_TRY(status);
    }
    return list ? s2s_buf_append(yaml, "]", 1, err) : S2S_OK;
}

static s2s_status add_set(s2s_draft *draft, s2s_suite_search *search, const s2s_key *key,
                          s2s_err *err) {
    s2s_buf text = {0};
    s2s_status status = s2s_buf_printf(&text, err, "search.%s=", key->name);
    if (status == S2S_OK) status = put_value(key, &search->recipe, &text, err);
    char *kept = NULL;
    if (status == S2S_OK) {
        kept = s2s_arena_strndup(draft->values, text.data, text.size, err);
        status = kept ? S2S_OK : S2S_MEMORY;
    }
    s2s_buf_release(&text);
    if (kept) search->sets[search->sets_n++] = kept;
    return status;
}

static s2s_status resolve_search(s2s_draft *draft, s2s_suite_search *search, s2s_err *err) {
    size_t room = (size_t)s2s_search_schema.n * sizeof *search->sets;
    search->sets = s2s_arena_alloc(draft->values, room, err);
    search->place = place_of(draft, join("searches", search->name, NULL).text, err);
    if (!search->sets || !search->place) return S2S_MEMORY;
    for (int i = 0; i < s2s_search_schema.n; i++) {
        const s2s_key *key = &s2s_search_schema.keys[i];
        path at = join("searches", search->name, key->name);
        if (s2s_draft_given(draft, at.text)) S2S_TRY(add_set(draft, search, key, err));
    }
    if (search->recipe.n_best > 1)
        return s2s_draft_fail(draft, err, join("searches", search->name, "n_best").text, NULL,
                              "a suite scores one output a line; leave it out");
    return S2S_OK;
}

/* A suite without searches has one: what each model's recipe says. */
static s2s_status add_own_search(s2s_draft *draft, s2s_suite *suite, s2s_err *err) {
    if (suite->searches.n) return S2S_OK;
    s2s_suite_search *own = s2s_arena_alloc(&suite->arena, sizeof *own, err);
    if (!own) return S2S_MEMORY;
    own->name = "own";
    own->place = place_of(draft, "searches", err);
    if (!own->place) return S2S_MEMORY;
    suite->searches = (s2s_list){own, 1};
    return S2S_OK;
}

/* --- baseline --- */

/* The index of `name` in a list whose items begin with their names. */
static s2s_status find_name(const s2s_draft *draft, const s2s_list *list, size_t size,
                            const char *name, const char *key, int *index, s2s_err *err) {
    *index = -1;
    if (!name) return S2S_OK;
    const char **names = calloc((size_t)list->n + 1, sizeof *names);
    if (!names) return s2s_fail_memory(err, (size_t)list->n * sizeof *names);
    for (int i = 0; i < list->n; i++) {
        memcpy(&names[i], (const char *)list->items + (size_t)i * size, sizeof *names);
        if (strcmp(names[i], name) == 0) *index = i;
    }
    s2s_status status = S2S_OK;
    if (*index < 0) {
        const char *nearest = s2s_nearest_name(names, name);
        status = s2s_draft_fail(draft, err, key, NULL, "the suite has no \"%s\"; did you mean %s?",
                                s2s_quote(name).text, nearest ? nearest : names[0]);
    }
    free(names);
    return status;
}

static s2s_status resolve_baseline(const s2s_draft *draft, s2s_suite *suite, s2s_err *err) {
    s2s_suite_baseline *b = &suite->baseline;
    S2S_TRY(find_name(draft, &suite->models, sizeof(s2s_suite_model), b->model_name,
                      "baseline.model", &b->model, err));
    return find_name(draft, &suite->searches, sizeof(s2s_suite_search), b->search_name,
                     "baseline.search", &b->search, err);
}

/* --- all of it --- */

static s2s_status resolve_names(s2s_draft *draft, s2s_suite *suite, s2s_err *err) {
    char *stem = s2s_path_stem(draft->path, &suite->arena, err);
    if (!stem) return S2S_MEMORY;
    if (!suite->name) suite->name = stem;
    suite->folder = s2s_arena_strndup(&suite->arena, draft->folder, strlen(draft->folder), err);
    if (!suite->folder) return S2S_MEMORY;
    if (suite->results) return S2S_OK;
    size_t size = strlen(stem) + sizeof ".results";
    char *folder = s2s_arena_alloc(&suite->arena, size, err);
    if (!folder) return S2S_MEMORY;
    snprintf(folder, size, "%s.results", stem);
    suite->results = s2s_path_join(&suite->arena, draft->folder, folder, err);
    return suite->results ? S2S_OK : S2S_MEMORY;
}

static s2s_status check_metrics(const s2s_draft *draft, s2s_suite *suite, s2s_err *err) {
    if (!suite->metrics_n)
        return s2s_draft_fail(draft, err, "metrics", NULL, "is empty; name at least one");
    /* The schema's list of names leaves out the loss, which comes first. */
    for (int i = 0; i < suite->metrics_n; i++) suite->metrics[i] += S2S_METRIC_LOSS + 1;
    for (int i = 0; i < suite->metrics_n; i++) {
        s2s_err own = {0};
        s2s_metric *metric; /* to see whether it can be made so */
        s2s_status status =
            s2s_metric_create(&metric, (s2s_metric_type)suite->metrics[i], &suite->scoring, &own);
        if (status == S2S_MEMORY) return s2s_fail(err, status, "%s", own.message);
        if (status != S2S_OK)
            return s2s_draft_fail(draft, err, "scoring", "metrics", "%s", own.message);
        s2s_metric_free(metric);
    }
    return S2S_OK;
}

static s2s_status resolve(s2s_draft *draft, s2s_suite *suite, s2s_err *err) {
    S2S_TRY(resolve_names(draft, suite, err));
    S2S_TRY(check_metrics(draft, suite, err));
    if (!suite->models.n)
        return s2s_draft_fail(draft, err, "models", NULL, "is missing; name at least one");
    if (!suite->tests.n)
        return s2s_draft_fail(draft, err, "tests", NULL, "is missing; name at least one");
    S2S_TRY(check_names(draft, "models", &suite->models, sizeof(s2s_suite_model), err));
    S2S_TRY(check_names(draft, "tests", &suite->tests, sizeof(s2s_suite_test), err));
    S2S_TRY(check_names(draft, "searches", &suite->searches, sizeof(s2s_suite_search), err));
    for (int i = 0; i < suite->models.n; i++)
        S2S_TRY(check_model(draft, s2s_suite_model_at(suite, i), err));
    for (int i = 0; i < suite->tests.n; i++)
        S2S_TRY(resolve_test(draft, (s2s_suite_test *)suite->tests.items + i, err));
    for (int i = 0; i < suite->searches.n; i++)
        S2S_TRY(resolve_search(draft, (s2s_suite_search *)suite->searches.items + i, err));
    S2S_TRY(add_own_search(draft, suite, err));
    return resolve_baseline(draft, suite, err);
}

s2s_status s2s_suite_load(s2s_suite **loaded, const char *file, s2s_err *err) {
    *loaded = NULL;
    s2s_suite *suite = calloc(1, sizeof *suite);
    if (!suite) return s2s_fail_memory(err, sizeof *suite);
    s2s_draft draft = {.schema = &s2s_suite_schema, .values = &suite->arena};
    s2s_status status = s2s_draft_load(&draft, suite, file, "suite", err);
    if (status == S2S_OK) status = resolve(&draft, suite, err);
    s2s_draft_release(&draft);
    if (status == S2S_OK)
        *loaded = suite;
    else
        s2s_suite_free(suite);
    return status;
}

void s2s_suite_free(s2s_suite *suite) {
    if (!suite) return;
    s2s_arena_release(&suite->arena);
    free(suite);
}
