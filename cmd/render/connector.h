#ifndef CMD_RENDER_CONNECTOR_H
#define CMD_RENDER_CONNECTOR_H

#include "cmd/connector_steps.h"
#include "cmd/render/render.h"

/* A command with which one can go on, and when it is the right one. */
struct connector_next {
	struct note when;
	const char *command;
};

#define NEXT_ROOM 3

/* What `migdoctor connector` has done. */
struct connector_report {
	const char *task, *verb, *cm;
	bool dry_run;
	size_t count;
	const struct connector_step *steps;
	const char *result;         /* the name that CM gave back last, or NULL */
	const char *const *notices; /* NULL-terminated */
	struct note ending;         /* which steps took effect, where not all did */
	size_t next_count;
	struct connector_next next[NEXT_ROOM];
};

/* One step: a line with its outcome, and what explains it. */
void connector_text_step(const struct connector_step *step, const struct render_options *options,
                         struct str *out);

/* What follows the steps: which took effect, and how to go on. */
void connector_text_end(const struct connector_report *report, const struct render_options *options,
                        struct str *out);

/* The JSON of schema "migdoctor/connector/1" (cmd/schema/connector.json). */
void connector_json(const struct connector_report *report, enum lang lang, struct str *out);

#endif
