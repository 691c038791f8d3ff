#include "profiles/secret.h"

#include "catalog/base/arena.h"
#include "catalog/base/cleanup.h"
#include "catalog/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LONGEST_FILE (1024 * 1024)

const char *secret_from_environment(struct arena *arena, const char *name, const char **ret_why)
{
	const char *value = getenv(name);

	if (value && *value)
		return arena_strdup(arena, value);
	*ret_why =
		arena_printf(arena, "the environment variable %s is %s; export it before the run",
	                     name, value ? "empty" : "not set");
	return NULL;
}

/* --- files ------------------------------------------------------------------------------- */

static const char *refuse_file(struct arena *arena, const char *path, const char *why,
                               const char **ret_why)
{
	*ret_why = arena_printf(arena, "%s %s", path, why);
	return NULL;
}

/* A pipe or a terminal would wait for somebody, so regular files alone are read. */
static const char *read_whole(struct arena *arena, const char *path, const char **ret_why)
{
	cleanup(cleanup_fd) int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat status;
	size_t length = 0;
	char *text;

	if (fd < 0 || fstat(fd, &status) != 0)
		return refuse_file(
			arena, path,
			arena_printf(arena,
		                     "cannot be read: %s; check the path and the permissions",
		                     strerror(errno)),
			ret_why);
	if (!S_ISREG(status.st_mode))
		return refuse_file(arena, path, "is no regular file", ret_why);
	if (status.st_size > LONGEST_FILE)
		return refuse_file(arena, path, "is larger than 1 MiB", ret_why);
	text = arena_alloc(arena, (size_t)status.st_size + 1);
	while (length < (size_t)status.st_size) {
		ssize_t got = read(fd, text + length, (size_t)status.st_size - length);

		if (got < 0)
			return refuse_file(
				arena, path,
				arena_printf(
					arena,
					"cannot be read: %s; check the path and the permissions",
					strerror(errno)),
				ret_why);
		if (got == 0)
			break;
		length += (size_t)got;
	}
	if (strlen(text) != length)
		return refuse_file(arena, path, "holds a NUL byte", ret_why);
	return text;
}

const char *secret_from_file(struct arena *arena, const char *path, const char **ret_why)
{
	const char *text = read_whole(arena, path, ret_why);
	size_t length;

	if (!text)
		return NULL;
	length = strcspn(text, "\r\n");
	if (length == 0)
		return refuse_file(arena, path, "is empty; it should hold the password alone",
		                   ret_why);
	if (!str_equal(text + length, "") && !str_equal(text + length, "\n") &&
	    !str_equal(text + length, "\r\n"))
		return refuse_file(arena, path,
		                   "holds more than one line; it should hold the password alone",
		                   ret_why);
	return arena_strndup(arena, text, length);
}

/* --- option files ------------------------------------------------------------------------ */

struct option_file {
	struct arena *arena;
	const char *path;
	unsigned line;
	const char *group;
	bool in_group, found;
	struct defaults defaults;
	const char **ret_why;
};

static int refuse_line(struct option_file *file, const char *why)
{
	*file->ret_why = arena_printf(file->arena, "%s, line %u: %s", file->path, file->line, why);
	return -1;
}

static const char *trim(struct arena *arena, const char *text, size_t length)
{
	while (length && strchr(" \t\r", *text)) {
		text++;
		length--;
	}
	while (length && strchr(" \t\r", text[length - 1]))
		length--;
	return arena_strndup(arena, text, length);
}

/* How long a value is up to a comment: a # outside quotes begins one. */
static size_t value_length(const char *text)
{
	bool escaped = false;
	char quote = '\0';
	size_t i;

	for (i = 0; text[i]; i++) {
		if ((text[i] == '\'' || text[i] == '"') && !escaped && (!quote || quote == text[i]))
			quote = quote ? '\0' : text[i];
		if (!quote && text[i] == '#')
			break;
		escaped = quote && text[i] == '\\' && !escaped;
	}
	return i;
}

static const char *unescape(struct arena *arena, const char *text, size_t length)
{
	static const char letters[] = "ntrbs\"'\\", bytes[] = "\n\t\r\b \"'\\";
	struct str out = str_new(arena);

	for (size_t i = 0; i < length; i++) {
		const char *letter = i + 1 < length ? strchr(letters, text[i + 1]) : NULL;

		if (text[i] == '\\' && letter) {
			str_add_char(&out, bytes[letter - letters]);
			i++;
		} else {
			str_add_char(&out, text[i]);
		}
	}
	return out.text;
}

static const char *read_value(struct arena *arena, const char *text)
{
	const char *value = trim(arena, text, value_length(text));
	size_t length = strlen(value);

	if (length > 1 && (*value == '\'' || *value == '"') && value[length - 1] == *value)
		return unescape(arena, value + 1, length - 2);
	return unescape(arena, value, length);
}

static int set_option(struct option_file *file, const char *name, const char *value)
{
	struct defaults *defaults = &file->defaults;
	const struct {
		const char *name;
		const char **place;
	} texts[] = {
		{ "user", &defaults->user },
		{ "password", &defaults->password },
		{ "host", &defaults->host },
		{ "socket", &defaults->socket },
	};
	long long port;

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		if (!str_equal(name, texts[i].name))
			continue;
		if (!value || !*value)
			return refuse_line(file, arena_printf(file->arena,
			                                      "%s has no value; write %s=...", name,
			                                      name));
		*texts[i].place = value;
	}
	if (!str_equal(name, "port"))
		return 0;
	if (!value || !str_to_int(value, &port) || port < 1 || port > 65535)
		return refuse_line(file, "port must be a number from 1 to 65535");
	defaults->port = (unsigned)port;
	return 0;
}

static int read_line(struct option_file *file, const char *line)
{
	const char *equals = strchr(line, '='), *end;

	if (!*line || *line == '#' || *line == ';')
		return 0;
	if (*line == '!')
		return refuse_line(file, "!include and !includedir are not followed; name the file "
		                         "that holds the group itself");
	if (*line == '[') {
		end = strchr(line, ']');
		if (!end)
			return refuse_line(file, "a group's name lacks its ']'");
		file->in_group = str_equal(trim(file->arena, line + 1, (size_t)(end - line) - 1),
		                           file->group);
		file->found = file->found || file->in_group;
		return 0;
	}
	if (!file->in_group)
		return 0;
	return set_option(
		file,
		trim(file->arena, line, equals ? (size_t)(equals - line) : value_length(line)),
		equals ? read_value(file->arena, equals + 1) : NULL);
}

int defaults_read(struct arena *arena, const char *path, const char *group, struct defaults *ret,
                  const char **ret_why)
{
	struct option_file file = {
		.arena = arena,
		.path = path,
		.group = group,
		.ret_why = ret_why,
	};
	const char *text = read_whole(arena, path, ret_why);

	if (!text)
		return -1;
	for (const char *at = text; *at; at += *at == '\n') {
		size_t length = strcspn(at, "\n");

		file.line++;
		if (read_line(&file, trim(arena, at, length)))
			return -1;
		at += length;
	}
	if (!file.found) {
		*ret_why = arena_printf(arena,
		                        "%s has no group [%s]; name one that it has with "
		                        "defaults_group",
		                        path, group);
		return -1;
	}
	*ret = file.defaults;
	return 0;
}
