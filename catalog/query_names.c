#include "catalog/query_names.h"

#include "catalog/base/str.h"
#include "catalog/catalog.h"
#include "catalog/query_scan.h"

#include <stdio.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Linux's numbers for x86 and ARM end here. */
#define LAST_OS_NUMBER 133

/* --- codes of OMS --------------------------------------------------------------------------- */

static const char *code_of(const struct catalog_entry *entry)
{
	return strchr(entry->id, ':') + 1;
}

/* Compares a word with a code of the catalog, in which {type} stands for one word and #1 for
 * nothing. */
static bool is_code(const char *word, const char *code)
{
	while (*code && *code != '#') {
		if (*code == '{' && *word != '{') {
			if (!query_is_word(*word))
				return false;
			while (query_is_word(*word))
				word++;
			code += strcspn(code, "}");
			code += *code == '}';
			continue;
		}
		if (query_lower(*word) != query_lower(*code))
			return false;
		word++;
		code++;
	}
	return !*word;
}

static bool is_entry_of(const char *word, const struct catalog_entry *entry)
{
	const char *code = code_of(entry), *dash = strchr(code, '-');
	bool has_dash = strchr(word, '-') != NULL;

	return is_code(word, code) || (!has_dash && dash && is_code(word, dash + 1));
}

size_t query_codes_find(struct query_hits *hits, const char *code, const char *at)
{
	static const char *const families[] = { "oms", "alert" };
	size_t found = 0, first, end;
	struct catalog_entry entry;

	for (size_t i = 0; i < COUNT(families); i++) {
		catalog_family(families[i], &first, &end);
		for (; first < end; first++) {
			struct query_hit *hit;

			catalog_at(first, &entry);
			if (!is_entry_of(code, &entry))
				continue;
			hit = query_hit_add(hits, QUERY_ID, at);
			hit->word = entry.id;
			hit->weight = QUERY_OWN;
			found++;
		}
	}
	return found;
}

bool query_is_like_code(const char *word)
{
	size_t first, end, length = strcspn(word, "-");
	struct catalog_entry entry;

	if (!strpbrk(word, "0123456789"))
		return false;
	catalog_family("oms", &first, &end);
	for (; first < end; first++) {
		const char *code;

		catalog_at(first, &entry);
		code = code_of(&entry);
		if (strcspn(code, "-") != length || word[length] != '-')
			continue;
		for (size_t i = 0; query_lower(word[i]) == query_lower(code[i]); i++)
			if (i == length)
				return true;
	}
	return false;
}

/* --- symbols -------------------------------------------------------------------------------- */

bool query_is_like_symbol(const char *word)
{
	size_t letters = 0, capitals = 0, digits;

	if (strchr(word, '_'))
		return true;
	while (query_is_letter(word[letters])) {
		capitals += word[letters] >= 'A' && word[letters] <= 'Z';
		letters++;
	}
	digits = strspn(word + letters, "0123456789");
	if (word[letters + digits])
		return false;
	/* EACCES, and RESONF000001. */
	return digits ? letters >= 4 && digits >= 6 : *word == 'E' && capitals == letters;
}

bool query_is_named_as_error(const char *word)
{
	return query_starts(word, "er_") || query_starts(word, "cr_") ||
	       query_starts(word, "ob_err") || query_starts(word, "ha_err_") ||
	       query_starts(word, "ee_");
}

int query_os_number(const char *symbol)
{
	if (*symbol != 'E')
		return 0;
	for (int number = 1; number <= LAST_OS_NUMBER; number++) {
		const char *name = strerrorname_np(number);

		if (name && str_equal(name, symbol))
			return number;
	}
	return 0;
}

/* --- near misses ---------------------------------------------------------------------------- */

#define LONGEST 96
/* A slip or two of the fingers; more is another word. */
#define MOST_APART 3

/* Levenshtein's distance in any case, or more than MOST_APART. */
static size_t distance(const char *a, const char *b)
{
	size_t row[LONGEST + 1], length = strlen(b), size = strlen(a);

	if (length > LONGEST || size > LONGEST || size > length + MOST_APART ||
	    length > size + MOST_APART)
		return MOST_APART + 1;
	for (size_t j = 0; j <= length; j++)
		row[j] = j;
	for (size_t i = 1; i <= size; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= length; j++) {
			size_t change = corner + (query_lower(a[i - 1]) != query_lower(b[j - 1]));
			size_t least = row[j] < row[j - 1] ? row[j] + 1 : row[j - 1] + 1;

			corner = row[j];
			row[j] = change < least ? change : least;
		}
	}
	return row[length];
}

/* How far the word is from the entry: from its symbol, or from its code of OMS. */
static size_t apart(const char *word, const struct catalog_entry *entry)
{
	const char *name = entry->symbol ? entry->symbol : code_of(entry);

	/* Most symbols fall away here. */
	if (query_lower(word[0]) != query_lower(name[0]) ||
	    (!entry->symbol && !str_equal(entry->family, "oms")))
		return MOST_APART + 1;
	return distance(word, name);
}

size_t query_nearest(const char *word, size_t *ret_places, size_t most)
{
	size_t limit = strlen(word) / 5 < MOST_APART ? strlen(word) / 5 : MOST_APART;
	size_t best = MOST_APART + 1, found = 0;
	struct catalog_entry entry;

	for (size_t i = 0; i < catalog_count(); i++) {
		size_t far;

		catalog_at(i, &entry);
		far = apart(word, &entry);
		if (far > limit || far > best)
			continue;
		if (far < best)
			found = 0;
		best = far;
		if (found < most)
			ret_places[found++] = i;
	}
	return found;
}
