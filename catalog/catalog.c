#include "catalog/catalog.h"

#include "catalog/tables.h"

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
