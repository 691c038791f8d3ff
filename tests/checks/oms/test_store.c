#include "tests/checks/oms/projects.h"

/* --- what is broken ---------------------------------------------------------------------------- */

static void stop(struct bench *bench)
{
	oms_change(bench, FACT_cm_stores, NULL, NULL, "status", "1");
	oms_change(bench, FACT_cm_stores, NULL, NULL, "err_msg", "exited");
}

static void age_view(struct bench *bench)
{
	oms_change(bench, FACT_cm_stores, NULL, NULL, "active", "false");
}

static const char other_store[] = "10.0.0.4-7101:" SUBTOPIC ":0000000008";

static void add_live(struct bench *bench)
{
	oms_add(bench, FACT_cm_stores,
	        OMS_CELLS(other_store, "200", "true", "true", "0", NULL, "1659316000", "1659319990",
	                  NULL, NULL, NULL, NULL));
}

static void stop_one_of_two(struct bench *bench)
{
	stop(bench);
	add_live(bench);
}

static void stop_and_age_another(struct bench *bench)
{
	age_view(bench);
	oms_add(bench, FACT_cm_stores,
	        OMS_CELLS(other_store, "200", "true", "true", "1", NULL, NULL, NULL, NULL, NULL,
	                  NULL, NULL));
}

static void stop_another_subtopic(struct bench *bench)
{
	oms_add(bench, FACT_cm_stores,
	        OMS_CELLS("10.0.0.4-7101:p_9_source-000-0:0000000008", "200", "true", "true", "1",
	                  "DRC_500", NULL, NULL, NULL, NULL, NULL, NULL));
}

static void say_the_first_of_two(struct bench *bench)
{
	stop_another_subtopic(bench);
	bench->intent.said.subtopic = SUBTOPIC;
}

static void say_the_topic_of_the_second(struct bench *bench)
{
	stop_another_subtopic(bench);
	bench->intent.said.subtopic = "p_9_source-000";
}

static void say_another(struct bench *bench)
{
	bench->intent.said.subtopic = "p_1_source-000-0";
}

static void suspend(struct bench *bench)
{
	stop(bench);
	oms_change(bench, FACT_console_projects, NULL, NULL, "status", "SUSPEND");
}

static void suspend_and_say(struct bench *bench)
{
	suspend(bench);
	bench->intent.said.subtopic = SUBTOPIC;
}

static void lose_stores(struct bench *bench)
{
	oms_lay(bench, FACT_cm_stores, 0, NULL);
	oms_remove(bench, FACT_console_components, "kind", "store");
}

static void lose_stores_unasked(struct bench *bench)
{
	lose_stores(bench);
	oms_at(bench, FACT_cm_stores)->groups[GROUP_cm_stores].state = GROUP_NOT_ASKED;
}

static void lose_projects(struct bench *bench)
{
	oms_lay(bench, FACT_cm_stores, 0, NULL);
	oms_lay(bench, FACT_console_components, 0, NULL);
	oms_lay(bench, FACT_console_projects, 0, NULL);
}

static void lose_console(struct bench *bench)
{
	oms_lay(bench, FACT_cm_stores, 0, NULL);
	oms_unname(bench, ENDPOINT_CONSOLE);
}

static void name_stores_alone(struct bench *bench)
{
	static const char *const names[] = { OMS_STORE, NULL };

	stop(bench);
	oms_unname(bench, ENDPOINT_CONSOLE);
	bench->intent.oms.stores = names;
}

static void fail_stores(struct bench *bench)
{
	oms_fail(bench, ENDPOINT_CM, GROUP_cm_stores, FAILURE_TIMEOUT);
}

static void refuse(struct bench *bench)
{
	oms_change(bench, FACT_cm_stores, NULL, NULL, "success", "false");
	oms_change(bench, FACT_cm_stores, NULL, NULL, "active", NULL);
	oms_change(bench, FACT_cm_stores, NULL, NULL, "status", NULL);
}

static void empty_cells(struct bench *bench)
{
	static const char *const columns[] = {
		"active", "status", "begin", "end", "http", "success"
	};

	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
		oms_change(bench, FACT_cm_stores, NULL, NULL, columns[i], i % 2 ? "" : NULL);
}

static void strange_name(struct bench *bench)
{
	stop(bench);
	oms_change(bench, FACT_cm_stores, NULL, NULL, "name", "%n{1}\"; rm -rf %s");
	oms_remove(bench, FACT_console_components, "kind", "store");
	oms_remove(bench, FACT_console_components, "kind", "incr_sync");
}

static void unname_cm(struct bench *bench)
{
	oms_unname(bench, ENDPOINT_CM);
}

static void lose_checkpoint(struct bench *bench)
{
	stop(bench);
	oms_change(bench, FACT_console_components, "kind", "incr_sync", "checkpoint", NULL);
}

