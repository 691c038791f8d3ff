#ifndef CHECKS_PROBE_QUOTE_H
#define CHECKS_PROBE_QUOTE_H

#include <stddef.h>

struct arena;

/* Bytes from outside for a sentence of ours: at most `most` bytes of them, with "..." where more
 * follow; blanks and line ends as one space; '?' for what a terminal might obey and for what is no
 * UTF-8. */
const char *quote_bytes(struct arena *arena, const char *bytes, size_t length, size_t most);

/* What an answer is that should have been something else: "nothing", `HTML ("502 Bad Gateway")`,
 * `"Hello"`. */
const char *quote_answer(struct arena *arena, const char *body, size_t length);

#endif
