#include "catalog/base/yaml.h"

#include "catalog/base/arena.h"
#include "catalog/base/cleanup.h"
#include "catalog/base/error.h"
#include "catalog/base/str.h"

#include <errno.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#define MAX_BYTES ((size_t)16 * 1024 * 1024)
#define MAX_DEPTH 32

/* --- bytes into a tree ------------------------------------------------------------------ */

struct reader {
	struct arena *arena;
	const char *file;
	const char *text, *end;
	yaml_parser_t *parser;
	struct error *error;
	size_t line;            /* the last line that was looked for, and where it begins: */
	const char *line_start; /* events come in order, so the search goes on from there */
};

/* libyaml counts lines as YAML 1.1 does; places are only right if we count the same. */
static size_t break_width(const char *p, const char *end)
{
	if (*p == '\r')
		return p + 1 < end && p[1] == '\n' ? 2 : 1;
	if (*p == '\n')
		return 1;
	if (end - p >= 2 && memcmp(p, "\xc2\x85", 2) == 0)
		return 2;
	if (end - p >= 3 &&
	    (memcmp(p, "\xe2\x80\xa8", 3) == 0 || memcmp(p, "\xe2\x80\xa9", 3) == 0))
		return 3;
	return 0;
}

static size_t utf8_width(const char *p, const char *end)
{
	const char *next = p + 1;

	while (next < end && ((unsigned char)*next & 0xc0) == 0x80)
		next++;
	return (size_t)(next - p);
}

static const char *line_at(struct reader *reader, size_t line)
{
	const char *p = reader->line_start;

	if (line < reader->line) {
		reader->line = 0;
		p = reader->text;
	}
	while (reader->line < line && p < reader->end) {
		size_t width = break_width(p, reader->end);

		p += width ? width : 1;
		reader->line += width != 0;
	}
	reader->line_start = p;
	return p;
}

static int refuse_mark(struct reader *reader, yaml_mark_t mark, const char *words)
{
	return error_at(reader->error, reader->file, (unsigned)mark.line + 1,
	                (unsigned)mark.column + 1, "%s", words);
}

/* In brackets libyaml lets tabs indent, where people and other readers disagree on their width. */
static int refuse_tab(struct reader *reader, yaml_mark_t mark)
{
	const char *start = line_at(reader, mark.line), *p = start;

	while (p < reader->end && *p == ' ')
		p++;
	if (p == reader->end || *p != '\t')
		return 0;
	mark.column = (size_t)(p - start);
	return refuse_mark(reader, mark, "a tab in the indentation; YAML indents with spaces");
}

/* Byte offset to line and column, for errors below the level of lines. */
static yaml_mark_t mark_of_offset(const struct reader *reader, size_t offset)
{
	const char *p = reader->text, *at = p + offset;
	yaml_mark_t mark = { 0 };

	while (p < at && p < reader->end) {
		size_t width = break_width(p, reader->end);

		mark.line += width != 0;
		mark.column = width ? 0 : mark.column + 1;
		p += width ? width : utf8_width(p, reader->end);
	}
	return mark;
}

static int refuse_bytes(struct reader *reader)
{
	const yaml_parser_t *parser = reader->parser;
	yaml_mark_t mark = mark_of_offset(reader, parser->problem_offset);
	char words[64];

	if (!strstr(parser->problem, "control"))
		return refuse_mark(reader, mark, "this is not UTF-8; save the file as UTF-8");
	snprintf(words, sizeof(words), "a control character, U+%04X; remove it",
	         (unsigned)parser->problem_value);
	return refuse_mark(reader, mark, words);
}

