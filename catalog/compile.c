/*
 * Build time: the catalog and the texts of the program, from YAML into tables.
 *
 *     compile OUTDIR --texts FILE... --codes FILE... --profiles FILE... [--mariadb-errors FILE]
 *
 * writes OUTDIR/text_ids.h and OUTDIR/tables.c, each only if it changed, so that a new wording
 * compiles one file again and not the whole program. A bad entry is refused as file:line:column.
 */
#include "catalog/base/arena.h"
#include "catalog/base/cleanup.h"
#include "catalog/base/error.h"
#include "catalog/base/str.h"
#include "catalog/base/yaml.h"
#include "catalog/code_file.h"
#include "catalog/header.h"
#include "catalog/symbol.h"
#include "catalog/tables.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const level_names[] = { "warning", "error", "fatal", NULL };
static const char *const level_constants[] = { "LEVEL_WARNING", "LEVEL_ERROR", "LEVEL_FATAL" };

struct text {
	const char *name, *constant;
	const char *in[TABLE_LANGS];
	const struct yaml *at;
};

/* A rule of a built-in profile, by a code that it raises. */
struct raise {
	const char *code, *rule;
};

struct profile {
	const char *name, *text, *file;
	size_t length;
};

/* A text of the block; equal ones are one. */
struct string {
	const char *text;
	uint32_t offset;
};

struct list {
	void *at;
	size_t count, room;
};

struct catalog {
	struct arena *arena;
	struct list texts, entries, profiles, raises, strings;
	const struct header *header; /* MariaDB's numbers, or NULL */
	struct error *error;
};

static void *list_add(struct arena *arena, struct list *list, size_t size)
{
	if (list->count == list->room) {
		void *larger = arena_array(arena, list->room = list->room * 2 + 16, size);

		if (list->count)
			memcpy(larger, list->at, list->count * size);
		list->at = larger;
	}
	return (char *)list->at + list->count++ * size;
}

#define LIST_ADD(catalog, list, type) \
	((type *)list_add((catalog)->arena, &(catalog)->list, sizeof(type)))
#define EACH(item, catalog, list)                                                        \
	(item) = (catalog)->list.at;                                                     \
	(item) && (item) < (__typeof__(item))(catalog)->list.at + (catalog)->list.count; \
	(item)++

static void sort(struct list *list, size_t size, int (*compare)(const void *a, const void *b))
{
	if (list->count)
		qsort(list->at, list->count, size, compare);
}

static bool is_made_of(const char *text, const char *characters)
{
	return *text && text[strspn(text, characters)] == '\0';
}

/* --- texts ------------------------------------------------------------------------------ */

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"

/* Which placeholders a text has: bit n for {n}, bit n + 8 for {n|or}. */
static int find_placeholders(const struct yaml *node, unsigned *ret, struct error *error)
{
	*ret = 0;
	for (const char *brace = strchr(node->text, '{'); brace; brace = strchr(brace + 1, '{')) {
		unsigned bit = (unsigned)brace[1] - '0';

		if (!isdigit((unsigned char)brace[1]))
			continue;
		if (bit < 1 || bit > 4 || !(brace[2] == '}' || str_starts(brace + 2, "|or}")))
			return yaml_refuse(node, error,
			                   "\"%.8s\" is no placeholder; they are {1} to {4}, and "
			                   "{1|or} to {4|or} for lists",
			                   brace);
		*ret |= 1u << (brace[2] == '}' ? bit : bit + 8);
	}
	return 0;
}

/* A text that is one placeholder and nothing else has its languages in its arguments. */
static bool is_only_placeholder(const struct yaml *node)
{
	return node->text[0] == '{' && strcspn(node->text, "}") + 1 == strlen(node->text);
}

