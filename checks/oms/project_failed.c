#include "checks/core/wording.h"
#include "checks/oms/asked.h"
#include "checks/oms/census.h"
#include "checks/oms/oms.h"
#include "checks/oms/tally.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

/*
 * A project that failed: by its own status, by a code that one of its steps ended with, or by the
 * state of a component. Which of these a rule looks at is in its parameters.
 */

struct judging {
	const struct check_input *in;
	const struct census *census;
	struct tally tally;
};

static const char *or_dash(const char *text)
{
	return text ? text : "-";
}

static bool is_one_of(const struct judging *judging, const char *param, const char *text)
{
	return text && words_have(param_texts(judging->in, param), text);
}

/* --- steps ------------------------------------------------------------------------------------ */

/* Whether the rule is about what a step says: its code fits one of `codes`, or the rule has
 * none. */
static bool rule_has_code(const struct judging *judging, const char *code)
{
	const char *const *codes = param_texts(judging->in, "codes");

	if (!*codes)
		return true;
	for (; *codes; codes++)
		if (str_matches_glob(code, *codes))
			return true;
	return false;
}

/* A step that is done has its error behind it, unless the project itself failed. */
static bool step_counts(const struct judging *judging, const struct project *project, size_t row)
{
	const struct rows *steps = judging->census->steps;
	const char *code = cell_text(steps, row, "code");

	return code && rule_has_code(judging, code) && asked_has(judging->in, code) &&
	       (is_one_of(judging, "failed", project->status) ||
	        !is_one_of(judging, "done", cell_text(steps, row, "status")));
}

static bool has_code(const struct judging *judging, const struct project *project)
{
	for (size_t row = project->first_step; row != CENSUS_END;
	     row = judging->census->next_step[row])
		if (cell_text(judging->census->steps, row, "code"))
			return true;
	return false;
}

/* --- components ------------------------------------------------------------------------------- */

static struct note state_of(const struct judging *judging, size_t row)
{
	const struct rows *components = judging->census->components;
	const char *log = component_log(judging->in, row);

	return NOTE(log ? TEXT_oms_component_state_log : TEXT_oms_component_state,
	            or_dash(cell_text(components, row, "status")),
	            or_dash(cell_text(components, row, "ip")), log);
}

/* The component of the project that the rule's texts should name: one that failed, else one whose
 * state is not known to be well, else the only one of the kinds. */
static size_t find_component(const struct judging *judging, const struct project *project)
{
	const struct rows *components = judging->census->components;
	size_t odd = CENSUS_END, last = CENSUS_END, count = 0;

	for (size_t row = project->first_component; row != CENSUS_END;
	     row = judging->census->next_component[row]) {
		const char *status = cell_text(components, row, "status");

		if (!is_one_of(judging, "kinds", cell_text(components, row, "kind")))
			continue;
		if (is_one_of(judging, "states", status))
			return row;
		if (odd == CENSUS_END && !is_one_of(judging, "well", status))
			odd = row;
		last = row;
		count++;
	}
	return odd == CENSUS_END && count == 1 ? last : odd;
}

static void fill_component(const struct judging *judging, const struct project *project)
{
	const struct check_input *in = judging->in;
	const struct rows *components = judging->census->components;
	struct finding *finding = judging->tally.finding;
	size_t row = find_component(judging, project);
	const char *log;

	if (row == CENSUS_END) {
		finding_sentence(in, finding, "where", NOTE(TEXT_oms_component_not_known));
		return;
	}
	log = component_log(in, row);
	finding_value(finding, "component", cell_text(components, row, "name"));
	finding_value(finding, "host", cell_text(components, row, "ip"));
	finding_value(finding, "log", log);
	finding_sentence(in, finding, "where",
	                 NOTE(log ? TEXT_oms_component_where_log : TEXT_oms_component_where,
	                      or_dash(cell_text(components, row, "name")),
	                      or_dash(cell_text(components, row, "ip")),
	                      or_dash(cell_text(components, row, "status")), log));
}

/* --- what is said ----------------------------------------------------------------------------- */

/* Why the project counts as failed, in a sentence. */
static struct note why_of(const struct judging *judging, const struct project *project, size_t step)
{
	const struct rows *steps = judging->census->steps;
	const char *message = cell_text(steps, step, "message");

