#include "tests/checks/oms_preset.h"

extern const struct check check_oms_config_valid, check_oms_config_readable,
	check_oms_config_cm_url, check_oms_region_default;

#define CONFIG FACT_host_config

static const struct param valid[] = {
	TEXTS_PARAM("required", "oms_meta_password", "cm_location", "cm_nodes", "cm_url"),
	TEXTS_PARAM("implied", "tsdb_enabled true tsdb_url"),
	TEXTS_PARAM("ranges", "cm_location 0 127", "cm_server_port 1025 65535"),
	TEXTS_PARAM("words", "tsdb_service INFLUXDB CERESDB", "cm_is_default true false"),
	TEXTS_PARAM("refused", "oms_meta_user *@sys*", "cm_nodes 127.*"),
	TEXTS_PARAM("unique", "cm_nodes"),
	TEXTS_PARAM("urls", "cm_url cm_server_port 8088"),
	{ 0 },
};

/* A value of a key that stands there, or one more line; NULL takes the key away. */
static void put(struct bench *bench, const char *key, const char *value)
{
	const struct rows *rows = oms_rows(bench, CONFIG);

	for (size_t i = 0; i < rows->count; i++) {
		if (!str_equal(rows_get(rows, i, "key"), key))
			continue;
		if (value)
			oms_config_set(bench, key, value);
		else
			oms_remove(bench, CONFIG, "key", key);
		return;
	}
	oms_add(bench, CONFIG, OMS_CELLS(key, value, "15"));
}

