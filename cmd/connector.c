#include "cmd/command.h"

#include "catalog/base/arena.h"
#include "catalog/base/clock.h"
#include "catalog/base/str.h"
#include "catalog/base/utf8.h"
#include "cmd/connector_look.h"
#include "cmd/connector_request.h"
#include "cmd/connector_steps.h"
#include "cmd/exit.h"
#include "cmd/interrupt.h"
#include "cmd/render/connector.h"
#include "cmd/render/term.h"
#include "profiles/plan.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* CM stops a connector in its own time, and an update waits for that. */
#define DEFAULT_TIMEOUT_SECONDS 300
/* For what is looked up before anybody is asked to agree. */
#define LOOK_UP_MS 15000
#define MOST_STEPS 3
#define NOTICES 4

struct verb;

/* Everything of one `migdoctor connector`, in the order in which it comes about. */
struct run {
	struct arena *arena;
	const struct options *options;
	struct error *error;
	enum lang lang;

	const struct verb *verb;
	struct connector_name name;
	struct plan *plan;               /* an empty one without a file */
	struct http_service cm, console; /* without a URL: not named */
	unsigned timeout_seconds;
	int interrupt_fd;

	/* What the verb's own options say. */
	size_t setting_count;
	struct connector_setting *settings;
	int64_t time; /* --to; 0: not given */
	size_t first; /* --from: the step that comes first */
	const char *const *subtopics;

	size_t count;
	struct connector_step steps[MOST_STEPS];
	size_t notice_count;
	const char *notices[NOTICES + 1];
	bool output_failed;
	struct render_options draw;
};

struct verb {
	const char *name;
	const char *takes; /* its options, as a message names them; NULL: none */
	enum option_id own[4];
	size_t own_count;
	int (*read)(struct run *run);
	void (*build)(struct run *run);
	struct note (*says)(struct run *run);
};

static const char *value(const struct run *run, enum option_id id)
{
	return option_value(run->options, id);
}

static void notice(struct run *run, struct note note)
{
	if (run->notice_count < NOTICES)
		run->notices[run->notice_count++] = note_text(run->arena, &note, run->lang);
}

static const char *joined(struct arena *arena, const char *const *words)
{
	struct str text = str_new(arena);

	for (; *words; words++)
		str_addf(&text, "%s%s", text.length ? ", " : "", *words);
	return text.text;
}

/* --- steps ------------------------------------------------------------------------------------ */

