#include "checks/probe/session_kill.h"

#include <poll.h>
#include <string.h>

#include "catalog/base/arena.h"
#include "catalog/base/clock.h"

enum {
	ANSWER_SIZE = 1 << 20, /* bytes that the server may send to the second connection */
	INFO_SIZE = 200,       /* of a running statement, enough to know it again */
	PAUSE_MS = 20,         /* between two looks */
	STACK_SIZE = 512 << 10,
};

bool kill_matches(const char *info, const char *sql)
{
	size_t length = 0;

	/* The server drops leading blanks, and may show a character outside its own set as '?'. */
	sql += strspn(sql, " \t\r\n");
	while (length < INFO_SIZE && sql[length] && (unsigned char)sql[length] < 0x80)
		length++;
	while (length && strchr("; \t\r\n", sql[length - 1]))
		length--;
	return length && !strncmp(info, sql, length);
}

static bool ask(struct client *client, struct arena *arena, const char *sql, struct rows *ret_rows,
                struct client_error *why)
{
	return client_send(client, sql, why) && client_receive(client, arena, ret_rows, why);
}

enum finding { RUNS_OURS, RUNS_NOTHING, IS_GONE, IS_UNKNOWN };

static enum finding look(const struct kill *kill, struct client *client, struct arena *arena)
{
	const char *sql = arena_printf(arena,
	                               "SELECT LEFT(INFO, %d) FROM information_schema.PROCESSLIST "
	                               "WHERE ID = %lu",
	                               INFO_SIZE, kill->client->thread);
	struct client_error why;
	struct rows rows;

	if (!ask(client, arena, sql, &rows, &why))
		return IS_UNKNOWN;
	if (!rows.count || !rows.columns)
		return IS_GONE;
	for (size_t i = 0; rows.cells[0] && i < kill->count; i++)
		if (kill_matches(rows.cells[0], kill->sqls[i]))
			return RUNS_OURS;
	return RUNS_NOTHING;
}

static void end_statements(const struct kill *kill, struct client *client, struct arena *arena)
{
	const char *sql = arena_printf(arena, "KILL QUERY %lu", kill->client->thread);
	struct client_error why;
	struct rows rows;
	bool is_ours = false;

	for (;;) {
		enum finding finding = is_ours ? RUNS_OURS : look(kill, client, arena);

		if (finding == IS_GONE || finding == IS_UNKNOWN)
			return;
		if (finding == RUNS_OURS) {
			is_ours = true;
			if (!ask(client, arena, sql, &rows, &why))
				return; /* 1094: the server knows no such connection */
			if (!kill->until_gone)
				return;
		} else if (!kill->until_gone) {
			return;
		}
		poll(NULL, 0, PAUSE_MS);
	}
}

void kill_now(struct kill *kill)
{
	struct wait wait = wait_until(kill->deadline_ms, ANSWER_SIZE, -1);
	struct client_error why;
	struct arena *arena;
	struct client client;

	kill->connects++;
	if (!client_open(&client, kill->client->login, wait, kill->client, &why)) {
		kill->bytes_read += client.wait.bytes_read;
		return;
	}
	arena = arena_new();
	end_statements(kill, &client, arena);
	kill->bytes_read += client.wait.bytes_read;
	arena_free(arena);
	client_close(&client);
}

static void *run(void *data)
{
	client_thread_begin();
	kill_now(data);
	client_thread_end();
	return NULL;
}

int kill_start(pthread_t *thread, struct kill *kill)
{
	pthread_attr_t attributes;
	int error;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	error = pthread_create(thread, &attributes, run, kill);
	pthread_attr_destroy(&attributes);
	return error;
}
