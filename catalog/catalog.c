#include "catalog/catalog.h"

#include "catalog/base/str.h"
#include "catalog/symbol.h"
#include "catalog/tables.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Static_assert(TABLE_LANGS == LANG_COUNT, "tables.h and text.h disagree on the languages");

static void read_both(const uint32_t offsets[LANG_COUNT], const char *ret[LANG_COUNT])
{
	for (size_t i = 0; i < LANG_COUNT; i++)
		ret[i] = table_string(offsets[i]);
}

static void read_row(const struct catalog_row *row, struct catalog_entry *ret)
{
	ret->id = table_string(row->id);
	ret->family = table_string(row->family);
	ret->shown = table_string(row->shown);
	ret->level = (enum level)row->level;
#define READ_ONE(name) ret->name = table_string(row->name);
#define READ_LIST(name) READ_ONE(name)
#define READ_NUMBER(name) ret->name = row->name;
#define READ_BOTH(name) read_both(row->name, ret->name);
#define READ(name, shape, required) READ_##shape(name)
	CATALOG_FIELDS(READ)
}

static int compare_id(const void *id, const void *row)
{
	return strcmp(id, table_string(((const struct catalog_row *)row)->id));
}

bool catalog_find(const char *id, struct catalog_entry *ret)
{
	const struct catalog_row *row =
		bsearch(id, table_catalog, table_catalog_count, sizeof(*row), compare_id);

	if (!row)
		return false;
	read_row(row, ret);
	return true;
}

size_t catalog_count(void)
{
	return table_catalog_count;
}

void catalog_at(size_t index, struct catalog_entry *ret)
{
	read_row(&table_catalog[index], ret);
}

/* The first place whose id does not come before `key`. */
static size_t first_place(const char *key)
{
	size_t low = 0, high = catalog_count();

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(table_string(table_catalog[middle].id), key) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void catalog_family(const char *family, size_t *ret_first, size_t *ret_end)
{
	char key[32];

	snprintf(key, sizeof(key), "%s:", family);
	*ret_first = first_place(key);
	snprintf(key, sizeof(key), "%s;", family); /* what comes after a colon */
	*ret_end = first_place(key);
}

/* --- the indexes --------------------------------------------------------------------------- */

struct index {
	const uint32_t *places;
	size_t count;
};

/* How a key compares with that of an entry, as strcmp. */
typedef int compare_key(const void *key, const struct catalog_row *row);

/* The first place whose key is not less than the one sought; with `past`, not less or equal. */
static size_t bound(const struct index *index, const void *key, compare_key *compare, bool past)
{
	size_t low = 0, high = index->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int order = compare(key, &table_catalog[index->places[middle]]);

		if (order > 0 || (past && order == 0))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static size_t find_all(const struct index *index, const void *key, compare_key *compare,
                       const uint32_t **ret)
{
	size_t first = bound(index, key, compare, false);

	*ret = index->places + first;
	return bound(index, key, compare, true) - first;
}

static int order(int a, int b)
{
	return a < b ? -1 : a > b;
}

static int compare_mysql(const void *key, const struct catalog_row *row)
{
	return order(*(const int *)key, row->mysql);
}

static int compare_ora(const void *key, const struct catalog_row *row)
{
	return order(*(const int *)key, row->ora);
}

static int compare_pls(const void *key, const struct catalog_row *row)
{
	return order(*(const int *)key, row->pls);
}

static int compare_symbol(const void *key, const struct catalog_row *row)
{
	return symbol_compare(key, table_string(row->symbol));
}

size_t catalog_by_number(enum catalog_key key, int number, const uint32_t **ret)
{
	const struct index by_mysql = { table_by_mysql, table_by_mysql_count };
	const struct index by_ora = { table_by_ora, table_by_ora_count };
	const struct index by_pls = { table_by_pls, table_by_pls_count };

	switch (key) {
	case CATALOG_BY_MYSQL:
		return find_all(&by_mysql, &number, compare_mysql, ret);
	case CATALOG_BY_ORA:
		return find_all(&by_ora, &number, compare_ora, ret);
	case CATALOG_BY_PLS:
		break;
	}
	return find_all(&by_pls, &number, compare_pls, ret);
}

size_t catalog_by_symbol(const char *symbol, const uint32_t **ret)
{
	const struct index by_symbol = { table_by_symbol, table_by_symbol_count };

	return find_all(&by_symbol, symbol, compare_symbol, ret);
}

const char *catalog_rule(const char *id, size_t index)
{
	uint32_t last =
		0; /* a rule may name a code and a glob that fits it; its rows stand together */

	for (size_t i = 0; i < table_rules_count; i++) {
		const struct rule_row *row = &table_rules[i];

		if (row->rule == last || !str_matches_glob(id, table_string(row->code)))
			continue;
		last = row->rule;
		if (index-- == 0)
			return table_string(row->rule);
	}
	return NULL;
}

const char *level_name(enum level level)
{
	switch (level) {
	case LEVEL_WARNING:
		return "warning";
	case LEVEL_ERROR:
		return "error";
	case LEVEL_FATAL:
		return "fatal";
	case LEVEL_NONE:
		break;
	}
	return NULL;
}

bool builtin_profile(size_t index, const char **ret_name, const char **ret_text, size_t *ret_length)
{
	if (index >= table_profiles_count)
		return false;
	*ret_name = table_string(table_profiles[index].name);
	*ret_text = table_string(table_profiles[index].text);
	*ret_length = table_profiles[index].length;
	return true;
}
