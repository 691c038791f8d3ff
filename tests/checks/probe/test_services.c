#include "checks/probe/service_facts.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "catalog/base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The readers of CM's and the console's answers, on the answers that the documentation of OMS prints
 * (V4.2.2: "O&M operations for the Store component", API reference), and on worse. */

#define STORE "10.0.0.3-7100:p_4223_source-000-0:0000000007"

static int setup(void **state)
{
	*state = arena_new();
	return 0;
}

static int teardown(void **state)
{
	arena_free(*state);
	return 0;
}

static struct question answered(long status, const char *body)
{
	return (struct question){
		.reply = { .status = status, .body = body, .length = strlen(body) },
		.status = { .state = GROUP_GATHERED, .statement = "POST http://c:8089/x" },
	};
}

static void expect_cell(const struct rows *rows, size_t row, const char *column, const char *want)
{
	const char *cell = rows_get(rows, row, column);

	if (!want && cell)
		fail_msg("%s is %s, and should be NULL", column, cell);
	if (want && (!cell || !str_equal(cell, want)))
		fail_msg("%s is %s, and should be %s", column, cell ? cell : "NULL", want);
}

/* --- CM ------------------------------------------------------------------------------------------- */

static void read_store(struct arena *arena, long status, const char *body, struct rows *ret_stores,
                       struct rows *ret_errors)
{
	struct row_list stores = cm_store_list(arena), errors = cm_error_list(arena);
	struct question question = answered(status, body);

	cm_read_store(arena, STORE, &question, &stores, &errors);
	*ret_stores = row_list_rows(&stores);
	*ret_errors = row_list_rows(&errors);
	assert_int_equal(ret_stores->count, 1);
	expect_cell(ret_stores, 0, "name", STORE);
}

static void test_the_documented_store(void **state)
{
	struct rows stores, errors;

	read_store(*state, 200,
	           "{\"crawler\":{\"active\":true,\"cfg\":\"\",\"checkpoints\":[["
	           "{\"checkpoint\":\"10.0.0.1:3306:1:4:1663323791:1\",\"dbPort\":3306,"
	           "\"timestamp\":1663323791},{\"gmt\":null,\"timestamp\":1663323990},"
	           "{\"timestamp\":\"1663324990\"}]],\"datasource\":\"10.0.0.1:3306\","
	           "\"errMsg\":\"DRC_500:Store started successfully\\n\",\"location\":\"111\","
	           "\"name\":\"n\",\"port\":17008,\"role\":\"master\",\"status\":0,"
	           "\"userData\":\"\"},\"isSuccess\":true}",
	           &stores, &errors);
	expect_cell(&stores, 0, "http", "200");
	expect_cell(&stores, 0, "success", "true");
	expect_cell(&stores, 0, "active", "true");
	expect_cell(&stores, 0, "status", "0");
	expect_cell(&stores, 0, "begin", "1663323791");
	expect_cell(&stores, 0, "end", "1663324990");
	expect_cell(&stores, 0, "err_msg", "DRC_500:Store started successfully\n");
	expect_cell(&stores, 0, "datasource", "10.0.0.1:3306");
	expect_cell(&stores, 0, "location", "111");
	expect_cell(&stores, 0, "port", "17008");
	expect_cell(&stores, 0, "role", "master");
	assert_int_equal(errors.count, 0);
}

static void test_cm_refuses(void **state)
{
	struct rows stores, errors;

	read_store(*state, 200,
	           "{\"errCode\":\"CM-RESONF000003\",\"errMsg\":\"no host\",\"errorDetail\":"
	           "{\"a\":[1]},\"isSuccess\":false,\"result\":null,\"retryable\":false}",
	           &stores, &errors);
	expect_cell(&stores, 0, "success", "false");
	expect_cell(&stores, 0, "active", NULL);
	assert_int_equal(errors.count, 1);
	expect_cell(&errors, 0, "request", "POST http://c:8089/x");
	expect_cell(&errors, 0, "code", "CM-RESONF000003");
	expect_cell(&errors, 0, "message", "no host");
	expect_cell(&errors, 0, "detail", "{\"a\":[1]}");
}

