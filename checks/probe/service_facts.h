#ifndef CHECKS_PROBE_SERVICE_FACTS_H
#define CHECKS_PROBE_SERVICE_FACTS_H

#include "checks/probe/http_json.h"
#include "checks/probe/oms_facts.h"
#include "checks/probe/rows.h"

/*
 * What the probes of HTTP services have in common, and their readers, which are pure: an answer in,
 * cells out. For those probes and their tests.
 */

/* One request of an endpoint, and what came of it. */
struct question {
	struct http_request request;
	bool anonymous; /* the plan's user is not named */
	struct http_reply reply;
	struct group_status status; /* its statement is the request */
};

/* Asks an endpoint; false where no answer came, which the status says. */
bool service_ask(struct arena *arena, const struct gather_request *request,
                 enum endpoint_id endpoint, const struct budget *budget, struct question *question);

/* The first request to an endpoint, whose answer is that it lives: sets the connect group, `group`,
 * and the fact of its HTTP status. */
bool service_meet(struct arena *arena, const struct gather_request *request,
                  enum endpoint_id endpoint, const struct budget *budget, enum group_id group,
                  enum fact_id status, struct question *question, struct endpoint_facts *ret);

/* A failure of a request that was answered. */
struct group_status service_failure(const struct question *question, enum failure failure,
                                    const char *text);

/* "GET http://10.0.0.3:8088/", for --dry-run. */
void service_describe(const struct gather_request *request, enum endpoint_id endpoint,
                      const struct http_request *what, struct str *out);

/* For cleanup(service_close). */
void service_close(struct json_t **json);

/* A value as a cell: what http_json_text() makes of it. In a path `first` and `last` are the ends of a
 * list, and `all` at its end all texts of one, with commas between. Of several paths that commas
 * separate the first that has something counts. NULL where none has. Long ones are cut. */
const char *service_text(struct arena *arena, const struct json_t *json, const char *paths);

/* A text or number at one path of http_json_at(), or the JSON of what else stands there. */
const char *service_words(struct arena *arena, const struct json_t *json, const char *path);

/* A cell of a row: our name for it, and where it stands in an answer (paths of service_text). */
struct field {
	const char *name, *paths;
};

#define FIELDS_MOST 16

/* A list whose columns are some given names, then those of the fields (which end with a NULL name). */
struct row_list service_rows(struct arena *arena, const char *const *first,
                             const struct field *fields);

/* Adds one object of an answer; `first` are the cells before the fields' own. */
void service_add(struct row_list *list, const char *const *first, const struct field *fields,
                 const struct json_t *object);

/* --- CM ------------------------------------------------------------------------------------------ */

/* /crawler/detail?filters=&crawler=NAME, bytes that no Store's name has being written %XX. */
const char *cm_store_target(struct arena *arena, const char *name);

/* Lists of the columns that facts.def states. */
struct row_list cm_store_list(struct arena *arena);
struct row_list cm_error_list(struct arena *arena);

/* Adds the row of a Store and, where CM refuses, that of its error. */
void cm_read_store(struct arena *arena, const char *name, const struct question *question,
                   struct row_list *stores, struct row_list *errors);

/* --- console ------------------------------------------------------------------------------------- */

enum console_action {
	CONSOLE_LIST,
	CONSOLE_PROJECT,
	CONSOLE_STEPS,
	CONSOLE_PROGRESS,
	CONSOLE_COMPONENTS,
	CONSOLE_ACTIONS
};

struct row_list console_list(struct arena *arena, enum console_action action);

/* Adds the rows of an answer about a project (NULL for CONSOLE_LIST). *ret_total, of CONSOLE_LIST
 * alone, is how many projects there are. False where the console refuses or answers something else,
 * and why. */
bool console_read(struct arena *arena, enum console_action action, const char *project,
                  const struct question *question, struct row_list *list, uint64_t *ret_total,
                  struct group_status *ret_why);

/* The fact that GET /oms/health tells; absent where the answer does not. */
void console_read_health(struct arena *arena, const struct http_reply *reply,
                         struct endpoint_facts *ret);

#endif
