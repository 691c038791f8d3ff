#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "catalog/base/arena.h"
#include "catalog/base/clock.h"
#include "checks/probe/session.h"
#include "checks/probe/session_client.h"
#include "checks/probe/session_failure.h"
#include "checks/probe/session_kill.h"
#include "checks/probe/session_name.h"
#include "checks/probe/session_wait.h"

/* --- the wait --------------------------------------------------------------------------------- */

struct pair {
	int ours, theirs;
	struct wait wait;
};

static int open_pair(void **state)
{
	static struct pair pair;
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, fds))
		return -1;
	pair = (struct pair){ .ours = fds[0], .theirs = fds[1] };
	pair.wait = wait_until(clock_monotonic_ms() + 20000, 1000, -1);
	wait_use(&pair.wait);
	*state = &pair;
	return 0;
}

static int close_pair(void **state)
{
	struct pair *pair = *state;

	wait_use(NULL);
	close(pair->ours);
	close(pair->theirs);
	return 0;
}

static void test_wait_returns_when_bytes_come(void **state)
{
	struct pair *pair = *state;

	assert_int_equal(write(pair->theirs, "x", 1), 1);
	assert_int_equal(wait_for_socket(pair->ours, 1, 1), 1);
	assert_int_equal(pair->wait.stage, STAGE_GREETING);
	assert_true(fcntl(pair->ours, F_GETFL) & O_NONBLOCK);
}

static void test_wait_ends_at_the_deadline(void **state)
{
	struct pair *pair = *state;

	pair->wait.deadline_ms = clock_monotonic_ms() + 30;
	errno = 0;
	assert_int_equal(wait_for_socket(pair->ours, 1, 3600 * 1000), 0);
	assert_int_equal(errno, ETIMEDOUT);
	assert_int_equal(pair->wait.end, WAIT_DEADLINE);
	assert_true(clock_monotonic_ms() >= pair->wait.deadline_ms);
	/* And at once from then on. */
	assert_int_equal(write(pair->theirs, "x", 1), 1);
	assert_int_equal(wait_for_socket(pair->ours, 1, 1), 0);
}

static void test_wait_without_anybody_ends_at_once(void **state)
{
	struct pair *pair = *state;

	wait_use(NULL);
	assert_int_equal(wait_for_socket(pair->ours, 1, 3600 * 1000), 0);
}

static void test_wait_is_interrupted(void **state)
{
	struct pair *pair = *state;
	int cancel[2];

	assert_int_equal(pipe(cancel), 0);
	assert_int_equal(write(cancel[1], "x", 1), 1);
	pair->wait.cancel_fd = cancel[0];
	assert_int_equal(wait_for_socket(pair->ours, 1, 1), -1);
	assert_int_equal(pair->wait.end, WAIT_INTERRUPTED);
	close(cancel[0]);
	close(cancel[1]);
}

static void count_limit(void *data)
{
	struct pair *pair = data;

	pair->wait.at_limit = NULL;
	pair->wait.limit_ms = clock_monotonic_ms() + 10;
	pair->wait.socket_error++;
}

static void test_wait_calls_once_at_the_limit_and_then_ends(void **state)
{
	struct pair *pair = *state;

	pair->wait.limit_ms = clock_monotonic_ms() + 10;
	pair->wait.at_limit = count_limit;
	pair->wait.limit_data = pair;
	assert_int_equal(wait_for_socket(pair->ours, 1, 1), 0);
	assert_int_equal(pair->wait.socket_error, 1);
	assert_int_equal(pair->wait.end, WAIT_LIMIT);
}

static void test_silence_is_lifted_by_a_byte(void **state)
{
	struct pair *pair = *state;

	pair->wait.silent_ms = clock_monotonic_ms() + 20;
	pair->wait.stage = STAGE_STATEMENTS;
	wait_saw(pair->ours, false, (const unsigned char *)"x", 1);
	pair->wait.limit_ms = clock_monotonic_ms() + 60;
	wait_for_socket(pair->ours, 1, 1);
	assert_int_equal(pair->wait.end, WAIT_LIMIT);
	pair->wait = wait_until(clock_monotonic_ms() + 20000, 1000, -1);
	pair->wait.silent_ms = clock_monotonic_ms() + 10;
	wait_for_socket(pair->ours, 1, 1);
	assert_int_equal(pair->wait.end, WAIT_SILENT);
}

