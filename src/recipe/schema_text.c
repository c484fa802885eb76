/* The keys of `text`: from text to tokens. */
#include "recipe/sections.h"

static const char *const vocabulary_types[] = {[S2S_UNIGRAM] = "unigram", [S2S_BPE] = "bpe", NULL};
static const char *const normalizations[] = {
    [S2S_NFKC] = "nfkc", [S2S_NFC] = "nfc", [S2S_NORMALIZE_NONE] = "none", NULL};
static const char *const whitespaces[] = {
    [S2S_WHITESPACE_COLLAPSE] = "collapse", [S2S_WHITESPACE_KEEP] = "keep", NULL};

static const s2s_key a_piece = {.name = "piece", .type = S2S_KEY_STRING};

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
    {FIELD(LIST, s2s_vocabulary_recipe, symbols), .item = &a_piece, .flags = S2S_KEY_OR_ONE,
     .note = "those that `objective.type` needs: <mask>, or <extra_id_0> and so on",
     .help = "Pieces that no text is cut into, for objectives and for models that go on from this "
             "one: who pretrains "
             "them lists all that are needed later."},
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
const s2s_section s2s_text_schema = KEYS(text_keys);
