#include "tests/checks/preset.h"

extern const struct check check_replication_gtid_compatible;

static struct result judge(struct bench *bench)
{
	return bench_judge(bench, &check_replication_gtid_compatible, ENDPOINT_SOURCE,
	                   WITH(TEXTS_PARAM("equal", "5.7")));
}

static void the_table_of_states(void **state)
{
	static const struct {
		const char *source, *source_mode, *target, *target_mode;
		enum status status;
	} cases[] = {
		{ "5.7", "ON", "5.7", "ON", STATUS_PASS },
		{ "5.7", "OFF", "5.7", "OFF", STATUS_PASS },
		{ "5.7", "ON", "5.7", "OFF", STATUS_FAIL },
		{ "5.7", "OFF", "5.7", "ON", STATUS_FAIL },
		{ "5.6", "OFF", "5.7", "ON", STATUS_FAIL },
		{ "5.6", "ON", "5.6", "OFF", STATUS_FAIL },
		{ "5.6", "OFF", "5.6", "ON", STATUS_PASS },
		{ "8.0", "ON", "8.0", "OFF", STATUS_FAIL },
		{ "8.0", "OFF", "8.0", "ON", STATUS_PASS },
		{ "9.7", "ON", "5.6", "OFF", STATUS_FAIL },
		{ "5.6", "OFF", "9.7", "ON", STATUS_PASS },
		{ "5.7", "ON_PERMISSIVE", "5.7", "ON", STATUS_UNKNOWN },
		{ "8.0", "OFF", "8.0", "OFF_PERMISSIVE", STATUS_UNKNOWN },
		/* 5.5 has no gtid_mode, which counts as OFF. */
		{ "5.5", NULL, "5.6", "OFF", STATUS_PASS },
		{ "5.5", NULL, "5.6", "ON", STATUS_PASS },
		{ "5.5", NULL, "5.7", "ON", STATUS_FAIL },
		{ "5.6", "ON", "5.5", NULL, STATUS_FAIL },
		{ "5.1", NULL, "5.5", NULL, STATUS_PASS },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bench bench = bench_new(cases[i].source, cases[i].target);

		bench_set(&bench, ENDPOINT_SOURCE, FACT_mysql_gtid_mode, cases[i].source_mode);
		bench_set(&bench, ENDPOINT_TARGET, FACT_mysql_gtid_mode, cases[i].target_mode);
		assert_status(judge(&bench), cases[i].status);
		arena_free(bench.arena);
	}
}

static void mariadb_on_either_side_is_skipped_as_our_reading(void **state)
{
	static const char *const pairs[][2] = { { "10.11", "5.7" },
		                                { "9.7", "11.8" },
		                                { "10.5", "10.5" } };

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct bench bench = bench_new(pairs[i][0], pairs[i][1]);
		struct result result = judge(&bench);

		assert_status(result, STATUS_SKIP);
		assert_has(note_en(&bench, &result.reason), "as we read it");
		arena_free(bench.arena);
	}
}

static void mariadb_weighs_more_than_a_state_in_between(void **state)
{
	struct bench bench = bench_new("8.0", "10.11");

	(void)state;
	bench_set(&bench, ENDPOINT_SOURCE, FACT_mysql_gtid_mode, "ON_PERMISSIVE");
	assert_status(judge(&bench), STATUS_SKIP);
	arena_free(bench.arena);
}

/* What to run depends on the target's version and on the direction. */
static void the_way_fits_the_target(void **state)
{
	static const struct {
		const char *target, *source_mode, *target_mode, *way;
	} cases[] = {
		{ "5.7", "ON", "OFF", "`SET GLOBAL gtid_mode = ON`" },
		{ "5.7", "OFF", "ON", "`SET GLOBAL gtid_mode = OFF`" },
		{ "8.0", "ON", "OFF", "`SET GLOBAL gtid_mode = ON`" },
		{ "5.6", "ON", "OFF", "`log_slave_updates = ON`" },
		{ "5.5", "ON", NULL, "choose a target of MySQL 5.6 or later" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bench bench = bench_new("5.7", cases[i].target);
		struct result result;

		bench_set(&bench, ENDPOINT_SOURCE, FACT_mysql_gtid_mode, cases[i].source_mode);
		bench_set(&bench, ENDPOINT_TARGET, FACT_mysql_gtid_mode, cases[i].target_mode);
		result = judge(&bench);
		assert_has(value_of(&result, "next.en"), cases[i].way);
		assert_string_not_equal(value_of(&result, "next.zh"), value_of(&result, "next.en"));
		assert_string_equal(result.evidence[0].what, "target.gtid_mode");
		assert_string_equal(result.evidence[1].what, "source.gtid_mode");
		arena_free(bench.arena);
	}
}

static void other_products_are_skipped_and_what_cannot_be_read_is_unknown(void **state)
{
	struct bench bench = bench_new("8.0", "8.0");

	(void)state;
	bench_set(&bench, ENDPOINT_TARGET, FACT_mysql_version, "5.7.25-OceanBase-v4.2.1.0");
	assert_status(judge(&bench), STATUS_SKIP);
	bench_set(&bench, ENDPOINT_TARGET, FACT_mysql_version, "proxy");
	assert_status(judge(&bench), STATUS_UNKNOWN);
	arena_free(bench.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_table_of_states),
		cmocka_unit_test(mariadb_on_either_side_is_skipped_as_our_reading),
		cmocka_unit_test(mariadb_weighs_more_than_a_state_in_between),
		cmocka_unit_test(the_way_fits_the_target),
		cmocka_unit_test(other_products_are_skipped_and_what_cannot_be_read_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
