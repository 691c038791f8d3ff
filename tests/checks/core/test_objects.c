#include "checks/core/objects.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct object_pattern parse(struct arena *arena, const char *text)
{
	struct object_pattern pattern = { 0 };
	const char *why = NULL;

	if (object_pattern_parse(arena, text, &pattern, &why))
		fail_msg("%s: %s", text, why);
	return pattern;
}

#define NAME_64 "a123456789b123456789c123456789d123456789e123456789f123456789g123"

static const struct {
	const char *text, *schema, *table;
	bool schema_quoted, table_quoted;
} good[] = {
	{ "shop.orders", "shop", "orders", false, false },
	{ "shop.*", "shop", "*", false, false },
	{ "*.*", "*", "*", false, false },
	{ "Shop.Orders", "Shop", "Orders", false, false },
	{ "`shop`.`orders`", "shop", "orders", true, true },
	{ "`a.b`.c", "a.b", "c", true, false },
	{ "`a``b`.`*`", "a`b", "*", true, true },
	{ "my-db.t_2024", "my-db", "t_2024", false, false },
	{ "s?.t*", "s?", "t*", false, false },
	{ "\xe8\xa1\xa8.\xe5\xba\x93", "\xe8\xa1\xa8", "\xe5\xba\x93", false, false },
	{ "`a b`.`c,d`", "a b", "c,d", true, true },
	{ NAME_64 ".`" NAME_64 "`", NAME_64, NAME_64, false, true },
	{ NAME_64 "*.t", NAME_64 "*", "t", false, false },
};

static void test_patterns_are_read(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		struct object_pattern pattern = parse(arena, good[i].text);

		assert_string_equal(pattern.written, good[i].text);
		assert_string_equal(pattern.schema.text, good[i].schema);
		assert_string_equal(pattern.table.text, good[i].table);
		assert_int_equal(pattern.schema.quoted, good[i].schema_quoted);
		assert_int_equal(pattern.table.quoted, good[i].table_quoted);
	}
	arena_free(arena);
}

static const struct {
	const char *text, *says;
} bad[] = {
	{ "", "is empty; write db.table" },
	{ "a", "has one part; write a.* for the whole schema" },
	{ "`a b`", "has one part; write `a b`.*" },
	{ "`a`", "has one part; write a.*" },
	{ "*", "has one part; write *.*" },
	{ "``", "has one part; write db.*" },
	{ "a.b.c", "has three parts; write db.table, and a name that holds a dot in backticks: "
	           "`a.b`.c" },
	{ "`a`.b.`c`", "backticks: `a.b`.c" },
	{ "a.b.", "backticks: `a.b`.*" },
	{ "a.b.c.d", "more than three parts" },
	{ ".t", "names no schema before the dot" },
	{ ".", "names no schema before the dot" },
	{ "``.t", "names no schema before the dot" },
	{ "a.", "names no table after the dot; write a.*" },
	{ "a.``", "names no table after the dot; write a.*" },
	{ "a..b", "names no table after the dot" },
	{ "`a.b", "opens a backtick and does not close it" },
	{ "a.`b", "opens a backtick and does not close it" },
	{ "`a``.b", "opens a backtick and does not close it" },
	{ "a.b`", "holds a ` within a name" },
	{ "`a`b.c", "goes on after a closing backtick" },
	{ "'a'.b", "holds a ' within a name" },
	{ "\"a\".b", "holds a \" within a name" },
	{ "a b.c", "holds a space" },
	{ "a.b,c.d", "holds a ','" },
	{ "a.b;", "holds a ';'" },
	{ "a.b\n", "control character 0x0a" },
	{ "`a\x1b[31m`.b", "control character 0x1b" },
	{ "a.\x7f", "control character 0x7f" },
	{ "a.\xff", "is not UTF-8" },
	{ NAME_64 "x.t", "has a name of 65 characters" },
	{ "s.`" NAME_64 "x`", "has a name of 65 characters" },
};

static void test_bad_patterns_are_refused_with_the_cure(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct object_pattern pattern = { .written = "untouched" };
		const char *why = "(accepted)";

		assert_int_equal(object_pattern_parse(arena, bad[i].text, &pattern, &why), -1);
		if (!strstr(why, bad[i].says))
			fail_msg("%s: \"%s\" lacks \"%s\"", bad[i].text, why, bad[i].says);
		assert_string_equal(pattern.written, "untouched");
	}
	arena_free(arena);
}

