/* What a system looked at in some lines of a test set, piece by piece: the weights of attention from its output to the
 * source. A cell does not keep them, which would be large; these lines alone are translated once more, with the
 * row's model and search, when somebody wants to see them. */
#ifndef S2S_SUITE_ATTENTION_H
#define S2S_SUITE_ATTENTION_H

#include "suite/board.h"

/* Pieces as the vocabulary has them, the end symbol as the last one of either side (of the output only where it ended
 * by it). */
typedef struct s2s_attention_line {
    size_t line;
    bool differs; /* the text is not the one that was kept; there are no weights then */
    const char **source, **target; /* [source_n], [target_n] */
    int source_n, target_n;        /* 0: a line without output */
    float *weights; /* [target_n x source_n]; the weights of a target piece sum to 1 */
} s2s_attention_line;

/* All zero is valid and empty. */
typedef struct s2s_attention {
    s2s_attention_line *lines; /* [n], ascending */
    size_t n;
    s2s_arena arena;
} s2s_attention;

/* Of the lines [n], ascending and each once, of the board's row, which is present. Loads the row's model. Fails with what
 * loading and searching fail with; after a failure nothing is held. */
s2s_status s2s_attention_read(s2s_attention *attention, const s2s_board *board, int row,
                              const size_t *lines, size_t n, s2s_err *err);
/* That of one line; NULL: it was not asked for. */
const s2s_attention_line *s2s_attention_of(const s2s_attention *attention, size_t line);
void s2s_attention_release(s2s_attention *attention);

#endif
