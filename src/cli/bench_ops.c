/* The time of a step by op class and direction, and how near to the machine's limit that is. See bench.h.
 *
 * The limit is the roofline (Williams et al. 2009): products take at least flops / peak, and what is read and
 * written once at least bytes / bandwidth. Bytes are counted as if nothing were cached, so an op whose values
 * come from a cache may be faster than its limit. */
#include <stdlib.h>
#include <string.h>

#include "cli/bench.h"

static s2s_op_time_row *row_of(s2s_step_times *times, const char *name, const char *pass) {
    for (int i = 0; i < times->rows_n; i++)
        if (strcmp(times->rows[i].name, name) == 0 && strcmp(times->rows[i].pass, pass) == 0)
            return &times->rows[i];
    if (times->rows_n == S2S_MOST_OP_TIMES) return &times->rows[S2S_MOST_OP_TIMES - 1];
    times->rows[times->rows_n] = (s2s_op_time_row){.name = name, .pass = pass};
    return &times->rows[times->rows_n++];
}

void s2s_bench_add(s2s_step_times *times, s2s_op_time_row row, double peak,
                   const s2s_machine_speed *machine) {
    double products = 1e-9 * row.flops / peak, memory = 1e-9 * row.bytes / machine->bandwidth;
    s2s_op_time_row *sum = row_of(times, row.name, row.pass);
    sum->ops += row.ops;
    sum->seconds += row.seconds;
    sum->flops += row.flops;
    sum->bytes += row.bytes;
    sum->limit += products > memory ? products : memory;
}

/* --- what an op reads and writes --- */

bool s2s_op_has_weight(const s2s_op *op, const s2s_params *params) {
    return op->in[0] >= 0 && op->param[0] >= 0 && params->items[op->param[0]].packs;
}

bool s2s_op_is_fused(const s2s_op *op) {
    return !(op->backward_reads & (S2S_READS_INPUT | S2S_READS_INPUT_2));
}

static double slot_bytes(const s2s_run *run, s2s_slot slot) {
    if (slot < 0) return 0;
    s2s_tensor t = s2s_value(run, slot);
    return (double)t.rows * t.width * (double)sizeof(s2s_real);
}

/* Its inputs; one slot that is both counts once. */
static int inputs_of(const s2s_op *op, s2s_slot inputs[S2S_OP_INPUTS]) {
    int n = 0;
    for (int i = 0; i < S2S_OP_INPUTS; i++)
        if (op->in[i] >= 0 && (i == 0 || op->in[i] != op->in[0])) inputs[n++] = op->in[i];
    return n;
}

/* An op without an input looks rows up: as many as it writes, not all of the table. */
static double parameter_bytes(const s2s_op *op, const s2s_run *run, s2s_param param) {
    if (param < 0) return 0;
    const s2s_param_info *info = run->params->items + param;
    const s2s_packed *packed = s2s_param_packed(run->params, param);
    double bytes = packed ? (double)s2s_packed_bytes(packed->type, packed->out, packed->in)
                          : (double)s2s_param_size(run->params, param) * (double)sizeof(s2s_real);
    return op->in[0] >= 0 ? bytes : bytes / info->rows * s2s_value(run, op->out).rows;
}

static double parameters_bytes(const s2s_op *op, const s2s_run *run) {
    double bytes = 0;
    for (int i = 0; i < S2S_OP_PARAMS; i++) bytes += parameter_bytes(op, run, op->param[i]);
    return bytes;
}

static double forward_bytes(const s2s_op *op, const s2s_run *run) {
    s2s_slot inputs[S2S_OP_INPUTS];
    double bytes = slot_bytes(run, op->out) + parameters_bytes(op, run);
    for (int i = inputs_of(op, inputs); i-- > 0;) bytes += slot_bytes(run, inputs[i]);
    if (op->class->reads) bytes += op->class->reads(op, run) * (double)sizeof(s2s_real);
    if (run->training && s2s_op_is_fused(op) && s2s_op_has_weight(op, run->params))
        bytes += 2 * parameters_bytes(op, run); /* their gradients are added to */
    return bytes;
}

