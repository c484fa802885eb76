/* Prefix language models: head and tail are the text, cut anywhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after the above, which it needs */
#include <cmocka.h>

#include "collated.h"

static const s2s_objective_recipe recipe = {.type = S2S_PREFIX_LM};

static collated cut(const texts *t, uint64_t key) {
    s2s_objective o = made_objective(&recipe);
    return collate_texts(&s2s_prefix_lm_kind, &o, t, key);
}

static void head_and_tail_are_the_text(void **state) {
    (void)state;
    texts t = texts_of_lengths((int[]){0, 1, 2, 3, 50, 200}, 6, 9);
    for (uint64_t key = 0; key < 50; key++) {
        collated c = cut(&t, key);
        for (int i = 0; i < t.n; i++) {
            const s2s_example *e = &t.examples[i];
            row head = source_of(&c, i);
            assert_true(e->source_length < 2 ? head.n == 0 : head.n > 0);
            assert_true(e->source_length == 0 || head.n < e->source_length);
            expect_row(head, e->source, head.n);
            expect_row(target_of(&c, i), e->source + head.n, e->source_length - head.n);
        }
        collated_release(&c);
    }
    texts_release(&t);
}

static void every_place_is_alike_likely(void **state) {
    (void)state;
    enum { TEXTS = 9000, LENGTH = 10 };
    texts t = texts_alike(LENGTH, TEXTS, 0);
    collated c = cut(&t, 2);
    int places[LENGTH] = {0};
    for (int i = 0; i < TEXTS; i++) places[source_of(&c, i).n]++;
    for (int k = 1; k < LENGTH; k++) expect_share(places[k], TEXTS, 1.0 / (LENGTH - 1));
    collated_release(&c);
    texts_release(&t);
}

static void draws_follow_from_the_key(void **state) {
    (void)state;
    texts t = texts_alike(40, 50, 0);
    collated a = cut(&t, 5), b = cut(&t, 5), other = cut(&t, 6);
    assert_true(collated_equal(&a, &b));
    assert_false(collated_equal(&a, &other));
    collated_release(&a);
    collated_release(&b);
    collated_release(&other);
    texts_release(&t);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(head_and_tail_are_the_text),
        cmocka_unit_test(every_place_is_alike_likely),
        cmocka_unit_test(draws_follow_from_the_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