static void cut_stores(struct bench *bench)
{
	projects_cut(bench, FACT_cm_stores);
}

static void cut_stores_and_say(struct bench *bench)
{
	cut_stores(bench);
	bench->intent.said.subtopic = SUBTOPIC;
}

/* --- oms.store-active ---------------------------------------------------------------------------- */

static void a_subtopic_needs_a_store_that_serves(void **state)
{
	static const struct oms_case cases[] = {
		{ "healthy", "oms.store-active", NULL, STATUS_PASS, NULL, NULL },
		{ "stopped", "oms.store-active", stop, STATUS_FAIL, NULL, "status 1: exited" },
		{ "the log of the stopped one", "oms.store-active", stop, STATUS_FAIL, NULL,
		  "/home/ds/store/store7100/log/store.log" },
		{ "when a new one would start", "oms.store-active", stop, STATUS_FAIL, NULL,
		  "from 2022-08-01T10:03:17+08:00 (1659319397) to 2022-08-01T10:08:17+08:00 "
		  "(1659319697)" },
		{ "no checkpoint known", "oms.store-active", lose_checkpoint, STATUS_FAIL, NULL,
		  "here it is not known" },
		{ "another serves", "oms.store-active", stop_one_of_two, STATUS_PASS, NULL, NULL },
		{ "old view", "oms.store-active", age_view, STATUS_UNKNOWN, NULL, "not current" },
		{ "one dead, one not seen", "oms.store-active", stop_and_age_another,
		  STATUS_UNKNOWN, NULL, "not current" },
		{ "another subtopic", "oms.store-active", stop_another_subtopic, STATUS_FAIL, NULL,
		  "p_9_source-000-0" },
		{ "said one", "oms.store-active", say_the_first_of_two, STATUS_PASS, NULL, NULL },
		{ "said topic", "oms.store-active", say_the_topic_of_the_second, STATUS_FAIL, NULL,
		  "DRC_500" },
		{ "said one that is not known", "oms.store-active", say_another, STATUS_UNKNOWN,
		  NULL, "no Store of p_1_source-000-0 is known" },
		{ "at rest", "oms.store-active", suspend, STATUS_SKIP, NULL,
		  "no project that runs" },
		{ "at rest and reported", "oms.store-active", suspend_and_say, STATUS_FAIL, NULL,
		  NULL },
		{ "none", "oms.store-active", lose_stores, STATUS_FAIL, NULL, "there is no Store" },
		{ "none, CM not asked", "oms.store-active", lose_stores_unasked, STATUS_FAIL, NULL,
		  "no Store" },
		{ "no project", "oms.store-active", lose_projects, STATUS_SKIP, NULL, NULL },
		{ "nothing known", "oms.store-active", lose_console, STATUS_UNKNOWN, NULL,
		  "oms: {stores" },
		{ "the plan alone", "oms.store-active", name_stores_alone, STATUS_FAIL, NULL,
		  NULL },
		{ "no answer", "oms.store-active", fail_stores, STATUS_UNKNOWN, NULL, "timeout" },
		{ "CM refuses", "oms.store-active", refuse, STATUS_UNKNOWN, NULL, "did not say" },
		{ "empty cells", "oms.store-active", empty_cells, STATUS_UNKNOWN, NULL, NULL },
		{ "a name that is none", "oms.store-active", strange_name, STATUS_FAIL, NULL,
		  "rm -rf %s" },
		{ "not all of them", "oms.store-active", cut_stores, STATUS_UNKNOWN, NULL,
		  "only 1 were looked at, and there are 8" },
		{ "all that was asked", "oms.store-active", cut_stores_and_say, STATUS_PASS, NULL,
		  NULL },
		{ "no CM named", "oms.store-active", unname_cm, STATUS_UNKNOWN, NULL,
		  "no cm was named" },
	};

	(void)state;
	PROJECTS_TRY(cases);
}

/* --- oms.store-covers ---------------------------------------------------------------------------- */

static void begin_later(struct bench *bench)
{
	oms_change(bench, FACT_cm_stores, NULL, NULL, "begin", "1659319998");
}

static void end_earlier(struct bench *bench)
{
	oms_change(bench, FACT_cm_stores, NULL, NULL, "end", "1659319000");
}

static void leave_a_gap(struct bench *bench)
{
	end_earlier(bench);
	add_live(bench);
	oms_change(bench, FACT_cm_stores, "begin", "1659316000", "begin", "1659319998");
	oms_change(bench, FACT_cm_stores, "begin", "1659319998", "end", "1659319999");
}

static void say_time(struct bench *bench)
{
	bench->intent.said.checkpoint = "2022-07-30 10:05:00";
}

