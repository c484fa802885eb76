/* Contradictions between keys. The message is placed at the key that most likely needs the change,
 * and says the values of both. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "recipe/draft.h"

/* --- name and data --- */

/* The name is a folder's name, too. */
static s2s_status check_name(const s2s_draft *draft, s2s_err *err) {
    const char *name = draft->recipe->name;
    bool control = false;
    for (const char *at = name; *at; at++) control |= (unsigned char)*at < ' ' || *at == 0x7f;
    if (control || strchr(name, '/') || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return s2s_draft_fail(draft, err, "name", NULL,
                              "must do as the name of a folder: no slash, no control characters");
    return S2S_OK;
}

static s2s_status check_data(const s2s_draft *draft, s2s_err *err) {
    const s2s_recipe *r = draft->recipe;
    const s2s_data_recipe *d = &r->data;
    if (s2s_draft_given(draft, "data") && !d->train.n && !s2s_draft_given(draft, "data.train"))
        return s2s_draft_fail(draft, err, "data.train", NULL,
                              "is missing; give the examples to learn from");
    if (d->min_length >= d->max_length)
        return s2s_draft_fail(draft, err, "data.min_length", "data.max_length",
                              "%" PRId64 " leaves nothing below data.max_length, %" PRId64,
                              d->min_length, d->max_length);
    if (r->train.batch_tokens < d->max_length)
        return s2s_draft_fail(draft, err, "train.batch_tokens", "data.max_length",
                              "%" PRId64 " is less than an example may have (data.max_length, "
                              "%" PRId64 ")",
                              r->train.batch_tokens, d->max_length);
    return S2S_OK;
}

/* --- text --- */

static s2s_status check_text(const s2s_draft *draft, s2s_err *err) {
    const s2s_text_recipe *t = &draft->recipe->text;
    const s2s_vocabulary_recipe *v = &t->vocabulary;
    for (int i = 0; i < v->symbols.n; i++)
        if (!*v->symbols.items[i] || strchr(v->symbols.items[i], ','))
            return s2s_draft_fail(draft, err, "text.vocabulary.symbols", NULL,
                                  "a symbol has a character at least, and no comma");
    if (v->target_model && v->shared)
        return s2s_draft_fail(draft, err, "text.vocabulary.target_model", NULL,
                              "needs separate vocabularies: set text.vocabulary.shared to false");
    if (!v->shared && (v->model != NULL) != (v->target_model != NULL))
        return s2s_draft_fail(draft, err, "text.vocabulary.shared", NULL,
                              "separate vocabularies come both from models or are both learned; "
                              "text.vocabulary.%s is missing",
                              v->model ? "target_model" : "model");
    if (v->type == S2S_BPE && t->sampling_alpha >= 1)
        return s2s_draft_fail(draft, err, "text.sampling_alpha", NULL,
                              "for bpe it is the share of merges left out, so below 1");
    if (t->sampling_alpha > 0 && (t->sampling_nbest == 0 || t->sampling_nbest == 1))
        return s2s_draft_fail(draft, err, "text.sampling_nbest", NULL,
                              "%" PRId64 " leaves nothing to draw from; -1 draws from all",
                              t->sampling_nbest);
    return S2S_OK;
}

/* --- model --- */

/* A failure at a key of a stack or a search, whose sections come twice. */
#define FAIL_KEY(prefix, key, other, ...)                                                          \
    s2s_draft_fail(draft, err, s2s_key_path_make(prefix, key).text,                                \
                   s2s_key_path_make(prefix, other).text, __VA_ARGS__)

static s2s_status check_positions(const s2s_draft *draft, const s2s_stack_recipe *s,
                                  const char *prefix, s2s_err *err) {
    if (s->positions == S2S_ROTARY && s2s_head_width(s) % 2)
        return FAIL_KEY(prefix, "positions", "heads",
                        "rotary positions turn pairs: width / heads, %d, must be even",
                        s2s_head_width(s));
    if (s->positions == S2S_SINUSOIDAL && s->width % 2)
        return FAIL_KEY(prefix, "width", "positions",
                        "%" PRId64 " must be even for sinusoidal positions", s->width);
    if (s->positions == S2S_LEARNED && s->max_positions < draft->recipe->data.max_length)
        return FAIL_KEY(prefix, "max_positions", "positions",
                        "%" PRId64 " is less than an example may have (data.max_length, %" PRId64
                        ")",
                        s->max_positions, draft->recipe->data.max_length);
    if (s->positions == S2S_RELATIVE && s->relative_buckets % 2)
        return FAIL_KEY(prefix, "relative_buckets", "positions", "%" PRId64 " must be even",
                        s->relative_buckets);
    if (s->positions == S2S_RELATIVE && s->relative_span <= s->relative_buckets / 2)
        return FAIL_KEY(prefix, "relative_span", "relative_buckets",
                        "%" PRId64 " must be above half of relative_buckets, %" PRId64,
                        s->relative_span, s->relative_buckets);
    return S2S_OK;
}

static s2s_status check_stack(const s2s_draft *draft, const s2s_stack_recipe *s, const char *prefix,
                              s2s_err *err) {
    if (!s->present) return S2S_OK;
    if (!s->head_width && s->width % s->heads)
        return FAIL_KEY(prefix, "width", "heads",
                        "%" PRId64 " is not a multiple of heads, %" PRId64, s->width, s->heads);
    if (s->heads % s->kv_heads)
        return FAIL_KEY(prefix, "kv_heads", "heads", "%" PRId64 " does not divide heads, %" PRId64,
                        s->kv_heads, s->heads);
    return check_positions(draft, s, prefix, err);
}

static s2s_status check_tie(const s2s_draft *draft, s2s_err *err) {
    const s2s_recipe *r = draft->recipe;
    if (!r->encoder.present || !r->decoder.present || r->decoder.tie < S2S_TIE_INPUTS)
        return S2S_OK;
    const char *name = r->decoder.tie == S2S_TIE_ALL ? "all" : "inputs";
    const char *instead = r->decoder.tie == S2S_TIE_ALL ? "decoder" : "none";
    if (!r->text.vocabulary.shared)
        return s2s_draft_fail(draft, err, "decoder.tie", NULL,
                              "%s needs one vocabulary for both sides: use %s, or set "
                              "text.vocabulary.shared to true",
                              name, instead);
    if (r->encoder.width != r->decoder.width)
        return s2s_draft_fail(draft, err, "decoder.tie", NULL,
                              "%s needs equal widths, but the encoder's is %" PRId64
                              " and the decoder's %" PRId64 "; use %s",
                              name, r->encoder.width, r->decoder.width, instead);
    return S2S_OK;
}

static s2s_status check_part(const s2s_draft *draft, bool present, bool wanted, const char *name,
                             s2s_err *err) {
    const char *objective = s2s_schema_walk("objective.type")->names[draft->recipe->objective.type];
    if (wanted && !present)
        return s2s_draft_fail(
            draft, err, name, "objective.type",
            "is missing; objective.type %s needs it (write `%s: {}` for one with default values)",
            objective, name);
    if (present && !wanted)
        return s2s_draft_fail(draft, err, name, "objective.type",
                              "has no place in a model of objective.type %s; leave it out",
                              objective);
    return S2S_OK;
}

static s2s_status check_from(const s2s_draft *draft, s2s_err *err) {
    const s2s_recipe *r = draft->recipe;
    if ((r->encoder.freeze && !r->encoder.from) || (r->decoder.freeze && !r->decoder.from))
        return s2s_draft_fail(draft, err, r->encoder.freeze ? "encoder.freeze" : "decoder.freeze",
                              NULL, "keeps what a model begins as: name that model in `from`");
    if ((r->encoder.from || r->decoder.from) && !r->text.vocabulary.shared)
        return s2s_draft_fail(
            draft, err, r->encoder.from ? "encoder.from" : "decoder.from", "text.vocabulary.shared",
            "the other model's vocabulary comes along, which must be one for both sides");
    return S2S_OK;
}

static s2s_status check_parts(const s2s_draft *draft, s2s_err *err) {
    const s2s_recipe *r = draft->recipe;
    const s2s_objective_shape *shape = s2s_objective_shape_of(r->objective.type);
    S2S_TRY(check_from(draft, err));
    S2S_TRY(check_part(draft, r->encoder.present, shape->encoder, "encoder", err));
    S2S_TRY(check_part(draft, r->decoder.present, shape->decoder, "decoder", err));
    if (!shape->targets && !r->text.vocabulary.shared)
        return s2s_draft_fail(draft, err, "text.vocabulary.shared", "objective.type",
                              "there is one text only; leave this out");
    return S2S_OK;
}

static s2s_status check_objective(const s2s_draft *draft, s2s_err *err) {
    const s2s_objective_recipe *o = &draft->recipe->objective;
    if (o->mask_random + o->mask_kept > 1)
        return s2s_draft_fail(
            draft, err, "objective.mask_random", "objective.mask_kept",
            "mask_random and mask_kept are shares of one whole: %g and %g are more", o->mask_random,
            o->mask_kept);
    if (o->deletion + o->masking > 1)
        return s2s_draft_fail(draft, err, "objective.deletion", "objective.masking",
                              "deletion and masking are shares of one whole: %g and %g are more",
                              o->deletion, o->masking);
    if (s2s_objective_shape_of(o->type)->targets) return S2S_OK;
    if (draft->recipe->data.max_length < 3)
        return s2s_draft_fail(draft, err, "data.max_length", "objective.type",
                              "%" PRId64 " leaves no room for a text between its begin and its end",
                              draft->recipe->data.max_length);
    if (draft->recipe->data.target_direction == S2S_RIGHT_TO_LEFT)
        return s2s_draft_fail(draft, err, "data.target_direction", "objective.type",
                              "turns the targets of pairs of texts alone; leave this out");
    if (draft->recipe->text.sampling_alpha > 0)
        return s2s_draft_fail(draft, err, "text.sampling_alpha", "objective.type",
                              "segmentations are drawn for pairs of texts alone; leave this out");
    return S2S_OK;
}

static s2s_status check_model(const s2s_draft *draft, s2s_err *err) {
    const s2s_recipe *r = draft->recipe;
    S2S_TRY(check_parts(draft, err));
    S2S_TRY(check_stack(draft, &r->encoder, "encoder", err));
    S2S_TRY(check_stack(draft, &r->decoder, "decoder", err));
    S2S_TRY(check_tie(draft, err));
    if (r->decoder.positions == S2S_LEARNED &&
        r->search.max_decoding_length > r->decoder.max_positions)
        return s2s_draft_fail(draft, err, "search.max_decoding_length", "decoder.max_positions",
                              "%" PRId64 " is above decoder.max_positions, %" PRId64,
                              r->search.max_decoding_length, r->decoder.max_positions);
    return S2S_OK;
}

/* --- search --- */

s2s_status s2s_check_search(const s2s_draft *draft, const s2s_search_recipe *s, const char *prefix,
                            s2s_err *err) {
    if (s->type == S2S_GREEDY && s->n_best > 1)
        return FAIL_KEY(prefix, "n_best", "type",
                        "%" PRId64 " needs a beam; greedy search finds one", s->n_best);
    if (s->type == S2S_BEAM && s->n_best > s->beam_size)
        return FAIL_KEY(prefix, "n_best", "beam_size",
                        "%" PRId64 " is more than beam_size, %" PRId64, s->n_best, s->beam_size);
    if (s->mbr && s->type == S2S_GREEDY)
        return FAIL_KEY(prefix, "mbr", "type",
                        "compares several hypotheses; greedy search finds one");
    if (s->mbr && s->type == S2S_BEAM && s->mbr_candidates > s->beam_size)
        return FAIL_KEY(prefix, "mbr_candidates", "beam_size",
                        "%" PRId64 " is more than beam_size, %" PRId64, s->mbr_candidates,
                        s->beam_size);
    if (s->mbr && s->n_best > s->mbr_candidates)
        return FAIL_KEY(prefix, "n_best", "mbr_candidates",
                        "%" PRId64 " is more than mbr_candidates, %" PRId64, s->n_best,
                        s->mbr_candidates);
    if (s->beam_size % s->beam_groups)
        return FAIL_KEY(prefix, "beam_groups", "beam_size",
                        "%" PRId64 " groups cannot share a beam_size of %" PRId64
                        " equally; make it a multiple",
                        s->beam_groups, s->beam_size);
    if (s->min_decoding_length > s->max_decoding_length)
        return FAIL_KEY(prefix, "min_decoding_length", "max_decoding_length",
                        "%" PRId64 " is above max_decoding_length, %" PRId64,
                        s->min_decoding_length, s->max_decoding_length);
    return s2s_check_needs(draft, s, prefix, err);
}

/* --- training --- */

static s2s_status check_schedule(const s2s_draft *draft, s2s_err *err) {
    const s2s_train_recipe *t = &draft->recipe->train;
    const s2s_schedule_recipe *s = &t->schedule;
    bool decays = s->type == S2S_LINEAR || s->type == S2S_COSINE;
    /* A run that ends before the decay does is a short try; the trainer warns where it ends in the warm-up. */
    bool cut_short = t->max_steps && t->max_steps <= s->decay_steps;
    if (decays && !s->decay_steps)
        return s2s_draft_fail(
            draft, err, "train.schedule.decay_steps", "train.schedule.type",
            "is missing; linear and cosine schedules need it, or train.max_steps");
    if (decays && !cut_short && s->warmup_steps >= s->decay_steps)
        return s2s_draft_fail(
            draft, err, "train.schedule.warmup_steps", "train.schedule.decay_steps",
            "%" PRId64 " is not below decay_steps, %" PRId64, s->warmup_steps, s->decay_steps);
    if (s->min_learning_rate > t->optimizer.learning_rate)
        return s2s_draft_fail(draft, err, "train.schedule.min_learning_rate",
                              "train.optimizer.learning_rate",
                              "%g is above train.optimizer.learning_rate, %g", s->min_learning_rate,
                              t->optimizer.learning_rate);
    return S2S_OK;
}

/* What asks for data.valid though there is none. */
static s2s_status check_blind(const s2s_draft *draft, s2s_err *err) {
    const s2s_train_recipe *t = &draft->recipe->train;
    const char *asking = NULL;
    if (t->early_stopping.patience) asking = "train.early_stopping.patience";
    if (t->validation.metrics_n) asking = "train.validation.metrics";
    if (t->early_stopping.metric != S2S_METRIC_LOSS) asking = "train.early_stopping.metric";
    if (t->schedule.type == S2S_PLATEAU) asking = "train.schedule.type";
    if (t->validation.metrics_n && !s2s_objective_shape_of(draft->recipe->objective.type)->targets)
        return s2s_draft_fail(draft, err,
                              s2s_draft_given(draft, "train.early_stopping.metric")
                                  ? "train.early_stopping.metric"
                                  : "train.validation.metrics",
                              "objective.type",
                              "scores are of texts that are written for others; this objective has "
                              "its loss and accuracy alone");
    if (!asking || draft->recipe->data.valid.n || !draft->recipe->data.train.n) return S2S_OK;
    return s2s_draft_fail(draft, err, asking, NULL, "needs validation, and data.valid is missing");
}

static s2s_status check_train(const s2s_draft *draft, s2s_err *err) {
    const s2s_train_recipe *t = &draft->recipe->train;
    S2S_TRY(check_schedule(draft, err));
    S2S_TRY(check_blind(draft, err));
    if (!t->max_steps && !t->max_epochs && !t->early_stopping.patience &&
        draft->recipe->data.train.n)
        return s2s_draft_fail(draft, err, "train", NULL,
                              "would never end; set max_steps, max_epochs or "
                              "early_stopping.patience%s",
                              draft->recipe->data.valid.n ? "" : " (which needs data.valid)");
    if (t->keep_last < t->average_last)
        return s2s_draft_fail(draft, err, "train.keep_last", "train.average_last",
                              "%" PRId64 " is less than average_last, %" PRId64
                              ", which needs that many checkpoints",
                              t->keep_last, t->average_last);
    if (t->ema_decay > 0 && t->average_last > 1)
        return s2s_draft_fail(draft, err, "train.ema_decay", "train.average_last",
                              "the model is a running mean or that of the last checkpoints; set "
                              "ema_decay to 0 or average_last to 1");
    return S2S_OK;
}

s2s_status s2s_check(const s2s_draft *draft, s2s_err *err) {
    const s2s_recipe *r = draft->recipe;
    S2S_TRY(check_name(draft, err));
    S2S_TRY(check_data(draft, err));
    S2S_TRY(check_text(draft, err));
    S2S_TRY(check_model(draft, err));
    S2S_TRY(check_objective(draft, err));
    S2S_TRY(s2s_check_search(draft, &r->search, "search", err));
    S2S_TRY(s2s_check_search(draft, &r->train.validation.search, "train.validation.search", err));
    return check_train(draft, err);
}
