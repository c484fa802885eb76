/* Messages, the bar on a terminal (a pseudo-terminal here), and events as JSON lines. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "base/log.h"
#include "scratch.h"

/* --- messages --- */

static void messages_are_lines(void **state) {
    (void)state;
    const char *path = scratch("messages");
    FILE *stream = fopen(path, "w");
    s2s_log *log = s2s_log_create(stream, NULL);
    s2s_log_say(log, "read %d lines", 12);
    s2s_log_warn(log, "%s", "2 were empty");
    s2s_log_free(log);
    fclose(stream);
    scratch_expect(path, "read 12 lines\nwarning: 2 were empty\n");
}

static void long_messages_are_whole(void **state) {
    (void)state;
    const char *path = scratch("long");
    FILE *stream = fopen(path, "w");
    s2s_log *log = s2s_log_create(stream, NULL);
    s2s_log_say(log, "%*d", 100000, 7);
    s2s_log_free(log);
    fclose(stream);
    size_t size;
    free(scratch_get(path, &size));
    assert_int_equal(size, 100001);
}

static void no_stream_and_no_log_are_fine(void **state) {
    (void)state;
    s2s_log *logs[] = {NULL, s2s_log_create(NULL, NULL)};
    assert_non_null(logs[1]);
    for (int i = 0; i < 2; i++) {
        s2s_log_say(logs[i], "x");
        s2s_log_warn(logs[i], "x");
        s2s_log_progress(logs[i], 1, 2, "x");
        s2s_log_progress_end(logs[i]);
        assert_int_equal(s2s_log_event(logs[i], "x", NULL, 0, NULL), S2S_OK);
        s2s_log_free(logs[i]);
    }
}

static void plain_progress_is_rare(void **state) {
    (void)state;
    const char *path = scratch("plain");
    FILE *stream = fopen(path, "w");
    s2s_log *log = s2s_log_create(stream, NULL);
    for (int i = 0; i < 1000; i++) s2s_log_progress(log, 420 + i, 1000, "step %d\033", i);
    s2s_log_progress_end(log);
    s2s_log_progress(log, 5, 0, "step 5"); /* another job; its end is not known */
    s2s_log_free(log);
    fclose(stream);
    scratch_expect(path, " 42% step 0 \nstep 5\n");
}

/* --- the bar --- */

typedef struct terminal {
    int master;
    FILE *stream;
} terminal;

static terminal open_terminal(unsigned short columns) {
    struct termios raw;
    struct winsize size = {.ws_row = 24, .ws_col = columns};
    terminal made = {.master = posix_openpt(O_RDWR | O_NOCTTY)};
    assert_true(made.master >= 0);
    assert_int_equal(grantpt(made.master), 0);
    assert_int_equal(unlockpt(made.master), 0);
    int slave = open(ptsname(made.master), O_RDWR | O_NOCTTY);
    assert_true(slave >= 0);
    assert_int_equal(tcgetattr(slave, &raw), 0);
    cfmakeraw(&raw); /* no CR before LF */
    assert_int_equal(tcsetattr(slave, TCSANOW, &raw), 0);
    assert_int_equal(ioctl(slave, TIOCSWINSZ, &size), 0);
    made.stream = fdopen(slave, "w");
    assert_non_null(made.stream);
    return made;
}

static void expect_screen(terminal *screen, const char *expected) {
    char text[4096] = "";
    size_t used = 0;
    struct pollfd waiting = {.fd = screen->master, .events = POLLIN};
    /* A little longer than needed, so that what should not come is seen as well. */
    while (poll(&waiting, 1, used < strlen(expected) ? 5000 : 20) > 0) {
        ssize_t n = read(screen->master, text + used, sizeof text - 1 - used);
        if (n <= 0) break;
        used += (size_t)n;
        text[used] = '\0';
    }
    assert_string_equal(text, expected);
}

static void close_terminal(terminal *screen) {
    fclose(screen->stream);
    close(screen->master);
}

#define ERASE "\r\033[K"

