#include "catalog/query_message.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "catalog/base/utf8.h"
#include "catalog/query_names.h"
#include "catalog/tables.h"
#include "catalog/text.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Bounds the time: each fragment of the catalog may have to be looked for in all of it. */
#define LONGEST_TEXT (64 * 1024)
#define PAIRS (65536 / 8)
#define MOST_PARTS 16
#define LONGEST_PART 256

/* From so many letters and words on, a fragment is known anywhere; a shorter one only where it
 * is much of its sentence. Chinese needs fewer characters, of three bytes each. */
#define SURE_LETTERS 14
#define SURE_WORDS 3
#define SURE_BYTES 15
/* So many letters are known anywhere even as one word, and worth a guess where more was sought. */
#define MANY_LETTERS 20
/* A vendor's text of so many words is known by most of it. */
#define MOSTLY_WORDS 8
/* Fragments of one message stand within so many bytes. */
#define SPAN 800

/* --- the text ------------------------------------------------------------------------------ */

static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

struct query_text query_text_of(struct arena *arena, const char *text)
{
	size_t length = strnlen(text, LONGEST_TEXT), size = 0;
	char *plain = arena_alloc(arena, length + 1);
	unsigned char *pairs = arena_alloc(arena, PAIRS);

	for (size_t i = 0; i < length; i++) {
		if (!is_space(text[i]))
			plain[size++] = query_lower(text[i]);
		else if (size && plain[size - 1] != ' ')
			plain[size++] = ' ';
	}
	plain[size] = '\0';
	for (size_t i = 1; i < size; i++) {
		unsigned pair = (unsigned char)plain[i - 1] * 256u + (unsigned char)plain[i];

		pairs[pair / 8] |= (unsigned char)(1u << pair % 8);
	}
	return (struct query_text){ plain, pairs };
}

/* Whether all of the part's pairs of bytes occur in the text: most parts do not, and cost no
 * more. */
static bool may_hold(const struct query_text *text, const char *part, size_t length)
{
	for (size_t i = 1; i < length; i++) {
		unsigned pair = (unsigned char)part[i - 1] * 256u + (unsigned char)part[i];

		if (!(text->pairs[pair / 8] & 1u << pair % 8))
			return false;
	}
	return true;
}

/* --- the parts of a message ---------------------------------------------------------------- */

struct part {
	char text[LONGEST_PART];
	size_t length;
};

struct parts {
	bool is_message; /* a whole text, not fragments that were chosen */
	size_t count;
	struct part parts[MOST_PARTS];
};

/* Signs at the ends of a part are left out: people lose them when they copy. */
static bool is_sign(const char *text, size_t *ret_length)
{
	const char *end;

	*ret_length = 1;
	if ((unsigned char)*text < 0x80)
		return !query_is_digit(*text) && !query_is_letter(*text);
	end = query_after_word(text, text_get(TEXT_query_words_sign, LANG_ZH));
	if (end)
		*ret_length = (size_t)(end - text);
	return end != NULL;
}

static void trim(const char **start, const char **end)
{
	size_t length;

	while (*start < *end && is_sign(*start, &length))
		*start += length;
	for (const char *last = *start; last < *end;) {
		const char *next = last, *from = last;

		while (next < *end && is_sign(next, &length))
			next += length;
		if (next >= *end && from < *end && next > from) {
			*end = from;
			return;
		}
		length = utf8_length(from);
		last = next > from ? next : from + (length ? length : 1);
	}
}

static void add_part(struct parts *parts, const char *start, const char *end, bool is_trimmed)
{
	struct part *part;

	if (is_trimmed)
		trim(&start, &end);
	if (end - start < 2 || parts->count == MOST_PARTS)
		return;
	part = &parts->parts[parts->count];
	part->length = 0;
	for (; start < end && part->length < LONGEST_PART - 1; start++)
		if (!is_space(*start))
			part->text[part->length++] = query_lower(*start);
		else if (part->length && part->text[part->length - 1] != ' ')
			part->text[part->length++] = ' ';
	part->text[part->length] = '\0';
	parts->count++;
}

static void split_match(const char *match, struct parts *parts)
{
	while (*match) {
		size_t length = strcspn(match, LIST_MARK);

		add_part(parts, match, match + length, false);
		match += length + (match[length] != '\0');
	}
}

/* The length of the placeholder that stands here: %s, %-.192s, {name}, ${name}, $(name), $name,
 * xxx.xxx; a number, which is an example; or a comma, at which
 * people begin or end to copy, and OMS goes over to a text that is not its own. 0 for none. */
