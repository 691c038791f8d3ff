#include "cmd/command.h"

#include "catalog/base/arena.h"
#include "catalog/base/clock.h"
#include "catalog/base/str.h"
#include "checks/core/sql.h"
#include "checks/probe/gather.h"
#include "checks/probe/snapshot.h"
#include "cmd/exit.h"
#include "cmd/interrupt.h"
#include "cmd/render/render.h"
#include "cmd/render/term.h"
#include "profiles/plan.h"
#include "profiles/profile.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_TIMEOUT_SECONDS 60

/* Everything of one `migdoctor check`, in the order in which it comes about. */
struct run {
	struct arena *arena;
	const struct options *options;
	struct error *error;

	struct plan *plan;
	struct snapshot *snapshot; /* --facts, or NULL */
	struct registry *registry;
	const char *const *profiles; /* as chosen: names or paths */
	const char *const *names;    /* of the profiles themselves */
	struct both *titles;
	size_t rule_count;
	const struct rule **rules;
	enum level fail_on;
	unsigned timeout_seconds;
	const struct renderer *renderer;
	enum colour_when colour;

	struct gather_request request;
	struct gather_cost cost;
	struct facts *facts;
	struct intent intent;
	int64_t started_ms;
	struct result *results;
	struct report report;
};

static size_t count_texts(const char *const *texts)
{
	size_t count = 0;

	while (texts && texts[count])
		count++;
	return count;
}

/* --- what the user wants ----------------------------------------------------------------------- */

static int read_plan(struct run *run)
{
	const struct options *options = run->options;
	const char *source = option_value(options, OPTION_source);
	const char *target = option_value(options, OPTION_target);

	if (options->word_count > 1)
		return error_usage(run->error, "one plan at a time; \"%s\" is one too many",
		                   options->words[1]);
	run->plan = options->word_count ? plan_read(run->arena, options->words[0], run->error)
	                                : plan_new(run->arena);
	if (!run->plan)
		return -1;
	if (source &&
	    plan_set_uri(run->arena, run->plan, ENDPOINT_SOURCE, "--source", source, run->error))
		return -1;
	if (target &&
	    plan_set_uri(run->arena, run->plan, ENDPOINT_TARGET, "--target", target, run->error))
		return -1;
	plan_set_environment(run->arena, run->plan);
	if (options->given[OPTION_object] &&
	    plan_set_objects(run->arena, run->plan, options->values[OPTION_object], run->error))
		return -1;
	return 0;
}

static int read_level(struct run *run)
{
	const char *word = option_value(run->options, OPTION_fail_on);

	run->fail_on = LEVEL_ERROR;
	for (int level = LEVEL_WARNING; word && level <= LEVEL_FATAL; level++) {
		if (str_equal(word, level_name((enum level)level))) {
			run->fail_on = (enum level)level;
			return 0;
		}
	}
	if (word)
		return error_usage(run->error, "--fail-on %s: it takes warning, error or fatal",
		                   word);
	return 0;
}

static int read_format(struct run *run)
{
	const char *word = option_value(run->options, OPTION_format);

	if (run->options->given[OPTION_json] && word && !str_equal(word, "json"))
		return error_usage(run->error, "--json and --format %s contradict each other",
		                   word);
	if (run->options->given[OPTION_json])
		word = "json";
	run->renderer = renderer_find(word ? word : "text");
	if (!run->renderer)
		return error_usage(run->error, "--format %s: text and json are there", word);
	return 0;
}

static int read_colour(struct run *run)
{
	const char *word = option_value(run->options, OPTION_color);

	if (word && !colour_when_find(word, &run->colour))
		return error_usage(run->error, "--color %s: it takes auto, always or never", word);
	return 0;
}

static int read_mode(struct run *run, enum mode otherwise)
{
	const char *word = option_value(run->options, OPTION_mode);

	run->intent.mode = otherwise;
	if (word && !mode_find(word, &run->intent.mode))
		return error_usage(run->error, "--mode %s: it takes online, offline or backup",
		                   word);
	return 0;
}

static int load_plugins(struct run *run)
{
	const char *const *lists[] = { run->plan->plugins, run->options->values[OPTION_plugin] };

	run->registry = registry_new(run->arena);
	for (size_t i = 0; i < 2; i++)
		for (const char *const *path = lists[i]; path && *path; path++)
			if (registry_load_plugin(run->registry, *path, run->error))
				return -1;
	return 0;
}