/* libyaml's words name its own states; ours say what to do. */
static const struct syntax_problem {
	const char *problem;
	bool at_context; /* the place to look at is where the thing began */
	const char *words;
} syntax_problems[] = {
	{ "mapping values are not allowed in this context", false,
	  "a ':' cannot stand here; indent the keys of a map alike, and put a text that contains "
	  "': ' in quotes" },
	{ "did not find expected key", false,
	  "this fits no map above; indent the keys of a map alike, and put a text that begins with "
	  "a quote, bracket or brace in quotes as a whole" },
	{ "did not find expected '-' indicator", false,
	  "this fits no list above; begin each item with '- ' and indent the items alike" },
	{ "block sequence entries are not allowed in this context", false,
	  "a '- ' item cannot stand here; begin a list on the line after its key" },
	{ "mapping keys are not allowed in this context", false,
	  "a '?' cannot stand here; put a text that begins with '? ' in quotes" },
	{ "did not find expected node content", false,
	  "a value is missing before this; write '' for an empty text" },
	{ "did not find expected ',' or ']'", false,
	  "a list in brackets goes on with ',' or ends with ']'; put a text that contains one of "
	  ", [ ] { } in quotes" },
	{ "did not find expected ',' or '}'", false,
	  "a map in braces goes on with ',' or ends with '}'; put a text that contains one of "
	  ", [ ] { } in quotes" },
	{ "could not find expected ':'", true,
	  "a key without a value; write `key: value`, with a space after the ':'" },
	{ "found unexpected end of stream", true, "a text in quotes that never ends; close it" },
	{ "found unexpected document indicator", true,
	  "a text in quotes that never ends; close it" },
	{ "found character that cannot start any token", false,
	  "a text cannot begin with this character; put it in quotes" },
	{ "found unknown escape character", false,
	  "an unknown escape; write \\\\ for a backslash in double quotes, or use single quotes" },
	{ "did not find expected hexdecimal number", false,
	  "\\x, \\u and \\U need 2, 4 and 8 hexadecimal digits; write \\\\ for a backslash" },
	{ "did not find expected alphabetic or numeric character", false,
	  "a text cannot begin with & or *; put it in quotes" },
	{ "found unexpected ':'", false,
	  "a ':' in brackets or braces needs a space after it, or its text quotes around it" },
	{ "did not find expected whitespace or line break", true,
	  "tags (!word) are not used here; put a text that begins with ! in quotes" },
	{ "found undefined tag handle", false,
	  "tags (!word) are not used here; put a text that begins with ! in quotes" },
	{ "did not find expected <document start>", false,
	  "something stands after the end of the document; remove it" },
	{ "did not find expected comment or line break", false,
	  "after | or > the text begins on the next line; put a text that begins with one of them "
	  "in quotes" },
};

static char char_at(struct reader *reader, yaml_mark_t mark)
{
	const char *p = line_at(reader, mark.line);

	for (; p < reader->end && mark.column; mark.column--)
		p += utf8_width(p, reader->end);
	return p < reader->end ? *p : '\0';
}

static int refuse_syntax(struct reader *reader)
{
	const yaml_parser_t *parser = reader->parser;
	const char *problem = parser->problem ? parser->problem : "out of memory";
	char words[256];

	if (parser->error == YAML_READER_ERROR)
		return refuse_bytes(reader);
	if (refuse_tab(reader, parser->problem_mark))
		return -1;
	if (char_at(reader, parser->problem_mark) == '\t')
		return refuse_mark(reader, parser->problem_mark, "a tab; YAML indents with spaces");
	for (size_t i = 0; i < sizeof(syntax_problems) / sizeof(*syntax_problems); i++) {
		const struct syntax_problem *known = &syntax_problems[i];

		if (str_equal(problem, known->problem))
			return refuse_mark(reader,
			                   known->at_context ? parser->context_mark
			                                     : parser->problem_mark,
			                   known->words);
	}
	snprintf(words, sizeof(words), "not YAML: %s", problem);
	return refuse_mark(reader, parser->problem_mark, words);
}

static int next_event(struct reader *reader, yaml_event_t *event)
{
	return yaml_parser_parse(reader->parser, event) ? 0 : refuse_syntax(reader);
}