/* Whatever comes in place of the documented answer, a field is what it is or NULL. */
static void test_a_store_that_is_none(void **state)
{
	static const char *const bodies[] = {
		"",
		"<html>502 Bad Gateway</html>",
		"{",
		"[]",
		"{\"crawler\":7}",
		"{\"crawler\":{\"checkpoints\":7}}",
		"{\"crawler\":{\"checkpoints\":[]}}",
		"{\"crawler\":{\"checkpoints\":[[]]}}",
		"{\"crawler\":{\"checkpoints\":[[7]]}}",
		"{\"crawler\":{\"checkpoints\":[[{\"timestamp\":{}}]]}}",
		"{\"crawler\":{\"active\":[{}],\"status\":{\"a\":1},\"port\":null}}",
		"{\"isSuccess\":{}}",
		"{\"isSuccess\":[true],\"crawler\":{\"active\":[true],\"status\":[0]}}",
	};

	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		struct rows stores, errors;

		read_store(*state, 502, bodies[i], &stores, &errors);
		expect_cell(&stores, 0, "http", "502");
		for (size_t j = 2; j < stores.columns; j++)
			expect_cell(&stores, 0, stores.names[j], NULL);
		assert_int_equal(errors.count, 0);
	}
}

static void test_deep_nesting(void **state)
{
	struct str body = str_new(*state);
	struct rows stores, errors;

	str_add(&body, "{\"isSuccess\":false,\"a\":");
	for (int i = 0; i < 100000; i++)
		str_add_char(&body, '[');
	read_store(*state, 200, body.text, &stores, &errors);
	expect_cell(&stores, 0, "success", NULL);
}

