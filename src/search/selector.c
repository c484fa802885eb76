/* See selector.h. */
#include "search/selector.h"

s2s_selector s2s_selector_make(const s2s_search_recipe *recipe, int vocabulary) {
    if (recipe->type == S2S_GREEDY) return (s2s_selector){1, 1, s2s_greedy_select};
    int width = (int)recipe->beam_size;
    /* Each row has one eos at most, so that 2 * width candidates always hold width that live on. */
    int per_row = width > vocabulary / 2 ? vocabulary : 2 * width;
    return (s2s_selector){width, per_row, s2s_beam_select};
}

s2s_status s2s_selection_init(s2s_selection *selection, const s2s_selector *selector,
                              s2s_arena *arena, s2s_err *err) {
    size_t width = (size_t)selector->width;
    s2s_candidate *room = s2s_arena_alloc(arena, 4 * width * sizeof *room, err);
    if (!room) return S2S_MEMORY;
    *selection =
        (s2s_selection){.live = room, .finished = room + width, .ranked = room + 2 * width};
    return S2S_OK;
}
