/* s2s bench: how fast the machine is, and where the time of a training step goes on it. */
#include "base/cpu.h"
#include "base/file.h"
#include "base/thread.h"
#include "cli/bench.h"
#include "cli/command.h"
#include "kernel/gemm.h"
#include "kernel/kernels.h"
#include "model/folder.h"

typedef struct benchmark {
    const char *recipe;
    int64_t length;
    double seconds;
    s2s_machine_speed machine;
    s2s_step_time step;
    bool has_step;
} benchmark;

/* --- text --- */

static s2s_status print_machine(const benchmark *b, s2s_output *output, s2s_err *err) {
    const s2s_machine_speed *m = &b->machine;
    return s2s_output_printf(output, err,
                             "processor  %s, %d threads\n"
                             "kernels    %s\n"
                             "products   %s\n"
                             "peak       %.0f GFLOP/s, one thread %.0f (%s products of %dx%dx%d)\n"
                             "memory     %.1f GB/s (y = a + s b)\n",
                             s2s_cpu_features()->name, s2s_threads(), s2s_kernel()->name,
                             s2s_gemm_name(), m->gflops_all, m->gflops_one,
                             sizeof(s2s_real) == sizeof(float) ? "float32" : "float64", S2S_BENCH_M,
                             S2S_BENCH_N, S2S_BENCH_K, m->bandwidth);
}

static double gflops(double flops, double seconds) {
    return seconds > 0 ? 1e-9 * flops / seconds : 0;
}

static s2s_status print_class(const s2s_class_time *c, double step, s2s_output *output,
                              s2s_err *err) {
    double both = c->forward + c->backward;
    S2S_TRY(s2s_output_printf(output, err, "%-22s%5d%12.2f%13.2f%8.1f %%", c->name, c->ops,
                              1e3 * c->forward, 1e3 * c->backward, 100 * both / step));
    if (c->flops > 0) S2S_TRY(s2s_output_printf(output, err, "%10.0f", gflops(c->flops, both)));
    return s2s_output_printf(output, err, "\n");
}

static s2s_status print_step(const benchmark *b, s2s_output *output, s2s_err *err) {
    const s2s_step_time *t = &b->step;
    S2S_TRY(s2s_output_printf(output, err, "\n%-22s%5s%12s%13s%10s%10s\n", "training step", "ops",
                              "forward ms", "backward ms", "share", "GFLOP/s"));
    double sum = t->optimizer;
    for (int i = 0; i < t->classes_n; i++) {
        S2S_TRY(print_class(&t->classes[i], t->seconds, output, err));
        sum += t->classes[i].forward + t->classes[i].backward;
    }
    S2S_TRY(s2s_output_printf(output, err, "%-22s%5s%12s%13.2f%8.1f %%\n", "optimizer", "", "",
                              1e3 * t->optimizer, 100 * t->optimizer / t->seconds));
    S2S_TRY(s2s_output_printf(output, err, "%-22s%5s%12s%13.2f%8.1f %%\n", "between", "", "",
                              1e3 * (t->seconds - sum), 100 * (1 - sum / t->seconds)));
    double speed = gflops(t->flops, t->seconds);
    return s2s_output_printf(
        output, err,
        "\nstep       %.1f ms: %d sentences, %d source and %d target tokens (mean of %lld steps; "
        "the fastest %.1f ms)\n"
        "speed      %.0f target tokens/s, %.0f of both sides\n"
        "work       %.0f GFLOP/s, %.0f %% of the peak\n"
        "memory     %.1f MiB for %lld parameters' values, %.1f MiB for the optimizer's moments, "
        "%.1f MiB for a step's tensors\n",
        1e3 * t->seconds, t->sentences, t->source_tokens, t->target_tokens, (long long)t->steps,
        1e3 * t->fastest, t->target_tokens / t->seconds,
        (t->source_tokens + t->target_tokens) / t->seconds, speed,
        100 * speed / b->machine.gflops_all,
        (double)t->parameters * sizeof(s2s_real) / (1024.0 * 1024.0), (long long)t->parameters,
        (double)t->moment_bytes / (1024.0 * 1024.0), (double)t->bytes / (1024.0 * 1024.0));
}

/* --- JSON; NULL: out of memory --- */

static json_t *machine_json(const benchmark *b) {
    const s2s_machine_speed *m = &b->machine;
    return json_pack("{ss, si, ss, ss, sf, sf, sf}", "processor", s2s_cpu_features()->name,
                     "threads", s2s_threads(), "kernels", s2s_kernel()->name, "products",
                     s2s_gemm_name(), "peak_gflops", m->gflops_all, "peak_gflops_one_thread",
                     m->gflops_one, "memory_gb_per_second", m->bandwidth);
}

