/* How the products with AMX use its eight tile registers (Intel's servers from 2023), each of up to 16 rows of 64
 * bytes: 0 to 3 hold sums, two by two, 4 and 5 rows, 6 and 7 columns; private to this folder. For files that are
 * compiled for AMX. */
#ifndef S2S_KERNEL_AMX_H
#define S2S_KERNEL_AMX_H

#include <immintrin.h>
#include <stdint.h>

enum { S2S_AMX_SIDE = 16 };

/* Rows of the upper and of the lower tiles, columns of the left and of the right ones; at most S2S_AMX_SIDE each, 0
 * makes them unusable. A column of sums has 4 bytes, and so has what is multiplied in one. */
static inline void s2s_amx_shapes(int upper, int lower, int left, int right) {
    enum { SIDE = S2S_AMX_SIDE, TILES = 8 };
    struct {
        uint8_t palette, start_row, reserved[14];
        uint16_t bytes[16];
        uint8_t rows[16];
    } s = {.palette = 1};
    const int rows[TILES] = {upper, upper, lower, lower, upper, lower, SIDE, SIDE};
    const int columns[TILES] = {left, right, left, right, SIDE, SIDE, left, right};
    for (int i = 0; i < TILES; i++)
        if (rows[i] && columns[i])
            s.rows[i] = (uint8_t)rows[i], s.bytes[i] = (uint16_t)(4 * columns[i]);
    _tile_loadconfig(&s);
}

#endif
