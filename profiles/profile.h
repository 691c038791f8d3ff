#ifndef PROFILES_PROFILE_H
#define PROFILES_PROFILE_H

#include "checks/core/registry.h"
#include "checks/core/run.h"

struct arena;
struct error;

/* The rules of one migration service and kind of work, bound to checks and codes. */
struct profile {
	const char *name;
	struct both title;
	size_t rule_count;
	const struct rule *rules; /* in the order of the file */
};

/*
 * Reads a profile. `name` is a built-in one's name ("tencent-dts"), or a path: whatever contains a
 * '/' or ends in .yaml or .yml. Refused with file:line:column: unknown keys, checks, codes, facts,
 * parameters that the check does not declare or that are missing, a rule id given twice, SQL that
 * could do more than read. A rule's severity is its own, else the code's level, else error.
 */
struct profile *profile_read(struct arena *arena, const char *name, const struct registry *registry,
                             struct error *error);

/* The built-in profiles, in order of name: "tencent-dts", ...; NULL past the end. */
const char *profile_builtin(size_t index);

/* Whether a profile is named by its file: a '/' in it, or .yaml or .yml at its end. */
bool profile_is_path(const char *name);

/* NULL where the name is a path or a built-in profile, else what is wrong and what would be right. A
 * plan refuses such a name at its place; profile_read, to which only the command line still brings
 * one, as a usage error. */
const char *profile_name_refusal(struct arena *arena, const char *name);

#endif
