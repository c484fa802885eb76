/* Every mistake gives one message with its place, the key, what is wrong and what would do. */
#include "support.h"

typedef struct mistake {
    const char *text, *message;
} mistake;

static void check_all(const mistake *mistakes, size_t n) {
    for (size_t i = 0; i < n; i++)
        assert_string_equal(parse_bad(mistakes[i].text, NULL), mistakes[i].message);
}
#define CHECK_ALL(mistakes) check_all(mistakes, sizeof mistakes / sizeof *mistakes)

static void yaml(void **state) {
    (void)state;
    static const mistake mistakes[] = {
        {"", "/r/r.yaml: empty: nothing is given"},
        {"# only a comment\n", "/r/r.yaml: empty: nothing is given"},
        {"---\n", "/r/r.yaml:2:1: empty: nothing is given"},
        {"just words\n", "/r/r.yaml:1:1: expected lines of `key: value`; is it a recipe?"},
        {"- a\n- b\n", "/r/r.yaml:1:1: expected lines of `key: value`; is it a recipe?"},
        {"encoder:\n\tlayers: 2\n", "/r/r.yaml:2:1: a tab cannot indent YAML; use spaces"},
        {"encoder: {layers: 2\n",
         "/r/r.yaml:2:1: not valid YAML: did not find expected ',' or '}', while parsing a flow "
         "mapping that begins at 1:10"},
        {"name: a: b\n",
         "/r/r.yaml:1:8: not valid YAML: mapping values are not allowed in this context"},
        {"name: \"open\n",
         "/r/r.yaml:2:1: not valid YAML: found unexpected end of stream, while scanning a quoted "
         "scalar that begins at 1:7"},
        {"name: \xff\n", "/r/r.yaml: not UTF-8 text (byte 0xff in line 1); is it a recipe?"},
        {"name: a\nseed: \x01\n",
         "/r/r.yaml: not valid YAML: control characters are not allowed (byte 15)"},
        {"name: \"a\\0b\"\n",
         "/r/r.yaml:1:7: text with a NUL character (\\0) is not possible here"},
        {"seed: 1\nname: a\nseed: 2\n", "/r/r.yaml:3:1: seed: given twice; the first is in line 1"},
        {"? [a]\n: 1\n", "/r/r.yaml:1:3: a key must be a word"},
        {"encoder: *e\n", "/r/r.yaml:1:10: *e: no anchor &e stands before it"},
        {"encoder: &e {width: *e}\n", "/r/r.yaml:1:21: *e: no anchor &e stands before it"},
        {"seed: !!int 5\n",
         "/r/r.yaml:1:7: YAML tags (tag:yaml.org,2002:int) are not used in recipes"},
        {"seed: 1\n---\nseed: 2\n",
         "/r/r.yaml:2:1: a second document begins; a recipe is one document"},
        {"encoder: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]\n",
         "/r/r.yaml:1:42: nested more than 32 deep"},
    };
    CHECK_ALL(mistakes);
}

static void keys(void **state) {
    (void)state;
    static const mistake mistakes[] = {
        {"encoder:\n  widht: 5\n",
         "/r/r.yaml:2:3: encoder.widht: unknown key; did you mean encoder.width?"},
        {"encodr: {}\n", "/r/r.yaml:1:1: encodr: unknown key; did you mean encoder?"},
        {"train: {learning_rate: 1}\n", "/r/r.yaml:1:9: train.learning_rate: unknown key; did you "
                                        "mean train.optimizer.learning_rate?"},
        {"beam_size: 4\n", "/r/r.yaml:1:1: beam_size: unknown key; did you mean search.beam_size?"},
        {"objective: {colour: red}\n",
         "/r/r.yaml:1:13: objective.colour: unknown key; known here: type, label_smoothing, "
         "mask_share, mask_random, mask_kept, whole_words, static_masks, corruption, mean_span, "
         "infilling, deletion, masking, permutation, rotation"},
        {"objective: {\"\": red}\n",
         "/r/r.yaml:1:13: objective.: unknown key; known here: type, label_smoothing, "
         "mask_share, mask_random, mask_kept, whole_words, static_masks, corruption, mean_span, "
         "infilling, deletion, masking, permutation, rotation"},
        {"data: {valid: {tsv: a, weight: 2}}\n",
         "/r/r.yaml:1:24: data.valid.weight: unknown key; did you mean data.train.weight?"},
        {"encoder: {tie: all}\n",
         "/r/r.yaml:1:11: encoder.tie: unknown key; did you mean decoder.tie?"},
    };
    CHECK_ALL(mistakes);
}

