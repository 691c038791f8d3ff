/* URIs and object patterns: any text; a pattern that is read matches without a crash, too. */
#include "catalog/base/arena.h"
#include "catalog/base/error.h"
#include "checks/core/objects.h"
#include "profiles/plan.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	const char *text = arena_strndup(arena, (const char *)data, size);
	struct error error = { ERROR_NONE, "" };
	struct object_pattern pattern;
	const char *why;

	plan_set_uri(arena, plan_new(arena), ENDPOINT_SOURCE, "--source", text, &error);
	if (object_pattern_parse(arena, text, &pattern, &why) == 0) {
		object_pattern_matches(&pattern, text, "orders");
		object_written(arena, text, text);
	}
	arena_free(arena);
	return 0;
}