static struct connector_step *add_step(struct run *run, const char *name, const char *call,
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

static const char *flag(const struct run *run, enum option_id id)
{
	return run->options->given[id] ? "true" : NULL;
}

/* --- start ------------------------------------------------------------------------------------ */

static int read_start(struct run *run)
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

static void build_start(struct run *run)
{
	struct connector_parameter parameters[] = {
		{ "pullBackFlag", flag(run, OPTION_pull_back) },
		{ "restartFlag", flag(run, OPTION_restart) },
		{ 0 },
	};

	add_step(run, "start", "resume", parameters, NULL)->look = LOOK_ONCE;
}

static struct note say_start(struct run *run)
{
	if (run->options->given[OPTION_pull_back])
		return NOTE(TEXT_connector_say_start_back);
	if (run->options->given[OPTION_restart])
		return NOTE(TEXT_connector_say_restart);
	return NOTE(TEXT_connector_say_start);
}

/* --- stop, delete, migrate -------------------------------------------------------------------- */

static void build_stop(struct run *run)
{
	add_step(run, "stop", "stop", NULL, NULL)->look = LOOK_ONCE;
}

static struct note say_stop(struct run *run)
{
	(void)run;
	return NOTE(TEXT_connector_say_stop);
}

static void build_delete(struct run *run)
{
	add_step(run, "delete", "delete", NULL, NULL);
}

static struct note say_delete(struct run *run)
{
	(void)run;
	return NOTE(TEXT_connector_say_delete);
}

static int read_migrate(struct run *run)
{
	const char *ip = value(run, OPTION_ip);

	if (ip && !connector_is_address(ip))
		return error_usage(run->error,
		                   "--ip %s: it takes the IP address of a host of this "
		                   "OMS, such as 10.0.0.4",
		                   ip);
	return 0;
}

static void build_migrate(struct run *run)
{
	struct connector_parameter parameters[] = { { "ip", value(run, OPTION_ip) }, { 0 } };

	add_step(run, "migrate", "migrate", parameters, NULL)->renames = true;
}

static struct note say_migrate(struct run *run)
{
	const char *ip = value(run, OPTION_ip);

	return ip ? NOTE(TEXT_connector_say_migrate_to, ip) : NOTE(TEXT_connector_say_migrate);
}

/* --- update ----------------------------------------------------------------------------------- */

static bool is_same(const struct connector_setting *a, const struct connector_setting *b)
{
	return str_equal(a->scope, b->scope) && str_equal(a->key, b->key);
}

static int read_settings(struct run *run, enum option_id id, const char *option)
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

static size_t count_values(const struct run *run, enum option_id id)
{
	size_t count = 0;

	while (run->options->values[id][count])
		count++;
	return count;
}

static int read_update(struct run *run)
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

static void build_update(struct run *run)
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
static struct note say_update(struct run *run)
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

static const char *const pullback_names[] = { "stop", "update", "resume" };

static int read_from(struct run *run)
{
	const char *from = value(run, OPTION_from);

	for (size_t i = 1; from && i < MOST_STEPS; i++)
		if (str_equal(from, pullback_names[i]))
			run->first = i;
	if (from && !run->first)
		return error_usage(run->error, "--from %s: it takes update or resume", from);
	return 0;
}

static int read_time(struct run *run)
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

static int read_subtopics(struct run *run)
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

static int read_pullback(struct run *run)
{
	if (run->name.kind != CONNECTOR_INCR)
		return error_usage(run->error, "pullback is for Incr-Sync, whose names hold "
		                               "incr_trans; a Full-Import has no checkpoint");
	return read_from(run) || read_time(run) || read_subtopics(run) ? -1 : 0;
}

static void build_pullback(struct run *run)
{
	struct connector_parameter drop[] = { { "deleteParams", "source.checkpoint" }, { 0 } };
	struct connector_parameter back[] = { { "pullBackFlag", "true" }, { 0 } };
	struct connector_setting setting = { .scope = "source", .key = "checkpoint" };
	struct connector_step *step;

	if (run->first < 1)
		add_step(run, pullback_names[0], "stop", NULL, NULL)->look = LOOK_UNTIL;
	if (run->first < 2) {
		setting.value = connector_checkpoint(run->arena, run->subtopics, run->time);
		step = add_step(run, pullback_names[1], "update", drop,
		                connector_update_body(run->arena, &setting, 1));
		step->waits = true;
	}
	add_step(run, pullback_names[2], "resume", back, NULL)->look = LOOK_ONCE;
}

static struct note say_pullback(struct run *run)
{
	static const enum text_id sentences[] = { TEXT_connector_say_pullback,
		                                  TEXT_connector_say_pullback_update,
		                                  TEXT_connector_say_pullback_resume };

	if (run->first == 2)
		return NOTE(sentences[2]);
	return NOTE(sentences[run->first], clock_rfc3339(run->arena, run->time * 1000),
	            arena_printf(run->arena, "%lld", (long long)run->time),
	            joined(run->arena, run->subtopics));
}

/* --- verbs ------------------------------------------------------------------------------------ */

static const struct verb verbs[] = {
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
	  .read = read_pullback,
	  .build = build_pullback,
	  .says = say_pullback },
};

#define VERB_COUNT (sizeof(verbs) / sizeof(verbs[0]))
#define VERB_WORDS "start, stop, delete, migrate, update, pullback"

static const enum option_id common[] = { OPTION_cm,   OPTION_console, OPTION_name_as_is,
	                                 OPTION_yes,  OPTION_dry_run, OPTION_timeout,
	                                 OPTION_json, OPTION_lang,    OPTION_color,
	                                 OPTION_help };

static bool takes(const struct verb *verb, enum option_id id)
{
	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		if (common[i] == id)
			return true;
	for (size_t i = 0; i < verb->own_count; i++)
		if (verb->own[i] == id)
			return true;
	return false;
}