static void types(void **state) {
    (void)state;
    static const mistake mistakes[] = {
        {"encoder: {layers: six}\n", "/r/r.yaml:1:19: encoder.layers: expected a whole number "
                                     "(from 1 to 1000), not \"six\""},
        {"encoder: {layers: 4_0}\n", "/r/r.yaml:1:19: encoder.layers: expected a whole number "
                                     "(from 1 to 1000), not \"4_0\""},
        {"encoder: {layers: 0x10}\n", "/r/r.yaml:1:19: encoder.layers: expected a whole number "
                                      "(from 1 to 1000), not \"0x10\""},
        {"train: {max_steps: 1e5}\n", "/r/r.yaml:1:20: train.max_steps: expected a whole number "
                                      "(at least 0), not \"1e5\"; write 100000"},
        {"train: {max_steps: \"5\"}\n",
         "/r/r.yaml:1:20: train.max_steps: expected a whole number (at least 0), not \"5\" in "
         "quotes; leave the quotes out"},
        {"train: {max_steps: }\n",
         "/r/r.yaml:1:20: train.max_steps: has no value; expected a whole number"},
        {"train: {max_steps: [5]}\n", "/r/r.yaml:1:20: train.max_steps: expected a whole number "
                                      "(at least 0), not a list"},
        {"train: {max_steps: {a: 5}}\n", "/r/r.yaml:1:20: train.max_steps: expected a whole number "
                                         "(at least 0), not a mapping"},
        {"encoder: {dropout: 0,1}\n",
         "/r/r.yaml:1:22: encoder.1: unknown key; known here: type, layers, width, heads, "
         "kv_heads, head_width, feed_forward, activation, norm, norm_type, norm_eps, positions, "
         "max_positions, relative_buckets, relative_span, bias, embedding_scale, embedding_norm, "
         "from, freeze, dropout, attention_dropout, activation_dropout, segments"},
        {"encoder:\n  dropout: 0,1\n", "/r/r.yaml:2:12: encoder.dropout: expected a number (from 0 "
                                       "to below 1), not \"0,1\""},
        {"encoder: {dropout: .inf}\n", "/r/r.yaml:1:20: encoder.dropout: expected a number (from 0 "
                                       "to below 1), not \".inf\""},
        {"encoder: {bias: yes}\n",
         "/r/r.yaml:1:17: encoder.bias: expected true or false, not \"yes\"; write it so: YAML 1.2 "
         "has no other spelling"},
        {"encoder: {bias: 1}\n", "/r/r.yaml:1:17: encoder.bias: expected true or false, not \"1\""},
        {"encoder: {activation: rellu}\n", "/r/r.yaml:1:23: encoder.activation: expected one of "
                                           "relu, gelu, gelu_tanh, swiglu, geglu, not \"rellu\"; "
                                           "did you mean relu?"},
        {"data: {long_sources: head_tail}\n",
         "/r/r.yaml:1:22: data.long_sources: expected one of head, tail, head-tail, drop, not "
         "\"head_tail\"; did you mean head-tail?"},
        {"search: {long_sources: drop}\n",
         "/r/r.yaml:1:24: search.long_sources: expected one of head, tail, head-tail, not "
         "\"drop\""},
        {"encoder: {type: lstm}\n",
         "/r/r.yaml:1:17: encoder.type: expected only transformer, not \"lstm\""},
        {"encoder: 5\n",
         "/r/r.yaml:1:10: encoder: expected a section (lines of `key: value`), not a single value"},
        {"encoder: [a]\n",
         "/r/r.yaml:1:10: encoder: expected a section (lines of `key: value`), not a list"},
        {"name: [a]\n", "/r/r.yaml:1:7: name: expected text, not a list"},
        {"output: ''\n", "/r/r.yaml:1:9: output: is empty; write null for none"},
        {"output: ~/runs\n",
         "/r/r.yaml:1:9: output: ~/runs: ~ is not expanded here; write the full path"},
        {"train: {optimizer: {adam_betas: 0.9}}\n",
         "/r/r.yaml:1:33: train.optimizer.adam_betas: expected a list of 2 numbers (from 0 to "
         "below 1), not \"0.9\""},
        {"train: {optimizer: {adam_betas: [0.9]}}\n",
         "/r/r.yaml:1:33: train.optimizer.adam_betas: expected a list of 2 numbers (from 0 to "
         "below 1), not a list of another length"},
        {"train: {validation: {metrics: bleu}}\n",
         "/r/r.yaml:1:31: train.validation.metrics: expected a list of any of loss, bleu, chrf, "
         "chrf++, ter, rouge1, rouge2, rougeL, rougeLsum, exact_match, token_accuracy, cer, wer, "
         "accuracy, macro_f1, micro_f1, mcc, entity_f1, not \"bleu\"; put it in brackets: [...]"},
        {"train: {validation: {metrics: [bleu, bleu]}}\n",
         "/r/r.yaml:1:31: train.validation.metrics: bleu is listed twice"},
        {"seed: "
         "\"a long text in quotes, with a line end\\n and too many characters \xc3\xa4\xc3\xa4\"\n",
         "/r/r.yaml:1:7: seed: expected a whole number (at least 0), not \"a long text in quotes, "
         "with a line end? and too many charact...\" in quotes; leave the quotes out"},
    };
    CHECK_ALL(mistakes);
}

