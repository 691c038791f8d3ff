#include "checks/probe/redact.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void masks_secrets(void **state)
{
	static const struct {
		const char *text, *expected;
	} cases[] = {
		{ "password=geheim next", "password=*** next" },
		{ "oms_meta_password: geheim", "oms_meta_password: ***" },
		{ "oms_meta_password:geheim", "oms_meta_password:***" },
		{ "DB.Passwd = geheim,more x", "DB.Passwd = *** x" },
		{ "userPwd=>geheim x", "userPwd=>*** x" },
		{ "passwordHash:=geheim", "passwordHash:=***" },
		{ "access_key=geheim secretKey='ge heim' x", "access_key=*** secretKey='***' x" },
		{ "password=\"a\\\"geheim\" x", "password=\"***\" x" },
		{ "password='never closed geheim", "password='***" },
		{ "{\"password\" : \"geheim\",\"code\":\"CM-RESONF000003\"}",
		  "{\"password\" : \"***\",\"code\":\"CM-RESONF000003\"}" },
		{ "{\\\"token\\\":\\\"geheim\\\",\\\"a\\\":1}",
		  "{\\\"token\\\":\\\"***\\\",\\\"a\\\":1}" },
		{ "{\"pwd\":1234,\"a\":1}", "{\"pwd\":***,\"a\":1}" },
		{ "Authorization: Basic geheim==\nnext", "Authorization: ***\nnext" },
		{ "CREATE USER u IDENTIFIED BY 'geheim' x", "CREATE USER u IDENTIFIED BY '***' x" },
		{ "\xe5\xaf\x86\xe7\xa0\x81\xef\xbc\x9ageheim x",
		  "\xe5\xaf\x86\xe7\xa0\x81\xef\xbc\x9a*** x" },
		{ "jdbc:mysql://root:geheim@10.0.0.1:3306/a",
		  "jdbc:mysql://root:***@10.0.0.1:3306/a" },
		{ "http://root:ge@he/im@10.0.0.1/a b@c", "http://root:***@10.0.0.1/a b@c" },
		{ "password=geheim password=heimlich", "password=*** password=***" },
		/* What is no secret. */
		{ "Access denied for user 'a'@'b' (using password: YES)", NULL },
		{ "the password is wrong", NULL },
		{ "http://10.0.0.1:8088/a mail me@b", NULL },
		{ "http://10.0.0.1:8088", NULL },
		{ "password=", NULL },
		{ "", NULL },
	};
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *out = redact_text(arena, cases[i].text);

		if (cases[i].expected)
			assert_string_equal(out, cases[i].expected);
		else
			assert_ptr_equal(out, cases[i].text);
	}
	arena_free(arena);
}

/* Words that begin a secret and never end one must not cost the square of their length. */
static void takes_long_lines(void **state)
{
	static const char *const words[] = { "password", "://a:", "identified by ", "\\\"pwd\\" };
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		struct str line = str_new(arena);

		while (line.length < 256 * 1024)
			str_add(&line, words[i]);
		assert_non_null(redact_text(arena, line.text));
	}
	arena_free(arena);
}

static void knows_secret_keys(void **state)
{
	(void)state;
	assert_true(redact_is_secret("oms_meta_password"));
	assert_true(redact_is_secret("metricServerPassword"));
	assert_true(redact_is_secret("apsara_audit_sls_access_key"));
	assert_true(redact_is_secret("apsara_audit_sls_access_secret"));
	assert_false(redact_is_secret("oms_meta_user"));
	assert_false(redact_is_secret("cm_url"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(masks_secrets),
		cmocka_unit_test(takes_long_lines),
		cmocka_unit_test(knows_secret_keys),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
