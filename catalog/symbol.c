#include "catalog/symbol.h"

#include "catalog/base/arena.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* The longest symbol of the tables has 70 characters. */
#define LONGEST 256
/* MySQL puts this before a symbol that it no longer raises; older servers and MariaDB still do. */
static const char OBSOLETE[] = "OBSOLETE_";

static const struct {
	const char *old, *now;
} words[] = { { "MASTER", "SOURCE" }, { "SLAVE", "REPLICA" }, { "MTS", "MTA" } };

/* Copies one word in capitals, by its new name, and returns where it ends. */
static const char *copy_word(const char *symbol, char *out, size_t *length)
{
	char word[LONGEST];
	size_t count = 0;
	const char *copied = word;

	while (*symbol && *symbol != '_' && count < sizeof(word) - 1)
		word[count++] = (char)toupper((unsigned char)*symbol++);
	word[count] = '\0';
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(word, words[i].old) == 0)
			copied = words[i].now;
	while (*copied && *length < LONGEST - 1)
		out[(*length)++] = *copied++;
	return symbol;
}

static void normalise(const char *symbol, char out[LONGEST])
{
	size_t length = 0;

	if (strncasecmp(symbol, OBSOLETE, sizeof(OBSOLETE) - 1) == 0)
		symbol += sizeof(OBSOLETE) - 1;
	while (*symbol && length < LONGEST - 1) {
		symbol = copy_word(symbol, out, &length);
		if (*symbol == '_' && length < LONGEST - 1)
			out[length++] = *symbol++;
	}
	out[length] = '\0';
}

int symbol_compare(const char *a, const char *b)
{
	char one[LONGEST], two[LONGEST];

	normalise(a, one);
	normalise(b, two);
	return strcmp(one, two);
}

const char *symbol_normal(struct arena *arena, const char *symbol)
{
	char out[LONGEST];

	normalise(symbol, out);
	return arena_strdup(arena, out);
}
