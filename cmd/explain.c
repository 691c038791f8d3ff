#include "cmd/render/explain.h"

#include "catalog/base/arena.h"
#include "catalog/base/cleanup.h"
#include "catalog/base/str.h"
#include "catalog/code_file.h"
#include "catalog/search.h"
#include "cmd/command.h"
#include "cmd/exit.h"
#include "cmd/render/term.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The best of a search, and how many of them are shown: --family leaves some out. */
#define SEARCHED 256
#define SHOWN 20

struct run {
	struct arena *arena;
	const struct options *options;
	struct error *error;
	size_t site_count;
	struct catalog_entry *site; /* of --catalog */
	size_t count, room;
	struct explained *inputs;
};

/* --- a site's own codes -------------------------------------------------------------------------- */

static int number(const char *digits)
{
	long long value;

	return digits && str_to_int(digits, &value) ? (int)value : NO_NUMBER;
}

static enum level level_of(const char *word)
{
	for (int level = LEVEL_WARNING; word && level <= LEVEL_FATAL; level++)
		if (str_equal(word, level_name((enum level)level)))
			return (enum level)level;
	return LEVEL_NONE;
}

static struct catalog_entry entry_of(const struct code_entry *from)
{
	struct catalog_entry entry = { .id = from->id,
		                       .family = from->family,
		                       .shown = from->shown,
		                       .level = level_of(from->level) };

#define TAKE_ONE(name) entry.name = from->values[CODE_FIELD_##name][0];
#define TAKE_LIST(name) TAKE_ONE(name)
#define TAKE_NUMBER(name) entry.name = number(from->values[CODE_FIELD_##name][0]);
#define TAKE_BOTH(name)                         \
	for (size_t i = 0; i < LANG_COUNT; i++) \
		entry.name[i] = from->values[CODE_FIELD_##name][i];
#define TAKE(name, shape, required) TAKE_##shape(name)
	CATALOG_FIELDS(TAKE)
	return entry;
}

static int read_site(struct run *run)
{
	for (const char *const *path = run->options->values[OPTION_catalog]; *path; path++) {
		const struct code_file *file = code_file_read(run->arena, *path, run->error);
		struct catalog_entry *all;

		if (!file || code_entries_sort(file->entries, file->count, run->error))
			return -1;
		all = arena_array(run->arena, run->site_count + file->count + 1, sizeof(*all));
		if (run->site_count)
			memcpy(all, run->site, run->site_count * sizeof(*all));
		for (size_t i = 0; i < file->count; i++)
			all[run->site_count++] = entry_of(&file->entries[i]);
		run->site = all;
	}
	return 0;
}

static bool is_word_char(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       c == '_';
}

/* Whether the text has the code as a word of its own, in any case. A code without a letter would be
 * found in every date, so it has to be the whole text. */
static bool text_has_code(const char *text, const char *code)
{
	size_t length = strlen(code);

	if (str_equal_nocase(text, code))
		return true;
	if (strcspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz") == length)
		return false;
	for (const char *at = strcasestr(text, code); at; at = strcasestr(at + 1, code))
		if ((at == text || !is_word_char(at[-1])) && !is_word_char(at[length]))
			return true;
	return false;
}

static bool site_means(const struct catalog_entry *entry, const char *text)
{
	return text_has_code(text, strchr(entry->id, ':') + 1) || text_has_code(text, entry->id) ||
	       text_has_code(text, entry->shown) ||
	       (entry->symbol && text_has_code(text, entry->symbol));
}

/* --- what the inputs mean ------------------------------------------------------------------------ */

static bool is_wanted(const struct run *run, const struct catalog_entry *entry)
{
	const char *family = option_value(run->options, OPTION_family);

	return !family || str_equal(family, entry->family);
}

/* The site's codes first: who brings a file means them. */
static void explain_input(struct run *run, const struct query_input *input)
{
	const struct query_match *found;
	size_t count = query_find(run->arena, input, &found), wanted = 0;
	struct query_match *matches =
		arena_array(run->arena, run->site_count + count + 1, sizeof(*matches));

	for (size_t i = 0; i < run->site_count; i++)
		if (site_means(&run->site[i], input->text) && is_wanted(run, &run->site[i]))
			matches[wanted++].entry = run->site[i];
	for (size_t i = 0; i < count; i++)
		if (is_wanted(run, &found[i].entry))
			matches[wanted++] = found[i];
	if (run->count == run->room) {
		size_t room = run->room * 2 + 16;
		struct explained *inputs = arena_array(run->arena, room, sizeof(*inputs));

		if (run->count)
			memcpy(inputs, run->inputs, run->count * sizeof(*inputs));
		run->inputs = inputs;
		run->room = room;
	}
	run->inputs[run->count++] =
		(struct explained){ .input = input->words, .count = wanted, .matches = matches };
}

static int explain_words(struct run *run)
{
	const struct query_input *inputs;
	const char *const *words = run->options->words;
	size_t count = query_inputs(run->arena, (int)run->options->word_count, words, &inputs);

	for (size_t i = 0; i < count; i++)
		explain_input(run, &inputs[i]);
	return 0;
}

/* A line an input; blank ones are none. */
static int explain_stdin(struct run *run)
{
	cleanup(cleanup_free) char *line = NULL;
	size_t room = 0;
	ssize_t length;

	while ((length = getline(&line, &room, stdin)) >= 0) {
		struct query_input input;
		char *text;

		while (length && (line[length - 1] == '\n' || line[length - 1] == '\r'))
			length--;
		text = arena_strndup(run->arena, line, (size_t)length);
		if (!text[strspn(text, " \t")])
			continue;
		input = query_line(text);
		explain_input(run, &input);
	}
	if (ferror(stdin))
		return error_config(run->error, "standard input: %s", strerror(errno));
	if (!run->count)
		return error_usage(run->error,
		                   "standard input is empty; `-` reads a line an input");
	return 0;
}

static int search(struct run *run)
{
	const char *words = option_value(run->options, OPTION_search);
	uint32_t places[SEARCHED];
	size_t count = search_catalog(words, places, SEARCHED), wanted = 0;
	struct query_match *matches = arena_array(run->arena, count + 1, sizeof(*matches));

	if (run->options->word_count)
		return error_usage(run->error, "--search takes its words as one argument: "
		                               "--search 'lock wait'");
	for (size_t i = 0; i < count && wanted < SHOWN; i++) {
		catalog_at(places[i], &matches[wanted].entry);
		wanted += is_wanted(run, &matches[wanted].entry);
	}
	run->inputs = arena_new_of(run->arena, struct explained);
	run->inputs[0] = (struct explained){ .input = words, .count = wanted, .matches = matches };
	run->count = 1;
	return 0;
}

static int find(struct run *run)
{
	const struct options *options = run->options;

	if (options->given[OPTION_search])
		return search(run);
	if (!options->word_count)
		return error_usage(run->error,
		                   "explain what? a code, a symbol, a message, or - for "
		                   "lines on standard input");
	if (options->word_count == 1 && str_equal(options->words[0], "-"))
		return explain_stdin(run);
	return explain_words(run);
}

/* --- the command ---------------------------------------------------------------------------------- */

static bool all_are_known(const struct run *run)
{
	for (size_t i = 0; i < run->count; i++)
		if (!run->inputs[i].count || run->inputs[i].matches[0].guess)
			return false;
	return true;
}

static int explain(struct arena *arena, const struct options *options, struct error *error)
{
	struct run run = { .arena = arena, .options = options, .error = error };
	struct render_options draw = { .lang = options->lang, .width = term_width(STDOUT_FILENO) };
	const char *colour = option_value(options, OPTION_color);
	enum colour_when when = COLOUR_AUTO;
	struct str text = str_new(arena);

	if (colour && !colour_when_find(colour, &when))
		return error_usage(error, "--color %s: it takes auto, always or never", colour);
	if (read_site(&run) || find(&run))
		return -1;
	draw.colour = term_has_colour(when, STDOUT_FILENO);
	if (options->given[OPTION_json])
		explain_json(run.inputs, run.count, options->lang, &text);
	else
		explain_text(run.inputs, run.count, &draw, &text);
	if (output_text(text.text, text.length, error))
		return -1;
	return all_are_known(&run) ? EXIT_READY : EXIT_BLOCKED;
}

const struct command command_explain = {
	.name = "explain",
	.synopsis = "explain WORDS...|-",
	.bit = COMMAND_EXPLAIN,
	.summary = TEXT_command_explain,
	.run = explain,
};
