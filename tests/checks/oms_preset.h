#ifndef TESTS_CHECKS_OMS_PRESET_H
#define TESTS_CHECKS_OMS_PRESET_H

#include "tests/checks/preset.h"

/* An OMS of one node by hand, healthy in every respect: a test breaks one thing of it. Its wall
 * clock is 2022-08-01 02:13:20 UTC, in a zone of eight hours. The node is 10.0.0.3; the MetaDB is
 * on 10.0.0.5. Of the facts each keeps the columns that facts.def gives it. */
#define OMS_IP "10.0.0.3"
#define OMS_NOW 1659320000

#define OMS_COLUMNS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define OMS_CELLS(...) ((const char *const[]){ __VA_ARGS__ })

static const struct oms_table {
	enum fact_id id;
	const char *columns[16];
} oms_tables[] = {
	{ FACT_metadb_hosts, { "ip", "host_status", "resource_group_id" } },
	{ FACT_metadb_resource_groups, { "id", "name" } },
	{ FACT_metadb_clusters, { "region", "region_cn", "cm_url", "code", "is_default_cm" } },
	{ FACT_metadb_heartbeats,
	  { "task_type", "host_ip", "gmt_created", "gmt_modified", "age" } },
	{ FACT_metadb_sequence, { "id", "gmt_modified", "age" } },
	{ FACT_cm_stores,
	  { "name", "http", "success", "active", "status", "err_msg", "begin", "end", "datasource",
	    "location", "port", "role" } },
	{ FACT_cm_cm_errors, { "request", "code", "message", "detail" } },
	{ FACT_console_projects, { "id", "name", "type", "status" } },
	{ FACT_console_steps,
	  { "project", "order", "name", "status", "code", "message", "failed_time", "progress" } },
	{ FACT_console_progress, { "project", "status", "current_step" } },
	{ FACT_console_components,
	  { "project", "kind", "name", "ip", "status", "topic", "subtopic", "delay", "checkpoint",
	    "begin", "end", "message" } },
	{ FACT_supervisord_programs,
	  { "name", "group", "state", "statename", "pid", "exitstatus", "spawnerr", "description",
	    "start", "stop", "now" } },
	{ FACT_host_config, { "key", "value", "line" } },
	{ FACT_host_thresholds, { "key", "value", "line" } },
	{ FACT_host_environments, { "pid", "program", "host_ip" } },
	{ FACT_host_addresses, { "interface", "address" } },
	{ FACT_host_cpu, { "used", "total", "basis" } },
	{ FACT_host_memory, { "used", "total", "basis" } },
	{ FACT_host_disks, { "path", "used", "total", "basis" } },
	{ FACT_host_ports, { "port", "address" } },
	{ FACT_host_jvms, { "pid", "program", "heap" } },
	{ FACT_host_log_codes, { "file", "line", "code", "count" } },
	{ FACT_host_logs, { "file", "lines", "why" } },
};

static inline struct endpoint_facts *oms_at(struct bench *bench, enum fact_id id)
{
	return &bench->facts.at[owner_endpoint(fact_infos[id].owner)];
}

static inline const char *const *oms_columns(enum fact_id id, size_t *ret_count)
{
	const struct oms_table *table = oms_tables;

	while (table->id != id)
		assert_true(++table < oms_tables + sizeof(oms_tables) / sizeof(oms_tables[0]));
	*ret_count = 0;
	while (*ret_count < 16 && table->columns[*ret_count])
		++*ret_count;
	return table->columns;
}

static inline const struct rows *oms_rows(struct bench *bench, enum fact_id id)
{
	return &((const struct fact_rows *)(const void *)fact_of(oms_at(bench, id), id))->rows;
}

/* Puts these rows in the place of those that were there; the cells of one row after the other. */
static inline void oms_lay(struct bench *bench, enum fact_id id, size_t count,
                           const char *const *cells)
{
	size_t columns;
	const char *const *names = oms_columns(id, &columns);
	const char **copy = arena_array(bench->arena, columns * count + 1, sizeof(*copy));

	for (size_t i = 0; i < columns * count; i++)
		copy[i] = cells[i];
	fact_set_rows(oms_at(bench, id), id,
	              (struct rows){ .columns = columns,
	                             .count = count,
	                             .total = count,
	                             .names = names,
	                             .cells = copy });
}

