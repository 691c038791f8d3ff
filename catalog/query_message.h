#ifndef CATALOG_QUERY_MESSAGE_H
#define CATALOG_QUERY_MESSAGE_H

#include "catalog/query_resolve.h"

/*
 * The part of query.c that knows messages: by the fragments of an entry (`match`), and by the fixed
 * words of the vendor's text (`message`) in their order.
 */

/* A text, made ready to be looked into: in lower case, with single spaces, and cut where no message
 * of a person reaches. */
struct query_text {
	const char *text;
	const unsigned char *pairs; /* a bit for each two bytes that stand side by side */
};

struct query_text query_text_of(struct arena *arena, const char *text);

/* How surely a text holds an entry's message. */
enum query_found {
	QUERY_ABSENT,
	QUERY_PARTLY,  /* some of it, enough to guess */
	QUERY_VAGUELY, /* all of it, but it is short and the text is long */
	QUERY_SURELY,
};

/* *ret_weight is how many letters were found. */
enum query_found query_message_in(const struct query_text *text, const struct catalog_entry *entry,
                                  size_t *ret_weight);

/* Adds the entries whose message the text holds, the longest first: of one family, or of all for
 * NULL. Of a code that is known already, `is_beside` asks for certain ones alone. */
void query_messages(const struct query_hits *hits, const struct query_text *text,
                    const char *family, bool is_beside, struct query_matches *matches);

#endif
