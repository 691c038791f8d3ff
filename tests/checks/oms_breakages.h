#ifndef TESTS_CHECKS_OMS_BREAKAGES_H
#define TESTS_CHECKS_OMS_BREAKAGES_H

#include "tests/checks/oms_preset.h"

/* One thing broken of the OMS that oms_preset.h lays: what of profile oms-health fails then, in its
 * order, and what cannot be told. Rules stand without the "oms." that each begins with. */
struct breakage {
	const char *what;
	void (*breaks)(struct bench *bench);
	const char *fails, *unknown;
};

static inline void nothing(struct bench *bench)
{
	(void)bench;
}

static inline void two_nodes(struct bench *bench)
{
	oms_add_node(bench, "10.0.0.4");
}

/* --- programs and services --- */

static inline void stop_agent(struct bench *bench)
{
	oms_change(bench, FACT_supervisord_programs, "name", "oms_drc_supervisor", "statename",
	           "STOPPED");
}

static inline void stop_sshd(struct bench *bench)
{
	oms_change(bench, FACT_supervisord_programs, "name", "sshd", "statename", "EXITED");
}

static inline void lose_program(struct bench *bench)
{
	oms_remove(bench, FACT_supervisord_programs, "name", "nginx");
}

static inline void refuse_supervisord(struct bench *bench)
{
	oms_fail(bench, ENDPOINT_SUPERVISORD, GROUP_any_connect, FAILURE_REFUSED);
	bench->facts.at[ENDPOINT_SUPERVISORD].supervisord.programs = (struct fact_rows){ 0 };
}

static inline void deny_programs(struct bench *bench)
{
	oms_fail(bench, ENDPOINT_SUPERVISORD, GROUP_supervisord_programs, FAILURE_CREDENTIALS);
}

static inline void refuse_agent(struct bench *bench)
{
	oms_fail(bench, ENDPOINT_SUPERVISOR, GROUP_any_connect, FAILURE_REFUSED);
}

static inline void refuse_cm(struct bench *bench)
{
	oms_fail(bench, ENDPOINT_CM, GROUP_any_connect, FAILURE_TIMEOUT);
}

static inline void make_cm_ill(struct bench *bench)
{
	oms_set(bench, FACT_cm_cm_status, "503");
}

static inline void make_console_ill(struct bench *bench)
{
	oms_set(bench, FACT_console_healthy, "false");
}

static inline void lose_ghana(struct bench *bench)
{
	oms_set(bench, FACT_console_console_status, "502");
	oms_set(bench, FACT_console_healthy, NULL);
}

static inline void close_port(struct bench *bench)
{
	oms_remove(bench, FACT_host_ports, "port", "8088");
}

static inline void move_port(struct bench *bench)
{
	oms_change(bench, FACT_host_ports, "port", "8088", "port", "18088");
	oms_add(bench, FACT_host_config, OMS_CELLS("cm_server_port", "18088", "15"));
	oms_config_set(bench, "cm_url", "http://10.0.0.3:18088");
	oms_change(bench, FACT_metadb_clusters, NULL, NULL, "cm_url", "http://10.0.0.3:18088/");
}

/* --- the MetaDB --- */

static inline void refuse_metadb(struct bench *bench)
{
	struct endpoint_facts *metadb = &bench->facts.at[ENDPOINT_METADB];

	*metadb = (struct endpoint_facts){ .configured = true,
		                           .kind = KIND_MYSQL,
		                           .address = "10.0.0.5:2883" };
	metadb->groups[GROUP_any_connect] =
		(struct group_status){ .state = GROUP_FAILED, .failure = FAILURE_REFUSED };
}

static inline void lose_tables(struct bench *bench)
{
	const struct group_status absent = { .failure = FAILURE_OTHER,
		                             .error = 1146,
		                             .sqlstate = "42S02",
		                             .text = "Table 'oms_cm.host' doesn't exist" };

	bench_fail_group(bench, ENDPOINT_METADB, GROUP_metadb_hosts, absent);
}

/* An OMS that never had HA, on a server that does not limit sessions. */
static inline void lose_ha(struct bench *bench)
{
	const struct group_status absent = {
		.failure = FAILURE_OTHER,
		.error = 1146,
		.text = "Table 'oms_rm.oms_normal_config' doesn't exist"
	};

	bench_fail_group(bench, ENDPOINT_METADB, GROUP_metadb_ha, absent);
	bench_fail_group(bench, ENDPOINT_METADB, GROUP_mysql_session, absent);
}

static inline void empty_tables(struct bench *bench)
{
	oms_remove(bench, FACT_metadb_hosts, NULL, NULL);
	oms_remove(bench, FACT_metadb_resource_groups, NULL, NULL);
}

static inline void lose_region(struct bench *bench)
{
	oms_change(bench, FACT_metadb_resource_groups, NULL, NULL, "name", "7");
}

