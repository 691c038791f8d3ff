#include "catalog/search.h"

#include "catalog/base/str.h"
#include "catalog/base/utf8.h"
#include "catalog/catalog.h"
#include "catalog/text.h"

#include <stdbool.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define MOST_WORDS 12
#define LONGEST_WORD 64

/* --- words ----------------------------------------------------------------------------------- */

struct word {
	char text[LONGEST_WORD];
	size_t length;
	bool is_ascii;
};

struct words {
	size_t count;
	struct word words[MOST_WORDS];
};

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* What a word of ASCII is made of; an underscore parts the words of a symbol. */
static bool is_word(char c)
{
	return (c >= '0' && c <= '9') || (lower(c) >= 'a' && lower(c) <= 'z');
}

static bool is_wide(char c)
{
	return (unsigned char)c >= 0x80;
}

/* Words that stand in any sentence. */
static bool is_common(const struct word *word)
{
	static const char *const common[] = { "a",  "an", "the", "of", "is",  "are", "to",
		                              "in", "on", "for", "by", "and", "or",  "with" };

	for (size_t i = 0; i < COUNT(common); i++)
		if (str_equal(word->text, common[i]))
			return true;
	return false;
}

static void add_word(struct words *words, const char *text, size_t length, bool with_common)
{
	struct word *word = &words->words[words->count];

	if (length >= LONGEST_WORD)
		length = LONGEST_WORD - 1;
	*word = (struct word){ .length = length, .is_ascii = !is_wide(*text) };
	for (size_t i = 0; i < length; i++)
		word->text[i] = lower(text[i]);
	if (with_common || !is_common(word))
		words->count++;
}

/* Splits at everything that is no word, and between ASCII and Chinese. */
static void split(const char *text, struct words *words, bool with_common)
{
	words->count = 0;
	while (*text && words->count < MOST_WORDS) {
		size_t length = 0;

		while (is_wide(*text) ? is_wide(text[length]) : is_word(text[length]))
			length++;
		if (length)
			add_word(words, text, length, with_common);
		text += length ? length : 1;
	}
}

/* --- a word in a text ------------------------------------------------------------------------ */

/* How well a word is found: not at all, some of its characters, within a word, at the beginning of
 * one, as one. */
enum fit { FIT_NONE, FIT_LOOSE, FIT_INSIDE, FIT_START, FIT_WHOLE };

static bool is_same(const char *text, const char *word, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (lower(text[i]) != word[i])
			return false;
	return true;
}

static enum fit fit_at(const char *text, const char *at, const struct word *word)
{
	bool is_start = at == text || !is_word(at[-1]);
	const char *end = at + word->length;

	if (!is_start)
		return FIT_INSIDE;
	/* "keys" is "key". */
	return !is_word(*end) || (lower(*end) == 's' && !is_word(end[1])) ? FIT_WHOLE : FIT_START;
}

static enum fit find_ascii(const char *text, const struct word *word)
{
	enum fit best = FIT_NONE;

	for (const char *at = text; *at && best < FIT_WHOLE; at++) {
		enum fit fit;

		if (lower(*at) != word->text[0] || !is_same(at, word->text, word->length))
			continue;
		fit = fit_at(text, at, word);
		if (fit > best)
			best = fit;
	}
	return best;
}

/* A title is so short that most pairs of a word's characters in it are the word in other words;
 * in more text they stand by chance. */
#define LONGEST_TITLE 96

/* Chinese has no spaces: two thirds of the pairs of characters, or each character, in any order. */
static enum fit find_wide(const char *text, const struct word *word)
{
	size_t all = 0, pairs = 0, singles = 0, first, second;

	if (strstr(text, word->text))
		return FIT_WHOLE;
	if (strnlen(text, LONGEST_TITLE) == LONGEST_TITLE)
		return FIT_NONE;
	for (size_t at = 0; at < word->length; at += first) {
		char pair[9] = "";

		first = utf8_length(word->text + at);
		second = first ? utf8_length(word->text + at + first) : 0;
		if (!first || (!second && at + first < word->length))
			return FIT_NONE;
		memcpy(pair, word->text + at, first);
		singles += strstr(text, pair) != NULL;
		all++;
		if (at + first >= word->length)
			break;
		memcpy(pair + first, word->text + at + first, second);
		pairs += strstr(text, pair) != NULL;
	}
	return all > 2 && (singles == all || pairs * 3 >= (all - 1) * 2) ? FIT_LOOSE : FIT_NONE;
}

static enum fit find_word(const char *text, const struct word *word)
{
	struct word singular = *word;
	enum fit fit;

	if (!text)
		return FIT_NONE;
	if (!word->is_ascii)
		return find_wide(text, word);
	fit = find_ascii(text, word);
	if (fit == FIT_NONE && word->length > 3 && word->text[word->length - 1] == 's') {
		singular.text[--singular.length] = '\0';
		fit = find_ascii(text, &singular);
	}
	return fit;
}

/* --- an entry -------------------------------------------------------------------------------- */

struct score {
	uint32_t place;
	unsigned words, points, extra; /* extra: what decides between equal points */
};