static bool is_shut(int fd)
{
	return send(fd, "x", 1, MSG_NOSIGNAL) < 0 && errno == EPIPE;
}

static void test_more_than_the_cap_shuts_the_socket(void **state)
{
	struct pair *pair = *state;
	unsigned char bytes[600] = { 0 };

	pair->wait.stage = STAGE_STATEMENTS;
	wait_saw(pair->ours, false, bytes, sizeof(bytes));
	assert_int_equal(pair->wait.end, WAIT_GOES_ON);
	assert_false(is_shut(pair->ours));
	wait_saw(pair->ours, false, bytes, sizeof(bytes));
	assert_int_equal(pair->wait.end, WAIT_TOO_LARGE);
	assert_int_equal(pair->wait.bytes_read, 1200);
	assert_true(is_shut(pair->ours));
}

static void test_closed_is_seen(void **state)
{
	struct pair *pair = *state;

	wait_saw(pair->ours, true, NULL, 10);
	assert_false(pair->wait.has_closed);
	wait_saw(pair->ours, false, NULL, 0);
	assert_true(pair->wait.has_closed);
}

/* --- the greeting ----------------------------------------------------------------------------- */

enum { WITH_TLS = 0x08, WITHOUT_TLS = 0x00 };

/* A greeting whose packet claims to be `claimed` bytes shorter than it is. */
static size_t greeting(unsigned char *bytes, unsigned char flags, size_t shorter)
{
	static const unsigned char head[] = { 0, 0, 0, 0, 10, '8', '.', '0', '.', '3', '6', 0 };
	size_t length = sizeof(head) + 4 + 8 + 1;

	memset(bytes, 0, 64);
	memcpy(bytes, head, sizeof(head));
	bytes[length] = 0xff & ~flags;
	bytes[length + 1] = flags;
	length += 2;
	bytes[0] = (unsigned char)(length - 4 - shorter);
	return length;
}

static enum wait_end look(struct pair *pair, bool need_tls, const unsigned char *bytes,
                          size_t length, size_t step)
{
	pair->wait = wait_until(clock_monotonic_ms() + 20000, 1000, -1);
	pair->wait.need_tls = need_tls;
	for (size_t i = 0; i < length; i += step)
		wait_saw(pair->ours, false, bytes + i,
		         (ssize_t)(length - i < step ? length - i : step));
	return pair->wait.end;
}

static void test_greeting_is_looked_at_for_tls(void **state)
{
	struct pair *pair = *state;
	unsigned char bytes[64];
	size_t length = greeting(bytes, WITH_TLS, 0);

	for (size_t step = 1; step <= length; step++)
		assert_int_equal(look(pair, true, bytes, length, step), WAIT_GOES_ON);
	assert_int_equal(pair->wait.stage, STAGE_SIGN_IN);
	length = greeting(bytes, WITHOUT_TLS, 0);
	assert_int_equal(look(pair, false, bytes, length, length), WAIT_GOES_ON);
	for (size_t step = 1; step <= length; step++)
		assert_int_equal(look(pair, true, bytes, length, step), WAIT_PLAIN);
	assert_true(is_shut(pair->ours));
}

static void test_flags_behind_the_packet_do_not_count(void **state)
{
	struct pair *pair = *state;
	unsigned char bytes[64];
	size_t length = greeting(bytes, WITH_TLS, 1);

	assert_int_equal(look(pair, true, bytes, length, length), WAIT_PLAIN);
	length = greeting(bytes, WITH_TLS, 0);
	/* A version without an end. */
	memset(bytes + 5, 'x', length - 5);
	assert_int_equal(look(pair, true, bytes, length, length), WAIT_PLAIN);
}

