/* The words that introduce the number of an error, and what else may follow them. */
#include "catalog/query_scan.h"

#include "catalog/catalog.h"
#include "catalog/text.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* How much may stand between a word and its number. */
#define FARTHEST 24

/* --- characters and numbers ---------------------------------------------------------------- */

bool query_starts(const char *text, const char *prefix)
{
	while (*prefix && query_lower(*text) == query_lower(*prefix)) {
		text++;
		prefix++;
	}
	return !*prefix;
}

/* What makes digits a piece of something longer: 10:30, 2024-01-01, 3.5, 40%. */
static bool goes_on(const char *end)
{
	if (query_is_word(*end) || *end == '%')
		return true;
	return *end && strchr(".:,-/", *end) && query_is_digit(end[1]);
}

bool query_number(const char *text, struct query_number *ret)
{
	bool is_negative = *text == '-';
	const char *digits = text + is_negative;
	struct query_number number = { .digits = strspn(digits, "0123456789") };

	if (!number.digits || number.digits > 9 || goes_on(digits + number.digits))
		return false;
	for (size_t i = 0; i < number.digits; i++)
		number.value = number.value * 10 + (digits[i] - '0');
	number.padded = number.digits == 5 && *digits == '0';
	number.end = digits + number.digits;
	if (is_negative)
		number.value = -number.value;
	*ret = number;
	return true;
}

bool query_state(const char *text, char ret[6])
{
	char id[] = "sqlstate:00", state[6] = "";
	bool has_digit = false;
	struct catalog_entry class;

	for (size_t i = 0; i < 5; i++) {
		char c = text[i];

		if (!query_is_digit(c) && !query_is_letter(c))
			return false;
		has_digit = has_digit || query_is_digit(c);
		state[i] = c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
	}
	if (!has_digit || query_is_word(text[5]))
		return false;
	memcpy(id + sizeof(id) - 3, state, 2);
	if (!catalog_find(id, &class))
		return false;
	memcpy(ret, state, sizeof(state));
	return true;
}

/* --- hits ---------------------------------------------------------------------------------- */

struct query_hit *query_hit_add(struct query_hits *hits, enum query_hit_kind kind, const char *at)
{
	/* What comes after many hits tells nothing new: it is read, and overwrites the last. */
	struct query_hit *hit =
		&hits->hits[hits->count < QUERY_MOST_HITS ? hits->count++ : QUERY_MOST_HITS - 1];

	*hit = (struct query_hit){
		.kind = kind,
		.weight = QUERY_PLAIN,
		.at = (size_t)(at - hits->text),
	};
	return hit;
}

struct query_hit *query_number_add(struct query_hits *hits, enum query_family family,
                                   const char *at, const struct query_number *number)
{
	/* OceanBase's word for "an inner error happened", beside which stands the inner one. */
	const long long wrapper = -4388;
	struct query_hit *hit = query_hit_add(hits, QUERY_NUMBER, at);
	const char *next = number->end + strspn(number->end, " ");

	hit->family = family;
	hit->number = number->value;
	hit->padded = number->padded;
	if (number->value == wrapper)
		hit->weight = QUERY_WRAPPER;
	if (*next == '(' && query_state(next + 1, hit->sqlstate) && next[6] == ')')
		hit->is_code = true;
	else
		hit->sqlstate[0] = '\0';
	return hit;
}

/* --- what stands between the word and the number ------------------------------------------- */

const char *query_after_word(const char *text, const char *words)
{
	while (*words) {
		bool is_letters = query_is_letter(*words);
		size_t same = 0;

		while (words[same] && words[same] != ' ' && query_lower(text[same]) == words[same])
			same++;
		/* A digit may follow at once: "ora942". */
		if ((!words[same] || words[same] == ' ') &&
		    !(is_letters && (query_is_letter(text[same]) || text[same] == '_')))
			return text + same;
		words += same;
		while (*words && *words != ' ')
			words++;
		words += *words == ' ';
	}
	return NULL;
}

/* Past ":", " = ", "[", and in Chinese also past the rest of the word. */
static const char *skip_signs(const char *text, const char *marks)
{
	const char *fillers = text_get(TEXT_query_words_filler, LANG_ZH);
	const char *start = text, *next;

	while (text - start < FARTHEST && *text) {
		if (strchr(marks, *text))
			text++;
		else if ((unsigned char)*text >= 0x80 && (next = query_after_word(text, fillers)))
			text = next;
		else
			break;
	}
	return text;
}

