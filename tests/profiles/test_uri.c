#include "profiles/uri.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define PASSWORD "hunter2"

static void assert_text(const char *uri, const char *is, const char *wanted)
{
	if (!is != !wanted || (is && !str_equal(is, wanted)))
		fail_msg("%s: \"%s\" is not \"%s\"", uri, is ? is : "(null)",
		         wanted ? wanted : "(null)");
}

static const struct {
	const char *text;
	struct uri is;
} good[] = {
	{ "mysql://h", { .host = "h" } },
	{ "mysql://h/", { .host = "h" } },
	{ "mysql://h?", { .host = "h" } },
	{ "mysql://mig@10.0.0.1:3306", { .user = "mig", .host = "10.0.0.1", .port = 3306 } },
	{ "mysql://u@h:65535", { .user = "u", .host = "h", .port = 65535 } },
	{ "mysql://u:" PASSWORD "@h", { .user = "u", .password = PASSWORD, .host = "h" } },
	{ "mysql://u:@h", { .user = "u", .password = "", .host = "h" } },
	{ "mysql://u:a:b/c@d@h", { .user = "u", .password = "a:b/c@d", .host = "h" } },
	{ "mysql://u:a%3Fb%25@h", { .user = "u", .password = "a?b%", .host = "h" } },
	{ "mysql://user@tenant#cluster@h:2883",
	  { .user = "user@tenant#cluster", .host = "h", .port = 2883 } },
	{ "mysql://user%40tenant%23cluster@h", { .user = "user@tenant#cluster", .host = "h" } },
	{ "mysql://a%3Ab@h", { .user = "a:b", .host = "h" } },
	{ "mysql://a+b@h", { .user = "a+b", .host = "h" } },
	{ "mysql://u@[::1]:3307", { .user = "u", .host = "::1", .port = 3307 } },
	{ "mysql://u@[fe80::1%25eth0]", { .user = "u", .host = "fe80::1%eth0" } },
	{ "mysql://u@localhost?socket=/run/mysqld/mysqld.sock",
	  { .user = "u", .socket = "/run/mysqld/mysqld.sock" } },
	{ "mysql://u@?socket=/a%20b", { .user = "u", .socket = "/a b" } },
	{ "mysql://?socket=/a", { .socket = "/a" } },
	{ "mysql://u@h?tls=required",
	  { .user = "u", .host = "h", .has_tls = true, .tls = TLS_REQUIRED } },
	{ "mysql://u@h?tls=preferred", { .user = "u", .host = "h", .has_tls = true } },
	{ "mysql://u@h/?tls=verify-identity&ca=/c%40a.pem&cert=c&key=k",
	  { .user = "u",
	    .host = "h",
	    .has_tls = true,
	    .tls = TLS_VERIFY_IDENTITY,
	    .ca = "/c@a.pem",
	    .cert = "c",
	    .key = "k" } },
	{ "mysql://u@h?tls=off", { .user = "u", .host = "h", .has_tls = true, .tls = TLS_OFF } },
	{ "mysql://u@h?ca=/c@a", { .user = "u", .host = "h", .ca = "/c@a" } },
};

static void test_uris_are_read(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		const struct uri *is = &good[i].is;
		struct uri uri;
		const char *why;

		if (uri_parse(arena, good[i].text, &uri, &why))
			fail_msg("%s: %s", good[i].text, why);
		assert_text(good[i].text, uri.user, is->user);
		assert_text(good[i].text, uri.password, is->password);
		assert_text(good[i].text, uri.host, is->host);
		assert_text(good[i].text, uri.socket, is->socket);
		assert_text(good[i].text, uri.ca, is->ca);
		assert_text(good[i].text, uri.cert, is->cert);
		assert_text(good[i].text, uri.key, is->key);
		assert_int_equal(uri.port, is->port);
		assert_int_equal(uri.has_tls, is->has_tls);
		assert_int_equal(uri.tls, is->tls);
	}
	arena_free(arena);
}

