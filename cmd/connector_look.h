#ifndef CMD_CONNECTOR_LOOK_H
#define CMD_CONNECTOR_LOOK_H

#include "catalog/text.h"
#include "checks/probe/http.h"

/*
 * What `migdoctor connector` looks at before and between its steps. It reads alone: CM documents no
 * call that tells of a connector, the console does.
 */

/* What is read of one answer of the console. */
#define CONNECTOR_LOOK_BYTES (8 << 20)

/* A connector as the console, or its own file, shows it. */
struct connector_look {
	bool found;
	const char *status;           /* the console's word, such as ACTIVE; NULL: none */
	const char *const *subtopics; /* NULL-terminated; empty: none told */
	struct note why;              /* where it was not found */
};

/* Asks the console for the components of a project (DescribeProjectComponents), and picks one. */
struct connector_look connector_look_at_console(struct arena *arena,
                                                const struct http_service *console,
                                                const char *project, const char *task,
                                                const struct budget *budget);

/* Where a connector on this host has its configuration; OMS's files stand below `root`, NULL: "". */
const char *connector_source_path(struct arena *arena, const char *root, const char *task);

/* Reads the subtopics out of a conf/source.json: they are the keys of its checkpoint. */
struct connector_look connector_look_at_file(struct arena *arena, const char *path);

/* ACTIVE is the one word of a running component that is known; every other counts as stopped. */
bool connector_is_running(const char *status);

#endif
