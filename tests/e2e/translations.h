/* What a model makes of some lines, as texts that can be compared. */
#ifndef S2S_TEST_TRANSLATIONS_H
#define S2S_TEST_TRANSLATIONS_H

#include "model/folder.h"

/* Text lines, without their ends. */
typedef struct text_lines {
    char *memory, **line;
    size_t *length;
    int n;
} text_lines;

/* The lines of a text, which may hold any bytes; each must have its end. */
text_lines lines_split(const char *text, size_t size);
text_lines lines_read(const char *path);
void lines_release(text_lines *lines);
/* How many are the same; both must have as many. */
int lines_equal(const text_lines *a, const text_lines *b);

/* The best translation of each line; with `scores` all of them, each after its log p and score, bit for bit, and
 * parted by bars. `truncated` may be NULL. The model must be packed. */
text_lines translate_lines(const s2s_loaded_model *model, const s2s_search_recipe *search,
                           const text_lines *source, bool scores, uint64_t *truncated);

/* A folder of the scratch folder, packed. */
s2s_loaded_model load_packed(const char *output);

#endif
