#include "checks/oms/oms.h"

#include "checks/core/nodes.h"

static void judge_node(const struct check_input *in, struct finding *finding, const char *ip)
{
	const struct rows *hosts = oms_seen(in, FACT_metadb_hosts);
	const char *const *nodes = oms_config_nodes(in->arena, in->facts);
	const char *registered = oms_column(in->arena, hosts, "ip");
	bool in_config = !*nodes || words_have(nodes, ip);
	size_t row;

	if (in_config && oms_row(hosts, "ip", ip, &row))
		return;
	if (!in_config)
		finding_fail(finding,
		             (struct evidence){ .what = "cm_nodes",
		                                .expected = VERBATIM(ip),
		                                .actual = oms_listed(oms_joined(in->arena, nodes)),
		                                .from = oms_from(in, FACT_host_config) });
	if (!oms_row(hosts, "ip", ip, &row))
		finding_fail(finding, (struct evidence){ .what = "host.ip",
		                                         .expected = VERBATIM(ip),
		                                         .actual = oms_listed(registered),
		                                         .from = oms_from(in, FACT_metadb_hosts) });
	finding_thing(finding, ip);
	finding_value(finding, "ip", ip);
	finding_sentence(in, finding, "registered", oms_listed(registered));
	finding_sentence(in, finding, "next",
	                 NOTE(in_config ? TEXT_check_oms_host_unregistered
	                                : TEXT_check_oms_host_not_in_nodes,
	                      ip));
}

static void judge(const struct check_input *in, struct finding *finding)
{
	const char *const *nodes = oms_config_nodes(in->arena, in->facts);
	const struct rows *hosts = oms_seen(in, FACT_metadb_hosts);
	const char *own = in->node ? in->node : oms_own_address(in);

	if (own)
		judge_node(in, finding, own);
	for (; !in->node && *nodes; nodes++) {
		/* An address that no machine is known by is a matter of its entry alone. */
		if (own && (str_equal(*nodes, own) || oms_is_loopback(*nodes)))
			continue;
		judge_node(in, finding, *nodes);
		own = own ? own : *nodes;
	}
	if (own)
		return;
	if (hosts->count)
		finding_unknown(finding, NOTE(TEXT_check_oms_own_address_unknown));
	else
		finding_fail(finding,
		             (struct evidence){ .what = "host.ip",
		                                .expected = NOTE(TEXT_check_oms_host_ip_expected),
		                                .actual = NOTE(TEXT_check_oms_none),
		                                .from = oms_from(in, FACT_metadb_hosts) });
}

const struct check check_oms_host_registered = {
	.id = "oms.host-registered",
	.on = CHECK_OMS,
	.each_node = true,
	.needs = FACTS(FACT_metadb_hosts),
	.uses = FACTS(OMS_OWN_FACTS),
	.judge = judge,
};
