#ifndef CATALOG_SEARCH_H
#define CATALOG_SEARCH_H

#include <stddef.h>
#include <stdint.h>

/*
 * Finds entries by words, in titles, symbols, messages, causes and fixes of both languages at
 * once. Words stand apart by spaces; a Chinese one is found within a sentence. Entries with all of
 * the words come before those with some, words in titles and symbols count more than those in
 * messages, these more than those in causes and fixes, whole words more than parts, and a short
 * title more than a long one. Writes the places for catalog_at() of the best, at most `most`, and
 * returns how many.
 */
size_t search_catalog(const char *words, uint32_t *ret_places, size_t most);

#endif
