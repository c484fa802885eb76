/* The recipes that the project ships load, and say what they are meant to say. */
#include "support.h"

#include <dirent.h>

static s2s_recipe *load(const char *name) {
    char path[512];
    s2s_recipe *recipe = NULL;
    s2s_err err = {0};
    snprintf(path, sizeof path, "%s/recipes/%s", S2S_ROOT, name);
    if (s2s_recipe_load(&recipe, path, NULL, 0, &err) != S2S_OK) fail_msg("%s", err.message);
    return recipe;
}

static void all_load(void **state) {
    (void)state;
    DIR *folder = opendir(S2S_ROOT "/recipes");
    assert_non_null(folder);
    int found = 0;
    for (struct dirent *entry; (entry = readdir(folder));) {
        const char *dot = strrchr(entry->d_name, '.');
        if (!dot || strcmp(dot, ".yaml") != 0) continue;
        s2s_recipe *r = load(entry->d_name);
        char output[512];
        snprintf(output, sizeof output, "%s/runs/%s", S2S_ROOT, r->name);
        assert_string_equal(r->output, output);
        assert_true(r->data.train.n == 1 && r->data.valid.n == 1);
        s2s_recipe_free(r);
        found++;
    }
    closedir(folder);
    assert_true(found >= 5);
}

static void a_variant_differs_in_its_target_alone(void **state) {
    (void)state;
    s2s_recipe *de = load("multi30k-en-de.yaml"), *fr = load("multi30k-en-fr.yaml");
    assert_string_equal(fr->data.train.items[0].source, de->data.train.items[0].source);
    assert_string_equal(fr->data.train.items[0].target, S2S_ROOT "/data/multi30k/train.fr.gz");
    assert_memory_equal(&fr->encoder, &de->encoder, sizeof fr->encoder);
    assert_memory_equal(&fr->train, &de->train,
                        offsetof(s2s_train_recipe, validation)); /* that one has pointers */
    assert_int_equal(fr->data.test.n, 3);
    s2s_recipe_free(de);
    s2s_recipe_free(fr);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_load),
        cmocka_unit_test(a_variant_differs_in_its_target_alone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
