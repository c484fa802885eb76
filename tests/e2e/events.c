/* See events.h. */
#include "events.h"

#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* after the above, which it needs */
#include <cmocka.h>

#include "scratch.h"

values read_events(const char *output, const char *kind, const char *key) {
    values found = {.n = 0};
    char path[64];
    snprintf(path, sizeof path, "%s/log.jsonl", output);
    FILE *file = fopen(scratch(path), "r");
    assert_non_null(file);
    json_t *event;
    while ((event = json_loadf(file, JSON_DISABLE_EOF_CHECK, NULL))) {
        if (!strcmp(json_string_value(json_object_get(event, "event")), kind)) {
            assert_true(found.n < EVENTS_MOST);
            found.of[found.n++] = json_number_value(json_object_get(event, key));
        }
        json_decref(event);
    }
    fclose(file);
    return found;
}
