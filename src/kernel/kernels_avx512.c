/* The vector kernels for AVX-512 (F, BW, DQ, VL): see vector_body.h. */
#include <immintrin.h>

#define S2S_LANES 16
#define WIDE 4 /* 6 x 4 sums, 4 columns and a broadcast use 29 of 32 registers */

typedef float vec __attribute__((vector_size(64)));
typedef int ivec __attribute__((vector_size(64)));

#define v_sqrt(x) ((vec)_mm512_sqrt_ps((__m512)(x)))
#define v_max(a, b) ((vec)_mm512_max_ps((__m512)(a), (__m512)(b)))
#define v_sum(x) _mm512_reduce_add_ps((__m512)(x))
#define v_largest(x) _mm512_reduce_max_ps((__m512)(x))
#define v_load_part(p, n) ((vec)_mm512_maskz_loadu_ps((__mmask16)((1u << (n)) - 1), (p)))
#define v_store_part(p, x, n) _mm512_mask_storeu_ps((p), (__mmask16)((1u << (n)) - 1), (__m512)(x))
/* The high and low words of 16 products with a constant. */
#define v_mul_wide(x, constant, high, low)                                                         \
    do {                                                                                           \
        __m512i c_ = _mm512_set1_epi32((int)(constant));                                           \
        __m512i even_ = _mm512_mul_epu32((__m512i)(x), c_);                                        \
        __m512i odd_ = _mm512_mul_epu32(_mm512_srli_epi64((__m512i)(x), 32), c_);                  \
        *(high) = (uvec)_mm512_mask_blend_epi32(0xAAAA, _mm512_srli_epi64(even_, 32), odd_);       \
        *(low) = (uvec)_mm512_mask_blend_epi32(0xAAAA, even_, _mm512_slli_epi64(odd_, 32));        \
    } while (0)

#define v_permute(x, index) ((vec)_mm512_permutexvar_ps((__m512i)(index), (__m512)(x)))
#define v_store_bytes(p, x, n) store_bytes((p), (__m512)(x), (n))

static inline ivec store_bytes(void *p, __m512 x, size_t n) {
    __m512i rounded = _mm512_cvtps_epi32(x);
    _mm_mask_storeu_epi8(p, (__mmask16)((1u << n) - 1), _mm512_cvtepi32_epi8(rounded));
    return (ivec)rounded;
}

#include "kernel/bf16.h"
#include "kernel/int8.h"
#include "kernel/vector_body.h"

const s2s_kernels s2s_kernels_avx512 =
    KERNEL_TABLE("avx512", s2s_int8_product_avx2, s2s_bf16_product_by_mm);
const s2s_kernels s2s_kernels_avx512vnni =
    KERNEL_TABLE("avx512vnni", s2s_int8_product_avx512vnni, s2s_bf16_product_by_mm);
const s2s_kernels s2s_kernels_avx512bf16 =
    KERNEL_TABLE("avx512bf16", s2s_int8_product_avx512vnni, s2s_bf16_product_avx512);
const s2s_kernels s2s_kernels_amx = KERNEL_TABLE("amx", s2s_int8_product_amx, s2s_bf16_product_amx);
