/* The result store: a folder that keeps what models wrote, found again by content.
 *
 *   sources/DIGEST.jsonl     the texts of test sets, {"source": ...} a line
 *   KEY/output.jsonl         a line each: {"text", "tokens", "seconds"}
 *   KEY/output.part.jsonl    the same of a cell that is not done
 *   KEY/result.json          what was measured; written last, so a cell that has it is done
 *
 * KEY is the checksum of all that decides on an output: the model's files, the source text, the search's
 * settings and S2S_RESULT_FORMAT. So nothing is done twice, whatever it is called and wherever it lies, and
 * nothing stale is taken. References and metrics are not in it: scores are computed from kept outputs. */
#ifndef S2S_SUITE_STORE_H
#define S2S_SUITE_STORE_H

#include "base/err.h"
#include "base/memory.h"
#include "recipe/recipe.h"

/* Higher when outputs of the same model and search may have become others (a default of a search key that
 * changes, too), or the files of a cell have another form. */
enum { S2S_RESULT_FORMAT = 1 };

typedef struct s2s_store {
    const char *folder; /* borrowed */
    int lock;           /* -1: not held */
} s2s_store;

typedef struct s2s_store_key {
    char text[33];
} s2s_store_key;

/* Makes the folder and keeps other processes from it. */
s2s_status s2s_store_open(s2s_store *store, const char *folder, s2s_err *err);
void s2s_store_close(s2s_store *store);

/* What of a key is the model's: "NAME DIGEST" of each of its files, a line each, appended. */
s2s_status s2s_store_model(s2s_buf *text, const char *folder, s2s_err *err);
/* What of it is the search's: every setting that is not the default, a line each, appended; so a key that a later
 * version has does not make all results stale. A setting that is a path counts by the file's content. */
s2s_status s2s_store_search(s2s_buf *text, const s2s_search_recipe *search, s2s_err *err);
/* `source`: the digest of a test set. */
s2s_status s2s_store_key_of(s2s_store_key *key, const char *model, const char *search,
                            const char *source, s2s_err *err);

/* Puts a test set's text there, unless it is. *path: in the arena. */
s2s_status s2s_store_source(const s2s_store *store, const char *digest, const s2s_buf *lines,
                            s2s_arena *arena, const char **path, s2s_err *err);
/* The folder of a cell, which need not be there; NULL: no memory. */
const char *s2s_store_cell(const s2s_store *store, s2s_store_key key, s2s_arena *arena,
                           s2s_err *err);

#endif
