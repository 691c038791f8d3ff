#include "catalog/base/arena.h"
#include "catalog/base/clock.h"
#include "catalog/base/str.h"
#include "checks/probe/host.h"
#include "checks/probe/oms_config.h"
#include "tests/harness/tree.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#define SECRET "S3cr3tValue"

/* A host of made trees: root/ has OMS's files, proc/ and sys/ the kernel's. */
struct made {
	struct arena *arena;
	const char *tree;
	struct gather_request request;
	struct budget budget;
	struct endpoint_facts at;
	struct host host;
};

static int set_up(void **state)
{
	struct made *made = calloc(1, sizeof(*made));

	assert_non_null(made);
	made->arena = arena_new();
	made->tree = tree_new(made->arena);
	made->budget =
		(struct budget){ .deadline_ms = clock_monotonic_ms() + 600000, .cancel_fd = -1 };
	made->host = (struct host){
		.arena = made->arena,
		.paths = { arena_printf(made->arena, "%s/root", made->tree),
		           arena_printf(made->arena, "%s/proc", made->tree),
		           arena_printf(made->arena, "%s/sys", made->tree) },
		.request = &made->request,
		.budget = &made->budget,
		.at = &made->at,
	};
	tree_folder(made->arena, made->tree, "root");
	tree_folder(made->arena, made->tree, "proc");
	*state = made;
	return 0;
}

static int tear_down(void **state)
{
	struct made *made = *state;

	tree_remove(made->tree);
	arena_free(made->arena);
	free(made);
	return 0;
}

static void lay(struct made *made, const char *path, const char *text)
{
	tree_file(made->arena, made->tree, path, text);
}

#define LAY_BYTES(made, path, literal) \
	tree_bytes((made)->arena, (made)->tree, path, literal, sizeof(literal) - 1)

static const struct rows *rows_of(const struct made *made, enum fact_id id)
{
	assert_int_equal(fact_of(&made->at, id)->state, FACT_KNOWN);
	return &((const struct fact_rows *)(const void *)fact_of(&made->at, id))->rows;
}

static const char *cell(const struct made *made, enum fact_id id, size_t row, const char *column)
{
	return rows_get(rows_of(made, id), row, column);
}

static void assert_gathered(const struct group_status *status)
{
	if (status->state != GROUP_GATHERED)
		fail_msg("%s", status->text ? status->text : "no reason");
}

static void assert_failed(const struct group_status *status, enum failure failure,
                          const char *words)
{
	assert_int_equal(status->state, GROUP_FAILED);
	assert_int_equal(status->failure, failure);
	if (!status->text || !strstr(status->text, words))
		fail_msg("%s", status->text ? status->text : "no reason");
}

/* --- processor ---------------------------------------------------------------------------------- */

#define STAT(user, idle)                                                              \
	"cpu  " user " 0 0 " idle " 0 0 0 0 7 7\ncpu0 1 2 3\ncpu1 1 2 3\ncpu10 1 2\n" \
	"cpu11 1 2\nintr 1\n"

static void measure(struct made *made, const char *before, const char *after, double elapsed_us,
                    const char *file, const char *used_before, const char *used_after)
{
	struct cpu_sample one, two;
	struct group_status *status = &made->at.groups[GROUP_host_cpu];

	lay(made, "proc/stat", before);
	if (file)
		lay(made, file, used_before);
	one = host_cpu_sample(&made->host);
	lay(made, "proc/stat", after);
	if (file)
		lay(made, file, used_after);
	two = host_cpu_sample(&made->host);
	/* As if so much time had passed. */
	if (file)
		two.whole = one.whole + two.cores * elapsed_us;
	host_cpu(&made->host, &one, &two, status);
}

static void assert_cpu(const struct made *made, const char *used, const char *total,
                       const char *basis)
{
	assert_gathered(&made->at.groups[GROUP_host_cpu]);
	assert_string_equal(cell(made, FACT_host_cpu, 0, "used"), used);
	assert_string_equal(cell(made, FACT_host_cpu, 0, "total"), total);
	assert_string_equal(cell(made, FACT_host_cpu, 0, "basis"),
	                    arena_printf(made->arena, "%s/%s", made->tree, basis));
}

static void measures_the_machine(void **state)
{
	struct made *made = *state;

	measure(made, STAT("100", "900"), STAT("130", "970"), 0, NULL, NULL, NULL);
	assert_cpu(made, "0.3000000", "4", "proc/stat");
}

static void measures_a_quota_of_version_2(void **state)
{
	struct made *made = *state;

	lay(made, "proc/self/cgroup", "0::/oms.slice/box\n");
	lay(made, "sys/fs/cgroup/oms.slice/cpu.max", "150000 100000\n");
	lay(made, "sys/fs/cgroup/oms.slice/box/cpu.max", "max 100000\n");
	measure(made, STAT("100", "900"), STAT("130", "970"), 1e6,
	        "sys/fs/cgroup/oms.slice/cpu.stat", "usage_usec 1000000\nuser_usec 7\n",
	        "usage_usec 2350000\nuser_usec 9\n");
	assert_cpu(made, "0.9000000", "1.5", "sys/fs/cgroup/oms.slice/cpu.max");
}

