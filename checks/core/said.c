#include "checks/core/said.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

#include <string.h>

/* Longer than any name or number of OMS. */
#define LONGEST 128

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
	return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* Whether `c` is one of the characters; the end of a text is none. */
static bool is_of(const char *chars, char c)
{
	return c && strchr(chars, c);
}

/* The end of a word that stands here in any case, not as part of a longer one of ASCII; or NULL. */
static const char *after(const char *text, const char *word)
{
	size_t length = strlen(word);

	if (strncasecmp(text, word, length) != 0)
		return NULL;
	return is_word(word[length - 1]) && is_word(text[length]) ? NULL : text + length;
}

static const char *after_any(const char *text, const char *const *words)
{
	for (; *words; words++) {
		const char *end = after(text, *words);

		if (end)
			return end;
	}
	return NULL;
}

/* What may stand between a name and its value: blanks, quotes (escaped ones, too), a colon. */
static const char *skip_marks(const char *text)
{
	static const char colon[] = "\xEF\xBC\x9A"; /* the wide one of Chinese */

	for (;;) {
		if (is_of(" \t\"'`\\:=([{", *text))
			text++;
		else if (str_starts(text, colon))
			text += strlen(colon);
		else
			return text;
	}
}

/* --- values --------------------------------------------------------------------------------------- */

/* A number as it is printed, with its percent sign. No part of an address, a date or a word. */
static const char *read_number(struct arena *arena, const char *text, const char **ret_end)
{
	size_t length = strspn(text, "0123456789");

	if (!length)
		return NULL;
	if (text[length] == '.' && is_digit(text[length + 1]))
		length += 1 + strspn(text + length + 1, "0123456789");
	if (length > LONGEST || is_word(text[length]) ||
	    (is_of(".-:", text[length]) && is_digit(text[length + 1])))
		return NULL;
	length += text[length] == '%';
	*ret_end = text + length;
	return arena_strndup(arena, text, length);
}

/* A name made of word characters and a few others; NULL where more than that stands there. */
static const char *read_name(struct arena *arena, const char *text, const char *others)
{
	size_t length = 0;

	while (is_word(text[length]) || is_of(others, text[length]))
		length++;
	/* The full stop or colon of the sentence is no part of it. */
	while (length && is_of(".:-", text[length - 1]))
		length--;
	if (!length || length > LONGEST || is_of("(%{$", text[length]))
		return NULL;
	return arena_strndup(arena, text, length);
}

/* --- figures of a resource ------------------------------------------------------------------------ */

enum resource { CPU, MEMORY, DISK, RESOURCE_COUNT };

static const char *const resource_names[RESOURCE_COUNT] = { "cpu", "memory", "disk" };

static const struct resource_word {
	const char *word;
	enum resource resource;
} resource_words[] = {
	{ "cpu", CPU },    { "memory", MEMORY },
	{ "mem", MEMORY }, { "\xE5\x86\x85\xE5\xAD\x98", MEMORY }, /* nei4 cun2 */
	{ "disk", DISK },  { "\xE7\xA3\x81\xE7\x9B\x98", DISK },   /* ci2 pan2 */
};

/* Words between a resource and its number; those of a limit make the number one. */
static const char *const limit_words[] = {
	"threshold", "limited", "limit", "\xE9\x98\x88\xE5\x80\xBC", /* yu4 zhi2 */
	NULL,
};
static const char *const filler_words[] = {
	"usage",
	"used",
	"current",
	"is",
	"the",
	"\xE4\xBD\xBF\xE7\x94\xA8\xE7\x8E\x87", /* shi3 yong4 lv4: usage */
	"\xE5\xBD\x93\xE5\x89\x8D",             /* dang1 qian2: current */
	"\xE4\xB8\xBA",                         /* wei2: is */
	NULL,
};
static const char *const exceed_words[] = {
	"exceed", "exceeds", "exceeded", "exceeding", "\xE8\xB6\x85\xE8\xBF\x87", /* chao1 guo4 */
	NULL,
};

struct figures {
	const char *used, *limit, *host;
	bool joined; /* used and limit stand in one clause */
	const char *at;
};

struct reader {
	struct arena *arena;
	const char *host; /* the last that was named */
	const char *first_host;
	struct figures of[RESOURCE_COUNT];
};

/* Goes over filler to a number. *is_limit turns true where a word said so. */
static const char *find_number(struct reader *reader, const char *text, bool *is_limit,
                               const char **ret_end)
{
	const char *end;

	for (;; text = end) {
		text = skip_marks(text);
		end = after_any(text, limit_words);
		*is_limit |= end != NULL;
		if (!end)
			end = after_any(text, filler_words);
		if (!end)
			return read_number(reader->arena, text, ret_end);
	}
}

static void read_figures(struct reader *reader, enum resource resource, const char *text)
{
	struct figures *figures = &reader->of[resource];
	bool is_limit = false, is_second = true;
	const char *end, *number = find_number(reader, text, &is_limit, &end), *clause;

	if (!number)
		return;
	if (is_limit) {
		figures->limit = figures->limit ? figures->limit : number;
		return;
	}
	if (figures->used)
		return;
	figures->used = number;
	figures->host = reader->host;
	figures->at = text;
	clause = after_any(skip_marks(end), exceed_words);
	number = clause ? find_number(reader, clause, &is_second, &end) : NULL;
	if (!number)
		return;
	figures->limit = number;
	figures->joined = true;
}

