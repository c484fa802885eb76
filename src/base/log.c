/* Messages, the progress bar and events. Everything that changes a log happens under its lock, and
 * every output is put together first and written by one call, so that lines never mix. */
#define _GNU_SOURCE /* TIOCGWINSZ */
#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/memory.h"

enum { WIDEST_BAR = 40, NARROWEST_BAR = 8, USUAL_COLUMNS = 80 };

static const double DRAW_SECONDS = 0.1, PLAIN_SECONDS = 30.0;
static const char ERASE[] = "\r\033[K"; /* to the start of the line; clear to its end */

struct s2s_log {
    FILE *stream;
    bool terminal;
    pthread_mutex_t lock;
    s2s_buf output; /* what is being put together */

    bool showing; /* a bar is on the screen */
    bool told;    /* the job that is running was told of once, at `told_at` */
    double told_at, done, total;
    s2s_buf text; /* of the job's state */

    int events; /* file descriptor, or -1 */
    char *events_path;
};

s2s_log *s2s_log_create(FILE *stream, s2s_err *err) {
    s2s_log *log = calloc(1, sizeof *log);
    if (!log) {
        s2s_fail_memory(err, sizeof *log);
        return NULL;
    }
    const char *kind = getenv("TERM");
    log->stream = stream;
    log->terminal = stream && isatty(fileno(stream)) && !(kind && strcmp(kind, "dumb") == 0);
    log->events = -1;
    pthread_mutex_init(&log->lock, NULL);
    return log;
}

static void close_events(s2s_log *log) {
    if (log->events >= 0) close(log->events);
    free(log->events_path);
    log->events = -1;
    log->events_path = NULL;
}

void s2s_log_free(s2s_log *log) {
    if (!log) return;
    s2s_log_progress_end(log);
    close_events(log);
    s2s_buf_release(&log->output);
    s2s_buf_release(&log->text);
    pthread_mutex_destroy(&log->lock);
    free(log);
}

/* --- for people --- */

static size_t terminal_columns(const s2s_log *log) {
    struct winsize size;
    if (ioctl(fileno(log->stream), TIOCGWINSZ, &size) != 0 || !size.ws_col) return USUAL_COLUMNS;
    return size.ws_col;
}

/* What cannot be put together for want of memory is not said: there is nobody to tell, and a
 * message is not worth the work of hours. The same holds for a terminal that has gone away. */
static void put(s2s_log *log, const char *text) {
    (void)s2s_buf_append(&log->output, text, strlen(text), NULL);
}

static void flush(s2s_log *log) {
    fwrite(log->output.data, 1, log->output.size, log->stream);
    fflush(log->stream);
    log->output.size = 0;
}

