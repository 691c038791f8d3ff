#include "cmd/connector.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "cmd/exit.h"
#include "cmd/interrupt.h"

#include <string.h>

const char *connector_joined(struct arena *arena, const char *const *words)
{
	struct str text = str_new(arena);

	for (; *words; words++)
		str_addf(&text, "%s%s", text.length ? ", " : "", *words);
	return text.text;
}

/* --- how to go on ----------------------------------------------------------------------------- */

static void add_option(struct str *out, const char *name, const char *text)
{
	str_addf(out, " %s %s", name, shell_word(out->arena, text));
}

/* The words with which another run says the same of CM and the task. */
static void add_place(struct connector_run *run, struct str *out)
{
	str_addf(out, " %s", shell_word(run->arena, run->name.text));
	if (run->options->word_count > 2)
		str_addf(out, " %s", shell_word(run->arena, run->options->words[2]));
	add_option(out, "--cm", run->cm.url);
	if (run->options->given[OPTION_name_as_is])
		str_add(out, " --name-as-is");
}

/* The password of the console is not among them. */
static void add_console(struct connector_run *run, struct str *out)
{
	const char *host = run->console.url ? strstr(run->console.url, "://") + 3 : NULL;

	if (!option_value(run->options, OPTION_console))
		return;
	if (!run->console.user)
		add_option(out, "--console", run->console.url);
	else
		add_option(out, "--console",
		           arena_printf(run->arena, "%.*s%s@%s", (int)(host - run->console.url),
		                        run->console.url,
		                        http_escape(run->arena, run->console.user), host));
}

static const char *pullback_command(struct connector_run *run, size_t first)
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
		add_option(&text, "--from", connector_pullback_steps[first]);
	return text.text;
}

static const char *start_command(struct connector_run *run)
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
static void advise(struct connector_run *run, struct connector_report *report, size_t failed)
{
	const struct connector_step *step = &run->steps[failed];
	size_t place = run->first + failed;

	if (connector_answer_is_uncertain(&step->answer)) {
		if (place + 1 < CONNECTOR_STEPS)
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

static size_t count_done(const struct connector_run *run)
{
	size_t done = 0;

	while (done < run->count && run->steps[done].answer.outcome == OUTCOME_DONE)
		done++;
	return done;
}

static const char *step_names(struct connector_run *run, size_t from, size_t to)
{
	const char *names[CONNECTOR_STEPS + 1] = { NULL };

	for (size_t i = from; i < to; i++)
		names[i - from] = run->steps[i].name;
	return connector_joined(run->arena, names);
}

void connector_conclude(struct connector_run *run, struct connector_report *report)
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
	if (run->verb->pulls_back && run->steps[0].asked)
		advise(run, report, done);
}

int connector_exit_status(const struct connector_run *run)
{
	size_t done = count_done(run);

	if (done == run->count)
		return EXIT_READY;
	if (run->steps[done].answer.outcome == OUTCOME_UNKNOWN)
		return EXIT_INCOMPLETE;
	return interrupt_signal() ? EXIT_SIGNAL + interrupt_signal() : EXIT_BLOCKED;
}
