#include "checks/probe/service_facts.h"

#include "catalog/base/arena.h"
#include "catalog/base/cleanup.h"
#include "catalog/base/str.h"

#include <jansson.h>
#include <string.h>

#define PAGE_SIZE 150 /* the largest that ListProjects takes */
#define PROJECTS_MOST 1000
#define DETAILS_MOST 50

/* --- what the console is asked, and where the answers stand --------------------------------------- */

static const struct field project_fields[] = {
	{ "id", "id" },         { "name", "name" }, { "type", "type" },
	{ "status", "status" }, { NULL, NULL },
};

static const struct field step_fields[] = {
	{ "order", "order" },
	{ "name", "name" },
	{ "status", "status" },
	{ "code", "extraInfo.errorCode" },
	{ "message", "extraInfo.errorMsg" },
	{ "failed_time", "extraInfo.failedTime" },
	{ "progress", "progress" },
	{ NULL, NULL },
};

static const struct field progress_fields[] = {
	{ "status", "status" },
	{ "current_step", "currentStep" },
	{ NULL, NULL },
};

static const struct field component_fields[] = {
	{ "name", "name" },
	{ "ip", "ip" },
	{ "status", "status" },
	{ "topic", "topic" },
	{ "subtopic", "subtopic,subtopics,subtopics.all" },
	{ "delay", "delay" },
	{ "checkpoint", "checkpoint" },
	{ "begin", "beginCheckpoint" },
	{ "end", "endCheckpoint" },
	{ "message", "errMsg" },
	{ NULL, NULL },
};

/* The lists of DescribeProjectComponents, by our word for what is in them. */
static const struct {
	const char *kind, *key;
} kinds[] = {
	{ "store", "storeList" },
	{ "reverse_store", "reverseStoreList" },
	{ "full_import", "fullImportComponents" },
	{ "full_verify", "fullVerifyComponents" },
	{ "incr_sync", "incrSyncComponents" },
	{ "reverse_incr_sync", "reverseIncrSyncComponents" },
};

static const char *const no_columns[] = { NULL };
static const char *const of_project[] = { "project", NULL };
static const char *const of_kind[] = { "project", "kind", NULL };

/* What of an answer's `data` are the rows. */
enum shape { SHAPE_LIST, SHAPE_MAP, SHAPE_LISTS };

static const struct {
	const char *target;
	enum group_id group;
	enum fact_id fact;
	enum shape shape;
	const char *const *first;
	const struct field *fields;
} actions[CONSOLE_ACTIONS] = {
	[CONSOLE_LIST] = { "/api/v2?Action=ListProjects", GROUP_console_projects,
	                   FACT_console_projects, SHAPE_LIST, no_columns, project_fields },
	[CONSOLE_PROJECT] = { "/api/v2?Action=DescribeProject", GROUP_console_projects,
	                      FACT_console_projects, SHAPE_MAP, no_columns, project_fields },
	[CONSOLE_STEPS] = { "/api/v2?Action=DescribeProjectSteps", GROUP_console_steps,
	                    FACT_console_steps, SHAPE_LIST, of_project, step_fields },
	[CONSOLE_PROGRESS] = { "/api/v2?Action=DescribeProjectProgress", GROUP_console_progress,
	                       FACT_console_progress, SHAPE_MAP, of_project, progress_fields },
	[CONSOLE_COMPONENTS] = { "/api/v2?Action=DescribeProjectComponents",
	                         GROUP_console_components, FACT_console_components, SHAPE_LISTS,
	                         of_kind, component_fields },
};

/* --- reading --------------------------------------------------------------------------------------- */

struct row_list console_list(struct arena *arena, enum console_action action)
{
	return service_rows(arena, actions[action].first, actions[action].fields);
}

