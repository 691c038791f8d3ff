#include "checks/probe/oms_config.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "tests/harness/tree.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define SECRET "S3cr3tValue"

struct fixture {
	struct arena *arena;
	const char *tree;
};

static int set_up(void **state)
{
	static struct fixture fixture;

	fixture.arena = arena_new();
	fixture.tree = tree_new(fixture.arena);
	*state = &fixture;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *fixture = *state;

	tree_remove(fixture->tree);
	arena_free(fixture->arena);
	return 0;
}

static const struct oms_config *read_text(struct fixture *fixture, const char *text)
{
	return oms_config_read(fixture->arena,
	                       tree_file(fixture->arena, fixture->tree, "config.yaml", text));
}

static void hides(const struct oms_config *config)
{
	for (size_t i = 0; i < config->rows.count * config->rows.columns; i++)
		if (config->rows.cells[i])
			assert_null(strstr(config->rows.cells[i], SECRET));
	if (config->status.text)
		assert_null(strstr(config->status.text, SECRET));
}

static void reads_the_official_example(void **state)
{
	static const char text[] = "oms_meta_host: 10.0.0.5\n"
				   "oms_meta_port: 2883\n"
				   "oms_meta_user: oms_meta_user\n"
				   "oms_meta_password: " SECRET "\n"
				   "drc_rm_db: oms_rm\n"
				   "drc_cm_heartbeat_db:\n"
				   "drc_cm_db: ''\n"
				   "cm_url: http://10.0.0.3:8088\n"
				   "cm_nodes:\n"
				   "  - 10.0.0.3\n"
				   "  - \"10.0.0.4\"\n"
				   "others: []\n"
				   "tsdb_service: 'INFLUXDB'\n"
				   "tsdb_enabled: true\n"
				   "tsdb_password: '" SECRET "'\n"
				   "drc_password:\n"
				   "apsara_audit_sls_access_key: " SECRET "\n"
				   "apsara_audit_sls_access_secret: ''\n"
				   "cm_location: 007 # comment\n";
	static const char *const expected[][3] = {
		{ "oms_meta_host", "10.0.0.5", "1" },
		{ "oms_meta_port", "2883", "2" },
		{ "oms_meta_user", "oms_meta_user", "3" },
		{ "oms_meta_password", "set", "4" },
		{ "drc_rm_db", "oms_rm", "5" },
		{ "drc_cm_heartbeat_db", NULL, NULL },
		{ "drc_cm_db", "", "7" },
		{ "cm_url", "http://10.0.0.3:8088", "8" },
		{ "cm_nodes", "10.0.0.3", "10" },
		{ "cm_nodes", "10.0.0.4", "11" },
		{ "others", NULL, "12" },
		{ "tsdb_service", "INFLUXDB", "13" },
		{ "tsdb_enabled", "true", "14" },
		{ "tsdb_password", "set", "15" },
		{ "drc_password", "", NULL },
		{ "apsara_audit_sls_access_key", "set", "17" },
		{ "apsara_audit_sls_access_secret", "", "18" },
		{ "cm_location", "007", "19" },
	};
	const struct oms_config *config = read_text(*state, text);

	assert_int_equal(config->status.state, GROUP_GATHERED);
	assert_string_equal(config->status.statement, config->path);
	assert_string_equal(config->meta_password, SECRET);
	assert_int_equal(config->rows.count, sizeof(expected) / sizeof(expected[0]));
	for (size_t i = 0; i < config->rows.count; i++) {
		const char *value = rows_get(&config->rows, i, "value");

		assert_string_equal(rows_get(&config->rows, i, "key"), expected[i][0]);
		if (expected[i][1])
			assert_string_equal(value, expected[i][1]);
		else
			assert_null(value);
		if (expected[i][2])
			assert_string_equal(rows_get(&config->rows, i, "line"), expected[i][2]);
	}
	hides(config);
	assert_string_equal(oms_config_get(config, "cm_nodes"), "10.0.0.3");
	assert_null(oms_config_get(config, "drc_cm_db"));
	assert_null(oms_config_get(config, "drc_cm_heartbeat_db"));
	assert_null(oms_config_get(config, "nothing"));
}

