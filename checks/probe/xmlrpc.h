#ifndef CHECKS_PROBE_XMLRPC_H
#define CHECKS_PROBE_XMLRPC_H

#include "checks/core/facts.h"

struct arena;

/*
 * Answers of XML-RPC, read with expat, which is opened with dlopen when the first is. xmlrpc.c
 * alone includes <expat.h>. A peer may send anything: refused are a document type (and with it
 * every entity of its own), nesting deeper than 32, more than 8 MiB, and broken XML.
 */

/* Reads a list of structs (array/data/value/struct) as rows with the members that are asked for, a
 * list ended by NULL, as columns. A cell is the text of a string, int, i4, boolean or double; NULL
 * where the member is missing or of another type. Everything is copied into the arena.
 *
 * False where the answer is no such list; *ret_why keeps its statement and says why:
 * FAILURE_PROTOCOL, for a fault with its words ("fault 1 UNKNOWN_METHOD"), or FAILURE_LIBRARY. */
bool xmlrpc_structs(struct arena *arena, const char *body, size_t length,
                    const char *const *members, struct rows *ret, struct group_status *ret_why);

/* Whether a file is an expat with all that is needed, for the tests. Nothing is kept open after a
 * failure. */
bool xmlrpc_library_is_usable(struct arena *arena, const char *file, struct group_status *ret_why);

#endif
