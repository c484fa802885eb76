/* See examples.h. */
#include "examples.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after the above, which it needs */
#include <cmocka.h>

static char *make_file(const char *folder, const char *side, int corpus, uint64_t n) {
    char name[64];
    snprintf(name, sizeof name, "%s-%d", side, corpus);
    char *path = in_folder(folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    for (uint64_t i = 0; i < n; i++) {
        char sentence[512];
        uint64_t index = i * 6 + (uint64_t)corpus * 2 + (*side == 't');
        make_sentence(index, sentence, sizeof sentence);
        fprintf(file, "%s\n", sentence);
    }
    assert_int_equal(fclose(file), 0);
    return path;
}

void examples_make(examples *e, const uint64_t *n, int corpora, double alpha) {
    *e = (examples){.folder = make_folder()};
    e->cache = in_folder(e->folder, "cache");
    for (int c = 0; c < corpora; c++) {
        e->paths[2 * c] = make_file(e->folder, "source", c, n[c]);
        e->paths[2 * c + 1] = make_file(e->folder, "target", c, n[c]);
        e->items[c] =
            (s2s_corpus){.source = e->paths[2 * c], .target = e->paths[2 * c + 1], .weight = 1};
    }
    e->corpora = (s2s_corpora){e->items, corpora};
    e->recipe = (s2s_data_recipe){.max_length = 200,
                                  .min_length = 1,
                                  .long_sources = S2S_LONG_DROP,
                                  .long_targets = S2S_LONG_DROP,
                                  .head_share = 0.5};
    s2s_text_recipe text = plain_text_recipe(500);
    text.sampling_alpha = alpha;
    e->vocabulary = make_vocabulary(&text);
}

s2s_dataset *examples_open(const examples *e) {
    s2s_dataset *dataset;
    s2s_err err = {0};
    if (s2s_dataset_open(&dataset, &e->corpora, &e->recipe, e->vocabulary, e->vocabulary, e->cache,
                         NULL, &err) != S2S_OK)
        fail_msg("%s", err.message);
    return dataset;
}

void examples_release(examples *e) {
    for (int i = 0; i < 2 * CORPORA_MOST; i++) free(e->paths[i]);
    free(e->cache);
    remove_folder(e->folder);
    s2s_vocabulary_free(e->vocabulary);
}

/* Calls for each matching file; the path of the first one, or NULL. */
static char *search(const char *folder, const char *ending, int *count) {
    char *first = NULL;
    *count = 0;
    DIR *open = opendir(folder);
    for (struct dirent *entry; open && (entry = readdir(open));) {
        size_t length = strlen(entry->d_name), tail = strlen(ending);
        if (length < tail || strcmp(entry->d_name + length - tail, ending)) continue;
        if (!(*count)++) first = in_folder(folder, entry->d_name);
    }
    if (open) closedir(open);
    return first;
}

int count_files(const char *folder, const char *ending) {
    int count;
    free(search(folder, ending, &count));
    return count;
}

char *find_file(const char *folder, const char *ending) {
    int count;
    return search(folder, ending, &count);
}
