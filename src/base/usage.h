/* What the process has used. */
#ifndef S2S_BASE_USAGE_H
#define S2S_BASE_USAGE_H

#include <stdint.h>

/* Bytes of physical memory that the process held at most so far, pages of mapped files that it looked at
 * included. Since its program began: what the process did before exec() does not count, as it would in
 * getrusage(). 0: the system does not tell. */
int64_t s2s_peak_memory(void);

#endif
