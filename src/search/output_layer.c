/* See output_layer.h. With a shortlist a step makes the scores of all gathered columns at once, which are few, and gives them
 * out row by row, or at the places of their tokens: who wants whole rows sees the vocabulary as ever. */
#include "search/output_layer.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WORTH_THREADS = 1 << 15 /* scores to be put into their places */ };

/* --- life --- */

s2s_status s2s_output_layer_init(s2s_output_layer *output, const s2s_model *model,
                                 const s2s_shortlist *shortlist, s2s_err *err) {
    *output = (s2s_output_layer){.weight = s2s_param_packed(&model->params, model->output.weight),
                                 .bias = s2s_param_value(&model->params, model->output.bias),
                                 .shortlist = shortlist};
    if (!shortlist) return S2S_OK;
    size_t marks = s2s_shortlist_marks(shortlist);
    output->marks = calloc(marks, sizeof *output->marks);
    s2s_status status = output->marks ? S2S_OK : s2s_fail_memory(err, marks * sizeof(uint64_t));
    if (status == S2S_OK)
        status = s2s_columns_init(&output->columns, output->weight, output->bias, err);
    if (status != S2S_OK) s2s_output_layer_release(output);
    return status;
}

void s2s_output_layer_release(s2s_output_layer *output) {
    for (size_t i = 0; i < output->handles; i++) s2s_ids_release(output->allowed + i);
    free(output->allowed);
    free(output->of_row);
    free(output->gathered);
    free(output->possible);
    free(output->marks);
    free(output->input);
    free(output->logits);
    s2s_columns_release(&output->columns);
    *output = (s2s_output_layer){0};
}

/* --- sentences --- */

/* The first of the ascending ids that is not below `least`. */
static size_t find_first(const s2s_ids *ids, int32_t least) {
    size_t begin = 0, end = ids->size;
    while (begin < end) {
        size_t middle = begin + (end - begin) / 2;
        if (ids->data[middle] < least)
            begin = middle + 1;
        else
            end = middle;
    }
    return begin;
}

static s2s_status open_one(s2s_output_layer *o, const int32_t *source, int n, int32_t handle,
                           s2s_err *err) {
    size_t needed = (size_t)handle + 1;
    S2S_TRY(s2s_grow(&o->allowed, &o->handles_capacity, needed, sizeof *o->allowed, err));
    while (o->handles < needed) o->allowed[o->handles++] = (s2s_ids){0};
    s2s_ids *allowed = o->allowed + handle;
    allowed->size = 0;
    S2S_TRY(s2s_shortlist_tokens(o->shortlist, source, n, o->marks, allowed, err));
    s2s_columns_join(&o->columns, allowed);
    return S2S_OK;
}

s2s_status s2s_output_layer_open(s2s_output_layer *output, const int32_t *ids,
                                 const int32_t *starts, const int32_t *handles, int n,
                                 s2s_err *err) {
    if (!output->shortlist) return S2S_OK;
    int opened = 0;
    s2s_status status = S2S_OK;
    for (; opened < n && status == S2S_OK; opened += status == S2S_OK)
        status = open_one(output, ids + starts[opened], starts[opened + 1] - starts[opened],
                          handles[opened], err);
    if (status == S2S_OK) status = s2s_columns_gather(&output->columns, err);
    while (status != S2S_OK && opened-- > 0) s2s_output_layer_close(output, handles[opened]);
    return status;
}

s2s_status s2s_output_layer_allow(s2s_output_layer *o, int32_t handle, const int32_t *tokens, int n,
                                  s2s_err *err) {
    if (!o->shortlist) return S2S_OK;
    s2s_ids *allowed = o->allowed + handle;
    for (int i = 0; i < n; i++) {
        int32_t token = tokens[i];
        size_t at = find_first(allowed, token);
        if (at < allowed->size && allowed->data[at] == token) continue;
        S2S_TRY(s2s_ids_push(allowed, token, err));
        memmove(allowed->data + at + 1, allowed->data + at,
                (allowed->size - 1 - at) * sizeof *allowed->data);
        allowed->data[at] = token;
        s2s_columns_join(&o->columns, &(s2s_ids){.data = &token, .size = 1});
    }
    return s2s_columns_gather(&o->columns, err);
}