static void test_64_characters_are_counted_not_bytes(void **state)
{
	struct arena *arena = arena_new();
	struct str text = str_new(arena);
	struct object_pattern pattern;
	const char *why;

	(void)state;
	for (int i = 0; i < 64; i++)
		str_add(&text, "\xe8\xa1\xa8");
	parse(arena, arena_printf(arena, "%s.t", text.text));
	assert_int_equal(object_pattern_parse(arena, arena_printf(arena, "%sx.t", text.text),
	                                      &pattern, &why),
	                 -1);
	arena_free(arena);
}

static void test_matching(void **state)
{
	static const struct {
		const char *pattern, *schema, *table;
		bool matches;
	} cases[] = {
		{ "shop.orders", "shop", "orders", true },
		{ "shop.orders", "shop", "Orders", false },
		{ "shop.orders", "shop2", "orders", false },
		{ "shop.*", "shop", "anything", true },
		{ "shop.*", "crm", "anything", false },
		{ "*.*", "a", "b", true },
		{ "s?p.o*s", "sop", "orders", true },
		{ "s?p.o*s", "soop", "orders", false },
		{ "`s*`.t", "shop", "t", false },
		{ "`s*`.t", "s*", "t", true },
		{ "shop.`*`", "shop", "orders", false },
		{ "shop.orders", "shop", NULL, true },
		{ "shop.orders", "crm", NULL, false },
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct object_pattern pattern = parse(arena, cases[i].pattern);

		if (object_pattern_matches(&pattern, cases[i].schema, cases[i].table) !=
		    cases[i].matches)
			fail_msg("%s against %s.%s", cases[i].pattern, cases[i].schema,
			         cases[i].table ? cases[i].table : "(none)");
	}
	arena_free(arena);
}

static void test_exclusion(void **state)
{
	struct arena *arena = arena_new();
	const struct object_pattern include[] = { parse(arena, "shop.*"), parse(arena, "crm.a") };
	const struct object_pattern exclude[] = { parse(arena, "shop.tmp*"),
		                                  parse(arena, "old.*") };
	const struct objects some = {
		.include_count = 2, .include = include, .exclude_count = 2, .exclude = exclude
	};
	const struct objects all = { .exclude_count = 2, .exclude = exclude };

	(void)state;
	assert_true(objects_match(&some, "shop", "orders"));
	assert_false(objects_match(&some, "shop", "tmp_1"));
	assert_true(objects_match(&some, "shop", NULL));
	assert_true(objects_match(&some, "crm", "a"));
	assert_false(objects_match(&some, "crm", "b"));
	assert_false(objects_match(&some, "hr", "a"));
	assert_true(objects_match(&all, "hr", "a"));
	assert_true(objects_match(&all, "shop", NULL));
	assert_false(objects_match(&all, "old", NULL));
	assert_false(objects_match(&all, "old", "t"));
	arena_free(arena);
}

static void test_scope(void **state)
{
	struct arena *arena = arena_new();
	const struct object_pattern patterns[] = { parse(arena, "shop.*"), parse(arena, "s*.*"),
		                                   parse(arena, "*.*"), parse(arena, "shop.`*`") };
	enum scope scope;

	(void)state;
	assert_int_equal(objects_scope(NULL, 0), SCOPE_INSTANCE);
	assert_int_equal(objects_scope(patterns, 1), SCOPE_DATABASE);
	assert_int_equal(objects_scope(patterns, 2), SCOPE_DATABASE);
	assert_int_equal(objects_scope(patterns, 3), SCOPE_INSTANCE);
	assert_int_equal(objects_scope(patterns + 3, 1), SCOPE_TABLE);
	for (int i = 0; i < SCOPE_COUNT; i++) {
		assert_true(scope_find(scope_name((enum scope)i), &scope));
		assert_int_equal(scope, i);
	}
	assert_false(scope_find("tables", &scope));
	arena_free(arena);
}

static void test_writing(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	assert_string_equal(object_written(arena, "shop", "orders"), "shop.orders");
	assert_string_equal(object_written(arena, "a_$1", NULL), "a_$1");
	assert_string_equal(object_written(arena, "2024", "1a"), "`2024`.1a");
	assert_string_equal(object_written(arena, "a b", "c`d"), "`a b`.`c``d`");
	assert_string_equal(object_written(arena, "a-b", "*"), "`a-b`.`*`");
	assert_string_equal(object_written(arena, "\xe8\xa1\xa8", ""), "`\xe8\xa1\xa8`.``");
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_patterns_are_read),
		cmocka_unit_test(test_bad_patterns_are_refused_with_the_cure),
		cmocka_unit_test(test_64_characters_are_counted_not_bytes),
		cmocka_unit_test(test_matching),
		cmocka_unit_test(test_exclusion),
		cmocka_unit_test(test_scope),
		cmocka_unit_test(test_writing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
