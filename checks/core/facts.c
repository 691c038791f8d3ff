#include "checks/core/facts.h"

#include "catalog/base/str.h"

#include <string.h>

#define NO_VARIABLES NULL

const struct fact_info fact_infos[FACT_COUNT] = {
#define MYSQL_FACT(group_name, field, fact_type)                      \
	[FACT_mysql_##field] = { #field,                              \
		                 KIND_MYSQL,                          \
		                 GROUP_mysql_##group_name,            \
		                 FACT_TYPE_##fact_type,               \
		                 offsetof(struct mysql_facts, field), \
		                 NO_VARIABLES },
#define MYSQL_VARIABLE(field, fact_type, names)                       \
	[FACT_mysql_##field] = { #field,                              \
		                 KIND_MYSQL,                          \
		                 GROUP_mysql_variables,               \
		                 FACT_TYPE_##fact_type,               \
		                 offsetof(struct mysql_facts, field), \
		                 names },
#include "checks/core/facts.def"
};

const char *const group_names[GROUP_COUNT] = {
#define MYSQL_GROUP(name) [GROUP_mysql_##name] = #name,
#include "checks/core/facts.def"
};

static const char *const endpoint_names[ENDPOINT_COUNT] = {
	[ENDPOINT_SOURCE] = "source",
	[ENDPOINT_TARGET] = "target",
};

static const char *const failure_names[FAILURE_COUNT] = {
	[FAILURE_NONE] = "none",
	[FAILURE_LIBRARY] = "library",
	[FAILURE_NAME] = "name",
	[FAILURE_REFUSED] = "refused",
	[FAILURE_UNREACHABLE] = "unreachable",
	[FAILURE_TIMEOUT] = "timeout",
	[FAILURE_LOST] = "lost",
	[FAILURE_PROTOCOL] = "protocol",
	[FAILURE_TLS] = "tls",
	[FAILURE_CREDENTIALS] = "credentials",
	[FAILURE_AUTH_PLUGIN] = "auth-plugin",
	[FAILURE_BLOCKED] = "blocked",
	[FAILURE_PRIVILEGE] = "privilege",
	[FAILURE_TOO_LARGE] = "too-large",
	[FAILURE_INTERRUPTED] = "interrupted",
	[FAILURE_OTHER] = "other",
};

const char *rows_get(const struct rows *rows, size_t row, const char *column)
{
	if (row >= rows->count)
		return NULL;
	for (size_t i = 0; i < rows->columns; i++)
		if (str_equal_nocase(rows->names[i], column))
			return rows->cells[row * rows->columns + i];
	return NULL;
}

bool fact_find(const char *name, enum fact_id *ret)
{
	for (int i = 0; i < FACT_COUNT; i++) {
		if (str_equal(fact_infos[i].name, name)) {
			*ret = (enum fact_id)i;
			return true;
		}
	}
	return false;
}

const struct fact *fact_of(const struct endpoint_facts *endpoint, enum fact_id id)
{
	return (const struct fact *)((const char *)&endpoint->mysql + fact_infos[id].offset);
}

/* The field itself, to be filled; every fact struct begins with its struct fact. */
static void *field(struct endpoint_facts *endpoint, enum fact_id id)
{
	return (char *)&endpoint->mysql + fact_infos[id].offset;
}

static bool read_flag(const char *text, bool *ret)
{
	static const struct {
		const char *word;
		bool value;
	} words[] = {
		{ "ON", true },   { "YES", true }, { "TRUE", true },   { "1", true },
		{ "OFF", false }, { "NO", false }, { "FALSE", false }, { "0", false },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (str_equal_nocase(words[i].word, text)) {
			*ret = words[i].value;
			return true;
		}
	}
	return false;
}

static bool read_value(void *fact, enum fact_type type, const char *text)
{
	long long number;

	switch (type) {
	case FACT_TYPE_text:
		return true;
	case FACT_TYPE_number:
		if (!text || !str_to_int(text, &number))
			return false;
		((struct fact_number *)fact)->value = number;
		return true;
	case FACT_TYPE_flag:
		return text && read_flag(text, &((struct fact_flag *)fact)->value);
	case FACT_TYPE_rows:
		break;
	}
	return false;
}

bool fact_set(struct endpoint_facts *endpoint, enum fact_id id, const char *name, const char *text)
{
	struct fact *fact = field(endpoint, id);

	fact->name = name;
	fact->text = text;
	fact->state = FACT_MISSING;
	if (!read_value(fact, fact_infos[id].type, text))
		return false;
	fact->state = FACT_KNOWN;
	return true;
}

void fact_set_absent(struct endpoint_facts *endpoint, enum fact_id id)
{
	struct fact *fact = field(endpoint, id);

	fact->state = FACT_ABSENT;
}

void fact_set_rows(struct endpoint_facts *endpoint, enum fact_id id, struct rows rows)
{
	struct fact_rows *fact = field(endpoint, id);

	fact->is.state = FACT_KNOWN;
	fact->rows = rows;
}

struct version endpoint_version(const struct endpoint_facts *endpoint)
{
	const struct mysql_facts *mysql = &endpoint->mysql;

	return version_parse(mysql->version.is.text, mysql->version_comment.is.text);
}

bool endpoint_is_reached(const struct endpoint_facts *endpoint)
{
	return endpoint->groups[GROUP_mysql_connect].state == GROUP_GATHERED;
}

const char *endpoint_name(enum endpoint_id id)
{
	return endpoint_names[id];
}

/* The place of a word in a table of names, or -1. */
static int find_name(const char *const *names, int count, const char *name)
{
	for (int i = 0; i < count; i++)
		if (str_equal(names[i], name))
			return i;
	return -1;
}

bool endpoint_find(const char *name, enum endpoint_id *ret)
{
	int i = find_name(endpoint_names, ENDPOINT_COUNT, name);

	if (i >= 0)
		*ret = (enum endpoint_id)i;
	return i >= 0;
}

const char *failure_name(enum failure failure)
{
	return failure_names[failure];
}

bool failure_find(const char *name, enum failure *ret)
{
	int i = find_name(failure_names, FAILURE_COUNT, name);

	if (i >= 0)
		*ret = (enum failure)i;
	return i >= 0;
}
