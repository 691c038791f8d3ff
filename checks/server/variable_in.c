#include "checks/core/wording.h"

static void judge(const struct check_input *in, struct finding *finding)
{
	enum fact_id id = param_find(in, "fact")->fact;
	const char *const *accept = param_texts(in, "accept");
	const struct fact *fact = fact_of(in->at, id);
	const char *value = fact_wording(in->at, id);
	const char *name = fact->name ? fact->name : fact_infos[id].name;

	if (fact->state == FACT_ABSENT) {
		finding_skip(finding,
		             NOTE(TEXT_check_variable_absent, endpoint_name(in->endpoint), name));
		return;
	}
	if (!value) {
		finding_unknown(finding,
		                NOTE(TEXT_check_variable_null, endpoint_name(in->endpoint), name));
		return;
	}
	if (words_have(accept, value))
		return;
	finding_fail(finding, fact_evidence(in->at, id, note_one_of(in->arena, accept)));
	finding_value(finding, "name", name);
	finding_value(finding, "value", value);
	finding_value(finding, "wanted", fact_literal(in->arena, accept[0]));
}

const struct check check_server_variable_in = {
	.id = "server.variable-in",
	.on = CHECK_ONE,
	.params = PARAMS({ "fact", PARAM_FACT, true }, { "accept", PARAM_TEXTS, true }),
	.judge = judge,
};
