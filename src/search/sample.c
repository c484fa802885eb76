/* Sampling: each hypothesis draws its next token from the softmax of logits / temperature, cut to the
 * most probable tokens: top_k of them (Fan et al. 2018), the fewest with probability top_p together
 * (Holtzman et al. 2020), those with at least min_p of the best one's. What is drawn depends on the seed,
 * the sentence's place in the input, the number of the sample and the step, and on nothing else. */
#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "search/selector.h"

/* A first guess at how far below the best logit the tokens lie that matter, in units of temperature:
 * what is further down has less than e^-12 of the best one's probability. */
enum { NEAR = 12 };

static int best_first(const void *left, const void *right) {
    const s2s_token_score *a = left, *b = right;
    if (a->logit != b->logit) return a->logit > b->logit ? -1 : 1;
    return a->token < b->token ? -1 : a->token > b->token;
}

/* What a row's tokens weigh: exp((logit - max) / temperature), for the possible ones. */
static double weight(const s2s_topk *row, s2s_real logit, double temperature) {
    return exp(((double)logit - (double)row->max) / temperature);
}

/* The tokens that are at most `below` under the best, with their weights where log p belongs; their sum
 * goes to *sum. */
static int collect(const s2s_topk *row, int vocabulary, double temperature, double below,
                   s2s_token_score *kept, double *sum) {
    int n = 0;
    *sum = 0;
    for (int32_t token = 0; token < vocabulary; token++) {
        s2s_real logit = row->row[token];
        if (!(logit > -INFINITY) || (double)row->max - (double)logit > below * temperature)
            continue;
        double w = weight(row, logit, temperature);
        kept[n++] = (s2s_token_score){w, logit, token};
        *sum += w;
    }
    return n;
}

static double total(const s2s_topk *row, int vocabulary, double temperature) {
    double sum = 0;
    for (int token = 0; token < vocabulary; token++)
        sum += weight(row, row->row[token], temperature);
    return sum;
}

static double sum_of(const s2s_token_score *kept, int n) {
    double sum = 0;
    for (int i = 0; i < n; i++) sum += kept[i].log_probability;
    return sum;
}

/* Cuts a sorted list to the fewest tokens that weigh `enough` together; at least one. */
static int cut_to_weight(const s2s_token_score *kept, int n, double enough) {
    double reached = 0;
    for (int i = 0; i < n; i++) {
        reached += kept[i].log_probability;
        if (reached >= enough) return i + 1;
    }
    return n;
}

/* The tokens to draw from. Looks further down the row until no cut can reach beyond. */
static int candidates(const s2s_sampling *sampling, const s2s_topk *row, int vocabulary,
                      s2s_token_score *kept) {
    double temperature = sampling->temperature, sum;
    bool sorted = sampling->top_k || sampling->top_p < 1;
    double floor = sampling->min_p > 0 ? -log(sampling->min_p) : INFINITY;
    double all = sampling->top_p < 1 && !sampling->top_k ? total(row, vocabulary, temperature) : 0;
    int n;
    for (double below = sorted ? NEAR : INFINITY;; below *= 4) {
        n = collect(row, vocabulary, temperature, below, kept, &sum);
        bool enough = sampling->top_k ? n >= sampling->top_k : sum >= sampling->top_p * all;
        if (enough || n == vocabulary || below > 1e6) break;
    }
    if (sorted) qsort(kept, (size_t)n, sizeof *kept, best_first);
    if (sampling->top_k && n > sampling->top_k) n = (int)sampling->top_k;
    /* A share of the k best where there is a top_k, else of all, of which only the best were collected. */
    if (sampling->top_k) all = sum_of(kept, n);
    if (sampling->top_p < 1) n = cut_to_weight(kept, n, sampling->top_p * all);
    int passed = 0;
    for (int i = 0; i < n; i++)
        if ((double)row->max - (double)kept[i].logit <= floor * temperature)
            kept[passed++] = kept[i];
    return passed;
}

/* The token at `point` of the line on which all lie side by side, as long as they weigh. */
static int32_t draw(const s2s_token_score *kept, int n, double point) {
    double reached = 0;
    for (int i = 0; i < n - 1; i++) {
        reached += kept[i].log_probability;
        if (point < reached) return kept[i].token;
    }
    return kept[n - 1].token;
}

static double uniform(const s2s_sampling *sampling, const s2s_offer *offer, int32_t sample) {
    uint64_t stream = s2s_rng_mix(offer->sentence, (uint64_t)sample);
    s2s_rng rng = s2s_rng_init(sampling->seed, s2s_rng_mix(stream, (uint64_t)offer->step));
    return s2s_rng_uniform(&rng);
}

static void take(const s2s_offer *offer, const s2s_candidate *candidate, s2s_selection *selection) {
    if (offer->last || candidate->token == offer->eos)
        selection->finished[selection->finished_n++] = *candidate;
    else
        selection->live[selection->live_n++] = *candidate;
}

void s2s_sample_select(const s2s_selector *selector, const s2s_offer *offer,
                       s2s_selection *selection) {
    const s2s_sampling *sampling = &selector->sampling;
    for (int row = 0; row < offer->rows; row++) {
        const s2s_topk *ranking = &offer->rankings[row];
        if (!offer->counts[row]) continue;
        int n = candidates(sampling, ranking, offer->vocabulary, selection->row);
        double sum = sum_of(selection->row, n);
        int samples = offer->first ? selector->width : 1;
        for (int i = 0; i < samples; i++) {
            int32_t number = offer->first ? i : offer->lanes[row].number;
            int32_t token = draw(selection->row, n, sum * uniform(sampling, offer, number));
            s2s_candidate candidate =
                s2s_offer_candidate(offer, row, token, s2s_topk_log_probability(ranking, token));
            candidate.lane.number = number;
            take(offer, &candidate, selection);
        }
    }
}
