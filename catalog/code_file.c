#include "catalog/code_file.h"

#include "catalog/base/arena.h"
#include "catalog/base/error.h"
#include "catalog/base/str.h"
#include "catalog/base/yaml.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define CODE_FIELD_NAME(name, shape, required) #name,
#define CODE_FIELD_SHAPE(name, shape, required) CODE_SHAPE_##shape,
#define CODE_FIELD_REQUIRED(name, shape, required) required,

static const char *const names[] = { CATALOG_FIELDS(CODE_FIELD_NAME) };
static const bool required[] = { CATALOG_FIELDS(CODE_FIELD_REQUIRED) };
static const char *const levels[] = { "warning", "error", "fatal", NULL };

const enum code_field_shape code_field_shapes[CODE_FIELD_COUNT] = { CATALOG_FIELDS(
	CODE_FIELD_SHAPE) };
const char *const code_languages[TABLE_LANGS] = { "en", "zh" };

/* --- what a text may be ----------------------------------------------------------------- */

/* Characters that a terminal or a reader of source would obey instead of showing: controls of both
 * blocks, and those that turn the direction of writing. */
static bool is_control(const unsigned char *c)
{
	if (c[0] < 0x20 || c[0] == 0x7f)
		return true;
	if (c[0] == 0xc2)
		return c[1] < 0xa0;
	if (c[0] == 0xe2 && c[1] == 0x80)
		return c[2] >= 0xa8 && c[2] <= 0xae;
	return c[0] == 0xe2 && c[1] == 0x81 && c[2] >= 0xa6 && c[2] <= 0xa9;
}

int code_text_refuse(const struct yaml *node, const char *name, struct error *error)
{
	const char *text = node->text;
	size_t length = strlen(text);

	if (!length)
		return yaml_refuse(node, error, "\"%s\" is empty; write the text", name);
	if (text[length - 1] == '\n')
		return yaml_refuse(node, error,
		                   "\"%s\" ends in a line break; begin the block with >- or |-",
		                   name);
	if (text[0] == ' ' || text[length - 1] == ' ')
		return yaml_refuse(node, error, "\"%s\" begins or ends with a space; remove it",
		                   name);
	for (const unsigned char *c = (const unsigned char *)text; *c; c++)
		if (is_control(c))
			return yaml_refuse(
				node, error,
				"\"%s\" holds a control character (byte 0x%02x at %td); a "
				"text is one paragraph of plain characters",
				name, *c, (const char *)c - text);
	return 0;
}

int code_both_refuse(const struct yaml *map, struct error *error)
{
	for (size_t i = 0; i < TABLE_LANGS; i++)
		if (code_text_refuse(yaml_get(map, code_languages[i]), code_languages[i], error))
			return -1;
	return 0;
}

/* --- codes ------------------------------------------------------------------------------ */

struct family {
	const char *name, *shown, *source;
	const struct yaml *classes;
	bool has_symbols; /* codes are symbols, see header.h */
};

static const enum yaml_want wants[] = {
	[CODE_SHAPE_ONE] = YAML_WANT_TEXT,
	[CODE_SHAPE_BOTH] = YAML_WANT_BOTH,
	[CODE_SHAPE_LIST] = YAML_WANT_TEXTS,
	[CODE_SHAPE_NUMBER] = YAML_WANT_INT,
};

/* The keys of an entry: `code`, `level`, and the fields. */
static void entry_keys(struct yaml_key keys[CODE_FIELD_COUNT + 3])
{
	keys[0] = (struct yaml_key){ .name = "code", .required = true };
	keys[1] = (struct yaml_key){ .name = "level", .one_of = levels };
	for (size_t i = 0; i < CODE_FIELD_COUNT; i++)
		keys[i + 2] = (struct yaml_key){
			.name = names[i],
			.want = wants[code_field_shapes[i]],
			.max = INT32_MAX,
		};
	keys[CODE_FIELD_COUNT + 2] = (struct yaml_key){ 0 };
}

/* The family's pattern with the code in it. People do not see the #1 and #2 that tell two meanings
 * of one code apart. */
