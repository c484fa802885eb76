/* A recipe: everything that makes a model and its training, as typed values.
 *
 * The keys, types, ranges, defaults and the sentence that explains each stand once, in the tables of
 * schema_*.c; the parser, `s2s recipe --explain`, the resolved recipe and docs/recipe.md all read it.
 * A recipe is immutable after parsing; its memory belongs to its own arena and is freed by
 * s2s_recipe_free. */
#ifndef S2S_RECIPE_RECIPE_H
#define S2S_RECIPE_RECIPE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/memory.h"
#include "base/metrics.h"

/* Texts in the order in which they were given. */
typedef struct s2s_string_list {
    const char *const *items;
    int n;
} s2s_string_list;

/* --- data --- */

/* Targets that one source of a held-out corpus may have. */
enum { S2S_MOST_TARGETS = 16 };

/* What is kept of a text that has too many tokens; src/text/cut.h is the rule. */
typedef enum s2s_long_text {
    S2S_LONG_HEAD,
    S2S_LONG_TAIL,
    S2S_LONG_HEAD_TAIL,
    S2S_LONG_DROP, /* nothing: the example is left out. Searches, which answer every line, have no such value. */
} s2s_long_text;

/* The order in which a target's tokens are learnt and written. Texts are the same in both. */
typedef enum s2s_writing { S2S_LEFT_TO_RIGHT, S2S_RIGHT_TO_LEFT } s2s_writing;

/* One source of examples, in exactly one of four forms: two line-aligned files (source, target),
 * one TSV file with columns, one file of JSON lines with fields, or running text. What belongs to another form is
 * NULL or 0. Objectives that have no targets take the sources alone. Paths in a loaded recipe are absolute: they were seen from the folder of the file that
 * gave them. */
typedef struct s2s_corpus {
    const char *name;                     /* of a test set; else NULL */
    const char *source, *target;          /* line-aligned files */
    const char *tsv;                      /* or one TSV file, */
    int64_t source_column, target_column; /* columns counted from 1 */
    const char *json;                     /* or one file of JSON lines */
    const char *source_field;             /* and the names of its fields */
    s2s_string_list
        target_field; /* several, at most S2S_MOST_TARGETS, are references of one source */
    const char *text; /* documents, an empty line between two; for objectives without targets */
    double weight;    /* how often an example comes in an epoch, on average */
} s2s_corpus;

typedef struct s2s_corpora {
    s2s_corpus *items;
    int n;
} s2s_corpora;

typedef struct s2s_data_recipe {
    s2s_corpora train, valid, test; /* any may be empty: a model's recipe need not know its data */
    int64_t max_length; /* tokens a side, end symbol included; longer ones are dropped or cut */
    s2s_long_text long_sources, long_targets;
    double head_share;  /* of S2S_LONG_HEAD_TAIL: the head's part of the tokens that are kept */
    int64_t min_length; /* tokens a side */
    double max_ratio;   /* of the two lengths; 0: no limit */
    s2s_writing target_direction;
    const char *cache; /* folder of the token cache; NULL: in the run folder */
} s2s_data_recipe;

/* --- text --- */

typedef enum s2s_vocabulary_type { S2S_UNIGRAM, S2S_BPE } s2s_vocabulary_type;
typedef enum s2s_normalization { S2S_NFKC, S2S_NFC, S2S_NORMALIZE_NONE } s2s_normalization;
typedef enum s2s_whitespace { S2S_WHITESPACE_COLLAPSE, S2S_WHITESPACE_KEEP } s2s_whitespace;

typedef struct s2s_vocabulary_recipe {
    s2s_vocabulary_type type;
    int64_t size;
    bool shared;               /* one vocabulary for source and target */
    double character_coverage; /* share of characters that get a piece */
    int64_t sample_lines;      /* lines to learn from at most */
    bool byte_fallback;        /* unknown characters as UTF-8 bytes */
    const char *model;         /* an existing SentencePiece model instead of training */
    const char *target_model;  /* and, when not shared, the target's */
    s2s_string_list symbols;   /* pieces that no text is cut into */
} s2s_vocabulary_recipe;

typedef struct s2s_text_recipe {
    s2s_vocabulary_recipe vocabulary;
    bool lowercase;
    s2s_normalization normalization;
    s2s_whitespace whitespace;
    double sampling_alpha;  /* subword regularisation in training: 0 is off */
    int64_t sampling_nbest; /* candidates to draw from; -1: all (unigram) */
} s2s_text_recipe;

/* --- model --- */

