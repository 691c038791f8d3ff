#include "cmd/run.h"

#include "catalog/base/arena.h"
#include "catalog/base/clock.h"
#include "catalog/base/str.h"
#include "checks/core/sql.h"
#include "cmd/exit.h"
#include "cmd/interrupt.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define DEFAULT_TIMEOUT_SECONDS 60

size_t run_count(const char *const *texts)
{
	size_t count = 0;

	while (texts && texts[count])
		count++;
	return count;
}

/* --- what the user wants ----------------------------------------------------------------------- */

static bool has_format(const struct run *run, const char *word)
{
	for (const char *const *format = run->formats; *format; format++)
		if (str_equal(*format, word))
			return true;
	return false;
}

static int read_format(struct run *run)
{
	const char *word = option_value(run->options, OPTION_format);

	if (run->options->given[OPTION_json] && word && !str_equal(word, "json"))
		return error_usage(run->error, "--json and --format %s contradict each other",
		                   word);
	if (run->options->given[OPTION_json])
		word = "json";
	run->format = word ? word : run->formats[0];
	if (!has_format(run, run->format))
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

int run_read_options(struct run *run)
{
	run->started_ms = clock_monotonic_ms();
	return option_seconds(run->options, OPTION_timeout, DEFAULT_TIMEOUT_SECONDS,
	                      &run->timeout_seconds, run->error) ||
	                       read_format(run) || read_colour(run)
	               ? -1
	               : 0;
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

/* The OMS of this machine, if there is one. */
static void take_local(struct run *run)
{
	struct plan *local = plan_new(run->arena);

	if (plan_set_local(run->arena, local, NULL))
		run->plan = local;
}

int run_read_plan(struct run *run, const char *const *words, size_t word_count)
{
	const struct options *options = run->options;
	const char *source = option_value(options, OPTION_source);
	const char *target = option_value(options, OPTION_target);
	const char *facts = option_value(options, OPTION_facts);
	const char *cm = option_value(options, OPTION_cm);

	if (word_count > 1)
		return error_usage(run->error, "one plan at a time; \"%s\" is one too many",
		                   words[1]);
	run->plan = word_count ? plan_read(run->arena, words[0], run->error) : plan_new(run->arena);
	if (!run->plan)
		return -1;
	if (run->knows_local && !word_count && !facts)
		take_local(run);
	if (source &&
	    plan_set_uri(run->arena, run->plan, ENDPOINT_SOURCE, "--source", source, run->error))
		return -1;
	if (target &&
	    plan_set_uri(run->arena, run->plan, ENDPOINT_TARGET, "--target", target, run->error))
		return -1;
	if (cm && plan_set_cm(run->arena, run->plan, cm, run->error))
		return -1;
	plan_set_environment(run->arena, run->plan);
	if (options->given[OPTION_object] &&
	    plan_set_objects(run->arena, run->plan, options->values[OPTION_object], run->error))
		return -1;
	run->intent.objects = run->plan->objects;
	run->intent.oms = run->plan->oms_said;
	if (facts) {
		run->snapshot = snapshot_read(run->arena, facts, run->error);
		if (!run->snapshot)
			return -1;
	}
	return read_mode(run,
	                 run->snapshot && !run->plan->file ? run->snapshot->mode : run->plan->mode);
}

int run_load_plugins(struct run *run)
{
	const char *const *lists[] = { run->plan->plugins, run->options->values[OPTION_plugin] };

	run->registry = registry_new(run->arena);
	for (size_t i = 0; i < 2; i++)
		for (const char *const *path = lists[i]; path && *path; path++)
			if (registry_load_plugin(run->registry, *path, run->error))
				return -1;
	return 0;
}

int run_read_profiles(struct run *run, const char *const *profiles)
{
	size_t count = run_count(profiles), room = 0;
	struct profile **read = arena_array(run->arena, count + 1, sizeof(*read));
	const char **names = arena_array(run->arena, count + 1, sizeof(*names));
	const struct rule **rules;

	run->profiles = profiles;
	run->titles = arena_array(run->arena, count + 1, sizeof(*run->titles));
	for (size_t i = 0; i < count; i++) {
		read[i] = profile_read(run->arena, profiles[i], run->registry, run->error);
		if (!read[i])
			return -1;
		names[i] = read[i]->name;
		run->titles[i] = read[i]->title;
		room += read[i]->rule_count;
		for (size_t j = 0; j < i; j++)
			if (str_equal(names[j], names[i]))
				return error_usage(run->error, "the profile %s is named twice",
				                   names[i]);
	}
	run->names = names;
	run->rules = rules = arena_array(run->arena, room + 1, sizeof(*rules));
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < read[i]->rule_count; j++)
			rules[run->rule_count++] = &read[i]->rules[j];
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
		run->request.at[i].service = run->plan->at[i].service;
		any |= run->plan->at[i].configured;
	}
	if (!any)
		return error_usage(run->error,
		                   "nothing to ask: give a plan that names an endpoint, --source "
		                   "URI and --target URI, --cm URL, or --facts FILE");
	run->request.oms = run->plan->oms;
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

static void ask(struct run *run)
{
	forget_system_certificates();
	run->request.cancel_fd = interrupt_catch();
	term_progress(stderr, text_get(TEXT_progress_asking, run->options->lang));
	run->facts = gather(run->arena, &run->request, &run->cost);
	term_progress_end(stderr);
}

static const char *const *written_patterns(struct run *run, const struct object_pattern *patterns,
                                           size_t count)
{
	const char **written = arena_array(run->arena, count + 1, sizeof(*written));

	for (size_t i = 0; i < count; i++)
		written[i] = patterns[i].written;
	return written;
}

void run_snapshot(struct run *run, struct str *out)
{
	const struct objects *objects = &run->intent.objects;
	struct snapshot snapshot = {
		.facts = run->facts,
		.profiles = run->profiles,
		.mode = run->intent.mode,
		.include = written_patterns(run, objects->include, objects->include_count),
		.exclude = written_patterns(run, objects->exclude, objects->exclude_count),
		.oms = run->intent.oms,
	};

	snapshot_write(&snapshot, out);
}

static int save_facts(struct run *run)
{
	const char *path = option_value(run->options, OPTION_save_facts);
	struct str text = str_new(run->arena);

	if (!path)
		return 0;
	run_snapshot(run, &text);
	return output_file(run->arena, path, text.text, text.length, run->error);
}

static int parse_patterns(struct run *run, const char *const *texts,
                          const struct object_pattern **ret, size_t *ret_count)
{
	const char *file = option_value(run->options, OPTION_facts), *why;
	size_t count = run_count(texts);
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
	if (count != run_count(texts))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!str_equal(patterns[i].written, texts[i]))
			return false;
	return true;
}