static void console_date(struct bench *bench)
{
	oms_change(bench, FACT_console_components, "kind", "incr_sync", "checkpoint",
	           "2022-07-30T02:05:00");
}

static void say_time_of_a_zone(struct bench *bench)
{
	bench->intent.said.checkpoint = "2022-07-30T02:05:00Z";
}

static void say_milliseconds(struct bench *bench)
{
	bench->intent.said.checkpoint = "1659146700000";
}

static void say_nonsense(struct bench *bench)
{
	bench->intent.said.checkpoint = "0x5f; DROP";
}

static void say_more_than_the_plan(struct bench *bench)
{
	bench->intent.oms.checkpoint = 1659146700;
	bench->intent.said.checkpoint = "1659319000";
}

static void plan_time(struct bench *bench)
{
	bench->intent.oms.checkpoint = 1659146700;
}

static void say_the_writers(struct bench *bench)
{
	stop_one_of_two(bench);
	bench->intent.said.checkpoint = "1659319997";
}

static void lose_range(struct bench *bench)
{
	oms_change(bench, FACT_cm_stores, NULL, NULL, "begin", "abc");
}

static void no_checkpoint(struct bench *bench)
{
	oms_change(bench, FACT_console_components, "kind", "incr_sync", "checkpoint", "soon");
}

static void checkpoints_are_looked_for_in_ranges(void **state)
{
	static const struct oms_case cases[] = {
		{ "healthy", "oms.store-covers", NULL, STATUS_PASS, NULL, NULL },
		{ "begins later", "oms.store-covers", begin_later, STATUS_FAIL, NULL,
		  "begins later" },
		{ "a new one's start", "oms.store-covers", begin_later, STATUS_FAIL, NULL,
		  "from 2022-08-01T10:03:17+08:00 (1659319397) to 2022-08-01T10:08:17+08:00 "
		  "(1659319697)" },
		{ "ends earlier", "oms.store-covers", end_earlier, STATUS_FAIL, NULL,
		  "may only be late" },
		{ "between", "oms.store-covers", leave_a_gap, STATUS_FAIL, NULL,
		  "between the ranges" },
		{ "the console's date is of UTC", "oms.store-covers", console_date, STATUS_FAIL,
		  NULL, "(1659146700)" },
		{ "said", "oms.store-covers", say_time, STATUS_FAIL, NULL,
		  "2022-07-30T10:05:00+08:00 (1659146700)" },
		{ "said with zone", "oms.store-covers", say_time_of_a_zone, STATUS_FAIL, NULL,
		  "(1659146700)" },
		{ "said in ms", "oms.store-covers", say_milliseconds, STATUS_FAIL, NULL,
		  "(1659146700)" },
		/* 173300 s and ten minutes back are 48.3 hours. */
		{ "how long it has to keep", "oms.store-covers", say_time, STATUS_FAIL, NULL,
		  "at least 176400 (seconds)" },
		{ "said nonsense", "oms.store-covers", say_nonsense, STATUS_UNKNOWN, NULL,
		  "is no time" },
		{ "said before planned", "oms.store-covers", say_more_than_the_plan, STATUS_PASS,
		  NULL, NULL },
		{ "planned", "oms.store-covers", plan_time, STATUS_FAIL, NULL, "(1659146700)" },
		{ "no range", "oms.store-covers", lose_range, STATUS_UNKNOWN, NULL,
		  "is not known" },
		{ "no checkpoint", "oms.store-covers", no_checkpoint, STATUS_UNKNOWN, NULL,
		  "checkpoint" },
		{ "not all of them", "oms.store-covers", cut_stores, STATUS_UNKNOWN, NULL, NULL },
		{ "none serves", "oms.store-covers", stop, STATUS_SKIP, NULL, NULL },
		{ "old view", "oms.store-covers", age_view, STATUS_UNKNOWN, NULL, "not current" },
		/* The Writer stands seven seconds after its end. */
		{ "one of two", "oms.store-covers", stop_one_of_two, STATUS_PASS, NULL, NULL },
		{ "said of one of two", "oms.store-covers", say_the_writers, STATUS_FAIL, NULL,
		  "may only be late" },
	};

	(void)state;
	PROJECTS_TRY(cases);
}

/* --- CM itself ------------------------------------------------------------------------------------- */

static void report(struct bench *bench)
{
	oms_add(bench, FACT_cm_cm_errors,
	        OMS_CELLS("GET /crawler/detail", "CM-RESOIE000202", "No active stores", NULL));
}

static void report_unknown_code(struct bench *bench)
{
	oms_add(bench, FACT_cm_cm_errors,
	        OMS_CELLS("GET /crawler/detail", "CM-NEW", "what", "ever"));
}

static void report_nothing(struct bench *bench)
{
	oms_add(bench, FACT_cm_cm_errors, OMS_CELLS(NULL, NULL, NULL, NULL));
}

