/* y[i] = x[batch.predicted[i]]: the rows that go through the output layer. A batch without such a list predicts all. */
#include <string.h>

#include "op/op.h"
#include "tensor/run.h"

static int row_of(const s2s_run *run, int i) {
    return run->batch->predicted ? run->batch->predicted[i] : i;
}

static void forward(const s2s_op *op, s2s_run *run) {
    s2s_tensor x = s2s_value(run, op->in[0]), y = s2s_value(run, op->out);
    size_t width = (size_t)y.width;
    for (int i = 0; i < y.rows; i++)
        memcpy(y.data + (size_t)i * width, x.data + (size_t)row_of(run, i) * width,
               width * sizeof *y.data);
}

/* No row is predicted twice. */
static void backward(const s2s_op *op, s2s_run *run) {
    s2s_tensor dy = s2s_gradient(run, op->out), dx = s2s_gradient(run, op->in[0]);
    size_t width = (size_t)dy.width;
    if (s2s_run_first(op, 0)) memset(dx.data, 0, (size_t)dx.rows * width * sizeof *dx.data);
    for (int i = 0; i < dy.rows; i++) {
        s2s_real *to = dx.data + (size_t)row_of(run, i) * width;
        const s2s_real *from = dy.data + (size_t)i * width;
        for (size_t j = 0; j < width; j++) to[j] += from[j];
    }
}

static const s2s_op_class gather = {.name = "gather", .forward = forward, .backward = backward};

s2s_slot s2s_gather_predicted(s2s_plan *plan, s2s_slot x) {
    s2s_op op =
        s2s_op_make(&gather, s2s_plan_slot(plan, S2S_ROWS_PREDICTED, s2s_slot_width(plan, x)));
    op.in[0] = x;
    op.again = S2S_AGAIN_CHEAP;
    return s2s_plan_emit(plan, &op, NULL, 0);
}