/* One row more, its cells in the order of its columns. */
static inline void oms_add(struct bench *bench, enum fact_id id, const char *const *cells)
{
	const struct rows *rows = oms_rows(bench, id);
	size_t columns = rows->columns, had = columns * rows->count;
	const char **all = arena_array(bench->arena, had + columns, sizeof(*all));

	for (size_t i = 0; i < had + columns; i++)
		all[i] = i < had ? rows->cells[i] : cells[i - had];
	oms_lay(bench, id, rows->count + 1, all);
}

/* Sets `column` to `value` (NULL is SQL's NULL) in the rows whose column `key` is `is`; every row
 * where `key` is NULL. There has to be one. */
static inline void oms_change(struct bench *bench, enum fact_id id, const char *key, const char *is,
                              const char *column, const char *value)
{
	const struct rows *rows = oms_rows(bench, id);
	const char **cells =
		arena_array(bench->arena, rows->columns * rows->count + 1, sizeof(*cells));
	size_t changed = 0;

	for (size_t row = 0; row < rows->count; row++) {
		const char *cell = key ? rows_get(rows, row, key) : NULL;

		for (size_t i = 0; i < rows->columns; i++) {
			size_t at = row * rows->columns + i;
			bool hit = str_equal(rows->names[i], column) &&
			           (!key || (cell && str_equal(cell, is)));

			cells[at] = hit ? value : rows->cells[at];
			changed += hit;
		}
	}
	assert_true(changed > 0);
	oms_lay(bench, id, rows->count, cells);
}

/* Takes the rows away whose column `key` is `is`; every row where `key` is NULL. */
static inline void oms_remove(struct bench *bench, enum fact_id id, const char *key, const char *is)
{
	const struct rows *rows = oms_rows(bench, id);
	const char **cells =
		arena_array(bench->arena, rows->columns * rows->count + 1, sizeof(*cells));
	size_t kept = 0;

	for (size_t row = 0; row < rows->count; row++) {
		const char *cell = key ? rows_get(rows, row, key) : NULL;

		if (!key || (cell && str_equal(cell, is)))
			continue;
		for (size_t i = 0; i < rows->columns; i++)
			cells[kept * rows->columns + i] = rows->cells[row * rows->columns + i];
		kept++;
	}
	assert_true(kept < rows->count);
	oms_lay(bench, id, kept, cells);
}

/* A text, number or flag as the endpoint printed it; NULL is FACT_ABSENT. */
static inline void oms_set(struct bench *bench, enum fact_id id, const char *text)
{
	preset_set(oms_at(bench, id), id, fact_infos[id].name, text);
}

/* As if one key stood in config.yaml with another value. */
static inline void oms_config_set(struct bench *bench, const char *key, const char *value)
{
	oms_change(bench, FACT_host_config, "key", key, "value", value);
}

static inline void oms_fail(struct bench *bench, enum endpoint_id endpoint, enum group_id group,
                            enum failure failure)
{
	bench_fail_group(bench, endpoint, group,
	                 (struct group_status){ .failure = failure, .statement = "asked" });
}

/* As if the plan did not name the endpoint. */
static inline void oms_unname(struct bench *bench, enum endpoint_id endpoint)
{
	bench->facts.at[endpoint] = (struct endpoint_facts){ .kind = endpoint_kind(endpoint) };
}

