/* See pair_set.h. */
#include "train/pair_set.h"

#include "base/interrupt.h"
#include "base/thread.h"

s2s_example s2s_pair_set_get(const s2s_pair_set *pairs, uint64_t index) {
    return s2s_dataset_get(pairs->dataset, index * s2s_dataset_size(pairs->dataset) / pairs->n);
}

s2s_status s2s_pair_set_each(const s2s_pair_set *pairs, s2s_pair_work *work, void *self,
                             const char *what, s2s_err *err) {
    enum {
        ROUND = 1 << 14,
        PORTION = 64
    }; /* some milliseconds; enough that sharing out costs nothing */
    for (uint64_t first = 0; first < pairs->n; first += ROUND) {
        uint64_t end = pairs->n - first < ROUND ? pairs->n : first + ROUND;
        if (s2s_interrupted()) return s2s_fail(err, S2S_INTERRUPTED, "interrupted while %s", what);
#pragma omp parallel for schedule(dynamic, PORTION)
        for (uint64_t i = first; i < end; i++) {
            s2s_example pair = s2s_pair_set_get(pairs, i);
            work(self, &pair, s2s_thread_index());
        }
        s2s_log_progress(pairs->log, (double)end, (double)pairs->n, "%s: %.0f of %.0f pairs", what,
                         (double)end, (double)pairs->n);
    }
    return S2S_OK;
}
