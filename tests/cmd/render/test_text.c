#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "cmd/render/render.h"
#include "cmd/render/term.h"
#include "tests/harness/golden.h"
#include "tests/harness/sample_report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

typedef struct report sample(struct arena *arena);

static const char *drawn(struct arena *arena, sample *make, enum lang lang, unsigned width)
{
	struct report report = make(arena);
	struct render_options options = { .lang = lang, .width = width };
	struct str out = str_new(arena);

	render_text.draw(&report, &options, &out);
	return out.text;
}

/* One report, one form, one golden file. */
static const struct {
	sample *make;
	enum lang lang;
	unsigned width;
	const char *golden;
} cases[] = {
	{ sample_every, LANG_EN, 80, "every.en.txt" },
	{ sample_every, LANG_ZH, 80, "every.zh.txt" },
	{ sample_every, LANG_EN, 0, "every.pipe.txt" },
	{ sample_every, LANG_EN, 45, "every.narrow.txt" },
	{ sample_unreachable, LANG_EN, 80, "unreachable.en.txt" },
	{ sample_unreachable, LANG_ZH, 80, "unreachable.zh.txt" },
	{ sample_ready, LANG_EN, 80, "ready.en.txt" },
	{ sample_ready, LANG_ZH, 80, "ready.zh.txt" },
	{ sample_warning, LANG_EN, 80, "warning.en.txt" },
	{ sample_incomplete, LANG_EN, 80, "incomplete.en.txt" },
	{ sample_two_profiles, LANG_EN, 80, "two-profiles.en.txt" },
	{ sample_two_profiles, LANG_ZH, 80, "two-profiles.zh.txt" },
	{ sample_interrupted, LANG_EN, 80, "interrupted.en.txt" },
};

static void test_golden(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		golden_expect(cases[i].golden,
		              drawn(arena, cases[i].make, cases[i].lang, cases[i].width));
	arena_free(arena);
}

static const char *without_colour(struct arena *arena, const char *text)
{
	struct str out = str_new(arena);

	while (*text) {
		if (str_starts(text, "\033[")) {
			text += strspn(text + 2, "0123456789;") + 2;
			assert_int_equal(*text++, 'm');
			continue;
		}
		str_add_char(&out, *text++);
	}
	return out.text;
}

/* Colour adds to the same text and says nothing that the text does not. */
static void test_colour_adds_nothing_else(void **state)
{
	static sample *const all[] = { sample_every, sample_unreachable, sample_ready,
		                       sample_two_profiles };
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct report report = all[i](arena);
		struct render_options options = { LANG_EN, true, 80 };
		struct str coloured = str_new(arena);

		render_text.draw(&report, &options, &coloured);
		assert_non_null(strstr(coloured.text, "\033["));
		assert_string_equal(without_colour(arena, coloured.text),
		                    drawn(arena, all[i], LANG_EN, 80));
	}
	arena_free(arena);
}

/* What servers send can neither move the cursor nor reorder or fake a line. */
static void test_nothing_hidden_gets_through(void **state)
{
	struct arena *arena = arena_new();
	uint32_t code;

	(void)state;
	for (unsigned width = 0; width <= 120; width += 40) {
		const char *text = drawn(arena, sample_every, LANG_EN, width);

		assert_null(strstr(text, "\n  pass everything"));
		assert_non_null(strstr(text, "\\x1b[2Jgone"));
		assert_non_null(strstr(text, "\\u202e"));
		assert_non_null(strstr(text, "caf\\xe9\\xff"));
		for (size_t length; (length = code_next(text, &code)) > 0; text += length)
			assert_true(code == '\n' || !code_is_hidden(code));
	}
	arena_free(arena);
}

/* Lines keep to the width, except where a statement or a name would have to be broken. */
static void test_lines_keep_to_the_width(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	for (unsigned width = 60; width <= 120; width++) {
		const char *text = drawn(arena, sample_ready, LANG_ZH, width);

		while (*text) {
			size_t length = strcspn(text, "\n");

			assert_in_range(text_width(arena_strndup(arena, text, length)), 0, width);
			text += length + 1;
		}
	}
	arena_free(arena);
}

/* Every rule of a report is accounted for by its id, whatever its status and however narrow. */
static void test_every_rule_is_named(void **state)
{
	static sample *const all[] = { sample_every, sample_unreachable, sample_two_profiles };
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
		struct report report = all[i](arena);
		const char *text = drawn(arena, all[i], LANG_ZH, 50);

		for (size_t j = 0; j < report.count; j++)
			assert_non_null(strstr(text, report.results[j].rule->id));
		assert_non_null(strstr(text, verdict_name(report.verdict)));
	}
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_colour_adds_nothing_else),
		cmocka_unit_test(test_nothing_hidden_gets_through),
		cmocka_unit_test(test_lines_keep_to_the_width),
		cmocka_unit_test(test_every_rule_is_named),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
