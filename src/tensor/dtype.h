/* Element types of stored tensors, by their names in the safetensors format. */
#ifndef S2S_TENSOR_DTYPE_H
#define S2S_TENSOR_DTYPE_H

#include <stdbool.h>
#include <stddef.h>

#include "kernel/real.h"

typedef enum s2s_dtype {
    S2S_DTYPE_F32,
    S2S_DTYPE_F64,
    S2S_DTYPE_F16,
    S2S_DTYPE_BF16,
    S2S_DTYPE_I64,
    S2S_DTYPE_U8,
    S2S_DTYPE_OTHER, /* the first of those that are recognised and measured, but never read */
    S2S_DTYPES_END = S2S_DTYPE_OTHER + 11
} s2s_dtype;

const char *s2s_dtype_name(s2s_dtype dtype);
size_t s2s_dtype_size(s2s_dtype dtype); /* bytes of an element */
/* False when there is no such type here. */
bool s2s_dtype_find(const char *name, s2s_dtype *dtype);

/* F32, F64, F16 and BF16 can be numbers to compute with; the others are only bytes. */
bool s2s_dtype_is_real(s2s_dtype dtype);
/* Converts n little-endian elements, at any address. */
void s2s_dtype_to_real(s2s_dtype dtype, const void *data, size_t n, s2s_real *out);

#endif