static void test_a_version_longer_than_we_keep_has_no_tls(void **state)
{
	struct pair *pair = *state;
	unsigned char bytes[2000];

	memset(bytes, 'x', sizeof(bytes));
	memcpy(bytes, (const unsigned char[]){ 0xcc, 7, 0, 0, 10 }, 5);
	pair->wait.byte_cap = 5000;
	assert_int_equal(look(pair, true, bytes, 900, 100), WAIT_PLAIN);
	assert_int_equal(look(pair, false, bytes, 900, 100), WAIT_GOES_ON);
}

static void test_what_is_no_greeting(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
		enum wait_end end;
	} cases[] = {
		{ "SSH-2.0-OpenSSH_9.2p1\r\n", 23, WAIT_STRANGE },
		{ "HTTP/1.1 400 Bad Request\r\n", 26, WAIT_STRANGE },
		{ "\x05\0\0\0\x0b\x08\x05\x1a\0", 9, WAIT_STRANGE }, /* the X protocol */
		{ "\x10\0\0\x07\x0a", 5, WAIT_STRANGE },
		{ "\0\0\0\0\0", 5, WAIT_STRANGE },
		{ "\0\0\0\0\x0a", 5, WAIT_STRANGE },
		{ "SSH-", 4, WAIT_GOES_ON },
		{ "\x0a\0\0\0\xff\x10\x04Too man", 14, WAIT_GOES_ON },
		{ "\x0a\0\0\x01\xff\x10\x04Too man", 14, WAIT_GOES_ON },
	};
	struct pair *pair = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const unsigned char *bytes = (const unsigned char *)cases[i].bytes;

		assert_int_equal(look(pair, true, bytes, cases[i].length, 3), cases[i].end);
	}
}

/* --- grades ----------------------------------------------------------------------------------- */

static void test_errors_are_graded(void **state)
{
	static const char missing[] = "Plugin x could not be loaded: x.so: cannot open";

	(void)state;
	assert_int_equal(failure_of_error(1045, "Access denied"), FAILURE_CREDENTIALS);
	assert_int_equal(failure_of_error(1045, missing), FAILURE_AUTH_PLUGIN);
	assert_int_equal(failure_of_error(1045, NULL), FAILURE_CREDENTIALS);
	assert_int_equal(failure_of_error(2059, missing), FAILURE_AUTH_PLUGIN);
	assert_int_equal(failure_of_error(1040, ""), FAILURE_BLOCKED);
	assert_int_equal(failure_of_error(1129, ""), FAILURE_BLOCKED);
	assert_int_equal(failure_of_error(1130, ""), FAILURE_CREDENTIALS);
	assert_int_equal(failure_of_error(3118, ""), FAILURE_BLOCKED);
	assert_int_equal(failure_of_error(1227, ""), FAILURE_PRIVILEGE);
	assert_int_equal(failure_of_error(4012, "Timeout"), FAILURE_TIMEOUT);
	assert_int_equal(failure_of_error(4012, "Something of MariaDB"), FAILURE_OTHER);
	assert_int_equal(failure_of_error(1064, ""), FAILURE_OTHER);
	assert_int_equal(failure_of_error(0, ""), FAILURE_OTHER);
	assert_int_equal(failure_of_socket(ECONNREFUSED), FAILURE_REFUSED);
	assert_int_equal(failure_of_socket(EHOSTUNREACH), FAILURE_UNREACHABLE);
	assert_int_equal(failure_of_socket(ENOENT), FAILURE_UNREACHABLE);
	assert_int_equal(failure_of_socket(ETIMEDOUT), FAILURE_TIMEOUT);
	assert_true(error_ends_connection(2013));
	assert_false(error_ends_connection(1317));
	assert_false(error_ends_connection(3024));
}

