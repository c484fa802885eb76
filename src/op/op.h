/* The operations that models are made of. Each function emits one op into a plan and returns the slot of its
 * output; its file holds shape, forward and backward. After a failure (plan->error) they do nothing.
 *
 * Letters: R rows, D width, H heads, V vocabulary. */
#ifndef S2S_OP_OP_H
#define S2S_OP_OP_H

#include "recipe/recipe.h"
#include "tensor/plan.h"

/* --- embed.c: y[r] = scale table[ids[r]] + position(r) + segment(r), R x D --- */

/* Position of a token: its place in its sequence, or batch.positions where that is given. Positions come
 * from `position_table` [max_positions x D] when it is a parameter, from `sinusoids` (s2s_sinusoids, same
 * shape, owned by the plan; rows beyond are computed) when that is not NULL, else there are none. The
 * segments are batch.segments in `segment_table` [segments x D] (Devlin et al. 2019), or none. */
typedef struct s2s_embed_options {
    s2s_param table, position_table, segment_table;
    const s2s_real *sinusoids;
    int sinusoids_n;
    double scale;
} s2s_embed_options;
s2s_slot s2s_embed(s2s_plan *plan, s2s_rows rows, s2s_embed_options options);

/* Sinusoidal positions (Vaswani et al. 2017): the first half of a row sines, the second cosines, of
 * position / 10000^(2i / D). [n x width] in the plan's arena; NULL after a failure. */
const s2s_real *s2s_sinusoids(s2s_plan *plan, int n, int width);
/* The angle of pair i: position / 10000^(2i / width). */
double s2s_position_angle(int position, int i, int width);

/* --- linear.c: Y = X W^T + b, R x out --- */
s2s_slot s2s_linear(s2s_plan *plan, s2s_slot x, s2s_param weight, s2s_param bias);

/* --- norm.c: layer norm (Ba et al. 2016) or, without `center`, RMS norm (Zhang and Sennrich 2019) --- */
s2s_slot s2s_norm(s2s_plan *plan, s2s_slot x, s2s_param gain, s2s_param bias, double eps,
                  bool center);

/* --- activation.c: dropout(f(x)); R x D, or R x D / 2 for a gated one --- */
s2s_slot s2s_activate(s2s_plan *plan, s2s_slot x, s2s_activation kind, double dropout);

/* --- dropout_add.c: residual + dropout(x); residual S2S_NO_SLOT: dropout(x) --- */
s2s_slot s2s_dropout_add(s2s_plan *plan, s2s_slot x, s2s_slot residual, double dropout);

/* --- attention.c: softmax(scale Q K^T + bias) V (Vaswani et al. 2017), R x heads * head_width --- */

/* Queries, keys and values are columns of slots, so that one product can make several of them: query h is
 * columns query + h * head_width of `q`, key and value likewise of `kv`. Heads share keys and values in
 * groups of heads / kv_heads (Ainslie et al. 2023). The stream that a slot's rows belong to gives the
 * sequences; sequence b of q sees sequence b of kv. */
typedef struct s2s_attention_options {
    int query, key, value; /* first columns */
    int heads, kv_heads, head_width;
    bool causal; /* a row sees itself and what is before it */
    double scale, dropout;
    s2s_param relative; /* bias by distance [buckets x heads] (Raffel et al. 2020), or none */
    int buckets, span;  /* of `relative`: buckets in all, and the distance where the last begins */
} s2s_attention_options;
s2s_slot s2s_attention(s2s_plan *plan, s2s_slot q, s2s_slot kv, s2s_attention_options options);

/* The bucket of a distance key - query. Causal: only the past has buckets. */
int s2s_relative_bucket(int distance, bool causal, int buckets, int span);

/* --- cache_attention.c: the same while decoding: one row a hypothesis, keys and values from run->cache --- */

enum { S2S_CACHE_KEYS = 1 << 16 }; /* keys that one hypothesis can see at most */

/* `layer` names the cache. Self-attention appends the keys and values in `kv` first; cross-attention (`kv`
 * S2S_NO_SLOT) reads what s2s_cache_store put there. */
s2s_slot s2s_cache_attention(s2s_plan *plan, s2s_slot q, s2s_slot kv, int layer, bool cross,
                             s2s_attention_options options);
/* Puts the keys and values of source tokens into run->cache->cross. */
void s2s_cache_store(s2s_plan *plan, s2s_slot kv, int layer, s2s_attention_options options);

/* --- rotary.c: rotary positions (Su et al. 2021) on some heads of x, the rest copied --- */
/* Turns columns [0, heads * head_width) of x by angles position / 10000^(2i / head_width). Their sines and
 * cosines come from `sinusoids` (s2s_sinusoids of width head_width, owned by the plan; those beyond are
 * computed). */
typedef struct s2s_rotary_options {
    int heads, head_width;
    const s2s_real *sinusoids;
    int sinusoids_n;
} s2s_rotary_options;
s2s_slot s2s_rotary(s2s_plan *plan, s2s_slot x, s2s_rotary_options options);

/* --- gather.c --- */
/* The rows batch.predicted of x (all, where that is NULL): P x D. */
s2s_slot s2s_gather_predicted(s2s_plan *plan, s2s_slot x);

/* --- linear_cross_entropy.c --- */

/* Adds to run->loss the label-smoothed cross-entropy (Szegedy et al. 2016) of softmax(X W^T + b) and
 * batch.labels, summed over rows; the target distribution gives 1 - smoothing to the label and smoothing / V
 * to each entry. The [R x V] logits never exist at once. */
void s2s_linear_cross_entropy(s2s_plan *plan, s2s_slot x, s2s_param weight, s2s_param bias,
                              double label_smoothing);
/* log softmax(X W^T + b) at batch.labels, R x 1: of each label alone, by the same chunks. For runs without a
 * backward pass; the weight may be packed. */
s2s_slot s2s_label_log_probability(s2s_plan *plan, s2s_slot x, s2s_param weight, s2s_param bias);
/* How many rows go through the output layer together, for `s2s bench`. */
int s2s_cross_entropy_rows(int vocabulary);

#endif
