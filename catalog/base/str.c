#include "catalog/base/str.h"

#include "catalog/base/arena.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct str str_new(struct arena *arena)
{
	struct str str = { .arena = arena, .room = 256 };

	str.text = arena_alloc(arena, str.room);
	return str;
}

void str_add_n(struct str *str, const char *text, size_t length)
{
	size_t needed = str->length + length + 1;

	if (needed > str->room) {
		size_t room = needed > SIZE_MAX / 4 ? needed : needed * 2;
		char *larger = arena_alloc(str->arena, room);

		memcpy(larger, str->text, str->length);
		str->text = larger;
		str->room = room;
	}
	memcpy(str->text + str->length, text, length);
	str->length += length;
	str->text[str->length] = '\0';
}

void str_add(struct str *str, const char *text)
{
	str_add_n(str, text, strlen(text));
}

void str_add_char(struct str *str, char c)
{
	str_add_n(str, &c, 1);
}

void str_addf(struct str *str, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	str_add(str, arena_vprintf(str->arena, format, args));
	va_end(args);
}

bool str_equal(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool str_equal_nocase(const char *a, const char *b)
{
	while (*a && lower(*a) == lower(*b)) {
		a++;
		b++;
	}
	return lower(*a) == lower(*b);
}

bool str_starts(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}

/* Past one character of UTF-8: a byte and those that continue it. */
static const char *next_character(const char *text)
{
	do
		text++;
	while (((unsigned char)*text & 0xc0) == 0x80);
	return text;
}

/* Remembers the last `*` alone: going back further can find nothing that going back to it cannot,
 * so hostile patterns cost length times length and not more. */
bool str_matches_glob(const char *text, const char *glob)
{
	const char *star = NULL, *from = NULL;

	while (*text) {
		if (*glob == '*') {
			star = glob++;
			from = text;
		} else if (*glob == '?') {
			glob++;
			text = next_character(text);
		} else if (*glob == *text) {
			glob++;
			text++;
		} else if (star) {
			glob = star + 1;
			text = ++from;
		} else {
			return false;
		}
	}
	while (*glob == '*')
		glob++;
	return *glob == '\0';
}

bool str_to_int(const char *text, long long *ret)
{
	const char *digits = *text == '-' ? text + 1 : text;
	long long value;

	if (!*digits || strspn(digits, "0123456789") != strlen(digits))
		return false;
	errno = 0;
	value = strtoll(text, NULL, 10);
	if (errno)
		return false;
	*ret = value;
	return true;
}

#define LONGEST_WORD 63

/* Levenshtein's distance, ASCII case ignored. */
static size_t distance(const char *a, const char *b)
{
	size_t row[LONGEST_WORD + 1], length = strlen(b);

	for (size_t j = 0; j <= length; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= length; j++) {
			size_t change = corner + (lower(a[i - 1]) != lower(b[j - 1]));
			size_t least = row[j] < row[j - 1] ? row[j] + 1 : row[j - 1] + 1;

			corner = row[j];
			row[j] = change < least ? change : least;
		}
	}
	return row[length];
}

const char *str_nearest(const char *word, const char *const *candidates)
{
	size_t length = strlen(word), best = length / 3 + 1;
	const char *nearest = NULL;

	if (length > LONGEST_WORD)
		return NULL;
	for (; *candidates; candidates++) {
		size_t apart;

		if (strlen(*candidates) > LONGEST_WORD)
			continue;
		apart = distance(word, *candidates);
		if (apart < best || (apart == best && !nearest)) {
			best = apart;
			nearest = *candidates;
		}
	}
	return nearest;
}
