#include "checks/probe/host.h"

#include "catalog/base/arena.h"
#include "catalog/base/cleanup.h"
#include "catalog/base/clock.h"
#include "catalog/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <time.h>

/* CM prints shares with seven digits. */
#define SHARE "%.7f"

static const char *const usage_columns[] = { "used", "total", "basis", NULL };

static double at_most_one(double share)
{
	return share < 0 ? 0 : share > 1 ? 1 : share;
}

/* --- processor ---------------------------------------------------------------------------------- */

/* Long enough for a figure to mean something, short beside everything else that is asked. */
#define SAMPLE_MS 800
#define SHORTEST_MS 100

static double monotonic_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec * 1e6 + (double)now.tv_nsec / 1e3;
}

/* The first line sums up all processors: user, nice, system, idle, iowait, irq, softirq, steal; guest
 * time is in user time already. Those after it are one each. */
static struct cpu_sample read_stat(const struct host *host)
{
	struct cpu_sample sample = { 0 };
	const char *path = arena_printf(host->arena, "%s/stat", host->paths.proc), *p;
	struct file_text file;

	if (!host_read(host, path, &file, &sample.why))
		return sample;
	p = file.text;
	if (str_starts(p, "cpu ")) {
		p += strlen("cpu ");
		for (int i = 0; i < 8; i++) {
			char *end;
			double ticks = strtod(p, &end);

			if (end == p)
				break;
			p = end;
			sample.whole += ticks;
			sample.used += i == 3 || i == 4 ? 0 : ticks;
		}
	}
	for (p = file.text; (p = strstr(p, "\ncpu")); p++)
		sample.cores += p[4] >= '0' && p[4] <= '9';
	sample.basis = path;
	sample.is_taken = sample.whole > 0 && sample.cores > 0;
	if (!sample.is_taken)
		sample.why = files_refuse(host->arena, "", path, 0, "no processor times in it");
	return sample;
}

/* How many cores a group may use; false where that is not limited. */
static bool read_quota(const struct host *host, const struct cgroup *group, double *ret)
{
	const char *text =
		host_cgroup_text(host, group, group->is_v2 ? "cpu.max" : "cpu.cfs_quota_us");
	const char *period = text && group->is_v2 ? strchr(text, ' ') : NULL;
	uint64_t quota, length;

	if (!group->is_v2)
		period = host_cgroup_text(host, group, "cpu.cfs_period_us");
	if (!text || !period || !host_number(text, NULL, &quota) ||
	    !host_number(period, NULL, &length) || !quota || !length)
		return false;
	*ret = (double)quota / (double)length;
	return true;
}

/* Microseconds of processor time that a group has used. */
static bool read_usage(const struct host *host, const struct cgroup *group, double *ret)
{
	const char *text =
		host_cgroup_text(host, group, group->is_v2 ? "cpu.stat" : "cpuacct.usage");
	uint64_t used;

	if (!text || !host_number(text, group->is_v2 ? "usage_usec" : NULL, &used))
		return false;
	*ret = group->is_v2 ? (double)used : (double)used / 1000;
	return true;
}

struct cpu_sample host_cpu_sample(const struct host *host)
{
	struct cpu_sample sample = read_stat(host);
	struct cgroup group;
	bool more = sample.is_taken && host_cgroup(host, "cpu", &group);

	/* A group above may have the smaller quota. */
	for (; more; more = host_cgroup_up(host, &group)) {
		double cores, used;

		if (!read_quota(host, &group, &cores) || cores >= sample.cores ||
		    !read_usage(host, &group, &used))
			continue;
		sample.basis = arena_printf(host->arena, "%s/%s", group.path,
		                            group.is_v2 ? "cpu.max" : "cpu.cfs_quota_us");
		sample.cores = cores;
		sample.used = used;
		sample.whole = cores * monotonic_us();
	}
	return sample;
}

