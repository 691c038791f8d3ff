#include "profiles/profile.h"

#include "catalog/base/arena.h"
#include "catalog/base/cleanup.h"
#include "catalog/base/error.h"
#include "catalog/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <unistd.h>

struct fixture {
	struct arena *arena;
	struct registry *registry;
	char file[64];
	struct error error;
};

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	int fd;

	snprintf(fixture->file, sizeof(fixture->file), "/tmp/migdoctor-profile-XXXXXX.yaml");
	fd = mkstemps(fixture->file, strlen(".yaml"));
	if (fd < 0)
		return -1;
	close(fd);
	fixture->arena = arena_new();
	fixture->registry = registry_new(fixture->arena);
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	unlink(fixture->file);
	arena_free(fixture->arena);
	free(fixture);
	return 0;
}

static const struct profile *read_text(struct fixture *fixture, const char *text)
{
	FILE *file = fopen(fixture->file, "w");

	assert_non_null(file);
	fputs(text, file);
	fclose(file);
	return profile_read(fixture->arena, fixture->file, fixture->registry, &fixture->error);
}

#define HEAD                                                   \
	"name: own\n"                                          \
	"title: {en: Own, zh: \"\xe8\x87\xaa\xe5\xb7\xb1\"}\n" \
	"rules:\n"

/* A profile of one good rule and the rule under test, whose first line is line 5. */
#define RULES(rest) \
	HEAD "  - {id: source.first, check: connection.reachable, code: \"dts:-256\"}\n" rest

static const struct rule *read_rule(struct fixture *fixture, const char *rule)
{
	const struct profile *profile =
		read_text(fixture, arena_printf(fixture->arena, HEAD "%s", rule));

	if (!profile)
		fail_msg("%s\n%s", rule, fixture->error.text);
	assert_int_equal(profile->rule_count, 1);
	return profile->rules;
}

static const struct param *param_of(const struct rule *rule, const char *name)
{
	const struct check_input in = { .params = rule->params };

	return param_find(&in, name);
}

/* --- built-in profiles ------------------------------------------------------------------- */

static void test_every_built_in_profile_is_right(void **state)
{
	struct fixture *fixture = *state;
	size_t count;

	for (count = 0; profile_builtin(count); count++) {
		const char *name = profile_builtin(count);
		const struct profile *profile =
			profile_read(fixture->arena, name, fixture->registry, &fixture->error);

		if (!profile)
			fail_msg("%s: %s", name, fixture->error.text);
		assert_string_equal(profile->name, name);
		assert_true(profile->rule_count > 0);
		assert_false(profile_is_path(name));
		assert_null(profile_name_refusal(fixture->arena, name));
	}
	assert_true(count > 0);
}

static const struct rule *find_rule(const struct profile *profile, const char *id)
{
	for (size_t i = 0; i < profile->rule_count; i++)
		if (str_equal(profile->rules[i].id, id))
			return &profile->rules[i];
	fail_msg("no rule %s", id);
	return NULL;
}

static void test_tencent_dts_is_bound(void **state)
{
	struct fixture *fixture = *state;
	const struct profile *profile =
		profile_read(fixture->arena, "tencent-dts", fixture->registry, &fixture->error);
	const struct rule *rule = find_rule(profile, "source.binlog-format");

	assert_string_equal(rule->profile, "tencent-dts");
	assert_string_equal(rule->check->id, "replication.binlog-format");
	assert_int_equal(rule->endpoint, ENDPOINT_SOURCE);
	assert_string_equal(rule->code, "dts:-262");
	assert_int_equal(rule->severity, LEVEL_ERROR);
	assert_string_equal(param_of(rule, "accept")->texts[1], "MIXED");
	assert_true(rule->when.any_mode);
	assert_true(rule->when.modes[MODE_ONLINE]);
	assert_false(rule->when.modes[MODE_BACKUP]);
	assert_false(rule->when.any_scope);
	rule = find_rule(profile, "source.event-scheduler");
	assert_true(rule->when.scopes[SCOPE_TABLE]);
	assert_false(rule->when.scopes[SCOPE_INSTANCE]);
	assert_int_equal(param_of(rule, "fact")->fact, FACT_mysql_event_scheduler);
}