static int check_placeholders(const struct yaml *map, struct error *error)
{
	bool may_differ = true;
	unsigned in[TABLE_LANGS];

	for (size_t i = 0; i < TABLE_LANGS; i++) {
		const struct yaml *text = yaml_get(map, code_languages[i]);

		if (find_placeholders(text, &in[i], error))
			return -1;
		may_differ = may_differ && is_only_placeholder(text);
	}
	if (in[0] != in[1] && !may_differ)
		return yaml_refuse(map, error,
		                   "the languages differ in their placeholders; use the same ones, "
		                   "as {1} or {1|or}, in both");
	return 0;
}

static const char *constant_of(struct arena *arena, const char *name)
{
	char *constant = arena_printf(arena, "TEXT_%s", name);

	for (char *c = constant; *c; c++)
		if (!isalnum((unsigned char)*c))
			*c = '_';
	return constant;
}

static int read_text(struct catalog *catalog, const struct yaml *key, const struct yaml *value)
{
	const struct yaml_key this_one[] = {
		{ .name = key->text, .want = YAML_WANT_BOTH, .required = true }, { 0 }
	};
	const struct yaml *items[] = { value }, *keys[] = { key };
	const struct yaml map = { .type = YAML_MAP, .count = 1, .items = items, .keys = keys };
	struct text *text;

	if (!is_made_of(key->text, LOWER DIGITS "-."))
		return yaml_refuse(key, catalog->error,
		                   "a text's name is lower-case letters, digits, '-' and '.', and "
		                   "\"%s\" is not",
		                   key->text);
	if (yaml_expect(&map, "the file", this_one, catalog->error) ||
	    code_both_refuse(value, catalog->error) || check_placeholders(value, catalog->error))
		return -1;
	text = LIST_ADD(catalog, texts, struct text);
	*text = (struct text){ .name = key->text, .at = key };
	text->constant = constant_of(catalog->arena, key->text);
	for (size_t i = 0; i < TABLE_LANGS; i++)
		text->in[i] = yaml_text(value, code_languages[i]);
	return 0;
}

static int read_texts(struct catalog *catalog, const char *file)
{
	const struct yaml *root = yaml_read_file(catalog->arena, file, catalog->error);

	if (!root)
		return -1;
	if (root->type != YAML_MAP)
		return yaml_refuse(
			root, catalog->error,
			"a file of texts is a map of `name: {en: \"...\", zh: \"...\"}`");
	for (size_t i = 0; i < root->count; i++)
		if (read_text(catalog, root->keys[i], root->items[i]))
			return -1;
	return 0;
}

static int compare_constants(const void *a, const void *b)
{
	const struct text *one = a, *two = b;
	int order = strcmp(one->constant, two->constant);

	return order ? order : code_places_compare(one->at, two->at);
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(((const struct text *)a)->name, ((const struct text *)b)->name);
}

static int sort_texts(struct catalog *catalog)
{
	const struct text *text, *before = NULL;

	sort(&catalog->texts, sizeof(*text), compare_constants);
	for (EACH(text, catalog, texts)) {
		if (before && str_equal(before->constant, text->constant))
			return yaml_refuse(text->at, catalog->error,
			                   "\"%s\" is %s in C, as \"%s\" in %s:%u is; give it "
			                   "another name",
			                   text->name, text->constant, before->name,
			                   before->at->file, before->at->line);
		before = text;
	}
	sort(&catalog->texts, sizeof(*text), compare_texts);
	return 0;
}

/* --- codes ------------------------------------------------------------------------------ */

static int read_codes(struct catalog *catalog, const char *file)
{
	const struct code_file *codes = code_file_read(catalog->arena, file, catalog->error);

	if (!codes)
		return -1;
	for (size_t i = 0; i < codes->count; i++)
		*LIST_ADD(catalog, entries, struct code_entry) = codes->entries[i];
	return 0;
}

static int read_header(struct catalog *catalog, const char *file)
{
	catalog->header = header_read(catalog->arena, file, catalog->error);
	return catalog->header ? 0 : -1;
}

static int sort_entries(struct catalog *catalog)
{
	static const struct header none = { 0 };
	const struct header *header = catalog->header ? catalog->header : &none;

	catalog->entries.at = header_number(catalog->arena, header, catalog->entries.at,
	                                    catalog->entries.count, &catalog->entries.count);
	return code_entries_sort(catalog->entries.at, catalog->entries.count, catalog->error);
}

