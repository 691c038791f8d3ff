#include "checks/oms/oms.h"

static void judge_region(const struct check_input *in, struct finding *finding, const char *code,
                         const char *from)
{
	const struct rows *groups = oms_seen(in, FACT_metadb_resource_groups);
	const char *names = oms_column(in->arena, groups, "name");
	size_t row;

	if (oms_row(groups, "name", code, &row))
		return;
	finding_fail(finding,
	             (struct evidence){ .what = "resource_group.name",
	                                .expected = VERBATIM(code),
	                                .actual = oms_listed(names),
	                                .from = oms_from(in, FACT_metadb_resource_groups) });
	finding_context(
		finding,
		(struct evidence){ .what = "cm_location", .actual = VERBATIM(code), .from = from });
	finding_thing(finding, code);
	finding_value(finding, "location", code);
	finding_value(finding, "($Region)", code);
	finding_sentence(in, finding, "groups", oms_listed(names));
}

static void judge_host(const struct check_input *in, struct finding *finding, size_t row)
{
	const struct rows *hosts = oms_seen(in, FACT_metadb_hosts);
	const struct rows *groups = oms_seen(in, FACT_metadb_resource_groups);
	const char *group = rows_get(hosts, row, "resource_group_id");
	const char *ip = rows_get(hosts, row, "ip");
	size_t found;

	if (group && oms_row(groups, "id", group, &found))
		return;
	finding_fail(finding,
	             (struct evidence){ .what = arena_printf(in->arena, "resource_group_id of %s",
	                                                     ip ? ip : "NULL"),
	                                .expected = oms_listed(oms_column(in->arena, groups, "id")),
	                                .actual = group ? VERBATIM(group) : NOTE(TEXT_value_null),
	                                .from = oms_from(in, FACT_metadb_hosts) });
	finding_value(finding, "location", oms_config(in, "cm_location"));
	finding_sentence(in, finding, "groups", oms_listed(oms_column(in->arena, groups, "name")));
}

static void judge(const struct check_input *in, struct finding *finding)
{
	const char *location = oms_config(in, "cm_location");
	const struct rows *hosts = oms_seen(in, FACT_metadb_hosts);
	const struct rows *clusters = oms_seen(in, FACT_metadb_clusters);

	if (location)
		judge_region(in, finding, location, oms_from(in, FACT_host_config));
	for (size_t i = 0; !location && clusters && i < clusters->count; i++)
		if (rows_get(clusters, i, "code"))
			judge_region(in, finding, rows_get(clusters, i, "code"),
			             oms_from(in, FACT_metadb_clusters));
	for (size_t i = 0; hosts && i < hosts->count; i++)
		judge_host(in, finding, i);
	if (!location && !(clusters && clusters->count))
		finding_unknown(finding, oms_why_missing(in, FACT_host_config));
}

const struct check check_oms_region_initialised = {
	.id = "oms.region-initialised",
	.on = CHECK_OMS,
	.needs = FACTS(FACT_metadb_resource_groups),
	.uses = FACTS(FACT_metadb_hosts, FACT_metadb_clusters, FACT_host_config),
	.judge = judge,
};
