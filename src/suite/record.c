/* See record.h. */
#include "suite/record.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

s2s_status s2s_record_write(const s2s_record *record, FILE *file, const char *path, s2s_err *err) {
    json_t *object =
        json_pack("{ss%, sI, sb, sf}", "text", record->text, record->length, "tokens",
                  (json_int_t)record->tokens, "ended", record->ended, "seconds", record->seconds);
    char *text = object ? json_dumps(object, JSON_COMPACT | JSON_REAL_PRECISION(9)) : NULL;
    json_decref(object);
    if (!text) return s2s_fail_memory(err, record->length);
    bool written = fprintf(file, "%s\n", text) > 0 && fflush(file) == 0;
    free(text);
    return written ? S2S_OK : s2s_fail_errno(err, "write", path);
}

/* False: the line is no record. */
static bool parse(json_t *object, s2s_record *record) {
    const json_t *text = json_object_get(object, "text"),
                 *tokens = json_object_get(object, "tokens"),
                 *seconds = json_object_get(object, "seconds");
    if (!json_is_string(text) || !json_is_integer(tokens) || !json_is_number(seconds)) return false;
    *record = (s2s_record){.text = json_string_value(text),
                           .length = json_string_length(text),
                           .tokens = json_integer_value(tokens),
                           .ended = json_is_true(json_object_get(object, "ended")),
                           .seconds = json_number_value(seconds)};
    return true;
}

static s2s_status take_line(const char *line, size_t length, const char *path, size_t number,
                            s2s_record_taker *take, void *self, s2s_err *err) {
    s2s_record record;
    json_t *object = json_loadb(line, length, JSON_ALLOW_NUL, NULL);
    s2s_status status = object && parse(object, &record)
                            ? take(self, &record, err)
                            : s2s_fail(err, S2S_INPUT,
                                       "%s:%zu: no line of a result; remove the folder that it is "
                                       "in, and what it holds is made again",
                                       path, number);
    json_decref(object);
    return status;
}

static s2s_status read_map(const s2s_map *map, const char *path, bool torn, s2s_record_taker *take,
                           void *self, int64_t *size, s2s_err *err) {
    const char *begin = (const char *)map->data, *at = begin, *end = begin + map->size;
    size_t number = 0;
    while (at < end) {
        const char *feed = memchr(at, '\n', (size_t)(end - at));
        if (!feed && torn) break;
        if (!feed) feed = end;
        S2S_TRY(take_line(at, (size_t)(feed - at), path, ++number, take, self, err));
        at = feed + 1;
    }
    if (size) *size = at - begin;
    return S2S_OK;
}

s2s_status s2s_records_read(const char *path, bool torn, s2s_record_taker *take, void *self,
                            int64_t *size, s2s_err *err) {
    s2s_map map;
    S2S_TRY(s2s_map_open(&map, path, err));
    s2s_status status = S2S_OK;
    if (size) *size = 0;
    if (map.data) status = read_map(&map, path, torn, take, self, size, err);
    s2s_map_close(&map);
    return status;
}
