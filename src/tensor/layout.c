/* Memory planning: every value and gradient gets a lifetime on the timeline of a step, the schedule's tasks;
 * tensors whose lifetimes overlap get different places, others share. A value that is computed again has two
 * lifetimes, and two places.
 *
 * Where an op may work in place and its input dies there, input and output become one block. Blocks are
 * placed largest first, each at the lowest offset where no block of an overlapping lifetime lies. */
#include "tensor/layout.h"

#include <stdlib.h>

typedef struct block {
    size_t size, offset;
    int begin, end; /* first and last task, inclusive; begin > end: never used */
    int same_as;    /* in place: the block that this one is part of; -1: itself */
} block;

enum { VALUE, AGAIN, GRADIENT, KINDS };

typedef struct layout {
    s2s_plan *plan;
    const s2s_schedule *schedule;
    int slots;
    block *blocks; /* [KINDS x slots] */
} layout;

static block *block_of(const layout *l, int kind, s2s_slot slot) {
    return l->blocks + kind * l->slots + slot;
}

/* The value that a task in this direction sees. */
static block *value_of(const layout *l, s2s_slot slot, s2s_direction direction) {
    bool again = direction != S2S_FORWARD && l->schedule->again[slot];
    return block_of(l, again ? AGAIN : VALUE, slot);
}

static block *gradient_of(const layout *l, s2s_slot slot) {
    return block_of(l, GRADIENT, slot);
}

static void live(block *b, int moment) {
    if (moment < b->begin) b->begin = moment;
    if (moment > b->end) b->end = moment;
}

static void value_lifetimes(const layout *l, const s2s_op *op, s2s_direction direction,
                            int moment) {
    unsigned reads = direction == S2S_BACKWARD ? op->backward_reads : ~0u;
    for (int i = 0; i < S2S_OP_INPUTS; i++)
        if (op->in[i] >= 0 && reads & (S2S_READS_INPUT << i))
            live(value_of(l, op->in[i], direction), moment);
    if (op->out >= 0 && reads & S2S_READS_OUTPUT) live(value_of(l, op->out, direction), moment);
}

/* In the order of the backward pass: an op's output gradient is complete when its turn comes. */
static void gradient_lifetimes(const layout *l, s2s_op *op, int moment) {
    op->first = 0;
    if (op->out >= 0) live(gradient_of(l, op->out), moment);
    for (int i = 0; i < S2S_OP_INPUTS; i++) {
        if (op->in[i] < 0) continue;
        block *b = gradient_of(l, op->in[i]);
        bool again = i == 1 && op->in[0] == op->in[1]; /* one tensor in two roles: one writer */
        if (b->begin > b->end || (again && (op->first & 1))) op->first |= 1u << i;
        live(b, moment);
    }
}

static void lifetimes(const layout *l) {
    for (size_t i = 0; i < l->schedule->n; i++) {
        const s2s_task *task = l->schedule->tasks + i;
        s2s_op *op = l->plan->ops + task->op;
        value_lifetimes(l, op, task->direction, (int)i);
        if (task->direction == S2S_BACKWARD) gradient_lifetimes(l, op, (int)i);
    }
}

/* Makes `b` a part of `into`, if that ends just where b begins. */
static void merge(const layout *l, block *b, block *into) {
    while (into->same_as >= 0) into = l->blocks + into->same_as;
    if (into->size != b->size || into->end != b->begin) return;
    b->same_as = (int)(into - l->blocks);
    into->end = b->end;
}

static void merge_in_place(const layout *l) {
    for (size_t i = 0; i < l->schedule->n; i++) {
        const s2s_task *task = l->schedule->tasks + i;
        const s2s_op *op = l->plan->ops + task->op;
        int input = op->gradient_in_place;
        if (task->direction != S2S_BACKWARD && op->in_place && op->out >= 0)
            merge(l, value_of(l, op->out, task->direction),
                  value_of(l, op->in[0], task->direction));
        if (task->direction == S2S_BACKWARD && input >= 0 && op->first >> input & 1)
            merge(l, gradient_of(l, op->in[input]), gradient_of(l, op->out));
    }
}

