/* Columns of a line, parted by tabs. */
#ifndef S2S_BASE_COLUMNS_H
#define S2S_BASE_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A part of a line; its text is NULL behind the last column. */
typedef struct s2s_column {
    const char *text;
    size_t length;
} s2s_column;

/* Takes the first column off *rest; false: there is none left. A line of no bytes is one empty column. */
bool s2s_column_take(s2s_column *rest, s2s_column *column);

/* Column `number`, from 1, of a line. Returns how many columns were seen: `number`, or less, all that there are. */
int64_t s2s_column_find(s2s_column line, int64_t number, s2s_column *column);

#endif
