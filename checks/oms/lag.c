#include "checks/oms/lag.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

#include <inttypes.h>
#include <string.h>

/* The seconds of a threshold "HIGH=30"; negative where it is not so written. */
static int64_t seconds_of(const char *threshold)
{
	const char *equals = strchr(threshold, '=');
	long long seconds;

	return equals && str_to_int(equals + 1, &seconds) ? seconds : -1;
}

bool lag_read(const char *text, int64_t *ret)
{
	int64_t seconds = 0;
	const char *at = text;

	if (!text)
		return false;
	at += *at == '-';
	if (*at < '0' || *at > '9')
		return false;
	for (; *at >= '0' && *at <= '9'; at++)
		if (seconds < INT64_C(1000000000000))
			seconds = seconds * 10 + (*at - '0');
	if (*at == '.')
		at += 1 + strspn(at + 1, "0123456789");
	if (*at)
		return false;
	*ret = *text == '-' ? 0 : seconds;
	return true;
}

const char *lag_passed(const struct check_input *in, int64_t seconds)
{
	struct str passed = str_new(in->arena);

	for (const char *const *each = param_texts(in, "thresholds"); *each; each++)
		if (seconds_of(*each) >= 0 && seconds > seconds_of(*each))
			str_addf(&passed, "%s%.*s (%" PRId64 " s)", passed.length ? ", " : "",
			         (int)strcspn(*each, "="), *each, seconds_of(*each));
	return passed.length ? passed.text : NULL;
}

const char *lag_allowed(const struct check_input *in)
{
	int64_t least = -1;

	for (const char *const *each = param_texts(in, "thresholds"); *each; each++)
		if (seconds_of(*each) >= 0 && (least < 0 || seconds_of(*each) < least))
			least = seconds_of(*each);
	return arena_printf(in->arena, "%" PRId64, least);
}

bool lag_counts(const struct check_input *in, const struct project *project)
{
	return project->status && words_have(param_texts(in, "live"), project->status) &&
	       project_is_asked(in, project);
}

static const char *or_dash(const char *text)
{
	return text ? text : "-";
}

void lag_fail(const struct check_input *in, struct tally *tally, const struct project *project,
              size_t row, int64_t seconds, struct note actual)
{
	const struct rows *rows = rows_known(&in->facts->at[ENDPOINT_CONSOLE].console.components);
	const char *name = or_dash(cell_text(rows, row, "name"));
	struct finding *finding = tally->finding;

	if (!tally->shown) {
		finding_value(finding, "project", project_written(in->arena, project));
		finding_value(finding, "component", name);
		finding_value(finding, "host", or_dash(cell_text(rows, row, "ip")));
		finding_value(finding, "lag", arena_printf(in->arena, "%" PRId64, seconds));
		finding_value(finding, "passed", lag_passed(in, seconds));
		finding_value(finding, "log", or_dash(component_log(in, row)));
	}
	tally_fail(tally, project->id,
	           (struct evidence){ .what = name,
	                              .expected = NOTE(TEXT_oms_lag_allowed, lag_allowed(in)),
	                              .actual = actual,
	                              .from = "DescribeProjectComponents" });
}
