/* See rank.h. */
#include "search/rank.h"

#include <stdbool.h>
#include <stddef.h>

#include "kernel/packed.h"

/* Threads are woken for 2^15 logits and more, or for rows that have about as many possible ones. Logits are
 * made and looked at 2^18 at a time, which a second-level cache holds. */
enum { PARALLEL_WORK = 1 << 15, PARALLEL_ROWS = 1 << 5, LOGITS = 1 << 18 };

_Static_assert(S2S_TOPK_BLOCK % S2S_PANEL == 0, "logits are made by whole panels");

/* How many tokens at a time: whole blocks, as many as LOGITS allows. */
static int part_of_row(int rows) {
    int blocks = LOGITS / rows / S2S_TOPK_BLOCK;
    return (blocks ? blocks : 1) * S2S_TOPK_BLOCK;
}

/* What a row is looked at by: its possible tokens alone where that will do. */
static bool is_short(const s2s_scorer *scorer, const s2s_topk *best) {
    return scorer->possible && !best->row;
}

static void rank_short_rows(const s2s_scorer *scorer, int rows, s2s_topk *best,
                            s2s_logits_edit *edit, void *self) {
#pragma omp parallel for schedule(static) if (rows >= PARALLEL_ROWS)
    for (int i = 0; i < rows; i++) {
        if (!is_short(scorer, best + i)) continue;
        s2s_logits row = scorer->possible(scorer->self, i);
        if (edit) edit(self, i, &row);
        s2s_topk_add(best + i, row.x, row.n, 0);
        for (int k = 0; k < best[i].count; k++)
            best[i].best[k].token = row.tokens[best[i].best[k].token];
    }
}

static s2s_status rank_rows(const s2s_scorer *scorer, int rows, s2s_topk *best,
                            s2s_logits_edit *edit, void *self, s2s_err *err) {
    int vocabulary = scorer->vocabulary, part = part_of_row(rows);
    for (int first = 0; first < vocabulary; first += part) {
        int tokens = vocabulary - first < part ? vocabulary - first : part;
        s2s_real *logits;
        S2S_TRY(scorer->logits(scorer->self, first, tokens, &logits, err));
#pragma omp parallel for schedule(static) if ((size_t)rows * (size_t)tokens >= PARALLEL_WORK)
        for (int i = 0; i < rows; i++) {
            if (is_short(scorer, best + i)) continue;
            s2s_logits row = {logits + (size_t)i * (size_t)tokens, tokens, first, NULL};
            if (edit) edit(self, i, &row);
            s2s_topk_add(best + i, row.x, tokens, first);
        }
    }
    return S2S_OK;
}

s2s_status s2s_rank(const s2s_scorer *scorer, int rows, s2s_topk *best, s2s_logits_edit *edit,
                    void *self, s2s_err *err) {
    int shorts = 0;
    for (int i = 0; i < rows; i++) shorts += is_short(scorer, best + i);
    if (shorts) rank_short_rows(scorer, rows, best, edit, self);
    return shorts == rows ? S2S_OK : rank_rows(scorer, rows, best, edit, self, err);
}