static void ranges(void **state) {
    (void)state;
    static const mistake mistakes[] = {
        {"encoder: {layers: 0}\n",
         "/r/r.yaml:1:19: encoder.layers: 0 is out of range (from 1 to 1000)"},
        {"encoder: {dropout: 1}\n",
         "/r/r.yaml:1:20: encoder.dropout: 1 is out of range (from 0 to below 1)"},
        {"encoder: {norm_eps: 0}\n",
         "/r/r.yaml:1:21: encoder.norm_eps: 0 is out of range (above 0 to below 1)"},
        {"seed: -1\n", "/r/r.yaml:1:7: seed: -1 is out of range (at least 0)"},
        {"seed: 9223372036854775808\n",
         "/r/r.yaml:1:7: seed: 9223372036854775808 is out of range (at least 0)"},
        {"data: {max_ratio: 0.5}\n",
         "/r/r.yaml:1:19: data.max_ratio: 0.5 is out of range (0, or at least 1)"},
        {"train: {optimizer: {clip_norm: 1e999}}\n",
         "/r/r.yaml:1:32: train.optimizer.clip_norm: 1e999 is out of range (at least 0)"},
        {"text: {vocabulary: {sample_lines: 100}}\n",
         "/r/r.yaml:1:35: text.vocabulary.sample_lines: 100 is out of range (0, or at least 101)"},
        {"text: {vocabulary: {character_coverage: 0.5}}\n",
         "/r/r.yaml:1:41: text.vocabulary.character_coverage: 0.5 is out of range (from 0.98 to "
         "1)"},
    };
    CHECK_ALL(mistakes);
}

