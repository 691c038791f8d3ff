#include "catalog/query.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "catalog/query_message.h"
#include "catalog/query_names.h"
#include "catalog/query_resolve.h"
#include "catalog/query_scan.h"

#include <stdio.h>
#include <string.h>

/* --- words to inputs ------------------------------------------------------------------------ */

/* The argument of "-a N", "-a=N", "--argument N" or "--argument=N", and how many words that
 * takes; 0 where it is no such option. */
static size_t read_option(const char *const *words, size_t left, const char **ret)
{
	static const char *const names[] = { "-a", "--argument" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t length = strlen(names[i]);

		if (!str_starts(words[0], names[i]))
			continue;
		*ret = words[0] + length + 1;
		if (words[0][length] == '=')
			return 1;
		*ret = words[1];
		if (!words[0][length] && left > 1)
			return 2;
	}
	return 0;
}

static const char *join(struct arena *arena, const char *const *words, size_t count)
{
	struct str text = str_new(arena);

	for (size_t i = 0; i < count; i++) {
		if (i)
			str_add_char(&text, ' ');
		str_add(&text, words[i]);
	}
	return text.text;
}

size_t query_inputs(struct arena *arena, int count, const char *const *words,
                    const struct query_input **ret)
{
	size_t all = count > 0 ? (size_t)count : 0, made = 0, taken;
	struct query_input *inputs = arena_array(arena, all + 1, sizeof(*inputs));
	enum query_family family;

	for (size_t i = 0; i < all; i += taken) {
		struct query_input *input = &inputs[made++];
		bool has_facility = query_facility(words[i], &family) && i + 1 < all;

		taken = has_facility ? 2 : 1;
		if (has_facility)
			input->facility = words[i];
		input->text = words[i + taken - 1];
		if (i + taken < all)
			taken += read_option(&words[i + taken], all - i - taken, &input->argument);
		input->words = taken == 1 ? words[i] : join(arena, &words[i], taken);
	}
	*ret = inputs;
	return made;
}

struct query_input query_line(const char *line)
{
	return (struct query_input){ .words = line, .text = line };
}

/* --- the answer ------------------------------------------------------------------------------ */

/* The facility and the argument are said once for all that the text holds. */
static void apply_options(const struct query_input *input, struct query_hits *hits)
{
	enum query_family family;
	long long argument;

	for (size_t i = 0; i < hits->count; i++) {
		struct query_hit *hit = &hits->hits[i];

		if (hit->kind != QUERY_NUMBER)
			continue;
		if (input->facility && query_facility(input->facility, &family) &&
		    hit->family == QUERY_ANY)
			hit->family = family;
		if (input->argument && str_to_int(input->argument, &argument)) {
			hit->has_argument = true;
			hit->argument = argument < 0 ? -argument : argument;
		}
	}
}

/* Of codes that share a number, those whose message stands in the text come first, and those of the
 * same family whose message would stand there but does not fall away. */
static void prefer_messages(const struct query_text *text, struct query_matches *matches)
{
	struct query_matches sorted = { .arena = matches->arena };
	bool is_found[QUERY_MOST_MATCHES];
	size_t weight, found = 0;

	for (size_t i = 0; i < matches->count; i++) {
		is_found[i] =
			query_message_in(text, &matches->matches[i].entry, &weight) >= QUERY_PARTLY;
		found += is_found[i];
	}
	if (!found)
		return;
	for (size_t i = 0; i < matches->count; i++)
		if (is_found[i])
			query_match_add(&sorted, &matches->matches[i].entry,
			                matches->matches[i].guess);
	for (size_t i = 0; i < matches->count; i++) {
		const struct catalog_entry *entry = &matches->matches[i].entry;
		bool is_refuted = false;

		for (size_t j = 0; j < found; j++)
			is_refuted = is_refuted ||
			             str_equal(sorted.matches[j].entry.family, entry->family);
		if (!is_refuted)
			query_match_add(&sorted, entry, matches->matches[i].guess);
	}
	*matches = sorted;
}

