/* The lines that `s2s translate` takes, in any of its formats. */
#ifndef S2S_CLI_LINES_H
#define S2S_CLI_LINES_H

#include "cli/line_queue.h"
#include "cli/options.h"
#include "search/translator.h"

typedef enum s2s_line_format { S2S_LINE_TEXT, S2S_LINE_TSV, S2S_LINE_JSON } s2s_line_format;
extern const char *const s2s_line_format_names[];

typedef struct s2s_line_options {
    int format;                    /* s2s_line_format */
    int64_t column, prefix_column; /* TSV, from 1; 0: not given, which is the first, and none */
    const char *field;             /* JSON: the source's; NULL: not given, which is "source" */
    bool strict;                   /* a line that cannot be translated ends the run */
} s2s_line_options;

#define S2S_LINE_OPTIONS(o)                                                                        \
    S2S_CHOICE_OPTION("format", s2s_line_format_names, &(o)->format,                               \
                      "What the input is: lines of text, tab-separated columns (tsv), or an "      \
                      "object a line (json), whose other fields come back with the result."),      \
        S2S_WHOLE_OPTION(                                                                          \
            "column", &(o)->column, 1, 10000,                                                      \
            "The source's column of tsv, counted from 1, the first if not given; all are "         \
            "written again before the translation."),                                              \
        S2S_WHOLE_OPTION("prefix-column", &(o)->prefix_column, 1, 10000,                           \
                         "A column of tsv with what the translation is to begin with."),           \
        S2S_TEXT_OPTION("field", "NAME", &(o)->field,                                              \
                        "The source's field of json; \"source\" if not given."),                   \
        S2S_FLAG("strict", &(o)->strict,                                                           \
                 "End at the first line that cannot be translated; else its result tells why.")

/* Fills in what was not given. S2S_USAGE: an option that means nothing in the format. */
s2s_status s2s_line_options_complete(s2s_line_options *options, s2s_err *err);

typedef struct s2s_line_reader {
    s2s_input input;
    const s2s_line_options *options;
    s2s_translator *translator;      /* tells what a line may ask for */
    const s2s_search_recipe *search; /* of the run */
    s2s_line_queue queue;
    /* of the last line */
    s2s_line_terms terms;
    s2s_search_recipe own_search;
    char *search_text; /* what own_search was made of: lines that ask for the same are common */
    char *prefix;      /* TSV */
    const char **phrases;
    size_t phrases_capacity;
} s2s_line_reader;

s2s_status s2s_line_reader_open(s2s_line_reader *reader, const char *path,
                                const s2s_line_options *options, s2s_translator *translator,
                                const s2s_search_recipe *search, s2s_log *log, s2s_err *err);
void s2s_line_reader_close(s2s_line_reader *reader);

/* The source of the next line, an empty one where the line has an error; `terms` is what it asks for. */
s2s_status s2s_line_reader_next(s2s_line_reader *reader, const char **source, size_t *length,
                                bool *more, s2s_err *err);

#endif
