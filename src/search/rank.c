/* See rank.h. */
#include "search/rank.h"

#include <stddef.h>

#include "kernel/packed.h"

/* Threads are woken for 2^15 logits and more. Logits are made and looked at 2^18 at a time, which a
 * second-level cache holds. */
enum { PARALLEL_WORK = 1 << 15, LOGITS = 1 << 18 };

_Static_assert(S2S_TOPK_BLOCK % S2S_PANEL == 0, "logits are made by whole panels");

/* How many tokens at a time: whole blocks, as many as LOGITS allows. */
static int part_of_row(int rows) {
    int blocks = LOGITS / rows / S2S_TOPK_BLOCK;
    return (blocks ? blocks : 1) * S2S_TOPK_BLOCK;
}

s2s_status s2s_rank(const s2s_scorer *scorer, int rows, s2s_topk *best, s2s_logits_edit *edit,
                    void *self, s2s_err *err) {
    int vocabulary = scorer->vocabulary, part = part_of_row(rows);
    for (int first = 0; first < vocabulary; first += part) {
        int tokens = vocabulary - first < part ? vocabulary - first : part;
        s2s_real *logits;
        S2S_TRY(scorer->logits(scorer->self, first, tokens, &logits, err));
#pragma omp parallel for schedule(static) if ((size_t)rows * (size_t)tokens >= PARALLEL_WORK)
        for (int i = 0; i < rows; i++) {
            s2s_real *row = logits + (size_t)i * (size_t)tokens;
            if (edit) edit(self, i, row, first, tokens);
            s2s_topk_add(best + i, row, tokens, first);
        }
    }
    return S2S_OK;
}
