#ifndef CATALOG_BASE_UTF8_H
#define CATALOG_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* How many bytes the UTF-8 character at `text` has, 1 to 4; 0 where the bytes are no UTF-8: stray
 * or missing continuation bytes, overlong forms, surrogates, beyond U+10FFFF. Reads no further
 * than a NUL. The NUL itself is a character of one byte. */
size_t utf8_length(const char *text);

/* Whether the whole text is UTF-8. */
bool utf8_is_valid(const char *text);

#endif
