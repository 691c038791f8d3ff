#include "cmd/render/json_parts.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "cmd/render/term.h"

#include <jansson.h>

/* jansson refuses nothing that is built here but for want of memory, and the arena is what says so
 * and ends the process. */
void *json_had(struct arena *arena, void *pointer)
{
	return pointer ? pointer : arena_alloc(arena, SIZE_MAX);
}

void json_put(const struct json_parts *parts, json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, json_had(parts->arena, value)) != 0)
		json_had(parts->arena, NULL);
}

void json_append(const struct json_parts *parts, json_t *array, json_t *value)
{
	if (json_array_append_new(array, json_had(parts->arena, value)) != 0)
		json_had(parts->arena, NULL);
}

json_t *json_text(const struct json_parts *parts, const char *text)
{
	return json_had(parts->arena, json_string(text_valid(parts->arena, text)));
}

void json_put_text(const struct json_parts *parts, json_t *object, const char *key,
                   const char *text)
{
	if (text)
		json_put(parts, object, key, json_text(parts, text));
}

void json_put_number(const struct json_parts *parts, json_t *object, const char *key,
                     uint64_t number)
{
	json_put(parts, object, key, json_integer((json_int_t)number));
}

json_t *json_put_object(const struct json_parts *parts, json_t *object, const char *key)
{
	json_t *value = json_had(parts->arena, json_object());

	json_put(parts, object, key, value);
	return value;
}

json_t *json_put_array(const struct json_parts *parts, json_t *object, const char *key)
{
	json_t *value = json_had(parts->arena, json_array());

	json_put(parts, object, key, value);
	return value;
}

static void put_note(const struct json_parts *parts, json_t *object, const char *key,
                     const struct note *note)
{
	if (note_is_set(note))
		json_put_text(parts, object, key, note_text(parts->arena, note, parts->lang));
}

void json_put_evidence(const struct json_parts *parts, json_t *object, const struct result *result)
{
	json_t *list = json_put_array(parts, object, "evidence");

	for (size_t i = 0; i < result->evidence_count; i++) {
		const struct evidence *evidence = &result->evidence[i];
		json_t *value = json_had(parts->arena, json_object());

		json_append(parts, list, value);
		json_put_text(parts, value, "what", evidence->what);
		put_note(parts, value, "expected", &evidence->expected);
		put_note(parts, value, "actual", &evidence->actual);
		json_put_text(parts, value, "from", evidence->from);
	}
}

void json_put_objects(const struct json_parts *parts, json_t *object, const struct result *result)
{
	json_t *list = json_put_array(parts, object, "objects");

	for (size_t i = 0; i < result->object_count; i++)
		json_append(parts, list, json_text(parts, result->objects[i].written));
	json_put_number(parts, object, "objects_total", result->objects_total);
}

/* JSON lets some characters stand as they are that a terminal obeys. As escapes they read alike. */
static void add_escaped(struct str *out, const char *json)
{
	uint32_t code;

	for (size_t length; (length = code_next(json, &code)) > 0; json += length) {
		if (code == '\n' || !code_is_hidden(code))
			str_add_n(out, json, length);
		else if (code < 0x10000)
			str_addf(out, "\\u%04X", (unsigned)code);
		else
			str_addf(out, "\\u%04X\\u%04X",
			         (unsigned)(0xD800 + ((code - 0x10000) >> 10)),
			         (unsigned)(0xDC00 + ((code - 0x10000) & 0x3FF)));
	}
	str_add_char(out, '\n');
}

void json_write(const struct json_parts *parts, json_t *root, struct str *out)
{
	char *json = json_had(parts->arena, json_dumps(root, JSON_INDENT(2)));

	add_escaped(out, json);
	free(json);
	json_decref(root);
}