/* --- profiles --------------------------------------------------------------------------- */

static void add_raise(struct catalog *catalog, const char *code, const char *rule)
{
	*LIST_ADD(catalog, raises, struct raise) = (struct raise){ code, rule };
}

static bool is_map(const struct yaml *node)
{
	return node && node->type == YAML_MAP;
}

/* Which rule raises which code, for `explain`. That rules are right is judged by `migdoctor lint` in
 * the same build: what is of another shape is passed over here. */
static void read_rules(struct catalog *catalog, const char *profile, const struct yaml *root)
{
	const struct yaml *rules = is_map(root) ? yaml_get(root, "rules") : NULL;

	for (size_t i = 0; rules && rules->type == YAML_LIST && i < rules->count; i++) {
		const struct yaml *rule = rules->items[i];
		const struct yaml *code = is_map(rule) ? yaml_get(rule, "code") : NULL;
		const struct yaml *id = is_map(rule) ? yaml_get(rule, "id") : NULL;
		const struct yaml *also = is_map(rule) ? yaml_get(rule, "also") : NULL;
		const char *name;

		if (!id || id->type != YAML_SCALAR)
			continue;
		name = arena_printf(catalog->arena, "%s/%s", profile, id->text);
		if (code && code->type == YAML_SCALAR)
			add_raise(catalog, code->text, name);
		if (also && also->type == YAML_SCALAR)
			add_raise(catalog, also->text, name);
		for (size_t j = 0; also && also->type == YAML_LIST && j < also->count; j++)
			if (also->items[j]->type == YAML_SCALAR)
				add_raise(catalog, also->items[j]->text, name);
	}
}

static int read_profile(struct catalog *catalog, const char *file)
{
	struct profile profile = { .file = file };
	const char *slash = strrchr(file, '/'), *base = slash ? slash + 1 : file;
	const char *dot = strrchr(base, '.');
	const struct yaml *root;

	if (!dot || dot == base || !str_equal(dot, ".yaml"))
		return error_at(catalog->error, file, 0, 0,
		                "a built-in profile is a file NAME.yaml");
	profile.name = arena_strndup(catalog->arena, base, (size_t)(dot - base));
	profile.text = yaml_file_text(catalog->arena, file, &profile.length, catalog->error);
	if (!profile.text)
		return -1;
	root = yaml_read_text(catalog->arena, file, profile.text, profile.length, catalog->error);
	if (!root)
		return -1;
	read_rules(catalog, profile.name, root);
	*LIST_ADD(catalog, profiles, struct profile) = profile;
	return 0;
}

static int compare_profiles(const void *a, const void *b)
{
	return strcmp(((const struct profile *)a)->name, ((const struct profile *)b)->name);
}

static int sort_profiles(struct catalog *catalog)
{
	const struct profile *profile, *before = NULL;

	sort(&catalog->profiles, sizeof(*profile), compare_profiles);
	for (EACH(profile, catalog, profiles)) {
		if (before && str_equal(before->name, profile->name))
			return error_at(catalog->error, profile->file, 0, 0,
			                "%s has the same name; rename one", before->file);
		before = profile;
	}
	return 0;
}

/* --- tables ----------------------------------------------------------------------------- */

static void add_string(struct catalog *catalog, const char *text)
{
	if (text)
		LIST_ADD(catalog, strings, struct string)->text = text;
}

static int compare_strings(const void *a, const void *b)
{
	return strcmp(((const struct string *)a)->text, ((const struct string *)b)->text);
}

