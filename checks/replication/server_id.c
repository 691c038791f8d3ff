#include "checks/replication/server_id.h"

#include "checks/core/wording.h"

static void judge(const struct check_input *in, struct finding *finding)
{
	const struct fact_number *id = &in->at->mysql.server_id;
	const char *const *refused = param_texts(in, "not");

	if (id->is.state == FACT_ABSENT) {
		finding_skip(finding, NOTE(TEXT_check_variable_absent, endpoint_name(in->endpoint),
		                           "server_id"));
		return;
	}
	if (id->value > 0 && !words_have(refused, arena_printf(in->arena, "%" PRId64, id->value)))
		return;
	finding_fail(finding, fact_evidence(in->at, FACT_mysql_server_id,
	                                    *refused ? NOTE(TEXT_check_server_id_positive_not,
	                                                    note_one_of(in->arena, refused).args[0])
	                                             : NOTE(TEXT_check_server_id_positive)));
	finding_value(finding, "value", id->is.text);
	finding_value(finding, "wanted", server_id_proposed(in, id->value, id->value));
}

const struct check check_replication_server_id = {
	.id = "replication.server-id",
	.on = CHECK_ONE,
	.needs = FACTS(FACT_mysql_server_id),
	.params = PARAMS({ "not", PARAM_TEXTS, false }),
	.judge = judge,
};
