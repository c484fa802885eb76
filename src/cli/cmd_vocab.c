/* s2s vocab: learning a vocabulary from text, and text to pieces and back. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli/command.h"
#include "cli/input.h"
#include "cli/model_options.h"
#include "text/vocabulary.h"

/* A recipe whose text section is the default one, for commands that need no more of it. */
static const char text_only[] = "encoder: {}\ndecoder: {}\n";

static s2s_status load_recipe(s2s_recipe **recipe, const char *path, const s2s_strings *sets,
                              s2s_err *err) {
    S2S_TRY(s2s_check_sets(sets, "text", "text.lowercase=true", err));
    if (path) return s2s_recipe_load(recipe, path, sets->items, (int)sets->n, err);
    return s2s_recipe_parse(recipe, text_only, strlen(text_only), "defaults", sets->items,
                            (int)sets->n, err);
}

/* --- train --- */

typedef struct training {
    const char *recipe, *output;
    char **files; /* read one after the other */
    int files_n, next;
    bool open;
    s2s_input input;
    uint64_t lines;
} training;

/* As strict as `s2s train`: a vocabulary with pieces of U+FFFD serves nobody. */
static s2s_status check_text(const training *t, const char *line, size_t length, s2s_err *err) {
    if (s2s_utf8_check(line, length) < 0) return S2S_OK;
    s2s_fail(err, S2S_INPUT, "not UTF-8 text; convert the file, for example with iconv");
    return s2s_input_blame(&t->input, err);
}

static s2s_status next_line(void *self, const char **line, size_t *length, bool *more,
                            s2s_err *err) {
    training *t = self;
    for (*more = false; !*more;) {
        if (!t->open && t->next == t->files_n) return S2S_OK;
        if (!t->open) {
            S2S_TRY(s2s_input_open(&t->input, t->files[t->next++], NULL, err));
            t->open = true;
        }
        S2S_TRY(s2s_input_next(&t->input, line, length, more, err));
        if (*more) break;
        s2s_input_close(&t->input);
        t->open = false;
    }
    t->lines++;
    return check_text(t, *line, *length, err);
}

static s2s_status train(s2s_call *call, s2s_err *err) {
    training *t = call->self;
    char *standard[] = {(char[]){"-"}};
    const s2s_options *o = &call->options;
    S2S_TRY(s2s_options_need(t->output, "output", err));
    t->files = o->arguments_n ? o->arguments : standard;
    t->files_n = o->arguments_n ? o->arguments_n : 1;
    s2s_recipe *recipe;
    S2S_TRY(load_recipe(&recipe, t->recipe, &o->sets, err));
    s2s_status status = s2s_vocabulary_train(&recipe->text, next_line, t, t->output, err);
    if (t->open) s2s_input_close(&t->input);
    if (status == S2S_OK)
        s2s_log_say(call->log, "%s: %lld pieces learned from %llu lines", t->output,
                    (long long)recipe->text.vocabulary.size, (unsigned long long)t->lines);
    s2s_recipe_free(recipe);
    return status;
}

static s2s_status run_train(int argc, char **argv, s2s_err *err) {
    training t = {0};
    const s2s_option options[] = {
        S2S_TEXT_OPTION("output", "FILE", &t.output,
                        "Where the vocabulary, a SentencePiece model, goes.", .letter = 'o'),
        S2S_TEXT_OPTION("recipe", "FILE", &t.recipe,
                        "Take the text section of this recipe; without, the defaults hold."),
        S2S_KEY_OPTION("type", "NAME", "text.vocabulary.type"),
        S2S_KEY_OPTION("size", "N", "text.vocabulary.size"),
        S2S_KEY_OPTION("character-coverage", "X", "text.vocabulary.character_coverage"),
    };
    const s2s_usage usage = {
        .command = "vocab train",
        .arguments = "[FILE...]",
        .most = INT_MAX,
        .summary = "Learns a vocabulary of pieces from text files, a sentence a line, or from "
                   "standard input. `s2s train` does so by itself; this is for vocabularies that "
                   "several models share.",
        .common = S2S_WITH_SET,
        S2S_TABLE(options),
        .examples = "  s2s vocab train --size=8000 --output=vocab.model train.en train.de\n",
    };
    return s2s_call_run(&usage, argc, argv, train, &t, err);
}

/* --- encode and decode --- */

typedef struct coding {
    const char *model; /* a vocabulary's file or a model folder */
    bool ids;
    int side; /* 0 source, 1 target */
    int64_t n_best;
    uint64_t line; /* from 1 */
    s2s_vocabulary *vocabulary;
    s2s_input input;
    s2s_ids tokens, starts;
    s2s_buf text;
} coding;

