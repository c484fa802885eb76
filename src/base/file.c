/* Files as a whole: atomic writes, mapped files, paths, digests. Lines are in lines.c. */
#define _GNU_SOURCE /* realpath, flock, madvise */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

/* --- atomic write --- */

enum { WRITE_BYTES = 1 << 16 };

struct s2s_writer {
    char *path;      /* as the caller named it, for messages */
    char *target;    /* with symbolic links followed */
    char *temporary; /* NULL: the target is no regular file and is written to directly */
    int fd;
    size_t used;
    unsigned char buffer[WRITE_BYTES];
};

static void writer_free(s2s_writer *writer) {
    if (writer->fd >= 0) close(writer->fd);
    free(writer->path);
    free(writer->target);
    free(writer->temporary);
    free(writer);
}

void s2s_writer_abort(s2s_writer *writer) {
    if (!writer) return;
    if (writer->temporary && writer->fd >= 0) unlink(writer->temporary);
    writer_free(writer);
}

/* The length of the part before the last slash, the slash included; 0: the working folder. */
static size_t folder_length(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path) + 1 : 0;
}

/* Opens a file beside the target that nobody else has. Its name does not hold the target's, which
 * may be as long as a name can be. open and not mkstemp, so that the mode follows the umask. */
static s2s_status open_temporary(s2s_writer *writer, s2s_err *err) {
    static atomic_uint counter;
    size_t folder = folder_length(writer->target), room = folder + 64;
    writer->temporary = malloc(room);
    if (!writer->temporary) return s2s_fail_memory(err, room);
    do {
        snprintf(writer->temporary, room, "%.*s.s2s-%ld-%u.tmp", (int)folder, writer->target,
                 (long)getpid(), atomic_fetch_add(&counter, 1));
        writer->fd = open(writer->temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    } while (writer->fd < 0 &&
             errno == EEXIST); /* left by a process of the same id that was killed */
    return writer->fd < 0 ? s2s_fail_errno(err, "create", writer->path) : S2S_OK;
}

static s2s_status open_existing(s2s_writer *writer, const struct stat *old, s2s_err *err) {
    if (S_ISDIR(old->st_mode)) {
        errno = EISDIR;
        return s2s_fail_errno(err, "write", writer->path);
    }
    if (!S_ISREG(old->st_mode)) {
        writer->fd = open(writer->target, O_WRONLY | O_CLOEXEC);
        return writer->fd < 0 ? s2s_fail_errno(err, "open", writer->path) : S2S_OK;
    }
    /* Asked because rename would pass over a file that is write-protected. */
    if (faccessat(AT_FDCWD, writer->target, W_OK, AT_EACCESS) != 0)
        return s2s_fail_errno(err, "write", writer->path);
    S2S_TRY(open_temporary(writer, err));
    if (fchmod(writer->fd, old->st_mode & 07777) != 0)
        return s2s_fail_errno(err, "set the mode of", writer->path);
    return S2S_OK;
}

s2s_status s2s_writer_open(s2s_writer **writer, const char *path, s2s_err *err) {
    *writer = NULL;
    s2s_writer *made = calloc(1, sizeof *made);
    if (!made) return s2s_fail_memory(err, sizeof *made);
    made->fd = -1;
    made->path = strdup(path);
    struct stat old;
    bool exists = stat(path, &old) == 0;
    made->target = exists ? realpath(path, NULL) : strdup(path);
    s2s_status status;
    if (!made->path || !made->target)
        status = s2s_fail_memory(err, strlen(path));
    else
        status = exists ? open_existing(made, &old, err) : open_temporary(made, err);
    if (status != S2S_OK)
        s2s_writer_abort(made);
    else
        *writer = made;
    return status;
}

const char *s2s_writer_path(const s2s_writer *writer) {
    return writer->path;
}

static s2s_status write_all(s2s_writer *writer, const unsigned char *data, size_t size,
                            s2s_err *err) {
    while (size) {
        ssize_t n = write(writer->fd, data, size);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return s2s_fail_errno(err, "write", writer->path);
        data += n;
        size -= (size_t)n;
    }
    return S2S_OK;
}

static s2s_status flush(s2s_writer *writer, s2s_err *err) {
    size_t size = writer->used;
    writer->used = 0;
    return write_all(writer, writer->buffer, size, err);
}

s2s_status s2s_writer_write(s2s_writer *writer, const void *data, size_t size, s2s_err *err) {
    if (size > WRITE_BYTES - writer->used) S2S_TRY(flush(writer, err));
    if (size >= WRITE_BYTES) return write_all(writer, data, size, err);
    if (size) memcpy(writer->buffer + writer->used, data, size);
    writer->used += size;
    return S2S_OK;
}

/* A rename lasts through a power cut once its folder is on the disk. A folder that cannot be opened
 * or synchronised (some network file systems) is no failure: the file is in place. */
static void sync_folder(const char *path) {
    size_t length = folder_length(path);
    char *folder = length ? strndup(path, length) : strdup(".");
    int fd = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
    free(folder);
}

s2s_status s2s_writer_sync(s2s_writer *writer, s2s_err *err) {
    S2S_TRY(flush(writer, err));
    if (!writer->temporary) return S2S_OK; /* a pipe or a device, which cannot */
    return fsync(writer->fd) ? s2s_fail_errno(err, "write", writer->path) : S2S_OK;
}

static s2s_status put_in_place(s2s_writer *writer, s2s_err *err) {
    if (rename(writer->temporary, writer->target) != 0)
        return s2s_fail_errno(err, "replace", writer->path);
    sync_folder(writer->target);
    return S2S_OK;
}

s2s_status s2s_writer_commit(s2s_writer *writer, s2s_err *err) {
    s2s_status status = s2s_writer_sync(writer, err);
    if (status == S2S_OK && writer->temporary) status = put_in_place(writer, err);
    if (status == S2S_OK)
        writer_free(writer);
    else
        s2s_writer_abort(writer);
    return status;
}

s2s_status s2s_write_file(const char *path, const void *data, size_t size, s2s_err *err) {
    s2s_writer *writer;
    S2S_TRY(s2s_writer_open(&writer, path, err));
    s2s_status status = s2s_writer_write(writer, data, size, err);
    if (status == S2S_OK) return s2s_writer_commit(writer, err);
    s2s_writer_abort(writer);
    return status;
}

/* --- locks --- */

s2s_status s2s_folder_lock(int *lock, const char *path, s2s_err *err) {
    *lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*lock < 0) return s2s_fail_errno(err, "open folder", path);
    if (flock(*lock, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK) return S2S_OK;
    s2s_folder_unlock(*lock);
    *lock = -1;
    return s2s_fail(err, S2S_IO,
                    "%s: another process is at work in this folder; wait for its end, stop it, or "
                    "choose another folder",
                    path);
}

void s2s_folder_unlock(int lock) {
    if (lock >= 0) close(lock);
}

/* --- mapped files --- */

static s2s_status map_descriptor(s2s_map *map, int fd, const char *path, s2s_err *err) {
    struct stat found;
    if (fstat(fd, &found) != 0) return s2s_fail_errno(err, "read", path);
    if (!S_ISREG(found.st_mode))
        return s2s_fail(err, S2S_IO, "cannot read %s: a regular file is needed here, not a %s",
                        path, S_ISDIR(found.st_mode) ? "folder" : "pipe or device");
    if (found.st_size == 0) return S2S_OK; /* mmap refuses an empty range */
    void *data = mmap(NULL, (size_t)found.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (data == MAP_FAILED) return s2s_fail_errno(err, "map", path);
    *map = (s2s_map){.data = data, .size = (size_t)found.st_size};
    return S2S_OK;
}

s2s_status s2s_map_open(s2s_map *map, const char *path, s2s_err *err) {
    *map = (s2s_map){0};
    int fd =
        open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC); /* a pipe must be refused, not waited for */
    if (fd < 0) return s2s_fail_errno(err, "open", path);
    s2s_status status = map_descriptor(map, fd, path, err);
    close(fd);
    return status;
}

void s2s_map_close(s2s_map *map) {
    if (map->data) munmap((void *)map->data, map->size);
    *map = (s2s_map){0};
}

void s2s_map_forget(const void *data, size_t size) {
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE), begin = (uintptr_t)data;
    uintptr_t first = (begin + page - 1) / page * page, end = (begin + size) / page * page;
    if (first < end) madvise((void *)first, end - first, MADV_DONTNEED);
}

