#include "checks/oms/oms.h"

#include "checks/core/nodes.h"

#include <string.h>

static const struct endpoint_facts *endpoint_of(const struct check_input *in, enum fact_id id)
{
	return &in->facts->at[owner_endpoint(fact_infos[id].owner)];
}

const struct rows *oms_seen(const struct check_input *in, enum fact_id id)
{
	const struct fact *fact = fact_of(endpoint_of(in, id), id);

	return fact->state == FACT_KNOWN ? &((const struct fact_rows *)(const void *)fact)->rows
	                                 : NULL;
}

struct note oms_why_missing(const struct check_input *in, enum fact_id id)
{
	enum endpoint_id endpoint = owner_endpoint(fact_infos[id].owner);
	const struct endpoint_facts *at = &in->facts->at[endpoint];
	const struct group_status *group = &at->groups[fact_infos[id].group];
	const char *name = endpoint_name(endpoint);

	if (!at->configured)
		return endpoint == ENDPOINT_HOST ? NOTE(TEXT_unknown_not_host)
		                                 : NOTE(TEXT_unknown_no_oms_endpoint, name);
	if (!endpoint_is_reached(at))
		return NOTE(TEXT_unknown_no_answer, name);
	if (group->state == GROUP_FAILED)
		return NOTE(TEXT_unknown_group, name, fact_infos[id].name,
		            failure_wording(in->arena, group));
	return NOTE(TEXT_unknown_fact_not_found, fact_infos[id].name, name);
}

/* What the documentation of OMS shows an operator for the same. */
static const char *documented_place(enum fact_id id)
{
	switch (id) {
	case FACT_metadb_hosts:
		return "SELECT ip, host_status FROM host";
	case FACT_metadb_heartbeats:
		return "SELECT task_type, host_ip, gmt_created, gmt_modified FROM heart_beat WHERE "
		       "task_name = 'supervisor'";
	case FACT_metadb_resource_groups:
		return "SELECT id, name FROM resource_group";
	case FACT_metadb_clusters:
		return "SELECT region, cm_url, code, is_default_cm FROM cluster_info";
	case FACT_metadb_now:
	case FACT_metadb_ahead_ms:
	case FACT_metadb_zone_seconds:
		return "SELECT NOW(), UTC_TIMESTAMP()";
	case FACT_supervisord_programs:
		return "supervisorctl status";
	case FACT_host_config:
		return "/home/admin/conf/config.yaml";
	case FACT_host_thresholds:
		return "/home/ds/cm/package/config/drc-cm.properties";
	case FACT_host_ports:
		return "ss -ltn";
	case FACT_host_own_host_ip:
		return "env | grep OMS_HOST_IP";
	default:
		return NULL;
	}
}

const char *oms_from(const struct check_input *in, enum fact_id id)
{
	const char *statement = endpoint_of(in, id)->groups[fact_infos[id].group].statement;

	return statement ? statement : documented_place(id);
}

bool oms_row(const struct rows *rows, const char *column, const char *is, size_t *ret_row)
{
	for (size_t i = 0; rows && i < rows->count; i++) {
		const char *cell = rows_get(rows, i, column);

		if (cell && is && str_equal(cell, is)) {
			*ret_row = i;
			return true;
		}
	}
	return false;
}

static void add_word(struct str *list, const char *word)
{
	str_addf(list, "%s%s", list->length ? " " : "", word);
}

const char *oms_column(struct arena *arena, const struct rows *rows, const char *column)
{
	struct str list = str_new(arena);

	for (size_t i = 0; rows && i < rows->count; i++)
		if (rows_get(rows, i, column))
			add_word(&list, rows_get(rows, i, column));
	return list.text;
}

const char *oms_joined(struct arena *arena, const char *const *words)
{
	struct str list = str_new(arena);

	for (; *words; words++)
		add_word(&list, *words);
	return list.text;
}

