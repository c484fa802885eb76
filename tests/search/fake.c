/* See fake.h. */
#include "fake.h"

#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/rng.h"
#include "kernel/packed.h"

/* Goes on when the contract is broken; remembers the first time, and tells it at once, because the test
 * may end before the release. */
#define EXPECT(owner, condition)                                                                   \
    do {                                                                                           \
        if ((condition) || (owner)->broken) break;                                                 \
        (owner)->broken = #condition;                                                              \
        print_error("%s: not so: %s\n", __func__, (owner)->broken);                                \
    } while (0)

enum { SOURCE_MOST = 512 };

/* --- logits --- */

static uint64_t hash_tokens(const int32_t *ids, int n) {
    uint64_t hash = 17;
    for (int i = 0; i < n; i++) hash = s2s_rng_mix(hash, (uint64_t)ids[i] + 1);
    return hash;
}

/* Called by one worker alone, which is the main thread, so that it may assert. */
static void table_logits(const fake *f, const int32_t *prefix, int n, s2s_real *logits) {
    char text[16] = "";
    assert_true(n < (int)sizeof text);
    for (int i = 0; i < n; i++) text[i] = (char)('a' + prefix[i] - 1);
    for (const fake_entry *entry = f->table; entry->prefix; entry++) {
        if (strcmp(entry->prefix, text) != 0) continue;
        for (int v = 0; v < f->scorer.vocabulary; v++) logits[v] = logf(entry->probability[v]);
        return;
    }
    fail_msg("the table has no prefix '%s'", text);
}

void fake_logits(const fake *f, const int32_t *source, int source_n, const int32_t *prefix, int n,
                 s2s_real *logits) {
    if (f->table) {
        table_logits(f, prefix, n, logits);
        return;
    }
    uint64_t hash = s2s_rng_mix(hash_tokens(source, source_n), hash_tokens(prefix, n));
    for (int v = 0; v < f->scorer.vocabulary; v++) {
        float logit = 5 * (float)((double)(s2s_rng_mix(hash, (uint64_t)v) >> 11) * 0x1p-53);
        if (v == FAKE_EOS) logit += f->ending * (float)n;
        if (v == FAKE_EOS && f->endless && source[0] == f->endless) logit = -1000;
        logits[v] = f->grain > 0 ? f->grain * rintf(logit / f->grain) : logit;
        if (f->few && v != FAKE_EOS && s2s_rng_mix((uint64_t)source[0], (uint64_t)v) % 2)
            logits[v] = -INFINITY;
    }
}

void fake_attention(const int32_t *source, int source_n, const int32_t *prefix, int n,
                    s2s_real *weights) {
    enum { WHOLE = 256 };
    uint64_t hash = s2s_rng_mix(hash_tokens(source, source_n), hash_tokens(prefix, n));
    int shares[WHOLE] = {0}, tokens = source_n + 1;
    /* A few places get nearly all, as in a trained model. */
    for (int i = 0; i < WHOLE; i++)
        shares[s2s_rng_mix(hash, i < WHOLE / 16 ? 900 + (uint64_t)i : (uint64_t)i % 2) %
               (uint64_t)tokens]++;
    for (int i = 0; i < tokens; i++) weights[i] = (s2s_real)shares[i] / WHOLE;
}

/* --- the scorer --- */

static s2s_status fail_broken(const fake *f, s2s_err *err) {
    return s2s_fail(err, S2S_INPUT, "the scorer's contract is broken: %s", f->broken);
}

static int free_handle(fake *f) {
    int i = 0;
    while (i < f->capacity && f->sentences[i].open) i++;
    if (i == f->capacity) {
        f->sentences = realloc(f->sentences, (size_t)(i + 1) * sizeof *f->sentences);
        f->capacity = i + 1;
    }
    return i;
}

