/* See options.h. */
#define _GNU_SOURCE /* getopt_long */
#include "cli/options.h"

#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "recipe/schema.h"

enum { MOST_THREADS = 1024 };

static s2s_status push(s2s_strings *strings, const char *text, s2s_err *err) {
    S2S_TRY(
        s2s_grow(&strings->items, &strings->capacity, strings->n + 1, sizeof *strings->items, err));
    strings->items[strings->n++] = text;
    return S2S_OK;
}

void s2s_strings_release(s2s_strings *strings) {
    free(strings->items);
    *strings = (s2s_strings){0};
}

void s2s_options_release(s2s_options *options) {
    s2s_strings_release(&options->sets);
    s2s_arena_release(&options->arena);
}

/* --- the table --- */

const s2s_option *s2s_options_table(s2s_options *options, const s2s_usage *usage, s2s_err *err) {
    const unsigned when[] = {S2S_WITH_MODEL, S2S_WITH_INPUT,   S2S_WITH_OUTPUT, S2S_WITH_SET,
                             S2S_WITH_SEED,  S2S_WITH_THREADS, S2S_WITH_JSON};
    const s2s_option common[] = {
        S2S_TEXT_OPTION("model", "FOLDER", &options->model, "The folder of a trained model.",
                        .letter = 'm'),
        S2S_TEXT_OPTION("input", "FILE", &options->input,
                        "Read this file, maybe gzipped, instead of standard input.", .letter = 'i'),
        S2S_TEXT_OPTION("output", "FILE", &options->output,
                        "Write to this file instead of standard output; gzipped when its name "
                        "ends in .gz. The file appears when all is done.",
                        .letter = 'o'),
        S2S_TEXTS_OPTION(
            "set", "KEY=VALUE", &options->sets,
            "Set a key of the recipe; `s2s recipe --explain` tells all. May be repeated; "
            "the last one counts."),
        S2S_KEY_OPTION("seed", "N", "seed"),
        S2S_WHOLE_OPTION("threads", &options->threads, 0, MOST_THREADS,
                         "Compute threads; 0, the default, takes all that the process may use."),
        S2S_FLAG("json", &options->json, "Write results as JSON."),
        S2S_FLAG("quiet", &options->quiet, "No progress and no messages but errors.",
                 .letter = 'q'),
        S2S_FLAG("help", &options->help, "Show this page.", .letter = 'h'),
    };
    enum { FIRST = 3, WITH = sizeof when / sizeof *when, ALL = sizeof common / sizeof *common };
    s2s_option *table =
        s2s_arena_alloc(&options->arena, (ALL + (size_t)usage->n + 1) * sizeof *table, err);
    if (!table) return NULL;
    s2s_option *next = table; /* what is read and written comes first, then the command's own */
    for (int i = 0; i < ALL; i++) {
        if (i == FIRST)
            for (int k = 0; k < usage->n; k++) *next++ = usage->options[k];
        if (i >= WITH || (usage->common & when[i])) *next++ = common[i];
    }
    return table;
}

static int table_size(const s2s_option *table) {
    int n = 0;
    while (table[n].name) n++;
    return n;
}

/* --- values --- */

static s2s_status set_whole(const s2s_option *option, const char *value, s2s_err *err) {
    char *end;
    errno = 0;
    int64_t number = strtoll(value, &end, 10);
    if (end == value || *end || errno || number < option->low || number > option->high)
        return s2s_fail(err, S2S_USAGE,
                        "--%s: \"%s\" is not a whole number from %" PRId64 " to %" PRId64,
                        option->name, value, option->low, option->high);
    *(int64_t *)option->target = number;
    return S2S_OK;
}

static s2s_status set_real(const s2s_option *option, const char *value, s2s_err *err) {
    char *end;
    double number = strtod(value, &end);
    /* written so that NaN is refused */
    bool within = number >= (double)option->low && number <= (double)option->high;
    if (end == value || *end || !within)
        return s2s_fail(err, S2S_USAGE, "--%s: \"%s\" is not a number from %" PRId64 " to %" PRId64,
                        option->name, value, option->low, option->high);
    *(double *)option->target = number;
    return S2S_OK;
}

