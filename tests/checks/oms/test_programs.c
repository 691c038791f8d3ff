#include "tests/checks/oms_preset.h"

extern const struct check check_oms_programs_running, check_oms_ports;

#define PROGRAMS FACT_supervisord_programs

static const struct param running[] = {
	TEXTS_PARAM("programs", "oms_drc_supervisor /logs/agent.log", "oms_drc_cm /logs/cm.log",
	            "nginx /logs/nginx.log"),
	TEXTS_PARAM("accept", "RUNNING"),
	TEXTS_PARAM("mention", "sshd"),
	{ 0 },
};

static const struct param ports[] = {
	TEXTS_PARAM("ports", "nginx 8089 nginx_server_port", "oms_drc_cm 8088 cm_server_port"),
	TEXTS_PARAM("accept", "RUNNING"),
	{ 0 },
};

static struct result judge(struct bench *bench)
{
	return oms_judge(bench, &check_oms_programs_running, running);
}

static void programs_that_run_pass(void **state)
{
	struct bench bench = oms_new();

	(void)state;
	assert_status(judge(&bench), STATUS_PASS);
	/* Only the console's trouble, which nobody asked about here. */
	oms_change(&bench, PROGRAMS, "name", "oms_console", "statename", "FATAL");
	assert_status(judge(&bench), STATUS_PASS);
	arena_free(bench.arena);
}

/* Every state that is not RUNNING has words of its own. */
static void each_state_fails_with_what_to_do(void **state)
{
	static const struct {
		const char *state, *exit, *spawnerr, *description, *actual, *next;
	} cases[] = {
		{ "FATAL", "1", "Exited too quickly", "",
		  "FATAL, exit status 1: Exited too quickly", "restart oms_drc_cm" },
		{ "EXITED", "137", "", "Jul 31 08:00 AM",
		  "EXITED, exit status 137: Jul 31 08:00 AM", "/logs/cm.log" },
		{ "BACKOFF", "0", NULL, NULL, "BACKOFF", "-Xmx" },
		{ "STOPPED", "0", "", "Not started", "STOPPED: Not started",
		  "supervisorctl start oms_drc_cm" },
		{ "STARTING", "0", "", "", "STARTING", "tsdb_enabled" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bench bench = oms_new();
		struct result result;

		oms_change(&bench, PROGRAMS, "name", "oms_drc_cm", "statename", cases[i].state);
		oms_change(&bench, PROGRAMS, "name", "oms_drc_cm", "exitstatus", cases[i].exit);
		oms_change(&bench, PROGRAMS, "name", "oms_drc_cm", "spawnerr", cases[i].spawnerr);
		oms_change(&bench, PROGRAMS, "name", "oms_drc_cm", "description",
		           cases[i].description);
		result = judge(&bench);
		assert_status(result, STATUS_FAIL);
		assert_int_equal(result.object_count, 1);
		assert_string_equal(result.objects[0].written, "oms_drc_cm");
		assert_int_equal(result.evidence_count, 1);
		assert_string_equal(result.evidence[0].what, "oms_drc_cm");
		assert_note(&bench, result.evidence[0].expected, "RUNNING");
		assert_note(&bench, result.evidence[0].actual, cases[i].actual);
		assert_string_equal(result.evidence[0].from, "supervisor.getAllProcessInfo");
		assert_has(value_of(&result, "next.en"), cases[i].next);
		assert_value(result, "programs", "oms_drc_cm");
		arena_free(bench.arena);
	}
}

static void missing_programs_and_several_are_listed(void **state)
{
	struct bench bench = oms_new();
	struct result result;

	(void)state;
	oms_remove(&bench, PROGRAMS, "name", "oms_drc_supervisor");
	oms_change(&bench, PROGRAMS, "name", "nginx", "statename", NULL);
	oms_change(&bench, PROGRAMS, "name", "sshd", "statename", "STOPPED");
	result = judge(&bench);
	assert_status(result, STATUS_FAIL);
	assert_int_equal(result.object_count, 2);
	assert_value(result, "programs", "oms_drc_supervisor nginx");
	assert_value(result, "logs", "/logs/agent.log /logs/nginx.log");
	assert_note(&bench, result.evidence[0].actual, "supervisord has no such program");
	/* sshd is shown beside them, and fails nothing. */
	assert_int_equal(result.evidence_count, 3);
	assert_string_equal(result.evidence[2].what, "sshd");
	arena_free(bench.arena);
}

static void sshd_alone_fails_nothing(void **state)
{
	struct bench bench = oms_new();

	(void)state;
	oms_change(&bench, PROGRAMS, "name", "sshd", "statename", "STOPPED");
	assert_status(judge(&bench), STATUS_PASS);
	arena_free(bench.arena);
}

static void without_supervisord_it_is_unknown(void **state)
{
	struct bench bench = oms_new();

	(void)state;
	oms_fail(&bench, ENDPOINT_SUPERVISORD, GROUP_supervisord_programs, FAILURE_TIMEOUT);
	assert_status(judge(&bench), STATUS_UNKNOWN);
	oms_unname(&bench, ENDPOINT_SUPERVISORD);
	assert_status(judge(&bench), STATUS_UNKNOWN);
	arena_free(bench.arena);
}

static void a_running_program_listens(void **state)
{
	struct bench bench = oms_new();
	struct result result;

	(void)state;
	assert_status(oms_judge(&bench, &check_oms_ports, ports), STATUS_PASS);
	oms_remove(&bench, FACT_host_ports, "port", "8089");
	result = oms_judge(&bench, &check_oms_ports, ports);
	assert_status(result, STATUS_FAIL);
	assert_string_equal(result.objects[0].written, "nginx");
	assert_value(result, "port", "8089");
	assert_note(&bench, result.evidence[0].actual,
	            "only these ports have a listener: 8084 8088 8090 9000");
	/* One that does not run has no port to listen on. */
	oms_change(&bench, PROGRAMS, "name", "nginx", "statename", "STARTING");
	assert_status(oms_judge(&bench, &check_oms_ports, ports), STATUS_PASS);
	/* config.yaml moves a port. */
	oms_add(&bench, FACT_host_config, OMS_CELLS("cm_server_port", "18088", "15"));
	result = oms_judge(&bench, &check_oms_ports, ports);
	assert_value(result, "port", "18088");
	arena_free(bench.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(programs_that_run_pass),
		cmocka_unit_test(each_state_fails_with_what_to_do),
		cmocka_unit_test(missing_programs_and_several_are_listed),
		cmocka_unit_test(sshd_alone_fails_nothing),
		cmocka_unit_test(without_supervisord_it_is_unknown),
		cmocka_unit_test(a_running_program_listens),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
