#include "profiles/plan.h"

#include "catalog/base/arena.h"
#include "catalog/base/cleanup.h"
#include "catalog/base/error.h"
#include "catalog/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <dirent.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PASSWORD "hunter2 secret"

/* A folder with a plan and what it names. */
struct fixture {
	struct arena *arena;
	char folder[64];
	struct error error;
};

static const char *path_in(struct fixture *fixture, const char *name)
{
	return arena_printf(fixture->arena, "%s/%s", fixture->folder, name);
}

static const char *write_bytes(struct fixture *fixture, const char *name, const char *text,
                               size_t length)
{
	const char *path = path_in(fixture, name);
	cleanup(cleanup_file) FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, length, file), length);
	return path;
}

static const char *write_file(struct fixture *fixture, const char *name, const char *text)
{
	return write_bytes(fixture, name, text, strlen(text));
}

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	snprintf(fixture->folder, sizeof(fixture->folder), "/tmp/migdoctor-plan-XXXXXX");
	fixture->arena = arena_new();
	if (!mkdtemp(fixture->folder))
		return -1;
	setenv("TEST_PW", PASSWORD, 1);
	setenv("OMS_PW", PASSWORD, 1);
	setenv("META_PW", PASSWORD, 1);
	setenv("TEST_EMPTY", "", 1);
	unsetenv("TEST_MISSING");
	unsetenv("MIGDOCTOR_SOURCE_PASSWORD");
	unsetenv("MIGDOCTOR_TARGET_PASSWORD");
	write_file(fixture, "pw", PASSWORD "\n");
	write_file(fixture, "empty", "");
	write_file(fixture, "newline", "\n");
	write_file(fixture, "lines", PASSWORD "\nmore\n");
	write_bytes(fixture, "nul", "ab\0c", 4);
	write_file(fixture, "ca.pem", "x");
	*state = fixture;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;
	DIR *folder = opendir(fixture->folder);
	struct dirent *entry;

	while (folder && (entry = readdir(folder)))
		if (entry->d_name[0] != '.')
			unlink(path_in(fixture, entry->d_name));
	if (folder)
		closedir(folder);
	rmdir(fixture->folder);
	arena_free(fixture->arena);
	free(fixture);
	return 0;
}

static struct plan *read_text(struct fixture *fixture, const char *text)
{
	return plan_read(fixture->arena, write_file(fixture, "plan.yaml", text), &fixture->error);
}

static struct plan *read_good(struct fixture *fixture, const char *text)
{
	struct plan *plan = read_text(fixture, text);

	if (!plan)
		fail_msg("%s\n%s", text, fixture->error.text);
	return plan;
}

/* The refusal stands at `place` of the plan ("2:11"), says `says`, and no password. */
static void refuses(struct fixture *fixture, const char *text, const char *place, const char *says)
{
	const char *start =
		arena_printf(fixture->arena, "%s/plan.yaml:%s: ", fixture->folder, place);

	if (read_text(fixture, text))
		fail_msg("accepted:\n%s", text);
	if (!str_starts(fixture->error.text, start) || !strstr(fixture->error.text, says))
		fail_msg("%s\n\"%s\" is not at %s or lacks \"%s\"", text, fixture->error.text,
		         place, says);
	assert_int_equal(fixture->error.kind, ERROR_CONFIG);
	assert_null(strstr(fixture->error.text, "hunter2"));
	assert_null(strchr(fixture->error.text, '\n'));
}

/* --- what is read ------------------------------------------------------------------------ */