static int find_verb(struct run *run, const char *word)
{
	const char *names[VERB_COUNT + 1] = { NULL }, *nearest;

	for (size_t i = 0; i < VERB_COUNT; i++) {
		names[i] = verbs[i].name;
		if (str_equal(word, names[i]))
			run->verb = &verbs[i];
	}
	nearest = str_nearest(word, names);
	if (!run->verb && nearest)
		return error_usage(run->error, "unknown verb %s; did you mean %s?", word, nearest);
	return run->verb ? 0
	                 : error_usage(run->error, "unknown verb %s; there are " VERB_WORDS, word);
}

static int judge_options(struct run *run)
{
	for (int id = 0; id < OPTION_COUNT; id++) {
		if (!run->options->given[id] || takes(run->verb, (enum option_id)id))
			continue;
		return error_usage(run->error, "%s does not take --%s; %s%s", run->verb->name,
		                   option_written(run->arena, (enum option_id)id),
		                   run->verb->takes ? "of its own it takes "
		                                    : "it takes no option of its own",
		                   run->verb->takes ? run->verb->takes : "");
	}
	return 0;
}

/* --- services --------------------------------------------------------------------------------- */

/* A slash that ends a URL would stand twice before the path. */
static void take_service(struct run *run, const struct http_service *from, struct http_service *ret)
{
	size_t length = from->url ? strlen(from->url) : 0;

	*ret = *from;
	if (length && from->url[length - 1] == '/')
		ret->url = arena_strndup(run->arena, from->url, length - 1);
}

static int read_cm(struct run *run)
{
	const char *cm = value(run, OPTION_cm);

	if (cm && plan_set_cm(run->arena, run->plan, cm, run->error))
		return -1;
	take_service(run, &run->plan->at[ENDPOINT_CM].service, &run->cm);
	if (!run->cm.url)
		return error_usage(run->error,
		                   "which CM? give --cm http://10.0.0.3:8088, or a plan "
		                   "whose oms: names cm:");
	return 0;
}

static int read_console(struct run *run)
{
	const char *text = value(run, OPTION_console), *why;
	const char *environment = getenv("MIGDOCTOR_CONSOLE_PASSWORD");
	struct http_service console = run->plan->at[ENDPOINT_CONSOLE].service;

	if (text && !connector_console_read(run->arena, text, &console, &why))
		return error_usage(run->error, "--console %s", why);
	if (text && console.password)
		notice(run, NOTE(TEXT_connector_password_in_argv));
	if (console.user && !console.password && environment && *environment)
		console.password = arena_strdup(run->arena, environment);
	take_service(run, &console, &run->console);
	return 0;
}

static int read_services(struct run *run)
{
	run->plan = run->options->word_count > 2
	                    ? plan_read(run->arena, run->options->words[2], run->error)
	                    : plan_new(run->arena);
	return !run->plan || read_cm(run) || read_console(run) ? -1 : 0;
}

/* --- what the user wants ---------------------------------------------------------------------- */

static int read_words(struct run *run)
{
	const struct options *options = run->options;
	const char *why;

	if (!options->word_count)
		return error_usage(run->error, "connector: which verb? there are " VERB_WORDS);
	if (find_verb(run, options->words[0]) || judge_options(run))
		return -1;
	if (options->word_count < 2)
		return error_usage(run->error,
		                   "connector %s: which task? the name stands in the console, View "
		                   "Component Monitoring, such as "
		                   "10.0.0.3-9000:connector_v2:np_4w3a-incr_trans-1-0:0000000001",
		                   run->verb->name);
	if (options->word_count > 3)
		return error_usage(run->error,
		                   "one task and one plan at a time; \"%s\" is one too "
		                   "many",
		                   options->words[3]);
	if (!connector_name_read(run->arena, options->words[1], options->given[OPTION_name_as_is],
	                         &run->name, &why))
		return error_usage(run->error, "%s", why);
	return 0;
}

static int read_options(struct run *run)
{
	const char *colour = value(run, OPTION_color);
	enum colour_when when = COLOUR_AUTO;

	run->lang = run->options->lang;
	if (colour && !colour_when_find(colour, &when))
		return error_usage(run->error, "--color %s: it takes auto, always or never",
		                   colour);
	run->draw.lang = run->lang;
	run->draw.colour = term_has_colour(when, STDOUT_FILENO);
	run->draw.width = term_width(STDOUT_FILENO);
	if (option_seconds(run->options, OPTION_timeout, DEFAULT_TIMEOUT_SECONDS,
	                   &run->timeout_seconds, run->error) ||
	    read_words(run))
		return -1;
	return run->verb->read ? run->verb->read(run) : 0;
}

