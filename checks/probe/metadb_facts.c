#include "checks/probe/service_facts.h"

#include "catalog/base/arena.h"
#include "catalog/base/cleanup.h"
#include "catalog/base/clock.h"
#include "catalog/base/str.h"

#include <string.h>

#define ROW_CAP 1000
#define ER_BAD_FIELD 1054
#define HA_KEY "checkHostDownIntervalSec"

/* --- the tables ---------------------------------------------------------------------------------- */

enum database { DATABASE_CM, DATABASE_HEARTBEAT, DATABASE_RM };

#define COLUMNS 7

/* Each is asked for its documented columns alone. */
static const struct table {
	enum group_id group;
	enum fact_id fact;
	enum database database;
	const char *name;
	const char *where; /* with its own space before it */
	const char *
		order; /* which of the rows are wanted; NULL: all of them, and how many there are */
	struct {
		const char *name;       /* of the column, and of the fact's */
		const char *expression; /* NULL: the column itself */
		const char *of;         /* the column that the expression is made of */
	} columns[COLUMNS + 1];
} tables[] = {
	{ GROUP_metadb_hosts,
	  FACT_metadb_hosts,
	  DATABASE_CM,
	  "host",
	  "",
	  NULL,
	  { { "ip", NULL, NULL },
	    { "host_status", NULL, NULL },
	    { "resource_group_id", NULL, NULL } } },
	{ GROUP_metadb_resource_groups,
	  FACT_metadb_resource_groups,
	  DATABASE_CM,
	  "resource_group",
	  "",
	  NULL,
	  { { "id", NULL, NULL }, { "name", NULL, NULL } } },
	{ GROUP_metadb_clusters,
	  FACT_metadb_clusters,
	  DATABASE_RM,
	  "cluster_info",
	  "",
	  NULL,
	  { { "region", NULL, NULL },
	    { "region_cn", NULL, NULL },
	    { "cm_url", NULL, NULL },
	    { "code", NULL, NULL },
	    { "is_default_cm", NULL, NULL } } },
	{ GROUP_metadb_heartbeats,
	  FACT_metadb_heartbeats,
	  DATABASE_HEARTBEAT,
	  "heart_beat",
	  " WHERE `task_name` = 'supervisor'",
	  NULL,
	  { { "task_type", NULL, NULL },
	    { "host_ip", NULL, NULL },
	    { "gmt_created", NULL, NULL },
	    { "gmt_modified", NULL, NULL },
	    { "age", "TIMESTAMPDIFF(SECOND, `gmt_modified`, NOW())", "gmt_modified" } } },
	/* It grows until somebody prunes it, so that its rows are not counted. */
	{ GROUP_metadb_sequence,
	  FACT_metadb_sequence,
	  DATABASE_HEARTBEAT,
	  "heatbeat_sequence",
	  "",
	  " ORDER BY `id` DESC LIMIT 1",
	  { { "id", NULL, NULL },
	    { "gmt_modified", NULL, NULL },
	    { "age", "TIMESTAMPDIFF(SECOND, `gmt_modified`, NOW())", "gmt_modified" } } },
	{ GROUP_metadb_ha,
	  FACT_metadb_ha_config,
	  DATABASE_RM,
	  "oms_normal_config",
	  " WHERE `cfg_name` = 'ha.config'",
	  " LIMIT 1",
	  { { "cfg_value", NULL, NULL } } },
};

#define TABLES (sizeof(tables) / sizeof(tables[0]))

static const struct {
	enum database database;
	const char *plan_key, *config_key;
	size_t offset;
} databases[] = {
	{ DATABASE_CM, "cm_db", "drc_cm_db", offsetof(struct oms_request, cm_db) },
	{ DATABASE_HEARTBEAT, "heartbeat_db", "drc_cm_heartbeat_db",
	  offsetof(struct oms_request, heartbeat_db) },
	{ DATABASE_RM, "rm_db", "drc_rm_db", offsetof(struct oms_request, rm_db) },
};

static const char *database_of(const struct gather_request *request, const struct table *table)
{
	const char *place = (const char *)&request->oms + databases[table->database].offset;

	return *(const char *const *)(const void *)place;
}

/* --- statements ---------------------------------------------------------------------------------- */

static void add_name(struct str *sql, const char *name)
{
	str_add_char(sql, '`');
	for (; *name; name++) {
		str_add_char(sql, *name);
		if (*name == '`')
			str_add_char(sql, '`');
	}
	str_add_char(sql, '`');
}

static void add_table(struct str *sql, const struct gather_request *request,
                      const struct table *table)
{
	add_name(sql, database_of(request, table));
	str_add_char(sql, '.');
	add_name(sql, table->name);
}

/* Whether a SHOW COLUMNS lists the column; NULL: nobody has looked, so it is as documented. */
static bool has_column(const struct rows *there, const char *name)
{
	for (size_t i = 0; there && i < there->count; i++)
		if (str_equal_nocase(rows_get(there, i, "Field"), name))
			return true;
	return !there;
}