static void values_that_are_right_pass(void **state)
{
	static const char *const right[][2] = {
		{ "cm_location", "0" },         { "cm_location", "127" },
		{ "cm_server_port", "8088" },   { "tsdb_service", "influxdb" },
		{ "cm_is_default", "False" },   { "cm_url", "https://vip.example:8088/" },
		{ "oms_meta_user", "sys@oms" }, { "tsdb_enabled", "false" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(right) / sizeof(right[0]); i++) {
		struct bench bench = oms_new();

		put(&bench, right[i][0], right[i][1]);
		assert_status(oms_judge(&bench, &check_oms_config_valid, valid), STATUS_PASS);
		arena_free(bench.arena);
	}
}

static void values_that_are_wrong_fail_with_key_and_line(void **state)
{
	static const struct {
		const char *key, *value;
		const char *fails; /* the key, where it is another */
		const char *expected, *actual, *from;
	} cases[] = {
		{ "oms_meta_password", "", NULL, "a value", "empty", ":4" },
		{ "oms_meta_password", NULL, NULL, "a value", "not there", NULL },
		{ "cm_nodes", NULL, NULL, "a value", "not there", NULL },
		{ "tsdb_enabled", "true", "tsdb_url", "a value", "not there", NULL },
		{ "cm_location", "128", NULL, "a whole number from 0 to 127", "128", ":9" },
		{ "cm_location", "-1", NULL, "a whole number from 0 to 127", "-1", ":9" },
		{ "cm_location", "1.5", NULL, "a whole number from 0 to 127", "1.5", ":9" },
		{ "tsdb_service", "OPENTSDB", NULL, "INFLUXDB or CERESDB", "OPENTSDB", ":15" },
		{ "cm_is_default", "ja", NULL, "true or false", "ja", ":12" },
		{ "oms_meta_user", "root@sys#ob", NULL, "nothing like *@sys*", "root@sys#ob",
		  ":3" },
		{ "cm_nodes", "127.0.0.1", NULL, "nothing like 127.*", "127.0.0.1", ":13" },
		{ "cm_url", "http://10.0.0.3:8089", NULL, "http://ADDRESS:8088",
		  "http://10.0.0.3:8089", ":8" },
		{ "cm_url", "http://10.0.0.3", NULL, "http://ADDRESS:8088", "http://10.0.0.3",
		  ":8" },
		{ "cm_url", "10.0.0.3:8088", NULL, "http://ADDRESS:8088", "10.0.0.3:8088", ":8" },
		{ "cm_url", "http://:8088", NULL, "http://ADDRESS:8088", "http://:8088", ":8" },
		{ "cm_url", "http://10.0.0.3:80881", NULL, "http://ADDRESS:8088",
		  "http://10.0.0.3:80881", ":8" },
		{ "cm_url", "http://10.0.0.3:8088/x", NULL, "http://ADDRESS:8088",
		  "http://10.0.0.3:8088/x", ":8" },
		{ "cm_server_port", "8188", "cm_url", "http://ADDRESS:8188", "http://10.0.0.3:8088",
		  ":8" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bench bench = oms_new();
		const char *key = cases[i].fails ? cases[i].fails : cases[i].key;
		struct result result;

		put(&bench, cases[i].key, cases[i].value);
		result = oms_judge(&bench, &check_oms_config_valid, valid);
		assert_status(result, STATUS_FAIL);
		assert_int_equal(result.evidence_count, 1);
		assert_string_equal(result.evidence[0].what, key);
		assert_string_equal(result.objects[0].written, key);
		assert_note(&bench, result.evidence[0].expected, cases[i].expected);
		assert_note(&bench, result.evidence[0].actual, cases[i].actual);
		assert_string_equal(result.evidence[0].from,
		                    arena_printf(bench.arena, "/home/admin/conf/config.yaml%s",
		                                 cases[i].from ? cases[i].from : ""));
		arena_free(bench.arena);
	}
}

static void a_node_that_stands_twice_is_shown_with_both_lines(void **state)
{
	struct bench bench = oms_new();
	struct result result;

	(void)state;
	oms_add(&bench, CONFIG, OMS_CELLS("cm_nodes", OMS_IP, "14"));
	result = oms_judge(&bench, &check_oms_config_valid, valid);
	assert_status(result, STATUS_FAIL);
	assert_note(&bench, result.evidence[0].actual, OMS_IP ", as on line 13");
	assert_string_equal(result.evidence[0].from, "/home/admin/conf/config.yaml:14");
	arena_free(bench.arena);
}

/* A trial on one machine, whose owner says that 127.0.0.1 is its address. */
static void an_address_of_the_plan_is_not_refused(void **state)
{
	struct bench bench = oms_new();

	(void)state;
	put(&bench, "cm_nodes", "127.0.0.1");
	assert_status(oms_judge(&bench, &check_oms_config_valid, valid), STATUS_FAIL);
	bench.intent.oms.host_ip = "127.0.0.1";
	assert_status(oms_judge(&bench, &check_oms_config_valid, valid), STATUS_PASS);
	arena_free(bench.arena);
}

static void all_that_is_wrong_is_told_at_once(void **state)
{
	struct bench bench = oms_new();
	struct result result;

	(void)state;
	put(&bench, "oms_meta_password", "");
	put(&bench, "cm_location", "700");
	put(&bench, "cm_url", "http://10.0.0.3");
	result = oms_judge(&bench, &check_oms_config_valid, valid);
	assert_int_equal(result.evidence_count, 3);
	assert_int_equal(result.object_count, 3);
	assert_value(result, "key", "oms_meta_password");
	arena_free(bench.arena);
}

static void a_file_that_cannot_be_read_is_told_in_its_reader_s_words(void **state)
{
	struct bench bench = oms_new();
	struct result result;

	(void)state;
	assert_status(oms_judge_at(&bench, &check_oms_config_readable, ENDPOINT_HOST, NULL, NULL),
	              STATUS_PASS);
	bench_fail_group(&bench, ENDPOINT_HOST, GROUP_host_config,
	                 (struct group_status){ .failure = FAILURE_OTHER,
	                                        .text = "/c.yaml:3:9: a tab",
	                                        .statement = "/c.yaml" });
	result = oms_judge_at(&bench, &check_oms_config_readable, ENDPOINT_HOST, NULL, NULL);
	assert_status(result, STATUS_FAIL);
	assert_value(result, "file", "/c.yaml");
	assert_value(result, "error", "/c.yaml:3:9: a tab");
	bench.facts.at[ENDPOINT_HOST].groups[GROUP_host_config].failure = FAILURE_INTERRUPTED;
	result = oms_judge_at(&bench, &check_oms_config_readable, ENDPOINT_HOST, NULL, NULL);
	assert_status(result, STATUS_UNKNOWN);
	arena_free(bench.arena);
}

static void the_metadb_has_what_config_says(void **state)
{
	struct bench bench = oms_new();
	struct result result;

	(void)state;
	oms_change(&bench, FACT_metadb_clusters, NULL, NULL, "cm_url", "HTTP://10.0.0.3:8088//");
	assert_status(oms_judge(&bench, &check_oms_config_cm_url, NULL), STATUS_PASS);
	oms_change(&bench, FACT_metadb_clusters, NULL, NULL, "cm_url", "http://10.0.0.30:8088");
	result = oms_judge(&bench, &check_oms_config_cm_url, NULL);
	assert_status(result, STATUS_FAIL);
	assert_value(result, "column", "cluster_info.cm_url");
	assert_value(result, "actual", "http://10.0.0.30:8088");
	oms_change(&bench, FACT_metadb_clusters, NULL, NULL, "code", "7");
	result = oms_judge(&bench, &check_oms_config_cm_url, NULL);
	assert_value(result, "column", "cluster_info.code");
	assert_value(result, "expected", "100");
	put(&bench, "cm_url", NULL);
	assert_status(oms_judge(&bench, &check_oms_config_cm_url, NULL), STATUS_SKIP);
	arena_free(bench.arena);
}

static void one_region_is_the_default(void **state)
{
	const struct param *yes = WITH(TEXTS_PARAM("yes", "1", "true"));
	struct bench bench = oms_new();
	struct result result;

	(void)state;
	assert_status(oms_judge(&bench, &check_oms_region_default, yes), STATUS_PASS);
	oms_add(&bench, FACT_metadb_clusters, OMS_CELLS("b", "b", "http://b:8088", "2", "0"));
	assert_status(oms_judge(&bench, &check_oms_region_default, yes), STATUS_PASS);
	oms_change(&bench, FACT_metadb_clusters, "region", "b", "is_default_cm", "1");
	result = oms_judge(&bench, &check_oms_region_default, yes);
	assert_status(result, STATUS_FAIL);
	assert_note(&bench, result.evidence[0].actual, "cn-anhui b");
	oms_change(&bench, FACT_metadb_clusters, NULL, NULL, "is_default_cm", "0");
	result = oms_judge(&bench, &check_oms_region_default, yes);
	assert_status(result, STATUS_FAIL);
	assert_value(result, "count", "0");
	arena_free(bench.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_that_are_right_pass),
		cmocka_unit_test(values_that_are_wrong_fail_with_key_and_line),
		cmocka_unit_test(a_node_that_stands_twice_is_shown_with_both_lines),
		cmocka_unit_test(an_address_of_the_plan_is_not_refused),
		cmocka_unit_test(all_that_is_wrong_is_told_at_once),
		cmocka_unit_test(a_file_that_cannot_be_read_is_told_in_its_reader_s_words),
		cmocka_unit_test(the_metadb_has_what_config_says),
		cmocka_unit_test(one_region_is_the_default),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
