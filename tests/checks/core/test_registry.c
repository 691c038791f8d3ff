#include "checks/core/registry.h"

#include "catalog/base/arena.h"
#include "catalog/base/error.h"
#include "catalog/base/str.h"
#include "checks/core/finding.h"
#include "checks/core/plugin_check.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct arena *arena;

static int setup(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

/* The examples of tests/plugins, as the build made them. */
static const char *plugin(const char *name)
{
	const char *build = getenv("MIGDOCTOR_BUILD");

	return arena_printf(arena, "%s/plugins/%s.so", build ? build : "build/asan", name);
}

static void built_in_checks_are_complete(void **state)
{
	const struct registry *registry = registry_new(arena);

	(void)state;
	assert_true(registry_count(registry) > 0);
	for (size_t i = 0; i < registry_count(registry); i++) {
		const struct check *check = registry_at(registry, i);

		assert_non_null(check->judge);
		assert_ptr_equal(registry_find(registry, check->id), check);
		for (int lang = 0; lang < LANG_COUNT; lang++)
			assert_string_not_equal(check_title(check, (enum lang)lang), check->id);
		assert_null(check_sql(check));
	}
	assert_null(registry_at(registry, registry_count(registry)));
	assert_null(registry_find(registry, "no.such-check"));
}

static void a_plugin_brings_its_checks(void **state)
{
	struct registry *registry = registry_new(arena);
	size_t before = registry_count(registry);
	struct error error = { ERROR_NONE, "" };
	const struct check *check;

	(void)state;
	assert_int_equal(registry_load_plugin(registry, plugin("site"), &error), 0);
	assert_int_equal(registry_count(registry), before + 2);
	check = registry_find(registry, "site.packet");
	assert_non_null(check);
	assert_string_equal(check_query_name(check), "site/site.packet");
	assert_string_equal(check_sql(check), "SELECT @@GLOBAL.max_allowed_packet");
	/* Its Chinese title is its own, and where there is none the English one serves. */
	assert_string_equal(check_title(check, LANG_EN), "max_allowed_packet is the site's");
}

static struct result judge_packet(const char *cell, size_t count)
{
	struct registry *registry = registry_new(arena);
	struct error error = { ERROR_NONE, "" };
	const char *names[] = { "v" };
	const char *cells[] = { cell };
	const struct query_answer answer = { .rows = { 1, count, count, names, cells } };
	const struct check_input in = { .arena = arena, .answer = &answer };
	struct finding finding = { .arena = arena };
	struct result result = { 0 };

	assert_int_equal(registry_load_plugin(registry, plugin("site"), &error), 0);
	plugin_judge(registry_find(registry, "site.packet"), &in, &finding);
	finding_conclude(&finding, &result);
	return result;
}

static void a_plugin_judges_its_rows(void **state)
{
	struct result result;

	(void)state;
	assert_int_equal(judge_packet("16777216", 1).status, STATUS_PASS);
	result = judge_packet("1024", 1);
	assert_int_equal(result.status, STATUS_FAIL);
	assert_string_equal(result.evidence[0].what, "max_allowed_packet");
	assert_string_equal(result.evidence[0].expected.args[0], "16777216");
	assert_string_equal(result.evidence[0].from, "SELECT @@GLOBAL.max_allowed_packet");
	result = judge_packet(NULL, 0);
	assert_int_equal(result.status, STATUS_UNKNOWN);
	assert_string_equal(note_text(arena, &result.reason, LANG_ZH), "no value came");
}

static void bad_plugins_are_refused_by_name_and_reason(void **state)
{
	static const struct {
		const char *name, *reason;
	} cases[] = {
		{ "wrong_abi", "ABI 2" },
		{ "no_symbol", "symbol migdoctor_plugin" },
		{ "duplicate", "check id replication.binlog-format is taken by migdoctor itself" },
		{ "bad_sql", "SQL of check refused.check is refused" },
		{ "not_there", "cannot be opened" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct registry *registry = registry_new(arena);
		size_t before = registry_count(registry);
		struct error error = { ERROR_NONE, "" };

		assert_int_equal(registry_load_plugin(registry, plugin(cases[i].name), &error), -1);
		assert_int_equal(error.kind, ERROR_CONFIG);
		assert_non_null(strstr(error.text, plugin(cases[i].name)));
		assert_non_null(strstr(error.text, cases[i].reason));
		assert_int_equal(registry_count(registry), before);
	}
}

static void the_same_plugin_twice_is_refused(void **state)
{
	struct registry *registry = registry_new(arena);
	struct error error = { ERROR_NONE, "" };

	(void)state;
	assert_int_equal(registry_load_plugin(registry, plugin("site"), &error), 0);
	assert_int_equal(registry_load_plugin(registry, plugin("site"), &error), -1);
	assert_non_null(strstr(error.text, "is taken by"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(built_in_checks_are_complete),
		TEST(a_plugin_brings_its_checks),
		TEST(a_plugin_judges_its_rows),
		TEST(bad_plugins_are_refused_by_name_and_reason),
		TEST(the_same_plugin_twice_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
