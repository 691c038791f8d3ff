#include "tests/checks/preset.h"

extern const struct check check_pair_version_path;

static struct result judge(struct bench *bench)
{
	return bench_judge(bench, &check_pair_version_path, ENDPOINT_SOURCE,
	                   WITH(TEXTS_PARAM("paths", "5.1->5.5", "5.5->5.6")));
}

static void only_the_same_series_and_the_listed_steps_pass(void **state)
{
	(void)state;
	for (size_t i = 0; i < PRESET_COUNT; i++) {
		for (size_t j = 0; j < PRESET_COUNT; j++) {
			struct bench bench = bench_new(presets[i].version, presets[j].version);
			bool listed = (i == 0 && j == 1) || (i == 1 && j == 2);

			assert_status(judge(&bench), i == j || listed ? STATUS_PASS : STATUS_FAIL);
			arena_free(bench.arena);
		}
	}
}

static void the_patch_and_its_suffix_do_not_matter(void **state)
{
	struct bench bench = bench_new("8.0", "8.0");

	(void)state;
	bench_set(&bench, ENDPOINT_TARGET, FACT_mysql_version, "8.0.11-log");
	assert_status(judge(&bench), STATUS_PASS);
	bench_set(&bench, ENDPOINT_SOURCE, FACT_mysql_version, "9.0.1");
	bench_set(&bench, ENDPOINT_TARGET, FACT_mysql_version, "9.7.4-2");
	assert_status(judge(&bench), STATUS_FAIL);
	bench_set(&bench, ENDPOINT_SOURCE, FACT_mysql_version, "5.5.5-10.11.6-MariaDB");
	bench_set(&bench, ENDPOINT_TARGET, FACT_mysql_version, "10.11.19-MariaDB-log");
	assert_status(judge(&bench), STATUS_PASS);
	arena_free(bench.arena);
}

/* MariaDB had a 5.5, too, and steps are MySQL's alone. */
static void mariadb_does_not_take_the_steps_of_mysql(void **state)
{
	struct bench bench = bench_new("5.5", "5.6");
	struct result result;

	(void)state;
	bench_set(&bench, ENDPOINT_SOURCE, FACT_mysql_version, "5.5.68-MariaDB");
	result = judge(&bench);
	assert_status(result, STATUS_FAIL);
	assert_note(&bench, result.evidence[0].expected, "MariaDB 5.5");
	bench_set(&bench, ENDPOINT_TARGET, FACT_mysql_version, "5.5.62");
	assert_status(judge(&bench), STATUS_FAIL);
	arena_free(bench.arena);
}

static void a_failure_says_where_the_source_may_go(void **state)
{
	struct bench bench = bench_new("5.5", "5.7");
	struct result result = judge(&bench);

	(void)state;
	assert_string_equal(result.evidence[0].what, "target.version");
	assert_note(&bench, result.evidence[0].expected, "MySQL 5.5 or MySQL 5.6");
	assert_note(&bench, result.evidence[0].actual, "5.7.44");
	assert_value(result, "source.value", "MySQL 5.5");
	assert_value(result, "target.value", "MySQL 5.7");
	assert_value(
		result, "next.en",
		"Choose a target of MySQL 5.5 or MySQL 5.6; or upgrade the source to MySQL 5.7 "
		"first, step by step as its upgrade guide says, and check again.");
	assert_has(value_of(&result, "next.zh"), "MySQL 5.5 \xe6\x88\x96 MySQL 5.6");
	arena_free(bench.arena);
}

/* Nobody upgrades 9.7 to 5.6, or MySQL to MariaDB. */
static void an_upgrade_is_advised_only_where_there_is_one(void **state)
{
	static const char *const pairs[][2] = { { "9.7", "5.6" }, { "9.7", "10.11" } };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct bench bench = bench_new(pairs[i][0], pairs[i][1]);
		struct result result = judge(&bench);

		assert_value(result, "next.en", "Choose a target of MySQL 9.7.");
		arena_free(bench.arena);
	}
}

static void a_version_without_a_number_is_unknown(void **state)
{
	struct bench bench = bench_new("8.0", "8.0");
	struct result result;

	(void)state;
	bench_set(&bench, ENDPOINT_TARGET, FACT_mysql_version, "proxy");
	result = judge(&bench);
	assert_status(result, STATUS_UNKNOWN);
	assert_has(note_en(&bench, &result.reason), "\"proxy\"");
	arena_free(bench.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_the_same_series_and_the_listed_steps_pass),
		cmocka_unit_test(the_patch_and_its_suffix_do_not_matter),
		cmocka_unit_test(mariadb_does_not_take_the_steps_of_mysql),
		cmocka_unit_test(a_failure_says_where_the_source_may_go),
		cmocka_unit_test(an_upgrade_is_advised_only_where_there_is_one),
		cmocka_unit_test(a_version_without_a_number_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
