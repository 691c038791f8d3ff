#include "checks/core/objects.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "catalog/base/utf8.h"

#include <string.h>

/* The longest name of a schema or table that a server of the MySQL family takes. */
#define LONGEST_NAME 64

#define RIGHT_FORM "write db.table, db.* for a whole schema or *.* for everything"

/* --- reading a pattern ------------------------------------------------------------------- */

struct reader {
	struct arena *arena;
	const char *at;
	const char *why; /* set by whatever refuses */
};

static bool refuse(struct reader *reader, const char *why)
{
	reader->why = why;
	return false;
}

static bool read_quoted(struct reader *reader, struct object_name *ret)
{
	struct str text = str_new(reader->arena);
	const char *c = reader->at + 1;

	for (; *c; c++) {
		if (*c == '`' && c[1] != '`')
			break;
		str_add_char(&text, *c);
		c += *c == '`';
	}
	if (!*c)
		return refuse(reader, "opens a backtick and does not close it; " RIGHT_FORM
		                      ", and a backtick within a name twice: `a``b`.c");
	reader->at = c + 1;
	if (*reader->at && *reader->at != '.')
		return refuse(reader, "goes on after a closing backtick; quote the whole name "
		                      "(`a b`.c), and write a backtick within it twice");
	*ret = (struct object_name){ .text = text.text, .quoted = true };
	return true;
}

static bool read_plain(struct reader *reader, struct object_name *ret)
{
	size_t length = strcspn(reader->at, ".`'\", ;");
	char end = reader->at[length];

	*ret = (struct object_name){ .text = arena_strndup(reader->arena, reader->at, length) };
	reader->at += length;
	if (!end || end == '.')
		return true;
	if (end == ',' || end == ';')
		return refuse(reader,
		              arena_printf(reader->arena,
		                           "holds a '%c'; give every pattern on its own, "
		                           "and a name that holds one in backticks: `a%cb`.c",
		                           end, end));
	if (end == ' ')
		return refuse(reader, "holds a space; a name that has one stands in backticks: "
		                      "`a b`.c");
	return refuse(reader, arena_printf(reader->arena,
	                                   "holds a %c within a name; names are quoted whole, with "
	                                   "backticks: `a b`.c",
	                                   end));
}

/* Whether a name can be one of a server: wildcards may stand for any part of it. */
static bool name_fits(struct reader *reader, const struct object_name *name)
{
	size_t characters = 0;

	for (const char *c = name->text; *c; c += utf8_length(c))
		characters += name->quoted || *c != '*';
	if (characters > LONGEST_NAME)
		return refuse(reader, arena_printf(reader->arena,
		                                   "has a name of %zu characters; no server takes "
		                                   "more than %d",
		                                   characters, LONGEST_NAME));
	return true;
}

static bool read_name(struct reader *reader, struct object_name *ret)
{
	bool read = *reader->at == '`' ? read_quoted(reader, ret) : read_plain(reader, ret);

	return read && name_fits(reader, ret);
}

static bool text_is_clean(struct reader *reader, const char *text)
{
	if (!*text)
		return refuse(reader, "is empty; " RIGHT_FORM);
	if (!utf8_is_valid(text))
		return refuse(reader, "is not UTF-8; write it in a UTF-8 terminal or file");
	for (; *text; text++) {
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return refuse(reader, arena_printf(reader->arena,
			                                   "holds the control character 0x%02x; "
			                                   "take it out",
			                                   (unsigned)*text));
	}
	return true;
}

/* What a name looks like in a proposal. */
static const char *proposal(struct arena *arena, const struct object_name *name)
{
	return name->quoted ? object_written(arena, name->text, NULL) : name->text;
}

static bool refuse_further_parts(struct reader *reader, const struct object_pattern *read)
{
	struct arena *arena = reader->arena;
	struct object_name third = { .text = "" };

	reader->at++;
	if (!read_name(reader, &third))
		return false;
	if (*reader->at)
		return refuse(reader, "has more than three parts; write db.table, and a name that "
		                      "holds a dot in backticks: `a.b`.c");
	return refuse(reader,
	              arena_printf(arena,
	                           "has three parts; write db.table, and a name that holds a dot "
	                           "in backticks: %s.%s",
	                           object_written(arena,
	                                          arena_printf(arena, "%s.%s", read->schema.text,
	                                                       read->table.text),
	                                          NULL),
	                           *third.text ? proposal(arena, &third) : "*"));
}

