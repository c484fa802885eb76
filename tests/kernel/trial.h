/* Comparing kernels with the reference: the same call on the same numbers, once with each.
 *
 * A trial's buffers end where a page ends that must not be touched, so that reading or writing one
 * element too many stops the program; since sizes are odd, no buffer is aligned. */
#ifndef S2S_TESTS_KERNEL_TRIAL_H
#define S2S_TESTS_KERNEL_TRIAL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "kernel/kernels.h"

enum { TRIAL_BUFFERS = 6, TRIAL_ROWS = 5 };

typedef struct trial {
    int n, ld;                       /* elements of a row, distance of two rows */
    unsigned variant;                /* bits that the case reads */
    s2s_real *buffer[TRIAL_BUFFERS]; /* each [TRIAL_ROWS x ld] of uniform numbers in (-4, 4) */
    double result[2];
} trial;

/* Calls one kernel on the buffers; all of them and `result` are then compared. */
typedef struct trial_case {
    void (*call)(const s2s_kernels *kernels, trial *t);
    unsigned variants; /* variant runs from 0 to this - 1 */
    double tolerance;  /* relative to max(1, |reference|) */
} trial_case;

/* Over sizes 1 .. 70, 127 .. 130 and 1000, with and without a gap between rows, for each kernel
 * that this processor has. */
void trial_compare(const trial_case *c);

/* The kernels that this build and processor have, the reference among them. */
enum { KERNELS_MOST = 7 };
typedef struct kernel_list {
    const s2s_kernels *items[KERNELS_MOST];
    int n;
} kernel_list;
kernel_list kernels_here(void);

/* Every term of a step counts, those of decay and l2 where they are wanted. */
s2s_adam trial_adam(bool decay, bool l2);

/* n numbers, uniform in (-4, 4), from a fixed stream. */
void fill_uniform(s2s_real *x, size_t n, uint64_t stream);
/* Room for n elements that ends at a page that must not be touched; lasts until the program ends.
 */
s2s_real *guarded(size_t n);

#endif
