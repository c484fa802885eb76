/* Columns of text in three notations (table.h). */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "suite/table.h"

s2s_status s2s_grid_add(s2s_grid *grid, s2s_err *err, const char *format, ...) {
    s2s_buf text = {0};
    va_list args;
    va_start(args, format);
    s2s_status status = s2s_buf_vprintf(&text, err, format, args);
    va_end(args);
    if (status == S2S_OK)
        status = s2s_grow(&grid->cells, &grid->capacity, grid->n + 1, sizeof *grid->cells, err);
    const char *kept = NULL;
    if (status == S2S_OK) kept = s2s_arena_strndup(&grid->arena, text.data, text.size, err);
    s2s_buf_release(&text);
    if (kept) grid->cells[grid->n++] = kept;
    return kept ? S2S_OK : status != S2S_OK ? status : S2S_MEMORY;
}

void s2s_grid_release(s2s_grid *grid) {
    free(grid->cells);
    s2s_arena_release(&grid->arena);
    *grid = (s2s_grid){0};
}

static bool is_right(const s2s_grid *grid, int column) {
    return grid->right >> column & 1;
}

/* --- text --- */

/* Characters, not bytes: what a terminal gives a column each, but for wide and combining ones. */
static int width_of(const char *text) {
    int width = 0;
    for (; *text; text++) width += ((unsigned char)*text & 0xC0) != 0x80;
    return width;
}

static int column_width(const s2s_grid *grid, int column) {
    int widest = 0;
    for (size_t i = (size_t)column; i < grid->n; i += (size_t)grid->columns) {
        int width = width_of(grid->cells[i]);
        if (width > widest) widest = width;
    }
    return widest;
}

s2s_status s2s_grid_text(const s2s_grid *grid, s2s_buf *text, s2s_err *err) {
    for (size_t i = 0; i < grid->n; i++) {
        int column = (int)(i % (size_t)grid->columns);
        bool last = column == grid->columns - 1, right = is_right(grid, column);
        int pad = column_width(grid, column) - width_of(grid->cells[i]);
        int before = right ? pad : 0, after = right || last ? 0 : pad;
        S2S_TRY(s2s_buf_printf(text, err, "%*s%s%*s%s", before, "", grid->cells[i], after, "",
                               last ? "\n" : "  "));
    }
    return S2S_OK;
}

/* --- Markdown --- */

static s2s_status put_markdown(const char *cell, s2s_buf *text, s2s_err *err) {
    for (; *cell; cell++) {
        bool special = strchr("|\\`*_<>[]", *cell) != NULL;
        S2S_TRY(s2s_buf_printf(text, err, "%s%c", special ? "\\" : "", *cell));
    }
    return S2S_OK;
}

static s2s_status put_rule(const s2s_grid *grid, s2s_buf *text, s2s_err *err) {
    for (int c = 0; c < grid->columns; c++)
        S2S_TRY(s2s_buf_printf(text, err, "|%s", is_right(grid, c) ? "---:" : "---"));
    return s2s_buf_append(text, "|\n", 2, err);
}

s2s_status s2s_grid_markdown(const s2s_grid *grid, s2s_buf *text, s2s_err *err) {
    size_t columns = (size_t)grid->columns;
    for (size_t i = 0; i < grid->n; i++) {
        S2S_TRY(s2s_buf_append(text, "| ", 2, err));
        S2S_TRY(put_markdown(grid->cells[i], text, err));
        S2S_TRY(s2s_buf_append(text, " ", 1, err));
        if ((i + 1) % columns) continue;
        S2S_TRY(s2s_buf_append(text, "|\n", 2, err));
        if (i + 1 == columns) S2S_TRY(put_rule(grid, text, err));
    }
    return S2S_OK;
}

/* --- CSV (RFC 4180, but lines end with a line feed alone) --- */

static s2s_status put_csv(const char *cell, s2s_buf *text, s2s_err *err) {
    if (!cell[strcspn(cell, "\",\r\n")]) return s2s_buf_append(text, cell, strlen(cell), err);
    S2S_TRY(s2s_buf_append(text, "\"", 1, err));
    for (; *cell; cell++)
        S2S_TRY(s2s_buf_printf(text, err, "%s%c", *cell == '"' ? "\"" : "", *cell));
    return s2s_buf_append(text, "\"", 1, err);
}

s2s_status s2s_grid_csv(const s2s_grid *grid, s2s_buf *text, s2s_err *err) {
    for (size_t i = 0; i < grid->n; i++) {
        S2S_TRY(put_csv(grid->cells[i], text, err));
        bool last = (i + 1) % (size_t)grid->columns == 0;
        S2S_TRY(s2s_buf_append(text, last ? "\n" : ",", 1, err));
    }
    return S2S_OK;
}