static struct yaml *new_node(struct reader *reader, const yaml_event_t *event, enum yaml_type type)
{
	struct yaml *node = arena_new_of(reader->arena, struct yaml);

	node->type = type;
	node->file = reader->file;
	node->line = (unsigned)event->start_mark.line + 1;
	node->column = (unsigned)event->start_mark.column + 1;
	return node;
}

static bool is_null(const char *text)
{
	return !*text || str_equal(text, "~") || str_equal(text, "null") ||
	       str_equal(text, "Null") || str_equal(text, "NULL");
}

static const struct yaml *read_scalar(struct reader *reader, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;
	size_t length = event->data.scalar.length;
	bool quoted = event->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	struct yaml *node;

	if (memchr(text, '\0', length)) {
		refuse_mark(reader, event->start_mark,
		            "a NUL character (\\0) in a text; remove it");
		return NULL;
	}
	node = new_node(reader, event, quoted || !is_null(text) ? YAML_SCALAR : YAML_NULL);
	node->quoted = quoted;
	node->text = node->type == YAML_SCALAR ? arena_strndup(reader->arena, text, length) : NULL;
	return node;
}

/* What was read is never quoted in these messages: it may be half of a password. */
static int refuse_properties(struct reader *reader, const yaml_event_t *event)
{
	const yaml_char_t *anchor = NULL, *tag = NULL;

	if (event->type == YAML_SCALAR_EVENT) {
		anchor = event->data.scalar.anchor;
		tag = event->data.scalar.tag;
	} else if (event->type == YAML_SEQUENCE_START_EVENT) {
		anchor = event->data.sequence_start.anchor;
		tag = event->data.sequence_start.tag;
	} else if (event->type == YAML_MAPPING_START_EVENT) {
		anchor = event->data.mapping_start.anchor;
		tag = event->data.mapping_start.tag;
	} else if (event->type == YAML_ALIAS_EVENT) {
		return refuse_mark(reader, event->start_mark,
		                   "aliases (*name) are not used here; repeat the value, and put a "
		                   "text that begins with * in quotes");
	}
	if (anchor)
		return refuse_mark(reader, event->start_mark,
		                   "anchors (&name) are not used here; repeat the value, and put a "
		                   "text that begins with & in quotes");
	if (tag)
		return refuse_mark(reader, event->start_mark,
		                   "tags (!word) are not used here; put a text that begins with ! "
		                   "in quotes");
	return 0;
}

struct nodes {
	const struct yaml **at;
	size_t count, room;
};

static void add_node(struct arena *arena, struct nodes *nodes, const struct yaml *node)
{
	if (nodes->count == nodes->room) {
		size_t room = nodes->room ? nodes->room * 2 : 4;
		const struct yaml **larger = arena_array(arena, room, sizeof(*larger));

		if (nodes->count)
			memcpy(larger, nodes->at, nodes->count * sizeof(*larger));
		nodes->at = larger;
		nodes->room = room;
	}
	nodes->at[nodes->count++] = node;
}

static const struct yaml *read_node(struct reader *reader, const yaml_event_t *event,
                                    unsigned depth);

/* Reads the next node, or sets *ret_end where the list or map ends instead. */
static const struct yaml *read_next(struct reader *reader, unsigned depth, bool *ret_end)
{
	cleanup(yaml_event_delete) yaml_event_t event = { 0 };

	if (next_event(reader, &event))
		return NULL;
	*ret_end = event.type == YAML_SEQUENCE_END_EVENT || event.type == YAML_MAPPING_END_EVENT;
	return *ret_end ? NULL : read_node(reader, &event, depth);
}

static const struct yaml *read_list(struct reader *reader, const yaml_event_t *event,
                                    unsigned depth)
{
	struct yaml *list = new_node(reader, event, YAML_LIST);
	struct nodes items = { 0 };

	for (;;) {
		bool end = false;
		const struct yaml *item = read_next(reader, depth + 1, &end);

		if (!item && !end)
			return NULL;
		if (end)
			break;
		add_node(reader->arena, &items, item);
	}
	list->items = items.at;
	list->count = items.count;
	return list;
}