/* A word's points in a text of a kind. */
static unsigned points_in(const char *text, const struct word *word, unsigned weight)
{
	static const unsigned of_fit[] = { 0, 1, 2, 3, 5 };

	return weight * of_fit[find_word(text, word)];
}

static unsigned most(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

/* The words side by side, which a person who copies a message or a name has. */
static bool has_phrase(const char *text, const struct words *words)
{
	for (const char *at = text; text && *at && words->count > 1; at++) {
		const char *next = at;
		size_t i = 0;

		if (at > text && is_word(at[-1]))
			continue;
		while (i < words->count &&
		       is_same(next, words->words[i].text, words->words[i].length)) {
			next += words->words[i++].length;
			while (*next && !is_word(*next) && !is_wide(*next) && i < words->count)
				next++;
		}
		if (i == words->count && !is_word(*next))
			return true;
	}
	return false;
}

static unsigned points_of(const struct catalog_entry *entry, const struct word *word)
{
	unsigned points = points_in(entry->symbol, word, 20);

	points = most(points, points_in(strchr(entry->id, ':') + 1, word, 20));
	points = most(points, points_in(entry->message, word, 20));
	points = most(points, points_in(entry->match, word, 20));
	for (size_t i = 0; i < LANG_COUNT; i++)
		points = most(points, points_in(entry->title[i], word, 20));
	/* A class's texts are those of dozens of codes. */
	for (size_t i = 0; i < LANG_COUNT && !points && !entry->class; i++)
		points = most(points_in(entry->cause[i], word, 2),
		              points_in(entry->fix[i], word, 1));
	return points;
}

static unsigned phrase_points(const struct catalog_entry *entry, const struct words *words)
{
	return has_phrase(entry->title[LANG_EN], words) || has_phrase(entry->symbol, words) ||
	                       has_phrase(entry->match, words) || has_phrase(entry->message, words)
	               ? 40 * (unsigned)words->count
	               : 0;
}

/* Whether the code is the one that clients mostly mean by an SQLSTATE: they are the ones that
 * people meet most. */
static bool is_usual(const char *id)
{
	struct catalog_entry entry;
	size_t place, end;

	for (catalog_family("sqlstate", &place, &end); place < end; place++) {
		catalog_at(place, &entry);
		if (entry.usual && str_equal(entry.usual, id))
			return true;
	}
	return false;
}

/* Which family people mean first. */
static unsigned family_points(const char *family)
{
	static const char *const families[] = { "range", "sqlstate", "os",  "handler", "mariadb",
		                                "dts",   "ob",       "oms", "mysql" };

	for (unsigned i = 0; i < COUNT(families); i++)
		if (str_equal(family, families[i]))
			return i;
	return 0;
}

/* Codes with a text of their own are the ones that people meet; a short title is all about its
 * words. */
static unsigned extra_of(const struct catalog_entry *entry)
{
	size_t length = strlen(entry->title[LANG_EN]);
	unsigned shortness = length < 200 ? (unsigned)(200 - length) : 0;
	bool is_old = entry->symbol && str_starts(entry->symbol, "OBSOLETE_");

	return (entry->class || is_old ? 0 : 100) + shortness + 4 * family_points(entry->family);
}

static struct score score_of(uint32_t place, const struct words *words)
{
	struct score score = { .place = place };
	struct catalog_entry entry;

	catalog_at(place, &entry);
	for (size_t i = 0; i < words->count; i++) {
		unsigned points = points_of(&entry, &words->words[i]);

		score.words += points > 0;
		score.points += points;
	}
	if (score.words < words->count)
		return score;
	/* Named by the words, not just mentioned with them. */
	if (score.points >= 40 * words->count && is_usual(entry.id))
		score.points += 90;
	score.points += phrase_points(&entry, words);
	score.extra = extra_of(&entry);
	return score;
}

static bool is_better(const struct score *a, const struct score *b)
{
	if (a->words != b->words)
		return a->words > b->words;
	if (a->points != b->points)
		return a->points > b->points;
	return a->extra > b->extra;
}

/* --- the search ------------------------------------------------------------------------------ */

#define MOST_FOUND 256

size_t search_catalog(const char *words, uint32_t *ret_places, size_t most_found)
{
	struct score best[MOST_FOUND] = { { 0 } };
	struct words sought;
	size_t count = 0, limit = most_found < MOST_FOUND ? most_found : MOST_FOUND;

	split(words, &sought, false);
	if (!sought.count)
		split(words, &sought, true);
	for (uint32_t place = 0; sought.count && place < catalog_count(); place++) {
		struct score score = score_of(place, &sought);
		size_t at = count;

		if (!score.words || !limit ||
		    (count == limit && !is_better(&score, &best[count - 1])))
			continue;
		if (count < limit)
			count++;
		else
			at--;
		while (at && is_better(&score, &best[at - 1])) {
			best[at] = best[at - 1];
			at--;
		}
		best[at] = score;
	}
	/* Of the words, half may lack; fewer is another question. */
	while (count && best[count - 1].words * 2 < best[0].words)
		count--;
	for (size_t i = 0; i < count; i++)
		ret_places[i] = best[i].place;
	return count;
}
