#include "catalog/query_resolve.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "catalog/query_names.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#define ORA_INTERNAL 600
#define ORA_RAISE_FIRST 20000
#define ORA_RAISE_LAST 20999
#define FIRST_OF_HANDLER 120
#define FIRST_OF_SERVER 1000
#define FIRST_OF_OCEANBASE 4000
#define FIRST_OF_LOG 10000
#define LAST_OS_NUMBER 133
#define LAST_SHARED 2999

void query_match_add(struct query_matches *matches, const struct catalog_entry *entry, bool guess)
{
	for (size_t i = 0; i < matches->count; i++)
		if (str_equal(matches->matches[i].entry.id, entry->id)) {
			matches->matches[i].guess = matches->matches[i].guess && guess;
			return;
		}
	if (matches->count < QUERY_MOST_MATCHES)
		matches->matches[matches->count++] = (struct query_match){ *entry, guess };
}

bool query_match_add_id(struct query_matches *matches, const char *id, bool guess)
{
	struct catalog_entry entry;

	if (!catalog_find(id, &entry))
		return false;
	query_match_add(matches, &entry, guess);
	return true;
}

/* --- what each family knows under a number -------------------------------------------------- */

static void add_of(struct query_matches *matches, const char *family, long long number, bool guess)
{
	char id[40];

	snprintf(id, sizeof(id), "%s:%lld", family, number);
	query_match_add_id(matches, id, guess);
}

/* Numbers that are no error of any product: the operating system's own words. */
static void add_os(struct query_matches *matches, long long number, bool guess)
{
	char id[24];
	struct catalog_entry entry = { .mysql = -1, .ora = -1, .pls = -1 };

	snprintf(id, sizeof(id), "os:%lld", number);
	if (query_match_add_id(matches, id, guess) || number < 1 || number > LAST_OS_NUMBER ||
	    !strerrorname_np((int)number))
		return;
	entry.id = arena_strdup(matches->arena, id);
	entry.family = "os";
	entry.shown = arena_printf(matches->arena, "OS %lld", number);
	entry.symbol = strerrorname_np((int)number);
	for (size_t i = 0; i < LANG_COUNT; i++)
		entry.title[i] = strerrordesc_np((int)number);
	entry.source = "glibc";
	query_match_add(matches, &entry, guess);
}

static void add_by(struct query_matches *matches, enum catalog_key key, long long number)
{
	const uint32_t *places;
	size_t count = catalog_by_number(key, (int)number, &places);
	struct catalog_entry entry;

	for (size_t i = 0; i < count; i++) {
		catalog_at(places[i], &entry);
		query_match_add(matches, &entry, false);
	}
}

/* OceanBase's own code where there is one, else those that its clients see under the number. */
static void add_own(struct query_matches *matches, long long number)
{
	add_of(matches, "ob", -number, false);
	if (!matches->count)
		add_by(matches, CATALOG_BY_MYSQL, number);
}

/* OceanBase's code of its own number, and those that its clients see under the number. */
static void add_oceanbase(struct query_matches *matches, long long number)
{
	if (number >= FIRST_OF_OCEANBASE)
		add_of(matches, "ob", -number, false);
	if (number > 0)
		add_by(matches, CATALOG_BY_MYSQL, number);
}

/* ORA-00600 alone is 1,486 codes, nearly all of which print their own number as its argument. Those
 * of the three that print a text instead come alone. */
static void add_internal(struct query_matches *matches)
{
	const uint32_t *places;
	size_t count = catalog_by_number(CATALOG_BY_ORA, ORA_INTERNAL, &places);
	struct catalog_entry entry;

	for (size_t i = 0; i < count; i++) {
		catalog_at(places[i], &entry);
		if (entry.ora_message && !strstr(entry.ora_message, "arguments"))
			query_match_add(matches, &entry, false);
	}
	query_match_add_id(matches, "range:ora.600-600", false);
}

static void add_ora(struct query_matches *matches, const struct query_hit *hit, long long number)
{
	struct catalog_entry entry;
	char id[40];

	if (number == ORA_INTERNAL && hit->has_argument) {
		snprintf(id, sizeof(id), "ob:%lld", -hit->argument);
		if (catalog_find(id, &entry))
			query_match_add(matches, &entry, entry.ora != ORA_INTERNAL);
		return;
	}
	if (number == ORA_INTERNAL) {
		add_internal(matches);
		return;
	}
	/* What RAISE_APPLICATION_ERROR was given: the application's numbers. */
	if (number >= ORA_RAISE_FIRST && number <= ORA_RAISE_LAST)
		add_of(matches, "ob", -ORA_RAISE_FIRST, false);
	add_by(matches, CATALOG_BY_ORA, number);
}

