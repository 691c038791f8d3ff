#include "checks/probe/http_json.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "checks/probe/quote.h"

#include <jansson.h>
#include <string.h>

enum {
	DEPTH_CAP = 64,
	/* An empty list is two bytes of an answer and more than a hundred of memory. */
	VALUE_CAP = 500000,
	QUOTE_MOST = 120,
	/* Fifteen digits are what a double holds of any decimal fraction. */
	REAL_DIGITS = 15,
	NUMBER_SIZE = 64,
};

/* 2^53: a larger double is a whole number because it has lost the rest. */
#define WHOLE_MOST 9007199254740992.0

/* --- reading ---------------------------------------------------------------------------------- */

/* Looks over the bytes before jansson does, which takes 2048 levels and any number of values. What
 * is no JSON may be counted wrongly here, and is refused there. */
static const char *shape_refusal(const char *body, size_t length)
{
	size_t depth = 0, values = 1;
	bool in_text = false;

	for (size_t i = 0; i < length; i++) {
		char c = body[i];

		if (c == '"')
			in_text = !in_text;
		else if (in_text)
			i += c == '\\';
		else if (c == '{' || c == '[')
			depth++;
		else if ((c == '}' || c == ']') && depth)
			depth--;
		values += !in_text && (c == ',' || c == '{' || c == '[');
		if (depth > DEPTH_CAP)
			return "nested too deeply";
		if (values > VALUE_CAP)
			return "of too many values";
	}
	return NULL;
}

static struct json_t *refuse(struct arena *arena, const struct http_reply *reply,
                             struct group_status *ret_why, const char *what)
{
	ret_why->state = GROUP_FAILED;
	ret_why->failure = FAILURE_PROTOCOL;
	ret_why->text = arena_printf(arena, "HTTP %ld: answered %s", reply->status, what);
	return NULL;
}

static bool looks_like_json(const char *body, size_t length)
{
	size_t i = 0;

	while (i < length && body[i] && strchr(" \t\r\n", body[i]))
		i++;
	return i < length && (body[i] == '{' || body[i] == '[');
}

struct json_t *http_json(struct arena *arena, const struct http_reply *reply,
                         struct group_status *ret_why)
{
	const char *body = reply->body, *shape;
	json_error_t error;
	json_t *json;

	if (!looks_like_json(body, reply->length))
		return refuse(arena, reply, ret_why,
		              arena_printf(arena, "%s, which is no JSON object",
		                           quote_answer(arena, body, reply->length)));
	shape = shape_refusal(body, reply->length);
	if (shape)
		return refuse(arena, reply, ret_why, arena_printf(arena, "JSON %s", shape));
	json = json_loadb(body, reply->length, 0, &error);
	if (!json)
		return refuse(arena, reply, ret_why,
		              arena_printf(arena, "broken JSON, line %d, column %d: %s", error.line,
		                           error.column,
		                           quote_bytes(arena, error.text, strlen(error.text),
		                                       QUOTE_MOST)));
	if (json_is_object(json))
		return json;
	json_decref(json);
	return refuse(arena, reply, ret_why, "a JSON array, and no object");
}

void http_json_close(struct json_t *json)
{
	json_decref(json);
}

/* --- looking ---------------------------------------------------------------------------------- */

const struct json_t *http_json_at(const struct json_t *json, const char *path)
{
	while (json && path && *path) {
		size_t length = strcspn(path, ".");

		json = json_object_getn(json, path, length);
		path += length + (path[length] == '.');
	}
	return json_is_null(json) ? NULL : json;
}

const char *http_json_text(struct arena *arena, const struct json_t *json, const char *path)
{
	const json_t *value = http_json_at(json, path);
	char number[NUMBER_SIZE];
	size_t length;

	if (json_is_string(value))
		return arena_strdup(arena, json_string_value(value));
	if (!json_is_number(value) && !json_is_boolean(value))
		return NULL;
	/* Not printf(), whose decimal point the locale decides. */
	length = json_dumpb(value, number, sizeof(number),
	                    JSON_ENCODE_ANY | JSON_REAL_PRECISION(REAL_DIGITS));
	return length <= sizeof(number) ? arena_strndup(arena, number, length) : NULL;
}

bool http_json_number(const struct json_t *json, const char *path, int64_t *ret)
{
	const json_t *value = http_json_at(json, path);
	long long number;
	double real;

	if (json_is_integer(value)) {
		*ret = json_integer_value(value);
		return true;
	}
	if (json_is_string(value) && str_to_int(json_string_value(value), &number)) {
		*ret = number;
		return true;
	}
	real = json_real_value(value);
	if (!json_is_real(value) || real < -WHOLE_MOST || real > WHOLE_MOST ||
	    real != (double)(int64_t)real)
		return false;
	*ret = (int64_t)real;
	return true;
}

bool http_json_flag(const struct json_t *json, const char *path, bool *ret)
{
	const json_t *value = http_json_at(json, path);
	const char *text = json_is_string(value) ? json_string_value(value) : "";
	bool is_true = json_is_true(value) || str_equal_nocase(text, "true");

	if (!is_true && !json_is_false(value) && !str_equal_nocase(text, "false"))
		return false;
	*ret = is_true;
	return true;
}

size_t http_json_count(const struct json_t *json, const char *path)
{
	return json_array_size(http_json_at(json, path));
}

const struct json_t *http_json_item(const struct json_t *json, const char *path, size_t index)
{
	return json_array_get(http_json_at(json, path), index);
}

static size_t count_objects(const struct json_t *list)
{
	size_t count = 0;

	for (size_t i = 0; i < json_array_size(list); i++)
		count += json_is_object(json_array_get(list, i));
	return count;
}

bool http_json_rows(struct arena *arena, const struct json_t *json, const char *path,
                    const struct http_json_column *columns, size_t count, struct rows *ret)
{
	const json_t *list = http_json_at(json, path);
	const char **names, **cells, **cell;
	size_t rows;

	*ret = (struct rows){ 0 };
	if (!json_is_array(list))
		return false;
	rows = count_objects(list);
	names = arena_array(arena, count + 1, sizeof(*names));
	cells = arena_array(arena, rows + 1, (count + 1) * sizeof(*cells));
	cell = cells;
	for (size_t i = 0; i < count; i++)
		names[i] = columns[i].name;
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);

		for (size_t j = 0; json_is_object(item) && j < count; j++)
			*cell++ = http_json_text(
				arena, item, columns[j].path ? columns[j].path : columns[j].name);
	}
	*ret = (struct rows){
		.columns = count, .count = rows, .total = rows, .names = names, .cells = cells
	};
	return true;
}
