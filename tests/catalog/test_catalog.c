#include "catalog/catalog.h"

#include "catalog/tables.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The codes of the service's migration check, and their descriptions as it prints them. */
static const struct {
	const char *id, *shown, *message;
} dts_codes[] = {
	{ "dts:-254", "DTS -254", "Failed to query the target instance information" },
	{ "dts:-419", "DTS -419",
	  "The target instance version is non-compliant for migration from Alibaba Cloud" },
	{ "dts:-256", "DTS -256", "Failed to connect to the source instance" },
	{ "dts:-255", "DTS -255", "Failed to query the source instance information" },
	{ "dts:-260", "DTS -260",
	  "The GTID configurations of the source and target instances are non-compliant" },
	{ "dts:-261", "DTS -261",
	  "For online migration, binlog needs to be enabled for the source instance" },
	{ "dts:-262", "DTS -262",
	  "For online migration, binlog cannot be in `statement` format for the source instance" },
	{ "dts:-267", "DTS -267",
	  "`innodb_stats_on_metadata` should be set to off for the source instance" },
	{ "dts:-264", "DTS -264",
	  "For online migration, the source instance's `server_id` should be a positive integer other than 1 and different from that of the target instance" },
	{ "dts:-418", "DTS -418",
	  "For migration of specified tables (not schema), `events` should be disabled for the source instance" },
	{ "dts:2001041", "DTS 2001041",
	  "The source instance is a syncing slave, but `log_slave_update` is not enabled" },
	{ "dts:2001040", "DTS 2001040",
	  "The source instance is on version 5.7, which contains unsupported row types" },
	{ "dts:-257", "DTS -257", "The source instance and target instance are not compatible" },
	{ "dts:-258", "DTS -258",
	  "The target instance capacity is insufficient in online or backup mode" },
	{ "dts:-259", "DTS -259", "The target instance is not empty for instance-level migration" },
	{ "dts:2001037", "DTS 2001037",
	  "For table migration, the entered table is not found in the source instance" },
	{ "dts:-268", "DTS -268", "The database name already exists." },
	{ "dts:-269", "DTS -269", "The table name already exists." },
	{ "dts:-265", "DTS -265",
	  "For table migration, the table that foreign keys rely on is not in the target table" },
	{ "dts:-266", "DTS -266", "The target table has an unsupported storage engine" },
	{ "dts:-420", "DTS -420", "The source TokuDB is compressed" },
	{ "dts:-421", "DTS -421", "The source TokuDB has a cluster index" },
	{ "dts:-292", "DTS -292", "The RO of the target instance is exceptional" },
	{ "dts:-405", "DTS -405",
	  "There is a table whose `row_format` is fixed in the source instance" },
	{ "dts:-417", "DTS -417",
	  "The master-slave relationship between the source instance and target instance is exceptional" },
	{ "dts:-253", "DTS -253", "A user request for canceling the task is received." },
	{ "dts:-407", "DTS -407", "Wrong input parameters" },
	{ "dts:-411", "DTS -411", "Failed to check the account permission in the source instance" },
	{ "dts:6001000", "DTS 6001000", "The backup system is exceptional" },
	{ "dts:-41", "DTS -41", "Data sync failed due to a master-slave exception" },
	{ "dts:996", "DTS 996",
	  "Internal error. The migration mode and comparison mode have different configuration on the backend. An error will occur if the configuration file cannot be found" },
};

#define DTS_COUNT (sizeof(dts_codes) / sizeof(*dts_codes))

static void test_find(void **state)
{
	struct catalog_entry entry = { 0 };

	(void)state;
	assert_true(catalog_find("dts:-262", &entry));
	assert_string_equal(entry.id, "dts:-262");
	assert_string_equal(entry.family, "dts");
	assert_string_equal(entry.shown, "DTS -262");
	assert_int_equal(entry.level, LEVEL_NONE);
	assert_non_null(strstr(entry.fix[LANG_EN], "`SET GLOBAL binlog_format = 'ROW'`"));
	assert_non_null(strstr(entry.fix[LANG_ZH], "`SET GLOBAL binlog_format = 'ROW'`"));
	assert_non_null(entry.source);
	assert_true(catalog_find("md:9001", &entry));
	assert_string_equal(entry.shown, "MD-9001");
	assert_int_equal(entry.level, LEVEL_ERROR);
	assert_null(entry.message);
}

