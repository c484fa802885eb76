/* Time that passes, for speeds and progress. */
#ifndef S2S_BASE_CLOCK_H
#define S2S_BASE_CLOCK_H

/* Seconds since some moment; never goes back. */
double s2s_clock(void);

#endif
