#include "checks/core/wording.h"
#include "checks/replication/server_id.h"

static void judge(const struct check_input *in, struct finding *finding)
{
	const struct fact_number *source = &in->at->mysql.server_id;
	const struct fact_number *target = &in->other->mysql.server_id;

	if (source->is.state == FACT_ABSENT || target->is.state == FACT_ABSENT) {
		finding_skip(finding,
		             NOTE(TEXT_check_variable_absent,
		                  endpoint_name(source->is.state == FACT_ABSENT ? ENDPOINT_SOURCE
		                                                                : ENDPOINT_TARGET),
		                  "server_id"));
		return;
	}
	if (source->value != target->value)
		return;
	finding_fail(finding,
	             fact_side_evidence(in, ENDPOINT_SOURCE, FACT_mysql_server_id,
	                                NOTE(TEXT_check_pair_unlike_target, target->is.text)));
	finding_context(finding, fact_side_evidence(in, ENDPOINT_TARGET, FACT_mysql_server_id,
	                                            (struct note){ 0 }));
	finding_value(finding, "value", source->is.text);
	finding_value(finding, "wanted", server_id_proposed(in, source->value, target->value));
}

const struct check check_pair_server_id_differs = {
	.id = "pair.server-id-differs",
	.on = CHECK_PAIR,
	.needs = FACTS(FACT_mysql_server_id),
	.judge = judge,
};
