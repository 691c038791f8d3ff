#ifndef CATALOG_CATALOG_H
#define CATALOG_CATALOG_H

#include "catalog/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What codes mean. The entries are compiled from catalog/codes by catalog/compile.c into tables of
 * offsets into one string block, sorted by id: nothing is parsed or allocated at start.
 */

/* The vendor's level of a code. Families without levels have LEVEL_NONE. */
enum level { LEVEL_NONE, LEVEL_WARNING, LEVEL_ERROR, LEVEL_FATAL };

/* A view of one entry. Texts are constants of the program; what an entry lacks is NULL, a number
 * that it lacks negative. */
struct catalog_entry {
	const char *id;     /* "dts:-262" */
	const char *family; /* "dts" */
	const char *shown;  /* as people see it: "DTS -262", "MD-2103", "CM-RESONF000001" */
	enum level level;
	const char *symbol; /* "ER_NO_SUCH_TABLE" */
	const char *sqlstate;
	const char *kind;    /* of mysql: who raises it: "server", "client", "global", ... */
	const char *since;   /* of mysql: the version that brought it, as far as known */
	int mysql;           /* of ob: the number that a client in MySQL mode sees */
	int ora, pls;        /* of ob: the number in Oracle mode, ORA- (and OBE-) or PLS- */
	const char *usual;   /* of sqlstate: the id of the code that clients mostly mean by it */
	const char *message; /* the vendor's text with its placeholders, or NULL */
	const char *ora_message; /* of ob: what Oracle mode prints after the number, if not that */
	const char *match;       /* fragments by which a message is known, LIST_MARK between them */
	const char *class;       /* the class whose cause and fix it has, or NULL: its own */
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

/* The places of a family's entries ("ob"): from *ret_first to before *ret_end. */
void catalog_family(const char *family, size_t *ret_first, size_t *ret_end);

/* The entries that a key leads to, in order of id: *ret points to their places for catalog_at().
 * Returns how many there are. */
enum catalog_key { CATALOG_BY_MYSQL, CATALOG_BY_ORA, CATALOG_BY_PLS };
size_t catalog_by_number(enum catalog_key key, int number, const uint32_t **ret);

/* By symbol in any case; MASTER and SOURCE, SLAVE and REPLICA, MTS and MTA are one word, because
 * MySQL 8.0.22 and later renamed symbols so, and 5.7 and MariaDB keep the old names. */
size_t catalog_by_symbol(const char *symbol, const uint32_t **ret);

/* The built-in rules that raise a code, also by a glob: "profile/rule", 0 on; NULL past the last. */
const char *catalog_rule(const char *id, size_t index);

/* "error", "fatal", "warning", or NULL for LEVEL_NONE. */
const char *level_name(enum level level);

#endif
