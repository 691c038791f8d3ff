#ifndef CHECKS_PROBE_PROPERTIES_H
#define CHECKS_PROBE_PROPERTIES_H

#include <stddef.h>

struct arena;

/*
 * Reads a file of Java's Properties: comments with # and !, keys that end at =, : or a blank, lines
 * that go on after a backslash, escapes. As Java does, it takes any text; bytes that are no ASCII
 * are kept as they stand.
 */
struct property {
	const char *key, *value;
	size_t line; /* from 1; the first of those that a value goes over */
};

/* The pairs in the order of the file: of a key that stands twice Java keeps the last. Returns how
 * many there are. */
size_t properties_read(struct arena *arena, const char *text, size_t length,
                       const struct property **ret);

#endif
