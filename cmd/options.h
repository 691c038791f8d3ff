#ifndef CMD_OPTIONS_H
#define CMD_OPTIONS_H

#include "catalog/text.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct error;
struct str;

/* The command line, read by the table in options.def. */
enum option_id {
#define OPTION(name, kind, argument, commands) OPTION_##name,
#include "cmd/options.def"
#undef OPTION
	OPTION_COUNT
};

/* Which commands an option belongs to. */
enum {
	COMMAND_CHECK = 1,
	COMMAND_LIST_ = 2,
	COMMAND_LINT = 4,
	COMMAND_EXPLAIN = 8,
	COMMAND_DIAGNOSE = 16,
	COMMAND_CONNECTOR = 32,
};

struct options {
	bool given[OPTION_COUNT];
	/* Values in the order given, NULL-terminated; of an option that takes one, the last. */
	const char *const *values[OPTION_COUNT];
	const char *const *words; /* what is no option, NULL-terminated */
	size_t word_count;
	enum lang lang;
};

/* Reads argv, whose first word is the command's name, for a command. -1 and *error for an unknown
 * option (with the nearest), a missing or an unwanted argument. Reorders argv as getopt does. To
 * `explain` and `diagnose` -5024 and `-a 5858` are words. */
int options_read(struct arena *arena, unsigned command, int argc, char **argv, struct options *ret,
                 struct error *error);

/* The value of an option that takes one, or NULL. */
const char *option_value(const struct options *options, enum option_id id);

/* "fail-on": an option's name as it is typed after the two dashes. */
const char *option_written(struct arena *arena, enum option_id id);

/* The time that an option gives, from 1 s to 1 h; `otherwise` where it is not given. */
int option_seconds(const struct options *options, enum option_id id, unsigned otherwise,
                   unsigned *ret, struct error *error);

/* One line an option, aligned, with what it does. */
void options_help(unsigned command, enum lang lang, struct str *out);

#endif
