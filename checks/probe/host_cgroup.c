#include "checks/probe/host.h"

#include "catalog/base/arena.h"
#include "catalog/base/cleanup.h"
#include "catalog/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

/* Whether a list of words with commas between them has one. */
static bool list_has(const char *list, size_t length, const char *word)
{
	size_t size = strlen(word);

	while (length >= size) {
		const char *comma = memchr(list, ',', length);
		size_t item = comma ? (size_t)(comma - list) : length;

		if (item == size && memcmp(list, word, size) == 0)
			return true;
		if (!comma)
			break;
		length -= item + 1;
		list = comma + 1;
	}
	return false;
}

static bool is_folder(const char *path)
{
	cleanup(cleanup_fd) int fd = files_open("", path, O_DIRECTORY | O_PATH);

	return fd >= 0;
}

/* In a container without a namespace of its own for groups, the path is that of the host, and the
 * folder mounted inside is already the container's. */
static bool find_folder(struct arena *arena, const char *top, const char *path, size_t length,
                        struct cgroup *ret)
{
	char *inside = arena_strndup(arena, path, length);

	if (!is_folder(top))
		return false;
	ret->top = ret->path = top;
	if (length > 1 && !strstr(inside, "/..")) {
		const char *folder = arena_printf(arena, "%s%s", top, inside);

		if (is_folder(folder))
			ret->path = folder;
	}
	return true;
}

/* A line of /proc/PID/cgroup: "4:cpu,cpuacct:/docker/1234", or "0::/system.slice" of version 2. */
static bool read_line(const struct host *host, const char *line, size_t length,
                      const char *controller, struct cgroup *ret)
{
	const char *list = memchr(line, ':', length), *path;
	const char *sys = host->paths.sys;
	size_t rest;

	if (!list)
		return false;
	list++;
	path = memchr(list, ':', length - (size_t)(list - line));
	if (!path)
		return false;
	path++;
	rest = length - (size_t)(path - line);
	ret->is_v2 = path - 1 == list;
	if (ret->is_v2)
		return find_folder(host->arena, arena_printf(host->arena, "%s/fs/cgroup", sys),
		                   path, rest, ret);
	if (!list_has(list, (size_t)(path - 1 - list), controller))
		return false;
	return find_folder(host->arena,
	                   arena_printf(host->arena, "%s/fs/cgroup/%s", sys, controller), path,
	                   rest, ret) ||
	       find_folder(host->arena,
	                   arena_printf(host->arena, "%s/fs/cgroup/%.*s", sys,
	                                (int)(path - 1 - list), list),
	                   path, rest, ret);
}

bool host_cgroup(const struct host *host, const char *controller, struct cgroup *ret)
{
	struct cgroup v2 = { 0 }, found;
	struct group_status why;
	struct file_text file;
	const char *path = arena_printf(host->arena, "%s/cgroup", host_process(host));

	if (!host_read(host, path, &file, &why))
		return false;
	/* Where version 1 has the controller, version 2 is there for naming processes alone. */
	for (const char *line = file.text; *line;) {
		size_t length = strcspn(line, "\n");

		if (read_line(host, line, length, controller, &found)) {
			if (!found.is_v2) {
				*ret = found;
				return true;
			}
			v2 = found;
		}
		line += length + (line[length] == '\n');
	}
	*ret = v2;
	return v2.path != NULL;
}

bool host_cgroup_up(const struct host *host, struct cgroup *group)
{
	const char *slash = strrchr(group->path, '/');

	if (!slash || str_equal(group->path, group->top))
		return false;
	group->path = arena_strndup(host->arena, group->path, (size_t)(slash - group->path));
	return strlen(group->path) >= strlen(group->top);
}

const char *host_cgroup_text(const struct host *host, const struct cgroup *group, const char *file)
{
	struct file_text text;
	struct group_status why;

	return host_read(host, arena_printf(host->arena, "%s/%s", group->path, file), &text, &why)
	               ? text.text
	               : NULL;
}

bool host_number(const char *text, const char *word, uint64_t *ret)
{
	size_t length = word ? strlen(word) : 0;
	char *end;

	while (word && !(strncmp(text, word, length) == 0 && strchr(" \t", text[length]))) {
		text = strchr(text, '\n');
		if (!text)
			return false;
		text++;
	}
	text += length;
	text += strspn(text, " \t");
	if (*text < '0' || *text > '9')
		return false;
	errno = 0;
	*ret = strtoull(text, &end, 10);
	return errno == 0;
}
