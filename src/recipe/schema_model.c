/* The keys of `encoder` and `decoder`. */
#include "recipe/sections.h"

static const char *const stack_types[] = {[S2S_TRANSFORMER] = "transformer", NULL};
static const char *const activations[] = {
    [S2S_RELU] = "relu",     [S2S_GELU] = "gelu",   [S2S_GELU_TANH] = "gelu_tanh",
    [S2S_SWIGLU] = "swiglu", [S2S_GEGLU] = "geglu", NULL};
static const char *const norm_places[] = {[S2S_POST_NORM] = "post", [S2S_PRE_NORM] = "pre", NULL};
static const char *const norm_types[] = {[S2S_LAYER_NORM] = "layer", [S2S_RMS_NORM] = "rms", NULL};
static const char *const positions[] = {
    [S2S_SINUSOIDAL] = "sinusoidal", [S2S_LEARNED] = "learned",   [S2S_RELATIVE] = "relative",
    [S2S_ROTARY] = "rotary",         [S2S_NO_POSITIONS] = "none", NULL};
static const char *const ties[] = {[S2S_TIE_NONE] = "none",
                                   [S2S_TIE_DECODER] = "decoder",
                                   [S2S_TIE_INPUTS] = "inputs",
                                   [S2S_TIE_ALL] = "all",
                                   NULL};

#define STACK_KEYS                                                                                 \
    CHOICE(s2s_stack_recipe, type, stack_types, transformer, "Kind of layers.", PLAIN),            \
        WHOLE(s2s_stack_recipe, layers, 6, 1, 1000, "Number of layers.", PLAIN),                   \
        WHOLE(s2s_stack_recipe, width, 512, 1, 65536, "Features of a token between layers.",       \
              PLAIN),                                                                              \
        WHOLE(s2s_stack_recipe, heads, 8, 1, 1024, "Attention heads.", PLAIN),                     \
        WHOLE(s2s_stack_recipe, kv_heads, 0, 0, 1024,                                              \
              "Heads of keys and values, which groups of query heads share; divides `heads`.",     \
              .note = "as many as `heads`"),                                                       \
        WHOLE(s2s_stack_recipe, head_width, 0, 0, 65536,                                           \
              "Features of a head; the heads together may be wider or narrower than `width`.",     \
              .note = "`width` / `heads`"),                                                        \
        WHOLE(s2s_stack_recipe, feed_forward, 0, 0, 1048576,                                       \
              "Features inside the feed-forward block.", .note = "4 times `width`"),               \
        CHOICE(s2s_stack_recipe, activation, activations, relu,                                    \
               "Function inside the feed-forward block. gelu_tanh is gelu's approximation; "       \
               "swiglu and "                                                                       \
               "geglu (with gelu_tanh) have a third matrix there.",                                \
               PLAIN),                                                                             \
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
        FILE_PATH(                                                                                 \
            s2s_stack_recipe, from,                                                                \
            "Folder of a trained model: training begins with its layers and embedding, and "       \
            "with its vocabulary. A decoder may begin as an encoder; cross-attention that is "     \
            "not there begins at random.",                                                         \
            .flags = S2S_KEY_OWN),                                                                 \
        {FIELD(BOOL, s2s_stack_recipe, freeze), .initial = "false", .flags = S2S_KEY_OWN,          \
         .help =                                                                                   \
             "With `from`: layers and embedding, and what is tied to it, stay as they begin."},    \
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

static const s2s_key encoder_keys[] = {
    STACK_KEYS,
    WHOLE(s2s_stack_recipe, segments, 0, 0, 1000,
          "Kinds of segments of a text (as the two sentences of BERT), each with an embedding that "
          "is added to those of its tokens; 0: none.",
          PLAIN),
};
const s2s_section s2s_encoder_schema = KEYS(encoder_keys);

static const s2s_key decoder_keys[] = {
    STACK_KEYS,
    CHOICE(
        s2s_stack_recipe, tie, ties, all,
        "Embeddings that are one matrix: none; the decoder's input and output; the inputs of both "
        "sides; or all three. The last two need a shared vocabulary.",
        .note = "decoder when vocabularies or widths differ"),
    TRUTH(s2s_stack_recipe, output_bias, false, "A bias for each entry of the output layer."),
};
const s2s_section s2s_decoder_schema = KEYS(decoder_keys);
