/* See columns.h. */
#include "base/columns.h"

#include <string.h>

bool s2s_column_take(s2s_column *rest, s2s_column *column) {
    if (!rest->text) return false;
    const char *tab = rest->length ? memchr(rest->text, '\t', rest->length) : NULL;
    *column = (s2s_column){rest->text, tab ? (size_t)(tab - rest->text) : rest->length};
    *rest = tab ? (s2s_column){tab + 1, rest->length - column->length - 1} : (s2s_column){0};
    return true;
}

int64_t s2s_column_find(s2s_column line, int64_t number, s2s_column *column) {
    int64_t seen = 0;
    while (seen < number && s2s_column_take(&line, column)) seen++;
    return seen;
}
