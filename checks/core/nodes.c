#include "checks/core/nodes.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

static bool is_among(const char *const *list, const char *text)
{
	for (; *list; list++)
		if (str_equal(*list, text))
			return true;
	return false;
}

/* The cells of `column`, each once; of those rows alone whose column `key` is `is`, if given. */
static const char *const *column_of(struct arena *arena, const struct fact_rows *fact,
                                    const char *key, const char *is, const char *column)
{
	const struct rows *rows = &fact->rows;
	size_t count = 0, room = fact->is.state == FACT_KNOWN ? rows->count : 0;
	const char **list = arena_array(arena, room + 1, sizeof(*list));

	for (size_t i = 0; i < room; i++) {
		const char *name = key ? rows_get(rows, i, key) : NULL;
		const char *cell = rows_get(rows, i, column);

		if ((key && (!name || !str_equal(name, is))) || !cell || !*cell)
			continue;
		if (!is_among(list, cell))
			list[count++] = cell;
	}
	return list;
}

const char *const *oms_config_nodes(struct arena *arena, const struct facts *facts)
{
	return column_of(arena, &facts->at[ENDPOINT_HOST].host.config, "key", "cm_nodes", "value");
}

const char *const *oms_nodes(struct arena *arena, const struct facts *facts,
                             const struct intent *intent)
{
	const char *const *nodes = oms_config_nodes(arena, facts);
	const char **one;

	if (*nodes)
		return nodes;
	if (!intent->oms.host_ip)
		return column_of(arena, &facts->at[ENDPOINT_METADB].metadb.hosts, NULL, NULL, "ip");
	one = arena_array(arena, 2, sizeof(*one));
	one[0] = intent->oms.host_ip;
	return one;
}
