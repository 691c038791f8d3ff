#include "cmd/command.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "catalog/base/yaml.h"
#include "catalog/code_file.h"
#include "checks/core/registry.h"
#include "profiles/plan.h"
#include "profiles/profile.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* A file that is called as a built-in profile is meant as the file. */
static const char *as_path(struct arena *arena, const char *file)
{
	return strchr(file, '/') ? file : arena_printf(arena, "./%s", file);
}

static bool code_file_is_right(struct arena *arena, const char *file, struct error *error)
{
	const struct code_file *codes = code_file_read(arena, file, error);

	return codes && code_entries_sort(codes->entries, codes->count, error) == 0;
}

/* What a file is stands in its keys: rules make a profile, codes a catalog file, else a plan. */
static const char *read_file(struct arena *arena, const struct registry *registry, const char *file,
                             struct error *error)
{
	const struct yaml *top = yaml_read_file(arena, file, error);

	if (!top)
		return NULL;
	if (top->type == YAML_MAP && yaml_get(top, "rules"))
		return profile_read(arena, as_path(arena, file), registry, error) ? "profile"
		                                                                  : NULL;
	if (top->type == YAML_MAP && yaml_get(top, "codes"))
		return code_file_is_right(arena, file, error) ? "catalog" : NULL;
	return plan_read(arena, file, error) ? "plan" : NULL;
}

/* One line a file for a person; for a program an object with file, kind and error. */
static void draw(const struct options *options, const char *file, const char *kind,
                 const struct error *why, struct str *text, json_t *files)
{
	json_array_append_new(files, json_pack("{s:s, s:s?, s:s?}", "file", file, "kind", kind,
	                                       "error", kind ? NULL : why->text));
	if (kind)
		str_addf(text, "%s: %s, %s\n", file, kind, text_get(TEXT_lint_good, options->lang));
}

static void draw_json(json_t *files, struct str *text)
{
	char *json = json_dumps(files, JSON_INDENT(2));

	*text = str_new(text->arena);
	str_addf(text, "%s\n", json);
	free(json);
}

/* Every file is looked at, so that one run shows what is wrong with each. */
static int lint(struct arena *arena, const struct options *options, struct error *error)
{
	struct registry *registry = registry_new(arena);
	struct str text = str_new(arena);
	struct error bad = { ERROR_NONE, "" };
	json_t *files;

	if (!options->word_count)
		return error_usage(error, "lint which file? a plan, a profile or a catalog file");
	for (const char *const *path = options->values[OPTION_plugin]; *path; path++)
		if (registry_load_plugin(registry, *path, error))
			return -1;
	files = json_array();
	for (const char *const *file = options->words; *file; file++) {
		struct error why = { ERROR_NONE, "" };
		const char *kind = read_file(arena, registry, *file, &why);

		draw(options, *file, kind, &why, &text, files);
		if (kind)
			continue;
		if (bad.kind != ERROR_NONE)
			report_error(&bad);
		bad = why;
	}
	if (options->given[OPTION_json])
		draw_json(files, &text);
	json_decref(files);
	if (!options->given[OPTION_quiet] && output_text(text.text, text.length, error))
		return -1;
	if (bad.kind != ERROR_NONE)
		*error = bad;
	return 0;
}

const struct command command_lint = {
	.name = "lint",
	.synopsis = "lint FILE...",
	.bit = COMMAND_LINT,
	.summary = TEXT_command_lint,
	.run = lint,
};