static void test_find_nothing(void **state)
{
	static const char *const unknown[] = { "",          "dts",      "dts:", "dts:-26",
		                               "dts:-2622", "DTS:-262", "-262", "\xff" };
	struct catalog_entry entry = { .id = "untouched" };

	(void)state;
	for (size_t i = 0; i < sizeof(unknown) / sizeof(*unknown); i++)
		assert_false(catalog_find(unknown[i], &entry));
	assert_string_equal(entry.id, "untouched");
}

static void is_a_text(const char *text)
{
	size_t length;

	assert_non_null(text);
	length = strlen(text);
	assert_true(length > 0);
	assert_true(text[0] != ' ' && text[length - 1] != ' ');
	for (const unsigned char *c = (const unsigned char *)text; *c; c++)
		assert_true(*c >= 0x20 && *c != 0x7f);
}

static size_t count_backticks(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += *text == '`';
	return count;
}

/* A statement that only one language has is one that somebody forgot. */
static void has_same_statements(const char *const in[LANG_COUNT])
{
	const char *p = in[LANG_EN];

	assert_int_equal(count_backticks(in[LANG_EN]) % 2, 0);
	assert_int_equal(count_backticks(in[LANG_ZH]) % 2, 0);
	while ((p = strchr(p, '`'))) {
		size_t length = strcspn(p + 1, "`");
		char *statement = strndup(p, length + 2);

		if (!strstr(in[LANG_ZH], statement))
			fail_msg("not in the Chinese text: %s", statement);
		free(statement);
		p += length + 2;
	}
}

static void test_every_entry(void **state)
{
	struct catalog_entry entry, found, before = { 0 };

	(void)state;
	assert_true(catalog_count() >= DTS_COUNT + 1);
	for (size_t i = 0; i < catalog_count(); i++) {
		catalog_at(i, &entry);
		assert_true(!before.id || strcmp(before.id, entry.id) < 0);
		assert_true(catalog_find(entry.id, &found));
		assert_ptr_equal(found.id, entry.id);
		assert_int_equal(strncmp(entry.id, entry.family, strlen(entry.family)), 0);
		is_a_text(entry.shown);
		is_a_text(entry.source);
		if (entry.message)
			is_a_text(entry.message);
		for (int lang = 0; lang < LANG_COUNT; lang++) {
			is_a_text(entry.title[lang]);
			is_a_text(entry.cause[lang]);
			is_a_text(entry.fix[lang]);
		}
		has_same_statements(entry.fix);
		before = entry;
	}
}

/* Each key leads to the entries that have it, and to no others. */
static void test_indexes(void **state)
{
	struct catalog_entry entry;
	const uint32_t *places;

	(void)state;
	for (size_t i = 0; i < catalog_count(); i++) {
		bool found = false;
		size_t count;

		catalog_at(i, &entry);
		if (!entry.symbol)
			continue;
		count = catalog_by_symbol(entry.symbol, &places);
		for (size_t j = 0; j < count; j++)
			found |= places[j] == i;
		assert_true(found);
	}
	assert_int_equal(catalog_by_symbol("ER_NO_SUCH_SYMBOL", &places), 0);
	assert_int_equal(catalog_by_number(CATALOG_BY_ORA, 999999, &places), 0);
}

static int compare_pointers(const void *a, const void *b)
{
	const char *one = *(const char *const *)a, *two = *(const char *const *)b;

	return one < two ? -1 : one > two;
}

/* Equal texts are one text of the block, so that equal pointers say who shares it. */
static void is_shared_by_few(const char **texts, size_t count)
{
	size_t run = 1;

	qsort(texts, count, sizeof(*texts), compare_pointers);
	for (size_t i = 1; i < count; i++) {
		run = texts[i] == texts[i - 1] ? run + 1 : 1;
		if (run > 12)
			fail_msg("more than 12 codes share: %s", texts[i]);
	}
}

