/* See schedule.h. */
#include "tensor/schedule.h"

#include <stdlib.h>

const char *const s2s_direction_names[S2S_DIRECTIONS] = {"forward", "again", "backward"};

typedef struct scheduler {
    const s2s_plan *plan;
    s2s_keep keep;
    s2s_schedule *schedule;
    const s2s_op **writer; /* [slots] */
} scheduler;

static void append(scheduler *s, const s2s_op *op, s2s_direction direction) {
    s->schedule->tasks[s->schedule->n++] = (s2s_task){op->id, direction};
}

static bool is_kept(const scheduler *s, s2s_slot slot) {
    s2s_again again = s->writer[slot]->again;
    if (again == S2S_AGAIN_NEVER) return true;
    if (s->keep == S2S_KEEP_MARKED) return s->plan->slots[slot].marked;
    return s->keep < S2S_KEEP_COSTLY || again == S2S_AGAIN_COSTLY;
}

/* Makes the value of `slot` be there from now on, and before it what it is made of. */
static void need(scheduler *s, s2s_slot slot) {
    if (slot < 0 || s->schedule->again[slot] || is_kept(s, slot)) return;
    const s2s_op *op = s->writer[slot];
    for (int i = 0; i < S2S_OP_INPUTS; i++) need(s, op->in[i]);
    s->schedule->again[slot] = true;
    append(s, op, S2S_AGAIN);
}

static void fill(scheduler *s) {
    int n = (int)s->plan->n;
    for (int i = 0; i < n; i++) {
        const s2s_op *op = s->plan->ops + i;
        if (op->out >= 0) s->writer[op->out] = op;
        append(s, op, S2S_FORWARD);
    }
    s->schedule->forward = s->schedule->n;
    if (s->keep == S2S_KEEP_NOTHING) return;
    for (int i = n - 1; i >= 0; i--) {
        const s2s_op *op = s->plan->ops + i;
        for (int k = 0; k < S2S_OP_INPUTS; k++)
            if (op->backward_reads & (S2S_READS_INPUT << k)) need(s, op->in[k]);
        if (op->backward_reads & S2S_READS_OUTPUT) need(s, op->out);
        append(s, op, S2S_BACKWARD);
    }
}

s2s_status s2s_schedule_make(s2s_schedule *schedule, const s2s_plan *plan, s2s_keep keep,
                             s2s_err *err) {
    size_t most = 3 * plan->n + 1;
    scheduler s = {plan, keep, schedule, calloc(plan->slots_n + 1, sizeof *s.writer)};
    *schedule = (s2s_schedule){.tasks = malloc(most * sizeof *schedule->tasks),
                               .again = calloc(plan->slots_n + 1, sizeof *schedule->again)};
    s2s_status status = S2S_OK;
    if (s.writer && schedule->tasks && schedule->again)
        fill(&s);
    else
        status = s2s_fail_memory(err, most * sizeof *schedule->tasks);
    free(s.writer);
    return status;
}

void s2s_schedule_release(s2s_schedule *schedule) {
    free(schedule->tasks);
    free(schedule->again);
    *schedule = (s2s_schedule){0};
}
