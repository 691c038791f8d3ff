#include "checks/probe/host.h"

#include "catalog/base/arena.h"
#include "catalog/base/cleanup.h"
#include "catalog/base/str.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define COMMAND_CAP ((size_t)4 * 1024 * 1024)
/* A name that is longer is none that anybody gave a program. */
#define LONGEST_NAME 200
#define MOST_PROCESSES 65536

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), size = strlen(end);

	return length >= size && str_equal(text + length - size, end);
}

/* --- what a command line says ------------------------------------------------------------------- */

/* Options of java that take the word after them. */
static const char *const java_pairs[] = {
	"-cp",
	"-classpath",
	"--class-path",
	"-p",
	"--module-path",
	"--upgrade-module-path",
	"--add-modules",
	"--add-reads",
	"--add-exports",
	"--add-opens",
	"--limit-modules",
	"--patch-module",
	"--enable-native-access",
	"--source",
	NULL,
};

/* Whether a word can be the main class, or a module with it. What is written otherwise may be anything,
 * and is not kept. */
static bool is_class(const char *word)
{
	static const char characters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$./";

	return *word && strlen(word) <= LONGEST_NAME && strspn(word, characters) == strlen(word) &&
	       !(*word >= '0' && *word <= '9');
}

static bool takes_next(const char *word)
{
	for (size_t i = 0; java_pairs[i]; i++)
		if (str_equal(word, java_pairs[i]))
			return true;
	return false;
}

/* "8g", "512M", bytes without a letter; 0 where it is no size. */
static uint64_t read_size(const char *text)
{
	static const char letters[] = "kmgt";
	uint64_t size;
	const char *letter;
	unsigned shift = 0;
	size_t digits = strspn(text, "0123456789");

	if (!host_number(text, NULL, &size) || *text < '0' || *text > '9')
		return 0;
	text += digits;
	if (*text) {
		letter = strchr(letters, *text | 0x20);
		if (!letter || text[1])
			return 0;
		shift = 10 * (unsigned)(letter - letters + 1);
	}
	return size > (uint64_t)INT64_MAX >> shift ? 0 : size << shift;
}

/* Of several the last one counts, as java does. */
static void read_heap(const char *word, uint64_t *ret)
{
	static const char *const options[] = { "-Xmx", "-XX:MaxHeapSize=" };

	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (str_starts(word, options[i]))
			*ret = read_size(word + strlen(options[i]));
}

bool process_java(struct arena *arena, const struct process *process, const char **ret_program,
                  uint64_t *ret_heap)
{
	const char *const *word = process->words, *const *end = word + process->count;

	*ret_program = "java";
	*ret_heap = 0;
	if (!process->count || !str_equal(base_name(*word), "java"))
		return false;
	for (word++; word < end; word++) {
		bool is_jar = str_equal(*word, "-jar");
		bool is_module = str_equal(*word, "-m") || str_equal(*word, "--module");
		const char *program = *word;

		read_heap(*word, ret_heap);
		word += is_jar || is_module || takes_next(*word);
		if (!is_jar && !is_module && (*program == '-' || *program == '@'))
			continue;
		if (word >= end)
			break;
		program = is_jar ? base_name(*word) : *word;
		if (is_jar ? strlen(program) <= LONGEST_NAME : is_class(program))
			*ret_program = arena_strdup(arena, program);
		break;
	}
	return true;
}

#define SUPERVISORD "supervisord"

/* How the processes of OMS are known: by the paths that its documentation prints (/home/ds is /u01/ds,
 * too). nginx is known by its start script alone: the server itself writes its title over its
 * environment, which then seems to lack everything. */
static const struct mark {
	const char *program;
	enum {
		MARK_JAVA,
		MARK_SCRIPT
	} where; /* in a word of java, or at the end of a first word */
	const char *text;
} marks[] = {
	{ "oms_drc_supervisor", MARK_JAVA, "oms-supervisor.jar" },
	{ "component", MARK_JAVA, "/ds/run/" },
	{ "store", MARK_JAVA, "/ds/store/" },
	{ "oms_drc_cm", MARK_JAVA, "/ds/cm/" },
	{ "oms_console", MARK_JAVA, "/ds/ghana/" },
	{ "oms_drc_supervisor", MARK_JAVA, "/ds/supervisor/" },
	{ SUPERVISORD, MARK_SCRIPT, "/supervisord" },
	{ "oms_console", MARK_SCRIPT, "/start_oms_console.sh" },
	{ "oms_drc_cm", MARK_SCRIPT, "/start_oms_cm.sh" },
	{ "oms_drc_supervisor", MARK_SCRIPT, "/ds/supervisor/service.sh" },
	{ "nginx", MARK_SCRIPT, "/start_nginx.sh" },
};

