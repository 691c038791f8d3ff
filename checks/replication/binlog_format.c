#include "checks/core/wording.h"

/*
 * The global value counts, with log_bin on or off: it is what sessions opened from now on write, and
 * whoever has to turn the binlog on restarts the server and wants to be told of both at once.
 */
static void judge(const struct check_input *in, struct finding *finding)
{
	const char *const *accept = param_texts(in, "accept");
	const char *format = fact_wording(in->at, FACT_mysql_binlog_format);

	/* MySQL has deprecated the variable; a server without it writes rows alone. */
	if (in->at->mysql.binlog_format.is.state == FACT_ABSENT) {
		finding_skip(finding, NOTE(TEXT_check_variable_absent, endpoint_name(in->endpoint),
		                           "binlog_format"));
		return;
	}
	if (format && words_have(accept, format))
		return;
	finding_fail(finding, fact_evidence(in->at, FACT_mysql_binlog_format,
	                                    note_one_of(in->arena, accept)));
	finding_value(finding, "value", format);
	finding_value(finding, "wanted", accept[0]);
}

const struct check check_replication_binlog_format = {
	.id = "replication.binlog-format",
	.on = CHECK_ONE,
	.needs = FACTS(FACT_mysql_binlog_format),
	.params = PARAMS({ "accept", PARAM_TEXTS, true }),
	.judge = judge,
};
