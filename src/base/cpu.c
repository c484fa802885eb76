/* Processor features from CPUID and XGETBV (Intel Software Developer's Manual, volume 2, CPUID). A
 * register set counts only when the operating system saves it, which XCR0 tells. */
#include "base/cpu.h"

#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static s2s_cpu cpu;

#if defined(__x86_64__)
#include <cpuid.h>

/* Bits of XCR0: the register sets that the operating system saves. */
enum {
    STATE_AVX = 0x6,     /* xmm, ymm */
    STATE_AVX512 = 0xe6, /* and mask registers, both halves of zmm */
    STATE_AMX = 0x60000, /* tile configuration and tiles */
};

static bool bit(uint32_t word, int index) {
    return word >> index & 1;
}

static uint64_t saved_states(void) {
    uint32_t low, high;
    __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (uint64_t)high << 32 | low;
}

static bool saves(uint64_t states, uint64_t needed) {
    return (states & needed) == needed;
}

static void ask_vendor(void) {
    uint32_t a, b, c, d;
    if (!__get_cpuid(0, &a, &b, &c, &d)) return;
    uint32_t letters[3] = {b, d, c};
    cpu.intel = memcmp(letters, "GenuineIntel", 12) == 0;
    cpu.amd = memcmp(letters, "AuthenticAMD", 12) == 0;
}

static void ask_name(void) {
    uint32_t words[12] = {0};
    for (uint32_t i = 0; i < 3; i++)
        __get_cpuid(0x80000002u + i, &words[4 * i], &words[4 * i + 1], &words[4 * i + 2],
                    &words[4 * i + 3]);
    char text[sizeof words + 1] = {0};
    memcpy(text, words, sizeof words);
    const char *start = text + strspn(text, " ");
    size_t length = strlen(start);
    while (length && start[length - 1] == ' ') length--;
    if (length) snprintf(cpu.name, sizeof cpu.name, "%.*s", (int)length, start);
}

static void ask_features(void) {
    uint32_t a, b, c, d;
    if (!__get_cpuid(1, &a, &b, &c, &d) || !bit(c, 27)) return; /* 27: XGETBV may be used */
    uint64_t states = saved_states();
    if (!bit(c, 28) || !saves(states, STATE_AVX)) return;
    cpu.fma = bit(c, 12);
    cpu.f16c = bit(c, 29);

    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d)) return;
    uint32_t subleaves = a;
    bool amx = bit(d, 24) && saves(states, STATE_AMX);
    cpu.avx2 = bit(b, 5);
    cpu.avx512 = bit(b, 16) && bit(b, 17) && bit(b, 28) && bit(b, 30) && bit(b, 31) &&
                 saves(states, STATE_AVX512);
    cpu.avx512_vnni = cpu.avx512 && bit(c, 11);
    cpu.amx_bf16 = amx && bit(d, 22);
    cpu.amx_int8 = amx && bit(d, 25);

    if (subleaves < 1 || !__get_cpuid_count(7, 1, &a, &b, &c, &d)) return;
    cpu.avx_vnni = bit(a, 4);
    cpu.avx512_bf16 = cpu.avx512 && bit(a, 5);
    /* Intel's AVX512-BF16 does half as much as its AVX-512 does with floats, AMD's twice as much. */
    cpu.fast_bf16 = cpu.amx_bf16 || (cpu.avx512_bf16 && cpu.amd);
}

static void ask(void) {
    snprintf(cpu.name, sizeof cpu.name, "unknown x86-64 processor");
    ask_vendor();
    ask_name();
    ask_features();
}

#else
#include <sys/utsname.h>

static void ask(void) {
    struct utsname system;
    snprintf(cpu.name, sizeof cpu.name, "%.50s processor",
             uname(&system) == 0 ? system.machine : "unknown");
}

#endif

const s2s_cpu *s2s_cpu_features(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, ask);
    return &cpu;
}
