/* A written recipe loads as an equal one. */
#include "support.h"

#include "recipe/schema.h"

#include <sys/stat.h>

static void assert_same_text(const char *a, const char *b) {
    if (!a || !b)
        assert_true(a == b);
    else
        assert_string_equal(a, b);
}

static void assert_same_corpora(const s2s_corpora *a, const s2s_corpora *b) {
    assert_int_equal(a->n, b->n);
    for (int i = 0; i < a->n; i++) {
        const s2s_corpus *x = &a->items[i], *y = &b->items[i];
        assert_same_text(x->name, y->name);
        assert_same_text(x->source, y->source);
        assert_same_text(x->target, y->target);
        assert_same_text(x->tsv, y->tsv);
        assert_same_text(x->json, y->json);
        assert_same_text(x->source_field, y->source_field);
        assert_int_equal(x->target_field.n, y->target_field.n);
        for (int f = 0; f < x->target_field.n; f++)
            assert_same_text(x->target_field.items[f], y->target_field.items[f]);
        assert_int_equal(x->source_column, y->source_column);
        assert_int_equal(x->target_column, y->target_column);
        assert_true(x->weight == y->weight);
    }
}

/* Sections without pointers are compared as bytes: fields are only ever copied into zeroed structs.
 */
#define ASSERT_SAME_BYTES(a, b) assert_memory_equal(&(a), &(b), sizeof(a))

/* Bytes are copied as bytes: an assignment may leave out what lies between members. */
static void assert_same_search(const s2s_search_recipe *a, const s2s_search_recipe *b) {
    assert_int_equal(a->suppress_tokens.n, b->suppress_tokens.n);
    for (int i = 0; i < a->suppress_tokens.n; i++)
        assert_string_equal(a->suppress_tokens.items[i], b->suppress_tokens.items[i]);
    s2s_search_recipe same[2];
    memcpy(&same[0], a, sizeof same[0]);
    memcpy(&same[1], b, sizeof same[1]);
    for (int i = 0; i < 2; i++) memset(&same[i].suppress_tokens, 0, sizeof same[i].suppress_tokens);
    ASSERT_SAME_BYTES(same[0], same[1]);
}

static void assert_same(const s2s_recipe *a, const s2s_recipe *b) {
    assert_same_text(a->name, b->name);
    assert_same_text(a->output, b->output);
    assert_true(a->seed == b->seed);
    assert_same_corpora(&a->data.train, &b->data.train);
    assert_same_corpora(&a->data.valid, &b->data.valid);
    assert_same_corpora(&a->data.test, &b->data.test);
    assert_true(a->data.max_length == b->data.max_length);
    assert_true(a->data.min_length == b->data.min_length);
    assert_true(a->data.max_ratio == b->data.max_ratio);
    assert_int_equal(a->data.long_sources, b->data.long_sources);
    assert_int_equal(a->data.long_targets, b->data.long_targets);
    assert_true(a->data.head_share == b->data.head_share);
    assert_int_equal(a->data.target_direction, b->data.target_direction);
    assert_same_text(a->data.cache, b->data.cache);
    s2s_text_recipe x = a->text, y = b->text;
    assert_same_text(x.vocabulary.model, y.vocabulary.model);
    assert_same_text(x.vocabulary.target_model, y.vocabulary.target_model);
    assert_int_equal(x.vocabulary.type, y.vocabulary.type);
    assert_true(x.vocabulary.size == y.vocabulary.size);
    assert_int_equal(x.vocabulary.shared, y.vocabulary.shared);
    assert_true(x.vocabulary.character_coverage == y.vocabulary.character_coverage);
    assert_true(x.vocabulary.sample_lines == y.vocabulary.sample_lines);
    assert_int_equal(x.vocabulary.byte_fallback, y.vocabulary.byte_fallback);
    assert_int_equal(x.lowercase, y.lowercase);
    assert_int_equal(x.normalization, y.normalization);
    assert_int_equal(x.whitespace, y.whitespace);
    assert_true(x.sampling_alpha == y.sampling_alpha);
    assert_true(x.sampling_nbest == y.sampling_nbest);
    ASSERT_SAME_BYTES(a->encoder, b->encoder);
    ASSERT_SAME_BYTES(a->decoder, b->decoder);
    ASSERT_SAME_BYTES(a->objective, b->objective);
    assert_same_search(&a->train.validation.search, &b->train.validation.search);
    s2s_train_recipe train[2];
    memcpy(&train[0], &a->train, sizeof train[0]);
    memcpy(&train[1], &b->train, sizeof train[1]);
    for (int i = 0; i < 2; i++)
        memset(&train[i].validation.search, 0, sizeof train[i].validation.search);
    ASSERT_SAME_BYTES(train[0], train[1]);
    assert_same_search(&a->search, &b->search);
}

