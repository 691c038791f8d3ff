#ifndef PROFILES_PLAN_H
#define PROFILES_PLAN_H

#include "checks/core/run.h"
#include "checks/probe/session.h"

struct arena;
struct error;
struct yaml;

/* An endpoint as the user names it, by plan or URI. */
struct plan_endpoint {
	bool configured;
	struct login login;
	bool password_in_argv; /* it stood in a URI on the command line: warn */
};

/*
 * The user's file, with the command line laid over it. A plan that was not given is a zeroed one
 * made by plan_new().
 */
struct plan {
	const char *file;            /* NULL without a file */
	const char *const *profiles; /* NULL-terminated, empty where none is named */
	enum mode mode;
	struct plan_endpoint at[ENDPOINT_COUNT];
	struct objects objects;
	unsigned statement_seconds; /* limits: {statement_seconds}, default 30 */
	const char *const *plugins; /* NULL-terminated; relative to the plan's folder */
	size_t waiver_count;
	struct waiver *waivers;
	/* Sections that later profiles read; checked for keys and types, kept as they are. */
	const struct yaml *migration, *oms;
};

struct plan *plan_new(struct arena *arena);

/* Reads a plan and the passwords that it names (password_env, password_file, defaults_file). */
struct plan *plan_read(struct arena *arena, const char *file, struct error *error);

/* Lays mysql://user@host:3306?tls=... over an endpoint; `option` names it in errors
 * ("--source"). The last @ ends the user; %XX is decoded. Keys that the URI does not give keep the
 * plan's value. A password comes from the URI, else MIGDOCTOR_SOURCE_PASSWORD (or _TARGET_), else
 * what the plan said. */
int plan_set_uri(struct arena *arena, struct plan *plan, enum endpoint_id id, const char *option,
                 const char *text, struct error *error);

/* Lays the environment's MIGDOCTOR_*_PASSWORD over endpoints that have no password yet. */
void plan_set_environment(struct arena *arena, struct plan *plan);

/* Adds an object pattern of the command line (--object); the first replaces the plan's. */
int plan_set_objects(struct arena *arena, struct plan *plan, const char *const *patterns,
                     struct error *error);

#endif
