#ifndef TESTS_CHECKS_OMS_PROJECTS_H
#define TESTS_CHECKS_OMS_PROJECTS_H

#include "tests/checks/oms_preset.h"

#include "catalog/base/error.h"
#include "profiles/profile.h"

#include <string.h>

/* The rules of oms-health about Stores, projects, delays and logs, judged with the parameters that
 * the profile gives them. */
#define PROJECT "np_4w3a"
#define SUBTOPIC "p_4223_source-000-0"
#define CONNECTOR OMS_IP "-9000:connector_v2:np_4w3a-incr_trans-1-0:0000000011"

struct oms_case {
	const char *name, *rule;
	void (*lay)(struct bench *bench); /* what is broken in a healthy OMS */
	enum status status;
	const char *code; /* of a failure; NULL: the rule's own */
	const char *says; /* stands in what the result says, or NULL */
};

static inline const struct rule *projects_rule(struct bench *bench, const char *id)
{
	struct error error = { 0 };
	const struct registry *registry = registry_new(bench->arena);
	const struct profile *profile = profile_read(bench->arena, "oms-health", registry, &error);

	if (!profile)
		fail_msg("%s", error.text);
	for (size_t i = 0; i < profile->rule_count; i++)
		if (str_equal(profile->rules[i].id, id))
			return &profile->rules[i];
	fail_msg("oms-health has no rule %s", id);
	return NULL;
}

static inline struct result projects_judge(struct bench *bench, const char *id)
{
	const struct rule *rule = projects_rule(bench, id);

	return *run_judge(bench->arena, &rule, 1, &bench->facts, &bench->intent, NULL, 0, 0);
}

/* Reason, evidence and the cause and the fix as a reader gets them. */
static inline const char *projects_written(struct bench *bench, const struct result *result,
                                           enum lang lang)
{
	static const char *const nothing[] = { NULL };
	const char *const *values = result->values ? result->values : nothing;
	const struct rule *rule = result->rule;
	struct catalog_entry entry = { 0 };
	struct str out = str_new(bench->arena);

	str_addf(&out, "%s\n", note_text(bench->arena, &result->reason, lang));
	for (size_t i = 0; i < result->evidence_count; i++)
		str_addf(&out, "%s | %s | %s\n", result->evidence[i].what,
		         note_text(bench->arena, &result->evidence[i].expected, lang),
		         note_text(bench->arena, &result->evidence[i].actual, lang));
	if (result->status != STATUS_FAIL)
		return out.text;
	assert_true(catalog_find(result->code, &entry));
	str_addf(&out, "%s\n%s\n",
	         text_fill(bench->arena,
	                   rule->cause.in[lang] ? rule->cause.in[lang] : entry.cause[lang], values),
	         text_fill(bench->arena, rule->fix.in[lang] ? rule->fix.in[lang] : entry.fix[lang],
	                   values));
	return out.text;
}

/* Texts of our own leave no placeholder open. */
static inline void projects_are_filled(const struct result *result, const char *text)
{
	if (!result->rule->cause.in[LANG_EN] && !str_starts(result->code, "md:"))
		return;
	for (; *text; text++)
		if (*text == '{' && text[1] >= 'a' && text[1] <= 'z')
			fail_msg("%s leaves %.40s", result->rule->id, text);
}

static inline void projects_try(const struct oms_case *one)
{
	struct bench bench = oms_new();
	struct result result;
	const char *text;

	if (one->lay)
		one->lay(&bench);
	result = projects_judge(&bench, one->rule);
	text = projects_written(&bench, &result, LANG_EN);
	if (result.status != one->status || (one->says && !strstr(text, one->says)))
		fail_msg("%s: %s, which says: %s", one->name, status_name(result.status), text);
	if (result.status == STATUS_FAIL) {
		assert_string_equal(result.code, one->code ? one->code : result.rule->code);
		assert_true(result.object_count > 0);
		projects_are_filled(&result, text);
		projects_are_filled(&result, projects_written(&bench, &result, LANG_ZH));
	}
	arena_free(bench.arena);
}

#define PROJECTS_TRY(cases)                                                \
	for (size_t i_ = 0; i_ < sizeof(cases) / sizeof((cases)[0]); i_++) \
	projects_try(&(cases)[i_])

/* As if only some of the rows had been gathered. */
static inline void projects_cut(struct bench *bench, enum fact_id id)
{
	struct rows rows = *oms_rows(bench, id);

	rows.total += 7;
	fact_set_rows(oms_at(bench, id), id, rows);
}

static inline void projects_ask(struct bench *bench, const char *code)
{
	const char **asked = arena_array(bench->arena, 2, sizeof(*asked));

	asked[0] = code;
	bench->intent.asked = asked;
}

#endif