static const char *select_statement(struct arena *arena, const struct gather_request *request,
                                    const struct table *table, const struct rows *there)
{
	struct str sql = str_new(arena);

	str_add(&sql, "SELECT ");
	for (size_t i = 0; table->columns[i].name; i++) {
		const char *expression = table->columns[i].expression;
		const char *of = expression ? table->columns[i].of : table->columns[i].name;

		if (i)
			str_add(&sql, ", ");
		if (!has_column(there, of))
			str_add(&sql, "NULL");
		else if (expression)
			str_add(&sql, expression);
		else
			add_name(&sql, of);
	}
	if (!table->order) {
		str_add(&sql, ", (SELECT COUNT(*) FROM ");
		add_table(&sql, request, table);
		str_addf(&sql, "%s)", table->where);
	}
	str_add(&sql, " FROM ");
	add_table(&sql, request, table);
	str_add(&sql, table->where);
	if (table->order)
		str_add(&sql, table->order);
	else
		str_addf(&sql, " LIMIT %d", ROW_CAP);
	return sql.text;
}

static const char *columns_statement(struct arena *arena, const struct gather_request *request,
                                     const struct table *table)
{
	struct str sql = str_new(arena);

	str_add(&sql, "SHOW COLUMNS FROM ");
	add_table(&sql, request, table);
	return sql.text;
}

/* --- the clock ----------------------------------------------------------------------------------- */

#define CLOCK_SQL                                                   \
	"SELECT NOW(3), UTC_TIMESTAMP(3), UNIX_TIMESTAMP(NOW(3)), " \
	"TIMESTAMPDIFF(SECOND, UTC_TIMESTAMP(3), NOW(3))"

/* "1795253400.123" in milliseconds. */
static bool read_unix_ms(const char *text, int64_t *ret)
{
	size_t whole = text ? strspn(text, "0123456789") : 0;
	int64_t ms = 0, unit = 100;

	if (!whole || whole > 12)
		return false;
	for (size_t i = 0; i < whole; i++)
		ms = ms * 10 + (text[i] - '0');
	ms *= 1000;
	if (text[whole] == '.')
		for (const char *c = text + whole + 1; *c >= '0' && *c <= '9' && unit; c++) {
			ms += (*c - '0') * unit;
			unit /= 10;
		}
	*ret = ms;
	return true;
}

/* A statement alone in its flight, so that its way there and back is all that the time holds. */
static void ask_clock(struct arena *arena, struct session *session, struct endpoint_facts *ret)
{
	struct statement statement = { .sql = CLOCK_SQL };
	struct group_status *group = &ret->groups[GROUP_metadb_clock];
	int64_t wall_ms = clock_wall_ms(), start_ms = clock_monotonic_ms(), trip_ms, theirs_ms;
	const char *const *cells;

	session_run(session, &statement, 1);
	trip_ms = clock_monotonic_ms() - start_ms;
	*group = statement.status;
	group->statement = statement.sql;
	if (group->state != GROUP_GATHERED)
		return;
	cells = statement.rows.cells;
	if (statement.rows.columns != 4 || statement.rows.count != 1 ||
	    !read_unix_ms(cells[2], &theirs_ms)) {
		group->state = GROUP_FAILED;
		group->failure = FAILURE_PROTOCOL;
		group->text = "the answer is no time";
		return;
	}
	fact_set(ret, FACT_metadb_now, "NOW()", cells[0]);
	fact_set(ret, FACT_metadb_utc, "UTC_TIMESTAMP()", cells[1]);
	fact_set(ret, FACT_metadb_zone_seconds, "NOW() - UTC_TIMESTAMP()", cells[3]);
	fact_set(ret, FACT_metadb_ahead_ms, "UNIX_TIMESTAMP(NOW())",
	         arena_printf(arena, "%lld", (long long)(theirs_ms - (wall_ms + trip_ms / 2))));
	fact_set(ret, FACT_metadb_round_trip_ms, "round trip",
	         arena_printf(arena, "%lld", (long long)trip_ms));
}

/* --- answers ------------------------------------------------------------------------------------- */

static struct rows named_rows(struct arena *arena, const struct table *table,
                              const struct rows *rows)
{
	size_t columns = 0;
	const char **names, **cells;
	long long total;
	struct rows named;

	while (table->columns[columns].name)
		columns++;
	names = arena_array(arena, columns, sizeof(*names));
	cells = arena_array(arena, rows->count * columns + 1, sizeof(*cells));
	for (size_t i = 0; i < columns; i++)
		names[i] = table->columns[i].name;
	for (size_t row = 0; row < rows->count; row++)
		memcpy(cells + row * columns, rows->cells + row * rows->columns,
		       columns * sizeof(*cells));
	named = (struct rows){ columns, rows->count, rows->count, names, cells };
	if (!table->order && rows->count && rows->columns > columns && rows->cells[columns] &&
	    str_to_int(rows->cells[columns], &total) && total > (long long)rows->count)
		named.total = (uint64_t)total;
	return named;
}

