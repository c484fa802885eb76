/* Files, `base` and --set: what lies over what, where paths start, and messages from each layer. */
#define _XOPEN_SOURCE 700
#include "support.h"

#include <sys/stat.h>
#include <unistd.h>

static int begin(void **state) {
    (void)state;
    scratch_make();
    return 0;
}

static int end(void **state) {
    (void)state;
    scratch_remove();
    return 0;
}

static s2s_recipe *load_good(const char *name, const char *set) {
    s2s_recipe *recipe = NULL;
    s2s_err err = {0};
    if (s2s_recipe_load(&recipe, scratch_path(name), &set, set != NULL, &err) != S2S_OK)
        fail_msg("refused: %s", err.message);
    return recipe;
}

/* The message, without the scratch folder's name wherever it stands. */
static const char *load_bad(const char *name, const char *set, s2s_status expected) {
    static char message[1024];
    s2s_recipe *recipe = NULL;
    s2s_err err = {0};
    s2s_status status = s2s_recipe_load(&recipe, scratch_path(name), &set, set != NULL, &err);
    assert_int_equal(status, expected);
    assert_null(recipe);
    const char *folder = scratch_path("");
    size_t length = strlen(folder), used = 0;
    for (const char *at = err.message; *at;) {
        if (strncmp(at, folder, length) == 0)
            at += length;
        else
            message[used++] = *at++;
    }
    message[used] = '\0';
    return message;
}

static void base_is_below(void **state) {
    (void)state;
    assert_int_equal(mkdir(scratch_path("sub"), 0777), 0);
    scratch_write("root.yaml", "name: root\noutput: out\nseed: 7\n" MODEL
                               "data: {train: {source: a, target: b}, test: {t: {tsv: t}, "
                               "u: {tsv: u}}}\n"
                               "train: {max_epochs: 3, optimizer: {learning_rate: 1, "
                               "adam_eps: 1e-8}}\n");
    scratch_write("sub/middle.yaml", "base: ../root.yaml\nencoder: {layers: 2}\n"
                                     "train: {optimizer: {learning_rate: 2}}\n");
    scratch_write("top.yml", "decoder: {layers: 1}\nbase: sub/middle.yaml\n"
                             "data: {train: {target: sub/c}, test: {u: {tsv: v}}}\n");
    s2s_recipe *r = load_good("top.yml", NULL);
    assert_string_equal(r->name, "top");
    assert_string_equal(r->output, scratch_path("runs/top"));
    assert_int_equal(r->seed, 7);
    assert_int_equal(r->encoder.layers, 2);
    assert_int_equal(r->decoder.layers, 1);
    assert_true(r->train.optimizer.learning_rate == 2);
    assert_true(r->train.optimizer.adam_eps == 1e-8);
    assert_int_equal(r->data.train.n, 1);
    assert_string_equal(r->data.train.items[0].source, scratch_path("a"));
    assert_string_equal(r->data.train.items[0].target, scratch_path("sub/c"));
    assert_int_equal(r->data.test.n, 2);
    assert_string_equal(r->data.test.items[0].tsv, scratch_path("t"));
    assert_string_equal(r->data.test.items[1].tsv, scratch_path("v"));
    s2s_recipe_free(r);
}

