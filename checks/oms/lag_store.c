#include "checks/oms/lag.h"

#include "catalog/base/arena.h"

#include <inttypes.h>

/* How far a Store is behind the present: as the console says, else by the last time it has read. */
static bool lag_of(const struct check_input *in, const struct rows *rows, size_t row, int64_t *ret)
{
	int64_t end;

	if (lag_read(cell_text(rows, row, "delay"), ret))
		return true;
	if (!moment_read(cell_text(rows, row, "end"), CONSOLE_ZONE, &end))
		return false;
	*ret = in->facts->gathered_ms / 1000 - end;
	return true;
}

static struct note written(const struct check_input *in, const struct rows *rows, size_t row,
                           int64_t seconds)
{
	int64_t end, zone = moment_zone(in);
	const char *lag = arena_printf(in->arena, "%" PRId64, seconds);

	if (!moment_read(cell_text(rows, row, "end"), CONSOLE_ZONE, &end))
		return NOTE(TEXT_oms_lag_behind, lag, lag_passed(in, seconds));
	return NOTE(TEXT_oms_lag_store, lag, lag_passed(in, seconds),
	            moment_written(in->arena, end, zone));
}

static void judge_project(const struct check_input *in, const struct census *census,
                          const struct project *project, struct tally *tally)
{
	const struct rows *rows = census->components;

	for (size_t row = project->first_component; row != CENSUS_END;
	     row = census->next_component[row]) {
		const char *name = cell_text(rows, row, "name");
		int64_t seconds;

		if (!kind_is_store(cell_text(rows, row, "kind")))
			continue;
		if (!lag_of(in, rows, row, &seconds))
			finding_unknown(tally->finding, NOTE(TEXT_oms_lag_no_store_time,
			                                     name ? name : project->id));
		else if (lag_passed(in, seconds))
			lag_fail(in, tally, project, row, seconds, written(in, rows, row, seconds));
	}
}

static void judge(const struct check_input *in, struct finding *finding)
{
	const struct census *census = census_read(in);
	struct tally tally = { .finding = finding };

	for (size_t i = 0; i < census->count; i++)
		if (lag_counts(in, &census->projects[i]))
			judge_project(in, census, &census->projects[i], &tally);
	tally_end(&tally, in->arena);
	finding_partial(in, finding, FACT_console_components);
}

const struct check check_lag_store = {
	.id = "lag.store",
	.on = CHECK_OMS,
	.needs = FACTS(FACT_console_projects, FACT_console_components),
	.uses = FACTS(FACT_host_host_zone_seconds, FACT_metadb_zone_seconds),
	.params = PARAMS(LAG_PARAMS),
	.judge = judge,
};