static void corpora(void **state) {
    (void)state;
    static const mistake mistakes[] = {
        {"data: {train: a.tsv}\n",
         "/r/r.yaml:1:15: data.train: expected a corpus such as {source: a.en, target: a.de}, "
         "{tsv: a.tsv} or {json: a.jsonl}"},
        {"data: {train: [{tsv: a}, 5]}\n",
         "/r/r.yaml:1:26: data.train.1: expected a corpus such as {source: a.en, target: a.de}, "
         "{tsv: a.tsv} or {json: a.jsonl}"},
        {"data: {train: {}}\n", "/r/r.yaml:1:15: data.train: no files; give `source` and `target`, "
                                "or `tsv`, or `json`"},
        {"data: {train: {source: a}}\n",
         "/r/r.yaml:1:15: data.train: `target` is missing beside `source`"},
        {"data: {train: [{tsv: a}, {target: a}]}\n",
         "/r/r.yaml:1:26: data.train.1: `source` is missing beside `target`"},
        {"data: {train: {tsv: b, source: a, target: c}}\n",
         "/r/r.yaml:1:15: data.train: `source`/`target` and `tsv`: a corpus is either `source` and "
         "`target`, or `tsv`, or `json` (null takes back what `base` gave)"},
        {"data: {train: {tsv: b, json: a}}\n",
         "/r/r.yaml:1:15: data.train: `tsv` and `json`: a corpus is either `source` and `target`, "
         "or `tsv`, or `json` (null takes back what `base` gave)"},
        {"data: {train: {source: a, target: b, source_column: 1}}\n",
         "/r/r.yaml:1:15: data.train: columns need a `tsv` file"},
        {"data: {train: {tsv: a, source_field: b}}\n",
         "/r/r.yaml:1:15: data.train: fields need a `json` file"},
        {"data: {train: {tsv: a, source_column: 0}}\n",
         "/r/r.yaml:1:39: data.train.source_column: 0 is out of range (from 1 to 10000)"},
        {"data: {test: {tsv: a.tsv}}\n",
         "/r/r.yaml:1:15: data.test.tsv: expected a corpus; a test set has a name, as in test: "
         "{NAME: {tsv: a.tsv}}"},
        {"data: {test: [{tsv: a.tsv}]}\n",
         "/r/r.yaml:1:14: data.test: expected names of test sets, each with a corpus"},
        {"data: {test: {x: {source: a.tsv}}}\n",
         "/r/r.yaml:1:18: data.test.x: `target` is missing beside `source`"},
        {"data: {test: {x: {json: a, target_field: [b, c, b]}}}\n",
         "/r/r.yaml:1:42: data.test.x.target_field: b is listed twice"},
        {"data: {test: {x: {json: a, target_field: {b: c}}}}\n",
         "/r/r.yaml:1:42: data.test.x.target_field: expected text, or a list of texts, not a "
         "mapping"},
        {"data: {test: {x: {json: a, target_field: [b, [c]]}}}\n",
         "/r/r.yaml:1:42: data.test.x.target_field: expected text, or a list of texts, not a list"},
        {"data: {test: {x: {json: a, target_field: [b, null]}}}\n",
         "/r/r.yaml:1:42: data.test.x.target_field: an item is null; expected text"},
        {"data: {train: {json: a, target_field: [b, c]}}\n",
         "/r/r.yaml:1:39: data.train.target_field: several fields are references to score with; an "
         "example to learn from has one target (a list of corpora may name the file again with "
         "another)"},
        {"data: {train: [{tsv: a}, {json: a, target_field: [b, c]}]}\n",
         "/r/r.yaml:1:50: data.train.1.target_field: several fields are references to score with; "
         "an example to learn from has one target (a list of corpora may name the file again with "
         "another)"},
        {"data: {test: {x: {json: a, target_field: [a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, "
         "p, "
         "q]}}}\n",
         "/r/r.yaml:1:42: data.test.x.target_field: 17 fields are more than 16"},
        {"data: {valid: {tsv: a}}\n" MODEL,
         "/r/r.yaml:1:7: data.train: is missing; give the examples to learn from"},
    };
    CHECK_ALL(mistakes);
}

