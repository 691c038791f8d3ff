#include "checks/probe/properties.h"

#include "catalog/base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* As java.util.Properties reads them. */
static void reads_as_java(void **state)
{
	static const char text[] = "# comment \\\n"
				   "! another=1\r\n"
				   "\n"
				   "a=1\n"
				   "  b : 2 \n"
				   "c 3\r"
				   "d\n"
				   "e = = x\n"
				   "f=one, \\\n"
				   "    two\\\r\n"
				   "\t# three\n"
				   "g\\ h\\:i\\=j=k\n"
				   "t=\\t\\n\\q\\\\\n"
				   "u=\\u00e9\\u4e2d\\ud83d\\ude00\\ud83d\\uZZ\n"
				   "v=\\\\\\\n"
				   "w\n"
				   "=no key\n"
				   "a=again\n"
				   "z=end\\";
	static const struct property expected[] = {
		{ "a", "1", 4 },
		{ "b", "2 ", 5 },
		{ "c", "3", 6 },
		{ "d", "", 7 },
		{ "e", "= x", 8 },
		{ "f", "one, two# three", 9 },
		{ "g h:i=j", "k", 12 },
		{ "t", "\t\nq\\", 13 },
		{ "u", "\xc3\xa9\xe4\xb8\xad\xf0\x9f\x98\x80\xef\xbf\xbduZZ", 14 },
		{ "v", "\\w", 15 },
		{ "", "no key", 17 },
		{ "a", "again", 18 },
		{ "z", "end", 19 },
	};
	struct arena *arena = arena_new();
	const struct property *pairs;
	size_t count = properties_read(arena, text, sizeof(text) - 1, &pairs);

	(void)state;
	assert_int_equal(count, sizeof(expected) / sizeof(expected[0]));
	for (size_t i = 0; i < count; i++) {
		assert_string_equal(pairs[i].key, expected[i].key);
		assert_string_equal(pairs[i].value, expected[i].value);
		assert_int_equal(pairs[i].line, expected[i].line);
	}
	arena_free(arena);
}

static void takes_any_bytes(void **state)
{
	static const char text[] = "k\0ey=va\0l\\\0ue\nb=\\u0000\\";
	struct arena *arena = arena_new();
	const struct property *pairs;

	(void)state;
	assert_int_equal(properties_read(arena, text, sizeof(text) - 1, &pairs), 2);
	assert_string_equal(pairs[0].key, "k\xef\xbf\xbd"
	                                  "ey");
	assert_string_equal(pairs[0].value, "va\xef\xbf\xbdl\xef\xbf\xbdue");
	assert_string_equal(pairs[1].value, "\xef\xbf\xbd");
	assert_int_equal(properties_read(arena, "", 0, &pairs), 0);
	assert_int_equal(properties_read(arena, "\\", 1, &pairs), 1);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_as_java),
		cmocka_unit_test(takes_any_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
