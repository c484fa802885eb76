/* See columns.h. */
#include "cli/columns.h"

#include <inttypes.h>

#include "metric/entities.h"
#include "metric/split.h"

/* A line of one file; no word: it ends a sentence, as the end of the file does. */
typedef struct tagged {
    s2s_segment word, tag;
    bool there; /* false: the file has ended */
} tagged;

static int shown(s2s_segment text) {
    return (int)(text.length < 60 ? text.length : 60);
}

static s2s_status read_row(s2s_input *input, bool entities, tagged *row, s2s_err *err) {
    s2s_segment rest, word;
    S2S_TRY(s2s_input_next(input, &rest.text, &rest.length, &row->there, err));
    if (!row->there) rest = (s2s_segment){"", 0};
    row->word = row->tag = (s2s_segment){"", 0};
    int columns = 0;
    while (s2s_next_word(&rest, &word)) {
        if (columns++ == 0) row->word = word;
        row->tag = word;
    }
    s2s_status status = S2S_OK;
    if (columns == 1)
        status = s2s_fail(err, S2S_INPUT, "\"%.*s\" has no tag; expected a word and its tag",
                          shown(row->word), row->word.text);
    if (columns > 1 && entities) status = s2s_tag_check(row->tag, err);
    return status == S2S_OK ? status : s2s_input_blame(input, err);
}

static s2s_status fail_ended(const s2s_input *ended, const s2s_input *other, s2s_err *err) {
    return s2s_fail(err, S2S_INPUT,
                    "%s ends after line %" PRIu64 ", but %s goes on: line n of the one must belong "
                    "to line n of the other",
                    s2s_lines_path(ended->lines), s2s_input_count(ended),
                    s2s_lines_path(other->lines));
}

/* `row` of `input` against that of the first file. */
static s2s_status compare(const tagged *first, s2s_input *first_input, const tagged *row,
                          s2s_input *input, s2s_err *err) {
    if (s2s_same_text(first->word, row->word)) return S2S_OK;
    if (!first->there) return fail_ended(first_input, input, err);
    if (!row->there) return fail_ended(input, first_input, err);
    s2s_fail(err, S2S_INPUT, "the word is \"%.*s\", but in %s it is \"%.*s\"", shown(row->word),
             row->word.text, s2s_lines_path(first_input->lines), shown(first->word),
             first->word.text);
    return s2s_input_blame(input, err);
}

static s2s_status append_tag(s2s_buf *tags, s2s_segment tag, s2s_err *err) {
    if (tags->size) S2S_TRY(s2s_buf_append(tags, " ", 1, err));
    return s2s_buf_append(tags, tag.text, tag.length, err);
}

/* One line of every file; *ended: it ends a sentence. */
static s2s_status next_row(s2s_input *inputs, int n, bool entities, s2s_buf *tags, bool *ended,
                           bool *more, s2s_err *err) {
    tagged first = {0}, row;
    *more = false;
    for (int i = 0; i < n; i++) {
        S2S_TRY(read_row(&inputs[i], entities, &row, err));
        if (i == 0) first = row;
        S2S_TRY(compare(&first, &inputs[0], &row, &inputs[i], err));
        if (row.word.length) S2S_TRY(append_tag(&tags[i], row.tag, err));
        *more |= row.there;
    }
    *ended = first.word.length == 0;
    return S2S_OK;
}

s2s_status s2s_columns_next(s2s_input *inputs, int n, bool entities, s2s_buf *tags, bool *more,
                            s2s_err *err) {
    bool ended = false, lines = true;
    for (int i = 0; i < n; i++) tags[i].size = 0;
    /* Several empty lines part two sentences as one does. */
    while (lines && !(ended && tags[0].size))
        S2S_TRY(next_row(inputs, n, entities, tags, &ended, &lines, err));
    *more = tags[0].size > 0;
    return S2S_OK;
}
