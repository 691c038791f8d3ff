#include "checks/probe/gather.h"

#include "catalog/base/arena.h"
#include "catalog/base/clock.h"
#include "catalog/base/str.h"
#include "checks/probe/mysql_facts.h"
#include "checks/probe/oms_facts.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#define BYTE_CAP ((size_t)64 * 1024 * 1024)
/* A statement still running at the deadline is killed within this time after it. */
#define GRACE_MS 1200
#define STACK_BYTES ((size_t)512 * 1024)

/* --- what each kind of endpoint is asked ------------------------------------------------------- */

typedef void probe(struct arena *arena, const struct gather_request *request,
                   const struct budget *budget, struct endpoint_facts *ret);
typedef void describe(struct arena *arena, const struct gather_request *request, struct str *out);

/* Those of the MySQL family share mysql_facts.c. */
static const struct {
	probe *probe;
	describe *describe;
} probes[ENDPOINT_COUNT] = {
	[ENDPOINT_METADB] = { NULL, metadb_describe },
	[ENDPOINT_CM] = { cm_facts, cm_describe },
	[ENDPOINT_CONSOLE] = { console_facts, console_describe },
	[ENDPOINT_SUPERVISOR] = { supervisor_facts, supervisor_describe },
	[ENDPOINT_SUPERVISORD] = { supervisord_facts, supervisord_describe },
	[ENDPOINT_HOST] = { host_facts, host_describe },
};

bool gather_wants(const struct gather_request *request, enum endpoint_id endpoint,
                  enum group_id group)
{
	for (int i = 0; i < FACT_COUNT; i++)
		if (request->wanted[endpoint][i] && fact_infos[i].group == group)
			return true;
	return false;
}

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
	probe *probe;        /* NULL: the MySQL family's */
	enum group_id group; /* what has failed where the thread does not come back */
	struct budget budget;
	struct arena *arena;
	struct endpoint_facts facts;
	struct session_cost cost;
	pthread_t thread;
	bool started, finished;
};

static void ask_mysql(struct worker *worker)
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
	if (worker->endpoint == ENDPOINT_METADB)
		metadb_facts(worker->arena, worker->request, session, facts);
	worker->cost = session_cost(session);
	session_close(session);
}

static void *work(void *data)
{
	struct worker *worker = data;

	if (worker->probe)
		worker->probe(worker->arena, worker->request, &worker->budget, &worker->facts);
	else
		ask_mysql(worker);
	pthread_mutex_lock(&worker->crew->lock);
	worker->finished = true;
	worker->crew->running--;
	pthread_cond_signal(&worker->crew->done);
	pthread_mutex_unlock(&worker->crew->lock);
	return NULL;
}

static const char *mysql_address(struct arena *arena, const struct login *login)
{
	if (login->socket)
		return login->socket;
	return arena_printf(arena, strchr(login->host, ':') ? "[%s]:%u" : "%s:%u", login->host,
	                    login->port);
}

static const char *address(struct arena *arena, const struct gather_request *request,
                           enum endpoint_id endpoint)
{
	const char *root = request->oms.root;

	switch (endpoint_kind(endpoint)) {
	case KIND_MYSQL:
		return mysql_address(arena, &request->at[endpoint].login);
	case KIND_HTTP:
		return request->at[endpoint].service.url;
	case KIND_HOST:
		break;
	}
	return root && *root ? root : "/";
}

static bool is_local(const struct gather_request *request, enum endpoint_id endpoint)
{
	switch (endpoint_kind(endpoint)) {
	case KIND_MYSQL:
		return request->at[endpoint].login.socket;
	case KIND_HTTP:
		return str_starts(request->at[endpoint].service.url, "unix:");
	case KIND_HOST:
		break;
	}
	return true;
}

