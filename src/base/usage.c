/* See usage.h. Linux tells it in /proc/self/status, in a line like "VmHWM:     1234 kB". */
#include "base/usage.h"

#include <stdio.h>

int64_t s2s_peak_memory(void) {
    FILE *file = fopen("/proc/self/status", "r");
    if (!file) return 0;
    char line[256];
    long long kilobytes = 0;
    while (fgets(line, sizeof line, file))
        if (sscanf(line, "VmHWM: %lld kB", &kilobytes) == 1) break;
    fclose(file);
    return kilobytes * 1024;
}