static inline void oms_lay_endpoints(struct bench *bench)
{
	static const char *const addresses[ENDPOINT_COUNT] = {
		[ENDPOINT_METADB] = "10.0.0.5:2883",
		[ENDPOINT_CM] = "http://10.0.0.3:8088",
		[ENDPOINT_CONSOLE] = "http://10.0.0.3:8089",
		[ENDPOINT_SUPERVISOR] = "http://10.0.0.3:9000",
		[ENDPOINT_SUPERVISORD] = "/tmp/supervisor.sock",
		[ENDPOINT_HOST] = "/",
	};
	static const struct {
		enum endpoint_id endpoint;
		enum group_id group;
		const char *statement;
	} asked[] = {
		{ ENDPOINT_METADB, GROUP_metadb_hosts,
		  "SELECT ip, host_status, resource_group_id FROM oms_cm.host" },
		{ ENDPOINT_SUPERVISORD, GROUP_supervisord_programs,
		  "supervisor.getAllProcessInfo" },
		{ ENDPOINT_CM, GROUP_cm_root, "GET /" },
		{ ENDPOINT_CONSOLE, GROUP_console_health, "GET /oms/health" },
		{ ENDPOINT_HOST, GROUP_host_config, "/home/admin/conf/config.yaml" },
	};

	for (int i = ENDPOINT_METADB; i <= ENDPOINT_HOST; i++) {
		struct endpoint_facts *at = &bench->facts.at[i];

		*at = (struct endpoint_facts){ .configured = true,
			                       .kind = endpoint_kind((enum endpoint_id)i),
			                       .address = addresses[i] };
		for (int group = 0; group < GROUP_COUNT; group++)
			if (endpoint_has((enum endpoint_id)i, group_infos[group].owner))
				at->groups[group].state = GROUP_GATHERED;
	}
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++)
		bench->facts.at[asked[i].endpoint].groups[asked[i].group].statement =
			asked[i].statement;
	bench->facts.gathered_ms = OMS_NOW * INT64_C(1000);
}

static inline void oms_lay_metadb(struct bench *bench)
{
	preset_set(&bench->facts.at[ENDPOINT_METADB], FACT_mysql_version, "version",
	           "5.7.25-OceanBase_CE-v4.2.1.8");
	oms_set(bench, FACT_metadb_now, "2022-08-01 10:13:20");
	oms_set(bench, FACT_metadb_utc, "2022-08-01 02:13:20");
	oms_set(bench, FACT_metadb_zone_seconds, "28800");
	oms_set(bench, FACT_metadb_ahead_ms, "12");
	oms_set(bench, FACT_metadb_round_trip_ms, "3");
	oms_lay(bench, FACT_metadb_hosts, 1, OMS_CELLS(OMS_IP, "ONLINE", "1"));
	oms_lay(bench, FACT_metadb_resource_groups, 1, OMS_CELLS("1", "100"));
	oms_lay(bench, FACT_metadb_clusters, 1,
	        OMS_CELLS("cn-anhui", "cn-anhui", "http://10.0.0.3:8088", "100", "1"));
	oms_lay(bench, FACT_metadb_heartbeats, 1,
	        OMS_CELLS("supervisor", OMS_IP, "2022-07-01 09:00:00", "2022-08-01 10:13:17", "3"));
	oms_lay(bench, FACT_metadb_sequence, 1, OMS_CELLS("90210", "2022-08-01 10:13:18", "2"));
	oms_set(bench, FACT_metadb_ha_config,
	        "{\"enable\":false,\"checkHostDownIntervalSec\":540}");
	oms_set(bench, FACT_metadb_ha_down_seconds, "540");
}

#define OMS_STORE OMS_IP "-7100:p_4223_source-000-0:0000000007"