/* The options' profiles, else the plan's, else those the facts were gathered for. */
static int choose_profiles(struct run *run)
{
	if (run->options->given[OPTION_profile])
		run->profiles = run->options->values[OPTION_profile];
	else if (count_texts(run->plan->profiles))
		run->profiles = run->plan->profiles;
	else if (run->snapshot && count_texts(run->snapshot->profiles))
		run->profiles = run->snapshot->profiles;
	else
		return error_usage(run->error,
		                   "which profile? give --profile tencent-dts, or `profile:` in a "
		                   "plan; `migdoctor list profiles` names them");
	return 0;
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

static int read_profiles(struct run *run)
{
	size_t count = count_texts(run->profiles), room = 0;
	struct profile **profiles = arena_array(run->arena, count + 1, sizeof(*profiles));
	const char **names = arena_array(run->arena, count + 1, sizeof(*names));

	run->titles = arena_array(run->arena, count + 1, sizeof(*run->titles));
	for (size_t i = 0; i < count; i++) {
		profiles[i] = profile_read(run->arena, run->profiles[i], run->registry, run->error);
		if (!profiles[i])
			return -1;
		names[i] = profiles[i]->name;
		run->titles[i] = profiles[i]->title;
		room += profiles[i]->rule_count;
		for (size_t j = 0; j < i; j++)
			if (str_equal(names[j], names[i]))
				return error_usage(run->error, "the profile %s is named twice",
				                   names[i]);
	}
	run->names = names;
	run->rules = arena_array(run->arena, room + 1, sizeof(*run->rules));
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < profiles[i]->rule_count; j++)
			if (is_chosen(run, &profiles[i]->rules[j]))
				run->rules[run->rule_count++] = &profiles[i]->rules[j];
	if (!run->rule_count)
		return error_usage(run->error,
		                   "no rule is left to judge: --only and --skip leave none "
		                   "of the %zu there are",
		                   room);
	return 0;
}

/* --- facts: asked for now, or read back ------------------------------------------------------- */

static void add_query(struct run *run, struct query *queries, const struct rule *rule)
{
	struct gather_request *request = &run->request;

	if (!rule->query)
		return;
	for (size_t i = 0; i < request->query_count; i++)
		if (queries[i].endpoint == rule->endpoint &&
		    str_equal(queries[i].name, rule->query))
			return;
	queries[request->query_count++] =
		(struct query){ .name = rule->query, .sql = rule->sql, .endpoint = rule->endpoint };
}

static int make_request(struct run *run)
{
	struct query *queries = arena_array(run->arena, run->rule_count, sizeof(*queries));
	bool any = false;

	for (int i = 0; i < ENDPOINT_COUNT; i++) {
		run->request.at[i].configured = run->plan->at[i].configured;
		run->request.at[i].login = run->plan->at[i].login;
		any |= run->plan->at[i].configured;
	}
	if (!any)
		return error_usage(run->error, "nothing to ask: give a plan, --source URI and "
		                               "--target URI, or --facts FILE");
	for (size_t i = 0; i < run->rule_count; i++) {
		rule_wants(run->rules[i], run->request.wanted);
		add_query(run, queries, run->rules[i]);
	}
	run->request.queries = queries;
	run->request.timeout_seconds = run->timeout_seconds;
	run->request.statement_seconds = run->plan->statement_seconds;
	run->request.cancel_fd = -1;
	return 0;
}

/* For each connection OpenSSL would read the system's bundle of certificates, 20 ms of work, into a
 * store that nobody asks: what verifies a server names its own file (ca). */
static void forget_system_certificates(void)
{
	setenv("SSL_CERT_FILE", "/dev/null", 1);
	setenv("SSL_CERT_DIR", "/dev/null", 1);
}

static int ask(struct run *run)
{
	forget_system_certificates();
	run->request.cancel_fd = interrupt_catch();
	term_progress(stderr, text_get(TEXT_progress_asking, run->options->lang));
	run->facts = gather(run->arena, &run->request, &run->cost);
	term_progress_end(stderr);
	return 0;
}

static const char *const *written_patterns(struct run *run, const struct object_pattern *patterns,
                                           size_t count)
{
	const char **written = arena_array(run->arena, count + 1, sizeof(*written));

	for (size_t i = 0; i < count; i++)
		written[i] = patterns[i].written;
	return written;
}

