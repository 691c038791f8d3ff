#include "tests/checks/oms/projects.h"

#define STORE_LOG "/home/ds/store/store7100/log/store.log"
#define CHECKER OMS_IP "-9000:connector_v2:np_4w3a-full_trans-1-0:0000000009"

/* --- what is broken ---------------------------------------------------------------------------- */

static void status(struct bench *bench, const char *status)
{
	oms_change(bench, FACT_console_projects, "id", PROJECT, "status", status);
}

static void code(struct bench *bench, const char *step, const char *code)
{
	oms_change(bench, FACT_console_steps, "name", step, "code", code);
	oms_change(bench, FACT_console_steps, "name", step, "message", "in its own words");
}

static void add_checker(struct bench *bench, const char *status)
{
	static const char checker[] = CHECKER;

	oms_add(bench, FACT_console_components,
	        OMS_CELLS(PROJECT, "full_import", checker, OMS_IP, status, NULL, NULL, NULL, NULL,
	                  NULL, NULL, NULL));
}

static void failed(struct bench *bench)
{
	status(bench, "FAILED");
}

static void failed_as_sync(struct bench *bench)
{
	failed(bench);
	oms_change(bench, FACT_console_projects, "id", PROJECT, "type", "SYNC");
}

static void failed_and_migration_asked(struct bench *bench)
{
	failed(bench);
	projects_ask(bench, "alert:oms_migration_failed");
}

static void failed_and_sync_asked(struct bench *bench)
{
	failed(bench);
	projects_ask(bench, "alert:oms_sync_failed");
}

static void sync_failed_and_asked(struct bench *bench)
{
	failed_as_sync(bench);
	projects_ask(bench, "alert:oms_sync_failed");
}

static void sync_failed_and_migration_asked(struct bench *bench)
{
	failed_as_sync(bench);
	projects_ask(bench, "alert:oms_migration_failed");
}

static void failed_with_code(struct bench *bench)
{
	failed(bench);
	code(bench, "INCR_TRANSFER", "CONNECTOR-SIMS00000000");
}

static void failed_with_code_asked(struct bench *bench)
{
	failed_with_code(bench);
	projects_ask(bench, "oms:CONNECTOR-SIMS00000000");
}

static void failed_with_code_another_asked(struct bench *bench)
{
	failed_with_code(bench);
	projects_ask(bench, "oms:CONNECTOR-SIOM00000000");
}

static void failed_without_code_asked(struct bench *bench)
{
	failed(bench);
	projects_ask(bench, "oms:CONNECTOR-SIMS00000000");
}

static void failed_with_a_code_that_varies(struct bench *bench)
{
	failed(bench);
	code(bench, "INCR_TRANSFER", "CONNECTOR-SIKA-X7-001101");
	projects_ask(bench, "oms:CONNECTOR-SIKA-{type}-001101");
}

static void failed_with_one_of_two_meanings(struct bench *bench)
{
	failed(bench);
	code(bench, "INCR_TRANSFER", "SUPERVISOR-CMADIE020208");
	projects_ask(bench, "oms:SUPERVISOR-CMADIE020208#2");
}

static void failed_with_an_unknown_code(struct bench *bench)
{
	failed(bench);
	code(bench, "INCR_TRANSFER", "CM-NEW");
}

static void done_with_code(struct bench *bench)
{
	code(bench, "FULL_TRANSFER", "GHANA-OPEROR000001");
}

static void released_with_code(struct bench *bench)
{
	code(bench, "INCR_TRANSFER", "CONNECTOR-SIMS00000000");
	status(bench, "RELEASED");
}

static void exited(struct bench *bench)
{
	oms_change(bench, FACT_console_components, "kind", "store", "status", "UNEXPECTED_EXIT");
}

static void exited_and_code_asked(struct bench *bench)
{
	exited(bench);
	projects_ask(bench, "oms:CONNECTOR-SIMS00000000");
}

static void in_a_state_not_seen(struct bench *bench)
{
	oms_change(bench, FACT_console_components, "kind", "store", "status", "SLEEPY");
}

static void lose_steps(struct bench *bench)
{
	oms_fail(bench, ENDPOINT_CONSOLE, GROUP_console_steps, FAILURE_TIMEOUT);
}

static void lose_components(struct bench *bench)
{
	oms_fail(bench, ENDPOINT_CONSOLE, GROUP_console_components, FAILURE_TIMEOUT);
}

static void fail_and_lose_steps(struct bench *bench)
{
	failed(bench);
	lose_steps(bench);
}

