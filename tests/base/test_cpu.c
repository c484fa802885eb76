/* The features that CPUID gave against those that the kernel found on its own (/proc/cpuinfo). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/cpu.h"
#include "scratch.h"

/* The value of the first "key : value" line as " value ", so that a word is found as " word ". */
static char *cpuinfo(const char *key) {
    char *all = scratch_get("/proc/cpuinfo", NULL), *value = NULL;
    for (char *line = strtok(all, "\n"); line && !value; line = strtok(NULL, "\n")) {
        char *colon = strchr(line, ':');
        if (!colon || strncmp(line, key, strlen(key)) != 0) continue;
        value = malloc(strlen(colon) + 2);
        assert_non_null(value);
        sprintf(value, "%s ", colon + 1);
    }
    free(all);
    return value;
}

static void has_a_name_and_is_asked_once(void **state) {
    (void)state;
    const s2s_cpu *cpu = s2s_cpu_features();
    assert_ptr_equal(cpu, s2s_cpu_features());
    assert_true(strlen(cpu->name) > 0);
    assert_true(cpu->name[0] != ' ');
    assert_false(cpu->intel && cpu->amd);
}

static void agrees_with_the_kernel(void **state) {
    (void)state;
    const s2s_cpu *cpu = s2s_cpu_features();
    char *flags = cpuinfo("flags"), *vendor = cpuinfo("vendor_id");
#if !defined(__x86_64__)
    assert_false(cpu->avx2 || cpu->avx512 || cpu->amx_bf16 || cpu->intel || cpu->amd);
#else
    assert_non_null(flags);
    assert_non_null(vendor);
    bool avx512 = strstr(flags, " avx512f ") && strstr(flags, " avx512bw ") &&
                  strstr(flags, " avx512dq ") && strstr(flags, " avx512vl ") &&
                  strstr(flags, " avx512cd ");
    assert_int_equal(cpu->avx2, strstr(flags, " avx2 ") != NULL);
    assert_int_equal(cpu->fma, strstr(flags, " fma ") != NULL);
    assert_int_equal(cpu->f16c, strstr(flags, " f16c ") != NULL);
    assert_int_equal(cpu->avx512, avx512);
    assert_int_equal(cpu->avx512_vnni, strstr(flags, " avx512_vnni ") != NULL);
    assert_int_equal(cpu->avx512_bf16, strstr(flags, " avx512_bf16 ") != NULL);
    assert_int_equal(cpu->avx_vnni, strstr(flags, " avx_vnni ") != NULL);
    assert_int_equal(cpu->amx_bf16, strstr(flags, " amx_bf16 ") != NULL);
    assert_int_equal(cpu->amx_int8, strstr(flags, " amx_int8 ") != NULL);
    assert_int_equal(cpu->intel, strstr(vendor, "GenuineIntel") != NULL);
    assert_int_equal(cpu->amd, strstr(vendor, "AuthenticAMD") != NULL);
#endif
    free(flags);
    free(vendor);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(has_a_name_and_is_asked_once),
        cmocka_unit_test(agrees_with_the_kernel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
