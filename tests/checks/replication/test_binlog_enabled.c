#include "tests/checks/preset.h"

extern const struct check check_replication_binlog_enabled;

static struct result judge(struct bench *bench)
{
	return bench_judge(bench, &check_replication_binlog_enabled, ENDPOINT_SOURCE, NULL);
}

static void off_fails_and_names_the_lines_to_write(void **state)
{
	struct bench bench = bench_new("5.7", "5.7");
	struct result result = judge(&bench);

	(void)state;
	assert_status(result, STATUS_FAIL);
	assert_int_equal(result.evidence_count, 1);
	assert_string_equal(result.evidence[0].what, "log_bin");
	assert_note(&bench, result.evidence[0].expected, "ON");
	assert_note(&bench, result.evidence[0].actual, "OFF");
	/* Its server_id is 0, with which 5.7 would not start once log_bin is on. */
	assert_int_equal(strlen(value_of(&result, "server_id")), 9);
	bench_set(&bench, ENDPOINT_SOURCE, FACT_mysql_server_id, "77");
	result = judge(&bench);
	assert_value(result, "server_id", "77");
	arena_free(bench.arena);
}

static void each_version_is_judged_by_its_value(void **state)
{
	(void)state;
	for (size_t i = 0; i < PRESET_COUNT; i++) {
		struct bench bench = bench_new(presets[i].version, "8.0");
		struct result result = judge(&bench);

		assert_status(result,
		              str_equal(presets[i].log_bin, "ON") ? STATUS_PASS : STATUS_FAIL);
		arena_free(bench.arena);
	}
}

static void one_is_on(void **state)
{
	struct bench bench = bench_new("5.1", "5.5");

	(void)state;
	bench_set(&bench, ENDPOINT_SOURCE, FACT_mysql_log_bin, "1");
	assert_status(judge(&bench), STATUS_PASS);
	arena_free(bench.arena);
}

static void without_the_variable_it_is_skipped_and_without_the_answer_unknown(void **state)
{
	struct bench bench = bench_new("8.0", "8.0");
	struct result result;

	(void)state;
	bench_set_absent(&bench, ENDPOINT_SOURCE, FACT_mysql_log_bin);
	result = judge(&bench);
	assert_status(result, STATUS_SKIP);
	assert_note(&bench, result.reason, "the source has no variable log_bin");
	bench_fail_group(&bench, ENDPOINT_SOURCE, GROUP_mysql_variables,
	                 (struct group_status){ .failure = FAILURE_TIMEOUT });
	assert_status(judge(&bench), STATUS_UNKNOWN);
	arena_free(bench.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(off_fails_and_names_the_lines_to_write),
		cmocka_unit_test(each_version_is_judged_by_its_value),
		cmocka_unit_test(one_is_on),
		cmocka_unit_test(without_the_variable_it_is_skipped_and_without_the_answer_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
