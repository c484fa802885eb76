/* See fixture.h. */
#include "fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

json_t *read_fixture(const char *name) {
    char path[512];
    snprintf(path, sizeof path, "%s/metric/%s", S2S_FIXTURES, name);
    FILE *file = fopen(path, "r");
    if (!file) fail_msg("cannot open %s", path);
    json_t *lines = json_array();
    json_error_t error;
    /* JSON_DISABLE_EOF_CHECK: one value after another. */
    for (json_t *line; (line = json_loadf(file, JSON_DISABLE_EOF_CHECK | JSON_ALLOW_NUL, &error));)
        json_array_append_new(lines, line);
    if (json_error_code(&error) != json_error_premature_end_of_input)
        fail_msg("%s, value %zu: %s", path, json_array_size(lines) + 1, error.text);
    fclose(file);
    if (json_array_size(lines) == 0) fail_msg("%s is empty", path);
    return lines;
}

s2s_segment text_of(const json_t *object, const char *key) {
    const json_t *string = json_object_get(object, key);
    if (!json_is_string(string)) fail_msg("the fixture has no string '%s'", key);
    return (s2s_segment){json_string_value(string), json_string_length(string)};
}
