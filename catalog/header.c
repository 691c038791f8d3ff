#include "catalog/header.h"

#include "catalog/base/arena.h"
#include "catalog/base/error.h"
#include "catalog/base/str.h"
#include "catalog/base/yaml.h"
#include "catalog/symbol.h"

#include <stdlib.h>
#include <string.h>

/* The ends of the header's sections are no errors, and unused numbers mean nothing. */
static bool is_error(const char *symbol)
{
	return (str_starts(symbol, "ER_") || str_starts(symbol, "WARN_")) &&
	       !str_starts(symbol, "ER_ERROR_FIRST") && !str_starts(symbol, "ER_ERROR_LAST") &&
	       !str_starts(symbol, "ER_UNUSED");
}

/* Reads "#define SYMBOL NUMBER" at a line. */
static bool read_line(struct arena *arena, const char *line, size_t length,
                      struct header_error *ret)
{
	static const char define[] = "#define ";
	const char *symbol = line + sizeof(define) - 1;
	size_t symbol_length;

	if (length < sizeof(define) || strncmp(line, define, sizeof(define) - 1) != 0)
		return false;
	symbol_length = strcspn(symbol, " \t\n");
	if (symbol_length + sizeof(define) >= length)
		return false;
	ret->symbol = arena_strndup(arena, symbol, symbol_length);
	symbol += symbol_length + strspn(symbol + symbol_length, " \t");
	return is_error(ret->symbol) &&
	       str_to_int(arena_strndup(arena, symbol, strspn(symbol, "0123456789")), &ret->number);
}

const struct header *header_read(struct arena *arena, const char *file, struct error *error)
{
	struct header *header = arena_new_of(arena, struct header);
	struct header_error *errors;
	size_t length, lines = 1;
	const char *text = yaml_file_text(arena, file, &length, error);

	if (!text)
		return NULL;
	for (size_t i = 0; i < length; i++)
		lines += text[i] == '\n';
	errors = arena_array(arena, lines, sizeof(*errors));
	for (const char *line = text; *line;) {
		size_t line_length = strcspn(line, "\n");

		if (read_line(arena, line, line_length, &errors[header->count]))
			header->count++;
		line += line_length + (line[line_length] == '\n');
	}
	header->errors = errors;
	if (header->count)
		return header;
	error_at(error, file, 0, 0,
	         "has no line #define ER_... NUMBER; it should be mysqld_error.h");
	return NULL;
}

/* --- from symbols to numbers ------------------------------------------------------------------- */

static const struct code_entry *find_symbol(const struct code_entry *entries, size_t count,
                                            const char *symbol)
{
	for (size_t i = 0; i < count; i++)
		if (entries[i].is_symbol &&
		    str_equal(entries[i].values[CODE_FIELD_symbol][0], symbol))
			return &entries[i];
	return NULL;
}

static int compare_ids(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The ids and symbols of family mysql, "mysql:1146 ER_NO_SUCH_TABLE", in order. */
static const char **shared_names(struct arena *arena, const struct code_entry *entries,
                                 size_t count, size_t *ret_count)
{
	const char **names = arena_array(arena, count + 1, sizeof(*names));

	*ret_count = 0;
	for (size_t i = 0; i < count; i++)
		if (str_equal(entries[i].family, "mysql") &&
		    entries[i].values[CODE_FIELD_symbol][0])
			names[(*ret_count)++] = arena_printf(
				arena, "%s %s", entries[i].id,
				symbol_normal(arena, entries[i].values[CODE_FIELD_symbol][0]));
	qsort(names, *ret_count, sizeof(*names), compare_ids);
	return names;
}

static struct code_entry numbered(struct arena *arena, const struct code_entry *from,
                                  const struct header_error *error)
{
	struct code_entry entry = *from;

	entry.is_symbol = false;
	entry.id = arena_printf(arena, "%s:%lld", from->family, error->number);
	entry.shown = arena_printf(arena, "MariaDB %lld", error->number);
	for (size_t i = 0; i < TABLE_LANGS; i++)
		entry.values[CODE_FIELD_symbol][i] = error->symbol;
	return entry;
}

struct code_entry *header_number(struct arena *arena, const struct header *header,
                                 const struct code_entry *entries, size_t count, size_t *ret_count)
{
	struct code_entry *all = arena_array(arena, count + header->count + 1, sizeof(*all));
	const struct code_entry *any = find_symbol(entries, count, "*");
	size_t shared_count, made = 0;
	const char **shared = shared_names(arena, entries, count, &shared_count);

	for (size_t i = 0; i < count; i++)
		if (!entries[i].is_symbol)
			all[made++] = entries[i];
	for (size_t i = 0; any && i < header->count; i++) {
		const struct header_error *error = &header->errors[i];
		const struct code_entry *own = find_symbol(entries, count, error->symbol);
		const char *name = arena_printf(arena, "mysql:%lld %s", error->number,
		                                symbol_normal(arena, error->symbol));

		if (!own && bsearch(&name, shared, shared_count, sizeof(*shared), compare_ids))
			continue;
		all[made++] = numbered(arena, own ? own : any, error);
	}
	*ret_count = made;
	return all;
}
