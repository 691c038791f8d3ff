#ifndef CHECKS_CORE_REGISTRY_H
#define CHECKS_CORE_REGISTRY_H

#include "checks/core/check.h"

struct arena;
struct error;

/*
 * All checks there are: the built-in ones in the order of checks.def, then those of plugins in the
 * order they were loaded. cmd/ and profiles/ reach checks through here alone.
 */
struct registry;

struct registry *registry_new(struct arena *arena);

/* A check by its id, or NULL. */
const struct check *registry_find(const struct registry *registry, const char *id);
size_t registry_count(const struct registry *registry);
const struct check *registry_at(const struct registry *registry, size_t index);

/* The title of a check in a language. */
const char *check_title(const struct check *check, enum lang lang);

/* Opens a plugin and adds its checks. Refused by file name and reason: a file that is no shared
 * object, the missing symbol migdoctor_plugin, another ABI number, an incomplete check, an id that
 * is taken, SQL that could do more than read. After a refusal nothing of the plugin is there.
 * The shared object stays open until the process ends. */
int registry_load_plugin(struct registry *registry, const char *path, struct error *error);

/* The statement that a plugin's check wants run, and the name of its answer; both NULL for a
 * built-in check. */
const char *check_sql(const struct check *check);
const char *check_query_name(const struct check *check);

#endif