static void test_names_in_a_url(void **state)
{
	static const struct {
		const char *name, *target;
	} names[] = {
		{ STORE, "/crawler/detail?filters=&crawler=" STORE },
		{ "a b&crawler=c#/\r\n%", "/crawler/detail?filters=&crawler="
		                          "a%20b%26crawler%3Dc%23%2F%0D%0A%25" },
		{ "\xe4\xb8\xad", "/crawler/detail?filters=&crawler=%E4%B8%AD" },
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_string_equal(cm_store_target(*state, names[i].name), names[i].target);
}

/* --- console -------------------------------------------------------------------------------------- */

static bool read_console(struct arena *arena, enum console_action action, long status,
                         const char *body, struct rows *ret, uint64_t *ret_total,
                         struct group_status *ret_why)
{
	struct row_list list = console_list(arena, action);
	struct question question = answered(status, body);
	bool is_read = console_read(arena, action, "np_1", &question, &list, ret_total, ret_why);

	*ret = row_list_rows(&list);
	return is_read;
}

#define ENVELOPE(data)                                                                              \
	"{\"success\":true,\"errorDetail\":null,\"code\":null,\"message\":null,\"advice\":null,"    \
	"\"requestId\":\"r\",\"pageNumber\":1,\"pageSize\":10,\"totalCount\":3,\"cost\":\"27 ms\"," \
	"\"data\":" data "}"

static void test_projects(void **state)
{
	struct group_status why;
	struct rows rows;
	uint64_t total;

	assert_true(read_console(*state, CONSOLE_LIST, 200,
	                         ENVELOPE("[{\"id\":\"np_1\",\"name\":\"n\",\"type\":\"MIGRATION\","
	                                  "\"status\":\"RUNNING\"},7,{\"id\":\"np_2\"}]"),
	                         &rows, &total, &why));
	assert_int_equal(rows.count, 2);
	assert_int_equal(total, 3);
	expect_cell(&rows, 0, "id", "np_1");
	expect_cell(&rows, 0, "name", "n");
	expect_cell(&rows, 0, "type", "MIGRATION");
	expect_cell(&rows, 0, "status", "RUNNING");
	expect_cell(&rows, 1, "id", "np_2");
	expect_cell(&rows, 1, "status", NULL);
	/* The samples print these as texts. */
	assert_true(read_console(*state, CONSOLE_LIST, 200,
	                         "{\"success\":\"true\",\"totalCount\":\"9\",\"data\":[]}", &rows,
	                         &total, &why));
	assert_int_equal(total, 9);
}

static void test_steps(void **state)
{
	struct group_status why;
	struct rows rows;
	uint64_t total;

	assert_true(read_console(
		*state, CONSOLE_STEPS, 200,
		ENVELOPE("[{\"order\":1,\"name\":\"TRANSFER_PRECHECK\",\"status\":\"FINISHED\","
	                 "\"progress\":100,\"extraInfo\":null},{\"order\":2,"
	                 "\"name\":\"FULL_TRANSFER\",\"status\":\"FAILED\",\"progress\":0.5,"
	                 "\"extraInfo\":{\"errorDetails\":[],\"errorCode\":\"CM-SCHEAT000001\","
	                 "\"errorMsg\":\"m\",\"failedTime\":\"2022-08-01T10:13:17\"}}]"),
		&rows, &total, &why));
	assert_int_equal(rows.count, 2);
	expect_cell(&rows, 0, "project", "np_1");
	expect_cell(&rows, 0, "code", NULL);
	expect_cell(&rows, 0, "progress", "100");
	expect_cell(&rows, 1, "order", "2");
	expect_cell(&rows, 1, "name", "FULL_TRANSFER");
	expect_cell(&rows, 1, "status", "FAILED");
	expect_cell(&rows, 1, "code", "CM-SCHEAT000001");
	expect_cell(&rows, 1, "message", "m");
	expect_cell(&rows, 1, "failed_time", "2022-08-01T10:13:17");
	expect_cell(&rows, 1, "progress", "0.5");
}

static void test_progress(void **state)
{
	struct group_status why;
	struct rows rows;
	uint64_t total;

	assert_true(read_console(*state, CONSOLE_PROGRESS, 200,
	                         ENVELOPE("{\"projectId\":\"np_1\",\"status\":\"RUNNING_MERGING\","
	                                  "\"currentStep\":\"PRE_CHECK\"}"),
	                         &rows, &total, &why));
	assert_int_equal(rows.count, 1);
	expect_cell(&rows, 0, "project", "np_1");
	expect_cell(&rows, 0, "status", "RUNNING_MERGING");
	expect_cell(&rows, 0, "current_step", "PRE_CHECK");
}

static void test_components(void **state)
{
	struct group_status why;
	struct rows rows;
	uint64_t total;

	assert_true(read_console(
		*state, CONSOLE_COMPONENTS, 200,
		ENVELOPE("{\"storeList\":[{\"name\":\"s\",\"ip\":\"10.0.0.3\",\"topic\":\"t\","
	                 "\"subtopic\":\"t-0\",\"status\":\"ACTIVE\",\"delay\":\"3\","
	                 "\"beginCheckpoint\":\"2022-08-01T10:13:17\",\"endCheckpoint\":1659319500,"
	                 "\"errMsg\":\"e\"}],\"reverseStoreList\":null,\"fullVerifyComponents\":7,"
	                 "\"incrSyncComponents\":[{\"name\":\"i\",\"subtopics\":[\"a\",\"b\"],"
	                 "\"delay\":4,\"checkpoint\":\"c\"}]}"),
		&rows, &total, &why));
	assert_int_equal(rows.count, 2);
	expect_cell(&rows, 0, "project", "np_1");
	expect_cell(&rows, 0, "kind", "store");
	expect_cell(&rows, 0, "name", "s");
	expect_cell(&rows, 0, "ip", "10.0.0.3");
	expect_cell(&rows, 0, "topic", "t");
	expect_cell(&rows, 0, "subtopic", "t-0");
	expect_cell(&rows, 0, "status", "ACTIVE");
	expect_cell(&rows, 0, "delay", "3");
	expect_cell(&rows, 0, "begin", "2022-08-01T10:13:17");
	expect_cell(&rows, 0, "end", "1659319500");
	expect_cell(&rows, 0, "message", "e");
	expect_cell(&rows, 1, "kind", "incr_sync");
	expect_cell(&rows, 1, "subtopic", "a,b");
	expect_cell(&rows, 1, "delay", "4");
	expect_cell(&rows, 1, "checkpoint", "c");
}

static void test_the_console_refuses(void **state)
{
	static const struct {
		enum console_action action;
		long status;
		const char *body;
		enum failure failure;
		const char *text;
	} refusals[] = {
		{ CONSOLE_LIST, 401, "", FAILURE_CREDENTIALS, "HTTP 401" },
		{ CONSOLE_LIST, 403, "<html>", FAILURE_CREDENTIALS, "HTTP 403" },
		{ CONSOLE_LIST, 200, "{\"success\":false,\"code\":\"GHANA-1\",\"message\":\"no\"}",
		  FAILURE_OTHER, "HTTP 200, GHANA-1: no" },
		{ CONSOLE_LIST, 500, "{\"success\":\"false\"}", FAILURE_OTHER, "HTTP 500" },
		{ CONSOLE_LIST, 200, "{\"data\":[]}", FAILURE_PROTOCOL, "HTTP 200" },
		{ CONSOLE_LIST, 200, "{\"success\":true,\"data\":7}", FAILURE_PROTOCOL,
		  "HTTP 200" },
		{ CONSOLE_PROGRESS, 200, "{\"success\":true,\"data\":null}", FAILURE_PROTOCOL,
		  "HTTP 200" },
		{ CONSOLE_COMPONENTS, 200, "{\"success\":true,\"data\":[]}", FAILURE_PROTOCOL,
		  "HTTP 200" },
		{ CONSOLE_STEPS, 502, "<html>Bad Gateway</html>", FAILURE_PROTOCOL, "HTTP 502" },
	};

	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		struct group_status why;
		struct rows rows;
		uint64_t total = 0;

		assert_false(read_console(*state, refusals[i].action, refusals[i].status,
		                          refusals[i].body, &rows, &total, &why));
		assert_int_equal(rows.count, 0);
		assert_int_equal(why.state, GROUP_FAILED);
		assert_int_equal(why.failure, refusals[i].failure);
		assert_string_equal(why.statement, "POST http://c:8089/x");
		if (!str_starts(why.text, refusals[i].text))
			fail_msg("%s does not begin with %s", why.text, refusals[i].text);
	}
}