/* --- which figures are meant ---------------------------------------------------------------------- */

/* Compares decimals by their digits: no number of the text is reckoned with, so none can overflow. */
static bool is_larger(const char *a, const char *b)
{
	size_t whole_a, whole_b;
	int order;

	a += strspn(a, "0");
	b += strspn(b, "0");
	whole_a = strspn(a, "0123456789");
	whole_b = strspn(b, "0123456789");
	if (whole_a != whole_b)
		return whole_a > whole_b;
	order = strncmp(a, b, whole_a);
	if (order != 0)
		return order > 0;
	a += whole_a + (a[whole_a] == '.');
	b += whole_b + (b[whole_b] == '.');
	for (; is_digit(*a) || is_digit(*b); a += is_digit(*a), b += is_digit(*b)) {
		char digit_a = is_digit(*a) ? *a : '0', digit_b = is_digit(*b) ? *b : '0';

		if (digit_a != digit_b)
			return digit_a > digit_b;
	}
	return false;
}

/* How plainly the text blames a resource: it says that it exceeds, or its figures do, or it is the
 * only one with a figure. */
static int blame(const struct reader *reader, enum resource resource)
{
	const struct figures *figures = &reader->of[resource];
	size_t others = 0;

	if (!figures->used)
		return 0;
	for (int i = 0; i < RESOURCE_COUNT; i++)
		others += i != (int)resource && reader->of[i].used;
	if (figures->joined)
		return 3;
	if (figures->limit && !strchr(figures->used, '%') == !strchr(figures->limit, '%') &&
	    is_larger(figures->used, figures->limit))
		return 2;
	return others ? 0 : 1;
}

static void choose_figures(const struct reader *reader, struct said *said)
{
	const char *first = NULL;
	int most = 0;

	said->host = reader->first_host;
	for (int i = 0; i < RESOURCE_COUNT; i++) {
		const struct figures *figures = &reader->of[i];
		int blamed = blame(reader, (enum resource)i);

		if (!blamed || blamed < most || (blamed == most && figures->at > first))
			continue;
		most = blamed;
		first = figures->at;
		said->resource = resource_names[i];
		said->used = figures->used;
		said->limit = figures->limit;
		said->host = figures->host ? figures->host : reader->first_host;
	}
}

/* --- the line ------------------------------------------------------------------------------------- */

/* Where the value of a name begins; NULL where nothing says that one follows ("no host resource"). */
static const char *value_of(const char *text)
{
	const char *value = skip_marks(text);

	for (; text < value; text++)
		if (is_of(":=[", *text) || (unsigned char)*text >= 0x80)
			return value;
	return NULL;
}

static void read_host(struct reader *reader, const char *text)
{
	const char *value = value_of(text);
	const char *host = value ? read_name(reader->arena, value, ".-:") : NULL;

	if (!host)
		return;
	reader->host = host;
	reader->first_host = reader->first_host ? reader->first_host : host;
}

static void read_subtopic(struct arena *arena, const char *text, struct said *said)
{
	const char *value = value_of(text);

	if (!said->subtopic && value)
		said->subtopic = read_name(arena, value, ".-");
}

/* Unix seconds; a date is not understood by those who ask for it. */
static void read_checkpoint(struct arena *arena, const char *text, struct said *said)
{
	const char *end, *number = read_number(arena, skip_marks(text), &end);

	if (!said->checkpoint && number && strspn(number, "0123456789") == strlen(number))
		said->checkpoint = number;
}

static void read_at(struct reader *reader, const char *text, struct said *said)
{
	const char *end;

	for (size_t i = 0; i < sizeof(resource_words) / sizeof(resource_words[0]); i++) {
		end = after(text, resource_words[i].word);
		if (end)
			read_figures(reader, resource_words[i].resource, end);
	}
	if ((end = after(text, "host")))
		read_host(reader, end);
	else if ((end = after(text, "subtopic")) || (end = after(text, "under topic")))
		read_subtopic(reader->arena, end, said);
	else if ((end = after(text, "checkpoint")))
		read_checkpoint(reader->arena, end, said);
}

struct said said_read(struct arena *arena, const char *line)
{
	struct reader reader = { .arena = arena };
	struct said said = { 0 };

	for (const char *at = line; *at; at++)
		if (at == line || !is_word(at[-1]) || !is_word(*at))
			read_at(&reader, at, &said);
	choose_figures(&reader, &said);
	said.words = arena_strdup(arena, line);
	return said;
}

void said_add(struct said *said, const struct said *more)
{
	bool takes_usage = !said->used && (more->used || (!said->host && more->host));
	bool takes_topic = !said->subtopic && !said->checkpoint;

	if (!said->words || (!said_is_set(said) && said_is_set(more)))
		said->words = more->words;
	if (takes_usage) {
		said->resource = more->resource;
		said->used = more->used;
		said->limit = more->limit;
		said->host = more->host;
	}
	if (takes_topic) {
		said->subtopic = more->subtopic;
		said->checkpoint = more->checkpoint;
	}
}

bool said_is_set(const struct said *said)
{
	return said->host || said->used || said->subtopic || said->checkpoint;
}
