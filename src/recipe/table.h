/* How the tables of a schema are written: a line a key, named as the field of its struct.
 *
 * A section is an array of such lines, made a s2s_section by KEYS. The last part of WHOLE, NUMBER, CHOICE, TEXT,
 * FILE_PATH and SECTION takes what else a key has (.note, .flags ...), or PLAIN for nothing. */
#ifndef S2S_RECIPE_TABLE_H
#define S2S_RECIPE_TABLE_H

#include <math.h>

#include "recipe/schema.h"

#define FIELD(kind, S, field) .name = #field, .type = S2S_KEY_##kind, .offset = offsetof(S, field)
#define TRUTH(S, field, initially, text)                                                           \
    { FIELD(BOOL, S, field), .initial = #initially, .help = text }
#define WHOLE(S, field, initially, lowest, highest, text, ...)                                     \
    {                                                                                              \
        FIELD(INT, S, field), .initial = #initially, .low = lowest, .high = highest, .help = text, \
                              __VA_ARGS__                                                          \
    }
#define NUMBER(S, field, initially, lowest, highest, text, ...)                                    \
    {                                                                                              \
        FIELD(REAL, S, field), .initial = #initially, .low = lowest, .high = highest,              \
                               .help = text, __VA_ARGS__                                           \
    }
#define CHOICE(S, field, values, initially, text, ...)                                             \
    { FIELD(ENUM, S, field), .initial = #initially, .names = values, .help = text, __VA_ARGS__ }
#define TEXT(S, field, text, ...)                                                                  \
    { FIELD(STRING, S, field), .help = text, __VA_ARGS__ }
#define FILE_PATH(S, field, text, ...)                                                             \
    { FIELD(PATH, S, field), .help = text, __VA_ARGS__ }
#define SECTION(S, field, below, text, ...)                                                        \
    { FIELD(SECTION, S, field), .section = &below, .help = text, __VA_ARGS__ }
#define PLAIN .flags = 0 /* for the variable part where there is nothing to add */
/* The range of a share of the whole, which is never all of it. */
#define SHARE .low = 0, .high = 1, .flags = S2S_KEY_BELOW_HIGH
#define KEYS(table)                                                                                \
    { table, sizeof table / sizeof *table }

#endif
