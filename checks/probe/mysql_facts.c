#include "checks/probe/mysql_facts.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

#include <string.h>

/* --- what differs between servers -------------------------------------------------------------- */

/* One way to ask for a group. Of the rows of a group the first whose flavour and versions fit is
 * sent; a group that is `each` sends every one that fits. {seconds} and {ms} stand for the limit of
 * a statement, {variables} for the wanted variables. */
static const struct variant {
	enum group_id group;
	bool each;
	bool trivial; /* see struct statement */
	enum flavor flavor;
	const char *versions[2]; /* ranges that must all hold */
	const char *sql;         /* NULL: such a server has nothing of the kind */
} variants[] = {
	/* 5.6.5 brought read-only transactions; MariaDB has had them since 10.0. TiDB refuses the
	 * statement unless told to ignore it, so it is not sent there. */
	{ GROUP_mysql_session,
	  true,
	  true,
	  FLAVOR_MYSQL,
	  { ">=5.6.5" },
	  "SET SESSION TRANSACTION READ ONLY" },
	{ GROUP_mysql_session,
	  true,
	  true,
	  FLAVOR_MARIADB,
	  { ">=10.0" },
	  "SET SESSION TRANSACTION READ ONLY" },
	{ GROUP_mysql_session,
	  true,
	  true,
	  FLAVOR_OCEANBASE,
	  { NULL },
	  "SET SESSION TRANSACTION READ ONLY" },
	/* max_execution_time came with 5.7.8, information_schema_stats_expiry with 8.0; its longest
	 * value keeps a scan of TABLES from making InnoDB count anew. */
	{ GROUP_mysql_session,
	  true,
	  true,
	  FLAVOR_MYSQL,
	  { ">=8.0" },
	  "SET SESSION lock_wait_timeout = 5, innodb_lock_wait_timeout = 5, "
	  "max_execution_time = {ms}, information_schema_stats_expiry = 31536000" },
	{ GROUP_mysql_session,
	  true,
	  true,
	  FLAVOR_MYSQL,
	  { ">=5.7.8", "<8.0" },
	  "SET SESSION lock_wait_timeout = 5, innodb_lock_wait_timeout = 5, "
	  "max_execution_time = {ms}" },
	{ GROUP_mysql_session,
	  true,
	  true,
	  FLAVOR_MYSQL,
	  { "<5.7.8" },
	  "SET SESSION lock_wait_timeout = 5, innodb_lock_wait_timeout = 5" },
	{ GROUP_mysql_session,
	  true,
	  true,
	  FLAVOR_MARIADB,
	  { ">=10.1.1" },
	  "SET SESSION lock_wait_timeout = 5, innodb_lock_wait_timeout = 5, "
	  "max_statement_time = {seconds}" },
	{ GROUP_mysql_session,
	  true,
	  true,
	  FLAVOR_MARIADB,
	  { "<10.1.1" },
	  "SET SESSION lock_wait_timeout = 5, innodb_lock_wait_timeout = 5" },

	/* Named variables: all of them are more than TCP's first window, one round trip more. A
	 * variable that a server does not have is a row less, not an error. */
	{ GROUP_mysql_variables,
	  false,
	  true,
	  FLAVOR_UNKNOWN,
	  { NULL },
	  "SHOW GLOBAL VARIABLES WHERE Variable_name IN ({variables})" },

	/* 8.0.22 renamed the statement and 8.4 took the old name away. MariaDB shows the channels
	 * of multi-source replication only with ALL. OceanBase and TiDB are no replicas of MySQL. */
	{ GROUP_mysql_replica, false, false, FLAVOR_MYSQL, { ">=8.0.22" }, "SHOW REPLICA STATUS" },
	{ GROUP_mysql_replica, false, false, FLAVOR_MYSQL, { "<8.0.22" }, "SHOW SLAVE STATUS" },
	{ GROUP_mysql_replica,
	  false,
	  false,
	  FLAVOR_MARIADB,
	  { ">=10.0" },
	  "SHOW ALL SLAVES STATUS" },
	{ GROUP_mysql_replica, false, false, FLAVOR_MARIADB, { "<10.0" }, "SHOW SLAVE STATUS" },
	{ GROUP_mysql_replica, false, false, FLAVOR_OCEANBASE, { NULL }, NULL },
	{ GROUP_mysql_replica, false, false, FLAVOR_TIDB, { NULL }, NULL },
};

#define VARIANT_COUNT (sizeof(variants) / sizeof(variants[0]))

/* What servers call the columns of a replication channel, by our name for it. */
static const struct {
	const char *name;
	const char *columns[3];
} channel_columns[] = {
	{ "channel", { "Channel_Name", "Connection_name" } },
	{ "host", { "Source_Host", "Master_Host" } },
	{ "port", { "Source_Port", "Master_Port" } },
	{ "io", { "Replica_IO_Running", "Slave_IO_Running" } },
	{ "sql", { "Replica_SQL_Running", "Slave_SQL_Running" } },
};

