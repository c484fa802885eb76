/* See columns.h. The places of a symbol are a chain from its last one backwards. */
#include "metric/columns.h"

#include <stdlib.h>
#include <string.h>

static void forget(s2s_columns *columns) {
    for (size_t i = 0; i < columns->symbols.size; i++)
        columns->last.data[columns->symbols.data[i]] = 0;
    columns->symbols.size = columns->before.size = 0;
}

static s2s_status add(s2s_columns *columns, uint32_t symbol, s2s_err *err) {
    while (columns->last.size <= symbol) S2S_TRY(s2s_points_push(&columns->last, 0, err));
    S2S_TRY(s2s_points_push(&columns->before, columns->last.data[symbol], err));
    S2S_TRY(s2s_points_push(&columns->symbols, symbol, err));
    columns->last.data[symbol] = (uint32_t)columns->symbols.size;
    return S2S_OK;
}

s2s_status s2s_columns_set(s2s_columns *columns, s2s_sequence sequence, s2s_err *err) {
    forget(columns);
    for (size_t i = 0; i < sequence.size; i++) S2S_TRY(add(columns, sequence.data[i], err));
    columns->width = (sequence.size + S2S_ROW_BITS - 1) / S2S_ROW_BITS;
    return s2s_grow(&columns->row, &columns->row_capacity, columns->width, sizeof *columns->row,
                    err);
}

const uint64_t *s2s_columns_of(s2s_columns *columns, uint32_t symbol) {
    if (columns->width) memset(columns->row, 0, columns->width * sizeof *columns->row);
    uint32_t place = symbol < columns->last.size ? columns->last.data[symbol] : 0;
    for (; place; place = columns->before.data[place - 1])
        columns->row[(place - 1) / S2S_ROW_BITS] |= (uint64_t)1 << ((place - 1) % S2S_ROW_BITS);
    return columns->row;
}

void s2s_columns_release(s2s_columns *columns) {
    s2s_points_release(&columns->symbols);
    s2s_points_release(&columns->last);
    s2s_points_release(&columns->before);
    free(columns->row);
    *columns = (s2s_columns){0};
}
