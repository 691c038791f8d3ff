#include "checks/probe/service_facts.h"

#include "catalog/base/arena.h"
#include "catalog/base/cleanup.h"
#include "catalog/base/str.h"

#include <string.h>

#define STORES_MOST 100

/* --- one Store ----------------------------------------------------------------------------------- */

/* GET /crawler/detail, of which the documentation prints an answer ("O&M operations for the Store
 * component", V4.2.2). */
static const struct field store_fields[] = {
	{ "success", "isSuccess" },
	{ "active", "crawler.active" },
	{ "status", "crawler.status" },
	{ "err_msg", "crawler.errMsg" },
	{ "begin", "crawler.checkpoints.first.first.timestamp" },
	{ "end", "crawler.checkpoints.first.last.timestamp" },
	{ "datasource", "crawler.datasource" },
	{ "location", "crawler.location" },
	{ "port", "crawler.port" },
	{ "role", "crawler.role" },
	{ NULL, NULL },
};

static const char *const store_first[] = { "name", "http", NULL };

static const char *const error_columns[] = { "request", "code", "message", "detail", NULL };

const char *cm_store_target(struct arena *arena, const char *name)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789-._~:";
	struct str target = str_new(arena);

	str_add(&target, "/crawler/detail?filters=&crawler=");
	for (; *name; name++) {
		if (strchr(plain, *name))
			str_add_char(&target, *name);
		else
			str_addf(&target, "%%%02X", (unsigned)(unsigned char)*name);
	}
	return target.text;
}

struct row_list cm_store_list(struct arena *arena)
{
	return service_rows(arena, store_first, store_fields);
}

struct row_list cm_error_list(struct arena *arena)
{
	return row_list_new(arena, error_columns);
}

void cm_read_store(struct arena *arena, const char *name, const struct question *question,
                   struct row_list *stores, struct row_list *errors)
{
	struct group_status why = question->status;
	cleanup(service_close) struct json_t *json = http_json(arena, &question->reply, &why);
	const char *http = arena_printf(arena, "%ld", question->reply.status);
	bool success;

	service_add(stores, (const char *const[]){ name, http, NULL }, store_fields, json);
	if (http_json_flag(json, "isSuccess", &success) && !success)
		row_list_add(errors,
		             ROW(question->status.statement, service_words(arena, json, "errCode"),
		                 service_words(arena, json, "errMsg"),
		                 service_words(arena, json, "errorDetail")));
}

/* --- asking -------------------------------------------------------------------------------------- */

static const char *const no_names[] = { NULL };

static size_t count_names(const char *const *names)
{
	size_t count = 0;

	while (names[count])
		count++;
	return count;
}

void cm_stores(struct arena *arena, const struct gather_request *request,
               const struct budget *budget, struct endpoint_facts *ret)
{
	const char *const *names = request->oms.stores ? request->oms.stores : no_names;
	struct row_list stores = cm_store_list(arena), errors = cm_error_list(arena);
	struct rows rows;
	struct group_status *group = &ret->groups[GROUP_cm_stores];

	*group = (struct group_status){ .state = GROUP_GATHERED };
	for (size_t i = 0; i < STORES_MOST && names[i]; i++) {
		struct question question = {
			.request = { .method = "GET", .target = cm_store_target(arena, names[i]) },
		};

		if (!service_ask(arena, request, ENDPOINT_CM, budget, &question)) {
			*group = question.status;
			return;
		}
		if (!i)
			*group = question.status;
		cm_read_store(arena, names[i], &question, &stores, &errors);
	}
	rows = row_list_rows(&stores);
	rows.total = count_names(names);
	fact_set_rows(ret, FACT_cm_stores, rows);
	fact_set_rows(ret, FACT_cm_cm_errors, row_list_rows(&errors));
}

void cm_facts(struct arena *arena, const struct gather_request *request,
              const struct budget *budget, struct endpoint_facts *ret)
{
	struct question root = { .request = { .method = "GET", .target = "/" } };

	if (!service_meet(arena, request, ENDPOINT_CM, budget, GROUP_cm_root, FACT_cm_cm_status,
	                  &root, ret))
		return;
	if (request->oms.stores && *request->oms.stores &&
	    gather_wants(request, ENDPOINT_CM, GROUP_cm_stores))
		cm_stores(arena, request, budget, ret);
}

void cm_describe(struct arena *arena, const struct gather_request *request, struct str *out)
{
	const char *const *names = request->oms.stores ? request->oms.stores : no_names;
	struct http_request what = { .method = "GET", .target = "/" };

	service_describe(request, ENDPOINT_CM, &what, out);
	if (!gather_wants(request, ENDPOINT_CM, GROUP_cm_stores))
		return;
	for (size_t i = 0; i < STORES_MOST && names[i]; i++) {
		what.target = cm_store_target(arena, names[i]);
		service_describe(request, ENDPOINT_CM, &what, out);
	}
	if (!*names) {
		what.target = "/crawler/detail?filters=&crawler=NAME";
		service_describe(request, ENDPOINT_CM, &what, out);
		str_add(out, "  -- for each Store that the console tells of, at most 100\n");
	}
}
