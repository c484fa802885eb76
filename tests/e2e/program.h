/* The program itself, as a process of its own that can be killed. */
#ifndef S2S_TEST_PROGRAM_H
#define S2S_TEST_PROGRAM_H

#include <sys/types.h>

/* Starts s2s with these arguments (NULL ends them); its standard error goes to the scratch file
 * `errors`, its standard input and output are /dev/null. */
pid_t program_start(const char *const *arguments, const char *errors);
/* Waits for it; the status of waitpid. */
int program_wait(pid_t program);
/* Sends a signal after so many seconds, or never when it ends before; the status of waitpid. */
int program_signal(pid_t program, int signal, double seconds);

double program_now(void); /* seconds of a clock that only goes forward */
void program_rest(void);  /* a millisecond */

#endif
