#include "checks/probe/quote.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "catalog/base/utf8.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

enum {
	ANSWER_MOST = 60,        /* bytes of an answer that are quoted */
	TITLE_WITHIN = 64 << 10, /* how far a title is looked for */
};

static bool is_blank(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* C1 controls are two bytes of UTF-8 that some terminals obey; U+2028 and the marks that turn the
 * direction of writing stand from U+2028 to U+202E and U+2066 to U+2069. */
static bool is_obeyed(const char *bytes, size_t length)
{
	const unsigned char *byte = (const unsigned char *)bytes;

	if (length == 1)
		return *byte < 0x20 || *byte == 0x7f;
	if (length == 2)
		return byte[0] == 0xc2 && byte[1] < 0xa0;
	return length == 3 && byte[0] == 0xe2 &&
	       ((byte[1] == 0x80 && byte[2] >= 0xa8 && byte[2] <= 0xae) ||
	        (byte[1] == 0x81 && byte[2] >= 0xa6 && byte[2] <= 0xa9));
}

/* How many bytes the character has, none of them past the end; 0 where it is none. */
static size_t character_length(const char *bytes, size_t left)
{
	char copy[5] = "";
	size_t length;

	memcpy(copy, bytes, left < 4 ? left : 4);
	length = utf8_length(copy);
	return length <= left ? length : 0;
}

const char *quote_bytes(struct arena *arena, const char *bytes, size_t length, size_t most)
{
	struct str out = str_new(arena);
	size_t i = 0;

	while (i < length && is_blank(bytes[i]))
		i++;
	while (length > i && is_blank(bytes[length - 1]))
		length--;
	while (i < length) {
		size_t one = character_length(bytes + i, length - i);
		bool is_good = one && !is_obeyed(bytes + i, one);

		if (out.length + (is_good ? one : 1) > most) {
			str_add(&out, "...");
			break;
		}
		if (is_blank(bytes[i])) {
			str_add_char(&out, ' ');
			while (is_blank(bytes[i]))
				i++;
			continue;
		}
		if (is_good)
			str_add_n(&out, bytes + i, one);
		else
			str_add_char(&out, '?');
		i += one ? one : 1;
	}
	return out.text;
}

/* Where a word of ASCII stands, in any case; NULL: nowhere. */
static const char *find(const char *from, const char *end, const char *word)
{
	size_t length = strlen(word);

	for (; (size_t)(end - from) >= length; from++)
		if (!strncasecmp(from, word, length))
			return from;
	return NULL;
}

/* The words of a page outside its tags, as far as they are needed. */
static const char *without_tags(struct arena *arena, const char *from, const char *end,
                                size_t *ret_length)
{
	struct str words = str_new(arena);
	bool in_tag = false;

	for (; from < end && words.length < 4 * (size_t)ANSWER_MOST; from++) {
		if (*from == '<')
			in_tag = true;
		else if (*from == '>' && in_tag)
			str_add_char(&words, ' ');
		else if (!in_tag)
			str_add_char(&words, *from);
		if (*from == '>')
			in_tag = false;
	}
	*ret_length = words.length;
	return words.text;
}

static const char *quote_markup(struct arena *arena, const char *body, const char *end)
{
	const char *last = end - body > TITLE_WITHIN ? body + TITLE_WITHIN : end;
	const char *kind =
		find(body, last, "<html") || find(body, last, "<!doctype html") ? "HTML" : "XML";
	const char *title = find(body, last, "<title");
	const char *words = title ? memchr(title, '>', (size_t)(last - title)) : NULL;
	const char *stop = words ? find(++words, last, "</title") : NULL;
	size_t length = stop ? (size_t)(stop - words) : 0;

	if (!length)
		words = without_tags(arena, body, last, &length);
	words = quote_bytes(arena, words, length, ANSWER_MOST);
	return *words ? arena_printf(arena, "%s (\"%s\")", kind, words) : kind;
}

const char *quote_answer(struct arena *arena, const char *body, size_t length)
{
	const char *end = body + length;

	while (body < end && is_blank(*body))
		body++;
	if (body == end)
		return "nothing";
	if (*body == '<')
		return quote_markup(arena, body, end);
	return arena_printf(arena, "\"%s\"",
	                    quote_bytes(arena, body, (size_t)(end - body), ANSWER_MOST));
}
