#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "catalog/base/arena.h"
#include "catalog/base/cleanup.h"
#include "catalog/base/clock.h"
#include "catalog/base/str.h"
#include "checks/probe/http_json.h"
#include "checks/probe/quote.h"

static int open_arena(void **state)
{
	*state = arena_new();
	return 0;
}

static int close_arena(void **state)
{
	arena_free(*state);
	return 0;
}

/* --- reading ---------------------------------------------------------------------------------- */

static struct json_t *read_bytes(struct arena *arena, const char *bytes, size_t length,
                                 struct group_status *ret_why)
{
	/* Of its very size and without a NUL behind it, so that the sanitizer sees who looks
	 * there. */
	cleanup(cleanup_free) char *body = malloc(length);
	struct http_reply reply = { .status = 502, .length = length, .body = body };

	memcpy(body, bytes, length);
	*ret_why = (struct group_status){ .state = GROUP_GATHERED, .statement = "GET /x" };
	return http_json(arena, &reply, ret_why);
}

static struct json_t *read_text(struct arena *arena, const char *text)
{
	struct group_status why;
	struct json_t *json = read_bytes(arena, text, strlen(text), &why);

	assert_non_null(json);
	assert_int_equal(why.state, GROUP_GATHERED);
	return json;
}

static void assert_refused(struct arena *arena, const char *bytes, size_t length, const char *words)
{
	struct group_status why;

	assert_null(read_bytes(arena, bytes, length, &why));
	assert_int_equal(why.state, GROUP_FAILED);
	assert_int_equal(why.failure, FAILURE_PROTOCOL);
	assert_string_equal(why.statement, "GET /x");
	assert_ptr_equal(strstr(why.text, "HTTP 502: answered "), why.text);
	if (!strstr(why.text, words))
		fail_msg("'%s' is not in '%s'", words, why.text);
}