static s2s_status set_choice(const s2s_option *option, const char *value, s2s_err *err) {
    s2s_buf names = {0};
    for (int i = 0; option->choices[i]; i++) {
        if (strcmp(value, option->choices[i]) == 0) {
            *(int *)option->target = i;
            s2s_buf_release(&names);
            return S2S_OK;
        }
        (void)s2s_buf_printf(&names, NULL, "%s%s", i ? ", " : "", option->choices[i]);
    }
    s2s_status status = s2s_fail(err, S2S_USAGE, "--%s: \"%s\" is none of: %s", option->name, value,
                                 names.data ? names.data : "");
    s2s_buf_release(&names);
    return status;
}

static s2s_status set_key(s2s_options *options, const s2s_option *option, const char *value,
                          s2s_err *err) {
    size_t size = strlen(option->key) + strlen(value) + 2;
    char *text = s2s_arena_alloc(&options->arena, size, err);
    if (!text) return S2S_MEMORY;
    snprintf(text, size, "%s=%s", option->key, value);
    return push(&options->sets, text, err);
}

static s2s_status set_value(s2s_options *options, const s2s_option *option, const char *value,
                            s2s_err *err) {
    if (value && !*value) return s2s_fail(err, S2S_USAGE, "--%s: the value is empty", option->name);
    switch (option->type) {
    case S2S_OPTION_FLAG:
        *(bool *)option->target = true;
        return S2S_OK;
    case S2S_OPTION_TEXT:
        *(const char **)option->target = value;
        return S2S_OK;
    case S2S_OPTION_TEXTS:
        return push(option->target, value, err);
    case S2S_OPTION_WHOLE:
        return set_whole(option, value, err);
    case S2S_OPTION_REAL:
        return set_real(option, value, err);
    case S2S_OPTION_CHOICE:
        return set_choice(option, value, err);
    case S2S_OPTION_KEY:
        break;
    }
    return set_key(options, option, value, err);
}

/* --- mistakes --- */

/* The first of two names that begin with `prefix`; *other the second. NULL: there are no two. */
static const char *find_prefix(const char *const *names, const char *prefix, const char **other) {
    const char *first = NULL;
    for (; *names; names++) {
        if (strncmp(*names, prefix, strlen(prefix)) != 0) continue;
        *other = *names;
        if (first) return first;
        first = *names;
    }
    return NULL;
}

/* `word` as given: "--beam-sise=4". */
static s2s_status fail_unknown(s2s_options *options, const s2s_option *table, const char *word,
                               s2s_err *err) {
    int n = table_size(table);
    size_t bytes = ((size_t)n + 1) * sizeof(char *);
    const char **names = s2s_arena_alloc(&options->arena, bytes, err);
    char *name = s2s_arena_strndup(&options->arena, word + strspn(word, "-"),
                                   strcspn(word + strspn(word, "-"), "="), err);
    if (!names || !name) return S2S_MEMORY;
    for (int i = 0; i < n; i++) names[i] = table[i].name;
    const char *other, *begins = find_prefix(names, name, &other);
    if (begins)
        return s2s_fail(err, S2S_USAGE, "--%s could be --%s or --%s; write it out", name, begins,
                        other);
    const char *nearest = s2s_nearest_name(names, name);
    if (nearest)
        return s2s_fail(err, S2S_USAGE, "unknown option --%s; did you mean --%s?", name, nearest);
    return s2s_fail(err, S2S_USAGE, "unknown option --%s; --help lists all", name);
}

static const s2s_option *find_letter(const s2s_option *table, int letter) {
    for (; table->name; table++)
        if (table->letter == letter) return table;
    return NULL;
}

/* What getopt_long refused; `code` is what it returned. */
static s2s_status fail_parse(s2s_options *options, const s2s_option *table, int code, char **argv,
                             s2s_err *err) {
    const char *word = argv[optind - 1];
    const s2s_option *known = optopt > UCHAR_MAX ? &table[optopt - UCHAR_MAX - 1]
                              : optopt           ? find_letter(table, optopt)
                                                 : NULL;
    if (known && code == ':')
        return s2s_fail(err, S2S_USAGE, "--%s needs a value: --%s=%s", known->name, known->name,
                        known->value);
    if (known) return s2s_fail(err, S2S_USAGE, "--%s takes no value", known->name);
    if (optopt) return s2s_fail(err, S2S_USAGE, "unknown option -%c; --help lists all", optopt);
    return fail_unknown(options, table, word, err);
}

