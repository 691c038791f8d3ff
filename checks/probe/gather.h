#ifndef CHECKS_PROBE_GATHER_H
#define CHECKS_PROBE_GATHER_H

#include "checks/core/facts.h"
#include "checks/probe/http.h"
#include "checks/probe/session.h"

struct arena;
struct str;

/*
 * Gathers facts from all endpoints at once, one thread each, under one deadline. What could not be
 * gathered stands in the status of its group with the reason; gathering itself never fails.
 */

/* A statement that a profile or a plugin brought; it has passed sql_refusal(). */
struct query {
	const char *name;
	const char *sql;
	enum endpoint_id endpoint;
};

struct gather_endpoint {
	bool configured;
	struct login login;          /* of the MySQL family */
	struct http_service service; /* of HTTP */
};

/* What the probes of an OMS need beside where its services are. Texts are owned by the plan. */
struct oms_request {
	const char *root; /* stands before each path of OMS's files: "" or "/proc/4711/root" */
	const struct oms_config *config; /* config.yaml as it was read, or NULL: not named */
	const char *cm_properties;       /* path of drc-cm.properties, `root` not yet before it */
	const char *cm_db, *heartbeat_db, *rm_db; /* databases of the MetaDB; NULL: not known */
	/* Stores and projects that the plan names; NULL-terminated. Without any store, those that the
	 * console tells of are asked about. */
	const char *const *stores, *const *projects;
};

struct gather_request {
	struct gather_endpoint at[ENDPOINT_COUNT];
	struct oms_request oms;
	bool wanted[ENDPOINT_COUNT][FACT_COUNT];
	size_t query_count;
	const struct query *queries;
	unsigned timeout_seconds; /* for the whole run, from the call on */
	unsigned statement_seconds;
	int cancel_fd; /* see struct budget */
};

/* What gathering has cost, by endpoint. */
struct gather_cost {
	struct session_cost at[ENDPOINT_COUNT];
	/* A thread did not come back by the deadline (a name look-up holds it): its memory must not
	 * be freed, and the process ends with _exit(). */
	bool abandoned;
};

/* Whether any fact of a group of an endpoint is wanted. */
bool gather_wants(const struct gather_request *request, enum endpoint_id endpoint,
                  enum group_id group);

/* Asks and waits. Returns at the deadline plus one second at the latest. */
struct facts *gather(struct arena *arena, const struct gather_request *request,
                     struct gather_cost *ret_cost);

/* Writes every statement that gather would send, endpoint by endpoint, with the versions that each
 * variant is for; connects to nothing. For --dry-run. */
void gather_describe(const struct gather_request *request, struct str *out);

#endif
