/* Embedding lookup with scale, positions and segments: y[r] = scale table[ids[r]] + position(r) + segment(r).
 *
 * Backward scatters: rows of the table are dealt out to tasks by id, so that two tasks never touch one row,
 * and each row's sum is in the order of the batch. */
#include <math.h>
#include <string.h>

#include "kernel/kernels.h"
#include "op/op.h"
#include "op/split.h"
#include "tensor/run.h"

enum { SCATTER_TASKS = 32 };

typedef struct embed_attributes {
    s2s_rows rows;
    const s2s_real *sinusoids;
    int sinusoids_n;
    s2s_real scale;
} embed_attributes;

static double wavelength(int i, int width) {
    return pow(10000.0, 2.0 * i / width);
}

double s2s_position_angle(int position, int i, int width) {
    return position / wavelength(i, width);
}

static void sinusoid_row(s2s_real *row, int position, int width) {
    int half = width / 2;
    memset(row, 0, (size_t)width * sizeof *row); /* an odd last column stays 0 */
    for (int i = 0; i < half; i++) {
        double angle = s2s_position_angle(position, i, width);
        row[i] = (s2s_real)sin(angle);
        row[half + i] = (s2s_real)cos(angle);
    }
}

/* Sine and cosine of one wavelength at positions [0, n): two columns of a table. */
static void fill_columns(s2s_real *column, int n, double length, int width) {
    for (int position = 0; position < n; position++, column += width) {
        column[0] = (s2s_real)sin(position / length);
        column[width / 2] = (s2s_real)cos(position / length);
    }
}

const s2s_real *s2s_sinusoids(s2s_plan *plan, int n, int width) {
    if (plan->error.status) return NULL;
    s2s_real *table =
        s2s_arena_alloc(&plan->arena, (size_t)n * (size_t)width * sizeof *table, &plan->error);
    for (int i = 0; table && i < width / 2; i++)
        fill_columns(table + i, n, wavelength(i, width), width);
    return table;
}

/* y = scale entry + position; `entry` has room for one that is packed. */
static void embed_row(const s2s_op *op, const s2s_run *run, s2s_real *y, int width, int id,
                      int position, s2s_real *entry) {
    const embed_attributes *a = op->attributes;
    const s2s_packed *packed = s2s_param_packed(run->params, op->param[0]);
    const s2s_real *learned = s2s_param_value(run->params, op->param[1]);
    if (learned)
        memcpy(y, learned + (size_t)position * (size_t)width, (size_t)width * sizeof *y);
    else if (a->sinusoids && position < a->sinusoids_n)
        memcpy(y, a->sinusoids + (size_t)position * (size_t)width, (size_t)width * sizeof *y);
    else if (a->sinusoids)
        sinusoid_row(y, position, width);
    else
        memset(y, 0, (size_t)width * sizeof *y);
    if (packed)
        s2s_packed_row(packed, id, entry);
    else
        entry = s2s_param_value(run->params, op->param[0]) + (size_t)id * (size_t)width;
    s2s_kernel()->axpy(y, entry, a->scale, (size_t)width);
}

static int position_of(const s2s_stream *stream, int sequence, int row) {
    return stream->positions ? stream->positions[row] : row - stream->starts[sequence];
}

static int segment_of(const s2s_stream *stream, int row) {
    return stream->segments ? stream->segments[row] : 0;
}

static void add_segments(const s2s_op *op, const s2s_run *run, const s2s_stream *stream,
                         s2s_tensor y) {
    const s2s_real *segments = s2s_param_value(run->params, op->param[2]);
    size_t width = (size_t)y.width;
    for (int r = 0; segments && r < y.rows; r++)
        s2s_kernel()->axpy(y.data + (size_t)r * width,
                           segments + (size_t)segment_of(stream, r) * width, 1, width);
}

static void forward(const s2s_op *op, s2s_run *run) {
    const embed_attributes *a = op->attributes;
    const s2s_stream *stream = s2s_stream_of(run, a->rows);
    s2s_tensor y = s2s_value(run, op->out);
#pragma omp parallel for schedule(static)                                                          \
    num_threads(s2s_run_threads(run)) if (y.rows >= S2S_FEW_ROWS)
    for (int b = 0; b < stream->sequences; b++)
        for (int r = stream->starts[b]; r < stream->starts[b + 1]; r++)
            embed_row(op, run, y.data + (size_t)r * (size_t)y.width, y.width, stream->ids[r],
                      position_of(stream, b, r), s2s_thread_scratch(run, (size_t)y.width));
    add_segments(op, run, stream, y);
}

static size_t scratch(const s2s_op *op, const s2s_run *run) {
    return (size_t)run->threads * (size_t)run->plan->slots[op->out].width;
}

static void backward(const s2s_op *op, s2s_run *run) {
    const embed_attributes *a = op->attributes;
    const s2s_stream *stream = s2s_stream_of(run, a->rows);
    s2s_tensor dy = s2s_gradient(run, op->out);
    size_t width = (size_t)dy.width;
    s2s_real *table = s2s_param_gradient(run->params, op->param[0]);
    s2s_real *learned = s2s_param_gradient(run->params, op->param[1]);
    s2s_real *segments = s2s_param_gradient(run->params, op->param[2]);
#pragma omp parallel for schedule(dynamic, 1)
    for (int task = 0; task < SCATTER_TASKS; task++)
        for (int b = 0; b < stream->sequences; b++)
            for (int r = stream->starts[b]; r < stream->starts[b + 1]; r++) {
                int id = stream->ids[r], position = position_of(stream, b, r);
                const s2s_real *row = dy.data + (size_t)r * width;
                if (id % SCATTER_TASKS == task)
                    s2s_kernel()->axpy(table + (size_t)id * width, row, a->scale, width);
                if (learned && position % SCATTER_TASKS == task)
                    s2s_kernel()->axpy(learned + (size_t)position * width, row, 1, width);
                if (segments && segment_of(stream, r) % SCATTER_TASKS == task)
                    s2s_kernel()->axpy(segments + (size_t)segment_of(stream, r) * width, row, 1,
                                       width);
            }
}

static const s2s_op_class embed = {
    .name = "embed", .forward = forward, .backward = backward, .scratch = scratch};

s2s_slot s2s_embed(s2s_plan *plan, s2s_rows rows, s2s_embed_options options) {
    if (plan->error.status) return S2S_NO_SLOT;
    embed_attributes attributes = {rows, options.sinusoids, options.sinusoids_n,
                                   (s2s_real)options.scale};
    s2s_slot y = s2s_plan_slot(plan, rows, plan->params->items[options.table].width);
    s2s_op op = s2s_op_make(&embed, y);
    op.param[0] = options.table;
    op.param[1] = options.position_table;
    op.param[2] = options.segment_table;
    op.again = S2S_AGAIN_COSTLY;
    return s2s_plan_emit(plan, &op, &attributes, sizeof attributes);
}
