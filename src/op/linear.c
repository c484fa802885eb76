/* Linear layer: Y = X W^T + b with X [R x in], W [out x in], b [out].
 *
 * dX = dY W, dW += dY^T X, db += column sums of dY. */
#include "kernel/kernels.h"
#include "kernel/packed.h"
#include "op/op.h"
#include "op/product.h"
#include "op/split.h"
#include "tensor/run.h"

enum { BIAS_COLUMNS = 64 };

static void forward(const s2s_op *op, s2s_run *run) {
    s2s_tensor x = s2s_value(run, op->in[0]), y = s2s_value(run, op->out);
    const s2s_real *bias = s2s_param_value(run->params, op->param[1]);
    const s2s_packed *packed = s2s_param_packed(run->params, op->param[0]);
    if (packed) { /* the product does not depend on what else is in the batch */
        s2s_gemm_packed(x.rows, x.data, x.width, packed, bias, y.data, y.width, run->scratch);
        return;
    }
    s2s_op_product(run, false, true, x.rows, y.width, x.width, x.data, x.width,
                   s2s_param_value(run->params, op->param[0]), x.width, y.data, y.width, false,
                   bias, run->scratch);
}

static void bias_gradient(s2s_real *sums, s2s_tensor dy) {
    long pieces = s2s_pieces((size_t)dy.width, BIAS_COLUMNS);
#pragma omp parallel for schedule(static)
    for (long i = 0; i < pieces; i++) {
        size_t column = (size_t)i * BIAS_COLUMNS;
        s2s_kernel()->column_sums(sums + column, dy.data + column, dy.width, dy.rows,
                                  (int)s2s_piece_size((size_t)dy.width, BIAS_COLUMNS, i));
    }
}

static void backward(const s2s_op *op, s2s_run *run) {
    s2s_tensor x = s2s_value(run, op->in[0]), dx = s2s_gradient(run, op->in[0]);
    s2s_tensor dy = s2s_gradient(run, op->out);
    const s2s_real *weight = s2s_param_value(run->params, op->param[0]);
    s2s_op_product(run, true, false, dy.width, x.width, x.rows, dy.data, dy.width, x.data, x.width,
                   s2s_param_gradient(run->params, op->param[0]), x.width, true, NULL,
                   run->scratch);
    if (op->param[1] >= 0) bias_gradient(s2s_param_gradient(run->params, op->param[1]), dy);
    s2s_op_product(run, false, false, dy.rows, x.width, dy.width, dy.data, dy.width, weight,
                   x.width, dx.data, x.width, !s2s_run_first(op, 0), NULL, run->scratch);
}

/* Of three products when there is a backward pass. */
static size_t scratch(const s2s_op *op, const s2s_run *run) {
    const s2s_packed *packed = s2s_param_packed(run->params, op->param[0]);
    const s2s_slot_info *x = run->plan->slots + op->in[0];
    int rows = run->max_rows[x->rows], out = run->plan->slots[op->out].width;
    if (packed) return s2s_packed_scratch(packed, rows);
    size_t forward = s2s_op_product_scratch(run, out, x->width);
    if (!run->training) return forward;
    size_t weights = s2s_op_product_scratch(run, x->width, rows),
           inputs = s2s_op_product_scratch(run, x->width, out);
    size_t backward = weights > inputs ? weights : inputs;
    return forward > backward ? forward : backward;
}

static double work(const s2s_op *op, const s2s_run *run) {
    s2s_tensor x = s2s_value(run, op->in[0]), y = s2s_value(run, op->out);
    return (double)x.rows * x.width * y.width;
}

static const s2s_op_class linear = {
    .name = "linear", .forward = forward, .backward = backward, .scratch = scratch, .work = work};

s2s_slot s2s_linear(s2s_plan *plan, s2s_slot x, s2s_param weight, s2s_param bias) {
    if (plan->error.status) return S2S_NO_SLOT;
    s2s_slot y = s2s_plan_slot(plan, s2s_slot_rows(plan, x), plan->params->items[weight].rows);
    s2s_op op = s2s_op_make(&linear, y);
    op.in[0] = x;
    op.param[0] = weight;
    op.param[1] = bias;
    op.backward_reads = S2S_READS_INPUT;
    op.again = S2S_AGAIN_COSTLY;
    return s2s_plan_emit(plan, &op, NULL, 0);
}
