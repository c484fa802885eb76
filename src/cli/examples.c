/* See examples.h. */
#include "cli/examples.h"

#include <inttypes.h>

#include "cli/columns.h"

s2s_status s2s_examples_open(s2s_examples *examples, const s2s_example_source *source, s2s_log *log,
                             s2s_err *err) {
    *examples = (s2s_examples){.columns = source->columns, .entities = source->entities};
    if (source->corpus) return s2s_corpus_open(&examples->corpus, source->corpus, err);
    s2s_status status = S2S_OK;
    while (examples->n < source->files_n && status == S2S_OK) {
        s2s_input *input = &examples->inputs[examples->n];
        status = s2s_input_open(input, source->files[examples->n], log, err);
        if (status == S2S_OK) examples->n++;
    }
    if (status != S2S_OK) s2s_examples_close(examples);
    return status;
}

void s2s_examples_close(s2s_examples *examples) {
    if (examples->corpus)
        s2s_corpus_close(examples->corpus);
    else
        for (int i = 0; i < examples->n; i++) s2s_input_close(&examples->inputs[i]);
    for (int i = 0; i < S2S_MOST_FILES; i++) s2s_buf_release(&examples->tags[i]);
    *examples = (s2s_examples){0};
}

static s2s_status count_rest(s2s_input *input, s2s_err *err) {
    for (bool more = true; more;) {
        const char *line;
        size_t length;
        S2S_TRY(s2s_input_next(input, &line, &length, &more, err));
    }
    return S2S_OK;
}

/* One file has ended and another has not. */
static s2s_status fail_unaligned(s2s_input *shorter, s2s_input *longer, s2s_err *err) {
    S2S_TRY(count_rest(longer, err));
    return s2s_fail(err, S2S_INPUT,
                    "%s has %" PRIu64 " lines but %s has %" PRIu64 ": line %" PRIu64
                    " of the latter has no partner; line n of the one must belong to line n of the "
                    "other",
                    s2s_lines_path(shorter->lines), s2s_input_count(shorter),
                    s2s_lines_path(longer->lines), s2s_input_count(longer),
                    s2s_input_count(shorter) + 1);
}

static s2s_status next_lines(s2s_examples *examples, bool *more, s2s_err *err) {
    for (int i = 0; i < examples->n; i++) {
        s2s_segment *segment = &examples->segments[i];
        bool has_line;
        S2S_TRY(
            s2s_input_next(&examples->inputs[i], &segment->text, &segment->length, &has_line, err));
        if (i == 0) *more = has_line;
        s2s_input *first = &examples->inputs[0], *this = &examples->inputs[i];
        if (*more && !has_line) return fail_unaligned(this, first, err);
        if (!*more && has_line) return fail_unaligned(first, this, err);
    }
    return S2S_OK;
}

static s2s_status next_sentence(s2s_examples *examples, bool *more, s2s_err *err) {
    S2S_TRY(s2s_columns_next(examples->inputs, examples->n, examples->entities, examples->tags,
                             more, err));
    for (int i = 0; i < examples->n && *more; i++)
        examples->segments[i] = (s2s_segment){examples->tags[i].data, examples->tags[i].size};
    return S2S_OK;
}

s2s_status s2s_examples_next(s2s_examples *examples, bool *more, s2s_err *err) {
    if (examples->columns) return next_sentence(examples, more, err);
    if (!examples->corpus) return next_lines(examples, more, err);
    s2s_pair pair;
    S2S_TRY(s2s_corpus_next(examples->corpus, &pair, more, err));
    if (*more && !pair.target)
        return s2s_fail(err, S2S_INPUT, "the test set has no target side to compare with");
    examples->segments[0] = (s2s_segment){pair.source, pair.source_length};
    examples->segments[1] = (s2s_segment){pair.target, pair.target_length};
    for (int i = 0; i < pair.more_n; i++)
        examples->segments[2 + i] = (s2s_segment){pair.more[i].text, pair.more[i].length};
    examples->n = 2 + pair.more_n;
    return S2S_OK;
}

s2s_status s2s_examples_count(const s2s_example_source *source, uint64_t *count, s2s_err *err) {
    s2s_examples examples;
    S2S_TRY(s2s_examples_open(&examples, source, NULL, err));
    s2s_status status;
    *count = 0;
    for (bool more = true; more; *count += more) {
        status = s2s_examples_next(&examples, &more, err);
        if (status != S2S_OK) break;
    }
    s2s_examples_close(&examples);
    return status;
}
