#include "cmd/command.h"

#include "catalog/base/arena.h"
#include "catalog/base/clock.h"
#include "catalog/base/str.h"
#include "cmd/exit.h"
#include "cmd/interrupt.h"
#include "cmd/run.h"

/* --- what the user wants ----------------------------------------------------------------------- */

static int read_level(struct run *run, enum level *ret)
{
	const char *word = option_value(run->options, OPTION_fail_on);

	*ret = LEVEL_ERROR;
	for (int level = LEVEL_WARNING; word && level <= LEVEL_FATAL; level++) {
		if (str_equal(word, level_name((enum level)level))) {
			*ret = (enum level)level;
			return 0;
		}
	}
	if (word)
		return error_usage(run->error, "--fail-on %s: it takes warning, error or fatal",
		                   word);
	return 0;
}

/* The options' profiles, else the plan's, else those the facts were gathered for. */
static const char *const *choose_profiles(struct run *run)
{
	if (run->options->given[OPTION_profile])
		return run->options->values[OPTION_profile];
	if (run_count(run->plan->profiles))
		return run->plan->profiles;
	if (run->snapshot && run_count(run->snapshot->profiles))
		return run->snapshot->profiles;
	error_usage(run->error, "which profile? give --profile tencent-dts, or `profile:` in a "
	                        "plan; `migdoctor list profiles` names them");
	return NULL;
}

static bool is_chosen(const struct run *run, const struct rule *rule)
{
	const char *whole = arena_printf(run->arena, "%s/%s", rule->profile, rule->id);
	const char *const *only = run->options->values[OPTION_only];
	const char *const *skip = run->options->values[OPTION_skip];
	bool chosen = !*only;

	for (; *only; only++)
		chosen |= str_matches_glob(rule->id, *only) || str_matches_glob(whole, *only);
	for (; *skip; skip++)
		chosen &= !str_matches_glob(rule->id, *skip) && !str_matches_glob(whole, *skip);
	return chosen;
}

/* Leaves of the profiles' rules those that --only and --skip choose. */
static int choose_rules(struct run *run)
{
	const struct rule **rules = arena_array(run->arena, run->rule_count + 1, sizeof(*rules));
	size_t count = 0;

	for (size_t i = 0; i < run->rule_count; i++)
		if (is_chosen(run, run->rules[i]))
			rules[count++] = run->rules[i];
	if (!count)
		return error_usage(run->error,
		                   "no rule is left to judge: --only and --skip leave none "
		                   "of the %zu there are",
		                   run->rule_count);
	run->rules = rules;
	run->rule_count = count;
	return 0;
}

/* --- the report --------------------------------------------------------------------------------- */

static struct report judge(struct run *run, enum level fail_on)
{
	struct plan *plan = run->plan;
	const struct result *results;

	run->intent.strict = run->options->given[OPTION_strict];
	results = run_judge(run->arena, run->rules, run->rule_count, run->facts, &run->intent,
	                    plan->waivers, plan->waiver_count, clock_wall_ms());
	run_collect_notices(run, true);
	return (struct report){
		.profiles = run->names,
		.profile_titles = run->titles,
		.facts = run->facts,
		.intent = &run->intent,
		.count = run->rule_count,
		.results = results,
		.fail_on = fail_on,
		.verdict = interrupt_signal()
		                   ? VERDICT_INTERRUPTED
		                   : run_verdict(results, run->rule_count, NULL, fail_on),
		.duration_ms = clock_monotonic_ms() - run->started_ms,
		.notice_count = run->notice_count,
		.notices = run->notices,
	};
}

static void draw_report(const void *data, const char *format, const struct render_options *options,
                        struct str *out)
{
	renderer_find(format)->draw(data, options, out);
}

static int exit_status(enum verdict verdict)
{
	switch (verdict) {
	case VERDICT_READY:
		return EXIT_READY;
	case VERDICT_BLOCKED:
		return EXIT_BLOCKED;
	case VERDICT_INCOMPLETE:
		return EXIT_INCOMPLETE;
	case VERDICT_INTERRUPTED:
		break;
	}
	return EXIT_SIGNAL + interrupt_signal();
}

/* --- the command ------------------------------------------------------------------------------- */

static int prepare(struct run *run)
{
	const struct options *options = run->options;
	const char *const *profiles;

	if (run_read_plan(run, options->words, options->word_count) || run_load_plugins(run))
		return -1;
	profiles = choose_profiles(run);
	if (!profiles || run_read_profiles(run, profiles) || choose_rules(run))
		return -1;
	return run_prepare(run);
}

static int gather_and_judge(struct run *run, enum level fail_on)
{
	struct report report;

	if (run_gather(run))
		return -1;
	report = judge(run, fail_on);
	return run_write(run, draw_report, &report) ? -1 : exit_status(report.verdict);
}

static int check(struct arena *arena, const struct options *options, struct error *error)
{
	struct run run = {
		.arena = arena, .options = options, .error = error, .formats = renderer_names()
	};
	enum level fail_on;

	if (read_level(&run, &fail_on) || run_read_options(&run) || prepare(&run))
		return -1;
	if (options->given[OPTION_dry_run])
		return run_describe(&run);
	return run_end(&run, gather_and_judge(&run, fail_on));
}

const struct command command_check = {
	.name = "check",
	.synopsis = "check [PLAN] [--source URI] [--target URI] [--profile P]... [...]",
	.bit = COMMAND_CHECK,
	.summary = TEXT_command_check,
	.run = check,
};