static void test_the_contract_s_plan_is_read(void **state)
{
	struct fixture *fixture = *state;
	const struct plan *plan = read_good(
		fixture,
		"profile: tencent-dts\n"
		"mode: backup\n"
		"source: {host: 10.0.0.1, port: 3307, user: mig, password_env: TEST_PW,\n"
		"         provider: self, tls: {mode: verify-ca, ca: ca.pem}}\n"
		"target: {host: 10.0.0.2, user: mig@t#c, password_file: pw, capacity: 500G,\n"
		"         replicas: [\"mysql://mig@10.0.0.4:3306\"]}\n"
		"migration: {steps: [schema, full, incremental, verify, reverse],\n"
		"            comparison: full, duration: 3d, rate: 100M,\n"
		"            start: 2027-01-10T02:00:00+08:00}\n"
		"oms:\n"
		"  cm: http://10.0.0.3:8088\n"
		"  console: {url: http://10.0.0.3:8089, user: admin, password_env: OMS_PW}\n"
		"  supervisor: http://10.0.0.3:9000\n"
		"  supervisord: unix:///tmp/supervisor.sock\n"
		"  metadb: {host: 10.0.0.5, user: oms, password_env: META_PW, cm_db: a,\n"
		"           heartbeat_db: b, rm_db: c}\n"
		"  config: /home/admin/conf/config.yaml\n"
		"  cm_properties: /home/ds/cm/package/config/drc-cm.properties\n"
		"  host_ip: 10.0.0.3\n"
		"  stores: [\"10.0.0.3-7100:p_4223_source-000-0:0000000007\"]\n"
		"  checkpoint: 1659319500\n"
		"  projects: [np_4w3a]\n"
		"objects: {include: [\"shop.*\", crm.orders], exclude: [shop.tmp_log]}\n"
		"limits: {connections: 4, objects: 100, statement_seconds: 20}\n"
		"plugins: [/opt/site/checks.so, more.so]\n"
		"waivers:\n"
		"  - {rule: schema.no-primary-key, object: shop.audit, reason: append only,\n"
		"     owner: dba, expires: 2027-01-31}\n"
		"  - {rule: tencent-dts/target.capacity, status: unknown, reason: sized,\n"
		"     owner: dba}\n");
	const struct login *source = &plan->at[ENDPOINT_SOURCE].login;
	const struct login *target = &plan->at[ENDPOINT_TARGET].login;

	assert_string_equal(plan->profiles[0], "tencent-dts");
	assert_null(plan->profiles[1]);
	assert_int_equal(plan->mode, MODE_BACKUP);
	assert_true(plan->at[ENDPOINT_SOURCE].configured);
	assert_string_equal(source->host, "10.0.0.1");
	assert_int_equal(source->port, 3307);
	assert_string_equal(source->password, PASSWORD);
	assert_int_equal(source->tls, TLS_VERIFY_CA);
	assert_string_equal(source->ca, path_in(fixture, "ca.pem"));
	assert_string_equal(target->user, "mig@t#c");
	assert_int_equal(target->port, 3306);
	assert_string_equal(target->password, PASSWORD);
	assert_int_equal(target->tls, TLS_PREFERRED);
	assert_non_null(plan->migration);
	assert_string_equal(plan->at[ENDPOINT_CM].service.url, "http://10.0.0.3:8088");
	assert_int_equal(plan->objects.include_count, 2);
	assert_int_equal(plan->objects.exclude_count, 1);
	assert_int_equal(plan->objects.scope, SCOPE_TABLE);
	assert_int_equal(plan->statement_seconds, 20);
	assert_string_equal(plan->plugins[0], "/opt/site/checks.so");
	assert_string_equal(plan->plugins[1], path_in(fixture, "more.so"));
	assert_int_equal(plan->waiver_count, 2);
	assert_false(plan->waivers[0].unknown);
	assert_string_equal(plan->waivers[0].object, "shop.audit");
	/* 2027-01-31T23:59:59.999Z */
	assert_int_equal(plan->waivers[0].expires_ms, 1801439999999);
	assert_true(plan->waivers[1].unknown);
	assert_null(plan->waivers[1].object);
	assert_int_equal(plan->waivers[1].expires_ms, INT64_MAX);
}

static void test_a_small_plan_has_the_defaults(void **state)
{
	struct fixture *fixture = *state;
	const struct plan *plan =
		read_good(fixture, "source: {host: h, user: u}\nprofile: [tencent-dts, a.yaml]\n");

	assert_string_equal(plan->profiles[1], path_in(fixture, "a.yaml"));
	assert_int_equal(plan->mode, MODE_ONLINE);
	assert_int_equal(plan->at[ENDPOINT_SOURCE].login.port, 3306);
	assert_null(plan->at[ENDPOINT_SOURCE].login.password);
	assert_false(plan->at[ENDPOINT_TARGET].configured);
	assert_int_equal(plan->statement_seconds, 30);
	assert_int_equal(plan->objects.scope, SCOPE_INSTANCE);
	assert_int_equal(plan->waiver_count, 0);
	assert_null(plan->plugins[0]);
}

static void test_a_socket_needs_no_host(void **state)
{
	const struct plan *plan = read_good(
		*state, "source: {host: localhost, port: 1, socket: /run/m.sock, user: u}\n"
			"target: {socket: m.sock, user: u, tls: off}\n");

	assert_null(plan->at[ENDPOINT_SOURCE].login.host);
	assert_string_equal(plan->at[ENDPOINT_SOURCE].login.socket, "/run/m.sock");
	assert_int_equal(plan->at[ENDPOINT_SOURCE].login.port, 0);
	assert_string_equal(plan->at[ENDPOINT_TARGET].login.socket, path_in(*state, "m.sock"));
	assert_int_equal(plan->at[ENDPOINT_TARGET].login.tls, TLS_OFF);
}