static void ask_nothing(struct bench *bench)
{
	oms_fail(bench, ENDPOINT_CM, GROUP_cm_stores, FAILURE_NONE);
	oms_at(bench, FACT_cm_stores)->groups[GROUP_cm_stores].state = GROUP_NOT_ASKED;
}

static void report_and_ask_another(struct bench *bench)
{
	report(bench);
	projects_ask(bench, "oms:CM-RESOIE000201");
}

static void report_and_ask(struct bench *bench)
{
	report_unknown_code(bench);
	report(bench);
	projects_ask(bench, "oms:CM-RESOIE000202");
}

static void cm_speaks_of_itself(void **state)
{
	static const struct oms_case cases[] = {
		{ "healthy", "oms.cm-view", NULL, STATUS_PASS, NULL, NULL },
		{ "old", "oms.cm-view", age_view, STATUS_FAIL, NULL, "active: false" },
		{ "stopped is not old", "oms.cm-view", stop, STATUS_PASS, NULL, NULL },
		{ "not all of them", "oms.cm-view", cut_stores, STATUS_UNKNOWN, NULL, NULL },
		{ "not said", "oms.cm-view", empty_cells, STATUS_UNKNOWN, NULL, NULL },
		{ "nothing known", "oms.cm-view", lose_console, STATUS_UNKNOWN, NULL, NULL },
		{ "no project", "oms.cm-view", lose_projects, STATUS_SKIP, NULL, NULL },
		{ "healthy", "oms.cm-error", NULL, STATUS_PASS, NULL, NULL },
		{ "error", "oms.cm-error", report, STATUS_FAIL, "oms:CM-RESOIE000202",
		  "No active stores" },
		{ "error without entry", "oms.cm-error", report_unknown_code, STATUS_FAIL, NULL,
		  "what; ever" },
		{ "error without a word", "oms.cm-error", report_nothing, STATUS_FAIL, NULL, NULL },
		{ "nothing was asked", "oms.cm-error", ask_nothing, STATUS_SKIP, NULL, NULL },
		{ "no answer", "oms.cm-error", fail_stores, STATUS_UNKNOWN, NULL, "timeout" },
		{ "another asked", "oms.cm-error", report_and_ask_another, STATUS_PASS, NULL,
		  NULL },
		{ "asked", "oms.cm-error", report_and_ask, STATUS_FAIL, "oms:CM-RESOIE000202",
		  NULL },
	};

	(void)state;
	PROJECTS_TRY(cases);
}

/* Stores are unknown because of CM's view, and the rule about that is named. */
static void the_old_view_is_the_root(void **state)
{
	struct bench bench = oms_new();
	const struct rule *rules[2];
	const struct result *results;

	(void)state;
	rules[0] = projects_rule(&bench, "oms.store-active");
	rules[1] = projects_rule(&bench, "oms.cm-view");
	age_view(&bench);
	results = run_judge(bench.arena, rules, 2, &bench.facts, &bench.intent, NULL, 0, 0);
	assert_status(results[0], STATUS_UNKNOWN);
	assert_string_equal(results[0].blocked_by, "oms.cm-view");
	refuse(&bench);
	results = run_judge(bench.arena, rules, 2, &bench.facts, &bench.intent, NULL, 0, 0);
	assert_status(results[0], STATUS_UNKNOWN);
	assert_null(results[0].blocked_by);
	arena_free(bench.arena);
}

/* A group of its own for each, and no comparison of all with all. */
static void ten_thousand_stores_are_judged(void **state)
{
	enum { STORES = 10000 };
	struct bench bench = oms_new();
	const char **cells = arena_array(bench.arena, STORES * 12, sizeof(*cells));
	struct result result;

	(void)state;
	for (size_t i = 0; i < STORES; i++) {
		cells[i * 12] = arena_printf(bench.arena, "10.0.0.3-7100:p_%zu-0:0000000001", i);
		cells[i * 12 + 2] = cells[i * 12 + 3] = "true";
		cells[i * 12 + 4] = "1";
	}
	oms_lay(&bench, FACT_cm_stores, STORES, cells);
	result = projects_judge(&bench, "oms.store-active");
	assert_status(result, STATUS_FAIL);
	assert_int_equal(result.objects_total, STORES);
	assert_true(result.evidence_count < 50);
	assert_has(projects_written(&bench, &result, LANG_EN), "9980 more");
	arena_free(bench.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_subtopic_needs_a_store_that_serves),
		cmocka_unit_test(checkpoints_are_looked_for_in_ranges),
		cmocka_unit_test(cm_speaks_of_itself),
		cmocka_unit_test(the_old_view_is_the_root),
		cmocka_unit_test(ten_thousand_stores_are_judged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
