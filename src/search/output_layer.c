/* See output_layer.h. With a shortlist a step makes the scores of all gathered columns, keeps of each row those that are
 * possible, and gives them out as such, or at the places of their tokens: who wants whole rows sees the vocabulary as ever. */
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
        status = s2s_gathered_init(&output->columns, output->weight, output->bias, err);
    if (status != S2S_OK) s2s_output_layer_release(output);
    return status;
}

void s2s_output_layer_release(s2s_output_layer *output) {
    for (size_t i = 0; i < output->handles; i++) s2s_ids_release(output->allowed + i);
    free(output->allowed);
    free(output->of_row);
    free(output->scores);
    free(output->possible);
    free(output->marks);
    free(output->input);
    free(output->logits);
    s2s_gathered_release(&output->columns);
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
    s2s_gathered_join(&o->columns, allowed);
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
    if (status == S2S_OK) status = s2s_gathered_fill(&output->columns, err);
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
        s2s_gathered_join(&o->columns, &(s2s_ids){.data = &token, .size = 1});
    }
    return s2s_gathered_fill(&o->columns, err);
}

void s2s_output_layer_close(s2s_output_layer *output, int32_t handle) {
    if (output->shortlist) s2s_gathered_leave(&output->columns, output->allowed + handle);
}

/* --- a step --- */

static s2s_status prepare_input(s2s_output_layer *o, s2s_err *err) {
    size_t needed = s2s_packed_scratch(o->weight, o->states.rows);
    S2S_TRY(s2s_grow(&o->input, &o->input_capacity, needed, sizeof *o->input, err));
    s2s_packed_input(o->states.rows, o->states.data, o->states.width, o->weight, o->input);
    return S2S_OK;
}

static s2s_status reserve_rows(s2s_output_layer *o, const s2s_step_row *rows, s2s_err *err) {
    size_t n = (size_t)o->states.rows;
    S2S_TRY(s2s_grow(&o->of_row, &o->rows_capacity, n, sizeof *o->of_row, err));
    o->longest = 0;
    for (size_t i = 0; i < n; i++) {
        o->of_row[i] = o->allowed + rows[i].sentence;
        if (o->of_row[i]->size > o->longest) o->longest = o->of_row[i]->size;
    }
    return s2s_grow(&o->possible, &o->possible_capacity, n * o->longest, sizeof *o->possible, err);
}

/* Of all the scores of gathered columns, those that a row may have. */
static void pick_row(const s2s_output_layer *o, int row, const s2s_real *scores) {
    const s2s_ids *allowed = o->of_row[row];
    s2s_real *possible = o->possible + (size_t)row * o->longest;
    for (size_t i = 0; i < allowed->size; i++)
        possible[i] = scores[o->columns.places[allowed->data[i]]];
}

/* Some rows at a time, so that their scores stay in a second-level cache until they are picked. */
static s2s_status score_columns(s2s_output_layer *o, s2s_err *err) {
    enum { SCORES = 1 << 18, ROWS = 32 /* of a tile; a block has a multiple of it */ };
    const s2s_packed *some = &o->columns.some;
    int width = s2s_gathered_width(&o->columns), block = SCORES / width / ROWS * ROWS;
    if (block < ROWS) block = ROWS;
    s2s_packed used = s2s_packed_borrow(some->type, some->data, width, some->in);
    size_t scores = (size_t)block * (size_t)width, scratch = s2s_packed_scratch(&used, block);
    S2S_TRY(s2s_grow(&o->scores, &o->scores_capacity, scores, sizeof *o->scores, err));
    S2S_TRY(s2s_grow(&o->input, &o->input_capacity, scratch, sizeof *o->input, err));
    for (int first = 0; first < o->states.rows; first += block) {
        int n = o->states.rows - first < block ? o->states.rows - first : block;
        s2s_gemm_packed(n, o->states.data + (size_t)first * (size_t)o->states.width,
                        o->states.width, &used, o->columns.some_bias, o->scores, width, o->input);
#pragma omp parallel for schedule(static) if ((size_t)n * o->longest >= WORTH_THREADS)
        for (int i = 0; i < n; i++) pick_row(o, first + i, o->scores + (size_t)i * (size_t)width);
    }
    return S2S_OK;
}

s2s_status s2s_output_layer_begin(s2s_output_layer *output, s2s_tensor states,
                                  const s2s_step_row *rows, s2s_err *err) {
    output->states = states;
    if (!output->shortlist) return prepare_input(output, err);
    S2S_TRY(reserve_rows(output, rows, err));
    return score_columns(output, err);
}

s2s_logits s2s_output_layer_possible(const s2s_output_layer *o, int row) {
    return (s2s_logits){o->possible + (size_t)row * o->longest, (int)o->of_row[row]->size, 0,
                        o->of_row[row]->data};
}

/* The scores of the tokens [first, first + n) of a row. */
static void place_row(const s2s_output_layer *o, int row, int first, int n, s2s_real *logits) {
    const s2s_ids *allowed = o->of_row[row];
    const s2s_real *possible = o->possible + (size_t)row * o->longest;
    for (int i = 0; i < n; i++) logits[i] = -INFINITY;
    for (size_t i = find_first(allowed, first); i < allowed->size; i++) {
        int32_t token = allowed->data[i];
        if (token >= first + n) break;
        logits[token - first] = possible[i];
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
