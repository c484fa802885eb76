/* Translating with a shortlist: one that allows everything changes no bit, and with a narrow one a line's result still
 * depends on the line alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
/* after the above, which it needs */
#include <cmocka.h>

#include "base/thread.h"
#include "scratch.h"
#include "task.h"
#include "train/learn_shortlist.h"
#include "translations.h"

static s2s_loaded_model model;

static void learn(const char *name, s2s_shortlist_options options) {
    s2s_dataset *dataset;
    s2s_err err = {0};
    if (s2s_dataset_open(&dataset, &model.recipe->data.train, &model.recipe->data, model.source,
                         model.target, scratch("cache"), NULL, &err) ||
        s2s_shortlist_learn(dataset, model.source, model.target, &options, scratch(name), NULL,
                            &err))
        fail_msg("%s", err.message);
    s2s_dataset_free(dataset);
}

/* Trained a little, so that many hypotheses are about as good. Words of one piece would leave nothing to choose. */
static int set_up(void **state) {
    s2s_threads_set(1);
    if (task_set_up(state)) return -1;
    task_learn("model", (task_settings){
                            {"train.max_steps=100", "data.test=null", "decoder.output_bias=true"}});
    model = load_packed("model");
    learn("narrow", (s2s_shortlist_options){.best = 2, .least = 0.01, .frequent = 2, .pairs = 500});
    learn("all", (s2s_shortlist_options){.best = 1, .frequent = 1000, .pairs = 500});
    return 0;
}

static int tear_down(void **state) {
    s2s_loaded_model_release(&model);
    return scratch_tear_down(state);
}

static text_lines translate(const s2s_loaded_model *with, const char *shortlist, int64_t sentences,
                            const text_lines *source) {
    s2s_search_recipe search = with->recipe->search;
    search.beam_size = 4;
    search.n_best = 3;
    search.batch_sentences = sentences;
    search.shortlist = shortlist ? scratch(shortlist) : NULL;
    return translate_lines(with, &search, source, true, NULL);
}

static void everything_changes_nothing(void **state) {
    (void)state;
    text_lines source = lines_read(scratch("test.source"));
    const s2s_weight_type types[] = {S2S_WEIGHT_FLOAT32, S2S_WEIGHT_INT8};
    for (int i = 0; i < 2; i++) {
        s2s_loaded_model packed;
        s2s_err err = {0};
        assert_int_equal(s2s_model_load(&packed, scratch("model"), NULL, 0, S2S_PARAMS_KEEP, &err),
                         S2S_OK);
        assert_int_equal(s2s_params_pack(&packed.model->params, types[i], &err), S2S_OK);
        text_lines without = translate(&packed, NULL, 16, &source);
        text_lines with = translate(&packed, "all", 16, &source);
        text_lines narrow = translate(&packed, "narrow", 16, &source);
        assert_int_equal(lines_equal(&without, &with), source.n);
        assert_true(lines_equal(&without, &narrow) < source.n); /* the test can tell */
        lines_release(&without);
        lines_release(&with);
        lines_release(&narrow);
        s2s_loaded_model_release(&packed);
    }
    lines_release(&source);
}

static void batches_and_threads_do_not_matter(void **state) {
    (void)state;
    const int64_t sizes[] = {1, 3, 64, 1000};
    text_lines source = lines_read(scratch("test.source"));
    text_lines expected = translate(&model, "narrow", 16, &source);
    for (int threads = 1; threads <= 3; threads++)
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            s2s_threads_set(threads);
            text_lines found = translate(&model, "narrow", sizes[i], &source);
            assert_int_equal(lines_equal(&expected, &found), source.n);
            lines_release(&found);
        }
    s2s_threads_set(1);
    lines_release(&expected);
    lines_release(&source);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_changes_nothing),
        cmocka_unit_test(batches_and_threads_do_not_matter),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
