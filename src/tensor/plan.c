/* See plan.h. */
#include "tensor/plan.h"

#include <stdlib.h>
#include <string.h>

s2s_status s2s_plan_create(s2s_plan **plan, const s2s_params *params, s2s_err *err) {
    *plan = calloc(1, sizeof **plan);
    if (!*plan) return s2s_fail_memory(err, sizeof **plan);
    (*plan)->params = params;
    return S2S_OK;
}

void s2s_plan_free(s2s_plan *plan) {
    if (!plan) return;
    free(plan->ops);
    free(plan->slots);
    s2s_arena_release(&plan->arena);
    free(plan);
}

s2s_slot s2s_plan_slot(s2s_plan *plan, s2s_rows rows, int width) {
    if (plan->error.status || s2s_grow(&plan->slots, &plan->slots_capacity, plan->slots_n + 1,
                                       sizeof *plan->slots, &plan->error))
        return S2S_NO_SLOT;
    plan->slots[plan->slots_n] = (s2s_slot_info){.rows = rows, .width = width};
    return (s2s_slot)plan->slots_n++;
}

void s2s_plan_mark(s2s_plan *plan, s2s_slot slot) {
    if (slot >= 0) plan->slots[slot].marked = true;
}

s2s_op s2s_op_make(const s2s_op_class *class, s2s_slot out) {
    return (s2s_op){.class = class,
                    .in = {S2S_NO_SLOT, S2S_NO_SLOT},
                    .out = out,
                    .param = {S2S_NO_PARAM, S2S_NO_PARAM, S2S_NO_PARAM},
                    .gradient_in_place = -1};
}

s2s_slot s2s_plan_emit(s2s_plan *plan, const s2s_op *op, const void *attributes,
                       size_t attributes_size) {
    if (plan->error.status ||
        s2s_grow(&plan->ops, &plan->capacity, plan->n + 1, sizeof *plan->ops, &plan->error))
        return S2S_NO_SLOT;
    s2s_op *emitted = plan->ops + plan->n;
    *emitted = *op;
    emitted->id = (int)plan->n;
    if (attributes_size) {
        void *copy = s2s_arena_alloc(&plan->arena, attributes_size, &plan->error);
        if (!copy) return S2S_NO_SLOT;
        emitted->attributes = memcpy(copy, attributes, attributes_size);
    }
    plan->n++;
    return op->out;
}