static void bar_fits_the_terminal(void **state) {
    (void)state;
    static const struct {
        unsigned short columns;
        const char *bar;
    } cases[] = {
        {200, ERASE "[####################....................]  50% loss 2.3"},
        {40, ERASE "[###########............]  50% loss 2.3"},
        {26, ERASE "[####.....]  50% loss 2.3"},
        {23, ERASE " 50% loss 2.3"}, /* no room for a bar that says anything */
        {10, ERASE " 50% loss"},
        {3, ERASE},
        {0, ERASE "[####################....................]  50% loss 2.3"}, /* width unknown */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        terminal screen = open_terminal(cases[i].columns);
        s2s_log *log = s2s_log_create(screen.stream, NULL);
        s2s_log_progress(log, 50, 100, "loss 2.3");
        expect_screen(&screen, cases[i].bar);
        s2s_log_progress_end(log);
        expect_screen(&screen, ERASE);
        s2s_log_free(log);
        close_terminal(&screen);
    }
}

static void bar_shows_any_fraction(void **state) {
    (void)state;
    static const struct {
        double done, total;
        const char *bar;
    } cases[] = {
        {0, 10, ERASE "[..........]   0% a"},
        {10, 10, ERASE "[##########] 100% a"},
        {999, 1000, ERASE "[#########.]  99% a"},
        {12, 10, ERASE "[##########] 100% a"},
        {-1, 10, ERASE "[..........]   0% a"},
        {NAN, 10, ERASE "[..........]   0% a"},
        {5, 0, ERASE "a"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        terminal screen = open_terminal(20);
        s2s_log *log = s2s_log_create(screen.stream, NULL);
        s2s_log_progress(log, cases[i].done, cases[i].total, "a");
        expect_screen(&screen, cases[i].bar);
        s2s_log_free(log);
        close_terminal(&screen);
    }
}

static void bar_cuts_between_characters(void **state) {
    (void)state;
    terminal screen = open_terminal(9);
    s2s_log *log = s2s_log_create(screen.stream, NULL);
    s2s_log_progress(log, 1, 1, "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\xa4");
    expect_screen(&screen, ERASE "100% \xc3\xa4\xc3\xb6\xc3\xbc");
    s2s_log_free(log);
    close_terminal(&screen);
}

static void bar_is_drawn_ten_times_a_second(void **state) {
    (void)state;
    terminal screen = open_terminal(20);
    s2s_log *log = s2s_log_create(screen.stream, NULL);
    for (int i = 0; i < 100; i++) s2s_log_progress(log, i, 0, "%d", i);
    expect_screen(&screen, ERASE "0");
    usleep(110000);
    s2s_log_progress(log, 1, 0, "a\nb\tc");
    expect_screen(&screen, ERASE "a b c");
    s2s_log_free(log);
    close_terminal(&screen);
}

static void messages_go_above_the_bar(void **state) {
    (void)state;
    terminal screen = open_terminal(21);
    s2s_log *log = s2s_log_create(screen.stream, NULL);
    s2s_log_progress(log, 1, 2, "a");
    expect_screen(&screen, ERASE "[#####......]  50% a");
    s2s_log_progress(log, 2, 2, "b"); /* too soon to be drawn, but the state of things */
    s2s_log_say(log, "saved");
    expect_screen(&screen, ERASE "saved\n" ERASE "[###########] 100% b");
    s2s_log_progress_end(log);
    s2s_log_say(log, "done");
    expect_screen(&screen, ERASE "done\n");
    s2s_log_free(log);
    close_terminal(&screen);
}

static void a_dumb_terminal_gets_plain_lines(void **state) {
    (void)state;
    assert_int_equal(setenv("TERM", "dumb", 1), 0);
    terminal screen = open_terminal(40);
    s2s_log *log = s2s_log_create(screen.stream, NULL);
    s2s_log_progress(log, 1, 2, "a");
    expect_screen(&screen, " 50% a\n");
    s2s_log_free(log);
    close_terminal(&screen);
    assert_int_equal(setenv("TERM", "xterm", 1), 0);
}

/* --- events --- */

static s2s_log *open_events(const char *path) {
    s2s_err err = {0};
    s2s_log *log = s2s_log_create(NULL, &err);
    assert_non_null(log);
    if (s2s_log_open_events(log, path, &err) != S2S_OK) fail_msg("%s", err.message);
    return log;
}

/* Line `index` (from 0) of a file of JSON lines. */
static json_t *event_at(const char *path, int index) {
    json_error_t error;
    char *text = scratch_get(path, NULL), *line = text;
    while (index-- > 0) {
        line = strchr(line, '\n');
        assert_non_null(line++);
    }
    char *end = strchr(line, '\n');
    assert_non_null(end);
    json_t *event = json_loadb(line, (size_t)(end - line), JSON_REJECT_DUPLICATES, &error);
    if (!event) fail_msg("%s: %s", error.text, line);
    free(text);
    return event;
}

static double number_of(const json_t *event, const char *key) {
    json_t *value = json_object_get(event, key);
    assert_true(json_is_number(value));
    return json_number_value(value);
}

static void events_are_json(void **state) {
    (void)state;
    const char *path = scratch("events");
    s2s_log *log = open_events(path);
    double before = (double)time(NULL) - 2;
    s2s_field fields[] = {
        S2S_NUMBER("step", 1000),     S2S_NUMBER("loss", 0.1),
        S2S_NUMBER("rate", 1e-30),    S2S_NUMBER("nan", NAN),
        S2S_NUMBER("inf", -INFINITY), S2S_TEXT("text", "a \"b\"\n\t\\ \x01 \xc3\xa4")};
    assert_int_equal(s2s_log_event(log, "step", fields, 6, NULL), S2S_OK);
    assert_int_equal(s2s_log_event(log, "end", NULL, 0, NULL), S2S_OK);
    s2s_log_free(log);

    json_t *event = event_at(path, 0);
    assert_string_equal(json_string_value(json_object_get(event, "event")), "step");
    assert_true(number_of(event, "time") > before && number_of(event, "time") < before + 60);
    assert_true(json_is_integer(json_object_get(event, "step")));
    assert_true(number_of(event, "step") == 1000);
    assert_true(number_of(event, "loss") == 0.1);
    assert_true(number_of(event, "rate") == 1e-30);
    assert_true(json_is_null(json_object_get(event, "nan")));
    assert_true(json_is_null(json_object_get(event, "inf")));
    assert_string_equal(json_string_value(json_object_get(event, "text")),
                        "a \"b\"\n\t\\ \x01 \xc3\xa4");
    json_decref(event);
    event = event_at(path, 1);
    assert_int_equal(json_object_size(event), 2);
    json_decref(event);

    char *text = scratch_get(path, NULL);
    assert_memory_equal(text,
                        "{\"event\":\"step\",\"time\":", 23); /* for people who look into it */
    assert_non_null(strstr(text, "\"step\":1000,\"loss\":0.1,"));
    free(text);
}

static void bytes_that_are_no_utf8_are_replaced(void **state) {
    (void)state;
    const char *path = scratch("bytes");
    s2s_log *log = open_events(path);
    s2s_field field = S2S_TEXT("text", "a\xff\xfe"
                                       "b\xc3");
    assert_int_equal(s2s_log_event(log, "x\x80", &field, 1, NULL), S2S_OK);
    s2s_log_free(log);
    json_t *event = event_at(path, 0);
    assert_string_equal(json_string_value(json_object_get(event, "text")),
                        "a\xef\xbf\xbd\xef\xbf\xbd"
                        "b\xef\xbf\xbd");
    assert_string_equal(json_string_value(json_object_get(event, "event")), "x\xef\xbf\xbd");
    json_decref(event);
}

static void events_are_continued(void **state) {
    (void)state;
    const char *path = scratch_put_text("torn", "{\"event\":\"old\"}\n{\"event\":\"to");
    for (int i = 0; i < 2; i++) {
        s2s_log *log = open_events(path);
        s2s_field field = S2S_NUMBER("run", i);
        assert_int_equal(s2s_log_event(log, "new", &field, 1, NULL), S2S_OK);
        s2s_log_free(log);
    }
    for (int i = 0; i < 2; i++) { /* line 1 is the torn one */
        json_t *event = event_at(path, 2 + i);
        assert_true(number_of(event, "run") == i);
        json_decref(event);
    }
}

static void events_that_cannot_be_written_are_errors(void **state) {
    (void)state;
    s2s_err err = {0};
    s2s_log *log = open_events("/dev/full");
    assert_int_equal(s2s_log_event(log, "x", NULL, 0, &err), S2S_IO);
    assert_string_equal(err.message, "cannot write /dev/full: No space left on device");
    assert_int_equal(s2s_log_open_events(log, scratch("missing/events"), &err), S2S_IO);
    assert_non_null(strstr(err.message, "missing/events"));
    assert_int_equal(s2s_log_event(log, "x", NULL, 0, &err), S2S_OK); /* none is open now */
    s2s_log_free(log);
}

/* The disk is full (here: a limit on the file's size) in the middle of a line. */
static void no_half_event_remains(void **state) {
    (void)state;
    struct rlimit old;
    s2s_err err = {0};
    const char *path = scratch("half");
    s2s_log *log = open_events(path);
    assert_int_equal(s2s_log_event(log, "first", NULL, 0, &err), S2S_OK);
    struct stat before, after;
    assert_int_equal(stat(path, &before), 0);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &old), 0);
    void (*handler)(int) = signal(SIGXFSZ, SIG_IGN);
    rlim_t limit = (rlim_t)before.st_size + 10;
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &(struct rlimit){limit, old.rlim_max}), 0);
    s2s_status status = s2s_log_event(log, "second", NULL, 0, &err);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &old), 0);
    signal(SIGXFSZ, handler);
    assert_int_equal(status, S2S_IO);
    assert_int_equal(stat(path, &after), 0);
    assert_int_equal(after.st_size, before.st_size);
    assert_int_equal(s2s_log_event(log, "third", NULL, 0, &err), S2S_OK);
    json_t *event = event_at(path, 1);
    assert_string_equal(json_string_value(json_object_get(event, "event")), "third");
    json_decref(event);
    s2s_log_free(log);
}