static void add_list(struct row_list *list, const char *const *first, const struct field *fields,
                     const json_t *objects)
{
	for (size_t i = 0; i < json_array_size(objects); i++)
		if (json_is_object(json_array_get(objects, i)))
			service_add(list, first, fields, json_array_get(objects, i));
}

static void add_rows(enum console_action action, const char *project, const json_t *data,
                     struct row_list *list)
{
	const struct field *fields = actions[action].fields;
	const char *const first[] = { *actions[action].first ? project : NULL, NULL };

	if (actions[action].shape == SHAPE_LIST)
		add_list(list, first, fields, data);
	else if (actions[action].shape == SHAPE_MAP)
		service_add(list, first, fields, data);
	else
		for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
			add_list(list, ((const char *const[]){ project, kinds[i].kind, NULL }),
			         fields, http_json_at(data, kinds[i].key));
}

/* HTTP statuses of a refused sign-in are not documented; these two mean it everywhere. */
static enum failure grade(long status)
{
	return status == 401 || status == 403 ? FAILURE_CREDENTIALS : FAILURE_OTHER;
}

static const char *refusal_words(struct arena *arena, long status, const json_t *json)
{
	const char *code = service_words(arena, json, "code");
	const char *message = service_words(arena, json, "message");

	return arena_printf(arena, "HTTP %ld%s%s%s%s", status, code ? ", " : "", code ? code : "",
	                    message ? ": " : "", message ? message : "");
}

bool console_read(struct arena *arena, enum console_action action, const char *project,
                  const struct question *question, struct row_list *list, uint64_t *ret_total,
                  struct group_status *ret_why)
{
	const struct http_reply *reply = &question->reply;
	bool is_list = actions[action].shape == SHAPE_LIST, success = true, is_said;
	int64_t total;

	*ret_why = question->status;
	cleanup(service_close) json_t *json = http_json(arena, reply, ret_why);
	const json_t *data = http_json_at(json, "data");
	is_said = http_json_flag(json, "success", &success);
	if (grade(reply->status) == FAILURE_CREDENTIALS || !success) {
		*ret_why = service_failure(question, grade(reply->status),
		                           refusal_words(arena, reply->status, json));
		return false;
	}
	if (!json)
		return false;
	if (!is_said || (is_list ? data && !json_is_array(data) : !json_is_object(data))) {
		*ret_why = service_failure(question, FAILURE_PROTOCOL,
		                           arena_printf(arena,
		                                        "HTTP %ld: JSON other than the console "
		                                        "is documented to answer",
		                                        reply->status));
		return false;
	}
	add_rows(action, project, data, list);
	*ret_total = list->count;
	if (http_json_number(json, "totalCount", &total) && total > (int64_t)list->count)
		*ret_total = (uint64_t)total;
	return true;
}

void console_read_health(struct arena *arena, const struct http_reply *reply,
                         struct endpoint_facts *ret)
{
	struct group_status why = { .state = GROUP_GATHERED };
	cleanup(service_close) json_t *json = http_json(arena, reply, &why);
	const char *healthy = service_words(arena, json, "data.healthy");

	if (healthy)
		fact_set(ret, FACT_console_healthy, "data.healthy", healthy);
	else
		fact_set_absent(ret, FACT_console_healthy);
}

/* --- asking: projects ------------------------------------------------------------------------------ */

struct console {
	struct arena *arena;
	const struct gather_request *request;
	const struct budget *budget;
	struct endpoint_facts *at;
};

static const char *page_body(struct arena *arena, unsigned page)
{
	return arena_printf(arena, "{\"pageNumber\":%u,\"pageSize\":%d}", page, PAGE_SIZE);
}

static const char *id_body(struct arena *arena, const char *id)
{
	json_t *body = json_pack("{s:s}", "id", id);
	char *json = body ? json_dumps(body, JSON_COMPACT) : NULL;
	const char *text = json ? arena_strdup(arena, json) : NULL;

	free(json);
	json_decref(body);
	return text;
}

