#include "cmd/render/render.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const struct check check = { .id = "a.check", .on = CHECK_ONE };

/* A code of the catalog, and one that only a site's profile knows. */
#define KNOWN "dts:-262"
#define SITE "site:7"

static struct rule rule_of(const char *code)
{
	return (struct rule){
		.profile = "p",
		.id = "r",
		.check = &check,
		.code = code,
		.severity = LEVEL_ERROR,
		.title = { { "title", "biaoti" } },
	};
}

static void test_what_each_status_says(void **state)
{
	static const struct {
		enum status status, from;
		bool code, cause;
	} cases[] = {
		{ STATUS_PASS, STATUS_PASS, false, false },
		{ STATUS_FAIL, STATUS_PASS, true, true },
		{ STATUS_SKIP, STATUS_PASS, false, false },
		{ STATUS_UNKNOWN, STATUS_PASS, true, false },
		{ STATUS_WAIVED, STATUS_FAIL, true, true },
		{ STATUS_WAIVED, STATUS_UNKNOWN, true, false },
	};
	struct arena *arena = arena_new();
	struct rule rule = rule_of(KNOWN);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct result result = { .rule = &rule,
			                 .code = rule.code,
			                 .status = cases[i].status,
			                 .waived_from = cases[i].from };
		struct result_texts texts = result_texts(arena, &result, LANG_EN);

		assert_string_equal(texts.title, "title");
		assert_null(texts.reason);
		assert_int_equal(texts.code != NULL, cases[i].code);
		assert_int_equal(texts.message != NULL, cases[i].cause);
		assert_int_equal(texts.cause != NULL, cases[i].cause);
		assert_int_equal(texts.fix != NULL, cases[i].cause);
	}
	arena_free(arena);
}

static void test_the_catalog_speaks_where_the_profile_does_not(void **state)
{
	struct arena *arena = arena_new();
	struct rule rule = rule_of(KNOWN);
	struct result result = { .rule = &rule, .code = rule.code, .status = STATUS_FAIL };
	struct catalog_entry entry;
	struct result_texts texts;

	(void)state;
	assert_true(catalog_find(KNOWN, &entry));
	for (int lang = 0; lang < LANG_COUNT; lang++) {
		texts = result_texts(arena, &result, (enum lang)lang);
		assert_string_equal(texts.code, "DTS -262");
		assert_string_equal(texts.message, entry.message);
		assert_string_equal(texts.cause, entry.cause[lang]);
		assert_string_equal(texts.fix, entry.fix[lang]);
	}
	rule.cause = (struct both){ { "own cause", "ziji" } };
	texts = result_texts(arena, &result, LANG_EN);
	assert_string_equal(texts.cause, "own cause");
	assert_string_equal(texts.fix, entry.fix[LANG_EN]);
	arena_free(arena);
}

static void test_placeholders_and_codes_of_a_site(void **state)
{
	static const char *const values[] = { "name", "{other}", "other", "x", NULL };
	struct arena *arena = arena_new();
	struct rule rule = rule_of(SITE);
	struct result result = { .rule = &rule,
		                 .code = rule.code,
		                 .status = STATUS_FAIL,
		                 .values = values,
		                 .reason = VERBATIM("why") };
	struct result_texts texts;

	(void)state;
	rule.cause = (struct both){ { "{name} and {other} but {nothing}", "{name}" } };
	texts = result_texts(arena, &result, LANG_EN);
	assert_string_equal(texts.code, SITE);
	assert_null(texts.message);
	assert_null(texts.fix);
	/* A value is not looked into again. */
	assert_string_equal(texts.cause, "{other} and x but {nothing}");
	assert_string_equal(texts.reason, "why");
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_what_each_status_says),
		cmocka_unit_test(test_the_catalog_speaks_where_the_profile_does_not),
		cmocka_unit_test(test_placeholders_and_codes_of_a_site),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