/* In a container the path of the group is the host's, and its folder is mounted at the top. */
static void measures_a_quota_of_version_1(void **state)
{
	struct made *made = *state;

	lay(made, "proc/self/cgroup",
	    "5:memory:/docker/12\n4:cpu,cpuacct:/docker/12\n1:name=systemd:/\n0::/\n");
	lay(made, "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "200000\n");
	lay(made, "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n");
	measure(made, STAT("100", "900"), STAT("130", "970"), 1e6,
	        "sys/fs/cgroup/cpu,cpuacct/cpuacct.usage", "1000000000\n", "1500000000\n");
	assert_cpu(made, "0.2500000", "2", "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us");
	/* No quota: that of the machine counts. */
	lay(made, "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "-1\n");
	measure(made, STAT("100", "900"), STAT("150", "950"), 0, NULL, NULL, NULL);
	assert_cpu(made, "0.5000000", "4", "proc/stat");
	/* More than there are is none, either. */
	lay(made, "sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "900000\n");
	measure(made, STAT("100", "900"), STAT("150", "950"), 0, NULL, NULL, NULL);
	assert_cpu(made, "0.5000000", "4", "proc/stat");
}

/* Below the root of another process, its groups count. */
static void asks_the_process_whose_root_it_is(void **state)
{
	struct made *made = *state;

	made->host.paths.root = "/proc/4711/root";
	assert_string_equal(host_process(&made->host),
	                    arena_printf(made->arena, "%s/proc/4711", made->tree));
	made->host.paths.root = "/proc/4711/root/a";
	assert_string_equal(host_process(&made->host),
	                    arena_printf(made->arena, "%s/proc/self", made->tree));
	made->host.paths.root = "";
	assert_string_equal(host_process(&made->host),
	                    arena_printf(made->arena, "%s/proc/self", made->tree));
}

static void says_why_there_is_no_cpu(void **state)
{
	struct made *made = *state;
	struct group_status *status = &made->at.groups[GROUP_host_cpu];
	struct cpu_sample sample = host_cpu_sample(&made->host);

	host_cpu(&made->host, &sample, &sample, status);
	assert_failed(status, FAILURE_OTHER, "proc/stat: No such file");
	lay(made, "proc/stat", "hello\n");
	sample = host_cpu_sample(&made->host);
	host_cpu(&made->host, &sample, &sample, status);
	assert_failed(status, FAILURE_OTHER, "no processor times");
	measure(made, STAT("1", "9"), STAT("1", "9"), 0, NULL, NULL, NULL);
	assert_failed(status, FAILURE_OTHER, "no processor time passed");
	assert_int_equal(made->at.host.cpu.is.state, FACT_MISSING);
}

static void stops_sampling(void **state)
{
	struct made *made = *state;
	struct group_status why = { 0 };
	int ends[2];

	made->budget.deadline_ms = clock_monotonic_ms() + 50;
	assert_false(host_cpu_wait(&made->host, clock_monotonic_ms(), &why));
	assert_int_equal(why.failure, FAILURE_TIMEOUT);
	made->budget.deadline_ms = clock_monotonic_ms() + 600000;
	assert_int_equal(pipe(ends), 0);
	assert_int_equal(write(ends[1], "", 1), 1);
	made->budget.cancel_fd = ends[0];
	assert_false(host_cpu_wait(&made->host, clock_monotonic_ms(), &why));
	assert_int_equal(why.failure, FAILURE_INTERRUPTED);
	made->budget.cancel_fd = -1;
	/* One that is long enough already. */
	assert_true(host_cpu_wait(&made->host, clock_monotonic_ms() - 5000, &why));
	close(ends[0]);
	close(ends[1]);
}

/* --- memory ------------------------------------------------------------------------------------- */

static void assert_memory(struct made *made, const char *used, const char *total, const char *basis)
{
	struct group_status status = { 0 };

	host_memory(&made->host, &status);
	assert_gathered(&status);
	assert_string_equal(cell(made, FACT_host_memory, 0, "used"), used);
	assert_string_equal(cell(made, FACT_host_memory, 0, "total"), total);
	assert_string_equal(cell(made, FACT_host_memory, 0, "basis"),
	                    arena_printf(made->arena, "%s/%s", made->tree, basis));
}

#define MEMINFO "MemTotal:       1000 kB\nMemFree:         100 kB\nMemAvailable:    250 kB\n"

static void measures_memory(void **state)
{
	struct made *made = *state;

	lay(made, "proc/meminfo", MEMINFO);
	assert_memory(made, "0.7500000", "1024000", "proc/meminfo");
	/* Before Linux 3.14. */
	lay(made, "proc/meminfo",
	    "MemTotal: 1000 kB\nMemFree: 100 kB\nBuffers: 50 kB\nCached: 150 kB\n");
	assert_memory(made, "0.7000000", "1024000", "proc/meminfo");
	lay(made, "proc/meminfo", MEMINFO);
	lay(made, "proc/self/cgroup", "0::/box\n");
	lay(made, "sys/fs/cgroup/box/memory.max", "max\n");
	lay(made, "sys/fs/cgroup/box/memory.current", "300000\n");
	lay(made, "sys/fs/cgroup/box/memory.stat", "anon 1\ninactive_file 50000\n");
	assert_memory(made, "0.7500000", "1024000", "proc/meminfo");
	lay(made, "sys/fs/cgroup/box/memory.max", "500000\n");
	assert_memory(made, "0.5000000", "500000", "sys/fs/cgroup/box/memory.max");
	/* A group above with a smaller limit. */
	lay(made, "sys/fs/cgroup/memory.max", "400000\n");
	lay(made, "sys/fs/cgroup/memory.current", "350000\n");
	assert_memory(made, "0.8750000", "400000", "sys/fs/cgroup/memory.max");
	lay(made, "proc/self/cgroup", "7:memory:/box\n0::/box\n");
	lay(made, "sys/fs/cgroup/memory/box/memory.limit_in_bytes", "9223372036854771712\n");
	lay(made, "sys/fs/cgroup/memory/box/memory.usage_in_bytes", "600000\n");
	assert_memory(made, "0.7500000", "1024000", "proc/meminfo");
	lay(made, "sys/fs/cgroup/memory/box/memory.limit_in_bytes", "800000\n");
	lay(made, "sys/fs/cgroup/memory/box/memory.stat",
	    "inactive_file 1\ntotal_inactive_file 200000\n");
	assert_memory(made, "0.5000000", "800000",
	              "sys/fs/cgroup/memory/box/memory.limit_in_bytes");
}

static void survives_bad_memory_files(void **state)
{
	static const char *const texts[] = { "",
		                             "MemTotal: 0 kB\nMemAvailable: 0 kB\n",
		                             "MemTotal: 10 kB\nMemAvailable: 11 kB\n",
		                             "MemTotal: x\nMemAvailable: 1\n",
		                             "MemTotal: 10 kB\n",
		                             "MemTotal: 99999999999999999999 kB\nMemFree: 1 kB\n" };
	struct made *made = *state;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct group_status status = { 0 };

		lay(made, "proc/meminfo", texts[i]);
		host_memory(&made->host, &status);
		assert_failed(&status, FAILURE_OTHER, "proc/meminfo");
	}
	/* Groups that make no sense change nothing. */
	lay(made, "proc/meminfo", MEMINFO);
	lay(made, "proc/self/cgroup", "\n::\n0::\n0::/../../x\n:memory\nmemory:\n0::/a/../../b");
	assert_memory(made, "0.7500000", "1024000", "proc/meminfo");
	lay(made, "sys/fs/cgroup/memory.max", "-5\n");
	lay(made, "sys/fs/cgroup/memory.current", "5\n");
	assert_memory(made, "0.7500000", "1024000", "proc/meminfo");
}

/* --- disks -------------------------------------------------------------------------------------- */

#define SUPERVISOR_JSON "root/home/ds/supervisor/config/supervisor.json"

static void measures_disks(void **state)
{
	struct made *made = *state;
	struct group_status status = { 0 };
	double used;

	host_disk(&made->host, &status);
	assert_failed(&status, FAILURE_OTHER, "/root/home/ds/store: No such file");
	assert_int_equal(made->at.host.disks.is.state, FACT_MISSING);
	tree_folder(made->arena, made->tree, "root/home/ds/store");
	tree_folder(made->arena, made->tree, "root/home/ds/run");
	host_disk(&made->host, &status);
	assert_gathered(&status);
	assert_int_equal(rows_of(made, FACT_host_disks)->count, 2);
	assert_string_equal(cell(made, FACT_host_disks, 0, "path"), "/home/ds/store");
	assert_string_equal(cell(made, FACT_host_disks, 1, "path"), "/home/ds/run");
	used = strtod(cell(made, FACT_host_disks, 0, "used"), NULL);
	assert_true(used > 0 && used <= 1);
	assert_true(strtod(cell(made, FACT_host_disks, 0, "total"), NULL) > 0);
	assert_non_null(strstr(cell(made, FACT_host_disks, 0, "basis"), "default"));
	lay(made, SUPERVISOR_JSON, " \n");
	host_disk(&made->host, &status);
	assert_int_equal(rows_of(made, FACT_host_disks)->count, 2);
	lay(made, SUPERVISOR_JSON, "{\"diskPaths\": \"/data;\", \"cmAddr\": 1}");
	tree_folder(made->arena, made->tree, "root/u01");
	tree_link(made->arena, made->tree, "root/data", "/u01");
	host_disk(&made->host, &status);
	assert_int_equal(rows_of(made, FACT_host_disks)->count, 1);
	assert_string_equal(cell(made, FACT_host_disks, 0, "path"), "/data");
	assert_non_null(strstr(cell(made, FACT_host_disks, 0, "basis"), "supervisor.json"));
}

static void refuses_bad_json_without_its_words(void **state)
{
	static const struct {
		const char *text, *words;
	} cases[] = {
		{ "{\n\"metricServerPassword\": " SECRET "}",
		  "supervisor.json:2: this is no JSON" },
		{ "[\"" SECRET "\"]", "diskPaths is no text" },
		{ "{\"diskPaths\": [\"" SECRET "\"]}", "diskPaths is no text" },
		{ "{\"diskPaths\": \"a\\u0000b\"}", "this is no JSON" },
		{ "\xff\xfe{", "this is no JSON" },
	};
	struct made *made = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct group_status status = { 0 };

		lay(made, SUPERVISOR_JSON, cases[i].text);
		host_disk(&made->host, &status);
		assert_failed(&status, FAILURE_OTHER, cases[i].words);
		assert_null(strstr(status.text, SECRET));
	}
}

/* --- network ------------------------------------------------------------------------------------ */

static void lists_listening_ports(void **state)
{
	static const char head[] = "  sl  local_address rem_address   st tx_queue rx_queue\n";
	struct made *made = *state;
	struct group_status status = { 0 };

	host_ports(&made->host, &status);
	assert_failed(&status, FAILURE_OTHER, "net/tcp: No such file");
	lay(made, "proc/self/net/tcp",
	    arena_printf(made->arena, "%s%s", head,
	                 "   0: 0100007F:1F98 00000000:0000 0A 0 0 0\n"
	                 "   1: 0100007F:1F99 0100007F:0001 01 0 0 0\n"
	                 "   2: 00000000:2328 00000000:0000 0A 0 0 0\n"
	                 "   3: zz\n   4:\n\n   5: 0100007F:\n   6: 01:1 0 0A\n"
	                 "   7: 0100007F:1FFFFF 00000000:0000 0A"));
	host_ports(&made->host, &status);
	assert_gathered(&status);
	assert_int_equal(rows_of(made, FACT_host_ports)->count, 2);
	assert_string_equal(cell(made, FACT_host_ports, 0, "port"), "8088");
	assert_string_equal(cell(made, FACT_host_ports, 0, "address"), "127.0.0.1");
	assert_string_equal(cell(made, FACT_host_ports, 1, "port"), "9000");
	assert_string_equal(cell(made, FACT_host_ports, 1, "address"), "0.0.0.0");
	lay(made, "proc/self/net/tcp6",
	    arena_printf(made->arena, "%s%s", head,
	                 "   0: 00000000000000000000000001000000:1F99 "
	                 "00000000000000000000000000000000:0000 0A 0\n"));
	host_ports(&made->host, &status);
	assert_int_equal(rows_of(made, FACT_host_ports)->count, 3);
	assert_string_equal(cell(made, FACT_host_ports, 2, "port"), "8089");
	assert_string_equal(cell(made, FACT_host_ports, 2, "address"), "::1");
}

static void lists_addresses(void **state)
{
	struct made *made = *state;
	struct group_status status = { 0 };
	bool has_loopback = false;

	host_addresses(&made->host, &status);
	assert_gathered(&status);
	for (size_t i = 0; i < rows_of(made, FACT_host_addresses)->count; i++) {
		const char *address = cell(made, FACT_host_addresses, i, "address");

		has_loopback |= str_equal(address, "127.0.0.1");
		assert_null(strchr(address, '%'));
	}
	assert_true(has_loopback);
}

/* --- processes ---------------------------------------------------------------------------------- */

static void lists_jvms(void **state)
{
	static const struct {
		const char *pid, *program, *heap;
	} expected[] = {
		{ "2", "oms-supervisor.jar", "1073741824" },
		{ "10", "com.example.Main", "536870912" },
		{ "11", "java", NULL },
		{ "12", "a.b/c.Main", "4096" },
		{ "13", "java", NULL },
		{ "14", "C", NULL },
		{ "18", "java", NULL },
	};
	struct made *made = *state;
	struct group_status status = { 0 };

	LAY_BYTES(made, "proc/10/cmdline",
	          "/opt/java/bin/java\0-Xmx8g\0-cp\0/a:" SECRET "\0-Xmx512M\0-Dp=" SECRET
	          "\0com.example.Main\0--password\0" SECRET "\0-Xmx9g\0");
	LAY_BYTES(
		made, "proc/2/cmdline",
		"java\0-XX:MaxHeapSize=1g\0-Dserver.port=9000\0-jar\0/home/ds/x/oms-supervisor.jar");
	LAY_BYTES(made, "proc/11/cmdline", "java\0-Xmxlots\0-version\0");
	LAY_BYTES(made, "proc/12/cmdline", "java\0-Xmx4k\0@args\0-m\0a.b/c.Main\0");
	LAY_BYTES(made, "proc/13/cmdline", "java\0-Xmx99999999999999g\0" SECRET "!\0");
	LAY_BYTES(made, "proc/14/cmdline", "java\0--add-modules\0x\0C\0");
	LAY_BYTES(made, "proc/18/cmdline", "java\0-jar\0");
	LAY_BYTES(made, "proc/15/cmdline", "javac\0-Xmx1g\0");
	LAY_BYTES(made, "proc/16/cmdline", "");
	LAY_BYTES(made, "proc/17/status", "no command line");
	LAY_BYTES(made, "proc/x18/cmdline", "java\0");
	LAY_BYTES(made, "proc/-19/cmdline", "java\0");
	host_jvms(&made->host, &status);
	assert_gathered(&status);
	assert_int_equal(rows_of(made, FACT_host_jvms)->count,
	                 sizeof(expected) / sizeof(expected[0]));
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		const char *heap = cell(made, FACT_host_jvms, i, "heap");

		assert_string_equal(cell(made, FACT_host_jvms, i, "pid"), expected[i].pid);
		assert_string_equal(cell(made, FACT_host_jvms, i, "program"), expected[i].program);
		if (expected[i].heap)
			assert_string_equal(heap, expected[i].heap);
		else
			assert_null(heap);
	}
}

