/* Comparisons of sequences 64 places at a time, and distances in a band, against whole tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "metric/edit_grid.h"
#include "metric/lcs.h"
#include "metric/levenshtein.h"

enum { LONGEST = 200, ROUNDS = 1500 };

static s2s_err err;
static uint32_t table[LONGEST + 1][LONGEST + 1];

/* --- random sequences --- */

typedef struct pair {
    uint32_t data[2][LONGEST];
    s2s_sequence a, b;
} pair;

/* Of few or many symbols, and of any length from 0 to `longest`. */
static void draw(pair *pair, s2s_rng *rng, size_t longest) {
    size_t sizes[2];
    uint64_t symbols = 1 + s2s_rng_below(rng, s2s_rng_below(rng, 2) ? 4 : 100);
    for (int k = 0; k < 2; k++) {
        sizes[k] = (size_t)s2s_rng_below(rng, longest + 1);
        for (size_t i = 0; i < sizes[k]; i++)
            pair->data[k][i] = (uint32_t)s2s_rng_below(rng, symbols) * 37;
    }
    pair->a = (s2s_sequence){pair->data[0], sizes[0]};
    pair->b = (s2s_sequence){pair->data[1], sizes[1]};
}

static uint32_t least(uint32_t a, uint32_t b) {
    return a < b ? a : b;
}

static uint32_t plain_distance(s2s_sequence a, s2s_sequence b) {
    for (size_t i = 0; i <= a.size; i++)
        for (size_t j = 0; j <= b.size; j++) {
            table[i][j] = (uint32_t)(i + j);
            if (!i || !j) continue;
            uint32_t replaced = table[i - 1][j - 1] + (a.data[i - 1] != b.data[j - 1]);
            table[i][j] = least(replaced, least(table[i - 1][j], table[i][j - 1]) + 1);
        }
    return table[a.size][b.size];
}

static uint32_t plain_common(s2s_sequence a, s2s_sequence b) {
    for (size_t i = 0; i <= a.size; i++)
        for (size_t j = 0; j <= b.size; j++) {
            table[i][j] = 0;
            if (!i || !j) continue;
            uint32_t above = table[i - 1][j], left = table[i][j - 1];
            bool equal = a.data[i - 1] == b.data[j - 1];
            table[i][j] = equal ? table[i - 1][j - 1] + 1 : above > left ? above : left;
        }
    return table[a.size][b.size];
}

/* --- tests --- */

static void test_levenshtein(void **state) {
    (void)state;
    s2s_levenshtein levenshtein = {0};
    s2s_rng rng = s2s_rng_init(1, 1);
    pair pair;
    for (int round = 0; round < ROUNDS; round++) {
        size_t distance;
        draw(&pair, &rng, round % 2 ? 20 : LONGEST);
        assert_int_equal(s2s_levenshtein_distance(&levenshtein, pair.a, pair.b, &distance, &err),
                         S2S_OK);
        assert_int_equal(distance, plain_distance(pair.a, pair.b));
    }
    s2s_levenshtein_release(&levenshtein);
}

/* The subsequence that a walk from the end of the table finds. */
static void plain_marks(s2s_sequence a, s2s_sequence b, uint32_t *marks) {
    plain_common(a, b);
    for (size_t i = a.size, j = b.size; i && j;) {
        if (a.data[i - 1] == b.data[j - 1]) {
            marks[--i] = 1;
            j--;
        } else if (table[i][j - 1] > table[i - 1][j]) {
            j--;
        } else {
            i--;
        }
    }
}

static void test_common_subsequences(void **state) {
    (void)state;
    s2s_lcs lcs = {0};
    s2s_rng rng = s2s_rng_init(2, 2);
    pair pair;
    for (int round = 0; round < ROUNDS; round++) {
        size_t length;
        uint32_t marks[LONGEST] = {0}, wanted[LONGEST] = {0};
        draw(&pair, &rng, round % 2 ? 20 : LONGEST);
        if (pair.a.size) marks[0] = wanted[0] = 1; /* marks that are there stay */
        assert_int_equal(s2s_lcs_length(&lcs, pair.a, pair.b, &length, &err), S2S_OK);
        assert_int_equal(length, plain_common(pair.a, pair.b));
        assert_int_equal(s2s_lcs_mark(&lcs, pair.a, pair.b, marks, &err), S2S_OK);
        plain_marks(pair.a, pair.b, wanted);
        assert_memory_equal(marks, wanted, sizeof marks);
    }
    s2s_lcs_release(&lcs);
}

/* Short enough for the band to hold the whole table. */
static void test_swaps_in_the_grid(void **state) {
    (void)state;
    enum { SHORT = 20 };
    s2s_edit_grid grid = {0};
    s2s_rng rng = s2s_rng_init(3, 3);
    pair pair;
    for (int round = 0; round < ROUNDS; round++) {
        draw(&pair, &rng, SHORT);
        if (pair.a.size < 2 || !pair.b.size) continue;
        s2s_points a = {pair.data[0], pair.a.size, 0}, b = {pair.data[1], pair.b.size, 0};
        assert_int_equal(s2s_edit_grid_fill(&grid, &a, &b, &err), S2S_OK);
        assert_int_equal(s2s_edit_grid_distance(&grid), plain_distance(pair.a, pair.b));
        size_t begin = (size_t)s2s_rng_below(&rng, a.size - 1),
               middle = begin + 1 + (size_t)s2s_rng_below(&rng, a.size - 1 - begin),
               end = middle + 1 + (size_t)s2s_rng_below(&rng, a.size - middle);
        uint32_t distance = s2s_edit_grid_swapped(&grid, begin, middle, end), moved[SHORT];
        memcpy(moved, a.data, a.size * sizeof *moved);
        memcpy(moved + begin, a.data + middle, (end - middle) * sizeof *moved);
        memcpy(moved + begin + end - middle, a.data + begin, (middle - begin) * sizeof *moved);
        assert_int_equal(distance, plain_distance((s2s_sequence){moved, a.size}, pair.b));
    }
    s2s_edit_grid_release(&grid);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_levenshtein),
        cmocka_unit_test(test_common_subsequences),
        cmocka_unit_test(test_swaps_in_the_grid),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
