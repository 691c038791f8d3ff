/* Refused: brings an id that migdoctor itself has. */
#include "checks/core/plugin.h"

static void judge(const struct migdoctor_api *api, const struct migdoctor_rows *rows,
                  struct migdoctor_finding *finding)
{
	(void)rows;
	api->skip(finding, "never judged", NULL);
}

static const struct migdoctor_check check = {
	.id = "replication.binlog-format",
	.title_en = "Refused",
	.sql = "SELECT 1",
	.judge = judge,
};

const struct migdoctor_plugin migdoctor_plugin = {
	.abi = MIGDOCTOR_PLUGIN_ABI,
	.name = "refused",
	.check_count = 1,
	.checks = &check,
};
