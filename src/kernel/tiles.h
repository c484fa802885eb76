/* How a product C [m x n] of inner size k is cut for threads: by its shape alone; private to this folder.
 *
 * Many rows and few columns (activations): 256 whole rows. A small C with a long inner size (weight
 * gradients): 256 x 512, or lower ones, so that there are 8 tiles where C is not tiny. */
#ifndef S2S_KERNEL_TILES_H
#define S2S_KERNEL_TILES_H

enum { S2S_TILE_ROWS = 256, S2S_TILE_COLUMNS = 2048 };

typedef struct s2s_tiles {
    int m, n, rows, columns, across, count;
} s2s_tiles;

typedef struct s2s_tile {
    int row, rows, column, columns;
} s2s_tile;

static inline int s2s_tiles_along(int size, int tile) {
    return (size + tile - 1) / tile;
}

static inline s2s_tiles s2s_tiles_of(int m, int n, int k) {
    enum { LONG_COLUMNS = 512, LEAST_ROWS = 64, LEAST_COLUMNS = 128, ENOUGH = 8 };
    int rows = S2S_TILE_ROWS, columns = k > m ? LONG_COLUMNS : S2S_TILE_COLUMNS;
    while (k > m && s2s_tiles_along(m, rows) * s2s_tiles_along(n, columns) < ENOUGH) {
        if (rows > LEAST_ROWS)
            rows /= 2;
        else if (columns > LEAST_COLUMNS)
            columns /= 2;
        else
            break;
    }
    int across = s2s_tiles_along(n, columns);
    return (s2s_tiles){m, n, rows, columns, across, s2s_tiles_along(m, rows) * across};
}

static inline s2s_tile s2s_tile_at(const s2s_tiles *t, int i) {
    int row = i / t->across * t->rows, column = i % t->across * t->columns;
    int rows = t->m - row, columns = t->n - column;
    return (s2s_tile){row, rows < t->rows ? rows : t->rows, column,
                      columns < t->columns ? columns : t->columns};
}

#endif
