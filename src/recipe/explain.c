/* The schema for people: `s2s recipe --explain`, and the reference page docs/recipe.md. */
#include <stdio.h>
#include <string.h>

#include "recipe/schema.h"
#include "recipe/value.h"

/* What a key is when it is left out: "8", "0 (4 times `width`)", "that of encoder.layers"; nothing
 * when the question has no sense. */
static s2s_status put_default(const s2s_key *key, const char *inherits, s2s_buf *text,
                              s2s_err *err) {
    if (inherits && !(key->flags & S2S_KEY_OWN)) {
        char other[128];
        snprintf(other, sizeof other, "%s.%s", inherits, key->name);
        if (s2s_schema_walk(other)) return s2s_buf_printf(text, err, "that of %s", other);
    }
    if (key->initial && key->note)
        return s2s_buf_printf(text, err, "%s (%s)", key->initial, key->note);
    const char *words = key->initial ? key->initial : key->note ? key->note : "none";
    return s2s_buf_append(text, words, strlen(words), err);
}

/* "a whole number, at least 1" */
static s2s_status put_type(const s2s_key *key, s2s_buf *text, s2s_err *err) {
    S2S_TRY(s2s_key_describe(key, text, err));
    size_t size = text->size;
    S2S_TRY(s2s_buf_append(text, ", ", 2, err));
    S2S_TRY(s2s_key_range(key, text, err));
    if (text->size == size + 2) text->data[text->size = size] = '\0'; /* no range: no comma */
    return S2S_OK;
}

/* What `path` inherits from where it stands: the `inherits` of the key above it. */
static const char *inherited_by(const char *path) {
    const char *dot = strrchr(path, '.');
    if (!dot) return NULL;
    char above[128];
    snprintf(above, sizeof above, "%.*s", (int)(dot - path), path);
    const s2s_key *key = s2s_schema_walk(above);
    return key ? key->inherits : NULL;
}

/* --- explain --- */

static s2s_status explain_key(const s2s_key *key, const char *path, s2s_buf *text, s2s_err *err) {
    S2S_TRY(s2s_buf_printf(text, err, "%s\n    ", path));
    S2S_TRY(put_type(key, text, err));
    if (key->type != S2S_KEY_SECTION) {
        S2S_TRY(s2s_buf_printf(text, err, "; default: "));
        S2S_TRY(put_default(key, inherited_by(path), text, err));
    }
    return s2s_buf_printf(text, err, "\n    %s\n", key->help);
}

static s2s_status explain_section(const s2s_section *section, const char *prefix, s2s_buf *text,
                                  s2s_err *err) {
    for (int i = 0; i < section->n; i++) {
        const s2s_key *key = &section->keys[i];
        char path[128];
        snprintf(path, sizeof path, "%s%s%s", prefix, *prefix ? "." : "", key->name);
        S2S_TRY(explain_key(key, path, text, err));
        if (key->section) S2S_TRY(explain_section(key->section, path, text, err));
    }
    return S2S_OK;
}

/* The path up to its first unknown part says what could have been meant. */
static s2s_status fail_unknown(const char *path, s2s_err *err) {
    const s2s_section *section = &s2s_schema;
    const char *part = path;
    char prefix[128] = "", name[128], nearest[128];
    for (;;) {
        snprintf(name, sizeof name, "%.*s", (int)strcspn(part, "."), part);
        const s2s_key *key = s2s_schema_find(section, name, strlen(name));
        if (!key || !key->section || !strchr(part, '.')) break;
        section = key->section;
        part += strlen(name) + 1;
        snprintf(prefix, sizeof prefix, "%.*s", (int)(part - 1 - path), path);
    }
    if (s2s_schema_nearest(&s2s_schema, section, prefix, name, nearest))
        return s2s_fail(err, S2S_USAGE, "%s: unknown key; did you mean %s?", s2s_quote(path).text,
                        nearest);
    return s2s_fail(err, S2S_USAGE, "%s: unknown key; without a key, all are explained",
                    s2s_quote(path).text);
}

