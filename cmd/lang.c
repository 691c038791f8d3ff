#include "cmd/lang.h"

#include "catalog/base/str.h"

#include <stdlib.h>

enum lang lang_of_environment(void)
{
	static const char *const names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return str_starts(value, "zh") ? LANG_ZH : LANG_EN;
	}
	return LANG_EN;
}