static void test_an_unknown_name_is_a_usage_error(void **state)
{
	struct fixture *fixture = *state;

	assert_null(
		profile_read(fixture->arena, "tencent-dtx", fixture->registry, &fixture->error));
	assert_int_equal(fixture->error.kind, ERROR_USAGE);
	assert_non_null(strstr(fixture->error.text,
	                       "unknown profile \"tencent-dtx\"; did you mean \"tencent-dts\"?"));
	assert_non_null(strstr(fixture->error.text, "built in: "));
	assert_null(
		profile_read(fixture->arena, "/none/own.yaml", fixture->registry, &fixture->error));
	assert_int_equal(fixture->error.kind, ERROR_CONFIG);
	assert_non_null(strstr(fixture->error.text, "No such file"));
}

static void test_what_is_a_path(void **state)
{
	(void)state;
	assert_true(profile_is_path("./own"));
	assert_true(profile_is_path("own.yaml"));
	assert_true(profile_is_path("own.yml"));
	assert_false(profile_is_path("own"));
	assert_false(profile_is_path(".yaml"));
	assert_false(profile_is_path("yaml"));
}

/* --- rules ------------------------------------------------------------------------------- */

static void test_defaults_of_a_rule(void **state)
{
	const struct rule *rule = read_rule(
		*state,
		"  - {id: connection.reachable, with: {endpoint: target}, code: dts:-254}\n");

	assert_string_equal(rule->check->id, "connection.reachable");
	assert_int_equal(rule->endpoint, ENDPOINT_TARGET);
	assert_int_equal(rule->severity, LEVEL_ERROR);
	assert_null(rule->also[0]);
	assert_null(rule->title.in[LANG_EN]);
	assert_null(rule->cause.in[LANG_ZH]);
	assert_null(rule->sql);
	assert_null(rule->query);
	assert_false(rule->when.any_mode);
	assert_false(rule->when.any_scope);
	assert_null(rule->when.flavors[0]);
	assert_null(rule->when.versions[0]);
}

static void test_everything_that_a_rule_may_say(void **state)
{
	const struct rule *rule = read_rule(
		*state, "  - id: target.x\n"
			"    check: server.variable-in\n"
			"    with: {fact: log_bin, accept: ON}\n"
			"    when: {mode: [online, backup], scope: table, flavor: mysql,\n"
			"           version: [\">=5.6\", \"<8.0.22\"]}\n"
			"    code: dts:-261\n"
			"    also: [dts:-262, alert:oms_host_down]\n"
			"    severity: warning\n"
			"    title: {en: T, zh: t}\n"
			"    cause: {en: C, zh: c}\n"
			"    fix: {en: F, zh: f}\n");

	assert_int_equal(rule->endpoint, ENDPOINT_TARGET);
	assert_int_equal(param_of(rule, "fact")->fact, FACT_mysql_log_bin);
	assert_string_equal(param_of(rule, "accept")->texts[0], "ON");
	assert_null(param_of(rule, "accept")->texts[1]);
	assert_true(rule->when.modes[MODE_ONLINE] && rule->when.modes[MODE_BACKUP]);
	assert_false(rule->when.modes[MODE_OFFLINE]);
	assert_true(rule->when.scopes[SCOPE_TABLE]);
	assert_string_equal(rule->when.flavors[0], "mysql");
	assert_string_equal(rule->when.versions[1], "<8.0.22");
	assert_string_equal(rule->also[0], "dts:-262");
	assert_string_equal(rule->also[1], "alert:oms_host_down");
	assert_int_equal(rule->severity, LEVEL_WARNING);
	assert_string_equal(rule->title.in[LANG_ZH], "t");
	assert_string_equal(rule->cause.in[LANG_EN], "C");
	assert_string_equal(rule->fix.in[LANG_EN], "F");
}

