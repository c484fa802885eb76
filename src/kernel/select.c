/* Choosing the kernels, and what is common to all of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cpu.h"
#include "kernel/int8.h"
#include "kernel/kernels.h"

static const s2s_kernels *chosen;

/* Best first. */
static const char *const names[] = {"amx",     "avx512bf16", "avx512vnni", "avx512",
                                    "avxvnni", "avx2",       "generic"};
enum { NAMES = sizeof names / sizeof *names };

static const s2s_kernels *find(const char *name) {
    if (!strcmp(name, "generic")) return &s2s_kernels_generic;
#ifdef S2S_HAVE_AVX_KERNELS
    const s2s_cpu *cpu = s2s_cpu_features();
    bool vnni = cpu->avx512 && cpu->avx512_vnni;
    if (!strcmp(name, "avx2") && cpu->avx2 && cpu->fma) return &s2s_kernels_avx2;
    if (!strcmp(name, "avxvnni") && cpu->avx_vnni && cpu->fma) return &s2s_kernels_avxvnni;
    if (!strcmp(name, "avx512") && cpu->avx512) return &s2s_kernels_avx512;
    if (!strcmp(name, "avx512vnni") && vnni) return &s2s_kernels_avx512vnni;
    if (!strcmp(name, "avx512bf16") && vnni && cpu->avx512_bf16) return &s2s_kernels_avx512bf16;
    bool amx = cpu->amx_int8 && cpu->amx_bf16 && vnni;
    if (!strcmp(name, "amx") && amx && s2s_amx_allow()) return &s2s_kernels_amx;
#endif
    return NULL;
}

/* What the environment asks for; NULL: nothing. */
static const char *wished(void) {
    const char *wish = getenv("S2S_KERNELS");
    return wish && *wish ? wish : NULL;
}

/* Runs before main, so that no later reader needs a lock. */
__attribute__((constructor)) static void choose(void) {
    const char *wish = wished();
    if (wish) chosen = find(wish);
    for (int i = 0; i < NAMES && !chosen; i++) chosen = find(names[i]);
}

s2s_status s2s_kernel_check(s2s_err *err) {
    const char *wish = wished();
    if (!wish || find(wish)) return S2S_OK;
    char here[64] = "";
    for (int i = 0; i < NAMES; i++)
        if (find(names[i])) {
            size_t used = strlen(here);
            snprintf(here + used, sizeof here - used, "%s%s", used ? ", " : "", names[i]);
        }
    return s2s_fail(err, S2S_USAGE,
                    "S2S_KERNELS=%.40s: there are no such kernels for this processor; it has %s",
                    wish, here);
}

const s2s_kernels *s2s_kernel(void) {
    return chosen;
}

bool s2s_kernel_choose(const char *name) {
    const s2s_kernels *found = find(name);
    if (found) chosen = found;
    return found != NULL;
}

s2s_dropout s2s_dropout_make(double rate, uint64_t key, uint64_t stream) {
    uint32_t threshold = (uint32_t)(rate * 65536.0 + 0.5);
    if (threshold > 65535) threshold = 65535;
    return (s2s_dropout){key, stream, threshold, (s2s_real)(65536.0 / (65536.0 - threshold))};
}
