/* The ground floor that is too small for a file each: arena, str, error, clock. */
#include "catalog/base/arena.h"
#include "catalog/base/clock.h"
#include "catalog/base/error.h"
#include "catalog/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void an_arena_gives_zeroed_aligned_memory(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	for (size_t size = 0; size < 3000; size += 7) {
		unsigned char *bytes = arena_alloc(arena, size);

		assert_int_equal((uintptr_t)bytes % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(bytes[i], 0);
		memset(bytes, 0xff, size);
	}
	assert_non_null(arena_alloc(arena, 5 * 1024 * 1024));
	arena_free(arena);
}

static void an_adopted_arena_lives_on(void **state)
{
	struct arena *arena = arena_new(), *child = arena_new(), *empty = arena_new();
	const char *text = arena_strdup(child, "kept");

	(void)state;
	arena_adopt(arena, child);
	arena_adopt(arena, empty);
	assert_string_equal(text, "kept");
	assert_string_equal(arena_printf(arena, "%s %d", text, 2), "kept 2");
	arena_free(arena);
}

static void a_text_grows(void **state)
{
	struct arena *arena = arena_new();
	struct str str = str_new(arena);

	(void)state;
	for (int i = 0; i < 1000; i++)
		str_addf(&str, "%d,", i % 10);
	assert_int_equal(str.length, 2000);
	assert_int_equal(strlen(str.text), 2000);
	str_add_n(&str, "abc", 2);
	str_add_char(&str, '!');
	assert_string_equal(str.text + 2000, "ab!");
	arena_free(arena);
}

static void globs_match(void **state)
{
	static const struct {
		const char *text, *glob;
		bool matches;
	} cases[] = {
		{ "source.gtid", "source.*", true },
		{ "source.gtid", "*gtid", true },
		{ "source.gtid", "target.*", false },
		{ "", "*", true },
		{ "", "?", false },
		{ "abc", "a?c", true },
		{ "abc", "a?", false },
		{ "aXbXc", "a*b*c", true },
		/* ? is one character, also of three bytes. */
		{ "\xe8\xae\xa2\xe5\x8d\x95", "??", true },
		{ "\xe8\xae\xa2\xe5\x8d\x95", "?", false },
		{ "a[b]", "a[b]", true },
		{ "ab", "[ab]b", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(str_matches_glob(cases[i].text, cases[i].glob), cases[i].matches);
}

static void a_hostile_glob_ends_soon(void **state)
{
	char text[2001], glob[101];

	(void)state;
	memset(text, 'a', 2000);
	text[2000] = '\0';
	for (int i = 0; i < 100; i++)
		glob[i] = i % 2 ? '*' : 'a';
	glob[98] = 'b';
	glob[100] = '\0';
	assert_false(str_matches_glob(text, glob));
}

static void numbers_are_whole(void **state)
{
	static const char *const bad[] = { "",   "-",   "1x",   " 1",
		                           "+1", "1.5", "0x10", "9223372036854775808" };
	long long value = 5;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(str_to_int(bad[i], &value));
	assert_int_equal(value, 5);
	assert_true(str_to_int("-12", &value));
	assert_int_equal(value, -12);
	assert_true(str_to_int("010", &value)); /* decimal, as people mean it */
	assert_int_equal(value, 10);
}

static void the_nearest_word_is_near(void **state)
{
	static const char *const words[] = { "source", "target", "profile", NULL };

	(void)state;
	assert_string_equal(str_nearest("sorce", words), "source");
	assert_string_equal(str_nearest("Target", words), "target");
	assert_string_equal(str_nearest("profiel", words), "profile");
	assert_null(str_nearest("zzz", words));
	assert_null(str_nearest("", words));
}

static void errors_are_one_harmless_line(void **state)
{
	struct error error = { ERROR_NONE, "" };
	char *huge = NULL;
	struct arena *arena = arena_new();

	(void)state;
	assert_int_equal(error_at(&error, "plan.yaml", 3, 5, "bad \"%s\"", "a\nb\x1b[31m"), -1);
	assert_int_equal(error.kind, ERROR_CONFIG);
	assert_string_equal(error.text, "plan.yaml:3:5: bad \"a\\x0ab\\x1b[31m\"");
	error_at(&error, "plan.yaml", 0, 0, "gone");
	assert_string_equal(error.text, "plan.yaml: gone");
	huge = arena_alloc(arena, 5000);
	memset(huge, '\n', 4999);
	error_usage(&error, "%s", huge);
	assert_true(strlen(error.text) < sizeof(error.text));
	assert_null(strchr(error.text, '\n'));
	arena_free(arena);
}

static void times_are_written_in_utc(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	assert_string_equal(clock_rfc3339(arena, 1659319500000), "2022-08-01T02:05:00Z");
	assert_true(clock_monotonic_ms() <= clock_monotonic_ms());
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_arena_gives_zeroed_aligned_memory),
		cmocka_unit_test(an_adopted_arena_lives_on),
		cmocka_unit_test(a_text_grows),
		cmocka_unit_test(globs_match),
		cmocka_unit_test(a_hostile_glob_ends_soon),
		cmocka_unit_test(numbers_are_whole),
		cmocka_unit_test(the_nearest_word_is_near),
		cmocka_unit_test(errors_are_one_harmless_line),
		cmocka_unit_test(times_are_written_in_utc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