static bool ask(struct console *console, enum console_action action, const char *project,
                const char *body, struct row_list *list, uint64_t *ret_total)
{
	struct group_status *group = &console->at->groups[actions[action].group];
	struct question question = { .request = { .method = "POST",
		                                  .target = actions[action].target,
		                                  .content_type = "application/json",
		                                  .body = body } };

	if (!body) {
		question.status.statement = actions[action].target;
		*group = service_failure(&question, FAILURE_OTHER,
		                         "the project's id is no text that JSON can hold");
		return false;
	}
	if (service_ask(console->arena, console->request, ENDPOINT_CONSOLE, console->budget,
	                &question))
		return console_read(console->arena, action, project, &question, list, ret_total,
		                    group);
	*group = question.status;
	return false;
}

static bool list_projects(struct console *console, struct row_list *list, uint64_t *ret_total)
{
	for (unsigned page = 1; page * PAGE_SIZE < PROJECTS_MOST + PAGE_SIZE; page++) {
		size_t before = list->count;

		if (!ask(console, CONSOLE_LIST, NULL, page_body(console->arena, page), list,
		         ret_total))
			return false;
		if (list->count == before || list->count >= *ret_total)
			break;
	}
	/* The page that went past it may have brought more. */
	if (list->count > PROJECTS_MOST)
		list->count = PROJECTS_MOST;
	return true;
}

static const char *const *named_projects(const struct gather_request *request)
{
	const char *const *names = request->oms.projects;

	return names && *names ? names : NULL;
}

/* Asks about the projects that the plan names, else about all. */
static bool ask_projects(struct console *console, struct rows *ret)
{
	const char *const *names = named_projects(console->request);
	struct row_list list = console_list(console->arena, CONSOLE_LIST);
	uint64_t total = 0;

	if (!names && !list_projects(console, &list, &total))
		return false;
	for (; names && *names; names++)
		if (!ask(console, CONSOLE_PROJECT, *names, id_body(console->arena, *names), &list,
		         &total))
			return false;
	*ret = row_list_rows(&list);
	if (total > ret->total)
		ret->total = total;
	fact_set_rows(console->at, FACT_console_projects, *ret);
	return true;
}

/* --- asking: details of projects -------------------------------------------------------------------- */

static bool one_of(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (str_equal(word, *words))
			return true;
	return false;
}

/* Which projects are looked at closely, the failed ones first. A status that the documentation does
 * not list may be anything, so that it is looked at; those of these have no components that work. */
static bool is_looked_at(const char *status, bool failed)
{
	static const char *const idle[] = { "INIT", "FINISHED", "RELEASED", "DELETED", NULL };

	if (!status || one_of(status, idle))
		return false;
	return str_equal(status, "FAILED") == failed;
}

/* Ids of at most DETAILS_MOST projects; *ret_total is how many there would be. */
static const char *const *chosen_projects(struct console *console, const struct rows *projects,
                                          size_t *ret_total)
{
	const char **ids = arena_array(console->arena, DETAILS_MOST + 1, sizeof(*ids));
	bool is_named = named_projects(console->request);
	size_t total = 0;

	for (int pass = 0; pass < (is_named ? 1 : 2); pass++) {
		for (size_t i = 0; i < projects->count; i++) {
			const char *id = rows_get(projects, i, "id");

			if (!id ||
			    !(is_named || is_looked_at(rows_get(projects, i, "status"), !pass)))
				continue;
			if (total < DETAILS_MOST)
				ids[total] = id;
			total++;
		}
	}
	*ret_total = total;
	return ids;
}

static void ask_details(struct console *console, enum console_action action, const char *const *ids,
                        size_t projects)
{
	struct row_list list = console_list(console->arena, action);
	size_t asked = 0;
	struct rows rows;
	uint64_t ignored;

	console->at->groups[actions[action].group] = (struct group_status){
		.state = GROUP_GATHERED,
	};
	for (; ids[asked]; asked++)
		if (!ask(console, action, ids[asked], id_body(console->arena, ids[asked]), &list,
		         &ignored))
			return;
	rows = row_list_rows(&list);
	/* Each project that was left out has one more at the least. */
	rows.total += projects - asked;
	fact_set_rows(console->at, actions[action].fact, rows);
}