static s2s_status open_sentences(void *self, const int32_t *ids, const int32_t *starts, int n,
                                 int32_t *handles, s2s_err *err) {
    fake *f = self;
    f->groups++;
    if (f->groups == f->fail_open) return s2s_fail(err, S2S_INPUT, "open failed");
    EXPECT(f, n >= 1);
    for (int i = 0; i < n; i++) EXPECT(f, starts[i + 1] > starts[i]);
    if (f->broken) return fail_broken(f, err);
    for (int i = 0; i < n; i++) {
        int length = starts[i + 1] - starts[i], handle = free_handle(f);
        int32_t *source = malloc((size_t)length * sizeof *source);
        memcpy(source, ids + starts[i], (size_t)length * sizeof *source);
        f->sentences[handle] = (fake_sentence){.open = true, .source = source, .source_n = length};
        handles[i] = handle;
    }
    f->opens += n;
    f->open_now += n;
    f->tokens_now += starts[n];
    if (f->open_now > f->open_most) f->open_most = f->open_now;
    if (f->tokens_now > f->tokens_most) f->tokens_most = f->tokens_now;
    if (n > f->group_most) f->group_most = n;
    return S2S_OK;
}

static bool is_open(const fake *f, int32_t handle) {
    return handle >= 0 && handle < f->capacity && f->sentences[handle].open;
}

static void check_row(fake *f, const s2s_step_row *row) {
    EXPECT(f, is_open(f, row->sentence));
    EXPECT(f, row->token >= 0 && row->token < f->scorer.vocabulary);
    EXPECT(f, row->state >= -1);
    if (f->broken) return;
    EXPECT(f, row->state >= 0 || row->token == FAKE_BOS);
    EXPECT(f, row->state < (int64_t)f->sentences[row->sentence].states_n);
}

/* Appends the row's token and returns the tokens of the longer prefix, without bos. */
static const int32_t *append_token(fake *f, s2s_step_row *row, int *n) {
    fake_sentence *s = &f->sentences[row->sentence];
    bool first = row->state == -1;
    int length = first ? 0 : s->lengths[row->state] + 1;
    int32_t *tokens = malloc(((size_t)length + 1) * sizeof *tokens);
    if (length > 0) {
        memcpy(tokens, s->tokens[row->state], (size_t)(length - 1) * sizeof *tokens);
        tokens[length - 1] = row->token;
    }
    size_t states = s->states_n + 1;
    s->lengths = realloc(s->lengths, states * sizeof *s->lengths);
    s->tokens = realloc(s->tokens, states * sizeof *s->tokens);
    s->lengths[states - 1] = length;
    s->tokens[states - 1] = tokens;
    s->states_n = states;
    row->next = (int32_t)states - 1;
    *n = length;
    return tokens;
}

/* Memory of a step, new each time. */
static void make_rows(fake *f, int n) {
    size_t logits = (size_t)n * (size_t)f->scorer.vocabulary;
    free(f->whole);
    free(f->possible);
    free(f->tokens);
    f->whole = malloc(logits * sizeof *f->whole);
    f->possible = malloc(logits * sizeof *f->possible);
    f->tokens = malloc(logits * sizeof *f->tokens);
    f->whole_n = n;
}

static s2s_status step_rows(void *self, s2s_step_row *rows, int n, s2s_err *err) {
    fake *f = self;
    f->steps++;
    if (f->steps == f->fail_step) return s2s_fail(err, S2S_INPUT, "step failed");
    if (f->steps == f->raise_step) raise(SIGINT);
    EXPECT(f, n >= 1);
    for (int i = 0; i < n; i++) check_row(f, &rows[i]);
    if (f->broken) return fail_broken(f, err);
    size_t vocabulary = (size_t)f->scorer.vocabulary;
    make_rows(f, n);
    for (int i = 0; i < n; i++) {
        int length;
        const int32_t *prefix = append_token(f, &rows[i], &length);
        const fake_sentence *s = &f->sentences[rows[i].sentence];
        fake_logits(f, s->source, s->source_n, prefix, length, f->whole + (size_t)i * vocabulary);
    }
    if (f->steps == f->nan_step) f->whole[(size_t)n * vocabulary - 1] = NAN;
    f->rows += (size_t)n;
    return S2S_OK;
}