/* One running migration, whose Store and Incr-Sync are close behind the source. */
static inline void oms_lay_projects(struct bench *bench)
{
	static const char *const steps[] = { "TRANSFER_PRECHECK", "STRUCT_TRANSFER",
		                             "TRANSFER_INCR_LOG_PULL", "FULL_TRANSFER",
		                             "INCR_TRANSFER" };

	oms_lay(bench, FACT_cm_stores, 1,
	        OMS_CELLS(OMS_STORE, "200", "true", "true", "0", NULL, "1659233000", "1659319998",
	                  "10.0.0.1:3306", "100", "17008", "master"));
	oms_lay(bench, FACT_cm_cm_errors, 0, NULL);
	oms_lay(bench, FACT_console_projects, 1,
	        OMS_CELLS("np_4w3a", "orders", "MIGRATION", "RUNNING"));
	oms_lay(bench, FACT_console_steps, 0, NULL);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		oms_add(bench, FACT_console_steps,
		        OMS_CELLS("np_4w3a", arena_printf(bench->arena, "%zu", i + 1), steps[i],
		                  str_equal(steps[i], "INCR_TRANSFER") ? "MONITORING" : "FINISHED",
		                  NULL, NULL, NULL, "100"));
	oms_lay(bench, FACT_console_progress, 1, OMS_CELLS("np_4w3a", "RUNNING", "INCR_TRANSFER"));
	oms_lay(bench, FACT_console_components, 2,
	        OMS_CELLS("np_4w3a", "store", OMS_STORE, OMS_IP, "ACTIVE", "p_4223_source-000",
	                  "p_4223_source-000-0", "2", NULL, "1659233000", "1659319998", NULL,
	                  "np_4w3a", "incr_sync",
	                  OMS_IP "-9000:connector_v2:np_4w3a-incr_trans-1-0:0000000011", OMS_IP,
	                  "ACTIVE", NULL, "p_4223_source-000-0", "3", "1659319997", NULL, NULL,
	                  NULL));
}

static inline void oms_lay_programs(struct bench *bench)
{
	static const char *const names[] = { "nginx", "oms_console", "oms_drc_cm",
		                             "oms_drc_supervisor", "sshd" };

	oms_lay(bench, FACT_supervisord_programs, 0, NULL);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		oms_add(bench, FACT_supervisord_programs,
		        OMS_CELLS(names[i], names[i], "20", "RUNNING",
		                  arena_printf(bench->arena, "%zu", 900 + i), "0", "",
		                  "pid 905, uptime 3 days, 5:40:09", "1659000000", "0",
		                  "1659320000"));
}

static inline void oms_lay_config(struct bench *bench)
{
	static const char *const config[][2] = {
		{ "oms_meta_host", "10.0.0.5" },
		{ "oms_meta_port", "2883" },
		{ "oms_meta_user", "oms@oms_tenant#obdemo" },
		{ "oms_meta_password", "set" },
		{ "drc_rm_db", "oms_rm" },
		{ "drc_cm_db", "oms_cm" },
		{ "drc_cm_heartbeat_db", "oms_cm_heartbeat" },
		{ "cm_url", "http://10.0.0.3:8088" },
		{ "cm_location", "100" },
		{ "cm_region", "cn-anhui" },
		{ "cm_region_cn", "cn-anhui" },
		{ "cm_is_default", "true" },
		{ "cm_nodes", OMS_IP },
		{ "tsdb_enabled", "false" },
	};

	oms_lay(bench, FACT_host_config, 0, NULL);
	for (size_t i = 0; i < sizeof(config) / sizeof(config[0]); i++)
		oms_add(bench, FACT_host_config,
		        OMS_CELLS(config[i][0], config[i][1],
		                  arena_printf(bench->arena, "%zu", i + 1)));
	oms_lay(bench, FACT_host_thresholds, 3,
	        OMS_CELLS("drcCfg.memUsedPercentThresHold", "0.85", "11",
	                  "drcCfg.diskUsedPercentThresHold", "0.90", "12",
	                  "drcCfg.cpuUsedPercentThresHold", "0.85", "13"));
}

