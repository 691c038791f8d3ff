#include "cmd/render/wrap.h"

#include "catalog/base/str.h"
#include "cmd/render/term.h"

#include <ctype.h>

/* Marks that may not begin a line: , . ; : ! ? ) and what Chinese writes for them. */
static bool is_closing(uint32_t code)
{
	static const uint32_t marks[] = { 0x2019, 0x201D, 0x2026, 0x3001, 0x3002, 0x3009, 0x300B,
		                          0x300D, 0x300F, 0x3011, 0xFF01, 0xFF05, 0xFF09, 0xFF0C,
		                          0xFF0E, 0xFF1A, 0xFF1B, 0xFF1F, 0xFF3D, 0xFF5D };

	if (code < 0x80)
		return strchr(",.;:!?)]}%", (int)code) != NULL;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (code == marks[i])
			return true;
	return false;
}

/* Marks that may not end a line. */
static bool is_opening(uint32_t code)
{
	static const uint32_t marks[] = { 0x2018, 0x201C, 0x3008, 0x300A, 0x300C,
		                          0x300E, 0x3010, 0xFF08, 0xFF3B, 0xFF5B };

	if (code < 0x80)
		return strchr("([{", (int)code) != NULL;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (code == marks[i])
			return true;
	return false;
}

static bool breaks_between(uint32_t before, uint32_t after)
{
	if (is_closing(after) || is_opening(before))
		return false;
	return code_width(before) == 2 || code_width(after) == 2;
}

/* A backtick inside a statement that begins a quoted name: `DROP TABLE `a b`.`c` PURGE`. */
static bool begins_name(const char *tick)
{
	unsigned char next = (unsigned char)tick[1];

	return strchr(" (,.=", tick[-1]) && (isalnum(next) || next == '_' || next >= 0x80);
}

/* How many bytes the quotation takes that begins with the backtick at `text`; 0 where it never
 * ends on its line. */
static size_t quotation_length(const char *text)
{
	size_t ends = strcspn(text, "\n"), first = 0;

	for (size_t i = 1; i < ends; i++) {
		if (text[i] != '`')
			continue;
		if (first == 0)
			first = i;
		if (!begins_name(text + i))
			return i + 1;
		for (i++; i < ends && text[i] != '`'; i++)
			continue;
	}
	return first > 0 ? first + 1 : 0;
}

/* The longest beginning of `text` that no line end may part. */
static size_t unit_length(const char *text)
{
	size_t length = 0;
	uint32_t before = 0, code;

	while (text[length] && !strchr(" \n", text[length])) {
		size_t step = code_next(text + length, &code);
		size_t quoted = code == '`' ? quotation_length(text + length) : 0;

		if (length > 0 && breaks_between(before, code))
			break;
		length += quoted > 0 ? quoted : step;
		before = code;
	}
	return length;
}

/* Copies a unit with its quotations marked. */
static void add_unit(struct str *out, const char *text, size_t length, const struct wrap *wrap)
{
	for (size_t i = 0; i < length;) {
		size_t quoted = text[i] == '`' ? quotation_length(text + i) : 0;

		if (quoted > 0 && wrap->quote_on) {
			str_add(out, wrap->quote_on);
			str_add_n(out, text + i, quoted);
			str_add(out, wrap->quote_off);
		} else {
			quoted = quoted > 0 ? quoted : 1;
			str_add_n(out, text + i, quoted);
		}
		i += quoted;
	}
}

static unsigned span_width(const char *text, size_t length)
{
	unsigned width = 0;
	uint32_t code;

	for (size_t i = 0; i < length;) {
		i += code_next(text + i, &code);
		width += code_width(code);
	}
	return width;
}

void wrap_add(struct str *out, const char *text, unsigned column, const struct wrap *wrap)
{
	size_t spaces = 0;
	bool begins = column <= wrap->indent;

	while (*text) {
		if (*text == ' ') {
			spaces++;
			text++;
			continue;
		}
		size_t length = *text == '\n' ? 0 : unit_length(text);
		unsigned width = span_width(text, length);
		bool overflows = wrap->width > 0 && column + spaces + width > wrap->width;

		if (length == 0 || (overflows && !begins)) {
			str_addf(out, "\n%*s", (int)wrap->indent, "");
			column = wrap->indent;
			begins = true;
		}
		if (length == 0) {
			text++;
			spaces = 0;
			continue;
		}
		if (begins)
			spaces = 0;
		str_addf(out, "%*s", (int)spaces, "");
		add_unit(out, text, length, wrap);
		column += (unsigned)spaces + width;
		text += length;
		spaces = 0;
		begins = false;
	}
}