/* Characters (code points), as an estimate of the columns that text takes. */
static size_t count_characters(const char *text) {
    size_t count = 0;
    for (; *text; text++) count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

/* Bytes of the first `characters` characters. */
static size_t prefix_bytes(const char *text, size_t characters) {
    size_t bytes = 0;
    for (; text[bytes]; bytes++)
        if (((unsigned char)text[bytes] & 0xc0) != 0x80 && characters-- == 0) break;
    return bytes;
}

static double fraction(const s2s_log *log) {
    double part = log->done / log->total;
    return part > 0 ? fmin(part, 1.0) : 0.0; /* also when it is not a number */
}

static void put_percent(s2s_log *log) {
    if (log->total > 0) /* rounded down: 100% means done */
        (void)s2s_buf_printf(&log->output, NULL, "%3d%% ", (int)(100.0 * fraction(log)));
}

/* "[####....]  42% text" in fewer characters than the terminal has columns, because a full line
 * wraps and cannot be erased. The bar gets what the text leaves; where that is too little, there is
 * none. */
static void put_bar(s2s_log *log) {
    size_t room = terminal_columns(log) - 1, percent = log->total > 0 ? strlen("100% ") : 0;
    const char *text = log->text.data ? log->text.data : "";
    size_t wanted = percent + count_characters(text), brackets = strlen("[] ");
    size_t width = room > wanted + brackets ? room - wanted - brackets : 0;
    if (width > WIDEST_BAR) width = WIDEST_BAR;
    put(log, ERASE);
    if (log->total > 0 && width >= NARROWEST_BAR) {
        size_t full = (size_t)((double)width * fraction(log));
        put(log, "[");
        for (size_t i = 0; i < width; i++) put(log, i < full ? "#" : ".");
        put(log, "] ");
    }
    if (room > percent) {
        put_percent(log);
        (void)s2s_buf_append(&log->output, text, prefix_bytes(text, room - percent), NULL);
    }
}

static void say(s2s_log *log, const char *prefix, const char *format, va_list args) {
    if (!log || !log->stream) return;
    pthread_mutex_lock(&log->lock);
    if (log->showing) put(log, ERASE);
    put(log, prefix);
    (void)s2s_buf_vprintf(&log->output, NULL, format, args);
    put(log, "\n");
    if (log->showing) put_bar(log);
    flush(log);
    pthread_mutex_unlock(&log->lock);
}

void s2s_log_say(s2s_log *log, const char *format, ...) {
    va_list args;
    va_start(args, format);
    say(log, "", format, args);
    va_end(args);
}

void s2s_log_warn(s2s_log *log, const char *format, ...) {
    va_list args;
    va_start(args, format);
    say(log, "warning: ", format, args);
    va_end(args);
}

/* --- progress --- */

/* A line break or an escape sequence within the text would leave pieces of the bar behind. */
static void make_one_line(char *text) {
    for (; text && *text; text++)
        if ((unsigned char)*text < ' ' || *text == 0x7f) *text = ' ';
}

static bool due(const s2s_log *log, double time) {
    return !log->told || time - log->told_at >= (log->terminal ? DRAW_SECONDS : PLAIN_SECONDS);
}

static void show(s2s_log *log) {
    if (log->terminal) {
        put_bar(log);
        log->showing = true;
    } else {
        put_percent(log);
        put(log, log->text.data ? log->text.data : "");
        put(log, "\n");
    }
    flush(log);
}

void s2s_log_progress(s2s_log *log, double done, double total, const char *format, ...) {
    if (!log || !log->stream) return;
    va_list args;
    va_start(args, format);
    pthread_mutex_lock(&log->lock);
    log->done = done;
    log->total = total;
    log->text.size = 0;
    (void)s2s_buf_vprintf(&log->text, NULL, format, args);
    make_one_line(log->text.data);
    double time = s2s_clock();
    if (due(log, time)) {
        log->told = true;
        log->told_at = time;
        show(log);
    }
    pthread_mutex_unlock(&log->lock);
    va_end(args);
}

void s2s_log_progress_end(s2s_log *log) {
    if (!log || !log->stream) return;
    pthread_mutex_lock(&log->lock);
    if (log->showing) {
        put(log, ERASE);
        flush(log);
    }
    log->showing = log->told = false;
    pthread_mutex_unlock(&log->lock);
}

/* --- for machines --- */

/* Where the events end; a last line that was cut off by a crash or a full disk gets its end, so
 * that it spoils no other. */
static s2s_status continue_events(s2s_log *log, s2s_err *err) {
    struct stat found;
    if (fstat(log->events, &found) != 0) return s2s_fail_errno(err, "read", log->events_path);
    if (!S_ISREG(found.st_mode) || found.st_size == 0) return S2S_OK;
    char last;
    if (pread(log->events, &last, 1, found.st_size - 1) != 1)
        return s2s_fail_errno(err, "read", log->events_path);
    if (last != '\n' && write(log->events, "\n", 1) != 1)
        return s2s_fail_errno(err, "write", log->events_path);
    return S2S_OK;
}

s2s_status s2s_log_open_events(s2s_log *log, const char *path, s2s_err *err) {
    if (!log) return S2S_OK;
    pthread_mutex_lock(&log->lock);
    close_events(log);
    s2s_status status = S2S_OK;
    log->events_path = strdup(path);
    if (!log->events_path)
        status = s2s_fail_memory(err, strlen(path));
    else
        log->events = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
    if (status == S2S_OK && log->events < 0) status = s2s_fail_errno(err, "open", path);
    if (status == S2S_OK) status = continue_events(log, err);
    if (status != S2S_OK) close_events(log);
    pthread_mutex_unlock(&log->lock);
    return status;
}

/* A JSON string of any bytes: those that are no UTF-8 become U+FFFD. */
static json_t *text_value(const char *text) {
    s2s_buf clean = {0};
    s2s_status status = S2S_OK;
    size_t left = strlen(text);
    ptrdiff_t bad;
    while (status == S2S_OK && (bad = s2s_utf8_check(text, left)) >= 0) {
        status = s2s_buf_printf(&clean, NULL, "%.*s\xef\xbf\xbd", (int)bad, text);
        text += bad + 1;
        left -= (size_t)bad + 1;
    }
    if (status == S2S_OK) status = s2s_buf_append(&clean, text, left, NULL);
    json_t *value = status == S2S_OK ? json_stringn(clean.data, clean.size) : NULL;
    s2s_buf_release(&clean);
    return value;
}

/* Counts as integers, so that a step reads 1000 and not 1000.0. */
static json_t *number_value(double number) {
    if (!isfinite(number)) return json_null();
    if (number == trunc(number) && fabs(number) < 0x1p53) return json_integer((json_int_t)number);
    return json_real(number);
}

static double unix_seconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return (double)time.tv_sec + 1e-3 * (double)(time.tv_nsec / 1000000);
}

