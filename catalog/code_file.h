#ifndef CATALOG_CODE_FILE_H
#define CATALOG_CODE_FILE_H

#include "catalog/tables.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct error;
struct yaml;

/*
 * The one reader of files of codes (catalog/codes, and a site's own): compile.c makes tables of what
 * it reads, `migdoctor lint` says whether a file is right.
 */

/* See CATALOG_FIELDS. */
enum code_field_shape { CODE_SHAPE_ONE, CODE_SHAPE_BOTH, CODE_SHAPE_LIST, CODE_SHAPE_NUMBER };

enum code_field {
#define CODE_FIELD(name, shape, required) CODE_FIELD_##name,
	CATALOG_FIELDS(CODE_FIELD)
#undef CODE_FIELD
		CODE_FIELD_COUNT
};

struct code_entry {
	const char *id, *family, *shown;
	bool is_symbol;    /* its code is a symbol still, see header.h */
	const char *level; /* "warning", "error", "fatal", or NULL */
	/* In the order of enum lang; a field of one text has it in both places, an absent one NULL; a
	 * list has LIST_MARK between its texts, a number is its digits. */
	const char *values[CODE_FIELD_COUNT][TABLE_LANGS];
	const struct yaml *at;
};

struct code_file {
	size_t count;
	struct code_entry *entries; /* in the order of the file */
};

extern const enum code_field_shape code_field_shapes[CODE_FIELD_COUNT];
/* "en", "zh": the keys of a text in both languages. */
extern const char *const code_languages[TABLE_LANGS];

/* Reads a file. `classes:` gives codes that name a class its title, cause and fix where they have none
 * of their own. Refused with file:line:column: unknown keys, levels and classes, a missing language
 * or text, an empty text, control characters, a code that cannot be one. NULL and *error on
 * failure. */
const struct code_file *code_file_read(struct arena *arena, const char *file, struct error *error);

/* Sorts entries by id and refuses the second of two with the same. */
int code_entries_sort(struct code_entry *entries, size_t count, struct error *error);

/* Refuses a text that is empty, begins or ends with a space, or holds what a terminal or a reader
 * of source would obey instead of showing; and the same for a map of both languages. */
int code_text_refuse(const struct yaml *node, const char *name, struct error *error);
int code_both_refuse(const struct yaml *map, struct error *error);

/* Which of two places comes first: by file, then by line. */
int code_places_compare(const struct yaml *a, const struct yaml *b);

#endif
