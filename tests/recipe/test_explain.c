/* Explanations, and that docs/recipe.md is the one that the schema gives. */
#include "support.h"

#include "recipe/schema.h"
#include "recipe/value.h"

static char *explained(const char *key) {
    s2s_buf text = {0};
    s2s_err err = {0};
    if (s2s_recipe_explain(key, &text, &err) != S2S_OK) fail_msg("refused: %s", err.message);
    return text.data;
}

static void one_key(void **state) {
    (void)state;
    char *text = explained("train.optimizer.learning_rate");
    assert_string_equal(text, "train.optimizer.learning_rate\n"
                              "    a number, above 0 to 1000; default: 5e-4\n"
                              "    The highest rate, reached at the end of the warm-up.\n");
    free(text);
    text = explained("decoder.layers");
    assert_non_null(strstr(text, "default: that of encoder.layers\n"));
    free(text);
    text = explained("encoder.activation");
    assert_non_null(strstr(text, "one of relu, gelu, gelu_tanh, swiglu, geglu; default: relu\n"));
    free(text);
}

static void sections(void **state) {
    (void)state;
    char *text = explained("train");
    assert_non_null(strstr(text, "train.validation.search.beam_size\n"));
    assert_null(strstr(text, "encoder.layers\n    a"));
    free(text);
    text = explained(NULL);
    assert_non_null(strstr(text, "name\n"));
    assert_non_null(strstr(text, "data.test.json\n"));
    assert_non_null(strstr(text, "search.batch_sentences\n"));
    free(text);
}

static void unknown(void **state) {
    (void)state;
    static const struct {
        const char *key, *message;
    } cases[] = {
        {"train.optimiser", "train.optimiser: unknown key; did you mean train.optimizer?"},
        {"train.optimizer.rate.x",
         "train.optimizer.rate.x: unknown key; without a key, all are explained"},
        {"seed.x", "seed.x: unknown key; did you mean seed?"},
        {"", ": unknown key; without a key, all are explained"},
        {"learning_rate",
         "learning_rate: unknown key; did you mean train.optimizer.learning_rate?"},
        {"beam_sise", "beam_sise: unknown key; did you mean search.beam_size?"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        s2s_buf text = {0};
        s2s_err err = {0};
        assert_int_equal(s2s_recipe_explain(cases[i].key, &text, &err), S2S_USAGE);
        assert_string_equal(err.message, cases[i].message);
        s2s_buf_release(&text);
    }
}

/* Tables of the page are cut at "|"; a key without a sentence explains nothing. */
static void check_section(const s2s_section *section) {
    for (int i = 0; i < section->n; i++) {
        const s2s_key *key = &section->keys[i];
        assert_non_null(key->help);
        assert_int_equal(key->help[strlen(key->help) - 1], '.');
        assert_null(strchr(key->help, '|'));
        if (key->inherits) assert_non_null(s2s_schema_walk(key->inherits));
        if (key->section) check_section(key->section);
    }
}

static void schema_is_sound(void **state) {
    (void)state;
    check_section(&s2s_schema);
    /* Every default is within its own range: parsing one checks it. */
    s2s_recipe recipe = {0};
    s2s_err err = {0};
    if (s2s_section_set_initial(&s2s_schema, &recipe, &recipe.arena, &err) != S2S_OK)
        fail_msg("%s", err.message);
    s2s_arena_release(&recipe.arena);
}

static void page_is_fresh(void **state) {
    (void)state;
    s2s_buf page = {0};
    s2s_err err;
    assert_int_equal(s2s_recipe_reference(&page, &err), S2S_OK);
    FILE *file = fopen(S2S_ROOT "/docs/recipe.md", "rb");
    assert_non_null(file);
    char *committed = calloc(1, page.size + 2);
    assert_non_null(committed);
    size_t size = fread(committed, 1, page.size + 1, file);
    fclose(file);
    if (size != page.size || memcmp(committed, page.data, size) != 0)
        fail_msg("docs/recipe.md is stale: make it again: s2s recipe reference >docs/recipe.md");
    free(committed);
    s2s_buf_release(&page);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_key),       cmocka_unit_test(sections),
        cmocka_unit_test(unknown),       cmocka_unit_test(schema_is_sound),
        cmocka_unit_test(page_is_fresh),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
