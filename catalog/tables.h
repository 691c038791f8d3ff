#ifndef CATALOG_TABLES_H
#define CATALOG_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * The tables that catalog/compile.c writes and that catalog.c, text.c and profiles/ look into.
 * Every text stands once in one block and is named by its offset: a pointer would have to be
 * relocated at each start of a position-independent program. Offset 0 is no text.
 */

/* English and Chinese, in the order of enum lang. */
#define TABLE_LANGS 2

/*
 * The fields that an entry of catalog/codes may have beside `code` and `level`: key, shape in YAML and
 * in the table, whether every entry has it, of its own or from its class. A further field is one line
 * here and one member of struct catalog_entry.
 *   ONE     a text
 *   BOTH    a text in both languages
 *   LIST    texts, in the table one text with LIST_MARK between them
 *   NUMBER  a whole number from 0 on; NO_NUMBER where there is none
 */
#define CATALOG_FIELDS(FIELD)          \
	FIELD(symbol, ONE, false)      \
	FIELD(sqlstate, ONE, false)    \
	FIELD(kind, ONE, false)        \
	FIELD(since, ONE, false)       \
	FIELD(mysql, NUMBER, false)    \
	FIELD(ora, NUMBER, false)      \
	FIELD(pls, NUMBER, false)      \
	FIELD(usual, ONE, false)       \
	FIELD(message, ONE, false)     \
	FIELD(ora_message, ONE, false) \
	FIELD(match, LIST, false)      \
	FIELD(class, ONE, false)       \
	FIELD(title, BOTH, true)       \
	FIELD(cause, BOTH, true)       \
	FIELD(fix, BOTH, true)         \
	FIELD(source, ONE, true)

#define LIST_MARK "\x1f"
#define NO_NUMBER (-1)

struct catalog_row {
	uint32_t id, family, shown;
	uint32_t level; /* enum level */
#define CATALOG_COLUMN_ONE(name) uint32_t name;
#define CATALOG_COLUMN_BOTH(name) uint32_t name[TABLE_LANGS];
#define CATALOG_COLUMN_LIST(name) uint32_t name;
#define CATALOG_COLUMN_NUMBER(name) int32_t name;
#define CATALOG_COLUMN(name, shape, required) CATALOG_COLUMN_##shape(name)
	CATALOG_FIELDS(CATALOG_COLUMN)
};

struct text_row {
	uint32_t name;
	uint32_t in[TABLE_LANGS];
};

/* A rule that raises a code: "profile/rule". In order of code, then as the profiles have them. */
struct rule_row {
	uint32_t code, rule;
};

struct profile_row {
	uint32_t name, text, length;
};

extern const char table_strings[];
/* In order of id, of name and of name; text rows are indexed by enum text_id. */
extern const struct catalog_row table_catalog[];
extern const size_t table_catalog_count;
/* Places in table_catalog of the entries that have the key, in order of the key, then of id. The
 * numbers are those of family ob alone: of mysql the number is the code. */
extern const uint32_t table_by_symbol[], table_by_mysql[], table_by_ora[], table_by_pls[];
extern const size_t table_by_symbol_count, table_by_mysql_count, table_by_ora_count,
	table_by_pls_count;
extern const struct rule_row table_rules[];
extern const size_t table_rules_count;
extern const struct text_row table_texts[];
extern const struct profile_row table_profiles[];
extern const size_t table_profiles_count;

/* The text at an offset, or NULL where there is none. */
static inline const char *table_string(uint32_t offset)
{
	return offset ? table_strings + offset : NULL;
}

/* The built-in profiles in order of name: the name without ".yaml", and the file as it was when the
 * program was built. False past the last. In catalog.c. */
bool builtin_profile(size_t index, const char **ret_name, const char **ret_text,
                     size_t *ret_length);

#endif
