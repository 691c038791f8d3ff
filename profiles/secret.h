#ifndef PROFILES_SECRET_H
#define PROFILES_SECRET_H

struct arena;

/*
 * Where a plan's passwords come from. On failure each function sets *ret_why to what is wrong and
 * what would be right; no part of a password ever stands in it.
 */

/* The value of an environment variable. NULL where it is missing or empty. */
const char *secret_from_environment(struct arena *arena, const char *name, const char **ret_why);

/* The one line of a file, without its newline. NULL where it cannot be read, is empty or holds
 * more than a line. */
const char *secret_from_file(struct arena *arena, const char *path, const char **ret_why);

/* What a group of a my.cnf says about signing in; what it does not say is NULL, and the port 0. */
struct defaults {
	const char *user, *password, *host, *socket;
	unsigned port;
};

/* Reads [group] of an option file of the MySQL clients, with their quotes, escapes and comments. */
int defaults_read(struct arena *arena, const char *path, const char *group, struct defaults *ret,
                  const char **ret_why);

#endif