static void says_that_there_is_no_proc(void **state)
{
	struct made *made = *state;
	struct group_status status = { 0 };

	made->host.paths.proc = "/nonexistent";
	host_jvms(&made->host, &status);
	assert_failed(&status, FAILURE_OTHER, "/nonexistent: No such file");
	assert_int_equal(made->at.host.jvms.is.state, FACT_MISSING);
}

static void reads_environments_of_oms_alone(void **state)
{
	static const struct {
		const char *pid, *program, *ip;
	} expected[] = {
		{ "1", "supervisord", "10.0.0.3" }, { "20", "oms_drc_supervisor", "10.0.0.3" },
		{ "21", "oms_drc_cm", NULL },       { "22", "oms_console", "" },
		{ "23", "component", "10.0.0.4" },  { "24", "oms_drc_cm", "10.0.0.3" },
	};
	struct made *made = *state;
	struct group_status status = { 0 };

#define ENVIRON(ip) "PASSWORD=" SECRET "\0NOT_OMS_HOST_IP=9\0OMS_HOST_IP=" ip "\0A=b\0"
	LAY_BYTES(made, "proc/1/cmdline", "/usr/bin/python\0/usr/bin/supervisord\0-c\0/etc/x\0");
	LAY_BYTES(made, "proc/1/environ", ENVIRON("10.0.0.3"));
	LAY_BYTES(made, "proc/20/cmdline", "java\0-jar\0/u01/ds/x/oms-supervisor.jar\0");
	LAY_BYTES(made, "proc/20/environ", ENVIRON("10.0.0.3"));
	LAY_BYTES(made, "proc/21/cmdline", "java\0-Dx=/home/ds/cm/package\0a.Main\0");
	LAY_BYTES(made, "proc/21/environ", "A=b\0XOMS_HOST_IP=1\0");
	LAY_BYTES(made, "proc/22/cmdline", "java\0-cp\0/home/ds/ghana/lib\0a.Main\0");
	LAY_BYTES(made, "proc/22/environ", ENVIRON(""));
	LAY_BYTES(made, "proc/23/cmdline", "java\0-Dx=/home/ds/run/10.0.0.3-9000\0a.Main\0");
	LAY_BYTES(made, "proc/23/environ", ENVIRON("10.0.0.4"));
	LAY_BYTES(made, "proc/24/cmdline", "bash\0/home/admin/conf/command/start_oms_cm.sh\0");
	LAY_BYTES(made, "proc/24/environ", ENVIRON("10.0.0.3"));
	/* Others, that only speak of OMS. */
	LAY_BYTES(made, "proc/30/cmdline", "tail\0-f\0/home/ds/cm/log\0");
	LAY_BYTES(made, "proc/30/environ", ENVIRON("10.0.0.9"));
	LAY_BYTES(made, "proc/31/cmdline", "nginx: master process /home/ds/ghana/x\0");
	LAY_BYTES(made, "proc/31/environ", "");
	LAY_BYTES(made, "proc/32/cmdline", "java\0-jar\0other.jar\0");
	LAY_BYTES(made, "proc/32/environ", ENVIRON("10.0.0.9"));
	/* Of another container. */
	LAY_BYTES(made, "proc/33/cmdline", "java\0-jar\0oms-supervisor.jar\0");
	LAY_BYTES(made, "proc/33/environ", ENVIRON("10.0.0.9"));
	tree_link(made->arena, made->tree, "proc/33/ns/pid", "pid:[2]");
	tree_link(made->arena, made->tree, "proc/20/ns/pid", "pid:[1]");
	tree_link(made->arena, made->tree, "proc/self/ns/pid", "pid:[1]");
	setenv("OMS_HOST_IP", "10.0.0.7", 1);
	made->host.paths.root = "";
	host_environment(&made->host, &status);
	assert_gathered(&status);
	assert_string_equal(made->at.host.own_host_ip.is.text, "10.0.0.7");
	assert_int_equal(rows_of(made, FACT_host_environments)->count,
	                 sizeof(expected) / sizeof(expected[0]));
	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		const char *ip = cell(made, FACT_host_environments, i, "host_ip");

		assert_string_equal(cell(made, FACT_host_environments, i, "pid"), expected[i].pid);
		assert_string_equal(cell(made, FACT_host_environments, i, "program"),
		                    expected[i].program);
		if (expected[i].ip)
			assert_string_equal(ip, expected[i].ip);
		else
			assert_null(ip);
	}
	unsetenv("OMS_HOST_IP");
	host_environment(&made->host, &status);
	assert_int_equal(made->at.host.own_host_ip.is.state, FACT_ABSENT);
}

