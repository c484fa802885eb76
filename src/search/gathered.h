/* The outputs of the output layer that the open sentences of a session may use, gathered from its packed weight into one
 * of its own: a step multiplies with some thousand columns instead of the vocabulary.
 *
 * A column is copied when a sentence joins that may use its token and none before it could; it stays until its place is
 * wanted for another one. The place of a column follows from the past, and decides nothing: a column's product is that
 * of the whole weight, bit for bit. */
#ifndef S2S_SEARCH_GATHERED_H
#define S2S_SEARCH_GATHERED_H

#include "kernel/packed.h"
#include "text/vocabulary.h"

/* All zero is valid for release. */
typedef struct s2s_gathered {
    const s2s_packed *whole; /* of the output layer */
    const s2s_real *bias;    /* [whole->out], or NULL */
    s2s_packed some;         /* `n` columns in use, room for more */
    s2s_real *some_bias;     /* [some.out], or NULL */
    int32_t *tokens;         /* [some.out] whose column it is */
    int n;
    int32_t *places; /* [whole->out] of each token's column; -1: it has none */
    int32_t *uses;   /* [whole->out] open sentences that may use a token */
    int used;        /* tokens that any may use */
    s2s_ids fresh;   /* places of columns to be copied */
} s2s_gathered;

/* Borrows weight and bias. */
s2s_status s2s_gathered_init(s2s_gathered *columns, const s2s_packed *whole, const s2s_real *bias,
                             s2s_err *err);
void s2s_gathered_release(s2s_gathered *columns);

/* A sentence that may use these tokens, each once, joins, or leaves. */
void s2s_gathered_join(s2s_gathered *columns, const s2s_ids *tokens);
void s2s_gathered_leave(s2s_gathered *columns, const s2s_ids *tokens);
/* Copies the columns that are missing: once for all sentences that join together. */
s2s_status s2s_gathered_fill(s2s_gathered *columns, s2s_err *err);

/* How many columns a product makes: whole panels. */
int s2s_gathered_width(const s2s_gathered *columns);

#endif