static struct worker *worker_new(struct arena *arena, struct crew *crew,
                                 const struct gather_request *request, enum endpoint_id endpoint,
                                 int64_t deadline_ms)
{
	struct worker *worker = arena_new_of(arena, struct worker);

	worker->crew = crew;
	worker->request = request;
	worker->endpoint = endpoint;
	worker->probe = probes[endpoint].probe;
	worker->group = GROUP_any_connect;
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

static const char *lateness(enum endpoint_id endpoint)
{
	return endpoint_kind(endpoint) == KIND_HOST
	               ? "reading this machine's files did not come to an end in time"
	               : "the name look-up did not come back in time";
}

/* Takes over what a thread found. One that is still held somewhere keeps its memory, and its
 * endpoint has timed out. */
static void collect(struct arena *arena, struct worker *worker, struct facts *facts,
                    struct gather_cost *cost)
{
	struct endpoint_facts *endpoint = &facts->at[worker->endpoint];
	struct group_status *group = &endpoint->groups[worker->group];
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
	*group = (struct group_status){
		.state = GROUP_FAILED,
		.failure = worker->started ? FAILURE_TIMEOUT : FAILURE_OTHER,
		.text = worker->started ? lateness(worker->endpoint) : "no thread could be started",
	};
	cost->abandoned |= worker->started;
	if (!worker->started)
		arena_free(worker->arena);
}

/* --- Stores that only the console knows ---------------------------------------------------------- */

static bool learns_stores(const struct gather_request *request)
{
	const char *const *named = request->oms.stores;

	return request->at[ENDPOINT_CM].configured && !(named && *named) &&
	       gather_wants(request, ENDPOINT_CM, GROUP_cm_stores);
}

/* The names of Stores in what the console told; NULL where it did not tell. */
static const char *const *told_stores(struct arena *arena, const struct facts *facts)
{
	const struct fact_rows *components = &facts->at[ENDPOINT_CONSOLE].console.components;
	const char **names;
	size_t count = 0;

	if (components->is.state != FACT_KNOWN)
		return NULL;
	names = arena_array(arena, components->rows.count + 1, sizeof(*names));
	for (size_t i = 0; i < components->rows.count; i++) {
		const char *kind = rows_get(&components->rows, i, "kind");
		const char *name = rows_get(&components->rows, i, "name");

		if (kind && str_equal(kind, "store") && name && *name)
			names[count++] = name;
	}
	return names;
}

/* Which Stores there are, CM has no documented request for. */
static void ask_told_stores(struct arena *arena, struct gather_request *request,
                            int64_t deadline_ms, struct facts *facts, struct gather_cost *cost)
{
	struct endpoint_facts *cm = &facts->at[ENDPOINT_CM];
	struct crew *crew = arena_new_of(arena, struct crew);
	struct worker *worker;

	if (!endpoint_is_reached(cm))
		return;
	request->oms.stores = told_stores(arena, facts);
	if (!request->oms.stores) {
		cm->groups[GROUP_cm_stores] = (struct group_status){
			.state = GROUP_FAILED,
			.failure = FAILURE_OTHER,
			.text = "which Stores there are is not known: name them in the plan "
				"(`stores:`), or the console with a user to ask",
		};
		return;
	}
	crew_start(crew);
	worker = worker_new(arena, crew, request, ENDPOINT_CM, deadline_ms);
	worker->probe = cm_stores;
	worker->group = GROUP_cm_stores;
	worker->facts = *cm;
	worker_start(worker);
	crew_wait(crew, deadline_ms + GRACE_MS);
	collect(arena, worker, facts, cost);
}

/* --- the whole ------------------------------------------------------------------------------------ */

static struct gather_request *own_request(struct arena *arena, const struct gather_request *request)
{
	struct gather_request *own = arena_new_of(arena, struct gather_request);

	*own = *request;
	if (learns_stores(own))
		own->wanted[ENDPOINT_CONSOLE][FACT_console_components] = true;
	return own;
}

struct facts *gather(struct arena *arena, const struct gather_request *given,
                     struct gather_cost *ret_cost)
{
	int64_t deadline_ms = clock_monotonic_ms() + (int64_t)given->timeout_seconds * 1000;
	struct gather_request *request = own_request(arena, given);
	struct facts *facts = arena_new_of(arena, struct facts);
	struct crew *crew = arena_new_of(arena, struct crew);
	struct worker *workers[ENDPOINT_COUNT] = { NULL };
	bool learns = learns_stores(request);

	*ret_cost = (struct gather_cost){ 0 };
	facts->gathered_ms = clock_wall_ms();
	crew_start(crew);
	for (int i = 0; i < ENDPOINT_COUNT; i++) {
		enum endpoint_id id = (enum endpoint_id)i;

		if (!request->at[i].configured)
			continue;
		facts->at[i].configured = true;
		facts->at[i].kind = endpoint_kind(id);
		facts->at[i].address = address(arena, request, id);
		facts->at[i].local = is_local(request, id);
		workers[i] = worker_new(arena, crew, request, id, deadline_ms);
		worker_start(workers[i]);
	}
	crew_wait(crew, deadline_ms + GRACE_MS);
	for (int i = 0; i < ENDPOINT_COUNT; i++)
		if (workers[i])
			collect(arena, workers[i], facts, ret_cost);
	if (learns)
		ask_told_stores(arena, request, deadline_ms, facts, ret_cost);
	return facts;
}

static void describe_mysql(const struct gather_request *request, enum endpoint_id endpoint,
                           struct str *out)
{
	mysql_describe(out->arena, request, endpoint, out);
	if (probes[endpoint].describe)
		probes[endpoint].describe(out->arena, request, out);
	str_add(out, "KILL QUERY <own connection>;  -- only for a statement past its limit, "
	             "from a second connection\n");
}

void gather_describe(const struct gather_request *given, struct str *out)
{
	const struct gather_request *request = own_request(out->arena, given);

	for (int i = 0; i < ENDPOINT_COUNT; i++) {
		enum endpoint_id id = (enum endpoint_id)i;
		enum endpoint_kind kind = endpoint_kind(id);
		const char *user = kind == KIND_MYSQL  ? request->at[i].login.user
		                   : kind == KIND_HTTP ? request->at[i].service.user
		                                       : NULL;

		if (!request->at[i].configured)
			continue;
		str_addf(out, "-- %s %s%s%s\n", endpoint_name(id), address(out->arena, request, id),
		         user ? ", user " : "", user ? user : "");
		if (kind == KIND_MYSQL)
			describe_mysql(request, id, out);
		else if (probes[i].describe)
			probes[i].describe(out->arena, request, out);
		str_add_char(out, '\n');
	}
}
