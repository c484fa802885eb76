/* The Porter stemmer (Porter 1980), with the changes that NLTK makes by default: rouge-score stems
 * with it. */
#ifndef S2S_METRIC_PORTER_H
#define S2S_METRIC_PORTER_H

#include <stddef.h>
#include <stdint.h>

/* Stems a word of lower case letters a to z and digits, one character an element, in place. Returns
 * the new length, which is never greater. */
size_t s2s_porter_stem(uint32_t *word, size_t length);

#endif