static bool read_pattern(struct reader *reader, struct object_pattern *ret)
{
	struct arena *arena = reader->arena;

	if (!text_is_clean(reader, reader->at) || !read_name(reader, &ret->schema))
		return false;
	if (!*reader->at)
		return refuse(reader, arena_printf(arena,
		                                   "has one part; write %s.* for the whole schema, "
		                                   "or db.table",
		                                   *ret->schema.text ? proposal(arena, &ret->schema)
		                                                     : "db"));
	reader->at++;
	if (!*ret->schema.text)
		return refuse(reader, "names no schema before the dot; " RIGHT_FORM);
	if (!read_name(reader, &ret->table))
		return false;
	if (!*ret->table.text)
		return refuse(reader, arena_printf(arena,
		                                   "names no table after the dot; write %s.* for "
		                                   "the whole schema",
		                                   proposal(arena, &ret->schema)));
	return !*reader->at || refuse_further_parts(reader, ret);
}

int object_pattern_parse(struct arena *arena, const char *text, struct object_pattern *ret,
                         const char **ret_why)
{
	struct reader reader = { .arena = arena, .at = text };
	struct object_pattern pattern = { .written = arena_strdup(arena, text) };

	if (!read_pattern(&reader, &pattern)) {
		*ret_why = reader.why;
		return -1;
	}
	*ret = pattern;
	return 0;
}

/* --- matching ---------------------------------------------------------------------------- */

static bool is_everything(const struct object_name *name)
{
	return !name->quoted && str_equal(name->text, "*");
}

static bool name_matches(const struct object_name *name, const char *text)
{
	return name->quoted ? str_equal(name->text, text) : str_matches_glob(text, name->text);
}

bool object_pattern_matches(const struct object_pattern *pattern, const char *schema,
                            const char *table)
{
	return name_matches(&pattern->schema, schema) &&
	       (!table || name_matches(&pattern->table, table));
}

bool objects_match(const struct objects *objects, const char *schema, const char *table)
{
	bool included = objects->include_count == 0;

	for (size_t i = 0; i < objects->include_count && !included; i++)
		included = object_pattern_matches(&objects->include[i], schema, table);
	for (size_t i = 0; i < objects->exclude_count && included; i++) {
		const struct object_pattern *exclude = &objects->exclude[i];

		/* Leaving a table out leaves its schema in. */
		if (!table && !is_everything(&exclude->table))
			continue;
		included = !object_pattern_matches(exclude, schema, table);
	}
	return included;
}

/* --- scope ------------------------------------------------------------------------------- */

enum scope objects_scope(const struct object_pattern *include, size_t count)
{
	bool all_schemas = true;

	for (size_t i = 0; i < count; i++) {
		if (is_everything(&include[i].schema) && is_everything(&include[i].table))
			return SCOPE_INSTANCE;
		all_schemas = all_schemas && is_everything(&include[i].table);
	}
	if (count == 0)
		return SCOPE_INSTANCE;
	return all_schemas ? SCOPE_DATABASE : SCOPE_TABLE;
}

static const char *const scopes[SCOPE_COUNT] = {
	[SCOPE_INSTANCE] = "instance",
	[SCOPE_DATABASE] = "database",
	[SCOPE_TABLE] = "table",
};

const char *scope_name(enum scope scope)
{
	return scopes[scope];
}

bool scope_find(const char *name, enum scope *ret)
{
	for (int i = 0; i < SCOPE_COUNT; i++) {
		if (str_equal(scopes[i], name)) {
			*ret = (enum scope)i;
			return true;
		}
	}
	return false;
}

/* --- writing ----------------------------------------------------------------------------- */

#define DIGITS "0123456789"

static bool needs_quotes(const char *name)
{
	size_t length = strlen(name);

	return length == 0 || strspn(name, DIGITS) == length ||
	       strspn(name, DIGITS "_$abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") !=
	               length;
}

static void write_name(struct str *out, const char *name)
{
	if (!needs_quotes(name)) {
		str_add(out, name);
		return;
	}
	str_add_char(out, '`');
	for (; *name; name++) {
		str_add_char(out, *name);
		if (*name == '`')
			str_add_char(out, '`');
	}
	str_add_char(out, '`');
}

const char *object_written(struct arena *arena, const char *schema, const char *table)
{
	struct str out = str_new(arena);

	write_name(&out, schema);
	if (table) {
		str_add_char(&out, '.');
		write_name(&out, table);
	}
	return out.text;
}
