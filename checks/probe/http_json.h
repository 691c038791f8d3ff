#ifndef CHECKS_PROBE_HTTP_JSON_H
#define CHECKS_PROBE_HTTP_JSON_H

#include "checks/probe/http.h"

/*
 * The body of an answer as JSON, from a peer that may send anything. Refused are nesting deeper
 * than 64, more than 500,000 values, bytes that are no UTF-8, and whatever stands behind the
 * object.
 *
 * The getters below take any type for what it is, and never for what it should be. A path is member
 * names with dots between them ("data.healthy"); NULL or "" is the value itself. A value that is
 * NULL has nothing, so that calls can be nested without a look in between.
 */
struct json_t;

/* Reads the body as a JSON object, to be closed by the caller. NULL where it is none: *ret_why,
 * which is that of http_ask and keeps its statement, is then FAILURE_PROTOCOL and says the HTTP
 * status and what came instead. Which status is well is for the caller to judge. */
struct json_t *http_json(struct arena *arena, const struct http_reply *reply,
                         struct group_status *ret_why);

/* Frees what http_json returned, and with it all that was found in it but texts. NULL is
 * allowed. */
void http_json_close(struct json_t *json);

/* What stands at the path, of any type but null; NULL: nothing. */
const struct json_t *http_json_at(const struct json_t *json, const char *path);

/* A text as it is; a number, true or false as JSON prints it. NULL for all else. In the arena. */
const char *http_json_text(struct arena *arena, const struct json_t *json, const char *path);

/* A whole number, also one in quotes. False for all else, *ret untouched. */
bool http_json_number(const struct json_t *json, const char *path, int64_t *ret);

/* true or false, also in quotes and in any case. False for all else, *ret untouched. */
bool http_json_flag(const struct json_t *json, const char *path, bool *ret);

/* How many items the array at the path has, 0 where there is none; and one of them. */
size_t http_json_count(const struct json_t *json, const char *path);
const struct json_t *http_json_item(const struct json_t *json, const char *path, size_t index);

/* A column of rows, and where in an item of an array its cell stands. */
struct http_json_column {
	const char *name;
	const char *path; /* NULL: as the name */
};

/* An array of objects as rows, cells as http_json_text() reads them; what is no object is left out.
 * False where the path has no array, with no rows. */
bool http_json_rows(struct arena *arena, const struct json_t *json, const char *path,
                    const struct http_json_column *columns, size_t count, struct rows *ret);

#endif