/* A supervisord that runs nothing of OMS is somebody else's; and an OMS whose files stand in some
 * folder has the processes that were started from there. */
static void takes_no_stranger_for_oms(void **state)
{
	struct made *made = *state;
	struct group_status status = { 0 };
	const char *root = made->host.paths.root;
	struct str command = str_new(made->arena);

	LAY_BYTES(made, "proc/1/cmdline", "/usr/bin/supervisord\0");
	LAY_BYTES(made, "proc/1/environ", ENVIRON("10.0.0.3"));
	made->host.paths.root = "";
	host_environment(&made->host, &status);
	assert_gathered(&status);
	assert_int_equal(rows_of(made, FACT_host_environments)->count, 0);

	made->host.paths.root = root;
	str_addf(&command, "/usr/bin/supervisord -c %s/etc/x", root);
	for (char *at = command.text; *at; at++)
		if (*at == ' ')
			*at = '\0';
	tree_bytes(made->arena, made->tree, "proc/7/cmdline", command.text, command.length + 1);
	LAY_BYTES(made, "proc/7/environ", ENVIRON("10.0.0.4"));
	host_environment(&made->host, &status);
	assert_int_equal(rows_of(made, FACT_host_environments)->count, 1);
	assert_string_equal(cell(made, FACT_host_environments, 0, "pid"), "7");
}