/* `text` after the file's name is what the status says. */
static void says_what_is_wrong(void **state)
{
	static const char space[] = "a space is missing after the colon; write `key: value`";
	static const struct {
		const char *text, *place, *words;
	} cases[] = {
		{ "a: 1\noms_meta_password:" SECRET "\nb: 2\n", ":2:19: ", space },
		{ "oms_meta_password:" SECRET "\n", ":1:19: ", space },
		{ "a: 1\noms_meta_password:" SECRET, ":2:19: ", space },
		{ "cm_nodes:\n  - 10.0.0.3\noms_meta_password:" SECRET " #x\nb: 2\n",
		  ":3:19: ", space },
		{ "cm_url:http://10.0.0.3:8088\ncm_nodes: 1\n", ":1:8: ", space },
		{ "a:1\nb:2\nc: 3\n", ":1:3: ", space },
		{ "a: 1\nb:2\n\tc: 3\n", ":2:3: ", space },
		{ "- 10.0.0.3\n- 10.0.0.4\n", ":1:1: ", "no map of settings" },
		{ "just " SECRET "\n", ":1:1: ", "no map of settings" },
		{ "", ": ", "it holds no setting" },
		{ "# nothing\n", ": ", "it holds no setting" },
		{ "a: {b: " SECRET "}\n", ":1:4: ", "a map or list within a setting" },
		{ "a:\n  - [" SECRET "]\n", ":2:5: ", "a map or list within a setting" },
		{ "a: 1\na: " SECRET "\n", ":2:1: ", "stands twice" },
		{ "oms_meta_password:" SECRET ": 1\noms_meta_password:" SECRET ": 2\n",
		  ":1:19: ", space },
		{ "oms_meta_password: @" SECRET "\n", ":1:20: ", "put it in quotes" },
		{ "oms_meta_password: *" SECRET "\n", ":1:20: ", "aliases" },
		{ "oms_meta_password: '" SECRET "\n", ":1:20: ", "never ends" },
		{ "a:\n\tb: 1\n", ":2:1: ", "tab" },
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct oms_config *config = read_text(fixture, cases[i].text);
		const char *start =
			arena_printf(fixture->arena, "%s%s", config->path, cases[i].place);

		assert_int_equal(config->status.state, GROUP_FAILED);
		assert_int_equal(config->status.failure, FAILURE_OTHER);
		if (!str_starts(config->status.text, start) ||
		    !strstr(config->status.text, cases[i].words))
			fail_msg("case %zu: %s", i, config->status.text);
		hides(config);
		assert_int_equal(config->rows.count, 0);
		assert_null(config->meta_password);
		assert_null(oms_config_get(config, "a"));
	}
}

/* Indented, such a line is more of the value before, and its password would be shown with it. */
static void hides_what_yaml_takes_for_another_value(void **state)
{
	static const char *const texts[] = {
		"oms_meta_user: root\n  oms_meta_password:" SECRET "\n",
		"cm_nodes:\n  - 10.0.0.3\n    oms_meta_password:" SECRET " " SECRET "\n",
		"oms_meta_password:" SECRET ": " SECRET "\n",
		"cm_url: http://root:" SECRET "@10.0.0.3\n",
	};

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const struct oms_config *config = read_text(*state, texts[i]);

		assert_int_equal(config->status.state, GROUP_GATHERED);
		hides(config);
	}
}

static void says_what_cannot_be_read(void **state)
{
	struct fixture *fixture = *state;
	struct arena *arena = fixture->arena;
	const char *path = arena_printf(arena, "%s/missing", fixture->tree);
	const struct oms_config *config = oms_config_read(arena, path);
	char *large;

	assert_int_equal(config->status.error, ENOENT);
	assert_true(str_starts(config->status.text, path));
	config = oms_config_read(arena, fixture->tree);
	assert_int_equal(config->status.error, EISDIR);
	path = arena_printf(arena, "%s/fifo", fixture->tree);
	assert_int_equal(mkfifo(path, 0600), 0);
	config = oms_config_read(arena, path);
	assert_int_equal(config->status.state, GROUP_FAILED);
	assert_non_null(strstr(config->status.text, "neither a file nor a folder"));
	large = arena_alloc(arena, 2 * 1024 * 1024);
	memset(large, '#', 2 * 1024 * 1024);
	config = oms_config_read(arena,
	                         tree_bytes(arena, fixture->tree, "large", large, 2 * 1024 * 1024));
	assert_int_equal(config->status.failure, FAILURE_TOO_LARGE);
	config = oms_config_read(arena, tree_bytes(arena, fixture->tree, "nul", "a: 1\0\xff", 6));
	assert_int_equal(config->status.state, GROUP_FAILED);
	if (geteuid() == 0)
		return;
	path = tree_file(arena, fixture->tree, "closed", "a: 1\n");
	assert_int_equal(chmod(path, 0), 0);
	config = oms_config_read(arena, path);
	assert_int_equal(config->status.failure, FAILURE_PRIVILEGE);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(reads_the_official_example, set_up, tear_down),
		cmocka_unit_test_setup_teardown(says_what_is_wrong, set_up, tear_down),
		cmocka_unit_test_setup_teardown(hides_what_yaml_takes_for_another_value, set_up,
		                                tear_down),
		cmocka_unit_test_setup_teardown(says_what_cannot_be_read, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
