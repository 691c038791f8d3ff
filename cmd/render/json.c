#include "catalog/base/arena.h"
#include "catalog/base/clock.h"
#include "catalog/base/str.h"
#include "cmd/render/render.h"
#include "cmd/render/term.h"

#include <jansson.h>

/* What every function below needs. */
struct draw {
	struct arena *arena;
	const struct report *report;
	enum lang lang;
};

/* jansson refuses nothing that is built here but for want of memory, and the arena is what says so
 * and ends the process. */
static void *had(struct arena *arena, void *pointer)
{
	return pointer ? pointer : arena_alloc(arena, SIZE_MAX);
}

static void put(struct draw *draw, json_t *object, const char *key, json_t *value)
{
	if (json_object_set_new(object, key, had(draw->arena, value)) != 0)
		had(draw->arena, NULL);
}

static void append(struct draw *draw, json_t *array, json_t *value)
{
	if (json_array_append_new(array, had(draw->arena, value)) != 0)
		had(draw->arena, NULL);
}

/* A text that may hold a server's bytes. */
static json_t *text_value(struct draw *draw, const char *text)
{
	return had(draw->arena, json_string(text_valid(draw->arena, text)));
}

/* Leaves the key out where there is no text. */
static void put_text(struct draw *draw, json_t *object, const char *key, const char *text)
{
	if (text)
		put(draw, object, key, text_value(draw, text));
}

static void put_number(struct draw *draw, json_t *object, const char *key, uint64_t number)
{
	put(draw, object, key, json_integer((json_int_t)number));
}

static json_t *put_object(struct draw *draw, json_t *object, const char *key)
{
	json_t *value = had(draw->arena, json_object());

	put(draw, object, key, value);
	return value;
}

static json_t *put_array(struct draw *draw, json_t *object, const char *key)
{
	json_t *value = had(draw->arena, json_array());

	put(draw, object, key, value);
	return value;
}

static void put_summary(struct draw *draw, json_t *object, const struct summary *summary)
{
	json_t *value = put_object(draw, object, "summary");

	put_number(draw, value, "planned", summary->planned);
	for (size_t i = 0; i < STATUS_COUNT; i++)
		put_number(draw, value, status_name((enum status)i), summary->by_status[i]);
}

static void put_run(struct draw *draw, json_t *root)
{
	const struct report *report = draw->report;
	json_t *run = put_object(draw, root, "run");
	json_t *profiles = put_array(draw, run, "profiles");

	for (const char *const *name = report->profiles; *name; name++) {
		json_t *profile = had(draw->arena, json_object());
		enum verdict verdict =
			run_verdict(report->results, report->count, *name, report->fail_on);
		struct summary summary = run_summary(report->results, report->count, *name);

		append(draw, profiles, profile);
		put_text(draw, profile, "name", *name);
		put_text(draw, profile, "verdict", verdict_name(verdict));
		put_summary(draw, profile, &summary);
	}
	put_text(draw, run, "mode", mode_name(report->intent->mode));
	put_text(draw, run, "scope", scope_name(report->intent->objects.scope));
	put_text(draw, run, "started", clock_rfc3339(draw->arena, report->facts->gathered_ms));
	put(draw, run, "duration_ms", json_integer(report->duration_ms));
}

static void put_version(struct draw *draw, json_t *object, const struct endpoint_facts *at)
{
	struct version version = endpoint_version(at);

	put_text(draw, object, "flavor", flavor_name(version.flavor));
	if (version.flavor == FLAVOR_UNKNOWN)
		put_text(draw, object, "version", at->mysql.version.is.text);
	else
		put_text(draw, object, "version",
		         arena_printf(draw->arena, "%u.%u.%u", version.major, version.minor,
		                      version.patch));
}

static void put_endpoints(struct draw *draw, json_t *root)
{
	json_t *endpoints = put_object(draw, root, "endpoints");

	for (size_t i = 0; i < ENDPOINT_COUNT; i++) {
		const struct endpoint_facts *at = &draw->report->facts->at[i];
		bool reached = endpoint_is_reached(at);

		if (!at->configured)
			continue;
		json_t *value = put_object(draw, endpoints, endpoint_name((enum endpoint_id)i));
		put_text(draw, value, "kind", kind_name(at->kind));
		if (reached && at->kind == KIND_MYSQL)
			put_version(draw, value, at);
		put_text(draw, value, "address", at->address);
		put(draw, value, "reachable", json_boolean(reached));
		if (reached && at->kind != KIND_HOST)
			put(draw, value, "tls", at->tls ? text_value(draw, at->tls) : json_null());
	}
}

