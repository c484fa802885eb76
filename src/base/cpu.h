/* What the processor can do, asked once. */
#ifndef S2S_BASE_CPU_H
#define S2S_BASE_CPU_H

#include <stdbool.h>

typedef struct s2s_cpu {
    bool avx2, fma, f16c; /* with the operating system's consent (XGETBV) */
    bool avx512;          /* F, BW, DQ, VL and CD together */
    bool avx512_vnni, avx512_bf16, amx_bf16, amx_int8, avx_vnni;
    bool fast_bf16; /* multiplies bfloat16 numbers much faster than floats */
    bool intel, amd;
    char name[64]; /* the processor's brand string */
} s2s_cpu;

const s2s_cpu *s2s_cpu_features(void);

#endif
