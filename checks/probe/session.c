#include "checks/probe/session.h"

#include <pthread.h>
#include <string.h>

#include "catalog/base/arena.h"
#include "catalog/base/clock.h"
#include "checks/probe/session_client.h"
#include "checks/probe/session_kill.h"

enum {
	FLIGHT_COUNT = 12,       /* more do not fit the first window of TCP: a round trip more */
	FLIGHT_BYTES = 64 << 10, /* more may stick while the server waits for us to read */
	KILL_MS = 1000,          /* for the second connection that ends a statement */
	AFTER_KILL_MS = 1000,    /* for the statement to come back after that */
	AFTER_DEADLINE_MS = 900, /* for clearing up when the run is over */
	SILENT_MS = 2000,        /* no server takes longer for a trivial statement */
	ER_QUERY_INTERRUPTED = 1317,
};

struct session {
	struct arena *arena;
	const struct login *login;
	struct budget budget;
	struct session_cost cost;
	struct client client;
	bool is_open;
	bool has_reopened;        /* once is enough */
	struct client_error down; /* why there is no connection any more */
	const char *version, *tls;
	const char **settings; /* trivial statements that were answered, for a new connection */
	size_t setting_count, setting_room;
};

/* Statements in flight on one connection. */
struct flight {
	struct statement *statements[FLIGHT_COUNT];
	const char *sqls[FLIGHT_COUNT];
	size_t count;
	size_t answered;
	bool was_struck; /* a KILL QUERY was sent meanwhile */
};

/* --- status ----------------------------------------------------------------------------------- */

static struct group_status status_of(struct arena *arena, const struct client_error *why)
{
	return (struct group_status){
		.state = GROUP_FAILED,
		.failure = why->failure,
		.error = why->error,
		.sqlstate = *why->sqlstate ? arena_strdup(arena, why->sqlstate) : NULL,
		.text = *why->text ? arena_strdup(arena, why->text) : NULL,
	};
}

static void fail_statement(struct session *session, struct statement *statement,
                           const struct client_error *why)
{
	statement->status = status_of(session->arena, why);
	statement->rows = (struct rows){ 0 };
}

static bool is_answered(const struct statement *statement)
{
	return statement->status.state != GROUP_NOT_ASKED;
}

/* --- connections ------------------------------------------------------------------------------ */

static bool open_client(struct session *session, struct client_error *why)
{
	uint64_t used = session->cost.bytes_read;
	size_t cap = used < session->budget.byte_cap ? session->budget.byte_cap - used : 1;
	struct wait wait = wait_until(session->budget.deadline_ms, cap, session->budget.cancel_fd);
	const char *cipher;

	session->cost.connects++;
	session->is_open = client_open(&session->client, session->login, wait, NULL, why);
	if (!session->is_open) {
		session->cost.bytes_read += session->client.wait.bytes_read;
		return false;
	}
	cipher = client_cipher(&session->client);
	session->version = arena_strdup(session->arena, client_version(&session->client));
	session->tls = arena_strdup(session->arena, cipher);
	return true;
}

struct session *session_open(struct arena *arena, const struct login *login,
                             const struct budget *budget, struct group_status *ret_why)
{
	struct session *session = arena_new_of(arena, struct session);
	struct client_error why;

	session->arena = arena;
	session->login = login;
	session->budget = *budget;
	client_thread_begin();
	if (open_client(session, &why))
		return session;
	client_thread_end();
	*ret_why = status_of(arena, &why);
	return NULL;
}

static void cut(struct session *session)
{
	if (!session->is_open)
		return;
	session->cost.bytes_read += session->client.wait.bytes_read;
	session->client.wait.bytes_read = 0;
	session->is_open = false;
	client_cut(&session->client);
}

/* Ends what a connection that was cut may have left running, which may be any statement of the
 * flight: the server reads on in what it was sent. */
static void clear_up(struct session *session, const struct flight *flight)
{
	int64_t now = clock_monotonic_ms();
	struct kill kill = { .client = &session->client,
		             .sqls = flight->sqls + flight->answered,
		             .count = flight->count - flight->answered,
		             .deadline_ms = now + AFTER_DEADLINE_MS,
		             .until_gone = true };

	kill_now(&kill);
	session->cost.connects += kill.connects;
	session->cost.bytes_read += kill.bytes_read;
}

/* --- one statement's time --------------------------------------------------------------------- */

/* A statement that is waited for. */
struct watch {
	struct session *session;
	struct kill kill;
	pthread_t thread;
	bool is_killing;
};