static void test_what_is_no_object(void **state)
{
	static const struct {
		const char *body, *words;
		size_t length;
	} cases[] = {
		{ "", "nothing, which is no JSON object", 0 },
		{ " \r\n\t", "nothing", 0 },
		{ "null", "\"null\"", 0 },
		{ "\"text\"", "\"\"text\"\"", 0 },
		{ "12", "\"12\"", 0 },
		{ "[]", "a JSON array, and no object", 0 },
		{ "[{\"a\": 1}]", "a JSON array", 0 },
		{ "<html><head><title> 502 Bad\r\n Gateway </title></head></html>",
		  "HTML (\"502 Bad Gateway\"), which is no JSON object", 0 },
		{ "\n<!DOCTYPE html><p>Please <b>sign in</b></p>", "HTML (\"Please sign in\")", 0 },
		{ "<HTML></HTML>", "HTML, which", 0 },
		{ "<html><title>x", "HTML (\"x\")", 0 },
		{ "<html", "HTML, which", 0 },
		{ "<?xml version=\"1.0\"?><error>gone</error>", "XML (\"gone\")", 0 },
		{ "Not \033[2Jhere\302\205\342\200\256.", "\"Not ?[2Jhere??.\"", 0 },
		{ "caf\351", "\"caf?\"", 0 },
		{ "a\0b", "\"a?b\"", 3 },
		{ "{", "broken JSON, line 1", 0 },
		{ "{\"a\": 1", "broken JSON", 0 },
		{ "{\"a\": 1}}", "broken JSON", 0 },
		{ "{\"a\": 1} {\"b\": 2}", "broken JSON", 0 },
		{ "{\"a\": 1}\0", "broken JSON", 9 },
		{ "{\"a\": \"\351\"}", "broken JSON", 0 },
		{ "{\"a\": \"\355\240\200\"}", "broken JSON", 0 },
		{ "{\"a\": \"\\u0000\"}", "broken JSON", 0 },
		{ "{\"a\": \"\\ud800\"}", "broken JSON", 0 },
		{ "{\"a\": 123456789012345678901234567890}", "broken JSON", 0 },
		{ "{\"a\": 1e999}", "broken JSON", 0 },
		{ "{'a': 1}", "broken JSON", 0 },
		{ "{\"a\": NaN}", "broken JSON", 0 },
		{ "{\"a\": \"", "broken JSON", 0 },
		{ "{\"a\": \"\\", "broken JSON", 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_refused(*state, cases[i].body,
		               cases[i].length ? cases[i].length : strlen(cases[i].body),
		               cases[i].words);
}

/* `count` times `text`, between a beginning and an end. */
static struct str many(struct arena *arena, const char *begin, const char *text, size_t count,
                       const char *end)
{
	struct str out = str_new(arena);

	str_add(&out, begin);
	for (size_t i = 0; i < count; i++)
		str_add(&out, text);
	str_add(&out, end);
	return out;
}

static void test_nesting(void **state)
{
	struct group_status why;
	struct str deepest = many(*state, "{\"a\": ", "[", 63, "1");
	struct str deeper = many(*state, "{\"a\": ", "[", 64, "1");
	struct str text = many(*state, "{\"a\": \"", "[{\\\"", 1000, "\"}");
	struct str flat = many(*state, "{\"a\": [", "[],", 1000, "1]}");
	struct json_t *json;

	for (int i = 0; i < 63; i++)
		str_add(&deepest, "]");
	str_add(&deepest, "}");
	json = read_bytes(*state, deepest.text, deepest.length, &why);
	assert_non_null(json);
	http_json_close(json);
	assert_refused(*state, deeper.text, deeper.length, "nested too deeply");
	/* What stands in texts, or side by side, nests nothing. */
	http_json_close(read_text(*state, text.text));
	http_json_close(read_text(*state, flat.text));
}

static void test_too_many_values(void **state)
{
	struct str good = many(*state, "{\"a\": [", "1,", 300000, "1]}");
	struct str bad = many(*state, "{\"a\": [", "1,", 600000, "1]}");
	struct json_t *json = read_text(*state, good.text);

	assert_int_equal(http_json_count(json, "a"), 300001);
	http_json_close(json);
	assert_refused(*state, bad.text, bad.length, "of too many values");
}

/* --- looking ---------------------------------------------------------------------------------- */

#define EVERYTHING                                                                                \
	"{\"data\": {\"healthy\": true, \"name\": \"\303\251\", \"none\": null, \"n\": 42,"       \
	" \"real\": 0.1, \"whole\": 3.0, \"huge\": 1e300, \"quoted\": \"-7\", \"no\": \"FALSE\"," \
	" \"list\": [{\"id\": \"a\", \"at\": {\"x\": 1}}, 5, {\"id\": null}, {\"at\": [1]}],"     \
	" \"empty\": \"\", \"object\": {}}, \"code\": 9223372036854775807, \"a.b\": 1}"

static void test_texts(void **state)
{
	static const struct {
		const char *path, *text;
	} cases[] = {
		{ "data.healthy", "true" },
		{ "data.name", "\303\251" },
		{ "data.n", "42" },
		{ "data.real", "0.1" },
		{ "data.whole", "3.0" },
		{ "data.quoted", "-7" },
		{ "data.empty", "" },
		{ "code", "9223372036854775807" },
		{ "data.none", NULL },
		{ "data.list", NULL },
		{ "data.object", NULL },
		{ "data", NULL },
		{ "absent", NULL },
		{ "absent.more", NULL },
		{ "data.name.more", NULL },
		{ "data.list.id", NULL },
		{ "data..n", NULL },
		{ "a.b", NULL },
		{ ".", NULL },
		{ "", NULL },
		{ NULL, NULL },
	};
	struct json_t *json = read_text(*state, EVERYTHING);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *text = http_json_text(*state, json, cases[i].path);

		if (cases[i].text)
			assert_string_equal(text, cases[i].text);
		else
			assert_null(text);
	}
	assert_null(http_json_text(*state, NULL, "a"));
	http_json_close(json);
}

static void test_numbers(void **state)
{
	static const struct {
		const char *path;
		bool is_number;
		int64_t value;
	} cases[] = {
		{ "data.n", true, 42 },       { "data.quoted", true, -7 },
		{ "data.whole", true, 3 },    { "code", true, INT64_MAX },
		{ "data.real", false, 0 },    { "data.huge", false, 0 },
		{ "data.healthy", false, 0 }, { "data.none", false, 0 },
		{ "data.empty", false, 0 },   { "data.list", false, 0 },
		{ "data.list.0", false, 0 },  { "absent", false, 0 },
	};
	struct json_t *json = read_text(*state, EVERYTHING);

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t value = -99;

		assert_int_equal(http_json_number(json, cases[i].path, &value), cases[i].is_number);
		assert_int_equal(value, cases[i].is_number ? cases[i].value : -99);
	}
	http_json_close(json);
}

