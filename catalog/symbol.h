#ifndef CATALOG_SYMBOL_H
#define CATALOG_SYMBOL_H

/* How symbols are put in order and compared, when tables are made and when they are looked into: in
 * any case, with MASTER and SLAVE read as SOURCE and REPLICA. */
int symbol_compare(const char *a, const char *b);

#endif
