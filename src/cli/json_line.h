/* Lines that are JSON objects, and objects that wait for their line's result. */
#ifndef S2S_CLI_JSON_LINE_H
#define S2S_CLI_JSON_LINE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* The object that a line is; the caller's, to be given back by json_decref. S2S_INPUT with the column where it is none.
 */
s2s_status s2s_json_line(json_t **object, const char *line, size_t length, s2s_err *err);
/* Nothing but blanks: such lines mean nothing in JSON. */
bool s2s_is_blank(const char *line, size_t length);

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

/* A queue of objects in an array. Push takes over the reference to `object`; pop gives one to the caller. */
s2s_status s2s_json_push(json_t *queue, json_t *object, s2s_err *err);
json_t *s2s_json_pop(json_t *queue);

#endif