static int compare_keys(const void *a, const void *b)
{
	const struct yaml *one = *(const struct yaml *const *)a;
	const struct yaml *two = *(const struct yaml *const *)b;
	int order = strcmp(one->text, two->text);

	if (order)
		return order;
	if (one->line != two->line)
		return one->line < two->line ? -1 : 1;
	return one->column < two->column ? -1 : one->column > two->column;
}

/* Sorted, so that a map of a million keys does not take a trillion comparisons. */
static int refuse_duplicates(struct reader *reader, const struct nodes *keys)
{
	const struct yaml **sorted;

	if (keys->count < 2)
		return 0;
	sorted = arena_array(reader->arena, keys->count, sizeof(*sorted));
	memcpy(sorted, keys->at, keys->count * sizeof(*sorted));
	qsort(sorted, keys->count, sizeof(*sorted), compare_keys);
	for (size_t i = 1; i < keys->count; i++)
		if (str_equal(sorted[i - 1]->text, sorted[i]->text))
			return yaml_refuse(sorted[i], reader->error,
			                   "the key \"%s\" stands twice in one map, first in line "
			                   "%u; remove one",
			                   sorted[i]->text, sorted[i - 1]->line);
	return 0;
}

/* A key is a word even if it looks like null; an empty one is `: value`. */
static const struct yaml *read_key(struct reader *reader, unsigned depth, bool *ret_end)
{
	const struct yaml *key = read_next(reader, depth, ret_end);

	if (!key || key->type == YAML_SCALAR)
		return key;
	if (key->type == YAML_NULL)
		yaml_refuse(key, reader->error,
		            "an empty key; write `key: value`, and null or ~ as a key in quotes");
	else
		yaml_refuse(key, reader->error, "a key is one word, and this is a %s",
		            key->type == YAML_LIST ? "list" : "map");
	return NULL;
}

static const struct yaml *read_map(struct reader *reader, const yaml_event_t *event, unsigned depth)
{
	struct yaml *map = new_node(reader, event, YAML_MAP);
	struct nodes keys = { 0 }, values = { 0 };

	for (;;) {
		bool end = false;
		const struct yaml *key = read_key(reader, depth + 1, &end), *value;

		if (!key && !end)
			return NULL;
		if (end)
			break;
		value = read_next(reader, depth + 1, &end);
		if (!value)
			return NULL;
		add_node(reader->arena, &keys, key);
		add_node(reader->arena, &values, value);
	}
	if (refuse_duplicates(reader, &keys))
		return NULL;
	map->keys = keys.at;
	map->items = values.at;
	map->count = keys.count;
	return map;
}

static const struct yaml *read_node(struct reader *reader, const yaml_event_t *event,
                                    unsigned depth)
{
	if (refuse_properties(reader, event) || refuse_tab(reader, event->start_mark))
		return NULL;
	if (event->type == YAML_SCALAR_EVENT)
		return read_scalar(reader, event);
	if (depth >= MAX_DEPTH) {
		refuse_mark(reader, event->start_mark,
		            "lists and maps nested deeper than 32; make it flatter");
		return NULL;
	}
	if (event->type == YAML_SEQUENCE_START_EVENT)
		return read_list(reader, event, depth);
	return read_map(reader, event, depth);
}

static const struct yaml *read_stream(struct reader *reader)
{
	const struct yaml *root = NULL;

	for (;;) {
		cleanup(yaml_event_delete) yaml_event_t event = { 0 };

		if (next_event(reader, &event))
			return NULL;
		switch (event.type) {
		case YAML_STREAM_START_EVENT:
		case YAML_DOCUMENT_END_EVENT:
			break;
		case YAML_DOCUMENT_START_EVENT:
			if (!root)
				break;
			refuse_mark(reader, event.start_mark,
			            "a second document; keep one in a file, and remove the ---");
			return NULL;
		case YAML_STREAM_END_EVENT:
			event.start_mark = (yaml_mark_t){ 0 };
			return root ? root : new_node(reader, &event, YAML_NULL);
		default:
			root = read_node(reader, &event, 0);
			if (!root)
				return NULL;
		}
	}
}