	if (step != CENSUS_END)
		return NOTE(message ? TEXT_oms_project_step_why : TEXT_oms_project_step,
		            or_dash(cell_text(steps, step, "name")), cell_text(steps, step, "code"),
		            message);
	return NOTE(is_one_of(judging, "failed", project->status) ? TEXT_oms_project_open
	                                                          : TEXT_oms_project_exited);
}

/* The texts of the rule speak of the first offender. CENSUS_END is no step. */
static void fill(const struct judging *judging, const struct project *project, size_t step)
{
	const struct rows *steps = judging->census->steps;
	struct finding *finding = judging->tally.finding;

	if (judging->tally.shown)
		return;
	finding_value(finding, "project", project_written(judging->in->arena, project));
	finding_value(finding, "status", or_dash(project->status));
	finding_value(finding, "step", or_dash(cell_text(steps, step, "name")));
	finding_value(finding, "message", or_dash(cell_text(steps, step, "message")));
	finding_sentence(judging->in, finding, "why", why_of(judging, project, step));
	fill_component(judging, project);
}

/* Components of the rule's kinds that stand beside a failure: what is not well is said as it is. */
static void add_context(const struct judging *judging, const struct project *project)
{
	const struct rows *components = judging->census->components;

	for (size_t row = project->first_component; row != CENSUS_END;
	     row = judging->census->next_component[row])
		if (is_one_of(judging, "kinds", cell_text(components, row, "kind")) &&
		    !is_one_of(judging, "well", cell_text(components, row, "status")) &&
		    !is_one_of(judging, "states", cell_text(components, row, "status")) &&
		    judging->tally.shown <= 1)
			finding_context(judging->tally.finding,
			                (struct evidence){
						.what = or_dash(cell_text(components, row, "name")),
						.actual = state_of(judging, row),
						.from = "DescribeProjectComponents" });
}

static bool judge_steps(struct judging *judging, const struct project *project)
{
	const struct rows *steps = judging->census->steps;
	bool found = false;

	for (size_t row = project->first_step; row != CENSUS_END;
	     row = judging->census->next_step[row]) {
		const char *code = cell_text(steps, row, "code");
		const char *message = cell_text(steps, row, "message");

		if (!step_counts(judging, project, row))
			continue;
		found = true;
		finding_code(judging->tally.finding, asked_id(judging->in, code));
		fill(judging, project, row);
		tally_fail(&judging->tally, project->id,
		           (struct evidence){ .what = project_written(judging->in->arena, project),
		                              .expected = NOTE(TEXT_oms_step_expected),
		                              .actual = NOTE(message ? TEXT_oms_step_code_why
		                                                     : TEXT_oms_step_code,
		                                             or_dash(cell_text(steps, row, "name")),
		                                             code, message),
		                              .from = "DescribeProjectSteps" });
	}
	return found;
}

static bool judge_components(struct judging *judging, const struct project *project)
{
	const struct rows *components = judging->census->components;
	bool found = false;

	/* That a component exited says nothing of a code that the rule is not about. */
	if (asked_narrows(judging->in) && !*param_texts(judging->in, "codes"))
		return false;
	for (size_t row = project->first_component; row != CENSUS_END;
	     row = judging->census->next_component[row]) {
		if (!is_one_of(judging, "kinds", cell_text(components, row, "kind")) ||
		    !is_one_of(judging, "states", cell_text(components, row, "status")))
			continue;
		found = true;
		fill(judging, project, CENSUS_END);
		tally_fail(&judging->tally, project->id,
		           (struct evidence){ .what = or_dash(cell_text(components, row, "name")),
		                              .expected =
		                                      note_one_of(judging->in->arena,
		                                                  param_texts(judging->in, "well")),
		                              .actual = state_of(judging, row),
		                              .from = "DescribeProjectComponents" });
	}
	return found;
}

