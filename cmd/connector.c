#include "cmd/connector.h"

#include "catalog/base/arena.h"
#include "catalog/base/clock.h"
#include "catalog/base/str.h"
#include "cmd/connector_look.h"
#include "cmd/exit.h"
#include "cmd/interrupt.h"
#include "cmd/render/term.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* CM stops a connector in its own time, and an update waits for that. */
#define DEFAULT_TIMEOUT_SECONDS 300
/* For what is looked up before anybody is asked to agree. */
#define LOOK_UP_MS 15000

static const char *value(const struct connector_run *run, enum option_id id)
{
	return option_value(run->options, id);
}

static void notice(struct connector_run *run, struct note note)
{
	if (run->notice_count < CONNECTOR_NOTICES)
		run->notices[run->notice_count++] = note_text(run->arena, &note, run->lang);
}

/* --- verb and options -------------------------------------------------------------------------- */

static int find_verb(struct connector_run *run, const char *word)
{
	const char *const *words = connector_verb_words(run->arena);
	const char *nearest = str_nearest(word, words);

	run->verb = connector_verb_find(word);
	if (run->verb)
		return 0;
	if (nearest)
		return error_usage(run->error, "unknown verb %s; did you mean %s?", word, nearest);
	return error_usage(run->error, "unknown verb %s; there are %s", word,
	                   connector_joined(run->arena, words));
}

static const enum option_id common[] = { OPTION_cm,   OPTION_console, OPTION_name_as_is,
	                                 OPTION_yes,  OPTION_dry_run, OPTION_timeout,
	                                 OPTION_json, OPTION_lang,    OPTION_color,
	                                 OPTION_help };

static bool takes(const struct connector_verb *verb, enum option_id id)
{
	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		if (common[i] == id)
			return true;
	return connector_verb_takes(verb, id);
}

static int judge_options(struct connector_run *run)
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
static void take_service(struct connector_run *run, const struct http_service *from,
                         struct http_service *ret)
{
	size_t length = from->url ? strlen(from->url) : 0;

	*ret = *from;
	if (length && from->url[length - 1] == '/')
		ret->url = arena_strndup(run->arena, from->url, length - 1);
}

static int read_cm(struct connector_run *run)
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

static int read_console(struct connector_run *run)
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

static int read_services(struct connector_run *run)
{
	run->plan = run->options->word_count > 2
	                    ? plan_read(run->arena, run->options->words[2], run->error)
	                    : plan_new(run->arena);
	return !run->plan || read_cm(run) || read_console(run) ? -1 : 0;
}

/* --- what the user wants ---------------------------------------------------------------------- */

static int read_words(struct connector_run *run)
{
	const struct options *options = run->options;
	const char *why;

	if (!options->word_count)
		return error_usage(run->error, "connector: which verb? there are %s",
		                   connector_joined(run->arena, connector_verb_words(run->arena)));
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

static int read_options(struct connector_run *run)
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

static int refuse_without_subtopics(struct connector_run *run, const struct connector_look *console,
                                    const struct connector_look *file)
{
	const char *asked = note_text(run->arena, &console->why, LANG_EN);

	return error_usage(run->error,
	                   "pull back which subtopics? give --subtopic NAME for each (the console "
	                   "shows them beside the Store). %s%s%s",
	                   asked, *asked ? "; " : "", note_text(run->arena, &file->why, LANG_EN));
}

/* A dry run sends nothing, not even a question. */
static struct connector_look ask_console(struct connector_run *run)
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

static int find_subtopics(struct connector_run *run)
{
	struct connector_look console, file;
	const char *path = connector_source_path(run->arena, run->plan->oms.root, run->name.text);

	if (!run->verb->pulls_back || run->first == 2 || run->subtopics[0])
		return 0;
	console = ask_console(run);
	if (has_subtopics(&console)) {
		run->subtopics = console.subtopics;
		notice(run, NOTE(TEXT_connector_subtopics_from,
		                 connector_joined(run->arena, run->subtopics), run->console.url));
		return 0;
	}
	if (console.found)
		console.why = NOTE(TEXT_connector_console_no_subtopics);
	file = connector_look_at_file(run->arena, path);
	if (!has_subtopics(&file))
		return interrupt_signal() ? -1 : refuse_without_subtopics(run, &console, &file);
	run->subtopics = file.subtopics;
	notice(run, NOTE(TEXT_connector_subtopics_from,
	                 connector_joined(run->arena, run->subtopics), path));
	return 0;
}

/* --- agreement -------------------------------------------------------------------------------- */

static void show(const char *text)
{
	fputs(text, stderr);
	fflush(stderr);
}

/* What is typed up to the newline. False where a signal came instead, or nothing. */
static bool read_answer(struct connector_run *run, char *line, size_t room)
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
static int agree(struct connector_run *run)
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

/* A step under way must not be left half done because nobody reads any more: the failure is told when
 * all is over. */
static void print(struct connector_run *run, const struct str *text)
{
	if (!run->output_failed && output_text(text->text, text->length, run->error))
		run->output_failed = true;
}

static struct connector_report make_report(struct connector_run *run)
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
	connector_conclude(run, &report);
	return report;
}

static int finish(struct connector_run *run)
{
	struct connector_report report = make_report(run);
	struct str text = str_new(run->arena);

	if (run->options->given[OPTION_json])
		connector_json(&report, run->lang, &text);
	else
		connector_text_end(&report, &run->draw, &text);
	print(run, &text);
	return run->output_failed ? -1 : connector_exit_status(run);
}

/* --- the command ------------------------------------------------------------------------------ */

static void show_notices(struct connector_run *run)
{
	for (size_t i = 0; i < run->notice_count; i++)
		show(arena_printf(run->arena, "migdoctor: %s\n",
		                  term_safe(run->arena, run->notices[i], "")));
}

static int dry_run(struct connector_run *run)
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

static void carry_out(struct connector_run *run)
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

static int end_before(struct connector_run *run)
{
	show(arena_printf(run->arena, "%s\n",
	                  text_get(TEXT_connector_interrupted_before, run->lang)));
	return EXIT_SIGNAL + interrupt_signal();
}

static int connector(struct arena *arena, const struct options *options, struct error *error)
{
	struct connector_run *run = arena_new_of(arena, struct connector_run);
	int agreed;

	*run = (struct connector_run){ .arena = arena, .options = options, .error = error };
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