/* JSON that does not parse leaves ha_down_seconds missing, with the text that says why. */
static void read_ha(struct arena *arena, const struct rows *rows, struct endpoint_facts *ret)
{
	const char *text = rows->count ? rows->cells[0] : NULL, *seconds;
	struct http_reply reply = { .body = text ? text : "", .length = text ? strlen(text) : 0 };
	struct group_status why = { .state = GROUP_GATHERED };
	cleanup(service_close) struct json_t *json = http_json(arena, &reply, &why);

	seconds = service_words(arena, json, HA_KEY);
	if (text)
		fact_set(ret, FACT_metadb_ha_config, "ha.config", text);
	else
		fact_set_absent(ret, FACT_metadb_ha_config);
	if (seconds)
		fact_set(ret, FACT_metadb_ha_down_seconds, HA_KEY, seconds);
	else if (text && !json)
		fact_set(ret, FACT_metadb_ha_down_seconds, "ha.config", text);
	else
		fact_set_absent(ret, FACT_metadb_ha_down_seconds);
}

static void read_table(struct arena *arena, const struct table *table,
                       const struct statement *statement, struct endpoint_facts *ret)
{
	struct group_status *group = &ret->groups[table->group];
	size_t columns = 0;

	while (table->columns[columns].name)
		columns++;
	*group = statement->status;
	group->statement = statement->sql;
	if (group->state != GROUP_GATHERED)
		return;
	if (statement->rows.columns < columns) {
		group->state = GROUP_FAILED;
		group->failure = FAILURE_PROTOCOL;
		group->text = "the answer has other columns than were asked for";
	} else if (table->group == GROUP_metadb_ha) {
		read_ha(arena, &statement->rows, ret);
	} else {
		fact_set_rows(ret, table->fact, named_rows(arena, table, &statement->rows));
	}
}

/* --- asking -------------------------------------------------------------------------------------- */

struct round {
	size_t count;
	const struct table *tables[TABLES];
	struct statement statements[TABLES];
};

static void fail_without_database(struct arena *arena, const struct table *table,
                                  struct endpoint_facts *ret)
{
	ret->groups[table->group] = (struct group_status){
		.state = GROUP_FAILED,
		.failure = FAILURE_OTHER,
		.text = arena_printf(
			arena,
			"the name of the database of `%s` is not known: add `%s:` to "
			"`metadb:` of the plan, or `config:` naming a config.yaml with "
			"`%s:`",
			table->name, databases[table->database].plan_key,
			databases[table->database].config_key),
	};
}

/* A table that lacks a documented column is asked once more, for those that it has. */
static void ask_again(struct arena *arena, const struct gather_request *request,
                      struct session *session, struct round *first)
{
	struct round looks = { 0 }, again = { 0 };
	size_t places[TABLES];

	for (size_t i = 0; i < first->count; i++) {
		if (first->statements[i].status.error != ER_BAD_FIELD)
			continue;
		places[looks.count] = i;
		looks.statements[looks.count].sql =
			columns_statement(arena, request, first->tables[i]);
		looks.tables[looks.count++] = first->tables[i];
	}
	if (!looks.count)
		return;
	session_run(session, looks.statements, looks.count);
	for (size_t i = 0; i < looks.count; i++) {
		if (looks.statements[i].status.state != GROUP_GATHERED)
			continue;
		places[again.count] = places[i];
		again.statements[again.count++].sql = select_statement(
			arena, request, looks.tables[i], &looks.statements[i].rows);
	}
	session_run(session, again.statements, again.count);
	for (size_t i = 0; i < again.count; i++)
		first->statements[places[i]] = again.statements[i];
}

void metadb_facts(struct arena *arena, const struct gather_request *request,
                  struct session *session, struct endpoint_facts *ret)
{
	struct round round = { 0 };

	if (gather_wants(request, ENDPOINT_METADB, GROUP_metadb_clock))
		ask_clock(arena, session, ret);
	for (size_t i = 0; i < TABLES; i++) {
		if (!gather_wants(request, ENDPOINT_METADB, tables[i].group))
			continue;
		if (!database_of(request, &tables[i])) {
			fail_without_database(arena, &tables[i], ret);
			continue;
		}
		round.statements[round.count].sql =
			select_statement(arena, request, &tables[i], NULL);
		round.tables[round.count++] = &tables[i];
	}
	if (!round.count)
		return;
	session_run(session, round.statements, round.count);
	ask_again(arena, request, session, &round);
	for (size_t i = 0; i < round.count; i++)
		read_table(arena, round.tables[i], &round.statements[i], ret);
}

void metadb_describe(struct arena *arena, const struct gather_request *request, struct str *out)
{
	if (gather_wants(request, ENDPOINT_METADB, GROUP_metadb_clock))
		str_add(out, CLOCK_SQL ";\n");
	for (size_t i = 0; i < TABLES; i++) {
		if (!gather_wants(request, ENDPOINT_METADB, tables[i].group) ||
		    !database_of(request, &tables[i]))
			continue;
		str_addf(out, "%s;\n%s;  -- only where a column is missing\n",
		         select_statement(arena, request, &tables[i], NULL),
		         columns_statement(arena, request, &tables[i]));
	}
}