bool host_cpu_wait(const struct host *host, int64_t since_ms, struct group_status *ret_why)
{
	int64_t last_ms = host->budget->deadline_ms - SHORTEST_MS, until_ms = since_ms + SAMPLE_MS;

	if (until_ms > last_ms)
		until_ms = last_ms;
	if (until_ms < since_ms + SHORTEST_MS) {
		*ret_why = (struct group_status){ .state = GROUP_FAILED,
			                          .failure = FAILURE_TIMEOUT,
			                          .text = "no time is left to measure in" };
		return false;
	}
	for (;;) {
		struct pollfd cancel = { .fd = host->budget->cancel_fd, .events = POLLIN };
		int64_t left = until_ms - clock_monotonic_ms();

		if (!host_may_go_on(host, ret_why))
			return false;
		if (left <= 0)
			return true;
		poll(&cancel, 1, (int)left);
	}
}

void host_cpu(struct host *host, const struct cpu_sample *before, const struct cpu_sample *after,
              struct group_status *ret)
{
	struct row_list list = row_list_new(host->arena, usage_columns);
	double whole = after->whole - before->whole, used = after->used - before->used;

	if (!before->is_taken || !after->is_taken) {
		*ret = before->is_taken ? after->why : before->why;
		return;
	}
	if (!str_equal(before->basis, after->basis) || whole <= 0) {
		*ret = files_refuse(host->arena, "", after->basis, 0,
		                    "no processor time passed while it was measured");
		return;
	}
	row_list_add(&list, ROW(arena_printf(host->arena, SHARE, at_most_one(used / whole)),
	                        arena_printf(host->arena, "%g", after->cores), after->basis));
	fact_set_rows(host->at, FACT_host_cpu, row_list_rows(&list));
	*ret = files_gathered(after->basis);
}

/* --- memory ------------------------------------------------------------------------------------- */

struct memory {
	uint64_t total, used;
	const char *basis;
};

/* Memory that can be had without swapping is not used; kernels before 3.14 do not say how much. */
static bool read_meminfo(const struct host *host, struct memory *ret, struct group_status *ret_why)
{
	const char *path = arena_printf(host->arena, "%s/meminfo", host->paths.proc);
	struct file_text file;
	uint64_t total, available, buffers = 0, cached = 0;

	if (!host_read(host, path, &file, ret_why))
		return false;
	if (!host_number(file.text, "MemAvailable:", &available)) {
		if (!host_number(file.text, "MemFree:", &available))
			available = UINT64_MAX;
		else if (host_number(file.text, "Buffers:", &buffers) &&
		         host_number(file.text, "Cached:", &cached))
			available += buffers + cached;
	}
	if (!host_number(file.text, "MemTotal:", &total) || !total || available > total ||
	    total > UINT64_MAX / 1024) {
		*ret_why = files_refuse(host->arena, "", path, 0,
		                        "no MemTotal and MemAvailable in it");
		return false;
	}
	*ret = (struct memory){ total * 1024, (total - available) * 1024, path };
	return true;
}

/* What the files say differs by the version of control groups. */
static const struct memory_files {
	const char *limit, *used, *inactive;
} memory_files[] = {
	{ "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file" },
	{ "memory.max", "memory.current", "inactive_file" },
};

/* A group's limit, where it is smaller than what was found so far. Pages of files that nobody uses are
 * given back before anything fails, and do not count. */
static void read_group_memory(const struct host *host, const struct cgroup *group,
                              struct memory *memory)
{
	const struct memory_files *files = &memory_files[group->is_v2];
	const char *limit_text = host_cgroup_text(host, group, files->limit);
	const char *used_text = host_cgroup_text(host, group, files->used);
	const char *table = host_cgroup_text(host, group, "memory.stat");
	uint64_t limit, used, inactive = 0;

	if (!limit_text || !used_text || !host_number(limit_text, NULL, &limit) ||
	    !host_number(used_text, NULL, &used) || !limit || limit >= memory->total)
		return;
	if (table && host_number(table, files->inactive, &inactive) && inactive <= used)
		used -= inactive;
	*memory = (struct memory){ limit, used,
		                   arena_printf(host->arena, "%s/%s", group->path, files->limit) };
}

