#include "cmd/render/wrap.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Two Chinese characters each: "word", "statement"; and the fullwidth comma. */
#define WORD "\u8bcd\u8bed"
#define STATEMENT "\u8bed\u53e5"
#define COMMA "\uff0c"

static const struct {
	const char *text;
	unsigned column, width, indent;
	const char *wanted;
} cases[] = {
	{ "", 0, 10, 0, "" },
	{ "one two three", 0, 0, 2, "one two three" },
	{ "one two three", 0, 7, 0, "one two\nthree" },
	{ "one two three", 0, 8, 2, "one two\n  three" },
	{ "one  two", 0, 80, 0, "one  two" },
	/* What stands before the text takes room, and may push its first word down. */
	{ "one two", 4, 8, 0, "one\ntwo" },
	{ "one two", 6, 8, 0, "\none two" },
	/* A word that fits nowhere passes the margin alone. */
	{ "a long_long_word b", 0, 6, 0, "a\nlong_long_word\nb" },
	{ "one\ntwo", 0, 80, 4, "one\n    two" },
	{ "one\n\ntwo", 0, 0, 0, "one\n\ntwo" },
	/* Backticks hold a statement together, with the punctuation that follows. */
	{ "run `SET GLOBAL x = 1`, then", 0, 12, 0, "run\n`SET GLOBAL x = 1`,\nthen" },
	{ "(`a b`)", 0, 3, 0, "(`a b`)" },
	{ "`a b` `c d`", 0, 6, 0, "`a b`\n`c d`" },
	{ "a lone ` stays a mark", 0, 8, 0, "a lone `\nstays a\nmark" },
	/* Quoted names inside a statement do not end it. */
	{ "run `DROP TABLE `a b`.`c d` PURGE` now", 0, 10, 0,
	  "run\n`DROP TABLE `a b`.`c d` PURGE`\nnow" },
	{ "run `DROP TABLE `a b`` now", 0, 10, 0, "run\n`DROP TABLE `a b``\nnow" },
	/* Chinese breaks anywhere but before a closing mark. */
	{ WORD WORD WORD, 0, 8, 0, WORD WORD "\n" WORD },
	{ WORD WORD COMMA WORD, 0, 8, 2, WORD "\u8bcd\n  \u8bed" COMMA "\u8bcd\n  \u8bed" },
	{ WORD "ROW" WORD, 0, 7, 0, WORD "ROW\n" WORD },
	{ WORD "`SET x = 1`" STATEMENT, 0, 12, 0, WORD "\n`SET x = 1`\n" STATEMENT },
};

static void test_cases(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct wrap wrap = { .width = cases[i].width, .indent = cases[i].indent };
		struct str out = str_new(arena);

		wrap_add(&out, cases[i].text, cases[i].column, &wrap);
		assert_string_equal(out.text, cases[i].wanted);
	}
	arena_free(arena);
}

static void test_quotations_are_marked(void **state)
{
	struct arena *arena = arena_new();
	struct wrap wrap = { .width = 5, .quote_on = "<", .quote_off = ">" };
	struct str out = str_new(arena);

	(void)state;
	wrap_add(&out, "a `b c`, d", 0, &wrap);
	assert_string_equal(out.text, "a\n<`b c`>,\nd");
	arena_free(arena);
}

/* Nothing but line ends is added and nothing but spaces is lost, whatever the width. */
static void test_every_byte_is_kept(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		for (unsigned width = 1; width < 40; width++) {
			struct wrap wrap = { .width = width };
			struct str out = str_new(arena);
			const char *a = cases[i].text, *b;

			wrap_add(&out, a, 0, &wrap);
			for (b = out.text; *a || *b; a++, b++) {
				a += strspn(a, " \n");
				b += strspn(b, " \n");
				assert_int_equal(*a, *b);
				if (!*a)
					break;
			}
		}
	}
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_quotations_are_marked),
		cmocka_unit_test(test_every_byte_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
