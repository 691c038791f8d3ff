#include "cmd/render/term.h"

#include "catalog/base/arena.h"
#include "catalog/base/cleanup.h"
#include "catalog/base/str.h"

#include <fcntl.h>
#include <sys/ioctl.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Both ends of a pseudo-terminal of 40 columns. */
struct pty {
	int master, slave;
};

static struct pty pty_open(void)
{
	struct pty pty = { .master = posix_openpt(O_RDWR | O_NOCTTY) };
	struct winsize size = { .ws_row = 24, .ws_col = 40 };

	assert_true(pty.master >= 0);
	assert_int_equal(grantpt(pty.master), 0);
	assert_int_equal(unlockpt(pty.master), 0);
	pty.slave = open(ptsname(pty.master), O_RDWR | O_NOCTTY);
	assert_true(pty.slave >= 0);
	assert_int_equal(ioctl(pty.slave, TIOCSWINSZ, &size), 0);
	return pty;
}

static void pty_close(struct pty *pty)
{
	close(pty->master);
	close(pty->slave);
}

static void set(const char *name, const char *value)
{
	assert_int_equal(value ? setenv(name, value, 1) : unsetenv(name), 0);
}

static void test_words_of_the_option(void **state)
{
	enum colour_when when = COLOUR_NEVER;

	(void)state;
	assert_true(colour_when_find("auto", &when));
	assert_int_equal(when, COLOUR_AUTO);
	assert_true(colour_when_find("always", &when));
	assert_int_equal(when, COLOUR_ALWAYS);
	assert_false(colour_when_find("Never", &when));
	assert_false(colour_when_find("", &when));
	assert_int_equal(when, COLOUR_ALWAYS);
}

static void test_colour(void **state)
{
	static const struct {
		enum colour_when when;
		const char *term, *no_color;
		bool terminal, wanted;
	} cases[] = {
		{ COLOUR_AUTO, "xterm", NULL, true, true },
		{ COLOUR_AUTO, "xterm", "", true, true },
		{ COLOUR_AUTO, "xterm", "1", true, false },
		{ COLOUR_AUTO, "dumb", NULL, true, false },
		{ COLOUR_AUTO, NULL, NULL, true, false },
		{ COLOUR_AUTO, "xterm", NULL, false, false },
		{ COLOUR_ALWAYS, "dumb", "1", false, true },
		{ COLOUR_NEVER, "xterm", NULL, true, false },
	};
	struct pty pty = pty_open();
	cleanup(cleanup_fd) int null = open("/dev/null", O_WRONLY);

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		set("TERM", cases[i].term);
		set("NO_COLOR", cases[i].no_color);
		assert_int_equal(
			term_has_colour(cases[i].when, cases[i].terminal ? pty.slave : null),
			cases[i].wanted);
	}
	pty_close(&pty);
}

static void test_width(void **state)
{
	struct winsize none = { 0 };
	struct pty pty = pty_open();
	cleanup(cleanup_fd) int null = open("/dev/null", O_WRONLY);

	(void)state;
	set("COLUMNS", "66");
	assert_int_equal(term_width(null), 0);
	assert_int_equal(term_width(pty.slave), 40);
	/* A serial line does not know its width. */
	assert_int_equal(ioctl(pty.slave, TIOCSWINSZ, &none), 0);
	assert_int_equal(term_width(pty.slave), 66);
	set("COLUMNS", "wide");
	assert_int_equal(term_width(pty.slave), 80);
	set("COLUMNS", NULL);
	assert_int_equal(term_width(pty.slave), 80);
	pty_close(&pty);
}

