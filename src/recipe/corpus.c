/* Corpora in recipes: one mapping, a list of them, or (test sets) a mapping of names to them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recipe/draft.h"
#include "recipe/value.h"

/* --- binding --- */

/* Makes room for one more corpus, with the defaults of its keys. */
static s2s_status add_corpus(s2s_draft *draft, const s2s_key *key, s2s_corpora *corpora,
                             s2s_err *err) {
    s2s_arena *arena = draft->values;
    if ((corpora->n & (corpora->n - 1)) == 0) { /* full: room comes in powers of two */
        size_t room = corpora->n ? 2 * (size_t)corpora->n : 1;
        s2s_corpus *items = s2s_arena_alloc(arena, room * sizeof *items, err);
        if (!items) return S2S_MEMORY;
        if (corpora->n) memcpy(items, corpora->items, (size_t)corpora->n * sizeof *items);
        corpora->items = items;
    }
    s2s_corpus *corpus = &corpora->items[corpora->n++];
    corpus->weight = 1; /* held-out corpora have no such key: each example counts once */
    return s2s_section_set_initial(key->section, corpus, arena, err);
}

/* Drops what an earlier layer gave. */
static void clear(s2s_draft *draft, s2s_corpora *corpora, const char *prefix) {
    *corpora = (s2s_corpora){0};
    s2s_draft_forget(draft, prefix, false);
}

static s2s_status bind_corpus(s2s_draft *draft, const s2s_key *key, s2s_corpus *corpus,
                              const char *path, const s2s_node *node, s2s_err *err) {
    if (node->kind != S2S_NODE_MAP)
        return s2s_fail_at(err, node,
                           "%s: expected a corpus such as {source: a.en, target: a.de}, {tsv: "
                           "a.tsv} or {json: a.jsonl}",
                           path);
    S2S_TRY(s2s_bind_section(draft, key->section, corpus, path, node, err));
    return s2s_draft_note(draft, path, node, err);
}

static s2s_status bind_list(s2s_draft *draft, const s2s_key *key, s2s_corpora *corpora,
                            const char *prefix, const s2s_node *node, s2s_err *err) {
    clear(draft, corpora, prefix);
    for (const s2s_entry *item = node->first; item; item = item->next) {
        char index[16];
        snprintf(index, sizeof index, "%d", corpora->n);
        const char *path = s2s_draft_join(draft, prefix, index, err);
        if (!path) return S2S_MEMORY;
        S2S_TRY(add_corpus(draft, key, corpora, err));
        S2S_TRY(bind_corpus(draft, key, &corpora->items[corpora->n - 1], path, item->value, err));
    }
    return S2S_OK;
}

/* --set data.train.INDEX.KEY=VALUE */
static s2s_status bind_index(s2s_draft *draft, const s2s_key *key, s2s_corpora *corpora,
                             const char *prefix, const s2s_entry *entry, s2s_err *err) {
    const char *index = entry->key->text;
    long item = strlen(index) < 9 ? strtol(index, NULL, 10) : corpora->n;
    if (item >= corpora->n)
        return s2s_fail_at(err, entry->key, "%s.%.20s: there are %d corpora, counted from 0",
                           prefix, index, corpora->n);
    const char *path = s2s_draft_join(draft, prefix, index, err);
    if (!path) return S2S_MEMORY;
    return bind_corpus(draft, key, &corpora->items[item], path, entry->value, err);
}

static bool is_index(const s2s_node *map) {
    const s2s_entry *entry = map->first;
    return !map->origin->is_file && map->n == 1 && *entry->key->text &&
           entry->key->text[strspn(entry->key->text, "0123456789")] == '\0';
}

/* A single corpus: over one that was given so before, or by --set, it only changes the keys it has.
 */
