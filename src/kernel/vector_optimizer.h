/* A part of vector_body.h, which includes it: the optimizer's pass over the parameters. */

typedef unsigned short hvec __attribute__((vector_size(2 * S2S_LANES)));
typedef hvec hvec_unaligned __attribute__((aligned(2), may_alias));

/* One step; m and v are what the next one begins with. */
INLINE void adam_vector(float *value, float *gradient, vec *m, vec *v, size_t part,
                        const s2s_adam *o) {
    vec old = v_get(value, part);
    vec g = v_get(gradient, part) * o->gradient_scale + o->l2 * old;
    *m = o->beta1 * *m + (1.0f - o->beta1) * g;
    *v = o->beta2 * *v + (1.0f - o->beta2) * (g * g);
    vec update = o->step * *m / (v_sqrt(*v) * o->root + o->eps);
    v_put(value, old - (update + o->decay * old), part);
    v_put(gradient, v_all(0), part);
}

static void adam(float *value, float *gradient, float *m, float *v, size_t n, const s2s_adam *o) {
    FOR_VECTORS(n) {
        vec first = v_get(m + i, part), second = v_get(v + i, part);
        adam_vector(value + i, gradient + i, &first, &second, part, o);
        v_put(m + i, first, part);
        v_put(v + i, second, part);
    }
}

/* --- moments in bfloat16 --- */

INLINE vec v_widen(const s2s_bfloat16 *p, size_t part) {
    hvec half;
    if (part == S2S_LANES) {
        half = *(const hvec_unaligned *)p;
    } else {
        half = (hvec){0};
        memcpy(&half, p, part * sizeof *p);
    }
    return (vec)(__builtin_convertvector(half, uvec) << 16);
}

/* Numbers in 0 .. 65535: see s2s_bfloat16_round. */
INLINE void v_round(s2s_bfloat16 *p, vec x, uvec numbers, size_t part) {
    hvec half = __builtin_convertvector(((uvec)x + numbers) >> 16, hvec);
    if (part == S2S_LANES)
        *(hvec_unaligned *)p = half;
    else
        memcpy(p, &half, part * sizeof *p);
}

/* Of S2S_LANES elements from number i on: see s2s_rounding. */
INLINE uvec rounding_numbers(const s2s_rounding *rounding, size_t i) {
    uvec x;
    for (unsigned lane = 0; lane < S2S_LANES; lane++) x[lane] = lane;
    x = (x + (unsigned)i) ^ rounding->key[0];
    x = (x ^ x >> 16) * 0x7FEB352Du;
    x = (x ^ x >> 15 ^ rounding->key[1]) * 0x846CA68Bu;
    return x ^ x >> 16;
}

static void adam_bfloat16(float *value, float *gradient, s2s_bfloat16 *m, s2s_bfloat16 *v, size_t n,
                          const s2s_adam *o, const s2s_rounding *rounding) {
    FOR_VECTORS(n) {
        vec first = v_widen(m + i, part), second = v_widen(v + i, part);
        uvec numbers = rounding_numbers(rounding, i);
        adam_vector(value + i, gradient + i, &first, &second, part, o);
        v_round(m + i, first, numbers & 0xFFFFu, part);
        v_round(v + i, second, numbers >> 16, part);
    }
}
