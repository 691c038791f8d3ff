#include "tests/checks/preset.h"

extern const struct check check_pair_variable_equal;

static struct result judge(struct bench *bench, enum fact_id id, const char *source,
                           const char *target)
{
	bench_set(bench, ENDPOINT_SOURCE, id, source);
	bench_set(bench, ENDPOINT_TARGET, id, target);
	return bench_judge(
		bench, &check_pair_variable_equal, ENDPOINT_SOURCE,
		WITH(FACT_PARAM("fact", id), TEXTS_PARAM("synonyms", "utf8", "utf8mb3")));
}

static void different_values_fail_and_the_target_is_to_follow(void **state)
{
	struct bench bench = bench_new("5.7", "5.7");
	struct result result = judge(&bench, FACT_mysql_character_set_server, "latin1", "utf8mb4");

	(void)state;
	assert_status(result, STATUS_FAIL);
	assert_int_equal(result.evidence_count, 2);
	assert_string_equal(result.evidence[0].what, "target.character_set_server");
	assert_note(&bench, result.evidence[0].expected, "latin1, as on the source");
	assert_note(&bench, result.evidence[0].actual, "utf8mb4");
	assert_string_equal(result.evidence[1].what, "source.character_set_server");
	assert_value(result, "source.value", "latin1");
	assert_value(result, "target.value", "utf8mb4");
	assert_value(result, "source.literal", "'latin1'");
	result = judge(&bench, FACT_mysql_lower_case_table_names, "1", "0");
	assert_status(result, STATUS_FAIL);
	assert_value(result, "source.literal", "1");
	arena_free(bench.arena);
}

static void equal_values_and_synonyms_pass(void **state)
{
	struct bench bench = bench_new("10.5", "10.11");

	(void)state;
	assert_status(judge(&bench, FACT_mysql_character_set_server, "utf8mb4", "utf8mb4"),
	              STATUS_PASS);
	assert_status(judge(&bench, FACT_mysql_character_set_server, "utf8", "utf8mb3"),
	              STATUS_PASS);
	assert_status(judge(&bench, FACT_mysql_character_set_server, "utf8", "utf8mb4"),
	              STATUS_FAIL);
	assert_status(judge(&bench, FACT_mysql_log_bin, "1", "ON"), STATUS_PASS);
	arena_free(bench.arena);
}

static void every_pair_of_versions_is_judged_by_its_values(void **state)
{
	(void)state;
	for (size_t i = 0; i < PRESET_COUNT * PRESET_COUNT; i++) {
		const struct preset *source = &presets[i / PRESET_COUNT];
		const struct preset *target = &presets[i % PRESET_COUNT];
		struct bench bench = bench_new(source->version, target->version);
		struct result result =
			bench_judge(&bench, &check_pair_variable_equal, ENDPOINT_SOURCE,
		                    WITH(FACT_PARAM("fact", FACT_mysql_character_set_server)));

		assert_status(result, str_equal(source->charset, target->charset) ? STATUS_PASS
		                                                                  : STATUS_FAIL);
		arena_free(bench.arena);
	}
}

/* A server that means harm gets no statement of its own into the advice. */
static void a_value_cannot_leave_its_quotes(void **state)
{
	struct bench bench = bench_new("5.7", "5.7");
	struct result result = judge(&bench, FACT_mysql_character_set_server,
	                             "x'; DROP DATABASE a; -- \\", "latin1");

	(void)state;
	assert_value(result, "source.literal", "'x''; DROP DATABASE a; -- \\\\'");
	arena_free(bench.arena);
}

static void an_absent_variable_skips_and_no_value_is_unknown(void **state)
{
	struct bench bench = bench_new("8.0", "8.0");
	struct result result = judge(&bench, FACT_mysql_gtid_mode, "ON", NULL);

	(void)state;
	assert_status(result, STATUS_SKIP);
	assert_note(&bench, result.reason, "the target has no variable gtid_mode");
	assert_status(judge(&bench, FACT_mysql_gtid_mode, NULL, NULL), STATUS_SKIP);
	result = bench_judge(&bench, &check_pair_variable_equal, ENDPOINT_SOURCE,
	                     WITH(FACT_PARAM("fact", FACT_mysql_channels)));
	assert_status(result, STATUS_UNKNOWN);
	bench_fail_group(&bench, ENDPOINT_TARGET, GROUP_mysql_variables,
	                 (struct group_status){ .failure = FAILURE_LOST });
	result = bench_judge(&bench, &check_pair_variable_equal, ENDPOINT_SOURCE,
	                     WITH(FACT_PARAM("fact", FACT_mysql_log_bin)));
	assert_status(result, STATUS_UNKNOWN);
	arena_free(bench.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(different_values_fail_and_the_target_is_to_follow),
		cmocka_unit_test(equal_values_and_synonyms_pass),
		cmocka_unit_test(every_pair_of_versions_is_judged_by_its_values),
		cmocka_unit_test(a_value_cannot_leave_its_quotes),
		cmocka_unit_test(an_absent_variable_skips_and_no_value_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
