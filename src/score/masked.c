/* See masked.h. */
#include "score/masked.h"

#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"
#include "encode/pseudo.h"

/* A line that is under way. */
typedef struct waiting_line {
    bool has_text, cut;
} waiting_line;

typedef struct masked_scoring {
    const s2s_vocabulary *vocabulary;
    s2s_encode_symbols symbols;
    s2s_cut limit; /* of a text, without symbols */
    s2s_scoring_io io;
    uint64_t *cut;
    s2s_ids ids; /* of the present line */
    s2s_pseudo_texts texts;
    waiting_line *lines; /* [lines_n] the first `delivered` of them are done */
    size_t lines_n, delivered, lines_capacity;
} masked_scoring;

/* Those that are done make room once all are. */
static s2s_status add_line(masked_scoring *m, bool has_text, s2s_err *err) {
    if (m->delivered == m->lines_n) m->delivered = m->lines_n = 0;
    S2S_TRY(s2s_grow(&m->lines, &m->lines_capacity, m->lines_n + 1, sizeof *m->lines, err));
    m->lines[m->lines_n++] = (waiting_line){.has_text = has_text};
    return S2S_OK;
}

static s2s_status next_line(void *self, const s2s_encode_text **texts, int *n, bool *more,
                            s2s_err *err) {
    masked_scoring *m = self;
    const s2s_pair *pair;
    int pairs;
    *n = 0;
    S2S_TRY(m->io.next(m->io.self, &pair, &pairs, more, err));
    if (!*more) return S2S_OK;
    assert(pairs <= 1);
    S2S_TRY(add_line(m, pairs, err));
    if (!pairs) return S2S_OK;
    waiting_line *line = m->lines + m->lines_n - 1;
    m->ids.size = 0;
    S2S_TRY(s2s_encode_plain(&m->symbols, m->vocabulary, pair->target, pair->target_length,
                             &m->limit, &m->ids, &line->cut, err));
    *m->cut += line->cut;
    S2S_TRY(s2s_pseudo_texts_make(&m->texts, &m->symbols, m->ids.data, (int)m->ids.size, err));
    *texts = m->texts.items;
    *n = m->texts.n;
    return S2S_OK;
}

static s2s_status line_done(void *self, uint64_t index, const s2s_encode_text *texts, int n,
                            const void *results, s2s_err *err) {
    masked_scoring *m = self;
    waiting_line line = m->lines[m->delivered++];
    s2s_target_score score = {.log_probabilities = results, .tokens = n, .cut = line.cut};
    if (n) score.ids = texts->ids + (m->symbols.begin >= 0);
    for (int i = 0; i < n; i++) score.log_probability += (double)score.log_probabilities[i];
    return m->io.done(m->io.self, index, &score, line.has_text, err);
}

s2s_status s2s_masked_scoring_run(const s2s_model *model, const s2s_vocabulary *vocabulary,
                                  const s2s_search_recipe *search, s2s_scoring_io io, uint64_t *cut,
                                  s2s_err *err) {
    masked_scoring m = {.vocabulary = vocabulary, .io = io, .cut = cut};
    s2s_encoding *encoding;
    S2S_TRY(s2s_encode_symbols_of(&m.symbols, model, vocabulary, err));
    m.limit = (s2s_cut){.keep = S2S_LONG_HEAD, .most = s2s_encode_longest(&m.symbols, model)};
    const s2s_reading reading = s2s_pseudo_reading(&m.symbols);
    S2S_TRY(s2s_encoding_create(&encoding, model, &reading, err));
    *cut = 0;
    s2s_status status =
        s2s_encoding_run(encoding, search, (s2s_encoding_io){&m, next_line, line_done}, err);
    s2s_encoding_free(encoding);
    s2s_pseudo_texts_release(&m.texts);
    s2s_ids_release(&m.ids);
    free(m.lines);
    return status;
}