static void model(void **state) {
    (void)state;
    static const mistake mistakes[] = {
        {"name: a\n", "/r/r.yaml: encoder: is missing; objective.type translation needs it (write "
                      "`encoder: {}` for "
                      "one with default values)"},
        {"encoder: {}\n", "/r/r.yaml: decoder: is missing; objective.type translation needs it "
                          "(write `decoder: {}` for "
                          "one with default values)"},
        {"name: a/b\n" MODEL, "/r/r.yaml:1:7: name: must do as the name of a folder: no slash, no "
                              "control characters"},
        {"name: ..\n" MODEL, "/r/r.yaml:1:7: name: must do as the name of a folder: no slash, no "
                             "control characters"},
        {"encoder: {width: 100}\ndecoder: {}\n",
         "/r/r.yaml:1:18: encoder.width: 100 is not a multiple of heads, 8"},
        {"encoder: {}\ndecoder: {heads: 7}\n",
         "/r/r.yaml:2:18: decoder.width: 512 is not a multiple of heads, 7"},
        {"encoder: {kv_heads: 3}\ndecoder: {}\n",
         "/r/r.yaml:1:21: encoder.kv_heads: 3 does not divide heads, 8"},
        {"encoder: {width: 24, positions: rotary}\ndecoder: {}\n",
         "/r/r.yaml:1:33: encoder.positions: rotary positions turn pairs: width / heads, 3, must "
         "be even"},
        {"encoder: {width: 5, heads: 1}\ndecoder: {}\n",
         "/r/r.yaml:1:18: encoder.width: 5 must be even for sinusoidal positions"},
        {"encoder: {positions: learned, max_positions: 99}\ndecoder: {}\n",
         "/r/r.yaml:1:46: encoder.max_positions: 99 is less than an example may have "
         "(data.max_length, 256)"},
        {"encoder: {positions: learned, max_positions: 500}\ndecoder: {}\n"
         "search: {max_decoding_length: 501}\n",
         "/r/r.yaml:3:31: search.max_decoding_length: 501 is above decoder.max_positions, 500"},
        {"encoder: {positions: relative, relative_span: 16}\ndecoder: {}\n",
         "/r/r.yaml:1:47: encoder.relative_span: 16 must be above half of relative_buckets, 32"},
        {"encoder: {positions: relative, relative_buckets: 33}\ndecoder: {}\n",
         "/r/r.yaml:1:50: encoder.relative_buckets: 33 must be even"},
        {"encoder: {}\ndecoder: {tie: all}\ntext: {vocabulary: {shared: false}}\n",
         "/r/r.yaml:2:16: decoder.tie: all needs one vocabulary for both sides: use decoder, or "
         "set text.vocabulary.shared to true"},
        {"encoder: {}\ndecoder: {tie: all, width: 256}\n",
         "/r/r.yaml:2:16: decoder.tie: all needs equal widths, but the encoder's is 512 and the "
         "decoder's 256; use decoder"},
        {MODEL "text: {vocabulary: {target_model: a}}\n",
         "/r/r.yaml:3:35: text.vocabulary.target_model: needs separate vocabularies: set "
         "text.vocabulary.shared to false"},
        {MODEL "text: {vocabulary: {shared: false, model: a}}\n",
         "/r/r.yaml:3:29: text.vocabulary.shared: separate vocabularies come both from models or "
         "are both learned; text.vocabulary.target_model is missing"},
        {MODEL "text: {vocabulary: {type: bpe}, sampling_alpha: 1}\n",
         "/r/r.yaml:3:49: text.sampling_alpha: for bpe it is the share of merges left out, so "
         "below 1"},
        {MODEL "text: {sampling_alpha: 0.5, sampling_nbest: 1}\n",
         "/r/r.yaml:3:45: text.sampling_nbest: 1 leaves nothing to draw from; -1 draws from all"},
    };
    CHECK_ALL(mistakes);
}

