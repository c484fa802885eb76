/* Thousands of damaged recipes: each is read or refused with a message, none crashes (run with the
 * sanitizers of the `debug` preset, this finds what valgrind would). */
#include "support.h"

#include "base/rng.h"

static const char valid[] =
    "name: x\nseed: 3\n"
    "data:\n  train:\n    - {source: a.en, target: a.de, weight: 2.5}\n    - tsv: b.tsv\n"
    "  valid: {json: v.jsonl, source_field: s}\n  test: {t: {tsv: 't.tsv'}}\n"
    "text: &t {vocabulary: {type: bpe, size: 500}, lowercase: true}\n"
    "encoder: &e {layers: 2, width: 64, heads: 4, dropout: 1e-1}\n"
    "decoder: *e\n"
    "train:\n  max_steps: 9000\n  optimizer: {adam_betas: [0.9, 0.98]}\n"
    "  validation: {metrics: [bleu, chrf++]}  # comment\n"
    "search:\n  \"beam_size\": 4\n";

/* Bytes that mean something to YAML come more often than chance would have it. */
static char odd_byte(s2s_rng *rng) {
    static const char odd[] = "{}[]:,&*!|>'\"%@`#-?\n\t \\0\0\x7f\xff\xc3";
    if (s2s_rng_below(rng, 3)) return odd[s2s_rng_below(rng, sizeof odd - 1)];
    return (char)s2s_rng_below(rng, 256);
}

static size_t damage(char *text, size_t size, s2s_rng *rng) {
    int times = 1 + (int)s2s_rng_below(rng, 4);
    while (times-- > 0 && size > 1) {
        size_t at = (size_t)s2s_rng_below(rng, size);
        switch (s2s_rng_below(rng, 4)) {
        case 0:
            text[at] = odd_byte(rng);
            break;
        case 1: /* cut a stretch out */
        {
            size_t cut = (size_t)s2s_rng_below(rng, 20);
            if (cut > size - at) cut = size - at;
            memmove(text + at, text + at + cut, size - at - cut);
            size -= cut;
        } break;
        case 2: /* put a byte in */
            memmove(text + at + 1, text + at, size - at);
            text[at] = odd_byte(rng);
            size++;
            break;
        default: /* swap two */
        {
            size_t other = (size_t)s2s_rng_below(rng, size);
            char byte = text[at];
            text[at] = text[other];
            text[other] = byte;
        }
        }
    }
    return size;
}

static void damaged_recipes(void **state) {
    (void)state;
    s2s_rng rng = s2s_rng_init(1, 0);
    int good = 0, bad = 0;
    for (int i = 0; i < 5000; i++) {
        char *text = malloc(sizeof valid + 8);
        assert_non_null(text);
        memcpy(text, valid, sizeof valid - 1);
        size_t size = damage(text, sizeof valid - 1, &rng);
        char *exact = malloc(size ? size : 1); /* so that reading past the end is noticed */
        assert_non_null(exact);
        memcpy(exact, text, size);
        s2s_recipe *recipe = NULL;
        s2s_err err = {0};
        s2s_status status = s2s_recipe_parse(&recipe, exact, size, "/f.yaml", NULL, 0, &err);
        if (status == S2S_OK) {
            free(written(recipe));
            s2s_recipe_free(recipe);
            good++;
        } else {
            assert_null(recipe);
            assert_int_equal(status, S2S_USAGE);
            assert_memory_equal(err.message, "/f.yaml:", 8);
            bad++;
        }
        free(exact);
        free(text);
    }
    assert_true(good > 100 &&
                bad > 1000); /* else the damage is too mild or too heavy to show much */
}

static void damaged_sets(void **state) {
    (void)state;
    static const char set[] = "data.train.0.source_column=[5]";
    s2s_rng rng = s2s_rng_init(2, 0);
    for (int i = 0; i < 2000; i++) {
        char text[sizeof set + 8] = {0};
        memcpy(text, set, sizeof set - 1);
        text[damage(text, sizeof set - 1, &rng)] = '\0';
        const char *sets[] = {text};
        s2s_recipe *recipe = NULL;
        s2s_err err = {0};
        if (s2s_recipe_parse(&recipe, valid, sizeof valid - 1, "/f.yaml", sets, 1, &err) != S2S_OK)
            assert_memory_equal(err.message, "--set ", 6);
        s2s_recipe_free(recipe);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(damaged_recipes),
        cmocka_unit_test(damaged_sets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
