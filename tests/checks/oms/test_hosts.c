#include "tests/checks/oms_preset.h"

#include "checks/core/nodes.h"

extern const struct check check_oms_host_ip_env, check_oms_host_registered, check_oms_host_online,
	check_oms_initialised, check_oms_region_initialised;

#define OTHER "10.0.0.4"

static const struct param online[] = { TEXTS_PARAM("accept", "ONLINE"), { 0 } };
static const struct param absent[] = { TEXTS_PARAM("absent", "1146", "1049"), { 0 } };

static struct result judge(struct bench *bench, const struct check *check)
{
	return oms_judge(bench, check, check == &check_oms_host_online ? online : NULL);
}

static struct result judge_node(struct bench *bench, const struct check *check, const char *node)
{
	return oms_judge_at(bench, check, ENDPOINT_METADB,
	                    check == &check_oms_host_online ? online : NULL, node);
}

/* --- which nodes there are --- */

static const char *nodes_of(struct bench *bench)
{
	struct str text = str_new(bench->arena);
	const char *const *nodes = oms_nodes(bench->arena, &bench->facts, &bench->intent);

	for (; *nodes; nodes++)
		str_addf(&text, "%s ", *nodes);
	return text.text;
}

static void nodes_come_from_the_best_that_is_known(void **state)
{
	struct bench bench = oms_new();

	(void)state;
	oms_add_node(&bench, OTHER);
	oms_add(&bench, FACT_host_config, OMS_CELLS("cm_nodes", OTHER, "15"));
	oms_add(&bench, FACT_host_config, OMS_CELLS("cm_nodes", "", "16"));
	oms_add(&bench, FACT_metadb_hosts, OMS_CELLS("10.0.0.8", "DOWN", "1"));
	assert_string_equal(nodes_of(&bench), OMS_IP " " OTHER " ");
	oms_unname(&bench, ENDPOINT_HOST);
	bench.intent.oms.host_ip = "10.9.9.9";
	assert_string_equal(nodes_of(&bench), "10.9.9.9 ");
	bench.intent.oms.host_ip = NULL;
	assert_string_equal(nodes_of(&bench), OMS_IP " " OTHER " 10.0.0.8 ");
	oms_unname(&bench, ENDPOINT_METADB);
	assert_string_equal(nodes_of(&bench), "");
	arena_free(bench.arena);
}

/* --- OMS_HOST_IP --- */

