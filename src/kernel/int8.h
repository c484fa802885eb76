/* Products of int8 rows with a panel of int8 weights, for what each generation of processors has; private to
 * this folder. All give the same integers, and differ in rounding only when they are scaled. */
#ifndef S2S_KERNEL_INT8_H
#define S2S_KERNEL_INT8_H

#include "kernel/kernels.h"
#include "kernel/packed.h"

s2s_int8_product s2s_int8_product_avx2;       /* widened to 16 bits */
s2s_int8_product s2s_int8_product_avxvnni;    /* four bytes at once, 256 bits wide */
s2s_int8_product s2s_int8_product_avx512vnni; /* the same, 512 bits wide */
s2s_int8_product s2s_int8_product_amx;        /* tiles of 16 x 64 bytes */

/* Lets the process use the tile registers of AMX; false when the system does not. */
bool s2s_amx_allow(void);

/* The scales of a panel lie behind its bytes. */
static inline const float *s2s_int8_scales(const s2s_int8_rows *a, const unsigned char *panel) {
    return (const float *)(panel + a->ld * S2S_PANEL);
}

#endif
