#include "tests/checks/oms/projects.h"

static void change(struct bench *bench, const char *kind, const char *column, const char *value)
{
	oms_change(bench, FACT_console_components, "kind", kind, column, value);
}

/* --- delays --------------------------------------------------------------------------------------- */

static void store_at_the_limit(struct bench *bench)
{
	change(bench, "store", "delay", "30");
}

static void store_late(struct bench *bench)
{
	change(bench, "store", "delay", "301.5");
}

static void store_late_by_its_end(struct bench *bench)
{
	change(bench, "store", "delay", "soon");
	change(bench, "store", "end", "1659318999");
}

/* As the console prints times: in UTC, and without saying so. */
static void store_late_by_a_date(struct bench *bench)
{
	change(bench, "store", "delay", NULL);
	change(bench, "store", "end", "2022-08-01T01:56:39");
}

static void connector_late_by_a_date(struct bench *bench)
{
	change(bench, "incr_sync", "checkpoint", "2022-08-01T01:56:40");
}

static void store_without_figures(struct bench *bench)
{
	change(bench, "store", "delay", NULL);
	change(bench, "store", "end", "");
}

static void store_ahead(struct bench *bench)
{
	change(bench, "store", "delay", "-7");
}

static void both_late(struct bench *bench)
{
	change(bench, "store", "delay", "1000");
	change(bench, "store", "end", "1659319000");
	change(bench, "incr_sync", "delay", "1003");
	change(bench, "incr_sync", "checkpoint", "1659318997");
}

static void connector_late(struct bench *bench)
{
	change(bench, "incr_sync", "checkpoint", "1659319000");
}

static void connector_late_by_delays(struct bench *bench)
{
	change(bench, "incr_sync", "checkpoint", "{\"" SUBTOPIC "\":\"1659319000\"}");
	change(bench, "incr_sync", "delay", "99999999999999999999");
}

static void connector_late_and_no_store(struct bench *bench)
{
	connector_late(bench);
	change(bench, "incr_sync", "delay", "1000");
	oms_remove(bench, FACT_console_components, "kind", "store");
}

static void connector_near_and_no_store(struct bench *bench)
{
	oms_remove(bench, FACT_console_components, "kind", "store");
}

static void connector_of_another_subtopic(struct bench *bench)
{
	connector_late_and_no_store(bench);
	oms_add(bench, FACT_console_components,
	        OMS_CELLS(PROJECT, "store", "10.0.0.3-7101:p_8-0:0000000001", OMS_IP, "ACTIVE",
	                  NULL, "p_8-0", "2", NULL, NULL, "1659319998", NULL));
}

static void connector_of_two_subtopics(struct bench *bench)
{
	connector_of_another_subtopic(bench);
	change(bench, "incr_sync", "subtopic", SUBTOPIC ", p_8-0");
}

static void late_and_suspended(struct bench *bench)
{
	store_late(bench);
	connector_late(bench);
	oms_change(bench, FACT_console_projects, NULL, NULL, "status", "SUSPEND");
}

static void late_and_sync_asked(struct bench *bench)
{
	store_late(bench);
	connector_late(bench);
	projects_ask(bench, "alert:oms_sync_delay");
}

static void late_and_migration_asked(struct bench *bench)
{
	store_late(bench);
	connector_late(bench);
	projects_ask(bench, "alert:oms_migration_delay");
}

static void lose_components(struct bench *bench)
{
	oms_fail(bench, ENDPOINT_CONSOLE, GROUP_console_components, FAILURE_LOST);
}

static void cut_components(struct bench *bench)
{
	projects_cut(bench, FACT_console_components);
}

