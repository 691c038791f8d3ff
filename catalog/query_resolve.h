#ifndef CATALOG_QUERY_RESOLVE_H
#define CATALOG_QUERY_RESOLVE_H

#include "catalog/query.h"
#include "catalog/query_scan.h"

/*
 * The part of query.c that says which entries a hit means, and in which order.
 */

#define QUERY_MOST_MATCHES 96

struct query_matches {
	struct arena *arena;
	size_t count;
	struct query_match matches[QUERY_MOST_MATCHES];
};

/* Adds an entry, unless it is there: then the more certain of the two stays. */
void query_match_add(struct query_matches *matches, const struct catalog_entry *entry, bool guess);

/* As query_match_add, by id. False where there is no such entry. */
bool query_match_add_id(struct query_matches *matches, const char *id, bool guess);

/* Adds the entries that a hit means. */
void query_resolve(const struct query_hits *hits, const struct query_hit *hit,
                   struct query_matches *matches);

/* Whether an entry of the catalog has this SQLSTATE. */
bool query_state_is_used(const char *sqlstate);

#endif
