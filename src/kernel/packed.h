/* Weights in the form that decoding reads: panels of columns, as real numbers, halves of them or bytes.
 *
 * A weight [out x in] is cut into panels of S2S_PANEL outputs; a panel is one run of memory, in the order in
 * which a product reads it, and the same on every processor, so that a file can hold it and a program can
 * map the file:
 *
 *   float32   [in] [S2S_PANEL] reals
 *   int8      [groups of 4 inputs] [S2S_PANEL] [4] bytes, each w / scale rounded and raised by 128; then
 *             [S2S_PANEL] scales (float), one for each output: the largest |w| becomes 127
 *   bfloat16  [pairs of inputs, up to a multiple of 16] [S2S_PANEL] [2] bfloat16 numbers (bfloat16.h)
 *
 * int8 products quantize their input on the fly, each row by its own scale, and add up exact integers
 * (Jacob et al. 2018; without zero points, as both sides are symmetric); bfloat16 products round theirs likewise
 * and add up floats. So, as with real numbers, a row of the result depends on its row of the input alone, bit for
 * bit. */
#ifndef S2S_KERNEL_PACKED_H
#define S2S_KERNEL_PACKED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "kernel/real.h"

typedef enum s2s_weight_type {
    S2S_WEIGHT_FLOAT32,
    S2S_WEIGHT_INT8,
    S2S_WEIGHT_BFLOAT16,
    S2S_WEIGHT_TYPES
} s2s_weight_type;

extern const char *const s2s_weight_type_names[]; /* [S2S_WEIGHT_TYPES], and NULL at the end */
bool s2s_weight_type_find(const char *name, s2s_weight_type *type); /* false: there is none */

enum { S2S_PANEL = 64, S2S_INT8_INPUTS = 1 << 16 /* with more, sums could pass 2^31 */ };

/* Immutable. All zero: none. */
typedef struct s2s_packed {
    s2s_weight_type type;
    int out, in;
    const unsigned char *data; /* the panels, end to end */
    unsigned char *owned;      /* `data`, or NULL where it is borrowed */
} s2s_packed;

size_t s2s_packed_panel_bytes(s2s_weight_type type, int in);
size_t s2s_packed_bytes(s2s_weight_type type, int out, int in); /* of all panels */

/* Packs `weight` [out x in]. Owner: the caller; s2s_packed_release. S2S_INPUT: int8 with more than
 * S2S_INT8_INPUTS inputs. */
s2s_status s2s_packed_create(s2s_packed *packed, s2s_weight_type type, const s2s_real *weight,
                             int out, int in, s2s_err *err);
/* Panels that lie elsewhere, s2s_packed_bytes of them, at a multiple of 4 bytes. */
s2s_packed s2s_packed_borrow(s2s_weight_type type, const void *data, int out, int in);
/* Whether the scales of int8 panels are numbers that scales can be; other types are not looked at, since
 * that would read all of them. */
bool s2s_packed_is_sound(const s2s_packed *packed);
void s2s_packed_release(s2s_packed *packed);

/* Makes room for `out` outputs, at least as many as there are: those stay as they are, the others have weights of zero.
 * `packed` owns its panels, or is all zero and becomes of this type and these inputs. */
s2s_status s2s_packed_extend(s2s_packed *packed, s2s_weight_type type, int out, int in,
                             s2s_err *err);
/* Copies a row of one weight to a row of another of the same type and inputs, which owns its panels: products give the
 * same bits with both. */
void s2s_packed_copy_row(s2s_packed *to, int to_row, const s2s_packed *from, int from_row);

/* One row of the weight, [in]: looking up an embedding. */
void s2s_packed_row(const s2s_packed *packed, int row, s2s_real *values);

/* Elements of scratch that a product of m rows needs. */
size_t s2s_packed_scratch(const s2s_packed *packed, int m);
/* C [m x out] = A [m x in] W^T + bias (NULL: none) on all threads. */
void s2s_gemm_packed(int m, const s2s_real *a, int lda, const s2s_packed *weight,
                     const s2s_real *bias, s2s_real *c, int ldc, s2s_real *scratch);

/* The same in parts: first the input is put into scratch in the form that the product reads, then some of
 * the outputs are made, `first` a multiple of S2S_PANEL, C [m x columns]. */
void s2s_packed_input(int m, const s2s_real *a, int lda, const s2s_packed *weight,
                      s2s_real *scratch);
void s2s_packed_outputs(int m, const s2s_real *a, int lda, const s2s_packed *weight,
                        const s2s_real *bias, int first, int columns, s2s_real *c, int ldc,
                        s2s_real *scratch);

#endif
