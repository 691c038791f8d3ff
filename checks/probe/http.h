#ifndef CHECKS_PROBE_HTTP_H
#define CHECKS_PROBE_HTTP_H

#include "checks/probe/session.h"

/*
 * One HTTP request and its answer, through libcurl, which is opened with dlopen when the first is
 * made. http.c alone includes <curl/curl.h>. Every call blocks and ends by the budget's deadline
 * however the peer behaves. Each request has a connection of its own, so that none is ever sent
 * twice; redirects are not followed, and neither proxies nor the environment have a say. Threads
 * may ask at the same time. SIGPIPE must be ignored in the program, as cmd/main.c does.
 */

/* Where, and as whom. Texts are owned by the plan. */
struct http_service {
	/* "http://10.0.0.3:8088", "https://oms.example.com:8089", "unix:///tmp/supervisor.sock": no
	 * path behind the port, no user. */
	const char *url;
	const char *user; /* Basic authentication; NULL: none */
	const char *password;
	/* PEM file, trusted alone; NULL: the system's bundle. https is always verified. */
	const char *ca;
};

struct http_request {
	const char *method; /* "GET", "POST", ... */
	/* Path and query, sent byte for byte: see http_escape() for what comes from elsewhere. */
	const char *target;
	const char *content_type; /* NULL: no such header */
	const char *body;         /* NULL: none */
};

struct http_reply {
	long status;
	const char *body; /* ended by a NUL that does not count; it may hold others */
	size_t length;
	/* Of a failure, too: some byte of the request may have reached the server, so that what a
	 * write has done is not known. */
	bool sent;
};

/* Asks, and waits for the whole answer, of at most min(budget->byte_cap, 8 MiB) and with a head of
 * at most 256 KiB. Any HTTP status is an answer; one that breaks off is none. (A body that the
 * server gives no length ends where the connection is closed.) On failure returns false and says
 * why in *ret_why (state GROUP_FAILED); of *ret then `sent` alone counts. On success the state is
 * GROUP_GATHERED. Its statement is the request in either case ("GET http://10.0.0.3:8088/", "POST
 * unix:///tmp/supervisor.sock /RPC2") and never holds a password. */
bool http_ask(struct arena *arena, const struct http_service *service,
              const struct http_request *request, const struct budget *budget,
              struct http_reply *ret, struct group_status *ret_why);

/* A text for the value of a query, or a segment of a path: what may stand there as it is (letters,
 * digits, "-._~" and ":,@!*()") is let be, every other byte is %XX. */
const char *http_escape(struct arena *arena, const char *text);

/* Whether a file is a libcurl with all that is needed, for the tests. Nothing is kept open after a
 * failure. */
bool http_library_is_usable(struct arena *arena, const char *file, struct group_status *ret_why);

#endif
