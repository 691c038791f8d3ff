#include "tests/checks/oms_preset.h"

extern const struct check check_oms_cm_alive, check_oms_console_healthy, check_connection_usable,
	check_connection_reachable;

static const struct param below[] = { NUMBER_PARAM("below", 500), { 0 } };

static struct result judge_cm(struct bench *bench)
{
	return oms_judge_at(bench, &check_oms_cm_alive, ENDPOINT_CM, below, NULL);
}

static struct result judge_console(struct bench *bench)
{
	return oms_judge_at(bench, &check_oms_console_healthy, ENDPOINT_CONSOLE, below, NULL);
}

static void a_status_of_cm_is_life_or_illness(void **state)
{
	static const struct {
		const char *status;
		enum status is;
	} cases[] = { { "200", STATUS_PASS },
		      { "404", STATUS_PASS },
		      { "499", STATUS_PASS },
		      { "500", STATUS_FAIL },
		      { "503", STATUS_FAIL } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bench bench = oms_new();
		struct result result;

		oms_set(&bench, FACT_cm_cm_status, cases[i].status);
		result = judge_cm(&bench);
		assert_status(result, cases[i].is);
		if (cases[i].is == STATUS_FAIL)
			assert_string_equal(value_of(&result, "error") + strlen("HTTP "),
			                    cases[i].status);
		arena_free(bench.arena);
	}
}

static void the_console_says_how_it_is(void **state)
{
	static const struct {
		const char *status, *healthy;
		enum status is;
	} cases[] = {
		{ "200", "true", STATUS_PASS },  { "200", "false", STATUS_FAIL },
		{ "200", NULL, STATUS_UNKNOWN }, { "404", NULL, STATUS_SKIP },
		{ "502", NULL, STATUS_FAIL },    { "500", "true", STATUS_FAIL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bench bench = oms_new();

		oms_set(&bench, FACT_console_console_status, cases[i].status);
		oms_set(&bench, FACT_console_healthy, cases[i].healthy);
		assert_status(judge_console(&bench), cases[i].is);
		arena_free(bench.arena);
	}
}

/* The words are those of an HTTP service, not of a database. */
static void a_service_that_does_not_answer_has_words_of_its_own(void **state)
{
	(void)state;
	for (int i = FAILURE_NONE + 1; i < FAILURE_COUNT; i++) {
		struct bench bench = oms_new();
		struct result result;

		bench_fail_group(
			&bench, ENDPOINT_CM, GROUP_any_connect,
			(struct group_status){ .failure = (enum failure)i, .text = "words" });
		result = judge_cm(&bench);
		if (i == FAILURE_LIBRARY || i == FAILURE_INTERRUPTED) {
			assert_status(result, STATUS_UNKNOWN);
		} else {
			assert_status(result, STATUS_FAIL);
			assert_note(&bench, result.evidence[0].expected, "an answer");
			assert_has(value_of(&result, "what.en"), "http://10.0.0.3:8088");
			assert_null(strstr(value_of(&result, "what.en"), "MySQL"));
			assert_null(strstr(value_of(&result, "next.en"), "MySQL"));
			assert_null(strstr(value_of(&result, "next.en"), "mysql"));
			assert_non_null(value_of(&result, "next.zh"));
		}
		arena_free(bench.arena);
	}
}

static void a_group_that_failed_is_told(void **state)
{
	struct bench bench = oms_new();
	struct result result;

	(void)state;
	bench_fail_group(&bench, ENDPOINT_CM, GROUP_cm_root,
	                 (struct group_status){ .failure = FAILURE_LOST, .text = "gone" });
	result = judge_cm(&bench);
	assert_status(result, STATUS_FAIL);
	assert_has(value_of(&result, "what.en"), "did not answer everything: gone");
	bench_fail_group(&bench, ENDPOINT_CONSOLE, GROUP_console_health,
	                 (struct group_status){ .failure = FAILURE_INTERRUPTED });
	assert_status(judge_console(&bench), STATUS_UNKNOWN);
	arena_free(bench.arena);
}

static void any_status_of_the_agent_is_life(void **state)
{
	struct bench bench = oms_new();
	struct result result;

	(void)state;
	oms_set(&bench, FACT_supervisor_agent_status, "500");
	result = oms_judge_at(&bench, &check_connection_reachable, ENDPOINT_SUPERVISOR, NULL, NULL);
	assert_status(result, STATUS_PASS);
	arena_free(bench.arena);
}

/* One rule says both why the MetaDB cannot be signed in to, and why some of it cannot be read. */
static void usable_is_reached_and_read(void **state)
{
	struct bench bench = oms_new();
	struct result result;

	(void)state;
	result = oms_judge_at(&bench, &check_connection_usable, ENDPOINT_METADB, NULL, NULL);
	assert_status(result, STATUS_PASS);
	bench_fail_group(&bench, ENDPOINT_METADB, GROUP_metadb_hosts,
	                 (struct group_status){ .failure = FAILURE_PRIVILEGE,
	                                        .error = 1142,
	                                        .sqlstate = "42000",
	                                        .text = "SELECT command denied",
	                                        .statement = "SELECT ip FROM host" });
	result = oms_judge_at(&bench, &check_connection_usable, ENDPOINT_METADB, NULL, NULL);
	assert_status(result, STATUS_FAIL);
	assert_string_equal(result.evidence[0].what, "hosts");
	assert_string_equal(result.evidence[0].from, "SELECT ip FROM host");
	assert_has(value_of(&result, "what.en"), "ERROR 1142 (42000): SELECT command denied");
	bench_fail_group(&bench, ENDPOINT_METADB, GROUP_any_connect,
	                 (struct group_status){ .failure = FAILURE_REFUSED });
	result = oms_judge_at(&bench, &check_connection_usable, ENDPOINT_METADB, NULL, NULL);
	assert_status(result, STATUS_FAIL);
	assert_string_equal(result.evidence[0].what, "connection");
	assert_value(result, "what.en", "nobody listens at 10.0.0.5:2883");
	arena_free(bench.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_status_of_cm_is_life_or_illness),
		cmocka_unit_test(the_console_says_how_it_is),
		cmocka_unit_test(a_service_that_does_not_answer_has_words_of_its_own),
		cmocka_unit_test(a_group_that_failed_is_told),
		cmocka_unit_test(any_status_of_the_agent_is_life),
		cmocka_unit_test(usable_is_reached_and_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
