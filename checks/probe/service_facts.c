#include "checks/probe/service_facts.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

#include <string.h>

bool service_ask(struct arena *arena, const struct gather_request *request,
                 enum endpoint_id endpoint, const struct budget *budget, struct question *question)
{
	struct http_service service = request->at[endpoint].service;

	if (question->anonymous)
		service.user = service.password = NULL;
	return http_ask(arena, &service, &question->request, budget, &question->reply,
	                &question->status);
}

bool service_meet(struct arena *arena, const struct gather_request *request,
                  enum endpoint_id endpoint, const struct budget *budget, enum group_id group,
                  enum fact_id status, struct question *question, struct endpoint_facts *ret)
{
	bool answered = service_ask(arena, request, endpoint, budget, question);

	ret->groups[GROUP_any_connect] = question->status;
	if (!answered)
		return false;
	ret->groups[group] = question->status;
	fact_set(ret, status, "HTTP status", arena_printf(arena, "%ld", question->reply.status));
	return true;
}

struct group_status service_failure(const struct question *question, enum failure failure,
                                    const char *text)
{
	return (struct group_status){ .state = GROUP_FAILED,
		                      .failure = failure,
		                      .text = text,
		                      .statement = question->status.statement };
}

void service_describe(const struct gather_request *request, enum endpoint_id endpoint,
                      const struct http_request *what, struct str *out)
{
	const char *url = request->at[endpoint].service.url;
	size_t length = strlen(url);

	if (!str_starts(url, "unix:"))
		while (length && url[length - 1] == '/')
			length--;
	str_addf(out, "%s %.*s%s%s%s%s\n", what->method, (int)length, url,
	         str_starts(url, "unix:") ? " " : "", what->target, what->body ? " " : "",
	         what->body ? what->body : "");
}

struct row_list service_rows(struct arena *arena, const char *const *first,
                             const struct field *fields)
{
	const char **names = arena_array(arena, FIELDS_MOST + 1, sizeof(*names));
	size_t count = 0;

	while (*first && count < FIELDS_MOST)
		names[count++] = *first++;
	for (; fields->name && count < FIELDS_MOST; fields++)
		names[count++] = fields->name;
	return row_list_new(arena, names);
}

void service_add(struct row_list *list, const char *const *first, const struct field *fields,
                 struct json_t *object)
{
	const char *cells[FIELDS_MOST] = { NULL };
	size_t count = 0;

	while (*first && count < FIELDS_MOST)
		cells[count++] = *first++;
	for (; fields->name && count < FIELDS_MOST; fields++)
		cells[count++] = answer_cut(
			list->arena, answer_text(list->arena, answer_at(object, fields->paths)));
	row_list_add(list, cells);
}