/* Things that are counted or measured: "error 1062 times". */
static bool has_unit(const char *end)
{
	const char *next = end + strspn(end, " ");

	if (strncmp(next, "---", 3) == 0)
		return true; /* the process id of Spring's log lines */
	return query_after_word(next, text_get(TEXT_query_words_unit, LANG_EN)) ||
	       query_after_word(next, text_get(TEXT_query_words_unit, LANG_ZH));
}

/* --- the words ----------------------------------------------------------------------------- */

enum intro {
	INTRO_NONE,
	INTRO_ERROR, /* also stands in front of other numbers */
	INTRO_CODE,  /* so do codes of other things */
	INTRO_ERRNO,
	INTRO_ERRCODE, /* a number of errors and nothing else */
	INTRO_RET,     /* what a function of OceanBase returned */
	INTRO_WARNING, /* a column of SHOW WARNINGS */
	INTRO_NUMBER,  /* drivers write "no: 1146, SQLState: 42S02" */
};

static bool ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);

	return length >= tail && strcmp(text + length - tail, end) == 0;
}

/* `word` is in lower case and without underscores. */
static enum intro classify(const char *word)
{
	static const struct {
		const char *end;
		bool whole;
		enum intro intro;
	} endings[] = {
		{ "error", true, INTRO_ERROR },
		{ "err", true, INTRO_ERROR },
		{ "errno", false, INTRO_ERRNO },
		{ "errorno", false, INTRO_ERRNO },
		{ "errcode", false, INTRO_ERRCODE },
		{ "errorcode", false, INTRO_ERRCODE },
		{ "errornum", false, INTRO_ERRCODE },
		{ "errornumber", false, INTRO_ERRCODE },
		{ "vendorcode", true, INTRO_ERRCODE },
		{ "retcode", true, INTRO_RET },
		{ "ret", true, INTRO_RET },
		{ "tmpret", true, INTRO_RET },
		{ "lastret", true, INTRO_RET },
		{ "obret", true, INTRO_RET },
		{ "code", true, INTRO_CODE },
		{ "warning", true, INTRO_WARNING },
		{ "note", true, INTRO_WARNING },
		{ "number", true, INTRO_NUMBER },
		{ "no", true, INTRO_NUMBER },
	};

	for (size_t i = 0; i < COUNT(endings); i++)
		if (endings[i].whole ? strcmp(word, endings[i].end) == 0
		                     : ends_with(word, endings[i].end))
			return endings[i].intro;
	return INTRO_NONE;
}

/* The word before, in lower case; "" where none stands near. */
static void word_before(const struct query_hits *hits, const char *word, char ret[16])
{
	const char *end = word, *start;
	size_t length;

	while (end > hits->text && word - end < 3 && strchr(" \t\"'[(:", end[-1]))
		end--;
	start = end;
	while (start > hits->text && end - start < 15 && query_is_letter(start[-1]))
		start--;
	length = (size_t)(end - start);
	for (size_t i = 0; i < length; i++)
		ret[i] = query_lower(start[i]);
	ret[length] = '\0';
}

static bool is_one_of(const char *word, const char *words)
{
	const char *end = query_after_word(word, words);

	return end && !*end;
}

/* "Got error 28 from storage engine", "OS error 13", "Operating system error number 13". */
static bool is_of_system(const char *before)
{
	return is_one_of(before, "got os system socket");
}

static bool is_of_other(const char *before)
{
	return is_one_of(before, "http status exit response return zip country area source byte");
}

/* --- the number ---------------------------------------------------------------------------- */

/* Small numbers are the system's or an engine's; which one says query_resolve.c. */
#define FIRST_OF_SERVER 1000

static void add_small(struct query_hits *hits, const char *at, const struct query_number *number,
                      bool is_doubtful)
{
	struct query_hit *hit = query_number_add(hits, QUERY_ERRNO, at, number);

	if (hit->sqlstate[0])
		hit->family = QUERY_ERROR;
	else
		hit->weight = QUERY_BESIDE;
	hit->doubtful = is_doubtful && !hit->sqlstate[0];
}

