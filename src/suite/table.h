/* The board as a table for people and for other programs. */
#ifndef S2S_SUITE_TABLE_H
#define S2S_SUITE_TABLE_H

#include "suite/board.h"

typedef enum s2s_table_format {
    S2S_TABLE_TEXT,
    S2S_TABLE_MARKDOWN,
    S2S_TABLE_CSV,
    S2S_TABLE_JSON
} s2s_table_format;
extern const char *const s2s_table_formats[]; /* names, ended by NULL */

/* Appends the table. Text and Markdown are rounded as people read them, with a legend; CSV and JSON hold
 * everything that is known of a row, to all digits. */
s2s_status s2s_table_write(const s2s_board *board, s2s_table_format format, s2s_buf *text,
                           s2s_err *err);

/* --- parts --- */

/* Text in columns; all zero is valid and empty. The first row is the heading. */
typedef struct s2s_grid {
    s2s_arena arena;
    const char **cells; /* row by row */
    size_t n, capacity;
    int columns;
    unsigned long right; /* bit c: column c is set flush right */
} s2s_grid;

s2s_status s2s_grid_add(s2s_grid *grid, s2s_err *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void s2s_grid_release(s2s_grid *grid);
s2s_status s2s_grid_text(const s2s_grid *grid, s2s_buf *text, s2s_err *err);
s2s_status s2s_grid_markdown(const s2s_grid *grid, s2s_buf *text, s2s_err *err);
s2s_status s2s_grid_csv(const s2s_grid *grid, s2s_buf *text, s2s_err *err);

s2s_status s2s_table_json(const s2s_board *board, s2s_buf *text, s2s_err *err);
/* What the marks and the columns of measurements mean: a sentence a line. */
s2s_status s2s_table_legend(const s2s_board *board, s2s_buf *text, s2s_err *err);

#endif