static void test_flags(void **state)
{
	struct json_t *json = read_text(*state, EVERYTHING);
	bool flag = false;

	assert_true(http_json_flag(json, "data.healthy", &flag));
	assert_true(flag);
	assert_true(http_json_flag(json, "data.no", &flag));
	assert_false(flag);
	flag = true;
	assert_false(http_json_flag(json, "data.n", &flag));
	assert_false(http_json_flag(json, "data.empty", &flag));
	assert_false(http_json_flag(json, "data.none", &flag));
	assert_false(http_json_flag(json, "data.list", &flag));
	assert_false(http_json_flag(NULL, NULL, &flag));
	assert_true(flag);
	http_json_close(json);
	http_json_close(NULL);
}

static void test_arrays(void **state)
{
	struct json_t *json = read_text(*state, EVERYTHING);
	const struct json_t *item = http_json_item(json, "data.list", 0);
	int64_t number = 0;

	assert_int_equal(http_json_count(json, "data.list"), 4);
	assert_int_equal(http_json_count(json, "data"), 0);
	assert_int_equal(http_json_count(json, "data.name"), 0);
	assert_int_equal(http_json_count(NULL, "x"), 0);
	assert_string_equal(http_json_text(*state, item, "id"), "a");
	item = http_json_item(json, "data.list", 1);
	assert_true(http_json_number(item, NULL, &number));
	assert_int_equal(number, 5);
	assert_null(http_json_item(json, "data.list", 4));
	assert_null(http_json_item(json, "data", 0));
	assert_null(http_json_at(http_json_item(json, "data.list", 2), "id"));
	http_json_close(json);
}

static void test_rows(void **state)
{
	static const struct http_json_column columns[] = { { "id", NULL }, { "x", "at.x" } };
	struct json_t *json = read_text(*state, EVERYTHING);
	struct rows rows;

	assert_true(http_json_rows(*state, json, "data.list", columns, 2, &rows));
	/* Texts outlive what they were read from. */
	http_json_close(json);
	assert_int_equal(rows.count, 3);
	assert_int_equal(rows.total, 3);
	assert_int_equal(rows.columns, 2);
	assert_string_equal(rows_get(&rows, 0, "id"), "a");
	assert_string_equal(rows_get(&rows, 0, "x"), "1");
	assert_null(rows_get(&rows, 1, "id"));
	assert_null(rows_get(&rows, 2, "x"));
	json = read_text(*state, "{\"a\": [], \"b\": {}}");
	assert_true(http_json_rows(*state, json, "a", columns, 2, &rows));
	assert_int_equal(rows.count, 0);
	assert_false(http_json_rows(*state, json, "b", columns, 2, &rows));
	assert_false(http_json_rows(*state, json, "absent", columns, 2, &rows));
	assert_int_equal(rows.columns, 0);
	http_json_close(json);
}

