/* json_get PATH: the value at a dotted path ("sets.0.scores.1.metric") of each JSON text on
 * standard input, a line each; a text without quotes. "." is the whole. Exit 1: not JSON, or
 * nothing there. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static json_t *at(json_t *value, char *path) {
    if (strcmp(path, ".") == 0) return value;
    for (char *name = strtok(path, "."); name && value; name = strtok(NULL, "."))
        value = json_is_array(value) ? json_array_get(value, (size_t)strtoul(name, NULL, 10))
                                     : json_object_get(value, name);
    return value;
}

static int print(json_t *value) {
    if (!value) return 0;
    if (json_is_string(value)) return puts(json_string_value(value)) >= 0;
    int failed = json_dumpf(value, stdout, JSON_COMPACT | JSON_ENCODE_ANY);
    return !failed && putchar('\n') != EOF;
}

int main(int argc, char **argv) {
    if (argc != 2) return 2;
    int texts = 0;
    for (int c; (c = getchar()) != EOF; texts++) {
        if (c == '\n') continue;
        ungetc(c, stdin);
        json_error_t error;
        json_t *value = json_loadf(stdin, JSON_DISABLE_EOF_CHECK, &error);
        char *path = strdup(argv[1]);
        int printed = value && path && print(at(value, path));
        free(path);
        json_decref(value);
        if (!printed) return 1;
    }
    return texts ? 0 : 1;
}
