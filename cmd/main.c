#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "cmd/command.h"
#include "cmd/lang.h"

#include <locale.h>
#include <signal.h>
#include <string.h>

static const struct command *const commands[] = { &command_check,    &command_connector,
	                                          &command_diagnose, &command_explain,
	                                          &command_list,     &command_lint };

#define COMMAND_COUNT (sizeof(commands) / sizeof(commands[0]))

static const struct command *find_command(const char *name)
{
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		if (str_equal(commands[i]->name, name))
			return commands[i];
	return NULL;
}

static int print(const char *text, struct error *error)
{
	return output_text(text, strlen(text), error);
}

static const char *usage_line(struct arena *arena, const char *synopsis, enum lang lang)
{
	struct note note = NOTE(TEXT_usage, arena_printf(arena, "migdoctor %s", synopsis));

	return note_text(arena, &note, lang);
}

static int main_help(struct arena *arena, enum lang lang, struct error *error)
{
	struct str text = str_new(arena);

	str_addf(&text, "%s\n\n", usage_line(arena, "COMMAND [...]", lang));
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		str_addf(&text, "  %-10s %s\n", commands[i]->name,
		         text_get(commands[i]->summary, lang));
	str_addf(&text, "\n%s\n", text_get(TEXT_usage_end, lang));
	return print(text.text, error);
}

static int command_help(struct arena *arena, const struct command *command, enum lang lang,
                        struct error *error)
{
	struct str text = str_new(arena);

	str_addf(&text, "%s\n\n%s\n\n", usage_line(arena, command->synopsis, lang),
	         text_get(command->summary, lang));
	options_help(command->bit, lang, &text);
	return print(text.text, error);
}

static int refuse_command(const char *word, struct error *error)
{
	const char *names[COMMAND_COUNT + 1] = { NULL }, *nearest;

	for (size_t i = 0; i < COMMAND_COUNT; i++)
		names[i] = commands[i]->name;
	nearest = str_nearest(word, names);
	if (nearest)
		return error_usage(error, "unknown command %s; did you mean %s?", word, nearest);
	return error_usage(error, "unknown command %s; `migdoctor --help` lists them", word);
}

static int run(struct arena *arena, int argc, char **argv, struct error *error)
{
	const char *word = argc > 1 ? argv[1] : NULL;
	enum lang lang = lang_of_environment();
	const struct command *command;
	struct options options;

	if (!word)
		return error_usage(error, "which command? `migdoctor --help` lists them");
	if (str_equal(word, "--help") || str_equal(word, "-h") || str_equal(word, "help"))
		return main_help(arena, lang, error);
	if (str_equal(word, "--version"))
		return print("migdoctor " MIGDOCTOR_VERSION "\n", error);
	command = find_command(word);
	if (!command)
		return refuse_command(word, error);
	if (options_read(arena, command->bit, argc - 1, argv + 1, &options, error))
		return -1;
	if (options.given[OPTION_help])
		return command_help(arena, command, options.lang, error);
	return command->run(arena, &options, error);
}

/* Overwrites the password of a URI where everybody who runs ps would read it. */
static void wipe_password(char *word)
{
	char *user = strstr(word, "://"), *at, *colon;

	if (!user)
		return;
	at = strrchr(user, '@');
	colon = strchr(user + 3, ':');
	if (at && colon && colon < at)
		memset(colon + 1, 'x', (size_t)(at - colon - 1));
}

/* Overwrites the value of SCOPE.KEY=VALUE, which may be one, too. */
static void wipe_value(char *word)
{
	char *equals = strchr(word, '=');

	if (equals)
		memset(equals + 1, 'x', strlen(equals + 1));
}

/* The words that the program goes on with; the process's own are wiped of passwords. */
static char **take_words(struct arena *arena, int argc, char **argv)
{
	char **words = arena_array(arena, (size_t)argc + 1, sizeof(*words));

	for (int i = 0; i < argc; i++) {
		words[i] = arena_strdup(arena, argv[i]);
		wipe_password(argv[i]);
		if (i && str_equal(words[i - 1], "--set"))
			wipe_value(argv[i]);
		else if (str_starts(words[i], "--set="))
			wipe_value(argv[i] + strlen("--set="));
	}
	return words;
}

int main(int argc, char **argv)
{
	struct arena *arena = arena_new();
	struct error error = { ERROR_NONE, "" };
	int status;

	setlocale(LC_CTYPE, "C.UTF-8");
	signal(SIGPIPE, SIG_IGN);
	status = run(arena, argc, take_words(arena, argc, argv), &error);
	if (error.kind != ERROR_NONE)
		status = report_error(&error);
	arena_free(arena);
	return status;
}
