#include "tests/checks/preset.h"

extern const struct check check_server_variable_in;

static struct result judge_events(struct bench *bench)
{
	return bench_judge(bench, &check_server_variable_in, ENDPOINT_SOURCE,
	                   WITH(FACT_PARAM("fact", FACT_mysql_event_scheduler),
	                        TEXTS_PARAM("accept", "OFF", "DISABLED")));
}

static struct result judge_stats(struct bench *bench)
{
	return bench_judge(bench, &check_server_variable_in, ENDPOINT_SOURCE,
	                   WITH(FACT_PARAM("fact", FACT_mysql_innodb_stats_on_metadata),
	                        TEXTS_PARAM("accept", "OFF")));
}

static void another_value_fails(void **state)
{
	struct bench bench = bench_new("9.7", "9.7");
	struct result result = judge_events(&bench);

	(void)state;
	assert_status(result, STATUS_FAIL);
	assert_note(&bench, result.evidence[0].expected, "OFF or DISABLED");
	assert_note(&bench, result.evidence[0].actual, "ON");
	assert_value(result, "name", "event_scheduler");
	assert_value(result, "value", "ON");
	assert_value(result, "wanted", "OFF");
	arena_free(bench.arena);
}

static void accepted_values_pass_in_any_case(void **state)
{
	struct bench bench = bench_new("5.6", "5.6");

	(void)state;
	assert_status(judge_events(&bench), STATUS_PASS);
	bench_set(&bench, ENDPOINT_SOURCE, FACT_mysql_event_scheduler, "disabled");
	assert_status(judge_events(&bench), STATUS_PASS);
	arena_free(bench.arena);
}

static void a_flag_is_judged_by_what_it_means(void **state)
{
	struct bench bench = bench_new("5.5", "5.5");
	struct result result = judge_stats(&bench);

	(void)state;
	assert_status(result, STATUS_FAIL);
	bench_set(&bench, ENDPOINT_SOURCE, FACT_mysql_innodb_stats_on_metadata, "1");
	result = judge_stats(&bench);
	assert_status(result, STATUS_FAIL);
	assert_value(result, "value", "ON");
	bench_set(&bench, ENDPOINT_SOURCE, FACT_mysql_innodb_stats_on_metadata, "0");
	assert_status(judge_stats(&bench), STATUS_PASS);
	arena_free(bench.arena);
}

/* 5.1 without the InnoDB plugin has no such variable. */
static void each_version_is_judged_by_what_it_has(void **state)
{
	(void)state;
	for (size_t i = 0; i < PRESET_COUNT; i++) {
		struct bench bench = bench_new(presets[i].version, "8.0");
		const char *stats = presets[i].stats;

		assert_status(judge_stats(&bench), !stats                   ? STATUS_SKIP
		                                   : str_equal(stats, "ON") ? STATUS_FAIL
		                                                            : STATUS_PASS);
		assert_status(judge_events(&bench),
		              str_equal(presets[i].events, "ON") ? STATUS_FAIL : STATUS_PASS);
		arena_free(bench.arena);
	}
}

static void what_is_no_single_value_is_unknown(void **state)
{
	struct bench bench = bench_new("8.0", "8.0");
	struct result result;

	(void)state;
	assert_true(fact_set(&bench.facts.at[ENDPOINT_SOURCE], FACT_mysql_event_scheduler,
	                     "event_scheduler", NULL));
	result = judge_events(&bench);
	assert_status(result, STATUS_UNKNOWN);
	assert_note(&bench, result.reason, "event_scheduler of the source is not a single value");
	result = bench_judge(
		&bench, &check_server_variable_in, ENDPOINT_SOURCE,
		WITH(FACT_PARAM("fact", FACT_mysql_channels), TEXTS_PARAM("accept", "OFF")));
	assert_status(result, STATUS_UNKNOWN);
	bench_fail_group(&bench, ENDPOINT_SOURCE, GROUP_mysql_variables,
	                 (struct group_status){ .failure = FAILURE_LOST });
	assert_status(judge_events(&bench), STATUS_UNKNOWN);
	arena_free(bench.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(another_value_fails),
		cmocka_unit_test(accepted_values_pass_in_any_case),
		cmocka_unit_test(a_flag_is_judged_by_what_it_means),
		cmocka_unit_test(each_version_is_judged_by_what_it_has),
		cmocka_unit_test(what_is_no_single_value_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
