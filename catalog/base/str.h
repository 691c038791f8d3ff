#ifndef CATALOG_BASE_STR_H
#define CATALOG_BASE_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct arena;

/* A text that grows in an arena. `text` is always NUL-terminated; start one with str_new(). */
struct str {
	struct arena *arena;
	char *text;
	size_t length;
	size_t room;
};

struct str str_new(struct arena *arena);
void str_add(struct str *str, const char *text);
void str_add_n(struct str *str, const char *text, size_t length);
void str_add_char(struct str *str, char c);
void str_addf(struct str *str, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Claims about text. Case is ignored for ASCII only, so that the locale decides nothing. */
bool str_equal(const char *a, const char *b);
bool str_equal_nocase(const char *a, const char *b);
bool str_starts(const char *text, const char *prefix);
/* The glob of --only, --skip and waivers: `*` and `?`; everything else stands for itself. */
bool str_matches_glob(const char *text, const char *glob);

/* Reads a whole decimal number, with an optional '-', and nothing else. False where text is no
 * such number or does not fit; *ret is then untouched. */
bool str_to_int(const char *text, long long *ret);

/* The candidate nearest to `word` by edit distance, or NULL where none is near (at most a third
 * of the word differs). Candidates end with NULL. For "did you mean". */
const char *str_nearest(const char *word, const char *const *candidates);

#endif
