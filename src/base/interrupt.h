/* SIGINT, SIGTERM and SIGHUP as a flag that long jobs look at between steps. A second signal ends the
 * process. */
#ifndef S2S_BASE_INTERRUPT_H
#define S2S_BASE_INTERRUPT_H

#include <stdbool.h>

/* In the main thread, once, before it computes. */
void s2s_interrupt_install(void);
bool s2s_interrupted(void);

#endif