static int save_facts(struct run *run)
{
	const char *path = option_value(run->options, OPTION_save_facts);
	const struct objects *objects = &run->intent.objects;
	struct snapshot snapshot = {
		.facts = run->facts,
		.profiles = run->profiles,
		.mode = run->intent.mode,
		.include = written_patterns(run, objects->include, objects->include_count),
		.exclude = written_patterns(run, objects->exclude, objects->exclude_count),
	};
	struct str text = str_new(run->arena);

	if (!path)
		return 0;
	snapshot_write(&snapshot, &text);
	return output_file(run->arena, path, text.text, text.length, run->error);
}

static int parse_patterns(struct run *run, const char *const *texts,
                          const struct object_pattern **ret, size_t *ret_count)
{
	const char *file = option_value(run->options, OPTION_facts), *why;
	size_t count = count_texts(texts);
	struct object_pattern *patterns = arena_array(run->arena, count + 1, sizeof(*patterns));

	for (size_t i = 0; i < count; i++)
		if (object_pattern_parse(run->arena, texts[i], &patterns[i], &why))
			return error_config(run->error, "%s: object pattern \"%s\": %s", file,
			                    texts[i], why);
	*ret = patterns;
	*ret_count = count;
	return 0;
}

/* Facts about objects hold for the objects they were gathered for and for no others. */
static bool same_patterns(const struct object_pattern *patterns, size_t count,
                          const char *const *texts)
{
	if (count != count_texts(texts))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!str_equal(patterns[i].written, texts[i]))
			return false;
	return true;
}

static int read_facts(struct run *run)
{
	const struct objects *planned = &run->plan->objects;
	struct objects *objects = &run->intent.objects;
	const struct snapshot *snapshot = run->snapshot;

	for (int i = ENDPOINT_SOURCE; i <= ENDPOINT_TARGET; i++)
		if (option_value(run->options,
		                 i == ENDPOINT_SOURCE ? OPTION_source : OPTION_target))
			return error_usage(run->error,
			                   "--facts connects to nothing; leave --%s away",
			                   endpoint_name((enum endpoint_id)i));
	if (run->options->given[OPTION_save_facts])
		return error_usage(run->error, "--facts and --save-facts exclude each other");
	if ((planned->include_count || planned->exclude_count) &&
	    (!same_patterns(planned->include, planned->include_count, snapshot->include) ||
	     !same_patterns(planned->exclude, planned->exclude_count, snapshot->exclude)))
		return error_usage(run->error,
		                   "the facts were gathered for other objects than the plan or "
		                   "--object names; gather anew, or leave the objects away");
	run->facts = snapshot->facts;
	if (parse_patterns(run, snapshot->include, &objects->include, &objects->include_count) ||
	    parse_patterns(run, snapshot->exclude, &objects->exclude, &objects->exclude_count))
		return -1;
	objects->scope = objects_scope(objects->include, objects->include_count);
	return 0;
}

/* --- the report --------------------------------------------------------------------------------- */

static void add_notice(struct run *run, struct note *notices, struct note notice)
{
	notices[run->report.notice_count++] = notice;
}

static void collect_notices(struct run *run)
{
	static const char *const variables[ENDPOINT_COUNT] = {
		[ENDPOINT_SOURCE] = "SOURCE",
		[ENDPOINT_TARGET] = "TARGET",
	};
	const struct plan *plan = run->plan;
	struct note *notices =
		arena_array(run->arena, 2 * ENDPOINT_COUNT + plan->waiver_count, sizeof(*notices));

	run->report.notices = notices;
	for (int i = 0; i < ENDPOINT_COUNT; i++) {
		const struct group_status *session = &run->facts->at[i].groups[GROUP_mysql_session];
		const char *name = endpoint_name((enum endpoint_id)i);

		if (plan->at[i].password_in_argv)
			add_notice(run, notices,
			           NOTE(TEXT_notice_password_in_argv, name, variables[i]));
		/* A server that said no; one that fell silent is told of by the rules. */
		if (session->state == GROUP_FAILED && session->sqlstate && session->text)
			add_notice(
				run, notices,
				NOTE(TEXT_notice_session, name, session->statement, session->text));
	}
	for (size_t i = 0; i < plan->waiver_count; i++) {
		const struct waiver *waiver = &plan->waivers[i];
		struct note note = NOTE(
			waiver->expired ? TEXT_notice_waiver_expired : TEXT_notice_waiver_stale,
			waiver->rule, waiver->reason, waiver->owner, waiver->expires);

		if (waiver->expired || !waiver->used)
			add_notice(run, notices, note);
	}
}

