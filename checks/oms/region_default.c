#include "checks/oms/oms.h"

static void judge(const struct check_input *in, struct finding *finding)
{
	const struct rows *clusters = oms_seen(in, FACT_metadb_clusters);
	struct str regions = str_new(in->arena);
	size_t defaults = 0;

	for (size_t i = 0; i < clusters->count; i++) {
		const char *is_default = rows_get(clusters, i, "is_default_cm");
		const char *region = rows_get(clusters, i, "region");

		if (!is_default || !words_have(param_texts(in, "yes"), is_default))
			continue;
		defaults++;
		str_addf(&regions, "%s%s", regions.length ? " " : "", region ? region : "NULL");
	}
	if (defaults == 1)
		return;
	finding_fail(finding, (struct evidence){ .what = "is_default_cm",
	                                         .expected = NOTE(TEXT_check_oms_one_region),
	                                         .actual = oms_listed(regions.text),
	                                         .from = oms_from(in, FACT_metadb_clusters) });
	finding_value(finding, "count", arena_printf(in->arena, "%zu", defaults));
	finding_value(finding, "regions", *regions.text ? regions.text : "-");
}

const struct check check_oms_region_default = {
	.id = "oms.region-default",
	.on = CHECK_OMS,
	.needs = FACTS(FACT_metadb_clusters),
	.params = PARAMS({ "yes", PARAM_TEXTS, true }),
	.judge = judge,
};