static size_t placeholder(const char *text, char before)
{
	const char *comma =
		(unsigned char)*text < 0x80
			? NULL
			: query_after_word(text, text_get(TEXT_query_words_comma, LANG_ZH));
	size_t length = 0;

	if (comma)
		return (size_t)(comma - text);
	if (*text == ',' && text[1] == ' ')
		return 2;
	if (query_is_digit(*text) && !query_is_word(before))
		return strspn(text, "0123456789");
	if (*text == '%') {
		length = 1 + strspn(text + 1, "-.*0123456789hlzj");
		return query_is_letter(text[length]) ? length + 1 : 0;
	}
	if (strncmp(text, "xxx", 3) == 0)
		return strspn(text, "x.");
	if (*text == '$') {
		length = 1;
		if (text[1] != '{' && text[1] != '(')
			return length + strspn(text + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMN"
			                                 "OPQRSTUVWXYZ_");
	}
	if (text[length] == '{' || (length && text[length] == '(')) {
		size_t closing = strcspn(text, text[length] == '{' ? "}" : ")");

		return text[closing] ? closing + 1 : 0;
	}
	return 0;
}

static void split_message(const char *message, struct parts *parts)
{
	const char *start = message;

	while (*message) {
		size_t length = placeholder(message, message > start ? message[-1] : ' ');

		if (!length) {
			message++;
			continue;
		}
		add_part(parts, start, message, true);
		message += length;
		start = message;
	}
	add_part(parts, start, message, true);
}

/* --- looking for the parts ------------------------------------------------------------------ */

/* Whole words only: "Table" is not found in "Tablet". */
static const char *find_part(const char *from, const char *text, const struct part *part)
{
	bool is_word_first = query_is_word(part->text[0]);
	bool is_word_last = query_is_word(part->text[part->length - 1]);

	for (const char *at = from; (at = strstr(at, part->text)); at++)
		if (!(is_word_first && at > text && query_is_word(at[-1])) &&
		    !(is_word_last && query_is_word(at[part->length])))
			return at;
	return NULL;
}

struct tally {
	size_t letters, words, bytes, found; /* bytes: those of Chinese */
	size_t all;                          /* letters and bytes of all parts */
	const char *first, *last;
	bool is_in_order;
};

static bool is_counted(char c)
{
	return query_is_letter(c) || query_is_digit(c) || (unsigned char)c >= 0x80;
}

static void count_part(struct tally *tally, const struct part *part, const char *at)
{
	tally->found++;
	tally->words++;
	for (size_t i = 0; i < part->length; i++) {
		bool is_byte = (unsigned char)part->text[i] >= 0x80;

		tally->words += part->text[i] == ' ';
		tally->letters += is_counted(part->text[i]) && !is_byte;
		tally->bytes += is_byte;
	}
	if (!tally->first || at < tally->first)
		tally->first = at;
	if (!tally->last || at + part->length > tally->last)
		tally->last = at + part->length;
}

static void look_for(const struct query_text *text, const struct parts *parts, struct tally *tally)
{
	const char *from = text->text;

	tally->is_in_order = true;
	for (size_t i = 0; i < parts->count; i++) {
		const struct part *part = &parts->parts[i];
		const char *at;

		for (size_t j = 0; j < part->length; j++)
			tally->all += is_counted(part->text[j]);
		if (!may_hold(text, part->text, part->length))
			continue;
		at = find_part(from, text->text, part);
		/* Fragments may have been written in any order, the words of a text were not. */
		if (!at && !parts->is_message) {
			at = find_part(text->text, text->text, part);
			tally->is_in_order = tally->is_in_order && !at;
		}
		if (!at)
			continue;
		count_part(tally, part, at);
		from = at + part->length;
	}
}

/* The sentence around what was found: log lines have ": ", "] " and the like around it. */
static size_t sentence(const char *text, const struct tally *tally)
{
	const char *start = tally->first, *end = tally->last;

	while (start > text &&
	       !(start[-1] == ' ' && start - 1 > text && strchr(":]-;>", start[-2])) &&
	       start[-1] != '"')
		start--;
	while (*end && !(end[1] == ' ' && strchr(":;", *end)) && *end != '"')
		end++;
	return (size_t)(end - start);
}

/* Long texts of a vendor are known by most of them: versions reword the rest. */
static bool is_mostly_found(const struct tally *tally)
{
	return tally->is_in_order && tally->last - tally->first <= SPAN &&
	       tally->words >= MOSTLY_WORDS &&
	       (tally->letters + tally->bytes) * 10 >= tally->all * 7;
}

static enum query_found judge(const struct query_text *text, const struct parts *parts,
                              const struct tally *tally)
{
	if (parts->is_message && is_mostly_found(tally))
		return QUERY_SURELY;
	if (tally->found < parts->count || !tally->is_in_order || tally->last - tally->first > SPAN)
		return tally->words >= SURE_WORDS && tally->letters >= MANY_LETTERS ? QUERY_PARTLY
		                                                                    : QUERY_ABSENT;
	if ((tally->letters >= SURE_LETTERS && tally->words >= SURE_WORDS) ||
	    tally->letters >= MANY_LETTERS || tally->bytes >= SURE_BYTES)
		return QUERY_SURELY;
	if (tally->letters + tally->bytes >= 6 &&
	    (size_t)(tally->last - tally->first) * 5 >= sentence(text->text, tally) * 3)
		return QUERY_SURELY;
	return QUERY_VAGUELY;
}

