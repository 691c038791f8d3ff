#include "checks/probe/service_facts.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "catalog/base/utf8.h"

#include <jansson.h>
#include <string.h>

#define WORDS_CAP 1000

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

/* --- cells ----------------------------------------------------------------------------------------- */

void service_close(struct json_t **json)
{
	http_json_close(*json);
}

/* What a report can show of a text. */
static const char *cut(struct arena *arena, const char *text)
{
	size_t length = 0;

	if (!text || strlen(text) <= WORDS_CAP)
		return text;
	while (length < WORDS_CAP) {
		size_t step = utf8_length(text + length);

		length += step ? step : 1;
	}
	return arena_printf(arena, "%.*s...", (int)length, text);
}

/* What stands below one word of a path. */
static const json_t *below(const json_t *json, const char *word)
{
	size_t count = http_json_count(json, NULL);

	if (!count)
		return http_json_at(json, word);
	if (str_equal(word, "first"))
		return http_json_item(json, NULL, 0);
	return str_equal(word, "last") ? http_json_item(json, NULL, count - 1) : NULL;
}

static const json_t *at_path(struct arena *arena, const json_t *json, const char *path,
                             size_t length)
{
	while (json && length) {
		size_t word = 0;

		while (word < length && path[word] != '.')
			word++;
		json = below(json, arena_strndup(arena, path, word));
		word += word < length;
		path += word;
		length -= word;
	}
	return json;
}

static const char *list_text(struct arena *arena, const json_t *list)
{
	struct str text = str_new(arena);

	for (size_t i = 0; i < http_json_count(list, NULL); i++) {
		const char *item = http_json_text(arena, http_json_item(list, NULL, i), NULL);

		if (!item)
			return NULL;
		str_addf(&text, "%s%s", i ? "," : "", item);
	}
	return text.length ? text.text : NULL;
}

/* Of a path that ends in `all` the list before it. */
static size_t without_all(const char *path, size_t length)
{
	size_t word = strlen(".all");

	return length > word && str_starts(path + length - word, ".all") ? length - word : length;
}

const char *service_text(struct arena *arena, const struct json_t *json, const char *paths)
{
	while (*paths) {
		size_t length = strcspn(paths, ","), whole = without_all(paths, length);
		const json_t *value = at_path(arena, json, paths, whole);
		const char *text = whole < length ? list_text(arena, value)
		                                  : http_json_text(arena, value, NULL);

		if (text)
			return cut(arena, text);
		paths += length + (paths[length] == ',');
	}
	return NULL;
}

const char *service_words(struct arena *arena, const struct json_t *json, const char *path)
{
	const json_t *value = http_json_at(json, path);
	const char *text = http_json_text(arena, value, NULL);
	char *dump;

	if (text || !value)
		return cut(arena, text);
	dump = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	text = dump ? cut(arena, arena_strdup(arena, dump)) : NULL;
	free(dump);
	return text;
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
                 const struct json_t *object)
{
	const char *cells[FIELDS_MOST] = { NULL };
	size_t count = 0;

	while (*first && count < FIELDS_MOST)
		cells[count++] = *first++;
	for (; fields->name && count < FIELDS_MOST; fields++)
		cells[count++] = service_text(list->arena, object, fields->paths);
	row_list_add(list, cells);
}