/* What many codes share is the text of a class, and marked so; titles of a class, too. */
static void test_texts_of_their_own(void **state)
{
	const char **causes = calloc(catalog_count(), sizeof(*causes));
	const char **titles = calloc(catalog_count(), sizeof(*titles));
	struct catalog_entry entry;
	size_t count = 0;

	(void)state;
	for (int lang = 0; lang < LANG_COUNT; lang++) {
		count = 0;
		for (size_t i = 0; i < catalog_count(); i++) {
			catalog_at(i, &entry);
			if (entry.class)
				continue;
			titles[count] = entry.title[lang];
			causes[count++] = entry.cause[lang];
		}
		is_shared_by_few(causes, count);
		is_shared_by_few(titles, count);
	}
	free(causes);
	free(titles);
}

/* Letters and digits alone, in small letters. */
static void squeeze(const char *text, char *out, size_t room)
{
	size_t length = 0;

	for (; *text && length + 1 < room; text++)
		if (isalnum((unsigned char)*text))
			out[length++] = (char)tolower((unsigned char)*text);
	out[length] = '\0';
}

static const char *without_prefix(const char *symbol)
{
	static const char *const prefixes[] = { "OBSOLETE_", "OB_ERR_", "OB_",	"ER_",
						"CR_",	     "EE_",	"HA_ERR_", "WARN_" };

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (strncmp(symbol, prefixes[i], strlen(prefixes[i])) == 0)
			symbol += strlen(prefixes[i]);
	return symbol;
}

static void test_titles_say_more_than_symbols(void **state)
{
	struct catalog_entry entry;
	char title[512], symbol[512];

	(void)state;
	for (size_t i = 0; i < catalog_count(); i++) {
		catalog_at(i, &entry);
		if (!entry.symbol)
			continue;
		squeeze(entry.title[LANG_EN], title, sizeof(title));
		squeeze(without_prefix(entry.symbol), symbol, sizeof(symbol));
		if (strcmp(title, symbol) == 0)
			fail_msg("%s: the title is the symbol respelt: %s", entry.id,
				 entry.title[LANG_EN]);
	}
}

static void test_rules(void **state)
{
	(void)state;
	assert_string_equal(catalog_rule("dts:-262", 0), "tencent-dts/source.binlog-format");
	assert_null(catalog_rule("dts:-262", 1));
	assert_non_null(catalog_rule("dts:-257", 2));
	assert_null(catalog_rule("dts:-41", 0));
}

static void test_dts(void **state)
{
	size_t count = 0;

	(void)state;
	assert_int_equal(DTS_COUNT, 31);
	for (size_t i = 0; i < DTS_COUNT; i++) {
		struct catalog_entry entry = { 0 };

		if (!catalog_find(dts_codes[i].id, &entry))
			fail_msg("%s is not in the catalog", dts_codes[i].id);
		assert_string_equal(entry.shown, dts_codes[i].shown);
		assert_string_equal(entry.message, dts_codes[i].message);
		assert_int_equal(entry.level, LEVEL_NONE);
	}
	for (size_t i = 0; i < catalog_count(); i++) {
		struct catalog_entry entry;

		catalog_at(i, &entry);
		count += strcmp(entry.family, "dts") == 0;
	}
	assert_int_equal(count, DTS_COUNT);
}

static void test_level_names(void **state)
{
	(void)state;
	assert_null(level_name(LEVEL_NONE));
	assert_string_equal(level_name(LEVEL_WARNING), "warning");
	assert_string_equal(level_name(LEVEL_ERROR), "error");
	assert_string_equal(level_name(LEVEL_FATAL), "fatal");
}

static void test_builtin_profiles(void **state)
{
	const char *name = NULL, *text = NULL, *before = "";
	size_t length = 0, count = 0;

	(void)state;
	for (; builtin_profile(count, &name, &text, &length); count++) {
		assert_true(strcmp(before, name) < 0);
		assert_int_equal(strlen(text), length);
		before = name;
	}
	assert_int_equal(count, table_profiles_count);
	assert_false(builtin_profile(count, &name, &text, &length));
	assert_false(builtin_profile(SIZE_MAX, &name, &text, &length));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),        cmocka_unit_test(test_find_nothing),
		cmocka_unit_test(test_every_entry), cmocka_unit_test(test_indexes),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_texts_of_their_own),
		cmocka_unit_test(test_titles_say_more_than_symbols),
		cmocka_unit_test(test_dts),
		cmocka_unit_test(test_level_names), cmocka_unit_test(test_builtin_profiles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