static void check_round(const char *text) {
    s2s_recipe *first = parse_good(text, NULL);
    char *yaml = written(first);
    s2s_recipe *second = parse_good(yaml, NULL);
    assert_same(first, second);
    char *again = written(second);
    assert_string_equal(yaml, again);
    free(yaml);
    free(again);
    s2s_recipe_free(first);
    s2s_recipe_free(second);
}

static void defaults(void **state) {
    (void)state;
    check_round(MODEL);
    check_round(TRAINS);
}

/* However much of the end is missing, nobody gets a recipe whose lost keys have their defaults. */
static void cut_short(void **state) {
    (void)state;
    s2s_recipe *whole = parse_good(TRAINS, NULL), *part;
    char *yaml = written(whole);
    size_t length = strlen(yaml);
    assert_memory_equal(yaml + length - 4, "...\n", 4);
    s2s_err err;
    for (size_t cut = 0; cut < length - 1; cut++) {
        if (s2s_recipe_parse(&part, yaml, cut, "/r/r.yaml", NULL, 0, &err) == S2S_OK)
            fail_msg("the first %zu bytes of %zu are a recipe", cut, length);
    }
    const char *last_line = yaml + length - 4;
    assert_int_equal(
        s2s_recipe_parse(&part, yaml, (size_t)(last_line - yaml), "/r/r.yaml", NULL, 0, &err),
        S2S_USAGE);
    assert_non_null(strstr(err.message, "/r/r.yaml: cut short"));
    assert_int_equal(s2s_recipe_parse(&part, yaml, length - 1, "/r/r.yaml", NULL, 0, &err), S2S_OK);
    s2s_recipe_free(part);
    s2s_recipe_free(whole);
    free(yaml);
}

/* No value is its default, so that none can be lost unnoticed: also of keys that do nothing beside others, which a
 * resolved recipe may have. */
static void nothing_default(void **state) {
    (void)state;
    check_round(
        S2S_RESOLVED_BEGIN
        "name: n\noutput: o\nseed: 2\n"
        "data:\n"
        "  train:\n"
        "    - {source: a, target: b, weight: 0.1}\n"
        "    - {tsv: c, source_column: 5, target_column: 6}\n"
        "    - {json: d, source_field: s, target_field: t}\n"
        "  valid: [{tsv: e}, {tsv: f}]\n"
        "  test: {x: {tsv: g}, y: {json: h, target_field: ['null', b c, d]}}\n"
        "  max_length: 99\n  min_length: 2\n  max_ratio: 2.5\n  cache: cache\n"
        "  long_sources: head-tail\n  long_targets: tail\n  head_share: 0.7\n"
        "  target_direction: right-to-left\n"
        "text:\n"
        "  vocabulary: {type: bpe, size: 99, shared: false, character_coverage: 0.99, "
        "sample_lines: 105, byte_fallback: true, model: m, target_model: n}\n"
        "  lowercase: true\n  normalization: nfc\n  whitespace: keep\n  sampling_alpha: 0.2\n"
        "  sampling_nbest: 64\n"
        "encoder: {layers: 2, width: 48, heads: 4, kv_heads: 2, feed_forward: 5, "
        "activation: swiglu, norm: post, norm_type: rms, norm_eps: 1e-6, positions: rotary, "
        "max_positions: 777, relative_buckets: 16, relative_span: 99, bias: false, "
        "embedding_scale: false, embedding_norm: true, dropout: 0.2, attention_dropout: 0.3, "
        "activation_dropout: 0.4}\n"
        "decoder: {layers: 3, width: 32, heads: 2, kv_heads: 1, feed_forward: 6, "
        "activation: gelu, norm: pre, norm_type: layer, norm_eps: 1e-7, positions: relative, "
        "max_positions: 778, relative_buckets: 18, relative_span: 98, bias: true, "
        "embedding_scale: true, embedding_norm: false, dropout: 0.5, attention_dropout: 0.6, "
        "activation_dropout: 0.7, tie: none}\n"
        "objective: {label_smoothing: 0.3}\n"
        "train:\n"
        "  batch_tokens: 101\n  accumulate: 2\n  max_steps: 1000\n  max_epochs: 9\n"
        "  optimizer: {type: adamw, learning_rate: 0.3333333333333333, adam_betas: [0.1, 0.2], "
        "adam_eps: 1e-12, weight_decay: 0.01, clip_norm: 2.5, moments: bfloat16}\n"
        "  schedule: {type: plateau, warmup_steps: 7, decay_steps: 70, min_learning_rate: 1e-7, "
        "plateau_factor: 0.25, plateau_patience: 4}\n"
        "  validation: {every: 10, metrics: [chrf++, chrf], search: {type: beam, beam_size: 3, "
        "n_best: 2, length_penalty: -0.5, max_length_ratio: 1.5, max_length_offset: 3, "
        "max_source_length: 22, long_sources: tail, head_share: 0.2, max_decoding_length: 33, "
        "min_decoding_length: 1, batch_tokens: 44, "
        "beam_groups: 3, diversity_penalty: 0.75, stopping: bound, patience: 1.25, temperature: "
        "0.5, "
        "top_k: 4, mbr: chrf, mbr_candidates: 3, top_p: 0.875, min_p: 0.125, seed: 9, "
        "length_penalty_type: gnmt, "
        "coverage_penalty: 0.25, no_repeat_ngram_size: 3, repetition_penalty: 1.5, "
        "suppress_unk: true, suppress_tokens: [▁a, \"null\", '\"', \"x: y\"], "
        "batch_sentences: 5}}\n"
        "  early_stopping: {metric: chrf, patience: 3}\n"
        "  ema_decay: 0.999\n  save_every: 20\n  keep_last: 2\n  keep_best: 3\n  log_every: 1\n"
        "search: {beam_size: 6, n_best: 4, length_penalty: 0.6, max_length_ratio: 0, "
        "max_length_offset: 4, max_source_length: 66, long_sources: head, head_share: 0.1, "
        "max_decoding_length: 55, "
        "min_decoding_length: 2, "
        "batch_tokens: 45, batch_sentences: 6}" S2S_RESOLVED_END "\n");
}

