/* y = residual + dropout(x), or dropout(x) without a residual. The mask is drawn anew in backward. */
#include <assert.h>
#include <string.h>

#include "kernel/kernels.h"
#include "op/op.h"
#include "op/split.h"
#include "tensor/run.h"

typedef struct dropout_attributes {
    double rate;
} dropout_attributes;

static s2s_dropout mask_of(const s2s_op *op, const s2s_run *run) {
    const dropout_attributes *a = op->attributes;
    return s2s_dropout_make(run->training ? a->rate : 0, run->key, (uint64_t)op->id);
}

/* y = mask(x) (+ residual), in pieces. */
static void masked(s2s_real *y, const s2s_real *x, const s2s_real *residual, size_t n,
                   const s2s_dropout *mask) {
    long pieces = s2s_pieces(n, S2S_PIECE);
#pragma omp parallel for schedule(static) if (pieces > 1)
    for (long i = 0; i < pieces; i++) {
        size_t at = (size_t)i * S2S_PIECE, size = s2s_piece_size(n, S2S_PIECE, i);
        const s2s_real *r = residual ? residual + at : NULL;
        if (mask->threshold)
            s2s_kernel()->dropout(y + at, x + at, r, size, mask, at);
        else if (r)
            s2s_kernel()->add(y + at, x + at, r, size);
        else if (y != x)
            memcpy(y + at, x + at, size * sizeof *y);
    }
}

static size_t elements(s2s_tensor t) {
    return (size_t)t.rows * (size_t)t.width;
}

static void forward(const s2s_op *op, s2s_run *run) {
    s2s_tensor x = s2s_value(run, op->in[0]), y = s2s_value(run, op->out);
    s2s_dropout mask = mask_of(op, run);
    const s2s_real *residual = op->in[1] >= 0 ? s2s_value(run, op->in[1]).data : NULL;
    masked(y.data, x.data, residual, elements(y), &mask);
}

/* The residual gets dy as it is; its gradient usually lies where dy lies. */
static void backward(const s2s_op *op, s2s_run *run) {
    s2s_tensor dy = s2s_gradient(run, op->out), dx = s2s_gradient(run, op->in[0]);
    s2s_dropout keep_all = {0}, mask = mask_of(op, run);
    masked(dx.data, dy.data, s2s_run_first(op, 0) ? NULL : dx.data, elements(dy), &mask);
    if (op->in[1] < 0) return;
    s2s_real *residual = s2s_gradient(run, op->in[1]).data;
    masked(residual, dy.data, s2s_run_first(op, 1) ? NULL : residual, elements(dy), &keep_all);
}

static const s2s_op_class dropout_add = {
    .name = "dropout_add", .forward = forward, .backward = backward};

s2s_slot s2s_dropout_add(s2s_plan *plan, s2s_slot x, s2s_slot residual, double dropout) {
    assert(x < 0 || x != residual); /* the two roles would overwrite each other's gradient */
    dropout_attributes attributes = {dropout};
    s2s_slot y = s2s_plan_slot(plan, s2s_slot_rows(plan, x), s2s_slot_width(plan, x));
    s2s_op op = s2s_op_make(&dropout_add, y);
    op.in[0] = x;
    op.in[1] = residual;
    op.again = S2S_AGAIN_COSTLY; /* cheap, but its input would have to be kept for it */
    op.in_place = true;
    op.gradient_in_place = residual >= 0 ? 1 : 0;
    return s2s_plan_emit(plan, &op, &attributes, sizeof attributes);
}
