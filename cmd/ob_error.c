/*
 * ob_error: what an error code of OceanBase means, in MySQL and in Oracle mode. A program of its
 * own, made from catalog/ alone, so that it starts at once and needs no library but libc.
 */
#include "catalog/base/arena.h"
#include "catalog/base/error.h"
#include "catalog/base/str.h"
#include "catalog/catalog.h"
#include "cmd/lang.h"

#include <errno.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

/* Kept apart from cmd/exit.h, which is migdoctor's. */
enum { FOUND = 0, SOME_UNKNOWN = 1, EXIT_USAGE = 64, EXIT_OUTPUT = 74 };

/* Where an answer is looked for. */
enum { MODE_MYSQL = 1, MODE_ORACLE = 2, MODE_OS = 4 };

enum facility { ANY, MY, ORA, OBE, PLS, OB, OS, FACILITY_COUNT };

static const struct {
	const char *name;
	unsigned modes;
	enum text_id help, unknown;
} facilities[FACILITY_COUNT] = {
	[ANY] = { NULL, MODE_MYSQL | MODE_ORACLE | MODE_OS, TEXT_NONE, TEXT_ob_error_unknown },
	[MY] = { "my", MODE_MYSQL, TEXT_ob_error_facility_my, TEXT_ob_error_unknown_my },
	[ORA] = { "ora", MODE_ORACLE, TEXT_ob_error_facility_ora, TEXT_ob_error_unknown_oracle },
	[OBE] = { "obe", MODE_ORACLE, TEXT_ob_error_facility_obe, TEXT_ob_error_unknown_oracle },
	[PLS] = { "pls", MODE_ORACLE, TEXT_ob_error_facility_pls, TEXT_ob_error_unknown_oracle },
	[OB] = { "ob", MODE_MYSQL | MODE_ORACLE, TEXT_ob_error_facility_ob,
	         TEXT_ob_error_unknown_ob },
	[OS] = { "os", MODE_OS, TEXT_ob_error_facility_os, TEXT_ob_error_unknown_os },
};

/* Up to here the numbers of MySQL mode are MySQL's own; from here on most are OceanBase's. */
#define OWN_FIRST 4000
#define OS_LAST 133
/* What Oracle mode shows for a code that Oracle does not have. */
#define ORA_INTERNAL 600
#define ORA_ARGUMENTS "internal error code, arguments: "
/* The numbers that RAISE_APPLICATION_ERROR may give, all of them one OceanBase code. */
#define RAISE_FIRST 20000
#define RAISE_LAST 20999

/* One code that is asked for. */
struct query {
	const char *word; /* as it was typed */
	enum facility facility;
	bool is_number;
	bool is_negative;
	int number;   /* without its sign; -1 where it is larger than any code */
	int argument; /* of -a, without its sign; -1 for none */
};

struct request {
	enum lang lang;
	bool help, version;
	struct query *queries;
	size_t count;
};

/* An answer that is being written. */
struct answer {
	struct arena *arena;
	enum lang lang;
	const struct query *query;
	struct str out;
	size_t blocks; /* how many the answers have so far, those of earlier queries included */
	size_t first;  /* how many they had when this one was begun */
};

/* --- the command line -------------------------------------------------------------------- */

/* The number of a word of digits, or -1 where it is larger than any code can be. */
static int read_number(const char *digits)
{
	long long value;

	if (!str_to_int(digits, &value) || value >= INT_MAX)
		return -1;
	return (int)value;
}

static bool is_digits(const char *text)
{
	return *text && text[strspn(text, "0123456789")] == '\0';
}

static enum facility find_facility(const char *word)
{
	for (int i = ANY + 1; i < FACILITY_COUNT; i++)
		if (str_equal_nocase(word, facilities[i].name))
			return (enum facility)i;
	return ANY;
}

/* "ORA-00942", "ora942", "MY-001146": where the digits begin, or NULL where it is no such word. */
static const char *after_facility(const char *word, enum facility *ret)
{
	for (int i = ANY + 1; i < FACILITY_COUNT; i++) {
		size_t length = strlen(facilities[i].name);
		const char *digits = word + length;

		if (strncasecmp(word, facilities[i].name, length) != 0)
			continue;
		if (*digits == '-')
			digits++;
		if (!is_digits(digits))
			continue;
		*ret = (enum facility)i;
		return digits;
	}
	return NULL;
}

