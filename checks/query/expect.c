#include "checks/core/wording.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

#include <inttypes.h>

/* The one cell of the answer where it has exactly one; SQL's NULL is the word NULL. */
static const char *only_cell(const struct rows *rows)
{
	if (rows->total != 1 || rows->count != 1 || rows->columns != 1)
		return NULL;
	return rows->cells[0] ? rows->cells[0] : "NULL";
}

static const char *cell_of_either(const struct rows *rows, size_t row, const char *column,
                                  const char *other)
{
	const char *cell = rows_get(rows, row, column);

	return cell ? cell : rows_get(rows, row, other);
}

static const char *row_written(struct arena *arena, const struct rows *rows, size_t row)
{
	struct str written = str_new(arena);

	for (size_t i = 0; i < rows->columns; i++) {
		const char *cell = rows->cells[row * rows->columns + i];

		str_addf(&written, "%s%s=%s", i ? ", " : "", rows->names[i], cell ? cell : "NULL");
	}
	return written.text;
}

/* Rows where there should be none: a row that names a schema is an object, any other is evidence. */
static void report_rows(const struct check_input *in, struct finding *finding)
{
	const struct rows *rows = &in->answer->rows;
	const char *total = arena_printf(in->arena, "%" PRIu64, rows->total);
	bool objects = false;

	for (size_t i = 0; i < rows->count; i++) {
		const char *schema = cell_of_either(rows, i, "table_schema", "schema");

		if (schema) {
			finding_object(finding, schema,
			               cell_of_either(rows, i, "table_name", "table"));
			objects = true;
			continue;
		}
		finding_fail(finding, (struct evidence){
					      .what = arena_printf(in->arena, "row %zu", i + 1),
					      .expected = NOTE(TEXT_check_query_no_row),
					      .actual = VERBATIM(row_written(in->arena, rows, i)),
					      .from = in->answer->sql,
				      });
	}
	if (objects)
		finding_objects_total(finding, rows->total);
	if (rows->count < rows->total)
		finding_fail(finding, (struct evidence){
					      .what = "rows",
					      .expected = NOTE(TEXT_check_query_no_row),
					      .actual = VERBATIM(total),
					      .from = in->answer->sql,
				      });
	finding_value(finding, "rows", total);
}

static void judge(const struct check_input *in, struct finding *finding)
{
	const char *const *expect = param_texts(in, "expect");
	bool only_empty = words_have(expect, "empty") && !expect[1];
	const char *cell;

	if (!in->answer || in->answer->status.state != GROUP_GATHERED) {
		finding_unknown(finding,
		                NOTE(TEXT_check_query_failed,
		                     in->answer ? failure_wording(in->arena, &in->answer->status)
		                                : failure_name(FAILURE_NONE)));
		return;
	}
	if (!in->answer->rows.total && words_have(expect, "empty"))
		return;
	if (only_empty) {
		report_rows(in, finding);
		return;
	}
	cell = only_cell(&in->answer->rows);
	if (!cell) {
		finding_unknown(finding,
		                NOTE(TEXT_check_query_no_value,
		                     arena_printf(in->arena, "%" PRIu64, in->answer->rows.total),
		                     arena_printf(in->arena, "%zu", in->answer->rows.columns)));
		return;
	}
	if (words_have(expect, cell))
		return;
	finding_fail(finding, (struct evidence){ .what = in->answer->rows.names[0],
	                                         .expected = note_one_of(in->arena, expect),
	                                         .actual = VERBATIM(cell),
	                                         .from = in->answer->sql });
	finding_value(finding, "value", cell);
}

const struct check check_query_expect = {
	.id = "query.expect",
	.on = CHECK_ONE,
	.params = PARAMS({ "expect", PARAM_TEXTS, true }, { "query", PARAM_QUERY, true }),
	.judge = judge,
};