static void unname(struct bench *bench)
{
	oms_unname(bench, ENDPOINT_CONSOLE);
}

static void no_projects(struct bench *bench)
{
	oms_lay(bench, FACT_console_projects, 0, NULL);
	oms_lay(bench, FACT_console_components, 0, NULL);
	oms_lay(bench, FACT_console_steps, 0, NULL);
}

static void null_cells(struct bench *bench)
{
	oms_add(bench, FACT_console_projects, OMS_CELLS(NULL, NULL, NULL, NULL));
	oms_add(bench, FACT_console_steps,
	        OMS_CELLS(NULL, NULL, NULL, NULL, "CM-SCHEOR000203", NULL, NULL, NULL));
	oms_add(bench, FACT_console_components,
	        OMS_CELLS(NULL, NULL, NULL, NULL, "UNEXPECTED_EXIT", NULL, NULL, NULL, NULL, NULL,
	                  NULL, NULL));
	oms_add(bench, FACT_console_components,
	        OMS_CELLS(PROJECT, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
	                  NULL));
}

static void nameless_component(struct bench *bench)
{
	oms_add(bench, FACT_console_components,
	        OMS_CELLS(PROJECT, "store", NULL, NULL, "UNEXPECTED_EXIT", NULL, NULL, NULL, NULL,
	                  NULL, NULL, NULL));
}

static void cut_steps(struct bench *bench)
{
	projects_cut(bench, FACT_console_steps);
}

static void cut_components(struct bench *bench)
{
	projects_cut(bench, FACT_console_components);
}

/* --- oms.project-failed -------------------------------------------------------------------------- */

static void a_project_fails_by_status_code_or_component(void **state)
{
	static const struct oms_case cases[] = {
		{ "healthy", "oms.project-failed", NULL, STATUS_PASS, NULL, NULL },
		{ "FAILED", "oms.project-failed", failed, STATUS_FAIL, NULL,
		  "np_4w3a (orders) is FAILED. None of its steps says why. Which component it was the console does not say" },
		{ "FAILED at a step", "oms.project-failed", failed, STATUS_FAIL, NULL,
		  "currentStep (np_4w3a (orders))" },
		{ "code", "oms.project-failed", failed_with_code, STATUS_FAIL,
		  "oms:CONNECTOR-SIMS00000000",
		  "INCR_TRANSFER: CONNECTOR-SIMS00000000: in its own words" },
		{ "code without entry", "oms.project-failed", failed_with_an_unknown_code,
		  STATUS_FAIL, NULL, "INCR_TRANSFER ended with CM-NEW: in its own words." },
		{ "code of a step that is done", "oms.project-failed", done_with_code, STATUS_PASS,
		  NULL, NULL },
		{ "code of a project that is over", "oms.project-failed", released_with_code,
		  STATUS_PASS, NULL, NULL },
		{ "exited", "oms.project-failed", exited, STATUS_FAIL, NULL,
		  "UNEXPECTED_EXIT on 10.0.0.3; its log: " STORE_LOG },
		{ "a state that nobody has seen", "oms.project-failed", in_a_state_not_seen,
		  STATUS_PASS, NULL, NULL },
		{ "component without a name", "oms.project-failed", nameless_component, STATUS_FAIL,
		  NULL, "UNEXPECTED_EXIT on -" },
		{ "no steps", "oms.project-failed", lose_steps, STATUS_UNKNOWN, NULL, "steps" },
		{ "no steps, but FAILED", "oms.project-failed", fail_and_lose_steps, STATUS_FAIL,
		  NULL, NULL },
		{ "no components", "oms.project-failed", lose_components, STATUS_UNKNOWN, NULL,
		  "components" },
		{ "not all steps", "oms.project-failed", cut_steps, STATUS_UNKNOWN, NULL, "steps" },
		{ "not all components", "oms.project-failed", cut_components, STATUS_UNKNOWN, NULL,
		  "components" },
		{ "not all components, not needed", "oms.structure-failed", cut_components,
		  STATUS_PASS, NULL, NULL },
		{ "no console", "oms.project-failed", unname, STATUS_UNKNOWN, NULL, "console" },
		{ "no projects", "oms.project-failed", no_projects, STATUS_PASS, NULL, NULL },
		{ "NULL everywhere", "oms.project-failed", null_cells, STATUS_PASS, NULL, NULL },
	};

	(void)state;
	PROJECTS_TRY(cases);
}

