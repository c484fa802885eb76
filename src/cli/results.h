/* What `s2s translate` writes for a line: text, columns or JSON, as it came. */
#ifndef S2S_CLI_RESULTS_H
#define S2S_CLI_RESULTS_H

#include "cli/lines.h"
#include "cli/output.h"

typedef enum s2s_alignment_form {
    S2S_ALIGNMENT_NONE,
    S2S_ALIGNMENT_HARD, /* each token with the source token that it looks at most */
    S2S_ALIGNMENT_SOFT  /* all weights */
} s2s_alignment_form;
extern const char *const s2s_alignment_names[];

/* What is written beside the text. */
typedef struct s2s_result_options {
    bool json;
    bool scores, token_scores;
    int alignment; /* s2s_alignment_form */
    int64_t n_best;
} s2s_result_options;

#define S2S_RESULT_OPTIONS(o)                                                                      \
    S2S_FLAG("scores", &(o)->scores, "Write the score and a tab before each translation."),        \
        S2S_FLAG("token-scores", &(o)->token_scores,                                               \
                 "Write the log p of each token after the translation."),                          \
        S2S_CHOICE_OPTION("alignment", s2s_alignment_names, &(o)->alignment,                       \
                          "After the translation, what its tokens look at in the source: the "     \
                          "most seen token of each as pairs of source and target (hard), or all "  \
                          "weights (soft).")

/* The pieces of texts are the vocabularies'. */
typedef struct s2s_result_writer {
    s2s_output *output;
    s2s_result_options options;
    const s2s_vocabulary *source, *target;
} s2s_result_writer;

/* The translations of line `index` (from 0), best first. */
s2s_status s2s_result_write(const s2s_result_writer *writer, uint64_t index, const s2s_line *line,
                            const s2s_translation *best, int n, s2s_err *err);

#endif
