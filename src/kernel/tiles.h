/* How a product C [m x n] of inner size k is cut for threads: by its shape alone; private to this folder.
 *
 * Many rows and few columns (activations): 256 whole rows. A small C with a long inner size (weight
 * gradients): C is cut in both directions, at least 8 tiles where it is not tiny. */
#ifndef S2S_KERNEL_TILES_H
#define S2S_KERNEL_TILES_H

enum { S2S_TILE_ROWS = 256, S2S_TILE_COLUMNS = 2048, S2S_TILE_FEW_ROWS = 64 };

typedef struct s2s_tiles {
    int m, n, rows, across, count;
} s2s_tiles;

typedef struct s2s_tile {
    int row, rows, column, columns;
} s2s_tile;

static inline int s2s_tile_rows(int m, int k) {
    if (m > 8 * S2S_TILE_ROWS || k <= m) return S2S_TILE_ROWS;
    int eighth = (m / 8 + 15) / 16 * 16; /* whole vectors */
    return eighth < S2S_TILE_FEW_ROWS ? S2S_TILE_FEW_ROWS
           : eighth > S2S_TILE_ROWS   ? S2S_TILE_ROWS
                                      : eighth;
}

static inline s2s_tiles s2s_tiles_of(int m, int n, int k) {
    int rows = s2s_tile_rows(m, k), across = (n + S2S_TILE_COLUMNS - 1) / S2S_TILE_COLUMNS;
    return (s2s_tiles){m, n, rows, across, (m + rows - 1) / rows * across};
}

static inline s2s_tile s2s_tile_at(const s2s_tiles *t, int i) {
    int row = i / t->across * t->rows, column = i % t->across * S2S_TILE_COLUMNS;
    int rows = t->m - row, columns = t->n - column;
    return (s2s_tile){row, rows < t->rows ? rows : t->rows, column,
                      columns < S2S_TILE_COLUMNS ? columns : S2S_TILE_COLUMNS};
}

#endif
