/* Output layer, softmax and label-smoothed cross-entropy in one, a chunk of rows at a time; and the same without
 * gradients, as the log-probability of each label.
 *
 * With z = x W^T + b, q = (1 - e) [i = label] + e / V:
 *   loss = -sum q log softmax(z) = lse(z) - (1 - e) z[label] - e mean(z),   dz = softmax(z) - q.
 * A chunk's logits stay in cache: (1) each tile of columns makes its logits, their exponentials and sums;
 * (2) rows combine the tiles' sums; (3) each tile turns into dz and adds its dW and db; (4) rows make dx.
 * So forward already computes the gradients; backward hands dx on. Tiles are cut by V alone.
 *
 * Packed weights, which have no gradients, make their logits by the products of decoding: then a row depends on its
 * own states alone, bit for bit. */
#include <math.h>
#include <string.h>

#include "base/thread.h"
#include "kernel/kernels.h"
#include "op/op.h"
#include "op/product.h"
#include "op/split.h"
#include "tensor/run.h"

enum { LOGITS = 1 << 21, MIN_CHUNK = 64, MAX_CHUNK = 512, TILE = 512 };

_Static_assert(TILE % S2S_PANEL == 0, "packed logits are made by whole panels");

typedef struct cross_entropy_attributes {
    double smoothing;
} cross_entropy_attributes;

/* Of one row in one tile. */
typedef struct row_sums {
    double exp_sum, sum;
    s2s_real max;
} row_sums;

/* One chunk: `rows` rows from `first` on. */
typedef struct chunk {
    const s2s_op *op;
    const s2s_run *run;
    int first, rows, vocabulary, width, tiles;
    const s2s_real *x, *weight, *bias;
    const s2s_packed *packed;  /* the weight, or NULL */
    s2s_real *logits;          /* [rows x vocabulary] */
    row_sums *sums;            /* [rows x tiles] */
    double *lse, *label_logit; /* [rows] */
    s2s_real *room;            /* for the products: of each thread, or of all together */
    size_t thread_room;
    double smoothing;
} chunk;

int s2s_cross_entropy_rows(int vocabulary) {
    int rows = LOGITS / vocabulary / 16 * 16;
    return rows < MIN_CHUNK ? MIN_CHUNK : rows > MAX_CHUNK ? MAX_CHUNK : rows;
}

static int tiles_of(int vocabulary) {
    return (vocabulary + TILE - 1) / TILE;
}

/* What a product of one tile needs: its logits, or its part of the weight's gradient. */
static size_t tile_room(const s2s_run *run, int width, int rows) {
    size_t logits = s2s_op_product_here_scratch(run, TILE, width),
           gradient = s2s_op_product_here_scratch(run, width, rows);
    return logits > gradient ? logits : gradient;
}

/* Elements before the room for products. */
static size_t chunk_size(int rows, int vocabulary) {
    size_t bytes = (size_t)rows * (size_t)tiles_of(vocabulary) * sizeof(row_sums) +
                   2 * (size_t)rows * sizeof(double);
    return (size_t)rows * (size_t)vocabulary + bytes / sizeof(s2s_real) + 16;
}

static size_t scratch(const s2s_op *op, const s2s_run *run) {
    const s2s_param_info *info = run->params->items + op->param[0];
    const s2s_packed *packed = s2s_param_packed(run->params, op->param[0]);
    int rows = s2s_cross_entropy_rows(info->rows);
    if (packed) return chunk_size(rows, info->rows) + s2s_packed_scratch(packed, rows);
    size_t tiles = (size_t)run->threads * tile_room(run, info->width, rows),
           whole = s2s_op_product_scratch(run, info->width, info->rows);
    return chunk_size(rows, info->rows) + (tiles > whole ? tiles : whole);
}

