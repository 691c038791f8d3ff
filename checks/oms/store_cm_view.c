#include "catalog/base/str.h"
#include "checks/core/wording.h"
#include "checks/oms/census.h"
#include "checks/oms/store.h"
#include "checks/oms/tally.h"

static void judge(const struct check_input *in, struct finding *finding)
{
	const struct rows *rows = rows_known(&in->facts->at[ENDPOINT_CM].cm.stores);
	struct tally tally = { .finding = finding };
	size_t told = 0;

	/* Its skip and unknown of a CM that has no Store to speak of are the same. */
	if (!rows->count && !stores_are_there(in, stores_read(in), finding))
		return;
	for (size_t row = 0; row < rows->count; row++) {
		const char *active = cell_text(rows, row, "active"), *name;

		name = cell_text(rows, row, "name");
		told += active != NULL;
		if (!active || !str_equal_nocase(active, "false"))
			continue;
		if (!tally.shown)
			finding_value(finding, "store", name);
		tally_fail(&tally, name ? name : "crawler",
		           (struct evidence){ .what = name ? name : "crawler",
		                              .expected = VERBATIM("active: true"),
		                              .actual = VERBATIM("active: false"),
		                              .from = "GET /crawler/detail" });
	}
	tally_end(&tally, in->arena);
	stores_partial(in, finding);
	if (!told)
		finding_unknown(finding, NOTE(TEXT_oms_store_view_untold));
}

const struct check check_store_cm_view = {
	.id = "store.cm-view",
	.on = CHECK_OMS,
	.explains = EXPLAINS_VIEW,
	.needs = FACTS(FACT_cm_cm_status),
	.uses = FACTS(STORE_USES),
	.params = PARAMS(STORE_PARAMS),
	.judge = judge,
};
