#include "tests/checks/oms_breakages.h"

#include "catalog/base/error.h"
#include "checks/core/registry.h"
#include "profiles/profile.h"

/* Parameters for each check that needs some; by the property, any will do. */
static const struct param *params_for(const struct check *check, struct arena *arena)
{
	static const char *const words[] = { "OFF", "5.7", "5.5->5.6", NULL };
	struct param *params = arena_array(arena, 16, sizeof(*params));
	size_t count = 0;

	for (const struct param_info *info = check->params; info && info->name; info++) {
		params[count].name = info->name;
		params[count].texts = words;
		params[count++].fact = FACT_mysql_event_scheduler;
	}
	return params;
}

static bool is_declared(const struct check *check, const struct param *params, enum fact_id id)
{
	for (const enum fact_id *need = check->needs; need && *need != FACT_COUNT; need++)
		if (*need == id)
			return true;
	for (const enum fact_id *use = check->uses; use && *use != FACT_COUNT; use++)
		if (*use == id)
			return true;
	for (const struct param_info *info = check->params; info && info->name; info++)
		for (const struct param *param = params; param && param->name; param++)
			if (info->type == PARAM_FACT && str_equal(info->name, param->name) &&
			    param->fact == id)
				return true;
	return false;
}

/* Everything a result says, in both languages, as one text. */
static const char *written(struct arena *arena, const struct result *result)
{
	struct str text = str_new(arena);

	str_addf(&text, "%s\n", status_name(result->status));
	for (int lang = 0; lang < LANG_COUNT; lang++) {
		str_addf(&text, "%s\n", note_text(arena, &result->reason, (enum lang)lang));
		for (size_t i = 0; i < result->evidence_count; i++) {
			const struct evidence *evidence = &result->evidence[i];

			str_addf(&text, "%s|%s|%s|%s\n", evidence->what,
			         note_text(arena, &evidence->expected, (enum lang)lang),
			         note_text(arena, &evidence->actual, (enum lang)lang),
			         evidence->from ? evidence->from : "-");
		}
	}
	for (const char *const *value = result->values; value && *value; value++)
		str_addf(&text, "%s\n", *value);
	return text.text;
}

static void blank_undeclared(struct endpoint_facts *endpoint, const struct check *check,
                             const struct param *params)
{
	static const size_t sizes[] = {
		[FACT_TYPE_text] = sizeof(struct fact_text),
		[FACT_TYPE_number] = sizeof(struct fact_number),
		[FACT_TYPE_flag] = sizeof(struct fact_flag),
		[FACT_TYPE_rows] = sizeof(struct fact_rows),
	};

	for (int i = 0; i < FACT_COUNT; i++)
		if (!is_declared(check, params, (enum fact_id)i))
			memset((char *)endpoint + fact_infos[i].offset, 0,
			       sizes[fact_infos[i].type]);
}

/* A check that looked at a fact without saying so would not be gathered that fact, and its verdict
 * would depend on which other rules run beside it. */
static void no_check_looks_at_what_it_does_not_declare(void **state)
{
	struct arena *arena = arena_new();
	const struct registry *registry = registry_new(arena);
	size_t failed = 0;

	(void)state;
	assert_true(registry_count(registry) > 0);
	for (size_t n = 0; n < registry_count(registry) * PRESET_COUNT * PRESET_COUNT; n++) {
		size_t pair = n % (PRESET_COUNT * PRESET_COUNT);
		const struct check *check = registry_at(registry, n / PRESET_COUNT / PRESET_COUNT);
		struct bench bench = bench_new(presets[pair / PRESET_COUNT].version,
		                               presets[pair % PRESET_COUNT].version);
		const struct param *params = params_for(check, bench.arena);
		struct result whole = bench_judge(&bench, check, ENDPOINT_SOURCE, params);
		struct result bare;

		failed += whole.status == STATUS_FAIL;
		for (int i = 0; i < ENDPOINT_COUNT; i++)
			blank_undeclared(&bench.facts.at[i], check, params);
		bare = bench_judge(&bench, check, ENDPOINT_SOURCE, params);
		assert_string_equal(written(bench.arena, &whole), written(bench.arena, &bare));
		arena_free(bench.arena);
	}
	/* The property would hold of checks that never say anything, too. */
	assert_true(failed > 0);
	arena_free(arena);
}

/* The same of the rules of an OMS, with the parameters that they have, on every OMS that is broken. */
static void no_rule_of_an_oms_looks_at_what_it_does_not_declare(void **state)
{
	struct arena *arena = arena_new();
	struct error error = { 0 };
	const struct profile *profile =
		profile_read(arena, "oms-health", registry_new(arena), &error);
	size_t failed = 0;

	(void)state;
	assert_non_null(profile);
	for (size_t n = 0; n < profile->rule_count * BREAKAGE_COUNT; n++) {
		const struct rule *rule = &profile->rules[n % profile->rule_count];
		struct bench bench = oms_new();
		struct result whole, bare;

		breakages[n / profile->rule_count].breaks(&bench);
		whole = oms_judge_at(&bench, rule->check, rule->endpoint, rule->params, NULL);
		failed += whole.status == STATUS_FAIL;
		for (int i = 0; i < ENDPOINT_COUNT; i++)
			blank_undeclared(&bench.facts.at[i], rule->check, rule->params);
		bare = oms_judge_at(&bench, rule->check, rule->endpoint, rule->params, NULL);
		if (!str_equal(written(bench.arena, &whole), written(bench.arena, &bare)))
			fail_msg("%s: %s", rule->id, breakages[n / profile->rule_count].what);
		arena_free(bench.arena);
	}
	assert_true(failed > BREAKAGE_COUNT / 2);
	arena_free(arena);
}

static void every_check_has_a_title_in_both_languages(void **state)
{
	struct arena *arena = arena_new();
	const struct registry *registry = registry_new(arena);

	(void)state;
	for (size_t i = 0; i < registry_count(registry); i++) {
		const struct check *check = registry_at(registry, i);

		assert_true(*check_title(check, LANG_EN) != '\0');
		assert_true(*check_title(check, LANG_ZH) != '\0');
		assert_string_not_equal(check_title(check, LANG_EN), check_title(check, LANG_ZH));
		assert_ptr_equal(registry_find(registry, check->id), check);
	}
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_check_looks_at_what_it_does_not_declare),
		cmocka_unit_test(no_rule_of_an_oms_looks_at_what_it_does_not_declare),
		cmocka_unit_test(every_check_has_a_title_in_both_languages),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
