#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "cmd/render/render.h"
#include "tests/harness/golden.h"
#include "tests/harness/sample_report.h"

#include <jansson.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

typedef struct report sample(struct arena *arena);

static const struct {
	sample *make;
	enum lang lang;
	const char *golden;
} cases[] = {
	{ sample_every, LANG_EN, "every.en.json" },
	{ sample_every, LANG_ZH, "every.zh.json" },
	{ sample_unreachable, LANG_EN, "unreachable.en.json" },
	{ sample_ready, LANG_EN, "ready.en.json" },
	{ sample_incomplete, LANG_EN, "incomplete.en.json" },
	{ sample_two_profiles, LANG_EN, "two-profiles.en.json" },
	{ sample_interrupted, LANG_EN, "interrupted.en.json" },
};

#define CASES (sizeof(cases) / sizeof(cases[0]))

static const char *drawn(struct arena *arena, sample *make, enum lang lang)
{
	struct report report = make(arena);
	struct render_options options = { .lang = lang };
	struct str out = str_new(arena);

	render_json.draw(&report, &options, &out);
	return out.text;
}

static void test_golden(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < CASES; i++)
		golden_expect(cases[i].golden, drawn(arena, cases[i].make, cases[i].lang));
	arena_free(arena);
}

static void test_same_report_same_bytes(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < CASES; i++)
		assert_string_equal(drawn(arena, cases[i].make, cases[i].lang),
		                    drawn(arena, cases[i].make, cases[i].lang));
	arena_free(arena);
}

/* Colour and width are a terminal's; JSON does not know them. */
static void test_options_of_a_terminal_change_nothing(void **state)
{
	struct arena *arena = arena_new();
	struct report report = sample_every(arena);
	struct render_options options = { LANG_EN, true, 40 };
	struct str out = str_new(arena);

	(void)state;
	render_json.draw(&report, &options, &out);
	assert_string_equal(out.text, drawn(arena, sample_every, LANG_EN));
	arena_free(arena);
}

/* A strict reader takes it, summaries add up, and what servers sent has survived as data. */
static void test_is_json_and_adds_up(void **state)
{
	static const char *const words[] = { "pass", "fail", "skip", "unknown", "waived" };
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < CASES; i++) {
		const char *text = drawn(arena, cases[i].make, cases[i].lang);
		json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
		json_t *summary = json_object_get(root, "summary");
		json_int_t sum = 0;

		assert_non_null(root);
		assert_true(text[strlen(text) - 1] == '\n');
		for (size_t j = 0; j < sizeof(words) / sizeof(words[0]); j++)
			sum += json_integer_value(json_object_get(summary, words[j]));
		assert_int_equal(sum, json_integer_value(json_object_get(summary, "planned")));
		assert_int_equal(sum, json_array_size(json_object_get(root, "results")));
		json_decref(root);
	}
	arena_free(arena);
}

static json_t *find_result(json_t *root, const char *rule)
{
	json_t *result;
	size_t i;

	json_array_foreach(json_object_get(root, "results"), i,
	                   result) if (str_equal(json_string_value(json_object_get(result, "rule")),
	                                         rule)) return result;
	return NULL;
}

static const char *evidence_text(json_t *result, size_t index, const char *key)
{
	return json_string_value(
		json_object_get(json_array_get(json_object_get(result, "evidence"), index), key));
}

static void test_hostile_texts_are_data(void **state)
{
	struct arena *arena = arena_new();
	const char *text = drawn(arena, sample_every, LANG_EN);
	json_t *root = json_loads(text, 0, NULL);
	json_t *result = find_result(root, "schema.no-primary-key");

	(void)state;
	assert_string_equal(evidence_text(result, 0, "actual"), "\033[2Jgone\033]0;owned\007");
	assert_string_equal(evidence_text(result, 1, "what"), "caf\xEF\xBF\xBD\xEF\xBF\xBD");
	assert_string_equal(evidence_text(result, 1, "expected"), "abc\u202edcba");
	/* In the file the override is an escape, so that `cat` does not obey it. */
	assert_null(strstr(text, "\u202e"));
	assert_non_null(strstr(text, "abc\\u202Edcba"));
	assert_int_equal(json_integer_value(json_object_get(result, "objects_total")), 120);
	json_decref(root);
	arena_free(arena);
}

static void test_keys_that_do_not_apply_are_absent(void **state)
{
	static const struct {
		const char *rule;
		const char *there, *absent;
	} expected[] = {
		{ "source.connect", "title", "code" },
		{ "source.connect", "severity", "evidence" },
		{ "source.binlog-format", "message", "reason" },
		{ "source.binlog-format", "objects", "blocked_by" },
		{ "source.events", "reason", "code" },
		{ "source.grants", "code", "message" },
		{ "source.grants", "evidence", "fix" },
		{ "target.capacity", "code", "fix" },
		{ "pair.character-set", "fix", "blocked_by" },
		{ "pair.gtid", "blocked_by", "objects" },
	};
	struct arena *arena = arena_new();
	json_t *root = json_loads(drawn(arena, sample_every, LANG_EN), 0, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		json_t *result = find_result(root, expected[i].rule);

		assert_non_null(json_object_get(result, expected[i].there));
		assert_null(json_object_get(result, expected[i].absent));
	}
	json_decref(root);
	arena_free(arena);
}

static void test_an_endpoint_that_was_not_reached_claims_nothing(void **state)
{
	struct arena *arena = arena_new();
	json_t *root = json_loads(drawn(arena, sample_every, LANG_EN), 0, NULL);
	json_t *endpoints = json_object_get(root, "endpoints");
	json_t *source = json_object_get(endpoints, "source");
	json_t *target = json_object_get(endpoints, "target");

	(void)state;
	assert_true(json_is_null(json_object_get(source, "tls")));
	assert_true(json_is_true(json_object_get(source, "reachable")));
	assert_string_equal(json_string_value(json_object_get(source, "version")), "10.11.19");
	assert_true(json_is_false(json_object_get(target, "reachable")));
	assert_null(json_object_get(target, "tls"));
	assert_null(json_object_get(target, "version"));
	json_decref(root);
	arena_free(arena);
}

static void test_renderers_are_found_by_name(void **state)
{
	(void)state;
	for (const char *const *name = renderer_names(); *name; name++)
		assert_string_equal(renderer_find(*name)->name, *name);
	assert_null(renderer_find("xml"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_same_report_same_bytes),
		cmocka_unit_test(test_options_of_a_terminal_change_nothing),
		cmocka_unit_test(test_is_json_and_adds_up),
		cmocka_unit_test(test_hostile_texts_are_data),
		cmocka_unit_test(test_keys_that_do_not_apply_are_absent),
		cmocka_unit_test(test_an_endpoint_that_was_not_reached_claims_nothing),
		cmocka_unit_test(test_renderers_are_found_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