static inline void oms_lay_host(struct bench *bench)
{
	oms_set(bench, FACT_host_own_host_ip, OMS_IP);
	oms_lay(bench, FACT_host_environments, 3,
	        OMS_CELLS("907", "oms_console", OMS_IP, "971", "oms_drc_cm", OMS_IP, "1223",
	                  "oms_drc_supervisor", OMS_IP));
	oms_lay(bench, FACT_host_addresses, 3,
	        OMS_CELLS("lo", "127.0.0.1", "eth0", OMS_IP, "docker0", "172.17.0.1"));
	oms_lay(bench, FACT_host_cpu, 1, OMS_CELLS("0.21", "16", "/proc/stat"));
	oms_lay(bench, FACT_host_memory, 1, OMS_CELLS("0.54", "68719476736", "/proc/meminfo"));
	oms_lay(bench, FACT_host_disks, 2,
	        OMS_CELLS("/home/ds/store", "0.41", "536870912000", "statvfs", "/home/ds/run",
	                  "0.41", "536870912000", "statvfs"));
	oms_lay(bench, FACT_host_ports, 5,
	        OMS_CELLS("8084", "0.0.0.0", "8088", "0.0.0.0", "8089", "0.0.0.0", "8090",
	                  "0.0.0.0", "9000", "0.0.0.0"));
	oms_set(bench, FACT_host_host_zone_seconds, "28800");
	oms_set(bench, FACT_host_tcp_tw_recycle, NULL);
	oms_lay(bench, FACT_host_jvms, 3,
	        OMS_CELLS("907", "oms_console", "4294967296", "971", "oms_drc_cm", "4294967296",
	                  "1223", "oms_drc_supervisor", "2147483648"));
	oms_lay(bench, FACT_host_log_codes, 0, NULL);
	oms_lay(bench, FACT_host_logs, 1,
	        OMS_CELLS("/home/admin/logs/supervisor/error.log", "0", NULL));
}

/* A healthy OMS. Source and target are as they are in bench_new("8.0", "8.0"). */
static inline struct bench oms_new(void)
{
	struct bench bench = bench_new("8.0", "8.0");

	oms_lay_endpoints(&bench);
	oms_lay_metadb(&bench);
	oms_set(&bench, FACT_cm_cm_status, "200");
	oms_set(&bench, FACT_console_console_status, "200");
	oms_set(&bench, FACT_console_healthy, "true");
	oms_set(&bench, FACT_supervisor_agent_status, "404");
	oms_lay_projects(&bench);
	oms_lay_programs(&bench);
	oms_lay_config(&bench);
	oms_lay_host(&bench);
	return bench;
}

/* A second node, as healthy as the first. Nothing of its machine is seen from here. */
static inline void oms_add_node(struct bench *bench, const char *ip)
{
	oms_add(bench, FACT_metadb_hosts, OMS_CELLS(ip, "ONLINE", "1"));
	oms_add(bench, FACT_metadb_heartbeats,
	        OMS_CELLS("supervisor", ip, "2022-07-01 09:00:00", "2022-08-01 10:13:16", "4"));
	oms_add(bench, FACT_host_config, OMS_CELLS("cm_nodes", ip, "14"));
}

/* Judges one rule with this check; `node` is NULL or the one node that is asked about. A check of
 * one endpoint is about `endpoint`; one of the whole OMS is told that of its first fact. */
static inline struct result oms_judge_at(struct bench *bench, const struct check *check,
                                         enum endpoint_id endpoint, const struct param *params,
                                         const char *node)
{
	const enum fact_id *first = check->needs ? check->needs : check->uses;
	struct rule *rule = arena_new_of(bench->arena, struct rule);
	const struct rule *rules[] = { rule };

	*rule = (struct rule){ .profile = "test",
		               .id = "rule",
		               .check = check,
		               .endpoint = check->on == CHECK_OMS && first
		                                   ? owner_endpoint(fact_infos[*first].owner)
		                                   : endpoint,
		               .params = params,
		               .code = "oms:CM-RESONF000001",
		               .node = node,
		               .severity = LEVEL_ERROR };
	return *run_judge(bench->arena, rules, 1, &bench->facts, &bench->intent, NULL, 0, 0);
}

static inline struct result oms_judge(struct bench *bench, const struct check *check,
                                      const struct param *params)
{
	return oms_judge_at(bench, check, ENDPOINT_METADB, params, NULL);
}

#define NUMBER_PARAM(word, is)                 \
	{                                      \
		.name = (word), .number = (is) \
	}

#endif
