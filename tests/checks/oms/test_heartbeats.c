#include "tests/checks/oms_preset.h"

extern const struct check check_oms_heartbeat_fresh, check_oms_clock;

#define OTHER "10.0.0.4"
#define BEATS FACT_metadb_heartbeats

#define BEAT_PARAMS                                                         \
	TEXTS_PARAM("task_type", "supervisor"), NUMBER_PARAM("limit", 540), \
		NUMBER_PARAM("step", 1800), NUMBER_PARAM("shift_tolerance", 30)

static const struct param fresh[] = { BEAT_PARAMS,
	                              TEXTS_PARAM("program", "oms_drc_supervisor"),
	                              TEXTS_PARAM("accept", "RUNNING"),
	                              { 0 } };
static const struct param clock_params[] = { BEAT_PARAMS, NUMBER_PARAM("tolerance", 10), { 0 } };

static struct result judge_fresh(struct bench *bench, const char *node)
{
	return oms_judge_at(bench, &check_oms_heartbeat_fresh, ENDPOINT_METADB, fresh, node);
}

static struct result judge_clock(struct bench *bench)
{
	return oms_judge(bench, &check_oms_clock, clock_params);
}

/* What an age means, to both checks, where the clocks that were seen agree. */
static void an_age_is_fresh_old_shifted_or_of_the_future(void **state)
{
	static const struct {
		const char *age;
		enum status fresh, clock;
	} cases[] = {
		{ "0", STATUS_PASS, STATUS_PASS },
		{ "-30", STATUS_PASS, STATUS_PASS },
		{ "540", STATUS_PASS, STATUS_PASS },
		{ "541", STATUS_FAIL, STATUS_PASS },
		{ "1769", STATUS_FAIL, STATUS_PASS },
		{ "1770", STATUS_UNKNOWN, STATUS_UNKNOWN },
		{ "1830", STATUS_UNKNOWN, STATUS_UNKNOWN },
		{ "1831", STATUS_FAIL, STATUS_PASS },
		{ "28803", STATUS_UNKNOWN, STATUS_UNKNOWN },
		{ "28831", STATUS_FAIL, STATUS_PASS },
		{ "-31", STATUS_UNKNOWN, STATUS_FAIL },
		{ "-28797", STATUS_UNKNOWN, STATUS_FAIL },
		{ NULL, STATUS_FAIL, STATUS_PASS },
		{ "soon", STATUS_FAIL, STATUS_PASS },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bench bench = oms_new();

		oms_change(&bench, BEATS, NULL, NULL, "age", cases[i].age);
		print_message("age %s\n", cases[i].age ? cases[i].age : "NULL");
		assert_status(judge_fresh(&bench, NULL), cases[i].fresh);
		assert_status(judge_clock(&bench), cases[i].clock);
		arena_free(bench.arena);
	}
}

static void the_limit_is_that_of_ha(void **state)
{
	struct bench bench = oms_new();
	struct result result;

	(void)state;
	oms_change(&bench, BEATS, NULL, NULL, "age", "700");
	oms_set(&bench, FACT_metadb_ha_down_seconds, "900");
	assert_status(judge_fresh(&bench, NULL), STATUS_PASS);
	oms_set(&bench, FACT_metadb_ha_down_seconds, "600");
	result = judge_fresh(&bench, NULL);
	assert_status(result, STATUS_FAIL);
	assert_value(result, "limit", "600");
	assert_has(note_en(&bench, &result.evidence[0].expected), "of ha.config");
	oms_set(&bench, FACT_metadb_ha_down_seconds, NULL);
	result = judge_fresh(&bench, NULL);
	assert_value(result, "limit", "540");
	assert_has(note_en(&bench, &result.evidence[0].expected), "documented");
	/* Whether anybody writes there at all stands beside it. */
	assert_string_equal(result.evidence[result.evidence_count - 1].what, "heatbeat_sequence");
	assert_has(note_en(&bench, &result.evidence[result.evidence_count - 1].actual), "2 s old");
	arena_free(bench.arena);
}

static void a_heartbeat_under_another_address_is_shown(void **state)
{
	struct bench bench = oms_new();
	struct result result;

	(void)state;
	oms_change(&bench, BEATS, NULL, NULL, "host_ip", "10.9.9.9");
	result = judge_fresh(&bench, NULL);
	assert_status(result, STATUS_FAIL);
	assert_string_equal(result.objects[0].written, OMS_IP);
	assert_note(&bench, result.evidence[0].actual, "no heartbeat");
	assert_int_equal(result.evidence_count, 3);
	assert_string_equal(result.evidence[1].what, "heart_beat of 10.9.9.9");
	assert_has(value_of(&result, "what.en"), OMS_IP " has no heartbeat");
	arena_free(bench.arena);
}

static void other_kinds_of_rows_are_no_heartbeat(void **state)
{
	struct bench bench = oms_new();

	(void)state;
	oms_change(&bench, BEATS, NULL, NULL, "task_type", "store");
	assert_status(judge_fresh(&bench, NULL), STATUS_FAIL);
	arena_free(bench.arena);
}

static void the_youngest_row_of_a_host_counts(void **state)
{
	struct bench bench = oms_new();

	(void)state;
	oms_add(&bench, BEATS, OMS_CELLS("supervisor", OMS_IP, NULL, NULL, "90000"));
	assert_status(judge_fresh(&bench, NULL), STATUS_PASS);
	arena_free(bench.arena);
}