static void put_note(struct draw *draw, json_t *object, const char *key, const struct note *note)
{
	if (note_is_set(note))
		put_text(draw, object, key, note_text(draw->arena, note, draw->lang));
}

static void put_evidence(struct draw *draw, json_t *object, const struct result *result)
{
	json_t *list = put_array(draw, object, "evidence");

	for (size_t i = 0; i < result->evidence_count; i++) {
		const struct evidence *evidence = &result->evidence[i];
		json_t *value = had(draw->arena, json_object());

		append(draw, list, value);
		put_text(draw, value, "what", evidence->what);
		put_note(draw, value, "expected", &evidence->expected);
		put_note(draw, value, "actual", &evidence->actual);
		put_text(draw, value, "from", evidence->from);
	}
}

static void put_objects(struct draw *draw, json_t *object, const struct result *result)
{
	json_t *list = put_array(draw, object, "objects");

	for (size_t i = 0; i < result->object_count; i++)
		append(draw, list, text_value(draw, result->objects[i].written));
	put_number(draw, object, "objects_total", result->objects_total);
}

static json_t *result_value(struct draw *draw, const struct result *result)
{
	const struct rule *rule = result->rule;
	struct result_texts texts = result_texts(draw->arena, result, draw->lang);
	json_t *value = had(draw->arena, json_object());

	put_text(draw, value, "profile", rule->profile);
	put_text(draw, value, "rule", rule->id);
	put_text(draw, value, "check", rule->check->id);
	put_text(draw, value, "endpoint",
	         rule->check->on == CHECK_PAIR ? "pair" : endpoint_name(rule->endpoint));
	put_text(draw, value, "status", status_name(result->status));
	put_text(draw, value, "severity", level_name(rule->severity));
	put_text(draw, value, "code", texts.code ? result->code : NULL);
	put_text(draw, value, "title", texts.title);
	put_text(draw, value, "message", texts.message);
	put_text(draw, value, "cause", texts.cause);
	put_text(draw, value, "fix", texts.fix);
	put_text(draw, value, "reason", texts.reason);
	put_text(draw, value, "blocked_by", result->blocked_by);
	put_text(draw, value, "basis", rule->basis);
	if (result->status != STATUS_PASS)
		put_evidence(draw, value, result);
	if (result->status == STATUS_FAIL || result->status == STATUS_WAIVED)
		put_objects(draw, value, result);
	return value;
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

static void draw_json(const struct report *report, const struct render_options *options,
                      struct str *out)
{
	struct draw draw = { out->arena, report, options->lang };
	struct summary summary = run_summary(report->results, report->count, NULL);
	json_t *root = had(draw.arena, json_object());

	put_text(&draw, root, "schema", "migdoctor/report/1");
	json_t *tool = put_object(&draw, root, "tool");
	put_text(&draw, tool, "name", "migdoctor");
	put_text(&draw, tool, "version", MIGDOCTOR_VERSION);
	put_run(&draw, root);
	put_endpoints(&draw, root);
	put_text(&draw, root, "verdict", verdict_name(report->verdict));
	put_summary(&draw, root, &summary);
	json_t *results = put_array(&draw, root, "results");
	for (size_t i = 0; i < report->count; i++)
		append(&draw, results, result_value(&draw, &report->results[i]));
	if (report->notice_count > 0) {
		json_t *notices = put_array(&draw, root, "notices");

		for (size_t i = 0; i < report->notice_count; i++)
			append(&draw, notices,
			       text_value(&draw,
			                  note_text(draw.arena, &report->notices[i], draw.lang)));
	}

	char *json = had(draw.arena, json_dumps(root, JSON_INDENT(2)));
	add_escaped(out, json);
	free(json);
	json_decref(root);
}

const struct renderer render_json = { .name = "json", .draw = draw_json };
