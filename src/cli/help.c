/* The help page of a command, from its table of options. See options.h. */
#include <string.h>

#include "cli/options.h"
#include "recipe/schema.h"

enum { PAGE = 80, TEXT_COLUMN = 28 };

/* Appends words, broken into lines that begin at `column`; the cursor stands at `at`. */
static s2s_status put_wrapped(s2s_buf *text, const char *words, int at, int column, s2s_err *err) {
    while (*words) {
        int length = (int)strcspn(words, " ");
        bool breaks = at > column && at + 1 + length > PAGE;
        if (breaks) {
            S2S_TRY(s2s_buf_printf(text, err, "\n%*s", column, ""));
            at = column;
        } else if (at > column) {
            S2S_TRY(s2s_buf_append(text, " ", 1, err));
            at++;
        }
        S2S_TRY(s2s_buf_append(text, words, (size_t)length, err));
        at += length;
        words += length + strspn(words + length, " ");
    }
    return s2s_buf_append(text, "\n", 1, err);
}

/* What an option of the recipe does stands in the schema. */
static s2s_status put_key_help(s2s_buf *text, const s2s_option *option, int at, s2s_err *err) {
    const s2s_key *key = s2s_schema_walk(option->key);
    s2s_buf words = {0};
    s2s_status status =
        s2s_buf_printf(&words, err, "%s (recipe: %s)", key ? key->help : "", option->key);
    if (status == S2S_OK) status = put_wrapped(text, words.data, at, TEXT_COLUMN, err);
    s2s_buf_release(&words);
    return status;
}

/* "one of a, b, c" after the help of a choice */
static s2s_status put_choice_help(s2s_buf *text, const s2s_option *option, int at, s2s_err *err) {
    s2s_buf words = {0};
    s2s_status status = s2s_buf_printf(&words, err, "%s One of", option->help);
    for (int i = 0; option->choices[i] && status == S2S_OK; i++)
        status = s2s_buf_printf(&words, err, "%s %s", i ? "," : "", option->choices[i]);
    if (status == S2S_OK) status = s2s_buf_printf(&words, err, ".");
    if (status == S2S_OK) status = put_wrapped(text, words.data, at, TEXT_COLUMN, err);
    s2s_buf_release(&words);
    return status;
}

static s2s_status put_option(s2s_buf *text, const s2s_option *option, s2s_err *err) {
    size_t begin = text->size;
    if (option->letter)
        S2S_TRY(s2s_buf_printf(text, err, "  -%c, --%s", option->letter, option->name));
    else
        S2S_TRY(s2s_buf_printf(text, err, "      --%s", option->name));
    if (option->value) S2S_TRY(s2s_buf_printf(text, err, "=%s", option->value));
    int at = (int)(text->size - begin);
    if (at > TEXT_COLUMN - 2) {
        S2S_TRY(s2s_buf_append(text, "\n", 1, err));
        at = 0;
    }
    S2S_TRY(s2s_buf_printf(text, err, "%*s", TEXT_COLUMN - at, ""));
    if (option->type == S2S_OPTION_KEY) return put_key_help(text, option, TEXT_COLUMN, err);
    if (option->type == S2S_OPTION_CHOICE) return put_choice_help(text, option, TEXT_COLUMN, err);
    return put_wrapped(text, option->help, TEXT_COLUMN, TEXT_COLUMN, err);
}

s2s_status s2s_options_help(s2s_options *options, const s2s_usage *usage, s2s_buf *text,
                            s2s_err *err) {
    const s2s_option *table = s2s_options_table(options, usage, err);
    if (!table) return S2S_MEMORY;
    const char *arguments = usage->arguments ? usage->arguments : "";
    S2S_TRY(s2s_buf_printf(text, err, "usage: s2s %s [OPTION...]%s%s\n\n", usage->command,
                           *arguments ? " " : "", arguments));
    S2S_TRY(put_wrapped(text, usage->summary, 0, 0, err));
    S2S_TRY(s2s_buf_printf(text, err, "\nOptions:\n"));
    for (; table->name; table++) S2S_TRY(put_option(text, table, err));
    if (!usage->examples) return S2S_OK;
    return s2s_buf_printf(text, err, "\nExamples:\n%s", usage->examples);
}
