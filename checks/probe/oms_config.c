#include "checks/probe/oms_config.h"

#include "catalog/base/arena.h"
#include "catalog/base/error.h"
#include "catalog/base/str.h"
#include "catalog/base/yaml.h"
#include "checks/probe/files.h"
#include "checks/probe/redact.h"
#include "checks/probe/rows.h"

#include <stdlib.h>
#include <string.h>

/* Its official example has twenty lines. */
#define SIZE_CAP ((size_t)1024 * 1024)

#define META_PASSWORD "oms_meta_password"

static const char *const columns[] = { "key", "value", "line", NULL };

/* --- what is wrong ------------------------------------------------------------------------------ */

/* Where in a line a space is missing after the colon of its key, from 1; 0 where none is. */
static unsigned missing_space(const char *line)
{
	static const char name[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
	size_t start = strspn(line, " "), length;
	const char *colon;

	if (line[start] == '-' && line[start + 1] == ' ')
		start += 1 + strspn(line + start + 1, " ");
	length = strspn(line + start, name);
	colon = line + start + length;
	if (!length || *colon != ':' || strchr(" \t\r\n", colon[1]) || str_starts(colon, "://"))
		return 0;
	return (unsigned)(start + length + 2);
}

static const char *line_of(const char *text, unsigned line)
{
	for (; text && line > 1; line--) {
		text = strchr(text, '\n');
		if (text)
			text++;
	}
	return text;
}

static unsigned missing_space_in(const char *text, unsigned line)
{
	const char *start = line ? line_of(text, line) : NULL;

	return start ? missing_space(start) : 0;
}

/* YAML says that a line makes no sense, or the line after it; that a space is missing is what the
 * writer has to know. Of several such lines the first is told. */
static const char *missing_space_at(struct arena *arena, const char *path, const char *text,
                                    unsigned line)
{
	if (line > 1 && !missing_space_in(text, line))
		line--;
	while (line > 1 && missing_space_in(text, line - 1))
		line--;
	if (!missing_space_in(text, line))
		return NULL;
	return arena_printf(arena,
	                    "%s:%u:%u: a space is missing after the colon; write `key: value`",
	                    path, line, missing_space_in(text, line));
}

/* The line that an error of the reader names: "file:line:column: ...". */
static unsigned error_line(const struct error *error, const char *path)
{
	size_t length = strlen(path);

	if (!str_starts(error->text, path) || error->text[length] != ':')
		return 0;
	return (unsigned)strtoul(error->text + length + 1, NULL, 10);
}

static struct group_status refused(struct arena *arena, const char *path, const char *text)
{
	/* Half of a password may have become a key, which the reader names. */
	return (struct group_status){ .state = GROUP_FAILED,
		                      .failure = FAILURE_OTHER,
		                      .text = redact_text(arena, text),
		                      .statement = path };
}

/* --- what is right ------------------------------------------------------------------------------ */

/* What may be shown of a value. Where a line lacks the space after its colon and is indented, YAML
 * takes it for more of the value before, password and all. */
static const char *shown(struct arena *arena, const char *key, const char *value)
{
	if (redact_is_secret(key))
		return value && *value ? "set" : "";
	return !value || redact_text(arena, value) == value ? value : "set";
}

static void add(struct row_list *list, const char *key, const struct yaml *value)
{
	row_list_add(list, ROW(redact_text(list->arena, key), shown(list->arena, key, value->text),
	                       arena_printf(list->arena, "%u", value->line)));
}

/* Adds the rows of a key; returns the node that is neither value nor list of values, or NULL. */
static const struct yaml *add_key(struct row_list *list, const char *key, const struct yaml *value)
{
	if (value->type == YAML_MAP)
		return value;
	for (size_t i = 0; i < value->count; i++) {
		const struct yaml *item = value->items[i];

		if (item->type == YAML_MAP || item->type == YAML_LIST)
			return item;
		add(list, key, item);
	}
	if (!value->count)
		add(list, key, value);
	return NULL;
}

static void read_map(struct arena *arena, const struct yaml *map, struct oms_config *config)
{
	struct row_list list = row_list_new(arena, columns);

	for (size_t i = 0; i < map->count; i++) {
		const char *key = map->keys[i]->text;
		const struct yaml *nested = add_key(&list, key, map->items[i]);

		if (nested) {
			config->status = refused(
				arena, config->path,
				arena_printf(arena,
			                     "%s:%u:%u: a map or list within a setting; OMS's "
			                     "settings are single values and lists of them",
			                     config->path, nested->line, nested->column));
			return;
		}
		if (str_equal(key, META_PASSWORD))
			config->meta_password = map->items[i]->text;
	}
	config->rows = row_list_rows(&list);
	config->status = files_gathered(config->path);
}

static void read_text(struct arena *arena, const char *text, size_t length,
                      struct oms_config *config)
{
	struct error error = { ERROR_NONE, "" };
	const struct yaml *root = yaml_read_text(arena, config->path, text, length, &error);
	const char *words;

	if (root && root->type == YAML_MAP) {
		read_map(arena, root, config);
		return;
	}
	words = missing_space_at(arena, config->path, text,
	                         root ? root->line : error_line(&error, config->path));
	if (!words && !root)
		words = error.text;
	else if (!words && root->type == YAML_NULL)
		words = arena_printf(arena, "%s: it holds no setting", config->path);
	else if (!words)
		words = arena_printf(arena,
		                     "%s:%u:%u: no map of settings; write `key: value` lines",
		                     config->path, root->line, root->column);
	config->status = refused(arena, config->path, arena_strdup(arena, words));
}

const struct oms_config *oms_config_read(struct arena *arena, const char *path)
{
	struct oms_config *config = arena_new_of(arena, struct oms_config);
	struct file_text file;

	config->path = arena_strdup(arena, path);
	if (files_read(arena, "", config->path, SIZE_CAP, &file, &config->status))
		read_text(arena, file.text, file.length, config);
	return config;
}

const char *oms_config_get(const struct oms_config *config, const char *key)
{
	for (size_t i = 0; i < config->rows.count; i++) {
		const char *value = rows_get(&config->rows, i, "value");

		if (str_equal(rows_get(&config->rows, i, "key"), key))
			return value && *value ? value : NULL;
	}
	return NULL;
}