/* What is asked for in the codes and messages of OMS: a code that its message carries. */
static bool is_carried(const struct query_hit *hit, const struct query_hit *carried)
{
	if (hit->kind != QUERY_NUMBER || carried->kind != QUERY_NUMBER)
		return false;
	if (hit->has_argument || carried->has_argument)
		return hit->has_argument && carried->has_argument &&
		       hit->argument == carried->argument;
	if (hit->number != carried->number)
		return false;
	if (hit->sqlstate[0] && carried->sqlstate[0] &&
	    !str_equal(hit->sqlstate, carried->sqlstate))
		return false;
	return hit->family == carried->family || hit->family == QUERY_ANY ||
	       (carried->family == QUERY_ERROR &&
	        (hit->family == QUERY_MY || hit->family == QUERY_MYSQL ||
	         hit->family == QUERY_LOG));
}

/* OceanBase's own number is what the message has as the argument of ORA-00600. */
static struct query_hit as_argument(const struct query_hit *hit)
{
	struct query_hit internal = *hit;

	if (hit->kind == QUERY_NUMBER && !hit->has_argument &&
	    (hit->number < 0 || hit->family == QUERY_OB)) {
		internal.has_argument = true;
		internal.argument = hit->number < 0 ? -hit->number : hit->number;
	}
	return internal;
}

/* CONNECTOR-SIOR01001861: SI or SO for the side, then the database (OO and OR are in Oracle
 * mode, OM and MS in MySQL's), two digits, and the number that the database gave. */
static bool read_code(const char *code, struct query_hit *ret)
{
	const char *rest = code + strlen("CONNECTOR-");
	long long number = 0;

	if (!str_starts(code, "CONNECTOR-S") || strlen(rest) != 12 ||
	    strspn(rest + 4, "0123456789") != 8 || !str_to_int(rest + 6, &number) || !number)
		return false;
	*ret = (struct query_hit){ .kind = QUERY_NUMBER, .number = number };
	if (str_starts(rest + 2, "OO") || str_starts(rest + 2, "OR"))
		ret->family = QUERY_ORA;
	else if (str_starts(rest + 2, "OM") || str_starts(rest + 2, "MS"))
		ret->family = QUERY_ERROR;
	else
		return false;
	return true;
}

/* Whether the digits of some hit stand in the message at all: to look is cheaper than to read
 * it. */
static bool may_carry(const struct query_hits *hits, const char *message)
{
	char digits[24];

	for (size_t i = 0; i < hits->count; i++) {
		const struct query_hit *hit = &hits->hits[i];
		long long number = hit->has_argument ? hit->argument : hit->number;

		snprintf(digits, sizeof(digits), "%lld", number < 0 ? -number : number);
		if (hit->kind == QUERY_NUMBER && strstr(message, digits))
			return true;
	}
	return false;
}

/* `own` is room for what stands in the entry's message. */
static bool carries(const struct query_hits *hits, const struct catalog_entry *entry,
                    struct query_hits *own)
{
	own->count = 0;
	if (entry->message && may_carry(hits, entry->message))
		query_scan(hits->arena, entry->message, own);
	if (!own->count && read_code(strchr(entry->id, ':') + 1, &own->hits[0]))
		own->count = 1;
	for (size_t i = 0; i < hits->count; i++) {
		struct query_hit hit = as_argument(&hits->hits[i]);

		for (size_t j = 0; j < own->count; j++)
			if (is_carried(&hit, &own->hits[j]))
				return !hits->hits[i].doubtful;
	}
	return false;
}

static bool has_own(const struct query_hits *hits)
{
	for (size_t i = 0; i < hits->count; i++)
		if (hits->hits[i].weight == QUERY_OWN)
			return true;
	return false;
}

/* The codes of OMS whose message carries a code of the text, or stands in it. */
static void add_of_oms(const struct query_hits *hits, const struct query_text *text,
                       struct query_matches *matches)
{
	struct query_hits *own = arena_new_of(hits->arena, struct query_hits);
	struct catalog_entry entry;
	size_t first, end;

