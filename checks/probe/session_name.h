#ifndef CHECKS_PROBE_SESSION_NAME_H
#define CHECKS_PROBE_SESSION_NAME_H

#include <netdb.h>
#include <stdint.h>

/*
 * Looks a host's name up by a deadline. getaddrinfo() knows none and waits for half a minute where
 * no resolver answers, so that it runs in a thread that is left behind then.
 */

enum { NAME_MOST_ADDRESSES = 8 };

/* EAI_AGAIN, EAI_NONAME and so on are getaddrinfo's; these are ours. */
enum { NAME_NOT_IN_TIME = 1000, NAME_INTERRUPTED, NAME_NO_THREAD };

struct name_addresses {
	size_t count;
	char numeric[NAME_MOST_ADDRESSES][NI_MAXHOST];
};

/* Returns 0, an error of getaddrinfo, or one of the above. `cancel_fd` as in struct budget. */
int name_look_up(const char *host, int64_t deadline_ms, int cancel_fd, struct name_addresses *ret);

/* A sentence's end for an error. */
const char *name_error_text(int error);

#endif