#define MASKED "objective: {type: masked_lm}\n"
#define CAUSAL "objective: {type: causal_lm}\n"

/* What does not go with an objective that learns from a text alone. */
static void objectives(void **state) {
    (void)state;
    static const mistake mistakes[] = {
        {MODEL "data: {train: {text: a.txt}}\n",
         "/r/r.yaml:3:15: data.train: running text has no targets, which this objective learns to "
         "write; give `source` and `target`, or `tsv`, or `json`"},
        {MODEL "data: {test: {x: {text: a.txt}}}\n",
         "/r/r.yaml:3:18: data.test.x: running text has no targets, which this objective learns to "
         "write; give `source` and `target`, or `tsv`, or `json`"},
        {MASKED "encoder: {}\ndata: {train: {text: a, source: b}}\n",
         "/r/r.yaml:3:15: data.train: `text` and another form; a corpus has one"},
        {MASKED "encoder: {}\ndata: {train: {text: a, json: b}}\n",
         "/r/r.yaml:3:15: data.train: `text` and another form; a corpus has one"},
        {MASKED "encoder: {}\ndata: {train: {}}\n",
         "/r/r.yaml:3:15: data.train: no files; give `text`, or `source`, or `tsv`, or `json`"},
        {MASKED MODEL, "/r/r.yaml:3:10: decoder: has no place in a model of objective.type "
                       "masked_lm; leave it out"},
        {MASKED "decoder: {}\n", "/r/r.yaml:1:19: encoder: is missing; objective.type masked_lm "
                                 "needs it (write `encoder: {}` for one with default values)"},
        {CAUSAL MODEL, "/r/r.yaml:2:10: encoder: has no place in a model of objective.type "
                       "causal_lm; leave it out"},
        {CAUSAL "name: a\n", "/r/r.yaml:1:19: decoder: is missing; objective.type causal_lm needs "
                             "it (write `decoder: {}` for one with default values)"},
        {MASKED "encoder: {}\ntext: {vocabulary: {shared: false}}\n",
         "/r/r.yaml:3:29: text.vocabulary.shared: there is one text only; leave this out"},
        {MASKED "encoder: {}\ntext: {vocabulary: {symbols: ['<mask>', 'a,b']}}\n",
         "/r/r.yaml:3:30: text.vocabulary.symbols: a symbol has a character at least, and no "
         "comma"},
        {MASKED "encoder: {}\ntext: {vocabulary: {symbols: ['<mask>', '']}}\n",
         "/r/r.yaml:3:30: text.vocabulary.symbols: is empty; write null for none"},
        {MASKED "encoder: {}\ntext: {sampling_alpha: 0.1}\n",
         "/r/r.yaml:3:24: text.sampling_alpha: segmentations are drawn for pairs of texts alone; "
         "leave this out"},
        {MASKED "encoder: {}\ndata: {train: {text: a}, valid: {text: a}}\n"
                "train: {validation: {metrics: [bleu]}}\n",
         "/r/r.yaml:4:31: train.validation.metrics: scores are of texts that are written for "
         "others; this objective has its loss and accuracy alone"},
        {MASKED "encoder: {}\ndata: {train: {text: a}, valid: {text: a}}\n"
                "train: {early_stopping: {metric: bleu}}\n",
         "/r/r.yaml:4:34: train.early_stopping.metric: scores are of texts that are written for "
         "others; this objective has its loss and accuracy alone"},
        {MASKED "encoder: {}\ndata: {train: {text: a}, valid: {text: a}, max_length: 2}\n",
         "/r/r.yaml:3:56: data.max_length: 2 leaves no room for a text between its begin and its "
         "end"},
        {"objective: {type: masked_lm, mask_random: 0.6, mask_kept: 0.6}\nencoder: {}\n",
         "/r/r.yaml:1:43: objective.mask_random: mask_random and mask_kept are shares of one "
         "whole: 0.6 and 0.6 are more"},
        {"objective: {type: masked_lm, mask_share: 0}\nencoder: {}\n",
         "/r/r.yaml:1:42: objective.mask_share: 0 is out of range (above 0 to below 1)"},
        {"objective: {type: masked_lm, mask_share: 1}\nencoder: {}\n",
         "/r/r.yaml:1:42: objective.mask_share: 1 is out of range (above 0 to below 1)"},
        {"objective: {type: masked_ml}\nencoder: {}\n",
         "/r/r.yaml:1:19: objective.type: expected one of translation, masked_lm, causal_lm, "
         "span_corruption, denoising, prefix_lm, not "
         "\"masked_ml\"; did you mean masked_lm?"},
    };
    CHECK_ALL(mistakes);
}