/* --- subtopics -------------------------------------------------------------------------------- */

static int refuse_without_subtopics(struct run *run, const struct connector_look *console,
                                    const struct connector_look *file)
{
	const char *asked = note_text(run->arena, &console->why, LANG_EN);

	return error_usage(run->error,
	                   "pull back which subtopics? give --subtopic NAME for each (the console "
	                   "shows them beside the Store). %s%s%s",
	                   asked, *asked ? "; " : "", note_text(run->arena, &file->why, LANG_EN));
}

/* A dry run sends nothing, not even a question. */
static struct connector_look ask_console(struct run *run)
{
	struct budget budget = { .deadline_ms = clock_monotonic_ms() + LOOK_UP_MS,
		                 .byte_cap = CONNECTOR_LOOK_BYTES,
		                 .cancel_fd = run->interrupt_fd };
	struct connector_look look = { 0 };

	if (!run->console.url)
		look.why = NOTE(TEXT_connector_console_not_named);
	else if (run->options->given[OPTION_dry_run])
		look.why = NOTE(TEXT_connector_console_dry);
	else if (!run->name.project)
		look.why = NOTE(TEXT_connector_no_project);
	else
		return connector_look_at_console(run->arena, &run->console, run->name.project,
		                                 run->name.text, &budget);
	return look;
}

static bool has_subtopics(const struct connector_look *look)
{
	return look->found && look->subtopics[0];
}

static int find_subtopics(struct run *run)
{
	struct connector_look console, file;
	const char *path = connector_source_path(run->arena, run->plan->oms.root, run->name.text);

	if (run->verb->build != build_pullback || run->first == 2 || run->subtopics[0])
		return 0;
	console = ask_console(run);
	if (has_subtopics(&console)) {
		run->subtopics = console.subtopics;
		notice(run, NOTE(TEXT_connector_subtopics_from, joined(run->arena, run->subtopics),
		                 run->console.url));
		return 0;
	}
	if (console.found)
		console.why = NOTE(TEXT_connector_console_no_subtopics);
	file = connector_look_at_file(run->arena, path);
	if (!has_subtopics(&file))
		return interrupt_signal() ? -1 : refuse_without_subtopics(run, &console, &file);
	run->subtopics = file.subtopics;
	notice(run, NOTE(TEXT_connector_subtopics_from, joined(run->arena, run->subtopics), path));
	return 0;
}

/* --- agreement -------------------------------------------------------------------------------- */

static void show(const char *text)
{
	fputs(text, stderr);
	fflush(stderr);
}

/* What is typed up to the newline. False where a signal came instead, or nothing. */
static bool read_answer(struct run *run, char *line, size_t room)
{
	struct pollfd wait[] = { { .fd = STDIN_FILENO, .events = POLLIN },
		                 { .fd = run->interrupt_fd, .events = POLLIN } };
	ssize_t got;

	while (poll(wait, 2, -1) < 0 && errno == EINTR)
		continue;
	if (interrupt_signal())
		return false;
	got = read(STDIN_FILENO, line, room - 1);
	if (got <= 0)
		return false;
	line[got] = '\0';
	line[strcspn(line, "\r\n")] = '\0';
	return true;
}

/* 1: go on; 0: not; -1 and *error where nobody can be asked. */
static int agree(struct run *run)
{
	struct note about =
		NOTE(TEXT_connector_about, run->verb->name, run->name.text, run->cm.url);
	struct note says = run->verb->says(run);
	struct str text = str_new(run->arena);
	char line[80];

	if (run->options->given[OPTION_yes])
		return 1;
	if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
		return error_usage(run->error, "nobody can be asked here, without a terminal on "
		                               "standard input and standard error: nothing was "
		                               "sent; --yes goes on unasked, --dry-run shows what "
		                               "would be sent");
	str_addf(&text, "%s\n%s\n%s ",
	         term_safe(run->arena, note_text(run->arena, &about, run->lang), ""),
	         term_safe(run->arena, note_text(run->arena, &says, run->lang), ""),
	         text_get(TEXT_connector_ask, run->lang));
	show(text.text);
	return read_answer(run, line, sizeof(line)) && str_equal(line, "y");
}

/* --- how to go on ----------------------------------------------------------------------------- */

