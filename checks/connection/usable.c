#include "checks/connection/connection.h"

#include "checks/core/wording.h"

bool connection_answers(const struct check_input *in, enum group_id group, struct finding *finding)
{
	if (!endpoint_is_reached(in->at)) {
		connection_judge_reached(in, finding);
		return false;
	}
	if (in->at->groups[group].state == GROUP_FAILED) {
		connection_judge_groups(in, finding);
		return false;
	}
	return true;
}

void connection_is_ill(const struct check_input *in, struct finding *finding, const char *words)
{
	const char *address = in->at->address;

	finding_fail(finding, (struct evidence){ .what = address,
	                                         .expected = NOTE(TEXT_check_http_well),
	                                         .actual = NOTE(TEXT_check_http_ill, words),
	                                         .from = address });
	finding_value(finding, "address", address);
	finding_value(finding, "error", words);
	finding_sentence(in, finding, "what", NOTE(TEXT_check_http_ill_what, address, words));
	finding_sentence(in, finding, "next", NOTE(TEXT_check_http_ill_next));
}

static void judge(const struct check_input *in, struct finding *finding)
{
	if (connection_answers(in, GROUP_any_connect, finding))
		connection_judge_groups(in, finding);
}

const struct check check_connection_usable = {
	.id = "connection.usable",
	.on = CHECK_ONE,
	.explains = EXPLAINS_CONNECT | EXPLAINS_GROUPS,
	.params = PARAMS({ "spare", PARAM_TEXTS, false }),
	.judge = judge,
};
