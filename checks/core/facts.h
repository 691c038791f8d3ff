#ifndef CHECKS_CORE_FACTS_H
#define CHECKS_CORE_FACTS_H

#include "checks/core/version.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * What was measured: plain data without judgement, filled by checks/probe or read back from a
 * facts file, judged by checks. The list of facts is facts.def. Everything lives in one arena.
 */

/* The things that can be asked. A plan names those that there are. */
enum endpoint_id {
	ENDPOINT_SOURCE,
	ENDPOINT_TARGET,
	ENDPOINT_METADB,      /* the MetaDB of OMS */
	ENDPOINT_CM,          /* its cluster manager, HTTP port 8088 */
	ENDPOINT_CONSOLE,     /* its console, 8089 */
	ENDPOINT_SUPERVISOR,  /* the agent on its host, 9000 */
	ENDPOINT_SUPERVISORD, /* the process manager of its container */
	ENDPOINT_HOST,        /* the machine or container of OMS, where migdoctor runs there */
	ENDPOINT_COUNT,
};

enum endpoint_kind { KIND_MYSQL, KIND_HTTP, KIND_HOST };

enum fact_state {
	FACT_MISSING, /* not gathered; the status of its group says why */
	FACT_ABSENT,  /* the endpoint was asked and has no such thing */
	FACT_KNOWN,
};

/* What every fact has. `text` is the value as the endpoint printed it (NULL for rows and for SQL's
 * NULL); `name` is what this endpoint calls it, which may be an older name than the field's. */
struct fact {
	enum fact_state state;
	const char *name;
	const char *text;
};

struct fact_text {
	struct fact is;
};

struct fact_number {
	struct fact is;
	int64_t value;
};

/* ON, YES, TRUE, 1 and their opposites, in any case. */
struct fact_flag {
	struct fact is;
	bool value;
};

/* Rows of a result. Cells are in row order; SQL's NULL is NULL. `total` is how many rows there
 * were, of which the first `count` travelled. */
struct rows {
	size_t columns, count;
	uint64_t total;
	const char *const *names;
	const char *const *cells;
};

struct fact_rows {
	struct fact is;
	struct rows rows;
};

/* The cell of a column by its name in any case; NULL where row or column is not there. */
const char *rows_get(const struct rows *rows, size_t row, const char *column);

enum fact_type { FACT_TYPE_text, FACT_TYPE_number, FACT_TYPE_flag, FACT_TYPE_rows };

/* Who has a group or a fact; see facts.def. */
enum fact_owner {
	OWNER_any,
	OWNER_mysql,
	OWNER_metadb,
	OWNER_cm,
	OWNER_console,
	OWNER_supervisor,
	OWNER_supervisord,
	OWNER_host,
};

enum group_id {
#define GROUP(owner, name) GROUP_##owner##_##name,
#include "checks/core/facts.def"
	GROUP_COUNT
};

enum fact_id {
#define FACT(owner, group, name, type) FACT_##owner##_##name,
#include "checks/core/facts.def"
	FACT_COUNT
};

struct mysql_facts {
#define MYSQL_FACT(group, name, type) struct fact_##type name;
#include "checks/core/facts.def"
};

struct metadb_facts {
#define METADB_FACT(group, name, type) struct fact_##type name;
#include "checks/core/facts.def"
};

struct cm_facts {
#define CM_FACT(group, name, type) struct fact_##type name;
#include "checks/core/facts.def"
};

struct console_facts {
#define CONSOLE_FACT(group, name, type) struct fact_##type name;
#include "checks/core/facts.def"
};

struct supervisor_facts {
#define SUPERVISOR_FACT(group, name, type) struct fact_##type name;
#include "checks/core/facts.def"
};

struct supervisord_facts {
#define SUPERVISORD_FACT(group, name, type) struct fact_##type name;
#include "checks/core/facts.def"
};

struct host_facts {
#define HOST_FACT(group, name, type) struct fact_##type name;
#include "checks/core/facts.def"
};