/* How far a project has come that does not say where it failed. */
static void add_progress(const struct judging *judging, const struct project *project)
{
	const struct rows *rows = oms_seen(judging->in, FACT_console_progress);
	size_t row;

	if (!rows || !oms_row(rows, "project", project->id, &row) ||
	    !cell_text(rows, row, "current_step"))
		return;
	finding_context(judging->tally.finding,
	                (struct evidence){
				.what = arena_printf(judging->in->arena, "currentStep (%s)",
	                                             project_written(judging->in->arena, project)),
				.actual = VERBATIM(cell_text(rows, row, "current_step")),
				.from = "DescribeProjectProgress" });
}

/* A project that failed without saying why fails a rule that asks for no particular code, and
 * leaves the others without a verdict. */
static void judge_status(struct judging *judging, const struct project *project)
{
	const struct check_input *in = judging->in;
	const char *written = project_written(in->arena, project);
	bool particular = asked_narrows(in) || *param_texts(in, "codes");

	if (particular && !has_code(judging, project))
		finding_unknown(judging->tally.finding,
		                NOTE(TEXT_oms_project_no_code, written, project->status));
	if (particular)
		return;
	fill(judging, project, CENSUS_END);
	tally_fail(
		&judging->tally, project->id,
		(struct evidence){
			.what = written,
			.expected = NOTE(TEXT_oms_project_not,
	                                 note_one_of(in->arena, param_texts(in, "failed")).args[0]),
			.actual = VERBATIM(project->status),
			.from = "ListProjects" });
	add_progress(judging, project);
}

/* Nothing was found, and something that could have said it was not read. */
static void doubt(const struct check_input *in, struct finding *finding)
{
	const struct endpoint_facts *console = &in->facts->at[ENDPOINT_CONSOLE];
	const bool lacks[] = { console->console.steps.is.state != FACT_KNOWN,
		               console->console.components.is.state != FACT_KNOWN &&
		                       *param_texts(in, "states") };
	const enum group_id groups[] = { GROUP_console_steps, GROUP_console_components };

	finding_partial(in, finding, FACT_console_steps);
	if (*param_texts(in, "states"))
		finding_partial(in, finding, FACT_console_components);
	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		const struct group_status *status = &console->groups[groups[i]];
		const char *name = group_infos[groups[i]].name;

		if (!lacks[i])
			continue;
		if (status->state == GROUP_FAILED)
			finding_unknown(finding,
			                NOTE(TEXT_unknown_group, endpoint_name(ENDPOINT_CONSOLE),
			                     name, failure_wording(in->arena, status)));
		else
			finding_unknown(finding, NOTE(TEXT_unknown_not_asked, name,
			                              endpoint_name(ENDPOINT_CONSOLE)));
	}
}

static void judge(const struct check_input *in, struct finding *finding)
{
	struct judging judging = { .in = in,
		                   .census = census_read(in),
		                   .tally = { .finding = finding } };
	size_t judged = 0;

	for (size_t i = 0; i < judging.census->count; i++) {
		const struct project *project = &judging.census->projects[i];
		bool found;

		if (is_one_of(&judging, "over", project->status) || !project_is_asked(in, project))
			continue;
		judged++;
		found = judge_steps(&judging, project);
		found |= judge_components(&judging, project);
		if (!found && is_one_of(&judging, "failed", project->status))
			judge_status(&judging, project);
		if (found)
			add_context(&judging, project);
	}
	tally_end(&judging.tally, in->arena);
	if (judged)
		doubt(in, finding);
}

const struct check check_project_failed = {
	.id = "project.failed",
	.on = CHECK_OMS,
	.needs = FACTS(FACT_console_projects),
	.uses = FACTS(FACT_console_steps, FACT_console_components, FACT_console_progress),
	.params = PARAMS({ "family", PARAM_TEXTS, true }, { "failed", PARAM_TEXTS, true },
	                 { "over", PARAM_TEXTS, false }, { "done", PARAM_TEXTS, false },
	                 { "codes", PARAM_TEXTS, false }, { "kinds", PARAM_TEXTS, false },
	                 { "states", PARAM_TEXTS, false }, { "well", PARAM_TEXTS, false },
	                 { "store_log", PARAM_TEXTS, false }, { "run_log", PARAM_TEXTS, false },
	                 { "asked_migration", PARAM_TEXTS, false },
	                 { "asked_sync", PARAM_TEXTS, false }),
	.judge = judge,
};
