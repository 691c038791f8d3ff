#include "tests/checks/oms_preset.h"

#include "checks/oms/usage.h"

extern const struct check check_oms_cpu, check_oms_memory, check_oms_disk, check_oms_jvm_heap;

static const struct param memory[] = { TEXTS_PARAM("key", "drcCfg.memUsedPercentThresHold"),
	                               TEXTS_PARAM("limit", "0.85"),
	                               { 0 } };
static const struct param disk[] = { TEXTS_PARAM("key", "drcCfg.diskUsedPercentThresHold"),
	                             TEXTS_PARAM("limit", "0.90"),
	                             { 0 } };

static void shares_are_read_exactly(void **state)
{
	static const struct {
		const char *text;
		long long billionths; /* -1: refused */
	} cases[] = {
		{ "0.85", 850000000 },
		{ "0.8573829", 857382900 },
		{ "0", 0 },
		{ "1", 1000000000 },
		{ "1.0", 1000000000 },
		{ "85%", 850000000 },
		{ "85.73829%", 857382900 },
		{ "0.1234567891", 123456789 },
		{ "999999", 999999000000000 },
		{ "", -1 },
		{ ".5", -1 },
		{ "0.", -1 },
		{ "0,85", -1 },
		{ "0.85x", -1 },
		{ "-0.5", -1 },
		{ "9999999", -1 },
		{ "0.85%%", -1 },
		{ " 0.85", -1 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		long long value = -1;

		assert_int_equal(usage_read(cases[i].text, &value), cases[i].billionths >= 0);
		assert_int_equal(value, cases[i].billionths);
	}
}

static void usage_fails_above_the_limit_and_not_at_it(void **state)
{
	struct bench bench = oms_new();
	struct result result;

	(void)state;
	oms_change(&bench, FACT_host_memory, NULL, NULL, "used", "0.85");
	assert_status(oms_judge(&bench, &check_oms_memory, memory), STATUS_PASS);
	oms_change(&bench, FACT_host_memory, NULL, NULL, "used", "0.8573829");
	result = oms_judge(&bench, &check_oms_memory, memory);
	assert_status(result, STATUS_FAIL);
	assert_string_equal(result.evidence[0].what, "memory (" OMS_IP ")");
	assert_note(&bench, result.evidence[0].actual,
	            "0.8573829 of 64.0 GiB, 0.0073 above the limit");
	assert_note(&bench, result.evidence[0].expected,
	            "at most 0.85 (drcCfg.memUsedPercentThresHold, "
	            "/home/ds/cm/package/config/drc-cm.properties:11)");
	assert_string_equal(result.evidence[0].from, "/proc/meminfo");
	assert_value(result, "over", "0.0073");
	assert_value(result, "host", OMS_IP);
	arena_free(bench.arena);
}

static void the_limit_is_cm_s_own_else_the_profile_s(void **state)
{
	struct bench bench = oms_new();
	struct result result;

	(void)state;
	oms_change(&bench, FACT_host_memory, NULL, NULL, "used", "0.9");
	oms_change(&bench, FACT_host_thresholds, "key", "drcCfg.memUsedPercentThresHold", "value",
	           "0.95");
	assert_status(oms_judge(&bench, &check_oms_memory, memory), STATUS_PASS);
	oms_remove(&bench, FACT_host_thresholds, "key", "drcCfg.memUsedPercentThresHold");
	result = oms_judge(&bench, &check_oms_memory, memory);
	assert_status(result, STATUS_FAIL);
	assert_value(result, "limit", "0.85");
	assert_has(note_en(&bench, &result.evidence[0].expected), "where it is not set");
	oms_add(&bench, FACT_host_thresholds,
	        OMS_CELLS("drcCfg.memUsedPercentThresHold", "much", "3"));
	assert_status(oms_judge(&bench, &check_oms_memory, memory), STATUS_UNKNOWN);
	arena_free(bench.arena);
}

static void each_path_of_a_disk_is_judged(void **state)
{
	struct bench bench = oms_new();
	struct result result;

	(void)state;
	oms_change(&bench, FACT_host_disks, "path", "/home/ds/run", "used", "0.95");
	result = oms_judge(&bench, &check_oms_disk, disk);
	assert_status(result, STATUS_FAIL);
	assert_int_equal(result.object_count, 1);
	assert_string_equal(result.objects[0].written, "/home/ds/run");
	assert_value(result, "resource", "/home/ds/run");
	oms_change(&bench, FACT_host_disks, "path", "/home/ds/run", "used", "nan");
	assert_status(oms_judge(&bench, &check_oms_disk, disk), STATUS_UNKNOWN);
	arena_free(bench.arena);
}

/* The line that was pasted counts, whatever is measured now, and where nothing can be. */
static void what_cm_said_confirms_its_own_resource_alone(void **state)
{
	struct bench bench = oms_new();
	struct result result;

	(void)state;
	bench.intent.said = (struct said){ .words = "current memory usage 0.91 exceed limited 0.8",
		                           .resource = "memory",
		                           .host = "10.0.0.7",
		                           .used = "0.91",
		                           .limit = "0.8" };
	result = oms_judge(&bench, &check_oms_memory, memory);
	assert_status(result, STATUS_FAIL);
	assert_value(result, "host", "10.0.0.7");
	assert_value(result, "limit", "0.8");
	assert_value(result, "over", "0.1100");
	assert_string_equal(result.evidence[0].from, bench.intent.said.words);
	assert_status(oms_judge(&bench, &check_oms_disk, disk), STATUS_PASS);
	oms_unname(&bench, ENDPOINT_HOST);
	assert_status(oms_judge(&bench, &check_oms_memory, memory), STATUS_FAIL);
	assert_status(oms_judge(&bench, &check_oms_disk, disk), STATUS_UNKNOWN);
	/* Without a limit of its own it is held against the one that is known. */
	bench.intent.said.limit = NULL;
	assert_status(oms_judge(&bench, &check_oms_memory, memory), STATUS_FAIL);
	bench.intent.said.used = "0.5";
	assert_status(oms_judge(&bench, &check_oms_memory, memory), STATUS_UNKNOWN);
	arena_free(bench.arena);
}

static void heaps_are_summed(void **state)
{
	struct bench bench = oms_new();
	struct result result;

	(void)state;
	oms_change(&bench, FACT_host_memory, NULL, NULL, "total", "10737418240");
	assert_status(oms_judge(&bench, &check_oms_jvm_heap, NULL), STATUS_PASS);
	oms_change(&bench, FACT_host_memory, NULL, NULL, "total", "10737418239");
	result = oms_judge(&bench, &check_oms_jvm_heap, NULL);
	assert_status(result, STATUS_FAIL);
	assert_value(result, "heap", "10.0 GiB");
	/* One that nobody gave a limit adds nothing that is known. */
	oms_change(&bench, FACT_host_jvms, "program", "oms_drc_cm", "heap", NULL);
	assert_status(oms_judge(&bench, &check_oms_jvm_heap, NULL), STATUS_PASS);
	oms_change(&bench, FACT_host_memory, NULL, NULL, "total", NULL);
	assert_status(oms_judge(&bench, &check_oms_jvm_heap, NULL), STATUS_UNKNOWN);
	arena_free(bench.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(shares_are_read_exactly),
		cmocka_unit_test(usage_fails_above_the_limit_and_not_at_it),
		cmocka_unit_test(the_limit_is_cm_s_own_else_the_profile_s),
		cmocka_unit_test(each_path_of_a_disk_is_judged),
		cmocka_unit_test(what_cm_said_confirms_its_own_resource_alone),
		cmocka_unit_test(heaps_are_summed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
