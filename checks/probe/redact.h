#ifndef CHECKS_PROBE_REDACT_H
#define CHECKS_PROBE_REDACT_H

#include <stdbool.h>

struct arena;

/*
 * Takes secrets out of text that is shown or written down: lines of logs, answers of services, values
 * of settings. It rather masks a word too many than one too few.
 */

/* Whether what a setting of this name holds is secret: it names a password, a token, a key. */
bool redact_is_secret(const char *key);

/* The text with "***" in place of each secret; itself where it holds none. Secret is what follows
 * a word like password, secret or token and `=` or `:`, to the end of its quotes or to the next
 * blank; what follows IDENTIFIED BY; the rest of the line after Authorization; and in a URL what
 * stands between user and host. */
const char *redact_text(struct arena *arena, const char *text);

#endif
