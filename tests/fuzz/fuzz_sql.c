/* The gate for SQL: any text, never a crash; and what it lets through is one statement. */
#include "catalog/base/arena.h"
#include "checks/core/sql.h"
#include "tests/fuzz/fuzz.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const firsts[] = { "select", "with", "show", "explain" };
	struct arena *arena = arena_new();
	const char *sql = arena_strndup(arena, (const char *)data, size);

	/* Something that changes data may not get through by what stands round it. */
	if (!sql_refusal(arena, sql)) {
		bool known = strchr("(/-# \t\r\n", *sql) != NULL;

		for (size_t i = 0; i < sizeof(firsts) / sizeof(firsts[0]); i++)
			known |= strncasecmp(sql, firsts[i], strlen(firsts[i])) == 0;
		if (!known)
			abort();
	}
	arena_free(arena);
	return 0;
}
