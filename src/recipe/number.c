/* See number.h. */
#include "recipe/number.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool s2s_is_whole(const char *text) {
    if (*text == '-' || *text == '+') text++;
    size_t digits = strspn(text, "0123456789");
    return digits > 0 && text[digits] == '\0';
}

bool s2s_is_real(const char *text) {
    if (*text == '-' || *text == '+') text++;
    size_t whole = strspn(text, "0123456789"), part = 0;
    text += whole;
    if (*text == '.') {
        part = strspn(text + 1, "0123456789");
        text += 1 + part;
    }
    if (whole + part == 0) return false;
    return (*text == 'e' || *text == 'E') ? s2s_is_whole(text + 1) : *text == '\0';
}

double s2s_to_real(const char *text) {
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t before = uselocale(c);
    double value = strtod(text, NULL);
    uselocale(before);
    if (c) freelocale(c);
    return value;
}

s2s_status s2s_print_real(double value, s2s_buf *text, s2s_err *err) {
    char digits[40];
    locale_t c = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t before = uselocale(c);
    for (int precision = 1; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, value);
        if (strtod(digits, NULL) == value) break;
    }
    uselocale(before);
    if (c) freelocale(c);
    char *power = strchr(digits, 'e'); /* 1e-09 is read as well, but 1e-9 is how people write it */
    if (power && power[2] == '0') memmove(power + 2, power + 3, strlen(power + 3) + 1);
    return s2s_buf_append(text, digits, strlen(digits), err);
}
