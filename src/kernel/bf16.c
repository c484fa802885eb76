/* See bf16.h. Of a product, B is paired and cut into panels as a whole first; then tiles of C are made, each
 * by one thread, from a block of A at a time that stays in the second-level cache. */
#include "kernel/bf16.h"

#include <string.h>

#include "base/thread.h"
#include "kernel/tiles.h"

enum { PANEL = S2S_BF16_COLUMNS, BLOCK_PAIRS = 256, ROOM = S2S_TILE_ROWS * BLOCK_PAIRS };

typedef struct product {
    bool transpose_a, transpose_b, add;
    int m, n, k;
    const s2s_real *a;
    int lda;
    const s2s_real *b;
    int ldb;
    s2s_real *c;
    int ldc;
    const s2s_real *bias;
    int pairs;             /* along the inner index, rounded up */
    s2s_bf16_pair *panels; /* [n / PANEL] [pairs] [PANEL] */
    s2s_bf16_pair *rooms;  /* for each thread: a block of A, and one before it is transposed */
} product;

static int pairs_of(int k) {
    return ((k + 1) / 2 + S2S_BF16_DEPTH - 1) / S2S_BF16_DEPTH * S2S_BF16_DEPTH;
}

static int panels_of(int n) {
    return (n + PANEL - 1) / PANEL;
}

static size_t panels_size(int n, int k) {
    return (size_t)panels_of(n) * (size_t)pairs_of(k) * PANEL;
}

size_t s2s_bf16_scratch(int n, int k, int threads) {
    size_t pairs = panels_size(n, k) + (size_t)threads * 2 * ROOM;
    return pairs * sizeof(s2s_bf16_pair) / sizeof(s2s_real) + 1;
}

/* --- packing --- */

/* block [rows x pairs] = A's rows from `row` on, pairs from `first` on. */
static void pack_rows(const product *p, int row, int rows, int first, int pairs,
                      s2s_bf16_pair *block) {
    const s2s_kernels *kernel = s2s_kernel();
    size_t inner = 2 * (size_t)first;
    int left = p->k - 2 * first, elements = left < 2 * pairs ? left : 2 * pairs;
    if (!p->transpose_a) {
        kernel->pair_in_rows(block, pairs, p->a + (size_t)row * (size_t)p->lda + inner, p->lda,
                             rows, elements);
        return;
    }
    s2s_bf16_pair *room = block + ROOM;
    int whole = (elements + 1) / 2;
    kernel->pair_of_rows(room, rows, p->a + inner * (size_t)p->lda + row, p->lda, elements, rows);
    memset(room + (size_t)whole * (size_t)rows, 0,
           (size_t)(pairs - whole) * (size_t)rows * sizeof *room);
    kernel->transpose_pairs(block, pairs, room, rows, pairs, rows);
}

/* B's panels are made a piece at a time: where the inner index is that of the rows, some rows for all panels, so
 * that memory is read in its order; else all of a panel. */
enum { ROWS_OF_PIECE = 2 * S2S_BF16_DEPTH };

static int pieces_of(const product *p) {
    return p->transpose_b ? panels_of(p->n) : p->pairs / S2S_BF16_DEPTH;
}

static s2s_bf16_pair *panel_at(const product *p, int panel, int pair) {
    return p->panels + ((size_t)panel * (size_t)p->pairs + (size_t)pair) * PANEL;
}

static int panel_columns(const product *p, int panel) {
    int left = p->n - panel * PANEL;
    return left < PANEL ? left : PANEL;
}

static void pair_rows(const product *p, int piece) {
    for (int row = piece * ROWS_OF_PIECE; row < (piece + 1) * ROWS_OF_PIECE; row += 2)
        for (int panel = 0; panel < panels_of(p->n); panel++) {
            int columns = panel_columns(p, panel), rows = p->k - row < 2 ? p->k - row : 2;
            s2s_bf16_pair *dst = panel_at(p, panel, row / 2);
            if (rows <= 0 || columns < PANEL) memset(dst, 0, PANEL * sizeof *dst);
            if (rows > 0)
                s2s_kernel()->pair_of_rows(dst, PANEL,
                                           p->b + (size_t)row * (size_t)p->ldb + panel * PANEL,
                                           p->ldb, rows, columns);
        }
}

static void pair_columns(const product *p, int panel, s2s_bf16_pair *room) {
    const s2s_kernels *kernel = s2s_kernel();
    int columns = panel_columns(p, panel);
    const s2s_real *b = p->b + (size_t)panel * PANEL * (size_t)p->ldb;
    if (columns < PANEL) memset(panel_at(p, panel, 0), 0, (size_t)p->pairs * PANEL * sizeof *room);
    for (int first = 0; first < p->pairs; first += BLOCK_PAIRS) {
        int pairs = p->pairs - first < BLOCK_PAIRS ? p->pairs - first : BLOCK_PAIRS;
        int left = p->k - 2 * first, inner = left < 2 * pairs ? left : 2 * pairs;
        kernel->pair_in_rows(room, pairs, b + 2 * (size_t)first, p->ldb, columns, inner);
        kernel->transpose_pairs(panel_at(p, panel, first), PANEL, room, pairs, columns, pairs);
    }
}

