#include "checks/probe/oms_facts.h"

#include "catalog/base/arena.h"
#include "catalog/base/clock.h"
#include "catalog/base/str.h"
#include "checks/probe/host.h"
#include "checks/probe/oms_config.h"
#include "checks/probe/properties.h"
#include "checks/probe/redact.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <time.h>

#define SMALL_CAP ((size_t)1024 * 1024)

#define CM_PROPERTIES "/home/ds/cm/package/config/drc-cm.properties"
/* What CM calls its thresholds and switches begins so. */
#define CM_PREFIX "drcCfg."

/* --- for all parts ------------------------------------------------------------------------------ */

bool host_may_go_on(const struct host *host, struct group_status *ret_why)
{
	struct pollfd cancel = { .fd = host->budget->cancel_fd, .events = POLLIN };
	struct group_status why = { .state = GROUP_FAILED };

	if (cancel.fd >= 0 && poll(&cancel, 1, 0) > 0) {
		why.failure = FAILURE_INTERRUPTED;
		why.text = "stopped by the user";
	} else if (clock_monotonic_ms() >= host->budget->deadline_ms) {
		why.failure = FAILURE_TIMEOUT;
		why.text = "the time of the run is over";
	} else {
		return true;
	}
	*ret_why = why;
	return false;
}

#define BEFORE_PID "/proc/"
#define BEHIND_PID "/root"

bool host_is_process_root(const struct host *host)
{
	const char *number = host->paths.root + strlen(BEFORE_PID);
	size_t digits;

	if (!str_starts(host->paths.root, BEFORE_PID))
		return false;
	digits = strspn(number, "0123456789");
	return digits && str_equal(number + digits, BEHIND_PID);
}

const char *host_process(const struct host *host)
{
	const char *number = host->paths.root + strlen(BEFORE_PID);

	if (!host_is_process_root(host))
		return arena_printf(host->arena, "%s/self", host->paths.proc);
	return arena_printf(host->arena, "%s/%.*s", host->paths.proc,
	                    (int)strspn(number, "0123456789"), number);
}

bool host_read(const struct host *host, const char *path, struct file_text *ret,
               struct group_status *ret_why)
{
	return files_read(host->arena, "", path, SMALL_CAP, ret, ret_why);
}

/* --- small groups ------------------------------------------------------------------------------- */

static void host_config(struct host *host, struct group_status *ret)
{
	const struct oms_config *config = host->request->oms.config;

	if (!config) {
		*ret = (struct group_status){ .state = GROUP_FAILED,
			                      .failure = FAILURE_OTHER,
			                      .text = "the plan names no config.yaml" };
		return;
	}
	*ret = config->status;
	if (config->status.state == GROUP_GATHERED)
		fact_set_rows(host->at, FACT_host_config, config->rows);
}

/* Whether a later line of the file sets the same key: Java keeps the last. */
static bool is_overridden(const struct property *pairs, size_t count, size_t index)
{
	for (size_t i = index + 1; i < count; i++)
		if (str_equal(pairs[i].key, pairs[index].key))
			return true;
	return false;
}

static void host_thresholds(struct host *host, struct group_status *ret)
{
	static const char *const names[] = { "key", "value", "line", NULL };
	struct row_list list = row_list_new(host->arena, names);
	const char *path = host->request->oms.cm_properties;
	const struct property *pairs;
	struct file_text file;
	size_t count;

	path = path ? path : CM_PROPERTIES;
	if (!files_read(host->arena, host->paths.root, path, SMALL_CAP, &file, ret))
		return;
	count = properties_read(host->arena, file.text, file.length, &pairs);
	for (size_t i = 0; i < count; i++) {
		const char *value = pairs[i].value;

		if (!str_starts(pairs[i].key, CM_PREFIX) || is_overridden(pairs, count, i))
			continue;
		if (redact_is_secret(pairs[i].key))
			value = *value ? "set" : "";
		row_list_add(&list, ROW(pairs[i].key, redact_text(host->arena, value),
		                        arena_printf(host->arena, "%zu", pairs[i].line)));
	}
	fact_set_rows(host->at, FACT_host_thresholds, row_list_rows(&list));
	*ret = files_gathered(arena_printf(host->arena, "%s%s", host->paths.root, path));
}

/* The zone is that of this process (TZ, else /etc/localtime), which is the one of OMS where
 * migdoctor runs in its container. */
static void host_zone(struct host *host, struct group_status *ret)
{
	time_t now = time(NULL);
	struct tm local;

	if (!localtime_r(&now, &local)) {
		*ret = files_failure(host->arena, "", "localtime()", errno);
		return;
	}
	fact_set(host->at, FACT_host_host_zone_seconds, "UTC offset",
	         arena_printf(host->arena, "%ld", local.tm_gmtoff));
	*ret = files_gathered("localtime()");
}

static void host_tcp(struct host *host, struct group_status *ret)
{
	const char *path =
		arena_printf(host->arena, "%s/sys/net/ipv4/tcp_tw_recycle", host->paths.proc);
	struct file_text file;

	if (host_read(host, path, &file, ret)) {
		const char *text =
			arena_strndup(host->arena, file.text, strcspn(file.text, " \t\r\n"));

		fact_set(host->at, FACT_host_tcp_tw_recycle, "net.ipv4.tcp_tw_recycle", text);
		*ret = files_gathered(path);
	} else if (ret->error == ENOENT) {
		fact_set_absent(host->at, FACT_host_tcp_tw_recycle);
		*ret = files_gathered(path);
	}
}

/* --- all groups --------------------------------------------------------------------------------- */

static const struct {
	enum group_id group;
	void (*gather)(struct host *host, struct group_status *ret);
} groups[] = {
	{ GROUP_host_config, host_config },
	{ GROUP_host_thresholds, host_thresholds },
	{ GROUP_host_environment, host_environment },
	{ GROUP_host_addresses, host_addresses },
	{ GROUP_host_memory, host_memory },
	{ GROUP_host_disk, host_disk },
	{ GROUP_host_ports, host_ports },
	{ GROUP_host_zone, host_zone },
	{ GROUP_host_tcp, host_tcp },
	{ GROUP_host_jvms, host_jvms },
	{ GROUP_host_logs, host_logs },
};

static bool is_wanted(const struct host *host, enum group_id group)
{
	for (int i = 0; i < FACT_COUNT; i++)
		if (host->request->wanted[ENDPOINT_HOST][i] && fact_infos[i].group == group)
			return true;
	return false;
}

void host_gather(struct host *host)
{
	bool wants_cpu = is_wanted(host, GROUP_host_cpu);
	struct group_status *cpu = &host->at->groups[GROUP_host_cpu];
	struct cpu_sample before = { 0 }, after;
	int64_t since_ms = clock_monotonic_ms();

	host->at->groups[GROUP_any_connect] = files_gathered(NULL);
	if (wants_cpu)
		before = host_cpu_sample(host);
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		struct group_status *status = &host->at->groups[groups[i].group];

		if (is_wanted(host, groups[i].group) && host_may_go_on(host, status))
			groups[i].gather(host, status);
	}
	if (!wants_cpu || (before.is_taken && !host_cpu_wait(host, since_ms, cpu)))
		return;
	after = host_cpu_sample(host);
	host_cpu(host, &before, &after, cpu);
}

void host_facts(struct arena *arena, const struct gather_request *request,
                const struct budget *budget, struct endpoint_facts *ret)
{
	struct host host = { .arena = arena,
		             .paths = { request->oms.root ? request->oms.root : "", "/proc",
		                        "/sys" },
		             .request = request,
		             .budget = budget,
		             .at = ret };

	host_gather(&host);
}
