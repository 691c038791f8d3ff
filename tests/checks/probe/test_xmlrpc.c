#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "catalog/base/arena.h"
#include "catalog/base/cleanup.h"
#include "catalog/base/str.h"
#include "checks/probe/xmlrpc.h"

static const char *const members[] = { "name", "pid", "missing", NULL };

#define BEGIN "<?xml version='1.0'?>\n<methodResponse><params><param><value><array><data>\n"
#define END "</data></array></value></param></params></methodResponse>\n"
#define ITEM(inside) "<value><struct>" inside "</struct></value>\n"
#define MEMBER(name, value) "<member><name>" name "</name>\n<value>" value "</value></member>"
#define FAULT(inside)                                                               \
	"<methodResponse><fault><value><struct>" inside "</struct></value></fault>" \
	"</methodResponse>"

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

static bool read_bytes(struct arena *arena, const char *bytes, size_t length, struct rows *ret,
                       struct group_status *ret_why)
{
	/* Of its very size and without a NUL behind it, so that the sanitizer sees who looks
	 * there. */
	cleanup(cleanup_free) char *body = malloc(length);

	memcpy(body, bytes, length);
	*ret_why = (struct group_status){ .state = GROUP_GATHERED, .statement = "POST /RPC2" };
	return xmlrpc_structs(arena, body, length, members, ret, ret_why);
}

static struct rows read_rows(struct arena *arena, const char *text)
{
	struct group_status why;
	struct rows rows;

	if (!read_bytes(arena, text, strlen(text), &rows, &why))
		fail_msg("%s", why.text);
	assert_int_equal(why.state, GROUP_GATHERED);
	assert_int_equal(rows.columns, 3);
	assert_int_equal(rows.total, rows.count);
	return rows;
}

static void assert_refused(struct arena *arena, const char *bytes, size_t length, const char *words)
{
	struct group_status why;
	struct rows rows;

	assert_false(read_bytes(arena, bytes, length, &rows, &why));
	assert_int_equal(rows.count, 0);
	assert_int_equal(why.state, GROUP_FAILED);
	assert_int_equal(why.failure, FAILURE_PROTOCOL);
	assert_string_equal(why.statement, "POST /RPC2");
	if (!strstr(why.text, words))
		fail_msg("'%s' is not in '%s'", words, why.text);
}

static void test_rows(void **state)
{
	struct rows rows = read_rows(
		*state, BEGIN ITEM(MEMBER("name", "<string>oms_console</string>") MEMBER(
				"other", "<string>x</string>") MEMBER("pid", "<int>4711</int>"))
				ITEM(MEMBER("pid", "<i4>-1</i4>")
	                                     MEMBER("name", "<string></string>")) ITEM("") END);

	assert_int_equal(rows.count, 3);
	assert_string_equal(rows_get(&rows, 0, "name"), "oms_console");
	assert_string_equal(rows_get(&rows, 0, "pid"), "4711");
	assert_null(rows_get(&rows, 0, "missing"));
	assert_string_equal(rows_get(&rows, 1, "name"), "");
	assert_string_equal(rows_get(&rows, 1, "pid"), "-1");
	assert_null(rows_get(&rows, 2, "name"));
	assert_int_equal(read_rows(*state, BEGIN END).count, 0);
}

