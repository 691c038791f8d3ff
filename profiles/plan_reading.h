#ifndef PROFILES_PLAN_READING_H
#define PROFILES_PLAN_READING_H

#include "catalog/base/yaml.h"
#include "profiles/plan.h"

/* What the parts of the plan's reader share; nobody else includes this. Functions that return int
 * return -1 when they have refused something, at its place in the plan. */

struct reading {
	struct arena *arena;
	struct plan *plan;
	struct error *error;
};

#define PLAN_DEFAULT_PORT 3306

/* clang-format off */
#define LOGIN_KEYS                                                                                 \
	{ .name = "host", .want = YAML_WANT_TEXT },                                                \
	{ .name = "port", .want = YAML_WANT_INT, .min = 1, .max = 65535 },                         \
	{ .name = "socket", .want = YAML_WANT_TEXT },                                              \
	{ .name = "user", .want = YAML_WANT_TEXT },                                                \
	{ .name = "password_env", .want = YAML_WANT_TEXT },                                        \
	{ .name = "password_file", .want = YAML_WANT_TEXT },                                       \
	{ .name = "defaults_file", .want = YAML_WANT_TEXT },                                       \
	{ .name = "defaults_group", .want = YAML_WANT_TEXT },                                      \
	{ .name = "tls", .want = YAML_WANT_ANY }
/* clang-format on */

/* As yaml_expect; a text that is there says something, too. */
int plan_expect(const struct yaml *map, const char *what, const struct yaml_key *keys,
                struct error *error);

/* Paths of a plan are relative to its folder, so that it means the same from everywhere. */
const char *plan_path(struct reading *reading, const char *text);

/* The path of a key, of a file that can be read; *ret keeps its value where the key is not there. */
int plan_readable_file(struct reading *reading, const struct yaml *map, const char *key,
                       const char **ret);

/* Judges a map that says where a password is; the password itself is not read. */
int plan_judge_account(const struct yaml *map, const char *what, const struct yaml_key *keys,
                       struct error *error);

/* The password that password_env or password_file names; *ret keeps its value without either. */
int plan_password(struct reading *reading, const struct yaml *map, const char **ret);

/* Reads what LOGIN_KEYS hold. What is needed to sign in may still be missing: the second refuses that,
 * and sets the port where none is said. */
int plan_read_login(struct reading *reading, const struct yaml *map, const char *what,
                    const struct yaml_key *keys, struct login *login);
int plan_complete_login(struct reading *reading, const struct yaml *map, const char *what,
                        struct login *login);

/* The section `oms`, in plan_oms.c; NULL is allowed. */
int plan_read_oms(struct reading *reading, const struct yaml *map);

/* What holds of an OMS where the plan says nothing. */
void plan_begin_oms(struct plan *plan);

#endif