static void test_running_statements_are_known_again(void **state)
{
	(void)state;
	assert_true(kill_matches("SELECT 1", "SELECT 1"));
	assert_true(kill_matches("SELECT 1", " \n\tSELECT 1 ; "));
	assert_true(kill_matches("SELECT '? x'", "SELECT '\xf0\x9f\x98\x80 x'"));
	assert_false(kill_matches("INSERT INTO t SELECT 1", "SELECT 1"));
	assert_false(kill_matches("SELECT", "SELECT 1"));
	assert_false(kill_matches("SELECT 1", ""));
	assert_false(kill_matches("", "SELECT 1"));
	assert_false(kill_matches("", " ; "));
}

/* --- the library and names -------------------------------------------------------------------- */

static void test_a_missing_library_names_the_package(void **state)
{
	struct client_error why;

	(void)state;
	assert_false(client_library_is_usable("libmigdoctor-nowhere.so.3", &why));
	assert_int_equal(why.failure, FAILURE_LIBRARY);
	assert_non_null(strstr(why.text, "libmigdoctor-nowhere.so.3"));
	assert_non_null(strstr(why.text, "libmariadb3"));
}

static void test_a_library_without_the_functions_is_refused(void **state)
{
	struct client_error why;

	(void)state;
	assert_false(client_library_is_usable("libm.so.6", &why));
	assert_int_equal(why.failure, FAILURE_LIBRARY);
	assert_non_null(strstr(why.text, "lacks mysql_"));
	assert_non_null(strstr(why.text, "libmariadb3"));
}

static void test_names(void **state)
{
	struct name_addresses found;
	int64_t soon = clock_monotonic_ms() + 20000;

	(void)state;
	assert_int_equal(name_look_up("127.0.0.1", soon, -1, &found), 0);
	assert_int_equal(found.count, 1);
	assert_string_equal(found.numeric[0], "127.0.0.1");
	assert_int_equal(name_look_up("::1", soon, -1, &found), 0);
	assert_string_equal(found.numeric[0], "::1");
	assert_int_equal(name_look_up("localhost", soon, -1, &found), 0);
	assert_true(found.count >= 1);
	assert_int_not_equal(name_look_up("no.such.name.invalid", soon, -1, &found), 0);
	assert_int_equal(name_look_up("localhost", clock_monotonic_ms() - 1, -1, &found),
	                 NAME_NOT_IN_TIME);
}

static void test_a_session_after_its_deadline(void **state)
{
	struct login login = { .host = "127.0.0.1", .port = 1, .user = "nobody" };
	struct budget budget = { .deadline_ms = clock_monotonic_ms() - 1,
		                 .statement_seconds = 1,
		                 .byte_cap = 1000,
		                 .cancel_fd = -1 };
	struct arena *arena = arena_new();
	struct group_status why;

	(void)state;
	assert_null(session_open(arena, &login, &budget, &why));
	assert_int_equal(why.state, GROUP_FAILED);
	assert_int_equal(why.failure, FAILURE_TIMEOUT);
	session_close(NULL);
	arena_free(arena);
}

#define WITH_PAIR(test) cmocka_unit_test_setup_teardown(test, open_pair, close_pair)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PAIR(test_wait_returns_when_bytes_come),
		WITH_PAIR(test_wait_ends_at_the_deadline),
		WITH_PAIR(test_wait_without_anybody_ends_at_once),
		WITH_PAIR(test_wait_is_interrupted),
		WITH_PAIR(test_wait_calls_once_at_the_limit_and_then_ends),
		WITH_PAIR(test_silence_is_lifted_by_a_byte),
		WITH_PAIR(test_more_than_the_cap_shuts_the_socket),
		WITH_PAIR(test_closed_is_seen),
		WITH_PAIR(test_greeting_is_looked_at_for_tls),
		WITH_PAIR(test_flags_behind_the_packet_do_not_count),
		WITH_PAIR(test_a_version_longer_than_we_keep_has_no_tls),
		WITH_PAIR(test_what_is_no_greeting),
		cmocka_unit_test(test_errors_are_graded),
		cmocka_unit_test(test_running_statements_are_known_again),
		cmocka_unit_test(test_a_missing_library_names_the_package),
		cmocka_unit_test(test_a_library_without_the_functions_is_refused),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_a_session_after_its_deadline),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
