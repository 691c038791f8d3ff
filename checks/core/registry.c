#include "checks/core/registry.h"

#include "catalog/base/arena.h"
#include "catalog/base/error.h"
#include "catalog/base/str.h"
#include "checks/core/plugin_check.h"

#define CHECK(symbol) extern const struct check symbol;
#include "checks/checks.def"
#undef CHECK

static const struct check *const built_in[] = {
#define CHECK(symbol) &symbol,
#include "checks/checks.def"
#undef CHECK
};

#define BUILT_IN_COUNT (sizeof(built_in) / sizeof(built_in[0]))

struct plugged {
	const struct check *check;
	const char *path;
	struct plugged *next;
};

struct registry {
	struct arena *arena;
	size_t plugged_count;
	struct plugged *first, *last;
};

struct registry *registry_new(struct arena *arena)
{
	struct registry *registry = arena_new_of(arena, struct registry);

	registry->arena = arena;
	return registry;
}

size_t registry_count(const struct registry *registry)
{
	return BUILT_IN_COUNT + registry->plugged_count;
}

const struct check *registry_at(const struct registry *registry, size_t index)
{
	const struct plugged *plugged = registry->first;

	if (index < BUILT_IN_COUNT)
		return built_in[index];
	for (index -= BUILT_IN_COUNT; index && plugged; index--)
		plugged = plugged->next;
	return plugged ? plugged->check : NULL;
}

const struct check *registry_find(const struct registry *registry, const char *id)
{
	for (size_t i = 0; i < registry_count(registry); i++) {
		const struct check *check = registry_at(registry, i);

		if (str_equal(check->id, id))
			return check;
	}
	return NULL;
}

/* Where a check comes from, for the message about an id that is taken. */
static const char *owner(const struct registry *registry, const char *id)
{
	for (const struct plugged *plugged = registry->first; plugged; plugged = plugged->next)
		if (str_equal(plugged->check->id, id))
			return plugged->path;
	return "migdoctor itself";
}

static int ids_are_free(const struct registry *registry, const char *path,
                        const struct migdoctor_plugin *plugin, struct error *error)
{
	for (size_t i = 0; i < plugin->check_count; i++) {
		const char *id = plugin->checks[i].id;

		if (registry_find(registry, id))
			return error_config(error, "%s: the check id %s is taken by %s", path, id,
			                    owner(registry, id));
		for (size_t j = 0; j < i; j++)
			if (str_equal(plugin->checks[j].id, id))
				return error_config(error, "%s: the check id %s stands twice", path,
				                    id);
	}
	return 0;
}

int registry_load_plugin(struct registry *registry, const char *path, struct error *error)
{
	const struct migdoctor_plugin *plugin = plugin_open(registry->arena, path, error);

	if (!plugin || ids_are_free(registry, path, plugin, error))
		return -1;
	for (size_t i = 0; i < plugin->check_count; i++) {
		struct plugged *plugged = arena_new_of(registry->arena, struct plugged);

		plugged->check = plugin_check_new(registry->arena, plugin, &plugin->checks[i]);
		plugged->path = arena_strdup(registry->arena, path);
		*(registry->last ? &registry->last->next : &registry->first) = plugged;
		registry->last = plugged;
		registry->plugged_count++;
	}
	return 0;
}

const char *check_title(const struct check *check, enum lang lang)
{
	char name[128];
	enum text_id id;

	if (check->plugin)
		return check->plugin->title.in[lang];
	snprintf(name, sizeof(name), "check.%s", check->id);
	return text_find(name, &id) ? text_get(id, lang) : check->id;
}

const char *check_sql(const struct check *check)
{
	return check->plugin ? check->plugin->from->sql : NULL;
}

const char *check_query_name(const struct check *check)
{
	return check->plugin ? check->plugin->query : NULL;
}
