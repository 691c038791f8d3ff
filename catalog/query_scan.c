/* Finds what is written like a code in a text; query_intro.c reads the numbers that words
 * introduce. */
#include "catalog/query_scan.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "catalog/catalog.h"
#include "catalog/query_names.h"
#include "catalog/query_resolve.h"
#include "catalog/text.h"

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Longest symbol, longest code of OMS, and longest question that is "short". */
#define LONGEST_WORD 96
#define LONGEST_CODE 64
#define LONGEST_SHORT 120
/* Numbers of a question before the last one. */
#define MOST_LISTED 3

/* How far SQLSTATE, number and argument of one error stand from each other. */
#define NEAR 100

/* Enough for any line that people write; bounds the time for 10 MB of one symbol. */
#define MOST_LOOKUPS 4096

/* --- facilities ---------------------------------------------------------------------------- */

static const struct {
	const char *word;
	enum query_family family;
	bool is_argument; /* can stand as a word of its own before a code */
	bool has_dash;    /* a dash after it is no sign of the number */
} facilities[] = {
	{ "mysql", QUERY_MYSQL, true, false }, { "mariadb", QUERY_MARIADB, true, false },
	{ "my", QUERY_MY, true, true },        { "oceanbase", QUERY_OB, false, false },
	{ "obe", QUERY_ORA, true, true },      { "ob", QUERY_OB, true, false },
	{ "oracle", QUERY_ORA, false, false }, { "ora", QUERY_ORA, true, true },
	{ "pls", QUERY_PLS, true, true },      { "dts", QUERY_DTS, true, false },
	{ "md", QUERY_MD, false, true },       { "handler", QUERY_ERRNO, false, false },
	{ "linux", QUERY_OS, false, false },   { "os", QUERY_OS, true, false },
};

bool query_facility(const char *word, enum query_family *ret)
{
	for (size_t i = 0; i < COUNT(facilities); i++)
		if (facilities[i].is_argument && str_equal_nocase(word, facilities[i].word)) {
			*ret = facilities[i].family;
			return true;
		}
	return false;
}

/* --- a question that is one code and words about it ---------------------------------------- */

struct question {
	struct query_number number;
	const char *number_at;
	enum query_family family;
	bool has_number, has_state_word, has_argument;
	long long argument;
	char sqlstate[6];
};

/* "ora", "MY-", "DTS " in front of the number. */
static const char *read_facility(const char *text, struct question *question)
{
	for (size_t i = 0; i < COUNT(facilities); i++) {
		const char *end = query_after_word(text, facilities[i].word);

		if (!end && query_starts(text, facilities[i].word) &&
		    text[strlen(facilities[i].word)] == '_')
			end = text + strlen(facilities[i].word) + 1;
		if (!end)
			continue;
		question->family = facilities[i].family;
		if (*end == '-' && facilities[i].has_dash) {
			if (question->family == QUERY_MY)
				question->family = QUERY_LOG;
			end++;
		}
		return end;
	}
	return NULL;
}

/* "-a 5858", "-a=5858", "--argument=5858". */
static const char *read_argument(const char *text, struct question *question)
{
	const char *end = query_after_word(text, "--argument -a");
	struct query_number number;

	if (!end || !question->has_number)
		return NULL;
	end += strspn(end, " =");
	if (!query_number(end, &number))
		return NULL;
	question->has_argument = true;
	question->argument = number.value < 0 ? -number.value : number.value;
	return number.end;
}

static const char *read_sign(const char *text)
{
	const char *end;

	if (*text == ' ' || *text == '\t')
		return text + 1;
	end = query_after_word(text, text_get(TEXT_query_words_sign, LANG_EN));
	return end ? end : query_after_word(text, text_get(TEXT_query_words_sign, LANG_ZH));
}

static void add_question(struct query_hits *hits, const struct question *question)
{
	struct query_hit *hit;

	if (!question->has_number) {
		hit = query_hit_add(hits, QUERY_STATE, hits->text);
	} else {
		hit = query_number_add(hits, question->family, question->number_at,
		                       &question->number);
		hit->weight = QUERY_PLAIN;
	}
	hit->is_code = true;
	hit->has_argument = question->has_argument;
	hit->argument = question->argument;
	memcpy(hit->sqlstate, question->sqlstate, sizeof(hit->sqlstate));
}

/* Small numbers stand in any list. */
static bool is_listed(const struct query_number *number)
{
	return number->value < 0 || number->value >= 1000;
}

