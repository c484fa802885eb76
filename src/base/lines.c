/* Lines of text from a file or standard input, gzipped or not, and the check for UTF-8.
 *
 * The bytes that were read and not yet given out lie in `window.data[begin .. end)`. A line is
 * given out as a pointer into it, so a line is copied only when it straddles the end of what was
 * read. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include "base/file.h"
#include "base/interrupt.h"

enum { READ_BYTES = 1 << 17, LONGEST_LINE = 256 << 20 };

typedef enum { UNKNOWN, PLAIN, GZIP } format;

struct s2s_lines {
    char *path;
    int fd;
    bool own; /* the file is closed at the end; standard input is not */
    format format;
    bool ended;    /* nothing comes after the window */
    z_stream gzip; /* next_in, avail_in: what was read of the file, also when it is plain */
    bool inside;   /* a gzip member has begun and not ended */
    unsigned char input[READ_BYTES];
    s2s_buf window;
    size_t begin, end;
    uint64_t number;
};

s2s_status s2s_lines_open(s2s_lines **lines, const char *path, s2s_err *err) {
    bool standard_input = strcmp(path, "-") == 0;
    *lines = NULL;
    s2s_lines *made = calloc(1, sizeof *made);
    char *name = strdup(standard_input ? "standard input" : path);
    if (!made || !name) {
        free(made);
        free(name);
        return s2s_fail_memory(err, sizeof *made);
    }
    made->path = name;
    made->own = !standard_input;
    made->fd = standard_input ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
    if (made->fd < 0) {
        s2s_status status = s2s_fail_errno(err, "open", path);
        s2s_lines_close(made);
        return status;
    }
    *lines = made;
    return S2S_OK;
}

void s2s_lines_close(s2s_lines *lines) {
    if (!lines) return;
    if (lines->format == GZIP) inflateEnd(&lines->gzip);
    if (lines->own && lines->fd >= 0) close(lines->fd);
    s2s_buf_release(&lines->window);
    free(lines->path);
    free(lines);
}

uint64_t s2s_lines_number(const s2s_lines *lines) {
    return lines->number;
}

const char *s2s_lines_path(const s2s_lines *lines) {
    return lines->path;
}

/* --- bytes --- */

static s2s_status fail_interrupted(const s2s_lines *lines, s2s_err *err) {
    return s2s_fail(err, S2S_INTERRUPTED, "interrupted while reading %s", lines->path);
}

/* Until there is something to read. A signal may come to another thread than this one, so that only the
 * flag tells of it. */
static s2s_status await_input(const s2s_lines *lines, s2s_err *err) {
    enum { LOOK_UP = 200 }; /* milliseconds */
    struct pollfd input = {.fd = lines->fd, .events = POLLIN};
    for (;;) {
        int ready = poll(&input, 1, LOOK_UP);
        if (ready > 0 || (ready < 0 && errno != EINTR))
            return S2S_OK; /* read tells what is wrong */
        if (s2s_interrupted()) return fail_interrupted(lines, err);
    }
}

/* Up to `room` bytes; *got 0 only at the end of the file. */
static s2s_status read_bytes(s2s_lines *lines, void *to, size_t room, size_t *got, s2s_err *err) {
    for (;;) {
        S2S_TRY(await_input(lines, err));
        ssize_t n = read(lines->fd, to, room);
        if (n >= 0) {
            *got = (size_t)n;
            return S2S_OK;
        }
        if (errno == EBADF && !lines->own)
            return s2s_fail(err, S2S_IO, "cannot read %s: it is closed", lines->path);
        if (errno != EINTR) return s2s_fail_errno(err, "read", lines->path);
        if (s2s_interrupted()) return fail_interrupted(lines, err);
    }
}

static s2s_status refill_input(s2s_lines *lines, s2s_err *err) {
    size_t got = 0;
    S2S_TRY(read_bytes(lines, lines->input, sizeof lines->input, &got, err));
    lines->gzip.next_in = lines->input;
    lines->gzip.avail_in = (uInt)got;
    return S2S_OK;
}