static void gather_strings(struct catalog *catalog)
{
	const struct text *text;
	const struct code_entry *entry;
	const struct profile *profile;
	const struct raise *raise;

	for (EACH(text, catalog, texts)) {
		add_string(catalog, text->name);
		for (size_t i = 0; i < TABLE_LANGS; i++)
			add_string(catalog, text->in[i]);
	}
	for (EACH(entry, catalog, entries)) {
		add_string(catalog, entry->id);
		add_string(catalog, entry->family);
		add_string(catalog, entry->shown);
		for (size_t i = 0; i < CODE_FIELD_COUNT * TABLE_LANGS; i++)
			if (code_field_shapes[i / TABLE_LANGS] != CODE_SHAPE_NUMBER)
				add_string(catalog,
				           entry->values[i / TABLE_LANGS][i % TABLE_LANGS]);
	}
	for (EACH(raise, catalog, raises)) {
		add_string(catalog, raise->code);
		add_string(catalog, raise->rule);
	}
	for (EACH(profile, catalog, profiles)) {
		add_string(catalog, profile->name);
		add_string(catalog, profile->text);
	}
	sort(&catalog->strings, sizeof(struct string), compare_strings);
}

/* The block begins with a NUL, so that no text has the offset 0. */
static void place_strings(struct catalog *catalog)
{
	struct string *strings = catalog->strings.at;
	size_t offset = 1, kept = 0;

	for (size_t i = 0; i < catalog->strings.count; i++) {
		if (kept && str_equal(strings[kept - 1].text, strings[i].text))
			continue;
		strings[kept].text = strings[i].text;
		strings[kept++].offset = (uint32_t)offset;
		offset += strlen(strings[i].text) + 1;
	}
	catalog->strings.count = kept;
}

static uint32_t offset_of(const struct catalog *catalog, const char *text)
{
	const struct string key = { .text = text }, *found;

	if (!text)
		return 0;
	found = bsearch(&key, catalog->strings.at, catalog->strings.count, sizeof(key),
	                compare_strings);
	return found->offset;
}

/* Octal escapes have an end, hexadecimal ones swallow what follows; `?` could begin a trigraph. */
static void write_literal(struct str *out, const char *text)
{
	str_add_char(out, '"');
	for (const char *c = text; *c; c++) {
		unsigned char byte = (unsigned char)*c;

		if (byte == '\n') {
			str_add(out, c[1] ? "\\n\"\n\"" : "\\n");
		} else if (byte < 0x20 || byte >= 0x7f || byte == '"' || byte == '\\' ||
		           byte == '?') {
			const char octal[] = { '\\', (char)('0' + (byte >> 6)),
				               (char)('0' + (byte >> 3 & 7)),
				               (char)('0' + (byte & 7)) };

			str_add_n(out, octal, sizeof(octal));
		} else {
			str_add_char(out, *c);
		}
	}
	str_add(out, "\\0\"\n");
}

static void write_strings(struct str *out, const struct catalog *catalog)
{
	const struct string *string;

	str_add(out, "const char table_strings[] =\n\"\\0\"\n");
	for (EACH(string, catalog, strings))
		write_literal(out, string->text);
	str_add(out, ";\n\n");
}

static void write_both(struct str *out, const struct catalog *catalog, const char *const *in)
{
	str_addf(out, ", { %u, %u }", offset_of(catalog, in[0]), offset_of(catalog, in[1]));
}

static void write_texts(struct str *out, const struct catalog *catalog)
{
	const struct text *text;

	str_add(out, "const struct text_row table_texts[] = {\n{ 0, { 0, 0 } },\n");
	for (EACH(text, catalog, texts)) {
		str_addf(out, "{ %u", offset_of(catalog, text->name));
		write_both(out, catalog, text->in);
		str_add(out, " },\n");
	}
	str_add(out, "};\n\n");
}

static const char *level_constant(const char *level)
{
	for (size_t i = 0; level && level_names[i]; i++)
		if (str_equal(level, level_names[i]))
			return level_constants[i];
	return "LEVEL_NONE";
}

static void write_field(struct str *out, const struct catalog *catalog, size_t field,
                        const char *const values[TABLE_LANGS])
{
	if (code_field_shapes[field] == CODE_SHAPE_BOTH)
		write_both(out, catalog, values);
	else if (code_field_shapes[field] == CODE_SHAPE_NUMBER)
		str_addf(out, ", %s", values[0] ? values[0] : "NO_NUMBER");
	else
		str_addf(out, ", %u", offset_of(catalog, values[0]));
}