static void make_piece(const product *p, int piece, s2s_bf16_pair *room) {
    if (p->transpose_b)
        pair_columns(p, piece, room);
    else
        pair_rows(p, piece);
}

/* --- products --- */

static void make_tile(const product *p, s2s_tile t, s2s_bf16_pair *block) {
    s2s_bf16_product *multiply = s2s_kernel()->bf16_product;
    for (int first = 0; first < p->pairs; first += BLOCK_PAIRS) {
        int pairs = p->pairs - first < BLOCK_PAIRS ? p->pairs - first : BLOCK_PAIRS;
        pack_rows(p, t.row, t.rows, first, pairs, block);
        for (int j = t.column; j < t.column + t.columns; j += PANEL) {
            int left = t.column + t.columns - j;
            multiply(t.rows, left < PANEL ? left : PANEL, pairs, block, pairs,
                     panel_at(p, j / PANEL, first), p->c + (size_t)t.row * (size_t)p->ldc + j,
                     p->ldc, p->add || first > 0);
        }
    }
    if (p->bias)
        s2s_kernel()->add_row(p->c + (size_t)t.row * (size_t)p->ldc + t.column, p->ldc,
                              p->bias + t.column, t.rows, t.columns);
}

/* Lays out the scratch; clears C where there is nothing to add up. False: C is empty. */
static bool prepare(product *p, s2s_real *scratch) {
    for (int i = 0; p->k <= 0 && !p->add && i < p->m; i++)
        memset(p->c + (size_t)i * (size_t)p->ldc, 0, (size_t)p->n * sizeof *p->c);
    p->pairs = pairs_of(p->k);
    p->panels = (s2s_bf16_pair *)(void *)scratch;
    p->rooms = p->panels + panels_size(p->n, p->k);
    return p->m > 0 && p->n > 0;
}

void s2s_bf16_gemm(bool transpose_a, bool transpose_b, int m, int n, int k, const s2s_real *a,
                   int lda, const s2s_real *b, int ldb, s2s_real *c, int ldc, bool add,
                   s2s_real *scratch) {
    product p = {transpose_a, transpose_b, add, m, n, k, a, lda, b, ldb, c, ldc, .bias = NULL};
    if (!prepare(&p, scratch)) return;
    for (int i = 0; i < pieces_of(&p); i++) make_piece(&p, i, p.rooms);
    s2s_tiles tiles = s2s_tiles_of(m, n, k);
    for (int i = 0; i < tiles.count; i++) make_tile(&p, s2s_tile_at(&tiles, i), p.rooms);
}

void s2s_bf16_gemm_parallel(bool transpose_a, bool transpose_b, int m, int n, int k,
                            const s2s_real *a, int lda, const s2s_real *b, int ldb, s2s_real *c,
                            int ldc, bool add, const s2s_real *bias, int threads,
                            s2s_real *scratch) {
    product p = {transpose_a, transpose_b, add, m, n, k, a, lda, b, ldb, c, ldc, .bias = bias};
    if (!prepare(&p, scratch)) return;
    s2s_tiles tiles = s2s_tiles_of(m, n, k);
#pragma omp parallel num_threads(threads)
    {
        s2s_bf16_pair *room = p.rooms + (size_t)s2s_thread_index() * 2 * ROOM;
#pragma omp for schedule(dynamic, 1)
        for (int i = 0; i < pieces_of(&p); i++) make_piece(&p, i, room);
#pragma omp for schedule(dynamic, 1)
        for (int i = 0; i < tiles.count; i++) make_tile(&p, s2s_tile_at(&tiles, i), room);
    }
}

/* --- the reference --- */

enum { EXPAND = 64 /* inner elements at a time */ };

static s2s_real half_of(s2s_bf16_pair pair, int second) {
    return s2s_bfloat16_widen((s2s_bfloat16)(pair >> (second ? 16 : 0)));
}

void s2s_bf16_product_by_mm(int m, int columns, int pairs, const s2s_bf16_pair *a, int lda,
                            const s2s_bf16_pair *b, s2s_real *c, int ldc, bool add) {
    enum { ROWS = 32 };
    s2s_real wide_a[ROWS * EXPAND], wide_b[EXPAND * PANEL];
    for (int first = 0; first < pairs; first += EXPAND / 2) {
        int depth = pairs - first < EXPAND / 2 ? 2 * (pairs - first) : EXPAND;
        for (int p = 0; p < depth; p++)
            for (int j = 0; j < columns; j++)
                wide_b[p * PANEL + j] =
                    half_of(b[(size_t)(first + p / 2) * PANEL + (size_t)j], p % 2);
        for (int row = 0; row < m; row += ROWS) {
            int rows = m - row < ROWS ? m - row : ROWS;
            for (int r = 0; r < rows; r++)
                for (int p = 0; p < depth; p++)
                    wide_a[r * EXPAND + p] = half_of(
                        a[(size_t)(row + r) * (size_t)lda + (size_t)(first + p / 2)], p % 2);
            s2s_kernel()->mm(rows, columns, depth, wide_a, EXPAND, 1, wide_b, PANEL,
                             c + (size_t)row * (size_t)ldc, ldc, add || first > 0);
        }
    }
}
