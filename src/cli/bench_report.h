/* What `s2s bench` found, as text and as JSON. */
#ifndef S2S_CLI_BENCH_REPORT_H
#define S2S_CLI_BENCH_REPORT_H

#include "cli/bench.h"
#include "cli/output.h"

typedef struct s2s_bench_report {
    s2s_machine_speed machine;
    const s2s_training_time *training; /* NULL: not measured */
    const s2s_decoding_time *decoding; /* likewise */
} s2s_bench_report;

s2s_status s2s_bench_print(const s2s_bench_report *report, s2s_output *output, s2s_err *err);
/* NULL: no memory. */
json_t *s2s_bench_json(const s2s_bench_report *report);

/* 10^9 in a second; 0 where no time was taken. */
static inline double s2s_bench_giga(double amount, double seconds) {
    return seconds > 0 ? 1e-9 * amount / seconds : 0;
}

#endif