static void test_a_rule_with_its_own_statement(void **state)
{
	const struct rule *rule = read_rule(
		*state,
		"  - id: site.no-memory-tables\n"
		"    query: SELECT table_schema, table_name FROM information_schema.tables\n"
		"    expect: empty\n"
		"    with: {endpoint: source}\n"
		"    code: dts:-261\n");

	assert_string_equal(rule->check->id, "query.expect");
	assert_string_equal(rule->query, "own/site.no-memory-tables");
	assert_true(str_starts(rule->sql, "SELECT table_schema"));
	assert_string_equal(param_of(rule, "expect")->texts[0], "empty");
	assert_int_equal(rule->endpoint, ENDPOINT_SOURCE);
	rule = read_rule(*state, "  - {id: target.x, query: SELECT @@server_id, expect: [7, 8],\n"
	                         "     code: dts:-261}\n");
	assert_string_equal(param_of(rule, "expect")->texts[1], "8");
	assert_int_equal(rule->endpoint, ENDPOINT_TARGET);
	rule = read_rule(*state, "  - {id: source.x, check: query.expect, code: dts:-261,\n"
	                         "     with: {query: SELECT 1, expect: 1}}\n");
	assert_string_equal(rule->query, "own/source.x");
	assert_string_equal(rule->sql, "SELECT 1");
}

static void test_a_rule_of_an_oms(void **state)
{
	struct fixture *fixture = *state;
	const struct profile *profile = read_text(
		fixture,
		HEAD "  - {id: oms.programs-running, code: \"md:2101\",\n"
		     "     with: {programs: [a, b], accept: RUNNING},\n"
		     "     also: [\"oms:CONNECTOR-*\", \"alert:oms_host_down\"], basis: observed}\n"
		     "  - {id: oms.clock, code: \"md:2101\", follows: oms.host-online,\n"
		     "     with: {task_type: s, limit: 540, step: 1800, shift_tolerance: 30,\n"
		     "            tolerance: 10}}\n"
		     "  - {id: oms.host-online, code: \"md:2101\", with: {accept: ONLINE},\n"
		     "     follows: [\"oms.programs-running:a\", oms.clock]}\n");
	const struct rule *rule;

	if (!profile)
		fail_msg("%s", fixture->error.text);
	rule = find_rule(profile, "oms.programs-running");
	assert_int_equal(rule->endpoint, ENDPOINT_SUPERVISORD);
	assert_string_equal(rule->basis, "observed");
	assert_string_equal(rule->also[0], "oms:CONNECTOR-*");
	assert_null(rule->follows[0]);
	/* It may follow a rule that stands after it. */
	rule = find_rule(profile, "oms.clock");
	assert_int_equal(rule->endpoint, ENDPOINT_METADB);
	assert_string_equal(rule->follows[0], "oms.host-online");
	assert_int_equal(param_of(rule, "step")->number, 1800);
	assert_null(rule->basis);
	rule = find_rule(profile, "oms.host-online");
	assert_string_equal(rule->follows[0], "oms.programs-running:a");
	assert_string_equal(rule->follows[1], "oms.clock");
	assert_null(rule->follows[2]);
}

/* --- what is refused --------------------------------------------------------------------- */

#define RULE(rest) \
	RULES("  - {id: source.x, check: connection.reachable, code: \"dts:-256\", " rest "}\n")
#define QUERY(rest) RULES("  - {id: source.x, code: \"dts:-256\", " rest "}\n")
#define IN(rest)                                                                               \
	RULES("  - {id: source.x, check: server.variable-in, code: \"dts:-256\", with: {" rest \
	      "}}\n")

