#ifndef CHECKS_PROBE_ROWS_H
#define CHECKS_PROBE_ROWS_H

#include "checks/core/facts.h"

struct arena;

/* Rows that a probe makes one by one. */
struct row_list {
	struct arena *arena;
	const char *const *names;
	size_t columns, count, room;
	const char **cells;
};

/* A list of no rows; `names` are its columns, which outlive it and end with NULL. */
struct row_list row_list_new(struct arena *arena, const char *const *names);

/* Adds a row; `cells` are as many as there are columns, and live as long as the list. */
void row_list_add(struct row_list *list, const char *const *cells);

/* All that there are. */
struct rows row_list_rows(const struct row_list *list);

/* The cells of a row as they stand: ROW("eth0", address). */
#define ROW(...) ((const char *const[]){ __VA_ARGS__ })

#endif
