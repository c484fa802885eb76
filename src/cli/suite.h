/* s2s evaluate SUITE: what of it is the command line's. */
#ifndef S2S_CLI_SUITE_H
#define S2S_CLI_SUITE_H

#include "cli/command.h"
#include "suite/table.h"

typedef struct s2s_suite_options {
    int format;        /* s2s_table_format; -1: not given */
    const char *html;  /* the report's file; NULL: none */
    s2s_strings lines; /* numbers of lines that it is to show besides */
    bool no_run;       /* only what is there */
} s2s_suite_options;
#define S2S_SUITE_DEFAULTS ((s2s_suite_options){.format = -1})

/* Rows of a command's table that fill *o. */
#define S2S_SUITE_OPTIONS(o)                                                                       \
    S2S_CHOICE_OPTION("format", s2s_table_formats, &(o)->format,                                   \
                      "The table of a SUITE as text, markdown, csv or json."),                     \
        S2S_TEXT_OPTION("html", "FILE", &(o)->html,                                                \
                        "Also write a report of a SUITE: one HTML file that needs no other."),     \
        S2S_TEXTS_OPTION("line", "N", &(o)->lines,                                                 \
                         "With --html: show line N of each test set as well; may be repeated."),   \
        S2S_FLAG("no-run", &(o)->no_run, "Run nothing of a SUITE; show what is there.")

s2s_status s2s_evaluate_suite(s2s_call *call, const s2s_suite_options *options, s2s_err *err);

#endif
