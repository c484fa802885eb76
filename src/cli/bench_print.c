/* The report as text. */
#include <stdio.h>

#include "base/cpu.h"
#include "base/thread.h"
#include "cli/bench_report.h"
#include "kernel/gemm.h"
#include "kernel/kernels.h"

/* A figure of a table; a place without one stays empty. */
typedef char cell[16];

static const char *put_cell(cell text, const char *format, bool there, double value) {
    snprintf(text, sizeof(cell), there ? format : "", value);
    return text;
}

static s2s_status print_caches(const s2s_machine_speed *m, s2s_output *output, s2s_err *err) {
    if (!m->cache[0]) return S2S_OK;
    S2S_TRY(s2s_output_printf(output, err, "caches     "));
    for (int i = 0; i < S2S_CACHE_LEVELS && m->cache[i]; i++)
        S2S_TRY(s2s_output_printf(output, err, "%s%lld KiB L%d", i ? ", " : "",
                                  (long long)m->cache[i] / 1024, i + 1));
    return s2s_output_printf(output, err, "\n");
}

static s2s_status print_machine(const s2s_machine_speed *m, s2s_output *output, s2s_err *err) {
    S2S_TRY(s2s_output_printf(
        output, err,
        "processor  %s, %d threads\n"
        "kernels    %s\n"
        "products   %s\n"
        "peak       %.0f GFLOP/s, one thread %.0f (%s products of %dx%dx%d)\n"
        "bfloat16   %.0f GFLOP/s, one thread %.0f (the same, from and to floats)\n"
        "int8       %.0f GOP/s, one thread %.0f (the same, packed weights)\n",
        s2s_cpu_features()->name, s2s_threads(), s2s_kernel()->name, s2s_gemm_name(), m->real.all,
        m->real.one, sizeof(s2s_real) == sizeof(float) ? "float32" : "float64", S2S_BENCH_M,
        S2S_BENCH_N, S2S_BENCH_K, m->bf16.all, m->bf16.one, m->int8.all, m->int8.one));
    S2S_TRY(s2s_output_printf(output, err, "memory     %.1f GB/s (y = a + s b)\n", m->bandwidth));
    return print_caches(m, output, err);
}

/* --- a step by op --- */

static s2s_status print_row(const s2s_op_time_row *row, double step, s2s_output *output,
                            s2s_err *err) {
    cell ops, flops, bytes, limit;
    return s2s_output_printf(
        output, err, "%-22s%-9s%5s%12.3f%8.1f %%%9s%9s%9s\n", row->name, row->pass,
        put_cell(ops, "%.0f", row->ops > 0, row->ops), 1e3 * row->seconds,
        100 * row->seconds / step,
        put_cell(flops, "%.0f", row->flops > 0, s2s_bench_giga(row->flops, row->seconds)),
        put_cell(bytes, "%.1f", row->bytes > 0, s2s_bench_giga(row->bytes, row->seconds)),
        put_cell(limit, "%.0f %%", row->limit > 0 && row->seconds > 0,
                 100 * row->limit / row->seconds));
}

static s2s_status print_times(const s2s_step_times *t, const char *title, s2s_output *output,
                              s2s_err *err) {
    S2S_TRY(s2s_output_printf(output, err, "\n%-31s%5s%12s%10s%9s%9s%9s\n", title, "ops", "ms",
                              "share", "GFLOP/s", "GB/s", "of limit"));
    for (int i = 0; i < t->rows_n; i++) S2S_TRY(print_row(&t->rows[i], t->seconds, output, err));
    s2s_op_time_row sum = s2s_bench_sum(t);
    s2s_op_time_row between = {.name = "between", .pass = "", .seconds = t->seconds - sum.seconds};
    S2S_TRY(print_row(&between, t->seconds, output, err));
    sum.name = "together";
    sum.seconds = t->seconds;
    return print_row(&sum, t->seconds, output, err);
}

static s2s_status print_share(const s2s_step_times *t, const char *what, double peak,
                              s2s_output *output, s2s_err *err) {
    double speed = s2s_bench_giga(s2s_bench_sum(t).flops, t->seconds);
    return s2s_output_printf(output, err, "work       %.0f %s, %.0f %% of the peak\n", speed, what,
                             100 * speed / peak);
}