static void lists_are_replaced(void **state) {
    (void)state;
    scratch_write("a.yaml", MODEL "data: {train: [{tsv: a}, {tsv: b}], valid: {tsv: v}}\n");
    scratch_write("b.yaml", "base: a.yaml\ndata: {train: {source: c, target: d}, valid: null}\n"
                            "train: {max_epochs: 1}\n");
    scratch_write("c.yaml", "base: b.yaml\ndata: {train: [{tsv: e}]}\n");
    scratch_write("d.yaml", "base: b.yaml\ndata: {train: {source: null, target: null, tsv: f}}\n");
    s2s_recipe *r = load_good("b.yaml", NULL);
    assert_int_equal(r->data.train.n, 1);
    assert_null(r->data.train.items[0].tsv);
    assert_string_equal(r->data.train.items[0].source, scratch_path("c"));
    assert_int_equal(r->data.valid.n, 0);
    s2s_recipe_free(r);
    r = load_good("c.yaml", NULL);
    assert_null(r->data.train.items[0].source);
    assert_string_equal(r->data.train.items[0].tsv, scratch_path("e"));
    s2s_recipe_free(r);
    r = load_good("d.yaml", NULL);
    assert_null(r->data.train.items[0].source);
    assert_string_equal(r->data.train.items[0].tsv, scratch_path("f"));
    s2s_recipe_free(r);
}

static void base_mistakes(void **state) {
    (void)state;
    scratch_write("self.yaml", "base: self.yaml\n");
    scratch_write("a.yaml", "seed: 1\nbase: b.yaml\n");
    scratch_write("b.yaml", "base: ./a.yaml\n");
    scratch_write("gone.yaml", "base: none.yaml\n");
    scratch_write("list.yaml", "base: [a, b]\n");
    scratch_write("wrong.yaml", "seed: x\n");
    scratch_write("over.yaml", "name: over\nbase: wrong.yaml\n");
    scratch_write("mixed.yaml", "base: good.yaml\ndata:\n  train: {source: a, target: b}\n");
    scratch_write("good.yaml", MODEL "data: {train: {tsv: a}}\ntrain: {max_epochs: 1}\n");
    assert_string_equal(load_bad("self.yaml", NULL, S2S_USAGE),
                        "self.yaml:1:7: base: self.yaml builds on itself through self.yaml");
    assert_string_equal(load_bad("a.yaml", NULL, S2S_USAGE),
                        "b.yaml:1:7: base: a.yaml builds on itself through b.yaml");
    assert_string_equal(load_bad("gone.yaml", NULL, S2S_IO),
                        "gone.yaml:1:7: base: cannot read the recipe none.yaml: No such file or "
                        "directory");
    assert_string_equal(load_bad("list.yaml", NULL, S2S_USAGE),
                        "list.yaml:1:7: base: expected the path of one recipe");
    assert_string_equal(load_bad("over.yaml", NULL, S2S_USAGE),
                        "wrong.yaml:1:7: seed: expected a whole number (at least 0), not \"x\"");
    assert_string_equal(load_bad("mixed.yaml", NULL, S2S_USAGE),
                        "mixed.yaml:3:10: data.train: `source`/`target` and `tsv`: a corpus is "
                        "either `source` and `target`, or `tsv`, or `json` (null takes back what "
                        "`base` gave)");
}

static void files(void **state) {
    (void)state;
    assert_string_equal(load_bad("none.yaml", NULL, S2S_IO),
                        "cannot read the recipe none.yaml: No such file or directory");
    assert_string_equal(load_bad("", NULL, S2S_IO), "cannot read : Is a directory");
    scratch_write("empty.yaml", "");
    assert_string_equal(load_bad("empty.yaml", NULL, S2S_USAGE),
                        "empty.yaml: empty: nothing is given");
    FILE *file = fopen(scratch_path("big.yaml"), "wb");
    assert_non_null(file);
    for (int i = 0; i < (1 << 20) + 1; i++) fputc('#', file);
    fclose(file);
    assert_string_equal(load_bad("big.yaml", NULL, S2S_USAGE),
                        "big.yaml: more than 1048576 bytes; is it a recipe?");
    file = fopen(scratch_path("binary.yaml"), "wb");
    assert_non_null(file);
    fwrite("name: a\n\0\0\x7f"
           "ELF",
           1, 14, file);
    fclose(file);
    assert_string_equal(load_bad("binary.yaml", NULL, S2S_USAGE),
                        "binary.yaml: not UTF-8 text (byte 0x00 in line 2); is it a recipe?");
}

