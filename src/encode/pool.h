/* One vector of a whole text: what an encoder's last states come down to. */
#ifndef S2S_ENCODE_POOL_H
#define S2S_ENCODE_POOL_H

#include "encode/encoding.h"

typedef enum s2s_pooling {
    S2S_POOL_MEAN, /* of all states, those of symbols included */
    S2S_POOL_FIRST /* the state of the first token, which is the begin symbol where the model has one */
} s2s_pooling;
extern const char *const s2s_pooling_names[]; /* ended by NULL */

/* A reading whose results are, for each text, the model's width in float32. */
s2s_reading s2s_pool_reading(const s2s_model *model, s2s_pooling pooling);

#endif
