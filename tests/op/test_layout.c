/* The memory layout: random plans give the same bits with shared memory as without, whatever is kept for the
 * backward pass, and no two values or gradients that are needed at one moment overlap. */
#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"
#include "base/thread.h"
#include "op/tiny.h"
#include "op/unshared.h"

static const int lengths[] = {3, 1, 6, 2, -1}, target_lengths[] = {2, 4, 1, 5, -1};
enum { WIDTH = 4, STEPS = 14, PLANS = 60, POOL = 64 };

/* --- random plans --- */

/* Slots that later ops may read, of one width, over either stream. */
typedef struct pool {
    s2s_rng rng;
    s2s_slot slots[POOL];
    int n;
} pool;

static int draw(pool *p, int bound) {
    return (int)s2s_rng_below(&p->rng, (uint64_t)bound);
}

static s2s_slot any(pool *p) {
    return p->slots[draw(p, p->n)];
}

/* Another slot over the same rows, or none. */
static s2s_slot partner(pool *p, const tiny *t, s2s_slot x) {
    for (int tries = 0; tries < 8; tries++) {
        s2s_slot other = any(p);
        if (other != x && s2s_slot_rows(t->plan, other) == s2s_slot_rows(t->plan, x)) return other;
    }
    return S2S_NO_SLOT;
}

static s2s_slot emit_attention(tiny *t, pool *p, s2s_slot x) {
    s2s_attention_options o = {.heads = 2,
                               .kv_heads = 1,
                               .head_width = 2,
                               .scale = 0.7,
                               .dropout = 0.2,
                               .relative = S2S_NO_PARAM};
    if (draw(p, 2)) {
        o.key = 4, o.value = 6, o.causal = true;
        s2s_slot qkv = s2s_linear(t->plan, x, tiny_param(t, 8, WIDTH), S2S_NO_PARAM);
        if (draw(p, 2))
            qkv = s2s_rotary(t->plan, qkv, (s2s_rotary_options){.heads = 3, .head_width = 2});
        return s2s_attention(t->plan, qkv, qkv, o);
    }
    o.value = 2;
    s2s_slot q = s2s_linear(t->plan, x, tiny_param(t, 4, WIDTH), S2S_NO_PARAM);
    s2s_slot kv = s2s_linear(t->plan, any(p), tiny_param(t, 4, WIDTH), S2S_NO_PARAM);
    return s2s_attention(t->plan, q, kv, o);
}

static s2s_slot emit_activation(tiny *t, pool *p, s2s_slot x) {
    int kind = draw(p, S2S_GEGLU + 1);
    int inner = s2s_activation_is_gated((s2s_activation)kind) ? 2 * WIDTH : WIDTH;
    s2s_slot y = s2s_linear(t->plan, x, tiny_param(t, inner, WIDTH), tiny_param(t, 1, inner));
    return s2s_activate(t->plan, y, (s2s_activation)kind, draw(p, 2) ? 0.3 : 0);
}

static s2s_slot emit_any(tiny *t, pool *p) {
    s2s_slot x = any(p);
    switch (draw(p, 5)) {
    case 0:
        return s2s_linear(t->plan, x, tiny_param(t, WIDTH, WIDTH), S2S_NO_PARAM);
    case 1:
        return s2s_norm(t->plan, x, tiny_param(t, 1, WIDTH), S2S_NO_PARAM, 1e-3, draw(p, 2));
    case 2:
        return s2s_dropout_add(t->plan, x, partner(p, t, x), draw(p, 2) ? 0.3 : 0);
    case 3:
        return emit_activation(t, p, x);
    default:
        return emit_attention(t, p, x);
    }
}

/* Every slot that nobody reads goes into the loss. */
static void probe_ends(tiny *t) {
    size_t n = t->plan->n, slots = t->plan->slots_n;
    for (size_t s = 0; s < slots; s++) {
        bool read = false;
        for (size_t i = 0; i < n; i++)
            read |= t->plan->ops[i].in[0] == (s2s_slot)s || t->plan->ops[i].in[1] == (s2s_slot)s;
        if (!read) tiny_probe(t, (s2s_slot)s);
    }
}

