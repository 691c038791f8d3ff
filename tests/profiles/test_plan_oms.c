#include "profiles/plan.h"

#include "catalog/base/arena.h"
#include "catalog/base/cleanup.h"
#include "catalog/base/error.h"
#include "catalog/base/str.h"
#include "checks/probe/oms_config.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* The section `oms` of a plan, and what is learnt from OMS's own config.yaml. */

#define PASSWORD "hunter2 secret"
#define CONFIG_PATH "home/admin/conf/config.yaml"
#define CONFIG                              \
	"oms_meta_host: 10.0.0.5\n"         \
	"oms_meta_port: 2883\n"             \
	"oms_meta_user: oms@tenant\n"       \
	"oms_meta_password: hunter2-meta\n" \
	"drc_rm_db: rm\n"                   \
	"drc_cm_db: cm\n"                   \
	"drc_cm_heartbeat_db: hb\n"         \
	"cm_url: http://10.0.0.3:8088\n"

struct fixture {
	struct arena *arena;
	char folder[64];
	struct error error;
};

static const char *path_in(struct fixture *fixture, const char *name)
{
	return arena_printf(fixture->arena, "%s/%s", fixture->folder, name);
}

/* Writes a file below the fixture's folder, making the folders on its way. */
static const char *write_file(struct fixture *fixture, const char *name, const char *text)
{
	const char *path = path_in(fixture, name);

	for (const char *slash = strchr(name, '/'); slash; slash = strchr(slash + 1, '/'))
		mkdir(path_in(fixture, arena_strndup(fixture->arena, name, (size_t)(slash - name))),
		      0700);

	cleanup(cleanup_file) FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
	return path;
}

static int setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	snprintf(fixture->folder, sizeof(fixture->folder), "/tmp/migdoctor-oms-XXXXXX");
	fixture->arena = arena_new();
	if (!mkdtemp(fixture->folder))
		return -1;
	setenv("TEST_PW", PASSWORD, 1);
	unsetenv("TEST_MISSING");
	unsetenv("MIGDOCTOR_METADB_PASSWORD");
	unsetenv("MIGDOCTOR_CONSOLE_PASSWORD");
	write_file(fixture, "pw", PASSWORD "\n");
	write_file(fixture, "ca.pem", "x");
	*state = fixture;
	return 0;
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status;
	(void)type;
	(void)walk;
	return remove(path);
}