static void each_node_is_judged_or_the_one_that_is_asked_about(void **state)
{
	struct bench bench = oms_new();
	struct result result;

	(void)state;
	oms_add_node(&bench, OTHER);
	oms_change(&bench, BEATS, "host_ip", OTHER, "age", "1250");
	assert_status(judge_fresh(&bench, OMS_IP), STATUS_PASS);
	assert_status(judge_fresh(&bench, OTHER), STATUS_FAIL);
	result = judge_fresh(&bench, NULL);
	assert_int_equal(result.object_count, 1);
	assert_string_equal(result.objects[0].written, OTHER);
	assert_value(result, "ip", OTHER);
	arena_free(bench.arena);
}

/* supervisord speaks for this machine alone. */
static void a_writer_that_is_down_makes_a_round_age_dead(void **state)
{
	struct bench bench = oms_new();

	(void)state;
	oms_add_node(&bench, OTHER);
	oms_change(&bench, BEATS, NULL, NULL, "age", "3600");
	oms_change(&bench, FACT_supervisord_programs, "name", "oms_drc_supervisor", "statename",
	           "STOPPED");
	assert_status(judge_fresh(&bench, OMS_IP), STATUS_FAIL);
	assert_status(judge_fresh(&bench, OTHER), STATUS_UNKNOWN);
	oms_remove(&bench, FACT_supervisord_programs, "name", "oms_drc_supervisor");
	assert_status(judge_fresh(&bench, OMS_IP), STATUS_FAIL);
	oms_unname(&bench, ENDPOINT_SUPERVISORD);
	assert_status(judge_fresh(&bench, OMS_IP), STATUS_UNKNOWN);
	arena_free(bench.arena);
}

static void without_nodes_every_host_that_beats_is_judged(void **state)
{
	struct bench bench = oms_new();

	(void)state;
	oms_unname(&bench, ENDPOINT_HOST);
	oms_remove(&bench, FACT_metadb_hosts, NULL, NULL);
	assert_status(judge_fresh(&bench, NULL), STATUS_PASS);
	oms_change(&bench, BEATS, NULL, NULL, "age", "1250");
	assert_status(judge_fresh(&bench, NULL), STATUS_FAIL);
	oms_remove(&bench, BEATS, NULL, NULL);
	assert_status(judge_fresh(&bench, NULL), STATUS_FAIL);
	arena_free(bench.arena);
}

/* --- clocks --- */

static void clocks_are_judged_beyond_the_doubt_of_the_round_trip(void **state)
{
	static const struct {
		const char *ahead, *round_trip;
		enum status status;
	} cases[] = {
		{ "10000", "0", STATUS_PASS },    { "10001", "0", STATUS_FAIL },
		{ "-10000", "0", STATUS_PASS },   { "-10001", "0", STATUS_FAIL },
		{ "10500", "1000", STATUS_PASS }, { "10501", "1000", STATUS_FAIL },
		{ "10001", NULL, STATUS_FAIL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bench bench = oms_new();

		oms_set(&bench, FACT_metadb_ahead_ms, cases[i].ahead);
		oms_set(&bench, FACT_metadb_round_trip_ms, cases[i].round_trip);
		assert_status(judge_clock(&bench), cases[i].status);
		arena_free(bench.arena);
	}
}

static void a_difference_is_told_with_its_sign(void **state)
{
	struct bench bench = oms_new();
	struct result result;

	(void)state;
	oms_set(&bench, FACT_metadb_ahead_ms, "-61250");
	result = judge_clock(&bench);
	assert_note(&bench, result.evidence[0].actual, "-61.250 s");
	assert_note(&bench, result.evidence[0].expected, "within 10 s");
	oms_set(&bench, FACT_metadb_ahead_ms, "12");
	oms_set(&bench, FACT_host_host_zone_seconds, "-12600");
	result = judge_clock(&bench);
	assert_status(result, STATUS_FAIL);
	assert_note(&bench, result.evidence[0].actual, "+08:00");
	assert_note(&bench, result.evidence[0].expected, "-03:30, as on the host");
	assert_value(result, "zone", "-03:30");
	arena_free(bench.arena);
}

/* The clock of whatever machine migdoctor runs on is none of OMS's. */
static void a_clock_elsewhere_counts_for_nothing(void **state)
{
	struct bench bench = oms_new();

	(void)state;
	oms_unname(&bench, ENDPOINT_HOST);
	oms_set(&bench, FACT_metadb_ahead_ms, "99999999");
	assert_status(judge_clock(&bench), STATUS_PASS);
	oms_change(&bench, BEATS, NULL, NULL, "age", "1250");
	assert_status(judge_clock(&bench), STATUS_UNKNOWN);
	oms_change(&bench, BEATS, NULL, NULL, "age", "-1250");
	assert_status(judge_clock(&bench), STATUS_FAIL);
	oms_remove(&bench, BEATS, NULL, NULL);
	assert_status(judge_clock(&bench), STATUS_UNKNOWN);
	arena_free(bench.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_age_is_fresh_old_shifted_or_of_the_future),
		cmocka_unit_test(the_limit_is_that_of_ha),
		cmocka_unit_test(a_heartbeat_under_another_address_is_shown),
		cmocka_unit_test(other_kinds_of_rows_are_no_heartbeat),
		cmocka_unit_test(the_youngest_row_of_a_host_counts),
		cmocka_unit_test(each_node_is_judged_or_the_one_that_is_asked_about),
		cmocka_unit_test(a_writer_that_is_down_makes_a_round_age_dead),
		cmocka_unit_test(without_nodes_every_host_that_beats_is_judged),
		cmocka_unit_test(clocks_are_judged_beyond_the_doubt_of_the_round_trip),
		cmocka_unit_test(a_difference_is_told_with_its_sign),
		cmocka_unit_test(a_clock_elsewhere_counts_for_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
