#include "checks/core/wording.h"

#include "catalog/base/str.h"

static const char *name_at(const struct endpoint_facts *endpoint, enum fact_id id)
{
	const char *name = fact_of(endpoint, id)->name;

	return name ? name : fact_infos[id].name;
}

/* Whether both sides have one value of it; if not, the finding says which does not. */
static bool is_comparable(const struct check_input *in, enum fact_id id, struct finding *finding)
{
	const struct endpoint_facts *const sides[] = {
		[ENDPOINT_SOURCE] = in->at,
		[ENDPOINT_TARGET] = in->other,
	};

	for (int i = ENDPOINT_SOURCE; i <= ENDPOINT_TARGET; i++) {
		const char *endpoint = endpoint_name((enum endpoint_id)i);
		const char *name = name_at(sides[i], id);

		if (fact_of(sides[i], id)->state == FACT_ABSENT)
			finding_skip(finding, NOTE(TEXT_check_variable_absent, endpoint, name));
		else if (!fact_wording(sides[i], id))
			finding_unknown(finding, NOTE(TEXT_check_variable_null, endpoint, name));
	}
	return fact_wording(in->at, id) && fact_wording(in->other, id);
}

static void judge(const struct check_input *in, struct finding *finding)
{
	enum fact_id id = param_find(in, "fact")->fact;
	const char *const *synonyms = param_texts(in, "synonyms");
	const char *source = fact_wording(in->at, id), *target = fact_wording(in->other, id);

	if (!is_comparable(in, id, finding) || str_equal_nocase(source, target) ||
	    (words_have(synonyms, source) && words_have(synonyms, target)))
		return;
	finding_fail(finding, fact_side_evidence(in, ENDPOINT_TARGET, id,
	                                         NOTE(TEXT_check_pair_as_source, source)));
	finding_context(finding, fact_side_evidence(in, ENDPOINT_SOURCE, id, (struct note){ 0 }));
	finding_value(finding, "name", name_at(in->other, id));
	finding_value(finding, "source.value", source);
	finding_value(finding, "target.value", target);
	finding_value(finding, "source.literal", fact_literal(in->arena, source));
}

const struct check check_pair_variable_equal = {
	.id = "pair.variable-equal",
	.on = CHECK_PAIR,
	.params = PARAMS({ "fact", PARAM_FACT, true }, { "synonyms", PARAM_TEXTS, false }),
	.judge = judge,
};
