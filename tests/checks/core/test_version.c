#include "checks/core/version.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void reads_what_servers_print(void **state)
{
	static const struct {
		const char *text, *comment;
		struct version is;
	} cases[] = {
		{ "5.6.24-log", "MySQL Community Server (GPL)", { FLAVOR_MYSQL, 5, 6, 24 } },
		{ "9.7.4-2", "(Debian)", { FLAVOR_MYSQL, 9, 7, 4 } },
		{ "5.1.73", NULL, { FLAVOR_MYSQL, 5, 1, 73 } },
		{ "8.0.36-28", "Percona Server (GPL), Release 28", { FLAVOR_MYSQL, 8, 0, 36 } },
		{ "10.11.19-MariaDB-0+deb12u1-log", "Debian 12", { FLAVOR_MARIADB, 10, 11, 19 } },
		{ "5.5.5-10.6.12-MariaDB", NULL, { FLAVOR_MARIADB, 10, 6, 12 } },
		{ "11.8.6-MariaDB-0+deb13u1 from Debian-log",
		  "-- Please help get to 10k stars at https://github.com/MariaDB/Server",
		  { FLAVOR_MARIADB, 11, 8, 6 } },
		/* A comment that praises MariaDB makes no MariaDB. */
		{ "8.0.30", "works like MariaDB", { FLAVOR_MYSQL, 8, 0, 30 } },
		{ "5.7.25-OceanBase-v4.2.1.0", NULL, { FLAVOR_OCEANBASE, 4, 2, 1 } },
		{ "5.7.25-OceanBase_CE-v4.2.1.8", NULL, { FLAVOR_OCEANBASE, 4, 2, 1 } },
		{ "5.6.25",
		  "OceanBase 3.1.4 (r103000072023020915)",
		  { FLAVOR_OCEANBASE, 3, 1, 4 } },
		{ "5.7.25-TiDB-v7.1.0", "TiDB Server", { FLAVOR_TIDB, 7, 1, 0 } },
		{ "", NULL, { FLAVOR_UNKNOWN, 0, 0, 0 } },
		{ "hello", NULL, { FLAVOR_UNKNOWN, 0, 0, 0 } },
		{ NULL, NULL, { FLAVOR_UNKNOWN, 0, 0, 0 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct version got = version_parse(cases[i].text, cases[i].comment);

		assert_int_equal(got.flavor, cases[i].is.flavor);
		assert_int_equal(got.major, cases[i].is.major);
		assert_int_equal(got.minor, cases[i].is.minor);
		assert_int_equal(got.patch, cases[i].is.patch);
	}
}

static void compares_as_far_as_written(void **state)
{
	static const struct {
		const char *range;
		struct version version;
		bool has;
	} cases[] = {
		{ "5.7", { FLAVOR_MYSQL, 5, 7, 44 }, true },
		{ "5.7", { FLAVOR_MYSQL, 5, 6, 24 }, false },
		{ "8", { FLAVOR_MYSQL, 8, 4, 0 }, true },
		{ ">=8.0.22", { FLAVOR_MYSQL, 8, 0, 22 }, true },
		{ ">=8.0.22", { FLAVOR_MYSQL, 8, 0, 21 }, false },
		{ ">=8.0.22", { FLAVOR_MYSQL, 9, 0, 0 }, true },
		{ "<5.6.5", { FLAVOR_MYSQL, 5, 6, 4 }, true },
		{ "<5.6.5", { FLAVOR_MYSQL, 5, 6, 5 }, false },
		{ ">8.0", { FLAVOR_MYSQL, 8, 0, 36 }, false },
		{ ">8.0", { FLAVOR_MYSQL, 8, 1, 0 }, true },
		{ "<=5.6", { FLAVOR_MYSQL, 5, 6, 24 }, true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(version_range_has(cases[i].range, cases[i].version), cases[i].has);
}

static void refuses_ranges_that_are_none(void **state)
{
	static const char *const good[] = { "5.7", "8", ">=8.0.22", "<5.6", ">8.0", "<=5.6" };
	static const char *const bad[] = { "",     "x",      "5.",  "5.7.1.2", "=5.7",
		                           "5.7x", ">>=8.0", "<>8", ">= 8.0",  "999999" };

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(version_range_is_valid(good[i]));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(version_range_is_valid(bad[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_what_servers_print),
		cmocka_unit_test(compares_as_far_as_written),
		cmocka_unit_test(refuses_ranges_that_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
