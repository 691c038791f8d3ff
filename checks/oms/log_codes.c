#include "checks/oms/asked.h"
#include "checks/oms/census.h"
#include "checks/oms/tally.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

static bool rule_has_code(const struct check_input *in, const char *id)
{
	const char *const *asked = in->intent->asked;

	if (asked_narrows(in)) {
		while (*asked && !str_equal(*asked, id))
			asked++;
		return *asked != NULL;
	}
	for (const char *const *glob = param_texts(in, "codes"); *glob; glob++)
		if (str_matches_glob(id, *glob))
			return true;
	return false;
}

static void report(const struct rows *rows, size_t row, struct tally *tally)
{
	const char *file = cell_text(rows, row, "file"), *line = cell_text(rows, row, "line");
	const char *count = cell_text(rows, row, "count");
	const char *code = cell_text(rows, row, "code");

	finding_code(tally->finding, code);
	if (!tally->shown) {
		finding_value(tally->finding, "file", file);
		finding_value(tally->finding, "line", line);
		finding_value(tally->finding, "count", count);
		finding_value(tally->finding, "code", code);
	}
	tally_fail(tally, code,
	           (struct evidence){ .what = code,
	                              .expected = NOTE(TEXT_oms_log_none),
	                              .actual = NOTE(TEXT_oms_log_line, count ? count : "1",
	                                             line ? line : "-"),
	                              .from = file });
}

/* Says which logs could not be read. Returns how many could. */
static size_t read_logs(const struct rows *logs, struct finding *finding)
{
	size_t readable = 0;

	for (size_t row = 0; row < logs->count; row++) {
		const char *why = cell_text(logs, row, "why"), *file = cell_text(logs, row, "file");

		if (why)
			finding_context(finding, (struct evidence){ .what = file ? file : "log",
			                                            .actual = VERBATIM(why),
			                                            .from = file });
		else
			readable++;
	}
	return readable;
}

static void judge(const struct check_input *in, struct finding *finding)
{
	const struct host_facts *host = &in->facts->at[ENDPOINT_HOST].host;
	const struct rows *rows = &host->log_codes.rows;
	struct tally tally = { .finding = finding };

	for (size_t row = 0; row < rows->count; row++) {
		const char *code = cell_text(rows, row, "code");

		if (code && rule_has_code(in, code))
			report(rows, row, &tally);
	}
	tally_end(&tally, in->arena);
	if (!read_logs(&host->logs.rows, finding))
		finding_unknown(finding, NOTE(TEXT_oms_log_unread));
}

const struct check check_log_codes = {
	.id = "log.codes",
	.on = CHECK_OMS,
	.needs = FACTS(FACT_host_log_codes, FACT_host_logs),
	.params = PARAMS({ "family", PARAM_TEXTS, true }, { "codes", PARAM_TEXTS, true }),
	.judge = judge,
};
