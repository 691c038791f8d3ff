#include "tests/checks/preset.h"

extern const struct check check_query_expect;

#define WORDS(...) ((const char *const[]){ __VA_ARGS__ })

static struct rows rows(size_t columns, size_t count, const char *const *names,
                        const char *const *cells)
{
	return (struct rows){
		.columns = columns, .count = count, .total = count, .names = names, .cells = cells
	};
}

static struct result judge(struct bench *bench, const char *expect, struct group_status status,
                           struct rows answer)
{
	struct query_answer *query = arena_new_of(bench->arena, struct query_answer);

	*query = (struct query_answer){
		.name = "test/rule", .sql = "SELECT 1", .status = status, .rows = answer
	};
	bench->facts.at[ENDPOINT_SOURCE].queries = query;
	bench->facts.at[ENDPOINT_SOURCE].query_count = 1;
	return bench_judge_query(bench, &check_query_expect, ENDPOINT_SOURCE,
	                         WITH(TEXTS_PARAM("expect", arena_strdup(bench->arena, expect))),
	                         "test/rule");
}

static const struct group_status gathered = { .state = GROUP_GATHERED };

static void no_row_where_none_is_expected_passes(void **state)
{
	struct bench bench = bench_new("8.0", "8.0");

	(void)state;
	assert_status(judge(&bench, "empty", gathered, rows(2, 0, WORDS("a", "b"), NULL)),
	              STATUS_PASS);
	arena_free(bench.arena);
}

static void rows_that_name_a_table_become_objects(void **state)
{
	struct bench bench = bench_new("8.0", "8.0");
	struct rows answer = rows(3, 2, WORDS("TABLE_SCHEMA", "Table_Name", "ENGINE"),
	                          WORDS("shop", "orders", "MEMORY", "my shop", "a`b", "CSV"));
	struct result result;

	(void)state;
	answer.total = 5;
	result = judge(&bench, "empty", gathered, answer);
	assert_status(result, STATUS_FAIL);
	assert_int_equal(result.object_count, 2);
	assert_string_equal(result.objects[0].written, "shop.orders");
	assert_string_equal(result.objects[1].written, "`my shop`.`a``b`");
	assert_int_equal(result.objects_total, 5);
	assert_value(result, "rows", "5");
	result = judge(&bench, "empty", gathered,
	               rows(2, 1, WORDS("schema", "table"), WORDS("crm", NULL)));
	assert_string_equal(result.objects[0].written, "crm");
	arena_free(bench.arena);
}

static void other_rows_become_evidence(void **state)
{
	struct bench bench = bench_new("8.0", "8.0");
	struct result result =
		judge(&bench, "empty", gathered,
	              rows(2, 2, WORDS("user", "host"), WORDS("root", "%", "mig", NULL)));

	(void)state;
	assert_status(result, STATUS_FAIL);
	assert_int_equal(result.evidence_count, 2);
	assert_note(&bench, result.evidence[0].actual, "user=root, host=%");
	assert_note(&bench, result.evidence[1].actual, "user=mig, host=NULL");
	assert_note(&bench, result.evidence[1].expected, "no row");
	assert_string_equal(result.evidence[1].from, "SELECT 1");
	arena_free(bench.arena);
}

/* The rows were more than the probe carries: nothing is seen, and all the same something is there. */
static void rows_that_did_not_travel_fail_too(void **state)
{
	struct bench bench = bench_new("8.0", "8.0");
	struct rows answer = rows(1, 0, WORDS("a"), NULL);

	(void)state;
	answer.total = 3;
	assert_status(judge(&bench, "empty", gathered, answer), STATUS_FAIL);
	arena_free(bench.arena);
}

static void the_one_cell_is_compared(void **state)
{
	struct bench bench = bench_new("8.0", "8.0");
	struct result result;

	(void)state;
	assert_status(judge(&bench, "8", gathered, rows(1, 1, WORDS("n"), WORDS("8"))),
	              STATUS_PASS);
	result = judge(&bench, "8", gathered, rows(1, 1, WORDS("n"), WORDS("9")));
	assert_status(result, STATUS_FAIL);
	assert_string_equal(result.evidence[0].what, "n");
	assert_note(&bench, result.evidence[0].expected, "8");
	assert_note(&bench, result.evidence[0].actual, "9");
	assert_value(result, "value", "9");
	result = judge(&bench, "8", gathered, rows(1, 1, WORDS("n"), WORDS(NULL)));
	assert_status(result, STATUS_FAIL);
	assert_note(&bench, result.evidence[0].actual, "NULL");
	arena_free(bench.arena);
}

static void more_or_less_than_one_cell_is_unknown(void **state)
{
	struct bench bench = bench_new("8.0", "8.0");
	struct result result;

	(void)state;
	result = judge(&bench, "8", gathered, rows(1, 2, WORDS("n"), WORDS("8", "8")));
	assert_status(result, STATUS_UNKNOWN);
	assert_note(&bench, result.reason,
	            "one value is expected, and the query answered 2 rows of 1 columns");
	result = judge(&bench, "8", gathered, rows(2, 1, WORDS("n", "m"), WORDS("8", "8")));
	assert_status(result, STATUS_UNKNOWN);
	result = judge(&bench, "8", gathered, rows(1, 0, WORDS("n"), NULL));
	assert_status(result, STATUS_UNKNOWN);
	arena_free(bench.arena);
}

static void a_failed_or_missing_answer_is_unknown(void **state)
{
	const struct group_status failed = { .state = GROUP_FAILED,
		                             .failure = FAILURE_OTHER,
		                             .error = 1146,
		                             .sqlstate = "42S02",
		                             .text = "Table 'a.b' doesn't exist" };
	struct bench bench = bench_new("8.0", "8.0");
	struct result result = judge(&bench, "empty", failed, (struct rows){ 0 });

	(void)state;
	assert_status(result, STATUS_UNKNOWN);
	assert_has(note_en(&bench, &result.reason), "Table 'a.b' doesn't exist");
	/* And where the rule has no query at all. */
	result = bench_judge(&bench, &check_query_expect, ENDPOINT_SOURCE,
	                     WITH(TEXTS_PARAM("expect", "empty")));
	assert_status(result, STATUS_UNKNOWN);
	arena_free(bench.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_row_where_none_is_expected_passes),
		cmocka_unit_test(rows_that_name_a_table_become_objects),
		cmocka_unit_test(other_rows_become_evidence),
		cmocka_unit_test(rows_that_did_not_travel_fail_too),
		cmocka_unit_test(the_one_cell_is_compared),
		cmocka_unit_test(more_or_less_than_one_cell_is_unknown),
		cmocka_unit_test(a_failed_or_missing_answer_is_unknown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
