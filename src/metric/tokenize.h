/* The tokenizers of BLEU and TER. Each leaves white space between tokens; what is between is a token. */
#ifndef S2S_METRIC_TOKENIZE_H
#define S2S_METRIC_TOKENIZE_H

#include "metric/metric.h"
#include "metric/points.h"

/* What stands in `rewrite->text` has no white space at its end. */
typedef s2s_status (*s2s_tokenize)(s2s_rewrite *rewrite, s2s_err *err);

/* NULL for a number that is no tokenizer's. */
s2s_tokenize s2s_tokenizer_get(s2s_bleu_tokenizer tokenizer);

s2s_status s2s_tokenize_13a(s2s_rewrite *rewrite, s2s_err *err);
s2s_status s2s_tokenize_intl(s2s_rewrite *rewrite, s2s_err *err);
s2s_status s2s_tokenize_zh(s2s_rewrite *rewrite, s2s_err *err);

/* TER's, by the options that concern text. */
s2s_status s2s_tokenize_tercom(s2s_rewrite *rewrite, const s2s_ter_options *options, s2s_err *err);

/* The rules for Western languages, which 13a and zh end with: the two below. */
s2s_status s2s_tokenize_western(s2s_rewrite *rewrite, s2s_err *err);

/* --- rules that several have --- */

/* ASCII punctuation, without ' , - and . */
s2s_status s2s_separate_punctuation(s2s_rewrite *rewrite, s2s_err *err);
/* Periods, commas and dashes, by whether digits stand beside them. */
s2s_status s2s_separate_by_digits(s2s_rewrite *rewrite, s2s_err *err);
/* &quot; &amp; &lt; &gt; as the characters that they stand for. */
s2s_status s2s_replace_entities(s2s_rewrite *rewrite, s2s_err *err);
/* A space at both ends. */
s2s_status s2s_pad(s2s_rewrite *rewrite, s2s_err *err);

#endif
