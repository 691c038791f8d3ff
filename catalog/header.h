#ifndef CATALOG_HEADER_H
#define CATALOG_HEADER_H

#include "catalog/code_file.h"

/*
 * MariaDB's numbers, which its header mysqld_error.h has: they differ from release to release, so the
 * catalog's file names symbols, and the numbers are those of the header that the program is built with.
 */

/* An error of the header. */
struct header_error {
	const char *symbol;
	long long number;
};

struct header {
	size_t count;
	const struct header_error *errors; /* in order of the file */
};

/* Reads the lines `#define ER_SYMBOL NUMBER` of a header. NULL and *error where there is none. */
const struct header *header_read(struct arena *arena, const char *file, struct error *error);

/*
 * Turns the entries whose family is numbered by symbols into entries of numbers: an entry whose symbol
 * the header lacks falls away, and each error of the header that has no entry gets the texts of the
 * entry "*". What `entries` (all of the catalog, `count` of them) have under the same number and
 * symbol in family mysql is shared and gets none. Returns the new array and sets *ret_count.
 */
struct code_entry *header_number(struct arena *arena, const struct header *header,
                                 const struct code_entry *entries, size_t count, size_t *ret_count);

#endif