static bool wants(const struct gather_request *request, enum console_action action)
{
	return gather_wants(request, ENDPOINT_CONSOLE, actions[action].group);
}

static void fail_groups(struct console *console, const struct group_status *why)
{
	for (int action = CONSOLE_LIST; action < CONSOLE_ACTIONS; action++)
		if (wants(console->request, (enum console_action)action))
			console->at->groups[actions[action].group] = *why;
}

static void ask_api(struct console *console)
{
	static const struct group_status no_user = {
		.state = GROUP_FAILED,
		.failure = FAILURE_CREDENTIALS,
		.text = "the plan gives no user for the console: add `user:` and `password_env:` or "
			"`password_file:` to `console:`",
	};
	struct rows projects = { 0 };
	const char *const *ids;
	size_t total;

	if (!console->request->at[ENDPOINT_CONSOLE].service.user) {
		fail_groups(console, &no_user);
		return;
	}
	if (!ask_projects(console, &projects)) {
		struct group_status why = console->at->groups[GROUP_console_projects];

		fail_groups(console, &why);
		return;
	}
	ids = chosen_projects(console, &projects, &total);
	for (int action = CONSOLE_STEPS; action < CONSOLE_ACTIONS; action++)
		if (wants(console->request, (enum console_action)action))
			ask_details(console, (enum console_action)action, ids, total);
}

static bool wants_api(const struct gather_request *request)
{
	bool any = false;

	for (int action = CONSOLE_LIST; action < CONSOLE_ACTIONS; action++)
		any |= wants(request, (enum console_action)action);
	return any;
}

static const struct http_request health = { .method = "GET", .target = "/oms/health" };

void console_facts(struct arena *arena, const struct gather_request *request,
                   const struct budget *budget, struct endpoint_facts *ret)
{
	struct console console = { arena, request, budget, ret };
	struct question question = { .request = health, .anonymous = true };

	if (!service_meet(arena, request, ENDPOINT_CONSOLE, budget, GROUP_console_health,
	                  FACT_console_console_status, &question, ret))
		return;
	console_read_health(arena, &question.reply, ret);
	if (wants_api(request))
		ask_api(&console);
}

/* --- describing -------------------------------------------------------------------------------------- */

static void describe(const struct gather_request *request, enum console_action action,
                     const char *body, struct str *out)
{
	struct http_request what = { .method = "POST",
		                     .target = actions[action].target,
		                     .body = body ? body : "{}" };

	service_describe(request, ENDPOINT_CONSOLE, &what, out);
}

void console_describe(struct arena *arena, const struct gather_request *request, struct str *out)
{
	const char *const *names = named_projects(request);

	service_describe(request, ENDPOINT_CONSOLE, &health, out);
	if (!wants_api(request) || !request->at[ENDPOINT_CONSOLE].service.user)
		return;
	if (!names) {
		describe(request, CONSOLE_LIST, page_body(arena, 1), out);
		str_add(out, "  -- and its further pages, of at most 1000 projects\n");
	}
	for (int action = CONSOLE_PROJECT; action < CONSOLE_ACTIONS; action++) {
		if (action == CONSOLE_PROJECT ? !names
		                              : !wants(request, (enum console_action)action))
			continue;
		for (const char *const *name = names; name && *name; name++)
			describe(request, (enum console_action)action, id_body(arena, *name), out);
		if (!names) {
			describe(request, (enum console_action)action, "{\"id\":\"ID\"}", out);
			str_add(out, "  -- for each project that is at work or has failed, at most "
			             "50\n");
		}
	}
}
