/* Search keys that do nothing without another one. To give one to no effect is a mistake that nobody would see: the
 * search goes on as if it had not been asked for. */
#include "recipe/draft.h"

typedef struct need {
    const char *key, *other, *value; /* what the other key must be */
    bool met;                        /* or the key asks for nothing */
} need;

/* A key counts as given to no effect where it stands beside or over the other one. A recipe that another is laid over,
 * as by --search=greedy, may hold what it needed itself; and a resolved one holds every key. */
static s2s_status check_need(const s2s_draft *draft, const char *prefix, const need *n,
                             s2s_err *err) {
    s2s_key_path key = s2s_key_path_make(prefix, n->key),
                 needed = s2s_key_path_make(prefix, n->other);
    const s2s_node *given = s2s_draft_given(draft, key.text);
    const s2s_node *other = s2s_draft_given(draft, needed.text);
    if (n->met || !given || given->origin->is_resolved) return S2S_OK;
    if (other && other->origin->layer > given->origin->layer) return S2S_OK;
    return s2s_draft_fail(draft, err, key.text, NULL,
                          "does nothing unless %s is %s; set that as well, or leave this out",
                          needed.text, n->value);
}

s2s_status s2s_check_needs(const s2s_draft *draft, const s2s_search_recipe *s, const char *prefix,
                           s2s_err *err) {
    bool sample = s->type == S2S_SAMPLE, beam = s->type == S2S_BEAM;
    const need needs[] = {
        {"temperature", "type", "sample", sample || s->temperature == 1},
        {"top_k", "type", "sample", sample || s->top_k == 0},
        {"top_p", "type", "sample", sample || s->top_p == 1},
        {"min_p", "type", "sample", sample || s->min_p == 0},
        {"beam_size", "type", "beam", beam || s->beam_size == 1},
        {"beam_groups", "type", "beam", beam || s->beam_groups == 1},
        {"diversity_penalty", "beam_groups", "2 or more", beam && s->beam_groups > 1},
        {"stopping", "type", "beam", beam || s->stopping == S2S_STOP_COUNT},
        {"patience", "type", "beam", beam || s->patience == 1},
        {"patience", "stopping", "count", s->stopping == S2S_STOP_COUNT || s->patience == 1},
        {"mbr_candidates", "mbr", "a metric", s->mbr != S2S_METRIC_LOSS},
        {"max_length_offset", "max_length_ratio", "above 0",
         s->max_length_ratio > 0 || s->max_length_offset == 0},
        {"head_share", "long_sources", "head-tail", s->long_sources == S2S_LONG_HEAD_TAIL},
    };
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++)
        S2S_TRY(check_need(draft, prefix, &needs[i], err));
    return S2S_OK;
}