#define CHANNEL_COLUMNS (sizeof(channel_columns) / sizeof(channel_columns[0]))

/* --- asking ------------------------------------------------------------------------------------ */

static bool fits(const struct variant *variant, struct version version)
{
	if (variant->flavor != FLAVOR_UNKNOWN && variant->flavor != version.flavor)
		return false;
	for (size_t i = 0; i < 2 && variant->versions[i]; i++)
		if (!version_range_has(variant->versions[i], version))
			return false;
	return true;
}

static bool is_wanted(const struct gather_request *request, enum endpoint_id endpoint,
                      enum group_id group)
{
	if (group == GROUP_mysql_session || group == GROUP_mysql_variables)
		return true;
	return gather_wants(request, endpoint, group);
}

/* version_comment is always asked for: it tells OceanBase behind a proxy from MySQL. */
static bool is_asked(const struct gather_request *request, enum endpoint_id endpoint, int fact)
{
	return fact_infos[fact].variables &&
	       (request->wanted[endpoint][fact] || fact == FACT_mysql_version_comment);
}

/* 'log_bin','log_replica_updates','log_slave_updates': every name that a server may use. */
static void add_variables(struct str *sql, const struct gather_request *request,
                          enum endpoint_id endpoint)
{
	const char *comma = "";

	for (int i = 0; i < FACT_COUNT; i++) {
		if (!is_asked(request, endpoint, i))
			continue;
		for (const char *name = fact_infos[i].variables; *name;) {
			size_t length = strcspn(name, ",");

			str_addf(sql, "%s'%.*s'", comma, (int)length, name);
			comma = ",";
			name += length + (name[length] == ',');
		}
	}
}

static const char *fill(struct arena *arena, const char *sql, const struct gather_request *request,
                        enum endpoint_id endpoint)
{
	struct str text = str_new(arena);

	while (*sql) {
		size_t plain = strcspn(sql, "{");

		str_add_n(&text, sql, plain);
		sql += plain;
		if (str_starts(sql, "{ms}"))
			str_addf(&text, "%u", request->statement_seconds * 1000);
		else if (str_starts(sql, "{seconds}"))
			str_addf(&text, "%u", request->statement_seconds);
		else if (str_starts(sql, "{variables}"))
			add_variables(&text, request, endpoint);
		sql += strcspn(sql, "}");
		sql += *sql == '}';
	}
	return text.text;
}

static void add(struct mysql_questions *questions, enum group_id group, const char *sql,
                bool trivial)
{
	questions->statements[questions->count] =
		(struct statement){ .sql = sql, .trivial = trivial };
	questions->groups[questions->count++] = group;
}

struct mysql_questions mysql_questions(struct arena *arena, const struct gather_request *request,
                                       enum endpoint_id endpoint, struct version version)
{
	size_t room = VARIANT_COUNT + request->query_count;
	struct mysql_questions questions = {
		.statements = arena_array(arena, room, sizeof(*questions.statements)),
		.groups = arena_array(arena, room, sizeof(*questions.groups)),
	};
	bool asked[GROUP_COUNT] = { false };

	for (size_t i = 0; i < VARIANT_COUNT; i++) {
		const struct variant *variant = &variants[i];

		if (!fits(variant, version) || !is_wanted(request, endpoint, variant->group) ||
		    (asked[variant->group] && !variant->each))
			continue;
		asked[variant->group] = true;
		if (!variant->sql) {
			questions.absent[variant->group] = true;
			continue;
		}
		add(&questions, variant->group, fill(arena, variant->sql, request, endpoint),
		    variant->trivial);
	}
	questions.first_query = questions.count;
	for (size_t i = 0; i < request->query_count; i++)
		if (request->queries[i].endpoint == endpoint)
			add(&questions, GROUP_COUNT, request->queries[i].sql, false);
	return questions;
}

/* --- understanding the answers ----------------------------------------------------------------- */

static const char *variable(const struct rows *rows, const char *name, size_t length,
                            const char **ret_name)
{
	for (size_t i = 0; i < rows->count; i++) {
		const char *have = rows->cells[i * rows->columns];

		if (have && strlen(have) == length && strncasecmp(have, name, length) == 0) {
			*ret_name = have;
			return rows->cells[i * rows->columns + 1];
		}
	}
	return NULL;
}

/* The newest name that the server knows wins: 9.7 shows the old one beside it. */
static void read_variable(const struct rows *rows, struct endpoint_facts *endpoint, int fact)
{
	const char *text, *called;

	for (const char *name = fact_infos[fact].variables; *name;) {
		size_t length = strcspn(name, ",");

		text = variable(rows, name, length, &called);
		if (text) {
			fact_set(endpoint, (enum fact_id)fact, called, text);
			return;
		}
		name += length + (name[length] == ',');
	}
	fact_set_absent(endpoint, (enum fact_id)fact);
}

