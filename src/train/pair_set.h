/* The pairs of a dataset, or some of them spread evenly over it, one after the other on all threads. */
#ifndef S2S_TRAIN_PAIR_SET_H
#define S2S_TRAIN_PAIR_SET_H

#include "data/dataset.h"

typedef struct s2s_pair_set {
    const s2s_dataset *dataset; /* with targets */
    uint64_t n;                 /* how many of its examples: at most all */
    s2s_log *log;               /* is told how far it is; NULL: nobody */
} s2s_pair_set;

/* Called on several threads at once. What it adds to what others read must not depend on the order. */
typedef void s2s_pair_work(void *self, const s2s_example *pair, int thread);

/* `what` it does, for progress and an interrupt (S2S_INTERRUPTED): "counting". */
s2s_status s2s_pair_set_each(const s2s_pair_set *pairs, s2s_pair_work *work, void *self,
                             const char *what, s2s_err *err);

s2s_example s2s_pair_set_get(const s2s_pair_set *pairs, uint64_t index); /* below n */

#endif
