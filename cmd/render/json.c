#include "catalog/base/arena.h"
#include "catalog/base/clock.h"
#include "catalog/base/str.h"
#include "cmd/render/json_parts.h"

#include <jansson.h>

struct draw {
	struct json_parts parts;
	const struct report *report;
};

static void put_summary(struct draw *draw, json_t *object, const struct summary *summary)
{
	json_t *value = json_put_object(&draw->parts, object, "summary");

	json_put_number(&draw->parts, value, "planned", summary->planned);
	for (size_t i = 0; i < STATUS_COUNT; i++)
		json_put_number(&draw->parts, value, status_name((enum status)i),
		                summary->by_status[i]);
}

static void put_run(struct draw *draw, json_t *root)
{
	const struct report *report = draw->report;
	json_t *run = json_put_object(&draw->parts, root, "run");
	json_t *profiles = json_put_array(&draw->parts, run, "profiles");

	for (const char *const *name = report->profiles; *name; name++) {
		json_t *profile = json_had(draw->parts.arena, json_object());
		enum verdict verdict =
			run_verdict(report->results, report->count, *name, report->fail_on);
		struct summary summary = run_summary(report->results, report->count, *name);

		json_append(&draw->parts, profiles, profile);
		json_put_text(&draw->parts, profile, "name", *name);
		json_put_text(&draw->parts, profile, "verdict", verdict_name(verdict));
		put_summary(draw, profile, &summary);
	}
	json_put_text(&draw->parts, run, "mode", mode_name(report->intent->mode));
	json_put_text(&draw->parts, run, "scope", scope_name(report->intent->objects.scope));
	json_put_text(&draw->parts, run, "started",
	              clock_rfc3339(draw->parts.arena, report->facts->gathered_ms));
	json_put(&draw->parts, run, "duration_ms", json_integer(report->duration_ms));
}

static void put_version(struct draw *draw, json_t *object, const struct endpoint_facts *at)
{
	struct version version = endpoint_version(at);

	json_put_text(&draw->parts, object, "flavor", flavor_name(version.flavor));
	if (version.flavor == FLAVOR_UNKNOWN)
		json_put_text(&draw->parts, object, "version", at->mysql.version.is.text);
	else
		json_put_text(&draw->parts, object, "version",
		              arena_printf(draw->parts.arena, "%u.%u.%u", version.major,
		                           version.minor, version.patch));
}

static void put_endpoints(struct draw *draw, json_t *root)
{
	json_t *endpoints = json_put_object(&draw->parts, root, "endpoints");

	for (size_t i = 0; i < ENDPOINT_COUNT; i++) {
		const struct endpoint_facts *at = &draw->report->facts->at[i];
		bool reached = endpoint_is_reached(at);

		if (!at->configured)
			continue;
		json_t *value = json_put_object(&draw->parts, endpoints,
		                                endpoint_name((enum endpoint_id)i));
		json_put_text(&draw->parts, value, "kind", kind_name(at->kind));
		if (reached && at->kind == KIND_MYSQL)
			put_version(draw, value, at);
		json_put_text(&draw->parts, value, "address", at->address);
		json_put(&draw->parts, value, "reachable", json_boolean(reached));
		if (reached && at->kind != KIND_HOST)
			json_put(&draw->parts, value, "tls",
			         at->tls ? json_text(&draw->parts, at->tls) : json_null());
	}
}

static json_t *result_value(struct draw *draw, const struct result *result)
{
	const struct rule *rule = result->rule;
	struct result_texts texts = result_texts(draw->parts.arena, result, draw->parts.lang);
	json_t *value = json_had(draw->parts.arena, json_object());

	json_put_text(&draw->parts, value, "profile", rule->profile);
	json_put_text(&draw->parts, value, "rule", rule->id);
	json_put_text(&draw->parts, value, "check", rule->check->id);
	json_put_text(&draw->parts, value, "endpoint",
	              rule->check->on == CHECK_PAIR ? "pair" : endpoint_name(rule->endpoint));
	json_put_text(&draw->parts, value, "status", status_name(result->status));
	json_put_text(&draw->parts, value, "severity", level_name(rule->severity));
	json_put_text(&draw->parts, value, "code", texts.code ? result->code : NULL);
	json_put_text(&draw->parts, value, "title", texts.title);
	json_put_text(&draw->parts, value, "message", texts.message);
	json_put_text(&draw->parts, value, "cause", texts.cause);
	json_put_text(&draw->parts, value, "fix", texts.fix);
	json_put_text(&draw->parts, value, "reason", texts.reason);
	json_put_text(&draw->parts, value, "blocked_by", result->blocked_by);
	json_put_text(&draw->parts, value, "basis", rule->basis);
	if (result->status != STATUS_PASS)
		json_put_evidence(&draw->parts, value, result);
	if (result->status == STATUS_FAIL || result->status == STATUS_WAIVED)
		json_put_objects(&draw->parts, value, result);
	return value;
}

static void draw_json(const struct report *report, const struct render_options *options,
                      struct str *out)
{
	struct draw draw = { .parts = { out->arena, options->lang }, .report = report };
	struct summary summary = run_summary(report->results, report->count, NULL);
	json_t *root = json_had(draw.parts.arena, json_object());

	json_put_text(&draw.parts, root, "schema", "migdoctor/report/1");
	json_t *tool = json_put_object(&draw.parts, root, "tool");
	json_put_text(&draw.parts, tool, "name", "migdoctor");
	json_put_text(&draw.parts, tool, "version", MIGDOCTOR_VERSION);
	put_run(&draw, root);
	put_endpoints(&draw, root);
	json_put_text(&draw.parts, root, "verdict", verdict_name(report->verdict));
	put_summary(&draw, root, &summary);
	json_t *results = json_put_array(&draw.parts, root, "results");
	for (size_t i = 0; i < report->count; i++)
		json_append(&draw.parts, results, result_value(&draw, &report->results[i]));
	if (report->notice_count > 0) {
		json_t *notices = json_put_array(&draw.parts, root, "notices");

		for (size_t i = 0; i < report->notice_count; i++)
			json_append(&draw.parts, notices,
			            json_text(&draw.parts,
			                      note_text(draw.parts.arena, &report->notices[i],
			                                draw.parts.lang)));
	}

	json_write(&draw.parts, root, out);
}

const struct renderer render_json = { .name = "json", .draw = draw_json };
