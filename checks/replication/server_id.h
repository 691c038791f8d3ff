#ifndef CHECKS_REPLICATION_SERVER_ID_H
#define CHECKS_REPLICATION_SERVER_ID_H

#include "checks/core/check.h"

#include "catalog/base/arena.h"

#include <inttypes.h>

/* A server_id to propose for an endpoint: nine digits made from its address, so that two servers
 * hardly ever get the same, the same server always does, and neither a 1 nor the last byte of an IP
 * address, which people give by hand, is met. It differs from the two ids given. */
static inline const char *server_id_proposed(const struct check_input *in, int64_t other,
                                             int64_t another)
{
	uint32_t hash = 2166136261u; /* FNV-1a */
	int64_t id;

	for (const char *c = in->at->address; c && *c; c++)
		hash = (hash ^ (unsigned char)*c) * 16777619u;
	id = 100000000 + hash % 899999998;
	while (id == other || id == another)
		id++;
	return arena_printf(in->arena, "%" PRId64, id);
}

#endif
