/* The second part of vector_body.h, which includes it: small products, transposing, and rounding to bytes. */

/* --- products --- */

/* An mr x nv tile of registers; the last vector has `last` lanes. All of mr, nv and `whole` are constants
 * where this is called, so that the loops unroll and the tile stays in registers. */
INLINE void mm_tile(const int mr, const int nv, const bool whole, int last, int k, const float *a,
                    ptrdiff_t row, ptrdiff_t column, const float *b, ptrdiff_t ldb, float *c,
                    ptrdiff_t ldc, bool accumulate) {
    vec sum[12][4];
#pragma GCC unroll 12
    for (int i = 0; i < mr; i++)
#pragma GCC unroll 4
        for (int v = 0; v < nv; v++) sum[i][v] = v_all(0);
    for (int p = 0; p < k; p++, a += column, b += ldb) {
        vec bv[4];
#pragma GCC unroll 4
        for (int v = 0; v < nv; v++)
            bv[v] = whole || v < nv - 1 ? v_load(b + v * S2S_LANES)
                                        : v_load_part(b + v * S2S_LANES, last);
#pragma GCC unroll 12
        for (int i = 0; i < mr; i++) {
            vec av = v_all(a[i * row]);
#pragma GCC unroll 4
            for (int v = 0; v < nv; v++) sum[i][v] += av * bv[v];
        }
    }
#pragma GCC unroll 12
    for (int i = 0; i < mr; i++)
#pragma GCC unroll 4
        for (int v = 0; v < nv; v++) {
            float *out = c + i * ldc + v * S2S_LANES;
            size_t part = whole || v < nv - 1 ? S2S_LANES : (size_t)last;
            v_put(out, accumulate ? v_get(out, part) + sum[i][v] : sum[i][v], part);
        }
}

/* All rows of a column block that is nv vectors wide. */
#define MM_ROWS(name, nv, whole, FIRST, STEPS)                                                     \
    static void name(int m, int last, int k, const float *a, ptrdiff_t row, ptrdiff_t column,      \
                     const float *b, ptrdiff_t ldb, float *c, ptrdiff_t ldc, bool accumulate) {    \
        (void)last;                                                                                \
        for (; m >= FIRST; m -= FIRST, a += FIRST * row, c += FIRST * ldc)                         \
            mm_tile(FIRST, nv, whole, last, k, a, row, column, b, ldb, c, ldc, accumulate);        \
        STEPS(nv, whole)                                                                           \
    }
#define MM_STEP(mr, nv, whole)                                                                     \
    if (m >= mr) {                                                                                 \
        mm_tile(mr, nv, whole, last, k, a, row, column, b, ldb, c, ldc, accumulate);               \
        m -= mr, a += mr * row, c += mr * ldc;                                                     \
    }
#define MM_STEPS_6(nv, whole) MM_STEP(4, nv, whole) MM_STEP(2, nv, whole) MM_STEP(1, nv, whole)
#define MM_STEPS_12(nv, whole) MM_STEP(8, nv, whole) MM_STEPS_6(nv, whole)

#if WIDE == 4
MM_ROWS(mm_wide, 4, true, 6, MM_STEPS_6)
MM_ROWS(mm_two, 2, true, 12, MM_STEPS_12)
MM_ROWS(mm_one, 1, true, 12, MM_STEPS_12)
MM_ROWS(mm_part, 1, false, 12, MM_STEPS_12)
#else
MM_ROWS(mm_two, 2, true, 6, MM_STEPS_6)
MM_ROWS(mm_one, 1, true, 6, MM_STEPS_6)
MM_ROWS(mm_part, 1, false, 6, MM_STEPS_6)
#endif

static void mm(int m, int n, int k, const float *a, int row, int column, const float *b, int ldb,
               float *c, int ldc, bool accumulate) {
    int j = 0;
#if WIDE == 4
    for (; j + 4 * S2S_LANES <= n; j += 4 * S2S_LANES)
        mm_wide(m, 0, k, a, row, column, b + j, ldb, c + j, ldc, accumulate);
#endif
    for (; j + 2 * S2S_LANES <= n; j += 2 * S2S_LANES)
        mm_two(m, 0, k, a, row, column, b + j, ldb, c + j, ldc, accumulate);
    for (; j + S2S_LANES <= n; j += S2S_LANES)
        mm_one(m, 0, k, a, row, column, b + j, ldb, c + j, ldc, accumulate);
    if (j < n) mm_part(m, n - j, k, a, row, column, b + j, ldb, c + j, ldc, accumulate);
}

/* --- transposing --- */

/* Exchanges, in rows a and b, the lanes of a with and those of b without the bit `distance` in their
 * number. */
INLINE void v_exchange(vec *a, vec *b, int distance) {
    ivec neighbour, with;
    for (int i = 0; i < S2S_LANES; i++) {
        neighbour[i] = i ^ distance;
        with[i] = i & distance ? -1 : 0;
    }
    vec from_b = v_permute(*b, neighbour), from_a = v_permute(*a, neighbour);
    *a = v_select(with, from_b, *a);
    *b = v_select(with, *b, from_a);
}

/* A square of S2S_LANES rows, one bit of row and lane numbers after the other; only `rows` of them and
 * `columns` lanes exist. */
