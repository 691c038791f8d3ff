#ifndef CATALOG_BASE_YAML_H
#define CATALOG_BASE_YAML_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct error;

/*
 * The one reader of YAML: plans, profiles, catalog files, OMS's config.yaml. It reads one document
 * into a tree in an arena, keeping each node's place. Refused, because a person who wrote them
 * meant something else: tabs in indentation, duplicate keys, anchors and aliases, tags, a second
 * document, bytes that are not UTF-8, nesting deeper than 32, more than 16 MiB.
 */
enum yaml_type { YAML_NULL, YAML_SCALAR, YAML_LIST, YAML_MAP };

struct yaml {
	enum yaml_type type;
	const char *file;
	unsigned line, column; /* from 1 */
	bool quoted;           /* a scalar in quotes or a block: never a number, boolean or null */
	const char *text;      /* of a scalar */
	size_t count;          /* items of a list, pairs of a map */
	const struct yaml *const *items; /* a list's items, or a map's values */
	const struct yaml *const *keys;  /* a map's keys: scalars, none twice */
};

/* Reads a file, or text whose errors shall name `file`. NULL and *error on failure.
 * An empty document is a node of type YAML_NULL. */
const struct yaml *yaml_read_file(struct arena *arena, const char *file, struct error *error);
const struct yaml *yaml_read_text(struct arena *arena, const char *file, const char *text,
                                  size_t length, struct error *error);

/* The bytes of a file, as yaml_read_file reads them: ended by a NUL, and cut a little past 16 MiB,
 * so that a device or a wrong file ends in an error and not in all memory. */
const char *yaml_file_text(struct arena *arena, const char *file, size_t *ret_length,
                           struct error *error);

/* What may stand in a map. */
enum yaml_want {
	YAML_WANT_TEXT,     /* any scalar but null; numbers are text too */
	YAML_WANT_INT,      /* a whole number in [min, max] */
	YAML_WANT_BOOL,     /* true, false */
	YAML_WANT_SIZE,     /* bytes, with K M G T as powers of 1024 */
	YAML_WANT_DURATION, /* seconds, with s m h d */
	YAML_WANT_TEXTS,    /* a scalar, or a list of scalars; not empty */
	YAML_WANT_BOTH,     /* {en: ..., zh: ...}: both, neither empty */
	YAML_WANT_LIST,
	YAML_WANT_MAP,
	YAML_WANT_ANY,
};

struct yaml_key {
	const char *name;
	enum yaml_want want;
	bool required;
	long long min, max;        /* for YAML_WANT_INT; both 0 means any */
	const char *const *one_of; /* for texts: the words allowed, NULL-terminated; or NULL */
};

/* Judges a map against the keys that it may have (the table ends with a NULL name): an unknown key
 * (with the nearest known one), a missing one, a wrong type or a bad value is refused with its
 * place, saying what would be right. `what` names the map in messages: "the plan", "a rule". */
int yaml_expect(const struct yaml *map, const char *what, const struct yaml_key *keys,
                struct error *error);

/* Values of a map that yaml_expect has accepted. An absent key gives NULL, or `otherwise`. */
const struct yaml *yaml_get(const struct yaml *map, const char *key);
const char *yaml_text(const struct yaml *map, const char *key);
long long yaml_int(const struct yaml *map, const char *key, long long otherwise);
bool yaml_bool(const struct yaml *map, const char *key, bool otherwise);
long long yaml_size(const struct yaml *map, const char *key, long long otherwise);
long long yaml_duration(const struct yaml *map, const char *key, long long otherwise);
/* A scalar or a list of scalars as a NULL-terminated array; absent: an empty one. */
const char *const *yaml_texts(struct arena *arena, const struct yaml *map, const char *key);

/* Refuses a node at its own place. Returns -1. */
int yaml_refuse(const struct yaml *node, struct error *error, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* The readers behind YAML_WANT_SIZE and YAML_WANT_DURATION, for option arguments. */
bool yaml_parse_size(const char *text, long long *ret_bytes);
bool yaml_parse_duration(const char *text, long long *ret_seconds);

#endif
