/* See output.h. */
#include "cli/output.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/file.h"

enum { CHUNK = 1 << 16, GZIP_WINDOW = 15 + 16 /* zlib: add 16 for gzip's frame */ };

struct s2s_output {
    s2s_writer *file; /* NULL: standard output */
    bool gzip, live;  /* live: somebody may be waiting for each result */
    s2s_buf pending;  /* for standard output */
    z_stream stream;
    unsigned char packed[CHUNK];
};

static bool ends_with(const char *text, const char *end) {
    size_t length = strlen(text), tail = strlen(end);
    return length > tail && strcmp(text + length - tail, end) == 0;
}

static bool is_live(int descriptor) {
    struct stat found;
    return fstat(descriptor, &found) == 0 && !S_ISREG(found.st_mode);
}

static s2s_status begin_gzip(s2s_output *output, s2s_err *err) {
    if (deflateInit2(&output->stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, GZIP_WINDOW, 8,
                     Z_DEFAULT_STRATEGY) != Z_OK)
        return s2s_fail_memory(err, CHUNK);
    output->gzip = true;
    return S2S_OK;
}

s2s_status s2s_output_open(s2s_output **opened, const char *path, s2s_err *err) {
    *opened = NULL;
    s2s_output *output = calloc(1, sizeof *output);
    if (!output) return s2s_fail_memory(err, sizeof *output);
    s2s_status status = S2S_OK;
    if (strcmp(path, "-") == 0) {
        output->live = is_live(STDOUT_FILENO);
    } else {
        status = s2s_writer_open(&output->file, path, err);
        if (status == S2S_OK && ends_with(path, ".gz")) status = begin_gzip(output, err);
    }
    if (status == S2S_OK)
        *opened = output;
    else
        s2s_output_finish(output, status, err);
    return status;
}

static s2s_status flush_standard(s2s_output *output, s2s_err *err) {
    const char *data = output->pending.data;
    size_t size = output->pending.size;
    output->pending.size = 0;
    while (size) {
        ssize_t n = write(STDOUT_FILENO, data, size);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0 && errno == EPIPE)
            return s2s_fail(err, S2S_IO,
                            "cannot write standard output: its reader has closed the pipe");
        if (n < 0 && errno == EBADF)
            return s2s_fail(err, S2S_IO, "cannot write standard output: it is closed");
        if (n < 0) return s2s_fail_errno(err, "write", "standard output");
        data += n;
        size -= (size_t)n;
    }
    return S2S_OK;
}

/* Compresses `size` bytes; `flush` is Z_FINISH at the end. */
static s2s_status write_gzip(s2s_output *output, const void *data, size_t size, int flush,
                             s2s_err *err) {
    z_stream *z = &output->stream;
    do { /* zlib counts in unsigned int */
        size_t part = size < CHUNK ? size : CHUNK;
        z->next_in = (Bytef *)(size_t)data;
        z->avail_in = (uInt)part;
        size -= part;
        data = (const char *)data + part;
        do {
            z->next_out = output->packed;
            z->avail_out = CHUNK;
            deflate(z, size ? Z_NO_FLUSH : flush);
            S2S_TRY(s2s_writer_write(output->file, output->packed, CHUNK - z->avail_out, err));
        } while (z->avail_out == 0);
    } while (size);
    return S2S_OK;
}

s2s_status s2s_output_write(s2s_output *output, const void *data, size_t size, s2s_err *err) {
    if (output->gzip) return size ? write_gzip(output, data, size, Z_NO_FLUSH, err) : S2S_OK;
    if (output->file) return s2s_writer_write(output->file, data, size, err);
    S2S_TRY(s2s_buf_append(&output->pending, data, size, err));
    return output->pending.size < CHUNK ? S2S_OK : flush_standard(output, err);
}

s2s_status s2s_output_printf(s2s_output *output, s2s_err *err, const char *format, ...) {
    s2s_buf text = {0};
    va_list args;
    va_start(args, format);
    s2s_status status = s2s_buf_vprintf(&text, err, format, args);
    va_end(args);
    if (status == S2S_OK) status = s2s_output_write(output, text.data, text.size, err);
    s2s_buf_release(&text);
    return status;
}

s2s_status s2s_output_text(s2s_output *output, const char *text, size_t size, bool columns,
                           s2s_err *err) {
    while (size) {
        size_t clean = 0;
        while (clean < size && text[clean] != '\n' && !(columns && text[clean] == '\t')) clean++;
        S2S_TRY(s2s_output_write(output, text, clean, err));
        if (clean == size) break;
        S2S_TRY(s2s_output_write(output, " ", 1, err));
        text += clean + 1;
        size -= clean + 1;
    }
    return S2S_OK;
}

s2s_status s2s_output_piece(s2s_output *output, const char *piece, s2s_err *err) {
    for (; *piece; piece++) {
        if ((unsigned char)*piece > ' ')
            S2S_TRY(s2s_output_write(output, piece, 1, err));
        else
            S2S_TRY(s2s_output_printf(output, err, "<0x%02X>", (unsigned char)*piece));
    }
    return S2S_OK;
}

s2s_status s2s_output_json(s2s_output *output, json_t *value, int pretty, s2s_err *err) {
    size_t flags = (pretty ? JSON_INDENT(2) : JSON_COMPACT) | JSON_REAL_PRECISION(15);
    char *text = value ? json_dumps(value, flags) : NULL;
    json_decref(value);
    if (!text) return s2s_fail_memory(err, CHUNK);
    s2s_status status = s2s_output_write(output, text, strlen(text), err);
    free(text);
    if (status == S2S_OK) status = s2s_output_write(output, "\n", 1, err);
    return status;
}

s2s_status s2s_output_ready(s2s_output *output, s2s_err *err) {
    return output->live ? flush_standard(output, err) : S2S_OK;
}

s2s_status s2s_output_finish(s2s_output *output, s2s_status status, s2s_err *err) {
    if (!output) return status;
    if (status == S2S_OK && output->gzip) status = write_gzip(output, "", 0, Z_FINISH, err);
    if (output->gzip) deflateEnd(&output->stream);
    if (!output->file && status == S2S_OK)
        status = flush_standard(output, err);
    else if (!output->file)
        (void)flush_standard(output, NULL); /* what failed first is what is told */
    else if (status == S2S_OK)
        status = s2s_writer_commit(output->file, err);
    else
        s2s_writer_abort(output->file);
    s2s_buf_release(&output->pending);
    free(output);
    return status;
}