/* Called by the wait when the statement has had its time. The wait then goes on, so that the
 * statement fails alone and what follows it in the flight still comes. */
static void end_statement(void *data)
{
	struct watch *watch = data;
	struct wait *wait = &watch->session->client.wait;
	int64_t now = clock_monotonic_ms();

	wait->at_limit = NULL;
	wait->limit_ms = now + KILL_MS + AFTER_KILL_MS;
	watch->kill.deadline_ms = now + KILL_MS;
	if (watch->kill.deadline_ms > wait->deadline_ms)
		watch->kill.deadline_ms = wait->deadline_ms;
	watch->is_killing = !kill_start(&watch->thread, &watch->kill);
}

static void begin_watch(struct watch *watch, struct flight *flight)
{
	struct session *session = watch->session;
	struct wait *wait = &session->client.wait;
	const struct statement *statement = flight->statements[flight->answered];
	int64_t now = clock_monotonic_ms();
	int64_t quarter = (wait->deadline_ms - now) / 4;

	watch->kill = (struct kill){ .client = &session->client,
		                     .sqls = &flight->sqls[flight->answered],
		                     .count = 1 };
	wait->limit_ms = now + session->budget.statement_seconds * (int64_t)1000;
	wait->at_limit = end_statement;
	wait->limit_data = watch;
	wait->silent_ms = INT64_MAX;
	if (statement->trivial && flight->answered)
		wait->silent_ms = now + (quarter < SILENT_MS ? quarter : SILENT_MS);
}

/* Returns whether the statement was sent a KILL QUERY, or at least should have been. */
static bool end_watch(struct watch *watch)
{
	struct session *session = watch->session;

	session->client.wait.limit_ms = INT64_MAX;
	session->client.wait.silent_ms = INT64_MAX;
	session->client.wait.at_limit = NULL;
	if (!watch->is_killing)
		return session->client.wait.end == WAIT_LIMIT;
	pthread_join(watch->thread, NULL);
	session->cost.connects += watch->kill.connects;
	session->cost.bytes_read += watch->kill.bytes_read;
	return true;
}

static void fail_for_time(struct session *session, struct statement *statement,
                          struct client_error why)
{
	char words[CLIENT_TEXT_SIZE];

	snprintf(words, sizeof(words), "ended after %u s, the limit for one statement%s%.900s",
	         session->budget.statement_seconds, why.error ? ": " : "",
	         why.error ? why.text : "");
	memcpy(why.text, words, sizeof(words));
	why.failure = FAILURE_TIMEOUT;
	fail_statement(session, statement, &why);
}

/* --- flights ---------------------------------------------------------------------------------- */

static void remember_setting(struct session *session, const char *sql)
{
	if (session->setting_count == session->setting_room) {
		size_t room = session->setting_room ? session->setting_room * 2 : 8;
		const char **settings = arena_array(session->arena, room, sizeof(*settings));

		for (size_t i = 0; i < session->setting_count; i++)
			settings[i] = session->settings[i];
		session->settings = settings;
		session->setting_room = room;
	}
	session->settings[session->setting_count++] = arena_strdup(session->arena, sql);
}

/* The next statements that have no answer yet, as many as one flight carries. */
static struct flight next_flight(const struct session *session, struct statement *statements,
                                 size_t count)
{
	size_t most = session->cost.one_by_one ? 1 : FLIGHT_COUNT;
	struct flight flight = { .count = 0 };
	size_t bytes = 0;

	for (size_t i = 0; i < count && flight.count < most; i++) {
		size_t length = strlen(statements[i].sql);

		if (is_answered(&statements[i]))
			continue;
		if (flight.count && bytes + length > FLIGHT_BYTES)
			break;
		bytes += length;
		flight.sqls[flight.count] = statements[i].sql;
		flight.statements[flight.count++] = &statements[i];
	}
	return flight;
}

