#ifndef CATALOG_QUERY_H
#define CATALOG_QUERY_H

#include "catalog/catalog.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

/*
 * From a person's words to the entries they mean: a code in any spelling, a symbol, a message, or
 * a whole line of a log with any of them in it. Needs nothing but memory, keeps nothing between
 * calls.
 */

/* What a person asks about. */
struct query_input {
	const char *words;    /* as typed, to be echoed */
	const char *text;     /* the words that are looked into */
	const char *facility; /* the facility word before them, or NULL */
	const char *argument; /* of `-a N`, or NULL */
};

struct query_match {
	struct catalog_entry entry;
	bool guess; /* a near miss, or what the range of an unknown number says */
};

/* Reads command-line words: each is one input, save that a facility word takes the word after
 * it, and `-a N`, `-a=N`, `--argument N` and `--argument=N` belong to the input before. Returns
 * how many inputs there are. */
size_t query_inputs(struct arena *arena, int count, const char *const *words,
                    const struct query_input **ret);

/* One input that is a whole line, or text of any length. */
struct query_input query_line(const char *line);

/* The entries that the input means, best first; guesses only where nothing is certain. Takes
 * time in proportion to the text. Returns how many there are. */
size_t query_find(struct arena *arena, const struct query_input *input,
                  const struct query_match **ret);

#endif
