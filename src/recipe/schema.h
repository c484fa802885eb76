/* The schema: what every recipe key is called, what it may hold and what it means.
 *
 * Nested tables describe the structs of recipe.h: schema.c the top level, schema_NAME.c a section. Everything that
 * knows about keys walks them: the parser, the writer, explanations and the reference page. A new key is a field in
 * recipe.h and a line in its table; a new section is a file with its table (table.h), its name in sections.h and a line
 * in schema.c. */
#ifndef S2S_RECIPE_SCHEMA_H
#define S2S_RECIPE_SCHEMA_H

#include <stddef.h>

#include "recipe/recipe.h"

typedef enum s2s_key_type {
    S2S_KEY_BOOL,    /* bool */
    S2S_KEY_INT,     /* int64_t */
    S2S_KEY_REAL,    /* double */
    S2S_KEY_ENUM,    /* an enum, its values counted from 0 as in `names` */
    S2S_KEY_STRING,  /* const char *, may be NULL */
    S2S_KEY_PATH,    /* const char *, may be NULL; absolute once parsed */
    S2S_KEY_REALS,   /* double[count] */
    S2S_KEY_ENUMS,   /* enum[count], of which the int at `filled` are in use */
    S2S_KEY_SECTION, /* a struct that `section` describes */
    S2S_KEY_CORPORA, /* s2s_corpora: one corpus or a list, each described by `section` */
    S2S_KEY_TESTS,   /* s2s_corpora: a mapping of names to corpora */
    S2S_KEY_LIST,    /* s2s_list, or one with typed items (s2s_string_list), of what `item` holds */
    S2S_KEY_NAMED,   /* s2s_list: a mapping of names to structs that `section` describes */
    S2S_KEY_BASE,    /* `base`: another recipe to start from; not part of the struct */
} s2s_key_type;

enum {
    S2S_KEY_ABOVE_LOW = 1,  /* `low` itself is out of range */
    S2S_KEY_BELOW_HIGH = 2, /* `high` itself is out of range */
    S2S_KEY_OR_ZERO = 4,    /* 0 is allowed besides the range */
    S2S_KEY_OWN = 8,        /* keeps its own default in a section that inherits */
    S2S_KEY_SHORT = 16,     /* of NAMED: a value where a section is due is that of its first key */
    S2S_KEY_OR_ONE = 32,    /* of LIST: one value stands for a list of one, null for none */
};

/* Items of equal size, one after another, in the arena of the struct that they belong to. */
typedef struct s2s_list {
    void *items;
    int n;
} s2s_list;

typedef struct s2s_section s2s_section;
typedef struct s2s_key s2s_key;

struct s2s_key {
    const char *name;
    s2s_key_type type;
    unsigned flags;
    size_t offset;       /* in the struct of the section that the key stands in */
    const char *initial; /* the default as YAML; NULL: null, or what resolve.c works out */
    const char *note;    /* how the default depends on other keys (resolve.c); NULL: it doesn't */
    double low, high;    /* an infinite one is no limit */
    const char *const *names; /* of enum values, ended by NULL */
    int count;                /* of REALS and ENUMS: room in the array */
    size_t filled;            /* of ENUMS: offset of the count in use */
    const s2s_section *section;
    const char *inherits; /* the top-level section that fills in what this one leaves out */
    const char *help;     /* what it does, in a sentence */
    const s2s_key *item;  /* of LIST: an item as a key at offset 0: INT, REAL, STRING or PATH */
    size_t size, inner;   /* of NAMED: bytes of an item, which begins with its name (const char *),
                             and where in it the struct of `section` lies */
};

struct s2s_section {
    const s2s_key *keys;
    int n;
};

extern const s2s_section s2s_schema;        /* describes s2s_recipe */
extern const s2s_section s2s_search_schema; /* its section `search`: s2s_search_recipe */

/* How a written recipe begins and ends. What begins so and does not end so was cut short: without this it would
 * load, with defaults for all that is missing. */
#define S2S_RESOLVED_BEGIN                                                                         \
    "# A resolved recipe: all defaults are written out, and the last line is \"...\".\n"
#define S2S_RESOLVED_END "\n..."

/* The key called `name` (`length` bytes), or NULL. */
const s2s_key *s2s_schema_find(const s2s_section *section, const char *name, size_t length);
/* The key at a dotted path, e.g. "train.optimizer.learning_rate", or NULL. */
const s2s_key *s2s_schema_walk(const char *path);

/* What a key holds, for people: "a whole number", "one of relu, gelu, swiglu". */
s2s_status s2s_key_describe(const s2s_key *key, s2s_buf *text, s2s_err *err);
/* The range, for people: "from 0 to below 1"; nothing is appended when there is none. */
s2s_status s2s_key_range(const s2s_key *key, s2s_buf *text, s2s_err *err);
bool s2s_key_in_range(const s2s_key *key, double value);

/* The known path below `root` nearest to `prefix`.`name` ("" for the root itself), where `section` is what stands at
 * `prefix`: a similar key of the same section, else the same key of another. False: nothing is
 * near. */
bool s2s_schema_nearest(const s2s_section *root, const s2s_section *section, const char *prefix,
                        const char *name, char nearest[128]);
/* The name most like `name`, or NULL when none is near. */
const char *s2s_nearest_name(const char *const *names, const char *name);

#endif
