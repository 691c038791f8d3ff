#include "checks/connection/connection.h"
#include "checks/oms/oms.h"

/* nginx answers for a console that does not run, by 502 or 504. A release without this page answers
 * it by some 4xx: that tells nothing of its health. */
static void judge(const struct check_input *in, struct finding *finding)
{
	const struct fact_number *status = &in->at->console.console_status;
	const struct fact_flag *healthy = &in->at->console.healthy;

	if (!connection_answers(in, GROUP_console_health, finding))
		return;
	if (status->is.state != FACT_KNOWN)
		finding_unknown(finding, oms_why_missing(in, FACT_console_console_status));
	else if (status->value >= oms_number(in, "below", 500))
		connection_is_ill(in, finding, arena_printf(in->arena, "HTTP %s", status->is.text));
	else if (healthy->is.state == FACT_KNOWN && !healthy->value)
		connection_is_ill(in, finding, "\"healthy\": false");
	else if (healthy->is.state != FACT_KNOWN && status->value >= 400)
		finding_skip(finding, NOTE(TEXT_check_oms_no_health_page, status->is.text));
	else if (healthy->is.state != FACT_KNOWN)
		finding_unknown(finding, NOTE(TEXT_check_oms_no_health, status->is.text));
}

const struct check check_oms_console_healthy = {
	.id = "oms.console-healthy",
	.on = CHECK_ONE,
	.explains = EXPLAINS_CONNECT | EXPLAINS_GROUPS,
	.uses = FACTS(FACT_console_console_status, FACT_console_healthy),
	.params = PARAMS({ "below", PARAM_NUMBER, true }),
	.judge = judge,
};
