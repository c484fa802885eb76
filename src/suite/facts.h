/* What was measured while a cell was done, and by what: result.json. */
#ifndef S2S_SUITE_FACTS_H
#define S2S_SUITE_FACTS_H

#include "suite/record.h"

typedef struct s2s_cell_facts {
    uint64_t lines, tokens; /* of the output */
    uint64_t cut;           /* lines that a limit of length ended */
    uint64_t truncated;  /* sources longer than the model reads, of those that the last try read */
    uint64_t taken_over; /* lines that an earlier, interrupted try had done */
    double seconds;      /* searching, all tries together; loading the model is not in it */
    double load_seconds;
    int64_t peak_memory; /* bytes, of the process that finished the cell; 0: unknown */
    int64_t threads;
    char processor[64], version[32];
} s2s_cell_facts;

void s2s_facts_add(s2s_cell_facts *facts, const s2s_record *record);

/* Adds what the process and the machine tell, and writes the file. */
s2s_status s2s_facts_write(s2s_cell_facts *facts, const char *path, s2s_err *err);
/* S2S_INPUT when the file is not what this program writes. */
s2s_status s2s_facts_read(s2s_cell_facts *facts, const char *path, s2s_err *err);

#endif
