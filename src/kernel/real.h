/* The number that everything is computed in: float, or double in the build for gradient checks. */
#ifndef S2S_KERNEL_REAL_H
#define S2S_KERNEL_REAL_H

#ifdef S2S_DOUBLE
typedef double s2s_real;
#else
typedef float s2s_real;
#endif

#endif
