#include "cmd/command.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "catalog/catalog.h"
#include "checks/core/registry.h"
#include "cmd/exit.h"
#include "cmd/render/render.h"
#include "profiles/profile.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS 10
/* Of which the first are shown as text. */
#define TEXT_COLUMNS 3

struct row {
	const char *cells[COLUMNS];
};

/* A list of a few columns, drawn as text or, with further ones, as JSON from the same cells. */
struct listing {
	struct arena *arena;
	enum lang lang;
	const struct registry *registry;
	const char *const *columns; /* NULL-terminated */
	size_t count, room;
	struct row *rows;
};

static void add_row(struct listing *listing, struct row row)
{
	if (listing->count == listing->room) {
		size_t room = listing->room * 2 + 64;
		struct row *rows = arena_array(listing->arena, room, sizeof(*rows));

		if (listing->count)
			memcpy(rows, listing->rows, listing->count * sizeof(*rows));
		listing->rows = rows;
		listing->room = room;
	}
	listing->rows[listing->count++] = row;
}

#define ROW(...) ((struct row){ { __VA_ARGS__ } })

static const char *number(const struct listing *listing, int value)
{
	return value < 0 ? NULL : arena_printf(listing->arena, "%d", value);
}

/* "profile/rule" of each built-in rule that can find a code, parted by blanks; NULL for none. */
static const char *rules_of(const struct listing *listing, const char *id)
{
	struct str text = str_new(listing->arena);
	const char *rule;

	for (size_t i = 0; (rule = catalog_rule(id, i)); i++)
		str_addf(&text, "%s%s", i ? " " : "", rule);
	return text.length ? text.text : NULL;
}

static const char *const on_names[] = {
	[CHECK_ONE] = "one",
	[CHECK_PAIR] = "source, target",
	[CHECK_OMS] = "oms",
};

static int list_checks(struct listing *listing, struct error *error)
{
	(void)error;
	for (size_t i = 0; i < registry_count(listing->registry); i++) {
		const struct check *check = registry_at(listing->registry, i);

		add_row(listing,
		        ROW(check->id, on_names[check->on], check_title(check, listing->lang)));
	}
	return 0;
}

static int list_profiles(struct listing *listing, struct error *error)
{
	const char *name;

	for (size_t i = 0; (name = profile_builtin(i)); i++) {
		const struct profile *profile =
			profile_read(listing->arena, name, listing->registry, error);

		if (!profile)
			return -1;
		add_row(listing, ROW(name, arena_printf(listing->arena, "%zu", profile->rule_count),
		                     profile->title.in[listing->lang]));
	}
	return 0;
}

static int list_codes(struct listing *listing, struct error *error)
{
	struct catalog_entry entry;

	(void)error;
	for (size_t i = 0; i < catalog_count(); i++) {
		catalog_at(i, &entry);
		add_row(listing,
		        ROW(entry.shown, level_name(entry.level), entry.title[listing->lang],
		            entry.id, entry.symbol, entry.sqlstate, number(listing, entry.mysql),
		            number(listing, entry.ora), number(listing, entry.pls),
		            rules_of(listing, entry.id)));
	}
	return 0;
}

static int list_facts(struct listing *listing, struct error *error)
{
	static const char *const types[] = {
		[FACT_TYPE_text] = "text",
		[FACT_TYPE_number] = "number",
		[FACT_TYPE_flag] = "flag",
		[FACT_TYPE_rows] = "rows",
	};

	(void)error;
	for (int i = 0; i < FACT_COUNT; i++)
		add_row(listing, ROW(fact_infos[i].name, types[fact_infos[i].type],
		                     group_infos[fact_infos[i].group].name));
	return 0;
}