INLINE void transpose_square(float *dst, ptrdiff_t ldd, const float *src, ptrdiff_t lds, int rows,
                             int columns) {
    vec row[S2S_LANES];
#pragma GCC unroll 16
    for (int i = 0; i < S2S_LANES; i++)
        row[i] = i < rows ? v_get(src + i * lds, (size_t)columns) : v_all(0);
#pragma GCC unroll 4
    for (int distance = 1; distance < S2S_LANES; distance *= 2)
#pragma GCC unroll 16
        for (int i = 0; i < S2S_LANES; i++)
            if (!(i & distance)) v_exchange(row + i, row + i + distance, distance);
#pragma GCC unroll 16
    for (int i = 0; i < S2S_LANES; i++)
        if (i < columns) v_put(dst + i * ldd, row[i], (size_t)rows);
}

static void transpose(float *dst, int ldd, const float *src, int lds, int rows, int columns) {
    for (int r = 0; r < rows; r += S2S_LANES)
        for (int c = 0; c < columns; c += S2S_LANES)
            transpose_square(dst + (size_t)c * (size_t)ldd + r, ldd,
                             src + (size_t)r * (size_t)lds + c, lds,
                             rows - r < S2S_LANES ? rows - r : S2S_LANES,
                             columns - c < S2S_LANES ? columns - c : S2S_LANES);
}

/* --- bfloat16 --- */

typedef unsigned long long lvec __attribute__((vector_size(4 * S2S_LANES)));
typedef unsigned half_uvec __attribute__((vector_size(2 * S2S_LANES)));

/* To the nearest bfloat16, ties to even, in the upper half; NaN stays NaN. */
INLINE uvec round_bf16(vec x) {
    uvec bits = (uvec)x, rounded = bits + 0x7fff + ((bits >> 16) & 1);
    return (uvec)v_select(x == x, (vec)rounded, (vec)(bits | 0x400000));
}

static void pair_in_rows(s2s_bf16_pair *dst, int ldd, const float *x, int ldx, int rows,
                         int width) {
    size_t pairs = ((size_t)width + 1) / 2;
    for (int r = 0; r < rows; r++, dst += ldd, x += ldx) {
        FOR_VECTORS((size_t)width) {
            lvec both = (lvec)round_bf16(v_get(x + i, part));
            both = (both >> 16 & 0xffff) | (both >> 32 & 0xffff0000);
            half_uvec pair = __builtin_convertvector(both, half_uvec);
            memcpy(dst + i / 2, &pair, (part + 1) / 2 * sizeof *dst);
        }
        memset(dst + pairs, 0, ((size_t)ldd - pairs) * sizeof *dst);
    }
}

static void pair_of_rows(s2s_bf16_pair *dst, int ldd, const float *x, int ldx, int rows,
                         int width) {
    /* Rows; a short row ends before the processor sees that it is read in order. */
    enum { AHEAD = 8 };
    for (int r = 0; r < rows; r += 2, dst += ldd, x += 2 * (size_t)ldx) {
        const float *next = x + ldx, *soon = x + AHEAD * (size_t)ldx;
        bool more = r + AHEAD + 1 < rows;
        FOR_VECTORS((size_t)width) {
            if (more) {
                __builtin_prefetch(soon + i);
                __builtin_prefetch(soon + ldx + i);
            }
            uvec first = round_bf16(v_get(x + i, part)), second = {0};
            if (r + 1 < rows) second = round_bf16(v_get(next + i, part));
            uvec pair = first >> 16 | (second & 0xffff0000);
            memcpy(dst + i, &pair, part * sizeof *dst);
        }
    }
}

/* Only moves bits: a lane holds a pair as well as a float. */
static void transpose_pairs(s2s_bf16_pair *dst, int ldd, const s2s_bf16_pair *src, int lds,
                            int rows, int columns) {
    transpose((float *)(void *)dst, ldd, (const float *)(const void *)src, lds, rows, columns);
}

/* --- int8 --- */

/* NaN when one of them is no finite number: a maximum alone may lose it. */
INLINE float largest_absolute(const float *x, size_t width) {
    vec largest = v_all(0), odd = v_all(0);
    FOR_VECTORS(width) {
        vec value = v_get(x + i, part); /* its unused lanes are 0 */
        largest = v_max(largest, v_max(value, -value));
        odd += value - value;
    }
    return v_largest(largest) + v_sum(odd);
}

static void quantize(const s2s_int8_rows *rows, const float *x, int ldx, int n, int width) {
    for (int r = 0; r < n; r++, x += ldx) {
        int8_t *q = rows->q + (size_t)r * rows->ld;
        float largest = largest_absolute(x, (size_t)width), raise = largest > 0 ? 127 / largest : 0;
        ivec sum = {0};
        FOR_VECTORS((size_t)width) sum += v_store_bytes(q + i, v_get(x + i, part) * raise, part);
        memset(q + width, 0, rows->ld - (size_t)width);
        rows->scale[r] = largest / 127;
        rows->sum[r] = 0;
        if (isnan(largest)) continue; /* there are no numbers to add up */
        for (int lane = 0; lane < S2S_LANES; lane++) rows->sum[r] += sum[lane];
    }
}
