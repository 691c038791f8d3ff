/* What people type and paste: any bytes, as a line, as words with options, and as words to
 * search. */
#include "catalog/base/arena.h"
#include "catalog/query.h"
#include "catalog/search.h"
#include "tests/fuzz/fuzz.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	const char *text = arena_strndup(arena, (const char *)data, size);
	const char *rest = text + strcspn(text, " ");
	const char *words[] = { "ora", text, "-a", rest, text };
	const struct query_input *inputs;
	const struct query_match *matches;
	struct query_input line = query_line(text);
	uint32_t places[4];
	size_t count = query_inputs(arena, 5, words, &inputs);

	/* A search takes as long as a hundred lines. */
	if (size && data[size - 1] == '?')
		search_catalog(text, places, 4);
	else if (size && data[size - 1] == '!' && count)
		query_find(arena, &inputs[0], &matches);
	else
		query_find(arena, &line, &matches);
	arena_free(arena);
	return 0;
}