/* A new block for each part, of just the size: late and far reads are seen by the sanitizer. */
static s2s_status give_logits(void *self, int first, int tokens, s2s_real **logits, s2s_err *err) {
    fake *f = self;
    EXPECT(f, first >= 0 && first % S2S_PANEL == 0 && first + tokens <= f->scorer.vocabulary);
    if (f->broken) return fail_broken(f, err);
    free(f->logits);
    size_t width = (size_t)tokens, vocabulary = (size_t)f->scorer.vocabulary;
    f->logits = malloc((size_t)f->whole_n * width * sizeof *f->logits);
    for (int i = 0; i < f->whole_n; i++)
        memcpy(f->logits + (size_t)i * width, f->whole + (size_t)i * vocabulary + first,
               width * sizeof *f->logits);
    *logits = f->logits;
    return S2S_OK;
}

/* Rows are asked for by several threads. */
static s2s_logits give_possible(void *self, int row) {
    const fake *f = self;
    size_t begin = (size_t)row * (size_t)f->scorer.vocabulary;
    s2s_logits some = {.x = f->possible + begin, .tokens = f->tokens + begin};
    for (int32_t v = 0; v < f->scorer.vocabulary; v++) {
        if (!(f->whole[begin + (size_t)v] > -INFINITY)) continue;
        f->possible[begin + (size_t)some.n] = f->whole[begin + (size_t)v];
        f->tokens[begin + (size_t)some.n++] = v;
    }
    return some;
}

void fake_choose_few(fake *f) {
    f->few = true;
    f->scorer.possible = give_possible;
}

static void add_attention(void *self, int32_t handle, int32_t state, s2s_real weight,
                          s2s_real *sums) {
    fake *f = self;
    EXPECT(f, is_open(f, handle) && state >= 0 && state < (int64_t)f->sentences[handle].states_n);
    if (f->broken) return;
    const fake_sentence *s = &f->sentences[handle];
    s2s_real weights[SOURCE_MOST + 1];
    fake_attention(s->source, s->source_n, s->tokens[state], s->lengths[state], weights);
    for (int i = 0; i <= s->source_n; i++) sums[i] += weight * weights[i];
}

static void close_sentence(void *self, int32_t handle) {
    fake *f = self;
    EXPECT(f, is_open(f, handle));
    if (!is_open(f, handle)) return;
    fake_sentence *s = &f->sentences[handle];
    f->closes++;
    f->open_now--;
    f->tokens_now -= s->source_n;
    for (size_t i = 0; i < s->states_n; i++) free(s->tokens[i]);
    free(s->tokens);
    free(s->lengths);
    free(s->source);
    *s = (fake_sentence){0};
}

void fake_init(fake *f, int vocabulary) {
    *f = (fake){.ending = 0.3f};
    f->scorer = (s2s_scorer){.self = f,
                             .vocabulary = vocabulary,
                             .bos = FAKE_BOS,
                             .eos = FAKE_EOS,
                             .unk = -1,
                             .open = open_sentences,
                             .step = step_rows,
                             .logits = give_logits,
                             .attention = add_attention,
                             .close = close_sentence};
}

static void fail_if_broken(const char *broken) {
    if (broken) fail_msg("the contract is broken: %s", broken);
}

void fake_release(fake *f) {
    fail_if_broken(f->broken);
    assert_int_equal(f->open_now, 0);
    assert_int_equal(f->opens, f->closes);
    free(f->sentences);
    free(f->logits);
    free(f->whole);
    free(f->possible);
    free(f->tokens);
}

/* --- io --- */

