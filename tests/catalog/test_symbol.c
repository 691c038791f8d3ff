#include "catalog/symbol.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void old_and_new_names_are_one(void **state)
{
	static const char *const pairs[][2] = {
		{ "ER_MASTER_INFO", "er_source_info" },
		{ "ER_SLAVE_MUST_STOP", "ER_REPLICA_MUST_STOP" },
		{ "ER_NO_SUCH_TABLE", "Er_No_Such_Table" },
		{ "SLAVE", "REPLICA" },
		{ "OBSOLETE_ER_SLAVE_MUST_STOP", "er_slave_must_stop" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++)
		assert_int_equal(symbol_compare(pairs[i][0], pairs[i][1]), 0);
}

static void other_words_differ(void **state)
{
	(void)state;
	assert_int_not_equal(symbol_compare("ER_MASTERKEY", "ER_SOURCEKEY"), 0);
	assert_int_not_equal(symbol_compare("ER_A", "ER_A_"), 0);
	assert_true(symbol_compare("ER_A", "ER_B") < 0);
	assert_true(symbol_compare("", "A") < 0);
}

static void a_long_name_is_cut_not_overrun(void **state)
{
	char name[5000];

	(void)state;
	memset(name, 'a', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	assert_int_equal(symbol_compare(name, name), 0);
	assert_int_not_equal(symbol_compare(name, "A"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(old_and_new_names_are_one),
		cmocka_unit_test(other_words_differ),
		cmocka_unit_test(a_long_name_is_cut_not_overrun),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
