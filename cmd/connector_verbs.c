#include "cmd/connector.h"

#include "catalog/base/arena.h"
#include "catalog/base/clock.h"
#include "catalog/base/str.h"
#include "catalog/base/utf8.h"

static const char *value(const struct connector_run *run, enum option_id id)
{
	return option_value(run->options, id);
}

/* --- steps ------------------------------------------------------------------------------------ */

static struct connector_step *add_step(struct connector_run *run, const char *name,
                                       const char *call,
                                       const struct connector_parameter *parameters,
                                       const char *body)
{
	struct connector_step *step = &run->steps[run->count++];

	*step = (struct connector_step){ .name = name };
	step->request = connector_request(run->arena, call, run->name.text, parameters, body);
	step->url = arena_printf(run->arena, "%s%s", run->cm.url, step->request.target);
	step->curl = connector_curl(run->arena, run->cm.url, &step->request);
	return step;
}

static const char *flag(const struct connector_run *run, enum option_id id)
{
	return run->options->given[id] ? "true" : NULL;
}

/* --- start ------------------------------------------------------------------------------------ */

static int read_start(struct connector_run *run)
{
	bool back = run->options->given[OPTION_pull_back];
	bool again = run->options->given[OPTION_restart];

	if (back && again)
		return error_usage(run->error, "--pull-back is for incr_trans and --restart for "
		                               "full_trans: no connector takes both");
	if (again && run->name.kind != CONNECTOR_FULL)
		return error_usage(run->error, "--restart is for Full-Import, whose names hold "
		                               "full_trans; leave it out");
	if (back && run->name.kind != CONNECTOR_INCR)
		return error_usage(run->error, "--pull-back is for Incr-Sync, whose names hold "
		                               "incr_trans; leave it out");
	return 0;
}

static void build_start(struct connector_run *run)
{
	struct connector_parameter parameters[] = {
		{ "pullBackFlag", flag(run, OPTION_pull_back) },
		{ "restartFlag", flag(run, OPTION_restart) },
		{ 0 },
	};

	add_step(run, "start", "resume", parameters, NULL)->look = LOOK_ONCE;
}

static struct note say_start(struct connector_run *run)
{
	if (run->options->given[OPTION_pull_back])
		return NOTE(TEXT_connector_say_start_back);
	if (run->options->given[OPTION_restart])
		return NOTE(TEXT_connector_say_restart);
	return NOTE(TEXT_connector_say_start);
}

/* --- stop, delete, migrate -------------------------------------------------------------------- */

static void build_stop(struct connector_run *run)
{
	add_step(run, "stop", "stop", NULL, NULL)->look = LOOK_ONCE;
}

static struct note say_stop(struct connector_run *run)
{
	(void)run;
	return NOTE(TEXT_connector_say_stop);
}

static void build_delete(struct connector_run *run)
{
	add_step(run, "delete", "delete", NULL, NULL);
}

static struct note say_delete(struct connector_run *run)
{
	(void)run;
	return NOTE(TEXT_connector_say_delete);
}

static int read_migrate(struct connector_run *run)
{
	const char *ip = value(run, OPTION_ip);

	if (ip && !connector_is_address(ip))
		return error_usage(run->error,
		                   "--ip %s: it takes the IP address of a host of this "
		                   "OMS, such as 10.0.0.4",
		                   ip);
	return 0;
}

static void build_migrate(struct connector_run *run)
{
	struct connector_parameter parameters[] = { { "ip", value(run, OPTION_ip) }, { 0 } };

	add_step(run, "migrate", "migrate", parameters, NULL)->renames = true;
}

static struct note say_migrate(struct connector_run *run)
{
	const char *ip = value(run, OPTION_ip);

	return ip ? NOTE(TEXT_connector_say_migrate_to, ip) : NOTE(TEXT_connector_say_migrate);
}

/* --- update ----------------------------------------------------------------------------------- */

