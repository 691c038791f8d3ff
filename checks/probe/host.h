#ifndef CHECKS_PROBE_HOST_H
#define CHECKS_PROBE_HOST_H

#include "checks/probe/files.h"
#include "checks/probe/oms_facts.h"
#include "checks/probe/rows.h"

#include <sys/types.h>

/*
 * The parts of host_facts.c, which alone calls them, and their tests: nobody else includes this. Each
 * gathers one group of the host's facts and says in its status why not.
 */

/* Where things are. Tests bring trees of their own. */
struct host_paths {
	const char *root; /* stands before the paths of OMS's files: "" or "/proc/4711/root" */
	const char *proc; /* "/proc" */
	const char *sys;  /* "/sys" */
};

struct host {
	struct arena *arena;
	struct host_paths paths;
	const struct gather_request *request;
	const struct budget *budget;
	struct endpoint_facts *at;
};

/* As host_facts(), with other paths. */
void host_gather(struct host *host);

/* Whether there is time left and the user has not stopped the run; *ret_why says which not. */
bool host_may_go_on(const struct host *host, struct group_status *ret_why);

/* The folder of proc of a process of OMS: of the one whose root OMS's files are read below, so that
 * a container is seen as from within, else of this process. */
const char *host_process(const struct host *host);

/* Whether the root is that of a process, "/proc/4711/root". */
bool host_is_process_root(const struct host *host);

/* Reads a small file of proc or sys whole. */
bool host_read(const struct host *host, const char *path, struct file_text *ret,
               struct group_status *ret_why);

void host_memory(struct host *host, struct group_status *ret);
void host_disk(struct host *host, struct group_status *ret);
void host_addresses(struct host *host, struct group_status *ret);
void host_ports(struct host *host, struct group_status *ret);
void host_environment(struct host *host, struct group_status *ret);
void host_jvms(struct host *host, struct group_status *ret);
void host_logs(struct host *host, struct group_status *ret);

/* The processor is asked twice, with the other groups between: what was used is the difference. */
struct cpu_sample {
	bool is_taken;
	struct group_status why; /* where it is not */
	const char *basis;       /* the file that says it */
	double cores;            /* that there are, or that the quota allows */
	/* Time used, and time that could have been used, both since whenever and in one unit. */
	double used, whole;
};

struct cpu_sample host_cpu_sample(const struct host *host);

/* Waits until the sample is long enough; false where the run ends before. */
bool host_cpu_wait(const struct host *host, int64_t since_ms, struct group_status *ret_why);

void host_cpu(struct host *host, const struct cpu_sample *before, const struct cpu_sample *after,
              struct group_status *ret);

/* --- control groups, in host_cgroup.c --------------------------------------------------------- */

/* A folder of a controller from which limits are read: that of OMS's own process, or above it. */
struct cgroup {
	const char *path, *top;
	bool is_v2;
};

/* The group of a controller ("cpu", "memory"); false where there is none. */
bool host_cgroup(const struct host *host, const char *controller, struct cgroup *ret);

/* Moves to the group above it; false at the top. */
bool host_cgroup_up(const struct host *host, struct cgroup *group);

/* The text of one of its files; NULL where it cannot be read. */
const char *host_cgroup_text(const struct host *host, const struct cgroup *group, const char *file);

/* Reads the number that begins a text, or in a table the one behind a word at the start of a line. */
bool host_number(const char *text, const char *word, uint64_t *ret);

/* --- processes, in host_processes.c ------------------------------------------------------------ */

/* What a command line says; it may hold passwords, and is not kept itself. */
struct process {
	pid_t pid;
	const char *const *words;
	size_t count;
};

/* Of a Java process: what it runs, and its largest heap in bytes or 0. False where it is none. */
bool process_java(struct arena *arena, const struct process *process, const char **ret_program,
                  uint64_t *ret_heap);

/* The program of supervisord that a process of OMS is ("oms_drc_cm"), "supervisord" itself, or what
 * runs for a project ("component", "store"). NULL where it is none of OMS, or does not show. */
const char *process_program(const struct process *process);

#endif
