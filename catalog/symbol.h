#ifndef CATALOG_SYMBOL_H
#define CATALOG_SYMBOL_H

/* How symbols are put in order and compared, when tables are made and when they are looked into: in
 * any case, with MASTER, SLAVE and MTS read as SOURCE, REPLICA and MTA. */
int symbol_compare(const char *a, const char *b);

#endif
