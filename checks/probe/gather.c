#include "checks/probe/gather.h"

#include "catalog/base/arena.h"
#include "catalog/base/clock.h"
#include "catalog/base/str.h"
#include "checks/probe/mysql_facts.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#define BYTE_CAP ((size_t)64 * 1024 * 1024)
/* A statement still running at the deadline is killed within this time after it. */
#define GRACE_MS 1200
#define STACK_BYTES ((size_t)512 * 1024)

/* --- one endpoint's thread --------------------------------------------------------------------- */

/* What the threads and the one who waits for them share. */
struct crew {
	pthread_mutex_t lock;
	pthread_cond_t done;
	unsigned running;
};

/* Lives in the run's arena, which is not freed after a thread was abandoned: it still uses it. */
struct worker {
	struct crew *crew;
	const struct gather_request *request;
	enum endpoint_id endpoint;
	struct budget budget;
	struct arena *arena;
	struct endpoint_facts facts;
	struct session_cost cost;
	pthread_t thread;
	bool started, finished;
};

static void ask(struct worker *worker)
{
	struct endpoint_facts *facts = &worker->facts;
	const struct login *login = &worker->request->at[worker->endpoint].login;
	struct session *session;
	struct mysql_questions questions;

	session = session_open(worker->arena, login, &worker->budget,
	                       &facts->groups[GROUP_any_connect]);
	if (!session)
		return;
	facts->groups[GROUP_any_connect].state = GROUP_GATHERED;
	facts->groups[GROUP_mysql_greeting].state = GROUP_GATHERED;
	fact_set(facts, FACT_mysql_version, "version", session_version(session));
	facts->tls = session_tls(session);
	questions = mysql_questions(worker->arena, worker->request, worker->endpoint,
	                            endpoint_version(facts));
	session_run(session, questions.statements, questions.count);
	mysql_answers(worker->arena, worker->request, worker->endpoint, &questions, facts);
	worker->cost = session_cost(session);
	session_close(session);
}

static void *work(void *data)
{
	struct worker *worker = data;

	ask(worker);
	pthread_mutex_lock(&worker->crew->lock);
	worker->finished = true;
	worker->crew->running--;
	pthread_cond_signal(&worker->crew->done);
	pthread_mutex_unlock(&worker->crew->lock);
	return NULL;
}

static const char *address(struct arena *arena, const struct login *login)
{
	if (login->socket)
		return login->socket;
	return arena_printf(arena, strchr(login->host, ':') ? "[%s]:%u" : "%s:%u", login->host,
	                    login->port);
}

static struct worker *worker_new(struct arena *arena, struct crew *crew,
                                 const struct gather_request *request, enum endpoint_id endpoint,
                                 int64_t deadline_ms)
{
	struct worker *worker = arena_new_of(arena, struct worker);

	worker->crew = crew;
	worker->request = request;
	worker->endpoint = endpoint;
	worker->arena = arena_new();
	/* A second later than the server's own limit, so that the server's comes first where it has
	 * one and KILL QUERY cannot hit the statement after it. */
	worker->budget = (struct budget){ .deadline_ms = deadline_ms,
		                          .statement_seconds = request->statement_seconds + 1,
		                          .byte_cap = BYTE_CAP,
		                          .cancel_fd = request->cancel_fd };
	return worker;
}

static void worker_start(struct worker *worker)
{
	pthread_attr_t attributes;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_BYTES);
	pthread_mutex_lock(&worker->crew->lock);
	worker->started = pthread_create(&worker->thread, &attributes, work, worker) == 0;
	worker->crew->running += worker->started;
	pthread_mutex_unlock(&worker->crew->lock);
	pthread_attr_destroy(&attributes);
}

/* --- waiting for all ---------------------------------------------------------------------------- */

static void crew_start(struct crew *crew)
{
	pthread_condattr_t attributes;

	pthread_mutex_init(&crew->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&crew->done, &attributes);
	pthread_condattr_destroy(&attributes);
}

static void crew_wait(struct crew *crew, int64_t until_ms)
{
	const struct timespec until = { .tv_sec = until_ms / 1000,
		                        .tv_nsec = until_ms % 1000 * 1000000 };

	pthread_mutex_lock(&crew->lock);
	while (crew->running)
		if (pthread_cond_timedwait(&crew->done, &crew->lock, &until) == ETIMEDOUT)
			break;
	pthread_mutex_unlock(&crew->lock);
}

/* Takes over what a thread found. One that is still held somewhere keeps its memory, and its
 * endpoint has timed out. */
static void collect(struct arena *arena, struct worker *worker, struct facts *facts,
                    struct gather_cost *cost)
{
	struct endpoint_facts *endpoint = &facts->at[worker->endpoint];
	struct group_status *connect = &endpoint->groups[GROUP_any_connect];
	bool finished;

	pthread_mutex_lock(&worker->crew->lock);
	finished = worker->finished;
	pthread_mutex_unlock(&worker->crew->lock);
	if (finished) {
		struct endpoint_facts head = *endpoint;

		pthread_join(worker->thread, NULL);
		*endpoint = worker->facts;
		endpoint->configured = head.configured;
		endpoint->kind = head.kind;
		endpoint->address = head.address;
		endpoint->local = head.local;
		cost->at[worker->endpoint] = worker->cost;
		arena_adopt(arena, worker->arena);
		return;
	}
	connect->state = GROUP_FAILED;
	connect->failure = worker->started ? FAILURE_TIMEOUT : FAILURE_OTHER;
	connect->text = worker->started ? "the name look-up did not come back in time"
	                                : "no thread could be started";
	cost->abandoned |= worker->started;
	if (!worker->started)
		arena_free(worker->arena);
}

struct facts *gather(struct arena *arena, const struct gather_request *request,
                     struct gather_cost *ret_cost)
{
	int64_t deadline_ms = clock_monotonic_ms() + (int64_t)request->timeout_seconds * 1000;
	struct facts *facts = arena_new_of(arena, struct facts);
	struct crew *crew = arena_new_of(arena, struct crew);
	struct worker *workers[ENDPOINT_COUNT] = { NULL };

	*ret_cost = (struct gather_cost){ 0 };
	facts->gathered_ms = clock_wall_ms();
	crew_start(crew);
	for (int i = 0; i < ENDPOINT_COUNT; i++) {
		const struct login *login = &request->at[i].login;

		if (!request->at[i].configured)
			continue;
		facts->at[i].configured = true;
		facts->at[i].kind = KIND_MYSQL;
		facts->at[i].address = address(arena, login);
		facts->at[i].local = login->socket != NULL;
		workers[i] = worker_new(arena, crew, request, (enum endpoint_id)i, deadline_ms);
		worker_start(workers[i]);
	}
	crew_wait(crew, deadline_ms + GRACE_MS);
	for (int i = 0; i < ENDPOINT_COUNT; i++)
		if (workers[i])
			collect(arena, workers[i], facts, ret_cost);
	return facts;
}

void gather_describe(const struct gather_request *request, struct str *out)
{
	for (int i = 0; i < ENDPOINT_COUNT; i++) {
		const struct login *login = &request->at[i].login;

		if (!request->at[i].configured)
			continue;
		str_addf(out, "-- %s %s, user %s\n", endpoint_name((enum endpoint_id)i),
		         address(out->arena, login), login->user);
		mysql_describe(out->arena, request, (enum endpoint_id)i, out);
		str_add(out,
		        "KILL QUERY <own connection>;  -- only for a statement past its limit, "
		        "from a second connection\n\n");
	}
}