/* --- training --- */

static s2s_status print_products(const s2s_training_time *t, s2s_output *output, s2s_err *err) {
    double sum = 0;
    S2S_TRY(s2s_output_printf(output, err, "\n%-17s%8s%8s%8s%9s%12s%9s%9s\n", "matrix products",
                              "m", "n", "k", "a step", "ms each", "GFLOP/s", "of peak"));
    for (size_t i = 0; i < t->products.n; i++) {
        const s2s_product *p = &t->products.items[i];
        double speed = s2s_bench_giga(s2s_product_flops(p), p->seconds);
        S2S_TRY(s2s_output_printf(output, err, "%-17s%8d%8d%8d%9d%12.3f%9.0f%7.0f %%\n",
                                  s2s_product_kind_name(p->kind), p->m, p->n, p->k, p->count,
                                  1e3 * p->seconds, speed, 100 * speed / t->peak));
        sum += p->count * p->seconds;
    }
    return s2s_output_printf(output, err, "all of a step by themselves %.1f ms\n", 1e3 * sum);
}

static s2s_status print_training(const s2s_training_time *t, s2s_output *output, s2s_err *err) {
    const s2s_step_times *times = &t->times;
    S2S_TRY(print_times(times, "training step", output, err));
    S2S_TRY(s2s_output_printf(
        output, err,
        "\nstep       %.1f ms: %d sentences, %d source and %d target tokens (mean of %lld steps; "
        "the fastest %.1f ms)\n"
        "speed      %.0f target tokens/s, %.0f of both sides\n",
        1e3 * times->seconds, t->sentences, t->source_tokens, t->target_tokens,
        (long long)times->steps, 1e3 * times->fastest, t->target_tokens / times->seconds,
        (t->source_tokens + t->target_tokens) / times->seconds));
    S2S_TRY(print_share(times, "GFLOP/s", t->peak, output, err));
    S2S_TRY(s2s_output_printf(
        output, err,
        "memory     %.1f MiB for %lld parameters' values, %.1f MiB for the optimizer's moments, "
        "%.1f MiB for a step's tensors\n",
        (double)t->parameters * sizeof(s2s_real) / (1024.0 * 1024.0), (long long)t->parameters,
        (double)t->moment_bytes / (1024.0 * 1024.0), (double)t->bytes / (1024.0 * 1024.0)));
    return print_products(t, output, err);
}

/* --- decoding --- */

static s2s_status print_decoding(const s2s_decoding_time *t, const s2s_machine_speed *m,
                                 s2s_output *output, s2s_err *err) {
    const s2s_step_times *times = &t->times;
    S2S_TRY(print_times(times, "decoding step", output, err));
    S2S_TRY(s2s_output_printf(
        output, err,
        "\nstep       %.3f ms: %d hypotheses of %d sentences, %d source tokens each, position %d, "
        "%s weights (mean of %lld steps; the fastest %.3f ms)\n"
        "speed      %.0f tokens/s of all hypotheses\n",
        1e3 * times->seconds, t->rows, t->sentences, t->source_tokens, t->position,
        s2s_weight_type_names[t->weights], (long long)times->steps, 1e3 * times->fastest,
        t->rows / times->seconds));
    bool int8 = t->weights == S2S_WEIGHT_INT8;
    return print_share(times, int8 ? "GOP/s" : "GFLOP/s", s2s_peak_with(m, t->weights), output,
                       err);
}

static s2s_status explain(s2s_output *output, s2s_err *err) {
    return s2s_output_printf(
        output, err,
        "\nof limit: the time that the peak allows for the products, or the memory for values, "
        "gradients and\nparameters, whichever is more, in parts of the time that was taken; above "
        "100 %% they come from caches\n");
}

s2s_status s2s_bench_print(const s2s_bench_report *r, s2s_output *output, s2s_err *err) {
    S2S_TRY(print_machine(&r->machine, output, err));
    if (r->training) S2S_TRY(print_training(r->training, output, err));
    if (r->decoding) S2S_TRY(print_decoding(r->decoding, &r->machine, output, err));
    return r->training || r->decoding ? explain(output, err) : S2S_OK;
}
