#ifndef CATALOG_CATALOG_H
#define CATALOG_CATALOG_H

#include "catalog/text.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * What codes mean. The entries are compiled from catalog/codes by catalog/compile.c into tables of
 * offsets into one string block, sorted by id: nothing is parsed or allocated at start.
 */

/* The vendor's level of a code. Families without levels have LEVEL_NONE. */
enum level { LEVEL_NONE, LEVEL_WARNING, LEVEL_ERROR, LEVEL_FATAL };

/* A view of one entry. Texts are constants of the program; what an entry lacks is NULL. */
struct catalog_entry {
	const char *id;     /* "dts:-262" */
	const char *family; /* "dts" */
	const char *shown;  /* as people see it: "DTS -262", "MD-2103", "CM-RESONF000001" */
	enum level level;
	const char *message; /* the vendor's text with its placeholders, or NULL */
	const char *title[LANG_COUNT];
	const char *cause[LANG_COUNT];
	const char *fix[LANG_COUNT];
	const char *source; /* where the entry comes from, in a few words */
};

/* Finds an entry by its exact id. False where there is none; *ret is then untouched. */
bool catalog_find(const char *id, struct catalog_entry *ret);

/* All entries in order of id: 0 to catalog_count() - 1. */
size_t catalog_count(void);
void catalog_at(size_t index, struct catalog_entry *ret);

/* "error", "fatal", "warning", or NULL for LEVEL_NONE. */
const char *level_name(enum level level);

#endif