static struct query read_query(const char *word, enum facility facility)
{
	struct query query = { .word = word, .facility = facility, .number = -1, .argument = -1 };
	enum facility named = ANY;
	const char *digits = word[0] == '-' ? word + 1 : word;

	query.is_negative = word[0] == '-';
	if (!is_digits(digits)) {
		digits = after_facility(word, &named);
		if (!digits || (facility != ANY && facility != named))
			return query;
		query.facility = named;
	}
	query.is_number = true;
	query.number = read_number(digits);
	if (query.is_negative && query.facility == ANY)
		query.facility = OB;
	return query;
}

static int read_argument(const char *value, int *ret, struct error *error)
{
	const char *digits = value && value[0] == '-' ? value + 1 : value;

	if (!digits || !is_digits(digits) || read_number(digits) < 0)
		return error_usage(error,
		                   "-a takes the OceanBase code that stands after \"arguments:\", "
		                   "such as -a 5858%s%s",
		                   value && *value ? ", and not " : "", value ? value : "");
	*ret = read_number(digits);
	return 0;
}

/* The value of an option that is written --name=VALUE, --name VALUE, or -a=VALUE, -aVALUE; *word
 * moves on to the value's own word. False where the word is another option. */
static bool option_value(char ***word, const char *name, const char **ret)
{
	size_t length = strlen(name);
	const char *rest = **word + length;
	bool is_short = name[1] != '-';

	if (!str_starts(**word, name) || (*rest && *rest != '=' && !is_short))
		return false;
	if (*rest) {
		*ret = *rest == '=' ? rest + 1 : rest;
		return true;
	}
	*ret = (*word)[1];
	if (*ret)
		++*word;
	return true;
}

static int read_lang(const char *value, enum lang *ret, struct error *error)
{
	if (!value || (!str_equal(value, "en") && !str_equal(value, "zh")))
		return error_usage(error, "--lang %s: en and zh are there", value ? value : "");
	*ret = str_equal(value, "zh") ? LANG_ZH : LANG_EN;
	return 0;
}

/* Reads the option that stands at *word. An argument before the first code waits in *waiting. */
static int read_option(struct request *request, char ***word, int *waiting, struct error *error)
{
	const char *value = NULL;

	if (str_equal(**word, "-h") || str_equal(**word, "--help")) {
		request->help = true;
		return 0;
	}
	if (str_equal(**word, "-V") || str_equal(**word, "--version")) {
		request->version = true;
		return 0;
	}
	if (option_value(word, "--lang", &value))
		return read_lang(value, &request->lang, error);
	if (option_value(word, "--argument", &value) || option_value(word, "-a", &value)) {
		struct query *last = request->count ? &request->queries[request->count - 1] : NULL;

		return read_argument(value, last ? &last->argument : waiting, error);
	}
	return error_usage(error, "unknown option %s; --help lists those there are", **word);
}

static int add_query(struct request *request, const char *word, enum facility *facility,
                     int *waiting, struct error *error)
{
	enum facility next = find_facility(word);
	struct query *query;

	if (!*word)
		return error_usage(error, "an empty word is no code; --help tells what is");
	if (next != ANY && *facility != ANY)
		return error_usage(error, "a code comes after %s, and %s is none",
		                   facilities[*facility].name, word);
	if (next != ANY) {
		*facility = next;
		return 0;
	}
	query = &request->queries[request->count++];
	*query = read_query(word, *facility);
	query->argument = *waiting;
	*facility = ANY;
	*waiting = -1;
	return 0;
}

/* A word that begins with a dash and a digit is a code: OceanBase's own are negative. */
static bool is_option(const char *word)
{
	return word[0] == '-' && !(word[1] >= '0' && word[1] <= '9');
}

static int read_words(struct request *request, char **words, struct error *error)
{
	enum facility facility = ANY;
	int waiting = -1;
	bool options = true;

	for (; *words; words++) {
		if (options && str_equal(*words, "--"))
			options = false;
		else if (options && is_option(*words)) {
			if (read_option(request, &words, &waiting, error))
				return -1;
		} else if (add_query(request, *words, &facility, &waiting, error))
			return -1;
	}
	if (request->help || request->version)
		return 0;
	if (facility != ANY)
		return error_usage(error, "%s: and which code? Such as `ob_error %s 4000`",
		                   facilities[facility].name, facilities[facility].name);
	if (!request->count)
		return error_usage(error, "which code? Such as `ob_error 1146` or `ob_error ora "
		                          "00942`; --help tells more");
	return 0;
}