const struct yaml *yaml_read_text(struct arena *arena, const char *file, const char *text,
                                  size_t length, struct error *error)
{
	cleanup(yaml_parser_delete) yaml_parser_t parser = { 0 };
	struct reader reader = { .arena = arena, .parser = &parser, .error = error };

	reader.file = arena_strdup(arena, file);
	if (length > MAX_BYTES) {
		error_at(error, file, 0, 0,
		         "more than 16 MiB; this cannot be the file that was meant");
		return NULL;
	}
	if (length >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
		text += 3;
		length -= 3;
	}
	if (!yaml_parser_initialize(&parser)) {
		error_bug(error, "libyaml does not start: out of memory");
		return NULL;
	}
	reader.text = reader.line_start = text;
	reader.end = text + length;
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, length);
	return read_stream(&reader);
}

const char *yaml_file_text(struct arena *arena, const char *file, size_t *ret_length,
                           struct error *error)
{
	cleanup(cleanup_file) FILE *stream = fopen(file, "re");
	struct str bytes = str_new(arena);
	char part[16384];
	size_t got = 1;

	while (stream && got && bytes.length <= MAX_BYTES) {
		got = fread(part, 1, sizeof(part), stream);
		str_add_n(&bytes, part, got);
	}
	if (!stream || ferror(stream)) {
		error_at(error, file, 0, 0,
		         "cannot be read: %s; check the path and the permissions", strerror(errno));
		return NULL;
	}
	*ret_length = bytes.length;
	return bytes.text;
}

const struct yaml *yaml_read_file(struct arena *arena, const char *file, struct error *error)
{
	size_t length;
	const char *text = yaml_file_text(arena, file, &length, error);

	return text ? yaml_read_text(arena, file, text, length, error) : NULL;
}

/* --- what may stand in a map ------------------------------------------------------------ */

int yaml_refuse(const struct yaml *node, struct error *error, const char *format, ...)
{
	char text[sizeof(error->text)];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	return error_at(error, node->file, node->line, node->column, "%s", text);
}

/* How many bytes of a value a message shows: a whole number of characters. */
static int shown(const char *text)
{
	size_t length = strlen(text), limit = 60;

	if (length <= limit)
		return (int)length;
	while (limit && ((unsigned char)text[limit] & 0xc0) == 0x80)
		limit--;
	return (int)limit;
}

/* Refuses a value for what it is. Texts are shown only where a number, a flag or one of a few
 * words is due: elsewhere they may be secrets that slipped out of their place. */
static int refuse_value(const struct yaml *value, const char *name, bool may_show,
                        const char *wanted, struct error *error)
{
	if (value->type == YAML_NULL)
		return yaml_refuse(value, error, "%s is empty; it should be %s", name, wanted);
	if (value->type == YAML_LIST || value->type == YAML_MAP)
		return yaml_refuse(value, error, "%s is a %s; it should be %s", name,
		                   value->type == YAML_LIST ? "list" : "map", wanted);
	if (!may_show)
		return yaml_refuse(value, error, "%s is a text; it should be %s", name, wanted);
	return yaml_refuse(value, error, "%s is %s\"%.*s\"; it should be %s", name,
	                   value->quoted ? "the quoted text " : "", shown(value->text), value->text,
	                   wanted);
}

static const char *joined(struct arena *arena, const char *const *words)
{
	struct str all = str_new(arena);

	for (size_t i = 0; words[i]; i++) {
		if (i)
			str_add(&all, words[i + 1] ? ", " : " or ");
		str_add(&all, words[i]);
	}
	return all.text;
}

static bool is_word_of(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (str_equal(text, *words))
			return true;
	return false;
}

