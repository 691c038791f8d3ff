/* What is read on OMS's host: settings, properties, and lines out of which secrets are taken. */
#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "checks/probe/oms_config.h"
#include "checks/probe/properties.h"
#include "checks/probe/redact.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	const char *text = arena_strndup(arena, (const char *)data, size);
	const char *file = fuzz_file(data, size), *masked = redact_text(arena, text);
	const struct property *pairs;

	/* Nothing but secrets goes: each mask of three bytes takes the place of one byte at least. */
	if (strlen(masked) > 3 * strlen(text))
		abort();
	for (size_t i = properties_read(arena, (const char *)data, size, &pairs); i--;)
		if (pairs[i].line == 0 || strlen(pairs[i].key) > 3 * size)
			abort();
	if (file) {
		const struct oms_config *config = oms_config_read(arena, file);

		if (config->status.state == GROUP_FAILED && !config->status.text)
			abort();
	}
	arena_free(arena);
	return 0;
}
