/* What each type of packed weights does its own way; private to this folder. A panel is as packed.h tells. */
#ifndef S2S_KERNEL_PACKED_TYPE_H
#define S2S_KERNEL_PACKED_TYPE_H

#include "kernel/packed.h"

/* Rows of a product's input and of its result. */
typedef struct s2s_packed_rows {
    int m;
    const s2s_real *a; /* [m x in] */
    int lda;
    s2s_real *scratch; /* what `input` has made of all rows of the product */
    int first, all;    /* the first of these rows among all of the product */
} s2s_packed_rows;

typedef struct s2s_packed_type {
    size_t (*panel_bytes)(int in);
    /* Outputs [used x in], at most S2S_PANEL, to a panel; the others get weights of zero. */
    void (*pack)(unsigned char *panel, const s2s_real *weight, int used, int in);
    void (*row)(const unsigned char *panel, int column, int in, s2s_real *values);
    void (*copy_row)(unsigned char *to, int to_column, const unsigned char *from, int from_column,
                     int in);
    bool (*is_sound)(const unsigned char *panel, int in); /* NULL: always */

    /* Products. The input may be put into another form first, in scratch of so many elements. NULL: it is read as it is. */
    size_t (*scratch)(int m, int in);
    void (*input)(const s2s_packed_rows *rows, int in);
    void (*product)(const s2s_packed_rows *rows, int in, int columns, const unsigned char *panel,
                    const s2s_real *bias, s2s_real *c, int ldc);
} s2s_packed_type;

extern const s2s_packed_type s2s_packed_float32, s2s_packed_int8, s2s_packed_bfloat16;

#endif