/* --- blocks ------------------------------------------------------------------------------ */

static const char *own_text(const struct catalog_entry *entry, enum lang lang)
{
	return entry->message ? entry->message : entry->title[lang];
}

/* The number of an entry whose code is one, without its sign: 5858 of "ob:-5858". */
static int code_of(const struct catalog_entry *entry)
{
	const char *code = strchr(entry->id, ':') + 1;

	return read_number(*code == '-' ? code + 1 : code);
}

static bool find(const char *family, int number, struct catalog_entry *ret)
{
	char id[64];

	snprintf(id, sizeof(id), "%s:%d", family, number);
	return catalog_find(id, ret);
}

static bool find_own(int number, struct catalog_entry *ret)
{
	return find("ob", -number, ret);
}

static const char *in_words(const struct answer *answer, struct note note)
{
	return note_text(answer->arena, &note, answer->lang);
}

static void add_note(struct answer *answer, struct note note)
{
	str_add(&answer->out, in_words(answer, note));
	str_add_char(&answer->out, '\n');
}

/* Two empty lines stand between blocks, one between the lines of a block. */
static void begin_block(struct answer *answer)
{
	if (answer->blocks++)
		str_add(&answer->out, "\n\n");
}

static void add_line(struct answer *answer, struct note note)
{
	str_add_char(&answer->out, '\n');
	add_note(answer, note);
}

static void add_help(struct answer *answer, const char *cause, const char *fix)
{
	str_add_char(&answer->out, '\n');
	add_line(answer, NOTE(TEXT_ob_error_cause, cause));
	add_line(answer, NOTE(TEXT_ob_error_solution, fix));
}

static void add_code_line(struct answer *answer, const struct catalog_entry *entry)
{
	add_line(answer, NOTE(TEXT_ob_error_code, entry->id + strlen("ob:"), entry->symbol,
	                      entry->sqlstate));
}

/* Whether -a leaves the entry in. */
static bool is_chosen(const struct answer *answer, const struct catalog_entry *entry)
{
	return answer->query->argument < 0 || answer->query->argument == code_of(entry);
}

/* An OceanBase code as MySQL mode shows it under a number: its own, or MySQL's. The code is named
 * where the number does not tell it. */
static void add_mysql(struct answer *answer, const struct catalog_entry *entry, int number,
                      bool is_shared)
{
	const char *client = arena_printf(answer->arena, "%d", entry->mysql);

	begin_block(answer);
	str_addf(&answer->out, "ERROR %d (%s): %s", number, entry->sqlstate,
	         own_text(entry, answer->lang));
	add_help(answer, entry->cause[answer->lang], entry->fix[answer->lang]);
	if (is_shared || number != code_of(entry))
		add_code_line(answer, entry);
	if (number != entry->mysql)
		add_line(answer, NOTE(TEXT_ob_error_client, client, entry->sqlstate));
}

/* An OceanBase code as Oracle mode shows it. */
static void add_oracle(struct answer *answer, const struct catalog_entry *entry, int number)
{
	const char *prefix = answer->query->facility == OBE ? "OBE" : "ORA", *text;

	if (entry->pls >= 0)
		prefix = "PLS";
	if (entry->ora_message)
		text = entry->ora_message;
	else if (entry->ora == ORA_INTERNAL)
		text = arena_printf(answer->arena, ORA_ARGUMENTS "%s, %s",
		                    entry->id + strlen("ob:"), own_text(entry, answer->lang));
	else
		text = own_text(entry, answer->lang);
	begin_block(answer);
	str_addf(&answer->out, "%s-%05d: %s", prefix, number, text);
	add_help(answer, entry->cause[answer->lang], entry->fix[answer->lang]);
	if (!str_starts(text, ORA_ARGUMENTS))
		add_code_line(answer, entry);
}

/* An error of MySQL, of its storage engines' interface, or of MariaDB, whether OceanBase has it, too,
 * or not. */