static void add_mysql(struct query_matches *matches, long long number)
{
	add_of(matches, "mysql", number, false);
	if (number >= FIRST_OF_HANDLER && number < FIRST_OF_SERVER)
		add_of(matches, "handler", number, false);
}

/* --- orders --------------------------------------------------------------------------------- */

/* A number with a sign is OceanBase's, or one of a service of this catalog. */
static void add_negative(struct query_matches *matches, const struct query_hit *hit)
{
	long long number = -hit->number;

	add_of(matches, "ob", hit->number, false);
	if (number >= ORA_RAISE_FIRST && number <= ORA_RAISE_LAST)
		add_of(matches, "ob", -ORA_RAISE_FIRST, false);
	add_of(matches, "dts", hit->number, false);
	if (hit->padded)
		add_ora(matches, hit, number); /* "ERROR-00942" */
	if (!matches->count && number <= LAST_OS_NUMBER)
		add_os(matches, number, true);
	if (!matches->count)
		add_of(matches, "mysql", number, true);
}

static void add_system(struct query_matches *matches, long long number)
{
	if (number >= FIRST_OF_HANDLER)
		add_of(matches, "handler", number, false);
	add_os(matches, number, false);
}

/* What a client gets: of OceanBase and MySQL, or of MariaDB. */
static void add_sent(const struct query_hits *hits, struct query_matches *matches, long long number)
{
	if (hits->mariadb)
		add_of(matches, "mariadb", number, false);
	if (hits->oceanbase || (number >= FIRST_OF_OCEANBASE && number < FIRST_OF_LOG))
		add_oceanbase(matches, number);
	add_mysql(matches, number);
	add_of(matches, "mariadb", number, false);
	add_oceanbase(matches, number);
}

/* What the server writes to its log alone is no number that a client gets; Windows has its own
 * there. */
static void doubt_logged(struct query_matches *matches)
{
	for (size_t i = 0; i < matches->count; i++) {
		struct query_match *match = &matches->matches[i];

		match->guess = match->guess ||
		               (match->entry.kind && str_equal(match->entry.kind, "errlog"));
	}
}

static void add_any(const struct query_hits *hits, const struct query_hit *hit,
                    struct query_matches *matches)
{
	long long number = hit->number;

	if (hit->has_argument) {
		add_ora(matches, hit, number);
		if (number == ORA_INTERNAL)
			return;
	}
	if (hit->padded || (number >= ORA_RAISE_FIRST && number <= ORA_RAISE_LAST))
		add_ora(matches, hit, number);
	if (hit->padded)
		add_by(matches, CATALOG_BY_PLS, number);
	if (number <= LAST_OS_NUMBER)
		add_system(matches, number);
	if (number < FIRST_OF_SERVER)
		add_mysql(matches, number);
	else
		add_sent(hits, matches, number);
	add_of(matches, "dts", number, false);
	add_ora(matches, hit, number);
	add_by(matches, CATALOG_BY_PLS, number);
}

static void add_log(struct query_matches *matches, long long number)
{
	if (number >= FIRST_OF_HANDLER && number < FIRST_OF_SERVER)
		add_of(matches, "handler", number, false);
	else
		add_of(matches, "mysql", number, false);
}

/* A number that MariaDB shares with MySQL is the catalog's under MySQL; whether it shares one of
 * the later ones is not known. */
static void add_mariadb(struct query_matches *matches, long long number)
{
	char id[40];
	struct catalog_entry entry;

	snprintf(id, sizeof(id), "mariadb:%lld", number);
	if (catalog_find(id, &entry))
		query_match_add(matches, &entry, false);
	else if (number < FIRST_OF_SERVER)
		add_mysql(matches, number);
	else
		add_of(matches, "mysql", number, number > LAST_SHARED);
}

static void add_dts(struct query_matches *matches, long long number)
{
	add_of(matches, "dts", number, false);
	if (!matches->count)
		add_of(matches, "dts", -number, false);
}

static void add_errno(const struct query_hits *hits, struct query_matches *matches,
                      long long number)
{
	if (number > 0 && number < FIRST_OF_SERVER)
		add_system(matches, number);
	else if (number > 0)
		add_sent(hits, matches, number);
}

/* A number in the family that was named. */
static void add_named(const struct query_hits *hits, const struct query_hit *hit,
                      struct query_matches *matches)
{
	long long number = hit->number < 0 ? -hit->number : hit->number;

	switch (hit->family) {
	case QUERY_MY:
		add_sent(hits, matches, number);
		break;
	case QUERY_MYSQL:
		add_mysql(matches, number);
		break;
	case QUERY_LOG:
		add_log(matches, number);
		break;
	case QUERY_MARIADB:
		add_mariadb(matches, number);
		break;
	case QUERY_OB:
		add_own(matches, number);
		break;
	case QUERY_ORA:
		add_ora(matches, hit, number);
		break;
	case QUERY_PLS:
		add_by(matches, CATALOG_BY_PLS, number);
		break;
	case QUERY_DTS:
		add_dts(matches, hit->number);
		break;
	case QUERY_MD:
		add_of(matches, "md", number, false);
		break;
	case QUERY_OS:
		add_os(matches, number, false);
		break;
	default:
		add_errno(hits, matches, number);
		break;
	}
}

