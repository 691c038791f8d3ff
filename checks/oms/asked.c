#include "checks/oms/asked.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

#include <string.h>

/* The code of an id of the rule's family, or NULL. */
static const char *code_of(const struct check_input *in, const char *id)
{
	const char *family = param_texts(in, "family")[0];

	if (!family || !str_starts(id, family) || id[strlen(family)] != ':')
		return NULL;
	return id + strlen(family) + 1;
}

/* "CONNECTOR-SIKA-*-001101": a part in braces is any, a meaning's number is none of the product. */
static const char *pattern_of(struct arena *arena, const char *code)
{
	struct str pattern = str_new(arena);

	while (*code && *code != '#') {
		const char *end = *code == '{' ? strchr(code, '}') : NULL;

		str_add_char(&pattern, end ? '*' : *code);
		code = end ? end + 1 : code + 1;
	}
	return pattern.text;
}

static const char *find_asked(const struct check_input *in, const char *reported)
{
	for (const char *const *asked = in->intent->asked; asked && *asked; asked++) {
		const char *code = code_of(in, *asked);

		if (code && reported && str_matches_glob(reported, pattern_of(in->arena, code)))
			return *asked;
	}
	return NULL;
}

bool asked_narrows(const struct check_input *in)
{
	for (const char *const *asked = in->intent->asked; asked && *asked; asked++)
		if (code_of(in, *asked))
			return true;
	return false;
}

bool asked_has(const struct check_input *in, const char *reported)
{
	return !asked_narrows(in) || find_asked(in, reported);
}

const char *asked_id(const struct check_input *in, const char *reported)
{
	const char *asked = find_asked(in, reported), *family = param_texts(in, "family")[0];

	if (asked || !family)
		return asked;
	return arena_printf(in->arena, "%s:%s", family, reported);
}
