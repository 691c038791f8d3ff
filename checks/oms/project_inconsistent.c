#include "checks/core/wording.h"
#include "checks/oms/census.h"
#include "checks/oms/moment.h"
#include "checks/oms/tally.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

static bool is_one_of(const struct check_input *in, const char *param, const char *text)
{
	return text && words_have(param_texts(in, param), text);
}

/* "ACTIVE, checkpoint 2022-08-01T10:13:17+08:00 (1659319997), delay 3 s": whether it moves shows
 * when it is asked again. */
static struct note state_of(const struct check_input *in, const struct rows *rows, size_t row)
{
	const char *checkpoint = cell_text(rows, row, "checkpoint");
	const char *delay = cell_text(rows, row, "delay");
	int64_t seconds, zone = moment_zone(in);

	if (moment_read(checkpoint, CONSOLE_ZONE, &seconds))
		checkpoint = moment_written(in->arena, seconds, zone);
	return NOTE(TEXT_oms_component_flows, cell_text(rows, row, "status"),
	            checkpoint ? checkpoint : "-", delay ? delay : "-");
}

static void fill(const struct project *project, const struct check_input *in,
                 const struct rows *rows, size_t row, struct finding *finding)
{
	const char *name = cell_text(rows, row, "name");

	finding_value(finding, "project", project_written(in->arena, project));
	finding_value(finding, "status", project->status);
	finding_value(finding, "component", name ? name : "-");
	finding_value(finding, "task", name_is_plain(name) ? name : "TASK");
	finding_value(finding, "host", cell_text(rows, row, "ip"));
}

static void judge_project(const struct check_input *in, const struct census *census,
                          const struct project *project, struct tally *tally)
{
	const struct rows *rows = census->components;

	for (size_t row = project->first_component; row != CENSUS_END;
	     row = census->next_component[row]) {
		const char *name = cell_text(rows, row, "name");

		if (!is_one_of(in, "kinds", cell_text(rows, row, "kind")) ||
		    !is_one_of(in, "running", cell_text(rows, row, "status")))
			continue;
		if (!tally->shown)
			fill(project, in, rows, row, tally->finding);
		tally_fail(tally, project->id,
		           (struct evidence){ .what = name ? name : project->id,
		                              .expected = NOTE(TEXT_oms_component_rests,
		                                               project_written(in->arena, project),
		                                               project->status),
		                              .actual = state_of(in, rows, row),
		                              .from = "DescribeProjectComponents" });
	}
}

static void judge(const struct check_input *in, struct finding *finding)
{
	const struct census *census = census_read(in);
	struct tally tally = { .finding = finding };

	for (size_t i = 0; i < census->count; i++)
		if (is_one_of(in, "stopped", census->projects[i].status) &&
		    project_is_asked(in, &census->projects[i]))
			judge_project(in, census, &census->projects[i], &tally);
	tally_end(&tally, in->arena);
	finding_partial(in, finding, FACT_console_components);
}

const struct check check_project_inconsistent = {
	.id = "project.inconsistent",
	.on = CHECK_OMS,
	.needs = FACTS(FACT_console_projects, FACT_console_components),
	.uses = FACTS(FACT_host_host_zone_seconds, FACT_metadb_zone_seconds),
	.params = PARAMS({ "stopped", PARAM_TEXTS, true }, { "running", PARAM_TEXTS, true },
	                 { "kinds", PARAM_TEXTS, true }, { "asked_migration", PARAM_TEXTS, false },
	                 { "asked_sync", PARAM_TEXTS, false }),
	.judge = judge,
};
