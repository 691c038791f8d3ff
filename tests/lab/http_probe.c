/*
 * HTTP requests from the command line, for the tests of checks/probe/http and supervisord: makes
 * the one that the options describe, in as many threads at once as --threads says, and prints one
 * line of JSON for each.
 */
#include <fcntl.h>
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <jansson.h>

#include "catalog/base/arena.h"
#include "catalog/base/clock.h"
#include "catalog/base/str.h"
#include "checks/probe/supervisord.h"

enum { MOST_THREADS = 64 };

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

/* Bytes as hexadecimal digits, because a body may hold any. */
static json_t *hex(struct arena *arena, const char *bytes, size_t length)
{
	struct str out = str_new(arena);

	for (size_t i = 0; i < length; i++)
		str_addf(&out, "%02x", (unsigned)(unsigned char)bytes[i]);
	return json_string(out.text);
}

static json_t *rows_json(const struct rows *rows)
{
	json_t *list = json_array();

	for (size_t i = 0; i < rows->count; i++) {
		json_t *row = json_object();

		for (size_t j = 0; j < rows->columns; j++)
			json_object_set_new(row, rows->names[j],
			                    text(rows->cells[i * rows->columns + j]));
		json_array_append_new(list, row);
	}
	return list;
}

struct job {
	struct http_service service;
	struct http_request request;
	struct budget budget;
	bool wants_programs;
	int threads;
	json_t *report; /* of one thread */
};

static void *run(void *data)
{
	struct job *job = data;
	struct arena *arena = arena_new();
	int64_t started = clock_monotonic_ms();
	struct group_status why;
	struct http_reply reply = { 0 };
	struct rows rows = { 0 };

	if (job->wants_programs)
		supervisord_programs(arena, &job->service, &job->budget, &rows, &why);
	else
		http_ask(arena, &job->service, &job->request, &job->budget, &reply, &why);
	job->report = json_pack(
		"{s:s, s:o, s:o, s:i, s:o, s:b, s:I, s:o}", "failure",
		why.state == GROUP_GATHERED ? "none" : failure_name(why.failure), "text",
		text(why.text), "statement", text(why.statement), "status", (int)reply.status,
		"body", hex(arena, reply.body, reply.length), "sent", (int)reply.sent, "ms",
		(json_int_t)(clock_monotonic_ms() - started), "programs", rows_json(&rows));
	arena_free(arena);
	return NULL;
}

enum option_id {
	URL,
	USER,
	PASSWORD,
	CA,
	METHOD,
	TARGET,
	TYPE,
	BODY,
	TIMEOUT,
	CAP,
	PROGRAMS,
	THREADS
};

static const struct option options[] = {
	{ "url", required_argument, NULL, URL },
	{ "user", required_argument, NULL, USER },
	{ "password", required_argument, NULL, PASSWORD },
	{ "ca", required_argument, NULL, CA },
	{ "method", required_argument, NULL, METHOD },
	{ "target", required_argument, NULL, TARGET },
	{ "type", required_argument, NULL, TYPE },
	{ "body", required_argument, NULL, BODY },
	{ "timeout-ms", required_argument, NULL, TIMEOUT },
	{ "cap", required_argument, NULL, CAP },
	{ "programs", no_argument, NULL, PROGRAMS },
	{ "threads", required_argument, NULL, THREADS },
	{ 0 },
};

static long long number(const char *digits)
{
	long long value;

	if (!str_to_int(digits, &value))
		exit(64);
	return value;
}

static void read_options(int argc, char **argv, struct job *job)
{
	const char **const texts[] = {
		[URL] = &job->service.url,           [USER] = &job->service.user,
		[PASSWORD] = &job->service.password, [CA] = &job->service.ca,
		[METHOD] = &job->request.method,     [TARGET] = &job->request.target,
		[TYPE] = &job->request.content_type, [BODY] = &job->request.body,
	};
	int id;

	while ((id = getopt_long(argc, argv, "+", options, NULL)) >= 0) {
		if (id <= BODY)
			*texts[id] = optarg;
		else if (id == TIMEOUT)
			job->budget.deadline_ms += number(optarg);
		else if (id == CAP)
			job->budget.byte_cap = (size_t)number(optarg);
		else if (id == PROGRAMS)
			job->wants_programs = true;
		else if (id == THREADS)
			job->threads = (int)number(optarg);
		else
			exit(64);
	}
}

int main(int argc, char **argv)
{
	struct job job = { .request = { .method = "GET", .target = "/" },
		           .budget = { .deadline_ms = clock_monotonic_ms(),
		                       .statement_seconds = 30,
		                       .byte_cap = 64 << 20 },
		           .threads = 1 };
	struct job jobs[MOST_THREADS];
	pthread_t threads[MOST_THREADS];

	read_options(argc, argv, &job);
	if (job.threads > MOST_THREADS || pipe2(cancel_pipe, O_CLOEXEC))
		return 70;
	signal(SIGINT, cancel);
	signal(SIGPIPE, SIG_IGN);
	job.budget.cancel_fd = cancel_pipe[0];
	for (int i = 0; i < job.threads; i++) {
		jobs[i] = job;
		if (pthread_create(&threads[i], NULL, run, &jobs[i]))
			return 70;
	}
	for (int i = 0; i < job.threads; i++) {
		pthread_join(threads[i], NULL);
		json_dumpf(jobs[i].report, stdout, JSON_SORT_KEYS);
		putchar('\n');
		json_decref(jobs[i].report);
	}
	return 0;
}