static int teardown(void **state)
{
	struct fixture *fixture = *state;

	nftw(fixture->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
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

static void expect_url(const struct plan *plan, enum endpoint_id id, const char *url)
{
	const char *have = plan->at[id].service.url;

	assert_int_equal(plan->at[id].configured, url != NULL);
	if (url && !(have && str_equal(have, url)))
		fail_msg("%s is %s, and should be %s", endpoint_name(id), have, url);
}

/* --- what the plan says --------------------------------------------------------------------------- */

static void test_everything_is_named(void **state)
{
	struct fixture *fixture = *state;
	const struct plan *plan = read_good(
		fixture,
		"oms:\n"
		"  cm: {url: \"https://10.0.0.3:8088/\", ca: ca.pem}\n"
		"  console: {url: http://10.0.0.3:8089, user: admin, password_env: TEST_PW}\n"
		"  supervisor: http://[::1]:9000\n"
		"  supervisord: {url: unix:///run/s, user: u, password_file: pw}\n"
		"  metadb: {host: 10.0.0.5, port: 2883, user: oms@t, password_env: TEST_PW,\n"
		"           cm_db: a, heartbeat_db: b, rm_db: c}\n"
		"  cm_properties: drc-cm.properties\n"
		"  host_ip: fe80::1\n"
		"  stores: [s1, s2]\n"
		"  checkpoint: 1659319500\n"
		"  projects: np_1\n");

	expect_url(plan, ENDPOINT_CM, "https://10.0.0.3:8088/");
	assert_string_equal(plan->at[ENDPOINT_CM].service.ca, path_in(fixture, "ca.pem"));
	assert_null(plan->at[ENDPOINT_CM].service.user);
	expect_url(plan, ENDPOINT_CONSOLE, "http://10.0.0.3:8089");
	assert_string_equal(plan->at[ENDPOINT_CONSOLE].service.user, "admin");
	assert_string_equal(plan->at[ENDPOINT_CONSOLE].service.password, PASSWORD);
	expect_url(plan, ENDPOINT_SUPERVISOR, "http://[::1]:9000");
	expect_url(plan, ENDPOINT_SUPERVISORD, "unix:///run/s");
	assert_string_equal(plan->at[ENDPOINT_SUPERVISORD].service.password, PASSWORD);
	assert_string_equal(plan->at[ENDPOINT_METADB].login.host, "10.0.0.5");
	assert_int_equal(plan->at[ENDPOINT_METADB].login.port, 2883);
	assert_string_equal(plan->at[ENDPOINT_METADB].login.password, PASSWORD);
	assert_false(plan->at[ENDPOINT_METADB].password_learnt);
	assert_false(plan->at[ENDPOINT_HOST].configured);
	assert_null(plan->oms.config);
	assert_string_equal(plan->oms.cm_db, "a");
	assert_string_equal(plan->oms.heartbeat_db, "b");
	assert_string_equal(plan->oms.rm_db, "c");
	assert_string_equal(plan->oms.root, "");
	assert_string_equal(plan->oms.cm_properties, path_in(fixture, "drc-cm.properties"));
	assert_string_equal(plan->oms_said.host_ip, "fe80::1");
	assert_int_equal(plan->oms_said.checkpoint, 1659319500);
	assert_string_equal(plan->oms_said.stores[1], "s2");
	assert_string_equal(plan->oms_said.projects[0], "np_1");
	assert_ptr_equal(plan->oms.stores, plan->oms_said.stores);
	assert_ptr_equal(plan->oms.projects, plan->oms_said.projects);
}

static void test_nothing_is_named(void **state)
{
	const struct plan *plan = read_good(*state, "oms: {cm: http://c}\n");

	expect_url(plan, ENDPOINT_CM, "http://c");
	expect_url(plan, ENDPOINT_CONSOLE, NULL);
	assert_false(plan->at[ENDPOINT_METADB].configured);
	assert_false(plan->at[ENDPOINT_HOST].configured);
	assert_string_equal(plan->oms.cm_properties,
	                    "/home/ds/cm/package/config/drc-cm.properties");
	assert_null(plan->oms_said.host_ip);
	assert_int_equal(plan->oms_said.checkpoint, 0);
	assert_null(plan->oms_said.stores);
	assert_null(plan->oms_said.projects);
}

/* --- what config.yaml says ------------------------------------------------------------------------ */

static void test_all_is_learnt(void **state)
{
	struct fixture *fixture = *state;
	const struct plan *plan;
	const struct login *metadb;

	write_file(fixture, "oms.yaml", CONFIG);
	plan = read_good(fixture, "oms: {config: oms.yaml}\n");
	metadb = &plan->at[ENDPOINT_METADB].login;
	assert_true(plan->at[ENDPOINT_METADB].configured);
	assert_string_equal(metadb->host, "10.0.0.5");
	assert_int_equal(metadb->port, 2883);
	assert_string_equal(metadb->user, "oms@tenant");
	assert_string_equal(metadb->password, "hunter2-meta");
	assert_true(plan->at[ENDPOINT_METADB].password_learnt);
	assert_string_equal(plan->oms.cm_db, "cm");
	assert_string_equal(plan->oms.heartbeat_db, "hb");
	assert_string_equal(plan->oms.rm_db, "rm");
	expect_url(plan, ENDPOINT_CM, "http://10.0.0.3:8088");
	expect_url(plan, ENDPOINT_CONSOLE, "http://127.0.0.1:8089");
	expect_url(plan, ENDPOINT_SUPERVISOR, "http://127.0.0.1:9000");
	expect_url(plan, ENDPOINT_SUPERVISORD, "unix:///tmp/supervisor.sock");
	assert_true(plan->at[ENDPOINT_HOST].configured);
	assert_int_equal(plan->oms.config->status.state, GROUP_GATHERED);
}

static void test_the_plan_goes_before_config(void **state)
{
	struct fixture *fixture = *state;
	const struct plan *plan;

	write_file(fixture, "oms.yaml",
	           CONFIG "nginx_server_port: 18089\nsupervisor_server_port: 19000\n");
	plan = read_good(fixture, "oms:\n"
	                          "  config: oms.yaml\n"
	                          "  cm: http://other:1\n"
	                          "  console: {user: admin, password_env: TEST_PW}\n"
	                          "  metadb: {cm_db: mine}\n");
	expect_url(plan, ENDPOINT_CM, "http://other:1");
	expect_url(plan, ENDPOINT_CONSOLE, "http://127.0.0.1:18089");
	assert_string_equal(plan->at[ENDPOINT_CONSOLE].service.user, "admin");
	expect_url(plan, ENDPOINT_SUPERVISOR, "http://127.0.0.1:19000");
	assert_string_equal(plan->oms.cm_db, "mine");
	assert_string_equal(plan->oms.rm_db, "rm");
	assert_string_equal(plan->at[ENDPOINT_METADB].login.host, "10.0.0.5");

	/* Another user's password is not this one's, and another server's user may be. */
	plan = read_good(fixture, "oms: {config: oms.yaml, metadb: {host: m, user: me}}\n");
	assert_string_equal(plan->at[ENDPOINT_METADB].login.host, "m");
	assert_int_equal(plan->at[ENDPOINT_METADB].login.port, 3306);
	assert_null(plan->at[ENDPOINT_METADB].login.password);
}

static void test_a_root_stands_before_its_paths(void **state)
{
	struct fixture *fixture = *state;
	const struct plan *plan;

	write_file(fixture, "root/" CONFIG_PATH, CONFIG);
	plan = read_good(fixture, "oms: {root: root/}\n");
	assert_string_equal(plan->oms.root, path_in(fixture, "root"));
	assert_string_equal(plan->oms.config->path, path_in(fixture, "root/" CONFIG_PATH));
	assert_int_equal(plan->oms.config->status.state, GROUP_GATHERED);
	assert_true(plan->at[ENDPOINT_HOST].configured);
	expect_url(plan, ENDPOINT_SUPERVISORD,
	           arena_printf(fixture->arena, "unix://%s/root/tmp/supervisor.sock",
	                        fixture->folder));
	plan = read_good(fixture, "oms: {root: root, config: /" CONFIG_PATH
	                          ", cm_properties: x.properties}\n");
	assert_int_equal(plan->oms.config->status.state, GROUP_GATHERED);
	assert_string_equal(plan->oms.cm_properties, "/x.properties");
	plan = read_good(fixture, "oms: {root: /}\n");
	assert_string_equal(plan->oms.root, "");
}

/* A config.yaml that is not there, or makes no sense, is something to report, not a bad plan. */
static void test_a_config_that_cannot_be_read(void **state)
{
	struct fixture *fixture = *state;
	const struct plan *plan = read_good(fixture, "oms: {config: none.yaml}\n");

	assert_int_equal(plan->oms.config->status.state, GROUP_FAILED);
	assert_true(plan->at[ENDPOINT_HOST].configured);
	assert_false(plan->at[ENDPOINT_METADB].configured);
	expect_url(plan, ENDPOINT_CM, NULL);
	/* Nothing tells that an OMS is here at all. */
	expect_url(plan, ENDPOINT_CONSOLE, NULL);

	write_file(fixture, "bad.yaml", "oms_meta_host:10.0.0.5\n- x\n");
	plan = read_good(fixture, "oms: {config: bad.yaml, metadb: {cm_db: x}}\n");
	assert_int_equal(plan->oms.config->status.state, GROUP_FAILED);
	assert_false(plan->at[ENDPOINT_METADB].configured);
	expect_url(plan, ENDPOINT_CONSOLE, "http://127.0.0.1:8089");
}

/* Values that nobody could connect to are not learnt; the rules of the file tell of them. */
static void test_bad_values_of_a_config(void **state)
{
	static const char *const configs[] = {
		"oms_meta_host: h\noms_meta_user: u\n",
		"oms_meta_host: h\noms_meta_user: u\noms_meta_port: many\n",
		"oms_meta_host: h\noms_meta_user: u\noms_meta_port: 65536\n",
		"oms_meta_host: h\noms_meta_port: 1\n",
		"oms_meta_user: u\noms_meta_port: 1\n",
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(configs) / sizeof(configs[0]); i++) {
		const struct plan *plan;

		write_file(fixture, "oms.yaml",
		           arena_printf(fixture->arena,
		                        "%scm_url: http://u:p@h:1\nnginx_server_port: no\n",
		                        configs[i]));
		plan = read_good(fixture, "oms: {config: oms.yaml}\n");
		assert_false(plan->at[ENDPOINT_METADB].configured);
		expect_url(plan, ENDPOINT_CM, NULL);
		expect_url(plan, ENDPOINT_CONSOLE, "http://127.0.0.1:8089");
	}
}

/* --- without a plan, and beside it ----------------------------------------------------------------- */

static void test_the_oms_of_this_machine(void **state)
{
	struct fixture *fixture = *state;
	struct plan *plan = plan_new(fixture->arena);
	const char *root = path_in(fixture, "root");

	assert_false(plan_set_local(fixture->arena, plan, root));
	assert_true(plan->at[ENDPOINT_HOST].configured);
	expect_url(plan, ENDPOINT_CONSOLE, NULL);
	write_file(fixture, "root/" CONFIG_PATH, CONFIG);
	plan = plan_new(fixture->arena);
	assert_int_equal(plan_set_cm(fixture->arena, plan, "http://mine:1", &fixture->error), 0);
	assert_true(plan_set_local(fixture->arena, plan, root));
	expect_url(plan, ENDPOINT_CM, "http://mine:1");
	assert_string_equal(plan->at[ENDPOINT_METADB].login.host, "10.0.0.5");
}

static void test_the_cm_of_the_command_line(void **state)
{
	struct fixture *fixture = *state;
	struct plan *plan =
		read_good(fixture, "oms: {cm: {url: http://a, user: u, password_env: TEST_PW}}\n");

	assert_int_equal(plan_set_cm(fixture->arena, plan, "http://b:1", &fixture->error), 0);
	expect_url(plan, ENDPOINT_CM, "http://b:1");
	/* The account of one CM is not sent to another. */
	assert_null(plan->at[ENDPOINT_CM].service.user);
	assert_null(plan->at[ENDPOINT_CM].service.password);
	assert_int_equal(plan_set_cm(fixture->arena, plan, "http://u:hunter2@b", &fixture->error),
	                 -1);
	assert_int_equal(fixture->error.kind, ERROR_USAGE);
	assert_string_equal(fixture->error.text,
	                    "--cm holds a user or a password; a URL names the host alone");
}

static void test_passwords_of_the_environment(void **state)
{
	struct fixture *fixture = *state;
	struct plan *plan;

	write_file(fixture, "oms.yaml", CONFIG);
	setenv("MIGDOCTOR_METADB_PASSWORD", "m", 1);
	setenv("MIGDOCTOR_CONSOLE_PASSWORD", "c", 1);
	plan = read_good(fixture, "oms: {config: oms.yaml, console: {user: admin}}\n");
	plan_set_environment(fixture->arena, plan);
	assert_string_equal(plan->at[ENDPOINT_METADB].login.password, "m");
	assert_string_equal(plan->at[ENDPOINT_CONSOLE].service.password, "c");
	assert_null(plan->at[ENDPOINT_CM].service.password);
	plan = read_good(fixture, "oms: {metadb: {host: h, user: u, password_env: TEST_PW}}\n");
	plan_set_environment(fixture->arena, plan);
	assert_string_equal(plan->at[ENDPOINT_METADB].login.password, PASSWORD);
}

/* --- what is refused -------------------------------------------------------------------------------- */

static const struct {
	const char *text, *place, *says;
} refusals[] = {
	{ "oms: {cm: http://h:p}\n", "1:11", "no port from 1 to 65535" },
	{ "oms: {cm: http://h:0}\n", "1:11", "no port from 1 to 65535" },
	{ "oms: {cm: http://h:65536/}\n", "1:11", "no port from 1 to 65535" },
	{ "oms: {cm: http://h:1/x}\n", "1:11", "goes on after the port" },
	{ "oms: {cm: \"http://h?x\"}\n", "1:11", "goes on after the port" },
	{ "oms: {cm: \"http://h/#\"}\n", "1:11", "goes on after the port" },
	{ "oms: {cm: \"http://h x\"}\n", "1:11", "\"cm\" is a URL: http://host:port" },
	{ "oms: {cm: \"http://h\\r\\nX\"}\n", "1:11", "is a URL" },
	{ "oms: {cm: \"http://[::1\"}\n", "1:11", "is a URL" },
	{ "oms: {cm: ftp://h}\n", "1:11", "is a URL" },
	{ "oms: {cm: unix:///s}\n", "1:11", "is a URL: http://host:port" },
	{ "oms: {supervisord: unix:///}\n", "1:20", "or unix:///path" },
	{ "oms: {supervisord: unix://s}\n", "1:20", "or unix:///path" },
	{ "oms: {cm: [a]}\n", "1:11", "a URL or a map" },
	{ "oms: {cm: {}}\n", "1:11", "lacks \"url\"" },
	{ "oms: {cm: {url: http://h, path: x}}\n", "1:27", "has no key \"path\"" },
	{ "oms: {supervisor: {url: http://h, password_env: TEST_PW}}\n", "1:19", "add user:" },
	{ "oms: {console: {url: http://h, user: \"a:b\"}}\n", "1:38", "holds a colon" },
	{ "oms: {console: {url: http://h, user: u, password_env: TEST_MISSING}}\n", "1:55",
	  "TEST_MISSING is not set" },
	{ "oms: {console: {url: http://h, user: u, password_env: hunter2!}}\n", "1:55",
	  "is the name of an environment variable" },
	{ "oms: {console: {url: http://h, user: u, password_file: none}}\n", "1:56",
	  "none cannot be read" },
	{ "oms: {console: {url: http://h, password: hunter2}}\n", "1:32", "password_env" },
	{ "oms: {console: {url: http://h, ca: none}}\n", "1:36", "none cannot be read" },
	{ "oms: {metadb: {user: u}}\n", "1:15", "neither a host nor a socket" },
	{ "oms: {metadb: {host: h}}\n", "1:15", "names no user" },
	{ "oms: {metadb: {host: h, user: u, password: hunter2}}\n", "1:34", "password_env" },
	{ "oms: {metadb: {host: h, user: u, cm_db: \"\"}}\n", "1:41", "is empty" },
	{ "oms: {root: \"\"}\n", "1:13", "is empty" },
	{ "oms: {config: [a]}\n", "1:15", "is a list" },
	{ "oms: {checkpoint: 0}\n", "1:19", "a whole number" },
	{ "oms: {stores: []}\n", "1:15", "is an empty list" },
	{ "oms: {projects: {a: b}}\n", "1:17", "is a map" },
};

static void test_bad_sections_are_refused_at_their_place(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		const char *text = fixture->error.text;

		fixture->error = (struct error){ 0 };
		if (read_text(fixture, refusals[i].text))
			fail_msg("accepted:\n%s", refusals[i].text);
		if (!str_starts(text, arena_printf(fixture->arena, "%s/plan.yaml:%s: ",
		                                   fixture->folder, refusals[i].place)) ||
		    !strstr(text, refusals[i].says))
			fail_msg("%s\n\"%s\" is not at %s or lacks \"%s\"", refusals[i].text, text,
			         refusals[i].place, refusals[i].says);
		assert_int_equal(fixture->error.kind, ERROR_CONFIG);
		assert_null(strstr(text, "hunter2"));
		assert_null(strchr(text, '\n'));
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_everything_is_named),
		TEST(test_nothing_is_named),
		TEST(test_all_is_learnt),
		TEST(test_the_plan_goes_before_config),
		TEST(test_a_root_stands_before_its_paths),
		TEST(test_a_config_that_cannot_be_read),
		TEST(test_bad_values_of_a_config),
		TEST(test_the_oms_of_this_machine),
		TEST(test_the_cm_of_the_command_line),
		TEST(test_passwords_of_the_environment),
		TEST(test_bad_sections_are_refused_at_their_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
