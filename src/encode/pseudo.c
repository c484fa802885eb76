/* See pseudo.h. */
#include "encode/pseudo.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "op/op.h"

static s2s_slot emit(s2s_plan *plan, const s2s_model *model, s2s_slot states) {
    s2s_slot rows = s2s_head_emit(plan, model, s2s_gather_predicted(plan, states));
    return s2s_label_log_probability(plan, rows, model->output.weight, model->output.bias);
}

static bool read_log_probabilities(const s2s_reading *reading, s2s_tensor rows, void *results) {
    (void)reading;
    for (int i = 0; i < rows.rows; i++)
        if (!isfinite(rows.data[i])) return false;
    memcpy(results, rows.data, (size_t)rows.rows * sizeof *rows.data);
    return true;
}

s2s_reading s2s_pseudo_reading(const s2s_encode_symbols *symbols) {
    return (s2s_reading){.emit = emit,
                         .mask = symbols->mask,
                         .from_hidden = true,
                         .size = sizeof(s2s_real),
                         .read = read_log_probabilities};
}

s2s_status s2s_pseudo_texts_make(s2s_pseudo_texts *t, const s2s_encode_symbols *symbols,
                                 const int32_t *ids, int n, s2s_err *err) {
    int first = symbols->begin >= 0;
    t->n = n - first - 1;
    size_t room = (size_t)t->n;
    S2S_TRY(s2s_grow(&t->items, &t->items_capacity, room, sizeof *t->items, err));
    S2S_TRY(s2s_grow(&t->places, &t->places_capacity, room, sizeof *t->places, err));
    for (int i = 0; i < t->n; i++) {
        t->places[i] = first + i;
        t->items[i] = (s2s_encode_text){.ids = ids, .hidden = t->places + i, .n = n, .hidden_n = 1};
    }
    return S2S_OK;
}

void s2s_pseudo_texts_release(s2s_pseudo_texts *t) {
    free(t->items);
    free(t->places);
    *t = (s2s_pseudo_texts){0};
}