/* One text, which must not be null, and be one of the key's words if it has such. */
static int judge_text(const struct yaml *value, const char *name, const struct yaml_key *key,
                      struct arena *scratch, struct error *error)
{
	const char *nearest;

	if (value->type != YAML_SCALAR && !key->one_of)
		return refuse_value(
			value, name, false,
			value->type == YAML_NULL
				? "a text, in quotes if it begins with # or is ~ or null"
				: "a text",
			error);
	if (value->type != YAML_SCALAR)
		return refuse_value(value, name, false, joined(scratch, key->one_of), error);
	if (!key->one_of || is_word_of(value->text, key->one_of))
		return 0;
	nearest = str_nearest(value->text, key->one_of);
	return refuse_value(value, name, true,
	                    nearest ? arena_printf(scratch, "%s; did you mean \"%s\"?",
	                                           joined(scratch, key->one_of), nearest)
	                            : joined(scratch, key->one_of),
	                    error);
}

static int judge_texts(const struct yaml *value, const char *name, const struct yaml_key *key,
                       struct arena *scratch, struct error *error)
{
	if (value->type != YAML_LIST && value->type != YAML_MAP)
		return judge_text(value, name, key, scratch, error);
	if (value->type == YAML_MAP)
		return refuse_value(value, name, false, "a text or a list of texts", error);
	if (!value->count)
		return yaml_refuse(value, error, "%s is an empty list; give at least one text",
		                   name);
	for (size_t i = 0; i < value->count; i++)
		if (judge_text(value->items[i],
		               arena_printf(scratch, "item %zu of %s", i + 1, name), key, scratch,
		               error))
			return -1;
	return 0;
}

static bool has_range(const struct yaml_key *key)
{
	return key->min || key->max;
}

static int judge_int(const struct yaml *value, const char *name, const struct yaml_key *key,
                     struct arena *scratch, struct error *error)
{
	const char *wanted = "a whole number";
	long long number;

	if (has_range(key))
		wanted = arena_printf(scratch, "a whole number from %lld to %lld", key->min,
		                      key->max);
	if (value->type != YAML_SCALAR || !str_to_int(value->text, &number))
		return refuse_value(value, name, true, wanted, error);
	if (value->quoted)
		return refuse_value(value, name, true,
		                    arena_printf(scratch, "%s without quotes", wanted), error);
	if (has_range(key) && (number < key->min || number > key->max))
		return refuse_value(value, name, true, wanted, error);
	return 0;
}

static bool parse_bool(const char *text, bool *ret)
{
	if (str_equal_nocase(text, "true"))
		*ret = true;
	else if (str_equal_nocase(text, "false"))
		*ret = false;
	else
		return false;
	return true;
}

static int judge_bool(const struct yaml *value, const char *name, const struct yaml_key *key,
                      struct arena *scratch, struct error *error)
{
	bool flag;

	(void)key;
	(void)scratch;
	if (value->type != YAML_SCALAR || !parse_bool(value->text, &flag))
		return refuse_value(value, name, true, "true or false", error);
	if (value->quoted)
		return refuse_value(value, name, true, "true or false, without quotes", error);
	return 0;
}

static int judge_size(const struct yaml *value, const char *name, const struct yaml_key *key,
                      struct arena *scratch, struct error *error)
{
	long long bytes;

	(void)key;
	(void)scratch;
	if (value->type != YAML_SCALAR || !yaml_parse_size(value->text, &bytes))
		return refuse_value(value, name, true,
		                    "a number of bytes, such as 1048576, 512M or 2T (K, M, G and T "
		                    "are powers of 1024)",
		                    error);
	return 0;
}

static int judge_duration(const struct yaml *value, const char *name, const struct yaml_key *key,
                          struct arena *scratch, struct error *error)
{
	long long seconds;

	(void)key;
	(void)scratch;
	if (value->type != YAML_SCALAR || !yaml_parse_duration(value->text, &seconds))
		return refuse_value(
			value, name, true,
			"a number of seconds, or a duration such as 30s, 10m, 12h or 3d", error);
	return 0;
}