static const char *shown_as(struct arena *arena, const char *pattern, const char *code)
{
	const char *place = strstr(pattern, "{code}");

	return arena_printf(arena, "%.*s%.*s%s", (int)(place - pattern), pattern,
	                    (int)strcspn(code, "#"), code, place + strlen("{code}"));
}

static int check_code(const struct yaml *code, const struct family *family, struct error *error)
{
	if (strchr(code->text, ':'))
		return yaml_refuse(
			code, error,
			"\"%s\" names a family; write the code alone: the family of this "
			"file is %s",
			code->text, family->name);
	for (const char *c = code->text; *c; c++)
		if (!isgraph((unsigned char)*c) || strchr("\"'`\\", *c))
			return yaml_refuse(code, error,
			                   "\"%s\" is no code; codes are printable ASCII without "
			                   "spaces, quotes and backslashes",
			                   code->text);
	return code_text_refuse(code, "code", error);
}

static const char *join(struct arena *arena, const struct yaml *list)
{
	struct str text = str_new(arena);

	if (list->type == YAML_SCALAR)
		return list->text;
	for (size_t i = 0; i < list->count; i++)
		str_addf(&text, "%s%s", i ? LIST_MARK : "", list->items[i]->text);
	return text.text;
}

static int refuse_list(const struct yaml *value, const char *name, struct error *error)
{
	if (value->type == YAML_SCALAR)
		return code_text_refuse(value, name, error);
	for (size_t i = 0; i < value->count; i++)
		if (code_text_refuse(value->items[i], name, error))
			return -1;
	return 0;
}

static int read_field(struct arena *arena, const struct yaml *value, size_t field,
                      const char *ret[TABLE_LANGS], struct error *error)
{
	if (code_field_shapes[field] == CODE_SHAPE_BOTH) {
		for (size_t i = 0; i < TABLE_LANGS; i++)
			ret[i] = yaml_text(value, code_languages[i]);
		return code_both_refuse(value, error);
	}
	for (size_t i = 0; i < TABLE_LANGS; i++)
		ret[i] = join(arena, value);
	return refuse_list(value, names[field], error);
}

static int read_fields(struct arena *arena, const struct yaml *map, struct code_entry *entry,
                       struct error *error)
{
	for (size_t i = 0; i < CODE_FIELD_COUNT; i++) {
		const struct yaml *value = yaml_get(map, names[i]);

		if (value && read_field(arena, value, i, entry->values[i], error))
			return -1;
	}
	return 0;
}

/* A code of a class has the class's texts where it has none of its own. */
static int take_from_class(struct arena *arena, const struct family *family,
                           struct code_entry *entry, struct error *error)
{
	const char *name = entry->values[CODE_FIELD_class][0];
	const struct yaml *class = family->classes ? yaml_get(family->classes, name) : NULL;
	struct code_entry of_class = { 0 };

	if (!class)
		return yaml_refuse(yaml_get(entry->at, "class"), error,
		                   "\"%s\" is no class of this file; `classes:` lists them", name);
	if (read_fields(arena, class, &of_class, error))
		return -1;
	for (size_t i = 0; i < CODE_FIELD_COUNT; i++)
		for (size_t j = 0; j < TABLE_LANGS; j++)
			if (!entry->values[i][j])
				entry->values[i][j] = of_class.values[i][j];
	return 0;
}

static int read_code(struct arena *arena, const struct family *family, const struct yaml *map,
                     struct code_entry *ret, struct error *error)
{
	struct yaml_key keys[CODE_FIELD_COUNT + 3];
	struct code_entry entry = { .family = family->name, .at = map };
	const struct yaml *code;

