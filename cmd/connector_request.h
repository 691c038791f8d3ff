#ifndef CMD_CONNECTOR_REQUEST_H
#define CMD_CONNECTOR_REQUEST_H

#include "checks/probe/http.h"

/*
 * What `migdoctor connector` sends, made of words alone: nothing here connects, reads a clock or a
 * file. Each function that refuses a word says in *ret_why what is wrong with it and what would be
 * right; no value of a parameter stands in that, since it may be a password.
 */

/* --- the name of a task ---------------------------------------------------------------------- */

enum connector_kind {
	CONNECTOR_OTHER, /* a name outside the grammar that tells nothing */
	CONNECTOR_FULL,  /* full_trans: Full-Import */
	CONNECTOR_INCR,  /* incr_trans: Incr-Sync */
};

/* "10.0.0.3-9000:connector_v2:np_4w3a-incr_trans-1-0:0000000001" */
struct connector_name {
	const char *text;
	enum connector_kind kind;
	const char *project; /* "np_4w3a"; NULL where the name does not tell it */
};

/* Takes a name apart. One outside the grammar is refused, with the part that is wrong. With `as_is`
 * it is taken all the same, unless it holds a space, a control character or one of ?&#/%. */
bool connector_name_read(struct arena *arena, const char *text, bool as_is,
                         struct connector_name *ret, const char **ret_why);

/* Whether the two names differ in nothing but the address and the number at the end, which are what
 * a move changes. */
bool connector_names_are_kin(struct arena *arena, const char *one, const char *other);

/* 10.0.0.4, fd00::4. */
bool connector_is_address(const char *text);

/* --- options ----------------------------------------------------------------------------------- */

/* A parameter of a connector's configuration to be set, or removed. */
struct connector_setting {
	const char *scope, *key;
	const char *value; /* NULL: removed */
};

/* Reads SCOPE.KEY=VALUE, or SCOPE.KEY where `removed`. */
bool connector_setting_read(struct arena *arena, const char *text, bool removed,
                            struct connector_setting *ret, const char **ret_why);

/* Reads a time for --to: Unix seconds, or ISO 8601 with its zone. Not later than `now`. */
bool connector_time_read(struct arena *arena, const char *text, int64_t now, int64_t *ret,
                         const char **ret_why);

/* Reads a console's URL, in which a user and a password may stand before the host; the last @ ends
 * them, and %XX is decoded there. *ret_why follows the name of the option: "is a URL: ...". */
bool connector_console_read(struct arena *arena, const char *text, struct http_service *ret,
                            const char **ret_why);

/* --- requests ---------------------------------------------------------------------------------- */

/* A parameter of a query; the last of a list has no name. */
struct connector_parameter {
	const char *name;
	const char *value; /* NULL: the parameter is left out */
};

/* POST /connector/task/v2/CALL?taskName=TASK&..., with the parameters in their order. A body is JSON. */
struct http_request connector_request(struct arena *arena, const char *call, const char *task,
                                      const struct connector_parameter *parameters,
                                      const char *body);

/* The JSON of an update: {"scope": {"key": "value"}}, in the order given. Never NULL. */
const char *connector_update_body(struct arena *arena, const struct connector_setting *settings,
                                  size_t count);

/* "source.a,sink.b": what is to be removed, in the order given; NULL for nothing. */
const char *connector_removed(struct arena *arena, const struct connector_setting *settings,
                              size_t count);

/* The checkpoint of a pullback: {"SUBTOPIC":"1676286000"}, each subtopic a key, in their order. */
const char *connector_checkpoint(struct arena *arena, const char *const *subtopics,
                                 int64_t seconds);

/* --- what a person can type -------------------------------------------------------------------- */

/* The text as one word of a POSIX shell, in quotes where it needs them. */
const char *shell_word(struct arena *arena, const char *text);

/* The curl command that sends the same request. */
const char *connector_curl(struct arena *arena, const char *url,
                           const struct http_request *request);

#endif
