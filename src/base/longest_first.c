/* See longest_first.h. */
#include "base/longest_first.h"

#include <stdlib.h>

static int longest_first(const void *left, const void *right) {
    const s2s_waiting *a = left, *b = right;
    if (a->tokens != b->tokens) return a->tokens > b->tokens ? -1 : 1;
    return a->index < b->index ? -1 : a->index > b->index;
}

void s2s_sort_longest_first(s2s_waiting *waiting, size_t n) {
    if (n) qsort(waiting, n, sizeof *waiting, longest_first); /* an empty list may be NULL */
}
