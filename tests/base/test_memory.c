/* Buffers, arenas, growing arrays and blocks, and sizes that no machine has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/memory.h"

static void buffer_appends_and_ends_with_nul(void **state) {
    (void)state;
    s2s_buf buf = {0};
    s2s_err err = {0};
    assert_int_equal(s2s_buf_append(&buf, NULL, 0, &err), S2S_OK);
    assert_string_equal(buf.data, "");
    for (int i = 0; i < 10000; i++) assert_int_equal(s2s_buf_append(&buf, "abc", 3, &err), S2S_OK);
    assert_int_equal(buf.size, 30000);
    assert_int_equal(strlen(buf.data), 30000);
    for (size_t i = 0; i < buf.size; i++) assert_int_equal(buf.data[i], "abc"[i % 3]);
    s2s_buf_release(&buf);
    assert_null(buf.data);
    assert_int_equal(buf.size, 0);
}

static void buffer_holds_nul_bytes(void **state) {
    (void)state;
    s2s_buf buf = {0};
    assert_int_equal(s2s_buf_append(&buf, "a\0b", 3, NULL), S2S_OK);
    assert_memory_equal(buf.data, "a\0b", 4);
    s2s_buf_release(&buf);
}

static void buffer_prints(void **state) {
    (void)state;
    s2s_buf buf = {0};
    s2s_err err = {0};
    assert_int_equal(s2s_buf_printf(&buf, &err, "%s", ""), S2S_OK);
    assert_string_equal(buf.data, "");
    for (int i = 0; i < 100; i++) assert_int_equal(s2s_buf_printf(&buf, &err, "%03d,", i), S2S_OK);
    assert_int_equal(buf.size, 400);
    assert_memory_equal(buf.data + 396, "099,", 5);
    assert_int_equal(s2s_buf_printf(&buf, &err, "%*d", 100000, 1), S2S_OK);
    assert_int_equal(strlen(buf.data), 100400);
    s2s_buf_release(&buf);
}

static void buffer_refuses_impossible_sizes(void **state) {
    (void)state;
    s2s_buf buf = {0};
    s2s_err err = {0};
    assert_int_equal(s2s_buf_append(&buf, "keep", 4, &err), S2S_OK);
    assert_int_equal(s2s_buf_reserve(&buf, SIZE_MAX, &err), S2S_MEMORY);
    assert_int_equal(s2s_buf_append(&buf, "x", SIZE_MAX - 2, &err), S2S_MEMORY);
    assert_non_null(strstr(err.message, "out of memory"));
    assert_string_equal(buf.data, "keep");
    s2s_buf_release(&buf);
}

static void arena_blocks_are_zeroed_aligned_and_apart(void **state) {
    (void)state;
    enum { BLOCKS = 3000 };
    s2s_arena arena = {0};
    s2s_err err = {0};
    static unsigned char *blocks[BLOCKS];
    static size_t sizes[BLOCKS];
    for (size_t i = 0; i < BLOCKS; i++) {
        sizes[i] = i % 500 == 499 ? 200000 : i % 97; /* some larger than a chunk, some empty */
        blocks[i] = s2s_arena_alloc(&arena, sizes[i], &err);
        assert_non_null(blocks[i]);
        assert_int_equal((uintptr_t)blocks[i] % 16, 0);
        for (size_t j = 0; j < sizes[i]; j++) assert_int_equal(blocks[i][j], 0);
        memset(blocks[i], (int)(i % 251) + 1, sizes[i]);
    }
    for (size_t i = 0; i < BLOCKS; i++)
        for (size_t j = 0; j < sizes[i]; j++) assert_int_equal(blocks[i][j], i % 251 + 1);
    s2s_arena_release(&arena);
    assert_null(arena.last);
    s2s_arena_release(&arena);
}

static void arena_empty_blocks_have_addresses_of_their_own(void **state) {
    (void)state;
    s2s_arena arena = {0};
    void *a = s2s_arena_alloc(&arena, 0, NULL), *b = s2s_arena_alloc(&arena, 0, NULL);
    assert_non_null(a);
    assert_ptr_not_equal(a, b);
    s2s_arena_release(&arena);
}

static void arena_large_block_leaves_the_chunk_in_use(void **state) {
    (void)state;
    s2s_arena arena = {0};
    char *a = s2s_arena_alloc(&arena, 16, NULL);
    assert_non_null(s2s_arena_alloc(&arena, 1 << 20, NULL));
    char *b = s2s_arena_alloc(&arena, 16, NULL);
    assert_ptr_equal(b, a + 16);
    s2s_arena_release(&arena);
}

