#include "checks/core/run.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* Checks made for these tests: each shows one way a judgement can go. */
static void judge_log_bin(const struct check_input *in, struct finding *finding)
{
	if (!in->at->mysql.log_bin.value)
		finding_fail(finding, fact_evidence(in->at, FACT_mysql_log_bin, VERBATIM("ON")));
}

static void judge_skip(const struct check_input *in, struct finding *finding)
{
	(void)in;
	finding_object(finding, "shop", "orders");
	finding_skip(finding, VERBATIM("not here"));
}

static void judge_channels(const struct check_input *in, struct finding *finding)
{
	if (in->at->mysql.channels.is.state == FACT_MISSING)
		finding_unknown(finding, VERBATIM("channels not seen"));
}

static void judge_connect(const struct check_input *in, struct finding *finding)
{
	if (!endpoint_is_reached(in->at))
		finding_fail(finding, (struct evidence){ .what = "connection" });
}

static void judge_groups(const struct check_input *in, struct finding *finding)
{
	if (in->at->groups[GROUP_mysql_replica].state == GROUP_FAILED)
		finding_fail(finding, (struct evidence){ .what = "replica" });
}

static void judge_objects(const struct check_input *in, struct finding *finding)
{
	(void)in;
	finding_object(finding, "shop", "orders");
	finding_object(finding, "crm", "a b");
}

static void judge_oms(const struct check_input *in, struct finding *finding)
{
	const struct facts *facts = in->facts;

	if (in->node)
		finding_thing(finding, in->node);
	if (facts->at[ENDPOINT_CM].cm.cm_status.value != 200)
		finding_fail(finding, (struct evidence){ .what = "cm" });
	else if (facts->at[ENDPOINT_HOST].host.tcp_tw_recycle.is.state == FACT_MISSING)
		finding_unknown(finding, VERBATIM("the host was not seen"));
}

/* A check that finds what somebody else reported. */
static void judge_reported(const struct check_input *in, struct finding *finding)
{
	(void)in;
	finding_code(finding, "no:such-code");
	finding_code(finding, NULL);
	finding_code(finding, "dts:-262");
	finding_code(finding, "dts:-256");
	finding_fail(finding, (struct evidence){ .what = "reported" });
}

static void judge_nothing(const struct check_input *in, struct finding *finding)
{
	(void)in;
	(void)finding;
}

static const struct check log_bin = { .id = "t.log-bin",
	                              .needs = FACTS(FACT_mysql_log_bin),
	                              .judge = judge_log_bin };
static const struct check skipping = { .id = "t.skip", .judge = judge_skip };
static const struct check channels = { .id = "t.channels",
	                               .uses = FACTS(FACT_mysql_channels),
	                               .judge = judge_channels };
static const struct check reachable = { .id = "t.reachable",
	                                .explains = EXPLAINS_CONNECT,
	                                .judge = judge_connect };
static const struct check groups = { .id = "t.groups",
	                             .explains = EXPLAINS_GROUPS,
	                             .judge = judge_groups };
static const struct check objects = { .id = "t.objects", .judge = judge_objects };
static const struct check pair = { .id = "t.pair",
	                           .on = CHECK_PAIR,
	                           .needs = FACTS(FACT_mysql_server_id),
	                           .judge = judge_nothing };
static const struct check oms = { .id = "t.oms",
	                          .on = CHECK_OMS,
	                          .each_node = true,
	                          .needs = FACTS(FACT_cm_cm_status, FACT_metadb_now),
	                          .uses = FACTS(FACT_host_tcp_tw_recycle),
	                          .judge = judge_oms };
static const struct check usable = { .id = "t.usable",
	                             .explains = EXPLAINS_CONNECT | EXPLAINS_GROUPS,
	                             .judge = judge_connect };
static const struct check reported = { .id = "t.reported", .judge = judge_reported };

#define RULE(rule_id, of_check, ...)                                                            \
	{                                                                                       \
		.profile = "t", .id = (rule_id), .check = &(of_check), .severity = LEVEL_ERROR, \
		__VA_ARGS__                                                                     \
	}

struct bench {
	struct arena *arena;
	struct facts facts;
	struct intent intent;
	struct waiver waivers[4];
	size_t waiver_count;
	int64_t now_ms;
};

