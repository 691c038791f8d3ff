#include "checks/probe/snapshot_file.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "catalog/base/utf8.h"

#include <jansson.h>

const char *const snapshot_states[] = {
	[GROUP_NOT_ASKED] = "not-asked",
	[GROUP_GATHERED] = "gathered",
	[GROUP_FAILED] = "failed",
};

/* jansson refuses nothing that is built here but for want of memory, and the arena is what says so
 * and ends the process. */
static void *had(struct arena *arena, void *pointer)
{
	return pointer ? pointer : arena_alloc(arena, SIZE_MAX);
}

static void put(struct arena *arena, json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, had(arena, value)) != 0)
		had(arena, NULL);
}

static void append(struct arena *arena, json_t *array, json_t *value)
{
	if (json_array_append_new(array, had(arena, value)) != 0)
		had(arena, NULL);
}

/* Bytes that are not UTF-8 cannot stand in JSON, and a replacement would make different names
 * equal, so that a replay judged otherwise than the live run: such a text is {"hex": "..."}. */
static json_t *text_value(struct arena *arena, const char *text)
{
	struct str hex;
	json_t *value;

	if (!text)
		return json_null();
	if (utf8_is_valid(text))
		return json_string(text);
	hex = str_new(arena);
	for (; *text; text++)
		str_addf(&hex, "%02x", (unsigned)(unsigned char)*text);
	value = had(arena, json_object());
	put(arena, value, "hex", json_string(hex.text));
	return value;
}

static json_t *texts_value(struct arena *arena, const char *const *texts, size_t count)
{
	json_t *list = had(arena, json_array());

	for (size_t i = 0; i < count; i++)
		append(arena, list, text_value(arena, texts[i]));
	return list;
}

static size_t texts_count(const char *const *texts)
{
	size_t count = 0;

	while (texts && texts[count])
		count++;
	return count;
}

static json_t *status_value(struct arena *arena, const struct group_status *status)
{
	json_t *value = had(arena, json_object());

	put(arena, value, "state", json_string(snapshot_states[status->state]));
	if (status->state == GROUP_FAILED) {
		put(arena, value, "failure", json_string(failure_name(status->failure)));
		put(arena, value, "error", json_integer(status->error));
		put(arena, value, "sqlstate", text_value(arena, status->sqlstate));
		put(arena, value, "text", text_value(arena, status->text));
	}
	/* Evidence says where it comes from, so the statement is part of what was found. */
	if (status->state != GROUP_NOT_ASKED)
		put(arena, value, "statement", text_value(arena, status->statement));
	return value;
}

static json_t *rows_value(struct arena *arena, const struct rows *rows)
{
	json_t *value = had(arena, json_object()), *list = had(arena, json_array());

	put(arena, value, "columns", texts_value(arena, rows->names, rows->columns));
	put(arena, value, "total", json_integer((json_int_t)rows->total));
	put(arena, value, "rows", list);
	for (size_t i = 0; i < rows->count; i++)
		append(arena, list,
		       texts_value(arena, rows->cells + i * rows->columns, rows->columns));
	return value;
}

/* A value that could not be read as a number or flag is missing, but what was printed is said. */
static bool is_recorded(const struct fact *fact)
{
	return fact->state != FACT_MISSING || fact->name || fact->text;
}

static json_t *fact_value(struct arena *arena, const struct endpoint_facts *at, enum fact_id id)
{
	const struct fact *fact = fact_of(at, id);
	json_t *value;

	if (fact->state == FACT_ABSENT)
		return json_null();
	if (fact_infos[id].type == FACT_TYPE_rows)
		return rows_value(arena, &((const struct fact_rows *)fact)->rows);
	value = had(arena, json_object());
	put(arena, value, "name", text_value(arena, fact->name));
	put(arena, value, "text", text_value(arena, fact->text));
	return value;
}