/* Reads one piece of the question. NULL where it is none of what a short question is made of. */
static const char *read_piece(struct query_hits *hits, const char *text, struct question *question)
{
	struct query_number number;
	const char *end;

	if ((end = read_sign(text)) || (end = read_argument(text, question)))
		return end;
	if (question->has_number && !question->sqlstate[0] && query_state(text, question->sqlstate))
		return text + 5;
	if (!question->has_state_word && query_number(text, &number)) {
		/* "1146 1062", but no table of numbers. */
		if (question->has_number && (hits->count == MOST_LISTED || !is_listed(&number) ||
		                             !is_listed(&question->number)))
			return NULL;
		if (question->has_number)
			add_question(hits, question);
		question->has_number = true;
		question->number = number;
		question->number_at = text;
		return number.end;
	}
	if (!question->sqlstate[0] && query_state(text, question->sqlstate))
		return text + 5;
	if ((end = read_facility(text, question)))
		return end;
	end = query_after_word(text, text_get(TEXT_query_words_question, LANG_EN));
	if (end && query_starts(text, "sqlstate"))
		question->has_state_word = true;
	return end ? end : query_after_word(text, text_get(TEXT_query_words_question, LANG_ZH));
}

/* Five digits alone are also the form of an SQLSTATE, which counts if some code has it. */
static void add_digits_as_state(struct query_hits *hits, const struct question *question)
{
	char state[6];
	struct query_hit *hit;

	if (!question->has_number || question->number.digits != 5 || question->sqlstate[0] ||
	    question->family != QUERY_ANY || question->number.value < 0 ||
	    !query_state(question->number_at, state) || !query_state_is_used(state))
		return;
	hit = query_hit_add(hits, QUERY_STATE, question->number_at);
	hit->weight = QUERY_PLAIN - 1;
	memcpy(hit->sqlstate, state, sizeof(state));
}

static bool scan_question(struct query_hits *hits)
{
	struct question question = { .family = QUERY_ANY };
	const char *text = hits->text;

	if (strnlen(text, LONGEST_SHORT) == LONGEST_SHORT)
		return false;
	while (*text)
		if (!(text = read_piece(hits, text, &question))) {
			hits->count = 0;
			return false;
		}
	if (!question.has_number && !question.sqlstate[0])
		return false;
	add_question(hits, &question);
	add_digits_as_state(hits, &question);
	return true;
}

/* --- numbers with a prefix: ORA-00942, MY-010045, DTS -254 --------------------------------- */

/* ORA codes that say only where another one happened. */
static bool is_wrapper(enum query_family family, long long number)
{
	static const int wrappers[] = { 604, 2063, 4088, 6512, 6550, 12801 };

	for (size_t i = 0; family == QUERY_ORA && i < COUNT(wrappers); i++)
		if (wrappers[i] == number)
			return true;
	return false;
}

/* "arguments: -5858", "arguments: [-5858]": after ORA-00600, and alone. */
static bool find_argument(const char *text, size_t within, long long *ret)
{
	size_t length = strnlen(text, within);
	struct query_number number;

	for (size_t i = 0; i < length; i++) {
		if (!query_starts(text + i, "arguments"))
			continue;
		text += i + strlen("arguments");
		text += strspn(text, ": [");
		if (!query_number(text, &number) || !number.value)
			return false;
		*ret = number.value < 0 ? -number.value : number.value;
		return true;
	}
	return false;
}

/* What may stand between the prefix and its digits. NULL where the word is no such prefix. */
static const char *digits_of(const char *word, size_t prefix, enum query_family family)
{
	const char *end = word + prefix;
	bool is_oracle = family == QUERY_ORA || family == QUERY_PLS;

	if (query_is_digit(*end))
		return is_oracle ? end : NULL;
	if (*end == '-' && query_is_digit(end[1]))
		return family == QUERY_DTS ? end : end + 1;
	if (is_oracle && (*end == '_' || *end == ' ' || *end == ':') && query_is_digit(end[1]))
		return end + 1;
	if (family == QUERY_DTS && *end == ' ')
		return end + strspn(end, " ");
	return NULL;
}

