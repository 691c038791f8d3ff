/* Pasted lines: any text; what is read from it are numbers and names. */
#include "catalog/base/arena.h"
#include "checks/core/said.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	const char *text = arena_strndup(arena, (const char *)data, size);
	struct said said = said_read(arena, text), more = said;
	const char *const figures[] = { said.used, said.limit, said.checkpoint };

	for (size_t i = 0; i < sizeof(figures) / sizeof(figures[0]); i++)
		if (figures[i] && strspn(figures[i], "0123456789.%") != strlen(figures[i]))
			abort();
	said_add(&more, &said);
	arena_free(arena);
	return 0;
}
