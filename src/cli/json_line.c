/* See json_line.h. */
#include "cli/json_line.h"

#include <math.h>
#include <string.h>

static const char *kind_of(const json_t *value) {
    static const char *const kinds[] = {
        [JSON_OBJECT] = "an object", [JSON_ARRAY] = "a list",  [JSON_STRING] = "text",
        [JSON_INTEGER] = "a number", [JSON_REAL] = "a number", [JSON_TRUE] = "true",
        [JSON_FALSE] = "false",      [JSON_NULL] = "null",
    };
    return kinds[json_typeof(value)];
}

s2s_status s2s_json_line(json_t **object, const char *line, size_t length, s2s_err *err) {
    json_error_t error;
    *object = NULL;
    if (strspn(line, " \t") == length)
        return s2s_fail(err, S2S_INPUT, "the line is blank; each line must be one JSON object");
    *object = json_loadb(line, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (!*object)
        return s2s_fail(err, S2S_INPUT, "column %d: not JSON: %s; each line must be one object",
                        error.column, error.text);
    if (json_is_object(*object)) return S2S_OK;
    s2s_fail(err, S2S_INPUT, "each line must be one JSON object, not %s", kind_of(*object));
    json_decref(*object);
    *object = NULL;
    return S2S_INPUT;
}

s2s_status s2s_json_fail(const json_t *value, const char *field, const char *must, s2s_err *err) {
    if (!value) return s2s_fail(err, S2S_INPUT, "there is no field \"%s\"", field);
    return s2s_fail(err, S2S_INPUT, "field \"%s\" must be %s, not %s", field, must, kind_of(value));
}

s2s_status s2s_json_text(const json_t *object, const char *field, const char **text, size_t *length,
                         s2s_err *err) {
    const json_t *value = json_object_get(object, field);
    if (!json_is_string(value)) return s2s_json_fail(value, field, "text", err);
    *text = json_string_value(value);
    *length = json_string_length(value);
    return S2S_OK;
}

s2s_status s2s_json_add(json_t *object, json_t *fields, s2s_err *err) {
    int failed = !object || !fields || json_object_update(object, fields);
    json_decref(fields);
    return failed ? s2s_fail_memory(err, 4096) : S2S_OK;
}

json_t *s2s_json_number(double value) {
    return isfinite(value) ? json_real(value) : json_null();
}