static int judge_both(const struct yaml *value, const char *name, const struct yaml_key *key,
                      struct arena *scratch, struct error *error)
{
	static const struct yaml_key languages[] = { { .name = "en", .required = true },
		                                     { .name = "zh", .required = true },
		                                     { 0 } };

	(void)key;
	(void)scratch;
	if (value->type != YAML_MAP)
		return refuse_value(value, name, false,
		                    "a text in both languages: {en: \"...\", zh: \"...\"}", error);
	if (yaml_expect(value, name, languages, error))
		return -1;
	for (size_t i = 0; i < value->count; i++)
		if (!value->items[i]->text[0])
			return yaml_refuse(value->items[i], error,
			                   "\"%s\" of %s is empty; write the text",
			                   value->keys[i]->text, name);
	return 0;
}

static int judge_list(const struct yaml *value, const char *name, const struct yaml_key *key,
                      struct arena *scratch, struct error *error)
{
	(void)key;
	(void)scratch;
	return value->type == YAML_LIST ? 0 : refuse_value(value, name, false, "a list", error);
}

static int judge_map(const struct yaml *value, const char *name, const struct yaml_key *key,
                     struct arena *scratch, struct error *error)
{
	(void)key;
	(void)scratch;
	return value->type == YAML_MAP
	               ? 0
	               : refuse_value(value, name, false, "a map of `key: value`", error);
}

static int judge_any(const struct yaml *value, const char *name, const struct yaml_key *key,
                     struct arena *scratch, struct error *error)
{
	(void)value;
	(void)name;
	(void)key;
	(void)scratch;
	(void)error;
	return 0;
}

static int (*const judges[])(const struct yaml *value, const char *name, const struct yaml_key *key,
                             struct arena *scratch, struct error *error) = {
	[YAML_WANT_TEXT] = judge_text,         [YAML_WANT_INT] = judge_int,
	[YAML_WANT_BOOL] = judge_bool,         [YAML_WANT_SIZE] = judge_size,
	[YAML_WANT_DURATION] = judge_duration, [YAML_WANT_TEXTS] = judge_texts,
	[YAML_WANT_BOTH] = judge_both,         [YAML_WANT_LIST] = judge_list,
	[YAML_WANT_MAP] = judge_map,           [YAML_WANT_ANY] = judge_any,
};

static int refuse_key(const struct yaml *key, const char *what, const struct yaml_key *keys,
                      struct arena *scratch, struct error *error)
{
	const char *colon = strchr(key->text, ':'), *nearest;
	size_t count = 0;
	const char **names;

	/* `{password:secret}` is a key without a value to YAML. Its second half stays unsaid. */
	if (colon && colon > key->text)
		return yaml_refuse(key, error, "write a space after the ':' of \"%.*s\"",
		                   (int)(colon - key->text), key->text);
	while (keys[count].name)
		count++;
	names = arena_array(scratch, count + 1, sizeof(*names));
	for (size_t i = 0; i < count; i++)
		names[i] = keys[i].name;
	nearest = str_nearest(key->text, names);
	if (nearest)
		return yaml_refuse(key, error, "%s has no key \"%.*s\"; did you mean \"%s\"?", what,
		                   shown(key->text), key->text, nearest);
	return yaml_refuse(key, error, "%s has no key \"%.*s\"; it may have: %s", what,
	                   shown(key->text), key->text, joined(scratch, names));
}

