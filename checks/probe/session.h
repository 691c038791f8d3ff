#ifndef CHECKS_PROBE_SESSION_H
#define CHECKS_PROBE_SESSION_H

#include "checks/core/facts.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/*
 * One signed-in connection to a MySQL-family server, through MariaDB Connector/C, which is opened
 * with dlopen when the first session is. session_client.c alone includes <mysql.h>. All calls
 * block, and all of them end by the budget's deadline however the server behaves: there is one
 * place where the client library waits (session_wait.h). A session belongs to one thread.
 */

enum tls_mode {
	TLS_PREFERRED,       /* TLS if the server offers it, unverified; else a plain line */
	TLS_REQUIRED,        /* TLS, unverified */
	TLS_VERIFY_CA,       /* TLS, and a certificate that the CA signed: needs `ca` */
	TLS_VERIFY_IDENTITY, /* and that names the host */
	TLS_OFF,
};

/* Where and as whom. Texts are owned by the plan and outlive every session. */
struct login {
	const char *host; /* NULL where a socket is used */
	unsigned port;
	const char *socket; /* path of a unix socket, or NULL */
	const char *user;
	const char *password; /* NULL: none */
	enum tls_mode tls;
	const char *ca, *cert, *key; /* PEM files, or NULL */
};

/* What a session may use. */
struct budget {
	int64_t deadline_ms;        /* clock_monotonic_ms() at which everything must be over */
	unsigned statement_seconds; /* for one statement; it is then ended by KILL QUERY */
	size_t byte_cap;            /* bytes read from one server */
	int cancel_fd;              /* becomes readable when the user stops the run; or -1 */
};

/* One statement and, afterwards, its answer. */
struct statement {
	const char *sql;
	bool trivial; /* the server answers it at once, so that silence is no work (SET, SELECT 1) */
	struct group_status status; /* GROUP_GATHERED or GROUP_FAILED after session_run */
	struct rows rows;           /* no columns for a statement without a result */
};

/* What a session has cost, for `make bench` and the report's own honesty. */
struct session_cost {
	unsigned connects, flights, statements;
	uint64_t bytes_read;
	bool one_by_one; /* the server or a proxy did not take pipelining */
};

struct session;

/* Signs in. A password is handed over as it is (mysql_clear_password) only where the server's
 * certificate was verified, and no file of this host ever. Over a unix socket TLS_PREFERRED is a
 * plain line. On failure returns NULL and says why in *ret_why (state GROUP_FAILED, with the cause
 * told apart: see enum failure). Rows and texts of the session live in `arena`. */
struct session *session_open(struct arena *arena, const struct login *login,
                             const struct budget *budget, struct group_status *ret_why);

/* The version of the greeting, the cipher in use (NULL: a plain line), known without asking. */
const char *session_version(const struct session *session);
const char *session_tls(const struct session *session);

/* Runs the statements in order, pipelined in flights of at most 12 and 64 KB of text; each error
 * stays with its own statement.
 *
 * Where the server or a proxy turns out not to take pipelining, a new connection is opened, once for
 * a session, and what has no answer is run on it one by one. That is told by a connection that breaks
 * in a flight, and by a trivial statement that stays unanswered for min(2 s, a quarter of the time
 * left) after another one of its flight was answered: put a trivial one second. Before anything else
 * the new connection is sent, again in order, every trivial statement that this session has had an
 * answer to without an error, in this call or an earlier one, so that it has the same settings.
 *
 * A statement past its limit is ended by KILL QUERY from a second connection and fails alone. When
 * the deadline comes, the connection is cut, what runs is killed within a second more, and every
 * unanswered statement fails with FAILURE_TIMEOUT. */
void session_run(struct session *session, struct statement *statements, size_t count);

struct session_cost session_cost(const struct session *session);

/* Never waits for the server. NULL is allowed. */
void session_close(struct session *session);

#endif
