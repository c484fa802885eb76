/* The schema table: see schema.h. A key's name is its field's; its default stands here and nowhere
 * else. */
#include "recipe/schema.h"

#include <math.h>

/* --- names of enum values, as recipes write them --- */

static const char *const vocabulary_types[] = {[S2S_UNIGRAM] = "unigram", [S2S_BPE] = "bpe", NULL};
static const char *const normalizations[] = {
    [S2S_NFKC] = "nfkc", [S2S_NFC] = "nfc", [S2S_NORMALIZE_NONE] = "none", NULL};
static const char *const whitespaces[] = {
    [S2S_WHITESPACE_COLLAPSE] = "collapse", [S2S_WHITESPACE_KEEP] = "keep", NULL};
static const char *const long_texts[] = {[S2S_LONG_HEAD] = "head",
                                         [S2S_LONG_TAIL] = "tail",
                                         [S2S_LONG_HEAD_TAIL] = "head-tail",
                                         [S2S_LONG_DROP] = "drop",
                                         NULL};
static const char *const cut_texts[] = {
    [S2S_LONG_HEAD] = "head", [S2S_LONG_TAIL] = "tail", [S2S_LONG_HEAD_TAIL] = "head-tail", NULL};
static const char *const stack_types[] = {[S2S_TRANSFORMER] = "transformer", NULL};
static const char *const activations[] = {
    [S2S_RELU] = "relu", [S2S_GELU] = "gelu", [S2S_SWIGLU] = "swiglu", NULL};
static const char *const norm_places[] = {[S2S_POST_NORM] = "post", [S2S_PRE_NORM] = "pre", NULL};
static const char *const precisions[] = {[S2S_TRAIN_FLOAT32] = "float32",
                                         [S2S_TRAIN_BFLOAT16] = "bfloat16",
                                         [S2S_TRAIN_AUTO] = "auto",
                                         NULL};
static const char *const recomputes[] = {[S2S_RECOMPUTE_NONE] = "none",
                                         [S2S_RECOMPUTE_CHEAP] = "cheap",
                                         [S2S_RECOMPUTE_LAYERS] = "layers",
                                         NULL};
static const char *const norm_types[] = {[S2S_LAYER_NORM] = "layer", [S2S_RMS_NORM] = "rms", NULL};
static const char *const positions[] = {
    [S2S_SINUSOIDAL] = "sinusoidal", [S2S_LEARNED] = "learned",   [S2S_RELATIVE] = "relative",
    [S2S_ROTARY] = "rotary",         [S2S_NO_POSITIONS] = "none", NULL};
static const char *const ties[] = {
    [S2S_TIE_NONE] = "none", [S2S_TIE_DECODER] = "decoder", [S2S_TIE_ALL] = "all", NULL};
static const char *const objective_types[] = {[S2S_TRANSLATION] = "translation", NULL};
static const char *const search_types[] = {
    [S2S_BEAM] = "beam", [S2S_GREEDY] = "greedy", [S2S_SAMPLE] = "sample", NULL};
#define METRIC_NAME(number, name, make, better) [number] = (name),
/* Of labels each text would be one more class: there is nothing to compare. */
static const char *const mbr_metrics[] = {[S2S_METRIC_LOSS] = "none",
                                          S2S_TEXT_METRICS(METRIC_NAME) NULL};
static const char *const length_penalties[] = {
    [S2S_LENGTH_POWER] = "power", [S2S_LENGTH_GNMT] = "gnmt", NULL};
static const char *const stoppings[] = {
    [S2S_STOP_COUNT] = "count", [S2S_STOP_BOUND] = "bound", NULL};
static const char *const optimizer_types[] = {
    [S2S_ADAM] = "adam", [S2S_ADAMW] = "adamw", [S2S_SGD] = "sgd", NULL};
static const char *const moments[] = {
    [S2S_FLOAT32_MOMENTS] = "float32", [S2S_BFLOAT16_MOMENTS] = "bfloat16", NULL};
static const char *const schedule_types[] = {
    [S2S_INVERSE_SQRT] = "inverse_sqrt", [S2S_LINEAR] = "linear",   [S2S_COSINE] = "cosine",
    [S2S_CONSTANT] = "constant",         [S2S_PLATEAU] = "plateau", NULL};

/* --- one line of the table --- */

