/* Texts with masks: where they are cut, what blanks belong to, and what is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
/* after the above, which it needs */
#include <cmocka.h>

#include "encode/text.h"
#include "sentences.h"

static const char *const symbol[] = {"<mask>"};

typedef struct masked {
    s2s_ids ids, masks;
    s2s_err err;
    s2s_status status;
} masked;

static s2s_encode_symbols symbols_of(const s2s_vocabulary *v) {
    return (s2s_encode_symbols){.begin = s2s_vocabulary_bos(v),
                                .end = s2s_vocabulary_eos(v),
                                .mask = s2s_vocabulary_id(v, symbol[0]),
                                .mask_text = symbol[0]};
}

static masked encode(const s2s_vocabulary *v, const char *text, size_t most) {
    masked m = {0};
    s2s_encode_symbols symbols = symbols_of(v);
    m.status = s2s_encode_masked(&symbols, v, text, strlen(text), most, &m.ids, &m.masks, &m.err);
    return m;
}

static void release(masked *m) {
    s2s_ids_release(&m->ids);
    s2s_ids_release(&m->masks);
}

/* The text of `text` with the pieces of `word` at its masks. */
static void check_filled(const s2s_vocabulary *v, const char *text, const char *word, int masks,
                         const char *wanted) {
    s2s_err err = {0};
    s2s_ids filled = {0}, pieces = {0};
    s2s_buf made = {0};
    masked m = encode(v, text, 1000);
    if (m.status != S2S_OK) fail_msg("%s: %s", text, m.err.message);
    assert_int_equal(m.masks.size, masks);
    assert_int_equal(m.ids.data[0], s2s_vocabulary_bos(v));
    assert_int_equal(m.ids.data[m.ids.size - 1], s2s_vocabulary_eos(v));
    assert_int_equal(s2s_vocabulary_encode(v, word, strlen(word), &pieces, &err), S2S_OK);
    for (size_t i = 1, mask = 0; i + 1 < m.ids.size; i++) {
        bool hidden = mask < m.masks.size && (size_t)m.masks.data[mask] == i;
        assert_int_equal(hidden, m.ids.data[i] == s2s_vocabulary_id(v, symbol[0]));
        mask += hidden;
        for (size_t k = 0; hidden && k < pieces.size; k++)
            assert_int_equal(s2s_ids_push(&filled, pieces.data[k], &err), S2S_OK);
        if (!hidden) assert_int_equal(s2s_ids_push(&filled, m.ids.data[i], &err), S2S_OK);
    }
    assert_int_equal(s2s_vocabulary_decode(v, filled.data, filled.size, &made, &err), S2S_OK);
    assert_string_equal(made.data, wanted);
    s2s_ids_release(&filled);
    s2s_ids_release(&pieces);
    s2s_buf_release(&made);
    release(&m);
}

static void blanks_before_a_mask_are_its_own(void **state) {
    const s2s_vocabulary *v = *state;
    check_filled(v, "da <mask> le", "so", 1, "da so le");
    check_filled(v, "da<mask> le", "so", 1, "da so le");
    check_filled(v, "da  <mask>\tle ", "so", 1, "da so le");
    check_filled(v, "<mask>", "so", 1, "so");
    check_filled(v, " <mask> <mask><mask> ", "so", 3, "so so so");
}

/* The word goes on: what stands at the mask is its begin. */
static void what_follows_without_a_blank_is_the_same_word(void **state) {
    const s2s_vocabulary *v = *state;
    check_filled(v, "da <mask>le", "so", 1, "da sole");
    check_filled(v, "<mask>le<mask>le da", "so", 2, "sole sole da");
}

/* An unknown character behind a mask is a token, and is not lost beside the guard. */
static void unknown_characters_stay(void **state) {
    const s2s_vocabulary *v = *state;
    int32_t unk = s2s_vocabulary_unk(v);
    masked m = encode(v, "da <mask>\xE4\xB8\xAD", 1000);
    assert_int_equal(m.status, S2S_OK);
    assert_int_equal(m.ids.size, m.masks.data[0] + 3);
    assert_int_equal(m.ids.data[m.masks.data[0] + 1], unk);
    release(&m);
    m = encode(v, "<mask>\xE4\xB8\xAD\xE4\xB8\xAD le", 1000);
    assert_int_equal(m.status, S2S_OK);
    assert_int_equal(m.ids.data[2], unk);
    assert_int_not_equal(m.ids.data[3], unk);
    release(&m);
}

/* Elsewhere "<mask>" is a text like any other. */
static void symbols_never_come_from_plain_text(void **state) {
    const s2s_vocabulary *v = *state;
    s2s_encode_symbols symbols = symbols_of(v);
    s2s_ids ids = {0};
    s2s_err err = {0};
    bool cut;
    static const char text[] = "da <mask> le";
    const s2s_cut all = {.most = SIZE_MAX};
    assert_int_equal(s2s_encode_plain(&symbols, v, text, sizeof text - 1, &all, &ids, &cut, &err),
                     S2S_OK);
    for (size_t i = 0; i < ids.size; i++) assert_int_not_equal(ids.data[i], symbols.mask);
    assert_false(cut);
    s2s_ids_release(&ids);
}

static void check_refused(const s2s_vocabulary *v, const char *text, size_t most,
                          const char *says) {
    masked m = encode(v, text, most);
    assert_int_equal(m.status, S2S_INPUT);
    if (!strstr(m.err.message, says)) fail_msg("%s", m.err.message);
    release(&m);
}

static void refuses(void **state) {
    const s2s_vocabulary *v = *state;
    check_refused(v, "", 100, "there is no <mask>");
    check_refused(v, "da le <mask", 100, "there is no <mask>");
    masked m = encode(v, "da <mask> le", 100);
    size_t tokens = m.ids.size - 2;
    release(&m);
    m = encode(v, "da <mask> le", tokens);
    assert_int_equal(m.status, S2S_OK);
    release(&m);
    check_refused(v, "da <mask> le", tokens - 1, "more tokens");
    char *many = calloc(S2S_MOST_MASKS + 1, 6 + 1);
    for (int i = 0; i <= S2S_MOST_MASKS; i++) memcpy(many + 6 * i, symbol[0], 6);
    check_refused(v, many, 10000, "more than 512 masks");
    many[6 * S2S_MOST_MASKS] = '\0';
    m = encode(v, many, 10000);
    assert_int_equal(m.status, S2S_OK);
    assert_int_equal(m.masks.size, S2S_MOST_MASKS);
    release(&m);
    free(many);
}

static int set_up(void **state) {
    s2s_text_recipe recipe = plain_text_recipe(300);
    recipe.vocabulary.symbols = (s2s_string_list){symbol, 1};
    *state = make_vocabulary(&recipe);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blanks_before_a_mask_are_its_own),
        cmocka_unit_test(what_follows_without_a_blank_is_the_same_word),
        cmocka_unit_test(unknown_characters_stay),
        cmocka_unit_test(symbols_never_come_from_plain_text),
        cmocka_unit_test(refuses),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down_vocabulary);
}