/* ISO C has no empty array: a row of zeros stands past the last. */
static void write_entries(struct str *out, const struct catalog *catalog)
{
	const struct code_entry *entry;

	str_add(out, "const struct catalog_row table_catalog[] = {\n");
	for (EACH(entry, catalog, entries)) {
		str_addf(out, "{ %u, %u, %u, %s", offset_of(catalog, entry->id),
		         offset_of(catalog, entry->family), offset_of(catalog, entry->shown),
		         level_constant(entry->level));
		for (size_t i = 0; i < CODE_FIELD_COUNT; i++)
			write_field(out, catalog, i, entry->values[i]);
		str_add(out, " },\n");
	}
	str_addf(out, "{ 0 },\n};\nconst size_t table_catalog_count = %zu;\n\n",
	         catalog->entries.count);
}

/* --- indexes: places of entries in order of a key ---------------------------------------- */

/* What qsort's comparison has to know; compile runs in one thread. */
static const struct code_entry *sorted;
static enum code_field sort_field;

static int compare_by_field(const void *a, const void *b)
{
	uint32_t one = *(const uint32_t *)a, two = *(const uint32_t *)b;
	const char *left = sorted[one].values[sort_field][0];
	const char *right = sorted[two].values[sort_field][0];
	long long x = 0, y = 0;
	int order;

	if (code_field_shapes[sort_field] == CODE_SHAPE_NUMBER) {
		str_to_int(left, &x);
		str_to_int(right, &y);
		order = x < y ? -1 : x > y;
	} else {
		order = symbol_compare(left, right);
	}
	return order ? order : one < two ? -1 : one > two;
}

static void write_index(struct str *out, const struct catalog *catalog, enum code_field field,
                        const char *name)
{
	const struct code_entry *entries = catalog->entries.at;
	uint32_t *places = arena_array(catalog->arena, catalog->entries.count + 1, sizeof(*places));
	size_t count = 0;

	for (size_t i = 0; i < catalog->entries.count; i++)
		if (entries[i].values[field][0])
			places[count++] = (uint32_t)i;
	sorted = entries;
	sort_field = field;
	qsort(places, count, sizeof(*places), compare_by_field);
	str_addf(out, "const uint32_t table_by_%s[] = {", name);
	for (size_t i = 0; i < count; i++)
		str_addf(out, "%s%u,", i % 12 ? " " : "\n", places[i]);
	str_addf(out, "\n0 };\nconst size_t table_by_%s_count = %zu;\n\n", name, count);
}

static void write_rules(struct str *out, const struct catalog *catalog)
{
	const struct raise *raise;

	str_add(out, "const struct rule_row table_rules[] = {\n");
	for (EACH(raise, catalog, raises))
		str_addf(out, "{ %u, %u },\n", offset_of(catalog, raise->code),
		         offset_of(catalog, raise->rule));
	str_addf(out, "{ 0 },\n};\nconst size_t table_rules_count = %zu;\n\n",
	         catalog->raises.count);
}

static void write_profiles(struct str *out, const struct catalog *catalog)
{
	const struct profile *profile;

	str_add(out, "const struct profile_row table_profiles[] = {\n");
	for (EACH(profile, catalog, profiles))
		str_addf(out, "{ %u, %u, %zu },\n", offset_of(catalog, profile->name),
		         offset_of(catalog, profile->text), profile->length);
	str_addf(out, "{ 0 },\n};\nconst size_t table_profiles_count = %zu;\n",
	         catalog->profiles.count);
}

static const char *make_tables(const struct catalog *catalog)
{
	struct str out = str_new(catalog->arena);

	str_add(&out, "/* Written by catalog/compile.c. */\n#include \"catalog/catalog.h\"\n"
	              "#include \"catalog/tables.h\"\n\n");
	write_strings(&out, catalog);
	write_texts(&out, catalog);
	write_entries(&out, catalog);
	write_index(&out, catalog, CODE_FIELD_symbol, "symbol");
	write_index(&out, catalog, CODE_FIELD_mysql, "mysql");
	write_index(&out, catalog, CODE_FIELD_ora, "ora");
	write_index(&out, catalog, CODE_FIELD_pls, "pls");
	write_rules(&out, catalog);
	write_profiles(&out, catalog);
	return out.text;
}