typedef enum s2s_stack_type { S2S_TRANSFORMER } s2s_stack_type;
typedef enum s2s_activation {
    S2S_RELU,
    S2S_GELU,
    S2S_GELU_TANH,
    S2S_SWIGLU,
    S2S_GEGLU
} s2s_activation;

/* Whether its input has two halves, of which one is the gate of the other. */
static inline bool s2s_activation_is_gated(s2s_activation activation) {
    return activation == S2S_SWIGLU || activation == S2S_GEGLU;
}

/* What the backward pass computes again instead of keeping it. */
typedef enum s2s_recompute {
    S2S_RECOMPUTE_NONE,
    S2S_RECOMPUTE_CHEAP, /* norms, activations */
    S2S_RECOMPUTE_LAYERS /* whole layers */
} s2s_recompute;

/* What the inputs of a training step's products are rounded to. */
typedef enum s2s_train_precision {
    S2S_TRAIN_FLOAT32,
    S2S_TRAIN_BFLOAT16,
    S2S_TRAIN_AUTO /* the faster one on this processor; resolved, it is one of the others */
} s2s_train_precision;

typedef enum s2s_norm_place { S2S_POST_NORM, S2S_PRE_NORM } s2s_norm_place;
typedef enum s2s_norm_type { S2S_LAYER_NORM, S2S_RMS_NORM } s2s_norm_type;
typedef enum s2s_positions {
    S2S_SINUSOIDAL,
    S2S_LEARNED,
    S2S_RELATIVE,
    S2S_ROTARY,
    S2S_NO_POSITIONS
} s2s_positions;
typedef enum s2s_tie { S2S_TIE_NONE, S2S_TIE_DECODER, S2S_TIE_INPUTS, S2S_TIE_ALL } s2s_tie;

/* The keys that encoder and decoder have in common; what the decoder leaves out is the encoder's.
 */
typedef struct s2s_stack_recipe {
    bool present;
    s2s_stack_type type;
    int64_t layers, width, heads;
    int64_t kv_heads, feed_forward; /* 0: heads; 4 width */
    int64_t head_width;             /* 0: as s2s_head_width tells */
    s2s_activation activation;
    s2s_norm_place norm;
    s2s_norm_type norm_type;
    double norm_eps;
    s2s_positions positions;
    int64_t max_positions; /* of learned positions */
    int64_t segments;      /* encoder only: kinds of segments with an embedding each; 0: none */
    int64_t relative_buckets, relative_span; /* T5: 32 buckets up to a distance of 128 */
    bool bias;                               /* of linear layers and layer norm */
    bool embedding_scale;                    /* embeddings times sqrt(width) */
    bool embedding_norm;                     /* a norm after embeddings */
    double dropout, attention_dropout, activation_dropout;
    const char *from; /* folder of a model whose stack this one begins as; NULL: at random */
    bool freeze;      /* stays as it begins */
    s2s_tie tie; /* decoder only: none; decoder: input and output embedding; inputs: the source's
                    and the decoder's; all: all three */
    bool output_bias; /* decoder only */
} s2s_stack_recipe;

/* Features of a head. It stays unresolved, so that who changes a model's width changes it as well. */
static inline int s2s_head_width(const s2s_stack_recipe *stack) {
    return (int)(stack->head_width ? stack->head_width : stack->width / stack->heads);
}

/* --- objective --- */

typedef enum s2s_objective_type {
    S2S_TRANSLATION,
    S2S_MASKED_LM,
    S2S_CAUSAL_LM,
    S2S_SPAN_CORRUPTION,
    S2S_DENOISING,
    S2S_PREFIX_LM
} s2s_objective_type;

typedef struct s2s_objective_recipe {
    s2s_objective_type type;
    double label_smoothing;
    double mask_share; /* of a text's tokens that masked_lm asks for */
    double mask_random,
        mask_kept; /* of those: replaced by any token, left as they are; the others become <mask> */
    bool whole_words;                    /* the pieces of a word are masked together */
    bool static_masks;                   /* the same in each epoch */
    double corruption;                   /* share of a text's tokens that span_corruption hides */
    double mean_span;                    /* tokens of a span that it or denoising hides */
    double infilling, deletion, masking; /* denoising: shares of a text's tokens, ... */
    double permutation, rotation;        /* ... of its lines, and of texts */
} s2s_objective_recipe;