static void judge(struct run *run)
{
	struct plan *plan = run->plan;

	run->intent.strict = run->options->given[OPTION_strict];
	run->results = run_judge(run->arena, run->rules, run->rule_count, run->facts, &run->intent,
	                         plan->waivers, plan->waiver_count, clock_wall_ms());
	run->report = (struct report){
		.profiles = run->names,
		.profile_titles = run->titles,
		.facts = run->facts,
		.intent = &run->intent,
		.count = run->rule_count,
		.results = run->results,
		.fail_on = run->fail_on,
		.verdict = interrupt_signal()
		                   ? VERDICT_INTERRUPTED
		                   : run_verdict(run->results, run->rule_count, NULL, run->fail_on),
		.duration_ms = clock_monotonic_ms() - run->started_ms,
	};
	collect_notices(run);
}

/* "json=report.json": the format before the first '=', if it names one. */
static const struct renderer *split_output(struct run *run, const char *word, const char **ret_path)
{
	size_t length = strcspn(word, "=");
	const struct renderer *renderer =
		word[length] ? renderer_find(arena_strndup(run->arena, word, length)) : NULL;

	*ret_path = renderer ? word + length + 1 : word;
	return renderer ? renderer : run->renderer;
}

static int write_report(struct run *run)
{
	struct render_options draw = { .lang = run->options->lang };
	struct str text = str_new(run->arena);

	for (const char *const *word = run->options->values[OPTION_output]; *word; word++) {
		struct str file = str_new(run->arena);
		const char *path;

		split_output(run, *word, &path)->draw(&run->report, &draw, &file);
		if (output_file(run->arena, path, file.text, file.length, run->error))
			return -1;
	}
	draw.colour = term_has_colour(run->colour, STDOUT_FILENO);
	draw.width = term_width(STDOUT_FILENO);
	run->renderer->draw(&run->report, &draw, &text);
	return output_text(text.text, text.length, run->error);
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
	const char *facts = option_value(run->options, OPTION_facts);
	enum mode mode;

	if (read_level(run) ||
	    option_seconds(run->options, OPTION_timeout, DEFAULT_TIMEOUT_SECONDS,
	                   &run->timeout_seconds, run->error) ||
	    read_format(run) || read_colour(run) || read_plan(run))
		return -1;
	if (facts) {
		run->snapshot = snapshot_read(run->arena, facts, run->error);
		if (!run->snapshot)
			return -1;
	}
	mode = run->snapshot && !run->plan->file ? run->snapshot->mode : run->plan->mode;
	run->intent.objects = run->plan->objects;
	if (read_mode(run, mode) || load_plugins(run) || choose_profiles(run) || read_profiles(run))
		return -1;
	return facts ? read_facts(run) : make_request(run);
}

static int dry_run(struct run *run)
{
	struct str text = str_new(run->arena);

	if (run->snapshot)
		return error_usage(run->error,
		                   "--facts sends nothing; --dry-run adds nothing to it");
	gather_describe(&run->request, &text);
	return output_text(text.text, text.length, run->error);
}

static int gather_and_judge(struct run *run)
{
	if (!run->snapshot && (ask(run) || save_facts(run)))
		return -1;
	judge(run);
	return write_report(run) ? -1 : exit_status(run->report.verdict);
}

static int check(struct arena *arena, const struct options *options, struct error *error)
{
	struct run run = { .arena = arena, .options = options, .error = error };
	int status;

	run.started_ms = clock_monotonic_ms();
	if (prepare(&run))
		return -1;
	if (options->given[OPTION_dry_run])
		return dry_run(&run);
	status = gather_and_judge(&run);
	/* A thread that a name look-up still holds uses the run's memory, which exit() would have
	 * main free under it. */
	if (run.cost.abandoned)
		_exit(status < 0 ? report_error(error) : status);
	return status;
}

const struct command command_check = {
	.name = "check",
	.synopsis = "check [PLAN] [--source URI] [--target URI] [--profile P]... [...]",
	.bit = COMMAND_CHECK,
	.summary = TEXT_command_check,
	.run = check,
};