/* A source that answered everything, and a target that the plan does not name. */
static int setup(void **state)
{
	static struct bench bench;
	struct endpoint_facts *source = &bench.facts.at[ENDPOINT_SOURCE];

	memset(&bench, 0, sizeof(bench));
	bench.arena = arena_new();
	source->configured = true;
	for (int i = 0; i < GROUP_COUNT; i++)
		source->groups[i].state = GROUP_GATHERED;
	fact_set(source, FACT_mysql_version, "version", "8.0.36");
	fact_set(source, FACT_mysql_log_bin, "log_bin", "ON");
	fact_set(source, FACT_mysql_server_id, "server_id", "7");
	fact_set_rows(source, FACT_mysql_channels, (struct rows){ 0 });
	*state = &bench;
	return 0;
}

static int teardown(void **state)
{
	arena_free(((struct bench *)*state)->arena);
	return 0;
}

static struct result *judge(struct bench *bench, const struct rule *rules, size_t count)
{
	const struct rule **list = arena_array(bench->arena, count, sizeof(*list));

	for (size_t i = 0; i < count; i++)
		list[i] = &rules[i];
	return run_judge(bench->arena, list, count, &bench->facts, &bench->intent, bench->waivers,
	                 bench->waiver_count, bench->now_ms);
}

static void saying_nothing_passes_and_evidence_fails(void **state)
{
	static const struct rule rules[] = { RULE("a", log_bin, ) };
	struct bench *bench = *state;
	struct result *result = judge(bench, rules, 1);

	assert_int_equal(result->status, STATUS_PASS);
	fact_set(&bench->facts.at[ENDPOINT_SOURCE], FACT_mysql_log_bin, "log_bin", "OFF");
	result = judge(bench, rules, 1);
	assert_int_equal(result->status, STATUS_FAIL);
	assert_int_equal(result->evidence_count, 1);
	assert_string_equal(result->evidence[0].what, "log_bin");
	assert_string_equal(result->evidence[0].actual.args[0], "OFF");
	assert_string_equal(result->evidence[0].from, "SHOW GLOBAL VARIABLES");
}

static void a_skip_outweighs_what_failed(void **state)
{
	static const struct rule rules[] = { RULE("a", skipping, ) };
	struct result *result = judge(*state, rules, 1);

	assert_int_equal(result->status, STATUS_SKIP);
	assert_int_equal(result->object_count, 0);
}

static void missing_facts_are_unknown_before_the_check_runs(void **state)
{
	static const struct rule rules[] = { RULE("a", log_bin, ) };
	struct bench *bench = *state;
	struct endpoint_facts *source = &bench->facts.at[ENDPOINT_SOURCE];
	struct result *result;

	fact_set(source, FACT_mysql_log_bin, "log_bin", "PERHAPS");
	result = judge(bench, rules, 1);
	assert_int_equal(result->status, STATUS_UNKNOWN);
	assert_int_equal(result->reason.text, TEXT_unknown_unreadable);

	source->mysql.log_bin = (struct fact_flag){ 0 };
	source->groups[GROUP_mysql_variables].state = GROUP_NOT_ASKED;
	result = judge(bench, rules, 1);
	assert_int_equal(result->reason.text, TEXT_unknown_not_asked);

	source->groups[GROUP_mysql_variables] = (struct group_status){
		.state = GROUP_FAILED, .error = 1142, .sqlstate = "42000", .text = "denied"
	};
	result = judge(bench, rules, 1);
	assert_int_equal(result->reason.text, TEXT_unknown_group);
	assert_string_equal(result->reason.args[2], "ERROR 1142 (42000): denied");
}

static void an_endpoint_that_nobody_named_is_unknown(void **state)
{
	static const struct rule rules[] = { RULE("a", pair, ),
		                             RULE("b", log_bin, .endpoint = ENDPOINT_TARGET) };
	struct result *results = judge(*state, rules, 2);

	assert_int_equal(results[0].status, STATUS_UNKNOWN);
	assert_int_equal(results[0].reason.text, TEXT_unknown_no_endpoint);
	assert_int_equal(results[1].status, STATUS_UNKNOWN);
}

