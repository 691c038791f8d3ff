#include "checks/oms/oms.h"

#include <string.h>

/* One service with or without the slash behind it. */
static bool urls_equal(const char *a, const char *b)
{
	size_t a_length = strlen(a), b_length = strlen(b);

	while (a_length && a[a_length - 1] == '/')
		a_length--;
	while (b_length && b[b_length - 1] == '/')
		b_length--;
	return a_length == b_length && strncasecmp(a, b, a_length) == 0;
}

static void differ(const struct check_input *in, struct finding *finding, const char *column,
                   const char *expected, const char *actual)
{
	finding_fail(finding, (struct evidence){ .what = column,
	                                         .expected = VERBATIM(expected),
	                                         .actual = oms_listed(actual),
	                                         .from = oms_from(in, FACT_metadb_clusters) });
	finding_value(finding, "column", column);
	finding_value(finding, "expected", expected);
	finding_value(finding, "actual", *actual ? actual : "-");
}

static void judge(const struct check_input *in, struct finding *finding)
{
	const struct rows *clusters = oms_seen(in, FACT_metadb_clusters);
	const char *url = oms_config(in, "cm_url"), *location = oms_config(in, "cm_location");
	const char *stored;
	size_t row;

	if (!url || !location) {
		finding_skip(finding,
		             NOTE(TEXT_check_oms_config_lacks, url ? "cm_location" : "cm_url"));
		return;
	}
	if (!oms_row(clusters, "code", location, &row)) {
		differ(in, finding, "cluster_info.code", location,
		       oms_column(in->arena, clusters, "code"));
		return;
	}
	stored = rows_get(clusters, row, "cm_url");
	if (!stored || !urls_equal(stored, url))
		differ(in, finding, "cluster_info.cm_url", url, stored ? stored : "");
}

const struct check check_oms_config_cm_url = {
	.id = "oms.config-cm-url",
	.on = CHECK_OMS,
	.needs = FACTS(FACT_metadb_clusters, FACT_host_config),
	.judge = judge,
};
