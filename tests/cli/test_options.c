/* The option parser: every type, every way of writing, every mistake. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "cli/options.h"

enum { MOST_WORDS = 16 };

/* What the table of these tests fills. */
typedef struct values {
    bool flag;
    const char *text;
    s2s_strings texts;
    int64_t whole;
    double real;
    int choice;
} values;

static const char *const colours[] = {"red", "green", NULL};

typedef struct parsed {
    s2s_options options;
    values values;
    s2s_err err;
    s2s_status status;
} parsed;

/* Parses the words of `line`, parted by blanks. */
static void parse(parsed *p, const char *line) {
    static char text[512];
    static char *argv[MOST_WORDS + 2];
    int argc = 0;
    *p = (parsed){.values = {.whole = 5, .real = 0.5}};
    strcpy(text, line);
    argv[argc++] = (char[]){"command"};
    for (char *word = strtok(text, " "); word; word = strtok(NULL, " ")) argv[argc++] = word;
    argv[argc] = NULL;
    const s2s_option table[] = {
        S2S_FLAG("flag", &p->values.flag, "A flag.", .letter = 'f'),
        S2S_TEXT_OPTION("text", "TEXT", &p->values.text, "A text.", .letter = 't'),
        S2S_TEXTS_OPTION("texts", "TEXT", &p->values.texts, "Texts."),
        S2S_WHOLE_OPTION("whole", &p->values.whole, -3, 10, "A whole number."),
        S2S_REAL_OPTION("real", &p->values.real, 0, 1, "A number."),
        S2S_CHOICE_OPTION("colour", colours, &p->values.choice, "A colour."),
        S2S_KEY_OPTION("beam-size", "N", "search.beam_size"),
    };
    const s2s_usage usage = {.command = "test",
                             .arguments = "[WORD]",
                             .most = 1,
                             .summary = "A test.",
                             .common = S2S_WITH_MODEL | S2S_WITH_SET | S2S_WITH_THREADS,
                             .options = table,
                             .n = sizeof table / sizeof *table};
    p->status = s2s_options_parse(&p->options, &usage, argc, argv, &p->err);
}

static void release(parsed *p) {
    s2s_strings_release(&p->values.texts);
    s2s_options_release(&p->options);
}

static void test_nothing(void **state) {
    (void)state;
    parsed p;
    parse(&p, "");
    assert_int_equal(p.status, S2S_OK);
    assert_null(p.options.model);
    assert_string_equal(p.options.input, "-");
    assert_string_equal(p.options.output, "-");
    assert_int_equal(p.options.arguments_n, 0);
    assert_int_equal(p.values.whole, 5); /* what is not given stays */
    release(&p);
}

static void test_all_types(void **state) {
    (void)state;
    parsed p;
    parse(&p,
          "--flag --text=a --texts b word --texts=c --whole -3 --real=1 --colour green -m folder");
    assert_int_equal(p.status, S2S_OK);
    assert_true(p.values.flag);
    assert_string_equal(p.values.text, "a");
    assert_int_equal(p.values.texts.n, 2);
    assert_string_equal(p.values.texts.items[1], "c");
    assert_int_equal(p.values.whole, -3);
    assert_true(p.values.real == 1);
    assert_int_equal(p.values.choice, 1);
    assert_string_equal(p.options.model, "folder");
    assert_int_equal(p.options.arguments_n, 1);
    assert_string_equal(p.options.arguments[0], "word");
    release(&p);
}

static void test_ways_of_writing(void **state) {
    (void)state;
    parsed p;
    parse(&p, "-ftvalue --who 7"); /* letters together; a name cut short */
    assert_int_equal(p.status, S2S_OK);
    assert_true(p.values.flag);
    assert_string_equal(p.values.text, "value");
    assert_int_equal(p.values.whole, 7);
    release(&p);
    parse(&p, "--text a --text b -- --flag"); /* the last one counts; -- ends options */
    assert_int_equal(p.status, S2S_OK);
    assert_string_equal(p.values.text, "b");
    assert_false(p.values.flag);
    assert_string_equal(p.options.arguments[0], "--flag");
    release(&p);
}

static void test_keys_keep_their_order(void **state) {
    (void)state;
    parsed p;
    parse(&p, "--set search.beam_size=2 --beam-size=3 --set a=b");
    assert_int_equal(p.status, S2S_OK);
    assert_int_equal(p.options.sets.n, 3);
    assert_string_equal(p.options.sets.items[0], "search.beam_size=2");
    assert_string_equal(p.options.sets.items[1], "search.beam_size=3");
    assert_string_equal(p.options.sets.items[2], "a=b");
    release(&p);
}

static void test_help_wins(void **state) {
    (void)state;
    parsed p;
    parse(&p, "--help --nonsense one two three");
    assert_int_equal(p.status, S2S_OK);
    assert_true(p.options.help);
    release(&p);
}