/* --- what stands beside the number selects --------------------------------------------------- */

static void keep(struct query_matches *matches,
                 bool (*is_kept)(const struct catalog_entry *entry, const struct query_hit *hit),
                 const struct query_hit *hit)
{
	size_t kept = 0;

	for (size_t i = 0; i < matches->count; i++)
		if (is_kept(&matches->matches[i].entry, hit))
			matches->matches[kept++] = matches->matches[i];
	/* Versions differ in their SQLSTATEs: where none agrees, the number alone counts. */
	if (kept)
		matches->count = kept;
}

static bool has_state(const struct catalog_entry *entry, const struct query_hit *hit)
{
	return entry->sqlstate && str_equal(entry->sqlstate, hit->sqlstate);
}

/* Of MariaDB's numbers no SQLSTATE is known: where others contradict what is given, they are
 * meant. */
static bool may_have_state(const struct catalog_entry *entry, const struct query_hit *hit)
{
	return !entry->sqlstate || has_state(entry, hit);
}

static bool has_argument(const struct catalog_entry *entry, const struct query_hit *hit)
{
	char id[40];

	snprintf(id, sizeof(id), "ob:%lld", -hit->argument);
	return str_equal(entry->id, id);
}

/* --- ranges --------------------------------------------------------------------------------- */

/* Adds the ranges named "prefix.LOW-HIGH" that hold the number. */
static void add_range(struct query_matches *matches, const char *prefix, long long number)
{
	size_t first, end, length = strlen(prefix);
	struct catalog_entry entry;

	catalog_family("range", &first, &end);
	for (; first < end; first++) {
		const char *code;
		char *dash;
		long long low, high;

		catalog_at(first, &entry);
		code = strchr(entry.id, ':') + 1;
		if (strncmp(code, prefix, length) != 0 || code[length] != '.')
			continue;
		low = strtoll(code + length + 1, &dash, 10);
		high = strtoll(*dash ? dash + 1 : dash, NULL, 10);
		if (low <= number && number <= high)
			query_match_add(matches, &entry, true);
	}
}

/* Whose ranges a number without a meaning may be in. */
static void add_ranges(const struct query_hit *hit, struct query_matches *matches)
{
	static const struct {
		enum query_family family;
		const char *prefix;
	} prefixes[] = {
		{ QUERY_ANY, "ob" },      { QUERY_ANY, "mysql" }, { QUERY_ERROR, "ob" },
		{ QUERY_ERROR, "mysql" }, { QUERY_MY, "ob" },     { QUERY_MY, "mysql" },
		{ QUERY_MYSQL, "mysql" }, { QUERY_LOG, "mysql" }, { QUERY_MARIADB, "mariadb" },
		{ QUERY_OB, "ob" },       { QUERY_ORA, "ora" },   { QUERY_PLS, "pls" },
	};
	long long number = hit->number < 0 ? -hit->number : hit->number;

	if (hit->has_argument) {
		add_range(matches, "ob", hit->argument);
		return;
	}
	if (hit->family == QUERY_ORA && number == ORA_INTERNAL)
		return;
	for (size_t i = 0; i < COUNT(prefixes); i++)
		if (prefixes[i].family == hit->family &&
		    (hit->number > 0 || str_equal(prefixes[i].prefix, "ob") ||
		     hit->family > QUERY_ERROR))
			add_range(matches, prefixes[i].prefix, number);
}

/* What a client of the MySQL protocol shows as "ERROR 1146". */
static void add_error(const struct query_hits *hits, const struct query_hit *hit,
                      struct query_matches *matches)
{
	add_sent(hits, matches, hit->number);
	doubt_logged(matches);
	if (!matches->count)
		add_ora(matches, hit, hit->number); /* Oracle mode: "ERROR 942 (42S02)" */
}

static void select_number(const struct query_hit *hit, struct query_matches *matches)
{
	if (hit->sqlstate[0]) {
		keep(matches, may_have_state, hit);
		keep(matches, has_state, hit);
	}
	if (hit->has_argument && hit->family != QUERY_ORA)
		keep(matches, has_argument, hit);
	if (!matches->count && hit->is_code)
		add_ranges(hit, matches);
}

static void resolve_number(const struct query_hits *hits, const struct query_hit *hit,
                           struct query_matches *matches)
{
	bool is_open = hit->family == QUERY_ANY || hit->family == QUERY_ERROR;