static void add_option(struct str *out, const char *name, const char *text)
{
	str_addf(out, " %s %s", name, shell_word(out->arena, text));
}

/* The words with which another run says the same of CM and the task. */
static void add_place(struct run *run, struct str *out)
{
	str_addf(out, " %s", shell_word(run->arena, run->name.text));
	if (run->options->word_count > 2)
		str_addf(out, " %s", shell_word(run->arena, run->options->words[2]));
	add_option(out, "--cm", run->cm.url);
	if (run->options->given[OPTION_name_as_is])
		str_add(out, " --name-as-is");
}

/* The password of the console is not among them. */
static void add_console(struct run *run, struct str *out)
{
	const char *host = run->console.url ? strstr(run->console.url, "://") + 3 : NULL;

	if (!value(run, OPTION_console))
		return;
	if (!run->console.user)
		add_option(out, "--console", run->console.url);
	else
		add_option(out, "--console",
		           arena_printf(run->arena, "%.*s%s@%s", (int)(host - run->console.url),
		                        run->console.url,
		                        http_escape(run->arena, run->console.user), host));
}

static const char *pullback_command(struct run *run, size_t first)
{
	struct str text = str_new(run->arena);

	str_add(&text, "migdoctor connector pullback");
	add_place(run, &text);
	add_console(run, &text);
	if (run->time)
		add_option(&text, "--to", arena_printf(run->arena, "%lld", (long long)run->time));
	for (const char *const *name = run->subtopics; first < 2 && *name; name++)
		add_option(&text, "--subtopic", *name);
	if (first)
		add_option(&text, "--from", pullback_names[first]);
	return text.text;
}

static const char *start_command(struct run *run)
{
	struct str text = str_new(run->arena);

	str_add(&text, "migdoctor connector start");
	add_place(run, &text);
	return text.text;
}

static void add_next(struct connector_report *report, struct note when, const char *command)
{
	report->next[report->next_count++] =
		(struct connector_next){ .when = when, .command = command };
}

/* `failed` is the place of the step that is to follow, or whose outcome is not known. */
static void advise(struct run *run, struct connector_report *report, size_t failed)
{
	const struct connector_step *step = &run->steps[failed];
	size_t place = run->first + failed;

	if (connector_answer_is_uncertain(&step->answer)) {
		if (place + 1 < MOST_STEPS)
			add_next(report, NOTE(TEXT_connector_next_if_done, step->name),
			         pullback_command(run, place + 1));
		add_next(report, NOTE(TEXT_connector_next_if_not, step->name),
		         pullback_command(run, place));
		return;
	}
	add_next(report, NOTE(TEXT_connector_next), pullback_command(run, place));
	if (place == 1)
		add_next(report, NOTE(TEXT_connector_next_start), start_command(run));
}

/* --- the outcome ------------------------------------------------------------------------------ */

static size_t count_done(const struct run *run)
{
	size_t done = 0;

	while (done < run->count && run->steps[done].answer.outcome == OUTCOME_DONE)
		done++;
	return done;
}

static const char *step_names(struct run *run, size_t from, size_t to)
{
	const char *names[MOST_STEPS + 1] = { NULL };

	for (size_t i = from; i < to; i++)
		names[i - from] = run->steps[i].name;
	return joined(run->arena, names);
}

static void conclude(struct run *run, struct connector_report *report)
{
	size_t done = count_done(run);
	const char *took = step_names(run, 0, done), *rest = step_names(run, done, run->count);

	if (report->dry_run || done == run->count)
		return;
	if (interrupt_signal() && run->steps[done].answer.outcome == OUTCOME_NOT_SENT)
		report->ending = done ? NOTE(TEXT_connector_interrupted, took, rest)
		                      : NOTE(TEXT_connector_interrupted_before);
	else if (!run->steps[0].asked)
		report->ending = NOTE(TEXT_connector_nothing_sent);
	else if (done)
		report->ending = NOTE(TEXT_connector_partly, took, rest);
	else if (run->count > 1)
		report->ending = NOTE(TEXT_connector_none);
	if (run->verb->build == build_pullback && run->steps[0].asked)
		advise(run, report, done);
}