/* A command that takes no arguments may have been given what belongs into an option. */
static s2s_status fail_surplus(const s2s_options *options, const s2s_usage *usage, s2s_err *err) {
    const char *word = options->arguments[usage->most], *option = NULL;
    if (!usage->most && usage->common & S2S_WITH_MODEL && !options->model)
        option = "model";
    else if (!usage->most && usage->common & S2S_WITH_INPUT && !strcmp(options->input, "-"))
        option = "input";
    if (!option)
        return s2s_fail(err, S2S_USAGE, "\"%s\" is one argument too many; --help tells more", word);
    return s2s_fail(err, S2S_USAGE,
                    "\"%s\" is one argument too many; did you mean --%s=%s? --help tells more",
                    word, option, word);
}

static s2s_status check_arguments(const s2s_options *options, const s2s_usage *usage,
                                  s2s_err *err) {
    if (options->arguments_n < usage->least)
        return s2s_fail(err, S2S_USAGE, "%s is missing; --help tells more", usage->arguments);
    if (options->arguments_n > usage->most) return fail_surplus(options, usage, err);
    return S2S_OK;
}

/* --- parsing --- */

/* The table as getopt_long wants it. Its values are UCHAR_MAX + 1 + row, apart from all letters. */
static s2s_status make_getopt(s2s_options *options, const s2s_option *table, struct option **longs,
                              char **shorts, s2s_err *err) {
    size_t n = (size_t)table_size(table);
    *longs = s2s_arena_alloc(&options->arena, (n + 1) * sizeof **longs, err);
    *shorts = s2s_arena_alloc(&options->arena, 2 * n + 2, err);
    if (!*longs || !*shorts) return S2S_MEMORY;
    char *letter = *shorts;
    *letter++ = ':'; /* no messages of its own, and missing values told from unknown options */
    for (size_t i = 0; i < n; i++) {
        bool has_value = table[i].type != S2S_OPTION_FLAG;
        (*longs)[i] = (struct option){.name = table[i].name,
                                      .has_arg = has_value ? required_argument : no_argument,
                                      .val = UCHAR_MAX + 1 + (int)i};
        if (!table[i].letter) continue;
        *letter++ = table[i].letter;
        if (has_value) *letter++ = ':';
    }
    return S2S_OK;
}

static s2s_status parse_words(s2s_options *options, const s2s_option *table, int argc, char **argv,
                              s2s_err *err) {
    struct option *longs;
    char *shorts;
    S2S_TRY(make_getopt(options, table, &longs, &shorts, err));
    optind = 0; /* begin anew: a program may parse several lines */
    for (int code; (code = getopt_long(argc, argv, shorts, longs, NULL)) != -1;) {
        if (code == '?' || code == ':') return fail_parse(options, table, code, argv, err);
        const s2s_option *option =
            code > UCHAR_MAX ? &table[code - UCHAR_MAX - 1] : find_letter(table, code);
        S2S_TRY(set_value(options, option, option->value ? optarg : NULL, err));
        if (options->help) return S2S_OK;
    }
    options->arguments = argv + optind;
    options->arguments_n = argc - optind;
    return S2S_OK;
}

s2s_status s2s_options_parse(s2s_options *options, const s2s_usage *usage, int argc, char **argv,
                             s2s_err *err) {
    *options = (s2s_options){.input = "-", .output = "-"};
    const s2s_option *table = s2s_options_table(options, usage, err);
    if (!table) return S2S_MEMORY;
    S2S_TRY(parse_words(options, table, argc, argv, err));
    return options->help ? S2S_OK : check_arguments(options, usage, err);
}

s2s_status s2s_options_need(const char *value, const char *option, s2s_err *err) {
    if (value) return S2S_OK;
    return s2s_fail(err, S2S_USAGE, "--%s is missing; --help tells more", option);
}
