/* Atomic writes and what may go wrong with them; maps, paths, digests. */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <xxhash.h>

#include "base/file.h"
#include "scratch.h"

enum { BIG = 3000001 };

static char *big_block(void) {
    char *data = malloc(BIG);
    assert_non_null(data);
    for (size_t i = 0; i < BIG; i++) data[i] = (char)(i * 2654435761u >> 13);
    return data;
}

/* --- the write that succeeds --- */

static void writes_a_new_file(void **state) {
    (void)state;
    s2s_err err = {0};
    const char *path = scratch("new");
    assert_int_equal(s2s_write_file(path, "text\n", 5, &err), S2S_OK);
    scratch_expect(path, "text\n");
    assert_int_equal(s2s_write_file(path, NULL, 0, &err), S2S_OK);
    scratch_expect(path, "");
}

static void mode_follows_the_umask(void **state) {
    (void)state;
    struct stat found;
    mode_t old = umask(027);
    const char *path = scratch("mode");
    assert_int_equal(s2s_write_file(path, "a", 1, NULL), S2S_OK);
    umask(old);
    assert_int_equal(stat(path, &found), 0);
    assert_int_equal(found.st_mode & 0777, 0640);
}

static void keeps_the_mode_of_the_old_file(void **state) {
    (void)state;
    struct stat found;
    const char *path = scratch_put_text("old-mode", "old");
    assert_int_equal(chmod(path, 0604), 0);
    assert_int_equal(s2s_write_file(path, "new", 3, NULL), S2S_OK);
    assert_int_equal(stat(path, &found), 0);
    assert_int_equal(found.st_mode & 0777, 0604);
    scratch_expect(path, "new");
}

static void pieces_of_any_size_arrive_in_order(void **state) {
    (void)state;
    s2s_err err = {0};
    s2s_writer *writer;
    char *data = big_block();
    const char *path = scratch("pieces");
    assert_int_equal(s2s_writer_open(&writer, path, &err), S2S_OK);
    for (size_t at = 0, piece = 0; at < BIG; at += piece) {
        piece = (at * 7919 + 1) % 150000;
        if (piece > BIG - at) piece = BIG - at;
        assert_int_equal(s2s_writer_write(writer, data + at, piece, &err), S2S_OK);
        if (!piece)
            piece = 1, assert_int_equal(s2s_writer_write(writer, data + at, 1, &err), S2S_OK);
    }
    assert_int_equal(s2s_writer_commit(writer, &err), S2S_OK);
    size_t size;
    char *found = scratch_get(path, &size);
    assert_int_equal(size, BIG);
    assert_memory_equal(found, data, BIG);
    free(found);
    free(data);
}

static void nobody_sees_half_a_file(void **state) {
    (void)state;
    s2s_writer *writer;
    const char *path = scratch_put_text("seen", "old");
    int before = scratch_count();
    assert_int_equal(s2s_writer_open(&writer, path, NULL), S2S_OK);
    char *data = big_block();
    assert_int_equal(s2s_writer_write(writer, data, BIG, NULL), S2S_OK);
    scratch_expect(path, "old");
    s2s_writer_abort(writer);
    scratch_expect(path, "old");
    assert_int_equal(scratch_count(), before);
    s2s_writer_abort(NULL);
    free(data);
}

static void two_writers_of_one_file_do_not_mix(void **state) {
    (void)state;
    s2s_writer *a, *b;
    const char *path = scratch("two");
    assert_int_equal(s2s_writer_open(&a, path, NULL), S2S_OK);
    assert_int_equal(s2s_writer_open(&b, path, NULL), S2S_OK);
    assert_int_equal(s2s_writer_write(a, "first", 5, NULL), S2S_OK);
    assert_int_equal(s2s_writer_write(b, "second", 6, NULL), S2S_OK);
    assert_int_equal(s2s_writer_commit(a, NULL), S2S_OK);
    scratch_expect(path, "first");
    assert_int_equal(s2s_writer_commit(b, NULL), S2S_OK);
    scratch_expect(path, "second");
}

static void a_link_stays_a_link(void **state) {
    (void)state;
    struct stat found;
    const char *target = scratch_put_text("linked-to", "old"), *path = scratch("link");
    assert_int_equal(symlink("linked-to", path), 0);
    assert_int_equal(s2s_write_file(path, "new", 3, NULL), S2S_OK);
    assert_int_equal(lstat(path, &found), 0);
    assert_true(S_ISLNK(found.st_mode));
    scratch_expect(target, "new");
}