/* One line without its end; NULL: out of memory. The caller frees it. */
static char *event_line(const char *name, const s2s_field *fields, int n) {
    json_t *event = json_object();
    int failed = json_object_set_new(event, "event", text_value(name)) |
                 json_object_set_new(event, "time", json_real(unix_seconds()));
    for (int i = 0; i < n; i++) {
        const s2s_field *field = &fields[i];
        json_t *value = field->text ? text_value(field->text) : number_value(field->number);
        failed |= json_object_set_new(event, field->key, value);
    }
    /* 15 digits: what a double keeps of any decimal number, so that 0.1 reads 0.1 */
    char *line = failed ? NULL : json_dumps(event, JSON_COMPACT | JSON_REAL_PRECISION(15));
    json_decref(event);
    return line;
}

/* One write a line, or none: when the disk fills up amid it, the piece is taken back. */
static s2s_status append_line(s2s_log *log, const char *line, size_t size, s2s_err *err) {
    off_t before = lseek(log->events, 0, SEEK_END);
    while (size) {
        ssize_t written = write(log->events, line, size);
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) break;
        line += written;
        size -= (size_t)written;
    }
    if (!size) return S2S_OK;
    s2s_status status = s2s_fail_errno(err, "write", log->events_path);
    if (before >= 0 && ftruncate(log->events, before) != 0) return status; /* it was no file */
    return status;
}

s2s_status s2s_log_event(s2s_log *log, const char *name, const s2s_field *fields, int n,
                         s2s_err *err) {
    if (!log) return S2S_OK;
    s2s_status status = S2S_OK;
    pthread_mutex_lock(&log->lock);
    if (log->events >= 0) {
        char *line = event_line(name, fields, n);
        size_t size = line ? strlen(line) : 0;
        if (line) line[size] = '\n'; /* in place of the NUL: the size is known */
        status = line ? append_line(log, line, size + 1, err) : s2s_fail_memory(err, 4096);
        free(line);
    }
    pthread_mutex_unlock(&log->lock);
    return status;
}