/* Which Stores and projects the facts are about is settled; what the plan says of its own goes before
 * what it said then. */
static struct oms_intent replayed_oms(const struct run *run)
{
	struct oms_intent oms = run->snapshot->oms;

	if (run->plan->oms_said.host_ip)
		oms.host_ip = run->plan->oms_said.host_ip;
	if (run->plan->oms_said.checkpoint)
		oms.checkpoint = run->plan->oms_said.checkpoint;
	return oms;
}

static int read_facts(struct run *run)
{
	static const struct {
		enum option_id option;
		const char *name;
	} places[] = {
		{ OPTION_source, "--source" },
		{ OPTION_target, "--target" },
		{ OPTION_cm, "--cm" },
	};
	const struct objects *planned = &run->plan->objects;
	struct objects *objects = &run->intent.objects;
	const struct snapshot *snapshot = run->snapshot;

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (run->options->given[places[i].option])
			return error_usage(run->error, "--facts connects to nothing; leave %s away",
			                   places[i].name);
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
	run->intent.oms = replayed_oms(run);
	return 0;
}

int run_prepare(struct run *run)
{
	return run->snapshot ? read_facts(run) : make_request(run);
}

int run_describe(struct run *run)
{
	struct str text = str_new(run->arena);

	if (run->snapshot)
		return error_usage(run->error,
		                   "--facts sends nothing; --dry-run adds nothing to it");
	gather_describe(&run->request, &text);
	return output_text(text.text, text.length, run->error);
}

int run_gather(struct run *run)
{
	if (run->snapshot)
		return 0;
	ask(run);
	return save_facts(run);
}

/* --- what is written --------------------------------------------------------------------------- */

static void add_notice(struct run *run, struct note *notices, struct note notice)
{
	notices[run->notice_count++] = notice;
}

void run_collect_notices(struct run *run, bool all_rules)
{
	static const char *const variables[ENDPOINT_COUNT] = {
		[ENDPOINT_SOURCE] = "SOURCE",
		[ENDPOINT_TARGET] = "TARGET",
	};
	const struct plan *plan = run->plan;
	struct note *notices =
		arena_array(run->arena, 2 * ENDPOINT_COUNT + plan->waiver_count, sizeof(*notices));

	run->notices = notices;
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

		/* Of some rules alone nobody knows whether a waiver is stale. */
		if (waiver->used ? waiver->expired : all_rules)
			add_notice(run, notices, note);
	}
}

/* "json=report.json": the format before the first '=', if it names one. */
static const char *split_output(struct run *run, const char *word, const char **ret_path)
{
	size_t length = strcspn(word, "=");
	const char *format = word[length] ? arena_strndup(run->arena, word, length) : NULL;
	bool is_named = format && has_format(run, format);

	*ret_path = is_named ? word + length + 1 : word;
	return is_named ? format : run->format;
}

int run_write(struct run *run, run_draw *draw, const void *data)
{
	struct render_options options = { .lang = run->options->lang };
	struct str text = str_new(run->arena);

	for (const char *const *word = run->options->values[OPTION_output]; *word; word++) {
		struct str file = str_new(run->arena);
		const char *path, *format = split_output(run, *word, &path);

		draw(data, format, &options, &file);
		if (output_file(run->arena, path, file.text, file.length, run->error))
			return -1;
	}
	options.colour = term_has_colour(run->colour, STDOUT_FILENO);
	options.width = term_width(STDOUT_FILENO);
	draw(data, run->format, &options, &text);
	return output_text(text.text, text.length, run->error);
}

int run_end(struct run *run, int status)
{
	if (run->cost.abandoned)
		_exit(status < 0 ? report_error(run->error) : status);
	return status;
}
