/* See fill.h. */
#include "encode/fill.h"

#include "op/op.h"

/* Logits of a batch, unless one text needs more: 16 MiB of them. */
enum { MOST_LOGITS = 1 << 22 };

static s2s_slot emit(s2s_plan *plan, const s2s_model *model, s2s_slot states) {
    return s2s_output_emit(plan, model,
                           s2s_head_emit(plan, model, s2s_gather_predicted(plan, states)));
}

static bool is_symbol(const s2s_fill *fill, int32_t token) {
    for (int i = 0; i < S2S_FILL_SYMBOLS; i++)
        if (fill->symbols[i] == token) return true;
    return false;
}

/* Takes the symbols out of n slots, and ends the list. */
static void keep_pieces(const s2s_fill *fill, s2s_token_score *slots, int n) {
    int kept = 0;
    for (int i = 0; i < n && kept < fill->k; i++)
        if (!is_symbol(fill, slots[i].token)) slots[kept++] = slots[i];
    while (kept < fill->slots) slots[kept++] = (s2s_token_score){.token = -1};
}

static bool read_logits(const s2s_reading *reading, s2s_tensor rows, void *results) {
    const s2s_fill *fill = (const s2s_fill *)(const void *)reading;
    s2s_token_score *slots = results;
    for (int i = 0; i < rows.rows; i++, slots += fill->slots) {
        s2s_real *logits = rows.data + (size_t)i * (size_t)rows.width;
        int n = s2s_topk_row(logits, rows.width, fill->slots, slots);
        if (n < 0) return false;
        keep_pieces(fill, slots, n);
    }
    return true;
}

s2s_fill s2s_fill_reading(const s2s_encode_symbols *symbols, const s2s_vocabulary *vocabulary,
                          int k) {
    int slots = k + S2S_FILL_SYMBOLS;
    return (s2s_fill){
        .reading = {.emit = emit,
                    .mask = symbols->mask,
                    .from_hidden = true,
                    .most_hidden = MOST_LOGITS / s2s_vocabulary_size(vocabulary) + 1,
                    .size = (size_t)slots * sizeof(s2s_token_score),
                    .read = read_logits},
        .k = k,
        .slots = slots,
        .symbols = {symbols->begin, symbols->end, symbols->mask, s2s_vocabulary_unk(vocabulary)}};
}
