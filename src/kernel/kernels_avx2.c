/* The vector kernels for AVX2 with FMA: see vector_body.h. */
#include <immintrin.h>
#include <string.h>

#define S2S_LANES 8
#define WIDE 2 /* 6 x 2 sums, 2 columns and a broadcast use 15 of 16 registers */

typedef float vec __attribute__((vector_size(32)));
typedef int ivec __attribute__((vector_size(32)));

/* Ones in the first n lanes, for masked loads and stores. */
static inline __m256i part_mask(int n) {
    return _mm256_cmpgt_epi32(_mm256_set1_epi32(n), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}

static inline float lanes_sum(__m256 x) {
    __m128 half = _mm_add_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
    half = _mm_add_ps(half, _mm_movehl_ps(half, half));
    return _mm_cvtss_f32(_mm_add_ss(half, _mm_shuffle_ps(half, half, 1)));
}

static inline float lanes_largest(__m256 x) {
    __m128 half = _mm_max_ps(_mm256_castps256_ps128(x), _mm256_extractf128_ps(x, 1));
    half = _mm_max_ps(half, _mm_movehl_ps(half, half));
    return _mm_cvtss_f32(_mm_max_ss(half, _mm_shuffle_ps(half, half, 1)));
}

#define v_sqrt(x) ((vec)_mm256_sqrt_ps((__m256)(x)))
#define v_max(a, b) ((vec)_mm256_max_ps((__m256)(a), (__m256)(b)))
#define v_sum(x) lanes_sum((__m256)(x))
#define v_largest(x) lanes_largest((__m256)(x))
#define v_load_part(p, n) ((vec)_mm256_maskload_ps((p), part_mask(n)))
#define v_store_part(p, x, n) _mm256_maskstore_ps((p), part_mask(n), (__m256)(x))
/* The high and low words of 8 products with a constant. */
#define v_mul_wide(x, constant, high, low)                                                         \
    do {                                                                                           \
        __m256i c_ = _mm256_set1_epi32((int)(constant));                                           \
        __m256i even_ = _mm256_mul_epu32((__m256i)(x), c_);                                        \
        __m256i odd_ = _mm256_mul_epu32(_mm256_srli_epi64((__m256i)(x), 32), c_);                  \
        *(high) = (uvec)_mm256_blend_epi32(_mm256_srli_epi64(even_, 32), odd_, 0xAA);              \
        *(low) = (uvec)_mm256_blend_epi32(even_, _mm256_slli_epi64(odd_, 32), 0xAA);               \
    } while (0)

#define v_permute(x, index) ((vec)_mm256_permutevar8x32_ps((__m256)(x), (__m256i)(index)))
#define v_store_bytes(p, x, n) store_bytes((p), (__m256)(x), (n))

static inline ivec store_bytes(void *p, __m256 x, size_t n) {
    __m256i rounded = _mm256_cvtps_epi32(x);
    __m128i words =
        _mm_packs_epi32(_mm256_castsi256_si128(rounded), _mm256_extracti128_si256(rounded, 1));
    __m128i bytes = _mm_packs_epi16(words, words);
    memcpy(p, &bytes, n);
    return (ivec)rounded;
}

#include "kernel/bf16.h"
#include "kernel/int8.h"
#include "kernel/vector_body.h"

const s2s_kernels s2s_kernels_avx2 =
    KERNEL_TABLE("avx2", s2s_int8_product_avx2, s2s_bf16_product_by_mm);
const s2s_kernels s2s_kernels_avxvnni =
    KERNEL_TABLE("avxvnni", s2s_int8_product_avxvnni, s2s_bf16_product_by_mm);