static bool is_same(const struct connector_setting *a, const struct connector_setting *b)
{
	return str_equal(a->scope, b->scope) && str_equal(a->key, b->key);
}

static int read_settings(struct connector_run *run, enum option_id id, const char *option)
{
	for (const char *const *text = run->options->values[id]; *text; text++) {
		struct connector_setting *setting = &run->settings[run->setting_count];
		const char *why;

		if (!connector_setting_read(run->arena, *text, id == OPTION_unset, setting, &why))
			return error_usage(run->error, "%s: %s", option, why);
		for (size_t i = 0; i < run->setting_count; i++)
			if (is_same(&run->settings[i], setting))
				return error_usage(run->error,
				                   "%s.%s is named twice; say once whether it is "
				                   "set, and to what, or removed",
				                   setting->scope, setting->key);
		run->setting_count++;
	}
	return 0;
}

static size_t count_values(const struct connector_run *run, enum option_id id)
{
	size_t count = 0;

	while (run->options->values[id][count])
		count++;
	return count;
}

static int read_update(struct connector_run *run)
{
	size_t room = count_values(run, OPTION_set) + count_values(run, OPTION_unset);

	run->settings = arena_array(run->arena, room + 1, sizeof(*run->settings));
	if (!room)
		return error_usage(run->error, "nothing to update: give --set SCOPE.KEY=VALUE or "
		                               "--unset SCOPE.KEY");
	return read_settings(run, OPTION_set, "--set") ||
	                       read_settings(run, OPTION_unset, "--unset")
	               ? -1
	               : 0;
}

static void build_update(struct connector_run *run)
{
	struct connector_parameter parameters[] = {
		{ "deleteParams",
		  connector_removed(run->arena, run->settings, run->setting_count) },
		{ 0 },
	};

	add_step(run, "update", "update", parameters,
	         connector_update_body(run->arena, run->settings, run->setting_count));
}

/* Values are left out: they may be passwords. */
static struct note say_update(struct connector_run *run)
{
	struct str set = str_new(run->arena);
	const char *removed = connector_removed(run->arena, run->settings, run->setting_count);

	for (size_t i = 0; i < run->setting_count; i++)
		if (run->settings[i].value)
			str_addf(&set, "%s%s.%s", set.length ? "," : "", run->settings[i].scope,
			         run->settings[i].key);
	if (!set.length)
		return NOTE(TEXT_connector_say_unset, removed);
	return removed ? NOTE(TEXT_connector_say_set_unset, set.text, removed)
	               : NOTE(TEXT_connector_say_set, set.text);
}

/* --- pullback --------------------------------------------------------------------------------- */

const char *const connector_pullback_steps[CONNECTOR_STEPS] = { "stop", "update", "resume" };

static int read_from(struct connector_run *run)
{
	const char *from = value(run, OPTION_from);

	for (size_t i = 1; from && i < CONNECTOR_STEPS; i++)
		if (str_equal(from, connector_pullback_steps[i]))
			run->first = i;
	if (from && !run->first)
		return error_usage(run->error, "--from %s: it takes update or resume", from);
	return 0;
}

static int read_time(struct connector_run *run)
{
	const char *text = value(run, OPTION_to), *why;

	if (!text && run->first == 2)
		return 0;
	if (!text)
		return error_usage(run->error, "pull back to when? give --to TIME, such as --to "
		                               "2023-02-13T19:00:00+08:00 or --to 1676286000");
	if (!connector_time_read(run->arena, text, clock_wall_ms() / 1000, &run->time, &why))
		return error_usage(run->error, "--to %s: %s", text, why);
	return 0;
}

static int read_subtopics(struct connector_run *run)
{
	const char *const *names = run->options->values[OPTION_subtopic];

	for (size_t i = 0; names[i]; i++) {
		if (!utf8_is_valid(names[i]))
			return error_usage(run->error, "--subtopic %s: it is no UTF-8", names[i]);
		for (size_t j = 0; j < i; j++)
			if (str_equal(names[i], names[j]))
				return error_usage(run->error, "--subtopic %s is given twice",
				                   names[i]);
	}
	run->subtopics = names;
	return 0;
}

