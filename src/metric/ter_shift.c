/* See ter_shift.h. */
#include "metric/ter_shift.h"

enum { LONGEST_RUN = 10, FARTHEST = 50, MOST_TRIES = 1000 };

/* words[start] to words[start + length - 1] equal the reference's from `reference` on. */
typedef struct word_run {
    size_t start, reference, length;
} word_run;

typedef struct word_shift {
    size_t start, length; /* the run */
    size_t target;        /* it goes before this word */
    uint32_t gain;        /* by how much the distance falls */
} word_shift;

/* --- one shift --- */

/* A shift is two neighbouring parts that change places: begin to middle, middle to end. */
typedef struct part_swap {
    size_t begin, middle, end;
} part_swap;

/* A target within the run means as many words behind it, as in Tercom. */
static part_swap swap_of(size_t n, size_t start, size_t length, size_t target) {
    if (target < start) return (part_swap){target, start, start + length};
    size_t end = target > start + length ? target : target + length;
    return (part_swap){start, start + length, end < n ? end : n};
}

static bool is_better(const word_shift *a, const word_shift *b) {
    if (a->gain != b->gain) return a->gain > b->gain;
    if (a->length != b->length) return a->length > b->length;
    if (a->start != b->start) return a->start < b->start;
    return a->target < b->target;
}

static void try_shift(s2s_ter_search *search, const word_run *run, size_t target,
                      word_shift *best) {
    search->tried++;
    part_swap swap = swap_of(search->words.size, run->start, run->length, target);
    if (swap.middle == swap.end) return; /* nothing moves */
    uint32_t before = s2s_edit_grid_distance(&search->grid),
             after = s2s_edit_grid_swapped(&search->grid, swap.begin, swap.middle, swap.end);
    if (after >= before) return; /* it would end the search, as none does */
    word_shift found = {run->start, run->length, target, before - after};
    if (is_better(&found, best)) *best = found;
}

static s2s_status apply(s2s_ter_search *search, const word_shift *shift, s2s_err *err) {
    s2s_points *words = &search->words, *spare = &search->spare;
    part_swap swap = swap_of(words->size, shift->start, shift->length, shift->target);
    spare->size = 0;
    for (size_t i = swap.begin; i < swap.middle; i++)
        S2S_TRY(s2s_points_push(spare, words->data[i], err));
    size_t to = swap.begin;
    for (size_t i = swap.middle; i < swap.end; i++) words->data[to++] = words->data[i];
    for (size_t i = 0; i < spare->size; i++) words->data[to++] = spare->data[i];
    return S2S_OK;
}

/* --- all shifts --- */

static bool any(const s2s_points *flags, size_t start, size_t length) {
    for (size_t i = start; i < start + length; i++)
        if (flags->data[i]) return true;
    return false;
}

/* Both the words and the place in the reference must be wrong so far, and the run may not be what
 * stands there already. */
static bool is_worth_trying(const s2s_ter_search *search, const word_run *run) {
    const s2s_edit_trace *trace = &search->trace;
    size_t after = trace->after.data[run->reference];
    if (after > run->start && after <= run->start + run->length) return false;
    return any(&trace->wrong, run->start, run->length) &&
           any(&trace->reference_wrong, run->reference, run->length);
}

/* Behind each word of the hypothesis that stands for one of the run's in the reference, or for the
 * one before. */
static void try_targets(s2s_ter_search *search, const word_run *run, word_shift *best) {
    size_t tried = SIZE_MAX;
    for (size_t i = 0; i <= run->length; i++) {
        size_t place = run->reference + i; /* one more than the word's number */
        size_t target = place ? search->trace.after.data[place - 1] : 0;
        if (target == tried) continue;
        tried = target;
        try_shift(search, run, target, best);
    }
}

/* Runs that begin with these two words. */
static void try_runs(s2s_ter_search *search, size_t start, size_t reference, word_shift *best) {
    const s2s_points *words = &search->words, *wanted = search->reference;
    word_run run = {start, reference, 1};
    for (; run.length <= LONGEST_RUN && search->tried < MOST_TRIES; run.length++) {
        size_t last = start + run.length - 1, wanted_last = reference + run.length - 1;
        if (last == words->size || wanted_last == wanted->size) return;
        if (words->data[last] != wanted->data[wanted_last]) return;
        if (is_worth_trying(search, &run)) try_targets(search, &run, best);
    }
}

static word_shift best_shift(s2s_ter_search *search) {
    word_shift best = {0};
    for (size_t start = 0; start < search->words.size; start++) {
        size_t from = start > FARTHEST ? start - FARTHEST : 0, to = start + FARTHEST + 1;
        if (to > search->reference->size) to = search->reference->size;
        for (size_t i = from; i < to && search->tried < MOST_TRIES; i++)
            try_runs(search, start, i, &best);
    }
    return best;
}

static s2s_status search_shifts(s2s_ter_search *search, size_t *shifts, s2s_err *err) {
    search->tried = 0;
    for (*shifts = 0;; ++*shifts) {
        S2S_TRY(s2s_edit_grid_fill(&search->grid, &search->words, search->reference, err));
        S2S_TRY(s2s_edit_grid_trace(&search->grid, &search->trace, err));
        word_shift best = best_shift(search);
        /* When the tries are used up, what the last of them found does not count either. */
        if (!best.gain || search->tried >= MOST_TRIES) return S2S_OK;
        S2S_TRY(apply(search, &best, err));
    }
}

s2s_status s2s_ter_edits(s2s_ter_search *search, const s2s_points *hypothesis,
                         const s2s_points *reference, size_t *edits, s2s_err *err) {
    *edits = hypothesis->size + reference->size; /* right where one of them is empty */
    if (!hypothesis->size || !reference->size) return S2S_OK;
    search->reference = reference;
    search->words.size = 0;
    for (size_t i = 0; i < hypothesis->size; i++)
        S2S_TRY(s2s_points_push(&search->words, hypothesis->data[i], err));
    size_t shifts;
    S2S_TRY(search_shifts(search, &shifts, err));
    *edits = shifts + s2s_edit_grid_distance(&search->grid);
    return S2S_OK;
}

void s2s_ter_search_release(s2s_ter_search *search) {
    s2s_edit_grid_release(&search->grid);
    s2s_edit_trace_release(&search->trace);
    s2s_points_release(&search->words);
    s2s_points_release(&search->spare);
}
