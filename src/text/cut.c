/* See cut.h. */
#include "text/cut.h"

#include <math.h>
#include <string.h>

size_t s2s_cut_head(const s2s_cut *cut) {
    if (cut->keep == S2S_LONG_TAIL) return 0;
    if (cut->keep != S2S_LONG_HEAD_TAIL || cut->most < 2) return cut->most;
    size_t head = (size_t)llround(cut->head_share * (double)cut->most);
    if (head < 1) return 1;
    return head < cut->most ? head : cut->most - 1;
}

size_t s2s_cut_ids(const s2s_cut *cut, int32_t *ids, size_t n) {
    if (n <= cut->most) return n;
    size_t head = s2s_cut_head(cut), tail = cut->most - head;
    memmove(ids + head, ids + n - tail, tail * sizeof *ids);
    return cut->most;
}
