#ifndef CHECKS_PROBE_LIBRARY_H
#define CHECKS_PROBE_LIBRARY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Libraries that are opened with dlopen when they are needed, so that a command that asks no server
 * starts at once, and a host without one can still ask the others. A user of a library lists its
 * functions once, as FUNCTIONS(X), and has of it the struct of pointers and the table:
 *
 *     struct curl { FUNCTIONS(LIBRARY_MEMBER) };
 *     #define ENTRY(function) LIBRARY_ENTRY(struct curl, function)
 *     static const struct library_function functions[] = { FUNCTIONS(ENTRY) };
 */
#define LIBRARY_MEMBER(function) __typeof__(&function) function;
#define LIBRARY_ENTRY(type, function) { #function, offsetof(type, function) },

struct library_function {
	const char *name;
	size_t offset; /* of its pointer in the user's struct */
};

struct library_need {
	const char *file;    /* "libcurl.so.4" */
	const char *package; /* what installs it: "libcurl4" */
	const struct library_function *functions;
	size_t count;
};

/* Opens the library and fills the pointers of `table`. Returns dlopen's handle; NULL, with a
 * sentence of at most `size` bytes that names the package, where the library or a function is not
 * there. */
void *library_open(const struct library_need *need, void *table, char *ret_why, size_t size);

#endif
