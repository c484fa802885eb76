/* The third part of vector_body.h, which includes it: products with a panel of packed weights (packed.h).
 *
 * Weights are more than caches hold, so a panel comes from memory. The processor's own guess at what is read next starts
 * anew with every page, and does nothing while the rows of A after the first few meet a panel that is there already: so
 * memory would idle while numbers are multiplied, and the other way around. Therefore all passes over a block of a
 * panel share in asking for the block behind it, which is the one needed next (docs/decisions.md has figures). */

enum {
    PANEL_ROWS = 6, /* of A in a pass */
    PANEL_DEPTH =
        512, /* rows of a panel in a block: two blocks and rows of A stay in the second-level cache */
    CACHE_LINE = 64,
    PANEL_LINES = S2S_PANEL * sizeof(float) / CACHE_LINE /* in a row of a panel */
};

/* What is still to be asked for. */
typedef struct panel_ahead {
    const char *next;
    int lines; /* with each row */
    int rows;  /* that are left to do so */
} panel_ahead;

/* `mr` (a constant) rows times WIDE registers, of which the first `columns` numbers are wanted. */
INLINE void panel_tile(const int mr, int columns, int k, const float *a, ptrdiff_t lda,
                       const float *panel, panel_ahead *ahead, const float *bias, float *c,
                       ptrdiff_t ldc, bool add) {
    vec sum[PANEL_ROWS][WIDE];
    int lines = ahead->rows > 0 ? ahead->lines : 0;
    const char *next = ahead->next;
#pragma GCC unroll 6
    for (int i = 0; i < mr; i++)
#pragma GCC unroll 4
        for (int v = 0; v < WIDE; v++) sum[i][v] = v_all(0);
    for (int p = 0; p < k; p++, a++, panel += S2S_PANEL) {
        vec b[WIDE];
        for (int i = 0; i < lines; i++, next += CACHE_LINE) __builtin_prefetch(next, 0, 2);
#pragma GCC unroll 4
        for (int v = 0; v < WIDE; v++) b[v] = v_load(panel + v * S2S_LANES);
#pragma GCC unroll 6
        for (int i = 0; i < mr; i++) {
            vec value = v_all(a[i * lda]);
#pragma GCC unroll 4
            for (int v = 0; v < WIDE; v++) sum[i][v] += value * b[v];
        }
    }
    ahead->next = next;
    ahead->rows -= k;
#pragma GCC unroll 4
    for (int v = 0; v < WIDE; v++, columns -= S2S_LANES) {
        if (columns <= 0) return;
        size_t part = columns < S2S_LANES ? (size_t)columns : S2S_LANES;
#pragma GCC unroll 6
        for (int i = 0; i < mr; i++) {
            float *out = c + i * ldc + v * S2S_LANES;
            vec value = add ? v_get(out, part) + sum[i][v] : sum[i][v];
            v_put(out, bias ? value + v_get(bias + v * S2S_LANES, part) : value, part);
        }
    }
}

static void panel_block(int m, int columns, int k, const float *a, ptrdiff_t lda,
                        const float *panel, panel_ahead *ahead, const float *bias, float *c,
                        ptrdiff_t ldc, bool add) {
    for (; m >= PANEL_ROWS; m -= PANEL_ROWS, a += PANEL_ROWS * lda, c += PANEL_ROWS * ldc)
        panel_tile(PANEL_ROWS, columns, k, a, lda, panel, ahead, bias, c, ldc, add);
#define PANEL_REST(mr)                                                                             \
    case mr:                                                                                       \
        panel_tile(mr, columns, k, a, lda, panel, ahead, bias, c, ldc, add);                       \
        break;
    switch (m) {
        PANEL_REST(1)
        PANEL_REST(2)
        PANEL_REST(3)
        PANEL_REST(4)
        PANEL_REST(5)
    default:
        break;
    }
#undef PANEL_REST
}

static void real_product(int m, int columns, int k, const float *a, int lda, const float *panel,
                         const float *bias, float *c, int ldc) {
    const int wide = WIDE * S2S_LANES;
    int passes = (columns + wide - 1) / wide * ((m + PANEL_ROWS - 1) / PANEL_ROWS);
    int lines = passes >= PANEL_LINES ? 1 : (PANEL_LINES + passes - 1) / passes;
    for (int p = 0; p < k; p += PANEL_DEPTH) {
        int depth = k - p < PANEL_DEPTH ? k - p : PANEL_DEPTH;
        const float *block = panel + (size_t)p * S2S_PANEL;
        panel_ahead ahead = {(const char *)(block + (size_t)depth * S2S_PANEL), lines,
                             depth * PANEL_LINES / lines};
        for (int j = 0; j < columns; j += wide)
            panel_block(m, columns - j, depth, a + p, lda, block + j, &ahead,
                        bias && p + depth == k ? bias + j : NULL, c + j, ldc, p > 0);
    }
}