static void says_that_environments_are_closed(void **state)
{
	struct made *made = *state;
	struct group_status status = { 0 };
	bool is_root = geteuid() == 0;

	made->host.paths.root = "";
	LAY_BYTES(made, "proc/20/cmdline", "java\0-jar\0oms-supervisor.jar\0");
	chmod(LAY_BYTES(made, "proc/20/environ", "A=b\0"), 0);
	/* Nothing is closed to root. */
	if (is_root) {
		assert_int_equal(chmod(made->tree, 0755), 0);
		assert_int_equal(seteuid(65534), 0);
	}
	host_environment(&made->host, &status);
	if (is_root)
		assert_int_equal(seteuid(0), 0);
	assert_failed(&status, FAILURE_PRIVILEGE, "proc/20/environ: Permission denied");
	assert_int_equal(made->at.host.environments.is.state, FACT_MISSING);
	assert_int_equal(made->at.host.own_host_ip.is.state, FACT_ABSENT);
}

/* --- logs --------------------------------------------------------------------------------------- */

#define CODE "CM-RESONF000003"
#define LINE                                                                                    \
	"2023-10-31 00:15:28.156 [ERROR] INNER_ERROR[" CODE "]: no enough host resource for a " \
	"CHECKER, reason [host: IP unavailable cause: current memory usage 0.8573829 exceed "   \
	"limited 0.85]"