static void read_variables(const struct gather_request *request, enum endpoint_id endpoint,
                           const struct rows *rows, struct endpoint_facts *facts)
{
	if (rows->columns != 2) {
		facts->groups[GROUP_mysql_variables].state = GROUP_FAILED;
		facts->groups[GROUP_mysql_variables].failure = FAILURE_PROTOCOL;
		return;
	}
	for (int i = 0; i < FACT_COUNT; i++)
		if (is_asked(request, endpoint, i))
			read_variable(rows, facts, i);
}

static void read_channels(struct arena *arena, const struct rows *rows,
                          struct endpoint_facts *facts)
{
	const char **names = arena_array(arena, CHANNEL_COLUMNS, sizeof(*names));
	const char **cells = arena_array(arena, rows->count * CHANNEL_COLUMNS + 1, sizeof(*cells));
	struct rows channels = { .columns = CHANNEL_COLUMNS,
		                 .count = rows->count,
		                 .total = rows->total,
		                 .names = names,
		                 .cells = cells };

	for (size_t column = 0; column < CHANNEL_COLUMNS; column++) {
		names[column] = channel_columns[column].name;
		for (size_t row = 0; row < rows->count; row++)
			for (const char *const *name = channel_columns[column].columns;
			     *name && !cells[row * CHANNEL_COLUMNS + column]; name++)
				cells[row * CHANNEL_COLUMNS + column] = rows_get(rows, row, *name);
	}
	fact_set_rows(facts, FACT_mysql_channels, channels);
}

/* Several statements of one group fail together: the first failure is the group's. */
static void note_status(struct group_status *group, const struct statement *statement)
{
	if (group->state == GROUP_FAILED)
		return;
	*group = statement->status;
	group->statement = statement->sql;
}

static void read_queries(struct arena *arena, const struct gather_request *request,
                         enum endpoint_id endpoint, const struct mysql_questions *questions,
                         struct endpoint_facts *facts)
{
	size_t count = questions->count - questions->first_query, place = 0;
	struct query_answer *answers = arena_array(arena, count + 1, sizeof(*answers));

	for (size_t i = 0; i < request->query_count; i++) {
		const struct statement *statement;

		if (request->queries[i].endpoint != endpoint)
			continue;
		statement = &questions->statements[questions->first_query + place];
		answers[place++] = (struct query_answer){ .name = request->queries[i].name,
			                                  .sql = request->queries[i].sql,
			                                  .status = statement->status,
			                                  .rows = statement->rows };
	}
	facts->query_count = count;
	facts->queries = answers;
}

void mysql_answers(struct arena *arena, const struct gather_request *request,
                   enum endpoint_id endpoint, const struct mysql_questions *questions,
                   struct endpoint_facts *ret)
{
	for (size_t i = 0; i < questions->first_query; i++) {
		const struct statement *statement = &questions->statements[i];
		enum group_id group = questions->groups[i];

		note_status(&ret->groups[group], statement);
		if (statement->status.state != GROUP_GATHERED)
			continue;
		if (group == GROUP_mysql_variables)
			read_variables(request, endpoint, &statement->rows, ret);
		else if (group == GROUP_mysql_replica)
			read_channels(arena, &statement->rows, ret);
	}
	for (int i = 0; i < FACT_COUNT; i++) {
		if (!questions->absent[fact_infos[i].group])
			continue;
		ret->groups[fact_infos[i].group].state = GROUP_GATHERED;
		fact_set_absent(ret, (enum fact_id)i);
	}
	read_queries(arena, request, endpoint, questions, ret);
}

/* --- describing -------------------------------------------------------------------------------- */

void mysql_describe(struct arena *arena, const struct gather_request *request,
                    enum endpoint_id endpoint, struct str *out)
{
	for (size_t i = 0; i < VARIANT_COUNT; i++) {
		const struct variant *variant = &variants[i];

		if (!variant->sql || !is_wanted(request, endpoint, variant->group))
			continue;
		str_addf(out, "%s;", fill(arena, variant->sql, request, endpoint));
		if (variant->flavor != FLAVOR_UNKNOWN)
			str_addf(out, "  -- %s", flavor_name(variant->flavor));
		for (size_t j = 0; j < 2 && variant->versions[j]; j++)
			str_addf(out, " %s", variant->versions[j]);
		str_add_char(out, '\n');
	}
	for (size_t i = 0; i < request->query_count; i++)
		if (request->queries[i].endpoint == endpoint)
			str_addf(out, "%s;  -- %s\n", request->queries[i].sql,
			         request->queries[i].name);
}