static int by_size(const void *a, const void *b) {
    const block *x = *(block *const *)a, *y = *(block *const *)b;
    if (x->size != y->size) return x->size < y->size ? 1 : -1;
    return x->begin != y->begin ? x->begin - y->begin : (x > y) - (x < y);
}

static int by_offset(const void *a, const void *b) {
    const block *x = *(block *const *)a, *y = *(block *const *)b;
    return (x->offset > y->offset) - (x->offset < y->offset);
}

/* The lowest gap for `b` among the blocks placed so far. `near` has room for all of them. */
static size_t lowest_gap(const block *b, block *const *placed, int n, block **near) {
    int found = 0;
    for (int i = 0; i < n; i++)
        if (placed[i]->begin <= b->end && b->begin <= placed[i]->end) near[found++] = placed[i];
    qsort(near, (size_t)found, sizeof *near, by_offset);
    size_t offset = 0;
    for (int i = 0; i < found; i++) {
        if (near[i]->offset >= offset + b->size) break;
        size_t after = near[i]->offset + near[i]->size;
        if (after > offset) offset = after;
    }
    return offset;
}

static size_t place(const layout *l, block **order, block **near) {
    int n = 0;
    size_t total = 0;
    for (int i = 0; i < KINDS * l->slots; i++) {
        block *b = l->blocks + i;
        if (b->begin <= b->end && b->same_as < 0) order[n++] = b;
    }
    qsort(order, (size_t)n, sizeof *order, by_size);
    for (int i = 0; i < n; i++) {
        order[i]->offset = lowest_gap(order[i], order, i, near);
        if (order[i]->offset + order[i]->size > total) total = order[i]->offset + order[i]->size;
    }
    return total;
}

static ptrdiff_t offset_of(const layout *l, const block *b) {
    if (b->begin > b->end) return -1;
    while (b->same_as >= 0) b = l->blocks + b->same_as;
    return (ptrdiff_t)b->offset;
}

static void make_blocks(const layout *l, const int max_rows[S2S_ROWS_KINDS]) {
    enum { ALIGN = 16, NEVER = 1 << 30 };
    for (int i = 0; i < KINDS * l->slots; i++) {
        const s2s_slot_info *slot = l->plan->slots + i % l->slots;
        size_t elements = (size_t)max_rows[slot->rows] * (size_t)slot->width;
        elements = (elements + ALIGN - 1) / ALIGN * ALIGN;
        l->blocks[i] = (block){.size = elements, .begin = NEVER, .end = -1, .same_as = -1};
    }
}

static void put_places(s2s_places *places, const layout *l) {
    for (int i = 0; i < l->slots; i++) {
        places->value[i] = offset_of(l, value_of(l, i, S2S_FORWARD));
        places->again[i] = offset_of(l, value_of(l, i, S2S_BACKWARD));
        places->gradient[i] = offset_of(l, gradient_of(l, i));
    }
}

s2s_status s2s_layout(s2s_places *places, s2s_plan *plan, const s2s_schedule *schedule,
                      const int max_rows[S2S_ROWS_KINDS], s2s_err *err) {
    size_t blocks = KINDS * plan->slots_n + 1;
    layout l = {plan, schedule, (int)plan->slots_n, malloc(blocks * sizeof *l.blocks)};
    block **order = malloc(2 * blocks * sizeof(block *));
    *places = (s2s_places){.value = malloc(blocks * sizeof *places->value)};
    s2s_status status = S2S_OK;
    if (l.blocks && order && places->value) {
        places->again = places->value + plan->slots_n;
        places->gradient = places->again + plan->slots_n;
        make_blocks(&l, max_rows);
        lifetimes(&l);
        merge_in_place(&l);
        places->size = place(&l, order, order + blocks);
        put_places(places, &l);
    } else {
        status = s2s_fail_memory(err, blocks * sizeof(block));
    }
    free(order);
    free(l.blocks);
    return status;
}

void s2s_places_release(s2s_places *places) {
    free(places->value);
    *places = (s2s_places){0};
}
