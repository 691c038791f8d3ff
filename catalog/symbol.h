#ifndef CATALOG_SYMBOL_H
#define CATALOG_SYMBOL_H

/* How symbols are put in order and compared, when tables are made and when they are looked into: in
 * any case, with MASTER, SLAVE and MTS read as SOURCE, REPLICA and MTA. */
int symbol_compare(const char *a, const char *b);

struct arena;

/* The form in which symbols are compared; without OBSOLETE_, which MySQL puts before a symbol that it
 * no longer raises and MariaDB still may. */
const char *symbol_normal(struct arena *arena, const char *symbol);

#endif