static void set_is_above(void **state) {
    (void)state;
    const char *text = TRAINS "train: {max_steps: 9000}\n";
    s2s_recipe *r = parse_good(text, "train.max_steps=5000");
    assert_int_equal(r->train.max_steps, 5000);
    s2s_recipe_free(r);
    r = parse_good(text, "train.validation.metrics=[bleu, chrf]");
    assert_int_equal(r->train.validation.metrics_n, 2);
    s2s_recipe_free(r);
    r = parse_good(text, "encoder={layers: 3, width: 64}");
    assert_int_equal(r->encoder.layers, 3);
    assert_int_equal(r->decoder.width, 64);
    s2s_recipe_free(r);
    r = parse_good(text, "name=a=b");
    assert_string_equal(r->name, "a=b");
    s2s_recipe_free(r);
    r = parse_good(text, "data.valid=null");
    assert_int_equal(r->data.valid.n, 0);
    s2s_recipe_free(r);
    r = parse_good(text, "data.test.new={json: /n.jsonl}");
    assert_string_equal(r->data.test.items[0].name, "new");
    s2s_recipe_free(r);
}

static void set_within_corpora(void **state) {
    (void)state;
    const char *two =
        MODEL "data: {train: [{tsv: a, weight: 3}, {tsv: b}]}\ntrain: {max_epochs: 1}\n";
    s2s_recipe *r = parse_good(two, "data.train.1.tsv=c.tsv");
    char here[512], expected[600];
    assert_non_null(getcwd(here, sizeof here));
    snprintf(expected, sizeof expected, "%s/c.tsv", here);
    assert_string_equal(r->data.train.items[0].tsv, "/r/a");
    assert_string_equal(r->data.train.items[1].tsv, expected); /* the working folder's */
    assert_true(r->data.train.items[0].weight == 3);
    s2s_recipe_free(r);
    r = parse_good(MODEL "data: {train: [{tsv: a}]}\ntrain: {max_epochs: 1}\n",
                   "data.train.source_column=4");
    assert_string_equal(r->data.train.items[0].tsv, "/r/a");
    assert_int_equal(r->data.train.items[0].source_column, 4);
    s2s_recipe_free(r);
    assert_string_equal(parse_bad(two, "data.train.weight=2"),
                        "--set data.train.weight=2: data.train: there are 2 corpora; say which, "
                        "as in data.train.0.weight");
    assert_string_equal(parse_bad(two, "data.train.2.weight=2"),
                        "--set data.train.2.weight=2: data.train.2: there are 2 corpora, counted "
                        "from 0");
    assert_string_equal(parse_bad(two, "data.train.99999999999999999999.weight=2"),
                        "--set data.train.99999999999999999999.weight=2: "
                        "data.train.99999999999999999999: there are 2 corpora, counted from 0");
    assert_string_equal(parse_bad(two, "data.train.1.target_field=x"),
                        "--set data.train.1.target_field=x: data.train.1: fields need a `json` "
                        "file");
}