/* A megabyte of a message is cut where a character ends. */
static void test_long_words_are_cut(void **state)
{
	struct str body = str_new(*state);
	struct group_status why;
	struct rows rows;
	uint64_t total = 0;

	str_add(&body, "{\"success\":false,\"message\":\"x");
	for (int i = 0; i < 300000; i++)
		str_add(&body, "\xe4\xb8\xad");
	str_add(&body, "\"}");
	assert_false(read_console(*state, CONSOLE_LIST, 200, body.text, &rows, &total, &why));
	assert_true(strlen(why.text) < 1100);
	assert_true(utf8_is_valid(why.text));
}

static void test_health(void **state)
{
	static const struct {
		const char *body;
		enum fact_state state;
		bool value;
		const char *text;
	} answers[] = {
		{ "{\"data\":{\"healthy\":true}}", FACT_KNOWN, true, "true" },
		{ "{\"data\":{\"healthy\":false}}", FACT_KNOWN, false, "false" },
		{ "{\"data\":{\"healthy\":\"True\"}}", FACT_KNOWN, true, "True" },
		{ "{\"data\":{\"healthy\":null}}", FACT_ABSENT, false, NULL },
		{ "{\"data\":[]}", FACT_ABSENT, false, NULL },
		{ "<html>", FACT_ABSENT, false, NULL },
		{ "{\"data\":{\"healthy\":[true]}}", FACT_MISSING, false, "[true]" },
		/* What is no flag is not known, and what it was is said. */
		{ "{\"data\":{\"healthy\":{\"a\":1}}}", FACT_MISSING, false, "{\"a\":1}" },
	};

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++) {
		struct endpoint_facts *at = arena_new_of(*state, struct endpoint_facts);
		struct question question = answered(200, answers[i].body);

		console_read_health(*state, &question.reply, at);
		assert_int_equal(at->console.healthy.is.state, answers[i].state);
		assert_int_equal(at->console.healthy.value, answers[i].value);
		if (answers[i].text)
			assert_string_equal(at->console.healthy.is.text, answers[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_the_documented_store, setup, teardown),
		cmocka_unit_test_setup_teardown(test_cm_refuses, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_store_that_is_none, setup, teardown),
		cmocka_unit_test_setup_teardown(test_deep_nesting, setup, teardown),
		cmocka_unit_test_setup_teardown(test_names_in_a_url, setup, teardown),
		cmocka_unit_test_setup_teardown(test_projects, setup, teardown),
		cmocka_unit_test_setup_teardown(test_steps, setup, teardown),
		cmocka_unit_test_setup_teardown(test_progress, setup, teardown),
		cmocka_unit_test_setup_teardown(test_components, setup, teardown),
		cmocka_unit_test_setup_teardown(test_the_console_refuses, setup, teardown),
		cmocka_unit_test_setup_teardown(test_long_words_are_cut, setup, teardown),
		cmocka_unit_test_setup_teardown(test_health, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