void host_memory(struct host *host, struct group_status *ret)
{
	struct row_list list = row_list_new(host->arena, usage_columns);
	struct memory memory;
	struct cgroup group;
	bool more;

	if (!read_meminfo(host, &memory, ret))
		return;
	for (more = host_cgroup(host, "memory", &group); more; more = host_cgroup_up(host, &group))
		read_group_memory(host, &group, &memory);
	row_list_add(&list,
	             ROW(arena_printf(host->arena, SHARE,
	                              at_most_one((double)memory.used / (double)memory.total)),
	                 arena_printf(host->arena, "%llu", (unsigned long long)memory.total),
	                 memory.basis));
	fact_set_rows(host->at, FACT_host_memory, row_list_rows(&list));
	*ret = files_gathered(memory.basis);
}

/* --- disks -------------------------------------------------------------------------------------- */

/* The Supervisor measures what its parameter diskPaths names; where it is not set, these. */
#define SUPERVISOR_JSON "/home/ds/supervisor/config/supervisor.json"
#define DISK_PATHS "/home/ds/store;/home/ds/run"
#define JSON_CAP ((size_t)1024 * 1024)

/* Reads diskPaths. Empty or no file at all leaves the default. The words of the JSON reader quote what
 * they stumble over, and that may be a password: its place alone is told. */
static bool read_disk_paths(const struct host *host, const char **ret_paths, const char **ret_basis,
                            struct group_status *ret_why)
{
	const char *root = host->paths.root;
	struct file_text file;
	json_error_t error;
	json_t *top, *value;

	*ret_paths = DISK_PATHS;
	*ret_basis = "diskPaths (default)";
	if (!files_read(host->arena, root, SUPERVISOR_JSON, JSON_CAP, &file, ret_why))
		return ret_why->error == ENOENT || ret_why->error == ENOTDIR;
	if (strspn(file.text, " \t\r\n") == file.length)
		return true;
	top = json_loadb(file.text, file.length, 0, &error);
	value = json_object_get(top, "diskPaths");
	if (json_is_string(value) && *json_string_value(value)) {
		*ret_paths = arena_strdup(host->arena, json_string_value(value));
		*ret_basis = arena_printf(host->arena, "diskPaths (%s%s)", root, SUPERVISOR_JSON);
	}
	if (!top)
		*ret_why = files_refuse(host->arena, root, SUPERVISOR_JSON, (size_t)error.line,
		                        "this is no JSON");
	else if (!json_is_object(top) || (value && !json_is_string(value)))
		*ret_why =
			files_refuse(host->arena, root, SUPERVISOR_JSON, 0, "diskPaths is no text");
	else
		*ret_why = (struct group_status){ 0 };
	json_decref(top);
	return ret_why->state != GROUP_FAILED;
}

/* The share as df reckons it: what is kept for root is neither used nor free. */
static bool add_disk(const struct host *host, const char *path, const char *basis,
                     struct row_list *list, struct group_status *ret_why)
{
	cleanup(cleanup_fd) int fd = files_open(host->paths.root, path, O_DIRECTORY | O_PATH);
	char self[64];
	struct statvfs disk;
	double used, whole;
	int error = fd < 0 ? -fd : 0;

	/* Kernels before 3.12 do not take such a descriptor itself. */
	snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	if (!error && statvfs(self, &disk) != 0)
		error = errno;
	if (error) {
		*ret_why = files_failure(host->arena, host->paths.root, path, error);
		return false;
	}
	used = (double)(disk.f_blocks - disk.f_bfree);
	whole = used + (double)disk.f_bavail;
	row_list_add(list, ROW(path, arena_printf(host->arena, SHARE, whole > 0 ? used / whole : 0),
	                       arena_printf(host->arena, "%llu",
	                                    (unsigned long long)disk.f_blocks * disk.f_frsize),
	                       basis));
	return true;
}

/* One path that cannot be measured fails them all: the others alone would look like all is well. */
void host_disk(struct host *host, struct group_status *ret)
{
	static const char *const names[] = { "path", "used", "total", "basis", NULL };
	struct row_list list = row_list_new(host->arena, names);
	const char *paths, *basis;

	if (!read_disk_paths(host, &paths, &basis, ret))
		return;
	while (*paths) {
		size_t length = strcspn(paths, ";");
		const char *path = arena_strndup(host->arena, paths, length);

		if (*path && !add_disk(host, path, basis, &list, ret))
			return;
		paths += length + (paths[length] == ';');
	}
	fact_set_rows(host->at, FACT_host_disks, row_list_rows(&list));
	*ret = files_gathered(basis);
}
