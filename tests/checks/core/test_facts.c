#include "checks/core/facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void every_fact_has_its_own_field(void **state)
{
	(void)state;
	for (int i = 0; i < FACT_COUNT; i++) {
		enum fact_id found;

		assert_true(fact_find(fact_infos[i].name, &found));
		assert_int_equal(found, i);
		assert_in_range(fact_infos[i].group, 0, GROUP_COUNT - 1);
		for (int j = 0; j < i; j++)
			assert_int_not_equal(fact_infos[i].offset, fact_infos[j].offset);
	}
}

static void reads_flags_and_numbers_as_servers_print_them(void **state)
{
	struct endpoint_facts endpoint = { .configured = true };

	(void)state;
	assert_int_equal(endpoint.mysql.log_bin.is.state, FACT_MISSING);
	assert_true(fact_set(&endpoint, FACT_mysql_log_bin, "log_bin", "ON"));
	assert_true(endpoint.mysql.log_bin.value);
	assert_true(fact_set(&endpoint, FACT_mysql_log_bin, "log_bin", "0"));
	assert_false(endpoint.mysql.log_bin.value);
	assert_int_equal(endpoint.mysql.log_bin.is.state, FACT_KNOWN);
	assert_true(fact_set(&endpoint, FACT_mysql_server_id, "server_id", "4294967295"));
	assert_int_equal(endpoint.mysql.server_id.value, 4294967295);
	fact_set_absent(&endpoint, FACT_mysql_gtid_mode);
	assert_int_equal(endpoint.mysql.gtid_mode.is.state, FACT_ABSENT);
}

static void what_cannot_be_read_is_missing_and_kept(void **state)
{
	struct endpoint_facts endpoint = { .configured = true };

	(void)state;
	assert_false(fact_set(&endpoint, FACT_mysql_log_bin, "log_bin", "MAYBE"));
	assert_int_equal(endpoint.mysql.log_bin.is.state, FACT_MISSING);
	assert_string_equal(endpoint.mysql.log_bin.is.text, "MAYBE");
	assert_false(fact_set(&endpoint, FACT_mysql_server_id, "server_id", "12x"));
	assert_false(
		fact_set(&endpoint, FACT_mysql_server_id, "server_id", "99999999999999999999999"));
	assert_false(fact_set(&endpoint, FACT_mysql_server_id, "server_id", NULL));
	assert_int_equal(endpoint.mysql.server_id.is.state, FACT_MISSING);
}

static void finds_cells_by_column_in_any_case(void **state)
{
	const char *const names[] = { "Host", "Port" };
	const char *const cells[] = { "a", "1", NULL, "2" };
	const struct rows rows = { 2, 2, 2, names, cells };

	(void)state;
	assert_string_equal(rows_get(&rows, 0, "host"), "a");
	assert_string_equal(rows_get(&rows, 1, "PORT"), "2");
	assert_null(rows_get(&rows, 1, "host"));
	assert_null(rows_get(&rows, 2, "host"));
	assert_null(rows_get(&rows, 0, "user"));
}

static void names_go_there_and_back(void **state)
{
	(void)state;
	for (int i = 0; i < FAILURE_COUNT; i++) {
		enum failure found;

		assert_true(failure_find(failure_name((enum failure)i), &found));
		assert_int_equal(found, i);
	}
	for (int i = 0; i < ENDPOINT_COUNT; i++) {
		enum endpoint_id found;

		assert_true(endpoint_find(endpoint_name((enum endpoint_id)i), &found));
		assert_int_equal(found, i);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_fact_has_its_own_field),
		cmocka_unit_test(reads_flags_and_numbers_as_servers_print_them),
		cmocka_unit_test(what_cannot_be_read_is_missing_and_kept),
		cmocka_unit_test(finds_cells_by_column_in_any_case),
		cmocka_unit_test(names_go_there_and_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
