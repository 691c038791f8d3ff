/* Facts files: what is read back is written and read again the same. */
#include "catalog/base/arena.h"
#include "catalog/base/error.h"
#include "catalog/base/str.h"
#include "checks/probe/snapshot.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct error error = { ERROR_NONE, "" };
	const char *file = fuzz_file(data, size);
	struct snapshot *snapshot = file ? snapshot_read(arena, file, &error) : NULL;

	if (snapshot) {
		struct str once = str_new(arena), twice = str_new(arena);

		snapshot_write(snapshot, &once);
		file = fuzz_file((const uint8_t *)once.text, once.length);
		snapshot = file ? snapshot_read(arena, file, &error) : NULL;
		if (!snapshot)
			abort();
		snapshot_write(snapshot, &twice);
		if (!str_equal(once.text, twice.text))
			abort();
	}
	arena_free(arena);
	return 0;
}
