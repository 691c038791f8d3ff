/* A plugin that is complete but for what its file makes wrong, by the names below. */
#include "checks/core/plugin.h"

#ifndef ID
#define ID "refused.check"
#endif
#ifndef SQL
#define SQL "SELECT 1"
#endif
#ifndef SYMBOL
#define SYMBOL migdoctor_plugin
#endif
#ifndef ABI
#define ABI MIGDOCTOR_PLUGIN_ABI
#endif

static void judge(const struct migdoctor_api *api, const struct migdoctor_rows *rows,
                  struct migdoctor_finding *finding)
{
	(void)rows;
	api->skip(finding, "never judged", NULL);
}

static const struct migdoctor_check check = {
	.id = ID,
	.title_en = "Refused",
	.sql = SQL,
	.judge = judge,
};

const struct migdoctor_plugin SYMBOL = {
	.abi = ABI,
	.name = "refused",
	.check_count = 1,
	.checks = &check,
};
