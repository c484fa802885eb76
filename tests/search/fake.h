/* Decoders for tests of the search: a language model whose logits and attention are hashes of source and
 * prefix, and one whose probabilities stand in a table. Both check that the search keeps to the scorer's
 * contract, and can be told to fail. Also an io that feeds sentences and keeps what comes out as
 * bytes.
 *
 * The search calls them from its workers' threads, where cmocka's asserts must not run (they jump to the
 * main thread's stack). So what breaks the contract is noted there, and told when they are released. */
#ifndef TESTS_SEARCH_FAKE_H
#define TESTS_SEARCH_FAKE_H

#include "base/memory.h"
#include "search/search.h"

enum { FAKE_EOS = 0, FAKE_BOS = 1 };

/* Probabilities of the token after a prefix, whose tokens are written as letters (token 1 is 'a').
 */
typedef struct fake_entry {
    const char *prefix;
    float probability[4];
} fake_entry;

typedef struct fake_sentence {
    bool open;
    int source_n;
    int32_t *source;
    int *lengths;     /* [states_n] tokens of a state's prefix */
    int32_t **tokens; /* [states_n] the prefixes */
    size_t states_n;
} fake_sentence;

typedef struct fake {
    s2s_scorer scorer;
    const fake_entry *table; /* ended by a null prefix; NULL: hashes */
    bool
        few; /* a sentence may have only some tokens, which the scorer then tells: fake_choose_few */
    float grain;     /* logits are multiples of it, so that many are equal; 0: not rounded */
    float ending;    /* logit that eos gains with each token */
    int32_t endless; /* a source that begins with this token never ends; 0: none */
    int fail_open, fail_step, nan_step, raise_step; /* at the n-th call, from 1; 0: never */
    /* what happened */
    int opens, steps, groups, closes, open_now, open_most, group_most;
    int64_t tokens_now, tokens_most; /* source tokens of open sentences */
    size_t rows;
    fake_sentence *sentences;
    int capacity;
    s2s_real *whole, *logits; /* of the last step, and the part of it that was asked for last */
    int whole_n;
    s2s_real *possible; /* of the last step: the logits of the tokens that each row may have, */
    int32_t *tokens;    /* and these tokens: [whole_n x vocabulary] each */
    const char *broken; /* the first part of the contract that was not kept; NULL: none */
} fake;

void fake_init(fake *f, int vocabulary);
/* From now on about half of the tokens are impossible for a sentence, eos aside. */
void fake_choose_few(fake *f);
/* Fails the test when the search broke the contract, or left a sentence open. */
void fake_release(fake *f);
/* Logits after a prefix, from scratch. */
void fake_logits(const fake *f, const int32_t *source, int source_n, const int32_t *prefix, int n,
                 s2s_real *logits);
/* How much of the source, end symbol included, the step after a prefix looks at: weights [source_n + 1],
 * multiples of 2^-8, so that sums of them are exact in any order. */
void fake_attention(const int32_t *source, int source_n, const int32_t *prefix, int n,
                    s2s_real *weights);

/* Feeds sentences: requests, or sources of an array, or hashed ones of length [1, longest]. */
typedef struct fake_io {
    const s2s_request *requests;
    const int32_t *const *sources;
    const int *lengths;
    uint64_t sentences;
    int longest; /* of hashed sentences */
    uint64_t read, done;
    uint64_t ahead_most; /* sentences read and not given out */
    int fail_next, fail_done;
    bool keep;      /* keep the output */
    bool attention; /* with the attention of hypotheses */
    s2s_request *lent;
    s2s_buf output;     /* index, n, then the hypotheses, all as bytes */
    const char *broken; /* as of a fake */
} fake_io;

s2s_search_io fake_io_make(fake_io *io);
void fake_io_release(fake_io *io); /* as fake_release */
/* The hashed sentence of that index: ids [longest] are filled, the length is returned. */
int fake_source(uint64_t index, int longest, int32_t *ids);
s2s_status fake_put(s2s_buf *output, uint64_t index, const s2s_hypothesis *best, int n,
                    s2s_err *err);

/* A recipe of beam search with generous limits. */
s2s_search_recipe fake_recipe(int beam_size, int n_best, int batch_sentences);

#endif