static void a_delay_has_a_side(void **state)
{
	static const struct oms_case cases[] = {
		{ "healthy", "oms.lag-store", NULL, STATUS_PASS, NULL, NULL },
		{ "at the limit", "oms.lag-store", store_at_the_limit, STATUS_PASS, NULL, NULL },
		{ "late", "oms.lag-store", store_late, STATUS_FAIL, NULL,
		  "301 s behind the present: passes HIGH (30 s), MEDIUM (300 s); it has read up "
		  "to 2022-08-01T10:13:18+08:00" },
		{ "the log", "oms.lag-store", store_late, STATUS_FAIL, NULL,
		  "/home/ds/store/store7100/log/store.log" },
		{ "by its end", "oms.lag-store", store_late_by_its_end, STATUS_FAIL, NULL,
		  "1001 s behind the present: passes HIGH (30 s), MEDIUM (300 s), LOW (900 s)" },
		{ "by a date", "oms.lag-store", store_late_by_a_date, STATUS_FAIL, NULL,
		  "1001 s behind the present" },
		{ "no figures", "oms.lag-store", store_without_figures, STATUS_UNKNOWN, NULL,
		  OMS_STORE },
		{ "ahead", "oms.lag-store", store_ahead, STATUS_PASS, NULL, NULL },
		{ "connector late", "oms.lag-store", connector_late, STATUS_PASS, NULL, NULL },
		{ "suspended", "oms.lag-store", late_and_suspended, STATUS_PASS, NULL, NULL },
		{ "sync asked", "oms.lag-store", late_and_sync_asked, STATUS_PASS, NULL, NULL },
		{ "migration asked", "oms.lag-store", late_and_migration_asked, STATUS_FAIL, NULL,
		  NULL },
		{ "not all", "oms.lag-store", cut_components, STATUS_UNKNOWN, NULL, NULL },
		{ "not known", "oms.lag-store", lose_components, STATUS_UNKNOWN, NULL, NULL },
		{ "healthy", "oms.lag-connector", NULL, STATUS_PASS, NULL, NULL },
		{ "both late alike", "oms.lag-connector", both_late, STATUS_PASS, NULL, NULL },
		{ "late", "oms.lag-connector", connector_late, STATUS_FAIL, NULL,
		  "998 s behind its Store: passes HIGH (30 s), MEDIUM (300 s), LOW (900 s)" },
		{ "the log", "oms.lag-connector", connector_late, STATUS_FAIL, NULL,
		  "tail -n 100 /home/ds/run/" CONNECTOR "/logs/error.log" },
		{ "by a date", "oms.lag-connector", connector_late_by_a_date, STATUS_FAIL, NULL,
		  "998 s behind its Store" },
		{ "by delays", "oms.lag-connector", connector_late_by_delays, STATUS_FAIL, NULL,
		  "LOW (900 s)" },
		{ "no Store", "oms.lag-connector", connector_late_and_no_store, STATUS_UNKNOWN,
		  NULL, "is not known" },
		{ "no Store, near", "oms.lag-connector", connector_near_and_no_store, STATUS_PASS,
		  NULL, NULL },
		{ "another's Store", "oms.lag-connector", connector_of_another_subtopic,
		  STATUS_UNKNOWN, NULL, NULL },
		{ "two Stores", "oms.lag-connector", connector_of_two_subtopics, STATUS_FAIL, NULL,
		  NULL },
		{ "suspended", "oms.lag-connector", late_and_suspended, STATUS_PASS, NULL, NULL },
		{ "sync asked", "oms.lag-connector", late_and_sync_asked, STATUS_PASS, NULL, NULL },
		{ "migration asked", "oms.lag-connector", late_and_migration_asked, STATUS_FAIL,
		  NULL, NULL },
		{ "not all", "oms.lag-connector", cut_components, STATUS_UNKNOWN, NULL, NULL },
		{ "not known", "oms.lag-connector", lose_components, STATUS_UNKNOWN, NULL, NULL },
	};

	(void)state;
	PROJECTS_TRY(cases);
}

/* --- logs ------------------------------------------------------------------------------------------ */

#define ERROR_LOG "/home/ds/run/x/logs/error.log"

static void log_code(struct bench *bench)
{
	oms_add(bench, FACT_host_log_codes,
	        OMS_CELLS(ERROR_LOG, "2022-08-01 10:00:00 CONNECTOR-SIMS00000000 lost",
	                  "oms:CONNECTOR-SIMS00000000", "17"));
}

static void log_code_and_ask(struct bench *bench)
{
	oms_add(bench, FACT_host_log_codes,
	        OMS_CELLS(ERROR_LOG, "other", "oms:CONNECTOR-SIOM00000000", "1"));
	log_code(bench);
	projects_ask(bench, "oms:CONNECTOR-SIMS00000000");
}

static void log_code_and_ask_another(struct bench *bench)
{
	log_code(bench);
	projects_ask(bench, "oms:CONNECTOR-SIOM00000000");
}

static void log_code_of_another_family(struct bench *bench)
{
	oms_add(bench, FACT_host_log_codes, OMS_CELLS(ERROR_LOG, "x", "mysql:1146", "1"));
}

static void log_without_code(struct bench *bench)
{
	oms_add(bench, FACT_host_log_codes, OMS_CELLS(NULL, NULL, NULL, NULL));
}

static void log_code_and_one_unread(struct bench *bench)
{
	log_code(bench);
	oms_add(bench, FACT_host_logs, OMS_CELLS("/home/admin/logs/x", "0", "Permission denied"));
}

static void logs_unread(struct bench *bench)
{
	oms_change(bench, FACT_host_logs, NULL, NULL, "why", "Permission denied");
}

static void no_logs(struct bench *bench)
{
	oms_lay(bench, FACT_host_logs, 0, NULL);
}