static void add_foreign(struct answer *answer, const struct catalog_entry *entry, bool is_alone)
{
	const char *product = "MySQL";
	int number = code_of(entry);

	if (str_equal(entry->family, "mariadb"))
		product = "MariaDB";
	begin_block(answer);
	/* In the error log stands another form than in a client. */
	if (entry->sqlstate && !(entry->kind && str_equal(entry->kind, "errlog")))
		str_addf(&answer->out, "ERROR %d (%s): ", number, entry->sqlstate);
	else
		str_addf(&answer->out, "MY-%06d: ", number);
	str_add(&answer->out, own_text(entry, answer->lang));
	add_help(answer, entry->cause[answer->lang], entry->fix[answer->lang]);
	if (entry->symbol)
		add_line(answer,
		         NOTE(is_alone ? TEXT_ob_error_foreign_alone : TEXT_ob_error_foreign,
		              product, entry->symbol));
}

/* The C library's names and texts: strerror() would load a locale. */
static void add_os(struct answer *answer, int number)
{
	struct note refused = NOTE(TEXT_ob_error_os_cause, strerrorname_np(number));
	struct catalog_entry entry;

	begin_block(answer);
	str_addf(&answer->out, "OS Error %d: %s", number, strerrordesc_np(number));
	if (find("os", number, &entry))
		add_help(answer, entry.cause[answer->lang], entry.fix[answer->lang]);
	else
		add_help(answer, in_words(answer, refused),
		         text_get(TEXT_ob_error_os_fix, answer->lang));
}

/* --- looking up -------------------------------------------------------------------------- */

static bool is_os(int number)
{
	return number >= 1 && number <= OS_LAST && strerrorname_np(number);
}

static const char *const foreign_families[] = { "mysql", "handler", "mariadb" };

#define FOREIGN_COUNT (sizeof(foreign_families) / sizeof(foreign_families[0]))

static void answer_foreign(struct answer *answer, int number)
{
	struct catalog_entry entry;

	for (size_t i = 0; answer->query->argument < 0 && i < FOREIGN_COUNT; i++)
		if (find(foreign_families[i], number, &entry))
			add_foreign(answer, &entry, true);
}

/* The OceanBase codes that MySQL mode knows by a number: the one that is the number, and those that
 * are sent as it. False where there is none. */
static bool answer_mysql(struct answer *answer, int number)
{
	const uint32_t *places;
	size_t count = catalog_by_number(CATALOG_BY_MYSQL, number, &places);
	struct catalog_entry own, entry;
	bool has_own = find_own(number, &own);

	if (has_own && is_chosen(answer, &own))
		add_mysql(answer, &own, number, count > 1);
	for (size_t i = 0; i < count; i++) {
		catalog_at(places[i], &entry);
		if (code_of(&entry) != number && is_chosen(answer, &entry))
			add_mysql(answer, &entry, number, true);
	}
	return has_own || count;
}

/* Of the codes that are all ORA-00600, Oracle mode shows few as Oracle's own error, without
 * arguments; the others have to be chosen. */
static bool is_hidden(const struct answer *answer, const struct catalog_entry *entry)
{
	return entry->ora == ORA_INTERNAL && answer->query->argument < 0 &&
	       (!entry->ora_message || str_starts(entry->ora_message, ORA_ARGUMENTS));
}

static void say_hidden(struct answer *answer, size_t hidden)
{
	const char *prefix = answer->query->facility == OBE ? "obe" : "ora";
	const char *shown = answer->query->facility == OBE ? "OBE-00600" : "ORA-00600";

	begin_block(answer);
	add_note(answer, NOTE(TEXT_ob_error_more, arena_printf(answer->arena, "%zu", hidden), shown,
	                      prefix, "600"));
}

/* The codes that Oracle mode shows with a number, but for the one that was answered already. */
static void answer_oracle(struct answer *answer, enum catalog_key key, int number, int answered)
{
	bool is_raised = key == CATALOG_BY_ORA && number >= RAISE_FIRST && number <= RAISE_LAST;
	const uint32_t *places;
	size_t count = catalog_by_number(key, number, &places), hidden = 0;
	struct catalog_entry entry;

	if (is_raised && answered != RAISE_FIRST && find_own(RAISE_FIRST, &entry) &&
	    is_chosen(answer, &entry))
		add_oracle(answer, &entry, number);
	for (size_t i = 0; i < count; i++) {
		int code;

		catalog_at(places[i], &entry);
		code = code_of(&entry);
		if (!is_chosen(answer, &entry) || code == answered ||
		    (is_raised && code == RAISE_FIRST))
			continue;
		if (is_hidden(answer, &entry))
			hidden++;
		else
			add_oracle(answer, &entry, number);
	}
	if (hidden)
		say_hidden(answer, hidden);
}