static const struct what {
	const char *name;
	const char *columns[COLUMNS + 1];
	int (*fill)(struct listing *listing, struct error *error);
} whats[] = {
	{ "checks", { "id", "on", "title" }, list_checks },
	{ "profiles", { "name", "rules", "title" }, list_profiles },
	{ "codes",
	  { "code", "level", "title", "id", "symbol", "sqlstate", "mysql", "ora", "pls", "rules" },
	  list_codes },
	{ "facts", { "name", "type", "group" }, list_facts },
};

#define WHAT_COUNT (sizeof(whats) / sizeof(whats[0]))

static void draw_text(const struct listing *listing, struct str *out)
{
	int widths[TEXT_COLUMNS - 1] = { 0 };

	for (size_t i = 0; i < listing->count; i++)
		for (size_t j = 0; j < TEXT_COLUMNS - 1; j++)
			if (listing->rows[i].cells[j] &&
			    (int)strlen(listing->rows[i].cells[j]) > widths[j])
				widths[j] = (int)strlen(listing->rows[i].cells[j]);
	for (size_t i = 0; i < listing->count; i++) {
		const char *const *row = listing->rows[i].cells;

		str_addf(out, "%-*s  %-*s  %s\n", widths[0], row[0], widths[1],
		         row[1] ? row[1] : "-", row[2]);
	}
}

static json_t *words(const char *text)
{
	json_t *list = json_array();

	while (text && *text) {
		size_t length = strcspn(text, " ");

		json_array_append_new(list, json_stringn(text, length));
		text += length + (text[length] == ' ');
	}
	return list;
}

/* Numbers are numbers in JSON; what looks like one and is none (an SQLSTATE) keeps its zeros. */
static json_t *cell(const char *column, const char *text)
{
	long long value;

	/* Of profiles it is their number. */
	if (str_equal(column, "rules") && (!text || !str_to_int(text, &value)))
		return words(text);
	if (!text)
		return json_null();
	if (!str_equal(column, "sqlstate") && !str_equal(column, "code") &&
	    str_to_int(text, &value))
		return json_integer(value);
	return json_string(text);
}

static void draw_json(const struct listing *listing, struct str *out)
{
	json_t *rows = json_array();
	char *text;

	for (size_t i = 0; i < listing->count; i++) {
		json_t *row = json_object();

		for (size_t j = 0; listing->columns[j]; j++)
			json_object_set_new(row, listing->columns[j],
			                    cell(listing->columns[j], listing->rows[i].cells[j]));
		json_array_append_new(rows, row);
	}
	text = json_dumps(rows, JSON_INDENT(2));
	str_addf(out, "%s\n", text);
	free(text);
	json_decref(rows);
}

static int list(struct arena *arena, const struct options *options, struct error *error)
{
	const char *names[WHAT_COUNT + 1] = { NULL };
	struct registry *registry = registry_new(arena);
	struct listing listing = { .arena = arena, .lang = options->lang, .registry = registry };
	struct str text = str_new(arena);

	for (const char *const *path = options->values[OPTION_plugin]; *path; path++)
		if (registry_load_plugin(registry, *path, error))
			return -1;
	for (size_t i = 0; i < WHAT_COUNT; i++) {
		names[i] = whats[i].name;
		if (options->word_count != 1 || !str_equal(options->words[0], whats[i].name))
			continue;
		listing.columns = whats[i].columns;
		if (whats[i].fill(&listing, error))
			return -1;
	}
	if (options->word_count != 1)
		return error_usage(error, "list one of: checks, profiles, codes, facts");
	if (!listing.columns) {
		const char *nearest = str_nearest(options->words[0], names);

		return error_usage(error,
		                   "list %s: there are checks, profiles, codes and facts%s%s",
		                   options->words[0], nearest ? "; did you mean " : "",
		                   nearest ? nearest : "");
	}
	(options->given[OPTION_json] ? draw_json : draw_text)(&listing, &text);
	return output_text(text.text, text.length, error);
}

const struct command command_list = {
	.name = "list",
	.synopsis = "list checks|profiles|codes|facts",
	.bit = COMMAND_LIST_,
	.summary = TEXT_command_list,
	.run = list,
};
