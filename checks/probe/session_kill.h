#ifndef CHECKS_PROBE_SESSION_KILL_H
#define CHECKS_PROBE_SESSION_KILL_H

#include <pthread.h>

#include "checks/probe/session_client.h"

/*
 * Ends statements of ours from a second connection of the same account, which needs no privilege.
 * KILL QUERY is all that is ever sent, and only after the server has shown that the connection of
 * that number runs one of our statements: behind a load balancer the same address may be another
 * server, where the number is somebody else's.
 */

struct kill {
	const struct client *client; /* whose statement; it may have been cut already */
	const char *const *sqls;     /* what it may be running */
	size_t count;
	int64_t deadline_ms;
	bool until_gone; /* again and again, until the server no longer knows the connection */
	/* What it has cost. */
	unsigned connects;
	uint64_t bytes_read;
};

/* Does so now, or in a thread of its own. A wait for an answer cannot do it itself: OpenSSL's list
 * of errors is the thread's, and a second connection that fails would spoil the first one's. */
void kill_now(struct kill *kill);
int kill_start(pthread_t *thread, struct kill *kill);

/* Whether a server that reports `info` as the running statement runs `sql`. */
bool kill_matches(const char *info, const char *sql);

#endif