/* --- option files ------------------------------------------------------------------------ */

static void test_option_files_are_read_as_the_clients_do(void **state)
{
	struct fixture *fixture = *state;
	const struct login *login;

	write_file(fixture, "my.cnf",
	           "# a comment\n; another\n[mysqld]\nport = 1\nskip-name-resolve\n"
	           "[client]\r\n  user = mig   # why\n"
	           "password=\"a # \\\"b\\\" \\\\ c\\s\"\n"
	           "host='db 1'\nport = 3310\nsocket=\"/x\"\nskip-ssl\n"
	           "[other]\nuser=o\npassword = p\\\\q#r\n");
	login = &read_good(fixture, "source: {defaults_file: my.cnf}\n")->at[0].login;
	assert_string_equal(login->user, "mig");
	assert_string_equal(login->password, "a # \"b\" \\ c ");
	assert_string_equal(login->host, "db 1");
	assert_int_equal(login->port, 3310);
	assert_null(login->socket);
	write_file(fixture, "here.cnf", "[client]\nuser=u\nhost=localhost\nsocket=\"/x\"\n");
	login = &read_good(fixture, "source: {defaults_file: here.cnf}\n")->at[0].login;
	assert_string_equal(login->socket, "/x");
	assert_null(login->host);
	login = &read_good(fixture, "source: {defaults_file: my.cnf, defaults_group: other,\n"
	                            "         host: h, user: mine, port: 7}\n")
	                 ->at[0]
	                 .login;
	assert_string_equal(login->user, "mine");
	assert_string_equal(login->password, "p\\q");
	assert_string_equal(login->host, "h");
	assert_int_equal(login->port, 7);
}

static void test_bad_option_files_are_refused(void **state)
{
	static const struct {
		const char *text, *says;
	} cases[] = {
		{ "[mysqld]\nuser=x\n", "has no group [client]" },
		{ "!include /etc/my.cnf\n", "line 1: !include and !includedir are not followed" },
		{ "[client]\n!includedir /etc\n", "line 2: !include" },
		{ "[client]\nuser=u\npassword\n", "line 3: password has no value" },
		{ "[client]\npassword=\n", "line 2: password has no value" },
		{ "[client]\nport=99999\n", "line 2: port must be a number from 1 to 65535" },
		{ "[client\n", "line 1: a group's name lacks its ']'" },
		{ "[client]\npassword=hunter2\n", "names neither a host nor a socket" },
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bool at_map = strstr(cases[i].says, "neither") != NULL;

		write_file(fixture, "my.cnf", cases[i].text);
		refuses(fixture, "source: {defaults_file: my.cnf}\n", at_map ? "1:9" : "1:25",
		        cases[i].says);
	}
	refuses(fixture, "source: {defaults_file: none.cnf}\n", "1:25",
	        "none.cnf cannot be read: No such file");
}

/* --- what is refused --------------------------------------------------------------------- */

#define SOURCE(keys) "source: {host: h, user: u, " keys "}\n"