static void the_longest_name_works(void **state) {
    (void)state;
    char name[256];
    memset(name, 'n', 255);
    name[255] = '\0';
    const char *path = scratch(name);
    assert_int_equal(s2s_write_file(path, "a", 1, NULL), S2S_OK);
    scratch_expect(path, "a");
}

static void works_in_the_working_folder(void **state) {
    (void)state;
    char *back = getcwd(NULL, 0);
    const char *path = scratch("plain-name");
    assert_int_equal(chdir(scratch(".")), 0);
    assert_int_equal(s2s_write_file("plain-name", "a", 1, NULL), S2S_OK);
    assert_int_equal(chdir(back), 0);
    scratch_expect(path, "a");
    free(back);
}

/* --- the write that fails --- */

/* A file-size limit stands in for a full disk: the write that crosses it is cut short, the next
 * fails. */
static s2s_status write_limited(const char *path, size_t limit, s2s_err *err) {
    struct rlimit old, low;
    char *data = big_block();
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    low = (struct rlimit){.rlim_cur = limit, .rlim_max = old.rlim_max};
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &low), 0);
    s2s_status status = s2s_write_file(path, data, BIG, err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    signal(SIGXFSZ, handler);
    free(data);
    return status;
}

static void a_full_disk_leaves_the_old_file(void **state) {
    (void)state;
    const char *path = scratch_put_text("full", "old");
    int before = scratch_count();
    for (size_t limit = 0; limit < BIG; limit += BIG / 5) {
        s2s_err err = {0};
        assert_int_equal(write_limited(path, limit, &err), S2S_IO);
        assert_non_null(strstr(err.message, path));
        scratch_expect(path, "old");
        assert_int_equal(scratch_count(), before);
    }
}

static void a_full_disk_at_commit_leaves_the_old_file(void **state) {
    (void)state;
    struct rlimit old;
    s2s_writer *writer;
    s2s_err err = {0};
    const char *path = scratch_put_text("full-late", "old");
    int before = scratch_count();
    assert_int_equal(s2s_writer_open(&writer, path, &err), S2S_OK);
    assert_int_equal(s2s_writer_write(writer, "new", 3, &err), S2S_OK); /* still in the buffer */
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &(struct rlimit){2, old.rlim_max}), 0);
    s2s_status status = s2s_writer_commit(writer, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    signal(SIGXFSZ, handler);
    assert_int_equal(status, S2S_IO);
    scratch_expect(path, "old");
    assert_int_equal(scratch_count(), before);
}

static void a_device_is_written_to_and_not_replaced(void **state) {
    (void)state;
    struct stat found;
    s2s_err err = {0};
    assert_int_equal(s2s_write_file("/dev/full", "a", 1, &err), S2S_IO);
    assert_string_equal(err.message, "cannot write /dev/full: No space left on device");
    assert_int_equal(s2s_write_file("/dev/null", "a", 1, &err), S2S_OK);
    assert_int_equal(stat("/dev/null", &found), 0);
    assert_true(S_ISCHR(found.st_mode));
}