static s2s_status bind_single(s2s_draft *draft, const s2s_key *key, s2s_corpora *corpora,
                              const char *prefix, const s2s_node *node, s2s_err *err) {
    if (is_index(node)) return bind_index(draft, key, corpora, prefix, node->first, err);
    const s2s_node *before = s2s_draft_given(draft, prefix);
    bool from_set = !node->origin->is_file;
    if (from_set && corpora->n > 1)
        return s2s_fail_at(err, node, "%s: there are %d corpora; say which, as in %s.0.%.60s",
                           prefix, corpora->n, prefix, node->n ? node->first->key->text : "source");
    bool over = corpora->n == 1 && (from_set || before->kind == S2S_NODE_MAP);
    if (!over) {
        clear(draft, corpora, prefix);
        S2S_TRY(add_corpus(draft, key, corpora, err));
    }
    return bind_corpus(draft, key, &corpora->items[0], prefix, node, err);
}

/* A scalar where a test set should be: probably the corpus without a name. */
static s2s_status fail_no_test_name(const s2s_key *key, const char *prefix, const s2s_entry *entry,
                                    s2s_err *err) {
    const char *name = entry->key->text;
    bool is_key = s2s_schema_find(key->section, name, strlen(name)) != NULL;
    return s2s_fail_at(err, entry->key, "%s.%.60s: expected a corpus%s", prefix, name,
                       is_key ? "; a test set has a name, as in test: {NAME: {tsv: a.tsv}}" : "");
}

static s2s_status bind_tests(s2s_draft *draft, const s2s_key *key, s2s_corpora *corpora,
                             const char *prefix, const s2s_node *node, s2s_err *err) {
    for (const s2s_entry *entry = node->first; entry; entry = entry->next) {
        const char *name = entry->key->text;
        if (entry->value->kind != S2S_NODE_MAP) return fail_no_test_name(key, prefix, entry, err);
        const char *path = s2s_draft_join(draft, prefix, name, err);
        if (!path) return S2S_MEMORY;
        int at = 0;
        while (at < corpora->n && strcmp(corpora->items[at].name, name) != 0) at++;
        if (at == corpora->n) {
            S2S_TRY(add_corpus(draft, key, corpora, err));
            corpora->items[at].name = s2s_arena_strndup(draft->values, name, strlen(name), err);
            if (!corpora->items[at].name) return S2S_MEMORY;
        }
        S2S_TRY(bind_corpus(draft, key, &corpora->items[at], path, entry->value, err));
    }
    return S2S_OK;
}

s2s_status s2s_bind_corpora(s2s_draft *draft, const s2s_key *key, s2s_corpora *corpora,
                            const char *prefix, const s2s_node *node, s2s_err *err) {
    if (s2s_node_is_null(node)) {
        clear(draft, corpora, prefix);
        return S2S_OK;
    }
    if (key->type == S2S_KEY_TESTS && node->kind == S2S_NODE_MAP)
        return bind_tests(draft, key, corpora, prefix, node, err);
    if (key->type == S2S_KEY_TESTS)
        return s2s_fail_at(err, node, "%s: expected names of test sets, each with a corpus",
                           prefix);
    if (node->kind == S2S_NODE_LIST) return bind_list(draft, key, corpora, prefix, node, err);
    if (node->kind == S2S_NODE_MAP) return bind_single(draft, key, corpora, prefix, node, err);
    return bind_corpus(draft, key, NULL, prefix, node, err); /* a scalar: tells what is expected */
}

/* --- resolving: one form, complete --- */

static bool wants_targets(const s2s_draft *draft) {
    return s2s_objective_shape_of(draft->recipe->objective.type)->targets;
}

static s2s_status resolve_lines(const s2s_draft *draft, const s2s_corpus *corpus, const char *path,
                                s2s_err *err) {
    if (corpus->source && !wants_targets(draft)) return S2S_OK;
    if (!corpus->source && !corpus->target)
        return s2s_draft_fail(draft, err, path, NULL,
                              wants_targets(draft)
                                  ? "no files; give `source` and `target`, or `tsv`, or `json`"
                                  : "no files; give `text`, or `source`, or `tsv`, or `json`");
    if (!corpus->source || !corpus->target)
        return s2s_draft_fail(draft, err, path, NULL, "`%s` is missing beside `%s`",
                              corpus->source ? "target" : "source",
                              corpus->source ? "source" : "target");
    return S2S_OK;
}