static const struct {
	const char *text, *place, *says;
} bad[] = {
	{ "", "1:1", "the plan is empty" },
	{ "- a\n", "1:1", "the plan is a list" },
	{ "sorce: {host: h}\n", "1:1", "did you mean \"source\"?" },
	{ "source:\n  host: h\n\tuser: u\n", "3:1", "a tab" },
	{ "mode: on\n", "1:7", "online" },
	{ "mode: [online]\n", "1:7", "online" },
	{ "profile: tencent-dt\n", "1:10", "unknown profile \"tencent-dt\"; did you mean" },
	{ "profile: [tencent-dts, xxxxxxxx]\n", "1:24", "built in: " },
	{ "profile: \"\"\n", "1:10", "is empty" },
	{ "profile: []\n", "1:10", "empty list" },
	{ "profile: [\"\"]\n", "1:11", "item 1 of \"profile\" is empty" },
	{ "plugins: {a: b}\n", "1:10", "a map" },
	{ "source: 10.0.0.1\n", "1:9", "it should be a map" },
	{ "source: {}\n", "1:9", "names neither a host nor a socket" },
	{ "source: {user: u}\n", "1:9", "names neither a host nor a socket" },
	{ "source: {host: h}\n", "1:9", "names no user" },
	{ "source: {host: \"\", user: u}\n", "1:16", "\"host\" is empty" },
	{ "target:\n  host: h\n  usr: u\n", "3:3",
	  "\"target\" has no key \"usr\"; did you mean "
	  "\"user\"?" },
	{ "source: {host: h, socket: /s, user: u}\n", "1:27", "a host and a socket" },
	{ SOURCE("port: 99999"), "1:34", "from 1 to 65535" },
	{ SOURCE("port: 0"), "1:34", "from 1 to 65535" },
	{ SOURCE("port: \"3306\""), "1:34", "without quotes" },
	{ SOURCE("port: many"), "1:34", "from 1 to 65535" },
	{ SOURCE("port: [1]"), "1:34", "is a list" },
	{ SOURCE("password: hunter2"), "1:28", "with password_env, password_file or" },
	{ SOURCE("password_env: TEST_MISSING"), "1:42", "variable TEST_MISSING is not set" },
	{ SOURCE("password_env: TEST_EMPTY"), "1:42", "variable TEST_EMPTY is empty" },
	{ SOURCE("password_env: hunter2!"), "1:42", "is the name of an environment variable" },
	{ SOURCE("password_file: none"), "1:43", "none cannot be read: No such file" },
	{ SOURCE("password_file: /"), "1:43", "is no regular file" },
	{ SOURCE("password_file: empty"), "1:43", "empty is empty" },
	{ SOURCE("password_file: newline"), "1:43", "newline is empty" },
	{ SOURCE("password_file: lines"), "1:43", "holds more than one line" },
	{ SOURCE("password_file: nul"), "1:43", "holds a NUL byte" },
	{ SOURCE("password_file: pw, password_env: TEST_PW"), "1:43", "keep one" },
	{ SOURCE("defaults_group: x"), "1:44", "add \"defaults_file\"" },
	{ SOURCE("provider: azure"), "1:38", "self, alibaba, tencent or aws" },
	{ SOURCE("capacity: 5X"), "1:38", "512M" },
	{ SOURCE("replicas: [\"mysql://u@\"]"), "1:39",
	  "item 1 of \"replicas\": it names no host" },
	{ SOURCE("replicas: \"mysql://u:hunter2@h\""), "1:38", "holds a password" },
	{ SOURCE("tls: requird"), "1:33", "did you mean \"required\"?" },
	{ SOURCE("tls: [off]"), "1:33", "is a word" },
	{ SOURCE("tls: {ca: ca.pem}"), "1:33", "lacks \"mode\"" },
	{ SOURCE("tls: {mode: on}"), "1:40", "preferred, required" },
	{ SOURCE("tls: {mode: required, ca: none.pem}"), "1:54", "none.pem cannot be read" },
	{ SOURCE("tls: {mode: required, cert: ca.pem}"), "1:33", "belong together" },
	{ SOURCE("tls: {mode: required, capath: x}"), "1:50", "has no key \"capath\"" },
	{ "migration: {steps: [schema, ful]}\n", "1:29", "did you mean \"full\"?" },
	{ "migration: {comparison: most}\n", "1:25", "full, spot or none" },
	{ "migration: {duration: long}\n", "1:23", "12h" },
	{ "migration: {rate: fast}\n", "1:19", "512M" },
	{ "migration: {start: tomorrow}\n", "1:20", "a time with its zone" },
	{ "migration: {start: 2027-01-10T02:00:00}\n", "1:20", "a time with its zone" },
	{ "migration: {start: 2027-02-30T02:00:00Z}\n", "1:20", "a time with its zone" },
	{ "oms: {cm: 10.0.0.3}\n", "1:11", "\"cm\" is a URL: http://host:port" },
	{ "oms: {cm: http://}\n", "1:11", "\"cm\" is a URL" },
	{ "oms: {cm: http://a:hunter2@h}\n", "1:11", "holds a user or a password" },
	{ "oms: {supervisord: tcp://h}\n", "1:20", "or unix:///path" },
	{ "oms: {console: [a]}\n", "1:16", "is a URL or a map" },
	{ "oms: {console: {user: a}}\n", "1:16", "lacks \"url\"" },
	{ "oms: {console: {url: x}}\n", "1:22", "is a URL" },
	{ "oms: {console: {url: http://h, password: hunter2}}\n", "1:32", "password_env" },
	{ "oms: {host_ip: here}\n", "1:16", "is an IP address" },
	{ "oms: {metadb: {hots: h}}\n", "1:16", "did you mean \"host\"?" },
	{ "oms: {metadb: {password_env: A, password_file: b}}\n", "1:48", "keep one" },
	{ "oms: {metadb: {tls: maybe}}\n", "1:21", "it should be preferred" },
	{ "oms: {checkpoint: now}\n", "1:19", "a whole number" },
	{ "oms: {zone: a}\n", "1:7", "has no key \"zone\"" },
	{ "objects: {include: [shop.*, a.b.c]}\n", "1:29",
	  "the object pattern \"a.b.c\" has three parts; write db.table, and a name that holds a "
	  "dot in backticks: `a.b`.c" },
	{ "objects: {exclude: shop}\n", "1:20", "has one part; write shop.*" },
	{ "objects: {includes: a.b}\n", "1:11", "did you mean \"include\"?" },
	{ "limits: {statement_seconds: 0}\n", "1:29", "from 1 to 86400" },
	{ "limits: {connections: 65}\n", "1:23", "from 1 to 64" },
	{ "waivers: {rule: a}\n", "1:10", "it should be a list" },
	{ "waivers: [a]\n", "1:11", "a waiver is" },
	{ "waivers:\n  - {rule: a, owner: b}\n", "2:5", "lacks \"reason\"" },
	{ "waivers:\n  - {rule: a, reason: b}\n", "2:5", "lacks \"owner\"" },
	{ "waivers:\n  - {owner: a, reason: b}\n", "2:5", "lacks \"rule\"" },
	{ "waivers:\n  - {rule: a, reason: \"\", owner: b}\n", "2:23", "\"reason\" is empty" },
	{ "waivers:\n  - {rule: a, reason: b, owner: c, until: d}\n", "2:36", "no key \"until\"" },
	{ "waivers:\n  - {rule: a, reason: b, owner: c, status: fail}\n", "2:44", "unknown" },
	{ "waivers:\n  - {rule: a, reason: b, owner: c, expires: soon}\n", "2:45", "2027-01-31" },
	{ "waivers:\n  - {rule: a, reason: b, owner: c, expires: 2027-02-30}\n", "2:45",
	  "the last day the waiver holds" },
	{ "waivers:\n  - {rule: a, reason: b, owner: c, expires: 2027-1-031}\n", "2:45",
	  "the last day the waiver holds" },
};