static void set_mistakes(void **state) {
    (void)state;
    static const struct {
        const char *set, *message;
    } mistakes[] = {
        {"encoder.widht=5", "encoder.widht: unknown key; did you mean encoder.width?"},
        {"train.max_steps=abc",
         "train.max_steps: expected a whole number (at least 0), not \"abc\""},
        {"train.schedule.min_learning_rate=5 # x: [",
         "train.schedule.min_learning_rate: 5 is above "
         "train.optimizer.learning_rate, 0.0005"},
        {"train.max_steps=", "empty: nothing is given"},
        {"train.max_steps", "write KEY=VALUE, e.g. train.max_steps=1000"},
        {"=5", "a key is missing; write KEY=VALUE, where KEY is like train.max_steps"},
        {"train..max_steps=5",
         "a key is missing; write KEY=VALUE, where KEY is like train.max_steps"},
        {".train=5", "a key is missing; write KEY=VALUE, where KEY is like train.max_steps"},
        {"train=5", "train: expected a section (lines of `key: value`), not a single value"},
        {"train.max_steps.x=5",
         "train.max_steps: expected a whole number (at least 0), not a mapping"},
        {"encoder.layers=[", "not valid YAML: did not find expected node content, while parsing a "
                             "flow node"},
        {"base=a.yaml", "base: can only stand in a recipe"},
        {"seed=\xff", "not UTF-8 text (byte 0xff in line 1); is it a recipe?"},
    };
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        char expected[512];
        snprintf(expected, sizeof expected, "--set %s: %s", mistakes[i].set, mistakes[i].message);
        assert_string_equal(parse_bad(MODEL, mistakes[i].set), expected);
    }
    assert_string_equal(parse_bad(TRAINS "train: {batch_tokens: 255}\n", "train.log_every=5"),
                        "/r/r.yaml:6:23: train.batch_tokens: 255 is less than an example may "
                        "have (data.max_length, 256)");
}

/* A key that needs another one may be left over from a layer below; above it, it was asked for. */
static void leftovers(void **state) {
    (void)state;
    static const char message[] =
        "search.top_k: does nothing unless search.type is sample; set that as well, or leave this "
        "out";
    char expected[256];
    scratch_write("sample.yaml", MODEL "search: {type: sample, top_k: 3, beam_size: 1}\n");
    s2s_recipe *r = load_good("sample.yaml", "search.type=greedy");
    assert_int_equal(r->search.top_k, 3);
    s2s_recipe_free(r);
    scratch_write("greedy.yaml", "base: sample.yaml\nsearch: {type: greedy}\n");
    s2s_recipe_free(load_good("greedy.yaml", NULL));
    s2s_recipe_free(load_good("greedy.yaml", "search.top_k=0")); /* it asks for nothing */
    snprintf(expected, sizeof expected, "--set search.top_k=4: %s", message);
    assert_string_equal(load_bad("greedy.yaml", "search.top_k=4", S2S_USAGE), expected);
    scratch_write("again.yaml", "base: greedy.yaml\nsearch: {top_k: 5}\n");
    snprintf(expected, sizeof expected, "again.yaml:2:17: %s", message);
    assert_string_equal(load_bad("again.yaml", NULL, S2S_USAGE), expected);
    s2s_recipe_free(load_good("again.yaml", "search.type=sample"));
}

/* A model's recipe holds all keys; what is laid over it is checked all the same. */
static void leftovers_of_a_resolved_recipe(void **state) {
    (void)state;
    scratch_write("sample.yaml", MODEL "search: {type: sample, top_k: 3, beam_size: 1}\n");
    s2s_recipe *r = load_good("sample.yaml", "search.type=greedy");
    char *yaml = written(r);
    s2s_recipe_free(r);
    scratch_write("model.yaml", yaml);
    free(yaml);
    r = load_good("model.yaml", NULL);
    assert_int_equal(r->search.top_k, 3);
    s2s_recipe_free(r);
    assert_string_equal(load_bad("model.yaml", "search.top_p=0.5", S2S_USAGE),
                        "--set search.top_p=0.5: search.top_p: does nothing unless search.type is "
                        "sample; set that as well, or leave this out");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(base_is_below, begin, end),
        cmocka_unit_test_setup_teardown(lists_are_replaced, begin, end),
        cmocka_unit_test_setup_teardown(base_mistakes, begin, end),
        cmocka_unit_test_setup_teardown(files, begin, end),
        cmocka_unit_test(set_is_above),
        cmocka_unit_test(set_within_corpora),
        cmocka_unit_test(set_mistakes),
        cmocka_unit_test_setup_teardown(leftovers, begin, end),
        cmocka_unit_test_setup_teardown(leftovers_of_a_resolved_recipe, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