static void one_root_explains_what_waits_for_it(void **state)
{
	static const struct rule rules[] = { RULE("waits", log_bin, ), RULE("facts", groups, ),
		                             RULE("root", reachable, ),
		                             RULE("channels", channels, ) };
	struct bench *bench = *state;
	struct endpoint_facts *source = &bench->facts.at[ENDPOINT_SOURCE];
	struct result *results;

	source->groups[GROUP_any_connect].state = GROUP_FAILED;
	source->mysql.log_bin = (struct fact_flag){ 0 };
	results = judge(bench, rules, 4);
	assert_int_equal(results[0].status, STATUS_UNKNOWN);
	assert_string_equal(results[0].blocked_by, "root");
	assert_string_equal(results[1].blocked_by, "root");
	assert_int_equal(results[2].status, STATUS_FAIL);
	assert_null(results[2].blocked_by);

	source->groups[GROUP_any_connect].state = GROUP_GATHERED;
	source->groups[GROUP_mysql_replica].state = GROUP_FAILED;
	source->mysql.channels = (struct fact_rows){ 0 };
	fact_set(source, FACT_mysql_log_bin, "log_bin", "ON");
	results = judge(bench, rules, 4);
	assert_int_equal(results[0].status, STATUS_PASS);
	assert_int_equal(results[1].status, STATUS_FAIL);
	assert_int_equal(results[3].status, STATUS_UNKNOWN);
	assert_string_equal(results[3].blocked_by, "facts");
}

static void conditions_of_the_service_skip(void **state)
{
	static const char *const mariadb[] = { "mariadb", NULL }, *const old[] = { "<8.0", NULL };
	static const struct rule rules[] = {
		RULE("mode", log_bin,
		     .when = { .any_mode = true, .modes = { [MODE_OFFLINE] = true } }),
		RULE("scope", log_bin,
		     .when = { .any_scope = true, .scopes = { [SCOPE_TABLE] = true } }),
		RULE("flavor", log_bin, .when = { .flavors = mariadb }),
		RULE("version", log_bin, .when = { .versions = old }),
		RULE("fits", log_bin,
		     .when = { .any_mode = true, .modes = { [MODE_ONLINE] = true } }),
	};
	static const enum text_id reasons[] = { TEXT_skip_mode, TEXT_skip_scope, TEXT_skip_flavor,
		                                TEXT_skip_version };
	struct result *results = judge(*state, rules, 5);

	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(results[i].status, STATUS_SKIP);
		assert_int_equal(results[i].reason.text, reasons[i]);
	}
	assert_int_equal(results[4].status, STATUS_PASS);
}

static void wants_what_rules_and_their_parameters_name(void **state)
{
	static const struct param_info infos[] = { { "fact", PARAM_FACT, true }, { 0 } };
	static const struct check by_name = { .id = "t.by-name", .params = infos };
	static const struct param params[] = { { .name = "fact", .fact = FACT_mysql_binlog_format },
		                               { 0 } };
	static const struct rule rule = RULE("a", by_name, .params = params);
	static const struct rule both = RULE("b", pair, );
	bool wanted[ENDPOINT_COUNT][FACT_COUNT] = { { false } };

	(void)state;
	rule_wants(&rule, wanted);
	assert_true(wanted[ENDPOINT_SOURCE][FACT_mysql_binlog_format]);
	assert_false(wanted[ENDPOINT_TARGET][FACT_mysql_binlog_format]);
	rule_wants(&both, wanted);
	assert_true(wanted[ENDPOINT_SOURCE][FACT_mysql_server_id]);
	assert_true(wanted[ENDPOINT_TARGET][FACT_mysql_server_id]);
	assert_false(wanted[ENDPOINT_TARGET][FACT_mysql_log_bin]);
}

/* --- checks of an OMS ------------------------------------------------------------------------- */

static void lay_oms(struct bench *bench)
{
	static const enum endpoint_id endpoints[] = { ENDPOINT_CM, ENDPOINT_METADB, ENDPOINT_HOST };

	for (size_t i = 0; i < 3; i++) {
		struct endpoint_facts *endpoint = &bench->facts.at[endpoints[i]];

		endpoint->configured = true;
		endpoint->kind = endpoint_kind(endpoints[i]);
		for (int group = 0; group < GROUP_COUNT; group++)
			endpoint->groups[group].state = GROUP_GATHERED;
	}
	fact_set(&bench->facts.at[ENDPOINT_CM], FACT_cm_cm_status, "cm_status", "200");
	fact_set(&bench->facts.at[ENDPOINT_METADB], FACT_metadb_now, "now", "2022-08-01 10:00:00");
	fact_set_absent(&bench->facts.at[ENDPOINT_HOST], FACT_host_tcp_tw_recycle);
}