static void what_was_asked_narrows(void **state)
{
	static const struct oms_case cases[] = {
		{ "code", "oms.project-failed", failed_with_code_asked, STATUS_FAIL,
		  "oms:CONNECTOR-SIMS00000000", NULL },
		{ "another code", "oms.project-failed", failed_with_code_another_asked, STATUS_PASS,
		  NULL, NULL },
		{ "no code said", "oms.project-failed", failed_without_code_asked, STATUS_UNKNOWN,
		  NULL, "no step of it says why" },
		{ "code with a part that varies", "oms.project-failed",
		  failed_with_a_code_that_varies, STATUS_FAIL, "oms:CONNECTOR-SIKA-{type}-001101",
		  NULL },
		{ "code of two meanings", "oms.project-failed", failed_with_one_of_two_meanings,
		  STATUS_FAIL, "oms:SUPERVISOR-CMADIE020208#2", NULL },
		{ "exited", "oms.project-failed", exited_and_code_asked, STATUS_PASS, NULL, NULL },
		{ "migration", "oms.project-failed", failed_and_migration_asked, STATUS_FAIL, NULL,
		  NULL },
		{ "sync, of a migration", "oms.project-failed", failed_and_sync_asked, STATUS_PASS,
		  NULL, NULL },
		{ "sync", "oms.project-failed", sync_failed_and_asked, STATUS_FAIL, NULL, NULL },
		{ "migration, of a sync", "oms.project-failed", sync_failed_and_migration_asked,
		  STATUS_PASS, NULL, NULL },
	};

	(void)state;
	PROJECTS_TRY(cases);
}

/* --- the rules of single codes -------------------------------------------------------------------- */

static void checker_exited(struct bench *bench)
{
	add_checker(bench, "UNEXPECTED_EXIT");
}

static void checker_in_another_state(struct bench *bench)
{
	failed(bench);
	code(bench, "FULL_TRANSFER", "GHANA-OPEROR000001");
	add_checker(bench, "SLEEPY");
}

static void checker_not_known(struct bench *bench)
{
	failed(bench);
	code(bench, "FULL_TRANSFER", "GHANA-OPEROR000001");
}

static void structure(struct bench *bench)
{
	failed(bench);
	code(bench, "STRUCT_TRANSFER", "GHANA-MIGRAT000201");
}

static void store_start(struct bench *bench)
{
	failed(bench);
	code(bench, "TRANSFER_INCR_LOG_PULL", "CM-SCHEOR000203");
}

static void checker_start(struct bench *bench)
{
	failed(bench);
	code(bench, "FULL_TRANSFER", "CM-SCHEAT000001");
	add_checker(bench, "SLEEPY");
}

static void connector_start(struct bench *bench)
{
	failed(bench);
	code(bench, "INCR_TRANSFER", "CM-SCHEAT000102");
}

static void operation_all(struct bench *bench)
{
	code(bench, "INCR_TRANSFER", "CM-SCHEOR000002");
}

static void operation_part(struct bench *bench)
{
	code(bench, "INCR_TRANSFER", "CM-SCHEOR000003");
}

static void each_code_has_a_rule_that_names_the_component(void **state)
{
	static const struct oms_case cases[] = {
		{ "healthy", "oms.checker-failed", NULL, STATUS_PASS, NULL, NULL },
		{ "exited", "oms.checker-failed", checker_exited, STATUS_FAIL, NULL,
		  "tail -n 100 /home/ds/run/" CHECKER "/logs/error.log" },
		{ "code", "oms.checker-failed", checker_in_another_state, STATUS_FAIL, NULL,
		  "SLEEPY on 10.0.0.3" },
		{ "no component", "oms.checker-failed", checker_not_known, STATUS_FAIL, NULL,
		  "does not say" },
		{ "a Store exited", "oms.checker-failed", exited, STATUS_PASS, NULL, NULL },
		{ "another code", "oms.checker-failed", structure, STATUS_PASS, NULL, NULL },
		{ "no code", "oms.checker-failed", failed, STATUS_UNKNOWN, NULL, "says why" },
		{ "structure", "oms.structure-failed", structure, STATUS_FAIL, NULL,
		  "STRUCT_TRANSFER of np_4w3a (orders)" },
		{ "another code", "oms.structure-failed", store_start, STATUS_PASS, NULL, NULL },
		{ "store", "oms.store-start", store_start, STATUS_FAIL, NULL, STORE_LOG },
		{ "store exited", "oms.store-start", exited, STATUS_FAIL, NULL, OMS_STORE },
		{ "checker", "oms.checker-start", checker_start, STATUS_FAIL, NULL, CHECKER },
		{ "connector", "oms.connector-start", connector_start, STATUS_FAIL, NULL,
		  "/home/ds/run/" CONNECTOR "/logs/error.log" },
		{ "all", "oms.operation-all", operation_all, STATUS_FAIL, NULL,
		  "in its own words" },
		{ "part is not all", "oms.operation-all", operation_part, STATUS_PASS, NULL, NULL },
		{ "part", "oms.operation-part", operation_part, STATUS_FAIL, NULL,
		  "in its own words" },
	};

	(void)state;
	PROJECTS_TRY(cases);
}