static bool is_marked(const struct process *process, const struct mark *mark)
{
	bool is_java = str_equal(base_name(process->words[0]), "java");

	if (mark->where == MARK_JAVA) {
		for (size_t i = 1; is_java && i < process->count; i++)
			if (strstr(process->words[i], mark->text))
				return true;
		return false;
	}
	/* The script itself, or what its interpreter was given first. */
	return ends_with(process->words[0], mark->text) ||
	       (process->count > 1 && ends_with(process->words[1], mark->text));
}

const char *process_program(const struct process *process)
{
	for (size_t i = 0; process->count && i < sizeof(marks) / sizeof(marks[0]); i++)
		if (is_marked(process, &marks[i]))
			return marks[i].program;
	return NULL;
}

/* --- all processes ------------------------------------------------------------------------------ */

/* The name space of a process's number; empty where the kernel does not tell us. */
static const char *name_space(struct arena *arena, const char *folder)
{
	char target[64];
	ssize_t length = readlink(arena_printf(arena, "%s/ns/pid", folder), target, sizeof(target));

	return length > 0 ? arena_strndup(arena, target, (size_t)length) : "";
}

/* Words of a command line or an environment: each ends with a NUL. */
static const char *const *split(struct arena *arena, const struct file_text *file,
                                size_t *ret_count)
{
	size_t count = 0;
	const char **words;

	for (size_t at = 0; at < file->length; at += strlen(file->text + at) + 1)
		count++;
	words = arena_array(arena, count + 1, sizeof(*words));
	*ret_count = count;
	for (size_t at = 0, i = 0; at < file->length; at += strlen(file->text + at) + 1)
		words[i++] = file->text + at;
	return words;
}

static int compare_pids(const void *a, const void *b)
{
	pid_t one = *(const pid_t *)a, two = *(const pid_t *)b;

	return one < two ? -1 : one > two;
}

/* The numbers of all processes in order. Returns errno's number. */
static int list_processes(const struct host *host, pid_t **ret, size_t *ret_count)
{
	DIR *folder = opendir(host->paths.proc);
	const struct dirent *entry;
	size_t count = 0;
	pid_t *pids;

	if (!folder)
		return errno;
	pids = arena_array(host->arena, MOST_PROCESSES, sizeof(*pids));
	while (count < MOST_PROCESSES && (entry = readdir(folder))) {
		long long pid;

		if (entry->d_name[0] != '-' && str_to_int(entry->d_name, &pid) && pid > 0 &&
		    pid <= INT_MAX)
			pids[count++] = (pid_t)pid;
	}
	closedir(folder);
	qsort(pids, count, sizeof(*pids), compare_pids);
	*ret = pids;
	*ret_count = count;
	return 0;
}

/* What is wanted of each process; `folder` is its own of proc. */
typedef void process_visit(struct host *host, struct arena *scratch, const struct process *process,
                           const char *folder, void *data);

/* A process that ends meanwhile, or whose command line is kept from us, is none. What was read is
 * freed at once. */
static void visit_one(struct host *host, const char *own_space, pid_t pid, process_visit *visit,
                      void *data)
{
	struct arena *scratch = arena_new();
	const char *folder = arena_printf(scratch, "%s/%d", host->paths.proc, pid);
	const char *space = name_space(scratch, folder);
	struct process process = { .pid = pid };
	struct group_status why;
	struct file_text file;

	if ((!*own_space || !*space || str_equal(own_space, space)) &&
	    files_read(scratch, "", arena_printf(scratch, "%s/cmdline", folder), COMMAND_CAP, &file,
	               &why)) {
		process.words = split(scratch, &file, &process.count);
		if (process.count)
			visit(host, scratch, &process, folder, data);
	}
	arena_free(scratch);
}

/* Looks at the processes that share our name space, or that of the process below whose root we read:
 * others belong to other containers. */
static bool visit_processes(struct host *host, process_visit *visit, void *data,
                            struct group_status *ret_why)
{
	const char *own_space = name_space(host->arena, host_process(host));
	pid_t *pids = NULL;
	size_t count = 0;
	int error = list_processes(host, &pids, &count);

	if (error) {
		*ret_why = files_failure(host->arena, "", host->paths.proc, error);
		return false;
	}
	for (size_t i = 0; i < count; i++) {
		if (!host_may_go_on(host, ret_why))
			return false;
		visit_one(host, own_space, pids[i], visit, data);
	}
	return true;
}

