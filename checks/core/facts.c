#include "checks/core/facts.h"

#include "catalog/base/str.h"

#include <string.h>

#define INFO(owner_name, group_name, field, fact_type, names)                                \
	[FACT_##owner_name##_##field] = { #field,                                            \
		                          OWNER_##owner_name,                                \
		                          GROUP_##owner_name##_##group_name,                 \
		                          FACT_TYPE_##fact_type,                             \
		                          offsetof(struct endpoint_facts, owner_name.field), \
		                          names },

const struct fact_info fact_infos[FACT_COUNT] = {
#define FACT(owner, group, field, type) INFO(owner, group, field, type, NULL)
#define MYSQL_VARIABLE(field, type, names) INFO(mysql, variables, field, type, names)
#include "checks/core/facts.def"
};

const struct group_info group_infos[GROUP_COUNT] = {
#define GROUP(owner, name) [GROUP_##owner##_##name] = { #name, OWNER_##owner },
#include "checks/core/facts.def"
};

static const struct {
	const char *name;
	enum endpoint_kind kind;
	enum fact_owner owner;
} endpoints[ENDPOINT_COUNT] = {
	[ENDPOINT_SOURCE] = { "source", KIND_MYSQL, OWNER_mysql },
	[ENDPOINT_TARGET] = { "target", KIND_MYSQL, OWNER_mysql },
	[ENDPOINT_METADB] = { "metadb", KIND_MYSQL, OWNER_metadb },
	[ENDPOINT_CM] = { "cm", KIND_HTTP, OWNER_cm },
	[ENDPOINT_CONSOLE] = { "console", KIND_HTTP, OWNER_console },
	[ENDPOINT_SUPERVISOR] = { "supervisor", KIND_HTTP, OWNER_supervisor },
	[ENDPOINT_SUPERVISORD] = { "supervisord", KIND_HTTP, OWNER_supervisord },
	[ENDPOINT_HOST] = { "host", KIND_HOST, OWNER_host },
};

static const char *const kind_names[] = {
	[KIND_MYSQL] = "mysql",
	[KIND_HTTP] = "http",
	[KIND_HOST] = "host",
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
	return (const struct fact *)((const char *)endpoint + fact_infos[id].offset);
}

/* The field itself, to be filled; every fact struct begins with its struct fact. */
static void *field(struct endpoint_facts *endpoint, enum fact_id id)
{
	return (char *)endpoint + fact_infos[id].offset;
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
	return endpoint->groups[GROUP_any_connect].state == GROUP_GATHERED;
}

bool endpoint_has(enum endpoint_id endpoint, enum fact_owner owner)
{
	return owner == OWNER_any || owner == endpoints[endpoint].owner ||
	       (owner == OWNER_mysql && endpoints[endpoint].kind == KIND_MYSQL);
}

enum endpoint_id owner_endpoint(enum fact_owner owner)
{
	for (int i = 0; i < ENDPOINT_COUNT; i++)
		if (owner != OWNER_mysql && endpoints[i].owner == owner)
			return (enum endpoint_id)i;
	return ENDPOINT_COUNT;
}

const char *endpoint_name(enum endpoint_id id)
{
	return endpoints[id].name;
}

bool endpoint_find(const char *name, enum endpoint_id *ret)
{
	for (int i = 0; i < ENDPOINT_COUNT; i++) {
		if (str_equal(endpoints[i].name, name)) {
			*ret = (enum endpoint_id)i;
			return true;
		}
	}
	return false;
}

enum endpoint_kind endpoint_kind(enum endpoint_id id)
{
	return endpoints[id].kind;
}

const char *kind_name(enum endpoint_kind kind)
{
	return kind_names[kind];
}

const char *failure_name(enum failure failure)
{
	return failure_names[failure];
}

bool failure_find(const char *name, enum failure *ret)
{
	for (int i = 0; i < FAILURE_COUNT; i++) {
		if (str_equal(failure_names[i], name)) {
			*ret = (enum failure)i;
			return true;
		}
	}
	return false;
}