/* --- words about what came -------------------------------------------------------------------- */

static void test_quotes(void **state)
{
	static const struct {
		const char *bytes, *quoted;
		size_t most;
	} cases[] = {
		{ "", "", 10 },
		{ "  \n ", "", 10 },
		{ " a \t\r\n b ", "a b", 10 },
		{ "0123456789", "0123456789", 10 },
		{ "0123456789x", "0123456789...", 10 },
		/* A character is cut out whole. */
		{ "012345678\303\251", "012345678...", 10 },
		{ "\303", "?", 10 },
		{ "\342\202", "??", 10 },
		{ "\342\201\246\342\200\250\177\033", "????", 10 },
		{ "\346\234\215", "\346\234\215", 10 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t length = strlen(cases[i].bytes);
		cleanup(cleanup_free) char *bytes = malloc(length);

		memcpy(bytes, cases[i].bytes, length);
		assert_string_equal(quote_bytes(*state, bytes, length, cases[i].most),
		                    cases[i].quoted);
	}
}

/* --- what needs no server of http.h ----------------------------------------------------------- */

static void test_escapes(void **state)
{
	assert_string_equal(http_escape(*state, "10.0.0.3-7100:p_1_source-000-0:0000000007"),
	                    "10.0.0.3-7100:p_1_source-000-0:0000000007");
	assert_string_equal(http_escape(*state, "a b&c=d/e?f#g%h+i\r\n,"),
	                    "a%20b%26c%3Dd%2Fe%3Ff%23g%25h%2Bi%0D%0A,");
	assert_string_equal(http_escape(*state, "\303\251\"'"), "%C3%A9%22%27");
	assert_string_equal(http_escape(*state, ""), "");
}

static void test_libraries(void **state)
{
	struct group_status why;

	assert_true(http_library_is_usable(*state, "libcurl.so.4", &why));
	assert_int_equal(why.state, GROUP_GATHERED);
	assert_false(http_library_is_usable(*state, "libmigdoctor-nowhere.so.4", &why));
	assert_int_equal(why.failure, FAILURE_LIBRARY);
	assert_non_null(strstr(why.text, "libmigdoctor-nowhere.so.4"));
	assert_non_null(strstr(why.text, "install the package libcurl4"));
	assert_false(http_library_is_usable(*state, "libm.so.6", &why));
	assert_non_null(strstr(why.text, "lacks curl_"));
	assert_non_null(strstr(why.text, "install the package libcurl4"));
}

static void test_a_request_after_its_deadline(void **state)
{
	struct http_service service = { .url = "http://127.0.0.1:1" };
	struct http_request request = { .method = "GET", .target = "/" };
	struct budget budget = { .deadline_ms = clock_monotonic_ms() - 1,
		                 .byte_cap = 1000,
		                 .cancel_fd = -1 };
	struct http_reply reply;
	struct group_status why;

	assert_false(http_ask(*state, &service, &request, &budget, &reply, &why));
	assert_int_equal(why.state, GROUP_FAILED);
	assert_int_equal(why.failure, FAILURE_TIMEOUT);
	assert_string_equal(why.statement, "GET http://127.0.0.1:1/");
	assert_false(reply.sent);
}

#define WITH_ARENA(test) cmocka_unit_test_setup_teardown(test, open_arena, close_arena)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_ARENA(test_what_is_no_object),
		WITH_ARENA(test_nesting),
		WITH_ARENA(test_too_many_values),
		WITH_ARENA(test_texts),
		WITH_ARENA(test_numbers),
		WITH_ARENA(test_flags),
		WITH_ARENA(test_arrays),
		WITH_ARENA(test_rows),
		WITH_ARENA(test_quotes),
		WITH_ARENA(test_escapes),
		WITH_ARENA(test_libraries),
		WITH_ARENA(test_a_request_after_its_deadline),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
