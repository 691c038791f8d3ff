#include "checks/probe/properties.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

#include <stdbool.h>
#include <string.h>

/* What stands in a text for a character that a C string cannot hold, and for half a surrogate. */
#define REPLACEMENT 0xfffdu

struct reader {
	struct arena *arena;
	const char *at, *end;
	size_t line;
	struct property *pairs;
	size_t count, room;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\f';
}

static bool is_break(char c)
{
	return c == '\n' || c == '\r';
}

static void skip_blanks(struct reader *reader)
{
	while (reader->at < reader->end && is_blank(*reader->at))
		reader->at++;
}

static void skip_break(struct reader *reader)
{
	if (reader->at == reader->end)
		return;
	if (*reader->at == '\r' && reader->at + 1 < reader->end && reader->at[1] == '\n')
		reader->at++;
	reader->at++;
	reader->line++;
}

static void skip_line(struct reader *reader)
{
	while (reader->at < reader->end && !is_break(*reader->at))
		reader->at++;
}

/* --- escapes ------------------------------------------------------------------------------------ */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Reads the four digits of \uXXXX that stand after the u. */
static bool read_unit(const char *p, const char *end, unsigned *ret)
{
	unsigned unit = 0;

	if (end - p < 4)
		return false;
	for (int i = 0; i < 4; i++) {
		int digit = hex_digit(p[i]);

		if (digit < 0)
			return false;
		unit = unit * 16 + (unsigned)digit;
	}
	*ret = unit;
	return true;
}

static void add_character(struct str *out, unsigned c)
{
	if (c < 0x80) {
		str_add_char(out, (char)c);
		return;
	}
	if (c < 0x800) {
		str_add_char(out, (char)(0xc0 | c >> 6));
	} else {
		if (c < 0x10000) {
			str_add_char(out, (char)(0xe0 | c >> 12));
		} else {
			str_add_char(out, (char)(0xf0 | c >> 18));
			str_add_char(out, (char)(0x80 | (c >> 12 & 0x3f)));
		}
		str_add_char(out, (char)(0x80 | (c >> 6 & 0x3f)));
	}
	str_add_char(out, (char)(0x80 | (c & 0x3f)));
}

/* Adds the character of \uXXXX, of which a second one may be the other half. */
static const char *add_unicode(struct str *out, const char *p, const char *end)
{
	unsigned c, low;

	if (!read_unit(p, end, &c)) {
		str_add_char(out, 'u');
		return p;
	}
	p += 4;
	if (c >= 0xd800 && c < 0xdc00 && end - p >= 6 && p[0] == '\\' && p[1] == 'u' &&
	    read_unit(p + 2, end, &low) && low >= 0xdc00 && low < 0xe000) {
		c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
		p += 6;
	}
	add_character(out, c == 0 || (c >= 0xd800 && c < 0xe000) ? REPLACEMENT : c);
	return p;
}

static const char *unescape(struct arena *arena, const char *p, const char *end)
{
	static const struct {
		char letter, meaning;
	} escapes[] = { { 't', '\t' }, { 'n', '\n' }, { 'r', '\r' }, { 'f', '\f' } };
	struct str out = str_new(arena);

	while (p < end) {
		char c = *p++;

		if (c == '\0') {
			add_character(&out, REPLACEMENT);
			continue;
		}
		if (c != '\\' || p == end) {
			str_add_char(&out, c);
			continue;
		}
		c = *p++;
		if (c == 'u') {
			p = add_unicode(&out, p, end);
			continue;
		}
		for (size_t i = 0; i < sizeof(escapes) / sizeof(escapes[0]); i++)
			if (c == escapes[i].letter)
				c = escapes[i].meaning;
		if (c)
			str_add_char(&out, c);
		else
			add_character(&out, REPLACEMENT);
	}
	return out.text;
}

/* --- lines -------------------------------------------------------------------------------------- */

/* One logical line, its escapes kept: a backslash before a break joins the next line to it. */
static struct str read_line(struct reader *reader)
{
	struct str line = str_new(reader->arena);

	while (reader->at < reader->end && !is_break(*reader->at)) {
		if (*reader->at != '\\') {
			str_add_char(&line, *reader->at++);
			continue;
		}
		reader->at++;
		if (reader->at == reader->end)
			break;
		if (is_break(*reader->at)) {
			skip_break(reader);
			skip_blanks(reader);
			continue;
		}
		str_add_char(&line, '\\');
		str_add_char(&line, *reader->at++);
	}
	return line;
}

static void add_pair(struct reader *reader, struct property pair)
{
	if (reader->count == reader->room) {
		size_t room = reader->room ? reader->room * 2 : 32;
		struct property *larger = arena_array(reader->arena, room, sizeof(*larger));

		if (reader->count)
			memcpy(larger, reader->pairs, reader->count * sizeof(*larger));
		reader->pairs = larger;
		reader->room = room;
	}
	reader->pairs[reader->count++] = pair;
}

static void read_pair(struct reader *reader)
{
	struct property pair = { .line = reader->line };
	struct str line = read_line(reader);
	const char *p = line.text, *end = line.text + line.length;
	bool has_separator = false;

	while (p < end && !is_blank(*p) && *p != '=' && *p != ':')
		p += *p == '\\' && p + 1 < end ? 2 : 1;
	pair.key = unescape(reader->arena, line.text, p);
	for (; p < end && (is_blank(*p) || (!has_separator && (*p == '=' || *p == ':'))); p++)
		has_separator |= !is_blank(*p);
	pair.value = unescape(reader->arena, p, end);
	add_pair(reader, pair);
}

size_t properties_read(struct arena *arena, const char *text, size_t length,
                       const struct property **ret)
{
	struct reader reader = { arena, text, text + length, .line = 1 };

	while (reader.at < reader.end) {
		skip_blanks(&reader);
		if (reader.at == reader.end)
			break;
		if (*reader.at == '#' || *reader.at == '!')
			skip_line(&reader);
		else if (!is_break(*reader.at))
			read_pair(&reader);
		skip_break(&reader);
	}
	*ret = reader.pairs;
	return reader.count;
}
