#include "cmd/connector_look.h"

#include "catalog/base/arena.h"
#include "catalog/base/error.h"
#include "catalog/base/str.h"
#include "catalog/base/yaml.h"
#include "checks/core/wording.h"
#include "checks/probe/http_json.h"

#include <jansson.h>
#include <string.h>

bool connector_is_running(const char *status)
{
	return str_equal(status, "ACTIVE");
}

/* --- the console ------------------------------------------------------------------------------ */

/* Blanks round a name are none of it. */
static const char *trimmed(struct arena *arena, const char *text, size_t length)
{
	while (length && (*text == ' ' || *text == '\t')) {
		text++;
		length--;
	}
	while (length && (text[length - 1] == ' ' || text[length - 1] == '\t'))
		length--;
	return arena_strndup(arena, text, length);
}

/* The documentation has one text here, without an example of several: they are taken to stand in it
 * between commas. */
static const char *const *split_subtopics(struct arena *arena, const char *text)
{
	size_t count = 0, room = 2;
	const char **names;

	for (const char *c = text; *c; c++)
		room += *c == ',';
	names = arena_array(arena, room, sizeof(*names));
	for (size_t length; *text; text += length + (text[length] == ',')) {
		length = strcspn(text, ",");
		names[count] = trimmed(arena, text, length);
		count += *names[count] != '\0';
	}
	names[count] = NULL;
	return names;
}

static const char *const *subtopics_of(struct arena *arena, const struct json_t *component)
{
	size_t items = http_json_count(component, "subtopics");
	const char *text = http_json_text(arena, component, "subtopics");
	const char **names = arena_array(arena, items + 1, sizeof(*names));
	size_t count = 0;

	if (text)
		return split_subtopics(arena, text);
	for (size_t i = 0; i < items; i++) {
		names[count] =
			http_json_text(arena, http_json_item(component, "subtopics", i), NULL);
		count += names[count] && *names[count];
	}
	names[count] = NULL;
	return names;
}

static const struct json_t *find_component(struct arena *arena, const struct json_t *root,
                                           const char *task)
{
	static const char *const lists[] = { "data.incrSyncComponents",
		                             "data.reverseIncrSyncComponents",
		                             "data.fullImportComponents" };

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		for (size_t j = 0; j < http_json_count(root, lists[i]); j++) {
			const struct json_t *item = http_json_item(root, lists[i], j);
			const char *name = http_json_text(arena, item, "name");

			if (name && str_equal(name, task))
				return item;
		}
	}
	return NULL;
}

static const char *refusal_of(struct arena *arena, const struct json_t *root, long status)
{
	const char *message = http_json_text(arena, root, "message");
	const char *code = http_json_text(arena, root, "code");

	if (message || code)
		return arena_printf(arena, "HTTP %ld, %s%s%s", status, code ? code : "",
		                    code && message ? ": " : "", message ? message : "");
	return arena_printf(arena, "HTTP %ld", status);
}

static void read_components(struct arena *arena, const struct json_t *root, long status,
                            const char *task, struct connector_look *ret)
{
	const struct json_t *component = find_component(arena, root, task);
	bool success = false;

	http_json_flag(root, "success", &success);
	if (status != 200 || !success) {
		ret->why = NOTE(TEXT_connector_console_refuses, refusal_of(arena, root, status));
	} else if (!component) {
		ret->why = NOTE(TEXT_connector_console_lacks);
	} else {
		ret->found = true;
		ret->status = http_json_text(arena, component, "status");
		ret->subtopics = subtopics_of(arena, component);
	}
}

struct connector_look connector_look_at_console(struct arena *arena,
                                                const struct http_service *console,
                                                const char *project, const char *task,
                                                const struct budget *budget)
{
	struct connector_look look = { .subtopics = arena_array(arena, 1, sizeof(char *)) };
	struct http_request request = {
		.method = "POST",
		.target = "/api/v2?Action=DescribeProjectComponents",
		.content_type = "application/json",
		.body = arena_printf(arena, "{\"id\":\"%s\"}", project),
	};
	struct group_status why = { 0 };
	struct http_reply reply = { 0 };
	struct json_t *root = NULL;

	if (http_ask(arena, console, &request, budget, &reply, &why)) {
		if (reply.status == 401 || reply.status == 403) {
			look.why = NOTE(TEXT_connector_console_login);
			return look;
		}
		root = http_json(arena, &reply, &why);
	}
	if (root)
		read_components(arena, root, reply.status, task, &look);
	else
		look.why = NOTE(TEXT_connector_console_silent, failure_wording(arena, &why));
	http_json_close(root);
	return look;
}

/* --- the file --------------------------------------------------------------------------------- */

const char *connector_source_path(struct arena *arena, const char *root, const char *task)
{
	return arena_printf(arena, "%s/home/ds/run/%s/conf/source.json", root ? root : "", task);
}

/* The checkpoint is a JSON object written as a text, as an update sends it. */
static json_t *checkpoint_of(const json_t *source)
{
	const char *text = json_string_value(json_object_get(source, "checkpoint"));
	json_t *checkpoint = text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL) : NULL;

	if (json_object_size(checkpoint) > 0)
		return checkpoint;
	json_decref(checkpoint);
	return NULL;
}

static void read_source(struct arena *arena, const char *path, const json_t *source,
                        struct connector_look *ret)
{
	json_t *checkpoint = checkpoint_of(source), *value;
	const char **names = arena_array(arena, json_object_size(checkpoint) + 1, sizeof(*names));
	const char *key;
	size_t count = 0;

	if (!checkpoint) {
		ret->why = NOTE(TEXT_connector_file_lacks, path);
		return;
	}
	json_object_foreach(checkpoint, key, value) names[count++] = arena_strdup(arena, key);
	json_decref(checkpoint);
	ret->found = true;
	ret->subtopics = names;
}

struct connector_look connector_look_at_file(struct arena *arena, const char *path)
{
	struct connector_look look = { .subtopics = arena_array(arena, 1, sizeof(char *)) };
	struct error error = { ERROR_NONE, "" };
	size_t length;
	const char *text = yaml_file_text(arena, path, &length, &error);
	json_t *source = text ? json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL) : NULL;

	if (source)
		read_source(arena, path, source, &look);
	else if (text)
		look.why = NOTE(TEXT_connector_file_lacks, path);
	else
		look.why = VERBATIM(arena_strdup(arena, error.text));
	json_decref(source);
	return look;
}
