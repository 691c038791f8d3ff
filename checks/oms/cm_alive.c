#include "checks/connection/connection.h"
#include "checks/oms/oms.h"

static void judge(const struct check_input *in, struct finding *finding)
{
	const struct fact_number *status = &in->at->cm.cm_status;

	if (!connection_answers(in, GROUP_cm_root, finding))
		return;
	if (status->is.state != FACT_KNOWN) {
		finding_unknown(finding, oms_why_missing(in, FACT_cm_cm_status));
		return;
	}
	if (status->value < oms_number(in, "below", 500))
		return;
	connection_is_ill(in, finding, arena_printf(in->arena, "HTTP %s", status->is.text));
}

const struct check check_oms_cm_alive = {
	.id = "oms.cm-alive",
	.on = CHECK_ONE,
	.explains = EXPLAINS_CONNECT | EXPLAINS_GROUPS,
	.uses = FACTS(FACT_cm_cm_status),
	.params = PARAMS({ "below", PARAM_NUMBER, true }),
	.judge = judge,
};