static void training(void **state) {
    (void)state;
    static const mistake mistakes[] = {
        {MODEL "data: {min_length: 9, max_length: 9}\n",
         "/r/r.yaml:3:7: data.train: is missing; give the examples to learn from"},
        {TRAINS "  min_length: 256\n",
         "/r/r.yaml:6:15: data.min_length: 256 leaves nothing below data.max_length, 256"},
        {TRAINS "train: {batch_tokens: 255}\n",
         "/r/r.yaml:6:23: train.batch_tokens: 255 is less than an example may have "
         "(data.max_length, 256)"},
        {TRAINS "train: {schedule: {type: linear}}\n",
         "/r/r.yaml:6:26: train.schedule.decay_steps: is missing; linear and cosine schedules need "
         "it, or train.max_steps"},
        {TRAINS "train: {schedule: {type: cosine, decay_steps: 4000}}\n",
         "/r/r.yaml:6:47: train.schedule.warmup_steps: 4000 is not below decay_steps, 4000"},
        {TRAINS
         "train: {max_steps: 9, schedule: {type: cosine, warmup_steps: 9, decay_steps: 8}}\n",
         "/r/r.yaml:6:62: train.schedule.warmup_steps: 9 is not below decay_steps, 8"},
        {TRAINS "train: {schedule: {min_learning_rate: 1}}\n",
         "/r/r.yaml:6:39: train.schedule.min_learning_rate: 1 is above "
         "train.optimizer.learning_rate, 0.0005"},
        {TRAINS "train: {early_stopping: {patience: 0}}\n",
         "/r/r.yaml:6:8: train: would never end; set max_steps, max_epochs or "
         "early_stopping.patience"},
        {MODEL "data: {train: {tsv: a}}\n",
         "/r/r.yaml: train: would never end; set max_steps, max_epochs or "
         "early_stopping.patience (which needs data.valid)"},
        {MODEL "data: {train: {tsv: a}}\ntrain: {max_epochs: 1, early_stopping: {metric: bleu}}\n",
         "/r/r.yaml:4:49: train.early_stopping.metric: needs validation, and data.valid is "
         "missing"},
        {MODEL "data: {train: {tsv: a}}\ntrain: {max_epochs: 1, validation: {metrics: [chrf]}}\n",
         "/r/r.yaml:4:46: train.validation.metrics: needs validation, and data.valid is missing"},
        {TRAINS "train: {average_last: 5, keep_last: 4}\n",
         "/r/r.yaml:6:37: train.keep_last: 4 is less than average_last, 5, which needs that many "
         "checkpoints"},
        {TRAINS "train: {average_last: 5, ema_decay: 0.9}\n",
         "/r/r.yaml:6:37: train.ema_decay: the model is a running mean or that of the last "
         "checkpoints; set ema_decay to 0 or average_last to 1"},
        {MODEL "search: {n_best: 6}\n",
         "/r/r.yaml:3:18: search.n_best: 6 is more than beam_size, 5"},
        {MODEL "search: {n_best: 2, type: greedy}\n",
         "/r/r.yaml:3:18: search.n_best: 2 needs a beam; greedy search finds one"},
        {MODEL "search: {min_decoding_length: 513}\n",
         "/r/r.yaml:3:31: search.min_decoding_length: 513 is above max_decoding_length, 512"},
        {MODEL "train: {validation: {search: {type: beam, beam_size: 2, n_best: 3}}}\n",
         "/r/r.yaml:3:65: train.validation.search.n_best: 3 is more than beam_size, 2"},
    };
    CHECK_ALL(mistakes);
}

