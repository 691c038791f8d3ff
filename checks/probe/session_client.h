#ifndef CHECKS_PROBE_SESSION_CLIENT_H
#define CHECKS_PROBE_SESSION_CLIENT_H

#include <sys/socket.h>

#include "checks/probe/session.h"
#include "checks/probe/session_wait.h"

/*
 * One connection through MariaDB Connector/C, with the library's corners rounded off. The one .c
 * file that includes <mysql.h>; the library is opened with dlopen at the first connection.
 */

enum { CLIENT_TEXT_SIZE = 1001 };

/* Why something failed, without any arena: the thread that ends a statement has none. */
struct client_error {
	enum failure failure;
	unsigned error; /* the server's or library's errno, or 0 */
	char sqlstate[6];
	char text[CLIENT_TEXT_SIZE];
};

struct st_mysql;

struct client {
	struct st_mysql *mysql; /* NULL: not connected */
	struct wait wait;       /* holds in every call below */
	const struct login *login;
	unsigned long thread; /* what the server calls this connection */
	struct sockaddr_storage peer;
	socklen_t peer_length;
};

/* Opens the client library, once for all threads. False: it, or a function of it, is not there. */
bool client_load(struct client_error *ret_why);

/* What client_load does, for any file. Nothing is kept open after a failure. */
bool client_library_is_usable(const char *file, struct client_error *ret_why);

/* Connects and signs in as `login` says. `wait` says how long; `same_as`, where not NULL, is a
 * connection whose very server must be reached: its address is used instead of the name, and any
 * other peer is refused. */
bool client_open(struct client *client, const struct login *login, struct wait wait,
                 const struct client *same_as, struct client_error *ret_why);

/* Owned by the client; the cipher is NULL on a plain line. */
const char *client_version(const struct client *client);
const char *client_cipher(const struct client *client);

/* Sends one statement without waiting for the answer. */
bool client_send(struct client *client, const char *sql, struct client_error *ret_why);

/* Reads the next answer; its rows are copied into the arena. After an error for which
 * client_is_lost() holds, no answer can be read any more. */
bool client_receive(struct client *client, struct arena *arena, struct rows *ret_rows,
                    struct client_error *ret_why);

/* Whether the last failure has ended the connection, and not just a statement. */
bool client_is_lost(const struct client *client, const struct client_error *why);

/* Says good-bye without waiting, and closes. */
void client_close(struct client *client);

/* Closes at once with a reset, so that the server finds out when it next looks. */
void client_cut(struct client *client);

/* To be called by a thread before its first connection and after its last one. */
void client_thread_begin(void);
void client_thread_end(void);

#endif
