#include "tests/checks/preset.h"

extern const struct check check_pair_server_id_differs;

static struct result judge(struct bench *bench, const char *source, const char *target)
{
	bench_set(bench, ENDPOINT_SOURCE, FACT_mysql_server_id, source);
	bench_set(bench, ENDPOINT_TARGET, FACT_mysql_server_id, target);
	return bench_judge(bench, &check_pair_server_id_differs, ENDPOINT_SOURCE, NULL);
}

static void equal_numbers_fail_and_the_proposed_one_passes(void **state)
{
	struct bench bench = bench_new("5.6", "10.11");
	struct result result = judge(&bench, "7", "7");
	const char *proposed = value_of(&result, "wanted");

	(void)state;
	assert_status(result, STATUS_FAIL);
	assert_string_equal(result.evidence[0].what, "source.server_id");
	assert_note(&bench, result.evidence[0].expected, "other than the target's 7");
	assert_value(result, "value", "7");
	assert_status(judge(&bench, proposed, "7"), STATUS_PASS);
	/* And where both have that very one already. */
	result = judge(&bench, proposed, proposed);
	assert_status(result, STATUS_FAIL);
	assert_string_not_equal(value_of(&result, "wanted"), proposed);
	arena_free(bench.arena);
}

static void different_numbers_pass(void **state)
{
	struct bench bench = bench_new("9.7", "11.8");

	(void)state;
	assert_status(judge(&bench, "1", "2"), STATUS_PASS);
	arena_free(bench.arena);
}

static void without_the_variable_it_is_skipped_and_without_the_answer_unknown(void **state)
{
	struct bench bench = bench_new("8.0", "8.0");
	struct result result = judge(&bench, "1", NULL);

	(void)state;
	assert_status(result, STATUS_SKIP);
	assert_note(&bench, result.reason, "the target has no variable server_id");
	bench_fail_group(&bench, ENDPOINT_TARGET, GROUP_mysql_variables,
	                 (struct group_status){ .failure = FAILURE_LOST });
	assert_status(bench_judge(&bench, &check_pair_server_id_differs, ENDPOINT_SOURCE, NULL),
	              STATUS_UNKNOWN);
	arena_free(bench.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_numbers_fail_and_the_proposed_one_passes),
		cmocka_unit_test(different_numbers_pass),
		cmocka_unit_test(without_the_variable_it_is_skipped_and_without_the_answer_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