/* Reads the answer to the next statement of the flight. False: the connection is lost. */
static bool read_one(struct session *session, struct flight *flight, struct client_error *why)
{
	struct statement *statement = flight->statements[flight->answered];
	struct watch watch = { .session = session };
	bool is_read, has_had_its_time;

	*why = (struct client_error){ .failure = FAILURE_NONE };
	begin_watch(&watch, flight);
	is_read = client_receive(&session->client, session->arena, &statement->rows, why);
	has_had_its_time = end_watch(&watch);
	if (!is_read && client_is_lost(&session->client, why)) {
		if (session->client.wait.end == WAIT_LIMIT)
			fail_for_time(session, statement, *why);
		return false;
	}
	flight->answered++;
	/* Even an answer without an error: a killed SLEEP() gives one. */
	if (has_had_its_time)
		fail_for_time(session, statement, *why);
	/* The KILL QUERY may have come a moment late and met this one: it runs once more. */
	else if (!is_read && why->error == ER_QUERY_INTERRUPTED && flight->was_struck)
		statement->status.state = GROUP_NOT_ASKED;
	else if (!is_read)
		fail_statement(session, statement, why);
	else
		statement->status = (struct group_status){ .state = GROUP_GATHERED };
	flight->was_struck |= has_had_its_time;
	if (is_read && statement->trivial && statement->status.state == GROUP_GATHERED)
		remember_setting(session, statement->sql);
	return true;
}

/* Sends a flight and reads its answers. False: the connection was lost on the way. */
static bool fly(struct session *session, struct flight *flight, struct client_error *why)
{
	session->cost.flights++;
	for (size_t i = 0; i < flight->count; i++)
		if (!client_send(&session->client, flight->sqls[i], why))
			return false;
	while (flight->answered < flight->count)
		if (!read_one(session, flight, why))
			return false;
	return true;
}

/* Signs in anew and brings the connection to where the lost one was: its settings are made again,
 * one by one. A setting that fails now, after it has succeeded, makes the connection useless. */
static bool reopen(struct session *session, struct client_error *why)
{
	session->has_reopened = true;
	session->cost.one_by_one = true;
	if (!open_client(session, why))
		return false;
	for (size_t i = 0; i < session->setting_count; i++) {
		struct statement setting = { .sql = session->settings[i] };
		struct flight flight = { .statements = { &setting },
			                 .sqls = { setting.sql },
			                 .count = 1 };

		if (fly(session, &flight, why) && setting.status.state == GROUP_GATHERED)
			continue;
		cut(session);
		return false;
	}
	return true;
}

/* Whether a lost connection is worth a second one. */
static bool may_reopen(const struct session *session, const struct flight *flight,
                       enum wait_end end, const struct client_error *why)
{
	enum { CR_FILE_ASKED_FOR = 2068 };

	if (session->has_reopened || why->error == CR_FILE_ASKED_FOR)
		return false;
	if (end == WAIT_LIMIT || end == WAIT_SILENT)
		return true;
	return end == WAIT_GOES_ON && flight->count > 1;
}

/* Whether the server may go on with what it was sent: where we gave up, not where it did. */
static bool may_run_on(enum wait_end end)
{
	return end == WAIT_DEADLINE || end == WAIT_LIMIT || end == WAIT_SILENT ||
	       end == WAIT_INTERRUPTED || end == WAIT_TOO_LARGE;
}

/* The connection was lost in a flight. Where a second one is of use, everything without an answer
 * runs on it, one by one; else `down` says why nothing more can be asked. */
static void recover(struct session *session, const struct flight *flight, struct client_error why)
{
	enum wait_end end = session->client.wait.end;

	cut(session);
	if (may_run_on(end))
		clear_up(session, flight);
	if (may_reopen(session, flight, end, &why)) {
		struct client_error again;

		if (reopen(session, &again))
			return;
		if (end == WAIT_SILENT || again.failure == FAILURE_TIMEOUT ||
		    again.failure == FAILURE_INTERRUPTED)
			why = again;
	}
	session->down = why;
}

void session_run(struct session *session, struct statement *statements, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		statements[i].status = (struct group_status){ .state = GROUP_NOT_ASKED };
		statements[i].rows = (struct rows){ 0 };
	}
	session->cost.statements += count;
	for (;;) {
		struct flight flight = next_flight(session, statements, count);
		struct client_error why;

		if (!flight.count)
			return;
		if (!session->is_open)
			break;
		if (!fly(session, &flight, &why))
			recover(session, &flight, why);
	}
	for (size_t i = 0; i < count; i++)
		if (!is_answered(&statements[i]))
			fail_statement(session, &statements[i], &session->down);
}

const char *session_version(const struct session *session)
{
	return session->version;
}

const char *session_tls(const struct session *session)
{
	return session->tls;
}

struct session_cost session_cost(const struct session *session)
{
	struct session_cost cost = session->cost;

	if (session->is_open)
		cost.bytes_read += session->client.wait.bytes_read;
	return cost;
}

void session_close(struct session *session)
{
	if (!session)
		return;
	if (session->is_open)
		client_close(&session->client);
	session->is_open = false;
	client_thread_end();
}