static void add_oracle_form(struct answer *answer, const struct catalog_entry *entry)
{
	if (entry->ora >= 0 || entry->pls >= 0)
		add_oracle(answer, entry, entry->pls >= 0 ? entry->pls : entry->ora);
}

/* An OceanBase code by itself, in the modes that the facility leaves. */
static void answer_own(struct answer *answer, const struct catalog_entry *entry)
{
	unsigned modes = facilities[answer->query->facility].modes;

	if (modes & MODE_MYSQL)
		add_mysql(answer, entry, code_of(entry), false);
	if (modes & MODE_ORACLE)
		add_oracle_form(answer, entry);
}

/* MySQL's numbers for global errors and for its error log are written in another way, so that a
 * bare number means them only where it means nothing else. */
static bool is_sent_to_clients(int number)
{
	return number >= 1000 && number < 10000;
}

static void answer_any(struct answer *answer, int number)
{
	struct catalog_entry own;
	int answered = -1;
	bool in_mysql;

	if (is_os(number) && answer->query->argument < 0)
		add_os(answer, number);
	in_mysql = answer_mysql(answer, number);
	if (!in_mysql && is_sent_to_clients(number))
		answer_foreign(answer, number);
	if (find_own(number, &own) && is_chosen(answer, &own)) {
		add_oracle_form(answer, &own);
		answered = number;
	}
	answer_oracle(answer, CATALOG_BY_ORA, number, answered);
	answer_oracle(answer, CATALOG_BY_PLS, number, answered);
	if (answer->blocks == answer->first && !is_sent_to_clients(number))
		answer_foreign(answer, number);
}

static void answer_number(struct answer *answer, int number)
{
	struct catalog_entry entry;

	switch (answer->query->facility) {
	case MY:
		if (!answer_mysql(answer, number))
			answer_foreign(answer, number);
		break;
	case ORA:
	case OBE:
		answer_oracle(answer, CATALOG_BY_ORA, number, -1);
		break;
	case PLS:
		answer_oracle(answer, CATALOG_BY_PLS, number, -1);
		break;
	case OB:
		if (find_own(number, &entry) && is_chosen(answer, &entry))
			answer_own(answer, &entry);
		break;
	case OS:
		if (is_os(number) && answer->query->argument < 0)
			add_os(answer, number);
		break;
	default:
		answer_any(answer, number);
		break;
	}
}

/* A number below 4000 that OceanBase sends, too, is told of as OceanBase means it. */
static void answer_foreign_symbol(struct answer *answer, const struct catalog_entry *entry)
{
	int number = code_of(entry);
	bool is_mysql = str_equal(entry->family, "mysql");
	const uint32_t *places;
	struct catalog_entry own;

	if (is_mysql && number < OWN_FIRST && answer_mysql(answer, number))
		return;
	add_foreign(answer, entry,
	            !find_own(number, &own) &&
	                    !catalog_by_number(CATALOG_BY_MYSQL, number, &places));
}

static void answer_entry(struct answer *answer, const struct catalog_entry *entry)
{
	unsigned modes = facilities[answer->query->facility].modes;

	if (str_equal(entry->family, "ob")) {
		if (is_chosen(answer, entry))
			answer_own(answer, entry);
		return;
	}
	if (str_equal(entry->family, "os")) {
		if (modes & MODE_OS)
			add_os(answer, code_of(entry));
		return;
	}
	for (size_t i = 0; i < FOREIGN_COUNT; i++)
		if (modes & MODE_MYSQL && str_equal(entry->family, foreign_families[i]))
			answer_foreign_symbol(answer, entry);
}

static void answer_symbol(struct answer *answer)
{
	const char *word = answer->query->word;
	const uint32_t *places;
	size_t count = catalog_by_symbol(word, &places);
	struct catalog_entry entry;

	for (size_t i = 0; i < count; i++) {
		catalog_at(places[i], &entry);
		answer_entry(answer, &entry);
	}
	if (count || !(facilities[answer->query->facility].modes & MODE_OS))
		return;
	for (int i = 1; i <= OS_LAST; i++)
		if (is_os(i) && str_equal_nocase(word, strerrorname_np(i)))
			add_os(answer, i);
}