static inline void lose_group(struct bench *bench)
{
	oms_change(bench, FACT_metadb_hosts, NULL, NULL, "resource_group_id", "9");
}

static inline void two_defaults(struct bench *bench)
{
	oms_add(bench, FACT_metadb_clusters,
	        OMS_CELLS("cn-jiangsu", "cn-jiangsu", "http://10.1.0.3:8088", "101", "1"));
	oms_add(bench, FACT_metadb_resource_groups, OMS_CELLS("2", "101"));
}

/* --- hosts --- */

static inline void lose_host_ip(struct bench *bench)
{
	oms_set(bench, FACT_host_own_host_ip, NULL);
	oms_change(bench, FACT_host_environments, NULL, NULL, "host_ip", NULL);
}

/* As after a wrong -e OMS_HOST_IP: heartbeats come under another name. */
static inline void mistake_host_ip(struct bench *bench)
{
	oms_set(bench, FACT_host_own_host_ip, "10.0.0.9");
	oms_change(bench, FACT_host_environments, NULL, NULL, "host_ip", "10.0.0.9");
	oms_change(bench, FACT_metadb_heartbeats, NULL, NULL, "host_ip", "10.0.0.9");
}

static inline void mistake_nodes(struct bench *bench)
{
	oms_config_set(bench, "cm_nodes", "127.0.0.1");
	oms_change(bench, FACT_metadb_hosts, NULL, NULL, "ip", "127.0.0.1");
}

static inline void take_offline(struct bench *bench)
{
	oms_change(bench, FACT_metadb_hosts, NULL, NULL, "host_status", "DOWN");
}

static inline void leave_scaled_in(struct bench *bench)
{
	oms_add(bench, FACT_metadb_hosts, OMS_CELLS("10.0.0.8", "DOWN", "1"));
}

static inline void age_heartbeat(struct bench *bench, const char *age)
{
	oms_change(bench, FACT_metadb_heartbeats, NULL, NULL, "age", age);
}

static inline void let_heartbeat_die(struct bench *bench)
{
	age_heartbeat(bench, "1250");
}

static inline void lose_heartbeat(struct bench *bench)
{
	oms_remove(bench, FACT_metadb_heartbeats, NULL, NULL);
}

static inline void shift_heartbeat(struct bench *bench)
{
	age_heartbeat(bench, "28803");
}

static inline void shift_zone(struct bench *bench)
{
	shift_heartbeat(bench);
	oms_set(bench, FACT_host_host_zone_seconds, "0");
}

static inline void die_in_a_round_hour(struct bench *bench)
{
	age_heartbeat(bench, "3600");
	stop_agent(bench);
}

static inline void beat_in_the_future(struct bench *bench)
{
	age_heartbeat(bench, "-28797");
}

static inline void set_clock(struct bench *bench)
{
	oms_set(bench, FACT_metadb_ahead_ms, "-61250");
}

/* Half the round trip is doubt. */
static inline void set_clock_within_doubt(struct bench *bench)
{
	oms_set(bench, FACT_metadb_ahead_ms, "10900");
	oms_set(bench, FACT_metadb_round_trip_ms, "2000");
}

/* --- usage --- */

static inline void use_memory(struct bench *bench)
{
	oms_change(bench, FACT_host_memory, NULL, NULL, "used", "0.8573829");
}

static inline void use_all_allowed(struct bench *bench)
{
	oms_change(bench, FACT_host_memory, NULL, NULL, "used", "0.85");
	oms_change(bench, FACT_host_cpu, NULL, NULL, "used", "0.8500");
	oms_change(bench, FACT_host_disks, NULL, NULL, "used", "0.90");
}

static inline void lower_limit(struct bench *bench)
{
	oms_change(bench, FACT_host_thresholds, "key", "drcCfg.cpuUsedPercentThresHold", "value",
	           "0.2");
}

static inline void use_default_limits(struct bench *bench)
{
	oms_remove(bench, FACT_host_thresholds, NULL, NULL);
	oms_change(bench, FACT_host_disks, "path", "/home/ds/run", "used", "0.9001");
}

static inline void fill_disk(struct bench *bench)
{
	oms_change(bench, FACT_host_disks, "path", "/home/ds/store", "used", "1");
}

static inline void say_memory(struct bench *bench)
{
	bench->intent.said =
		(struct said){ .words = "current memory usage 0.91 exceed limited 0.85",
		               .resource = "memory",
		               .used = "0.91",
		               .limit = "0.85" };
}

static inline void grow_heaps(struct bench *bench)
{
	oms_change(bench, FACT_host_jvms, NULL, NULL, "heap", "34359738368");
}

/* --- configuration --- */

static inline void break_config(struct bench *bench)
{
	bench_fail_group(bench, ENDPOINT_HOST, GROUP_host_config,
	                 (struct group_status){ .failure = FAILURE_OTHER,
	                                        .text = "config.yaml:3:1: no key" });
}

