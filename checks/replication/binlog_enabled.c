#include "checks/core/wording.h"
#include "checks/replication/server_id.h"

static void judge(const struct check_input *in, struct finding *finding)
{
	const struct mysql_facts *mysql = &in->at->mysql;
	const struct fact_number *id = &mysql->server_id;

	if (mysql->log_bin.is.state == FACT_ABSENT) {
		finding_skip(finding, NOTE(TEXT_check_variable_absent, endpoint_name(in->endpoint),
		                           "log_bin"));
		return;
	}
	if (mysql->log_bin.value)
		return;
	finding_fail(finding, fact_evidence(in->at, FACT_mysql_log_bin, VERBATIM("ON")));
	/* 5.7 does not start with log_bin and without server_id, so the lines to write are two. */
	finding_value(finding, "server_id",
	              id->is.state == FACT_KNOWN && id->value > 1
	                      ? id->is.text
	                      : server_id_proposed(in, id->value, id->value));
}

const struct check check_replication_binlog_enabled = {
	.id = "replication.binlog-enabled",
	.on = CHECK_ONE,
	.needs = FACTS(FACT_mysql_log_bin),
	.uses = FACTS(FACT_mysql_server_id),
	.judge = judge,
};