/* --- what is not known ------------------------------------------------------------------- */

static const struct range {
	int first, last;
	enum text_id text;
} mysql_ranges[] = {
	{ 1, 999, TEXT_ob_error_range_global },     { 1000, 1999, TEXT_ob_error_range_server },
	{ 2000, 2999, TEXT_ob_error_range_client }, { 3000, 4999, TEXT_ob_error_range_server },
	{ 5000, 5999, TEXT_ob_error_range_x },      { 10000, 49999, TEXT_ob_error_range_log },
	{ 50000, 51999, TEXT_ob_error_range_third }, { 0 },
}, own_ranges[] = {
	{ 4000, 4499, TEXT_ob_error_range_ob_general },
	{ 4500, 4999, TEXT_ob_error_range_ob_root },
	{ 5000, 5999, TEXT_ob_error_range_ob_sql },
	{ 6000, 6999, TEXT_ob_error_range_ob_transaction },
	{ 7000, 7200, TEXT_ob_error_range_ob_election },
	{ 7201, 7399, TEXT_ob_error_range_ob_gis },
	{ 7400, 7999, TEXT_ob_error_range_ob_xml },
	{ 8000, 8999, TEXT_ob_error_range_ob_fatal },
	{ 9000, 9499, TEXT_ob_error_range_ob_storage },
	{ 9500, 10499, TEXT_ob_error_range_ob_pl },
	{ 10500, 10999, TEXT_ob_error_range_ob_kv },
	{ 11000, 11999, TEXT_ob_error_range_ob_more },
	{ 0 },
};

static const char *add_range(struct answer *answer, const char *text, const struct range *ranges)
{
	int number = answer->query->number;
	const char *first, *last;

	while (ranges->last && (number < ranges->first || number > ranges->last))
		ranges++;
	if (!ranges->last)
		return text;
	first = arena_printf(answer->arena, "%d", ranges->first);
	last = arena_printf(answer->arena, "%d", ranges->last);
	return in_words(answer, NOTE(TEXT_ob_error_range, text, first, last,
	                             text_get(ranges->text, answer->lang)));
}

/* The query as it is called in a message: "my 1999", "ORA-00942", "-5858". */
static const char *name_of(const struct answer *answer)
{
	const struct query *query = answer->query;
	const char *const names[] = { [ORA] = "ORA", [OBE] = "OBE", [PLS] = "PLS" };

	if (facilities[query->facility].modes == MODE_ORACLE && query->number >= 0)
		return arena_printf(answer->arena, "%s-%05d", names[query->facility],
		                    query->number);
	if (query->facility == MY && is_digits(query->word))
		return arena_printf(answer->arena, "my %s", query->word);
	return query->word;
}

static const char *unknown_number(struct answer *answer)
{
	const struct query *query = answer->query;
	unsigned modes = facilities[query->facility].modes;
	const char *number = arena_printf(answer->arena, "%d", query->number);
	struct note unknown = NOTE(facilities[query->facility].unknown, name_of(answer));
	const char *text = in_words(answer, unknown);
	struct catalog_entry own;

	if (modes == MODE_ORACLE && query->number >= 0 && find_own(query->number, &own))
		return in_words(answer, NOTE(TEXT_ob_error_try_own, text, number));
	if (modes & MODE_MYSQL && query->facility != OB)
		text = add_range(answer, text, mysql_ranges);
	if (modes & MODE_MYSQL)
		text = add_range(answer, text, own_ranges);
	return text;
}

static bool is_symbol(const char *word)
{
	const uint32_t *places;

	return catalog_by_symbol(word, &places);
}

static const char *unknown_argument(struct answer *answer)
{
	int argument = answer->query->argument;
	const char *number = arena_printf(answer->arena, "%d", argument);
	struct catalog_entry own;

	return in_words(answer, NOTE(find_own(argument, &own) ? TEXT_ob_error_argument_other
	                                                      : TEXT_ob_error_argument_unknown,
	                             name_of(answer), number));
}

static const char *unknown_text(struct answer *answer)
{
	const struct query *query = answer->query;

	if (query->argument >= 0 && (query->is_number || is_symbol(query->word)))
		return unknown_argument(answer);
	if (!query->is_number)
		return in_words(answer, NOTE(TEXT_ob_error_unknown_word, query->word));
	if (query->is_negative && query->facility != OB)
		return in_words(answer, NOTE(TEXT_ob_error_negative, query->word, query->word));
	return unknown_number(answer);
}

