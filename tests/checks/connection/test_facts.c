#include "tests/checks/preset.h"

extern const struct check check_connection_facts;

static struct result judge(struct bench *bench)
{
	return bench_judge(bench, &check_connection_facts, ENDPOINT_TARGET, NULL);
}

static struct group_status denied(const char *text)
{
	return (struct group_status){ .failure = FAILURE_PRIVILEGE,
		                      .error = 1227,
		                      .sqlstate = "42000",
		                      .text = text,
		                      .statement = "SHOW REPLICA STATUS" };
}

static void answered_and_unasked_groups_pass(void **state)
{
	struct bench bench = bench_new("5.6", "9.7");

	(void)state;
	assert_status(judge(&bench), STATUS_PASS);
	bench.facts.at[ENDPOINT_TARGET].groups[GROUP_mysql_replica] = (struct group_status){ 0 };
	assert_status(judge(&bench), STATUS_PASS);
	arena_free(bench.arena);
}

static void a_failed_group_fails_with_the_words_and_the_statement(void **state)
{
	struct bench bench = bench_new("5.6", "9.7");
	struct result result;

	(void)state;
	bench_fail_group(&bench, ENDPOINT_TARGET, GROUP_mysql_replica,
	                 denied("Access denied; you need (at least one of) the SUPER, REPLICATION "
	                        "CLIENT privilege(s) for this operation"));
	result = judge(&bench);
	assert_status(result, STATUS_FAIL);
	assert_int_equal(result.evidence_count, 1);
	assert_string_equal(result.evidence[0].what, "replica");
	assert_string_equal(result.evidence[0].from, "SHOW REPLICA STATUS");
	assert_has(note_en(&bench, &result.evidence[0].actual),
	           "ERROR 1227 (42000): Access denied");
	assert_has(value_of(&result, "next.en"), "the privilege REPLICATION CLIENT on *.*");
	assert_has(value_of(&result, "next.zh"), "REPLICATION CLIENT");
	arena_free(bench.arena);
}

static void the_lesser_privilege_is_named(void **state)
{
	static const struct {
		const char *text, *next;
	} cases[] = {
		{ "need (at least one of) the SUPER, SLAVE MONITOR privilege(s) for",
		  "the privilege SLAVE MONITOR on" },
		{ "need (at least one of) the SUPER,REPLICATION CLIENT privilege(s) for",
		  "the privilege REPLICATION CLIENT on" },
		{ "need (at least one of) the SLAVE MONITOR privilege(s) for",
		  "the privilege SLAVE MONITOR on" },
		{ "SELECT command denied to user", "what the server's words in the evidence name" },
		{ "need (at least one of) the  privilege(s) for", "what the server's words" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bench bench = bench_new("5.6", "10.11");
		struct result result;

		bench_fail_group(&bench, ENDPOINT_TARGET, GROUP_mysql_replica,
		                 denied(cases[i].text));
		result = judge(&bench);
		assert_has(value_of(&result, "next.en"), cases[i].next);
		arena_free(bench.arena);
	}
}

static void every_failed_group_is_evidence(void **state)
{
	struct bench bench = bench_new("5.6", "5.6");
	struct result result;

	(void)state;
	bench_fail_group(&bench, ENDPOINT_TARGET, GROUP_mysql_variables,
	                 (struct group_status){ .failure = FAILURE_TIMEOUT });
	bench_fail_group(&bench, ENDPOINT_TARGET, GROUP_mysql_replica,
	                 (struct group_status){ .failure = FAILURE_LOST, .error = 2013 });
	result = judge(&bench);
	assert_status(result, STATUS_FAIL);
	assert_int_equal(result.evidence_count, 2);
	assert_has(value_of(&result, "next.en"), "--timeout");
	arena_free(bench.arena);
}

static void an_interrupted_run_and_an_unreached_server_are_unknown(void **state)
{
	struct bench bench = bench_new("5.6", "5.6");

	(void)state;
	bench_fail_group(&bench, ENDPOINT_TARGET, GROUP_mysql_variables,
	                 (struct group_status){ .failure = FAILURE_INTERRUPTED });
	assert_status(judge(&bench), STATUS_UNKNOWN);
	bench_fail_group(&bench, ENDPOINT_TARGET, GROUP_any_connect,
	                 (struct group_status){ .failure = FAILURE_REFUSED });
	assert_status(judge(&bench), STATUS_UNKNOWN);
	arena_free(bench.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(answered_and_unasked_groups_pass),
		cmocka_unit_test(a_failed_group_fails_with_the_words_and_the_statement),
		cmocka_unit_test(the_lesser_privilege_is_named),
		cmocka_unit_test(every_failed_group_is_evidence),
		cmocka_unit_test(an_interrupted_run_and_an_unreached_server_are_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