static json_t *query_value(struct arena *arena, const struct query_answer *answer)
{
	json_t *value = had(arena, json_object());

	put(arena, value, "name", text_value(arena, answer->name));
	put(arena, value, "sql", text_value(arena, answer->sql));
	put(arena, value, "status", status_value(arena, &answer->status));
	put(arena, value, "answer", rows_value(arena, &answer->rows));
	return value;
}

static json_t *endpoint_value(struct arena *arena, enum endpoint_id id,
                              const struct endpoint_facts *at)
{
	json_t *value = had(arena, json_object()), *groups = had(arena, json_object());
	json_t *facts = had(arena, json_object()), *queries = had(arena, json_array());

	put(arena, value, "kind", json_string(kind_name(at->kind)));
	put(arena, value, "address", text_value(arena, at->address));
	put(arena, value, "tls", text_value(arena, at->tls));
	put(arena, value, "local", json_boolean(at->local));
	put(arena, value, "groups", groups);
	for (int i = 0; i < GROUP_COUNT; i++)
		if (endpoint_has(id, group_infos[i].owner))
			put(arena, groups, group_infos[i].name,
			    status_value(arena, &at->groups[i]));
	put(arena, value, "facts", facts);
	for (int i = 0; i < FACT_COUNT; i++)
		if (is_recorded(fact_of(at, (enum fact_id)i)))
			put(arena, facts, fact_infos[i].name,
			    fact_value(arena, at, (enum fact_id)i));
	put(arena, value, "queries", queries);
	for (size_t i = 0; i < at->query_count; i++)
		append(arena, queries, query_value(arena, &at->queries[i]));
	return value;
}

static json_t *oms_value(struct arena *arena, const struct oms_intent *oms)
{
	json_t *value = had(arena, json_object());

	put(arena, value, "host_ip", text_value(arena, oms->host_ip));
	put(arena, value, "checkpoint", json_integer(oms->checkpoint));
	put(arena, value, "stores", texts_value(arena, oms->stores, texts_count(oms->stores)));
	put(arena, value, "projects",
	    texts_value(arena, oms->projects, texts_count(oms->projects)));
	return value;
}

static json_t *root_value(struct arena *arena, const struct snapshot *snapshot)
{
	const struct facts *facts = snapshot->facts;
	json_t *root = had(arena, json_object()), *objects = had(arena, json_object());
	json_t *endpoints = had(arena, json_object());

	put(arena, root, "schema", json_string(SNAPSHOT_SCHEMA));
	put(arena, root, "version", json_string(MIGDOCTOR_VERSION));
	put(arena, root, "gathered_ms", json_integer(facts->gathered_ms));
	put(arena, root, "profiles",
	    texts_value(arena, snapshot->profiles, texts_count(snapshot->profiles)));
	put(arena, root, "mode", json_string(mode_name(snapshot->mode)));
	put(arena, root, "objects", objects);
	put(arena, objects, "include",
	    texts_value(arena, snapshot->include, texts_count(snapshot->include)));
	put(arena, objects, "exclude",
	    texts_value(arena, snapshot->exclude, texts_count(snapshot->exclude)));
	put(arena, root, "oms", oms_value(arena, &snapshot->oms));
	put(arena, root, "endpoints", endpoints);
	for (int i = 0; i < ENDPOINT_COUNT; i++)
		if (facts->at[i].configured)
			put(arena, endpoints, endpoint_name((enum endpoint_id)i),
			    endpoint_value(arena, (enum endpoint_id)i, &facts->at[i]));
	return root;
}

/* ASCII alone, so that no terminal obeys what a server wrote when somebody looks at the file. */
void snapshot_write(const struct snapshot *snapshot, struct str *out)
{
	json_t *root = root_value(out->arena, snapshot);
	char *json = had(out->arena, json_dumps(root, JSON_INDENT(2) | JSON_ENSURE_ASCII));

	str_add(out, json);
	str_add_char(out, '\n');
	free(json);
	json_decref(root);
}
