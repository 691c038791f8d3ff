#ifndef CHECKS_PROBE_MYSQL_FACTS_H
#define CHECKS_PROBE_MYSQL_FACTS_H

#include "checks/probe/gather.h"

/*
 * Which statements answer which facts, and what the answers mean: the tables of what differs
 * between flavours and versions of MySQL-family servers.
 */

/* The statements for one endpoint, and which group each belongs to. */
struct mysql_questions {
	size_t count;
	struct statement *statements;
	enum group_id *groups;    /* GROUP_COUNT: the statement of a query, not of a group */
	bool absent[GROUP_COUNT]; /* this kind of server has nothing of the group */
	size_t first_query;       /* statements from here on are the request's queries, in order */
};

/* Chooses the statements for a server of this version: session limits first, then the groups of the
 * wanted facts, then the queries for this endpoint. */
struct mysql_questions mysql_questions(struct arena *arena, const struct gather_request *request,
                                       enum endpoint_id endpoint, struct version version);

/* Turns the answers into facts and group statuses. */
void mysql_answers(struct arena *arena, const struct gather_request *request,
                   enum endpoint_id endpoint, const struct mysql_questions *questions,
                   struct endpoint_facts *ret);

/* Writes the statements of one endpoint with the versions that each is for. */
void mysql_describe(struct arena *arena, const struct gather_request *request,
                    enum endpoint_id endpoint, struct str *out);

#endif