static size_t find_code(const struct made *made, const char *file, const char *code)
{
	const struct rows *rows = rows_of(made, FACT_host_log_codes);

	for (size_t i = 0; i < rows->count; i++)
		if (strstr(rows_get(rows, i, "file"), file) &&
		    str_equal(rows_get(rows, i, "code"), code))
			return i;
	return SIZE_MAX;
}

static const char *why_of(const struct made *made, const char *file)
{
	const struct rows *rows = rows_of(made, FACT_host_logs);

	for (size_t i = 0; i < rows->count; i++)
		if (strstr(rows_get(rows, i, "file"), file))
			return rows_get(rows, i, "why");
	fail_msg("%s is not among the logs", file);
	return NULL;
}

static void finds_codes_in_logs(void **state)
{
	struct made *made = *state;
	struct group_status status = { 0 };
	size_t row;

	lay(made, "root/home/admin/logs/ghana/Ghana/common-error.log",
	    "first " CODE "\nERROR 1146 (42S02): Table 'a.b' doesn't exist\nnothing\n" LINE
	    " password=" SECRET "\r\nCM-RESONF00003\n");
	lay(made, "root/home/admin/logs/cm/log/service.log",
	    "[INFO] " CODE "\n[ERROR] CM-RESONF000001\n");
	LAY_BYTES(made, "root/home/ds/run/a/logs/error.log", "\0\0\0\0" CODE "\n");
	lay(made, "root/home/ds/run/a/error.details",
	    "{\"message\":\"CM-RESONF000001\",\"password\":\"" SECRET "\"}");
	lay(made, "root/home/ds/store/store7100/log/congo.log", "[ERROR] " CODE);
	lay(made, "root/home/ds/store/other/log/congo.log", "[ERROR] " CODE);
	host_logs(&made->host, &status);
	assert_gathered(&status);
	row = find_code(made, "common-error.log", "oms:" CODE);
	assert_int_not_equal(row, SIZE_MAX);
	assert_string_equal(cell(made, FACT_host_log_codes, row, "count"), "2");
	assert_true(str_starts(cell(made, FACT_host_log_codes, row, "line"), LINE " password=***"));
	assert_int_equal(rows_of(made, FACT_host_log_codes)->count, 5);
	assert_int_equal(find_code(made, "service.log", "oms:" CODE), SIZE_MAX);
	assert_int_not_equal(find_code(made, "service.log", "oms:CM-RESONF000001"), SIZE_MAX);
	assert_int_not_equal(find_code(made, "a/logs/error.log", "oms:" CODE), SIZE_MAX);
	row = find_code(made, "a/error.details", "oms:CM-RESONF000001");
	assert_int_not_equal(row, SIZE_MAX);
	assert_null(strstr(cell(made, FACT_host_log_codes, row, "line"), SECRET));
	assert_int_not_equal(find_code(made, "store7100/log/congo.log", "oms:" CODE), SIZE_MAX);
	assert_null(why_of(made, "service.log"));
	assert_non_null(strstr(why_of(made, "supervisor/error.log"), "No such file"));
	assert_string_equal(cell(made, FACT_host_logs, 0, "lines"), "5");
}

