#include "tests/checks/preset.h"

extern const struct check check_replication_binlog_format;

static struct result judge(struct bench *bench)
{
	return bench_judge(bench, &check_replication_binlog_format, ENDPOINT_SOURCE,
	                   WITH(TEXTS_PARAM("accept", "ROW", "MIXED")));
}

static void statement_fails_with_log_bin_on_and_off(void **state)
{
	static const char *const log_bin[] = { "ON", "OFF" };
	struct bench bench = bench_new("5.6", "5.6");

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct result result;

		bench_set(&bench, ENDPOINT_SOURCE, FACT_mysql_log_bin, log_bin[i]);
		result = judge(&bench);
		assert_status(result, STATUS_FAIL);
		assert_note(&bench, result.evidence[0].expected, "ROW or MIXED");
		assert_note(&bench, result.evidence[0].actual, "STATEMENT");
		assert_value(result, "value", "STATEMENT");
		assert_value(result, "wanted", "ROW");
	}
	arena_free(bench.arena);
}

static void each_version_is_judged_by_its_value(void **state)
{
	(void)state;
	for (size_t i = 0; i < PRESET_COUNT; i++) {
		struct bench bench = bench_new(presets[i].version, "8.0");

		assert_status(judge(&bench), str_equal(presets[i].binlog_format, "STATEMENT")
		                                     ? STATUS_FAIL
		                                     : STATUS_PASS);
		arena_free(bench.arena);
	}
}

static void any_case_is_the_same_word(void **state)
{
	struct bench bench = bench_new("5.6", "5.6");

	(void)state;
	bench_set(&bench, ENDPOINT_SOURCE, FACT_mysql_binlog_format, "mixed");
	assert_status(judge(&bench), STATUS_PASS);
	arena_free(bench.arena);
}

static void without_the_variable_it_is_skipped_and_without_the_answer_unknown(void **state)
{
	struct bench bench = bench_new("9.7", "9.7");

	(void)state;
	bench_set_absent(&bench, ENDPOINT_SOURCE, FACT_mysql_binlog_format);
	assert_status(judge(&bench), STATUS_SKIP);
	bench_fail_group(&bench, ENDPOINT_SOURCE, GROUP_mysql_variables,
	                 (struct group_status){ .failure = FAILURE_LOST });
	assert_status(judge(&bench), STATUS_UNKNOWN);
	arena_free(bench.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(statement_fails_with_log_bin_on_and_off),
		cmocka_unit_test(each_version_is_judged_by_its_value),
		cmocka_unit_test(any_case_is_the_same_word),
		cmocka_unit_test(without_the_variable_it_is_skipped_and_without_the_answer_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
