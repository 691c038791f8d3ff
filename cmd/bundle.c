#include "cmd/bundle.h"

#include "catalog/base/arena.h"
#include "catalog/base/clock.h"
#include "catalog/base/str.h"
#include "checks/probe/redact.h"
#include "cmd/render/json_parts.h"

#include <jansson.h>
#include <string.h>

#define MASK "***"
/* A shorter password would mask half of all words. */
#define SHORTEST 4

struct bundle {
	struct run *run;
	struct json_parts parts;
};

/* --- what may not stand in it --------------------------------------------------------------------- */

static const char *without(struct arena *arena, const char *text, const char *secret)
{
	struct str out = str_new(arena);
	const char *found;

	if (!secret || strlen(secret) < SHORTEST || !strstr(text, secret))
		return text;
	while ((found = strstr(text, secret))) {
		str_add_n(&out, text, (size_t)(found - text));
		str_add(&out, MASK);
		text = found + strlen(secret);
	}
	str_add(&out, text);
	return out.text;
}

static const char *masked(const struct bundle *bundle, const char *text)
{
	struct arena *arena = bundle->parts.arena;
	const struct gather_request *request = &bundle->run->request;

	for (int i = 0; i < ENDPOINT_COUNT; i++) {
		text = without(arena, text, bundle->run->plan->at[i].login.password);
		text = without(arena, text, request->at[i].login.password);
		text = without(arena, text, request->at[i].service.password);
	}
	return redact_text(arena, text);
}

/* Every text of the value, however deep: facts hold lines of logs and words of servers. */
static json_t *masked_value(const struct bundle *bundle, json_t *value)
{
	json_t *copy, *item;
	const char *key;

	if (json_is_string(value))
		return json_text(&bundle->parts, masked(bundle, json_string_value(value)));
	if (json_is_object(value)) {
		copy = json_had(bundle->parts.arena, json_object());
		json_object_foreach(value, key, item)
		{
			json_put(&bundle->parts, copy, key, masked_value(bundle, item));
		}
		return copy;
	}
	if (!json_is_array(value))
		return json_incref(value);
	copy = json_had(bundle->parts.arena, json_array());
	for (size_t i = 0; i < json_array_size(value); i++)
		json_append(&bundle->parts, copy, masked_value(bundle, json_array_get(value, i)));
	return copy;
}

/* --- what stands in it ---------------------------------------------------------------------------- */

static void put_parsed(const struct bundle *bundle, json_t *root, const char *key,
                       const struct str *text)
{
	json_t *value =
		json_had(bundle->parts.arena, json_loadb(text->text, text->length, 0, NULL));

	json_put(&bundle->parts, root, key, masked_value(bundle, value));
	json_decref(value);
}

static void put_cell(const struct bundle *bundle, json_t *object, const char *key,
                     const struct rows *rows, size_t row)
{
	const char *cell = rows_get(rows, row, key);

	json_put(&bundle->parts, object, key,
	         cell ? json_text(&bundle->parts, masked(bundle, cell)) : json_null());
}

static void put_rows(const struct bundle *bundle, json_t *root, const char *key,
                     const struct fact_rows *fact, const char *const *columns)
{
	json_t *list = json_put_array(&bundle->parts, root, key);

	for (size_t i = 0; fact->is.state == FACT_KNOWN && i < fact->rows.count; i++) {
		json_t *value = json_had(bundle->parts.arena, json_object());

		json_append(&bundle->parts, list, value);
		for (const char *const *column = columns; *column; column++)
			put_cell(bundle, value, *column, &fact->rows, i);
	}
}

static void draw(const struct bundle *bundle, const struct diagnosed *diagnosed, struct str *out)
{
	static const char *const log_columns[] = { "file", "lines", "why", NULL };
	static const char *const code_columns[] = { "file", "code", "count", "line", NULL };
	const struct json_parts *parts = &bundle->parts;
	const struct host_facts *host = &bundle->run->facts->at[ENDPOINT_HOST].host;
	const struct render_options options = { .lang = parts->lang };
	struct str facts = str_new(parts->arena), diagnosis = str_new(parts->arena);
	json_t *root = json_had(parts->arena, json_object()), *tool;

	run_snapshot(bundle->run, &facts);
	diagnose_json(diagnosed, &options, &diagnosis);
	json_put_text(parts, root, "schema", "migdoctor/bundle/1");
	tool = json_put_object(parts, root, "tool");
	json_put_text(parts, tool, "name", "migdoctor");
	json_put_text(parts, tool, "version", MIGDOCTOR_VERSION);
	json_put_text(parts, root, "gathered",
	              clock_rfc3339(parts->arena, bundle->run->facts->gathered_ms));
	put_parsed(bundle, root, "diagnosis", &diagnosis);
	put_rows(bundle, root, "logs", &host->logs, log_columns);
	put_rows(bundle, root, "log_codes", &host->log_codes, code_columns);
	put_parsed(bundle, root, "facts", &facts);
	json_write(parts, root, out);
}

int bundle_write(struct run *run, const struct diagnosed *diagnosed)
{
	const char *path = option_value(run->options, OPTION_bundle);
	const struct bundle bundle = { run, { run->arena, run->options->lang } };
	struct str text = str_new(run->arena);

	if (!path)
		return 0;
	draw(&bundle, diagnosed, &text);
	return output_file(run->arena, path, text.text, text.length, run->error);
}