static void a_killed_process_leaves_the_old_file(void **state) {
    (void)state;
    const char *path = scratch_put_text("killed", "old");
    pid_t child = fork();
    if (child == 0) {
        s2s_writer *writer;
        char *data = big_block();
        if (s2s_writer_open(&writer, path, NULL) == S2S_OK)
            s2s_writer_write(writer, data, BIG, NULL);
        raise(SIGKILL);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    scratch_expect(path, "old");
    assert_int_equal(s2s_write_file(path, "new", 3, NULL), S2S_OK);
    scratch_expect(path, "new");
}

/* Root may write anywhere, so root becomes nobody for the time of the call. */
static s2s_status write_as_nobody(const char *path, s2s_err *err) {
    uid_t self = geteuid();
    if (self == 0) assert_int_equal(seteuid(65534), 0);
    s2s_status status = s2s_write_file(path, "new", 3, err);
    if (self == 0) assert_int_equal(seteuid(0), 0);
    return status;
}

static void an_unwritable_folder_is_an_error(void **state) {
    (void)state;
    s2s_err err = {0};
    char path[600];
    const char *folder = scratch("locked");
    assert_int_equal(mkdir(folder, 0755), 0);
    assert_int_equal(chmod(scratch("."), 0755), 0);
    snprintf(path, sizeof path, "%s/file", folder);
    assert_int_equal(chmod(folder, 0555), 0);
    assert_int_equal(write_as_nobody(path, &err), S2S_IO);
    assert_non_null(strstr(err.message, path));
    assert_non_null(strstr(err.message, "Permission denied"));
    assert_false(s2s_file_exists(path));
    assert_int_equal(chmod(folder, 0755), 0);
}

static void a_write_protected_file_is_an_error(void **state) {
    (void)state;
    s2s_err err = {0};
    const char *path = scratch_put_text("protected", "old");
    assert_int_equal(chmod(scratch("."), 0777), 0);
    assert_int_equal(chmod(path, 0444), 0);
    assert_int_equal(write_as_nobody(path, &err), S2S_IO);
    assert_non_null(strstr(err.message, "Permission denied"));
    assert_int_equal(chmod(scratch("."), 0755), 0);
    scratch_expect(path, "old");
}

static void impossible_targets_are_errors(void **state) {
    (void)state;
    s2s_err err = {0};
    s2s_writer *writer = (s2s_writer *)&err;
    assert_int_equal(s2s_writer_open(&writer, scratch("missing/file"), &err), S2S_IO);
    assert_null(writer);
    assert_non_null(strstr(err.message, "No such file"));
    assert_int_equal(s2s_write_file(scratch("."), "a", 1, &err), S2S_IO);
    assert_non_null(strstr(err.message, "Is a directory"));
    assert_int_equal(s2s_write_file("", "a", 1, &err), S2S_IO);
}

/* --- maps --- */

static void maps_a_file(void **state) {
    (void)state;
    s2s_map map;
    char *data = big_block();
    assert_int_equal(s2s_map_open(&map, scratch_put("mapped", data, BIG), NULL), S2S_OK);
    assert_int_equal(map.size, BIG);
    assert_memory_equal(map.data, data, BIG);
    s2s_map_close(&map);
    assert_null(map.data);
    s2s_map_close(&map);
    free(data);
}

static void maps_an_empty_file(void **state) {
    (void)state;
    s2s_map map;
    assert_int_equal(s2s_map_open(&map, scratch_put("empty", "", 0), NULL), S2S_OK);
    assert_null(map.data);
    assert_int_equal(map.size, 0);
    s2s_map_close(&map);
}

static void refuses_to_map_what_is_no_file(void **state) {
    (void)state;
    s2s_err err = {0};
    s2s_map map;
    assert_int_equal(s2s_map_open(&map, scratch("missing"), &err), S2S_IO);
    assert_null(map.data);
    assert_int_equal(s2s_map_open(&map, scratch("."), &err), S2S_IO);
    assert_non_null(strstr(err.message, "folder"));
    assert_int_equal(mkfifo(scratch("fifo"), 0600), 0);
    assert_int_equal(s2s_map_open(&map, scratch("fifo"), &err), S2S_IO);
    assert_non_null(strstr(err.message, "pipe"));
}

/* --- paths --- */

static void makes_folders(void **state) {
    (void)state;
    s2s_err err = {0};
    assert_int_equal(s2s_make_folders(scratch("a/b//c/"), &err), S2S_OK);
    assert_int_equal(s2s_make_folders(scratch("a/b/c"), &err), S2S_OK);
    assert_true(s2s_file_exists(scratch("a/b/c")));
    scratch_put_text("a/file", "");
    assert_int_equal(s2s_make_folders(scratch("a/file"), &err), S2S_IO);
    assert_non_null(strstr(err.message, strerror(ENOTDIR)));
    assert_int_equal(s2s_make_folders(scratch("a/file/b"), &err), S2S_IO);
    assert_non_null(strstr(err.message, "a/file"));
    assert_int_equal(s2s_make_folders("", &err), S2S_IO);
    assert_int_equal(s2s_make_folders("/", &err), S2S_OK);
    assert_int_equal(s2s_make_folders(".", &err), S2S_OK);
}

/* Also against a process that was killed: the lock goes with it. */
static void a_folder_is_locked_once(void **state) {
    (void)state;
    s2s_err err = {0};
    int mine, other;
    assert_int_equal(s2s_make_folders(scratch("locked"), &err), S2S_OK);
    assert_int_equal(s2s_folder_lock(&mine, scratch("locked"), &err), S2S_OK);
    assert_int_equal(s2s_folder_lock(&other, scratch("locked"), &err), S2S_IO);
    assert_int_equal(other, -1);
    assert_non_null(strstr(err.message, "locked: another process"));
    s2s_folder_unlock(mine);
    pid_t child = fork();
    if (child == 0) _exit(s2s_folder_lock(&other, scratch("locked"), NULL) == S2S_OK ? 0 : 1);
    int ended = 1;
    assert_int_equal(waitpid(child, &ended, 0), child);
    assert_int_equal(ended, 0);
    assert_int_equal(s2s_folder_lock(&mine, scratch("locked"), &err), S2S_OK);
    s2s_folder_unlock(mine);
    assert_int_equal(s2s_folder_lock(&mine, scratch("no/folder"), &err), S2S_IO);
    s2s_folder_unlock(mine);
}

static void joins_paths(void **state) {
    (void)state;
    s2s_arena arena = {0};
    assert_string_equal(s2s_path_join(&arena, "a", "b", NULL), "a/b");
    assert_string_equal(s2s_path_join(&arena, "a/", "b/c", NULL), "a/b/c");
    assert_string_equal(s2s_path_join(&arena, "/", "b", NULL), "/b");
    assert_string_equal(s2s_path_join(&arena, "a", "/b", NULL), "/b");
    assert_string_equal(s2s_path_join(&arena, "", "b", NULL), "b");
    s2s_arena_release(&arena);
}

/* --- digests --- */

/* From xxhsum -H2 0.8.1. */
static void digest_is_what_xxhsum_prints(void **state) {
    (void)state;
    char digest[33];
    assert_int_equal(s2s_file_digest(scratch_put("d0", "", 0), digest, NULL), S2S_OK);
    assert_string_equal(digest, "99aa06d3014798d86001c324468d497f");
    assert_int_equal(s2s_file_digest(scratch_put_text("d1", "hello world\n"), digest, NULL),
                     S2S_OK);
    assert_string_equal(digest, "eefac9d87100cd1336b2e733a5484425");
}

static void digest_of_a_large_file(void **state) {
    (void)state;
    char digest[33], expected[33];
    char *data = big_block();
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits(data, BIG));
    for (int i = 0; i < 16; i++) snprintf(expected + 2 * i, 3, "%02x", canonical.digest[i]);
    assert_int_equal(s2s_file_digest(scratch_put("d2", data, BIG), digest, NULL), S2S_OK);
    assert_string_equal(digest, expected);
    free(data);
}