/* Each fact has an owner, which says where it is looked at. */
static void a_check_of_an_oms_looks_at_the_owners_of_its_facts(void **state)
{
	static const struct rule rule = RULE("a", oms, .endpoint = ENDPOINT_CM);
	bool wanted[ENDPOINT_COUNT][FACT_COUNT] = { { false } };

	(void)state;
	rule_wants(&rule, wanted);
	for (int i = 0; i < ENDPOINT_COUNT; i++) {
		assert_int_equal(wanted[i][FACT_cm_cm_status], i == ENDPOINT_CM);
		assert_int_equal(wanted[i][FACT_metadb_now], i == ENDPOINT_METADB);
		assert_int_equal(wanted[i][FACT_host_tcp_tw_recycle], i == ENDPOINT_HOST);
	}
}

static void an_oms_needs_all_and_uses_what_is_there(void **state)
{
	static const struct rule rules[] = { RULE("a", oms, .endpoint = ENDPOINT_CM),
		                             RULE("metadb", usable, .endpoint = ENDPOINT_METADB) };
	struct bench *bench = *state;
	struct endpoint_facts *metadb = &bench->facts.at[ENDPOINT_METADB];
	struct result *results;

	lay_oms(bench);
	assert_int_equal(judge(bench, rules, 2)->status, STATUS_PASS);
	bench->facts.at[ENDPOINT_HOST] = (struct endpoint_facts){ 0 };
	assert_int_equal(judge(bench, rules, 2)->status, STATUS_UNKNOWN);
	fact_set(&bench->facts.at[ENDPOINT_CM], FACT_cm_cm_status, "cm_status", "503");
	assert_int_equal(judge(bench, rules, 2)->status, STATUS_FAIL);
	/* A needed endpoint that does not answer hides the verdict, and its rule says why. */
	metadb->groups[GROUP_any_connect].state = GROUP_FAILED;
	results = judge(bench, rules, 2);
	assert_int_equal(results[0].status, STATUS_UNKNOWN);
	assert_string_equal(results[0].blocked_by, "metadb");
	metadb->configured = false;
	results = judge(bench, rules, 1);
	assert_int_equal(results[0].reason.text, TEXT_unknown_no_oms_endpoint);
}

static void a_rule_of_one_node_tells_its_check(void **state)
{
	static const struct rule rules[] = { RULE("a", oms, .endpoint = ENDPOINT_CM,
		                                  .node = "10.0.0.3") };
	struct result *result;

	lay_oms(*state);
	result = judge(*state, rules, 1);
	assert_int_equal(result->status, STATUS_FAIL);
	assert_int_equal(result->object_count, 1);
	/* No backticks: it is no object of a database. */
	assert_string_equal(result->objects[0].written, "10.0.0.3");
}

static void what_somebody_reported_takes_the_place_of_the_code(void **state)
{
	static const struct rule rules[] = { RULE("a", reported, .code = "dts:-254"),
		                             RULE("b", log_bin, .code = "dts:-254") };
	struct result *results = judge(*state, rules, 2);

	assert_string_equal(results[0].code, "dts:-262");
	assert_string_equal(results[1].code, "dts:-254");
}

static void a_rule_raises_its_code_and_what_its_globs_match(void **state)
{
	static const char *const also[] = { "alert:oms_host_down", "oms:CONNECTOR-*", NULL };
	static const struct rule rule = RULE("a", oms, .code = "md:2101", .also = also);

	(void)state;
	assert_true(rule_raises(&rule, "md:2101"));
	assert_true(rule_raises(&rule, "alert:oms_host_down"));
	assert_true(rule_raises(&rule, "oms:CONNECTOR-SIOO04006210"));
	assert_false(rule_raises(&rule, "oms:CM-RESONF000001"));
	assert_false(rule_raises(&rule, "alert:oms_host_downed"));
}

