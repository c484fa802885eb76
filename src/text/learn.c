/* Learning a vocabulary: lines are normalised one by one on their way to the SentencePiece trainer,
 * and long ones are given to it in stretches. The trainer's time grows faster than a line's length,
 * and a word of more than 65,535 characters would end the process. Pieces are short, so nothing is
 * lost. */
#include "text/sentencepiece.h"
#include "text/vocabulary.h"

enum { STRETCH_BYTES = 2048 };

typedef struct source {
    const s2s_text_recipe *recipe;
    s2s_next_line next;
    void *self;
    s2s_buf line; /* the last line, normalised */
    size_t given; /* bytes of it that the trainer has had */
} source;

/* Bytes of the next stretch: up to a blank where there is one, else up to a character's end. */
static size_t stretch_size(const char *text, size_t length) {
    if (length <= STRETCH_BYTES) return length;
    for (size_t end = STRETCH_BYTES; end > 0; end--)
        if (text[end] == ' ') return end;
    size_t end = STRETCH_BYTES;
    while (end > 0 && ((unsigned char)text[end] & 0xC0) == 0x80) end--;
    return end;
}

/* The next stretch of text. Lines that are empty after normalisation are no use to the trainer. */
static s2s_status next_stretch(void *self, const char **line, size_t *length, bool *more,
                               s2s_err *err) {
    source *s = self;
    while (s->given == s->line.size) {
        const char *raw = NULL;
        size_t size = 0;
        S2S_TRY(s->next(s->self, &raw, &size, more, err));
        if (!*more) return S2S_OK;
        s->line.size = s->given = 0;
        S2S_TRY(s2s_normalize(s->recipe, raw, size, &s->line, err));
    }
    *more = true;
    *line = s->line.data + s->given;
    *length = stretch_size(*line, s->line.size - s->given);
    s->given += *length;
    return S2S_OK;
}

s2s_status s2s_vocabulary_train(const s2s_text_recipe *recipe, s2s_next_line next, void *self,
                                const char *path, s2s_err *err) {
    const s2s_vocabulary_recipe *v = &recipe->vocabulary;
    s2s_spm_options options = {.bpe = v->type == S2S_BPE,
                               .size = v->size,
                               .character_coverage = v->character_coverage,
                               .sample_lines = v->sample_lines,
                               .byte_fallback = v->byte_fallback,
                               .symbols = v->symbols.items,
                               .symbols_n = v->symbols.n,
                               .keep_whitespace = recipe->whitespace == S2S_WHITESPACE_KEEP};
    source lines = {.recipe = recipe, .next = next, .self = self};
    s2s_buf model = {0};
    s2s_status status = s2s_spm_train(&options, next_stretch, &lines, &model, err);
    if (status == S2S_OK) status = s2s_write_file(path, model.data, model.size, err);
    s2s_buf_release(&lines.line);
    s2s_buf_release(&model);
    return status;
}