static void test_bad_plans_are_refused_at_their_place(void **state)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		refuses(*state, bad[i].text, bad[i].place, bad[i].says);
}

static void test_a_file_that_is_not_there(void **state)
{
	struct fixture *fixture = *state;

	assert_null(plan_read(fixture->arena, path_in(fixture, "none.yaml"), &fixture->error));
	assert_int_equal(fixture->error.kind, ERROR_CONFIG);
	assert_non_null(strstr(fixture->error.text, "none.yaml"));
	assert_non_null(strstr(fixture->error.text, "No such file"));
}

/* --- the command line over the plan ------------------------------------------------------ */

static void test_a_uri_keeps_what_it_does_not_say(void **state)
{
	struct fixture *fixture = *state;
	struct plan *plan =
		read_good(fixture, SOURCE("port: 7, password_env: TEST_PW, tls: verify-identity"));
	const struct login *login = &plan->at[ENDPOINT_SOURCE].login;

	assert_int_equal(plan_set_uri(fixture->arena, plan, ENDPOINT_SOURCE, "--source",
	                              "mysql://other", &fixture->error),
	                 0);
	assert_string_equal(login->host, "other");
	assert_string_equal(login->user, "u");
	assert_int_equal(login->port, 7);
	assert_string_equal(login->password, PASSWORD);
	assert_int_equal(login->tls, TLS_VERIFY_IDENTITY);
	assert_false(plan->at[ENDPOINT_SOURCE].password_in_argv);

	assert_int_equal(plan_set_uri(fixture->arena, plan, ENDPOINT_SOURCE, "--source",
	                              "mysql://v:w@localhost?socket=/s&tls=off", &fixture->error),
	                 0);
	assert_null(login->host);
	assert_string_equal(login->socket, "/s");
	assert_int_equal(login->tls, TLS_OFF);
	assert_string_equal(login->user, "v");
	assert_string_equal(login->password, "w");
	assert_true(plan->at[ENDPOINT_SOURCE].password_in_argv);
}