	entry_keys(keys);
	if (yaml_expect(map, "an entry", keys, error))
		return -1;
	code = yaml_get(map, "code");
	if (check_code(code, family, error) || read_fields(arena, map, &entry, error))
		return -1;
	if (entry.values[CODE_FIELD_class][0] && take_from_class(arena, family, &entry, error))
		return -1;
	entry.id = arena_printf(arena, "%s:%s", family->name, code->text);
	entry.shown = shown_as(arena, family->shown, code->text);
	entry.level = yaml_text(map, "level");
	entry.is_symbol = family->has_symbols;
	for (size_t i = 0; entry.is_symbol && i < TABLE_LANGS; i++)
		entry.values[CODE_FIELD_symbol][i] = code->text;
	if (!entry.values[CODE_FIELD_source][0])
		entry.values[CODE_FIELD_source][0] = family->source;
	for (size_t i = 0; i < CODE_FIELD_COUNT; i++)
		if (required[i] && !entry.values[i][0])
			return yaml_refuse(map, error,
			                   "an entry lacks \"%s\"; write it, or name a class that "
			                   "has it",
			                   names[i]);
	*ret = entry;
	return 0;
}

static int read_family(const struct yaml *root, struct family *ret, struct error *error)
{
	static const char *const numberings[] = { "mysqld_error.h", NULL };
	static const struct yaml_key keys[] = {
		{ .name = "family", .required = true },
		{ .name = "shown", .required = true },
		{ .name = "source", .required = true },
		{ .name = "numbered_by", .one_of = numberings },
		{ .name = "classes", .want = YAML_WANT_MAP },
		{ .name = "codes", .want = YAML_WANT_LIST, .required = true },
		{ 0 },
	};

	if (yaml_expect(root, "a file of codes", keys, error))
		return -1;
	for (size_t i = 0; keys[i].want == YAML_WANT_TEXT; i++)
		if (keys[i].required &&
		    code_text_refuse(yaml_get(root, keys[i].name), keys[i].name, error))
			return -1;
	*ret = (struct family){ yaml_text(root, "family"), yaml_text(root, "shown"),
		                yaml_text(root, "source"), yaml_get(root, "classes"),
		                yaml_get(root, "numbered_by") != NULL };
	if (!*ret->name || ret->name[strspn(ret->name, "abcdefghijklmnopqrstuvwxyz0123456789")])
		return yaml_refuse(yaml_get(root, "family"), error,
		                   "\"%s\" is no family; use lower-case letters and digits",
		                   ret->name);
	if (!strstr(ret->shown, "{code}"))
		return yaml_refuse(
			yaml_get(root, "shown"), error,
			"\"shown\" lacks {code}; write where the code stands, as in \"DTS "
			"{code}\"");
	return 0;
}

const struct code_file *code_file_read(struct arena *arena, const char *file, struct error *error)
{
	const struct yaml *root = yaml_read_file(arena, file, error), *codes;
	struct code_file *ret = arena_new_of(arena, struct code_file);
	struct family family;

	if (!root || read_family(root, &family, error))
		return NULL;
	codes = yaml_get(root, "codes");
	ret->entries = arena_array(arena, codes->count + 1, sizeof(*ret->entries));
	for (; ret->count < codes->count; ret->count++)
		if (read_code(arena, &family, codes->items[ret->count], &ret->entries[ret->count],
		              error))
			return NULL;
	return ret;
}

/* --- order and duplicates --------------------------------------------------------------- */

/* Nodes come in order of files and lines, and an arena's nodes have no other order that lasts: the
 * second of two equal ones is the one to refuse. */
int code_places_compare(const struct yaml *a, const struct yaml *b)
{
	int order = strcmp(a->file, b->file);

	if (order)
		return order;
	return a->line < b->line ? -1 : a->line > b->line;
}

static int compare_entries(const void *a, const void *b)
{
	const struct code_entry *one = a, *two = b;
	int order = strcmp(one->id, two->id);

	return order ? order : code_places_compare(one->at, two->at);
}

int code_entries_sort(struct code_entry *entries, size_t count, struct error *error)
{
	if (count)
		qsort(entries, count, sizeof(*entries), compare_entries);
	for (size_t i = 1; i < count; i++)
		if (str_equal(entries[i - 1].id, entries[i].id))
			return yaml_refuse(
				entries[i].at, error,
				"%s stands twice, first in %s:%u; remove one, or end the "
				"codes with #1 and #2 if it has two meanings",
				entries[i].id, entries[i - 1].at->file, entries[i - 1].at->line);
	return 0;
}
