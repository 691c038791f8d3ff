#ifndef CHECKS_PROBE_SESSION_WAIT_H
#define CHECKS_PROBE_SESSION_WAIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/*
 * The one place where the client library waits for a server. The library calls wait_for_socket()
 * before it would block and wait_saw() after it has read or written; both hold what happens against
 * the `struct wait` that the thread has in use. Neither callback carries a pointer of ours, so the
 * thread's wait is a thread-local variable.
 */

/* Why waiting was given up. The first reason stays. */
enum wait_end {
	WAIT_GOES_ON,
	WAIT_DEADLINE,    /* the time is over */
	WAIT_LIMIT,       /* a statement went on after it should have been ended */
	WAIT_SILENT,      /* nothing came where the server answers at once */
	WAIT_INTERRUPTED, /* the user stopped the run */
	WAIT_TOO_LARGE,   /* more bytes than the cap */
	WAIT_STRANGE,     /* the first bytes are no greeting of this protocol */
	WAIT_PLAIN,       /* the greeting offers no TLS, and `need_tls` is set */
};

/* How far a connection had got. */
enum wait_stage { STAGE_CONNECT, STAGE_GREETING, STAGE_SIGN_IN, STAGE_STATEMENTS };

enum { WAIT_GREETING_SIZE = 512 };

struct wait {
	/* Set by the user of the wait. Times are those of clock_monotonic_ms(); INT64_MAX is never. */
	int64_t deadline_ms;
	int64_t silent_ms;            /* see WAIT_SILENT; the first byte that comes lifts it */
	int64_t limit_ms;             /* when at_limit is called; NULL: when waiting ends */
	void (*at_limit)(void *data); /* moves limit_ms on */
	void *limit_data;
	unsigned addresses; /* that one call of the library may try, or 0; they share the time */
	int cancel_fd;      /* readable: WAIT_INTERRUPTED; or -1 */
	size_t byte_cap;
	bool need_tls;
	/* What was seen. */
	enum wait_end end;
	enum wait_stage stage;
	int socket_error; /* errno of the last address that could not be connected to */
	bool has_closed;  /* reading or writing found the connection closed */
	uint64_t bytes_read;
	size_t greeting_length;
	unsigned char greeting[WAIT_GREETING_SIZE];
};

/* A wait with nothing seen, and no limit but the deadline and the cap. */
struct wait wait_until(int64_t deadline_ms, size_t byte_cap, int cancel_fd);

/* Makes `wait` the one that holds for this thread's calls of the library, and returns the one that
 * did before. NULL: nothing holds, and every wait ends at once. */
struct wait *wait_use(struct wait *wait);

/* How much of `greeting` is the first packet, with its head of four bytes; 0 before there are five
 * bytes. It may be more than has come. */
size_t wait_greeting_length(const struct wait *wait);

/* Gives a wait up for a reason that was found elsewhere. */
void wait_give_up(struct wait *wait, enum wait_end why);

/* Waits until the socket can be read (or written), and sets O_NONBLOCK on it, without which a TLS
 * record that comes in part would be waited for inside OpenSSL. Returns 1, or 0 when the time is
 * over, or -1 with errno set. The library's own limit, which counts per read, is ignored. */
int wait_for_socket(int fd, char is_read, int library_limit);

/* Counts what came, looks at the greeting, and shuts the socket down where no more may be read: a
 * peer that never stops sending never makes the library wait. `length` is what read() or write()
 * returned. */
void wait_saw(int fd, bool is_write, const unsigned char *bytes, ssize_t length);

#endif