/* What a model for an objective consists of, and what it learns from. */
typedef struct s2s_objective_shape {
    bool encoder, decoder;
    bool targets;       /* a text is learnt from another one; else from itself */
    const char *symbol; /* a piece that its vocabulary needs; or NULL */
    bool sentinels;     /* its vocabulary needs S2S_SENTINEL pieces as well */
} s2s_objective_shape;
const s2s_objective_shape *s2s_objective_shape_of(s2s_objective_type type);

/* How span_corruption cuts a text. */
typedef struct s2s_span_counts {
    int64_t hidden; /* tokens: of a text of two or more one at least, and never all */
    int64_t spans;  /* that they lie in, a token at least in each and between two */
} s2s_span_counts;
s2s_span_counts s2s_spans_of(const s2s_objective_recipe *objective, int64_t length);

#define S2S_SENTINEL "<extra_id_%d>" /* the piece that stands for span number %d, from 0 */

/* --- search --- */

typedef enum s2s_search_type { S2S_BEAM, S2S_GREEDY, S2S_SAMPLE } s2s_search_type;
typedef enum s2s_length_penalty_type {
    S2S_LENGTH_POWER, /* length^a */
    S2S_LENGTH_GNMT   /* ((5 + length) / 6)^a (Wu et al. 2016) */
} s2s_length_penalty_type;
/* When a beam has found what it looks for. */
typedef enum s2s_stopping {
    S2S_STOP_COUNT, /* patience * beam_size hypotheses are finished */
    S2S_STOP_BOUND  /* no live one can still beat the n_best finished ones */
} s2s_stopping;

typedef struct s2s_search_recipe {
    s2s_search_type type;
    int64_t beam_size;
    int64_t beam_groups;      /* diverse beam search; 1: off */
    double diversity_penalty; /* for each earlier group that chose the token in this step */
    s2s_stopping stopping;
    double patience;
    double temperature, top_p, min_p; /* of sampling; 1, 1 and 0: off */
    int64_t top_k;                    /* 0: off */
    int64_t seed;                     /* of sampling */
    s2s_length_penalty_type length_penalty_type;
    double length_penalty;   /* the a of the penalty that log p is divided by */
    double coverage_penalty; /* times sum_source log min(1, attention it got); 0: off */
    double
        max_length_ratio; /* of target to source tokens, plus max_length_offset; 0: no such limit */
    int64_t max_length_offset;
    int64_t max_source_length;   /* tokens, end symbol not counted; longer sources are cut */
    s2s_long_text long_sources;  /* what is kept of them; never S2S_LONG_DROP */
    double head_share;           /* as in s2s_data_recipe */
    int64_t max_decoding_length; /* tokens, end symbol counted */
    int64_t min_decoding_length;
    int64_t no_repeat_ngram_size; /* no n tokens come twice; 0: off */
    double repetition_penalty;    /* divides what speaks for a token that was there; 1: off */
    bool suppress_unk;
    s2s_string_list suppress_tokens; /* pieces that never come */
    int64_t n_best;
    s2s_metric_type mbr;     /* minimum-Bayes-risk decoding by this metric; S2S_METRIC_LOSS: off */
    int64_t mbr_candidates;  /* of which it gives out the n_best */
    int64_t batch_tokens;    /* source tokens encoded together */
    int64_t batch_sentences; /* sentences searched together; 0: by the width, s2s_search_batch */
    const char *shortlist;   /* file of a lexical shortlist; NULL: any target token may come */
} s2s_search_recipe;

/* --- training --- */

typedef enum s2s_optimizer_type { S2S_ADAM, S2S_ADAMW, S2S_SGD } s2s_optimizer_type;
/* What the moments of Adam are stored as. */
typedef enum s2s_moments { S2S_FLOAT32_MOMENTS, S2S_BFLOAT16_MOMENTS } s2s_moments;
typedef enum s2s_schedule_type {
    S2S_INVERSE_SQRT,
    S2S_LINEAR,
    S2S_COSINE,
    S2S_CONSTANT,
    S2S_PLATEAU
} s2s_schedule_type;

typedef struct s2s_optimizer_recipe {
    s2s_optimizer_type type;
    double learning_rate; /* the peak, reached at the end of the warm-up */
    double adam_betas[2], adam_eps, weight_decay, clip_norm; /* clip_norm 0: off */
    s2s_moments moments;
} s2s_optimizer_recipe;

typedef struct s2s_schedule_recipe {
    s2s_schedule_type type;
    int64_t warmup_steps;
    int64_t decay_steps; /* linear, cosine: steps until min_learning_rate; 0: until max_steps */
    double min_learning_rate;
    double plateau_factor;    /* plateau: the rate times this ... */
    int64_t plateau_patience; /* ... after so many validations without progress */
} s2s_schedule_recipe;

