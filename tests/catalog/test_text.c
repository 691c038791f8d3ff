#include "catalog/text.h"

#include "catalog/base/arena.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COMMA_ZH "\xe3\x80\x81"
#define OR_ZH " \xe6\x88\x96 "

static int setup(void **state)
{
	*state = arena_new();
	return 0;
}

static int teardown(void **state)
{
	arena_free(*state);
	return 0;
}

static void test_get_and_find(void **state)
{
	enum text_id id = TEXT_COUNT;

	(void)state;
	assert_true(text_find("verbatim", &id));
	assert_int_equal(id, TEXT_verbatim);
	assert_true(text_find("one-of", &id));
	assert_int_equal(id, TEXT_one_of);
	assert_string_equal(text_get(TEXT_verbatim, LANG_EN), "{1}");
	assert_string_equal(text_get(TEXT_verbatim, LANG_ZH), "{1}");
	assert_false(text_find("one_of", &id));
	assert_false(text_find("", &id));
	assert_false(text_find("\xff", &id));
	assert_int_equal(id, TEXT_one_of);
	assert_string_equal(text_get(TEXT_NONE, LANG_EN), "");
	assert_string_equal(text_get(TEXT_COUNT, LANG_EN), "");
	assert_string_equal(text_get((enum text_id) - 1, LANG_EN), "");
}

static void test_every_text(void **state)
{
	(void)state;
	for (int id = TEXT_NONE + 1; id < TEXT_COUNT; id++)
		for (int lang = 0; lang < LANG_COUNT; lang++) {
			const char *text = text_get((enum text_id)id, (enum lang)lang);
			size_t length = strlen(text);

			assert_true(length > 0);
			assert_true(text[0] != ' ' && text[length - 1] != ' ');
			assert_null(strchr(text, '\n'));
		}
}

static void test_is_set(void **state)
{
	const struct note none = { 0 }, verbatim = VERBATIM("");

	assert_false(note_is_set(&none));
	assert_string_equal(note_text(*state, &none, LANG_EN), "");
	assert_true(note_is_set(&verbatim));
}

/* What an argument holds is data: braces in it are not looked at again. */
static void test_verbatim(void **state)
{
	static const char *const values[] = {
		"", "ROW", "{1}", "{2} {1|or}", "a{", "\xe4\xb8\xad"
	};

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		const struct note note = VERBATIM(values[i]);

		assert_string_equal(note_text(*state, &note, LANG_EN), values[i]);
		assert_string_equal(note_text(*state, &note, LANG_ZH), values[i]);
	}
}

static void test_missing_argument(void **state)
{
	const struct note verbatim = VERBATIM(NULL), list = NOTE(TEXT_one_of, NULL);

	assert_string_equal(note_text(*state, &verbatim, LANG_EN), "{1}");
	assert_string_equal(note_text(*state, &list, LANG_ZH), "{1|or}");
}

static void test_one_of(void **state)
{
	static const struct {
		const char *words[4];
		const char *in[LANG_COUNT];
	} cases[] = {
		{ { "ROW" }, { "ROW", "ROW" } },
		{ { "ROW", "MIXED" }, { "ROW or MIXED", "ROW" OR_ZH "MIXED" } },
		{ { "A", "B", "C" }, { "A, B or C", "A" COMMA_ZH "B" OR_ZH "C" } },
		{ { "", "B" }, { " or B", OR_ZH "B" } },
		{ { "{1}", "{1|or}" }, { "{1} or {1|or}", "{1}" OR_ZH "{1|or}" } },
	};
	const char *const nothing[] = { NULL };
	struct note note;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		note = note_one_of(*state, cases[i].words);
		assert_true(note_is_set(&note));
		for (int lang = 0; lang < LANG_COUNT; lang++)
			assert_string_equal(note_text(*state, &note, (enum lang)lang),
			                    cases[i].in[lang]);
	}
	note = note_one_of(*state, nothing);
	assert_false(note_is_set(&note));
}

static void test_fill(void **state)
{
	static const char *const values[] = { "schemaName", "shop", "t", "{schemaName}",
		                              "",           "e",    NULL };
	static const char *const none[] = { NULL };
	static const struct {
		const char *text, *filled;
	} cases[] = {
		{ "", "" },
		{ "no placeholder", "no placeholder" },
		{ "{schemaName}.{t}", "shop.{schemaName}" },
		{ "{schemaName", "{schemaName" },
		{ "{schemaNam} {schemaName2}", "{schemaNam} {schemaName2}" },
		{ "{{schemaName}}", "{shop}" },
		{ "{", "{" },
		{ "}{", "}{" },
		{ "{}", "e" },
		{ "%s {table} {t", "%s {table} {t" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		assert_string_equal(text_fill(*state, cases[i].text, values), cases[i].filled);
	assert_string_equal(text_fill(*state, "{schemaName}", none), "{schemaName}");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_get_and_find),
		cmocka_unit_test(test_every_text),
		cmocka_unit_test_setup_teardown(test_is_set, setup, teardown),
		cmocka_unit_test_setup_teardown(test_verbatim, setup, teardown),
		cmocka_unit_test_setup_teardown(test_missing_argument, setup, teardown),
		cmocka_unit_test_setup_teardown(test_one_of, setup, teardown),
		cmocka_unit_test_setup_teardown(test_fill, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
