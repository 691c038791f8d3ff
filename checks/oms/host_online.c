#include "checks/oms/oms.h"

static void judge_row(const struct check_input *in, struct finding *finding, size_t row)
{
	const struct rows *hosts = oms_seen(in, FACT_metadb_hosts);
	const char *const *accept = param_texts(in, "accept");
	const char *ip = rows_get(hosts, row, "ip"), *status = rows_get(hosts, row, "host_status");

	if (status && words_have(accept, status))
		return;
	ip = ip ? ip : "NULL";
	finding_fail(finding, (struct evidence){
				      .what = arena_printf(in->arena, "host_status of %s", ip),
				      .expected = note_one_of(in->arena, accept),
				      .actual = status ? VERBATIM(status) : NOTE(TEXT_value_null),
				      .from = oms_from(in, FACT_metadb_hosts),
			      });
	finding_thing(finding, ip);
	finding_value(finding, "ip", ip);
	finding_value(finding, "status", status ? status : "NULL");
}

/* A row of an address that is no node any more (a host that was scaled in) says nothing about the
 * nodes that are; where no node has a row, the rows that are there are all that is known. */
static void judge(const struct check_input *in, struct finding *finding)
{
	const struct rows *hosts = oms_seen(in, FACT_metadb_hosts);
	const char *const *nodes = oms_judged_nodes(in);
	size_t row, judged = 0;

	for (; *nodes; nodes++) {
		if (!oms_row(hosts, "ip", *nodes, &row))
			continue;
		judge_row(in, finding, row);
		judged++;
	}
	if (judged)
		return;
	if (in->node)
		finding_unknown(finding, NOTE(TEXT_check_oms_node_unregistered, in->node));
	else if (!hosts->count)
		finding_unknown(finding, NOTE(TEXT_check_oms_no_host));
	for (row = 0; !in->node && row < hosts->count; row++)
		judge_row(in, finding, row);
}

const struct check check_oms_host_online = {
	.id = "oms.host-online",
	.on = CHECK_OMS,
	.each_node = true,
	.needs = FACTS(FACT_metadb_hosts),
	.uses = FACTS(OMS_OWN_FACTS),
	.params = PARAMS({ "accept", PARAM_TEXTS, true }),
	.judge = judge,
};
