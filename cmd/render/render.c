#include "cmd/render/render.h"

#include "catalog/base/str.h"
#include "checks/core/registry.h"

static const struct renderer *const renderers[] = { &render_text, &render_json };

#define RENDERERS (sizeof(renderers) / sizeof(renderers[0]))

const struct renderer *renderer_find(const char *name)
{
	for (size_t i = 0; i < RENDERERS; i++)
		if (str_equal(renderers[i]->name, name))
			return renderers[i];
	return NULL;
}

const char *const *renderer_names(void)
{
	static const char *const names[RENDERERS + 1] = { "text", "json" };

	return names;
}

static const char *filled(struct arena *arena, const char *text, const struct result *result)
{
	static const char *const nothing[] = { NULL };

	return text ? text_fill(arena, text, result->values ? result->values : nothing) : NULL;
}

/* The profile's own words go before the catalog's. */
static const char *first(const char *own, const char *otherwise)
{
	return own ? own : otherwise;
}

struct result_texts result_texts(struct arena *arena, const struct result *result, enum lang lang)
{
	const struct rule *rule = result->rule;
	struct catalog_entry entry = { 0 };
	bool failed = result->status == STATUS_FAIL ||
	              (result->status == STATUS_WAIVED && result->waived_from == STATUS_FAIL);
	struct result_texts texts = { .title = rule->title.in[lang] };

	if (!texts.title)
		texts.title = check_title(rule->check, lang);
	if (note_is_set(&result->reason))
		texts.reason = note_text(arena, &result->reason, lang);
	if (!result->code || result->status == STATUS_PASS || result->status == STATUS_SKIP)
		return texts;

	texts.code = catalog_find(result->code, &entry) ? entry.shown : result->code;
	if (failed) {
		texts.message = filled(arena, entry.message, result);
		texts.cause = filled(arena, first(rule->cause.in[lang], entry.cause[lang]), result);
		texts.fix = filled(arena, first(rule->fix.in[lang], entry.fix[lang]), result);
	}
	return texts;
}
