#include "checks/core/wording.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

const char *failure_wording(struct arena *arena, const struct group_status *status)
{
	const char *words = status->text ? status->text : failure_name(status->failure);

	if (!status->error)
		return words;
	return arena_printf(arena, "ERROR %u (%s): %s", status->error,
	                    status->sqlstate ? status->sqlstate : "HY000", words);
}

const char *fact_wording(const struct endpoint_facts *endpoint, enum fact_id id)
{
	const struct fact *fact = fact_of(endpoint, id);

	if (fact->state != FACT_KNOWN)
		return NULL;
	if (fact_infos[id].type == FACT_TYPE_flag)
		return ((const struct fact_flag *)(const void *)fact)->value ? "ON" : "OFF";
	return fact->text;
}

const char *fact_literal(struct arena *arena, const char *value)
{
	struct str literal = str_new(arena);
	long long number;

	if (str_to_int(value, &number) || str_equal(value, "ON") || str_equal(value, "OFF"))
		return value;
	str_add_char(&literal, '\'');
	for (; *value; value++) {
		if (*value == '\'' || *value == '\\')
			str_add_char(&literal, *value);
		str_add_char(&literal, *value);
	}
	str_add_char(&literal, '\'');
	return literal.text;
}

struct evidence fact_side_evidence(const struct check_input *in, enum endpoint_id side,
                                   enum fact_id id, struct note expected)
{
	struct evidence evidence =
		fact_evidence(side == ENDPOINT_TARGET ? in->other : in->at, id, expected);

	evidence.what = arena_printf(in->arena, "%s.%s", endpoint_name(side), evidence.what);
	return evidence;
}

void finding_sentence(const struct check_input *in, struct finding *finding, const char *name,
                      struct note sentence)
{
	finding_value(finding, arena_printf(in->arena, "%s.en", name),
	              note_text(in->arena, &sentence, LANG_EN));
	finding_value(finding, arena_printf(in->arena, "%s.zh", name),
	              note_text(in->arena, &sentence, LANG_ZH));
}
