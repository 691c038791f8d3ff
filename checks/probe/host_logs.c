#include "checks/probe/host.h"

#include "catalog/base/arena.h"
#include "catalog/base/cleanup.h"
#include "catalog/base/str.h"
#include "catalog/base/utf8.h"
#include "catalog/query.h"
#include "checks/probe/redact.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define TAIL_BYTES ((size_t)64 * 1024)
#define MOST_LINES 400
#define MOST_FOLDERS 50
#define SHOWN_BYTES 300

/* Error logs of OMS, as its documentation lists them. A `*` at the end of a name stands for all
 * folders whose names begin so, of which the newest are looked into. */
static const struct log_place {
	const char *folder; /* as a whole, or up to the star */
	const char *file;   /* behind the folder */
	bool errors_only;   /* the log is one of everything: lines of errors count */
} log_places[] = {
	{ "/home/admin/logs/ghana/Ghana", "/common-error.log", false },
	{ "/home/admin/logs/cm/log", "/service.log", true },
	{ "/home/admin/logs/supervisor", "/error.log", false },
	{ "/home/ds/run/*", "/logs/error.log", false },
	{ "/home/ds/run/*", "/error.details", false },
	{ "/home/ds/store/store*", "/log/congo.log", true },
	{ "/home/ds/store/store*", "/log/connector/connector.log", true },
};

#define LOG_PLACES (sizeof(log_places) / sizeof(log_places[0]))

struct logs {
	struct host *host;
	struct row_list read, codes;
	size_t good;                /* logs that could be read */
	struct group_status denied; /* the first that may not be */
};

/* --- lines -------------------------------------------------------------------------------------- */

/* Cuts a line to what is shown, between characters; of a long line the part that has the code. */
static const char *shorten(struct arena *arena, const char *line, const char *code)
{
	const char *at = strstr(line, code);
	size_t length = 0;

	if (at && at - line + strlen(code) > SHOWN_BYTES) {
		line = at - SHOWN_BYTES / 3;
		while (((unsigned char)*line & 0xc0) == 0x80 && line < at)
			line++;
	}
	while (line[length]) {
		size_t width = utf8_length(line + length);

		width = width ? width : 1;
		if (length + width > SHOWN_BYTES)
			break;
		length += width;
	}
	return arena_strndup(arena, line, length);
}

struct code {
	const char *id, *line;
	unsigned count;
};

/* The codes of one log. There are fewer in a log than its lines hold. */
struct codes {
	struct code at[MOST_LINES];
	size_t count;
};

static void add_code(struct arena *arena, struct codes *codes, const struct catalog_entry *entry,
                     const char *line)
{
	size_t i = 0;

	while (i < codes->count && !str_equal(codes->at[i].id, entry->id))
		i++;
	if (i == MOST_LINES)
		return;
	if (i == codes->count)
		codes->at[codes->count++] = (struct code){ .id = entry->id };
	codes->at[i].count++;
	codes->at[i].line = shorten(arena, redact_text(arena, line), entry->shown);
}

static void read_line(struct arena *scratch, const struct log_place *place, const char *line,
                      struct codes *codes)
{
	struct query_input input = query_line(line);
	const struct query_match *matches;
	size_t count;

	if (place->errors_only && !strstr(line, "ERROR") && !strstr(line, "FATAL"))
		return;
	count = query_find(scratch, &input, &matches);
	for (size_t i = 0; i < count; i++)
		if (!matches[i].guess && str_equal(matches[i].entry.family, "oms"))
			add_code(scratch, codes, &matches[i].entry, line);
}

/* The end of a log as lines, the last ones where there are many. What stands before the first break
 * of a cut file is half a line. NULs, which a truncated log begins with, are blanks. */
static size_t split_lines(struct arena *scratch, const struct file_text *file,
                          const char *ret[MOST_LINES])
{
	char *text = arena_alloc(scratch, file->length + 1);
	size_t start = 0, count = 0;

	for (size_t i = 0; i < file->length; i++)
		text[i] = file->text[i] && file->text[i] != '\r' ? file->text[i] : ' ';
	if (file->is_tail)
		start = strcspn(text, "\n");
	for (size_t end = file->length; end > start && count < MOST_LINES; end--) {
		if (text[end - 1] != '\n')
			continue;
		text[end - 1] = '\0';
		if (text[end])
			ret[count++] = text + end;
	}
	if (!file->is_tail && count < MOST_LINES && *text)
		ret[count++] = text;
	/* One line that is longer than all that was read is better than none. */
	if (!count && file->length)
		ret[count++] = text;
	return count;
}

/* --- logs --------------------------------------------------------------------------------------- */

static void add_log(struct logs *logs, const char *path, const char *lines, const char *why)
{
	row_list_add(&logs->read, ROW(path, lines, why));
}

static void read_lines(struct logs *logs, struct arena *scratch, const struct log_place *place,
                       const char *path, const struct file_text *file)
{
	struct arena *arena = logs->host->arena;
	struct codes *codes = arena_new_of(scratch, struct codes);
	const char *lines[MOST_LINES];
	size_t count = split_lines(scratch, file, lines), done = 0;
	struct group_status why = { 0 };

	/* From the oldest to the newest. */
	for (; done < count && host_may_go_on(logs->host, &why); done++)
		read_line(scratch, place, lines[count - 1 - done], codes);
	add_log(logs, path, arena_printf(arena, "%zu", done), arena_strdup(arena, why.text));
	for (size_t i = 0; i < codes->count; i++)
		row_list_add(&logs->codes, ROW(path, arena_strdup(arena, codes->at[i].line),
		                               arena_strdup(arena, codes->at[i].id),
		                               arena_printf(arena, "%u", codes->at[i].count)));
}