static void a_wrong_host_ip_says_how_it_is_wrong(void **state)
{
	static const struct {
		const char *value, *actual;
	} cases[] = {
		{ NULL, "OMS_HOST_IP is not set" },
		{ "", "OMS_HOST_IP is not set" },
		{ "127.0.0.1", "127.0.0.1, which every machine calls itself" },
		{ OTHER, OTHER ", which is another node of cm_nodes" },
		{ "10.9.9.9", "10.9.9.9, which is no address of this machine" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bench bench = oms_new();
		struct result result;

		oms_add_node(&bench, OTHER);
		oms_change(&bench, FACT_host_environments, "program", "oms_drc_supervisor",
		           "host_ip", cases[i].value);
		result = judge(&bench, &check_oms_host_ip_env);
		assert_status(result, STATUS_FAIL);
		assert_int_equal(result.evidence_count, 1);
		assert_note(&bench, result.evidence[0].actual, cases[i].actual);
		assert_note(&bench, result.evidence[0].expected, OMS_IP);
		assert_string_equal(result.evidence[0].from,
		                    "/proc/1223/environ (oms_drc_supervisor)");
		assert_value(result, "ip", OMS_IP);
		arena_free(bench.arena);
	}
}

/* A shell on the host has another environment than the programs in the container. */
static void running_programs_count_before_a_shell(void **state)
{
	struct bench bench = oms_new();
	struct result result;

	(void)state;
	oms_set(&bench, FACT_host_own_host_ip, NULL);
	assert_status(judge(&bench, &check_oms_host_ip_env), STATUS_PASS);
	oms_lay(&bench, FACT_host_environments, 0, NULL);
	assert_status(judge(&bench, &check_oms_host_ip_env), STATUS_UNKNOWN);
	oms_set(&bench, FACT_host_own_host_ip, OMS_IP);
	assert_status(judge(&bench, &check_oms_host_ip_env), STATUS_PASS);
	oms_set(&bench, FACT_host_own_host_ip, "10.9.9.9");
	result = judge(&bench, &check_oms_host_ip_env);
	assert_status(result, STATUS_FAIL);
	assert_string_equal(result.evidence[0].from, "env | grep OMS_HOST_IP");
	arena_free(bench.arena);
}

/* Behind NAT no interface has the real address: the plan knows. */
static void the_plan_s_address_is_the_real_one(void **state)
{
	struct bench bench = oms_new();

	(void)state;
	bench.intent.oms.host_ip = "192.0.2.7";
	assert_status(judge(&bench, &check_oms_host_ip_env), STATUS_FAIL);
	oms_change(&bench, FACT_host_environments, NULL, NULL, "host_ip", "192.0.2.7");
	assert_status(judge(&bench, &check_oms_host_ip_env), STATUS_PASS);
	arena_free(bench.arena);
}

/* --- the table host --- */

static void an_unregistered_address_fails(void **state)
{
	struct bench bench = oms_new();
	struct result result;

	(void)state;
	assert_status(judge(&bench, &check_oms_host_registered), STATUS_PASS);
	oms_change(&bench, FACT_metadb_hosts, NULL, NULL, "ip", "172.17.0.2");
	result = judge(&bench, &check_oms_host_registered);
	assert_status(result, STATUS_FAIL);
	assert_string_equal(result.objects[0].written, OMS_IP);
	assert_string_equal(result.evidence[0].what, "host.ip");
	assert_note(&bench, result.evidence[0].actual, "172.17.0.2");
	assert_string_equal(result.evidence[0].from,
	                    "SELECT ip, host_status, resource_group_id FROM oms_cm.host");
	assert_has(value_of(&result, "next.en"), "docker_init.sh");
	arena_free(bench.arena);
}

static void a_node_that_cm_nodes_lacks_fails(void **state)
{
	struct bench bench = oms_new();
	struct result result;

	(void)state;
	oms_config_set(&bench, "cm_nodes", OTHER);
	oms_change(&bench, FACT_metadb_hosts, NULL, NULL, "ip", OTHER);
	result = judge(&bench, &check_oms_host_registered);
	assert_status(result, STATUS_FAIL);
	assert_int_equal(result.object_count, 1);
	assert_string_equal(result.evidence[0].what, "cm_nodes");
	assert_note(&bench, result.evidence[0].actual, OTHER);
	assert_string_equal(result.evidence[1].what, "host.ip");
	assert_has(value_of(&result, "next.en"), "Put " OMS_IP " under `cm_nodes`");
	arena_free(bench.arena);
}

static void each_node_is_judged_or_the_one_that_is_asked_about(void **state)
{
	static const struct check *const checks[] = { &check_oms_host_registered,
		                                      &check_oms_host_online };

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct bench bench = oms_new();
		struct result result;

		oms_add_node(&bench, OTHER);
		if (i)
			oms_change(&bench, FACT_metadb_hosts, "ip", OTHER, "host_status", "DOWN");
		else
			oms_remove(&bench, FACT_metadb_hosts, "ip", OTHER);
		assert_true(checks[i]->each_node);
		assert_status(judge_node(&bench, checks[i], OMS_IP), STATUS_PASS);
		result = judge_node(&bench, checks[i], OTHER);
		assert_status(result, STATUS_FAIL);
		assert_string_equal(result.objects[0].written, OTHER);
		result = judge(&bench, checks[i]);
		assert_status(result, STATUS_FAIL);
		assert_int_equal(result.object_count, 1);
		arena_free(bench.arena);
	}
}

static void without_any_address_nothing_is_told(void **state)
{
	struct bench bench = oms_new();

	(void)state;
	oms_unname(&bench, ENDPOINT_HOST);
	assert_status(judge(&bench, &check_oms_host_registered), STATUS_UNKNOWN);
	bench.intent.oms.host_ip = "10.9.9.9";
	assert_status(judge(&bench, &check_oms_host_registered), STATUS_FAIL);
	bench.intent.oms.host_ip = NULL;
	oms_remove(&bench, FACT_metadb_hosts, NULL, NULL);
	assert_status(judge(&bench, &check_oms_host_registered), STATUS_FAIL);
	arena_free(bench.arena);
}

