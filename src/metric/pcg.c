/* See pcg.h.
 *
 *   state' = a state + c            modulo 2^128, a fixed, c odd and from the seed
 *   output = rotate(high64(state') xor low64(state'), top 6 bits of state') */
#include "metric/pcg.h"

/* --- the seed, as SeedSequence spreads it --- */

enum { POOL = 4, STATE_WORDS = 8 };

/* One word in, one word out, and the constant moves on, so that no two words are hashed alike. */
static uint32_t hash(uint32_t word, uint32_t *constant, uint32_t factor) {
    word ^= *constant;
    *constant *= factor;
    word *= *constant;
    return word ^ word >> 16;
}

static uint32_t mix(uint32_t x, uint32_t y) {
    uint32_t mixed = 0xca01f9ddu * x - 0x4973f715u * y;
    return mixed ^ mixed >> 16;
}

/* Every word of the pool comes to depend on every bit of the seed. */
static void fill_pool(uint64_t seed, uint32_t *pool) {
    const uint32_t factor = 0x931e8875u;
    uint32_t constant = 0x43b0d7e5u, words[POOL] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    for (int i = 0; i < POOL; i++) pool[i] = hash(words[i], &constant, factor);
    for (int from = 0; from < POOL; from++)
        for (int to = 0; to < POOL; to++)
            if (from != to) pool[to] = mix(pool[to], hash(pool[from], &constant, factor));
}

static s2s_u128 join(const uint32_t *words) {
    uint64_t high = (uint64_t)words[1] << 32 | words[0], low = (uint64_t)words[3] << 32 | words[2];
    return (s2s_u128)high << 64 | low;
}

/* --- the generator --- */

static void step(s2s_pcg *pcg) {
    const s2s_u128 factor = (s2s_u128)0x2360ed051fc65da4u << 64 | 0x4385df649fccf645u;
    pcg->state = pcg->state * factor + pcg->increment;
}

s2s_pcg s2s_pcg_init(uint64_t seed) {
    uint32_t pool[POOL], words[STATE_WORDS], constant = 0x8b51f9ddu;
    fill_pool(seed, pool);
    for (int i = 0; i < STATE_WORDS; i++) words[i] = hash(pool[i % POOL], &constant, 0x58f38dedu);
    s2s_pcg pcg = {.increment = join(words + POOL) << 1 | 1};
    step(&pcg);
    pcg.state += join(words);
    step(&pcg);
    return pcg;
}

static uint64_t next_u64(s2s_pcg *pcg) {
    step(pcg);
    uint64_t folded = (uint64_t)(pcg->state >> 64) ^ (uint64_t)pcg->state;
    unsigned turn = (unsigned)(pcg->state >> 122);
    return folded >> turn | folded << (-turn & 63);
}

uint32_t s2s_pcg_u32(s2s_pcg *pcg) {
    if (pcg->has_kept) {
        pcg->has_kept = false;
        return pcg->kept;
    }
    uint64_t both = next_u64(pcg);
    pcg->kept = (uint32_t)(both >> 32);
    pcg->has_kept = true;
    return (uint32_t)both;
}

/* --- draws --- */

/* The high half of word * bound; words whose low half lies below 2^32 modulo bound would make some
 * numbers more likely than others, and are drawn again. */
static uint32_t below(s2s_pcg *pcg, uint32_t bound) {
    uint64_t product = (uint64_t)s2s_pcg_u32(pcg) * bound;
    if ((uint32_t)product < bound) {
        const uint32_t unfair = -bound % bound;
        while ((uint32_t)product < unfair) product = (uint64_t)s2s_pcg_u32(pcg) * bound;
    }
    return (uint32_t)(product >> 32);
}

void s2s_pcg_below(s2s_pcg *pcg, uint32_t bound, uint32_t *numbers, size_t n) {
    for (size_t i = 0; i < n; i++) /* one choice is none: no word is spent on it */
        numbers[i] = bound > 1 ? below(pcg, bound) : 0;
}

void s2s_pcg_bits(s2s_pcg *pcg, uint8_t *bits, size_t n) {
    uint32_t word = 0;
    for (size_t i = 0; i < n; i++) {
        word = i % 32 ? word >> 1 : s2s_pcg_u32(pcg);
        bits[i] = word & 1;
    }
}
