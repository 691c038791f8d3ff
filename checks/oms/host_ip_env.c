#include "checks/oms/oms.h"

#include "checks/core/nodes.h"

/* Why a value of OMS_HOST_IP is wrong; TEXT_NONE where it is right. */
static enum text_id refusal(const struct check_input *in, const char *value)
{
	const char *real = in->intent->oms.host_ip;

	if (!value || !*value)
		return TEXT_check_oms_host_ip_missing;
	if (real ? str_equal(value, real) : oms_is_own(in, value))
		return TEXT_NONE;
	if (oms_is_loopback(value))
		return TEXT_check_oms_host_ip_loopback;
	for (const char *const *node = oms_config_nodes(in->arena, in->facts); *node; node++)
		if (str_equal(*node, value))
			return TEXT_check_oms_host_ip_other_node;
	return TEXT_check_oms_host_ip_foreign;
}

static void judge_value(const struct check_input *in, struct finding *finding, const char *who,
                        const char *value)
{
	enum text_id why = refusal(in, value);
	const char *real = oms_own_address(in);

	if (why == TEXT_NONE)
		return;
	finding_fail(finding,
	             (struct evidence){ .what = "OMS_HOST_IP",
	                                .expected = real ? VERBATIM(real)
	                                                 : NOTE(TEXT_check_oms_host_ip_expected),
	                                .actual = NOTE(why, value),
	                                .from = who });
	finding_value(finding, "value", value && *value ? value : "-");
	finding_value(finding, "ip", real ? real : "<IP>");
	finding_sentence(in, finding, "what", NOTE(why, value));
}

static void judge(const struct check_input *in, struct finding *finding)
{
	const struct rows *environments = oms_seen(in, FACT_host_environments);
	const struct fact *own = &in->facts->at[ENDPOINT_HOST].host.own_host_ip.is;

	for (size_t i = 0; environments && i < environments->count; i++) {
		const char *program = rows_get(environments, i, "program");
		const char *pid = rows_get(environments, i, "pid");

		judge_value(in, finding,
		            arena_printf(in->arena, "/proc/%s/environ (%s)", pid ? pid : "?",
		                         program ? program : "?"),
		            rows_get(environments, i, "host_ip"));
	}
	/* What the programs were started with counts; somebody's shell tells where none runs, but a
	 * shell on the host need not have what the container has. */
	if (environments && environments->count)
		return;
	if (own->state == FACT_KNOWN)
		judge_value(in, finding, oms_from(in, FACT_host_own_host_ip), own->text);
	else
		finding_unknown(finding, NOTE(TEXT_check_oms_host_ip_unseen));
}

const struct check check_oms_host_ip_env = {
	.id = "oms.host-ip-env",
	.on = CHECK_OMS,
	.needs = FACTS(FACT_host_addresses),
	.uses = FACTS(FACT_host_environments, FACT_host_own_host_ip, FACT_host_config),
	.judge = judge,
};