static void a_status_is_shown_as_it_stands(void **state)
{
	struct bench bench = oms_new();
	struct result result;

	(void)state;
	oms_change(&bench, FACT_metadb_hosts, NULL, NULL, "host_status", NULL);
	result = judge(&bench, &check_oms_host_online);
	assert_status(result, STATUS_FAIL);
	assert_string_equal(result.evidence[0].what, "host_status of " OMS_IP);
	assert_note(&bench, result.evidence[0].expected, "ONLINE");
	assert_value(result, "status", "NULL");
	assert_status(judge_node(&bench, &check_oms_host_online, OTHER), STATUS_UNKNOWN);
	/* No node has a row: what there is counts. */
	oms_change(&bench, FACT_metadb_hosts, NULL, NULL, "ip", "172.17.0.2");
	result = judge(&bench, &check_oms_host_online);
	assert_string_equal(result.objects[0].written, "172.17.0.2");
	oms_remove(&bench, FACT_metadb_hosts, NULL, NULL);
	assert_status(judge(&bench, &check_oms_host_online), STATUS_UNKNOWN);
	arena_free(bench.arena);
}

/* --- initialisation --- */

static void only_an_absent_table_is_an_uninitialised_one(void **state)
{
	static const struct {
		unsigned error;
		enum status status;
	} cases[] = { { 1146, STATUS_FAIL }, { 1049, STATUS_FAIL }, { 1142, STATUS_UNKNOWN } };

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct bench bench = oms_new();

		bench_fail_group(&bench, ENDPOINT_METADB, GROUP_metadb_resource_groups,
		                 (struct group_status){ .failure = FAILURE_OTHER,
		                                        .error = cases[i].error,
		                                        .text = "words" });
		assert_status(oms_judge(&bench, &check_oms_initialised, absent), cases[i].status);
		arena_free(bench.arena);
	}
}

static void an_empty_table_is_named(void **state)
{
	struct bench bench = oms_new();
	struct result result;

	(void)state;
	assert_status(oms_judge(&bench, &check_oms_initialised, absent), STATUS_PASS);
	oms_remove(&bench, FACT_metadb_resource_groups, NULL, NULL);
	result = oms_judge(&bench, &check_oms_initialised, absent);
	assert_status(result, STATUS_FAIL);
	assert_value(result, "table", "resource_group");
	assert_int_equal(result.object_count, 1);
	arena_free(bench.arena);
}

static void a_region_is_known_by_config_or_by_the_metadb(void **state)
{
	struct bench bench = oms_new();
	struct result result;

	(void)state;
	oms_change(&bench, FACT_metadb_resource_groups, NULL, NULL, "name", "7");
	result = judge(&bench, &check_oms_region_initialised);
	assert_status(result, STATUS_FAIL);
	assert_value(result, "location", "100");
	assert_value(result, "groups.en", "7");
	assert_string_equal(result.evidence[1].from, "/home/admin/conf/config.yaml");
	oms_unname(&bench, ENDPOINT_HOST);
	result = judge(&bench, &check_oms_region_initialised);
	assert_status(result, STATUS_FAIL);
	assert_value(result, "location", "100");
	oms_remove(&bench, FACT_metadb_clusters, NULL, NULL);
	assert_status(judge(&bench, &check_oms_region_initialised), STATUS_UNKNOWN);
	arena_free(bench.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nodes_come_from_the_best_that_is_known),
		cmocka_unit_test(a_wrong_host_ip_says_how_it_is_wrong),
		cmocka_unit_test(running_programs_count_before_a_shell),
		cmocka_unit_test(the_plan_s_address_is_the_real_one),
		cmocka_unit_test(an_unregistered_address_fails),
		cmocka_unit_test(a_node_that_cm_nodes_lacks_fails),
		cmocka_unit_test(each_node_is_judged_or_the_one_that_is_asked_about),
		cmocka_unit_test(without_any_address_nothing_is_told),
		cmocka_unit_test(a_status_is_shown_as_it_stands),
		cmocka_unit_test(only_an_absent_table_is_an_uninitialised_one),
		cmocka_unit_test(an_empty_table_is_named),
		cmocka_unit_test(a_region_is_known_by_config_or_by_the_metadb),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
