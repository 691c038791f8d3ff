#include "checks/oms/oms.h"

/* A table that is empty, or was never made: the container's initialisation writes both. */
static void judge_table(const struct check_input *in, struct finding *finding, enum fact_id id,
                        const char *table)
{
	const struct rows *rows = oms_seen(in, id);
	const struct group_status *group =
		&in->facts->at[ENDPOINT_METADB].groups[fact_infos[id].group];
	bool absent =
		group->state == GROUP_FAILED &&
		words_have(param_texts(in, "absent"), arena_printf(in->arena, "%u", group->error));

	if (rows && rows->count)
		return;
	if (!rows && !absent) {
		finding_unknown(finding, oms_why_missing(in, id));
		return;
	}
	finding_fail(finding, (struct evidence){
				      .what = table,
				      .expected = NOTE(TEXT_check_oms_some_row),
				      .actual = rows ? NOTE(TEXT_check_oms_none)
	                                             : VERBATIM(failure_wording(in->arena, group)),
				      .from = oms_from(in, id) });
	finding_thing(finding, table);
	finding_value(finding, "table", table);
}

static void judge(const struct check_input *in, struct finding *finding)
{
	judge_table(in, finding, FACT_metadb_hosts, "host");
	judge_table(in, finding, FACT_metadb_resource_groups, "resource_group");
}

const struct check check_oms_initialised = {
	.id = "oms.initialised",
	.on = CHECK_OMS,
	/* The MetaDB's answer to anything at all; what its tables hold is looked at one by one. */
	.needs = FACTS(FACT_metadb_now),
	.uses = FACTS(FACT_metadb_hosts, FACT_metadb_resource_groups),
	.params = PARAMS({ "absent", PARAM_TEXTS, true }),
	.judge = judge,
};
