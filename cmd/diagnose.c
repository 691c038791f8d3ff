#include "cmd/render/diagnose.h"

#include "catalog/base/arena.h"
#include "catalog/base/clock.h"
#include "catalog/base/str.h"
#include "checks/core/nodes.h"
#include "checks/core/said.h"
#include "cmd/bundle.h"
#include "cmd/exit.h"
#include "cmd/interrupt.h"
#include "cmd/run.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* The last thousand lines of a log; a whole log would name every code there is. */
#define MOST_INPUT ((size_t)256 * 1024)
/* Codes without a rule that are told of, and lines that are echoed. */
#define MOST_OTHERS 16
#define MOST_ECHOED 16

/* What was asked: lines, the codes in them, and the figures beside those. */
struct question {
	struct run *run;
	struct query_input *lines;
	size_t line_count;
	const char
		*input; /* for the answer: the words, or of standard input the lines with codes */
	size_t code_count, code_room;
	const char **codes; /* that rules raise; NULL-terminated */
	size_t other_count;
	struct query_match others[MOST_OTHERS];
	bool has_guess;
	struct query_match guess;
	struct said said;
};

/* --- the lines ------------------------------------------------------------------------------------ */

static void split_lines(struct question *question, const struct query_input *whole)
{
	struct arena *arena = question->run->arena;
	const char *text = whole->text;
	size_t count = 2;

	for (const char *c = text; *c; c++)
		count += *c == '\n';
	question->lines = arena_array(arena, count, sizeof(*question->lines));
	while (*text) {
		size_t length = strcspn(text, "\r\n");
		struct query_input line = *whole;

		line.text = line.words = arena_strndup(arena, text, length);
		if (line.text[strspn(line.text, " \t")])
			question->lines[question->line_count++] = line;
		text += length + strspn(text + length, "\r\n");
	}
}

/* A NUL would hide what stands after it. */
static int read_stdin(struct question *question, const char **ret)
{
	struct run *run = question->run;
	char *text = arena_alloc(run->arena, MOST_INPUT + 2);
	size_t length = fread(text, 1, MOST_INPUT + 1, stdin);

	if (ferror(stdin))
		return error_config(run->error, "standard input: %s", strerror(errno));
	if (length > MOST_INPUT)
		return error_usage(run->error,
		                   "standard input holds more than 256 KiB; give the lines of the "
		                   "failure alone: tail -n 200 service.log | migdoctor diagnose -");
	for (size_t i = 0; i < length; i++)
		if (!text[i])
			text[i] = ' ';
	*ret = text;
	return 0;
}

/* Of the words the first is the question, with its facility word; what is left names a plan. */
static int read_words(struct question *question, const char **ret_plan)
{
	struct run *run = question->run;
	const struct options *options = run->options;
	const struct query_input *inputs;
	struct query_input whole;
	size_t count = query_inputs(run->arena, (int)options->word_count, options->words, &inputs);

	*ret_plan = count > 1 ? inputs[1].words : NULL;
	if (!count)
		return error_usage(run->error, "diagnose what? a code, the name of an alert, a "
		                               "line of a log, or - for lines on standard input");
	if (count > 2)
		return error_usage(run->error,
		                   "one code or line, and one plan; \"%s\" is one too many (a line "
		                   "of several words stands in quotes)",
		                   inputs[2].words);
	whole = inputs[0];
	if (str_equal(whole.text, "-") && read_stdin(question, &whole.text))
		return -1;
	question->input = whole.words;
	split_lines(question, &whole);
	if (!question->line_count)
		return error_usage(run->error, "there is nothing to diagnose: the input is empty");
	return 0;
}

/* --- the codes ------------------------------------------------------------------------------------ */

static bool is_raised(const struct run *run, const char *id)
{
	for (size_t i = 0; i < run->rule_count; i++)
		if (rule_raises(run->rules[i], id))
			return true;
	return false;
}

static void add_code(struct question *question, const char *id)
{
	const char **codes = question->codes;

	for (size_t i = 0; i < question->code_count; i++)
		if (str_equal(codes[i], id))
			return;
	if (question->code_count + 1 >= question->code_room) {
		question->code_room = question->code_room * 2 + 16;
		codes = arena_array(question->run->arena, question->code_room, sizeof(*codes));
		for (size_t i = 0; i < question->code_count; i++)
			codes[i] = question->codes[i];
		question->codes = codes;
	}
	codes[question->code_count++] = id;
}

