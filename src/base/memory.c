/* See memory.h. */
#define _GNU_SOURCE /* MAP_ANONYMOUS, MADV_HUGEPAGE */
#include "base/memory.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

/* Sums and products of sizes that stop at the largest size_t, which no allocation can meet: so an
 * overflow ends as "out of memory" and not as a block that is too small. */
static size_t add(size_t a, size_t b) {
    return a > SIZE_MAX - b ? SIZE_MAX : a + b;
}

static size_t multiply(size_t a, size_t b) {
    return b && a > SIZE_MAX / b ? SIZE_MAX : a * b;
}

/* --- buffer --- */

enum { SMALLEST_BUFFER = 64 };

s2s_status s2s_buf_reserve(s2s_buf *buf, size_t capacity, s2s_err *err) {
    size_t needed = add(capacity, 1); /* the NUL */
    if (needed <= buf->capacity) return S2S_OK;
    size_t wanted = add(buf->capacity, buf->capacity / 2);
    if (wanted < SMALLEST_BUFFER) wanted = SMALLEST_BUFFER;
    if (wanted < needed) wanted = needed;
    char *data = wanted > PTRDIFF_MAX ? NULL : realloc(buf->data, wanted);
    if (!data) return s2s_fail_memory(err, wanted);
    buf->data = data;
    buf->capacity = wanted;
    return S2S_OK;
}

s2s_status s2s_buf_append(s2s_buf *buf, const void *data, size_t size, s2s_err *err) {
    S2S_TRY(s2s_buf_reserve(buf, add(buf->size, size), err));
    if (size) memcpy(buf->data + buf->size, data, size);
    buf->size += size;
    buf->data[buf->size] = '\0';
    return S2S_OK;
}

s2s_status s2s_buf_vprintf(s2s_buf *buf, s2s_err *err, const char *format, va_list args) {
    va_list measured;
    va_copy(measured, args);
    int size = vsnprintf(NULL, 0, format, measured);
    va_end(measured);
    if (size < 0) return s2s_fail(err, S2S_INPUT, "text cannot be formatted");
    S2S_TRY(s2s_buf_reserve(buf, add(buf->size, (size_t)size), err));
    vsnprintf(buf->data + buf->size, (size_t)size + 1, format, args);
    buf->size += (size_t)size;
    return S2S_OK;
}

s2s_status s2s_buf_printf(s2s_buf *buf, s2s_err *err, const char *format, ...) {
    va_list args;
    va_start(args, format);
    s2s_status status = s2s_buf_vprintf(buf, err, format, args);
    va_end(args);
    return status;
}

void s2s_buf_release(s2s_buf *buf) {
    free(buf->data);
    *buf = (s2s_buf){0};
}

/* --- arena --- */

enum { CHUNK_BYTES = 1 << 16, ARENA_ALIGN = 16 };

struct s2s_arena_chunk {
    struct s2s_arena_chunk *before;
    size_t used, capacity;
    _Alignas(ARENA_ALIGN) unsigned char bytes[];
};

static struct s2s_arena_chunk *add_chunk(s2s_arena *arena, size_t size, s2s_err *err) {
    size_t capacity = size > CHUNK_BYTES ? size : CHUNK_BYTES;
    struct s2s_arena_chunk *chunk = NULL;
    size_t bytes = add(capacity, sizeof *chunk);
    if (bytes <= PTRDIFF_MAX) chunk = calloc(1, bytes);
    if (!chunk) {
        s2s_fail_memory(err, capacity);
        return NULL;
    }
    chunk->capacity = capacity;
    if (arena->last && size > CHUNK_BYTES) { /* behind the last, whose free rest stays in use */
        chunk->before = arena->last->before;
        arena->last->before = chunk;
    } else {
        chunk->before = arena->last;
        arena->last = chunk;
    }
    return chunk;
}

void *s2s_arena_alloc(s2s_arena *arena, size_t size, s2s_err *err) {
    if (!size) size = 1; /* so that two blocks never share an address */
    size = add(size, ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
    struct s2s_arena_chunk *chunk = arena->last;
    if (!chunk || chunk->capacity - chunk->used < size) chunk = add_chunk(arena, size, err);
    if (!chunk) return NULL;
    void *block = chunk->bytes + chunk->used;
    chunk->used += size;
    return block;
}

char *s2s_arena_strndup(s2s_arena *arena, const char *text, size_t length, s2s_err *err) {
    char *copy = s2s_arena_alloc(arena, add(length, 1), err);
    if (copy && length) memcpy(copy, text, length);
    return copy;
}

void s2s_arena_release(s2s_arena *arena) {
    while (arena->last) {
        struct s2s_arena_chunk *before = arena->last->before;
        free(arena->last);
        arena->last = before;
    }
}

/* --- arrays and blocks --- */

s2s_status s2s_grow(void *array, size_t *capacity, size_t needed, size_t size, s2s_err *err) {
    if (needed <= *capacity) return S2S_OK;
    size_t wanted = add(add(*capacity, *capacity / 2), 8);
    if (wanted < needed) wanted = needed;
    size_t bytes = multiply(wanted, size);
    void *old; /* through memcpy, because *array has the caller's pointer type */
    memcpy(&old, array, sizeof old);
    void *grown = bytes > PTRDIFF_MAX ? NULL : realloc(old, bytes);
    if (!grown) return s2s_fail_memory(err, bytes);
    memcpy(array, &grown, sizeof grown);
    *capacity = wanted;
    return S2S_OK;
}

void s2s_reverse(void *items, size_t n, size_t size) {
    char *first = items;
    for (size_t i = 0; i < n / 2; i++) {
        char *a = first + i * size, *b = first + (n - 1 - i) * size;
        for (size_t byte = 0; byte < size; byte++) {
            char kept = a[byte];
            a[byte] = b[byte];
            b[byte] = kept;
        }
    }
}

void *s2s_block_alloc(size_t bytes, s2s_err *err) {
    if (!bytes) bytes = 1;
    /* Without MAP_NORESERVE: a block larger than the machine is refused here, where it can be told,
     * and not by the kernel's out-of-memory killer later. */
    void *block = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED) {
        s2s_fail_memory(err, bytes);
        return NULL;
    }
    madvise(block, bytes, MADV_HUGEPAGE); /* a hint: fewer page faults and TLB misses */
    return block;
}

void s2s_block_free(void *block, size_t bytes) {
    if (block) munmap(block, bytes ? bytes : 1);
}