struct note oms_listed(const char *joined)
{
	return *joined ? VERBATIM(joined) : NOTE(TEXT_check_oms_none);
}

const char *oms_config(const struct check_input *in, const char *key)
{
	const struct rows *config = oms_seen(in, FACT_host_config);
	size_t row;
	const char *value;

	if (!oms_row(config, "key", key, &row))
		return NULL;
	value = rows_get(config, row, "value");
	return value && *value ? value : NULL;
}

const char *oms_config_place(const struct check_input *in, const char *line)
{
	const char *file = oms_from(in, FACT_host_config);

	return line ? arena_printf(in->arena, "%s:%s", file, line) : file;
}

long long oms_number(const struct check_input *in, const char *name, long long otherwise)
{
	const struct param *param = param_find(in, name);

	return param ? param->number : otherwise;
}

const char *oms_word(struct arena *arena, const char *text, size_t index)
{
	for (;;) {
		size_t length = strcspn(text, " ");

		if (!*text)
			return NULL;
		if (!index--)
			return arena_strndup(arena, text, length);
		text += length + strspn(text + length, " ");
	}
}

const char *oms_seconds(struct arena *arena, long long seconds)
{
	return arena_printf(arena, "%lld s", seconds);
}

const char *oms_bytes(struct arena *arena, long long bytes)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
	long long tenths = bytes / 1024 * 10;
	size_t unit = 0;

	while (tenths >= 10240 && unit < 3) {
		tenths /= 1024;
		unit++;
	}
	return arena_printf(arena, "%lld.%lld %s", tenths / 10, tenths % 10, units[unit]);
}

bool oms_is_loopback(const char *address)
{
	return str_starts(address, "127.") || str_equal(address, "::1") ||
	       str_equal(address, "0.0.0.0") || str_equal_nocase(address, "localhost");
}

bool oms_is_own(const struct check_input *in, const char *address)
{
	size_t row;

	return address && !oms_is_loopback(address) &&
	       oms_row(oms_seen(in, FACT_host_addresses), "address", address, &row);
}

/* The one IPv4 address besides loopback; a bridge of Docker's or a second card leaves it open. */
static const char *only_address(const struct check_input *in)
{
	const struct rows *rows = oms_seen(in, FACT_host_addresses);
	const char *only = NULL;

	for (size_t i = 0; rows && i < rows->count; i++) {
		const char *address = rows_get(rows, i, "address");

		if (!address || oms_is_loopback(address) || strchr(address, ':'))
			continue;
		if (only)
			return NULL;
		only = address;
	}
	return only;
}

const char *oms_own_address(const struct check_input *in)
{
	const struct rows *environments = oms_seen(in, FACT_host_environments);
	const char *own = in->facts->at[ENDPOINT_HOST].host.own_host_ip.is.text;

	if (in->intent->oms.host_ip)
		return in->intent->oms.host_ip;
	if (oms_is_own(in, own))
		return own;
	for (size_t i = 0; environments && i < environments->count; i++)
		if (oms_is_own(in, rows_get(environments, i, "host_ip")))
			return rows_get(environments, i, "host_ip");
	for (const char *const *node = oms_config_nodes(in->arena, in->facts); *node; node++)
		if (oms_is_own(in, *node))
			return *node;
	return only_address(in);
}

const char *const *oms_judged_nodes(const struct check_input *in)
{
	const char *const *nodes = oms_nodes(in->arena, in->facts, in->intent);
	const char **judged;
	size_t room = 2, count = 0;

	while (nodes[room - 2])
		room++;
	judged = arena_array(in->arena, room, sizeof(*judged));
	if (in->node) {
		judged[0] = in->node;
		return judged;
	}
	for (; *nodes; nodes++)
		if (!oms_is_loopback(*nodes))
			judged[count++] = *nodes;
	if (!count)
		judged[0] = oms_own_address(in);
	return judged;
}
