/* See classes.h. */
#include "metric/classes.h"

#include <stdlib.h>
#include <string.h>

static int compare(const s2s_class_name *class, const char *name, size_t length) {
    size_t common = class->length < length ? class->length : length;
    int order = common ? memcmp(class->text, name, common) : 0;
    return order ? order : (class->length > length) - (class->length < length);
}

/* The place in `sorted` of a name, or where it would be. */
static size_t place_of(const s2s_classes *classes, const char *name, size_t length) {
    size_t low = 0, high = classes->n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (compare(&classes->names[classes->sorted[middle]], name, length) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static s2s_status add(s2s_classes *classes, const char *name, size_t length, size_t place,
                      s2s_err *err) {
    size_t n = classes->n;
    if (n == S2S_MOST_CLASSES)
        return s2s_fail(err, S2S_INPUT, "more than %d different labels: is this a file of labels?",
                        S2S_MOST_CLASSES);
    S2S_TRY(
        s2s_grow(&classes->names, &classes->names_capacity, n + 1, sizeof *classes->names, err));
    S2S_TRY(
        s2s_grow(&classes->sorted, &classes->sorted_capacity, n + 1, sizeof *classes->sorted, err));
    char *copy = s2s_arena_strndup(&classes->arena, length ? name : "", length, err);
    if (!copy) return S2S_MEMORY;
    classes->names[n] = (s2s_class_name){copy, length};
    memmove(classes->sorted + place + 1, classes->sorted + place,
            (n - place) * sizeof *classes->sorted);
    classes->sorted[place] = (uint32_t)n;
    classes->n++;
    return S2S_OK;
}

s2s_status s2s_classes_number(s2s_classes *classes, const char *name, size_t length, size_t *number,
                              s2s_err *err) {
    size_t place = place_of(classes, name, length);
    if (place == classes->n || compare(&classes->names[classes->sorted[place]], name, length) != 0)
        S2S_TRY(add(classes, name, length, place, err));
    *number = classes->sorted[place];
    return S2S_OK;
}

void s2s_classes_release(s2s_classes *classes) {
    free(classes->names);
    free(classes->sorted);
    s2s_arena_release(&classes->arena);
    *classes = (s2s_classes){0};
}

static double share(double part, double whole) {
    return whole > 0 ? part / whole : 0;
}

double s2s_class_precision(const double *counts) {
    return share(counts[S2S_RIGHT], counts[S2S_FOUND]);
}

double s2s_class_recall(const double *counts) {
    return share(counts[S2S_RIGHT], counts[S2S_WANTED]);
}

double s2s_class_f1(const double *counts) {
    return share(2 * counts[S2S_RIGHT], counts[S2S_FOUND] + counts[S2S_WANTED]);
}
