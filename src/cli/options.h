/* Command-line options: one table a command gives names, types, ranges, places and help texts; the
 * parser (options.c, over getopt_long) and the help page (help.c) both read it.
 *
 * Every mistake is S2S_USAGE with one line that names the option and, where there is one, the
 * nearest known. */
#ifndef S2S_CLI_OPTIONS_H
#define S2S_CLI_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/memory.h"

/* Strings in the order in which they were given; all zero is valid and empty. */
typedef struct s2s_strings {
    const char **items;
    size_t n, capacity;
} s2s_strings;
void s2s_strings_release(s2s_strings *strings);

typedef enum s2s_option_type {
    S2S_OPTION_FLAG,   /* bool */
    S2S_OPTION_TEXT,   /* const char *, not empty; the last one counts */
    S2S_OPTION_TEXTS,  /* s2s_strings: may be repeated */
    S2S_OPTION_WHOLE,  /* int64_t from `low` to `high` */
    S2S_OPTION_REAL,   /* double from `low` to `high` */
    S2S_OPTION_CHOICE, /* int: the number of the value in `choices` */
    S2S_OPTION_KEY,    /* short for --set `key`=VALUE; its help is the recipe schema's */
} s2s_option_type;

typedef struct s2s_option {
    const char *name; /* without dashes */
    char letter;      /* of the short form; 0: none */
    s2s_option_type type;
    void *target;      /* where the value goes; of the type that the type says */
    const char *value; /* what the help page calls the value; NULL: it has none */
    const char *help;
    int64_t low, high;          /* both included */
    const char *const *choices; /* ended by NULL */
    const char *key;            /* of the recipe */
} s2s_option;

/* Rows of a table; further fields (.letter) may follow. */
#define S2S_OPTION_ROW(type_, name_, target_, ...)                                                 \
    { .name = name_, .type = type_, .target = target_, __VA_ARGS__ }
#define S2S_FLAG(name_, target_, ...)                                                              \
    S2S_OPTION_ROW(S2S_OPTION_FLAG, name_, target_, .help = __VA_ARGS__)
#define S2S_TEXT_OPTION(name_, value_, target_, ...)                                               \
    S2S_OPTION_ROW(S2S_OPTION_TEXT, name_, target_, .value = value_, .help = __VA_ARGS__)
#define S2S_TEXTS_OPTION(name_, value_, target_, ...)                                              \
    S2S_OPTION_ROW(S2S_OPTION_TEXTS, name_, target_, .value = value_, .help = __VA_ARGS__)
#define S2S_WHOLE_OPTION(name_, target_, low_, high_, ...)                                         \
    S2S_OPTION_ROW(S2S_OPTION_WHOLE, name_, target_, .value = "N", .low = low_, .high = high_,     \
                   .help = __VA_ARGS__)
#define S2S_REAL_OPTION(name_, target_, low_, high_, ...)                                          \
    S2S_OPTION_ROW(S2S_OPTION_REAL, name_, target_, .value = "X", .low = low_, .high = high_,      \
                   .help = __VA_ARGS__)
#define S2S_CHOICE_OPTION(name_, choices_, target_, ...)                                           \
    S2S_OPTION_ROW(S2S_OPTION_CHOICE, name_, target_, .value = "NAME", .choices = choices_,        \
                   .help = __VA_ARGS__)
#define S2S_KEY_OPTION(name_, value_, key_)                                                        \
    S2S_OPTION_ROW(S2S_OPTION_KEY, name_, NULL, .value = value_, .key = key_)

/* Options that mean the same wherever they are. --quiet and --help are everywhere. */
enum {
    S2S_WITH_MODEL = 1,
    S2S_WITH_INPUT = 2,
    S2S_WITH_OUTPUT = 4,
    S2S_WITH_THREADS = 8,
    S2S_WITH_SEED = 16,
    S2S_WITH_JSON = 32,
    S2S_WITH_SET = 64,
};

/* What a command takes. */
typedef struct s2s_usage {
    const char *command;   /* "vocab train" */
    const char *arguments; /* after the options, e.g. "RECIPE"; NULL for none */
    int least, most;       /* number of arguments */
    const char *summary;   /* a sentence or more */
    unsigned common;       /* S2S_WITH_... */
    const s2s_option *options;
    int n;
    const char *examples; /* lines that show the use */
} s2s_usage;

/* The two fields that an array of options fills. */
#define S2S_TABLE(array) .options = (array), .n = sizeof(array) / sizeof *(array)

/* What was given. Strings belong to argv or to the arena. */
typedef struct s2s_options {
    const char *model;  /* NULL: not given */
    const char *input;  /* "-": standard input */
    const char *output; /* "-": standard output */
    int64_t threads;    /* 0: as many as the process may use */
    bool json, quiet, help;
    s2s_strings sets; /* "key.path=value", in the order given */
    char **arguments; /* what is no option */
    int arguments_n;
    s2s_arena arena;
} s2s_options;

/* Reads argv[1] ...; argv[0] is the command. With --help nothing else is checked. Reorders argv.
 * The caller releases `options`, also after a failure. */
s2s_status s2s_options_parse(s2s_options *options, const s2s_usage *usage, int argc, char **argv,
                             s2s_err *err);
void s2s_options_release(s2s_options *options);

/* The table of a command and of the common options, ended by a row without a name. `options` is
 * where the common ones go. In the arena of `options`; NULL: no memory. */
const s2s_option *s2s_options_table(s2s_options *options, const s2s_usage *usage, s2s_err *err);

/* The help page of a command. */
s2s_status s2s_options_help(s2s_options *options, const s2s_usage *usage, s2s_buf *text,
                            s2s_err *err);

/* S2S_USAGE when an option that the command cannot do without is missing. */
s2s_status s2s_options_need(const char *value, const char *option, s2s_err *err);

#endif
