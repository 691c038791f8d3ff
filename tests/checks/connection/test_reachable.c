#include "tests/checks/preset.h"

extern const struct check check_connection_reachable;

static struct result judge(struct bench *bench, struct group_status status)
{
	bench_fail_group(bench, ENDPOINT_SOURCE, GROUP_any_connect, status);
	return bench_judge(bench, &check_connection_reachable, ENDPOINT_SOURCE, NULL);
}

static void a_session_passes(void **state)
{
	(void)state;
	for (size_t i = 0; i < PRESET_COUNT; i++) {
		struct bench bench = bench_new(presets[i].version, "8.0");

		assert_status(
			bench_judge(&bench, &check_connection_reachable, ENDPOINT_SOURCE, NULL),
			STATUS_PASS);
		arena_free(bench.arena);
	}
}

static void the_words_of_the_server_are_carried_over(void **state)
{
	struct bench bench = bench_new("8.0", "8.0");
	struct result result = judge(
		&bench,
		(struct group_status){
			.failure = FAILURE_CREDENTIALS,
			.error = 1045,
			.sqlstate = "28000",
			.text = "Access denied for user 'mig'@'10.0.0.7' (using password: YES)",
		});
	const char *words = "ERROR 1045 (28000): Access denied for user 'mig'@'10.0.0.7' "
			    "(using password: YES)";

	(void)state;
	assert_status(result, STATUS_FAIL);
	assert_int_equal(result.evidence_count, 2);
	assert_note(&bench, result.evidence[0].expected, "a session");
	assert_string_equal(result.evidence[0].from, "10.0.0.1:3306");
	assert_note(&bench, result.evidence[1].actual, words);
	assert_value(result, "error", words);
	assert_value(result, "address", "10.0.0.1:3306");
	arena_free(bench.arena);
}

/* A missing plugin comes with the errno of a wrong password. */
static void each_cause_has_words_of_its_own(void **state)
{
	const char *seen[FAILURE_COUNT][2] = { 0 };
	struct bench bench = bench_new("8.0", "8.0");

	(void)state;
	for (int i = FAILURE_NONE + 1; i < FAILURE_COUNT; i++) {
		struct result result = judge(&bench, (struct group_status){
							     .failure = (enum failure)i,
							     .error = 1045,
							     .sqlstate = "28000",
							     .text = "words",
						     });

		if (i == FAILURE_LIBRARY || i == FAILURE_INTERRUPTED)
			continue;
		assert_status(result, STATUS_FAIL);
		seen[i][0] = value_of(&result, "what.en");
		seen[i][1] = value_of(&result, "next.en");
		assert_non_null(value_of(&result, "what.zh"));
		assert_non_null(value_of(&result, "next.zh"));
		assert_note(&bench, result.evidence[0].actual, seen[i][0]);
		for (int j = 0; j < i; j++) {
			assert_true(!seen[j][0] || strcmp(seen[i][0], seen[j][0]) != 0);
			assert_true(!seen[j][1] || strcmp(seen[i][1], seen[j][1]) != 0);
		}
	}
	arena_free(bench.arena);
}

static void what_says_nothing_about_the_server_is_unknown(void **state)
{
	struct bench bench = bench_new("8.0", "8.0");
	struct result result = judge(&bench, (struct group_status){
						     .failure = FAILURE_LIBRARY,
						     .text = "libmariadb.so.3: cannot open",
					     });

	(void)state;
	assert_status(result, STATUS_UNKNOWN);
	assert_has(note_en(&bench, &result.reason), "libmariadb.so.3: cannot open");
	assert_has(note_en(&bench, &result.reason), "libmariadb3");
	result = judge(&bench, (struct group_status){ .failure = FAILURE_INTERRUPTED });
	assert_status(result, STATUS_UNKNOWN);
	bench.facts.at[ENDPOINT_SOURCE].groups[GROUP_any_connect] = (struct group_status){ 0 };
	result = bench_judge(&bench, &check_connection_reachable, ENDPOINT_SOURCE, NULL);
	assert_status(result, STATUS_UNKNOWN);
	assert_note(&bench, result.reason, "no connection to 10.0.0.1:3306 was tried");
	arena_free(bench.arena);
}

static void no_words_leave_the_name_of_the_failure(void **state)
{
	struct bench bench = bench_new("8.0", "8.0");
	struct result result = judge(&bench, (struct group_status){ .failure = FAILURE_TIMEOUT });

	(void)state;
	assert_status(result, STATUS_FAIL);
	assert_value(result, "error", "timeout");
	arena_free(bench.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_session_passes),
		cmocka_unit_test(the_words_of_the_server_are_carried_over),
		cmocka_unit_test(each_cause_has_words_of_its_own),
		cmocka_unit_test(what_says_nothing_about_the_server_is_unknown),
		cmocka_unit_test(no_words_leave_the_name_of_the_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
