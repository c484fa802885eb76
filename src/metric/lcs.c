/* See lcs.h.
 *
 * The table's cell (i, j) is the length for the first i and j symbols. Along a row it grows by 0 or
 * 1 a column, so a row is kept as bits: 0 where it grows. The next row, with M the columns that hold
 * its symbol, is (V + (V & M)) | (V & ~M). */
#include "metric/lcs.h"

#include <stdlib.h>
#include <string.h>

static s2s_status begin(s2s_lcs *lcs, s2s_sequence columns, size_t rows, s2s_err *err) {
    S2S_TRY(s2s_columns_set(&lcs->columns, columns, err));
    size_t width = lcs->columns.width;
    if (width && rows > SIZE_MAX / sizeof *lcs->rows / width) return s2s_fail_memory(err, SIZE_MAX);
    S2S_TRY(s2s_grow(&lcs->rows, &lcs->rows_capacity, rows * width, sizeof *lcs->rows, err));
    if (width) memset(lcs->rows, 0xFF, width * sizeof *lcs->rows);
    return S2S_OK;
}

/* `to` may be `from`. */
static void next_row(s2s_lcs *lcs, uint32_t symbol, const uint64_t *from, uint64_t *to) {
    const uint64_t *match = s2s_columns_of(&lcs->columns, symbol);
    uint64_t carry = 0;
    for (size_t k = 0; k < lcs->columns.width; k++) {
        uint64_t row = from[k], sum;
        bool over = __builtin_add_overflow(row, row & match[k], &sum);
        over |= __builtin_add_overflow(sum, carry, &sum);
        carry = over;
        to[k] = sum | (row & ~match[k]);
    }
}

/* Cell (row, j): the zeros among its first j bits. */
static size_t cell(const uint64_t *row, size_t j) {
    size_t ones = 0, whole = j / S2S_ROW_BITS, rest = j % S2S_ROW_BITS;
    for (size_t k = 0; k < whole; k++) ones += (size_t)__builtin_popcountll(row[k]);
    if (rest) ones += (size_t)__builtin_popcountll(row[whole] << (S2S_ROW_BITS - rest));
    return j - ones;
}

s2s_status s2s_lcs_length(s2s_lcs *lcs, s2s_sequence rows, s2s_sequence columns, size_t *length,
                          s2s_err *err) {
    S2S_TRY(begin(lcs, columns, 1, err));
    for (size_t i = 0; i < rows.size; i++) next_row(lcs, rows.data[i], lcs->rows, lcs->rows);
    *length = cell(lcs->rows, columns.size);
    return S2S_OK;
}

s2s_status s2s_lcs_mark(s2s_lcs *lcs, s2s_sequence rows, s2s_sequence columns, uint32_t *marks,
                        s2s_err *err) {
    S2S_TRY(begin(lcs, columns, rows.size + 1, err));
    size_t width = lcs->columns.width;
    for (size_t i = 0; i < rows.size; i++)
        next_row(lcs, rows.data[i], lcs->rows + i * width, lcs->rows + (i + 1) * width);
    for (size_t i = rows.size, j = columns.size; i > 0 && j > 0;) {
        const uint64_t *above = lcs->rows + (i - 1) * width;
        if (rows.data[i - 1] == columns.data[j - 1]) {
            marks[--i] = 1;
            j--;
        } else if (cell(above + width, j - 1) > cell(above, j)) {
            j--;
        } else {
            i--;
        }
    }
    return S2S_OK;
}

void s2s_lcs_release(s2s_lcs *lcs) {
    s2s_columns_release(&lcs->columns);
    free(lcs->rows);
    *lcs = (s2s_lcs){0};
}
