#include "checks/core/version.h"

#include <stdlib.h>
#include <string.h>

/* Products that answer in MySQL's protocol with a version of MySQL's before their own. */
static const struct {
	const char *word;
	enum flavor flavor;
	bool own_number; /* its own number follows the word */
} products[] = {
	{ "MariaDB", FLAVOR_MARIADB, false },
	{ "OceanBase", FLAVOR_OCEANBASE, true },
	{ "TiDB", FLAVOR_TIDB, true },
};

static const char *const flavors[] = {
	[FLAVOR_UNKNOWN] = "unknown",     [FLAVOR_MYSQL] = "mysql", [FLAVOR_MARIADB] = "mariadb",
	[FLAVOR_OCEANBASE] = "oceanbase", [FLAVOR_TIDB] = "tidb",
};

const char *flavor_name(enum flavor flavor)
{
	return flavors[flavor];
}

static unsigned number(const char **text)
{
	char *end;
	unsigned long value = strtoul(*text, &end, 10);

	*text = *end == '.' ? end + 1 : end;
	return value > 100000 ? 0 : (unsigned)value;
}

/* Reads the first number with a dot in it: "v4.2.1.0" and "10.11.19-MariaDB" alike. */
static bool read_number(const char *text, struct version *version)
{
	const char *digits = text + strcspn(text, "0123456789");

	if (digits[strspn(digits, "0123456789")] != '.')
		return false;
	version->major = number(&digits);
	version->minor = number(&digits);
	version->patch = number(&digits);
	return true;
}

struct version version_parse(const char *text, const char *comment)
{
	struct version version = { .flavor = FLAVOR_UNKNOWN };
	const char *number_at = text;
	const char *word;

	if (!text)
		return version;
	/* Old replicas took 10.x for too new, so MariaDB puts 5.5.5- before it on the wire. */
	if (strncmp(text, "5.5.5-", 6) == 0 && strstr(text, "MariaDB"))
		number_at = text + 6;
	version.flavor = FLAVOR_MYSQL;
	for (size_t i = 0; i < sizeof(products) / sizeof(products[0]); i++) {
		word = strstr(text, products[i].word);
		/* A comment is prose ("works like MariaDB"): only its first word names the product. */
		if (!word && comment && products[i].own_number &&
		    strncmp(comment, products[i].word, strlen(products[i].word)) == 0)
			word = comment;
		if (!word)
			continue;
		version.flavor = products[i].flavor;
		if (products[i].own_number)
			number_at = word;
		break;
	}
	if (!read_number(number_at, &version))
		return (struct version){ .flavor = FLAVOR_UNKNOWN };
	return version;
}

bool version_at_least(struct version version, unsigned major, unsigned minor, unsigned patch)
{
	if (version.major != major)
		return version.major > major;
	if (version.minor != minor)
		return version.minor > minor;
	return version.patch >= patch;
}

/* Reads up to three numbers and nothing else; returns how many, or 0. */
static int read_parts(const char *text, unsigned parts[3])
{
	for (int count = 0; count < 3; count++) {
		size_t digits = strspn(text, "0123456789");

		if (!digits || digits > 5)
			return 0;
		parts[count] = (unsigned)strtoul(text, NULL, 10);
		text += digits;
		if (!*text)
			return count + 1;
		if (*text++ != '.')
			return 0;
	}
	return 0;
}

static const char *skip_operator(const char *range)
{
	range += strspn(range, "<>");
	return *range == '=' ? range + 1 : range;
}

bool version_range_is_valid(const char *range)
{
	const char *number_at = skip_operator(range);
	size_t length = (size_t)(number_at - range);
	unsigned parts[3];

	if (length == 2 && range[1] != '=')
		return false;
	return length <= 2 && range[0] != '=' && read_parts(number_at, parts) > 0;
}

bool version_range_has(const char *range, struct version version)
{
	const unsigned have[3] = { version.major, version.minor, version.patch };
	unsigned parts[3];
	int count = read_parts(skip_operator(range), parts), order = 0;

	for (int i = 0; i < count && !order; i++)
		order = have[i] > parts[i] ? 1 : have[i] < parts[i] ? -1 : 0;
	if (range[0] == '<')
		return order < 0 || (order == 0 && range[1] == '=');
	if (range[0] == '>')
		return order > 0 || (order == 0 && range[1] == '=');
	return order == 0;
}
