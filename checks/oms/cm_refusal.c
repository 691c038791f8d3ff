#include "checks/core/wording.h"
#include "checks/oms/asked.h"
#include "checks/oms/census.h"
#include "checks/oms/tally.h"

#include "catalog/base/arena.h"

static const char *or_else(const char *text, const char *otherwise)
{
	return text ? text : otherwise;
}

/* "message; detail", or what there is of it. */
static const char *words_of(const struct check_input *in, const struct rows *rows, size_t row)
{
	const char *message = cell_text(rows, row, "message");
	const char *detail = cell_text(rows, row, "detail");

	if (message && detail)
		return arena_printf(in->arena, "%s; %s", message, detail);
	return or_else(or_else(message, detail), "isSuccess: false");
}

static void judge(const struct check_input *in, struct finding *finding)
{
	const struct endpoint_facts *cm = &in->facts->at[ENDPOINT_CM];
	const struct rows *rows = rows_known(&cm->cm.cm_errors);
	struct tally tally = { .finding = finding };

	if (cm->groups[GROUP_cm_stores].state == GROUP_FAILED)
		finding_unknown(finding,
		                NOTE(TEXT_unknown_group, endpoint_name(ENDPOINT_CM),
		                     group_infos[GROUP_cm_stores].name,
		                     failure_wording(in->arena, &cm->groups[GROUP_cm_stores])));
	else if (cm->cm.cm_errors.is.state != FACT_KNOWN)
		finding_skip(finding, NOTE(TEXT_oms_cm_not_asked));
	for (size_t row = 0; row < rows->count; row++) {
		const char *code = cell_text(rows, row, "code");
		const char *request = or_else(cell_text(rows, row, "request"), "CM");
		const char *words = words_of(in, rows, row);

		if (!asked_has(in, code))
			continue;
		if (code)
			finding_code(finding, asked_id(in, code));
		if (!tally.shown) {
			finding_value(finding, "request", request);
			finding_value(finding, "words", words);
			finding_value(finding, "code", or_else(code, "-"));
		}
		tally_fail(&tally, request,
		           (struct evidence){ .what = or_else(code, "errCode"),
		                              .expected = VERBATIM("isSuccess: true"),
		                              .actual = VERBATIM(words),
		                              .from = request });
	}
	tally_end(&tally, in->arena);
}

const struct check check_cm_refusal = {
	.id = "cm.refusal",
	.on = CHECK_OMS,
	.needs = FACTS(FACT_cm_cm_status),
	.uses = FACTS(FACT_cm_cm_errors),
	.params = PARAMS({ "family", PARAM_TEXTS, true }),
	.judge = judge,
};