static void build_random(tiny *t, uint64_t number, s2s_keep keep) {
    pool p = {.rng = s2s_rng_init(9, number)};
    tiny_begin(t, lengths, target_lengths);
    s2s_embed_options embed = {.table = tiny_param(t, TINY_VOCABULARY, WIDTH),
                               .position_table = S2S_NO_PARAM,
                               .segment_table = S2S_NO_PARAM,
                               .scale = 1};
    p.slots[p.n++] = s2s_embed(t->plan, S2S_ROWS_SOURCE, embed);
    p.slots[p.n++] = s2s_embed(t->plan, S2S_ROWS_TARGET, embed);
    p.slots[p.n++] = tiny_source(t, S2S_ROWS_TARGET, WIDTH);
    for (int i = 0; i < STEPS; i++) {
        s2s_slot y = emit_any(t, &p);
        if (draw(&p, 3) == 0) s2s_plan_mark(t->plan, y);
        p.slots[p.n++] = y;
    }
    s2s_slot last = p.slots[1];
    s2s_linear_cross_entropy(t->plan, last, embed.table, S2S_NO_PARAM, 0.1);
    probe_ends(t);
    tiny_finish_keeping(t, keep);
}

static const s2s_keep keeps[] = {S2S_KEEP_ALL, S2S_KEEP_COSTLY, S2S_KEEP_MARKED};
enum { KEEPS = sizeof keeps / sizeof *keeps };

static void sharing_changes_no_bit(void **state) {
    (void)state;
    s2s_threads_set(2);
    for (int i = 0; i < PLANS * KEEPS; i++) {
        char what[48];
        int number = i / KEEPS;
        snprintf(what, sizeof what, "plan %d, keeping %d", number, (int)keeps[i % KEEPS]);
        tiny t;
        build_random(&t, (uint64_t)number, keeps[i % KEEPS]);
        check_sharing(t.run, &t.params, what);
        tiny_end(&t);
    }
}

static void recomputing_changes_no_bit(void **state) {
    (void)state;
    int again = 0;
    for (int i = 0; i < PLANS * KEEPS; i++) {
        tiny all, less;
        build_random(&all, (uint64_t)(i / KEEPS), S2S_KEEP_ALL);
        build_random(&less, (uint64_t)(i / KEEPS), keeps[i % KEEPS]);
        tiny_step(&all);
        tiny_step(&less);
        assert_true(all.run->loss == less.run->loss);
        assert_memory_equal(all.params.gradient, less.params.gradient,
                            all.params.size * sizeof *all.params.gradient);
        for (size_t s = 0; s < less.plan->slots_n; s++) again += less.run->schedule.again[s];
        tiny_end(&all);
        tiny_end(&less);
    }
    assert_in_range(again, PLANS, PLANS * 64); /* there was something to compute again */
}

/* --- overlaps, by lifetimes counted here in the plainest way --- */

enum { VALUE, AGAIN, GRADIENT, KINDS, MOMENTS = 512 };

typedef struct extent {
    ptrdiff_t begin, end; /* elements */
    bool needed[MOMENTS]; /* at each task of the step */
} extent;

static extent make_extent(const s2s_run *run, ptrdiff_t offset, s2s_slot slot) {
    const s2s_slot_info *info = run->plan->slots + slot;
    extent e = {.begin = offset,
                .end = offset + (ptrdiff_t)run->max_rows[info->rows] * info->width};
    return e;
}

/* From the first to the last of the tasks for which `uses` holds, where there are any. */
static void need_from_first_to_last(extent *e, const bool uses[MOMENTS]) {
    int first = MOMENTS, last = -1;
    for (int m = 0; m < MOMENTS; m++) {
        if (!uses[m]) continue;
        if (first > m) first = m;
        last = m;
    }
    for (int m = first; m <= last; m++) e->needed[m] = true;
}

static bool reads_in_backward(const s2s_op *op, s2s_slot slot) {
    return (op->in[0] == slot && op->backward_reads & S2S_READS_INPUT) ||
           (op->in[1] == slot && op->backward_reads & S2S_READS_INPUT_2) ||
           (op->out == slot && op->backward_reads & S2S_READS_OUTPUT);
}

/* A value is needed from its writer to each reader, forward or backward, or to the last forward reader and
 * again from its second writer on; a gradient from the backward pass of the value's last reader to that of
 * its writer. */