	if (!hit->number) {
		/* OB_SUCCESS is an answer to "0" alone. */
		if (hits->is_short && (hit->family == QUERY_ANY || hit->family == QUERY_OB))
			add_of(matches, "ob", 0, false);
		return;
	}
	if (is_open && hit->number < 0)
		add_negative(matches, hit);
	else if (hit->family == QUERY_ANY)
		add_any(hits, hit, matches);
	else if (hit->family == QUERY_ERROR)
		add_error(hits, hit, matches);
	else
		add_named(hits, hit, matches);
	select_number(hit, matches);
}

/* --- SQLSTATE ------------------------------------------------------------------------------- */

/* More codes than these say less than the meaning of the state itself. */
#define FEW_CODES 6

/* No current server raises these. */
static bool is_obsolete(const struct catalog_entry *entry)
{
	return entry->symbol && strncmp(entry->symbol, "OBSOLETE_", strlen("OBSOLETE_")) == 0;
}

/* Entries of a family that have the state, at most FEW_CODES of them; returns how many there
 * are. */
static size_t find_of_state(const char *family, const char *sqlstate,
                            struct catalog_entry ret[FEW_CODES])
{
	size_t first, end, count = 0;
	struct catalog_entry entry;

	catalog_family(family, &first, &end);
	for (; first < end; first++) {
		catalog_at(first, &entry);
		if (!entry.sqlstate || !str_equal(entry.sqlstate, sqlstate) || is_obsolete(&entry))
			continue;
		if (count < FEW_CODES)
			ret[count] = entry;
		count++;
	}
	return count;
}

bool query_state_is_used(const char *sqlstate)
{
	struct catalog_entry entries[FEW_CODES];
	char id[20];

	snprintf(id, sizeof(id), "sqlstate:%s", sqlstate);
	return catalog_find(id, &entries[0]) || find_of_state("mysql", sqlstate, entries) ||
	       find_of_state("ob", sqlstate, entries);
}

/* The code that clients mostly mean by the state, as the state's own entry says. */
static void add_usual(struct query_matches *matches, const struct catalog_entry *state)
{
	if (state->usual)
		query_match_add_id(matches, state->usual, false);
}

static void resolve_state(const struct query_hit *hit, struct query_matches *matches)
{
	static const char *const families[] = { "mysql", "mariadb", "ob" };
	struct catalog_entry state, entries[FEW_CODES];
	char id[] = "sqlstate:00000";
	bool has_own;
	size_t all;

	memcpy(id + sizeof(id) - 6, hit->sqlstate, 5);
	has_own = catalog_find(id, &state);
	all = find_of_state("mysql", hit->sqlstate, entries);
	if (has_own && all > FEW_CODES)
		query_match_add(matches, &state, false);
	if (has_own)
		add_usual(matches, &state);
	for (size_t i = 0; i < COUNT(families) && all <= FEW_CODES; i++) {
		size_t count = find_of_state(families[i], hit->sqlstate, entries);

		for (size_t j = 0; j < count; j++)
			query_match_add(matches, &entries[j], false);
	}
	if (has_own)
		query_match_add(matches, &state, false);
	id[sizeof("sqlstate:00") - 1] = '\0';
	if (!matches->count || (!has_own && all > FEW_CODES))
		query_match_add_id(matches, id, true);
}

/* --- symbols -------------------------------------------------------------------------------- */

static void resolve_symbol(const struct query_hits *hits, const struct query_hit *hit,
                           struct query_matches *matches)
{
	const uint32_t *places;
	size_t count = catalog_by_symbol(hit->word, &places);
	struct catalog_entry entry;
	int number;

	for (size_t i = 0; i < count; i++) {
		catalog_at(places[i], &entry);
		/* In a line, "no error" is no answer. */
		if (!str_equal(entry.id, "ob:0") || strlen(hits->text) <= strlen(hit->word) + 2)
			query_match_add(matches, &entry, false);
	}
	number = count ? 0 : query_os_number(hit->word);
	if (number)
		add_os(matches, number, false);
}

static void resolve_near(const struct query_hit *hit, struct query_matches *matches)
{
	size_t places[3], count = query_nearest(hit->word, places, COUNT(places));
	struct catalog_entry entry;

	for (size_t i = 0; i < count; i++) {
		catalog_at(places[i], &entry);
		query_match_add(matches, &entry, true);
	}
}

void query_resolve(const struct query_hits *hits, const struct query_hit *hit,
                   struct query_matches *matches)
{
	switch (hit->kind) {
	case QUERY_NUMBER:
		resolve_number(hits, hit, matches);
		break;
	case QUERY_STATE:
		resolve_state(hit, matches);
		break;
	case QUERY_SYMBOL:
		resolve_symbol(hits, hit, matches);
		break;
	case QUERY_NEAR:
		resolve_near(hit, matches);
		break;
	case QUERY_ID:
		query_match_add_id(matches, hit->word, false);
		break;
	}
}