static const struct {
	const char *text, *place, *says;
} bad[] = {
	{ "", "1:1", "a profile" },
	{ "name: own\n", "1:1", "lacks \"title\"" },
	{ "name: own\ntitle: {en: a}\nrules: []\n", "2:8", "zh" },
	{ "name: own\ntitle: {en: a, zh: b}\nrules: []\n", "3:8", "\"rules\" is empty" },
	{ "name: own\ntitle: {en: a, zh: b}\nrules: {a: b}\n", "3:8", "a list" },
	{ "name: Own\ntitle: {en: a, zh: b}\nrules: [a]\n", "1:7", "should be lower case" },
	{ "name: own\ntitle: {en: a, zh: b}\nrules: [a]\n", "3:9", "a rule is" },
	{ "name: own\nversion: 1\n", "2:1", "a profile has no key \"version\"" },
	{ RULES("\t- id: a\n"), "5:1", "a tab" },
	{ RULES("  - {check: connection.reachable}\n"), "5:5", "a rule lacks \"id\"" },
	{ RULES("  - {id: source.x, check: connection.reachable}\n"), "5:5", "lacks \"code\"" },
	{ RULES("  - {id: source.x, chck: a}\n"), "5:20", "did you mean \"check\"?" },
	{ RULES("  - {id: Source.x, code: dts:-256}\n"), "5:10", "should be lower case" },
	{ RULES("  - {id: source., code: dts:-256}\n"), "5:10", "should be lower case" },
	{ RULES("  - {id: source.first, code: dts:-256}\n"), "5:10", "stands twice" },
	{ RULES("  - {id: source.x, code: dts:-2566}\n"), "5:26",
	  "the catalog has no code \"dts:-2566\"; did you mean \"dts:-256\"?" },
	{ RULES("  - {id: source.x, code: 256}\n"), "5:26", "the catalog has no code" },
	{ RULE("severity: none"), "5:77", "fatal, error or warning" },
	{ RULE("also: [dts:-256, dts:nonsense]"), "5:84", "the catalog has no code" },
	{ RULE("also: [{a: b}]"), "5:74", "is a list of codes" },
	{ RULE("also: alert:OMS"), "5:73", "lower case, digits and _" },
	{ RULE("title: Own"), "5:74", "both languages" },
	{ RULE("fix: {en: a, zh: \"\"}"), "5:84", "is empty" },
	/* checks */
	{ RULES("  - {id: source.x, code: dts:-256}\n"), "5:10", "there is no check \"source.x\"" },
	{ RULES("  - {id: source.x, check: conection.reachable, code: dts:-256}\n"), "5:27",
	  "names them, and --plugin adds more; did you mean \"connection.reachable\"?" },
	/* parameters */
	{ RULES("  - {id: x, check: connection.reachable, code: dts:-256}\n"), "5:5",
	  "needs \"endpoint\"; add with: {endpoint: ...}" },
	{ RULES("  - {id: x, check: connection.reachable, code: dts:-256, with: {}}\n"), "5:64",
	  "lacks \"endpoint\"" },
	{ RULE("with: {endpoint: sorce}"), "5:84", "did you mean \"source\"?" },
	{ RULE("with: {accept: a}"), "5:74", "\"with\" of the check connection.reachable has no" },
	{ RULES("  - {id: p, check: pair.variable-equal, code: dts:-256,\n"
	        "     with: {fact: log_bin, endpoint: source}}\n"),
	  "6:38", "source and target together; leave \"endpoint\" out" },
	{ RULES("  - {id: source.x, check: server.variable-in, code: dts:-256}\n"), "5:5",
	  "needs \"fact\"; add with: {fact: ...}" },
	{ IN("fact: log_bin"), "5:71", "lacks \"accept\"" },
	{ IN("fact: log_bin, acept: a"), "5:87", "did you mean \"accept\"?" },
	{ IN("fact: log_bin, accept: {a: b}"), "5:95", "a list of texts" },
	{ IN("fact: [log_bin], accept: a"), "5:78", "is a list" },
	{ IN("fact: lob_bin, accept: a"), "5:78", "did you mean \"log_bin\"?" },
	{ RULES("  - {id: oms.cpu, code: dts:-256, with: {limit: \"1\", endpoint: host}}\n"),
	  "5:64", "the endpoints of an OMS; leave \"endpoint\" out" },
	/* codes that others report, and what a rule follows */
	{ RULE("also: [\"oms:NO-*\"]"), "5:74", "no code like \"oms:NO-*\"" },
	{ RULE("basis: guessed"), "5:74", "documented, observed or inferred" },
	{ RULE("follows: source.second"), "5:76", "follows \"source.second\", which is no other" },
	{ RULE("follows: [source.first, \"source.z:a\"]"), "5:91", "\"source.z\"" },
	{ RULE("follows: source.x"), "5:76", "no other rule of this profile" },
	/* when */
	{ RULE("when: {mode: onlin}"), "5:80", "did you mean \"online\"?" },
	{ RULE("when: {scope: [schema]}"), "5:82", "instance, database or table" },
	{ RULE("when: {flavor: maria}"), "5:82", "mysql, mariadb, oceanbase or tidb" },
	{ RULE("when: {version: [5.7, new]}"), "5:89", "\"new\" is no version" },
	{ RULE("when: {version: \"=>5.7\"}"), "5:83", "is no version" },
	{ RULE("when: {modes: online}"), "5:74", "did you mean \"mode\"?" },
	/* statements of a rule's own */
	{ QUERY("query: SELECT 1"), "5:45", "lacks \"expect\"" },
	{ QUERY("expect: empty"), "5:46", "belongs to a \"query\"" },
	{ QUERY("query: SELECT 1, expect: []"), "5:63", "empty list" },
	{ QUERY("query: SELECT 1, expect: 1, check: query.expect"), "5:45", "leave one out" },
	{ QUERY("query: SELECT 1, expect: 1, with: {expect: 2}"), "5:73", "has no key \"expect\"" },
	{ QUERY("query: [SELECT 1], expect: 1"), "5:45", "is a list" },
	{ QUERY("query: DROP TABLE t, expect: empty"), "5:45",
	  "the SQL of rule source.x is refused: it begins with DROP" },
	{ QUERY("query: SELECT SLEEP(9), expect: 0"), "5:45", "it calls SLEEP" },
	{ QUERY("query: \"SELECT 1\\0; DROP TABLE t\", expect: 0"), "5:45", "NUL" },
	{ RULES("  - {id: source.x, check: query.expect, code: dts:-256,\n"
	        "     with: {query: DELETE FROM t, expect: 1}}\n"),
	  "6:20", "it begins with DELETE" },
};