static void test_mistakes(void **state) {
    (void)state;
    static const struct {
        const char *line, *message;
    } mistakes[] = {
        {"--flog", "unknown option --flog; did you mean --flag?"},
        {"--wohle=3", "unknown option --wohle; did you mean --whole?"},
        {"--zzzzzz", "unknown option --zzzzzz; --help lists all"},
        {"--input=x", "unknown option --input; --help lists all"}, /* not one of this command's */
        {"-z", "unknown option -z; --help lists all"},
        {"-fz", "unknown option -z; --help lists all"},
        {"--te", "--te could be --text or --texts; write it out"},
        {"--flag=yes", "--flag takes no value"},
        {"--whole", "--whole needs a value: --whole=N"},
        {"-t", "--text needs a value: --text=TEXT"},
        {"--text=", "--text: the value is empty"},
        {"--whole=11", "--whole: \"11\" is not a whole number from -3 to 10"},
        {"--whole=-4", "--whole: \"-4\" is not a whole number from -3 to 10"},
        {"--whole=3x", "--whole: \"3x\" is not a whole number from -3 to 10"},
        {"--whole=1.5", "--whole: \"1.5\" is not a whole number from -3 to 10"},
        {"--whole=99999999999999999999",
         "--whole: \"99999999999999999999\" is not a whole number from -3 to 10"},
        {"--real=nan", "--real: \"nan\" is not a number from 0 to 1"},
        {"--real=1.01", "--real: \"1.01\" is not a number from 0 to 1"},
        {"--real=0.5m", "--real: \"0.5m\" is not a number from 0 to 1"},
        {"--colour=blue", "--colour: \"blue\" is none of: red, green"},
        {"one two", "\"two\" is one argument too many; --help tells more"},
    };
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        parsed p;
        parse(&p, mistakes[i].line);
        assert_int_equal(p.status, S2S_USAGE);
        assert_string_equal(p.err.message, mistakes[i].message);
        release(&p);
    }
}

/* A model given as an argument, as other programs take it. */
static void test_argument_for_option(void **state) {
    (void)state;
    const struct {
        unsigned common;
        const char *message;
    } cases[] = {
        {S2S_WITH_MODEL | S2S_WITH_INPUT,
         "\"x\" is one argument too many; did you mean --model=x? --help tells more"},
        {S2S_WITH_INPUT,
         "\"x\" is one argument too many; did you mean --input=x? --help tells more"},
        {S2S_WITH_JSON, "\"x\" is one argument too many; --help tells more"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char command[] = "test", word[] = "x", *argv[] = {command, word, NULL};
        const s2s_usage usage = {.command = "test", .arguments = "", .common = cases[i].common};
        s2s_options options = {0};
        s2s_err err = {0};
        assert_int_equal(s2s_options_parse(&options, &usage, 2, argv, &err), S2S_USAGE);
        assert_string_equal(err.message, cases[i].message);
        s2s_options_release(&options);
    }
}

/* Every row of the table is on the help page; the help of a key is the schema's. */
static void test_help_page(void **state) {
    (void)state;
    const s2s_option table[] = {
        S2S_FLAG("flag", NULL, "Sixty times the word: long long long long long long long long."),
        S2S_CHOICE_OPTION("colour", colours, NULL, "A colour."),
        S2S_KEY_OPTION("beam-size", "N", "search.beam_size"),
        S2S_TEXT_OPTION("a-name-that-is-longer-than-its-column", "TEXT", NULL, "Still told."),
    };
    const s2s_usage usage = {.command = "test",
                             .arguments = "WORD",
                             .summary = "A test.",
                             .common = S2S_WITH_JSON,
                             .options = table,
                             .n = sizeof table / sizeof *table};
    s2s_options options = {0};
    s2s_buf text = {0};
    s2s_err err;
    assert_int_equal(s2s_options_help(&options, &usage, &text, &err), S2S_OK);
    static const char *const held[] = {
        "usage: s2s test [OPTION...] WORD\n\nA test.\n",
        "      --flag                Sixty times the word: long long long long long long\n"
        "                            long long.\n",
        "A colour. One of red, green.\n",
        "--beam-size=N ",
        "search.beam_size)\n",
        "      --a-name-that-is-longer-than-its-column=TEXT\n                            Still "
        "told.",
        "--json",
        "-h, --help",
    };
    for (size_t i = 0; i < sizeof held / sizeof *held; i++)
        if (!strstr(text.data, held[i])) fail_msg("not on the page: %s\n%s", held[i], text.data);
    assert_null(strstr(text.data, "--model"));
    s2s_buf_release(&text);
    s2s_options_release(&options);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing),         cmocka_unit_test(test_all_types),
        cmocka_unit_test(test_ways_of_writing), cmocka_unit_test(test_keys_keep_their_order),
        cmocka_unit_test(test_help_wins),       cmocka_unit_test(test_mistakes),
        cmocka_unit_test(test_argument_for_option),
        cmocka_unit_test(test_help_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