static chunk make_chunk(const s2s_op *op, const s2s_run *run, int first) {
    const cross_entropy_attributes *a = op->attributes;
    const s2s_param_info *info = run->params->items + op->param[0];
    s2s_tensor x = s2s_value(run, op->in[0]);
    int most = s2s_cross_entropy_rows(info->rows),
        rows = x.rows - first < most ? x.rows - first : most;
    chunk c = {.op = op,
               .run = run,
               .first = first,
               .rows = rows,
               .vocabulary = info->rows,
               .width = info->width,
               .tiles = tiles_of(info->rows),
               .x = x.data + (size_t)first * (size_t)x.width,
               .weight = s2s_param_value(run->params, op->param[0]),
               .packed = s2s_param_packed(run->params, op->param[0]),
               .bias = s2s_param_value(run->params, op->param[1]),
               .smoothing = a->smoothing};
    c.lse = (double *)(void *)run->scratch; /* doubles first: the scratch is aligned for them */
    c.label_logit = c.lse + most;
    c.sums = (row_sums *)(void *)(c.label_logit + most);
    c.logits = (s2s_real *)(void *)(c.sums + (size_t)most * (size_t)c.tiles);
    c.room = run->scratch + chunk_size(most, info->rows);
    c.thread_room = tile_room(run, info->width, most);
    return c;
}

static s2s_real *logits_at(const chunk *c, int row, int column) {
    return c->logits + (size_t)row * (size_t)c->vocabulary + (size_t)column;
}

static s2s_real *thread_room(const chunk *c) {
    return c->room + (size_t)s2s_thread_index() * c->thread_room;
}

static int tile_columns(const chunk *c, int tile) {
    int left = c->vocabulary - tile * TILE;
    return left < TILE ? left : TILE;
}

static int label_of(const chunk *c, int row) {
    return c->run->batch->labels[c->first + row];
}

static void tile_product(const chunk *c, int begin, int columns) {
    s2s_real *z = logits_at(c, 0, begin);
    if (c->packed) {
        s2s_packed_outputs(c->rows, c->x, c->width, c->packed, c->bias, begin, columns, z,
                           c->vocabulary, c->room);
        return;
    }
    s2s_op_product_here(c->run, false, true, c->rows, columns, c->width, c->x, c->width,
                        c->weight + (size_t)begin * (size_t)c->width, c->width, z, c->vocabulary,
                        false, thread_room(c));
    if (c->bias) s2s_kernel()->add_row(z, c->vocabulary, c->bias + begin, c->rows, columns);
}

static void tile_logits(const chunk *c, int tile) {
    int begin = tile * TILE, columns = tile_columns(c, tile);
    tile_product(c, begin, columns);
    for (int r = 0; r < c->rows; r++) {
        s2s_real *z = logits_at(c, r, begin);
        row_sums *sums = c->sums + (size_t)r * (size_t)c->tiles + tile;
        int label = label_of(c, r) - begin;
        if (label >= 0 && label < columns) c->label_logit[r] = z[label];
        sums->max = s2s_kernel()->max(z, columns);
        s2s_kernel()->exp_sums(z, columns, sums->max, &sums->exp_sum, &sums->sum);
    }
}

/* All tiles of the chunk. */
static void chunk_logits(const chunk *c) {
    if (c->packed) s2s_packed_input(c->rows, c->x, c->width, c->packed, c->room);
#pragma omp parallel for schedule(dynamic, 1) num_threads(s2s_run_threads(c->run))
    for (int t = 0; t < c->tiles; t++) tile_logits(c, t);
}

/* The loss of a row from its tiles' sums; keeps its log-sum-exp, and counts labels that no entry beats. */
static double combine_row(const chunk *c, int row, double *hits) {
    const row_sums *sums = c->sums + (size_t)row * (size_t)c->tiles;
    double max = sums[0].max, exp_sum = 0, sum = 0;
    for (int t = 1; t < c->tiles; t++) max = sums[t].max > max ? sums[t].max : max;
    for (int t = 0; t < c->tiles; t++) {
        exp_sum += sums[t].exp_sum * exp(sums[t].max - max);
        sum += sums[t].sum;
    }
    c->lse[row] = max + log(exp_sum);
    *hits += c->label_logit[row] >= max;
    return c->lse[row] - (1 - c->smoothing) * c->label_logit[row] -
           c->smoothing * sum / c->vocabulary;
}

