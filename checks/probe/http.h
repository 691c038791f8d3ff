#ifndef CHECKS_PROBE_HTTP_H
#define CHECKS_PROBE_HTTP_H

#include "checks/probe/session.h"

/*
 * One HTTP request and its answer, through libcurl, which is opened with dlopen when the first is
 * made. http.c alone includes <curl/curl.h>. Every call blocks and ends by the budget's deadline
 * however the peer behaves. Each request has a connection of its own, so that none is ever sent
 * twice; redirects are not followed, and no proxy is used.
 */

/* Where, and as whom. Texts are owned by the plan. */
struct http_service {
	const char *
		url; /* "http://10.0.0.3:8088", "https://...", "unix:///tmp/supervisor.sock": no path */
	const char *user; /* Basic authentication; NULL: none */
	const char *password;
	const char *ca; /* PEM file that verifies an https server; NULL: the system's bundle */
};

struct http_request {
	const char *method;
	const char *target;       /* path and query, sent byte for byte */
	const char *content_type; /* NULL: no such header */
	const char *body;         /* NULL: none */
};

struct http_reply {
	long status;
	const char *body; /* ended by a NUL that does not count */
	size_t length;
	/* Of a failure, too: some byte of the request may have reached the server, so that what a
	 * write has done is not known. */
	bool sent;
};

/* Asks, and waits for the whole answer. Any HTTP status is an answer. On failure returns false and
 * says why in *ret_why (state GROUP_FAILED); its statement is the request ("GET
 * http://10.0.0.3:8088/") and never holds a password. On success the state is GROUP_GATHERED. */
bool http_ask(struct arena *arena, const struct http_service *service,
              const struct http_request *request, const struct budget *budget,
              struct http_reply *ret, struct group_status *ret_why);

#endif
