#include "catalog/search.h"

#include "catalog/base/str.h"
#include "catalog/catalog.h"

#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The place of an id in what the words find, from 0; `most` where it is not among them. */
static size_t rank(const char *words, const char *id, size_t most)
{
	uint32_t places[64];
	size_t count = search_catalog(words, places, most);
	struct catalog_entry entry;

	for (size_t i = 0; i < count; i++) {
		catalog_at(places[i], &entry);
		if (str_equal(entry.id, id))
			return i;
	}
	return most;
}

static void what_people_mean_comes_first(void **state)
{
	static const struct {
		const char *words, *id;
	} cases[] = {
		{ "duplicate key", "mysql:1062" },
		{ "Duplicate entry", "mysql:1062" },
		{ "lock wait timeout", "mysql:1205" },
		{ "deadlock", "mysql:1213" },
		{ "DEADLOCK", "mysql:1213" },
		{ "too many connections", "mysql:1040" },
		{ "access denied", "mysql:1045" },
		{ "unknown column", "mysql:1054" },
		{ "unknown database", "mysql:1049" },
		{ "syntax error", "mysql:1064" },
		{ "no such table", "mysql:1146" },
		{ "server has gone away", "mysql:2006" },
		{ "no alive hosts", "oms:CM-RESONF000001" },
		{ "OB_TABLE_NOT_EXIST", "ob:-5019" },
		{ "er_dup_entry", "mysql:1062" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(cases); i++)
		if (rank(cases[i].words, cases[i].id, 10) != 0)
			fail_msg("%s: %s is not first", cases[i].words, cases[i].id);
}

static void chinese_is_found_in_sentences_and_in_other_words(void **state)
{
	(void)state;
	assert_int_equal(rank("\xe6\xad\xbb\xe9\x94\x81" /* deadlock */, "mysql:1213", 10), 0);
	assert_int_equal(
		rank("\xe8\xa1\xa8\xe4\xb8\x8d\xe5\xad\x98\xe5\x9c\xa8" /* no such table */,
	             "mysql:1146", 10),
		0);
	/* "lock wait timeout"; the title has the characters in another order. */
	assert_true(rank("\xe9\x94\x81\xe7\xad\x89\xe5\xbe\x85\xe8\xb6\x85\xe6\x97\xb6",
	                 "mysql:1205", 10) < 5);
}

/* How many of the words stand in the entry's English title or its symbol. */
static void all_words_come_before_some(void **state)
{
	uint32_t places[64];
	size_t count = search_catalog("foreign key column qqqqq", places, 10);

	(void)state;
	assert_int_equal(count, 10);
	assert_true(rank("foreign zqzqzq", "mysql:1215", 20) <= 20);
	/* A word that nothing has does not hide what has the others. */
	assert_true(rank("deadlock zqzqzq", "mysql:1213", 10) < 10);
}

static void finds_at_most_as_many_as_asked(void **state)
{
	uint32_t places[300];

	(void)state;
	assert_int_equal(search_catalog("table", places, 0), 0);
	assert_int_equal(search_catalog("table", places, 3), 3);
	assert_true(search_catalog("table", places, 300) <= 300);
}

static void words_that_are_none_find_nothing(void **state)
{
	static const char *const words[] = { "", "   ", "--", "zqzqzqzq", "\xff\xfe", "%s" };
	uint32_t places[4];

	(void)state;
	for (size_t i = 0; i < COUNT(words); i++)
		if (search_catalog(words[i], places, 4) && !str_equal(words[i], "%s"))
			fail_msg("\"%s\" finds something", words[i]);
}

static void the_best_is_the_same_for_any_number(void **state)
{
	uint32_t one[1], many[64];

	(void)state;
	assert_int_equal(search_catalog("partition", one, 1), 1);
	assert_true(search_catalog("partition", many, 64) > 1);
	assert_int_equal(one[0], many[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_people_mean_comes_first),
		cmocka_unit_test(chinese_is_found_in_sentences_and_in_other_words),
		cmocka_unit_test(all_words_come_before_some),
		cmocka_unit_test(finds_at_most_as_many_as_asked),
		cmocka_unit_test(words_that_are_none_find_nothing),
		cmocka_unit_test(the_best_is_the_same_for_any_number),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