static void unname_host(struct bench *bench)
{
	oms_unname(bench, ENDPOINT_HOST);
}

static void logs_tell_codes(void **state)
{
	static const struct oms_case cases[] = {
		{ "healthy", "oms.error-logs", NULL, STATUS_PASS, NULL, NULL },
		{ "code", "oms.error-logs", log_code, STATUS_FAIL, "oms:CONNECTOR-SIMS00000000",
		  "17 times; the newest: 2022-08-01 10:00:00" },
		{ "asked", "oms.error-logs", log_code_and_ask, STATUS_FAIL,
		  "oms:CONNECTOR-SIMS00000000", NULL },
		{ "another asked", "oms.error-logs", log_code_and_ask_another, STATUS_PASS, NULL,
		  NULL },
		{ "another family", "oms.error-logs", log_code_of_another_family, STATUS_PASS, NULL,
		  NULL },
		{ "NULL", "oms.error-logs", log_without_code, STATUS_PASS, NULL, NULL },
		{ "one unread", "oms.error-logs", log_code_and_one_unread, STATUS_FAIL,
		  "oms:CONNECTOR-SIMS00000000", "Permission denied" },
		{ "all unread", "oms.error-logs", logs_unread, STATUS_UNKNOWN, NULL,
		  "Permission denied" },
		{ "none", "oms.error-logs", no_logs, STATUS_UNKNOWN, NULL, NULL },
		{ "not the host", "oms.error-logs", unname_host, STATUS_UNKNOWN, NULL, NULL },
	};
	struct bench bench = oms_new();

	(void)state;
	PROJECTS_TRY(cases);
	assert_int_equal(projects_rule(&bench, "oms.error-logs")->severity, LEVEL_WARNING);
	arena_free(bench.arena);
}

/* --- high availability ------------------------------------------------------------------------------ */

static void ha(struct bench *bench)
{
	oms_set(bench, FACT_metadb_ha_config, "{\"enable\": true, \"enableHost\" : true}");
}

static void host_down(struct bench *bench)
{
	ha(bench);
	oms_change(bench, FACT_metadb_heartbeats, NULL, NULL, "age", "541");
}

static void host_down_after_a_minute(struct bench *bench)
{
	ha(bench);
	oms_change(bench, FACT_metadb_heartbeats, NULL, NULL, "age", "61");
	oms_set(bench, FACT_metadb_ha_down_seconds, "60");
}

static void host_down_and_no_figure(struct bench *bench)
{
	host_down(bench);
	oms_set(bench, FACT_metadb_ha_down_seconds, NULL);
}

static void host_down_without_ha(struct bench *bench)
{
	host_down(bench);
	oms_set(bench, FACT_metadb_ha_config, "{\"enableHost\":false,\"x\":true}");
}

static void host_down_and_cut_config(struct bench *bench)
{
	host_down(bench);
	oms_set(bench, FACT_metadb_ha_config, "{\"enableHost\"");
}

static void host_down_and_no_config(struct bench *bench)
{
	host_down(bench);
	oms_set(bench, FACT_metadb_ha_config, NULL);
}

static void strange_age(struct bench *bench)
{
	ha(bench);
	oms_change(bench, FACT_metadb_heartbeats, NULL, NULL, "age", "long");
}

static void ha_moves_what_is_on_a_host_that_is_down(void **state)
{
	static const struct oms_case cases[] = {
		{ "off", "oms.ha-migration", NULL, STATUS_SKIP, NULL, "enableHost" },
		{ "on", "oms.ha-migration", ha, STATUS_PASS, NULL, NULL },
		{ "down", "oms.ha-migration", host_down, STATUS_FAIL, NULL,
		  "541 s ago; the console places 2 components there" },
		{ "its own figure", "oms.ha-migration", host_down_after_a_minute, STATUS_FAIL, NULL,
		  "After 60 s" },
		{ "default figure", "oms.ha-migration", host_down_and_no_figure, STATUS_FAIL, NULL,
		  "After 540 s" },
		{ "off and down", "oms.ha-migration", host_down_without_ha, STATUS_SKIP, NULL,
		  NULL },
		{ "cut", "oms.ha-migration", host_down_and_cut_config, STATUS_SKIP, NULL, NULL },
		{ "absent", "oms.ha-migration", host_down_and_no_config, STATUS_SKIP, NULL, NULL },
		{ "no age", "oms.ha-migration", strange_age, STATUS_PASS, NULL, NULL },
	};

	(void)state;
	PROJECTS_TRY(cases);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_delay_has_a_side),
		cmocka_unit_test(logs_tell_codes),
		cmocka_unit_test(ha_moves_what_is_on_a_host_that_is_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
