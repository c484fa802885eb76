/* The symbols of objectives over encoder and decoder: recipes list them, and vocabularies that lack them are refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after the above, which it needs */
#include <cmocka.h>

#include "objective/objective.h"
#include "sentences.h"

#define MODEL "encoder: {}\ndecoder: {}\n"

static s2s_recipe *parse(const char *yaml) {
    s2s_recipe *recipe;
    s2s_err err = {0};
    if (s2s_recipe_parse(&recipe, yaml, strlen(yaml), "/r/r.yaml", NULL, 0, &err) != S2S_OK)
        fail_msg("%s", err.message);
    return recipe;
}

static s2s_recipe *spans_of(const char *max_length, const char *symbols) {
    char yaml[400];
    snprintf(yaml, sizeof yaml,
             MODEL "objective: {type: span_corruption}\ndata: {train: {text: a}, max_length: %s}\n"
                   "text: {vocabulary: {size: 300%s}}\ntrain: {max_steps: 1}\n",
             max_length, symbols);
    return parse(yaml);
}

/* 62 tokens: 9 hidden in 3 spans, and the last sentinel. */
static void the_recipe_lists_what_is_needed(void **state) {
    (void)state;
    s2s_recipe *spans = spans_of("64", "");
    const s2s_string_list *symbols = &spans->text.vocabulary.symbols;
    assert_int_equal(symbols->n, 4);
    assert_string_equal(symbols->items[0], "<extra_id_0>");
    assert_string_equal(symbols->items[3], "<extra_id_3>");
    s2s_recipe_free(spans);
    s2s_recipe *denoising = parse(MODEL "objective: {type: denoising}\n");
    assert_int_equal(denoising->text.vocabulary.symbols.n, 1);
    assert_string_equal(denoising->text.vocabulary.symbols.items[0], "<mask>");
    s2s_recipe_free(denoising);
}

/* With the vocabulary that the first recipe learns, the objective of the second. */
static s2s_status init(s2s_recipe *learnt, s2s_recipe *used, s2s_objective *objective,
                       s2s_err *err) {
    s2s_vocabulary *v = make_vocabulary(&learnt->text);
    *err = (s2s_err){0};
    s2s_status status = s2s_objective_init(objective, used, v, v, err);
    if (status == S2S_OK && used->objective.type == S2S_SPAN_CORRUPTION)
        for (int i = 0; i < s2s_sentinels_of(used); i++) {
            char piece[32];
            snprintf(piece, sizeof piece, "<extra_id_%d>", i);
            assert_string_equal(s2s_vocabulary_piece(v, s2s_sentinel_of(objective, i)), piece);
        }
    s2s_vocabulary_free(v);
    s2s_recipe_free(learnt);
    s2s_recipe_free(used);
    return status;
}

static void sentinels_are_found_in_either_order(void **state) {
    (void)state;
    s2s_objective o;
    s2s_err err;
    assert_int_equal(init(spans_of("64", ""), spans_of("64", ""), &o, &err), S2S_OK);
    assert_int_equal(o.sentinel_step, 1);
    s2s_recipe *down =
        spans_of("64", ", symbols: [<extra_id_3>, <extra_id_2>, <extra_id_1>, <extra_id_0>]");
    assert_int_equal(init(down, spans_of("64", ""), &o, &err), S2S_OK);
    assert_int_equal(o.sentinel_step, -1);
}

static void expect(const char *message, const char *part) {
    if (!strstr(message, part)) fail_msg("'%s' is not in: %s", part, message);
}

static void what_lacks_is_told(void **state) {
    (void)state;
    s2s_objective o;
    s2s_err err;
    assert_int_equal(init(spans_of("64", ""), spans_of("256", ""), &o, &err), S2S_INPUT);
    expect(err.message, "no piece <extra_id_4>");
    expect(err.message, "14 sentinels");
    expect(err.message, "text.vocabulary.symbols");
    s2s_recipe *mixed =
        spans_of("64", ", symbols: [<extra_id_0>, <extra_id_1>, <extra_id_3>, <extra_id_2>]");
    assert_int_equal(init(mixed, spans_of("64", ""), &o, &err), S2S_INPUT);
    expect(err.message, "<extra_id_2>");
    expect(err.message, "follow each other");
    assert_int_equal(
        init(spans_of("64", ""), parse(MODEL "objective: {type: denoising}\n"), &o, &err),
        S2S_INPUT);
    expect(err.message, "no piece <mask>");
}

/* --- keys that contradict each other --- */

static void refuse(const char *yaml, const char *part) {
    s2s_recipe *recipe;
    s2s_err err = {0};
    assert_int_equal(s2s_recipe_parse(&recipe, yaml, strlen(yaml), "/r/r.yaml", NULL, 0, &err),
                     S2S_USAGE);
    expect(err.message, part);
}

static void contradictions(void **state) {
    (void)state;
    refuse(
        MODEL "objective: {type: denoising, deletion: 0.6, masking: 0.5}\n",
        "objective.deletion: deletion and masking are shares of one whole: 0.6 and 0.5 are more");
    refuse(
        MODEL
        "objective: {type: prefix_lm}\ndata: {train: {text: a}, target_direction: right-to-left}\n"
        "train: {max_steps: 1}\n",
        "data.target_direction: turns the targets");
    refuse(MODEL "objective: {type: span_corruption, corruption: 0}\n", "objective.corruption");
    refuse(MODEL "objective: {type: span_corruption, mean_span: 0.5}\n", "objective.mean_span");
    refuse("encoder: {}\nobjective: {type: denoising}\n", "decoder: is missing");
    refuse("decoder: {}\nobjective: {type: span_corruption}\n", "encoder: is missing");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_recipe_lists_what_is_needed),
        cmocka_unit_test(sentinels_are_found_in_either_order),
        cmocka_unit_test(what_lacks_is_told),
        cmocka_unit_test(contradictions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
