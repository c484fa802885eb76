/* A part of vector_body.h, which includes it: the functions of the feed-forward block. */

static void relu(float *y, const float *x, size_t n) {
    FOR_VECTORS(n) v_put(y + i, v_max(v_get(x + i, part), v_all(0)), part);
}

static void relu_backward(float *dx, const float *dy, const float *y, float scale, size_t n,
                          bool accumulate) {
    FOR_VECTORS(n) {
        vec kept = v_select(v_get(y + i, part) > 0, v_get(dy + i, part) * scale, v_all(0));
        v_put_or_add(dx + i, kept, part, accumulate);
    }
}

/* Phi(x) and, through *square, e^(-x^2/2). */
INLINE vec normal_cdf(vec x, vec *square) {
    vec z = v_max(x, -x) * 0.70710678118654752f;
    *square = v_exp(-z * z);
    vec upper = 0.5f + 0.5f * v_erf_positive(z, *square);
    return v_select(x < 0, 1.0f - upper, upper);
}

static void gelu(float *y, const float *x, size_t n) {
    FOR_VECTORS(n) {
        vec value = v_get(x + i, part), square;
        v_put(y + i, value * normal_cdf(value, &square), part);
    }
}

static void gelu_backward(float *dx, const float *dy, const float *x, size_t n, bool accumulate) {
    FOR_VECTORS(n) {
        vec value = v_get(x + i, part), square, cdf = normal_cdf(value, &square);
        vec slope = cdf + value * square * 0.39894228040143268f;
        v_put_or_add(dx + i, v_get(dy + i, part) * slope, part, accumulate);
    }
}

/* x sigmoid(2 u) with u = sqrt(2/pi) (x + 0.044715 x^3), and its derivative through *slope. */
INLINE vec v_gelu_tanh(vec x, vec *slope) {
    vec square = x * x;
    vec e = v_exp(-x * (1.5957691216057308f + 0.071354816f * square));
    vec s = 1.0f / (1.0f + e); /* e s = 1 - s, without cancellation */
    *slope = s + x * s * (e * s) * (1.5957691216057308f + 0.21406445f * square);
    return x * s;
}

static void gelu_tanh(float *y, const float *x, size_t n) {
    FOR_VECTORS(n) {
        vec slope;
        v_put(y + i, v_gelu_tanh(v_get(x + i, part), &slope), part);
    }
}

static void gelu_tanh_backward(float *dx, const float *dy, const float *x, size_t n,
                               bool accumulate) {
    FOR_VECTORS(n) {
        vec slope;
        v_gelu_tanh(v_get(x + i, part), &slope);
        v_put_or_add(dx + i, v_get(dy + i, part) * slope, part, accumulate);
    }
}

static void geglu(float *y, const float *a, const float *b, size_t n) {
    FOR_VECTORS(n) {
        vec slope;
        v_put(y + i, v_gelu_tanh(v_get(a + i, part), &slope) * v_get(b + i, part), part);
    }
}

static void geglu_backward(float *da, float *db, const float *dy, const float *a, const float *b,
                           size_t n, bool accumulate) {
    FOR_VECTORS(n) {
        vec up = v_get(b + i, part), gradient = v_get(dy + i, part), slope;
        vec gate = v_gelu_tanh(v_get(a + i, part), &slope);
        v_put_or_add(da + i, gradient * up * slope, part, accumulate);
        v_put_or_add(db + i, gradient * gate, part, accumulate);
    }
}

static void swiglu(float *y, const float *a, const float *b, size_t n) {
    FOR_VECTORS(n) {
        vec gate = v_get(a + i, part);
        v_put(y + i, gate * v_sigmoid(gate) * v_get(b + i, part), part);
    }
}

static void swiglu_backward(float *da, float *db, const float *dy, const float *a, const float *b,
                            size_t n, bool accumulate) {
    FOR_VECTORS(n) {
        vec gate = v_get(a + i, part), up = v_get(b + i, part), gradient = v_get(dy + i, part);
        vec s = v_sigmoid(gate), silu = gate * s;
        v_put_or_add(da + i, gradient * up * (s + silu * (1.0f - s)), part, accumulate);
        v_put_or_add(db + i, gradient * silu, part, accumulate);
    }
}