static const char *read_prefixed(struct query_hits *hits, const char *word)
{
	for (size_t i = 0; i < COUNT(facilities); i++) {
		enum query_family family = facilities[i].family;
		size_t prefix = strlen(facilities[i].word);
		struct query_number number;
		struct query_hit *hit;
		const char *digits;

		if (!(facilities[i].has_dash || family == QUERY_DTS) ||
		    !query_starts(word, facilities[i].word) ||
		    !(digits = digits_of(word, prefix, family)) || !query_number(digits, &number))
			continue;
		hit = query_number_add(hits, family == QUERY_MY ? QUERY_LOG : family, word,
		                       &number);
		hit->is_code = family != QUERY_DTS;
		if (family == QUERY_ORA)
			hit->has_argument = find_argument(number.end, NEAR, &hit->argument);
		if (is_wrapper(family, number.value))
			hit->weight = QUERY_WRAPPER;
		if (family == QUERY_MY && word > hits->text && word[-1] == '[')
			hit->weight = QUERY_OUTER;
		if (family == QUERY_DTS || family == QUERY_MD)
			hit->weight = QUERY_OWN;
		return number.end;
	}
	return NULL;
}

/* OMS prints "internal error code, arguments: -6210, ..." without the ORA-00600. */
static const char *read_bare_argument(struct query_hits *hits, const char *word, size_t length)
{
	struct query_number number = { .value = 600, .digits = 3, .end = word + length };
	struct query_hit *hit;
	long long argument;

	if (!query_starts(word, "arguments") || !find_argument(word, length + 1, &argument))
		return NULL;
	hit = query_number_add(hits, QUERY_ORA, word, &number);
	hit->has_argument = true;
	hit->argument = argument;
	return number.end;
}

/* --- codes of OMS and symbols -------------------------------------------------------------- */

static bool may_look_up(struct query_hits *hits)
{
	if (!hits->lookups)
		return false;
	hits->lookups--;
	return true;
}

/* CM-RESONF000001, CONNECTOR-SIKA-JSON-001301; a log may have hung "-1" or the like on it. */
static const char *read_dashed(struct query_hits *hits, const char *word, size_t length)
{
	char code[LONGEST_CODE + 1] = "";
	size_t size = 0;
	const char *full;

	if (word[length] != '-')
		return NULL;
	while (size < LONGEST_CODE &&
	       (query_is_word(word[size]) || (word[size] && strchr("-{}", word[size]))))
		size++;
	memcpy(code, word, size);
	if (!query_is_like_code(code) || !may_look_up(hits))
		return NULL;
	full = arena_strdup(hits->arena, code);
	for (char *cut = code + size; cut; cut = strrchr(code, '-')) {
		*cut = '\0';
		if (query_codes_find(hits, code, word))
			return word + strlen(code);
	}
	query_hit_add(hits, QUERY_NEAR, word)->word = full;
	return word + size;
}

/* A symbol, an alert, or a code of OMS without what stands before its dash. */
static const char *read_symbol(struct query_hits *hits, const char *word, size_t length)
{
	char symbol[LONGEST_WORD + 1];
	const uint32_t *places;
	struct query_hit *hit;
	bool is_known;

	if (length < 3 || length > LONGEST_WORD || !hits->lookups)
		return NULL;
	memcpy(symbol, word, length);
	symbol[length] = '\0';
	if (!query_is_like_symbol(symbol) || !may_look_up(hits))
		return NULL;
	if (query_codes_find(hits, symbol, word))
		return word + length;
	is_known = catalog_by_symbol(symbol, &places) > 0 || query_os_number(symbol) > 0;
	if (!is_known && !query_is_named_as_error(symbol))
		return NULL;
	hit = query_hit_add(hits, is_known ? QUERY_SYMBOL : QUERY_NEAR, word);
	hit->word = arena_strdup(hits->arena, symbol);
	if (query_starts(symbol, "HA_") || !strchr(symbol, '_'))
		hit->weight = QUERY_BESIDE;
	return word + length;
}

/* --- SQLSTATE ------------------------------------------------------------------------------ */

static const char *skip(const char *text, const char *characters, size_t most)
{
	size_t length = strspn(text, characters);

	return text + (length < most ? length : most);
}

/* The number of an SQLSTATE that ends here: "/1045", "] [2002]", "]: Text: 1146 Text". */
static bool number_of_state(const char *end, const char **ret_at, struct query_number *ret)
{
	const char *next = skip(end, "])\"' ,", 4);
	size_t near = strnlen(next, NEAR);

	if ((*next == '/' || *next == '[' || *next == '(') && query_number(next + 1, ret)) {
		*ret_at = next + 1;
		return ret->value > 0;
	}
	for (size_t i = 0; *next == ':' && i + 6 < near; i++)
		if (next[i] == ':' && next[i + 1] == ' ' && query_number(next + i + 2, ret) &&
		    ret->digits == 4 && *ret->end == ' ') {
			*ret_at = next + i + 2;
			return true;
		}
	return false;
}