static int read_pullback(struct connector_run *run)
{
	if (run->name.kind != CONNECTOR_INCR)
		return error_usage(run->error, "pullback is for Incr-Sync, whose names hold "
		                               "incr_trans; a Full-Import has no checkpoint");
	return read_from(run) || read_time(run) || read_subtopics(run) ? -1 : 0;
}

static void build_pullback(struct connector_run *run)
{
	struct connector_parameter drop[] = { { "deleteParams", "source.checkpoint" }, { 0 } };
	struct connector_parameter back[] = { { "pullBackFlag", "true" }, { 0 } };
	struct connector_setting setting = { .scope = "source", .key = "checkpoint" };
	struct connector_step *step;

	if (run->first < 1)
		add_step(run, connector_pullback_steps[0], "stop", NULL, NULL)->look = LOOK_UNTIL;
	if (run->first < 2) {
		setting.value = connector_checkpoint(run->arena, run->subtopics, run->time);
		step = add_step(run, connector_pullback_steps[1], "update", drop,
		                connector_update_body(run->arena, &setting, 1));
		step->waits = true;
	}
	add_step(run, connector_pullback_steps[2], "resume", back, NULL)->look = LOOK_ONCE;
}

static struct note say_pullback(struct connector_run *run)
{
	static const enum text_id sentences[] = { TEXT_connector_say_pullback,
		                                  TEXT_connector_say_pullback_update,
		                                  TEXT_connector_say_pullback_resume };

	if (run->first == 2)
		return NOTE(sentences[2]);
	return NOTE(sentences[run->first], clock_rfc3339(run->arena, run->time * 1000),
	            arena_printf(run->arena, "%lld", (long long)run->time),
	            connector_joined(run->arena, run->subtopics));
}

/* --- verbs ------------------------------------------------------------------------------------ */

static const struct connector_verb verbs[] = {
	{ .name = "start",
	  .takes = "--pull-back or --restart",
	  .own = { OPTION_pull_back, OPTION_restart },
	  .own_count = 2,
	  .read = read_start,
	  .build = build_start,
	  .says = say_start },
	{ .name = "stop", .build = build_stop, .says = say_stop },
	{ .name = "delete", .build = build_delete, .says = say_delete },
	{ .name = "migrate",
	  .takes = "--ip",
	  .own = { OPTION_ip },
	  .own_count = 1,
	  .read = read_migrate,
	  .build = build_migrate,
	  .says = say_migrate },
	{ .name = "update",
	  .takes = "--set and --unset",
	  .own = { OPTION_set, OPTION_unset },
	  .own_count = 2,
	  .read = read_update,
	  .build = build_update,
	  .says = say_update },
	{ .name = "pullback",
	  .takes = "--to, --subtopic and --from",
	  .own = { OPTION_to, OPTION_subtopic, OPTION_from },
	  .own_count = 3,
	  .pulls_back = true,
	  .read = read_pullback,
	  .build = build_pullback,
	  .says = say_pullback },
};

#define VERB_COUNT (sizeof(verbs) / sizeof(verbs[0]))

const struct connector_verb *connector_verb_find(const char *word)
{
	for (size_t i = 0; i < VERB_COUNT; i++)
		if (str_equal(word, verbs[i].name))
			return &verbs[i];
	return NULL;
}

const char *const *connector_verb_words(struct arena *arena)
{
	const char **words = arena_array(arena, VERB_COUNT + 1, sizeof(*words));

	for (size_t i = 0; i < VERB_COUNT; i++)
		words[i] = verbs[i].name;
	return words;
}

bool connector_verb_takes(const struct connector_verb *verb, enum option_id id)
{
	for (size_t i = 0; i < verb->own_count; i++)
		if (verb->own[i] == id)
			return true;
	return false;
}