/* Why something could not be gathered: what an operator does next differs by it. */
enum failure {
	FAILURE_NONE,
	FAILURE_LIBRARY,     /* the client library or its plugin folder is not installed here */
	FAILURE_NAME,        /* the host's name does not resolve */
	FAILURE_REFUSED,     /* nobody listens there */
	FAILURE_UNREACHABLE, /* no route, network down, socket file missing */
	FAILURE_TIMEOUT,     /* no answer within the time given */
	FAILURE_LOST,        /* the connection broke */
	FAILURE_PROTOCOL,    /* what answered does not speak the protocol */
	FAILURE_TLS,         /* no TLS, or its verification failed */
	FAILURE_CREDENTIALS, /* user, password or host of the account refused */
	FAILURE_AUTH_PLUGIN, /* the sign-in method is not installed here, or refused as unsafe */
	FAILURE_BLOCKED,     /* too many connections, host blocked, account locked or expired */
	FAILURE_PRIVILEGE,   /* the account lacks a privilege */
	FAILURE_TOO_LARGE,   /* more bytes than the cap */
	FAILURE_INTERRUPTED, /* the user stopped the run */
	FAILURE_OTHER,
	FAILURE_COUNT
};

enum group_state { GROUP_NOT_ASKED, GROUP_GATHERED, GROUP_FAILED };

struct group_status {
	enum group_state state;
	enum failure failure;
	unsigned error;        /* the server's or client library's errno, or 0 */
	const char *sqlstate;  /* five characters, or NULL */
	const char *text;      /* the server's or library's words, or NULL */
	const char *statement; /* what was asked when it failed, or NULL */
};

/* The answer to one statement that a profile or a plugin brought. */
struct query_answer {
	const char *name; /* "profile/rule" or "plugin/check" */
	const char *sql;
	struct group_status status;
	struct rows rows;
};

struct endpoint_facts {
	bool configured; /* the plan names it */
	enum endpoint_kind kind;
	const char *
		address; /* "127.0.0.1:3306", a socket's path, a URL, or of the host the root of OMS's
	                      * files; no user, no password */
	const char *tls; /* the cipher in use, or NULL for a plain line */
	bool local;      /* a unix socket: plain text is no risk there */
	struct group_status groups[GROUP_COUNT];
	/* Of these the endpoint has those that its owners name; the others stay missing. */
	struct mysql_facts mysql;
	struct metadb_facts metadb;
	struct cm_facts cm;
	struct console_facts console;
	struct supervisor_facts supervisor;
	struct supervisord_facts supervisord;
	struct host_facts host;
	size_t query_count;
	const struct query_answer *queries;
};

struct facts {
	int64_t gathered_ms; /* wall clock at the start of gathering */
	struct endpoint_facts at[ENDPOINT_COUNT];
};

/* The list as data. */
struct fact_info {
	const char *name; /* "log_bin" */
	enum fact_owner owner;
	enum group_id group;
	enum fact_type type;
	size_t offset;         /* of the field in struct endpoint_facts */
	const char *variables; /* what servers call it, comma-separated; NULL for no variable */
};

extern const struct fact_info fact_infos[FACT_COUNT];

struct group_info {
	const char *name; /* "variables"; unique among the groups of an endpoint */
	enum fact_owner owner;
};

extern const struct group_info group_infos[GROUP_COUNT];

/* Whether an endpoint has facts and groups of an owner. */
bool endpoint_has(enum endpoint_id endpoint, enum fact_owner owner);

/* The one endpoint of an owner; ENDPOINT_COUNT for `any` and `mysql`, which several have. */
enum endpoint_id owner_endpoint(enum fact_owner owner);

/* Finds a fact by its name. False where there is none. */
bool fact_find(const char *name, enum fact_id *ret);

/* The common part of a fact of an endpoint. */
const struct fact *fact_of(const struct endpoint_facts *endpoint, enum fact_id id);

/* Sets a text, number or flag as the endpoint called and printed it. A text that is no number or
 * flag where one is due leaves the fact FACT_MISSING and returns false. */
bool fact_set(struct endpoint_facts *endpoint, enum fact_id id, const char *name, const char *text);
void fact_set_absent(struct endpoint_facts *endpoint, enum fact_id id);
void fact_set_rows(struct endpoint_facts *endpoint, enum fact_id id, struct rows rows);

/* The server's flavour and version; FLAVOR_UNKNOWN where the endpoint was not reached. */
struct version endpoint_version(const struct endpoint_facts *endpoint);
bool endpoint_is_reached(const struct endpoint_facts *endpoint);

/* "source", "target", "metadb", ...; and back. */
const char *endpoint_name(enum endpoint_id id);
bool endpoint_find(const char *name, enum endpoint_id *ret);
enum endpoint_kind endpoint_kind(enum endpoint_id id);

/* "mysql", "http", "host". */
const char *kind_name(enum endpoint_kind kind);

/* "timeout", "credentials", ...: the words of the facts file; and back. */
const char *failure_name(enum failure failure);
bool failure_find(const char *name, enum failure *ret);

#endif