static void test_code_points(void **state)
{
	static const struct {
		const char *text;
		size_t length;
		uint32_t code;
		unsigned width;
		bool hidden;
	} cases[] = {
		{ "a", 1, 'a', 1, false },
		{ "\033", 1, 0x1b, 1, true },
		{ "\177", 1, 0x7f, 1, true },
		{ "\u00e9", 2, 0xe9, 1, false },
		{ "\xc2\x9b", 2, 0x9b, 1, true },
		{ "\u0301", 2, 0x301, 0, false },
		{ "\u202e", 3, 0x202e, 1, true },
		{ "\u2066", 3, 0x2066, 1, true },
		{ "\u200b", 3, 0x200b, 1, true },
		{ "\u4e2d", 3, 0x4e2d, 2, false },
		{ "\uff0c", 3, 0xff0c, 2, false },
		{ "\u2713", 3, 0x2713, 1, false },
		{ "\U0001f600", 4, 0x1f600, 2, false },
		{ "\U00020000", 4, 0x20000, 2, false },
		{ "\U000e0041", 4, 0xe0041, 1, true },
		{ "\xff", 1, CODE_INVALID, 1, false },
		{ "\xe4\xb8", 1, CODE_INVALID, 1, false },
		{ "\xc0\xaf", 1, CODE_INVALID, 1, false },
	};
	uint32_t code;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(code_next(cases[i].text, &code), cases[i].length);
		assert_int_equal(code, cases[i].code);
		assert_int_equal(code_is_hidden(code), cases[i].hidden);
		if (!cases[i].hidden)
			assert_int_equal(code_width(code), cases[i].width);
	}
	assert_int_equal(code_next("", &code), 0);
	assert_int_equal(text_width("a\u4e2d\u0301b"), 4);
}

static void test_texts_made_safe(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	assert_null(term_safe(arena, NULL, ""));
	assert_string_equal(term_safe(arena, "plain \u4e2d\u6587", ""), "plain \u4e2d\u6587");
	assert_string_equal(term_safe(arena, "a\033[2J\tb\n", ""), "a\\x1b[2J\\x09b\\x0a");
	assert_string_equal(term_safe(arena, "a\033\n\x1f", "\n\x1f"), "a\\x1b\n\x1f");
	assert_string_equal(term_safe(arena, "\u202e\xc2\x9b\ufeff", ""), "\\u202e\\u009b\\ufeff");
	assert_string_equal(term_safe(arena, "caf\xe9\xff", ""), "caf\\xe9\\xff");
	assert_null(text_valid(arena, NULL));
	assert_string_equal(text_valid(arena, "\u4e2d\033"), "\u4e2d\033");
	assert_string_equal(text_valid(arena, "a\xe4\xb8z\xff"), "a\ufffd\ufffdz\ufffd");
	arena_free(arena);
}

static const char *shown(struct arena *arena, const char *term, const char *text)
{
	struct pty pty = pty_open();
	char buffer[256] = "";
	FILE *file = fdopen(pty.slave, "w");

	assert_non_null(file);
	set("TERM", term);
	term_progress(file, text);
	term_progress_end(file);
	assert_int_equal(fcntl(pty.master, F_SETFL, O_NONBLOCK), 0);
	ssize_t length = read(pty.master, buffer, sizeof(buffer) - 1);
	fclose(file);
	close(pty.master);
	return arena_strndup(arena, buffer, length > 0 ? (size_t)length : 0);
}

static void test_progress(void **state)
{
	struct arena *arena = arena_new();
	cleanup(cleanup_file) FILE *file = tmpfile();

	(void)state;
	assert_string_equal(shown(arena, "xterm", "asking"), "\r\033[Kasking\r\033[K");
	assert_string_equal(shown(arena, "dumb", "asking"), "");
	/* 40 columns: a longer line would wrap and could not be taken back. */
	assert_string_equal(shown(arena, "xterm", "0123456789012345678901234567890123456789!"),
	                    "\r\033[K012345678901234567890123456789012345678\r\033[K");
	term_progress(file, "asking");
	assert_int_equal(ftell(file), 0);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words_of_the_option),
		cmocka_unit_test(test_colour),
		cmocka_unit_test(test_width),
		cmocka_unit_test(test_code_points),
		cmocka_unit_test(test_texts_made_safe),
		cmocka_unit_test(test_progress),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
