/* Plans and, through them, the YAML reader; the same bytes as a profile. */
#include "catalog/base/arena.h"
#include "catalog/base/error.h"
#include "checks/core/registry.h"
#include "profiles/plan.h"
#include "profiles/profile.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct error error = { ERROR_NONE, "" };
	const char *file = fuzz_file(data, size);

	if (file) {
		plan_read(arena, file, &error);
		profile_read(arena, file, registry_new(arena), &error);
	}
	arena_free(arena);
	return 0;
}
