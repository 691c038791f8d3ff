#include "tests/checks/preset.h"

extern const struct check check_replication_server_id;

static struct result judge(struct bench *bench, const char *id)
{
	bench_set(bench, ENDPOINT_SOURCE, FACT_mysql_server_id, id);
	return bench_judge(bench, &check_replication_server_id, ENDPOINT_SOURCE,
	                   WITH(TEXTS_PARAM("not", "0", "1")));
}

static void what_was_never_set_fails(void **state)
{
	struct bench bench = bench_new("5.6", "5.6");

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		const char *id = i ? "1" : "0";
		struct result result = judge(&bench, id);

		assert_status(result, STATUS_FAIL);
		assert_note(&bench, result.evidence[0].expected,
		            "a positive number other than 0 or 1");
		assert_note(&bench, result.evidence[0].actual, id);
		assert_value(result, "value", id);
	}
	arena_free(bench.arena);
}

static void the_proposed_number_passes_and_stays_the_same(void **state)
{
	struct bench bench = bench_new("5.6", "5.6");
	struct result result = judge(&bench, "0");
	const char *proposed = value_of(&result, "wanted");

	(void)state;
	assert_status(judge(&bench, proposed), STATUS_PASS);
	result = judge(&bench, "1");
	assert_value(result, "wanted", proposed);
	bench.facts.at[ENDPOINT_SOURCE].address = "10.0.0.9:3306";
	result = judge(&bench, "0");
	assert_string_not_equal(value_of(&result, "wanted"), proposed);
	arena_free(bench.arena);
}

static void the_whole_range_passes(void **state)
{
	struct bench bench = bench_new("11.8", "11.8");

	(void)state;
	assert_status(judge(&bench, "2"), STATUS_PASS);
	assert_status(judge(&bench, "4294967295"), STATUS_PASS);
	assert_status(judge(&bench, "-1"), STATUS_FAIL);
	arena_free(bench.arena);
}

static void without_refused_numbers_any_positive_one_passes(void **state)
{
	struct bench bench = bench_new("8.0", "8.0");
	struct result result;

	(void)state;
	assert_status(bench_judge(&bench, &check_replication_server_id, ENDPOINT_SOURCE, NULL),
	              STATUS_PASS);
	bench_set(&bench, ENDPOINT_SOURCE, FACT_mysql_server_id, "0");
	result = bench_judge(&bench, &check_replication_server_id, ENDPOINT_SOURCE, NULL);
	assert_status(result, STATUS_FAIL);
	assert_note(&bench, result.evidence[0].expected, "a positive number");
	arena_free(bench.arena);
}

static void without_the_variable_it_is_skipped_and_without_the_answer_unknown(void **state)
{
	struct bench bench = bench_new("8.0", "8.0");

	(void)state;
	assert_status(judge(&bench, NULL), STATUS_SKIP);
	bench_fail_group(&bench, ENDPOINT_SOURCE, GROUP_mysql_variables,
	                 (struct group_status){ .failure = FAILURE_LOST });
	assert_status(bench_judge(&bench, &check_replication_server_id, ENDPOINT_SOURCE, NULL),
	              STATUS_UNKNOWN);
	arena_free(bench.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_never_set_fails),
		cmocka_unit_test(the_proposed_number_passes_and_stays_the_same),
		cmocka_unit_test(the_whole_range_passes),
		cmocka_unit_test(without_refused_numbers_any_positive_one_passes),
		cmocka_unit_test(without_the_variable_it_is_skipped_and_without_the_answer_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
