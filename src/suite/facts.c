/* See facts.h. */
#include "suite/facts.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/cpu.h"
#include "base/file.h"
#include "base/thread.h"

void s2s_facts_add(s2s_cell_facts *facts, const s2s_record *record) {
    facts->lines++;
    facts->tokens += (uint64_t)record->tokens;
    facts->cut += !record->ended;
    facts->seconds = record->seconds; /* grows from line to line */
}

static json_t *to_json(const s2s_cell_facts *f) {
    return json_pack("{sI, sI, sI, sI, sI, sf, sf, sI, sI, ss, ss}", "lines", (json_int_t)f->lines,
                     "tokens", (json_int_t)f->tokens, "cut", (json_int_t)f->cut, "truncated",
                     (json_int_t)f->truncated, "taken_over", (json_int_t)f->taken_over, "seconds",
                     f->seconds, "load_seconds", f->load_seconds, "peak_memory",
                     (json_int_t)f->peak_memory, "threads", (json_int_t)f->threads, "processor",
                     f->processor, "version", f->version);
}

s2s_status s2s_facts_write(s2s_cell_facts *facts, const char *path, s2s_err *err) {
    facts->threads = s2s_threads();
    snprintf(facts->processor, sizeof facts->processor, "%s", s2s_cpu_features()->name);
    snprintf(facts->version, sizeof facts->version, "%s", S2S_VERSION);
    json_t *object = to_json(facts);
    char *text = object ? json_dumps(object, JSON_INDENT(2) | JSON_REAL_PRECISION(9)) : NULL;
    json_decref(object);
    if (!text) return s2s_fail_memory(err, 4096);
    s2s_status status = s2s_write_file(path, text, strlen(text), err);
    free(text);
    return status;
}

static bool from_json(s2s_cell_facts *f, json_t *object) {
    json_int_t lines, tokens, cut, truncated, taken_over, memory, threads;
    const char *processor, *version;
    if (json_unpack(object, "{sI, sI, sI, sI, sI, sF, sF, sI, sI, ss, ss}", "lines", &lines,
                    "tokens", &tokens, "cut", &cut, "truncated", &truncated, "taken_over",
                    &taken_over, "seconds", &f->seconds, "load_seconds", &f->load_seconds,
                    "peak_memory", &memory, "threads", &threads, "processor", &processor, "version",
                    &version) != 0)
        return false;
    f->lines = (uint64_t)lines, f->tokens = (uint64_t)tokens, f->cut = (uint64_t)cut;
    f->truncated = (uint64_t)truncated, f->taken_over = (uint64_t)taken_over;
    f->peak_memory = memory, f->threads = threads;
    snprintf(f->processor, sizeof f->processor, "%s", processor);
    snprintf(f->version, sizeof f->version, "%s", version);
    return true;
}

s2s_status s2s_facts_read(s2s_cell_facts *facts, const char *path, s2s_err *err) {
    *facts = (s2s_cell_facts){0};
    s2s_map map;
    S2S_TRY(s2s_map_open(&map, path, err));
    json_t *object = json_loadb((const char *)map.data, map.size, 0, NULL);
    s2s_map_close(&map);
    bool good = object && from_json(facts, object);
    json_decref(object);
    if (good) return S2S_OK;
    return s2s_fail(err, S2S_INPUT,
                    "%s: no result of a cell; remove it, and the cell is finished again", path);
}