static void read_log(struct logs *logs, const struct log_place *place, const char *folder)
{
	const struct host *host = logs->host;
	const char *root = host->paths.root;
	struct arena *scratch = arena_new();
	const char *path = arena_printf(host->arena, "%s%s", folder, place->file);
	const char *whole = arena_printf(host->arena, "%s%s", root, path);
	struct group_status why;
	struct file_text file;

	if (files_read_tail(scratch, root, path, TAIL_BYTES, &file, &why)) {
		logs->good++;
		read_lines(logs, scratch, place, whole, &file);
	} else {
		why = files_failure(host->arena, root, path,
		                    why.error ? (int)why.error : FILES_NOT_REGULAR);
		if (why.failure == FAILURE_PRIVILEGE && !logs->denied.state)
			logs->denied = why;
		/* A component has the files that it came to write. */
		if (why.error != ENOENT || !strchr(place->folder, '*'))
			add_log(logs, whole, NULL, why.text);
	}
	arena_free(scratch);
}

/* --- folders ------------------------------------------------------------------------------------ */

struct folder {
	const char *name;
	struct timespec changed;
};

static int compare_folders(const void *a, const void *b)
{
	const struct folder *one = a, *two = b;

	if (one->changed.tv_sec != two->changed.tv_sec)
		return one->changed.tv_sec > two->changed.tv_sec ? -1 : 1;
	if (one->changed.tv_nsec != two->changed.tv_nsec)
		return one->changed.tv_nsec > two->changed.tv_nsec ? -1 : 1;
	return strcmp(one->name, two->name);
}

/* Takes a folder's place among the newest, in order; the oldest falls out of them. */
static void keep_newest(struct folder kept[MOST_FOLDERS], size_t *count, struct folder folder)
{
	size_t at = *count;

	while (at > 0 && compare_folders(&folder, &kept[at - 1]) < 0)
		at--;
	if (at == MOST_FOLDERS)
		return;
	if (*count < MOST_FOLDERS)
		++*count;
	memmove(&kept[at + 1], &kept[at], (*count - at - 1) * sizeof(*kept));
	kept[at] = folder;
}

static size_t list_newest(struct host *host, const char *parent, const char *prefix,
                          struct folder kept[MOST_FOLDERS], struct group_status *ret_why)
{
	int fd = files_open(host->paths.root, parent, O_DIRECTORY);
	DIR *stream = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	size_t count = 0;

	if (!stream) {
		*ret_why =
			files_failure(host->arena, host->paths.root, parent, fd < 0 ? -fd : errno);
		if (fd >= 0)
			close(fd);
		return 0;
	}
	while ((entry = readdir(stream))) {
		struct stat stat;

		if (entry->d_name[0] == '.' || !str_starts(entry->d_name, prefix) ||
		    fstatat(fd, entry->d_name, &stat, AT_SYMLINK_NOFOLLOW) != 0 ||
		    !S_ISDIR(stat.st_mode))
			continue;
		keep_newest(
			kept, &count,
			(struct folder){ arena_strdup(host->arena, entry->d_name), stat.st_mtim });
	}
	closedir(stream);
	return count;
}

/* The logs of all folders that a place with a star stands for. */
static void read_newest(struct logs *logs, const struct log_place *place)
{
	struct host *host = logs->host;
	const char *slash = strrchr(place->folder, '/');
	const char *parent =
		arena_strndup(host->arena, place->folder, (size_t)(slash - place->folder));
	const char *prefix = arena_strndup(host->arena, slash + 1, strlen(slash + 1) - 1);
	struct folder kept[MOST_FOLDERS + 1];
	struct group_status why = { 0 };
	size_t count = list_newest(host, parent, prefix, kept, &why);

	if (why.state == GROUP_FAILED) {
		add_log(logs,
		        arena_printf(host->arena, "%s%s%s", host->paths.root, place->folder,
		                     place->file),
		        NULL, why.text);
		if (why.failure == FAILURE_PRIVILEGE && !logs->denied.state)
			logs->denied = why;
	}
	for (size_t i = 0; i < count && host_may_go_on(host, &why); i++)
		read_log(logs, place, arena_printf(host->arena, "%s/%s", parent, kept[i].name));
}

void host_logs(struct host *host, struct group_status *ret)
{
	static const char *const code_columns[] = { "file", "line", "code", "count", NULL };
	static const char *const log_columns[] = { "file", "lines", "why", NULL };
	struct logs logs = { .host = host,
		             .read = row_list_new(host->arena, log_columns),
		             .codes = row_list_new(host->arena, code_columns) };

	for (size_t i = 0; i < LOG_PLACES && host_may_go_on(host, ret); i++) {
		if (strchr(log_places[i].folder, '*'))
			read_newest(&logs, &log_places[i]);
		else
			read_log(&logs, &log_places[i], log_places[i].folder);
	}
	fact_set_rows(host->at, FACT_host_logs, row_list_rows(&logs.read));
	if (!host_may_go_on(host, ret))
		return;
	if (!logs.good) {
		*ret = logs.denied.state == GROUP_FAILED
		               ? logs.denied
		               : files_refuse(host->arena, host->paths.root, "/home/admin/logs", 0,
		                              "no log of OMS could be read");
		return;
	}
	fact_set_rows(host->at, FACT_host_log_codes, row_list_rows(&logs.codes));
	*ret = files_gathered(arena_printf(host->arena, "%s/home/admin/logs", host->paths.root));
}
