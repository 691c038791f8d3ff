#include "checks/oms/oms.h"

static void judge(const struct check_input *in, struct finding *finding)
{
	const struct group_status *status = &in->at->groups[GROUP_host_config];
	const char *words = failure_wording(in->arena, status);
	const char *file = oms_from(in, FACT_host_config);

	if (status->state == GROUP_GATHERED)
		return;
	if (status->state == GROUP_NOT_ASKED || status->failure == FAILURE_INTERRUPTED) {
		finding_unknown(finding, oms_why_missing(in, FACT_host_config));
		return;
	}
	finding_fail(finding, (struct evidence){ .what = file,
	                                         .expected = NOTE(TEXT_check_oms_readable),
	                                         .actual = VERBATIM(words),
	                                         .from = file });
	finding_value(finding, "file", file);
	finding_value(finding, "error", words);
}

const struct check check_oms_config_readable = {
	.id = "oms.config-readable",
	.on = CHECK_ONE,
	.explains = EXPLAINS_GROUPS,
	.uses = FACTS(FACT_host_config),
	.judge = judge,
};
