/* Gradients of whole models in every variant, with all kinds of dropout, and that sharing memory
 * changes none of their bits. */
#include "base/thread.h"
#include "fixture.h"
#include "op/gradient_check.h"
#include "op/unshared.h"

/* A corner of relu would spoil the finite differences of some element or other. */
static const char *const smooth[] = {"encoder.activation=gelu", "decoder.activation=gelu"};
static const char *const dropout[] = {
    "encoder.dropout=0.2", "encoder.attention_dropout=0.15", "encoder.activation_dropout=0.1",
    "decoder.dropout=0.1", "decoder.attention_dropout=0.2",  "decoder.activation_dropout=0.15",
};
enum { SMOOTH = 2, DROPOUT = 6 };

/* The settings that go over a variant's recipe. */
static int settings(const char *name, bool with_dropout, const char *sets[SMOOTH + DROPOUT]) {
    fixture f;
    int n = 0;
    fixture_open(&f, name, NULL, 0);
    if (f.recipe->encoder.present && f.recipe->encoder.activation == S2S_RELU)
        sets[n++] = smooth[0];
    if (f.recipe->decoder.present && f.recipe->decoder.activation == S2S_RELU)
        sets[n++] = smooth[1];
    for (int i = 0; with_dropout && i < DROPOUT; i++) sets[n++] = dropout[i];
    fixture_close(&f);
    return n;
}

static void check(const char *name, bool with_dropout) {
    fixture f;
    pass p;
    const char *sets[SMOOTH + DROPOUT];
    int n = settings(name, with_dropout, sets);
    fixture_open(&f, name, sets, n);
    pass_create(&p, &f, true);
    check_sharing(p.run, &f.model->params, name);
    check_gradients(p.run, &f.model->params, 200, name);
    pass_free(&p);
    fixture_close(&f);
}

static void no_dropout(void **state) {
    (void)state;
    s2s_threads_set(2);
    for (int i = 0; fixture_names[i]; i++) check(fixture_names[i], false);
}

static void every_dropout(void **state) {
    (void)state;
    s2s_threads_set(2);
    for (int i = 0; fixture_names[i]; i++) check(fixture_names[i], true);
}

/* Models of one stack, segments and gated gelu. */
static void families(void **state) {
    (void)state;
    s2s_threads_set(2);
    for (int i = 0; fixture_families[i]; i++) check(fixture_families[i], false);
}

/* --- encoder or decoder alone --- */

#define SMALL "layers: 2, width: 12, heads: 2, feed_forward: 20"
#define DROPOUTS "dropout: 0.2, attention_dropout: 0.15, activation_dropout: 0.1"

/* Name and recipe: BERT's and GPT-2's shapes, and others of what a stack may be. */
static const char *const lone[][2] = {
    {"masked_lm, post-norm",
     "objective: {type: masked_lm, label_smoothing: 0.1}\n"
     "encoder: {" SMALL
     ", norm: post, positions: learned, activation: gelu, embedding_norm: true}"},
    {"masked_lm, pre-norm, gated",
     "objective: {type: masked_lm}\n"
     "encoder: {" SMALL ", norm: pre, norm_type: rms, positions: relative, activation: swiglu, "
     "bias: false, " DROPOUTS "}"},
    {"causal_lm, pre-norm",
     "objective: {type: causal_lm}\n"
     "decoder: {" SMALL ", norm: pre, positions: learned, activation: gelu, " DROPOUTS "}"},
    {"causal_lm, untied",
     "objective: {type: causal_lm}\n"
     "decoder: {" SMALL
     ", norm: post, positions: rotary, activation: swiglu, kv_heads: 1, tie: none, "
     "output_bias: true}"},
};

static void encoder_or_decoder_alone(void **state) {
    (void)state;
    s2s_threads_set(2);
    for (size_t i = 0; i < sizeof lone / sizeof *lone; i++) {
        fixture f;
        pass p;
        fixture_make_lone(&f, lone[i][0], lone[i][1]);
        pass_create(&p, &f, true);
        check_sharing(p.run, &f.model->params, f.name);
        check_gradients(p.run, &f.model->params, 300, f.name);
        pass_free(&p);
        fixture_close(&f);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_dropout),
        cmocka_unit_test(every_dropout),
        cmocka_unit_test(families),
        cmocka_unit_test(encoder_or_decoder_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
