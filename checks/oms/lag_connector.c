#include "checks/oms/lag.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

#include <inttypes.h>
#include <string.h>

/* What the Stores that a connector reads have: the latest time, and the least delay. */
struct upstream {
	bool has_end, has_delay;
	int64_t end, delay;
};

/* Whether `name` is in a list with commas. */
static bool list_has(const char *list, const char *name)
{
	size_t length = strlen(name);

	for (;;) {
		list += strspn(list, ", ");
		if (!*list)
			return false;
		if (strcspn(list, ", ") == length && strncmp(list, name, length) == 0)
			return true;
		list += strcspn(list, ", ");
	}
}

/* A component of the reverse way reads from the Stores of the reverse way. */
static bool feeds(const struct rows *rows, size_t store, size_t connector)
{
	const char *kind = cell_text(rows, connector, "kind");
	const char *subtopic = cell_text(rows, store, "subtopic");
	const char *list = cell_text(rows, connector, "subtopic");

	if (!str_equal(cell_text(rows, store, "kind"),
	               str_starts(kind, "reverse_") ? "reverse_store" : "store"))
		return false;
	return !subtopic || !list || list_has(list, subtopic);
}

static struct upstream upstream_of(const struct census *census, const struct project *project,
                                   size_t connector)
{
	const struct rows *rows = census->components;
	struct upstream found = { 0 };

	for (size_t row = project->first_component; row != CENSUS_END;
	     row = census->next_component[row]) {
		int64_t end, delay;

		if (!kind_is_store(cell_text(rows, row, "kind")) || !feeds(rows, row, connector))
			continue;
		if (moment_read(cell_text(rows, row, "end"), CONSOLE_ZONE, &end) &&
		    (!found.has_end || end > found.end)) {
			found.has_end = true;
			found.end = end;
		}
		if (lag_read(cell_text(rows, row, "delay"), &delay) &&
		    (!found.has_delay || delay < found.delay)) {
			found.has_delay = true;
			found.delay = delay;
		}
	}
	return found;
}

/* How far the connector is behind its Store: by the times that both hold, else by their delays. */
static bool behind_of(const struct check_input *in, const struct rows *rows, size_t row,
                      const struct upstream *upstream, int64_t *ret, struct note *ret_note)
{
	int64_t checkpoint, delay, zone = moment_zone(in);

	if (upstream->has_end &&
	    moment_read(cell_text(rows, row, "checkpoint"), CONSOLE_ZONE, &checkpoint)) {
		*ret = upstream->end - checkpoint;
		*ret_note = NOTE(TEXT_oms_lag_connector, arena_printf(in->arena, "%" PRId64, *ret),
		                 lag_passed(in, *ret), moment_written(in->arena, checkpoint, zone),
		                 moment_written(in->arena, upstream->end, zone));
		return true;
	}
	if (!upstream->has_delay || !lag_read(cell_text(rows, row, "delay"), &delay))
		return false;
	*ret = delay - upstream->delay;
	*ret_note = NOTE(TEXT_oms_lag_behind, arena_printf(in->arena, "%" PRId64, *ret),
	                 lag_passed(in, *ret));
	return true;
}

static void judge_connector(const struct check_input *in, const struct census *census,
                            const struct project *project, size_t row, struct tally *tally)
{
	const struct rows *rows = census->components;
	struct upstream upstream = upstream_of(census, project, row);
	const char *name = cell_text(rows, row, "name");
	int64_t behind, delay;
	struct note note;

	if (behind_of(in, rows, row, &upstream, &behind, &note)) {
		if (lag_passed(in, behind))
			lag_fail(in, tally, project, row, behind, note);
	} else if (!lag_read(cell_text(rows, row, "delay"), &delay) || lag_passed(in, delay)) {
		/* One that is near the present is not behind its Store, wherever that is. */
		finding_unknown(tally->finding,
		                NOTE(TEXT_oms_lag_no_side, name ? name : project->id));
	}
}

static void judge(const struct check_input *in, struct finding *finding)
{
	const struct census *census = census_read(in);
	const char *const *kinds = param_texts(in, "kinds");
	struct tally tally = { .finding = finding };

	for (size_t i = 0; i < census->count; i++) {
		const struct project *project = &census->projects[i];

		if (!lag_counts(in, project))
			continue;
		for (size_t row = project->first_component; row != CENSUS_END;
		     row = census->next_component[row]) {
			const char *kind = cell_text(census->components, row, "kind");

			if (kind && words_have(kinds, kind))
				judge_connector(in, census, project, row, &tally);
		}
	}
	tally_end(&tally, in->arena);
	finding_partial(in, finding, FACT_console_components);
}

const struct check check_lag_connector = {
	.id = "lag.connector",
	.on = CHECK_OMS,
	.needs = FACTS(FACT_console_projects, FACT_console_components),
	.uses = FACTS(FACT_host_host_zone_seconds, FACT_metadb_zone_seconds),
	.params = PARAMS({ "kinds", PARAM_TEXTS, true }, LAG_PARAMS),
	.judge = judge,
};