static enum query_found find_parts(const struct query_text *text, const struct parts *parts,
                                   size_t *ret_weight)
{
	struct tally tally = { 0 };

	look_for(text, parts, &tally);
	*ret_weight = tally.letters + tally.bytes;
	return tally.found ? judge(text, parts, &tally) : QUERY_ABSENT;
}

enum query_found query_message_in(const struct query_text *text, const struct catalog_entry *entry,
                                  size_t *ret_weight)
{
	enum query_found found = QUERY_ABSENT, other;
	struct parts parts;
	size_t weight;

	*ret_weight = 0;
	if (entry->match) {
		parts.count = 0;
		parts.is_message = false;
		split_match(entry->match, &parts);
		found = find_parts(text, &parts, ret_weight);
	}
	if (found == QUERY_SURELY || !entry->message)
		return found;
	parts.count = 0;
	parts.is_message = true;
	split_message(entry->message, &parts);
	other = find_parts(text, &parts, &weight);
	if (other <= found)
		return found;
	*ret_weight = weight;
	return other;
}

/* --- the entries of a text ------------------------------------------------------------------ */

#define MOST_FOUND 64
#define MOST_SHOWN 6
#define MOST_GUESSES 3

struct candidate {
	size_t place, weight;
	enum query_found found;
	unsigned rank;
};

/* Which family stands first where two know a message by the same words. */
static unsigned rank_of(const struct query_hits *hits, const struct catalog_entry *entry)
{
	static const char *const families[] = { "mysql", "ob", "mariadb", "handler", "oms", "dts" };

	if (hits->oceanbase && str_equal(entry->family, "ob"))
		return 1;
	if (hits->mariadb && str_equal(entry->family, "mariadb"))
		return 1;
	for (unsigned i = 0; i < COUNT(families); i++)
		if (str_equal(entry->family, families[i]))
			return 2 + i;
	return 2 + COUNT(families);
}

static long long number_of(size_t place)
{
	struct catalog_entry entry;
	long long number = 0;

	catalog_at(place, &entry);
	str_to_int(strchr(entry.id, ':') + 1, &number);
	return number < 0 ? -number : number;
}

/* The surer first, then the longer, then by family and number. */
static bool is_before(const struct candidate *a, const struct candidate *b)
{
	if (a->found != b->found)
		return a->found > b->found;
	if (a->weight != b->weight)
		return a->weight > b->weight;
	if (a->rank != b->rank)
		return a->rank < b->rank;
	return number_of(a->place) < number_of(b->place);
}

static void insert(struct candidate *candidates, size_t *count, const struct candidate *candidate)
{
	size_t at = *count;

	if (*count < MOST_FOUND)
		(*count)++;
	else if (is_before(candidate, &candidates[MOST_FOUND - 1]))
		at--;
	else
		return;
	while (at && is_before(candidate, &candidates[at - 1])) {
		candidates[at] = candidates[at - 1];
		at--;
	}
	candidates[at] = *candidate;
}

static size_t find_candidates(const struct query_hits *hits, const struct query_text *text,
                              const char *family, struct candidate candidates[MOST_FOUND])
{
	size_t first = 0, end = catalog_count(), count = 0;

	if (family)
		catalog_family(family, &first, &end);
	for (; first < end; first++) {
		struct candidate candidate = { .place = first };
		struct catalog_entry entry;

		catalog_at(first, &entry);
		if (!entry.match && !entry.message)
			continue;
		candidate.found = query_message_in(text, &entry, &candidate.weight);
		candidate.rank = rank_of(hits, &entry);
		if (candidate.found != QUERY_ABSENT)
			insert(candidates, &count, &candidate);
	}
	return count;
}

/* Keeps what is found as surely as the best, and is not so much shorter that it is a piece of
 * it, with the families in their order. */
static size_t keep_best(struct candidate *candidates, size_t count)
{
	struct candidate best = candidates[0];
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		struct candidate candidate = candidates[i];
		size_t at = kept;

		if (candidate.found != best.found || candidate.weight * 5 < best.weight * 3)
			break;
		kept++;
		while (at && candidate.rank < candidates[at - 1].rank) {
			candidates[at] = candidates[at - 1];
			at--;
		}
		candidates[at] = candidate;
	}
	return kept;
}

void query_messages(const struct query_hits *hits, const struct query_text *text,
                    const char *family, bool is_beside, struct query_matches *matches)
{
	struct candidate candidates[MOST_FOUND] = { { 0 } };
	size_t count = keep_best(candidates, find_candidates(hits, text, family, candidates));

	for (size_t i = 0; i < count; i++) {
		bool is_sure = candidates[i].found == QUERY_SURELY;
		struct catalog_entry entry;

		if ((is_beside && !is_sure) || i == (is_sure ? MOST_SHOWN : MOST_GUESSES))
			break;
		catalog_at(candidates[i].place, &entry);
		query_match_add(matches, &entry, !is_sure);
	}
}