enum { GZIP_1 = 0x1f, GZIP_2 = 0x8b }; /* how gzip begins */

/* A pipe may bring one byte at a time; the second is waited for only where the first leaves it open, because
 * who wrote an empty line may be waiting for the answer to it. */
static s2s_status find_format(s2s_lines *lines, s2s_err *err) {
    size_t have = 0, got = 1;
    while (got && (have == 0 || (have == 1 && lines->input[0] == GZIP_1))) {
        S2S_TRY(read_bytes(lines, lines->input + have, sizeof lines->input - have, &got, err));
        have += got;
    }
    lines->gzip.next_in = lines->input;
    lines->gzip.avail_in = (uInt)have;
    lines->format = PLAIN;
    if (have < 2 || lines->input[0] != GZIP_1 || lines->input[1] != GZIP_2) return S2S_OK;
    if (inflateInit2(&lines->gzip, 15 + 16) != Z_OK) /* the largest window; a gzip header */
        return s2s_fail_memory(err, 1 << 16);
    lines->format = GZIP;
    lines->inside = true;
    return S2S_OK;
}

/* What was read while the format was looked for comes first, then the file itself. */
static s2s_status fill_plain(s2s_lines *lines, char *to, size_t room, size_t *got, s2s_err *err) {
    if (!lines->gzip.avail_in) return read_bytes(lines, to, room, got, err);
    *got = lines->gzip.avail_in < room ? lines->gzip.avail_in : room;
    memcpy(to, lines->gzip.next_in, *got);
    lines->gzip.next_in += *got;
    lines->gzip.avail_in -= (uInt)*got;
    return S2S_OK;
}

static s2s_status gzip_damaged(s2s_lines *lines, const char *reason, s2s_err *err) {
    return s2s_fail(err, S2S_INPUT,
                    "%s is a damaged gzip file (%s, after line %llu); test it with `gzip -t` and "
                    "fetch it again",
                    lines->path, reason, (unsigned long long)lines->number);
}

/* Between two members: padding of NUL bytes is passed over (tapes have it); anything else must be
 * the next member. Guessing that it is harmless, as gzip does, would lose text when a header is
 * damaged. */
static s2s_status begin_member(s2s_lines *lines, bool *begun, s2s_err *err) {
    z_stream *gzip = &lines->gzip;
    *begun = false;
    for (;;) {
        while (gzip->avail_in && *gzip->next_in == 0) gzip->next_in++, gzip->avail_in--;
        if (gzip->avail_in) break;
        S2S_TRY(refill_input(lines, err));
        if (!gzip->avail_in) return S2S_OK;
    }
    inflateReset(gzip);
    lines->inside = *begun = true;
    return S2S_OK;
}

static s2s_status fill_gzip(s2s_lines *lines, char *to, size_t room, size_t *got, s2s_err *err) {
    z_stream *gzip = &lines->gzip;
    gzip->next_out = (unsigned char *)to;
    gzip->avail_out = (uInt)room;
    *got = 0;
    while (gzip->avail_out == room) {
        bool begun = lines->inside;
        if (!begun) S2S_TRY(begin_member(lines, &begun, err));
        if (!begun) return S2S_OK; /* the end */
        if (!gzip->avail_in) S2S_TRY(refill_input(lines, err));
        if (!gzip->avail_in) return gzip_damaged(lines, "it ends too early", err);
        int code = inflate(gzip, Z_NO_FLUSH);
        if (code == Z_STREAM_END)
            lines->inside = false;
        else if (code == Z_MEM_ERROR)
            return s2s_fail_memory(err, 1 << 16);
        else if (code != Z_OK && code != Z_BUF_ERROR)
            return gzip_damaged(lines, gzip->msg ? gzip->msg : "not a gzip stream", err);
    }
    *got = room - gzip->avail_out;
    return S2S_OK;
}

