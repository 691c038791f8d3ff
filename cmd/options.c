#include "cmd/options.h"

#include "catalog/base/arena.h"
#include "catalog/base/error.h"
#include "catalog/base/str.h"
#include "catalog/base/yaml.h"
#include "cmd/lang.h"

#include <getopt.h>
#include <string.h>

#define LONGEST_SECONDS 3600

enum kind { KIND_FLAG, KIND_TEXT, KIND_LIST };

#define CHECK COMMAND_CHECK
#define LIST_ COMMAND_LIST_
#define LINT COMMAND_LINT
#define EXPLAIN COMMAND_EXPLAIN
#define DIAGNOSE COMMAND_DIAGNOSE
#define CONNECTOR COMMAND_CONNECTOR

static const struct info {
	const char *name;
	enum kind kind;
	const char *argument;
	unsigned commands;
	enum text_id help;
} infos[OPTION_COUNT] = {
#define OPTION(name, kind, argument, commands) \
	[OPTION_##name] = { #name, KIND_##kind, argument, commands, TEXT_option_##name },
#include "cmd/options.def"
#undef OPTION
};

/* "fail_on" of the table is "fail-on" on the command line. */
static const char *written(struct arena *arena, const struct info *info)
{
	char *name = arena_strdup(arena, info->name);

	for (char *c = name; *c; c++)
		if (*c == '_')
			*c = '-';
	return name;
}

/* The options of a command for getopt_long; an option's value is its place in the table plus one,
 * because 0 and '?' mean something else there. */
#define FIRST_VALUE 1000

static struct option *long_options(struct arena *arena, unsigned command)
{
	struct option *options = arena_array(arena, OPTION_COUNT + 1, sizeof(*options));
	size_t count = 0;

	for (int i = 0; i < OPTION_COUNT; i++)
		if (infos[i].commands & command)
			options[count++] = (struct option){
				.name = written(arena, &infos[i]),
				.has_arg = infos[i].kind == KIND_FLAG ? no_argument
				                                      : required_argument,
				.val = FIRST_VALUE + i,
			};
	return options;
}

static int refuse_unknown(struct arena *arena, const struct option *options, const char *word,
                          struct error *error)
{
	const char *names[OPTION_COUNT + 1], *nearest;
	size_t count = 0;

	if (!str_starts(word, "--"))
		return error_usage(error, "unknown option %s; --help lists those there are", word);
	word = arena_strndup(arena, word + 2, strcspn(word + 2, "="));
	for (; options[count].name; count++)
		names[count] = options[count].name;
	names[count] = NULL;
	nearest = str_nearest(word, names);
	if (nearest && str_equal(nearest, word))
		return error_usage(error, "--%s takes no argument", word);
	if (nearest)
		return error_usage(error, "unknown option --%s; did you mean --%s?", word, nearest);
	return error_usage(error, "unknown option --%s; --help lists those there are", word);
}

struct reading {
	struct arena *arena;
	size_t room;
	size_t counts[OPTION_COUNT];
	const char **values[OPTION_COUNT];
};

static int add_value(struct reading *reading, int id, const char *value, struct error *error)
{
	/* "--only --skip x": the argument was forgotten, and getopt takes the next option for it. */
	if (!*value || str_starts(value, "--"))
		return error_usage(error, "--%s needs an argument: %s",
		                   written(reading->arena, &infos[id]), infos[id].argument);
	if (!reading->values[id])
		reading->values[id] =
			arena_array(reading->arena, reading->room + 1, sizeof(const char *));
	if (infos[id].kind != KIND_LIST)
		reading->counts[id] = 0;
	reading->values[id][reading->counts[id]++] = value;
	return 0;
}

/* A mark before a word that begins with a dash and is no option, so that getopt leaves it alone. */
#define WORD_MARK '\001'

static bool is_dashed_word(const char *word)
{
	if (*word != '-')
		return false;
	return (word[1] >= '0' && word[1] <= '9') || str_equal(word, "-a") ||
	       str_starts(word, "-a=") || str_equal(word, "--argument") ||
	       str_starts(word, "--argument=");
}

static void mark_words(struct arena *arena, int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (is_dashed_word(argv[i]))
			argv[i] = arena_printf(arena, "%c%s", WORD_MARK, argv[i]);
}

static void unmark_words(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (*argv[i] == WORD_MARK)
			argv[i]++;
}

static int read_lang(struct options *options, struct error *error)
{
	const char *lang = option_value(options, OPTION_lang);

	options->lang = lang_of_environment();
	if (!lang)
		return 0;
	if (!str_equal(lang, "en") && !str_equal(lang, "zh"))
		return error_usage(error, "--lang %s: en and zh are there", lang);
	options->lang = str_equal(lang, "zh") ? LANG_ZH : LANG_EN;
	return 0;
}

int options_read(struct arena *arena, unsigned command, int argc, char **argv, struct options *ret,
                 struct error *error)
{
	static const char *const none[] = { NULL };
	const struct option *options = long_options(arena, command);
	struct reading reading = { .arena = arena, .room = (size_t)argc };
	int value;

	*ret = (struct options){ 0 };
	if (command & (COMMAND_EXPLAIN | COMMAND_DIAGNOSE))
		mark_words(arena, argc, argv);
	opterr = 0;
	optind = 0;
	while ((value = getopt_long(argc, argv, ":h", options, NULL)) != -1) {
		int id = value == 'h' ? (int)OPTION_help : value - FIRST_VALUE;

		if (value == '?')
			return refuse_unknown(arena, options, argv[optind - 1], error);
		if (value == ':')
			return error_usage(error, "%s needs an argument; --help says which",
			                   argv[optind - 1]);
		ret->given[id] = true;
		if (optarg && add_value(&reading, id, optarg, error))
			return -1;
	}
	for (int i = 0; i < OPTION_COUNT; i++)
		ret->values[i] = reading.values[i] ? reading.values[i] : none;
	unmark_words(argc, argv);
	ret->words = (const char *const *)argv + optind;
	ret->word_count = (size_t)(argc - optind);
	return read_lang(ret, error);
}

const char *option_value(const struct options *options, enum option_id id)
{
	return options->values[id] ? options->values[id][0] : NULL;
}

const char *option_written(struct arena *arena, enum option_id id)
{
	return written(arena, &infos[id]);
}

int option_seconds(const struct options *options, enum option_id id, unsigned otherwise,
                   unsigned *ret, struct error *error)
{
	const char *word = option_value(options, id);
	long long seconds = otherwise;

	if (word &&
	    (!yaml_parse_duration(word, &seconds) || seconds < 1 || seconds > LONGEST_SECONDS))
		return error_usage(error, "--%s %s: a time from 1s to 1h, such as 30s",
		                   infos[id].name, word);
	*ret = (unsigned)seconds;
	return 0;
}

void options_help(unsigned command, enum lang lang, struct str *out)
{
	for (int i = 0; i < OPTION_COUNT; i++) {
		const char *left;

		if (!(infos[i].commands & command))
			continue;
		left = arena_printf(out->arena, "--%s%s%s", written(out->arena, &infos[i]),
		                    infos[i].argument ? " " : "",
		                    infos[i].argument ? infos[i].argument : "");
		str_addf(out, "  %-25s %s\n", left, text_get(infos[i].help, lang));
	}
}