#define FIELD(kind, S, field) .name = #field, .type = S2S_KEY_##kind, .offset = offsetof(S, field)
#define TRUTH(S, field, initially, text)                                                           \
    { FIELD(BOOL, S, field), .initial = #initially, .help = text }
#define WHOLE(S, field, initially, lowest, highest, text, ...)                                     \
    {                                                                                              \
        FIELD(INT, S, field), .initial = #initially, .low = lowest, .high = highest, .help = text, \
                              __VA_ARGS__                                                          \
    }
#define NUMBER(S, field, initially, lowest, highest, text, ...)                                    \
    {                                                                                              \
        FIELD(REAL, S, field), .initial = #initially, .low = lowest, .high = highest,              \
                               .help = text, __VA_ARGS__                                           \
    }
#define CHOICE(S, field, values, initially, text, ...)                                             \
    { FIELD(ENUM, S, field), .initial = #initially, .names = values, .help = text, __VA_ARGS__ }
#define TEXT(S, field, text, ...)                                                                  \
    { FIELD(STRING, S, field), .help = text, __VA_ARGS__ }
#define FILE_PATH(S, field, text, ...)                                                             \
    { FIELD(PATH, S, field), .help = text, __VA_ARGS__ }
#define SECTION(S, field, below, text, ...)                                                        \
    { FIELD(SECTION, S, field), .section = &below, .help = text, __VA_ARGS__ }
#define PLAIN .flags = 0 /* for the variable part where there is nothing to add */
#define KEYS(table)                                                                                \
    { table, sizeof table / sizeof *table }

/* --- data --- */

#define CORPUS_KEYS                                                                                \
    FILE_PATH(s2s_corpus, source,                                                                  \
              "Text file of the source side, a sentence a line, maybe gzipped.", PLAIN),           \
        FILE_PATH(s2s_corpus, target,                                                              \
                  "Text file of the target side, its lines those of `source`.", PLAIN),            \
        FILE_PATH(s2s_corpus, tsv,                                                                 \
                  "File of tab-separated columns, instead of `source` and `target`.", PLAIN),      \
        {FIELD(INT, s2s_corpus, source_column), .low = 1, .high = 10000, .note = "1 with `tsv`",   \
         .help = "Column of `tsv` that holds the source, counted from 1."},                        \
        {FIELD(INT, s2s_corpus, target_column), .low = 1, .high = 10000, .note = "2 with `tsv`",   \
         .help = "Column of `tsv` that holds the target, counted from 1."},                        \
        FILE_PATH(s2s_corpus, json,                                                                \
                  "File of JSON lines, an object a line, instead of the two other forms.", PLAIN), \
        TEXT(s2s_corpus, source_field, "Field of `json` that holds the source.",                   \
             .note = "`source` with `json`"),                                                      \
    {                                                                                              \
        FIELD(STRINGS, s2s_corpus, target_field),                                                  \
            .flags = S2S_KEY_OR_ONE, .note = "`target` with `json`",                               \
            .help =                                                                                \
                "Field of `json` that holds the target. Held-out corpora may name several, the "   \
                "references that a metric compares with; the loss is that of the first."           \
    }

static const s2s_key train_corpus_keys[] = {
    CORPUS_KEYS,
    NUMBER(s2s_corpus, weight, 1.0, 0, 1e6,
           "How often an example of this corpus comes in an epoch, on average: 0.5 every other "
           "epoch, 2 twice in each.",
           .flags = S2S_KEY_ABOVE_LOW),
};
static const s2s_section train_corpus = KEYS(train_corpus_keys);
static const s2s_key held_out_corpus_keys[] = {CORPUS_KEYS};
static const s2s_section held_out_corpus = KEYS(held_out_corpus_keys);

static const s2s_key data_keys[] = {
    {FIELD(CORPORA, s2s_data_recipe, train), .section = &train_corpus,
     .help = "The examples to learn from: one corpus, or a list of them. A corpus is a pair of "
             "line-aligned files, one TSV file or one file of JSON lines."},
    {FIELD(CORPORA, s2s_data_recipe, valid), .section = &held_out_corpus,
     .help = "Held-out examples that tell during training how good the model is: one corpus, or a "
             "list of them."},
    {FIELD(TESTS, s2s_data_recipe, test), .section = &held_out_corpus,
     .help = "Test sets by name, each one corpus; the finished model is scored on all of them."},
    WHOLE(s2s_data_recipe, max_length, 256, 2, 1000000,
          "Tokens a side, end symbol included; `long_sources` and `long_targets` say what becomes "
          "of longer ones.",
          PLAIN),
    CHOICE(s2s_data_recipe, long_sources, long_texts, drop,
           "Examples whose source is too long are dropped, or cut to `max_length`: to their head, "
           "their tail, or a head and a tail that share the room by `head_share`.",
           PLAIN),
    CHOICE(s2s_data_recipe, long_targets, long_texts, drop, "The same for the target.", PLAIN),
    NUMBER(s2s_data_recipe, head_share, 0.5, 0, 1,
           "The head's part of the tokens that head-tail keeps.",
           .flags = S2S_KEY_ABOVE_LOW | S2S_KEY_BELOW_HIGH),
    WHOLE(s2s_data_recipe, min_length, 1, 1, 1000000,
          "Tokens a side, end symbol not counted; shorter examples are dropped.", PLAIN),
    NUMBER(s2s_data_recipe, max_ratio, 0, 1, INFINITY,
           "Examples with one side more than this many times longer than the other, in tokens, are "
           "dropped; 0 is no such limit.",
           .flags = S2S_KEY_OR_ZERO),
    FILE_PATH(s2s_data_recipe, cache, "Folder for the token cache, which recipes may share.",
              .note = "in the run folder"),
};
static const s2s_section data_section = KEYS(data_keys);

/* --- text --- */

static const s2s_key vocabulary_keys[] = {
    CHOICE(s2s_vocabulary_recipe, type, vocabulary_types, unigram, "Kind of SentencePiece model.",
           PLAIN),
    WHOLE(s2s_vocabulary_recipe, size, 8000, 4, 1000000, "Pieces, the special ones included.",
          PLAIN),
    TRUTH(s2s_vocabulary_recipe, shared, true,
          "One vocabulary for source and target; false makes two."),
    NUMBER(s2s_vocabulary_recipe, character_coverage, 1.0, 0.98, 1,
           "Share of the text's characters that get a piece; 0.9995 suits Chinese and Japanese.",
           PLAIN),
    WHOLE(s2s_vocabulary_recipe, sample_lines, 1000000, 101, INFINITY, /* as SentencePiece has it */
          "Lines to learn the pieces from at most, drawn at random; 0 takes all.",
          .flags = S2S_KEY_OR_ZERO),
    TRUTH(s2s_vocabulary_recipe, byte_fallback, false,
          "Write characters without a piece as UTF-8 bytes, so that nothing is unknown."),
    FILE_PATH(s2s_vocabulary_recipe, model,
              "An existing SentencePiece model to use instead of training one.", PLAIN),
    FILE_PATH(s2s_vocabulary_recipe, target_model,
              "The target's existing SentencePiece model, when the vocabularies are separate.",
              PLAIN),
};
static const s2s_section vocabulary_section = KEYS(vocabulary_keys);

static const s2s_key text_keys[] = {
    SECTION(s2s_text_recipe, vocabulary, vocabulary_section,
            "The pieces that text is cut into, learned from the training data.", PLAIN),
    TRUTH(s2s_text_recipe, lowercase, false, "Lowercase all text; the model's output is so too."),
    CHOICE(s2s_text_recipe, normalization, normalizations, nfkc,
           "Unicode normalisation of all text.", PLAIN),
    CHOICE(s2s_text_recipe, whitespace, whitespaces, collapse,
           "Runs of white space become one space, or are kept (for code).", PLAIN),
    NUMBER(s2s_text_recipe, sampling_alpha, 0, 0, 10,
           "Subword regularisation: in training, sentences are cut at random. Unigram: the lower, "
           "the more random (0.1 to 0.5 is usual); bpe: the share of merges left out. 0 is off.",
           PLAIN),
    WHOLE(s2s_text_recipe, sampling_nbest, -1, -1, 512,
          "Unigram: draw from so many best segmentations; -1 draws from all.", PLAIN),
};
static const s2s_section text_section = KEYS(text_keys);

/* --- model --- */

#define SHARE .low = 0, .high = 1, .flags = S2S_KEY_BELOW_HIGH

#define STACK_KEYS                                                                                 \
    CHOICE(s2s_stack_recipe, type, stack_types, transformer, "Kind of layers.", PLAIN),            \
        WHOLE(s2s_stack_recipe, layers, 6, 1, 1000, "Number of layers.", PLAIN),                   \
        WHOLE(s2s_stack_recipe, width, 512, 1, 65536,                                              \
              "Features of a token between layers; a multiple of `heads`.", PLAIN),                \
        WHOLE(s2s_stack_recipe, heads, 8, 1, 1024, "Attention heads.", PLAIN),                     \
        WHOLE(s2s_stack_recipe, kv_heads, 0, 0, 1024,                                              \
              "Heads of keys and values, which groups of query heads share; divides `heads`.",     \
              .note = "as many as `heads`"),                                                       \
        WHOLE(s2s_stack_recipe, feed_forward, 0, 0, 1048576,                                       \
              "Features inside the feed-forward block.", .note = "4 times `width`"),               \
        CHOICE(s2s_stack_recipe, activation, activations, relu,                                    \
               "Function inside the feed-forward block; swiglu has a third matrix there.", PLAIN), \
        CHOICE(s2s_stack_recipe, norm, norm_places, pre,                                           \
               "The norm before each block (trains without trouble) or after the residual "        \
               "(Vaswani et al. "                                                                  \
               "2017).",                                                                           \
               PLAIN),                                                                             \
        CHOICE(s2s_stack_recipe, norm_type, norm_types, layer,                                     \
               "Layer norm, or root mean square norm without mean and bias.", PLAIN),              \
        NUMBER(s2s_stack_recipe, norm_eps, 1e-5, 0, 1, "Added to the variance in a norm.",         \
               .flags = S2S_KEY_ABOVE_LOW | S2S_KEY_BELOW_HIGH),                                   \
        CHOICE(s2s_stack_recipe, positions, positions, sinusoidal,                                 \
               "How a token's place is told: added to the embedding (sinusoidal, learned), as a "  \
               "bias of "                                                                          \
               "attention (relative, as in T5) or by turning queries and keys (rotary).",          \
               PLAIN),                                                                             \
        WHOLE(s2s_stack_recipe, max_positions, 1024, 1, 1000000,                                   \
              "Places that learned positions know; nothing may be longer.", PLAIN),                \
        WHOLE(s2s_stack_recipe, relative_buckets, 32, 4, 4096,                                     \
              "Relative positions: buckets of distances, even.", PLAIN),                           \
        WHOLE(s2s_stack_recipe, relative_span, 128, 2, 1000000,                                    \
              "Relative positions: distances from here on share the last bucket.", PLAIN),         \
        TRUTH(s2s_stack_recipe, bias, true, "Bias in linear layers and layer norms."),             \
        TRUTH(s2s_stack_recipe, embedding_scale, true,                                             \
              "Embeddings are multiplied by the square root of `width`."),                         \
        TRUTH(s2s_stack_recipe, embedding_norm, false, "A norm after the embeddings."),            \
        {FIELD(REAL, s2s_stack_recipe, dropout), .initial = "0.1", SHARE,                          \
         .help =                                                                                   \
             "Share of features set to zero after the embeddings and each block, in training."},   \
        {FIELD(REAL, s2s_stack_recipe, attention_dropout), .initial = "0", SHARE,                  \
         .help = "Share of attention weights set to zero, in training."},                          \
    {                                                                                              \
        FIELD(REAL, s2s_stack_recipe, activation_dropout),                                         \
            .initial = "0", SHARE,                                                                 \
            .help = "Share of features set to zero inside the feed-forward block, in training."    \
    }

static const s2s_key encoder_keys[] = {STACK_KEYS};
static const s2s_section encoder_section = KEYS(encoder_keys);

static const s2s_key decoder_keys[] = {
    STACK_KEYS,
    CHOICE(
        s2s_stack_recipe, tie, ties, all,
        "Embeddings that are one matrix: none; the decoder's input and output; or the source's as "
        "well, for which the vocabulary must be shared.",
        .note = "decoder when vocabularies or widths differ"),
    TRUTH(s2s_stack_recipe, output_bias, false, "A bias for each entry of the output layer."),
};
static const s2s_section decoder_section = KEYS(decoder_keys);

/* --- objective --- */

static const s2s_key objective_keys[] = {
    CHOICE(s2s_objective_recipe, type, objective_types, translation,
           "What is learned: to write the target for the source.", PLAIN),
    {FIELD(REAL, s2s_objective_recipe, label_smoothing), .initial = "0.1", SHARE,
     .help = "Share of the probability that is spread over the whole vocabulary."},
};
static const s2s_section objective_section = KEYS(objective_keys);

/* --- search --- */

#define SEARCH_KEYS(initial_type)                                                                  \
    CHOICE(                                                                                        \
        s2s_search_recipe, type, search_types, initial_type,                                       \
        "Keep the best prefixes (beam), only the one best (greedy, faster), or draw each token "   \
        "at random (sample).",                                                                     \
        .flags = S2S_KEY_OWN),                                                                     \
        WHOLE(s2s_search_recipe, beam_size, 5, 1, 1000, "Prefixes that a beam keeps.", PLAIN),     \
        WHOLE(s2s_search_recipe, beam_groups, 1, 1, 1000,                                          \
              "Groups of a diverse beam search, each with an equal share of `beam_size`; a group " \
              "avoids the tokens that those before it chose in the step.",                         \
              PLAIN),                                                                              \
        NUMBER(s2s_search_recipe, diversity_penalty, 0.5, 0, 1000,                                 \
               "With `beam_groups`: what a token's log p loses in the choice for each prefix of "  \
               "an earlier group that chose it.",                                                  \
               PLAIN),                                                                             \
        CHOICE(s2s_search_recipe, stopping, stoppings, count,                                      \
               "When a beam ends: with `patience` times `beam_size` finished hypotheses (count), " \
               "or when no prefix can still beat the `n_best` best (bound).",                      \
               PLAIN),                                                                             \
        NUMBER(s2s_search_recipe, patience, 1, 0, 1000,                                            \
               "With `stopping` count: more than 1 looks further, less ends earlier.",             \
               .flags = S2S_KEY_ABOVE_LOW),                                                        \
        NUMBER(s2s_search_recipe, temperature, 1, 0, 1000,                                         \
               "Sampling: logits are divided by this before a token is drawn; below 1 is safer.",  \
               .flags = S2S_KEY_ABOVE_LOW),                                                        \
        WHOLE(s2s_search_recipe, top_k, 0, 0, 100000000,                                           \
              "Sampling: only the k most probable tokens are drawn from; 0 is all.", PLAIN),       \
        NUMBER(s2s_search_recipe, top_p, 1, 0, 1,                                                  \
               "Sampling: only the fewest tokens that together have this probability.",            \
               .flags = S2S_KEY_ABOVE_LOW),                                                        \
        NUMBER(s2s_search_recipe, min_p, 0, 0, 1,                                                  \
               "Sampling: only tokens with at least this share of the best one's probability.",    \
               PLAIN),                                                                             \
        WHOLE(s2s_search_recipe, seed, 1, 0, INFINITY,                                             \
              "Sampling: another seed draws others; the same one draws the same, whatever the "    \
              "batch and the threads.",                                                            \
              PLAIN),                                                                              \
        CHOICE(s2s_search_recipe, length_penalty_type, length_penalties, power,                    \
               "A hypothesis' score is log p / length^a (power), or log p / ((5 + length) / 6)^a " \
               "(gnmt); length counts the end symbol.",                                            \
               PLAIN),                                                                             \
        NUMBER(s2s_search_recipe, length_penalty, 1.0, -10, 10,                                    \
               "The a of a hypothesis' score; more favours longer output.", PLAIN),                \
        NUMBER(s2s_search_recipe, coverage_penalty, 0, 0, 1000,                                    \
               "The b of b * sum log min(1, a source token's attention), which is added to the "   \
               "score of a finished hypothesis: more favours output that looks at all of the "     \
               "source.",                                                                          \
               PLAIN),                                                                             \
        NUMBER(s2s_search_recipe, max_length_ratio, 3.0, 0, 1000,                                  \
               "Output ends at this many times the source's tokens plus `max_length_offset`; 0 "   \
               "is no "                                                                            \
               "such limit.",                                                                      \
               PLAIN),                                                                             \
        WHOLE(s2s_search_recipe, max_length_offset, 10, 0, 1000000,                                \
              "Tokens that even the shortest source may give.", PLAIN),                            \
        WHOLE(s2s_search_recipe, max_source_length, 10000, 1, 1000000,                             \
              "Tokens of a source at most, end symbol not counted; longer ones are cut, with a "   \
              "warning.",                                                                          \
              .note = "`data.max_length` without the end symbol, unless `data.long_sources` is "   \
                      "drop"),                                                                     \
        CHOICE(s2s_search_recipe, long_sources, cut_texts, head,                                   \
               "What is kept of a source that is too long: its head, its tail, or both.",          \
               .note = "that of `data`, unless it is drop"),                                       \
        NUMBER(s2s_search_recipe, head_share, 0.5, 0, 1,                                           \
               "The head's part of the tokens that head-tail keeps.", .note = "that of `data`",    \
               .flags = S2S_KEY_ABOVE_LOW | S2S_KEY_BELOW_HIGH),                                   \
        WHOLE(s2s_search_recipe, max_decoding_length, 512, 1, 1000000,                             \
              "Tokens of output at most, end symbol counted.",                                     \
              .note = "decoder.max_positions where that is less"),                                 \
        WHOLE(s2s_search_recipe, min_decoding_length, 0, 0, 1000000, "Tokens of output at least.", \
              PLAIN),                                                                              \
        WHOLE(s2s_search_recipe, no_repeat_ngram_size, 0, 0, 1000,                                 \
              "No sequence of so many tokens comes twice in an output; 0 is off.", PLAIN),         \
        NUMBER(s2s_search_recipe, repetition_penalty, 1, 0, 1000,                                  \
               "The logit of a token that the output has already is divided by this, or "          \
               "multiplied where it is negative; 1 is off.",                                       \
               .flags = S2S_KEY_ABOVE_LOW),                                                        \
        TRUTH(s2s_search_recipe, suppress_unk, false, "The unknown symbol never comes."),          \
        {FIELD(STRINGS, s2s_search_recipe, suppress_tokens), .initial = "[]",                      \
         .help = "Pieces of the target vocabulary that never come, as `s2s vocab encode` shows "   \
                 "them."},                                                                         \
        WHOLE(s2s_search_recipe, n_best, 1, 1, 1000,                                               \
              "Hypotheses to give out a source; for sampling how many are drawn.",                 \
              .flags = S2S_KEY_OWN),                                                               \
        CHOICE(s2s_search_recipe, mbr, mbr_metrics, none,                                          \
               "Minimum-Bayes-risk decoding: of `mbr_candidates` hypotheses those are given out "  \
               "that "                                                                             \
               "are most like the others by this metric; best with type sample.",                  \
               .flags = S2S_KEY_OWN),                                                              \
        WHOLE(s2s_search_recipe, mbr_candidates, 32, 1, 1000,                                      \
              "With `mbr`: hypotheses that are found and compared.", PLAIN),                       \
        WHOLE(s2s_search_recipe, batch_tokens, 4096, 1, 100000000,                                 \
              "Source tokens encoded together; bounds memory.", PLAIN),                            \
        WHOLE(s2s_search_recipe, batch_sentences, 0, 0, 100000,                                    \
              "Sentences that a worker, one for each thread, searches together; "                  \
              "bounds memory. 0: 32, or 64 where only one prefix is kept, or fewer than 256 "      \
              "samples together.",                                                                 \
              PLAIN)

/* Validation has no shortlist: there is none before the vocabulary is learnt, and it is to tell what the model can do. */
static const s2s_key search_keys[] = {
    SEARCH_KEYS(beam),
    FILE_PATH(s2s_search_recipe, shortlist,
              "A file that `s2s vocab shortlist` has learnt: output is made of the target tokens "
              "alone that it gives a source's tokens, and is computed faster. Training does not "
              "use it.",
              PLAIN),
};
const s2s_section s2s_search_schema = KEYS(search_keys);
/* Greedy by default: validation is repeated all the time, and ranks checkpoints as well as a beam
 * does. */
static const s2s_key validation_search_keys[] = {SEARCH_KEYS(greedy)};
static const s2s_section validation_search_section = KEYS(validation_search_keys);

/* --- train --- */

static const s2s_key optimizer_keys[] = {
    CHOICE(s2s_optimizer_recipe, type, optimizer_types, adam,
           "Adam, Adam with decoupled weight decay, or plain gradient descent.", PLAIN),
    NUMBER(s2s_optimizer_recipe, learning_rate, 5e-4, 0, 1000,
           "The highest rate, reached at the end of the warm-up.", .flags = S2S_KEY_ABOVE_LOW),
    {FIELD(REALS, s2s_optimizer_recipe, adam_betas), .initial = "[0.9, 0.98]", .count = 2, SHARE,
     .help = "Decay of the running means of the gradient and of its square."},
    NUMBER(s2s_optimizer_recipe, adam_eps, 1e-9, 0, 1, "Added to the root of the mean square.",
           .flags = S2S_KEY_ABOVE_LOW | S2S_KEY_BELOW_HIGH),
    NUMBER(
        s2s_optimizer_recipe, weight_decay, 0, 0, 1000,
        "Pull of matrices towards zero: decoupled from the gradient with adamw, else part of it.",
        PLAIN),
    NUMBER(s2s_optimizer_recipe, clip_norm, 1.0, 0, INFINITY,
           "The gradient is scaled down to this norm when it is above; 0 is off.", PLAIN),
    CHOICE(s2s_optimizer_recipe, moments, moments, float32,
           "What adam and adamw store their running means as; bfloat16 takes half the memory, and "
           "rounds at random so that the means stay true.",
           PLAIN),
};
static const s2s_section optimizer_section = KEYS(optimizer_keys);

static const s2s_key schedule_keys[] = {
    CHOICE(
        s2s_schedule_recipe, type, schedule_types, inverse_sqrt,
        "The rate after the warm-up: falls with one over the square root of the step; falls as a "
        "line or a cosine; stays; or falls when validation shows no progress (plateau).",
        PLAIN),
    WHOLE(s2s_schedule_recipe, warmup_steps, 4000, 0, INFINITY,
          "Steps in which the rate rises from zero.", PLAIN),
    WHOLE(s2s_schedule_recipe, decay_steps, 0, 0, INFINITY,
          "Linear and cosine: the step at which `min_learning_rate` is reached.",
          .note = "`max_steps`, for linear and cosine"),
    NUMBER(s2s_schedule_recipe, min_learning_rate, 0, 0, 1000, "The rate never falls below this.",
           PLAIN),
    NUMBER(s2s_schedule_recipe, plateau_factor, 0.5, 0, 1,
           "Plateau: the rate is multiplied by this.",
           .flags = S2S_KEY_ABOVE_LOW | S2S_KEY_BELOW_HIGH),
    WHOLE(s2s_schedule_recipe, plateau_patience, 2, 1, 1000000,
          "Plateau: after so many validations without progress.", PLAIN),
};
static const s2s_section schedule_section = KEYS(schedule_keys);

static const s2s_key validation_keys[] = {
    WHOLE(s2s_validation_recipe, every, 0, 0, INFINITY,
          "Steps between validations; 0 validates after every epoch.", PLAIN),
    {FIELD(ENUMS, s2s_validation_recipe, metrics), .initial = "[]", .names = s2s_metric_names,
     .count = S2S_METRIC_TYPES, .filled = offsetof(s2s_validation_recipe, metrics_n),
     .note = "and the metric of `early_stopping`",
     .help = "What to measure besides the loss, which is always measured; anything here makes "
             "validation translate `data.valid`."},
    SECTION(s2s_validation_recipe, search, validation_search_section,
            "The search that translates `data.valid`.", .inherits = "search"),
};
static const s2s_section validation_section = KEYS(validation_keys);

static const s2s_key early_stopping_keys[] = {
    CHOICE(s2s_early_stopping_recipe, metric, s2s_metric_names, loss,
           "What tells the better of two checkpoints, for stopping and for `keep_best`: lower is "
           "better for loss, ter, cer and wer, higher for the others.",
           PLAIN),
    WHOLE(s2s_early_stopping_recipe, patience, 8, 0, 1000000,
          "Training ends after so many validations without a better value; 0 is never.",
          .note = "0 when `max_steps` or `max_epochs` is set, or without `data.valid`"),
};
static const s2s_section early_stopping_section = KEYS(early_stopping_keys);

static const s2s_key train_keys[] = {
    WHOLE(s2s_train_recipe, batch_tokens, 4096, 1, 100000000,
          "Tokens of the longer side in a batch.", PLAIN),
    WHOLE(s2s_train_recipe, accumulate, 1, 1, 100000, "Batches a step of the optimizer.", PLAIN),
    WHOLE(s2s_train_recipe, max_steps, 0, 0, INFINITY,
          "Steps after which training ends; 0 is no such limit.", PLAIN),
    WHOLE(s2s_train_recipe, max_epochs, 0, 0, INFINITY,
          "Epochs after which training ends; 0 is no such limit.", PLAIN),
    SECTION(s2s_train_recipe, optimizer, optimizer_section, "How a gradient changes the weights.",
            PLAIN),
    SECTION(s2s_train_recipe, schedule, schedule_section, "The learning rate over time.", PLAIN),
    SECTION(s2s_train_recipe, validation, validation_section, "Measuring on `data.valid`.", PLAIN),
    SECTION(s2s_train_recipe, early_stopping, early_stopping_section,
            "Ending when the model gets no better.", PLAIN),
    CHOICE(s2s_train_recipe, precision, precisions, float32,
           "The inputs of matrix products: float32, or rounded to bfloat16 (weights, sums and all "
           "else stay float32), which some processors multiply several times as fast; auto takes "
           "bfloat16 on those.",
           PLAIN),
    CHOICE(
        s2s_train_recipe, recompute, recomputes, cheap,
        "What the backward pass computes again to save memory (gradient checkpointing): nothing; "
        "what is cheap (norms, activations); or whole layers, for a third more time. "
        "The result is the same.",
        PLAIN),
    {FIELD(REAL, s2s_train_recipe, ema_decay), .initial = "0", SHARE,
     .help =
         "The model is a running mean of the weights with this decay (0.999 is usual); 0 is off."},
    WHOLE(s2s_train_recipe, average_last, 1, 1, 1000,
          "The finished model is the mean of the last so many validations' checkpoints; 1 is the "
          "best alone, or without `data.valid` the last.",
          PLAIN),
    WHOLE(s2s_train_recipe, save_every, 0, 0, INFINITY,
          "A checkpoint is saved at every validation; this many steps apart also between them, to "
          "lose less when the machine fails (only the latest of these is kept). 0 is off.",
          PLAIN),
    WHOLE(s2s_train_recipe, keep_last, 1, 1, 1000, "Latest checkpoints of validations to keep.",
          .note = "`average_last` when that is more"),
    WHOLE(s2s_train_recipe, keep_best, 1, 0, 1000,
          "Best checkpoints to keep, by the metric of `early_stopping`.", PLAIN),
    WHOLE(s2s_train_recipe, log_every, 100, 1, INFINITY, "Steps between lines of the log.", PLAIN),
};
static const s2s_section train_section = KEYS(train_keys);

/* --- all of it --- */

static const s2s_key root_keys[] = {
    TEXT(s2s_recipe, name, "What the model is called; not taken from `base`.",
         .note = "the recipe's file name"),
    FILE_PATH(s2s_recipe, output, "The run folder: checkpoints, log, model; not taken from `base`.",
              .note = "`runs/NAME` beside the recipe"),
    WHOLE(s2s_recipe, seed, 1, 0, INFINITY,
          "Where all random numbers start; the same seed gives the same model.", PLAIN),
    {.name = "base",
     .type = S2S_KEY_BASE,
     .help = "Another recipe to start from: this one's keys win over its."},
    SECTION(s2s_recipe, data, data_section, "Where the examples come from.", PLAIN),
    SECTION(s2s_recipe, text, text_section, "From text to tokens and back.", PLAIN),
    SECTION(s2s_recipe, encoder, encoder_section, "The layers that read the source.", PLAIN),
    SECTION(s2s_recipe, decoder, decoder_section, "The layers that write the target.",
            .inherits = "encoder"),
    SECTION(s2s_recipe, objective, objective_section, "What the model learns.", PLAIN),
    SECTION(s2s_recipe, train, train_section, "How it learns.", PLAIN),
    SECTION(s2s_recipe, search, s2s_search_schema,
            "How the finished model looks for its output; the command line overrides it.", PLAIN),
};
const s2s_section s2s_schema = KEYS(root_keys);
