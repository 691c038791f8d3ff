#ifndef CATALOG_BASE_ERROR_H
#define CATALOG_BASE_ERROR_H

#include <stddef.h>

/*
 * What went wrong with something the user gave us: a command line, a plan, a profile, a catalog
 * file, an output. Findings about a database are no errors; they stand in the report.
 * A function that can fail takes a `struct error *` last and sets it only when it fails.
 */
enum error_kind {
	ERROR_NONE,
	ERROR_USAGE,  /* the command line; exit status 64 */
	ERROR_BUG,    /* ours; 70 */
	ERROR_OUTPUT, /* something could not be written; 74 */
	ERROR_CONFIG, /* a plan, profile, catalog, plugin or facts file; 78 */
};

struct error {
	enum error_kind kind;
	char text[1024]; /* one line, ready to print: "file:line:column: what, and the cure" */
};

/* Each sets *error and returns -1, so that a caller can write `return error_usage(error, ...)`.
 * Control characters in what is formatted are written as \xNN: the text is printed. */
int error_usage(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));
int error_bug(struct error *error, const char *format, ...) __attribute__((format(printf, 2, 3)));
int error_output(struct error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
int error_config(struct error *error, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* As error_config with a place before the text. Line 0 leaves line and column out. */
int error_at(struct error *error, const char *file, unsigned line, unsigned column,
             const char *format, ...) __attribute__((format(printf, 5, 6)));

#endif