s2s_status s2s_recipe_explain(const char *path, s2s_buf *text, s2s_err *err) {
    if (!path) return explain_section(&s2s_schema, "", text, err);
    const s2s_key *key = s2s_schema_walk(path);
    if (!key) return fail_unknown(path, err);
    S2S_TRY(explain_key(key, path, text, err));
    return key->section ? explain_section(key->section, path, text, err) : S2S_OK;
}

/* --- reference page --- */

static const char introduction[] =
    "# Recipes\n"
    "\n"
    "<!-- Made from the schema table in src/recipe/schema.c. Do not edit: change the table and "
    "make\n"
    "this page again: s2s recipe reference >docs/recipe.md "
    "-->\n"
    "\n"
    "A recipe is a YAML file that says everything about a model and its training. Only what "
    "differs\n"
    "from the defaults needs to be given. `s2s recipe --explain KEY` tells the same as this page;\n"
    "`s2s recipe resolve FILE` writes a recipe with every default.\n"
    "\n"
    "- Relative paths are seen from the folder of the file in which they stand; with `--set`, from "
    "the\n"
    "  working folder. Every text file may be compressed with gzip.\n"
    "- `base: other.yaml` starts from another recipe. Sections merge key by key, and so does a "
    "single\n"
    "  corpus; lists are replaced; `null` takes a path back. `name` and `output` are not "
    "inherited.\n"
    "- `--set train.max_steps=1000` on the command line wins over the file. One corpus of a list "
    "is\n"
    "  named by its index, counted from 0: `--set data.train.0.weight=2`.\n"
    "- Numbers are written plainly (`4096`, `0.1`, `5e-4`), truth values as `true` and `false`.\n"
    "- An unknown, misspelt, mistyped or contradictory key is an error that names its place.\n";

/* A cell of a table must not hold its separator; none of the schema's texts does. */
static s2s_status put_row(const s2s_key *key, const char *inherits, s2s_buf *text, s2s_err *err) {
    S2S_TRY(s2s_buf_printf(text, err, "| `%s` | ", key->name));
    if (key->type == S2S_KEY_SECTION)
        S2S_TRY(s2s_buf_printf(text, err, "a section"));
    else
        S2S_TRY(put_type(key, text, err));
    S2S_TRY(s2s_buf_printf(text, err, " | "));
    if (key->type != S2S_KEY_SECTION) S2S_TRY(put_default(key, inherits, text, err));
    return s2s_buf_printf(text, err, " | %s |\n", key->help);
}

static s2s_status put_table(const s2s_section *section, const char *path, const char *help,
                            const char *inherits, s2s_buf *text, s2s_err *err) {
    S2S_TRY(s2s_buf_printf(text, err, "\n## %s\n\n%s\n\n", *path ? path : "The top level", help));
    S2S_TRY(s2s_buf_printf(text, err, "| key | holds | default | meaning |\n|---|---|---|---|\n"));
    for (int i = 0; i < section->n; i++) S2S_TRY(put_row(&section->keys[i], inherits, text, err));
    for (int i = 0; i < section->n; i++) {
        const s2s_key *key = &section->keys[i];
        if (!key->section) continue;
        char below[128];
        snprintf(below, sizeof below, "%s%s%s%s", path, *path ? "." : "", key->name,
                 key->type == S2S_KEY_TESTS || key->type == S2S_KEY_NAMED ? ".NAME" : "");
        S2S_TRY(put_table(key->section, below, key->help, key->inherits, text, err));
    }
    return S2S_OK;
}

s2s_status s2s_recipe_reference(s2s_buf *markdown, s2s_err *err) {
    S2S_TRY(s2s_buf_append(markdown, introduction, strlen(introduction), err));
    return put_table(&s2s_schema, "",
                     "Only `encoder` and `decoder` must be there, and `data` to train.", NULL,
                     markdown, err);
}