static void waivers_keep_what_they_cover_visible(void **state)
{
	static const struct rule rules[] = { RULE("schema.objects", objects, ) };
	struct bench *bench = *state;
	struct result *result;

	bench->waivers[0] = (struct waiver){ .rule = "t/schema.*",
		                             .object = "shop.*",
		                             .reason = "known",
		                             .owner = "dba",
		                             .expires_ms = INT64_MAX };
	bench->waiver_count = 1;
	result = judge(bench, rules, 1);
	assert_int_equal(result->status, STATUS_FAIL); /* `crm`.`a b` is covered by nobody */
	assert_true(bench->waivers[0].used);

	bench->waivers[1] = bench->waivers[0];
	bench->waivers[1].object = "crm.*";
	bench->waiver_count = 2;
	result = judge(bench, rules, 1);
	assert_int_equal(result->status, STATUS_WAIVED);
	assert_int_equal(result->waived_from, STATUS_FAIL);
	assert_int_equal(result->object_count, 2);

	bench->waivers[1].expires_ms = 1000;
	bench->now_ms = 1000;
	result = judge(bench, rules, 1);
	assert_int_equal(result->status, STATUS_FAIL);
	assert_true(bench->waivers[1].expired);
}

static void a_waiver_of_failures_covers_no_unknown(void **state)
{
	static const struct rule rules[] = { RULE("b", log_bin, .endpoint = ENDPOINT_TARGET) };
	struct bench *bench = *state;

	bench->waivers[0] = (struct waiver){ .rule = "b", .expires_ms = INT64_MAX };
	bench->waiver_count = 1;
	assert_int_equal(judge(bench, rules, 1)->status, STATUS_UNKNOWN);
	assert_false(bench->waivers[0].used);
	bench->waivers[0].unknown = true;
	assert_int_equal(judge(bench, rules, 1)->status, STATUS_WAIVED);
}

static void every_rule_is_counted_once(void **state)
{
	static const struct rule rules[] = { RULE("a", log_bin, ), RULE("b", objects, ),
		                             RULE("c", pair, ), RULE("d", skipping, ) };
	struct result *results = judge(*state, rules, 4);
	struct summary summary = run_summary(results, 4, "t");
	size_t sum = 0;

	for (int i = 0; i < STATUS_COUNT; i++) {
		sum += summary.by_status[i];
		assert_int_equal(summary.by_status[i], i == STATUS_WAIVED ? 0 : 1);
	}
	assert_int_equal(summary.planned, 4);
	assert_int_equal(sum, 4);
	assert_int_equal(run_summary(results, 4, "other").planned, 0);
}

static void verdicts_look_at_the_severity_that_blocks(void **state)
{
	static const struct rule failing = RULE("a", objects, );
	static const struct rule warning = { .profile = "t", .id = "w", .severity = LEVEL_WARNING };
	struct result results[2] = { { .rule = &failing, .status = STATUS_PASS },
		                     { .rule = &warning, .status = STATUS_FAIL } };

	(void)state;
	assert_int_equal(run_verdict(results, 2, NULL, LEVEL_ERROR), VERDICT_READY);
	assert_int_equal(run_verdict(results, 2, NULL, LEVEL_WARNING), VERDICT_BLOCKED);
	results[1].status = STATUS_UNKNOWN;
	assert_int_equal(run_verdict(results, 2, NULL, LEVEL_ERROR), VERDICT_READY);
	results[0].status = STATUS_UNKNOWN;
	assert_int_equal(run_verdict(results, 2, NULL, LEVEL_ERROR), VERDICT_INCOMPLETE);
	results[1].status = STATUS_FAIL;
	assert_int_equal(run_verdict(results, 2, NULL, LEVEL_WARNING), VERDICT_BLOCKED);
	results[0].status = STATUS_WAIVED;
	assert_int_equal(run_verdict(results, 2, NULL, LEVEL_ERROR), VERDICT_READY);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(saying_nothing_passes_and_evidence_fails),
		TEST(a_skip_outweighs_what_failed),
		TEST(missing_facts_are_unknown_before_the_check_runs),
		TEST(an_endpoint_that_nobody_named_is_unknown),
		TEST(one_root_explains_what_waits_for_it),
		TEST(conditions_of_the_service_skip),
		TEST(wants_what_rules_and_their_parameters_name),
		TEST(a_check_of_an_oms_looks_at_the_owners_of_its_facts),
		TEST(an_oms_needs_all_and_uses_what_is_there),
		TEST(a_rule_of_one_node_tells_its_check),
		TEST(what_somebody_reported_takes_the_place_of_the_code),
		TEST(a_rule_raises_its_code_and_what_its_globs_match),
		TEST(waivers_keep_what_they_cover_visible),
		TEST(a_waiver_of_failures_covers_no_unknown),
		TEST(every_rule_is_counted_once),
		TEST(verdicts_look_at_the_severity_that_blocks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