static const struct {
	const char *text, *says;
} bad[] = {
	{ "", "begins with mysql://" },
	{ "10.0.0.1:3306", "begins with mysql://" },
	{ "postgres://u@h", "begins with mysql://" },
	{ "mysql:/u@h", "begins with mysql://" },
	{ "mysql://", "names no host" },
	{ "mysql://u@", "names no host" },
	{ "mysql://u@:3306", "names no host" },
	{ "mysql://u@?tls=off", "names no host" },
	{ "mysql://@h", "the user before the @ is empty" },
	{ "mysql://:" PASSWORD "@h", "the user before the @ is empty" },
	{ "mysql://u@h:99999", "a number from 1 to 65535" },
	{ "mysql://u@h:65536", "a number from 1 to 65535" },
	{ "mysql://u@h:0", "a number from 1 to 65535" },
	{ "mysql://u@h:-1", "a number from 1 to 65535" },
	{ "mysql://u@h:", "a number from 1 to 65535" },
	{ "mysql://u@h:33a6", "a number from 1 to 65535" },
	{ "mysql://u@h:000003306", "a number from 1 to 65535" },
	{ "mysql://root:" PASSWORD, "a number from 1 to 65535" },
	{ "mysql://root:123" PASSWORD "?x=1", "a number from 1 to 65535" },
	{ "mysql://u@::1:3306", "stands in brackets" },
	{ "mysql://u@[::1", "stands in brackets" },
	{ "mysql://u@[]", "stands in brackets" },
	{ "mysql://u@[localhost]", "stands in brackets" },
	{ "mysql://u@[::1]3306", "only :port can follow" },
	{ "mysql://u@h/shop", "a path follows the host" },
	{ "mysql://u@a b", "no host name has" },
	{ "mysql://u@h%0a", "no host name has" },
	{ "mysql://u@h,i", "no host name has" },
	{ "mysql://u%0a@h", "the user holds a control character" },
	{ "mysql://u%@h", "two hexadecimal digits" },
	{ "mysql://u%4@h", "two hexadecimal digits" },
	{ "mysql://u%zz@h", "two hexadecimal digits" },
	{ "mysql://u%00@h", "two hexadecimal digits" },
	{ "mysql://u:" PASSWORD "%@h", "two hexadecimal digits" },
	{ "mysql://u@h?tsl=off", "did you mean tls?" },
	{ "mysql://u@h?" PASSWORD "=1", "there are tls, ca, cert, key and socket" },
	{ "mysql://u:" PASSWORD "?x@h", "is written %3F" },
	{ "mysql://u@h?tls=requird", "did you mean required?" },
	{ "mysql://u@h?tls=yes", "preferred, required, verify-ca, verify-identity or off" },
	{ "mysql://u@h?tls=", "tls= is empty" },
	{ "mysql://u@h?tls", "tls= is empty" },
	{ "mysql://u@h?ca=%", "two hexadecimal digits" },
	{ "mysql://u@h?tls=off&tls=off", "tls= stands twice" },
	{ "mysql://u@h?ca=a&ca=b", "ca= stands twice" },
	{ "mysql://u@h?tls=off&", "an option after the '?' is unknown" },
	{ "mysql://u@h?socket=/a", "a socket is on this machine" },
	{ "mysql://u@localhost:3306?socket=/a", "a socket has no port" },
	{ "mysql://u@\xff", "not UTF-8" },
};

static void test_bad_uris_are_refused_without_the_password(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct uri uri = { .port = 7 };
		const char *why = NULL;

		if (!uri_parse(arena, bad[i].text, &uri, &why))
			fail_msg("%s: accepted", bad[i].text);
		if (!strstr(why, bad[i].says))
			fail_msg("%s: \"%s\" lacks \"%s\"", bad[i].text, why, bad[i].says);
		assert_null(strstr(why, PASSWORD));
		assert_int_equal(uri.port, 7);
	}
	arena_free(arena);
}

static void test_tls_words(void **state)
{
	enum tls_mode mode;

	(void)state;
	for (int i = 0; tls_modes[i]; i++) {
		assert_true(tls_mode_find(tls_modes[i], &mode));
		assert_int_equal(mode, i);
	}
	assert_false(tls_mode_find("on", &mode));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_uris_are_read),
		cmocka_unit_test(test_bad_uris_are_refused_without_the_password),
		cmocka_unit_test(test_tls_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