/* A log that is too much to read is read from its end. */
static void reads_the_end_of_logs(void **state)
{
	static const char path[] = "root/home/admin/logs/supervisor/error.log";
	struct made *made = *state;
	struct group_status status = { 0 };
	struct str text = str_new(made->arena);
	const char *line;

	str_add(&text, "CM-RESONF000001\n");
	while (text.length < 100000)
		str_add(&text, "\xe4\xb8\xad\n");
	str_add(&text, CODE "\n");
	lay(made, path, text.text);
	host_logs(&made->host, &status);
	assert_gathered(&status);
	assert_int_equal(rows_of(made, FACT_host_log_codes)->count, 1);
	assert_string_equal(cell(made, FACT_host_log_codes, 0, "code"), "oms:" CODE);
	for (size_t i = 0; i < rows_of(made, FACT_host_logs)->count; i++)
		if (strstr(cell(made, FACT_host_logs, i, "file"), "supervisor/error.log"))
			assert_string_equal(cell(made, FACT_host_logs, i, "lines"), "400");
	/* One line that is longer than all that is read. */
	text = str_new(made->arena);
	while (text.length < 100000)
		str_add(&text, "\xe4\xb8\xad");
	str_add(&text, " " CODE " ");
	while (text.length < 110000)
		str_add(&text, "\xe4\xb8\xad");
	lay(made, path, text.text);
	host_logs(&made->host, &status);
	assert_gathered(&status);
	line = cell(made, FACT_host_log_codes, 0, "line");
	assert_non_null(strstr(line, CODE));
	assert_true(strlen(line) <= 300 && strlen(line) > 290);
	assert_string_equal(line + strlen(line) - 3, "\xe4\xb8\xad");
	assert_true(str_starts(line, "\xe4\xb8\xad"));
}

static void waits_for_no_log(void **state)
{
	struct made *made = *state;
	struct group_status status = { 0 };

	host_logs(&made->host, &status);
	assert_failed(&status, FAILURE_OTHER, "no log of OMS could be read");
	assert_int_equal(made->at.host.log_codes.is.state, FACT_MISSING);
	lay(made, "secret", "[ERROR] " CODE "\n");
	tree_folder(made->arena, made->tree, "root/home/admin/logs/supervisor");
	assert_int_equal(
		mkfifo(arena_printf(made->arena, "%s/root/home/admin/logs/supervisor/error.log",
	                            made->tree),
	               0600),
		0);
	tree_link(made->arena, made->tree, "root/home/admin/logs/cm/log/service.log",
	          arena_printf(made->arena, "%s/secret", made->tree));
	tree_folder(made->arena, made->tree, "root/home/admin/logs/ghana/Ghana/common-error.log");
	tree_folder(made->arena, made->tree, "root/home/ds/run/a/logs/error.log");
	lay(made, "root/home/ds/run/b/error.details", "");
	host_logs(&made->host, &status);
	assert_gathered(&status);
	assert_int_equal(rows_of(made, FACT_host_log_codes)->count, 0);
	assert_non_null(strstr(why_of(made, "supervisor/error.log"), "neither a file"));
	assert_non_null(strstr(why_of(made, "service.log"), "No such file"));
	assert_non_null(strstr(why_of(made, "common-error.log"), "Is a directory"));
	assert_non_null(strstr(why_of(made, "a/logs/error.log"), "Is a directory"));
	made->budget.deadline_ms = 0;
	host_logs(&made->host, &status);
	assert_failed(&status, FAILURE_TIMEOUT, "time of the run is over");
}

static void looks_at_the_newest_components(void **state)
{
	struct made *made = *state;
	struct group_status status = { 0 };

	for (int i = 0; i < 60; i++) {
		const char *path = arena_printf(made->arena, "root/home/ds/run/c%02d", i);
		struct timespec times[2] = { { .tv_sec = 1000 + i }, { .tv_sec = 1000 + i } };

		lay(made, arena_printf(made->arena, "%s/error.details", path), CODE "\n");
		assert_int_equal(
			utimensat(-1, tree_folder(made->arena, made->tree, path), times, 0), 0);
	}
	host_logs(&made->host, &status);
	assert_gathered(&status);
	assert_int_equal(rows_of(made, FACT_host_log_codes)->count, 50);
	assert_int_not_equal(find_code(made, "/c59/", "oms:" CODE), SIZE_MAX);
	assert_int_not_equal(find_code(made, "/c10/", "oms:" CODE), SIZE_MAX);
	assert_int_equal(find_code(made, "/c09/", "oms:" CODE), SIZE_MAX);
}

/* --- all of it ---------------------------------------------------------------------------------- */

static void want(struct made *made, enum fact_id id)
{
	made->request.wanted[ENDPOINT_HOST][id] = true;
}

