/* Memory planning: every value and gradient gets a lifetime on the timeline of a step (forward ops 0 .. n-1,
 * backward ops n .. 2n-1), tensors whose lifetimes overlap get different places, others share.
 *
 * Where an op may work in place and its input dies there, input and output become one block. Blocks are
 * placed largest first, each at the lowest offset where no block of an overlapping lifetime lies. */
#include "tensor/layout.h"

#include <stdlib.h>

typedef struct block {
    size_t size, offset;
    int begin, end; /* first and last moment, inclusive; begin > end: never used */
    int same_as;    /* in place: the block that this one is part of; -1: itself */
} block;

typedef struct layout {
    s2s_plan *plan;
    bool training;
    int n, slots;
    block *blocks; /* [2 slots]: values, then gradients */
} layout;

static block *value_of(const layout *l, s2s_slot slot) {
    return l->blocks + slot;
}

static block *gradient_of(const layout *l, s2s_slot slot) {
    return l->blocks + l->slots + slot;
}

static void live(block *b, int moment) {
    if (moment < b->begin) b->begin = moment;
    if (moment > b->end) b->end = moment;
}

static int backward_moment(const layout *l, const s2s_op *op) {
    return 2 * l->n - 1 - op->id;
}

static void value_lifetimes(const layout *l, const s2s_op *op) {
    for (int i = 0; i < S2S_OP_INPUTS; i++)
        if (op->in[i] >= 0) live(value_of(l, op->in[i]), op->id);
    if (op->out >= 0) live(value_of(l, op->out), op->id);
    if (!l->training) return;
    for (int i = 0; i < S2S_OP_INPUTS; i++)
        if (op->in[i] >= 0 && op->backward_reads & (S2S_READS_INPUT << i))
            live(value_of(l, op->in[i]), backward_moment(l, op));
    if (op->out >= 0 && op->backward_reads & S2S_READS_OUTPUT)
        live(value_of(l, op->out), backward_moment(l, op));
}

/* Walks backward: an op's output gradient is complete when its turn comes. */
static void gradient_lifetimes(const layout *l, s2s_op *op) {
    int moment = backward_moment(l, op);
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

/* Makes `b` a part of `into`, if that ends just where b begins. */
static void merge(const layout *l, block *b, block *into) {
    while (into->same_as >= 0) into = l->blocks + into->same_as;
    if (into->size != b->size || into->end != b->begin) return;
    b->same_as = (int)(into - l->blocks);
    into->end = b->end;
}

static void merge_in_place(const layout *l) {
    for (int i = 0; i < l->n; i++) {
        const s2s_op *op = l->plan->ops + i;
        if (op->in_place && op->out >= 0) merge(l, value_of(l, op->out), value_of(l, op->in[0]));
    }
    for (int i = l->n - 1; l->training && i >= 0; i--) {
        const s2s_op *op = l->plan->ops + i;
        int input = op->gradient_in_place;
        if (input >= 0 && op->first >> input & 1)
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
    for (int i = 0; i < 2 * l->slots; i++) {
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

s2s_status s2s_layout(s2s_plan *plan, bool training, const int max_rows[S2S_ROWS_KINDS],
                      ptrdiff_t *value, ptrdiff_t *gradient, size_t *size, s2s_err *err) {
    enum { ALIGN = 16, NEVER = 1 << 30 };
    layout l = {plan, training, (int)plan->n, (int)plan->slots_n, NULL};
    size_t blocks = 2 * plan->slots_n + 1;
    l.blocks = malloc(blocks * sizeof *l.blocks);
    block **order = malloc(2 * blocks * sizeof(block *));
    s2s_status status = l.blocks && order ? S2S_OK : s2s_fail_memory(err, blocks * sizeof(block));
    if (status == S2S_OK) {
        for (int i = 0; i < 2 * l.slots; i++) {
            const s2s_slot_info *slot = plan->slots + i % l.slots;
            size_t elements = (size_t)max_rows[slot->rows] * (size_t)slot->width;
            elements = (elements + ALIGN - 1) / ALIGN * ALIGN;
            l.blocks[i] = (block){.size = elements, .begin = NEVER, .end = -1, .same_as = -1};
        }
        for (int i = 0; i < l.n; i++) value_lifetimes(&l, plan->ops + i);
        for (int i = l.n - 1; training && i >= 0; i--) gradient_lifetimes(&l, plan->ops + i);
        merge_in_place(&l);
        *size = place(&l, order, order + blocks);
        for (int i = 0; i < l.slots; i++) {
            value[i] = offset_of(&l, value_of(&l, i));
            gradient[i] = offset_of(&l, gradient_of(&l, i));
        }
    }
    free(order);
    free(l.blocks);
    return status;
}