static void arena_copies_text(void **state) {
    (void)state;
    s2s_arena arena = {0};
    s2s_err err = {0};
    assert_string_equal(s2s_arena_strndup(&arena, "hello world", 5, &err), "hello");
    assert_string_equal(s2s_arena_strndup(&arena, NULL, 0, &err), "");
    assert_null(s2s_arena_strndup(&arena, "x", SIZE_MAX, &err));
    assert_int_equal(err.status, S2S_MEMORY);
    s2s_arena_release(&arena);
}

static void arena_refuses_impossible_sizes(void **state) {
    (void)state;
    s2s_arena arena = {0};
    for (size_t short_of = 0; short_of < 40; short_of++) {
        s2s_err err = {0};
        assert_null(s2s_arena_alloc(&arena, SIZE_MAX - short_of, &err));
        assert_int_equal(err.status, S2S_MEMORY);
    }
    s2s_arena_release(&arena);
}

static void arrays_grow(void **state) {
    (void)state;
    s2s_err err = {0};
    int *numbers = NULL;
    size_t capacity = 0;
    int moves = 0;
    for (size_t i = 0; i < 100000; i++) {
        size_t before = capacity;
        assert_int_equal(s2s_grow(&numbers, &capacity, i + 1, sizeof *numbers, &err), S2S_OK);
        assert_true(capacity > i);
        moves += capacity != before;
        numbers[i] = (int)i;
    }
    assert_true(moves < 40); /* by half, and not by one */
    for (int i = 0; i < 100000; i++) assert_int_equal(numbers[i], i);
    size_t kept = capacity;
    assert_int_equal(s2s_grow(&numbers, &capacity, SIZE_MAX / 2, sizeof *numbers, &err),
                     S2S_MEMORY);
    assert_int_equal(s2s_grow(&numbers, &capacity, SIZE_MAX, 1, &err), S2S_MEMORY);
    assert_int_equal(capacity, kept);
    assert_int_equal(numbers[99999], 99999);
    free(numbers);
}

static void order_is_turned_round(void **state) {
    (void)state;
    const struct {
        int32_t items[5], turned[5];
        size_t n;
    } cases[] = {{{1, 2, 3, 4, 500}, {500, 4, 3, 2, 1}, 5},
                 {{1, 2, 3, 4, 500}, {4, 3, 2, 1, 500}, 4},
                 {{1, 2}, {1, 2}, 1},
                 {{1, 2}, {1, 2}, 0}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int32_t items[5];
        memcpy(items, cases[i].items, sizeof items);
        s2s_reverse(items, cases[i].n, sizeof *items);
        assert_memory_equal(items, cases[i].turned, sizeof items);
    }
    char rows[] = "abcdefghi"; /* of 3 bytes */
    s2s_reverse(rows, 3, 3);
    assert_string_equal(rows, "ghidefabc");
}

static void blocks_are_zeroed_and_aligned(void **state) {
    (void)state;
    s2s_err err = {0};
    const size_t sizes[] = {0, 1, 4096, 5 << 20};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        unsigned char *block = s2s_block_alloc(sizes[i], &err);
        assert_non_null(block);
        assert_int_equal((uintptr_t)block % 64, 0);
        for (size_t j = 0; j < sizes[i]; j += 97) assert_int_equal(block[j], 0);
        memset(block, 1, sizes[i]);
        s2s_block_free(block, sizes[i]);
    }
    s2s_block_free(NULL, 10);
}

static void blocks_refuse_what_the_machine_has_not(void **state) {
    (void)state;
    const size_t sizes[] = {SIZE_MAX, SIZE_MAX / 2, (size_t)1 << 52};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        s2s_err err = {0};
        assert_null(s2s_block_alloc(sizes[i], &err));
        assert_int_equal(err.status, S2S_MEMORY);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(buffer_appends_and_ends_with_nul),
        cmocka_unit_test(buffer_holds_nul_bytes),
        cmocka_unit_test(buffer_prints),
        cmocka_unit_test(buffer_refuses_impossible_sizes),
        cmocka_unit_test(arena_blocks_are_zeroed_aligned_and_apart),
        cmocka_unit_test(arena_empty_blocks_have_addresses_of_their_own),
        cmocka_unit_test(arena_large_block_leaves_the_chunk_in_use),
        cmocka_unit_test(arena_copies_text),
        cmocka_unit_test(arena_refuses_impossible_sizes),
        cmocka_unit_test(arrays_grow),
        cmocka_unit_test(order_is_turned_round),
        cmocka_unit_test(blocks_are_zeroed_and_aligned),
        cmocka_unit_test(blocks_refuse_what_the_machine_has_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