static inline void forget_password(struct bench *bench)
{
	oms_config_set(bench, "oms_meta_password", "");
}

static inline void point_cm_url_to_itself(struct bench *bench)
{
	oms_config_set(bench, "cm_url", "http://127.0.0.1:8088");
}

static inline void change_location(struct bench *bench)
{
	oms_config_set(bench, "cm_location", "101");
}

static inline void recycle(struct bench *bench)
{
	oms_set(bench, FACT_host_tcp_tw_recycle, "1");
}

static inline void leave_the_host(struct bench *bench)
{
	oms_unname(bench, ENDPOINT_HOST);
}

#define HOST_RULES                                                                              \
	"ports host-ip-env host-registered cpu memory disk disk-full jvm-heap config-readable " \
	"config-valid config-cm-url-loopback config-cm-url tcp-tw-recycle error-logs"

static const struct breakage breakages[] = {
	{ "a healthy OMS", nothing, "", "" },
	{ "two nodes", two_nodes, "", "" },
	{ "the agent stopped", stop_agent, "programs-running", "" },
	{ "sshd ended", stop_sshd, "sshd", "" },
	{ "a program is missing", lose_program, "programs-running", "" },
	{ "supervisord is not there", refuse_supervisord, "supervisord",
	  "programs-running sshd ports" },
	{ "supervisord refuses", deny_programs, "supervisord", "programs-running sshd ports" },
	{ "the agent does not answer", refuse_agent, "supervisor-alive", "" },
	{ "CM does not answer", refuse_cm, "cm-alive",
	  "cm-view store-active store-covers cm-error" },
	{ "CM is ill", make_cm_ill, "cm-alive", "" },
	{ "the console is ill", make_console_ill, "console-healthy", "" },
	{ "nginx answers for the console", lose_ghana, "console-healthy", "" },
	{ "CM does not listen", close_port, "ports", "" },
	{ "CM listens where config.yaml says", move_port, "", "" },
	{ "the MetaDB is not there", refuse_metadb, "metadb",
	  "initialised region-initialised region-default host-registered host-online "
	  "heartbeat-fresh clock config-cm-url ha-migration" },
	{ "a table is not there", lose_tables, "metadb initialised",
	  "host-registered host-online" },
	{ "no HA", lose_ha, "", "ha-migration" },
	{ "tables are empty", empty_tables, "initialised region-initialised host-registered",
	  "host-online" },
	{ "no group of the region", lose_region, "region-initialised", "" },
	{ "a host of no group", lose_group, "region-initialised", "" },
	{ "two default regions", two_defaults, "region-default", "" },
	{ "OMS_HOST_IP is not set", lose_host_ip, "host-ip-env", "" },
	{ "OMS_HOST_IP is wrong", mistake_host_ip, "host-ip-env heartbeat-fresh", "" },
	{ "cm_nodes is wrong", mistake_nodes, "host-registered config-valid", "" },
	{ "a host is down", take_offline, "host-online", "" },
	{ "a host that is none any more", leave_scaled_in, "", "" },
	{ "the heartbeat died", let_heartbeat_die, "heartbeat-fresh", "" },
	{ "no heartbeat", lose_heartbeat, "heartbeat-fresh", "" },
	{ "the heartbeat is eight hours old", shift_heartbeat, "", "heartbeat-fresh clock" },
	{ "time zones differ", shift_zone, "clock", "heartbeat-fresh" },
	{ "dead for an hour", die_in_a_round_hour, "programs-running heartbeat-fresh", "clock" },
	{ "a heartbeat of the future", beat_in_the_future, "clock", "heartbeat-fresh" },
	{ "clocks differ", set_clock, "clock", "" },
	{ "clocks may differ", set_clock_within_doubt, "", "" },
	{ "memory above the limit", use_memory, "memory", "" },
	{ "usage at the limits", use_all_allowed, "", "" },
	{ "a lower limit", lower_limit, "cpu", "" },
	{ "the limits by default", use_default_limits, "disk", "" },
	{ "a full disk", fill_disk, "disk disk-full", "" },
	{ "somebody said so", say_memory, "memory", "" },
	{ "heaps above memory", grow_heaps, "jvm-heap", "" },
	{ "config.yaml is broken", break_config, "config-readable",
	  "config-valid config-cm-url-loopback config-cm-url" },
	{ "no password", forget_password, "config-valid", "" },
	{ "cm_url is a loopback", point_cm_url_to_itself, "config-cm-url-loopback config-cm-url",
	  "" },
	{ "cm_location was changed", change_location, "region-initialised config-cm-url", "" },
	{ "tcp_tw_recycle", recycle, "tcp-tw-recycle", "" },
	{ "not on the host", leave_the_host, "", HOST_RULES },
};

#define BREAKAGE_COUNT (sizeof(breakages) / sizeof(breakages[0]))

#endif