static void awkward_text(void **state) {
    (void)state;
    static const char *const names[] = {
        "null",     "~",         "true",  "no",
        "1e3",      "a: b",      "- x",   "#x",
        "a #b",     "'q'",       "\\\"",  "&a",
        "*a",       "!t",        "a\\tb", "M\xc3\xbcnchen \xe2\x82\xac",
        "{x}",      "[x]",       " lead", "trail ",
        "%d",       "@",         "a,b",   "\\u0085",
        "\\ufeffx", "x\\u2028y", "y",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char text[256];
        snprintf(text, sizeof text,
                 MODEL "output: \"/o/%s\"\ndata: {train: null, test: {\"%s\": {tsv: \"/t/%s\"}}}\n",
                 names[i], names[i], names[i]);
        check_round(text);
    }
}

static void long_lines(void **state) {
    (void)state;
    char text[8192];
    strcpy(text, MODEL "output: \"/");
    size_t used = strlen(text);
    for (int i = 0; i < 1000; i++) used += (size_t)sprintf(text + used, "word ");
    strcpy(text + used, "end\"\n");
    check_round(text);
}

/* A path is written as it was given: relative, then to the file that is written, or absolute. */
static void relative_paths_follow_the_file(void **state) {
    (void)state;
    scratch_make();
    static const char *const folders[] = {"tree", "tree/runs", "tree/runs/a", "tree/recipes"};
    for (int i = 0; i < 4; i++) assert_int_equal(mkdir(scratch_path(folders[i]), 0700), 0);
    scratch_write("tree/recipes/a.yaml",
                  MODEL "output: ../runs/a\ndata:\n  cache: ../runs/a\n"
                        "  train: [{tsv: ../data/t.tsv}, {tsv: x/../t.tsv}, {tsv: ../runs/ab}]\n"
                        "  valid: {source: /d/v.en, target: ../runs/a/v.de}\n");
    s2s_err err;
    s2s_recipe *first, *second;
    s2s_buf yaml = {0};
    assert_int_equal(s2s_recipe_load(&first, scratch_path("tree/recipes/a.yaml"), NULL, 0, &err),
                     0);
    assert_int_equal(s2s_recipe_write_in(first, scratch_path("tree/runs/a"), &yaml, &err), 0);
    static const char *const lines[] = {
        "output: \".\"", "tsv: \"../../data/t.tsv\"", "recipes/x/../t.tsv", "tsv: \"../ab\"",
        "cache: \".\"",  "source: /d/v.en",           "target: \"./v.de\""};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
        if (!strstr(yaml.data, lines[i])) fail_msg("%s is not in:\n%s", lines[i], yaml.data);
    scratch_write("tree/runs/a/recipe.yaml", yaml.data);
    const char *written_path = scratch_path("tree/runs/a/recipe.yaml");
    assert_int_equal(s2s_recipe_load(&second, written_path, NULL, 0, &err), 0);
    assert_same(first, second);
    s2s_recipe_free(second);
    assert_int_equal(rename(scratch_path("tree"), scratch_path("moved")), 0);
    assert_int_equal(
        s2s_recipe_load(&second, scratch_path("moved/runs/a/recipe.yaml"), NULL, 0, &err), 0);
    assert_string_equal(second->data.train.items[0].tsv, scratch_path("moved/data/t.tsv"));
    assert_string_equal(second->output, scratch_path("moved/runs/a"));
    s2s_recipe_free(second);
    assert_int_equal(s2s_recipe_write_in(first, scratch_path("tree"), &yaml, &err), S2S_IO);
    s2s_recipe_free(first);
    s2s_buf_release(&yaml);
    scratch_remove();
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults),        cmocka_unit_test(cut_short),
        cmocka_unit_test(nothing_default), cmocka_unit_test(awkward_text),
        cmocka_unit_test(long_lines),      cmocka_unit_test(relative_paths_follow_the_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