typedef struct s2s_validation_recipe {
    int64_t every;                             /* steps; 0: every epoch */
    s2s_metric_type metrics[S2S_METRIC_TYPES]; /* besides the loss, which is always measured */
    int metrics_n;
    s2s_search_recipe search; /* default: greedy */
} s2s_validation_recipe;

typedef struct s2s_early_stopping_recipe {
    s2s_metric_type metric;
    int64_t patience; /* validations without a better value; 0: never stop early */
} s2s_early_stopping_recipe;

typedef struct s2s_train_recipe {
    int64_t batch_tokens;          /* of the longer side, in a batch */
    int64_t accumulate;            /* batches a step */
    int64_t max_steps, max_epochs; /* 0: no such limit */
    s2s_optimizer_recipe optimizer;
    s2s_schedule_recipe schedule;
    s2s_validation_recipe validation;
    s2s_early_stopping_recipe early_stopping;
    s2s_train_precision precision;
    s2s_recompute recompute;
    double ema_decay;             /* 0: off */
    int64_t average_last;         /* the model at the end is the mean of the last N validations'
                             checkpoints; 1: the best alone */
    int64_t save_every;           /* steps, besides every validation; 0: off */
    int64_t keep_last, keep_best; /* checkpoints of validations */
    int64_t log_every;            /* steps */
} s2s_train_recipe;

/* A list of paths, by pointer. */
typedef struct s2s_path_list {
    const char *path;
    const struct s2s_path_list *next;
} s2s_path_list;

typedef struct s2s_recipe {
    const char *name;
    const char *output; /* the run folder; default runs/NAME beside the recipe */
    int64_t seed;
    s2s_data_recipe data;
    s2s_text_recipe text;
    s2s_stack_recipe encoder, decoder;
    s2s_objective_recipe objective;
    s2s_train_recipe train;
    s2s_search_recipe search;
    const s2s_path_list
        *given_absolute; /* those of the paths above that were not seen from a folder */
    s2s_arena arena;
} s2s_recipe;

/* How many S2S_SENTINEL pieces the recipe's objective needs, one behind the last span of the longest text included; 0:
 * it has no spans. */
int64_t s2s_sentinels_of(const s2s_recipe *recipe);

/* Reads `path`, lays `base:` recipes under it and `sets` ("key.path=value") over it, fills in
 * defaults and checks ranges and contradictions. The first mistake is the error: "FILE:LINE:COLUMN:
 * KEY: what is wrong (the range); did you mean NEAREST?". Whether the files that it names exist is
 * for those to say who open them. *recipe is the caller's. */
s2s_status s2s_recipe_load(s2s_recipe **recipe, const char *path, const char *const *sets,
                           int n_sets, s2s_err *err);
/* The same for a text in memory; `path` only names it in messages and is where relative paths
 * start. */
s2s_status s2s_recipe_parse(s2s_recipe **recipe, const char *text, size_t length, const char *path,
                            const char *const *sets, int n_sets, s2s_err *err);
void s2s_recipe_free(s2s_recipe *recipe);

/* Whether the recipe is of a model that writes a text for another one, which searches and scores need. S2S_USAGE: its
 * objective has no such model; the message tells which one has. */
s2s_status s2s_recipe_needs_targets(const s2s_recipe *recipe, s2s_err *err);

/* Lays keys of the search section over *search, for one line of input: `text` is a mapping, as YAML or JSON.
 * After a failure *search is as it was. Keys that only a whole run can have are refused. */
s2s_status s2s_search_recipe_lay(s2s_search_recipe *search, const char *text, size_t length,
                                 s2s_err *err);

/* The recipe as YAML with every default written out. Loading the result gives an equal recipe. */
s2s_status s2s_recipe_write(const s2s_recipe *recipe, s2s_buf *yaml, s2s_err *err);

/* The same for a file in `folder`, which must exist: paths that were given relative to a recipe are relative to
 * that file. So a tree of recipes, data and models can be moved, and a model does not tell where it was made. */
s2s_status s2s_recipe_write_in(const s2s_recipe *recipe, const char *folder, s2s_buf *yaml,
                               s2s_err *err);

/* Text for `s2s recipe --explain [key]`: one key, all below it, or everything (key NULL). */
s2s_status s2s_recipe_explain(const char *key, s2s_buf *text, s2s_err *err);
/* docs/recipe.md. */
s2s_status s2s_recipe_reference(s2s_buf *markdown, s2s_err *err);

#endif