static int expect(const struct yaml *map, const char *what, const struct yaml_key *keys,
                  struct arena *scratch, struct error *error)
{
	if (map->type != YAML_MAP)
		return refuse_value(map, what, false, "a map of `key: value`", error);
	for (size_t i = 0; i < map->count; i++) {
		const struct yaml_key *key = keys;
		const char *name;

		while (key->name && !str_equal(key->name, map->keys[i]->text))
			key++;
		if (!key->name)
			return refuse_key(map->keys[i], what, keys, scratch, error);
		name = arena_printf(scratch, "\"%s\"", key->name);
		if (judges[key->want](map->items[i], name, key, scratch, error))
			return -1;
	}
	for (const struct yaml_key *key = keys; key->name; key++)
		if (key->required && !yaml_get(map, key->name))
			return yaml_refuse(map, error, "%s lacks \"%s\"; add it", what, key->name);
	return 0;
}

int yaml_expect(const struct yaml *map, const char *what, const struct yaml_key *keys,
                struct error *error)
{
	struct arena *scratch = arena_new();
	int result = expect(map, what, keys, scratch, error);

	arena_free(scratch);
	return result;
}

/* --- values of a map that was accepted -------------------------------------------------- */

const struct yaml *yaml_get(const struct yaml *map, const char *key)
{
	if (!map || map->type != YAML_MAP)
		return NULL;
	for (size_t i = 0; i < map->count; i++)
		if (str_equal(map->keys[i]->text, key))
			return map->items[i];
	return NULL;
}

const char *yaml_text(const struct yaml *map, const char *key)
{
	const struct yaml *value = yaml_get(map, key);

	return value ? value->text : NULL;
}

long long yaml_int(const struct yaml *map, const char *key, long long otherwise)
{
	const char *text = yaml_text(map, key);

	if (text)
		str_to_int(text, &otherwise);
	return otherwise;
}

bool yaml_bool(const struct yaml *map, const char *key, bool otherwise)
{
	const char *text = yaml_text(map, key);

	if (text)
		parse_bool(text, &otherwise);
	return otherwise;
}

long long yaml_size(const struct yaml *map, const char *key, long long otherwise)
{
	const char *text = yaml_text(map, key);

	if (text)
		yaml_parse_size(text, &otherwise);
	return otherwise;
}

long long yaml_duration(const struct yaml *map, const char *key, long long otherwise)
{
	const char *text = yaml_text(map, key);

	if (text)
		yaml_parse_duration(text, &otherwise);
	return otherwise;
}

const char *const *yaml_texts(struct arena *arena, const struct yaml *map, const char *key)
{
	const struct yaml *value = yaml_get(map, key);
	size_t count = !value ? 0 : value->type == YAML_LIST ? value->count : 1;
	const char **texts = arena_array(arena, count + 1, sizeof(*texts));

	for (size_t i = 0; i < count; i++)
		texts[i] = value->type == YAML_LIST ? value->items[i]->text : value->text;
	return texts;
}

/* --- numbers with a unit ---------------------------------------------------------------- */

struct unit {
	char letter;
	long long factor;
};

/* Digits and at most one letter of the table, which ends with a zeroed unit. */
static bool parse_units(const char *text, const struct unit *units, long long *ret)
{
	size_t digits = strspn(text, "0123456789");
	long long factor = 1, number, product;
	char copy[24];

	if (!digits || digits >= sizeof(copy))
		return false;
	if (text[digits]) {
		while (units->letter && units->letter != text[digits])
			units++;
		if (!units->letter || text[digits + 1])
			return false;
		factor = units->factor;
	}
	memcpy(copy, text, digits);
	copy[digits] = '\0';
	if (!str_to_int(copy, &number) || __builtin_mul_overflow(number, factor, &product))
		return false;
	*ret = product;
	return true;
}

bool yaml_parse_size(const char *text, long long *ret_bytes)
{
	static const struct unit units[] = {
		{ 'K', 1LL << 10 },
		{ 'M', 1LL << 20 },
		{ 'G', 1LL << 30 },
		{ 'T', 1LL << 40 },
		{ 0 },
	};

	return parse_units(text, units, ret_bytes);
}

bool yaml_parse_duration(const char *text, long long *ret_seconds)
{
	static const struct unit units[] = {
		{ 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 }, { 0 },
	};

	return parse_units(text, units, ret_seconds);
}