/* --- threads --- */

enum { THREADS = 4, LINES = 400 };
static const char filling[] = "................................................................";

static void *talk(void *argument) {
    s2s_log *log = argument;
    for (int i = 0; i < LINES; i++) {
        s2s_field fields[] = {S2S_NUMBER("i", i), S2S_TEXT("text", filling)};
        s2s_log_say(log, "<%s%d%s>", filling, i, filling);
        s2s_log_progress(log, i, LINES, "x");
        if (s2s_log_event(log, "talk", fields, 2, NULL) != S2S_OK) return NULL;
        if (i % 50 == 0) s2s_log_progress_end(log);
    }
    return log;
}

static void count_whole_lines(const char *path) {
    int messages = 0;
    char *text = scratch_get(path, NULL), *rest;
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        if (strstr(line, "% x")) continue;
        assert_true(line[0] == '<' && line[strlen(line) - 1] == '>');
        assert_null(strchr(line + 1, '<'));
        messages++;
    }
    free(text);
    assert_int_equal(messages, THREADS * LINES);
}

static void threads_do_not_mix_lines(void **state) {
    (void)state;
    const char *said = scratch("said"), *events = scratch("talk-events");
    FILE *stream = fopen(said, "w");
    s2s_log *log = s2s_log_create(stream, NULL);
    assert_int_equal(s2s_log_open_events(log, events, NULL), S2S_OK);
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, talk, log), 0);
    for (int i = 0; i < THREADS; i++) {
        void *result;
        assert_int_equal(pthread_join(threads[i], &result), 0);
        assert_ptr_equal(result, log);
    }
    s2s_log_free(log);
    fclose(stream);
    count_whole_lines(said);

    char *text = scratch_get(events, NULL), *rest;
    int count = 0;
    for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
        json_t *event = json_loads(line, 0, NULL);
        assert_non_null(event);
        json_decref(event);
        count++;
    }
    free(text);
    assert_int_equal(count, THREADS * LINES);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_are_lines),
        cmocka_unit_test(long_messages_are_whole),
        cmocka_unit_test(no_stream_and_no_log_are_fine),
        cmocka_unit_test(plain_progress_is_rare),
        cmocka_unit_test(bar_fits_the_terminal),
        cmocka_unit_test(bar_shows_any_fraction),
        cmocka_unit_test(bar_cuts_between_characters),
        cmocka_unit_test(bar_is_drawn_ten_times_a_second),
        cmocka_unit_test(messages_go_above_the_bar),
        cmocka_unit_test(a_dumb_terminal_gets_plain_lines),
        cmocka_unit_test(events_are_json),
        cmocka_unit_test(bytes_that_are_no_utf8_are_replaced),
        cmocka_unit_test(events_are_continued),
        cmocka_unit_test(events_that_cannot_be_written_are_errors),
        cmocka_unit_test(no_half_event_remains),
        cmocka_unit_test(threads_do_not_mix_lines),
    };
    setenv("TERM", "xterm", 1);
    return cmocka_run_group_tests(tests, scratch_set_up, scratch_tear_down);
}