static void digest_of_what_cannot_be_read(void **state) {
    (void)state;
    s2s_err err = {0};
    char digest[33];
    assert_int_equal(s2s_file_digest(scratch("missing"), digest, &err), S2S_IO);
    assert_non_null(strstr(err.message, "missing"));
    assert_int_equal(s2s_file_digest(scratch("."), digest, &err), S2S_IO);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_a_new_file),
        cmocka_unit_test(mode_follows_the_umask),
        cmocka_unit_test(keeps_the_mode_of_the_old_file),
        cmocka_unit_test(pieces_of_any_size_arrive_in_order),
        cmocka_unit_test(nobody_sees_half_a_file),
        cmocka_unit_test(two_writers_of_one_file_do_not_mix),
        cmocka_unit_test(a_link_stays_a_link),
        cmocka_unit_test(the_longest_name_works),
        cmocka_unit_test(works_in_the_working_folder),
        cmocka_unit_test(a_full_disk_leaves_the_old_file),
        cmocka_unit_test(a_full_disk_at_commit_leaves_the_old_file),
        cmocka_unit_test(a_device_is_written_to_and_not_replaced),
        cmocka_unit_test(a_killed_process_leaves_the_old_file),
        cmocka_unit_test(an_unwritable_folder_is_an_error),
        cmocka_unit_test(a_write_protected_file_is_an_error),
        cmocka_unit_test(impossible_targets_are_errors),
        cmocka_unit_test(maps_a_file),
        cmocka_unit_test(maps_an_empty_file),
        cmocka_unit_test(refuses_to_map_what_is_no_file),
        cmocka_unit_test(makes_folders),
        cmocka_unit_test(a_folder_is_locked_once),
        cmocka_unit_test(joins_paths),
        cmocka_unit_test(digest_is_what_xxhsum_prints),
        cmocka_unit_test(digest_of_a_large_file),
        cmocka_unit_test(digest_of_what_cannot_be_read),
    };
    return cmocka_run_group_tests(tests, scratch_set_up, scratch_tear_down);
}