static void gathers_what_is_wanted(void **state)
{
	struct made *made = *state;

	want(made, FACT_host_thresholds);
	want(made, FACT_host_tcp_tw_recycle);
	want(made, FACT_host_host_zone_seconds);
	want(made, FACT_host_config);
	lay(made, "root/home/ds/cm/package/config/drc-cm.properties",
	    "# limits\ndrcCfg.memUsedPercentThresHold=0.5\njdbc.password=" SECRET
	    "\ndrcCfg.cmLocation : 100\ndrcCfg.dbPassword=" SECRET
	    "\ndrcCfg.memUsedPercentThresHold = 0.85\n");
	setenv("TZ", "UTC-8", 1);
	tzset();
	host_gather(&made->host);
	unsetenv("TZ");
	tzset();
	assert_gathered(&made->at.groups[GROUP_any_connect]);
	assert_gathered(&made->at.groups[GROUP_host_thresholds]);
	assert_int_equal(rows_of(made, FACT_host_thresholds)->count, 3);
	assert_string_equal(cell(made, FACT_host_thresholds, 0, "key"), "drcCfg.cmLocation");
	assert_string_equal(cell(made, FACT_host_thresholds, 0, "value"), "100");
	assert_string_equal(cell(made, FACT_host_thresholds, 0, "line"), "4");
	assert_string_equal(cell(made, FACT_host_thresholds, 1, "value"), "set");
	assert_string_equal(cell(made, FACT_host_thresholds, 2, "value"), "0.85");
	assert_int_equal(made->at.host.host_zone_seconds.value, 8 * 3600);
	assert_int_equal(made->at.host.tcp_tw_recycle.is.state, FACT_ABSENT);
	assert_failed(&made->at.groups[GROUP_host_config], FAILURE_OTHER, "names no config.yaml");
	assert_int_equal(made->at.groups[GROUP_host_cpu].state, GROUP_NOT_ASKED);
	assert_int_equal(made->at.groups[GROUP_host_logs].state, GROUP_NOT_ASKED);
	assert_int_equal(made->at.groups[GROUP_host_addresses].state, GROUP_NOT_ASKED);
}

static void takes_other_paths(void **state)
{
	struct made *made = *state;

	want(made, FACT_host_thresholds);
	want(made, FACT_host_tcp_tw_recycle);
	want(made, FACT_host_config);
	lay(made, "root/etc/cm.properties", "drcCfg.a=1");
	lay(made, "proc/sys/net/ipv4/tcp_tw_recycle", "1\n");
	made->request.oms.cm_properties = "/etc/cm.properties";
	made->request.oms.config = oms_config_read(
		made->arena, tree_file(made->arena, made->tree, "config.yaml", "cm_url: x\n"));
	host_gather(&made->host);
	assert_string_equal(cell(made, FACT_host_thresholds, 0, "key"), "drcCfg.a");
	assert_int_equal(made->at.host.tcp_tw_recycle.value, 1);
	assert_string_equal(cell(made, FACT_host_config, 0, "value"), "x");
	made->request.oms.cm_properties = "/etc/nothing";
	host_gather(&made->host);
	assert_failed(&made->at.groups[GROUP_host_thresholds], FAILURE_OTHER,
	              "/root/etc/nothing: ");
}

static void ends_with_the_time(void **state)
{
	struct made *made = *state;

	for (int i = 0; i < FACT_COUNT; i++)
		want(made, (enum fact_id)i);
	lay(made, "proc/stat", STAT("1", "2"));
	made->budget.deadline_ms = clock_monotonic_ms() - 1;
	host_gather(&made->host);
	for (int i = 0; i < GROUP_COUNT; i++)
		if (group_infos[i].owner == OWNER_host)
			assert_int_equal(made->at.groups[i].failure, FAILURE_TIMEOUT);
}

/* This machine itself: whatever it is, each group says what it is or why not. */
static void gathers_this_machine(void **state)
{
	struct made *made = *state;

	for (int i = 0; i < FACT_COUNT; i++)
		want(made, (enum fact_id)i);
	host_facts(made->arena, &made->request, &made->budget, &made->at);
	for (int i = 0; i < GROUP_COUNT; i++) {
		const struct group_status *status = &made->at.groups[i];

		if (group_infos[i].owner == OWNER_host)
			assert_true(status->state == GROUP_GATHERED ||
			            (status->state == GROUP_FAILED && status->text));
	}
	assert_gathered(&made->at.groups[GROUP_host_cpu]);
	assert_gathered(&made->at.groups[GROUP_host_memory]);
	assert_gathered(&made->at.groups[GROUP_host_ports]);
}

#define MADE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		MADE(measures_the_machine),
		MADE(measures_a_quota_of_version_2),
		MADE(measures_a_quota_of_version_1),
		MADE(asks_the_process_whose_root_it_is),
		MADE(says_why_there_is_no_cpu),
		MADE(stops_sampling),
		MADE(measures_memory),
		MADE(survives_bad_memory_files),
		MADE(measures_disks),
		MADE(refuses_bad_json_without_its_words),
		MADE(lists_listening_ports),
		MADE(lists_addresses),
		MADE(lists_jvms),
		MADE(says_that_there_is_no_proc),
		MADE(reads_environments_of_oms_alone),
		MADE(takes_no_stranger_for_oms),
		MADE(says_that_environments_are_closed),
		MADE(finds_codes_in_logs),
		MADE(reads_the_end_of_logs),
		MADE(waits_for_no_log),
		MADE(looks_at_the_newest_components),
		MADE(gathers_what_is_wanted),
		MADE(takes_other_paths),
		MADE(ends_with_the_time),
		MADE(gathers_this_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
