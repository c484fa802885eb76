/* See corpus.h. Sentences are imagined one by one, each from its own number, and go to the part
 * that may have them until all parts are full. */
#include "demo/corpus.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#include "base/file.h"
#include "demo/draft.h"

/* Hashes of the sentences that are in the corpus: open addressing, at most half full. Two sentences
 * with the same 64 bits would cost one of them its place, no more. */
typedef struct sentence_set {
    uint64_t *slots; /* 0: free */
    size_t mask;
} sentence_set;

static s2s_status set_init(sentence_set *set, size_t sentences, s2s_err *err) {
    size_t size = 1024;
    while (size < 2 * sentences) size *= 2;
    set->mask = size - 1;
    set->slots = calloc(size, sizeof *set->slots);
    return set->slots ? S2S_OK : s2s_fail_memory(err, size * sizeof *set->slots);
}

static size_t set_find(const sentence_set *set, uint64_t hash) {
    size_t slot = hash & set->mask;
    while (set->slots[slot] != 0 && set->slots[slot] != hash) slot = (slot + 1) & set->mask;
    return slot;
}

static uint64_t sentence_hash(const s2s_text *text, uint64_t language) {
    return XXH64(text->data, text->size, language) | 1;
}

/* True when both were new; then they are in. */
static bool set_add_pair(sentence_set *set, const s2s_text *english, const s2s_text *german) {
    uint64_t first = sentence_hash(english, 1), second = sentence_hash(german, 2);
    if (set->slots[set_find(set, first)] || set->slots[set_find(set, second)]) return false;
    set->slots[set_find(set, first)] = first;
    set->slots[set_find(set, second)] = second;
    return true;
}

/* --- sentences --- */

typedef struct workshop {
    s2s_demo_corpus *corpus;
    const size_t *sizes;
    sentence_set seen;
    s2s_draft draft;
    s2s_text english, german;
} workshop;

static bool is_full(const s2s_demo_corpus *corpus, const size_t sizes[PART_COUNT]) {
    for (int part = 0; part < PART_COUNT; part++)
        if (corpus->count[part] < sizes[part]) return false;
    return true;
}

static s2s_status append_pair(workshop *shop, s2s_part part, s2s_err *err) {
    shop->corpus->count[part]++;
    return s2s_buf_printf(&shop->corpus->lines[part], err, "%s\t%s\n", shop->english.data,
                          shop->german.data);
}

static s2s_status try_sentence(workshop *shop, uint64_t seed, uint64_t number, s2s_err *err) {
    s2s_draft_start(&shop->draft, seed, number);
    const s2s_clause *clause = s2s_imagine(&shop->draft);
    if (clause == NULL) return S2S_OK;
    s2s_traits traits = s2s_find_traits(clause);
    s2s_part part = s2s_part_for(&traits);
    if (part == PART_COUNT || shop->corpus->count[part] >= shop->sizes[part]) return S2S_OK;
    shop->english = shop->german = (s2s_text){0};
    s2s_say_english(&shop->english, clause);
    s2s_say_german(&shop->german, clause);
    if (shop->english.overflow || shop->german.overflow) return S2S_OK;
    if (!set_add_pair(&shop->seen, &shop->english, &shop->german)) return S2S_OK;
    return append_pair(shop, part, err);
}

static s2s_status fail_exhausted(const workshop *shop, s2s_err *err) {
    const size_t *count = shop->corpus->count;
    return s2s_fail(
        err, S2S_USAGE,
        "the grammar gave only %zu training, %zu validation and %zu test pairs; ask for "
        "%zu, %zu and %zu or fewer",
        count[TRAIN_PART], count[VALID_PART], count[TEST_PART], count[TRAIN_PART],
        count[VALID_PART], count[TEST_PART]);
}

s2s_status s2s_demo_corpus_make(s2s_demo_corpus *corpus, const size_t sizes[PART_COUNT],
                                uint64_t seed, s2s_err *err) {
    *corpus = (s2s_demo_corpus){0};
    workshop shop = {.corpus = corpus, .sizes = sizes};
    size_t total = sizes[TRAIN_PART] + sizes[VALID_PART] + sizes[TEST_PART];
    s2s_status status = set_init(&shop.seen, 2 * total, err);
    uint64_t attempts = 100000 + 200 * (uint64_t)total;
    for (uint64_t i = 0; status == S2S_OK && i < attempts && !is_full(corpus, sizes); i++)
        status = try_sentence(&shop, seed, i, err);
    if (status == S2S_OK && !is_full(corpus, sizes)) status = fail_exhausted(&shop, err);
    free(shop.seen.slots);
    return status;
}

/* --- files --- */

static s2s_status write_part(s2s_writer **writer, const char *folder, const char *file,
                             const s2s_buf *lines, s2s_err *err) {
    s2s_buf path = {0};
    s2s_status status = s2s_buf_printf(&path, err, "%s/%s", folder, file);
    if (status == S2S_OK) status = s2s_writer_open(writer, path.data, err);
    if (status == S2S_OK) status = s2s_writer_write(*writer, lines->data, lines->size, err);
    s2s_buf_release(&path);
    return status;
}

s2s_status s2s_demo_corpus_write(const s2s_demo_corpus *corpus, const char *folder, s2s_err *err) {
    static const char *const files[PART_COUNT] = {"train.tsv", "valid.tsv", "test.tsv"};
    s2s_writer *writers[PART_COUNT] = {NULL};
    s2s_status status = s2s_make_folders(folder, err);
    for (int part = 0; status == S2S_OK && part < PART_COUNT; part++)
        status = write_part(&writers[part], folder, files[part], &corpus->lines[part], err);
    for (int part = 0; part < PART_COUNT; part++) {
        if (status == S2S_OK)
            status = s2s_writer_commit(writers[part], err);
        else
            s2s_writer_abort(writers[part]);
    }
    return status;
}

void s2s_demo_corpus_release(s2s_demo_corpus *corpus) {
    for (int part = 0; part < PART_COUNT; part++) s2s_buf_release(&corpus->lines[part]);
    *corpus = (s2s_demo_corpus){0};
}
