#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "cmd/render/diagnose.h"
#include "cmd/render/json_parts.h"

#include <jansson.h>

/* A key of the contract that is there always. */
static void put_text_or_null(const struct json_parts *parts, json_t *object, const char *key,
                             const char *text)
{
	json_put(parts, object, key, text ? json_text(parts, text) : json_null());
}

static json_t *cause_value(const struct json_parts *parts, const struct cause *cause)
{
	const struct result *result = cause->result;
	const struct rule *rule = result->rule;
	struct result_texts texts = result_texts(parts->arena, result, parts->lang);
	json_t *value = json_had(parts->arena, json_object());

	json_put_text(parts, value, "rule", rule->id);
	json_put_text(parts, value, "profile", rule->profile);
	put_text_or_null(parts, value, "node", cause->node);
	json_put_text(parts, value, "verdict", cause_verdict_name(cause->verdict));
	json_put(parts, value, "asked", json_boolean(cause->is_asked));
	put_text_or_null(parts, value, "title", texts.title);
	put_text_or_null(parts, value, "basis", rule->basis);
	put_text_or_null(parts, value, "cause", texts.cause);
	json_put_evidence(parts, value, result);
	json_put_objects(parts, value, result);
	put_text_or_null(parts, value, "fix", texts.fix);
	put_text_or_null(parts, value, "reason", texts.reason);
	put_text_or_null(parts, value, "consequence_of",
	                 cause->consequence_of ? cause->consequence_of->result->rule->id : NULL);
	put_text_or_null(parts, value, "blocked_by", cause->blocked_by);
	return value;
}

static void put_codes(const struct json_parts *parts, json_t *root,
                      const struct diagnosed *diagnosed)
{
	json_t *codes = json_put_array(parts, root, "codes");

	for (const char *const *code = diagnosed->codes; *code; code++)
		json_append(parts, codes, json_text(parts, *code));
	for (size_t i = 0; i < diagnosed->others.count; i++)
		json_append(parts, codes, json_text(parts, diagnosed->others.matches[i].entry.id));
}

static void put_said(const struct json_parts *parts, json_t *root, const struct said *said)
{
	json_t *value = json_put_object(parts, root, "said");

	json_put_text(parts, value, "host", said->host);
	json_put_text(parts, value, "resource", said->resource);
	json_put_text(parts, value, "used", said->used);
	json_put_text(parts, value, "limit", said->limit);
	json_put_text(parts, value, "subtopic", said->subtopic);
	json_put_text(parts, value, "checkpoint", said->checkpoint);
}

void diagnose_json(const struct diagnosed *diagnosed, const struct render_options *options,
                   struct str *out)
{
	const struct json_parts parts = { out->arena, options->lang };
	const struct diagnosis *diagnosis = diagnosed->diagnosis;
	json_t *root = json_had(parts.arena, json_object()), *list;

	json_put_text(&parts, root, "schema", "migdoctor/diagnose/1");
	json_put_text(&parts, root, "input", diagnosed->input);
	put_codes(&parts, root, diagnosed);
	put_said(&parts, root, diagnosed->said);
	json_put_text(&parts, root, "verdict",
	              diagnosed->interrupted ? "interrupted"
	                                     : cause_verdict_name(diagnosis->verdict));
	list = json_put_array(&parts, root, "causes");
	for (size_t i = 0; i < diagnosis->count; i++)
		json_append(&parts, list, cause_value(&parts, &diagnosis->causes[i]));
	if (diagnosed->notice_count) {
		list = json_put_array(&parts, root, "notices");
		for (size_t i = 0; i < diagnosed->notice_count; i++)
			json_append(&parts, list,
			            json_text(&parts, note_text(parts.arena, &diagnosed->notices[i],
			                                        parts.lang)));
	}
	json_write(&parts, root, out);
}
