#include "tests/checks/oms_breakages.h"

#include "catalog/base/error.h"
#include "checks/core/registry.h"
#include "profiles/profile.h"

/* The whole profile on an OMS that is healthy, and on one where one thing is broken: what fails, in
 * the order of the profile, and what cannot be told. */

static const struct profile *read_profile(struct arena *arena)
{
	struct error error = { 0 };
	const struct profile *profile =
		profile_read(arena, "oms-health", registry_new(arena), &error);

	if (!profile)
		fail_msg("%s", error.text);
	return profile;
}

static struct result *judge_all(struct bench *bench, const struct profile *profile)
{
	const struct rule **rules = arena_array(bench->arena, profile->rule_count, sizeof(*rules));

	for (size_t i = 0; i < profile->rule_count; i++)
		rules[i] = &profile->rules[i];
	return run_judge(bench->arena, rules, profile->rule_count, &bench->facts, &bench->intent,
	                 NULL, 0, 0);
}

/* Ids of the rules that have a status, without the "oms." that each begins with. */
static const char *with_status(struct bench *bench, const struct result *results, size_t count,
                               enum status status)
{
	struct str ids = str_new(bench->arena);

	for (size_t i = 0; i < count; i++)
		if (results[i].status == status)
			str_addf(&ids, "%s%s", ids.length ? " " : "",
			         results[i].rule->id + strlen("oms."));
	return ids.text;
}

/* Every sentence of a failure has to be whole in both languages: a placeholder of ours that is
 * still there was filled by nobody. */
static void assert_filled(struct bench *bench, const struct result *result)
{
	const struct rule *rule = result->rule;

	for (int lang = 0; lang < LANG_COUNT; lang++) {
		const char *const texts[] = { rule->title.in[lang], rule->cause.in[lang],
			                      rule->fix.in[lang] };

		for (size_t i = 0; i < 3; i++) {
			const char *filled =
				texts[i] && result->values
					? text_fill(bench->arena, texts[i], result->values)
					: texts[i];

			for (const char *at = filled; at && (at = strchr(at, '{')); at++)
				if (!str_starts(at, "{http_code}"))
					fail_msg("%s: %s", rule->id, filled);
		}
	}
}

static void each_breakage_fails_its_rules_alone(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < BREAKAGE_COUNT; i++) {
		struct bench bench = oms_new();
		const struct profile *profile = read_profile(bench.arena);
		const struct result *results;
		const char *fails, *unknown;

		breakages[i].breaks(&bench);
		results = judge_all(&bench, profile);
		fails = with_status(&bench, results, profile->rule_count, STATUS_FAIL);
		unknown = with_status(&bench, results, profile->rule_count, STATUS_UNKNOWN);
		if (!str_equal(fails, breakages[i].fails) ||
		    !str_equal(unknown, breakages[i].unknown)) {
			print_error("%s: fails \"%s\", not \"%s\"; unknown \"%s\", not \"%s\"\n",
			            breakages[i].what, fails, breakages[i].fails, unknown,
			            breakages[i].unknown);
			wrong++;
		}
		for (size_t j = 0; j < profile->rule_count; j++)
			if (results[j].status == STATUS_FAIL)
				assert_filled(&bench, &results[j]);
		arena_free(bench.arena);
	}
	assert_int_equal(wrong, 0);
}

/* What waits for an endpoint names the rule that says why. */
static void unknown_rules_are_blocked_by_their_root(void **state)
{
	static const struct {
		void (*breaks)(struct bench *bench);
		const char *rule, *root;
	} cases[] = {
		{ refuse_metadb, "oms.heartbeat-fresh", "oms.metadb" },
		{ refuse_metadb, "oms.initialised", "oms.metadb" },
		{ lose_tables, "oms.host-online", "oms.metadb" },
		{ refuse_supervisord, "oms.programs-running", "oms.supervisord" },
		{ deny_programs, "oms.sshd", "oms.supervisord" },
		{ break_config, "oms.config-valid", "oms.config-readable" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bench bench = oms_new();
		const struct profile *profile = read_profile(bench.arena);
		const struct result *results;
		size_t seen = 0;

		cases[i].breaks(&bench);
		results = judge_all(&bench, profile);
		for (size_t j = 0; j < profile->rule_count; j++) {
			if (!str_equal(results[j].rule->id, cases[i].rule))
				continue;
			assert_non_null(results[j].blocked_by);
			assert_string_equal(results[j].blocked_by, cases[i].root);
			seen++;
		}
		assert_int_equal(seen, 1);
		arena_free(bench.arena);
	}
}

/* The codes that people bring to this profile, and the rules that answer them. */
static void each_code_has_its_rules(void **state)
{
	static const struct {
		const char *code;
		const char *rules[10];
	} cases[] = {
		{ "oms:CM-RESONF000001",
		  { "oms.metadb", "oms.programs-running", "oms.host-ip-env", "oms.host-registered",
		    "oms.host-online", "oms.heartbeat-fresh", "oms.clock" } },
		{ "oms:CM-RESONF000002", { "oms.initialised", "oms.region-initialised" } },
		{ "oms:CM-RESONF000021", { "oms.initialised", "oms.region-initialised" } },
		{ "oms:CM-RESONF000003", { "oms.cpu", "oms.memory", "oms.disk" } },
		{ "alert:oms_host_threshold", { "oms.cpu", "oms.memory", "oms.disk" } },
		{ "alert:oms_host_down",
		  { "oms.programs-running", "oms.supervisor-alive", "oms.host-online",
		    "oms.heartbeat-fresh" } },
		{ "oms:CM-RESOAT000011",
		  { "oms.programs-running", "oms.supervisor-alive", "oms.config-cm-url" } },
		{ "oms:CM-RESOAT000012", { "oms.programs-running", "oms.disk-full" } },
		{ "oms:CM-RESOAT000013", { "oms.disk-full" } },
	};
	struct arena *arena = arena_new();
	const struct profile *profile = read_profile(arena);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (const char *const *id = cases[i].rules; *id; id++) {
			size_t found = 0;

			for (size_t j = 0; j < profile->rule_count; j++)
				found += str_equal(profile->rules[j].id, *id) &&
				         rule_raises(&profile->rules[j], cases[i].code);
			if (!found)
				fail_msg("%s does not raise %s", *id, cases[i].code);
		}
	}
	arena_free(arena);
}

static void every_rule_says_where_it_comes_from(void **state)
{
	struct arena *arena = arena_new();
	const struct profile *profile = read_profile(arena);

	(void)state;
	for (size_t i = 0; i < profile->rule_count; i++)
		assert_non_null(profile->rules[i].basis);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_breakage_fails_its_rules_alone),
		cmocka_unit_test(unknown_rules_are_blocked_by_their_root),
		cmocka_unit_test(each_code_has_its_rules),
		cmocka_unit_test(every_rule_says_where_it_comes_from),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
