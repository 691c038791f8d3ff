#include "checks/probe/rows.h"

#include "catalog/base/arena.h"

#include <string.h>

struct row_list row_list_new(struct arena *arena, const char *const *names)
{
	struct row_list list = { .arena = arena, .names = names };

	while (names[list.columns])
		list.columns++;
	return list;
}

void row_list_add(struct row_list *list, const char *const *cells)
{
	if (list->count == list->room) {
		size_t room = list->room ? list->room * 2 : 16;
		const char **larger =
			arena_array(list->arena, room * list->columns, sizeof(*larger));

		if (list->count)
			memcpy(larger, list->cells, list->count * list->columns * sizeof(*larger));
		list->cells = larger;
		list->room = room;
	}
	memcpy(list->cells + list->count * list->columns, cells, list->columns * sizeof(*cells));
	list->count++;
}

struct rows row_list_rows(const struct row_list *list)
{
	return (struct rows){ .columns = list->columns,
		              .count = list->count,
		              .total = list->count,
		              .names = list->names,
		              .cells = list->cells };
}