/* What a search is given to no effect. */
static void idle_keys(void **state) {
    (void)state;
    static const struct {
        const char *key, *given, *needed;
    } keys[] = {
        {"temperature", "2", "type is sample"},
        {"top_k", "3", "type is sample"},
        {"top_p", "0.5", "type is sample"},
        {"min_p", "0.1", "type is sample"},
        {"diversity_penalty", "0.5", "beam_groups is 2 or more"},
        {"patience", "2, stopping: bound", "stopping is count"},
        {"mbr_candidates", "8", "mbr is a metric"},
        {"max_length_offset", "5, max_length_ratio: 0", "max_length_ratio is above 0"},
        {"head_share", "0.25", "long_sources is head-tail"},
        {"beam_size", "4, type: greedy", "type is beam"},
        {"stopping", "bound, type: greedy", "type is beam"},
        {"patience", "2, type: sample", "type is beam"},
        {"beam_groups", "5, type: sample", "type is beam"},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        char text[256], message[256];
        snprintf(text, sizeof text, MODEL "search: {%s: %s}\n", keys[i].key, keys[i].given);
        snprintf(message, sizeof message,
                 "/r/r.yaml:3:%d: search.%s: does nothing unless search.%s; set that as well, or "
                 "leave this out",
                 12 + (int)strlen(keys[i].key), keys[i].key, keys[i].needed);
        assert_string_equal(parse_bad(text, NULL), message);
    }
    assert_string_equal(
        parse_bad(MODEL "train: {validation: {search: {top_k: 3}}}\n", NULL),
        "/r/r.yaml:3:38: train.validation.search.top_k: does nothing unless "
        "train.validation.search.type is sample; set that as well, or leave this out");
}

static void sizes(void **state) {
    (void)state;
    size_t size = 6u << 20;
    char *text = malloc(size + 1);
    assert_non_null(text);
    strcpy(text, "data: {train: [");
    size_t used = strlen(text);
    for (int i = 0; i < 2000; i++) used += (size_t)sprintf(text + used, "{tsv: a}, ");
    strcpy(text + used, "]}\n");
    assert_string_equal(parse_bad(text, NULL), "/r/r.yaml:1:10256: more than 1024 entries");
    /* Aliases of aliases, a text of billions when written out. */
    used = (size_t)sprintf(text, "a0: &a0 {k: 1}\n");
    for (int i = 1; i < 40; i++)
        used += (size_t)sprintf(text + used, "a%d: &a%d {x: *a%d, y: *a%d}\n", i, i, i - 1, i - 1);
    assert_non_null(strstr(parse_bad(text, NULL), "/r/r.yaml:1:1: a0: unknown key"));
    /* A key of 1,000 letters (libyaml knows no longer ones), a value of a megabyte. */
    memset(text, 'k', 1000);
    strcpy(text + 1000, ": 5\n");
    assert_non_null(strstr(parse_bad(text, NULL), "unknown key"));
    strcpy(text, "seed: ");
    memset(text + 6, '9', 1000000);
    strcpy(text + 1000006, "\n");
    assert_non_null(strstr(parse_bad(text, NULL), "out of range"));
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(yaml),       cmocka_unit_test(keys),     cmocka_unit_test(types),
        cmocka_unit_test(ranges),     cmocka_unit_test(corpora),  cmocka_unit_test(model),
        cmocka_unit_test(objectives), cmocka_unit_test(training), cmocka_unit_test(idle_keys),
        cmocka_unit_test(sizes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
