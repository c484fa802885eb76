/* See gathered.h. */
#include "search/gathered.h"

#include <stdlib.h>

s2s_status s2s_gathered_init(s2s_gathered *columns, const s2s_packed *whole, const s2s_real *bias,
                             s2s_err *err) {
    *columns = (s2s_gathered){.whole = whole, .bias = bias};
    size_t vocabulary = (size_t)whole->out;
    columns->places = malloc(vocabulary * sizeof *columns->places);
    columns->uses = calloc(vocabulary, sizeof *columns->uses);
    if (!columns->places || !columns->uses)
        return s2s_fail_memory(err, vocabulary * sizeof *columns->uses);
    for (size_t t = 0; t < vocabulary; t++) columns->places[t] = -1;
    return S2S_OK;
}

void s2s_gathered_release(s2s_gathered *columns) {
    s2s_packed_release(&columns->some);
    free(columns->some_bias);
    free(columns->tokens);
    free(columns->places);
    free(columns->uses);
    s2s_ids_release(&columns->fresh);
    *columns = (s2s_gathered){0};
}

void s2s_gathered_join(s2s_gathered *columns, const s2s_ids *tokens) {
    for (size_t i = 0; i < tokens->size; i++) columns->used += !columns->uses[tokens->data[i]]++;
}

void s2s_gathered_leave(s2s_gathered *columns, const s2s_ids *tokens) {
    for (size_t i = 0; i < tokens->size; i++) columns->used -= !--columns->uses[tokens->data[i]];
}

int s2s_gathered_width(const s2s_gathered *columns) {
    return (columns->n + S2S_PANEL - 1) / S2S_PANEL * S2S_PANEL;
}

/* --- places --- */

/* A batch of long sentences must not make all later steps slow: columns that nobody uses go when they are the most. */
static void forget_unused(s2s_gathered *columns) {
    enum { FEW = 8 * S2S_PANEL };
    if (columns->n <= 2 * columns->used + FEW) return;
    for (int i = 0; i < columns->n; i++) columns->places[columns->tokens[i]] = -1;
    columns->n = 0;
}

/* Room for every token in use; by half more than there is, so that growing does not copy all each time. */
static s2s_status make_room(s2s_gathered *columns, s2s_err *err) {
    int room = columns->some.out, wanted = columns->used;
    if (columns->n > wanted) wanted = columns->n;
    if (wanted <= room) return S2S_OK;
    if (wanted < room / 2 * 3) wanted = room / 2 * 3;
    wanted = (wanted + S2S_PANEL - 1) / S2S_PANEL * S2S_PANEL;
    size_t n = (size_t)wanted;
    int32_t *tokens = realloc(columns->tokens, n * sizeof *tokens);
    if (!tokens) return s2s_fail_memory(err, n * sizeof *tokens);
    columns->tokens = tokens;
    if (columns->bias) {
        s2s_real *bias = realloc(columns->some_bias, n * sizeof *bias);
        if (!bias) return s2s_fail_memory(err, n * sizeof *bias);
        for (int i = room; i < wanted; i++) bias[i] = 0;
        columns->some_bias = bias;
    }
    return s2s_packed_extend(&columns->some, columns->whole->type, wanted, columns->whole->in, err);
}

/* Gives a place to each token in use that has none: that of a token that nobody uses, or one at the end. `fresh` has
 * room for all. */
static void assign_places(s2s_gathered *columns) {
    int next = 0;
    for (int32_t token = 0; token < columns->whole->out; token++) {
        if (!columns->uses[token] || columns->places[token] >= 0) continue;
        while (next < columns->n && columns->uses[columns->tokens[next]]) next++;
        if (next < columns->n)
            columns->places[columns->tokens[next]] = -1;
        else
            columns->n++;
        columns->tokens[next] = token;
        columns->places[token] = next;
        columns->fresh.data[columns->fresh.size++] = next;
    }
}

static void copy_columns(s2s_gathered *columns) {
    enum { WORTH_THREADS = 1 << 15 }; /* numbers to copy */
    size_t numbers = columns->fresh.size * (size_t)columns->whole->in;
#pragma omp parallel for schedule(static) if (numbers >= WORTH_THREADS)
    for (size_t i = 0; i < columns->fresh.size; i++) {
        int32_t place = columns->fresh.data[i], token = columns->tokens[place];
        s2s_packed_copy_row(&columns->some, place, columns->whole, token);
        if (columns->bias) columns->some_bias[place] = columns->bias[token];
    }
}

s2s_status s2s_gathered_fill(s2s_gathered *columns, s2s_err *err) {
    forget_unused(columns);
    S2S_TRY(make_room(columns, err));
    columns->fresh.size = 0;
    S2S_TRY(s2s_grow(&columns->fresh.data, &columns->fresh.capacity, (size_t)columns->used,
                     sizeof *columns->fresh.data, err));
    assign_places(columns);
    copy_columns(columns);
    return S2S_OK;
}
