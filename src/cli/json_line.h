/* Lines that are JSON objects. */
#ifndef S2S_CLI_JSON_LINE_H
#define S2S_CLI_JSON_LINE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* The object that a line is, which a NUL follows; the caller's, to be given back by json_decref. S2S_INPUT where it is
 * none; a blank line is none either. */
s2s_status s2s_json_line(json_t **object, const char *line, size_t length, s2s_err *err);

/* The text of a field, borrowed from the object. */
s2s_status s2s_json_text(const json_t *object, const char *field, const char **text, size_t *length,
                         s2s_err *err);
/* S2S_INPUT: `value` (NULL: it is missing) of a field is not what it must be ("text", "a list of texts"). */
s2s_status s2s_json_fail(const json_t *value, const char *field, const char *must, s2s_err *err);

/* Adds fields to an object; takes over the reference to `fields`. NULL, or fields that could not be built, is
 * S2S_MEMORY. */
s2s_status s2s_json_add(json_t *object, json_t *fields, s2s_err *err);
/* A number; null where it is none that JSON has. NULL: no memory. */
json_t *s2s_json_number(double value);

#endif
