/* A real plugin: a site that audits wants its audit table to be InnoDB and not to grow without end.
 * Built and loaded by the tests; a pattern for others. */
#include "checks/core/plugin.h"

#include <string.h>

static void judge_events(const struct migdoctor_api *api, const struct migdoctor_rows *rows,
                         struct migdoctor_finding *finding)
{
	if (rows->total > rows->count)
		api->unknown(finding, "more events than travelled",
		             "\xe4\xba\x8b\xe4\xbb\xb6\xe8\xbf\x87\xe5\xa4\x9a");
	for (size_t row = 0; row < rows->count; row++)
		api->object(finding, rows->cells[row * rows->columns],
		            rows->cells[row * rows->columns + 1]);
}

static void judge_packet(const struct migdoctor_api *api, const struct migdoctor_rows *rows,
                         struct migdoctor_finding *finding)
{
	if (rows->count != 1 || rows->columns != 1 || !rows->cells[0]) {
		api->unknown(finding, "no value came", NULL);
		return;
	}
	if (strcmp(rows->cells[0], "16777216") != 0)
		api->fail(finding, "max_allowed_packet", "16777216", rows->cells[0]);
}

static const struct migdoctor_check checks[] = {
	{
		.id = "site.no-events",
		.title_en = "No events in the schemas",
		.title_zh = "\xe6\x97\xa0\xe4\xba\x8b\xe4\xbb\xb6",
		.sql = "SELECT EVENT_SCHEMA, EVENT_NAME FROM information_schema.EVENTS",
		.judge = judge_events,
	},
	{
		.id = "site.packet",
		.title_en = "max_allowed_packet is the site's",
		.sql = "SELECT @@GLOBAL.max_allowed_packet",
		.judge = judge_packet,
	},
};

const struct migdoctor_plugin migdoctor_plugin = {
	.abi = MIGDOCTOR_PLUGIN_ABI,
	.name = "site",
	.check_count = sizeof(checks) / sizeof(checks[0]),
	.checks = checks,
};