static const char *add_state(struct query_hits *hits, const char *at, const char state[6])
{
	struct query_number number;
	struct query_hit *hit;
	const char *number_at;

	if (number_of_state(at + 5, &number_at, &number)) {
		hit = query_number_add(hits, QUERY_ERROR, number_at, &number);
		memcpy(hit->sqlstate, state, sizeof(hit->sqlstate));
		return number.end;
	}
	hit = query_hit_add(hits, QUERY_STATE, at);
	memcpy(hit->sqlstate, state, sizeof(hit->sqlstate));
	return at + 5;
}

/* "SQLSTATE[42S02]", "SQLState: 42S02", "sql_state=42S02", "errorCode 1045, state 28000". */
static const char *read_state_word(struct query_hits *hits, const char *word, size_t length)
{
	const char *next = word + length;
	char state[6];

	if (!query_starts(word + (length > 5 ? length - 5 : 0), "state"))
		return NULL;
	next = skip(next, " \t:=[(\"'`\\", 8);
	return query_state(next, state) ? add_state(hits, next, state) : NULL;
}

/* "[42S02][1146]", "(HY000/1045)", "#42S02Table": a state that no word introduces. */
static const char *read_state(struct query_hits *hits, const char *word)
{
	char state[6], copy[6] = "";
	char before = word > hits->text ? word[-1] : ' ';
	struct query_number number;
	const char *number_at;

	if (before == '#' && strnlen(word, 6) == 6) {
		memcpy(copy, word, 5);
		return query_state(copy, state) && word[5] >= 'A' && word[5] <= 'Z'
		               ? add_state(hits, word, state)
		               : NULL;
	}
	if ((before != '[' && before != '(') || !query_state(word, state) ||
	    !number_of_state(word + 5, &number_at, &number) || word[5] == ':')
		return NULL;
	return add_state(hits, word, state);
}

/* --- numbers by the signs around them ------------------------------------------------------- */

/* Python's drivers: (1045, "Access denied ..."). */
static bool is_tuple(const char *text, size_t at, const char *end)
{
	const char *before = text + at;

	while (before > text && text + at - before < 3 && before[-1] == ' ')
		before--;
	if (before == text || before[-1] != '(')
		return false;
	end += strspn(end, " ");
	if (*end != ',')
		return false;
	end++;
	end += strspn(end, " ");
	if (*end && strchr("ubr", *end))
		end++;
	end += *end == '\\';
	return *end == '"' || *end == '\'';
}

/* mysqldump and ODBC end in the number: "... to database 'x' (1044)". */
static bool is_last(const struct query_hits *hits, const char *word, const char *end)
{
	return word > hits->text && word[-1] == '(' && *end == ')' &&
	       (!end[1] || strchr("\n\r", end[1]) || query_starts(end, ") (SQL")) &&
	       (query_starts(hits->text, "mysql") || query_starts(hits->text, "mariadb") ||
	        hits->odbc);
}

/* The operating system's number behind "Can't connect to ... (111)". */
static bool is_of_connect(const struct query_hits *hits, const char *word, const char *end)
{
	const char *from = word - hits->text > 2 * NEAR ? word - 2 * NEAR : hits->text;

	return word > hits->text && word[-1] == '(' && *end == ')' &&
	       memmem(from, (size_t)(word - from), "t connect to", strlen("t connect to"));
}

static const char *read_number(struct query_hits *hits, const char *word)
{
	struct query_number number;
	size_t at = (size_t)(word - hits->text);
	char before = at ? word[-1] : '\0';
	bool is_first = at == 0 || (at == 2 && strncmp(hits->text, "> ", 2) == 0);
	struct query_hit *hit;

	if (!query_number(word, &number) || !number.value || before == '.' ||
	    (before == '-' && at > 1 && query_is_word(word[-2])))
		return NULL;
	if (is_of_connect(hits, word, number.end)) {
		query_number_add(hits, QUERY_ERRNO, word, &number)->weight = QUERY_BESIDE;
		return number.end;
	}
	if (before == '-' || number.value < 1000)
		return NULL;
	hit = query_number_add(hits, QUERY_ERROR, word, &number);
	if (is_tuple(hits->text, at, number.end) || hit->sqlstate[0]) {
		hit->is_code = true;
		return number.end;
	}
	if (is_last(hits, word, number.end) ||
	    (before == '#' && strncmp(number.end, " - ", 3) == 0))
		return number.end;
	if (is_first && strncmp(number.end, " - ", 3) == 0) {
		hit->doubtful = true;
		return number.end;
	}
	hits->count--;
	return NULL;
}