void s2s_output_layer_close(s2s_output_layer *output, int32_t handle) {
    if (output->shortlist) s2s_columns_leave(&output->columns, output->allowed + handle);
}

/* --- a step --- */

static s2s_status prepare_input(s2s_output_layer *o, s2s_err *err) {
    size_t needed = s2s_packed_scratch(o->weight, o->states.rows);
    S2S_TRY(s2s_grow(&o->input, &o->input_capacity, needed, sizeof *o->input, err));
    s2s_packed_input(o->states.rows, o->states.data, o->states.width, o->weight, o->input);
    return S2S_OK;
}

static s2s_status score_columns(s2s_output_layer *o, const s2s_step_row *rows, s2s_err *err) {
    const s2s_columns *columns = &o->columns;
    int n = o->states.rows, width = s2s_columns_width(columns);
    size_t needed = (size_t)n * (size_t)width;
    S2S_TRY(s2s_grow(&o->gathered, &o->gathered_capacity, needed, sizeof *o->gathered, err));
    S2S_TRY(s2s_grow(&o->of_row, &o->rows_capacity, (size_t)n, sizeof *o->of_row, err));
    o->longest = 0;
    for (int i = 0; i < n; i++) {
        o->of_row[i] = o->allowed + rows[i].sentence;
        if ((int)o->of_row[i]->size > o->longest) o->longest = (int)o->of_row[i]->size;
    }
    S2S_TRY(s2s_grow(&o->possible, &o->possible_capacity, (size_t)n * (size_t)o->longest,
                     sizeof *o->possible, err));
    s2s_packed_outputs(n, o->states.data, o->states.width, &columns->some, columns->some_bias, 0,
                       width, o->gathered, width, o->input);
    return S2S_OK;
}

s2s_status s2s_output_layer_begin(s2s_output_layer *output, s2s_tensor states,
                                  const s2s_step_row *rows, s2s_err *err) {
    output->states = states;
    S2S_TRY(prepare_input(output, err));
    return output->shortlist ? score_columns(output, rows, err) : S2S_OK;
}

static const s2s_real *row_scores(const s2s_output_layer *o, int row) {
    return o->gathered + (size_t)row * (size_t)s2s_columns_width(&o->columns);
}

s2s_logits s2s_output_layer_possible(const s2s_output_layer *o, int row) {
    const s2s_ids *allowed = o->of_row[row];
    const s2s_real *scores = row_scores(o, row);
    s2s_real *x = o->possible + (size_t)row * (size_t)o->longest;
    for (size_t i = 0; i < allowed->size; i++) x[i] = scores[o->columns.places[allowed->data[i]]];
    return (s2s_logits){x, (int)allowed->size, 0, allowed->data};
}

/* The scores of the tokens [first, first + n) of a row. */
static void place_row(const s2s_output_layer *o, int row, int first, int n, s2s_real *logits) {
    const s2s_ids *allowed = o->of_row[row];
    const s2s_real *scores = row_scores(o, row);
    for (int i = 0; i < n; i++) logits[i] = -INFINITY;
    for (size_t i = find_first(allowed, first); i < allowed->size; i++) {
        int32_t token = allowed->data[i];
        if (token >= first + n) break;
        logits[token - first] = scores[o->columns.places[token]];
    }
}

s2s_status s2s_output_layer_logits(s2s_output_layer *o, int first, int tokens, s2s_real **logits,
                                   s2s_err *err) {
    int rows = o->states.rows;
    size_t needed = (size_t)rows * (size_t)tokens;
    S2S_TRY(s2s_grow(&o->logits, &o->logits_capacity, needed, sizeof *o->logits, err));
    *logits = o->logits;
    if (!o->shortlist) {
        s2s_packed_outputs(rows, o->states.data, o->states.width, o->weight, o->bias, first, tokens,
                           o->logits, tokens, o->input);
        return S2S_OK;
    }
#pragma omp parallel for schedule(static) if (needed >= WORTH_THREADS)
    for (int i = 0; i < rows; i++)
        place_row(o, i, first, tokens, o->logits + (size_t)i * (size_t)tokens);
    return S2S_OK;
}
