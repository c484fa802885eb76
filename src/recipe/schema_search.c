/* The keys of `search`, which validation has as well. */
#include "recipe/sections.h"

static const char *const cut_texts[] = {
    [S2S_LONG_HEAD] = "head", [S2S_LONG_TAIL] = "tail", [S2S_LONG_HEAD_TAIL] = "head-tail", NULL};
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

static const s2s_key a_piece = {.name = "piece", .type = S2S_KEY_STRING};

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
        {FIELD(LIST, s2s_search_recipe, suppress_tokens), .item = &a_piece, .initial = "[]",       \
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
const s2s_section s2s_validation_search = KEYS(validation_search_keys);
