/* The memory layout: random plans give the same bits with shared memory as without, and no two
 * values or gradients that are needed at one moment overlap. */
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
    int kind = draw(p, 3);
    int inner = kind == S2S_SWIGLU ? 2 * WIDTH : WIDTH;
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

static void build_random(tiny *t, uint64_t number) {
    pool p = {.rng = s2s_rng_init(9, number)};
    tiny_begin(t, lengths, target_lengths);
    s2s_embed_options embed = {
        .table = tiny_param(t, TINY_VOCABULARY, WIDTH), .position_table = S2S_NO_PARAM, .scale = 1};
    p.slots[p.n++] = s2s_embed(t->plan, S2S_ROWS_SOURCE, embed);
    p.slots[p.n++] = s2s_embed(t->plan, S2S_ROWS_TARGET, embed);
    p.slots[p.n++] = tiny_source(t, S2S_ROWS_TARGET, WIDTH);
    for (int i = 0; i < STEPS; i++) {
        s2s_slot y = emit_any(t, &p);
        p.slots[p.n++] = y;
    }
    s2s_slot last = p.slots[1];
    s2s_linear_cross_entropy(t->plan, last, embed.table, S2S_NO_PARAM, 0.1);
    probe_ends(t);
    tiny_finish(t);
}

static void sharing_changes_no_bit(void **state) {
    (void)state;
    s2s_threads_set(2);
    for (int number = 0; number < PLANS; number++) {
        char what[32];
        snprintf(what, sizeof what, "plan %d", number);
        tiny t;
        build_random(&t, (uint64_t)number);
        check_sharing(t.run, &t.params, what);
        tiny_end(&t);
    }
}

/* --- overlaps, by lifetimes counted here in the plainest way --- */

typedef struct extent {
    ptrdiff_t begin, end; /* elements */
    bool needed[512];     /* at each moment of the step */
} extent;

static extent make_extent(const s2s_run *run, ptrdiff_t offset, s2s_slot slot) {
    const s2s_slot_info *info = run->plan->slots + slot;
    extent e = {.begin = offset,
                .end = offset + (ptrdiff_t)run->max_rows[info->rows] * info->width};
    return e;
}

static void need_between(extent *e, int first, int last) {
    for (int m = first; m <= last; m++) e->needed[m] = true;
}

/* A value is needed from its writer to each reader, forward or backward; a gradient from the last
 * reader of the value (the first to write it) to the writer of the value. */
static void needs_of(const s2s_run *run, s2s_slot slot, extent *value, extent *gradient) {
    int n = (int)run->plan->n, writer = -1;
    for (int i = 0; i < n; i++)
        if (run->plan->ops[i].out == slot) writer = i;
    need_between(value, writer, writer);
    need_between(gradient, 2 * n - 1 - writer, 2 * n - 1 - writer);
    for (int i = 0; i < n; i++) {
        const s2s_op *op = run->plan->ops + i;
        if (op->out == slot && op->backward_reads & S2S_READS_OUTPUT)
            need_between(value, i, 2 * n - 1 - i);
        for (int k = 0; k < S2S_OP_INPUTS; k++) {
            if (op->in[k] != slot) continue;
            need_between(value, writer, i);
            if (op->backward_reads & (S2S_READS_INPUT << k))
                need_between(value, writer, 2 * n - 1 - i);
            need_between(gradient, 2 * n - 1 - i, 2 * n - 1 - writer);
        }
    }
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
    int n = (int)run->plan->n;
    const s2s_op *op = run->plan->ops + (moment < n ? moment : 2 * n - 1 - moment);
    bool allowed = moment < n ? op->in_place : op->gradient_in_place >= 0;
    return common == 1 && allowed && a->begin == b->begin && a->end == b->end;
}

static void check_overlaps(const s2s_run *run, int number) {
    int slots = (int)run->plan->slots_n, moments = 2 * (int)run->plan->n;
    assert_in_range(moments, 1, 512);
    extent *extents = calloc(2 * (size_t)slots, sizeof *extents);
    assert_non_null(extents);
    for (int s = 0; s < slots; s++) {
        extents[2 * s] = make_extent(run, run->value[s], s);
        extents[2 * s + 1] = make_extent(run, run->gradient[s], s);
        needs_of(run, s, extents + 2 * s, extents + 2 * s + 1);
    }
    for (int i = 0; i < 2 * slots; i++)
        for (int j = 0; j < i; j++) {
            const extent *a = extents + i, *b = extents + j;
            if (a->begin < b->end && b->begin < a->end && !may_overlap(run, a, b, moments))
                fail_msg("plan %d: %s of slot %d and %s of slot %d overlap", number,
                         i % 2 ? "gradient" : "value", i / 2, j % 2 ? "gradient" : "value", j / 2);
        }
    free(extents);
}

static void nothing_needed_overlaps(void **state) {
    (void)state;
    for (int number = 0; number < PLANS; number++) {
        tiny t;
        build_random(&t, (uint64_t)number);
        check_overlaps(t.run, number);
        tiny_end(&t);
    }
}

/* Sharing is there at all: far less memory than all values and gradients side by side. */
static void memory_is_shared(void **state) {
    (void)state;
    size_t shared = 0, apart = 0;
    for (int number = 0; number < PLANS; number++) {
        tiny t;
        build_random(&t, (uint64_t)number);
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
        cmocka_unit_test(nothing_needed_overlaps),
        cmocka_unit_test(memory_is_shared),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
