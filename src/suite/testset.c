/* See testset.h. Each reference is read as a corpus of its own beside the same source, so that the recipe
 * layer's three forms and their messages serve here as they are. */
#include "suite/testset.h"

#include <jansson.h>
#include <stdlib.h>

#include "base/file.h"
#include "data/corpus.h"

static int count_references(const s2s_suite_test *test) {
    return test->references.n + test->reference_columns.n + test->reference_fields.n;
}

/* The source beside reference `r`. */
static s2s_corpus corpus_of(const s2s_suite_test *test, int r) {
    s2s_corpus corpus = {.name = test->name, .weight = 1};
    if (test->tsv) {
        corpus.tsv = test->tsv;
        corpus.source_column = test->source_column;
        corpus.target_column = ((const int64_t *)test->reference_columns.items)[r];
    } else if (test->json) {
        corpus.json = test->json;
        corpus.source_field = test->source_field;
        corpus.target_field =
            (s2s_string_list){(const char *const *)test->reference_fields.items + r, 1};
    } else {
        corpus.source = test->source;
        corpus.target = ((const char *const *)test->references.items)[r];
    }
    return corpus;
}

static s2s_status add_pairs(s2s_testset *set, s2s_corpus_reader *reader, int r, s2s_err *err) {
    for (;;) {
        s2s_pair pair;
        bool more;
        S2S_TRY(s2s_corpus_next(reader, &pair, &more, err));
        if (!more) return S2S_OK;
        if (r == 0) S2S_TRY(s2s_texts_add(&set->source, pair.source, pair.source_length, err));
        S2S_TRY(s2s_texts_add(&set->references[r], pair.target, pair.target_length, err));
    }
}

static s2s_status read_reference(s2s_testset *set, int r, s2s_err *err) {
    s2s_corpus corpus = corpus_of(set->test, r);
    s2s_corpus_reader *reader;
    S2S_TRY(s2s_corpus_open(&reader, &corpus, err));
    s2s_status status = add_pairs(set, reader, r, err);
    s2s_corpus_close(reader);
    S2S_TRY(status);
    if (set->references[r].n == set->source.n) return S2S_OK;
    return s2s_fail(err, S2S_INPUT, "the files changed while they were read");
}

static s2s_status write_lines(s2s_testset *set, s2s_err *err) {
    for (size_t i = 0; i < set->source.n; i++) {
        s2s_segment line = s2s_texts_at(&set->source, i);
        json_t *object = json_pack("{ss%}", "source", line.text, line.length);
        char *text = object ? json_dumps(object, JSON_COMPACT) : NULL;
        json_decref(object);
        if (!text) return s2s_fail_memory(err, line.length);
        s2s_status status = s2s_buf_printf(&set->lines, err, "%s\n", text);
        free(text);
        S2S_TRY(status);
    }
    s2s_digest(set->lines.data, set->lines.size, set->digest);
    return S2S_OK;
}

static s2s_status read_all(s2s_testset *set, s2s_err *err) {
    set->references_n = count_references(set->test);
    set->references = calloc((size_t)set->references_n, sizeof *set->references);
    if (!set->references) return s2s_fail_memory(err, 4096);
    for (int r = 0; r < set->references_n; r++) S2S_TRY(read_reference(set, r, err));
    if (!set->source.n) return s2s_fail(err, S2S_INPUT, "is empty: there is nothing to score");
    return write_lines(set, err);
}

s2s_status s2s_testset_read(s2s_testset *set, const s2s_suite_test *test, s2s_err *err) {
    *set = (s2s_testset){.test = test};
    s2s_status status = read_all(set, err);
    if (status == S2S_OK) return S2S_OK;
    s2s_testset_release(set);
    return s2s_fail_within(err, "%s: tests.%s", test->place, test->name);
}

void s2s_testset_references(const s2s_testset *set, size_t line, s2s_segment *references) {
    for (int r = 0; r < set->references_n; r++)
        references[r] = s2s_texts_at(&set->references[r], line);
}

void s2s_testset_release(s2s_testset *set) {
    s2s_texts_release(&set->source);
    for (int r = 0; set->references && r < set->references_n; r++)
        s2s_texts_release(&set->references[r]);
    free(set->references);
    s2s_buf_release(&set->lines);
    *set = (s2s_testset){0};
}