/* --- oms.project-inconsistent ----------------------------------------------------------------------- */

static void suspended(struct bench *bench)
{
	status(bench, "SUSPEND");
}

static void suspended_with_a_name_that_bites(struct bench *bench)
{
	suspended(bench);
	oms_change(bench, FACT_console_components, "kind", "incr_sync", "name", "x`; reboot");
}

static void exited_with_a_name_that_bites(struct bench *bench)
{
	exited(bench);
	oms_change(bench, FACT_console_components, "kind", "store", "name",
	           "1-7100:$(reboot):0000000007");
}

static void suspended_at_rest(struct bench *bench)
{
	suspended(bench);
	oms_change(bench, FACT_console_components, "kind", "incr_sync", "status", "SUSPENDED");
}

static void nothing_flows_in_a_project_that_is_stopped(void **state)
{
	static const struct oms_case cases[] = {
		{ "healthy", "oms.project-inconsistent", NULL, STATUS_PASS, NULL, NULL },
		{ "suspended", "oms.project-inconsistent", suspended, STATUS_FAIL, NULL,
		  "ACTIVE, checkpoint 2022-08-01T10:13:17+08:00 (1659319997), delay 3 s" },
		{ "what to stop", "oms.project-inconsistent", suspended, STATUS_FAIL, NULL,
		  "migdoctor connector stop " CONNECTOR },
		{ "a name that bites", "oms.project-inconsistent", suspended_with_a_name_that_bites,
		  STATUS_FAIL, NULL, "`migdoctor connector stop TASK`" },
		{ "a log of a name that bites", "oms.project-failed", exited_with_a_name_that_bites,
		  STATUS_FAIL, NULL, "in state UNEXPECTED_EXIT.\n" },
		{ "at rest", "oms.project-inconsistent", suspended_at_rest, STATUS_PASS, NULL,
		  NULL },
		{ "not all", "oms.project-inconsistent", cut_components, STATUS_UNKNOWN, NULL,
		  NULL },
		{ "not known", "oms.project-inconsistent", lose_components, STATUS_UNKNOWN, NULL,
		  NULL },
		{ "NULL everywhere", "oms.project-inconsistent", null_cells, STATUS_PASS, NULL,
		  NULL },
	};

	(void)state;
	PROJECTS_TRY(cases);
}

static void ten_thousand_projects_are_judged(void **state)
{
	enum { PROJECTS = 10000 };
	struct bench bench = oms_new();
	const char **cells = arena_array(bench.arena, PROJECTS * 4, sizeof(*cells));
	const char **steps = arena_array(bench.arena, PROJECTS * 8, sizeof(*cells));
	struct result result;

	(void)state;
	for (size_t i = 0; i < PROJECTS; i++) {
		cells[i * 4] = steps[i * 8] = arena_printf(bench.arena, "np_%zu", i);
		cells[i * 4 + 3] = "FAILED";
		/* Of projects that the list does not have, too. */
		steps[i * 8] = arena_printf(bench.arena, "np_%zu", 2 * i);
		steps[i * 8 + 4] = "CM-SCHEOR000203";
	}
	oms_lay(&bench, FACT_console_projects, PROJECTS, cells);
	oms_lay(&bench, FACT_console_steps, PROJECTS, steps);
	result = projects_judge(&bench, "oms.project-failed");
	assert_status(result, STATUS_FAIL);
	assert_int_equal(result.objects_total, PROJECTS + PROJECTS / 2);
	assert_true(result.evidence_count < 50 && result.object_count < 50);
	arena_free(bench.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_project_fails_by_status_code_or_component),
		cmocka_unit_test(what_was_asked_narrows),
		cmocka_unit_test(each_code_has_a_rule_that_names_the_component),
		cmocka_unit_test(nothing_flows_in_a_project_that_is_stopped),
		cmocka_unit_test(ten_thousand_projects_are_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
