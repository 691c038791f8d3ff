#ifndef CHECKS_CORE_OBJECTS_H
#define CHECKS_CORE_OBJECTS_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct error;
struct str;

/*
 * Which objects are to be migrated. A pattern is db.table, db.* or *.*. A name may stand in
 * backticks (doubled inside); unquoted, * and ? are wildcards.
 */

/* One name of a pattern, ready to be matched: in `text` a wildcard character is one only where
 * `wild` says that the name was not quoted. */
struct object_name {
	const char *text;
	bool quoted;
};

struct object_pattern {
	struct object_name schema;
	struct object_name table; /* text "*", not quoted: the whole schema */
	const char *written;      /* as the user wrote it */
};

/* Reads a pattern. On failure returns -1 and sets *ret_why to what is wrong and what would be
 * right, in the arena, as the rest of a sentence that begins with the pattern ("has three parts;
 * write ..."); the caller knows the place. */
int object_pattern_parse(struct arena *arena, const char *text, struct object_pattern *ret,
                         const char **ret_why);

/* What a set of patterns amounts to: none or *.* is the instance, all db.* databases, else tables. */
enum scope { SCOPE_INSTANCE, SCOPE_DATABASE, SCOPE_TABLE, SCOPE_COUNT };

struct objects {
	size_t include_count, exclude_count;
	const struct object_pattern *include, *exclude;
	enum scope scope;
};

enum scope objects_scope(const struct object_pattern *include, size_t count);

/* Whether schema.table is among the objects: included by some pattern and excluded by none. */
bool objects_match(const struct objects *objects, const char *schema, const char *table);

/* Whether one pattern fits schema.table; table NULL asks about the schema alone. */
bool object_pattern_matches(const struct object_pattern *pattern, const char *schema,
                            const char *table);

/* "shop.orders", with backticks round a name that needs them (anything but letters, digits, _ and
 * $ of ASCII, or digits alone), as reports and waivers write objects. */
const char *object_written(struct arena *arena, const char *schema, const char *table);

const char *scope_name(enum scope scope); /* "instance", "database", "table" */
bool scope_find(const char *name, enum scope *ret);

#endif