static void test_bad_profiles_are_refused_at_their_place(void **state)
{
	struct fixture *fixture = *state;
	int wrong = 0;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *start =
			arena_printf(fixture->arena, "%s:%s: ", fixture->file, bad[i].place);

		if (read_text(fixture, bad[i].text))
			fail_msg("accepted:\n%s", bad[i].text);
		if (!str_starts(fixture->error.text, start) ||
		    !strstr(fixture->error.text, bad[i].says)) {
			print_error("%s\"%s\" is not at %s or lacks \"%s\"\n", bad[i].text,
			            fixture->error.text, bad[i].place, bad[i].says);
			wrong++;
		}
		assert_int_equal(fixture->error.kind, ERROR_CONFIG);
		assert_null(strchr(fixture->error.text, '\n'));
	}
	assert_int_equal(wrong, 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_every_built_in_profile_is_right),
		TEST(test_tencent_dts_is_bound),
		TEST(test_an_unknown_name_is_a_usage_error),
		TEST(test_what_is_a_path),
		TEST(test_defaults_of_a_rule),
		TEST(test_everything_that_a_rule_may_say),
		TEST(test_a_rule_with_its_own_statement),
		TEST(test_a_rule_of_an_oms),
		TEST(test_bad_profiles_are_refused_at_their_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
