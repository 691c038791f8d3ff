#ifndef CATALOG_QUERY_NAMES_H
#define CATALOG_QUERY_NAMES_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct query_hits;

/*
 * The part of query.c that knows how the catalog's codes and symbols are spelt: which ones there
 * are, and which are nearly what somebody wrote.
 */

/* Adds a hit for every entry of OMS with this code, and for an alert of this name; in any case, a
 * {type} of the catalog standing for any word, with or without what stands before the first dash.
 * Returns how many there are. */
size_t query_codes_find(struct query_hits *hits, const char *code, const char *at);

/* Whether a word with dashes begins as codes of OMS do. */
bool query_is_like_code(const char *word);

/* Whether a word may be a symbol, an alert or a code at all; whether it is named as symbols of
 * errors are, so that an unknown one is worth a near miss. */
bool query_is_like_symbol(const char *word);
bool query_is_named_as_error(const char *word);

/* The number of a symbol of the operating system, in capitals ("ECONNREFUSED"); 0 where it is
 * none. */
int query_os_number(const char *symbol);

/* The entries whose symbol or code of OMS is nearest to a word, as places for catalog_at(); at most
 * `most`. Returns how many are near. */
size_t query_nearest(const char *word, size_t *ret_places, size_t most);

#endif