static void add_other(struct question *question, const struct query_match *match)
{
	for (size_t i = 0; i < question->other_count; i++)
		if (str_equal(question->others[i].entry.id, match->entry.id))
			return;
	if (question->other_count < MOST_OTHERS)
		question->others[question->other_count++] = *match;
}

/* Returns whether the line holds a code that a rule raises. */
static bool read_codes(struct question *question, const struct query_input *line)
{
	const struct query_match *matches;
	size_t count = query_find(question->run->arena, line, &matches);
	bool found = false;

	for (size_t i = 0; i < count; i++) {
		if (matches[i].guess) {
			if (!question->has_guess)
				question->guess = matches[i];
			question->has_guess = true;
		} else if (is_raised(question->run, matches[i].entry.id)) {
			add_code(question, matches[i].entry.id);
			found = true;
		} else {
			add_other(question, &matches[i]);
		}
	}
	return found;
}

/* Figures come from the lines with the codes before those around them: an answer of CM may be
 * printed over several lines. */
static void read_said(struct question *question, const bool *has_code)
{
	for (int around = 0; around < 2; around++)
		for (size_t i = 0; i < question->line_count; i++) {
			struct said said;

			if (has_code[i] == around)
				continue;
			said = said_read(question->run->arena, question->lines[i].text);
			if (!around || said_is_set(&said))
				said_add(&question->said, &said);
		}
}

static void echo_lines(struct question *question, const bool *has_code)
{
	struct str input = str_new(question->run->arena);
	size_t echoed = 0;

	for (size_t i = 0; i < question->line_count && echoed < MOST_ECHOED; i++)
		if (has_code[i]) {
			str_addf(&input, "%s%s", echoed ? "\n" : "", question->lines[i].text);
			echoed++;
		}
	if (echoed)
		question->input = input.text;
}

/* The alert whose name is nearest, or NULL. Alerts are words, which the query's guesses about codes do
 * not look at. */
static const char *near_alert(struct arena *arena, const char *words)
{
	const char **names = arena_array(arena, catalog_count() + 1, sizeof(*names));
	size_t count = 0;

	for (size_t i = 0; i < catalog_count(); i++) {
		struct catalog_entry entry;

		catalog_at(i, &entry);
		if (str_equal(entry.family, "alert"))
			names[count++] = entry.shown;
	}
	return str_nearest(words, names);
}

static int refuse_unknown(struct question *question)
{
	struct error *error = question->run->error;
	const char *words = question->input, *near;
	int shown = (int)strnlen(words, 200);

	if (str_equal(words, "-"))
		return error_usage(error,
		                   "no code that is known stands in the %zu lines of standard "
		                   "input; `migdoctor explain -` says what can be read from them",
		                   question->line_count);
	near = question->has_guess ? question->guess.entry.shown
	                           : near_alert(question->run->arena, words);
	if (near)
		return error_usage(error,
		                   "\"%.*s\" is no code that is known; did you mean %s? `migdoctor "
		                   "explain` looks further",
		                   shown, words, near);
	return error_usage(error,
	                   "\"%.*s\" holds no code that is known; `migdoctor explain --search "
	                   "WORDS` looks for words, `migdoctor list codes` lists all",
	                   shown, words);
}

static int read_question(struct question *question)
{
	struct run *run = question->run;
	bool *has_code = arena_array(run->arena, question->line_count, sizeof(*has_code));

	question->codes = arena_array(run->arena, 1, sizeof(*question->codes));
	for (size_t i = 0; i < question->line_count; i++)
		has_code[i] = read_codes(question, &question->lines[i]);
	if (!question->code_count && !question->other_count)
		return refuse_unknown(question);
	read_said(question, has_code);
	if (str_equal(question->input, "-"))
		echo_lines(question, has_code);
	return 0;
}

/* --- the answer ----------------------------------------------------------------------------------- */

/* All built-in profiles, unless --profile names others: whose code it is says the code. */
static const char *const *choose_profiles(struct run *run)
{
	const char **names;
	size_t count = 0;

	if (run->options->given[OPTION_profile])
		return run->options->values[OPTION_profile];
	while (profile_builtin(count))
		count++;
	names = arena_array(run->arena, count + 1, sizeof(*names));
	for (size_t i = 0; i < count; i++)
		names[i] = profile_builtin(i);
	return names;
}

