#ifndef CHECKS_PROBE_GATHER_H
#define CHECKS_PROBE_GATHER_H

#include "checks/core/facts.h"
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
	struct login login;
};

struct gather_request {
	struct gather_endpoint at[ENDPOINT_COUNT];
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

/* Asks and waits. Returns at the deadline plus one second at the latest. */
struct facts *gather(struct arena *arena, const struct gather_request *request,
                     struct gather_cost *ret_cost);

/* Writes every statement that gather would send, endpoint by endpoint, with the versions that each
 * variant is for; connects to nothing. For --dry-run. */
void gather_describe(const struct gather_request *request, struct str *out);

#endif
