#include "checks/core/plugin_check.h"

#include "catalog/base/arena.h"
#include "catalog/base/error.h"
#include "catalog/base/str.h"
#include "catalog/base/utf8.h"
#include "checks/core/sql.h"

#include <dlfcn.h>
#include <string.h>

/* --- opening ---------------------------------------------------------------------------------- */

static bool is_name(const char *text, bool dotted)
{
	if (!text || !*text ||
	    strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-.") != strlen(text))
		return false;
	return dotted == (strchr(text, '.') != NULL) && *text != '.' &&
	       text[strlen(text) - 1] != '.';
}

static int check_is_complete(struct arena *arena, const char *path,
                             const struct migdoctor_check *check, size_t place, struct error *error)
{
	const char *refusal;

	if (!is_name(check->id, true))
		return error_config(error,
		                    "%s: check %zu has the id \"%s\"; an id is lower case, digits "
		                    "and '-', with at least one '.'",
		                    path, place + 1, check->id ? check->id : "");
	if (!check->title_en || !*check->title_en || !check->sql || !check->judge)
		return error_config(error, "%s: check %s lacks its %s", path, check->id,
		                    !check->judge ? "judge"
		                    : !check->sql ? "sql"
		                                  : "title_en");
	if (!utf8_is_valid(check->title_en) || (check->title_zh && !utf8_is_valid(check->title_zh)))
		return error_config(error, "%s: the title of check %s is not UTF-8", path,
		                    check->id);
	refusal = sql_refusal(arena, check->sql);
	if (refusal)
		return error_config(error, "%s: the SQL of check %s is refused: %s", path,
		                    check->id, refusal);
	return 0;
}

static int plugin_is_complete(struct arena *arena, const char *path,
                              const struct migdoctor_plugin *plugin, struct error *error)
{
	if (plugin->abi != MIGDOCTOR_PLUGIN_ABI)
		return error_config(
			error,
			"%s: built for plugin ABI %u, this migdoctor speaks %u; rebuild "
			"it with this version's plugin.h",
			path, plugin->abi, MIGDOCTOR_PLUGIN_ABI);
	if (!is_name(plugin->name, false))
		return error_config(error,
		                    "%s: the plugin's name is \"%s\"; a name is lower case, digits "
		                    "and '-'",
		                    path, plugin->name ? plugin->name : "");
	if (!plugin->check_count || !plugin->checks)
		return error_config(error, "%s: the plugin %s brings no check", path, plugin->name);
	for (size_t i = 0; i < plugin->check_count; i++)
		if (check_is_complete(arena, path, &plugin->checks[i], i, error))
			return -1;
	return 0;
}

const struct migdoctor_plugin *plugin_open(struct arena *arena, const char *path,
                                           struct error *error)
{
	const struct migdoctor_plugin *plugin;
	void *handle;

	/* Without a '/' dlopen would search the system's library folders. */
	handle = dlopen(strchr(path, '/') ? path : arena_printf(arena, "./%s", path),
	                RTLD_NOW | RTLD_LOCAL);
	if (!handle) {
		const char *why = dlerror();

		error_config(error, "%s: cannot be opened as a plugin: %s", path,
		             why ? why : "unknown reason");
		return NULL;
	}
	plugin = dlsym(handle, "migdoctor_plugin");
	if (!plugin) {
		error_config(error,
		             "%s: no plugin: it does not export the symbol migdoctor_plugin "
		             "(see plugin.h)",
		             path);
		dlclose(handle);
		return NULL;
	}
	if (plugin_is_complete(arena, path, plugin, error)) {
		dlclose(handle);
		return NULL;
	}
	return plugin;
}

const struct check *plugin_check_new(struct arena *arena, const struct migdoctor_plugin *plugin,
                                     const struct migdoctor_check *from)
{
	struct plugin_check *own = arena_new_of(arena, struct plugin_check);
	struct check *check = arena_new_of(arena, struct check);

	own->from = from;
	own->title.in[LANG_EN] = from->title_en;
	own->title.in[LANG_ZH] = from->title_zh ? from->title_zh : from->title_en;
	own->query = arena_printf(arena, "%s/%s", plugin->name, from->id);
	check->id = from->id;
	check->on = CHECK_ONE;
	check->plugin = own;
	return check;
}

/* --- judging ---------------------------------------------------------------------------------- */

struct migdoctor_finding {
	struct arena *arena;
	struct finding *finding;
	const struct plugin_check *check;
};

static struct note copy(struct migdoctor_finding *to, const char *text)
{
	return text ? VERBATIM(arena_strdup(to->arena, text)) : (struct note){ 0 };
}

static void api_fail(struct migdoctor_finding *to, const char *what, const char *expected,
                     const char *actual)
{
	finding_fail(to->finding, (struct evidence){ .what = arena_strdup(to->arena, what),
	                                             .expected = copy(to, expected),
	                                             .actual = copy(to, actual),
	                                             .from = to->check->from->sql });
}

static void api_object(struct migdoctor_finding *to, const char *schema, const char *table)
{
	if (schema)
		finding_object(to->finding, schema, table);
}

static struct note both(struct migdoctor_finding *to, const char *en, const char *zh)
{
	if (!en)
		en = "";
	return NOTE(TEXT_text_as_is, arena_strdup(to->arena, en),
	            arena_strdup(to->arena, zh ? zh : en));
}

static void api_skip(struct migdoctor_finding *to, const char *en, const char *zh)
{
	finding_skip(to->finding, both(to, en, zh));
}

static void api_unknown(struct migdoctor_finding *to, const char *en, const char *zh)
{
	finding_unknown(to->finding, both(to, en, zh));
}

void plugin_judge(const struct check *check, const struct check_input *in, struct finding *finding)
{
	static const struct migdoctor_api api = { api_fail, api_object, api_skip, api_unknown };
	struct migdoctor_finding to = { in->arena, finding, check->plugin };
	const struct rows *from = &in->answer->rows;
	const struct migdoctor_rows rows = { from->columns, from->count, from->total, from->names,
		                             from->cells };

	check->plugin->from->judge(&api, &rows, &to);
}