/* A sum's second input gets the output's gradient as it is, where it lies. */
static bool passes_gradient_on(const s2s_op *op, const s2s_run *run, int input) {
    return input == 1 && op->gradient_in_place == input &&
           run->places.gradient[op->in[input]] == run->places.gradient[op->out];
}

static double input_gradient_bytes(const s2s_op *op, const s2s_run *run) {
    double bytes = 0;
    for (int i = 0; i < S2S_OP_INPUTS; i++) {
        if (op->in[i] < 0 || (i && op->in[i] == op->in[0]) || passes_gradient_on(op, run, i))
            continue;
        bytes += slot_bytes(run, op->in[i]) * (s2s_run_first(op, i) ? 1 : 2);
    }
    return bytes;
}

/* Of a fused op the output is the gradient of its input, kept until now. */
static double backward_bytes(const s2s_op *op, const s2s_run *run) {
    double bytes = input_gradient_bytes(op, run) + slot_bytes(run, op->out);
    if (s2s_op_is_fused(op) && s2s_op_has_weight(op, run->params)) return bytes;
    if (op->backward_reads & S2S_READS_INPUT) bytes += slot_bytes(run, op->in[0]);
    if ((op->backward_reads & S2S_READS_INPUT_2) && op->in[1] != op->in[0])
        bytes += slot_bytes(run, op->in[1]);
    if (op->backward_reads & S2S_READS_OUTPUT) bytes += slot_bytes(run, op->out);
    /* gradients of parameters are added to; the parameters themselves are read for the input's */
    return bytes + parameters_bytes(op, run) * (op->in[0] >= 0 ? 3 : 2);
}

/* --- sums --- */

static double peak_of(const s2s_op *op, const s2s_run *run, const s2s_machine_speed *machine) {
    if (!s2s_op_has_weight(op, run->params)) return machine->real.all;
    if (run->plan->precision == S2S_BFLOAT16) return machine->bf16.all;
    const s2s_packed *packed = s2s_param_packed(run->params, op->param[0]);
    return s2s_peak_with(machine, packed ? packed->type : S2S_WEIGHT_FLOAT32);
}

/* A product's backward pass is two products of its size: the gradients of both factors. A fused op makes them
 * in its forward pass. */
static double flops_of(const s2s_op *op, const s2s_run *run, s2s_direction direction) {
    double flops = op->class->work ? 2 * op->class->work(op, run) : 0;
    if (s2s_op_is_fused(op) && run->training) return direction == S2S_FORWARD ? 3 * flops : 0;
    return direction == S2S_BACKWARD ? 2 * flops : flops;
}

void s2s_bench_add_run(s2s_step_times *times, const s2s_run *run,
                       const s2s_machine_speed *machine) {
    for (size_t i = 0; i < run->schedule.n; i++) {
        const s2s_task *task = run->schedule.tasks + i;
        const s2s_op *op = run->plan->ops + task->op;
        bool backward = task->direction == S2S_BACKWARD;
        s2s_op_time_row row = {.name = op->class->name,
                               .pass = s2s_direction_names[task->direction],
                               .ops = 1,
                               .seconds = s2s_run_time(run, task)->seconds / (double)times->steps,
                               .flops = flops_of(op, run, task->direction),
                               .bytes =
                                   backward ? backward_bytes(op, run) : forward_bytes(op, run)};
        s2s_bench_add(times, row, peak_of(op, run, machine), machine);
    }
}

static int by_time(const void *a, const void *b) {
    double left = ((const s2s_op_time_row *)a)->seconds;
    double right = ((const s2s_op_time_row *)b)->seconds;
    return (left < right) - (left > right);
}

void s2s_bench_sort(s2s_step_times *times) {
    qsort(times->rows, (size_t)times->rows_n, sizeof *times->rows, by_time);
}

s2s_op_time_row s2s_bench_sum(const s2s_step_times *times) {
    s2s_op_time_row sum = {.name = "", .pass = ""};
    for (int i = 0; i < times->rows_n; i++) {
        sum.seconds += times->rows[i].seconds;
        sum.flops += times->rows[i].flops;
        sum.bytes += times->rows[i].bytes;
        sum.limit += times->rows[i].limit;
    }
    return sum;
}
