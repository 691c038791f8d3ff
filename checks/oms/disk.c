#include "checks/oms/oms.h"
#include "checks/oms/usage.h"

static void judge(const struct check_input *in, struct finding *finding)
{
	static const struct usage usage = { "disk", FACT_host_disks, .bytes = true };

	usage_judge(in, &usage, finding);
}

/* Nothing is needed: figures that somebody pasted tell without any endpoint. */
const struct check check_oms_disk = {
	.id = "oms.disk",
	.on = CHECK_OMS,
	.uses = FACTS(FACT_host_disks, FACT_host_thresholds, OMS_OWN_FACTS),
	.params = PARAMS(USAGE_PARAMS),
	.judge = judge,
};
