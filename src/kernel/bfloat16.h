/* bfloat16: the upper half of a float, that is its sign, its exponent and 7 bits of its fraction. Numbers are kept
 * so to save memory, or because a processor multiplies them faster; widening them is exact. */
#ifndef S2S_KERNEL_BFLOAT16_H
#define S2S_KERNEL_BFLOAT16_H

#include <stdint.h>
#include <string.h>

typedef uint16_t s2s_bfloat16; /* the bits */

static inline float s2s_bfloat16_widen(s2s_bfloat16 half) {
    uint32_t bits = (uint32_t)half << 16;
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* What a float loses is a share of the step to the next bfloat16: with `number` uniform in 0 .. 65535 it becomes that
 * next one with just this probability, so that the mean is the float itself. */
static inline s2s_bfloat16 s2s_bfloat16_round(float x, uint32_t number) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return (s2s_bfloat16)((bits + number) >> 16);
}

/* The nearest one, ties to even; NaN stays NaN. */
static inline s2s_bfloat16 s2s_bfloat16_nearest(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    if (x != x) return (s2s_bfloat16)((bits | 0x400000) >> 16);
    return s2s_bfloat16_round(x, 0x7fff + (bits >> 16 & 1));
}

#endif
