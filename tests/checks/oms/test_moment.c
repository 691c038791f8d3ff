#include "tests/checks/preset.h"

#include "checks/oms/moment.h"

static void times_are_read_in_each_spelling(void **state)
{
	static const struct {
		const char *text;
		int64_t zone, seconds; /* 0: none */
	} cases[] = {
		{ "1659319500", 0, 1659319500 },
		{ "1659319500", 28800, 1659319500 },
		{ "1659319500999", 0, 1659319500 },
		{ "2022-08-01 10:05:00", 28800, 1659319500 },
		{ "2022-08-01T02:05:00", 0, 1659319500 },
		{ "2022-08-01T02:05:00Z", 28800, 1659319500 },
		{ "2022-08-01 02:05:00 UTC", 28800, 1659319500 },
		{ "2022-08-01T10:05:00.123+08:00", 0, 1659319500 },
		{ "2022-07-31T21:05:00-0500", 0, 1659319500 },
		{ "2022-08-01 02:05", 0, 1659319500 },
		{ "2024-02-29 00:00:00", 0, 1709164800 },
		{ "2000-02-29 00:00:00", 0, 951782400 },
		{ "2023-02-29 00:00:00", 0, 0 },
		{ "2022-13-01 00:00:00", 0, 0 },
		{ "2022-00-01 00:00:00", 0, 0 },
		{ "2022-04-31 00:00:00", 0, 0 },
		{ "2022-08-01 24:00:00", 0, 0 },
		{ "2022-08-01 10:60:00", 0, 0 },
		{ "2022-08-01 10:05:00+8", 0, 0 },
		{ "2022-08-01 10:05:00+99:00", 0, 0 },
		{ "2022-08-01 10:05:00 here", 0, 0 },
		{ "2022-08-01", 0, 0 },
		{ "9999-12-31 23:59:59", 0, 0 },
		{ "0", 0, 0 },
		{ "-1659319500", 0, 0 },
		{ "4102444800", 0, 0 },
		{ "99999999999", 0, 0 },
		{ "9223372036854775807", 0, 0 },
		{ "9223372036854775808", 0, 0 },
		{ "1e9", 0, 0 },
		{ "", 0, 0 },
		{ NULL, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t seconds = 0;
		bool is = moment_read(cases[i].text, cases[i].zone, &seconds);

		if (is != (cases[i].seconds != 0) || seconds != cases[i].seconds)
			fail_msg("%s: %lld", cases[i].text ? cases[i].text : "NULL",
			         (long long)seconds);
	}
}

static void times_are_written_in_their_zone(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	assert_string_equal(moment_written(arena, 1659319500, 28800),
	                    "2022-08-01T10:05:00+08:00 (1659319500)");
	assert_string_equal(moment_written(arena, 1659319500, 0),
	                    "2022-08-01T02:05:00Z (1659319500)");
	assert_string_equal(moment_written(arena, 1659319500, -12600),
	                    "2022-07-31T22:35:00-03:30 (1659319500)");
	arena_free(arena);
}

/* Each day from 1970 to 2100 comes out as it went in. */
static void each_day_is_itself(void **state)
{
	(void)state;
	for (int64_t day = 1; day < 47482; day++) {
		struct arena *arena = arena_new();
		char *text = arena_strdup(arena, moment_written(arena, day * 86400, 0));
		int64_t again = 0;

		*strchr(text, ' ') = '\0';
		assert_true(moment_read(text, 28800, &again));
		assert_int_equal(again, day * 86400);
		arena_free(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_are_read_in_each_spelling),
		cmocka_unit_test(times_are_written_in_their_zone),
		cmocka_unit_test(each_day_is_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
