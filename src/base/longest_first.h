/* The order in which work of different length is begun: the longest first, so that what is left at the end is short. */
#ifndef S2S_BASE_LONGEST_FIRST_H
#define S2S_BASE_LONGEST_FIRST_H

#include <stddef.h>
#include <stdint.h>

/* What waits for its turn. */
typedef struct s2s_waiting {
    uint64_t index; /* of the sentence or pair */
    int tokens;
} s2s_waiting;

/* Of equally long ones the lower index comes first. */
void s2s_sort_longest_first(s2s_waiting *waiting, size_t n);

#endif