static void test_the_order_of_passwords(void **state)
{
	struct fixture *fixture = *state;
	struct plan *plan = read_good(fixture, SOURCE("password_env: TEST_PW"));
	const struct login *source = &plan->at[ENDPOINT_SOURCE].login;
	const struct login *target = &plan->at[ENDPOINT_TARGET].login;

	setenv("MIGDOCTOR_SOURCE_PASSWORD", "s", 1);
	setenv("MIGDOCTOR_TARGET_PASSWORD", "t", 1);
	plan_set_environment(fixture->arena, plan);
	assert_string_equal(source->password, PASSWORD);
	assert_null(target->password);
	plan_set_uri(fixture->arena, plan, ENDPOINT_SOURCE, "--source", "mysql://h",
	             &fixture->error);
	assert_string_equal(source->password, "s");
	plan_set_uri(fixture->arena, plan, ENDPOINT_SOURCE, "--source", "mysql://u:x@h",
	             &fixture->error);
	assert_string_equal(source->password, "x");
	plan_set_uri(fixture->arena, plan, ENDPOINT_SOURCE, "--source", "mysql://u:@h",
	             &fixture->error);
	assert_null(source->password);
	unsetenv("MIGDOCTOR_TARGET_PASSWORD");
	plan_set_uri(fixture->arena, plan, ENDPOINT_TARGET, "--target", "mysql://u@h",
	             &fixture->error);
	assert_null(target->password);
	setenv("MIGDOCTOR_TARGET_PASSWORD", "t", 1);
	plan_set_environment(fixture->arena, plan);
	assert_string_equal(target->password, "t");
}

static void test_bad_uris_are_usage_errors(void **state)
{
	static const struct {
		const char *uri, *says;
	} cases[] = {
		{ "mysql://u@", "--target: it names no host" },
		{ "mysql://u:hunter2@h:99999", "--target: the port after the ':' must be a number "
		                               "from 1 to 65535" },
		{ "mysql://h", "--target: it names no user" },
		{ "mysql://u@h?ca=/none.pem", "--target: /none.pem cannot be read: No such" },
		{ "mysql://u@h?cert=/dev/null", "--target: cert= and key= belong together" },
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct plan *plan = plan_new(fixture->arena);

		assert_int_equal(plan_set_uri(fixture->arena, plan, ENDPOINT_TARGET, "--target",
		                              cases[i].uri, &fixture->error),
		                 -1);
		assert_int_equal(fixture->error.kind, ERROR_USAGE);
		if (!str_starts(fixture->error.text, cases[i].says))
			fail_msg("%s: \"%s\"", cases[i].uri, fixture->error.text);
		assert_false(plan->at[ENDPOINT_TARGET].configured);
		assert_null(strstr(fixture->error.text, "hunter2"));
	}
}

static void test_patterns_of_the_command_line_replace_the_plan_s(void **state)
{
	struct fixture *fixture = *state;
	static const char *const two[] = { "crm.*", "hr.*", NULL };
	static const char *const wrong[] = { "crm.*", "a.b.c", NULL };
	static const char *const none[] = { NULL };
	struct plan *plan = read_good(fixture, "objects: {include: a.b, exclude: crm.x}\n");

	assert_int_equal(plan_set_objects(fixture->arena, plan, none, &fixture->error), 0);
	assert_int_equal(plan->objects.scope, SCOPE_TABLE);
	assert_int_equal(plan_set_objects(fixture->arena, plan, two, &fixture->error), 0);
	assert_int_equal(plan->objects.scope, SCOPE_DATABASE);
	assert_true(objects_match(&plan->objects, "hr", "t"));
	assert_false(objects_match(&plan->objects, "a", "b"));
	assert_false(objects_match(&plan->objects, "crm", "x"));
	assert_int_equal(plan_set_objects(fixture->arena, plan, wrong, &fixture->error), -1);
	assert_int_equal(fixture->error.kind, ERROR_USAGE);
	assert_non_null(strstr(fixture->error.text, "--object: the pattern \"a.b.c\" has three "));
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_the_contract_s_plan_is_read),
		TEST(test_a_small_plan_has_the_defaults),
		TEST(test_a_socket_needs_no_host),
		TEST(test_option_files_are_read_as_the_clients_do),
		TEST(test_bad_option_files_are_refused),
		TEST(test_bad_plans_are_refused_at_their_place),
		TEST(test_a_file_that_is_not_there),
		TEST(test_a_uri_keeps_what_it_does_not_say),
		TEST(test_the_order_of_passwords),
		TEST(test_bad_uris_are_usage_errors),
		TEST(test_patterns_of_the_command_line_replace_the_plan_s),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
