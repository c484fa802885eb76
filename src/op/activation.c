/* y = dropout(f(x)) with f relu, gelu (either form) or a gated one, which takes x = [a, b] and is g(a) b.
 *
 * relu's backward needs only y: where y is positive, the element was neither negative nor dropped. The
 * others draw the mask anew. */
#include <assert.h>

#include "kernel/kernels.h"
#include "op/op.h"
#include "op/split.h"
#include "tensor/run.h"

typedef struct activation_attributes {
    s2s_activation kind;
    double dropout;
} activation_attributes;

/* One task: S2S_PIECE_ROWS rows, whose elements begin at a dropout block. */
typedef struct piece {
    int rows;
    size_t in, out, size; /* offsets of x and y, elements of y */
} piece;

static piece piece_of(s2s_tensor x, s2s_tensor y, long i) {
    size_t row = (size_t)i * S2S_PIECE_ROWS;
    int rows = (int)s2s_piece_size((size_t)x.rows, S2S_PIECE_ROWS, i);
    return (piece){rows, row * (size_t)x.width, row * (size_t)y.width,
                   (size_t)rows * (size_t)y.width};
}

/* f of a gated kind. */
typedef struct gate {
    void (*forward)(s2s_real *y, const s2s_real *a, const s2s_real *b, size_t n);
    void (*backward)(s2s_real *da, s2s_real *db, const s2s_real *dy, const s2s_real *a,
                     const s2s_real *b, size_t n, bool add);
} gate;

static gate gate_of(s2s_activation kind) {
    const s2s_kernels *kernel = s2s_kernel();
    if (kind == S2S_GEGLU) return (gate){kernel->geglu, kernel->geglu_backward};
    return (gate){kernel->swiglu, kernel->swiglu_backward};
}

static void activate(s2s_activation kind, s2s_real *y, const s2s_real *x, const piece *p,
                     int width) {
    const s2s_kernels *kernel = s2s_kernel();
    if (kind == S2S_RELU)
        kernel->relu(y, x, p->size);
    else if (kind == S2S_GELU)
        kernel->gelu(y, x, p->size);
    else if (kind == S2S_GELU_TANH)
        kernel->gelu_tanh(y, x, p->size);
    else
        for (int r = 0; r < p->rows; r++, x += 2 * width, y += width)
            gate_of(kind).forward(y, x, x + width, (size_t)width);
}

static void forward(const s2s_op *op, s2s_run *run) {
    const activation_attributes *a = op->attributes;
    s2s_tensor x = s2s_value(run, op->in[0]), y = s2s_value(run, op->out);
    s2s_dropout mask = s2s_dropout_make(run->training ? a->dropout : 0, run->key, (uint64_t)op->id);
    long pieces = s2s_pieces((size_t)x.rows, S2S_PIECE_ROWS);
#pragma omp parallel for schedule(static) if (pieces > 1)
    for (long i = 0; i < pieces; i++) {
        piece p = piece_of(x, y, i);
        activate(a->kind, y.data + p.out, x.data + p.in, &p, y.width);
        if (mask.threshold)
            s2s_kernel()->dropout(y.data + p.out, y.data + p.out, NULL, p.size, &mask, p.out);
    }
}

static void backward_piece(s2s_activation kind, const piece *p, int width, s2s_real *dx,
                           s2s_real *dy, const s2s_real *x, const s2s_real *y,
                           const s2s_dropout *mask, size_t offset) {
    const s2s_kernels *kernel = s2s_kernel();
    if (kind == S2S_RELU) {
        kernel->relu_backward(dx, dy, y, mask->scale, p->size, false);
        return;
    }
    if (mask->threshold) kernel->dropout(dy, dy, NULL, p->size, mask, offset);
    if (kind == S2S_GELU)
        kernel->gelu_backward(dx, dy, x, p->size, false);
    else if (kind == S2S_GELU_TANH)
        kernel->gelu_tanh_backward(dx, dy, x, p->size, false);
    else
        for (int r = 0; r < p->rows; r++, x += 2 * width, dx += 2 * width, dy += width)
            gate_of(kind).backward(dx, dx + width, dy, x, x + width, (size_t)width, false);
}

static void backward(const s2s_op *op, s2s_run *run) {
    const activation_attributes *a = op->attributes;
    bool relu = a->kind == S2S_RELU;
    assert(s2s_run_first(op, 0)); /* what is activated has no other reader */
    s2s_tensor dx = s2s_gradient(run, op->in[0]), dy = s2s_gradient(run, op->out);
    const s2s_real *x = relu ? NULL : s2s_value(run, op->in[0]).data;
    const s2s_real *y = relu ? s2s_value(run, op->out).data : NULL;
    s2s_dropout mask = s2s_dropout_make(a->dropout, run->key, (uint64_t)op->id);
    long pieces = s2s_pieces((size_t)dy.rows, S2S_PIECE_ROWS);
#pragma omp parallel for schedule(static) if (pieces > 1)
    for (long i = 0; i < pieces; i++) {
        piece p = piece_of(dx, dy, i);
        backward_piece(a->kind, &p, dy.width, dx.data + p.in, dy.data + p.out,
                       relu ? NULL : x + p.in, relu ? y + p.out : NULL, &mask, p.out);
    }
}

static const s2s_op_class activation = {
    .name = "activation", .forward = forward, .backward = backward};

s2s_slot s2s_activate(s2s_plan *plan, s2s_slot x, s2s_activation kind, double dropout) {
    activation_attributes attributes = {kind, dropout};
    bool gated = s2s_activation_is_gated(kind);
    int width = s2s_slot_width(plan, x) / (gated ? 2 : 1);
    s2s_slot y = s2s_plan_slot(plan, s2s_slot_rows(plan, x), width);
    s2s_op op = s2s_op_make(&activation, y);
    op.in[0] = x;
    op.backward_reads = kind == S2S_RELU ? S2S_READS_OUTPUT : S2S_READS_INPUT;
    /* relu's input makes room for its output; the others keep their inputs anyway. */
    op.again = kind == S2S_RELU ? S2S_AGAIN_COSTLY : S2S_AGAIN_CHEAP;
    op.in_place = !gated;
    op.gradient_in_place = gated ? -1 : 0;
    return s2s_plan_emit(plan, &op, &attributes, sizeof attributes);
}