static void tile_gradients(const chunk *c, int tile) {
    int begin = tile * TILE, columns = tile_columns(c, tile);
    for (int r = 0; r < c->rows; r++) {
        const row_sums *sums = c->sums + (size_t)r * (size_t)c->tiles + tile;
        s2s_real *z = logits_at(c, r, begin);
        s2s_kernel()->scale_shift(z, columns, (s2s_real)exp(sums->max - c->lse[r]),
                                  (s2s_real)(-c->smoothing / c->vocabulary));
        int label = label_of(c, r) - begin;
        if (label >= 0 && label < columns) z[label] -= (s2s_real)(1 - c->smoothing);
    }
    s2s_real *weight = s2s_param_gradient(c->run->params, c->op->param[0]);
    s2s_real *bias = s2s_param_gradient(c->run->params, c->op->param[1]);
    const s2s_real *dz = logits_at(c, 0, begin);
    s2s_op_product_here(c->run, true, false, columns, c->width, c->rows, dz, c->vocabulary, c->x,
                        c->width, weight + (size_t)begin * (size_t)c->width, c->width, true,
                        thread_room(c));
    if (bias) s2s_kernel()->column_sums(bias + begin, dz, c->vocabulary, c->rows, columns);
}

static void row_gradients(const chunk *c) {
    s2s_real *dx = s2s_value(c->run, c->op->out).data + (size_t)c->first * (size_t)c->width;
    s2s_op_product(c->run, false, false, c->rows, c->width, c->vocabulary, c->logits, c->vocabulary,
                   c->weight, c->width, dx, c->width, false, NULL, c->room);
}

static void forward(const s2s_op *op, s2s_run *run) {
    int rows = s2s_value(run, op->in[0]).rows;
    for (int first = 0; first < rows;) {
        chunk c = make_chunk(op, run, first);
        chunk_logits(&c);
        for (int r = 0; r < c.rows; r++) run->loss += combine_row(&c, r, &run->hits);
        first += c.rows;
        if (!run->training) continue;
#pragma omp parallel for schedule(dynamic, 1) num_threads(s2s_run_threads(run))
        for (int t = 0; t < c.tiles; t++) tile_gradients(&c, t);
        row_gradients(&c);
    }
}

static void backward(const s2s_op *op, s2s_run *run) {
    s2s_tensor kept = s2s_value(run, op->out), dx = s2s_gradient(run, op->in[0]);
    size_t n = (size_t)dx.rows * (size_t)dx.width;
    if (s2s_run_first(op, 0))
        memcpy(dx.data, kept.data, n * sizeof *dx.data);
    else
        s2s_kernel()->add(dx.data, dx.data, kept.data, n);
}

/* Without smoothing the loss of a row is -log p of its label. */
static void log_probabilities(const s2s_op *op, s2s_run *run) {
    s2s_tensor y = s2s_value(run, op->out);
    for (int first = 0; first < y.rows;) {
        chunk c = make_chunk(op, run, first);
        chunk_logits(&c);
        for (int r = 0; r < c.rows; r++)
            y.data[first + r] = (s2s_real)-combine_row(&c, r, &run->hits);
        first += c.rows;
    }
}

static double work(const s2s_op *op, const s2s_run *run) {
    const s2s_param_info *info = run->params->items + op->param[0];
    return (double)s2s_value(run, op->in[0]).rows * info->rows * info->width;
}

static const s2s_op_class linear_cross_entropy = {.name = "linear_cross_entropy",
                                                  .forward = forward,
                                                  .backward = backward,
                                                  .scratch = scratch,
                                                  .work = work};
static const s2s_op_class label_log_probability = {.name = "label_log_probability",
                                                   .forward = log_probabilities,
                                                   .scratch = scratch,
                                                   .work = work};

static s2s_slot emit(s2s_plan *plan, const s2s_op_class *class, s2s_slot x, int width,
                     s2s_param weight, s2s_param bias, double smoothing) {
    cross_entropy_attributes attributes = {smoothing};
    s2s_op op = s2s_op_make(class, s2s_plan_slot(plan, s2s_slot_rows(plan, x), width));
    op.in[0] = x;
    op.param[0] = weight;
    op.param[1] = bias;
    op.backward_reads = S2S_READS_OUTPUT;
    return s2s_plan_emit(plan, &op, &attributes, sizeof attributes);
}

void s2s_linear_cross_entropy(s2s_plan *plan, s2s_slot x, s2s_param weight, s2s_param bias,
                              double label_smoothing) {
    /* its output keeps the gradient of x */
    emit(plan, &linear_cross_entropy, x, s2s_slot_width(plan, x), weight, bias, label_smoothing);
}

s2s_slot s2s_label_log_probability(s2s_plan *plan, s2s_slot x, s2s_param weight, s2s_param bias) {
    return emit(plan, &label_log_probability, x, 1, weight, bias, 0);
}