static int exit_status(const struct run *run)
{
	size_t done = count_done(run);

	if (done == run->count)
		return EXIT_READY;
	if (run->steps[done].answer.outcome == OUTCOME_UNKNOWN)
		return EXIT_INCOMPLETE;
	return interrupt_signal() ? EXIT_SIGNAL + interrupt_signal() : EXIT_BLOCKED;
}

/* A step under way must not be left half done because nobody reads any more: the failure is told when
 * all is over. */
static void print(struct run *run, const struct str *text)
{
	if (!run->output_failed && output_text(text->text, text->length, run->error))
		run->output_failed = true;
}

static struct connector_report make_report(struct run *run)
{
	struct connector_report report = { .task = run->name.text,
		                           .verb = run->verb->name,
		                           .cm = run->cm.url,
		                           .dry_run = run->options->given[OPTION_dry_run],
		                           .count = run->count,
		                           .steps = run->steps,
		                           .notices = run->notices };

	for (size_t i = 0; i < run->count; i++)
		if (run->steps[i].answer.outcome == OUTCOME_DONE && run->steps[i].answer.result)
			report.result = run->steps[i].answer.result;
	conclude(run, &report);
	return report;
}

static int finish(struct run *run)
{
	struct connector_report report = make_report(run);
	struct str text = str_new(run->arena);

	if (run->options->given[OPTION_json])
		connector_json(&report, run->lang, &text);
	else
		connector_text_end(&report, &run->draw, &text);
	print(run, &text);
	return run->output_failed ? -1 : exit_status(run);
}

/* --- the command ------------------------------------------------------------------------------ */

static void show_notices(struct run *run)
{
	for (size_t i = 0; i < run->notice_count; i++)
		show(arena_printf(run->arena, "migdoctor: %s\n",
		                  term_safe(run->arena, run->notices[i], "")));
}

static int dry_run(struct run *run)
{
	struct str text = str_new(run->arena);

	if (run->options->given[OPTION_json]) {
		struct connector_report report = make_report(run);

		connector_json(&report, run->lang, &text);
	} else {
		for (size_t i = 0; i < run->count; i++)
			str_addf(&text, "%s\n", run->steps[i].curl);
	}
	return output_text(text.text, text.length, run->error) ? -1 : EXIT_READY;
}

static void carry_out(struct run *run)
{
	struct connector_work work = {
		.arena = run->arena,
		.name = &run->name,
		.cm = &run->cm,
		.console = run->console.url ? &run->console : NULL,
		.deadline_ms = clock_monotonic_ms() + run->timeout_seconds * 1000LL,
		.interrupt_fd = run->interrupt_fd,
		.waiting = text_get(TEXT_connector_waiting, run->lang),
	};
	bool goes_on = true;

	for (size_t i = 0; i < run->count; i++) {
		struct str text = str_new(run->arena);

		if (goes_on && !interrupt_signal())
			goes_on = connector_step_run(&work, &run->steps[i]);
		if (run->options->given[OPTION_json])
			continue;
		connector_text_step(&run->steps[i], &run->draw, &text);
		print(run, &text);
	}
}

static int end_before(struct run *run)
{
	show(arena_printf(run->arena, "%s\n",
	                  text_get(TEXT_connector_interrupted_before, run->lang)));
	return EXIT_SIGNAL + interrupt_signal();
}

static int connector(struct arena *arena, const struct options *options, struct error *error)
{
	struct run *run = arena_new_of(arena, struct run);
	int agreed;

	*run = (struct run){ .arena = arena, .options = options, .error = error };
	if (read_options(run) || read_services(run))
		return -1;
	run->interrupt_fd = interrupt_catch();
	if (find_subtopics(run))
		return interrupt_signal() ? end_before(run) : -1;
	run->verb->build(run);
	if (options->given[OPTION_dry_run] && run->count > 1)
		notice(run, NOTE(TEXT_connector_dry_order));
	if (!options->given[OPTION_json])
		show_notices(run);
	if (options->given[OPTION_dry_run])
		return dry_run(run);
	agreed = agree(run);
	if (agreed < 0)
		return -1;
	if (agreed)
		carry_out(run);
	return finish(run);
}

const struct command command_connector = {
	.name = "connector",
	.synopsis = "connector VERB TASK [PLAN] --cm URL [...]",
	.bit = COMMAND_CONNECTOR,
	.summary = TEXT_command_connector,
	.run = connector,
};
