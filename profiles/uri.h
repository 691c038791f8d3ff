#ifndef PROFILES_URI_H
#define PROFILES_URI_H

#include "checks/probe/session.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* What a URI said. A text that it did not give is NULL, a port 0. */
struct uri {
	const char *user;
	const char *password;
	const char *host; /* NULL where a socket is given */
	unsigned port;
	const char *socket;
	bool has_tls; /* tls= was given */
	enum tls_mode tls;
	const char *ca, *cert, *key;
};

/*
 * Reads mysql://user:password@host:3306?tls=verify-ca&ca=/etc/ssl/ca.pem. The last @ ends the user,
 * so that OceanBase's user@tenant#cluster can be typed; the first ':' before it begins the password;
 * %XX stands for a byte; an IPv6 address stands in brackets. A URI names a host, or a socket.
 * On failure returns -1 and sets *ret_why to what is wrong and what would be right. No part of the
 * text that may be a password ever stands in it.
 */
int uri_parse(struct arena *arena, const char *text, struct uri *ret, const char **ret_why);

/* A part of a URI with each %XX as the byte that it stands for; a `+` stands for itself: this is no web
 * form. NULL where a % stands for no byte, or for NUL. */
const char *uri_decode(struct arena *arena, const char *text, size_t length);

/* "preferred", "required", "verify-ca", "verify-identity", "off", NULL: the words for enum tls_mode,
 * in its order, of URIs and plans. */
extern const char *const tls_modes[];

/* The mode of a word. False where it is none. */
bool tls_mode_find(const char *word, enum tls_mode *ret);

/* Why a text is no URL of a service: http://host:port or https://host:port, or where that may be
 * unix:///path; no user, no path. NULL where it is one; else words that follow what it should be the
 * URL of, without any of the text. */
const char *service_url_refusal(struct arena *arena, const char *text, bool may_be_socket);

#endif