/* "OB -4012" and "-4012" standing free: a guess. */
static const char *read_negative(struct query_hits *hits, const char *text)
{
	struct query_number number;
	struct query_hit *hit;

	if (text == hits->text || !strchr(" \t([,=:", text[-1]) || !query_number(text, &number) ||
	    number.digits < 4)
		return NULL;
	hit = query_number_add(hits, QUERY_OB, text, &number);
	hit->doubtful = true;
	return number.end;
}

/* --- the walk over the text ---------------------------------------------------------------- */

static void note_product(struct query_hits *hits, const char *word)
{
	if (query_starts(word, "mariadb"))
		hits->mariadb = true;
	if (query_starts(word, "oceanbase") || query_starts(word, "obclient") ||
	    query_starts(word, "observer") || query_starts(word, "obproxy"))
		hits->oceanbase = true;
	hits->odbc = hits->odbc || query_starts(word, "odbc");
	hits->innodb = hits->innodb || query_starts(word, "innodb");
}

static const char *read_word(struct query_hits *hits, const char *word)
{
	size_t length = 1;
	const char *end;

	while (query_is_word(word[length]))
		length++;
	note_product(hits, word);
	if ((end = read_state(hits, word)))
		return end;
	if (query_is_digit(*word)) {
		end = read_number(hits, word);
		return end ? end : word + length;
	}
	if ((end = read_prefixed(hits, word)) || (end = read_bare_argument(hits, word, length)) ||
	    (end = read_dashed(hits, word, length)) || (end = read_symbol(hits, word, length)) ||
	    (end = read_state_word(hits, word, length)))
		return end;
	return query_introduced(hits, word, length);
}

/* A number that Oracle's mode prints stands before its prefix too: "ERROR 942 (42S02):
 * ORA-00942". */
static void drop_doubled(struct query_hits *hits)
{
	size_t kept = 0;

	for (size_t i = 0; i < hits->count; i++) {
		const struct query_hit *hit = &hits->hits[i];
		bool is_doubled = false;

		for (size_t j = 0; j < hits->count; j++)
			is_doubled = is_doubled ||
			             (hit->kind == QUERY_NUMBER && hit->family == QUERY_ERROR &&
			              (hits->hits[j].family == QUERY_ORA ||
			               hits->hits[j].family == QUERY_PLS) &&
			              hits->hits[j].number == hit->number);
		if (!is_doubled)
			hits->hits[kept++] = *hit;
	}
	hits->count = kept;
}

/* An SQLSTATE belongs to the number near it, and tells nothing of its own beside any code. */
static void give_states(struct query_hits *hits)
{
	size_t kept = 0;
	bool has_code = false;

	for (size_t i = 0; i < hits->count; i++) {
		struct query_hit *hit = &hits->hits[i];

		if (hit->kind == QUERY_STATE || hit->doubtful)
			continue;
		has_code = true;
		for (size_t j = 0; j < hits->count && !hit->sqlstate[0]; j++) {
			const struct query_hit *state = &hits->hits[j];
			size_t apart =
				state->at > hit->at ? state->at - hit->at : hit->at - state->at;

			if (hit->kind == QUERY_NUMBER && state->kind == QUERY_STATE && apart < NEAR)
				memcpy(hit->sqlstate, state->sqlstate, sizeof(hit->sqlstate));
		}
	}
	for (size_t i = 0; i < hits->count; i++)
		if (!has_code || hits->hits[i].kind != QUERY_STATE)
			hits->hits[kept++] = hits->hits[i];
	hits->count = kept;
}

void query_scan(struct arena *arena, const char *text, struct query_hits *hits)
{
	*hits = (struct query_hits){ .arena = arena, .text = text, .lookups = MOST_LOOKUPS };
	hits->is_short = scan_question(hits);
	while (*text && !hits->is_short) {
		const char *end = NULL;

		if (query_is_word(*text))
			end = read_word(hits, text);
		else if (*text == '-' && query_is_digit(text[1]))
			end = read_negative(hits, text);
		else if ((unsigned char)*text >= 0x80)
			end = query_introduced_chinese(hits, text);
		text = end ? end : text + 1;
	}
	if (hits->is_short)
		return;
	drop_doubled(hits);
	give_states(hits);
}
