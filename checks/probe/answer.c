#include "checks/probe/answer.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "catalog/base/utf8.h"
#include "checks/probe/http.h"

#include <jansson.h>
#include <string.h>

/* jansson recurses, on the small stack of a thread; OMS's answers nest some ten levels deep. */
#define DEPTH_CAP 64
/* An empty list is two bytes of an answer and more than a hundred of memory. A page of 150 projects
 * holds some twenty thousand. */
#define VALUE_CAP 500000
#define WORDS_CAP 1000

static bool is_bearable(const char *text, size_t length)
{
	size_t values = 1, depth = 0;
	bool quoted = false;

	for (size_t i = 0; i < length; i++) {
		if (text[i] == '"')
			quoted = !quoted;
		else if (quoted && text[i] == '\\')
			i++;
		if (quoted)
			continue;
		if (text[i] == '[' || text[i] == '{')
			depth++;
		else if ((text[i] == ']' || text[i] == '}') && depth)
			depth--;
		values += text[i] == '[' || text[i] == '{' || text[i] == ',';
		if (depth > DEPTH_CAP || values > VALUE_CAP)
			return false;
	}
	return true;
}

json_t *answer_parse(const char *text, size_t length)
{
	return is_bearable(text, length) ? json_loadb(text, length, JSON_DECODE_ANY, NULL) : NULL;
}

void answer_free(json_t **tree)
{
	json_decref(*tree);
}

/* What stands below one word of a path. */
static json_t *below(json_t *tree, const char *word, size_t length)
{
	if (!json_is_array(tree))
		return json_object_getn(tree, word, length);
	if (length == strlen("first") && str_starts(word, "first"))
		return json_array_get(tree, 0);
	if (length == strlen("last") && str_starts(word, "last") && json_array_size(tree))
		return json_array_get(tree, json_array_size(tree) - 1);
	return NULL;
}

static json_t *at_path(json_t *tree, const char *path, size_t length)
{
	while (tree && length) {
		size_t word = 0;

		while (word < length && path[word] != '.')
			word++;
		tree = below(tree, path, word);
		word += word < length;
		path += word;
		length -= word;
	}
	return json_is_null(tree) ? NULL : tree;
}

json_t *answer_at(json_t *tree, const char *paths)
{
	while (*paths) {
		size_t length = strcspn(paths, ",");
		json_t *value = at_path(tree, paths, length);

		if (value)
			return value;
		paths += length + (paths[length] == ',');
	}
	return NULL;
}

static const char *scalar_text(struct arena *arena, json_t *value)
{
	switch (json_typeof(value)) {
	case JSON_STRING:
		return arena_strdup(arena, json_string_value(value));
	case JSON_INTEGER:
		return arena_printf(arena, "%lld", (long long)json_integer_value(value));
	case JSON_REAL:
		return arena_printf(arena, "%.15g", json_real_value(value));
	case JSON_TRUE:
		return "true";
	case JSON_FALSE:
		return "false";
	default:
		return NULL;
	}
}

const char *answer_text(struct arena *arena, json_t *value)
{
	struct str list;

	if (!json_is_array(value))
		return value ? scalar_text(arena, value) : NULL;
	list = str_new(arena);
	for (size_t i = 0; i < json_array_size(value); i++) {
		const char *item = scalar_text(arena, json_array_get(value, i));

		if (!item)
			return NULL;
		str_addf(&list, "%s%s", i ? "," : "", item);
	}
	return list.length ? list.text : NULL;
}

const char *answer_cut(struct arena *arena, const char *text)
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

const char *answer_words(struct arena *arena, json_t *value)
{
	const char *text = answer_text(arena, value);
	char *json;

	if (text || !value || json_is_null(value))
		return answer_cut(arena, text);
	json = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	text = json ? answer_cut(arena, arena_strdup(arena, json)) : NULL;
	free(json);
	return text;
}

bool answer_is_true(json_t *value)
{
	return json_is_true(value) ||
	       (json_is_string(value) && str_equal_nocase(json_string_value(value), "true"));
}

bool answer_number(json_t *value, int64_t *ret)
{
	long long number;

	if (json_is_integer(value))
		number = json_integer_value(value);
	else if (!json_is_string(value) || !str_to_int(json_string_value(value), &number))
		return false;
	*ret = number;
	return true;
}
