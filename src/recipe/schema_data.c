/* The keys of `data`: corpora, and which of their examples are learnt from. */
#include "recipe/sections.h"

static const char *const long_texts[] = {[S2S_LONG_HEAD] = "head",
                                         [S2S_LONG_TAIL] = "tail",
                                         [S2S_LONG_HEAD_TAIL] = "head-tail",
                                         [S2S_LONG_DROP] = "drop",
                                         NULL};
static const char *const directions[] = {
    [S2S_LEFT_TO_RIGHT] = "left-to-right", [S2S_RIGHT_TO_LEFT] = "right-to-left", NULL};

static const s2s_key a_field = {.name = "field", .type = S2S_KEY_STRING};

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
        FIELD(LIST, s2s_corpus, target_field),                                                     \
            .item = &a_field, .flags = S2S_KEY_OR_ONE, .note = "`target` with `json`",             \
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
    {FIELD(ENUM, s2s_data_recipe, target_direction), .initial = "left-to-right",
     .names = directions,
     .help =
         "The order in which the target's tokens are learnt and written. A model that goes from "
         "right to left is a second judge of what others wrote (docs/score.md); text goes in and "
         "comes out as ever."},
    FILE_PATH(s2s_data_recipe, cache, "Folder for the token cache, which recipes may share.",
              .note = "in the run folder"),
};
const s2s_section s2s_data_schema = KEYS(data_keys);
