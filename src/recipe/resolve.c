/* What nobody gave and other keys tell. Each rule is told in the schema's `note` of its key. */
#include <string.h>

#include "base/cpu.h"
#include "base/file.h"
#include "recipe/draft.h"
#include "recipe/path.h"
#include "recipe/value.h"

/* --- sections that take from others what they leave out --- */

static s2s_status inherit(s2s_draft *draft, const s2s_section *section, void *owner,
                          const char *prefix, const s2s_section *other, const void *from,
                          s2s_err *err) {
    for (int i = 0; i < section->n; i++) {
        const s2s_key *key = &section->keys[i];
        const char *path = s2s_draft_join(draft, prefix, key->name, err);
        if (!path) return S2S_MEMORY;
        bool known = s2s_schema_find(other, key->name, strlen(key->name)) != NULL;
        if (known && !(key->flags & S2S_KEY_OWN) && !s2s_draft_given(draft, path))
            s2s_value_copy(key, from, owner);
    }
    return S2S_OK;
}

static s2s_status inherit_all(s2s_draft *draft, const s2s_section *section, void *owner,
                              const char *prefix, s2s_err *err) {
    for (int i = 0; i < section->n; i++) {
        const s2s_key *key = &section->keys[i];
        if (key->type != S2S_KEY_SECTION) continue;
        const char *path = s2s_draft_join(draft, prefix, key->name, err);
        if (!path) return S2S_MEMORY;
        char *below = (char *)owner + key->offset;
        if (key->inherits) {
            const s2s_key *other = s2s_schema_walk(key->inherits);
            const char *from = (const char *)draft->recipe + other->offset;
            S2S_TRY(inherit(draft, key->section, below, path, other->section, from, err));
        }
        S2S_TRY(inherit_all(draft, key->section, below, path, err));
    }
    return S2S_OK;
}

/* --- rules --- */

static s2s_status resolve_names(s2s_draft *draft, s2s_err *err) {
    s2s_recipe *r = draft->recipe;
    if (!r->name) r->name = s2s_path_stem(draft->path, &r->arena, err);
    if (!r->name) return S2S_MEMORY;
    if (r->output) return S2S_OK;
    const char *runs = s2s_path_join(&r->arena, draft->folder, "runs", err);
    r->output = runs ? s2s_path_join(&r->arena, runs, r->name, err) : NULL;
    return r->output ? S2S_OK : S2S_MEMORY;
}

static void resolve_stack(s2s_stack_recipe *stack) {
    if (!stack->kv_heads) stack->kv_heads = stack->heads;
    if (!stack->feed_forward) stack->feed_forward = 4 * stack->width;
}

static void resolve_tie(s2s_draft *draft) {
    s2s_recipe *r = draft->recipe;
    bool alike = r->text.vocabulary.shared && r->encoder.width == r->decoder.width;
    if (!alike && !s2s_draft_given(draft, "decoder.tie")) r->decoder.tie = S2S_TIE_DECODER;
}

/* The loss is always measured and needs no mention; the metric of early stopping must be measured.
 */
static void resolve_metrics(s2s_train_recipe *train) {
    s2s_validation_recipe *v = &train->validation;
    s2s_metric_type kept[sizeof v->metrics / sizeof *v->metrics];
    s2s_metric_type wanted = train->early_stopping.metric;
    int n = 0;
    bool measured = wanted == S2S_METRIC_LOSS;
    for (int i = 0; i < v->metrics_n; i++) {
        if (v->metrics[i] == S2S_METRIC_LOSS) continue;
        measured |= v->metrics[i] == wanted;
        kept[n++] = v->metrics[i];
    }
    if (!measured) kept[n++] = wanted;
    memset(v->metrics, 0, sizeof v->metrics);
    memcpy(v->metrics, kept, (size_t)n * sizeof *kept);
    v->metrics_n = n;
}

static void resolve_train(s2s_draft *draft) {
    s2s_train_recipe *t = &draft->recipe->train;
    s2s_schedule_type schedule = t->schedule.type;
    if (!t->schedule.decay_steps && (schedule == S2S_LINEAR || schedule == S2S_COSINE))
        t->schedule.decay_steps = t->max_steps;
    bool limited = t->max_steps || t->max_epochs;
    bool blind = !draft->recipe->data.valid.n;
    if ((limited || blind) && !s2s_draft_given(draft, "train.early_stopping.patience"))
        t->early_stopping.patience = 0;
    if (t->precision == S2S_TRAIN_AUTO)
        t->precision = s2s_cpu_features()->fast_bf16 ? S2S_TRAIN_BFLOAT16 : S2S_TRAIN_FLOAT32;
    if (t->keep_last < t->average_last && !s2s_draft_given(draft, "train.keep_last"))
        t->keep_last = t->average_last;
    resolve_metrics(t);
}

/* What a model has learned to read is what it is given to read. Before sections inherit: validation's search takes
 * over from `search`. */
static void resolve_long_sources(s2s_draft *draft) {
    const s2s_data_recipe *data = &draft->recipe->data;
    s2s_search_recipe *search = &draft->recipe->search;
    if (!s2s_draft_given(draft, "search.head_share")) search->head_share = data->head_share;
    if (data->long_sources == S2S_LONG_DROP) return;
    if (!s2s_draft_given(draft, "search.long_sources")) search->long_sources = data->long_sources;
    if (!s2s_draft_given(draft, "search.max_source_length"))
        search->max_source_length = data->max_length - 1;
}

/* Output ends where the decoder's positions do. */
static void resolve_longest(s2s_draft *draft) {
    s2s_recipe *r = draft->recipe;
    int64_t positions = r->decoder.max_positions, *longest = &r->search.max_decoding_length;
    bool free = !s2s_draft_given(draft, "search.max_decoding_length");
    if (free && r->decoder.positions == S2S_LEARNED && *longest > positions) *longest = positions;
}

/* What an objective without targets needs. */
static s2s_status resolve_objective(s2s_draft *draft, s2s_err *err) {
    s2s_recipe *r = draft->recipe;
    const s2s_objective_shape *shape = s2s_objective_shape_of(r->objective.type);
    if (!shape->targets && !s2s_draft_given(draft, "objective.label_smoothing"))
        r->objective.label_smoothing = 0;
    return s2s_resolve_symbols(draft, err);
}

s2s_status s2s_resolve(s2s_draft *draft, s2s_err *err) {
    s2s_recipe *r = draft->recipe;
    S2S_TRY(resolve_names(draft, err));
    S2S_TRY(s2s_resolve_corpora(draft, err));
    S2S_TRY(resolve_objective(draft, err));
    resolve_long_sources(draft);
    S2S_TRY(inherit_all(draft, &s2s_schema, r, "", err));
    r->encoder.present = s2s_draft_given(draft, "encoder") != NULL;
    r->decoder.present = s2s_draft_given(draft, "decoder") != NULL;
    resolve_stack(&r->encoder);
    resolve_stack(&r->decoder);
    resolve_tie(draft);
    resolve_train(draft);
    resolve_longest(draft);
    return S2S_OK;
}
