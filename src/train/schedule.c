/* See schedule.h. With warm-up w, peak p, floor f and x the share of the decay that is done:
 *   inverse_sqrt  p sqrt(w / step) (Vaswani et al. 2017); without warm-up w counts as 1
 *   linear        p + (f - p) x
 *   cosine        f + (p - f) (1 + cos(pi x)) / 2 (Loshchilov and Hutter 2017)
 *   constant      p
 *   plateau       p times plateau_factor for each plateau_patience validations without progress */
#include "train/schedule.h"

#include <math.h>

/* How much of the decay is done after the warm-up, from 0 to 1. */
static double decayed(const s2s_train_recipe *train, int64_t step) {
    const s2s_schedule_recipe *s = &train->schedule;
    int64_t steps = s->decay_steps > 0 ? s->decay_steps : train->max_steps;
    if (steps <= s->warmup_steps) return 0;
    double x = (double)(step - s->warmup_steps) / (double)(steps - s->warmup_steps);
    return x < 1 ? x : 1;
}

double s2s_learning_rate(const s2s_train_recipe *train, const s2s_plateau *plateau, int64_t step) {
    const s2s_schedule_recipe *s = &train->schedule;
    double peak = train->optimizer.learning_rate, floor = s->min_learning_rate;
    if (step < s->warmup_steps) return peak * (double)step / (double)s->warmup_steps;
    double rate = peak, warmup = s->warmup_steps > 0 ? (double)s->warmup_steps : 1;
    switch (s->type) {
    case S2S_INVERSE_SQRT:
        rate = peak * sqrt(warmup / (double)step);
        break;
    case S2S_LINEAR:
        rate = peak + (floor - peak) * decayed(train, step);
        break;
    case S2S_COSINE:
        rate =
            floor + (peak - floor) * (1 + cos(3.14159265358979323846 * decayed(train, step))) / 2;
        break;
    case S2S_CONSTANT:
        break;
    case S2S_PLATEAU:
        rate = peak * plateau->factor;
        break;
    }
    return rate > floor ? rate : floor;
}

void s2s_plateau_update(s2s_plateau *p, const s2s_schedule_recipe *recipe, double loss) {
    if (p->best == 0 || loss < p->best) {
        p->best = loss;
        p->bad = 0;
    } else if (++p->bad >= recipe->plateau_patience) {
        p->factor *= recipe->plateau_factor;
        p->bad = 0;
    }
}