	if (has_own(hits))
		return;
	catalog_family("oms", &first, &end);
	for (; first < end; first++) {
		catalog_at(first, &entry);
		if (carries(hits, &entry, own))
			query_match_add(matches, &entry, false);
	}
	if (!hits->is_short)
		query_messages(hits, text, "oms", true, matches);
}

/* Heavier hits first; of equal ones, in order of the text. */
static void sort_hits(struct query_hits *hits)
{
	for (size_t i = 1; i < hits->count; i++) {
		struct query_hit hit = hits->hits[i];
		size_t at = i;

		while (at && hits->hits[at - 1].weight < hit.weight) {
			hits->hits[at] = hits->hits[at - 1];
			at--;
		}
		hits->hits[at] = hit;
	}
}

static void add_hit(const struct query_hits *hits, const struct query_hit *hit,
                    const struct query_text *text, struct query_matches *matches)
{
	struct query_matches *own = arena_new_of(hits->arena, struct query_matches);

	own->arena = hits->arena;
	query_resolve(hits, hit, own);
	if (!hits->is_short && own->count > 1)
		prefer_messages(text, own);
	for (size_t i = 0; i < own->count; i++)
		query_match_add(matches, &own->matches[i].entry,
		                own->matches[i].guess || hit->doubtful);
}

/* Beside anything certain, guesses are noise. */
static void drop_guesses(struct query_matches *matches)
{
	size_t kept = 0;

	for (size_t i = 0; i < matches->count; i++)
		if (!matches->matches[i].guess)
			matches->matches[kept++] = matches->matches[i];
	if (kept)
		matches->count = kept;
}

/* Where no code is certain, a message may be: surer than near misses. */
static struct query_matches *add_messages(const struct query_hits *hits,
                                          const struct query_text *text,
                                          struct query_matches *matches)
{
	struct query_matches *all = arena_new_of(hits->arena, struct query_matches);

	/* A code that is unknown is not to be explained by half of a message. */
	query_messages(hits, text, NULL, matches->count > 0, all);
	for (size_t i = 0; i < matches->count; i++)
		query_match_add(all, &matches->matches[i].entry, matches->matches[i].guess);
	drop_guesses(all);
	return all;
}

/* An errno at the end of a message says why; what failed is said by the message. */
static bool is_of_system_alone(const struct query_matches *matches)
{
	for (size_t i = 0; i < matches->count; i++)
		if (!str_equal(matches->matches[i].entry.family, "os"))
			return false;
	return true;
}

static struct query_matches *find_all(struct arena *scratch, const struct query_input *input)
{
	struct query_hits *hits = arena_new_of(scratch, struct query_hits);
	struct query_matches *matches = arena_new_of(scratch, struct query_matches);
	struct query_text text = { 0 };

	matches->arena = scratch;
	query_scan(scratch, input->text, hits);
	apply_options(input, hits);
	sort_hits(hits);
	if (!hits->is_short)
		text = query_text_of(scratch, input->text);
	for (size_t i = 0; i < hits->count; i++)
		add_hit(hits, &hits->hits[i], &text, matches);
	if (matches->count)
		add_of_oms(hits, &text, matches);
	drop_guesses(matches);
	if (!hits->is_short && (is_of_system_alone(matches) || matches->matches[0].guess))
		matches = add_messages(hits, &text, matches);
	return matches;
}

/* Entries are texts of the tables, save those that were made here. */
static void keep_made(struct arena *arena, struct catalog_entry *entry)
{
	struct catalog_entry known;

	if (catalog_find(entry->id, &known))
		return;
	entry->id = arena_strdup(arena, entry->id);
	entry->shown = arena_strdup(arena, entry->shown);
}

size_t query_find(struct arena *arena, const struct query_input *input,
                  const struct query_match **ret)
{
	struct arena *scratch = arena_new();
	const struct query_matches *found = find_all(scratch, input);
	size_t count = found->count;
	struct query_match *matches = arena_array(arena, count + 1, sizeof(*matches));

	if (count)
		memcpy(matches, found->matches, count * sizeof(*matches));
	for (size_t i = 0; i < count; i++)
		keep_made(arena, &matches[i].entry);
	arena_free(scratch);
	*ret = matches;
	return count;
}