static void needs_of(const s2s_run *run, s2s_slot slot, extent of[KINDS]) {
    bool uses[KINDS][MOMENTS] = {0};
    for (size_t m = 0; m < run->schedule.n; m++) {
        const s2s_task *task = run->schedule.tasks + m;
        const s2s_op *op = run->plan->ops + task->op;
        bool touches = op->in[0] == slot || op->in[1] == slot || op->out == slot;
        bool backward = task->direction == S2S_BACKWARD;
        int kind = task->direction != S2S_FORWARD && run->schedule.again[slot] ? AGAIN : VALUE;
        if (backward ? reads_in_backward(op, slot) : touches) uses[kind][m] = true;
        if (backward && touches) uses[GRADIENT][m] = true;
    }
    for (int kind = 0; kind < KINDS; kind++) need_from_first_to_last(of + kind, uses[kind]);
}

/* Moments that both need. */
static int common_moments(const extent *a, const extent *b, int moments, int *moment) {
    int common = 0;
    for (int m = 0; m < moments; m++)
        if (a->needed[m] && b->needed[m]) common++, *moment = m;
    return common;
}

/* Two extents may lie in one place only when they meet in one moment, in which an op that may work
 * in place turns one into the other. */
static bool may_overlap(const s2s_run *run, const extent *a, const extent *b, int moments) {
    int moment = 0, common = common_moments(a, b, moments, &moment);
    if (common == 0) return true;
    const s2s_task *task = run->schedule.tasks + moment;
    const s2s_op *op = run->plan->ops + task->op;
    bool allowed = task->direction == S2S_BACKWARD ? op->gradient_in_place >= 0 : op->in_place;
    return common == 1 && allowed && a->begin == b->begin && a->end == b->end;
}

static void check_overlaps(const s2s_run *run, int number) {
    static const char *const names[KINDS] = {"value", "value again", "gradient"};
    int slots = (int)run->plan->slots_n, moments = (int)run->schedule.n;
    assert_in_range(moments, 1, MOMENTS);
    extent *extents = calloc((size_t)(KINDS * slots), sizeof *extents);
    assert_non_null(extents);
    for (int s = 0; s < slots; s++) {
        extents[KINDS * s + VALUE] = make_extent(run, run->places.value[s], s);
        extents[KINDS * s + AGAIN] = make_extent(run, run->places.again[s], s);
        extents[KINDS * s + GRADIENT] = make_extent(run, run->places.gradient[s], s);
        needs_of(run, s, extents + (ptrdiff_t)KINDS * s);
    }
    for (int i = 0; i < KINDS * slots; i++)
        for (int j = 0; j < i; j++) {
            const extent *a = extents + i, *b = extents + j;
            if (a->begin < b->end && b->begin < a->end && !may_overlap(run, a, b, moments))
                fail_msg("plan %d: %s of slot %d and %s of slot %d overlap", number,
                         names[i % KINDS], i / KINDS, names[j % KINDS], j / KINDS);
        }
    free(extents);
}

static void nothing_needed_overlaps(void **state) {
    (void)state;
    for (int i = 0; i < PLANS * KEEPS; i++) {
        tiny t;
        build_random(&t, (uint64_t)(i / KEEPS), keeps[i % KEEPS]);
        check_overlaps(t.run, i / KEEPS);
        tiny_end(&t);
    }
}

/* Sharing is there at all: far less memory than all values and gradients side by side. */
static void memory_is_shared(void **state) {
    (void)state;
    size_t shared = 0, apart = 0;
    for (int number = 0; number < PLANS; number++) {
        tiny t;
        build_random(&t, (uint64_t)number, S2S_KEEP_ALL);
        shared += t.run->bytes / sizeof(s2s_real) - t.run->scratch_elements;
        for (size_t s = 0; s < t.plan->slots_n; s++)
            apart +=
                2 * (size_t)t.run->max_rows[t.plan->slots[s].rows] * (size_t)t.plan->slots[s].width;
        tiny_end(&t);
    }
    assert_true(shared < apart * 2 / 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sharing_changes_no_bit),
        cmocka_unit_test(recomputing_changes_no_bit),
        cmocka_unit_test(nothing_needed_overlaps),
        cmocka_unit_test(memory_is_shared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
