/* A lexical shortlist: for each source token the target tokens that its translations are made of, so that a search
 * computes the scores of some hundred tokens instead of the whole vocabulary.
 *
 * What a sentence may be translated to are the tokens that are always allowed (the most frequent ones, eos and unk)
 * and those on the lists of its source tokens. The file (docs/model-format.md) belongs to the two vocabularies that
 * it was learnt with; it is mapped and may be shared by threads. */
#ifndef S2S_TEXT_SHORTLIST_H
#define S2S_TEXT_SHORTLIST_H

#include "text/vocabulary.h"

/* All zero is valid and closed. To write one, without `map`: the arrays are the caller's. */
typedef struct s2s_shortlist {
    s2s_map map;
    int source_size, target_size; /* of the vocabularies */
    int always_n;
    const int32_t *always;  /* [always_n] ascending */
    const uint32_t *starts; /* [source_size + 1] where the list of each source token begins */
    const int32_t *targets; /* [starts[source_size]] ascending within a list */
} s2s_shortlist;

/* Writes the file as a whole or not at all. */
s2s_status s2s_shortlist_write(const s2s_shortlist *list, const char *path,
                               const s2s_vocabulary *source, const s2s_vocabulary *target,
                               s2s_err *err);

/* S2S_INPUT when the file is no shortlist, cut short, damaged, of another version, or learnt with other vocabularies
 * (their pieces and how text is normalised). */
s2s_status s2s_shortlist_open(s2s_shortlist *list, const char *path, const s2s_vocabulary *source,
                              const s2s_vocabulary *target, s2s_err *err);
void s2s_shortlist_close(s2s_shortlist *list);

/* Words of scratch for s2s_shortlist_tokens. */
size_t s2s_shortlist_marks(const s2s_shortlist *list);
/* Appends the target tokens that a sentence of these n source tokens may use, ascending. `marks` is all zero before
 * and after. */
s2s_status s2s_shortlist_tokens(const s2s_shortlist *list, const int32_t *source, int n,
                                uint64_t *marks, s2s_ids *tokens, s2s_err *err);

#endif