/* More bytes at the end of the window. */
static s2s_status fill_window(s2s_lines *lines, s2s_err *err) {
    if (lines->format == UNKNOWN) S2S_TRY(find_format(lines, err));
    size_t rest = lines->end - lines->begin;
    if (lines->begin) memmove(lines->window.data, lines->window.data + lines->begin, rest);
    lines->begin = 0;
    lines->end = rest;
    if (rest > LONGEST_LINE)
        return s2s_fail(err, S2S_INPUT,
                        "%s:%llu: the line is longer than %d MiB; is this a text file?",
                        lines->path, (unsigned long long)lines->number + 1, LONGEST_LINE >> 20);
    S2S_TRY(s2s_buf_reserve(&lines->window, rest + READ_BYTES, err));
    size_t got = 0;
    S2S_TRY((lines->format == GZIP ? fill_gzip : fill_plain)(lines, lines->window.data + rest,
                                                             READ_BYTES, &got, err));
    lines->end += got;
    lines->ended = got == 0;
    return S2S_OK;
}

/* --- lines --- */

/* Where the line at `begin` ends: at its LF, or at the end of the file. */
static s2s_status find_end(s2s_lines *lines, size_t *end, bool *has_lf, s2s_err *err) {
    size_t searched = 0; /* from `begin`, which moves when the window is filled */
    for (;;) {
        size_t rest = lines->end - lines->begin;
        const char *start = rest ? lines->window.data + lines->begin : NULL;
        const char *lf = rest > searched ? memchr(start + searched, '\n', rest - searched) : NULL;
        *has_lf = lf != NULL;
        *end = lf ? (size_t)(lf - lines->window.data) : lines->end;
        if (lf || lines->ended) return S2S_OK;
        searched = rest;
        S2S_TRY(fill_window(lines, err));
    }
}

static size_t byte_order_mark(const char *text, size_t length) {
    return length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}

s2s_status s2s_lines_next(s2s_lines *lines, const char **line, size_t *length, bool *more,
                          s2s_err *err) {
    size_t end;
    bool has_lf;
    *more = false;
    S2S_TRY(find_end(lines, &end, &has_lf, err));
    if (!lines->window.data) return S2S_OK;
    char *text = lines->window.data + lines->begin;
    size_t size = end - lines->begin;
    lines->begin = has_lf ? end + 1 : end;
    if (lines->number == 0) {
        size_t mark = byte_order_mark(text, size);
        text += mark;
        size -= mark;
    }
    if (!has_lf && size == 0) return S2S_OK;
    if (has_lf && size && text[size - 1] == '\r') size--;
    text[size] = '\0'; /* in place of the line's end, or in the spare byte of the window */
    lines->number++;
    *line = text;
    *length = size;
    *more = true;
    return S2S_OK;
}

/* --- UTF-8 (Unicode standard, table 3-7) --- */

static bool continues(unsigned char byte) {
    return (byte & 0xc0) == 0x80;
}

/* Length of the valid sequence at `at`, which has `left` bytes; 0 when it is none. */
static size_t sequence_length(const unsigned char *at, size_t left) {
    unsigned char first = at[0];
    if (first < 0x80) return first != 0;
    size_t length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (!length || left < length) return 0;
    /* The second byte rules out overlong forms, surrogates and what lies above U+10FFFF. */
    unsigned char low = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    unsigned char high = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (at[1] < low || at[1] > high) return 0;
    for (size_t i = 2; i < length; i++)
        if (!continues(at[i])) return 0;
    return length;
}

/* Whether eight bytes are all ASCII and none is NUL. */
static bool eight_plain(const unsigned char *at) {
    uint64_t word;
    memcpy(&word, at, sizeof word);
    return ((word | (word - 0x0101010101010101u)) & 0x8080808080808080u) == 0;
}

ptrdiff_t s2s_utf8_check(const char *text, size_t length) {
    const unsigned char *bytes = (const unsigned char *)text;
    size_t at = 0;
    while (at < length) {
        if (length - at >= 8 && eight_plain(bytes + at)) {
            at += 8;
            continue;
        }
        size_t step = sequence_length(bytes + at, length - at);
        if (!step) return (ptrdiff_t)at;
        at += step;
    }
    return -1;
}
