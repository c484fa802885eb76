/* The report as JSON; times in seconds, speeds in 10^9 a second. */
#include "base/cpu.h"
#include "base/thread.h"
#include "cli/bench_report.h"
#include "kernel/gemm.h"
#include "kernel/kernels.h"

/* `list` with one value more; NULL: no memory, and the list is gone. */
static json_t *append(json_t *list, json_t *value) {
    if (json_array_append_new(list, value) == 0) return list;
    json_decref(list);
    return NULL;
}

static json_t *machine_json(const s2s_machine_speed *m) {
    json_t *caches = json_array();
    for (int i = 0; i < S2S_CACHE_LEVELS && m->cache[i]; i++)
        caches = append(caches, json_integer(m->cache[i]));
    return json_pack("{ss, si, ss, ss, sf, sf, sf, sf, sf, sf, sf, so}", "processor",
                     s2s_cpu_features()->name, "threads", s2s_threads(), "kernels",
                     s2s_kernel()->name, "products", s2s_gemm_name(), "peak_gflops", m->real.all,
                     "peak_gflops_one_thread", m->real.one, "bf16_gflops", m->bf16.all,
                     "bf16_gflops_one_thread", m->bf16.one, "int8_gops", m->int8.all,
                     "int8_gops_one_thread", m->int8.one, "memory_gb_per_second", m->bandwidth,
                     "cache_bytes", caches);
}

static json_t *row_json(const s2s_op_time_row *row) {
    double of_limit = row->seconds > 0 ? row->limit / row->seconds : 0;
    return json_pack("{ss, ss, si, sf, sf, sf, sf, sf, sf, sf}", "op", row->name, "pass", row->pass,
                     "ops", row->ops, "seconds", row->seconds, "flops", row->flops, "bytes",
                     row->bytes, "limit_seconds", row->limit, "gflops",
                     s2s_bench_giga(row->flops, row->seconds), "gb_per_second",
                     s2s_bench_giga(row->bytes, row->seconds), "share_of_limit", of_limit);
}

/* What both kinds of step have; the caller adds to it. */
static json_t *times_json(const s2s_step_times *t, double peak) {
    json_t *ops = json_array();
    for (int i = 0; i < t->rows_n; i++) ops = append(ops, row_json(&t->rows[i]));
    s2s_op_time_row sum = s2s_bench_sum(t);
    double speed = s2s_bench_giga(sum.flops, t->seconds);
    return json_pack("{sI, sf, sf, sf, sf, sf, sf, sf, so}", "steps", (json_int_t)t->steps,
                     "seconds", t->seconds, "fastest_seconds", t->fastest, "between_seconds",
                     t->seconds - sum.seconds, "flops", sum.flops, "gflops", speed, "share_of_peak",
                     speed / peak, "limit_seconds", sum.limit, "ops", ops);
}

/* `object` with the members of `more`; takes over both. */
static json_t *join(json_t *object, json_t *more) {
    bool joined = object && more && json_object_update(object, more) == 0;
    json_decref(more);
    if (joined) return object;
    json_decref(object);
    return NULL;
}

static json_t *products_json(const s2s_products *products, double peak) {
    json_t *list = json_array();
    for (size_t i = 0; i < products->n; i++) {
        const s2s_product *p = &products->items[i];
        double flops = s2s_product_flops(p), speed = s2s_bench_giga(flops, p->seconds);
        list = append(list, json_pack("{ss, si, si, si, si, sf, sf, sf, sf}", "kind",
                                      s2s_product_kind_name(p->kind), "m", p->m, "n", p->n, "k",
                                      p->k, "count", p->count, "seconds", p->seconds, "flops",
                                      flops, "gflops", speed, "share_of_peak", speed / peak));
    }
    return list;
}

static json_t *training_json(const s2s_training_time *t) {
    return join(times_json(&t->times, t->peak),
                json_pack("{si, si, si, sf, sI, sI, sI, so}", "sentences", t->sentences,
                          "source_tokens", t->source_tokens, "target_tokens", t->target_tokens,
                          "target_tokens_per_second", t->target_tokens / t->times.seconds,
                          "parameters", (json_int_t)t->parameters, "moment_bytes",
                          (json_int_t)t->moment_bytes, "tensor_bytes", (json_int_t)t->bytes,
                          "products", products_json(&t->products, t->peak)));
}

static json_t *decoding_json(const s2s_decoding_time *t, const s2s_machine_speed *m) {
    return join(times_json(&t->times, s2s_peak_with(m, t->weights)),
                json_pack("{ss, si, si, si, si, sf}", "weights", s2s_weight_type_names[t->weights],
                          "sentences", t->sentences, "rows", t->rows, "source_tokens",
                          t->source_tokens, "position", t->position, "tokens_per_second",
                          t->rows / t->times.seconds));
}

json_t *s2s_bench_json(const s2s_bench_report *r) {
    json_t *all = json_pack("{so}", "machine", machine_json(&r->machine));
    if (r->training) all = join(all, json_pack("{so}", "step", training_json(r->training)));
    if (r->decoding)
        all = join(all, json_pack("{so}", "decode", decoding_json(r->decoding, &r->machine)));
    return all;
}