static json_t *step_json(const benchmark *b) {
    const s2s_step_time *t = &b->step;
    json_t *classes = json_array();
    for (int i = 0; i < t->classes_n; i++) {
        const s2s_class_time *c = &t->classes[i];
        json_t *one =
            json_pack("{ss, si, sf, sf, sf}", "op", c->name, "ops", c->ops, "forward_seconds",
                      c->forward, "backward_seconds", c->backward, "flops", c->flops);
        if (json_array_append_new(classes, one) != 0) {
            json_decref(classes);
            return NULL;
        }
    }
    double speed = gflops(t->flops, t->seconds);
    return json_pack("{sI, sf, sf, sf, si, si, si, sf, sf, sf, sI, sI, sI, so}", "steps",
                     (json_int_t)t->steps, "seconds", t->seconds, "fastest_seconds", t->fastest,
                     "optimizer_seconds", t->optimizer, "sentences", t->sentences, "source_tokens",
                     t->source_tokens, "target_tokens", t->target_tokens,
                     "target_tokens_per_second", t->target_tokens / t->seconds, "gflops", speed,
                     "share_of_peak", speed / b->machine.gflops_all, "parameters",
                     (json_int_t)t->parameters, "moment_bytes", (json_int_t)t->moment_bytes,
                     "tensor_bytes", (json_int_t)t->bytes, "ops", classes);
}

static s2s_status put_results(const benchmark *b, s2s_call *call, s2s_err *err) {
    if (!call->options.json) {
        S2S_TRY(print_machine(b, call->output, err));
        return b->has_step ? print_step(b, call->output, err) : S2S_OK;
    }
    json_t *all = b->has_step
                      ? json_pack("{so, so}", "machine", machine_json(b), "step", step_json(b))
                      : json_pack("{so}", "machine", machine_json(b));
    return s2s_output_json(call->output, all, true, err);
}

/* --- the command --- */

static s2s_status bench_recipe(benchmark *b, s2s_call *call, const char *path, s2s_err *err) {
    const s2s_options *o = &call->options;
    s2s_recipe *recipe;
    S2S_TRY(s2s_recipe_load(&recipe, path, o->sets.items, (int)o->sets.n, err));
    s2s_log_say(call->log, "training steps of %s", recipe->name);
    s2s_status status = s2s_bench_step(&b->step, recipe, (int)b->length, b->seconds, err);
    s2s_recipe_free(recipe);
    b->has_step = true;
    return status;
}

static s2s_status bench(s2s_call *call, s2s_err *err) {
    benchmark *b = call->self;
    const char *model = call->options.model;
    if (b->recipe && model)
        return s2s_fail(err, S2S_USAGE, "--recipe and --model: give one of them");
    if (!b->recipe && !model && call->options.sets.n)
        return s2s_fail(err, S2S_USAGE,
                        "--set and --seed change a recipe: give --recipe or --model");
    s2s_log_say(call->log, "measuring the machine");
    S2S_TRY(s2s_bench_machine(&b->machine, b->seconds / 5, err));
    s2s_arena arena = {0};
    s2s_status status = S2S_OK;
    const char *path = b->recipe;
    if (model) path = s2s_path_join(&arena, model, S2S_RECIPE_FILE, err);
    if (path)
        status = bench_recipe(b, call, path, err);
    else if (model)
        status = S2S_MEMORY;
    s2s_arena_release(&arena);
    return status == S2S_OK ? put_results(b, call, err) : status;
}

static s2s_status run(int argc, char **argv, s2s_err *err) {
    enum { LONGEST = 100000 };
    benchmark b = {.length = 20, .seconds = 5};
    const s2s_option options[] = {
        S2S_TEXT_OPTION("recipe", "FILE", &b.recipe,
                        "Measure training steps of this recipe, on random tokens; --model does so "
                        "with a model's recipe."),
        S2S_WHOLE_OPTION("length", &b.length, 1, LONGEST,
                         "Tokens of a random sentence on average; 20 if not given."),
        S2S_REAL_OPTION("seconds", &b.seconds, 0, 3600,
                        "How long training steps are measured; 5 if not given."),
    };
    const s2s_usage usage = {
        .command = "bench",
        .arguments = "",
        .summary = "Measures the machine: the fastest matrix products and memory that it has now. "
                   "With a recipe also the time of a training step, op by op, and the share of "
                   "the machine's peak that it reaches.",
        .common = S2S_WITH_MODEL | S2S_WITH_OUTPUT | S2S_WITH_THREADS | S2S_WITH_SEED |
                  S2S_WITH_JSON | S2S_WITH_SET,
        .options = options,
        .n = sizeof options / sizeof *options,
        .examples = "  s2s bench --recipe=recipes/transformer-base.yaml --threads=2\n",
    };
    return s2s_call_run(&usage, argc, argv, bench, &b, err);
}

const s2s_command s2s_command_bench = {"bench", "measure the machine, and training steps on it",
                                       run};
