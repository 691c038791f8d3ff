#include "checks/oms/oms.h"
#include "checks/oms/usage.h"

static void judge(const struct check_input *in, struct finding *finding)
{
	static const struct usage usage = { "memory", FACT_host_memory, .bytes = true };

	usage_judge(in, &usage, finding);
}

/* Nothing is needed: figures that somebody pasted tell without any endpoint. */
const struct check check_oms_memory = {
	.id = "oms.memory",
	.on = CHECK_OMS,
	.uses = FACTS(FACT_host_memory, FACT_host_thresholds, OMS_OWN_FACTS),
	.params = PARAMS(USAGE_PARAMS),
	.judge = judge,
};
