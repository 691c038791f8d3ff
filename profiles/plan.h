#ifndef PROFILES_PLAN_H
#define PROFILES_PLAN_H

#include "checks/core/run.h"
#include "checks/probe/gather.h"

struct arena;
struct error;
struct yaml;

/* An endpoint as the user names it, by plan, URI, or a config.yaml of OMS that the plan names. */
struct plan_endpoint {
	bool configured;
	struct login login;          /* of the MySQL family */
	struct http_service service; /* of HTTP */
	bool password_in_argv;       /* it stood in a URI on the command line: warn */
	bool password_learnt; /* it stands in OMS's config.yaml, and gives way to any other */
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
	struct oms_request oms;     /* what the probes of an OMS need; see gather.h */
	struct oms_intent oms_said; /* what the plan says of an OMS that nobody can be asked for */
	/* A section that later profiles read; checked for keys and types, kept as it is. */
	const struct yaml *migration;
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

/* Takes CM's URL from the command line (--cm). */
int plan_set_cm(struct arena *arena, struct plan *plan, const char *text, struct error *error);

/* What `diagnose` does without a plan: takes the OMS of this machine, or the one whose files stand
 * below `root` (NULL: ""), and every endpoint that its config.yaml names. Returns whether that file
 * is there. What the plan names already it keeps. */
bool plan_set_local(struct arena *arena, struct plan *plan, const char *root);

/* Lays the environment's MIGDOCTOR_*_PASSWORD (SOURCE, TARGET, METADB, CONSOLE) over endpoints that
 * have no password yet, or one that was learnt from config.yaml. */
void plan_set_environment(struct arena *arena, struct plan *plan);

/* Adds an object pattern of the command line (--object); the first replaces the plan's. */
int plan_set_objects(struct arena *arena, struct plan *plan, const char *const *patterns,
                     struct error *error);

#endif