static bool is_anything_named(const struct run *run)
{
	for (int i = 0; i < ENDPOINT_COUNT; i++)
		if (run->plan->at[i].configured)
			return true;
	return run->snapshot != NULL;
}

static int prepare(struct question *question)
{
	struct run *run = question->run;

	run->rule_count = diagnosis_rules(run->arena, run->rules, run->rule_count, question->codes,
	                                  &run->rules);
	if (!is_anything_named(run))
		return error_usage(
			run->error,
			"what is to be asked? on the OMS host /home/admin/conf/config.yaml "
			"says it, and it is not here; elsewhere give a plan, or saved "
			"facts by --facts FILE");
	return run_prepare(run);
}

static struct diagnosed judge(struct question *question)
{
	struct run *run = question->run;
	struct plan *plan = run->plan;
	const struct result *results;

	run->intent.strict = run->options->given[OPTION_strict];
	run->intent.said = question->said;
	run->intent.asked = question->codes;
	run->rule_count =
		diagnosis_spread(run->arena, run->rules, run->rule_count,
	                         oms_nodes(run->arena, run->facts, &run->intent), &run->rules);
	results = run_judge(run->arena, run->rules, run->rule_count, run->facts, &run->intent,
	                    plan->waivers, plan->waiver_count, clock_wall_ms());
	run_collect_notices(run, false);
	return (struct diagnosed){
		.diagnosis = diagnosis_make(run->arena, results, run->rule_count, question->codes),
		.interrupted = interrupt_signal() != 0,
		.notice_count = run->notice_count,
		.notices = run->notices,
	};
}

static void draw(const void *data, const char *format, const struct render_options *options,
                 struct str *out)
{
	(str_equal(format, "json") ? diagnose_json : diagnose_text)(data, options, out);
}

static int exit_status(const struct diagnosed *diagnosed)
{
	static const int statuses[CAUSE_VERDICT_COUNT] = {
		[CAUSE_CONFIRMED] = EXIT_BLOCKED,
		[CAUSE_RULED_OUT] = EXIT_READY,
		[CAUSE_NOT_KNOWN] = EXIT_INCOMPLETE,
	};

	if (diagnosed->interrupted)
		return EXIT_SIGNAL + interrupt_signal();
	return statuses[diagnosed->diagnosis->verdict];
}

static int answer(struct question *question)
{
	static const struct diagnosis nothing = { .verdict = CAUSE_NOT_KNOWN };
	struct run *run = question->run;
	struct diagnosed diagnosed = { .diagnosis = &nothing };

	if (question->code_count) {
		if (run_gather(run))
			return -1;
		diagnosed = judge(question);
	}
	diagnosed.input = question->input;
	diagnosed.codes = question->codes;
	diagnosed.said = &question->said;
	diagnosed.others =
		(struct explained){ question->input, question->other_count, question->others };
	if (question->code_count && bundle_write(run, &diagnosed))
		return -1;
	return run_write(run, draw, &diagnosed) ? -1 : exit_status(&diagnosed);
}

/* --- the command ---------------------------------------------------------------------------------- */

static int diagnose(struct arena *arena, const struct options *options, struct error *error)
{
	static const char *const formats[] = { "text", "json", NULL };
	struct run run = { .arena = arena,
		           .options = options,
		           .error = error,
		           .formats = formats,
		           .knows_local = true };
	struct question question = { .run = &run };
	const char *plan;

	if (run_read_options(&run) || read_words(&question, &plan) ||
	    run_read_plan(&run, &plan, plan ? 1 : 0) || run_load_plugins(&run) ||
	    run_read_profiles(&run, choose_profiles(&run)) || read_question(&question))
		return -1;
	if (question.code_count && prepare(&question))
		return -1;
	if (options->given[OPTION_dry_run] && question.code_count)
		return run_describe(&run);
	return run_end(&run, answer(&question));
}

const struct command command_diagnose = {
	.name = "diagnose",
	.synopsis = "diagnose CODE|ALERT|LINE|- [PLAN] [--facts FILE] [--bundle FILE] [...]",
	.bit = COMMAND_DIAGNOSE,
	.summary = TEXT_command_diagnose,
	.run = diagnose,
};