static void add_number(struct query_hits *hits, enum intro intro, const char *at,
                       const struct query_number *number, const char *before)
{
	bool is_small = number->value < FIRST_OF_SERVER && number->value > -FIRST_OF_SERVER;
	struct query_hit *hit;

	if (is_small && number->value > 0) {
		const char *next = number->end + strspn(number->end, " ");

		if (intro == INTRO_ERRNO || intro == INTRO_ERRCODE || is_of_system(before) ||
		    *next == '(' || hits->innodb)
			add_small(hits, at, number,
			          intro == INTRO_ERRCODE && !is_of_system(before) &&
			                  before[0] != '\0');
		return;
	}
	hit = query_number_add(hits, is_small ? QUERY_ERRNO : QUERY_ERROR, at, number);
	if (number->value < 0 && number->padded)
		hit->family = QUERY_ORA; /* obclient: "ERROR-00942: ..." */
	if (hit->family == QUERY_ORA)
		hit->number = -hit->number;
	hit->is_code = hit->is_code || intro == INTRO_ERRNO || intro == INTRO_ERRCODE ||
	               intro == INTRO_RET || (intro == INTRO_ERROR && *number->end == ':');
	if (intro == INTRO_ERRCODE && at > hits->text && number->value < 0 &&
	    hit->weight == QUERY_PLAIN)
		hit->weight = QUERY_OUTER;
}

/* Whether what follows the word is a number of the kind that the word introduces. */
static bool is_fit(enum intro intro, const char *after, const struct query_number *number,
                   const char *before)
{
	const char *marks = after + strspn(after, " \t");

	if (!number->value || has_unit(number->end))
		return false;
	switch (intro) {
	case INTRO_CODE:
		return !is_of_other(before) &&
		       (number->value >= FIRST_OF_SERVER || number->value <= -FIRST_OF_SERVER);
	case INTRO_RET:
		return number->value < 0 && (*marks == '=' || *marks == ':' || *marks == '"');
	case INTRO_WARNING:
		return number->value >= FIRST_OF_SERVER && (*marks == '|' || *after == '\t');
	case INTRO_NUMBER:
		return (*marks == ':' || *marks == '=') && number->value >= FIRST_OF_SERVER &&
		       query_starts(number->end + strspn(number->end, ", "), "sqlstate");
	default:
		return !is_of_other(before);
	}
}

/* Past "code", "no.", "number" after "error". */
static const char *skip_filler(const char *text)
{
	const char *word = text + strspn(text, " \t");
	const char *end = query_after_word(word, text_get(TEXT_query_words_filler, LANG_EN));

	if (!end)
		return text;
	return *end == '.' ? end + 1 : end;
}

/* "[ERROR] 1146 - Table": a number after a level in brackets may be a process or thread. */
static bool is_after_level(const char *from, const char *number_start)
{
	return memchr(from, ']', (size_t)(number_start - from)) != NULL;
}

static const char *read_introduced(struct query_hits *hits, enum intro intro, const char *after,
                                   const char *before)
{
	static const char marks[] = " \t:=\"'`#(|\\>[]{";
	const char *from = intro == INTRO_ERROR ? skip_filler(after) : after;
	const char *start = skip_signs(from, marks);
	struct query_number number;

	if (from != after && intro == INTRO_ERROR)
		intro = strncmp(before, "system", 6) == 0 ? INTRO_ERRNO : INTRO_ERRCODE;
	if (!query_number(start, &number) || !is_fit(intro, after, &number, before))
		return after;
	if (is_after_level(from, start) && number.end[strspn(number.end, " ")] != '(' &&
	    strncmp(number.end, " - ", 3) != 0 && number.end[0] != ':')
		return after;
	add_number(hits, intro, start, &number, before);
	return number.end;
}

const char *query_introduced(struct query_hits *hits, const char *word, size_t length)
{
	char plain[32], before[16];
	size_t count = 0;
	enum intro intro;

	for (size_t i = 0; i < length && count < sizeof(plain) - 1; i++)
		if (word[i] != '_')
			plain[count++] = query_lower(word[i]);
	plain[count] = '\0';
	intro = length < sizeof(plain) ? classify(plain) : INTRO_NONE;
	if (intro == INTRO_NONE)
		return word + length;
	word_before(hits, word, before);
	return read_introduced(hits, intro, word + length, before);
}

const char *query_introduced_chinese(struct query_hits *hits, const char *text)
{
	const char *after = query_after_word(text, text_get(TEXT_query_words_code, LANG_ZH));

	if (after)
		return read_introduced(hits, INTRO_ERRCODE, after, "");
	after = query_after_word(text, text_get(TEXT_query_words_error, LANG_ZH));
	return after ? read_introduced(hits, INTRO_ERROR, after, "") : text + 1;
}
