/* See line_queue.h. */
#include "cli/line_queue.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/json_line.h"

static void line_release(s2s_line *line) {
    free(line->columns);
    json_decref(line->object);
    free(line->error);
    *line = (s2s_line){0};
}

void s2s_line_queue_release(s2s_line_queue *q) {
    while (q->n) s2s_line_pop(q);
    free(q->ring);
    *q = (s2s_line_queue){0};
}

static s2s_status grow(s2s_line_queue *q, s2s_err *err) {
    size_t capacity = q->capacity ? 2 * q->capacity : 64;
    s2s_line *ring = calloc(capacity, sizeof *ring);
    if (!ring) return s2s_fail_memory(err, capacity * sizeof *ring);
    for (size_t i = 0; i < q->n; i++) ring[i] = q->ring[(q->first + i) % q->capacity];
    free(q->ring);
    q->ring = ring;
    q->capacity = capacity;
    q->first = 0;
    return S2S_OK;
}

s2s_status s2s_line_push(s2s_line_queue *q, s2s_line **line, s2s_err *err) {
    if (q->n == q->capacity) S2S_TRY(grow(q, err));
    *line = &q->ring[(q->first + q->n++) % q->capacity];
    **line = (s2s_line){0};
    return S2S_OK;
}

s2s_line *s2s_line_first(s2s_line_queue *q) {
    return &q->ring[q->first];
}

void s2s_line_pop(s2s_line_queue *q) {
    line_release(&q->ring[q->first]);
    q->first = (q->first + 1) % q->capacity;
    q->n--;
}

/* --- lines that fail --- */

s2s_status s2s_line_refuse(s2s_line_queue *q, const s2s_input *input, const s2s_err *failure,
                           s2s_err *err) {
    bool at_fault = failure->status == S2S_INPUT || failure->status == S2S_USAGE;
    if (q->strict || !at_fault) {
        s2s_err told = *failure;
        if (at_fault) told.status = S2S_INPUT; /* it is in the input that it is wrong */
        if (err) *err = told;
        s2s_input_blame(input, err);
        return told.status;
    }
    s2s_line *youngest = &q->ring[(q->first + q->n - 1) % q->capacity];
    youngest->error = strdup(failure->message);
    if (!youngest->error) return s2s_fail_memory(err, sizeof failure->message);
    if (!q->failed++) {
        q->first_failed = s2s_input_count(input);
        snprintf(q->why, sizeof q->why, "%.150s", failure->message);
    }
    return S2S_OK;
}

void s2s_line_queue_warn(const s2s_line_queue *q, s2s_log *log, const char *done) {
    if (q->failed)
        s2s_log_warn(log,
                     "lines that could not be %s: %llu, the first in line %llu: %s (--strict ends "
                     "there; a result in JSON tells it by \"error\")",
                     done, (unsigned long long)q->failed, (unsigned long long)q->first_failed,
                     q->why);
}

json_t *s2s_line_json(const s2s_line *line, uint64_t index) {
    json_t *object = line->object ? json_incref(line->object) : json_object();
    int failed = !object;
    if (!json_object_get(object, "index")) /* one that came stays */
        failed |= json_object_set_new(object, "index", json_integer((json_int_t)index));
    if (line->error) failed |= json_object_set_new(object, "error", json_string(line->error));
    if (!failed) return object;
    json_decref(object);
    return NULL;
}

s2s_status s2s_line_put_json(s2s_line_queue *q, uint64_t index, json_t *fields, s2s_output *output,
                             s2s_err *err) {
    json_t *object = s2s_line_json(s2s_line_first(q), index);
    s2s_line_pop(q);
    s2s_status status = object ? S2S_OK : s2s_fail_memory(err, 4096);
    if (status != S2S_OK)
        json_decref(fields);
    else if (fields)
        status = s2s_json_add(object, fields, err);
    if (status == S2S_OK) return s2s_output_json(output, object, false, err);
    json_decref(object);
    return status;
}
