/* Numbers as text, the same in every locale: a host program may have set one with a decimal comma. */
#ifndef S2S_RECIPE_NUMBER_H
#define S2S_RECIPE_NUMBER_H

#include <stdbool.h>

#include "base/err.h"
#include "base/memory.h"

/* [-+] digits */
bool s2s_is_whole(const char *text);
/* [-+] digits [. digits] [e [-+] digits], at least one digit before or after the point. */
bool s2s_is_real(const char *text);
/* The value of a text that is one of these. */
double s2s_to_real(const char *text);
/* Appends the shortest text that reads back as the same number. */
s2s_status s2s_print_real(double value, s2s_buf *text, s2s_err *err);

#endif
