/* See npy.h. */
#include "cli/npy.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

enum { HEADER = 128, BEFORE_LENGTH = 8, BEFORE_TEXT = 10 };

static s2s_status fail(s2s_err *err) {
    return s2s_fail(err, S2S_IO, "the temporary file of the rows: %s", strerror(errno));
}

s2s_status s2s_npy_open(s2s_npy *npy, int width, s2s_err *err) {
    *npy = (s2s_npy){.rows = tmpfile(), .width = width};
    return npy->rows ? S2S_OK : fail(err);
}

void s2s_npy_close(s2s_npy *npy) {
    if (npy->rows) fclose(npy->rows);
    *npy = (s2s_npy){0};
}

s2s_status s2s_npy_add(s2s_npy *npy, const float *row, s2s_err *err) {
    npy->n++;
    size_t width = (size_t)npy->width;
    return fwrite(row, sizeof *row, width, npy->rows) == width ? S2S_OK : fail(err);
}

/* Magic, version, the length of the text in two bytes, and a text that is filled up with blanks and ends with a line
 * feed. The machines that s2s is made for are little-endian. */
static s2s_status write_header(const s2s_npy *npy, s2s_output *output, s2s_err *err) {
    char header[HEADER + 1];
    memset(header, ' ', HEADER);
    memcpy(header, "\x93NUMPY\x01\x00", BEFORE_LENGTH);
    header[BEFORE_LENGTH] = HEADER - BEFORE_TEXT;
    header[BEFORE_LENGTH + 1] = 0;
    int length = snprintf(header + BEFORE_TEXT, HEADER + 1 - BEFORE_TEXT,
                          "{'descr': '<f4', 'fortran_order': False, 'shape': (%" PRIu64 ", %d), }",
                          npy->n, npy->width);
    header[BEFORE_TEXT + length] = ' '; /* where the NUL was */
    header[HEADER - 1] = '\n';
    return s2s_output_write(output, header, HEADER, err);
}

s2s_status s2s_npy_write(s2s_npy *npy, s2s_output *output, s2s_err *err) {
    char bytes[1 << 14];
    size_t n;
    S2S_TRY(write_header(npy, output, err));
    if (fflush(npy->rows) || fseek(npy->rows, 0, SEEK_SET)) return fail(err);
    while ((n = fread(bytes, 1, sizeof bytes, npy->rows)) > 0)
        S2S_TRY(s2s_output_write(output, bytes, n, err));
    return ferror(npy->rows) ? fail(err) : S2S_OK;
}
