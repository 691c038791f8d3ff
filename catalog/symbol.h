#ifndef CATALOG_SYMBOL_H
#define CATALOG_SYMBOL_H

/* How symbols are put in order and compared, when tables are made and when they are looked into: in
 * any case, with MASTER, SLAVE and MTS read as SOURCE, REPLICA and MTA, and without OBSOLETE_. */
int symbol_compare(const char *a, const char *b);

struct arena;

/* The form in which symbols are compared. */
const char *symbol_normal(struct arena *arena, const char *symbol);

#endif