s2s_status s2s_writer_copy(s2s_writer *writer, const char *from, s2s_err *err) {
    s2s_map map;
    S2S_TRY(s2s_map_open(&map, from, err));
    s2s_status status = s2s_writer_write(writer, map.data, map.size, err);
    s2s_map_close(&map);
    return status;
}

s2s_status s2s_copy_file(const char *from, const char *to, s2s_err *err) {
    s2s_writer *writer;
    S2S_TRY(s2s_writer_open(&writer, to, err));
    s2s_status status = s2s_writer_copy(writer, from, err);
    if (status == S2S_OK) return s2s_writer_commit(writer, err);
    s2s_writer_abort(writer);
    return status;
}

/* --- paths --- */

static bool is_folder(const char *path) {
    struct stat found;
    return stat(path, &found) == 0 && S_ISDIR(found.st_mode);
}

bool s2s_same_file(const char *a, const char *b) {
    struct stat x, y;
    return stat(a, &x) == 0 && stat(b, &y) == 0 && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

static s2s_status make_folder(const char *path, s2s_err *err) {
    if (is_folder(path) || mkdir(path, 0777) == 0) return S2S_OK;
    if (errno == EEXIST && is_folder(path)) return S2S_OK; /* another process was faster */
    if (errno == EEXIST) errno = ENOTDIR; /* "exists" would tell what is in the way, not why */
    return s2s_fail_errno(err, "make folder", path);
}

s2s_status s2s_make_folders(const char *path, s2s_err *err) {
    char *prefix = strdup(path);
    if (!prefix) return s2s_fail_memory(err, strlen(path));
    s2s_status status = S2S_OK;
    for (size_t i = 1; status == S2S_OK && path[0] && path[i]; i++) {
        if (path[i] != '/' || path[i - 1] == '/') continue;
        prefix[i] = '\0';
        status = make_folder(prefix, err);
        prefix[i] = '/';
    }
    if (status == S2S_OK) status = make_folder(path, err);
    free(prefix);
    return status;
}

bool s2s_file_exists(const char *path) {
    return access(path, F_OK) == 0;
}

char *s2s_path_join(s2s_arena *arena, const char *folder, const char *name, s2s_err *err) {
    size_t before = strlen(folder), after = strlen(name);
    if (name[0] == '/' || before == 0) return s2s_arena_strndup(arena, name, after, err);
    bool slash = folder[before - 1] != '/';
    char *path = s2s_arena_alloc(arena, before + slash + after + 1, err);
    if (path) snprintf(path, before + slash + after + 1, "%s%s%s", folder, slash ? "/" : "", name);
    return path;
}

/* --- digest --- */

static s2s_status hash_descriptor(XXH3_state_t *state, int fd, const char *path, s2s_err *err) {
    enum { CHUNK = 1 << 18 };
    unsigned char *chunk = malloc(CHUNK);
    if (!chunk) return s2s_fail_memory(err, CHUNK);
    s2s_status status = S2S_OK;
    XXH3_128bits_reset(state);
    for (;;) {
        ssize_t n = read(fd, chunk, CHUNK);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) status = s2s_fail_errno(err, "read", path);
        if (n <= 0) break;
        XXH3_128bits_update(state, chunk, (size_t)n);
    }
    free(chunk);
    return status;
}

static void write_digest(XXH128_hash_t hash, char digest[33]) {
    snprintf(digest, 33, "%016llx%016llx", (unsigned long long)hash.high64,
             (unsigned long long)hash.low64);
}

void s2s_digest(const void *data, size_t size, char digest[33]) {
    write_digest(XXH3_128bits(data, size), digest);
}

s2s_status s2s_file_digest(const char *path, char digest[33], s2s_err *err) {
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return s2s_fail_errno(err, "open", path);
    XXH3_state_t *state = XXH3_createState();
    s2s_status status = state ? hash_descriptor(state, fd, path, err) : s2s_fail_memory(err, 1024);
    if (status == S2S_OK) write_digest(XXH3_128bits_digest(state), digest);
    XXH3_freeState(state);
    close(fd);
    return status;
}