/* TEXT_NONE is 0, so that a zeroed note says nothing. */
static const char *make_ids(const struct catalog *catalog)
{
	struct str out = str_new(catalog->arena);
	const struct text *text;

	str_add(&out, "/* Written by catalog/compile.c. */\n#ifndef GEN_TEXT_IDS_H\n"
	              "#define GEN_TEXT_IDS_H\n\nenum text_id {\n\tTEXT_NONE,\n");
	for (EACH(text, catalog, texts))
		str_addf(&out, "\t%s,\n", text->constant);
	str_add(&out, "\tTEXT_COUNT\n};\n\n#endif\n");
	return out.text;
}

/* --- files ------------------------------------------------------------------------------ */

static bool has_content(struct arena *arena, const char *path, const char *content)
{
	cleanup(cleanup_file) FILE *file = fopen(path, "re");
	size_t length = strlen(content);
	char *old;

	if (!file)
		return false;
	old = arena_alloc(arena, length + 1);
	return fread(old, 1, length + 1, file) == length && memcmp(old, content, length) == 0;
}

static int write_file(struct catalog *catalog, const char *folder, const char *name,
                      const char *content)
{
	const char *path = arena_printf(catalog->arena, "%s/%s", folder, name);
	FILE *file;
	bool written;

	if (has_content(catalog->arena, path, content))
		return 0;
	file = fopen(path, "we");
	if (!file)
		return error_output(catalog->error, "%s: cannot be written: %s", path,
		                    strerror(errno));
	written = fputs(content, file) >= 0;
	if (fclose(file) || !written)
		return error_output(catalog->error, "%s: cannot be written: %s", path,
		                    strerror(errno));
	return 0;
}

static const struct section {
	const char *option;
	int (*read)(struct catalog *catalog, const char *file);
} sections[] = {
	{ "--texts", read_texts },
	{ "--codes", read_codes },
	{ "--profiles", read_profile },
	{ "--mariadb-errors", read_header },
};

static const struct section *section_of(const char *argument)
{
	for (size_t i = 0; i < sizeof(sections) / sizeof(*sections); i++)
		if (str_equal(argument, sections[i].option))
			return &sections[i];
	return NULL;
}

static int compile(struct catalog *catalog, char **arguments)
{
	const char *folder = *arguments ? *arguments++ : "-";
	const struct section *section = NULL;

	if (*folder == '-' || !*arguments || !section_of(*arguments))
		return error_usage(catalog->error, "usage: compile OUTDIR --texts FILE... --codes "
		                                   "FILE... --profiles FILE... "
		                                   "[--mariadb-errors FILE]");
	for (; *arguments; arguments++) {
		const struct section *next = section_of(*arguments);

		if (next)
			section = next;
		else if (section->read(catalog, *arguments))
			return -1;
	}
	if (sort_texts(catalog) || sort_entries(catalog) || sort_profiles(catalog))
		return -1;
	gather_strings(catalog);
	place_strings(catalog);
	if (write_file(catalog, folder, "text_ids.h", make_ids(catalog)))
		return -1;
	return write_file(catalog, folder, "tables.c", make_tables(catalog));
}

int main(int argc, char **argv)
{
	static const int statuses[] = {
		[ERROR_NONE] = 0,    [ERROR_USAGE] = 64,  [ERROR_BUG] = 70,
		[ERROR_OUTPUT] = 74, [ERROR_CONFIG] = 78,
	};
	struct error error = { 0 };
	struct catalog catalog = { .arena = arena_new(), .error = &error };

	if (argc > 0 && compile(&catalog, argv + 1))
		fprintf(stderr, "%s\n", error.text);
	arena_free(catalog.arena);
	return statuses[error.kind];
}