static void test_values(void **state)
{
	static const struct {
		const char *value, *text;
	} cases[] = {
		{ "<string>a &lt;b&gt; &amp; &#233;&#x1F600;</string>",
		  "a <b> & \303\251\360\237\230\200" },
		{ "<string><![CDATA[<x>]]></string>", "<x>" },
		{ "<string>a<!-- no -->b</string>", "ab" },
		{ " <string>x</string> ", "x" },
		{ "without a type", "without a type" },
		{ "", "" },
		{ "<string/>", "" },
		{ "<boolean>1</boolean>", "1" },
		{ "<double>1.5</double>", "1.5" },
		{ "<nil/>", NULL },
		{ "<base64>AAAA</base64>", NULL },
		{ "<dateTime.iso8601>20270109T18:00:00</dateTime.iso8601>", NULL },
		{ "<array><data><value><string>x</string></value></data></array>", NULL },
		{ "<struct><member><name>name</name><value>x</value></member></struct>", NULL },
		{ "<string><b>x</b></string>", "" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *text = arena_printf(
			*state, BEGIN ITEM(MEMBER("pid", "%s") MEMBER("name", "last")) END,
			cases[i].value);
		struct rows rows = read_rows(*state, text);

		assert_int_equal(rows.count, 1);
		if (cases[i].text)
			assert_string_equal(rows_get(&rows, 0, "pid"), cases[i].text);
		else
			assert_null(rows_get(&rows, 0, "pid"));
		/* Whatever stood before. */
		assert_string_equal(rows_get(&rows, 0, "name"), "last");
	}
}

static void test_what_is_no_list_of_structs(void **state)
{
	static const struct {
		const char *body, *words;
	} cases[] = {
		{ "", "answered nothing, which is no XML-RPC" },
		{ "\n \t", "answered nothing" },
		{ "oops", "answered \"oops\", which is no XML-RPC" },
		{ "{\"code\": 200}", "answered \"{\"code\": 200}\"" },
		{ "<!DOCTYPE html><html><title>Sign in</title></html>",
		  "answered HTML (\"Sign in\"), which is no XML-RPC" },
		{ "<html><body><br>Hello</body></html>", "answered HTML (\"Hello\")" },
		{ "<a/>", "answered XML, which is no XML-RPC" },
		{ "<?xml version='1.0'?>", "answered XML" },
		{ "<methodResponse", "answered XML" },
		{ "<methodResponse>", "broken in line 1: no element found" },
		{ "<methodResponse/>", "no list" },
		{ "<methodResponse><params/></methodResponse>", "no list" },
		{ "<methodResponse><params><param><value><int>1</int></value></param></params>"
		  "</methodResponse>",
		  "no list" },
		{ "<methodResponse>\n\n</methodRespons>", "broken in line 3: mismatched tag" },
		{ BEGIN END "more", "broken in line 4: junk after document element" },
		{ BEGIN ITEM("&bomb;") END, "undefined entity" },
		{ BEGIN ITEM("<a b='1' b='2'/>") END, "duplicate attribute" },
		{ BEGIN ITEM("\xff") END, "not well-formed" },
		{ BEGIN "<value><string>x</string></value>" END, "no struct" },
		{ BEGIN ITEM("") "<value>x</value>" END, "no struct" },
		{ BEGIN "<value/>" END, "no struct" },
		{ BEGIN "<value><struct/><struct/></value>" END, "no struct" },
		{ FAULT(MEMBER("faultCode", "<int>1</int>")
		                MEMBER("faultString", "<string>UNKNOWN_METHOD</string>")),
		  "fault 1 UNKNOWN_METHOD" },
		{ FAULT(MEMBER("faultString", "a\n\177b") MEMBER("faultCode", "<int>10</int>")),
		  "fault 10 a ?b" },
		{ FAULT(""), "fault without a number" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_refused(*state, cases[i].body, strlen(cases[i].body), cases[i].words);
}

static void test_document_types_are_refused(void **state)
{
	static const char *const bodies[] = {
		("<!DOCTYPE methodResponse [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;'>"
		 "<!ENTITY c '&b;&b;&b;&b;&b;&b;'>]>" BEGIN ITEM(MEMBER("name", "&c;")) END),
		("<!DOCTYPE methodResponse SYSTEM 'file:///etc/passwd'>"
		 "<methodResponse>&x;</methodResponse>"),
		"<!DOCTYPE methodResponse><methodResponse/>",
	};

	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++)
		assert_refused(*state, bodies[i], strlen(bodies[i]), "with a document type");
	/* A second one has no place at all. */
	assert_refused(*state, "<methodResponse><!DOCTYPE a></methodResponse>",
	               strlen("<methodResponse><!DOCTYPE a></methodResponse>"), "broken in line 1");
}

/* An answer whose elements are nested `depth` deep. */
static const char *nested(struct arena *arena, size_t depth)
{
	struct str out = str_new(arena);

	str_add(&out, "<methodResponse>");
	for (size_t i = 1; i < depth; i++)
		str_add(&out, "<value>");
	for (size_t i = 1; i < depth; i++)
		str_add(&out, "</value>");
	str_add(&out, "</methodResponse>");
	return out.text;
}

static void test_nesting(void **state)
{
	const char *text = nested(*state, 32);

	assert_refused(*state, text, strlen(text), "no list");
	text = nested(*state, 33);
	assert_refused(*state, text, strlen(text), "nested too deeply");
	text = nested(*state, 100000);
	assert_refused(*state, text, strlen(text), "nested too deeply");
}

static void test_many_rows(void **state)
{
	struct str text = str_new(*state);
	struct rows rows;

	str_add(&text, BEGIN);
	for (int i = 0; i < 5000; i++)
		str_addf(&text, ITEM(MEMBER("pid", "<int>%d</int>")), i);
	str_add(&text, END);
	rows = read_rows(*state, text.text);
	assert_int_equal(rows.count, 5000);
	assert_string_equal(rows_get(&rows, 0, "pid"), "0");
	assert_string_equal(rows_get(&rows, 4999, "pid"), "4999");
	assert_null(rows_get(&rows, 4999, "name"));
}

static void test_too_large(void **state)
{
	size_t length = (8 << 20) + 1;
	char *body = arena_alloc(*state, length);
	struct group_status why = { 0 };
	struct rows rows;

	memset(body, ' ', length);
	assert_false(xmlrpc_structs(*state, body, length, members, &rows, &why));
	assert_int_equal(why.failure, FAILURE_TOO_LARGE);
	assert_refused(*state, body, length - 1, "answered nothing");
}

static void test_libraries(void **state)
{
	struct group_status why;

	assert_true(xmlrpc_library_is_usable(*state, "libexpat.so.1", &why));
	assert_int_equal(why.state, GROUP_GATHERED);
	assert_false(xmlrpc_library_is_usable(*state, "libmigdoctor-nowhere.so.1", &why));
	assert_int_equal(why.failure, FAILURE_LIBRARY);
	assert_non_null(strstr(why.text, "install the package libexpat1"));
	assert_false(xmlrpc_library_is_usable(*state, "libm.so.6", &why));
	assert_non_null(strstr(why.text, "lacks XML_"));
}

#define WITH_ARENA(test) cmocka_unit_test_setup_teardown(test, open_arena, close_arena)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_ARENA(test_rows),
		WITH_ARENA(test_values),
		WITH_ARENA(test_what_is_no_list_of_structs),
		WITH_ARENA(test_document_types_are_refused),
		WITH_ARENA(test_nesting),
		WITH_ARENA(test_many_rows),
		WITH_ARENA(test_too_large),
		WITH_ARENA(test_libraries),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