/* --- the program ------------------------------------------------------------------------- */

static void complain(const struct error *error)
{
	fprintf(stderr, "ob_error: %s\n", error->text);
}

static int print(const char *text, size_t length, struct error *error)
{
	while (length) {
		ssize_t written = write(STDOUT_FILENO, text, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return error_output(error, "standard output: %s", strerror(errno));
		text += written;
		length -= (size_t)written;
	}
	return 0;
}

static void look_up(struct answer *answer)
{
	const struct query *query = answer->query;

	if (!query->is_number)
		answer_symbol(answer);
	else if (query->number >= 0 && !(query->is_negative && query->facility != OB))
		answer_number(answer, query->number);
}

/* Answers one query and prints that at once, so that memory does not grow with their number. Adds
 * to *blocks; nothing was found where they stay. */
static int answer_query(const struct request *request, const struct query *query, size_t *blocks,
                        struct error *error)
{
	struct arena *arena = arena_new();
	struct answer answer = {
		.arena = arena,
		.lang = request->lang,
		.query = query,
		.out = str_new(arena),
		.blocks = *blocks,
		.first = *blocks,
	};
	struct error unknown;
	int status;

	look_up(&answer);
	if (answer.blocks == *blocks) {
		error_usage(&unknown, "%s", unknown_text(&answer));
		complain(&unknown);
	}
	*blocks = answer.blocks;
	status = print(answer.out.text, answer.out.length, error);
	arena_free(arena);
	return status;
}

static int answer_all(const struct request *request, struct error *error)
{
	size_t blocks = 0;
	int status = FOUND;

	for (size_t i = 0; i < request->count; i++) {
		size_t before = blocks;

		if (answer_query(request, &request->queries[i], &blocks, error))
			return EXIT_OUTPUT;
		if (blocks == before)
			status = SOME_UNKNOWN;
	}
	return status;
}

static void add_option(struct str *out, const char *option, enum text_id text, enum lang lang)
{
	str_addf(out, "  %-20s %s\n", option, text_get(text, lang));
}

static int print_help(struct arena *arena, enum lang lang, struct error *error)
{
	struct note usage = NOTE(TEXT_usage, arena_printf(arena, "ob_error %s",
	                                                  text_get(TEXT_ob_error_usage, lang)));
	struct str out = str_new(arena);

	str_addf(&out, "%s\n\n%s\n%s\n\n%s\n", note_text(arena, &usage, lang),
	         text_get(TEXT_ob_error_what, lang), text_get(TEXT_ob_error_codes, lang),
	         text_get(TEXT_ob_error_facilities, lang));
	for (int i = ANY + 1; i < FACILITY_COUNT; i++)
		add_option(&out, facilities[i].name, facilities[i].help, lang);
	str_addf(&out, "\n%s\n", text_get(TEXT_ob_error_options, lang));
	add_option(&out, "-a, --argument=ARG", TEXT_ob_error_option_argument, lang);
	add_option(&out, "    --lang=en|zh", TEXT_ob_error_option_lang, lang);
	add_option(&out, "-h, --help", TEXT_ob_error_option_help, lang);
	add_option(&out, "-V, --version", TEXT_ob_error_option_version, lang);
	return print(out.text, out.length, error) ? EXIT_OUTPUT : FOUND;
}

static int run(struct arena *arena, int argc, char **argv, struct error *error)
{
	static const char version[] = "ob_error " MIGDOCTOR_VERSION "\n";
	struct request request = { .lang = lang_of_environment() };

	request.queries = arena_array(arena, (size_t)argc + 1, sizeof(*request.queries));
	if (read_words(&request, argv + (argc > 0), error))
		return EXIT_USAGE;
	if (request.help)
		return print_help(arena, request.lang, error);
	if (request.version)
		return print(version, strlen(version), error) ? EXIT_OUTPUT : FOUND;
	return answer_all(&request, error);
}

int main(int argc, char **argv)
{
	struct arena *arena = arena_new();
	struct error error = { ERROR_NONE, "" };
	int status;

	/* A pipe that nobody reads is an output that cannot be written. */
	signal(SIGPIPE, SIG_IGN);
	status = run(arena, argc, argv, &error);
	if (error.kind != ERROR_NONE)
		complain(&error);
	arena_free(arena);
	return status;
}
