#include "tests/checks/preset.h"

extern const struct check check_replication_log_replica_updates;

static const char *const stopped[] = { "", "10.0.0.9", "3306", "No", "No" };
static const struct group_status denied = {
	.failure = FAILURE_PRIVILEGE,
	.error = 1227,
	.sqlstate = "42000",
	.text = "Access denied; you need (at least one of) the SUPER, SLAVE MONITOR privilege(s) "
		"for this operation",
	.statement = "SHOW ALL SLAVES STATUS",
};

static struct result judge(struct bench *bench)
{
	return bench_judge(bench, &check_replication_log_replica_updates, ENDPOINT_SOURCE, NULL);
}

static void a_stopped_replica_that_does_not_log_fails(void **state)
{
	struct bench bench = bench_new("5.6", "5.6");
	struct result result;

	(void)state;
	preset_channels(&bench, ENDPOINT_SOURCE, stopped, 1);
	result = judge(&bench);
	assert_status(result, STATUS_FAIL);
	assert_int_equal(result.evidence_count, 2);
	assert_string_equal(result.evidence[0].what, "log_slave_updates");
	assert_note(&bench, result.evidence[1].actual, "10.0.0.9:3306, IO No, SQL No");
	assert_value(result, "name", "log_slave_updates");
	arena_free(bench.arena);
}

static void the_newer_name_is_the_one_to_write(void **state)
{
	struct bench bench = bench_new("8.0", "8.0");
	struct result result;

	(void)state;
	bench_set(&bench, ENDPOINT_SOURCE, FACT_mysql_log_replica_updates, "OFF");
	preset_channels(&bench, ENDPOINT_SOURCE, stopped, 1);
	result = judge(&bench);
	assert_status(result, STATUS_FAIL);
	assert_value(result, "name", "log_replica_updates");
	arena_free(bench.arena);
}

static void a_source_that_is_no_replica_passes_whatever_its_version(void **state)
{
	(void)state;
	for (size_t i = 0; i < PRESET_COUNT; i++) {
		struct bench bench = bench_new(presets[i].version, "8.0");

		assert_status(judge(&bench), STATUS_PASS);
		arena_free(bench.arena);
	}
}

static void a_replica_that_logs_passes(void **state)
{
	struct bench bench = bench_new("10.11", "10.11");

	(void)state;
	preset_channels(&bench, ENDPOINT_SOURCE, stopped, 1);
	assert_status(judge(&bench), STATUS_PASS);
	arena_free(bench.arena);
}

static void unread_channels_matter_only_where_it_is_off(void **state)
{
	struct bench bench = bench_new("10.11", "10.11");
	struct result result;

	(void)state;
	bench_fail_group(&bench, ENDPOINT_SOURCE, GROUP_mysql_replica, denied);
	assert_status(judge(&bench), STATUS_PASS);
	bench_set(&bench, ENDPOINT_SOURCE, FACT_mysql_log_replica_updates, "OFF");
	result = judge(&bench);
	assert_status(result, STATUS_UNKNOWN);
	assert_has(note_en(&bench, &result.reason), "ERROR 1227 (42000): Access denied");
	arena_free(bench.arena);
}

static void without_the_variable_it_is_skipped(void **state)
{
	struct bench bench = bench_new("8.0", "8.0");

	(void)state;
	bench_set_absent(&bench, ENDPOINT_SOURCE, FACT_mysql_log_replica_updates);
	assert_status(judge(&bench), STATUS_SKIP);
	arena_free(bench.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stopped_replica_that_does_not_log_fails),
		cmocka_unit_test(the_newer_name_is_the_one_to_write),
		cmocka_unit_test(a_source_that_is_no_replica_passes_whatever_its_version),
		cmocka_unit_test(a_replica_that_logs_passes),
		cmocka_unit_test(unread_channels_matter_only_where_it_is_off),
		cmocka_unit_test(without_the_variable_it_is_skipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
