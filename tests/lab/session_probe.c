/*
 * A session from the command line, for the tests of checks/probe/session: signs in, runs the
 * statements that the arguments name in one session_run for each "--run", and prints what came as
 * one line of JSON. A statement that starts with "trivial:" is marked so.
 */
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <unistd.h>

#include <jansson.h>

#include "catalog/base/arena.h"
#include "catalog/base/clock.h"
#include "catalog/base/str.h"
#include "checks/probe/session.h"

static int cancel_pipe[2];

static void cancel(int signal_number)
{
	ssize_t written = write(cancel_pipe[1], "", 1);

	(void)signal_number;
	(void)written;
}

static json_t *text(const char *bytes)
{
	json_t *json = bytes ? json_string(bytes) : json_null();

	return json ? json : json_string("(not UTF-8)");
}

static json_t *status_json(const struct group_status *status)
{
	return json_pack("{s:s, s:i, s:o, s:o}", "failure",
	                 status->state == GROUP_GATHERED ? "none" : failure_name(status->failure),
	                 "error", (int)status->error, "sqlstate", text(status->sqlstate), "text",
	                 text(status->text));
}

static json_t *statement_json(const struct statement *statement)
{
	json_t *json = status_json(&statement->status);
	const struct rows *rows = &statement->rows;
	json_t *cells = json_array();

	for (size_t i = 0; i < rows->count && i < 100; i++) {
		json_t *row = json_array();

		for (size_t j = 0; j < rows->columns; j++)
			json_array_append_new(row, text(rows->cells[i * rows->columns + j]));
		json_array_append_new(cells, row);
	}
	json_object_set_new(json, "count", json_integer((json_int_t)rows->count));
	json_object_set_new(json, "rows", cells);
	return json;
}

static json_t *run(struct arena *arena, struct session *session, char **arguments, int count)
{
	struct statement *statements = arena_array(arena, (size_t)count + 1, sizeof(*statements));
	json_t *answers = json_array();

	for (int i = 0; i < count; i++) {
		statements[i].trivial = str_starts(arguments[i], "trivial:");
		statements[i].sql = arguments[i] + (statements[i].trivial ? 8 : 0);
	}
	session_run(session, statements, (size_t)count);
	for (int i = 0; i < count; i++)
		json_array_append_new(answers, statement_json(&statements[i]));
	return answers;
}

static json_t *run_all(struct arena *arena, struct session *session, char **arguments, int count)
{
	json_t *runs = json_array();

	for (int from = 0, i = 0; i <= count; i++) {
		if (i < count && !str_equal(arguments[i], "then"))
			continue;
		json_array_append_new(runs, run(arena, session, arguments + from, i - from));
		from = i + 1;
	}
	return runs;
}

enum option_id { HOST, PORT, SOCKET, USER, PASSWORD, TLS, CA, CERT, KEY, TIMEOUT, LIMIT, CAP };

static const struct option options[] = {
	{ "host", required_argument, NULL, HOST },
	{ "port", required_argument, NULL, PORT },
	{ "socket", required_argument, NULL, SOCKET },
	{ "user", required_argument, NULL, USER },
	{ "password", required_argument, NULL, PASSWORD },
	{ "tls", required_argument, NULL, TLS },
	{ "ca", required_argument, NULL, CA },
	{ "cert", required_argument, NULL, CERT },
	{ "key", required_argument, NULL, KEY },
	{ "timeout-ms", required_argument, NULL, TIMEOUT },
	{ "statement-s", required_argument, NULL, LIMIT },
	{ "cap", required_argument, NULL, CAP },
	{ 0 },
};

static long long number(const char *words)
{
	long long value;

	if (!str_to_int(words, &value))
		exit(64);
	return value;
}

static enum tls_mode tls_mode(const char *word)
{
	static const char *const words[] = { "preferred", "required", "verify-ca",
		                             "verify-identity", "off" };

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (str_equal(word, words[i]))
			return (enum tls_mode)i;
	exit(64);
}

static int read_options(int argc, char **argv, struct login *login, struct budget *budget)
{
	int id;

	while ((id = getopt_long(argc, argv, "+", options, NULL)) >= 0) {
		switch (id) {
		case HOST:
			login->host = optarg;
			break;
		case PORT:
			login->port = (unsigned)number(optarg);
			break;
		case SOCKET:
			login->socket = optarg;
			break;
		case USER:
			login->user = optarg;
			break;
		case PASSWORD:
			login->password = optarg;
			break;
		case TLS:
			login->tls = tls_mode(optarg);
			break;
		case CA:
			login->ca = optarg;
			break;
		case CERT:
			login->cert = optarg;
			break;
		case KEY:
			login->key = optarg;
			break;
		case TIMEOUT:
			budget->deadline_ms += number(optarg);
			break;
		case LIMIT:
			budget->statement_seconds = (unsigned)number(optarg);
			break;
		case CAP:
			budget->byte_cap = (size_t)number(optarg);
			break;
		default:
			exit(64);
		}
	}
	return optind;
}

int main(int argc, char **argv)
{
	int64_t started = clock_monotonic_ms();
	struct arena *arena = arena_new();
	struct login login = { .host = NULL, .port = 3306, .tls = TLS_PREFERRED };
	struct budget budget = { .deadline_ms = started,
		                 .statement_seconds = 30,
		                 .byte_cap = 64 << 20 };
	struct group_status why = { .state = GROUP_GATHERED };
	int first = read_options(argc, argv, &login, &budget);
	struct session *session;
	struct session_cost cost = { 0 };
	json_t *report;

	if (pipe2(cancel_pipe, O_CLOEXEC))
		return 70;
	signal(SIGINT, cancel);
	budget.cancel_fd = cancel_pipe[0];
	session = session_open(arena, &login, &budget, &why);
	report = json_pack("{s:o}", "open", status_json(&why));
	if (session) {
		json_object_set_new(report, "version", text(session_version(session)));
		json_object_set_new(report, "tls", text(session_tls(session)));
		json_object_set_new(report, "runs",
		                    run_all(arena, session, argv + first, argc - first));
		cost = session_cost(session);
	}
	session_close(session);
	json_object_set_new(
		report, "cost",
		json_pack("{s:i, s:i, s:i, s:I, s:b}", "connects", (int)cost.connects, "flights",
	                  (int)cost.flights, "statements", (int)cost.statements, "bytes_read",
	                  (json_int_t)cost.bytes_read, "one_by_one", (int)cost.one_by_one));
	json_object_set_new(report, "ms", json_integer(clock_monotonic_ms() - started));
	json_dumpf(report, stdout, JSON_SORT_KEYS);
	putchar('\n');
	json_decref(report);
	arena_free(arena);
	return 0;
}
