/* See trace.h. */
#include "cli/trace.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"

struct s2s_trace {
    s2s_writer *file;
    json_t *events;
    int process;
    double origin; /* of the process's times */
    bool failed;   /* no memory for an event */
};

s2s_status s2s_trace_open(s2s_trace **opened, const char *path, s2s_err *err) {
    *opened = NULL;
    s2s_trace *trace = calloc(1, sizeof *trace);
    if (!trace) return s2s_fail_memory(err, sizeof *trace);
    trace->events = json_array();
    s2s_status status = trace->events ? s2s_writer_open(&trace->file, path, err)
                                      : s2s_fail_memory(err, sizeof *trace);
    if (status != S2S_OK) return s2s_trace_close(trace, status, err);
    *opened = trace;
    return S2S_OK;
}

/* NULL: no memory. */
static void append(s2s_trace *trace, json_t *event) {
    if (json_array_append_new(trace->events, event) != 0) trace->failed = true;
}

void s2s_trace_process(s2s_trace *trace, const char *name, double origin) {
    trace->process++;
    trace->origin = origin;
    append(trace, json_pack("{ss, ss, si, s{ss}}", "name", "process_name", "ph", "M", "pid",
                            trace->process, "args", "name", name));
}

/* "X" is an event with a duration; times are microseconds. */
void s2s_trace_event(s2s_trace *trace, const char *name, const char *category, double begun,
                     double seconds, json_t *args) {
    append(trace, json_pack("{ss, ss, ss, sf, sf, si, si, so}", "name", name, "cat", category, "ph",
                            "X", "ts", 1e6 * (begun - trace->origin), "dur", 1e6 * seconds, "pid",
                            trace->process, "tid", 1, "args", args));
}

/* --- ops --- */

/* [rows, width]; null where there is no such slot. */
static json_t *shape_of(const s2s_run *run, s2s_slot slot) {
    if (slot < 0) return json_null();
    s2s_tensor t = s2s_value(run, slot);
    return json_pack("[i, i]", t.rows, t.width);
}

static json_t *inputs_of(const s2s_run *run, const s2s_op *op) {
    json_t *list = json_array();
    for (int i = 0; i < S2S_OP_INPUTS; i++)
        if (op->in[i] >= 0 && json_array_append_new(list, shape_of(run, op->in[i])) != 0) {
            json_decref(list);
            return NULL;
        }
    return list;
}

static json_t *args_of(const s2s_run *run, const s2s_op *op, const char *pass) {
    json_t *args = json_pack("{si, ss, so, so}", "id", op->id, "pass", pass, "in",
                             inputs_of(run, op), "out", shape_of(run, op->out));
    const s2s_param_info *info = op->param[0] < 0 ? NULL : run->params->items + op->param[0];
    if (args && info &&
        json_object_set_new(args, "parameter",
                            json_pack("{ss, s[i, i]}", "name", info->name, "shape", info->rows,
                                      info->width)) != 0) {
        json_decref(args);
        return NULL;
    }
    return args;
}

void s2s_trace_run(s2s_trace *trace, const s2s_run *run) {
    for (size_t i = 0; i < run->schedule.n; i++) {
        const s2s_task *task = run->schedule.tasks + i;
        const s2s_op *op = run->plan->ops + task->op;
        const s2s_op_time *time = s2s_run_time(run, task);
        const char *pass = s2s_direction_names[task->direction];
        s2s_trace_event(trace, op->class->name, pass, time->begun, time->seconds,
                        args_of(run, op, pass));
    }
}

/* --- the file --- */

static s2s_status write_events(s2s_trace *trace, s2s_err *err) {
    json_t *all = trace->failed ? NULL
                                : json_pack("{sO, ss}", "traceEvents", trace->events,
                                            "displayTimeUnit", "ms");
    char *text = all ? json_dumps(all, JSON_COMPACT | JSON_REAL_PRECISION(15)) : NULL;
    s2s_status status = text ? s2s_writer_write(trace->file, text, strlen(text), err)
                             : s2s_fail_memory(err, 1 << 16);
    free(text);
    json_decref(all);
    return status;
}

s2s_status s2s_trace_close(s2s_trace *trace, s2s_status status, s2s_err *err) {
    if (!trace) return status;
    if (status == S2S_OK) status = write_events(trace, err);
    if (status == S2S_OK)
        status = s2s_writer_commit(trace->file, err);
    else
        s2s_writer_abort(trace->file);
    json_decref(trace->events);
    free(trace);
    return status;
}