typedef s2s_status code_line(coding *c, const char *line, size_t length, s2s_err *err);

static s2s_status put_token(coding *c, int32_t id, const char *blank, s2s_err *err) {
    if (c->ids) return s2s_buf_printf(&c->text, err, "%s%d", blank, (int)id);
    return s2s_buf_printf(&c->text, err, "%s%s", blank, s2s_vocabulary_piece(c->vocabulary, id));
}

static s2s_status put_tokens(coding *c, size_t begin, size_t end, s2s_err *err) {
    for (size_t i = begin; i < end; i++)
        S2S_TRY(put_token(c, c->tokens.data[i], i > begin ? " " : "", err));
    return s2s_buf_append(&c->text, "\n", 1, err);
}

static s2s_status encode_line(coding *c, const char *line, size_t length, s2s_err *err) {
    S2S_TRY(s2s_vocabulary_encode(c->vocabulary, line, length, &c->tokens, err));
    return put_tokens(c, 0, c->tokens.size, err);
}

/* As `s2s translate` does with several results: each on a line of its own, after the number of the input line. */
static s2s_status encode_n_best(coding *c, const char *line, size_t length, s2s_err *err) {
    c->starts.size = 0;
    c->line++;
    S2S_TRY(s2s_vocabulary_nbest(c->vocabulary, line, length, (int)c->n_best, &c->tokens,
                                 &c->starts, err));
    for (size_t i = 0; i + 1 < c->starts.size; i++) {
        S2S_TRY(s2s_buf_printf(&c->text, err, "%llu\t", (unsigned long long)c->line));
        S2S_TRY(put_tokens(c, (size_t)c->starts.data[i], (size_t)c->starts.data[i + 1], err));
    }
    return S2S_OK;
}

static s2s_status read_id(const coding *c, const char *word, int32_t *id, s2s_err *err) {
    char *end;
    errno = 0;
    long number = strtol(word, &end, 10);
    int size = s2s_vocabulary_size(c->vocabulary);
    if (errno || end == word || *end || number < 0 || number >= size)
        return s2s_fail(err, S2S_INPUT, "\"%.100s\" is not an id from 0 to %d", word, size - 1);
    *id = (int32_t)number;
    return S2S_OK;
}

static s2s_status read_piece(const coding *c, const char *word, int32_t *id, s2s_err *err) {
    *id = s2s_vocabulary_id(c->vocabulary, word);
    if (*id != s2s_vocabulary_unk(c->vocabulary) ||
        strcmp(word, s2s_vocabulary_piece(c->vocabulary, *id)) == 0)
        return S2S_OK;
    return s2s_fail(err, S2S_INPUT, "\"%.100s\" is no piece of this vocabulary%s", word,
                    word[strspn(word, "0123456789")] ? "" : "; for ids say --ids");
}

static s2s_status decode_line(coding *c, const char *line, size_t length, s2s_err *err) {
    if (memchr(line, '\0', length))
        return s2s_fail(err, S2S_INPUT, "a NUL byte; is this the output of `s2s vocab encode`?");
    s2s_buf word = {0};
    s2s_status status = S2S_OK;
    while (status == S2S_OK && *(line += strspn(line, " "))) {
        int32_t id = 0;
        size_t size = strcspn(line, " ");
        word.size = 0;
        status = s2s_buf_append(&word, line, size, err);
        if (status == S2S_OK)
            status = c->ids ? read_id(c, word.data, &id, err) : read_piece(c, word.data, &id, err);
        if (status == S2S_OK) status = s2s_ids_push(&c->tokens, id, err);
        line += size;
    }
    s2s_buf_release(&word);
    S2S_TRY(status);
    S2S_TRY(s2s_vocabulary_decode(c->vocabulary, c->tokens.data, c->tokens.size, &c->text, err));
    return s2s_buf_append(&c->text, "\n", 1, err);
}

static s2s_status code_lines(s2s_call *call, coding *c, code_line *code, s2s_err *err) {
    for (;;) {
        const char *line;
        size_t length;
        bool more;
        S2S_TRY(s2s_input_next(&c->input, &line, &length, &more, err));
        if (!more) return S2S_OK;
        c->tokens.size = c->text.size = 0;
        s2s_status status = code(c, line, length, err);
        if (status == S2S_INPUT) return s2s_input_blame(&c->input, err);
        S2S_TRY(status);
        S2S_TRY(s2s_output_write(call->output, c->text.data, c->text.size, err));
        S2S_TRY(s2s_output_ready(call->output, err));
    }
}

