#include "cmd/render/term.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "catalog/base/utf8.h"

#include <sys/ioctl.h>
#include <unistd.h>

#define REPLACEMENT "\xEF\xBF\xBD"

bool colour_when_find(const char *word, enum colour_when *ret)
{
	static const char *const words[] = {
		[COLOUR_AUTO] = "auto",
		[COLOUR_ALWAYS] = "always",
		[COLOUR_NEVER] = "never",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_equal(word, words[i])) {
			*ret = (enum colour_when)i;
			return true;
		}
	return false;
}

/* A terminal that understands escape sequences. */
static bool is_capable(int fd)
{
	const char *term = getenv("TERM");

	return isatty(fd) && term && *term && !str_equal(term, "dumb");
}

bool term_has_colour(enum colour_when when, int fd)
{
	const char *no_color = getenv("NO_COLOR");

	if (when != COLOUR_AUTO)
		return when == COLOUR_ALWAYS;
	return !(no_color && *no_color) && is_capable(fd);
}

unsigned term_width(int fd)
{
	struct winsize size;
	long long columns;

	if (!isatty(fd))
		return 0;
	if (ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	if (getenv("COLUMNS") && str_to_int(getenv("COLUMNS"), &columns) && columns > 0 &&
	    columns < 10000)
		return (unsigned)columns;
	return 80;
}

size_t code_next(const char *text, uint32_t *ret_code)
{
	static const unsigned char payload[] = { 0, 0x7F, 0x1F, 0x0F, 0x07 };
	size_t length = utf8_length(text);

	if (!*text)
		return 0;
	*ret_code = CODE_INVALID;
	if (length == 0)
		return 1;

	uint32_t code = (unsigned char)text[0] & payload[length];
	for (size_t i = 1; i < length; i++)
		code = code << 6 | ((unsigned char)text[i] & 0x3F);
	*ret_code = code;
	return length;
}

struct range {
	uint32_t first, last;
};

static bool is_among(uint32_t code, const struct range *ranges, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (code >= ranges[i].first && code <= ranges[i].last)
			return true;
	return false;
}

bool code_is_hidden(uint32_t code)
{
	static const struct range hidden[] = {
		{ 0x00, 0x1F },     { 0x7F, 0x9F },     { 0xAD, 0xAD },     { 0x034F, 0x034F },
		{ 0x061C, 0x061C }, { 0x115F, 0x1160 }, { 0x17B4, 0x17B5 }, { 0x180B, 0x180F },
		{ 0x200B, 0x200F }, { 0x2028, 0x202E }, { 0x2060, 0x206F }, { 0x3164, 0x3164 },
		{ 0xFEFF, 0xFEFF }, { 0xFFA0, 0xFFA0 }, { 0xFFF0, 0xFFFB }, { 0xE0000, 0xE0FFF },
	};

	return is_among(code, hidden, sizeof(hidden) / sizeof(hidden[0]));
}

unsigned code_width(uint32_t code)
{
	/* East Asian wide and fullwidth characters, and the emoji that terminals draw wide. */
	static const struct range wide[] = {
		{ 0x1100, 0x115F },   { 0x231A, 0x231B },   { 0x23E9, 0x23EC },
		{ 0x2E80, 0x303E },   { 0x3041, 0xA4CF },   { 0xA960, 0xA97F },
		{ 0xAC00, 0xD7A3 },   { 0xF900, 0xFAFF },   { 0xFE30, 0xFE6F },
		{ 0xFF01, 0xFF60 },   { 0xFFE0, 0xFFE6 },   { 0x16FE0, 0x18DFF },
		{ 0x1B000, 0x1B2FF }, { 0x1F300, 0x1F64F }, { 0x1F680, 0x1F6FF },
		{ 0x1F900, 0x1FAFF }, { 0x20000, 0x3FFFD },
	};
	static const struct range combining[] = {
		{ 0x0300, 0x036F }, { 0x0483, 0x0489 }, { 0x0591, 0x05BD }, { 0x064B, 0x065F },
		{ 0x1AB0, 0x1AFF }, { 0x1DC0, 0x1DFF }, { 0x20D0, 0x20FF }, { 0x302A, 0x302D },
		{ 0xFE00, 0xFE0F }, { 0xFE20, 0xFE2F },
	};

	if (code < 0x300)
		return 1;
	if (is_among(code, combining, sizeof(combining) / sizeof(combining[0])))
		return 0;
	return is_among(code, wide, sizeof(wide) / sizeof(wide[0])) ? 2 : 1;
}

unsigned text_width(const char *text)
{
	unsigned width = 0;
	uint32_t code;

	for (size_t length; (length = code_next(text, &code)) > 0; text += length)
		width += code_width(code);
	return width;
}

const char *text_valid(struct arena *arena, const char *text)
{
	if (!text || utf8_is_valid(text))
		return text;

	struct str copy = str_new(arena);
	uint32_t code;
	for (size_t length; (length = code_next(text, &code)) > 0; text += length) {
		if (code == CODE_INVALID)
			str_add(&copy, REPLACEMENT);
		else
			str_add_n(&copy, text, length);
	}
	return copy.text;
}

static bool is_kept(uint32_t code, const char *keep)
{
	return code < 0x80 && strchr(keep, (int)code);
}

const char *term_safe(struct arena *arena, const char *text, const char *keep)
{
	if (!text)
		return NULL;

	struct str safe = str_new(arena);
	uint32_t code;
	for (size_t length; (length = code_next(text, &code)) > 0; text += length) {
		if (code == CODE_INVALID)
			str_addf(&safe, "\\x%02x", (unsigned)(unsigned char)*text);
		else if (!code_is_hidden(code) || is_kept(code, keep))
			str_add_n(&safe, text, length);
		else
			str_addf(&safe, code < 0x80 ? "\\x%02x" : "\\u%04x", (unsigned)code);
	}
	return safe.text;
}

void term_progress(FILE *file, const char *text)
{
	unsigned width = term_width(fileno(file)), used = 0;
	const char *end = text;
	uint32_t code;

	if (!is_capable(fileno(file)))
		return;
	/* A line that wrapped could not be taken back. */
	for (size_t length; (length = code_next(end, &code)) > 0; end += length) {
		used += code_width(code);
		if (used >= width)
			break;
	}
	fprintf(file, "\r\033[K%.*s", (int)(end - text), text);
	fflush(file);
}

void term_progress_end(FILE *file)
{
	term_progress(file, "");
}