/* --- Java processes ----------------------------------------------------------------------------- */

static void visit_java(struct host *host, struct arena *scratch, const struct process *process,
                       const char *folder, void *data)
{
	const char *program;
	uint64_t heap;

	(void)scratch;
	(void)folder;
	if (!process_java(host->arena, process, &program, &heap))
		return;
	row_list_add(data, ROW(arena_printf(host->arena, "%d", process->pid), program,
	                       heap ? arena_printf(host->arena, "%llu", (unsigned long long)heap)
	                            : NULL));
}

void host_jvms(struct host *host, struct group_status *ret)
{
	static const char *const names[] = { "pid", "program", "heap", NULL };
	struct row_list list = row_list_new(host->arena, names);

	if (!visit_processes(host, visit_java, &list, ret))
		return;
	fact_set_rows(host->at, FACT_host_jvms, row_list_rows(&list));
	*ret = files_gathered(arena_printf(host->arena, "%s/PID/cmdline", host->paths.proc));
}

/* --- environments ------------------------------------------------------------------------------- */

#define HOST_IP "OMS_HOST_IP"

struct environments {
	struct row_list list;
	struct group_status denied; /* the first that could not be read */
};

/* Of an environment nothing but this one variable is looked at. */
static const char *host_ip(struct arena *arena, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (str_starts(words[i], HOST_IP "="))
			return arena_strndup(arena, words[i] + strlen(HOST_IP "="),
			                     strnlen(words[i] + strlen(HOST_IP "="), LONGEST_NAME));
	return NULL;
}

/* Whose OMS a process is. In a container, or below its root, that is settled by the name space. Where
 * OMS's files are read below some other folder, only what was started from there belongs to them: the
 * machine may have an OMS of its own. */
static bool is_started_below(const struct host *host, const struct process *process)
{
	const char *root = host->paths.root;
	size_t length = strlen(root);

	if (!length || host_is_process_root(host))
		return true;
	for (size_t i = 0; i < process->count; i++)
		if (str_starts(process->words[i], root) && process->words[i][length] == '/')
			return true;
	return false;
}

/* Any machine may have a supervisord of its own: it is taken for that of OMS only where programs of OMS
 * run, too, or where it was started from below the folder of OMS's files. */
static struct rows without_strangers(const struct host *host, const struct row_list *list)
{
	struct rows rows = row_list_rows(list);

	if (*host->paths.root && !host_is_process_root(host))
		return rows;
	for (size_t i = 0; i < rows.count; i++)
		if (!str_equal(rows_get(&rows, i, "program"), SUPERVISORD))
			return rows;
	rows.count = rows.total = 0;
	return rows;
}

static void visit_environment(struct host *host, struct arena *scratch,
                              const struct process *process, const char *folder, void *data)
{
	struct environments *environments = data;
	const char *program = process_program(process), *path;
	const char *const *words;
	struct group_status why;
	struct file_text file;
	size_t count;

	if (!program || !is_started_below(host, process))
		return;
	path = arena_printf(scratch, "%s/environ", folder);
	if (!files_read(scratch, "", path, COMMAND_CAP, &file, &why)) {
		if (why.failure == FAILURE_PRIVILEGE && !environments->denied.state)
			environments->denied = files_failure(host->arena, "", path, (int)why.error);
		return;
	}
	words = split(scratch, &file, &count);
	row_list_add(&environments->list, ROW(arena_printf(host->arena, "%d", process->pid),
	                                      program, host_ip(host->arena, words, count)));
}

/* Those of other users can be read by root alone. Where none could be, which says nothing about
 * OMS_HOST_IP, the group fails; our own environment is known all the same. */
void host_environment(struct host *host, struct group_status *ret)
{
	static const char *const names[] = { "pid", "program", "host_ip", NULL };
	struct environments environments = { .list = row_list_new(host->arena, names) };
	const char *own = getenv(HOST_IP);

	if (own)
		fact_set(host->at, FACT_host_own_host_ip, HOST_IP, arena_strdup(host->arena, own));
	else
		fact_set_absent(host->at, FACT_host_own_host_ip);
	if (!visit_processes(host, visit_environment, &environments, ret))
		return;
	if (!environments.list.count && environments.denied.state == GROUP_FAILED) {
		*ret = environments.denied;
		return;
	}
	fact_set_rows(host->at, FACT_host_environments,
	              without_strangers(host, &environments.list));
	*ret = files_gathered(arena_printf(host->arena, "%s/PID/environ", host->paths.proc));
}
