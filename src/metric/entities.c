/* Entity F1 as the shared tasks of CoNLL-2000 and 2003 count it (conlleval): an output entity is
 * right when an entity of the reference has the same first and last word and the same type.
 *
 * A segment is the tags of a sentence, parted by white space. As in conlleval, B starts an entity,
 * and so does an I that no entity of its type comes before: so tags of the IOB1 kind are read as
 * well. */
#include "metric/entities.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "metric/kind.h"
#include "metric/split.h"

typedef struct entity {
    size_t first, last; /* words */
    size_t type;        /* number of the class */
} entity;

typedef struct entity_list {
    entity *items; /* in the order of their words */
    size_t n, capacity;
} entity_list;

typedef struct entities {
    s2s_metric base;
    bool strict;
    entity_list found, wanted; /* of the present segment */
} entities;

/* --- tags --- */

static bool is_tag(s2s_segment tag) {
    if (tag.length == 1) return *tag.text == 'O';
    return tag.length > 2 && (*tag.text == 'B' || *tag.text == 'I') && tag.text[1] == '-';
}

s2s_status s2s_tag_check(s2s_segment tag, s2s_err *err) {
    if (is_tag(tag)) return S2S_OK;
    return s2s_fail(err, S2S_INPUT, "\"%.*s\" is no tag; expected O, B-TYPE or I-TYPE",
                    (int)(tag.length < 60 ? tag.length : 60), tag.text);
}

/* The word's entity: the one before it goes on, or a new one begins. */
static s2s_status read_tag(entities *self, s2s_segment tag, size_t word, entity_list *list,
                           s2s_err *err) {
    size_t type;
    if (tag.length == 1) return S2S_OK;
    S2S_TRY(s2s_classes_number(&self->base.classes, tag.text + 2, tag.length - 2, &type, err));
    entity *before = list->n ? &list->items[list->n - 1] : NULL;
    if (*tag.text == 'I' && before && before->last + 1 == word && before->type == type) {
        before->last = word;
        return S2S_OK;
    }
    S2S_TRY(s2s_grow(&list->items, &list->capacity, list->n + 1, sizeof *list->items, err));
    list->items[list->n++] = (entity){word, word, type};
    return S2S_OK;
}

/* `lenient`: what is no tag counts as O. */
static s2s_status read_entities(entities *self, s2s_segment tags, bool lenient, entity_list *list,
                                size_t *words, s2s_err *err) {
    s2s_segment tag;
    list->n = 0;
    for (*words = 0; s2s_next_word(&tags, &tag); ++*words) {
        if (lenient && !is_tag(tag)) continue;
        S2S_TRY(s2s_tag_check(tag, err));
        S2S_TRY(read_tag(self, tag, *words, list, err));
    }
    return S2S_OK;
}

static s2s_status entities_learn(s2s_metric *metric, s2s_segment hypothesis,
                                 const s2s_segment *references, int n, s2s_err *err) {
    entities *self = (entities *)metric;
    size_t found, wanted;
    if (n != 1) return s2s_fail(err, S2S_INPUT, "there are %d references: tags have one", n);
    s2s_status status = read_entities(self, references[0], false, &self->wanted, &wanted, err);
    if (status != S2S_OK) return s2s_fail_within(err, "reference");
    S2S_TRY(read_entities(self, hypothesis, !self->strict, &self->found, &found, err));
    if (!self->strict || found == wanted) return S2S_OK;
    return s2s_fail(err, S2S_INPUT, "%zu tags, but the reference has %zu", found, wanted);
}

/* --- counts --- */

static bool is_same(const entity *a, const entity *b) {
    return a->first == b->first && a->last == b->last && a->type == b->type;
}

static void count_side(const entity_list *list, int count, double *statistics) {
    for (size_t i = 0; i < list->n; i++)
        statistics[list->items[i].type * S2S_CLASS_COUNTS + (size_t)count]++;
}

static s2s_status entities_statistics(s2s_metric *metric, s2s_segment hypothesis,
                                      const s2s_segment *references, int n, double *statistics,
                                      s2s_err *err) {
    entities *self = (entities *)metric;
    S2S_TRY(entities_learn(metric, hypothesis, references, n, err));
    assert((int)metric->classes.n * S2S_CLASS_COUNTS == metric->width); /* learnt before */
    memset(statistics, 0, (size_t)metric->width * sizeof *statistics);
    count_side(&self->found, S2S_FOUND, statistics);
    count_side(&self->wanted, S2S_WANTED, statistics);
    const entity *wanted = self->wanted.items, *end = wanted + self->wanted.n;
    for (size_t i = 0; i < self->found.n; i++) {
        const entity *found = &self->found.items[i];
        while (wanted < end && wanted->first < found->first) wanted++;
        if (wanted < end && is_same(found, wanted))
            statistics[found->type * S2S_CLASS_COUNTS + S2S_RIGHT]++;
    }
    return S2S_OK;
}

/* --- score, signature, lifetime --- */

static void entities_score(const s2s_metric *metric, const double *statistics, s2s_score *score) {
    double sums[S2S_CLASS_COUNTS] = {0};
    for (int i = 0; i < metric->width; i++) sums[i % S2S_CLASS_COUNTS] += statistics[i];
    score->value = 100 * s2s_class_f1(sums);
    snprintf(score->name, sizeof score->name, "entity F1");
    snprintf(score->detail, sizeof score->detail,
             "P = %.2f R = %.2f (%.0f right, %.0f found, %.0f wanted)",
             100 * s2s_class_precision(sums), 100 * s2s_class_recall(sums), sums[S2S_RIGHT],
             sums[S2S_FOUND], sums[S2S_WANTED]);
}

static void entities_signature(const s2s_metric *metric, char *text, size_t size) {
    (void)metric;
    snprintf(text, size, "tags:BIO|average:micro");
}

static void entities_release(s2s_metric *metric) {
    entities *self = (entities *)metric;
    free(self->found.items);
    free(self->wanted.items);
}

static const s2s_metric_kind entities_kind = {entities_statistics, entities_score,
                                              entities_signature, entities_release};

s2s_status s2s_entity_f1_make(s2s_metric **metric, const s2s_metric_options *options,
                              s2s_err *err) {
    entities *self = (entities *)s2s_metric_alloc(&entities_kind, sizeof *self, 0, err);
    if (!self) return S2S_MEMORY;
    self->base.learn = entities_learn;
    self->base.class_scores = true;
    self->strict = options->strict;
    *metric = &self->base;
    return S2S_OK;
}
