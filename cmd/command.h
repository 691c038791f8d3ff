#ifndef CMD_COMMAND_H
#define CMD_COMMAND_H

#include "catalog/base/error.h"
#include "cmd/options.h"

/* A sub-command: one file each. */
struct command {
	const char *name;
	const char *synopsis; /* "check [PLAN]" */
	unsigned bit;         /* COMMAND_..., for its options */
	enum text_id summary;
	/* Returns the exit status. On a failure of its input it sets *error and returns anything:
	 * main prints the error and chooses the status. */
	int (*run)(struct arena *arena, const struct options *options, struct error *error);
};

extern const struct command command_check, command_connector, command_diagnose, command_explain,
	command_list, command_lint;

/* Prints an error as the program's last words and returns the exit status of its kind. */
int report_error(const struct error *error);

/* Writes text to standard output. -1 and *error where it cannot all be written. */
int output_text(const char *text, size_t length, struct error *error);

/* Writes a file whole or not at all: into a new file beside it, then renamed. What is no regular
 * file (a pipe, /dev/stdout) is written directly. */
int output_file(struct arena *arena, const char *path, const char *text, size_t length,
                struct error *error);

#endif
