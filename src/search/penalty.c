/* See penalty.h. */
#include "search/penalty.h"

#include <math.h>

s2s_penalty s2s_penalty_make(const s2s_search_recipe *recipe) {
    return (s2s_penalty){recipe->length_penalty_type, recipe->length_penalty,
                         recipe->coverage_penalty};
}

static double divisor(const s2s_penalty *penalty, int length) {
    if (length < 1) return 1;
    double base = penalty->type == S2S_LENGTH_GNMT ? (5.0 + length) / 6 : length;
    return pow(base, penalty->length);
}

double s2s_penalty_score(const s2s_penalty *penalty, double log_probability, int length,
                         const s2s_real *attention, int source_tokens) {
    double score = log_probability / divisor(penalty, length);
    for (int i = 0; attention && i < source_tokens; i++)
        if (attention[i] < 1) score += penalty->coverage * log(fmax((double)attention[i], 1e-9));
    return score;
}

/* log p can only fall; the divisor grows with the length when a > 0, and falls when a < 0. */
double s2s_penalty_bound(const s2s_penalty *penalty, double log_probability, int length,
                         int longest) {
    return log_probability / divisor(penalty, penalty->length > 0 ? longest : length);
}
