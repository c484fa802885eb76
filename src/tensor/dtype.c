/* See dtype.h. Half precision: IEEE 754-2008 binary16; bfloat16 is the upper half of binary32. */
#include "tensor/dtype.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* Elements are copied as they lie in the file, which is little-endian. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "files would need their bytes swapped");

static const struct {
    const char *name;
    size_t size;
} types[] = {{"F32", 4},     {"F64", 8},     {"F16", 2},     {"BF16", 2}, {"I64", 8}, {"U8", 1},
             {"BOOL", 1},    {"I8", 1},      {"F8_E5M2", 1}, {"I16", 2},  {"U16", 2}, {"I32", 4},
             {"F8_E4M3", 1}, {"F8_E8M0", 1}, {"U32", 4},     {"U64", 8},  {"C64", 8}};

_Static_assert(sizeof types / sizeof *types == S2S_DTYPES_END, "a row for each type");

const char *s2s_dtype_name(s2s_dtype dtype) {
    return types[dtype].name;
}

size_t s2s_dtype_size(s2s_dtype dtype) {
    return types[dtype].size;
}

bool s2s_dtype_find(const char *name, s2s_dtype *dtype) {
    for (int i = 0; i < S2S_DTYPES_END; i++)
        if (!strcmp(types[i].name, name)) {
            *dtype = (s2s_dtype)i;
            return true;
        }
    return false;
}

bool s2s_dtype_is_real(s2s_dtype dtype) {
    return dtype <= S2S_DTYPE_BF16;
}

static float bits_to_float(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static float half_to_float(uint16_t half) {
    enum { FRACTION_BITS = 10, BIAS = 15, FLOAT_FRACTION_BITS = 23, FLOAT_BIAS = 127 };
    uint32_t sign = (uint32_t)(half & 0x8000) << 16;
    uint32_t exponent = half >> FRACTION_BITS & 0x1F, fraction = half & 0x3FF;
    if (exponent == 0) { /* zero and the numbers below the smallest normal one */
        float value = ldexpf((float)fraction, 1 - BIAS - FRACTION_BITS);
        return sign ? -value : value;
    }
    uint32_t wide =
        exponent == 0x1F ? 0xFF : exponent - BIAS + FLOAT_BIAS; /* 0x1F: infinite, NaN */
    return bits_to_float(sign | wide << FLOAT_FRACTION_BITS |
                         fraction << (FLOAT_FRACTION_BITS - FRACTION_BITS));
}

static s2s_real element(s2s_dtype dtype, const unsigned char *data) {
    float single;
    double wide;
    uint16_t half;
    switch (dtype) {
    case S2S_DTYPE_F32:
        memcpy(&single, data, sizeof single);
        return single;
    case S2S_DTYPE_F64:
        memcpy(&wide, data, sizeof wide);
        return (s2s_real)wide;
    case S2S_DTYPE_F16:
        memcpy(&half, data, sizeof half);
        return half_to_float(half);
    case S2S_DTYPE_BF16:
        memcpy(&half, data, sizeof half);
        return bits_to_float((uint32_t)half << 16);
    default:
        return (s2s_real)NAN; /* callers ask s2s_dtype_is_real first */
    }
}

void s2s_dtype_to_real(s2s_dtype dtype, const void *data, size_t n, s2s_real *out) {
    const unsigned char *bytes = data;
    size_t size = s2s_dtype_size(dtype);
    for (size_t i = 0; i < n; i++) out[i] = element(dtype, bytes + i * size);
}
