/* Allocation: a growable byte buffer, an arena for things that die together, aligned blocks. */
#ifndef S2S_BASE_MEMORY_H
#define S2S_BASE_MEMORY_H

#include <stdarg.h>
#include <stddef.h>

#include "base/err.h"

/* Bytes that grow at the end. All zero is a valid, empty buffer. `data` is always followed by a NUL
 * that `size` does not count once something was appended. Owner: the caller; release with
 * s2s_buf_release. */
typedef struct s2s_buf {
    char *data;
    size_t size, capacity;
} s2s_buf;

s2s_status s2s_buf_reserve(s2s_buf *buf, size_t capacity, s2s_err *err);
/* `data` may not lie within the buffer itself. */
s2s_status s2s_buf_append(s2s_buf *buf, const void *data, size_t size, s2s_err *err);
s2s_status s2s_buf_printf(s2s_buf *buf, s2s_err *err, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
s2s_status s2s_buf_vprintf(s2s_buf *buf, s2s_err *err, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));
void s2s_buf_release(s2s_buf *buf);

/* Memory that is freed at once. All zero is a valid, empty arena. Blocks are zeroed and aligned
 * to 16. */
typedef struct s2s_arena {
    struct s2s_arena_chunk *last;
} s2s_arena;

/* NULL: no memory, err filled. */
void *s2s_arena_alloc(s2s_arena *arena, size_t size, s2s_err *err);
char *s2s_arena_strndup(s2s_arena *arena, const char *text, size_t length, s2s_err *err);
void s2s_arena_release(s2s_arena *arena);

/* Makes room for at least `needed` elements of `size` bytes in *array, which holds *capacity of
 * them; grows by half. */
s2s_status s2s_grow(void *array, size_t *capacity, size_t needed, size_t size, s2s_err *err);

/* Turns the order of n items of `size` bytes round. */
void s2s_reverse(void *items, size_t n, size_t size);

/* A zeroed block, at least 64-byte aligned, in huge pages where the system gives them; lasts until
 * s2s_block_free. For weights and activations. NULL: no memory, err filled. */
void *s2s_block_alloc(size_t bytes, s2s_err *err);
void s2s_block_free(void *block, size_t bytes);

#endif
