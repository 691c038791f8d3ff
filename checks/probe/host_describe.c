#include "checks/probe/oms_facts.h"

#include "catalog/base/str.h"
#include "checks/probe/oms_config.h"

/* What is read for each group. {root} stands before OMS's own paths. */
static const struct {
	enum group_id group;
	const char *what;
} readings[] = {
	{ GROUP_host_config, "{config}" },
	{ GROUP_host_thresholds, "{root}{cm_properties}" },
	{ GROUP_host_environment,
	  "OMS_HOST_IP of the environment, and of /proc/PID/environ of OMS's "
	  "processes" },
	{ GROUP_host_addresses, "addresses of the network interfaces" },
	{ GROUP_host_cpu, "/proc/stat, and cpu limits of the control group" },
	{ GROUP_host_memory, "/proc/meminfo, and memory limits of the control group" },
	{ GROUP_host_disk, "free space of the disks that {root}/home/ds/supervisor/config names" },
	{ GROUP_host_ports, "/proc/net/tcp, /proc/net/tcp6" },
	{ GROUP_host_zone, "the time zone" },
	{ GROUP_host_tcp, "/proc/sys/net/ipv4/tcp_tw_recycle" },
	{ GROUP_host_jvms, "/proc/PID/cmdline of Java processes" },
	{ GROUP_host_logs, "the ends of error logs below {root}/home/admin/logs" },
};

static const char *value_of(const struct gather_request *request, const char *name)
{
	const struct oms_request *oms = &request->oms;

	if (str_starts(name, "{config}"))
		return oms->config ? oms->config->path : "";
	return str_starts(name, "{root}") ? oms->root : oms->cm_properties;
}

void host_describe(struct arena *arena, const struct gather_request *request, struct str *out)
{
	(void)arena;
	for (size_t i = 0; i < sizeof(readings) / sizeof(readings[0]); i++) {
		const char *what = readings[i].what;

		if (!gather_wants(request, ENDPOINT_HOST, readings[i].group))
			continue;
		str_add(out, "read ");
		while (*what) {
			size_t plain = strcspn(what, "{");

			str_add_n(out, what, plain);
			what += plain;
			if (*what)
				str_add(out, value_of(request, what));
			what += strcspn(what, "}");
			what += *what == '}';
		}
		str_add_char(out, '\n');
	}
}