/* A model folder's recipe tells how its text is normalised. */
static s2s_status open_vocabulary(coding *c, const s2s_options *o, s2s_arena *arena, s2s_err *err) {
    struct stat found;
    if (stat(c->model, &found) != 0) return s2s_fail_errno(err, "open", c->model);
    bool folder = S_ISDIR(found.st_mode);
    char *path = folder ? s2s_path_join(arena, c->model, S2S_RECIPE_FILE, err) : NULL;
    if (folder && !path) return S2S_MEMORY;
    s2s_recipe *recipe;
    S2S_TRY(load_recipe(&recipe, path, &o->sets, err));
    const char *file =
        folder ? s2s_vocabulary_path(arena, c->model, recipe, c->side != 0, err) : c->model;
    s2s_status status =
        file ? s2s_vocabulary_load(&c->vocabulary, file, &recipe->text, err) : S2S_MEMORY;
    s2s_recipe_free(recipe);
    return status;
}

static s2s_status code_input(s2s_call *call, code_line *code, s2s_err *err) {
    coding *c = call->self;
    S2S_TRY(s2s_options_need(c->model, "model", err));
    s2s_arena arena = {0};
    s2s_status status = open_vocabulary(c, &call->options, &arena, err);
    s2s_arena_release(&arena);
    if (status == S2S_OK) status = s2s_input_open(&c->input, call->options.input, call->log, err);
    if (status == S2S_OK) status = code_lines(call, c, code, err);
    s2s_input_close(&c->input);
    s2s_vocabulary_free(c->vocabulary);
    s2s_ids_release(&c->tokens);
    s2s_ids_release(&c->starts);
    s2s_buf_release(&c->text);
    return status;
}

static s2s_status encode(s2s_call *call, s2s_err *err) {
    const coding *c = call->self;
    return code_input(call, c->n_best > 1 ? encode_n_best : encode_line, err);
}

static s2s_status decode(s2s_call *call, s2s_err *err) {
    return code_input(call, decode_line, err);
}

static const char *const sides[] = {"source", "target", NULL};

/* Rows that both have. */
#define CODING_OPTIONS(c)                                                                          \
    S2S_TEXT_OPTION("model", "PATH", &(c)->model,                                                  \
                    "A vocabulary's file, or the folder of a trained model.", .letter = 'm'),      \
        S2S_FLAG("ids", &(c)->ids, "Tokens are numbers and not pieces."),                          \
        S2S_CHOICE_OPTION("side", sides, &(c)->side,                                               \
                          "Which vocabulary of a model that has two; the source's if not given.")
enum { CODING_COMMON = S2S_WITH_INPUT | S2S_WITH_OUTPUT | S2S_WITH_SET };

static s2s_status run_encode(int argc, char **argv, s2s_err *err) {
    enum { MOST = 1024 /* that SentencePiece gives */ };
    coding c = {0};
    const s2s_option options[] = {
        CODING_OPTIONS(&c),
        S2S_WHOLE_OPTION(
            "n-best", &c.n_best, 1, MOST,
            "Write so many ways to cut a line, the best first, each on a line of its own "
            "after the number of the input line and a tab; for unigram vocabularies."),
    };
    const s2s_usage usage = {
        .command = "vocab encode",
        .summary = "Cuts each line into the tokens of a vocabulary, parted by blanks, after the "
                   "normalisation that belongs to it.",
        .common = CODING_COMMON,
        S2S_TABLE(options),
        .examples = "  echo 'a small dog' | s2s vocab encode --model=vocab.model\n",
    };
    return s2s_call_run(&usage, argc, argv, encode, &c, err);
}

static s2s_status run_decode(int argc, char **argv, s2s_err *err) {
    coding c = {0};
    const s2s_option options[] = {CODING_OPTIONS(&c)};
    const s2s_usage usage = {
        .command = "vocab decode",
        .summary = "Puts the tokens of each line together to text again.",
        .common = CODING_COMMON,
        S2S_TABLE(options),
        .examples = "  s2s vocab decode --model=vocab.model --ids <ids.txt\n",
    };
    return s2s_call_run(&usage, argc, argv, decode, &c, err);
}

/* --- which of them --- */

static s2s_status run(int argc, char **argv, s2s_err *err) {
    const s2s_command commands[] = {
        {"train", "learn a vocabulary from text", run_train},
        {"encode", "cut text into tokens", run_encode},
        {"decode", "put tokens together to text", run_decode},
        s2s_command_shortlist,
        {0},
    };
    return s2s_command_dispatch("s2s vocab", commands, "", argc, argv, err);
}

const s2s_command s2s_command_vocab = {"vocab", "learn vocabularies; text to tokens and back", run};