int fake_source(uint64_t index, int longest, int32_t *ids) {
    int n = 1 + (int)(s2s_rng_mix(index, 1) % (uint64_t)longest);
    for (int i = 0; i < n; i++) ids[i] = (int32_t)(s2s_rng_mix(index, (uint64_t)i + 2) % 1000);
    return n;
}

static s2s_status next_source(void *self, const s2s_request **request, bool *more, s2s_err *err) {
    fake_io *io = self;
    if (io->fail_next && io->read + 1 == (uint64_t)io->fail_next)
        return s2s_fail(err, S2S_IO, "next failed");
    free(io->lent); /* it was lent until this call */
    io->lent = NULL;
    *more = io->read < io->sentences;
    if (!*more) return S2S_OK;
    int32_t hashed[SOURCE_MOST];
    EXPECT(io, io->longest <= SOURCE_MOST);
    s2s_request made = {.ids = hashed};
    if (io->requests)
        made = io->requests[io->read];
    else if (io->sources)
        made = (s2s_request){.ids = io->sources[io->read], .n = io->lengths[io->read]};
    else
        made.n = fake_source(io->read, io->longest, hashed);
    S2S_TRY(s2s_request_copy(&io->lent, &made, err));
    *request = io->lent;
    io->read++;
    if (io->read - io->done > io->ahead_most) io->ahead_most = io->read - io->done;
    return S2S_OK;
}

s2s_status fake_put(s2s_buf *output, uint64_t index, const s2s_hypothesis *best, int n,
                    s2s_err *err) {
    S2S_TRY(s2s_buf_append(output, &index, sizeof index, err));
    S2S_TRY(s2s_buf_append(output, &n, sizeof n, err));
    for (int i = 0; i < n; i++) {
        const s2s_hypothesis *h = &best[i];
        S2S_TRY(s2s_buf_append(output, &h->length, sizeof h->length, err));
        S2S_TRY(s2s_buf_append(output, h->ids, (size_t)h->length * sizeof *h->ids, err));
        S2S_TRY(s2s_buf_append(output, &h->log_probability, sizeof h->log_probability, err));
        S2S_TRY(s2s_buf_append(output, &h->score, sizeof h->score, err));
        S2S_TRY(s2s_buf_append(output, h->log_probabilities,
                               (size_t)h->scored * sizeof *h->log_probabilities, err));
        S2S_TRY(s2s_buf_append(output, &h->ending, sizeof h->ending, err));
        size_t weights = h->attention ? (size_t)h->scored * (size_t)h->source_tokens : 0;
        if (weights)
            S2S_TRY(s2s_buf_append(output, h->attention, weights * sizeof *h->attention, err));
    }
    return S2S_OK;
}

static s2s_status take_result(void *self, uint64_t index, const s2s_hypothesis *best, int n,
                              s2s_err *err) {
    fake_io *io = self;
    EXPECT(io, index == io->done);
    EXPECT(io, n >= 1);
    io->done++;
    if (io->done == (uint64_t)io->fail_done) return s2s_fail(err, S2S_IO, "done failed");
    return io->keep ? fake_put(&io->output, index, best, n, err) : S2S_OK;
}

s2s_search_io fake_io_make(fake_io *io) {
    return (s2s_search_io){
        .self = io, .attention = io->attention, .next = next_source, .done = take_result};
}

void fake_io_release(fake_io *io) {
    fail_if_broken(io->broken);
    free(io->lent);
    s2s_buf_release(&io->output);
}

s2s_search_recipe fake_recipe(int beam_size, int n_best, int batch_sentences) {
    return (s2s_search_recipe){.type = S2S_BEAM,
                               .beam_size = beam_size,
                               .beam_groups = 1,
                               .patience = 1,
                               .temperature = 1,
                               .top_p = 1,
                               .repetition_penalty = 1,
                               .length_penalty = 1,
                               .max_decoding_length = 40,
                               .n_best = n_best,
                               .batch_tokens = 4096,
                               .batch_sentences = batch_sentences};
}