/* One for an example to learn from: with several right targets it would not say which of them to learn. */
static s2s_status check_targets(const s2s_draft *draft, const s2s_corpus *c, const char *path,
                                s2s_err *err) {
    const s2s_corpora *train = &draft->recipe->data.train;
    const char *const *items = c->target_field.items;
    int n = c->target_field.n;
    if (n > S2S_MOST_TARGETS)
        return s2s_draft_fail(draft, err, path, NULL, "%d fields are more than %d", n,
                              S2S_MOST_TARGETS);
    for (int i = 0; i < n; i++)
        for (int k = 0; k < i; k++)
            if (strcmp(items[i], items[k]) == 0)
                return s2s_draft_fail(draft, err, path, NULL, "%.60s is listed twice", items[i]);
    if (n > 1 && c >= train->items && c < train->items + train->n)
        return s2s_draft_fail(draft, err, path, NULL,
                              "several fields are references to score with; an example to learn "
                              "from has one target (a list of corpora may name the file again with "
                              "another)");
    return S2S_OK;
}

static s2s_status resolve_fields(s2s_draft *draft, s2s_corpus *c, const char *path, s2s_err *err) {
    static const char *const target = "target";
    const char *key = s2s_draft_join(draft, path, "target_field", err);
    if (!key) return S2S_MEMORY;
    if (!c->source_field) c->source_field = "source";
    if (!c->target_field.n) c->target_field = (s2s_string_list){&target, 1};
    return check_targets(draft, c, key, err);
}

static s2s_status resolve_corpus(s2s_draft *draft, s2s_corpus *c, const char *path, s2s_err *err) {
    bool lines = c->source || c->target;
    if (c->text && (lines || c->tsv || c->json))
        return s2s_draft_fail(draft, err, path, NULL, "`text` and another form; a corpus has one");
    if (c->text && wants_targets(draft))
        return s2s_draft_fail(
            draft, err, path, "objective.type",
            "running text has no targets, which this objective learns to write; give `source` and "
            "`target`, or `tsv`, or `json`");
    if (c->text) return S2S_OK;
    if (lines + (c->tsv != NULL) + (c->json != NULL) > 1)
        return s2s_draft_fail(draft, err, path, NULL,
                              "%s and %s: a corpus is either `source` and `target`, or `tsv`, or "
                              "`json` (null takes back what `base` gave)",
                              lines ? "`source`/`target`" : "`tsv`", c->json ? "`json`" : "`tsv`");
    if (!c->tsv && (c->source_column || c->target_column))
        return s2s_draft_fail(draft, err, path, NULL, "columns need a `tsv` file");
    if (!c->json && (c->source_field || c->target_field.n))
        return s2s_draft_fail(draft, err, path, NULL, "fields need a `json` file");
    if (c->tsv) {
        if (!c->source_column) c->source_column = 1;
        if (!c->target_column) c->target_column = 2;
        return S2S_OK;
    }
    if (c->json) {
        return resolve_fields(draft, c, path, err);
    }
    return resolve_lines(draft, c, path, err);
}

static s2s_status resolve_list(s2s_draft *draft, s2s_corpora *corpora, const char *prefix,
                               s2s_err *err) {
    for (int i = 0; i < corpora->n; i++) {
        char index[16];
        snprintf(index, sizeof index, "%d", i);
        const char *name = corpora->items[i].name ? corpora->items[i].name : index;
        const char *path = s2s_draft_join(draft, prefix, name, err);
        if (!path) return S2S_MEMORY;
        if (!s2s_draft_given(draft, path)) path = prefix;
        S2S_TRY(resolve_corpus(draft, &corpora->items[i], path, err));
    }
    return S2S_OK;
}

s2s_status s2s_resolve_corpora(s2s_draft *draft, s2s_err *err) {
    s2s_data_recipe *data = &draft->recipe->data;
    S2S_TRY(resolve_list(draft, &data->train, "data.train", err));
    S2S_TRY(resolve_list(draft, &data->valid, "data.valid", err));
    return resolve_list(draft, &data->test, "data.test", err);
}
