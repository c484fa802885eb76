/* Files: atomic writes, mapped files, and lines of plain or gzipped text. */
#ifndef S2S_BASE_FILE_H
#define S2S_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/memory.h"

/* --- atomic write: a temporary file beside the target, fsync, rename. Nobody ever sees half a
 * file. ---
 *
 * A symbolic link stays, and what it points to is replaced. A target that is no regular file (a
 * pipe, /dev/stdout) cannot be replaced and is written to as the bytes come. */

typedef struct s2s_writer s2s_writer;

s2s_status s2s_writer_open(s2s_writer **writer, const char *path, s2s_err *err);
s2s_status s2s_writer_write(s2s_writer *writer, const void *data, size_t size, s2s_err *err);
const char *s2s_writer_path(const s2s_writer *writer); /* as it was opened, for messages */
/* Puts all bytes on the disk, still under the temporary name: several files that belong together are synchronised
 * before the first is committed, so that a full disk leaves all the old ones. */
s2s_status s2s_writer_sync(s2s_writer *writer, s2s_err *err);
/* Puts the file in place and frees the writer, also when it fails (then the old file is untouched).
 */
s2s_status s2s_writer_commit(s2s_writer *writer, s2s_err *err);
void s2s_writer_abort(s2s_writer *writer); /* removes the temporary file; NULL is fine */

/* The three above for a block that is there already. */
s2s_status s2s_write_file(const char *path, const void *data, size_t size, s2s_err *err);

/* Writes all that a file holds. */
s2s_status s2s_writer_copy(s2s_writer *writer, const char *from, s2s_err *err);

/* Whether two paths lead to one file or folder, which is there. */
bool s2s_same_file(const char *a, const char *b);
/* Copies a file, also onto itself: the copy takes the old one's name at the end. */
s2s_status s2s_copy_file(const char *from, const char *to, s2s_err *err);

/* --- a folder that one process at a time works in --- */

/* Keeps other processes' s2s_folder_lock from this folder until *lock is given back or the process
 * ends, however it ends. No file is left. Where a file system has no locks nothing is guarded. */
s2s_status s2s_folder_lock(int *lock, const char *path, s2s_err *err);
void s2s_folder_unlock(int lock); /* -1, of a lock that was not had, is fine */

/* --- mapped files, read only --- */

typedef struct s2s_map {
    const unsigned char *data; /* NULL when the file is empty */
    size_t size;
} s2s_map;

s2s_status s2s_map_open(s2s_map *map, const char *path, s2s_err *err);
void s2s_map_close(s2s_map *map);
/* Gives back the memory of all whole pages within `size` bytes of a map; the file has them still. */
void s2s_map_forget(const void *data, size_t size);

/* --- lines --- */

typedef struct s2s_lines s2s_lines;

/* Reads text line by line; "-" is standard input. Gzip is recognised by its first bytes. LF and
 * CRLF end a line, a last line without an end counts, a UTF-8 byte order mark at the start is
 * dropped. */
s2s_status s2s_lines_open(s2s_lines **lines, const char *path, s2s_err *err);
/* The next line without its end, followed by a NUL that `length` does not count; valid until the
 * next call; *more false at the end of the file. A truncated or damaged gzip file and a line above
 * 256 MiB are errors. The line may hold NUL bytes and invalid UTF-8: see s2s_utf8_check.
 * S2S_INTERRUPTED when a signal (see interrupt.h) ends the wait for input. */
s2s_status s2s_lines_next(s2s_lines *lines, const char **line, size_t *length, bool *more,
                          s2s_err *err);
uint64_t s2s_lines_number(const s2s_lines *lines);  /* of the line returned last; the first is 1 */
const char *s2s_lines_path(const s2s_lines *lines); /* for messages: "standard input" for "-" */
void s2s_lines_close(s2s_lines *lines);

/* The first byte of `text` that does not belong to valid UTF-8 (or is NUL), or -1 when all of it
 * is. */
ptrdiff_t s2s_utf8_check(const char *text, size_t length);

/* --- paths --- */

/* mkdir -p. */
s2s_status s2s_make_folders(const char *path, s2s_err *err);
bool s2s_file_exists(const char *path);
/* "folder/name" in the arena; `name` itself when it is absolute. */
char *s2s_path_join(s2s_arena *arena, const char *folder, const char *name, s2s_err *err);

/* XXH3 128 of a file's bytes, as 32 hexadecimal digits and a NUL: what `xxhsum -H2` prints. */
s2s_status s2s_file_digest(const char *path, char digest[33], s2s_err *err);
/* The same of a block. */
void s2s_digest(const void *data, size_t size, char digest[33]);

#endif
