#include "checks/core/wording.h"

#include "catalog/base/arena.h"

static const char *cell(const struct rows *rows, size_t row, const char *column)
{
	const char *text = rows_get(rows, row, column);

	return text ? text : "NULL";
}

static void describe_channels(const struct check_input *in, struct finding *finding)
{
	const struct rows *rows = &in->at->mysql.channels.rows;

	for (size_t i = 0; i < rows->count; i++) {
		const char *name = rows_get(rows, i, "channel");
		struct evidence evidence =
			fact_evidence(in->at, FACT_mysql_channels, (struct note){ 0 });

		evidence.what = arena_printf(in->arena, "channel '%s'", name ? name : "");
		evidence.actual = VERBATIM(arena_printf(
			in->arena, "%s:%s, IO %s, SQL %s", cell(rows, i, "host"),
			cell(rows, i, "port"), cell(rows, i, "io"), cell(rows, i, "sql")));
		finding_context(finding, evidence);
	}
}

/*
 * A configured channel makes a server a replica, running or not: it will go on where it stopped.
 * Whether there is one matters only where the variable is OFF, so an account that may not ask for
 * the channels still gets its verdict on most servers.
 */
static void judge(const struct check_input *in, struct finding *finding)
{
	const struct mysql_facts *mysql = &in->at->mysql;
	const struct fact_flag *logs = &mysql->log_replica_updates;
	const struct fact_rows *channels = &mysql->channels;

	if (logs->is.state == FACT_ABSENT) {
		finding_skip(finding, NOTE(TEXT_check_variable_absent, endpoint_name(in->endpoint),
		                           "log_replica_updates"));
		return;
	}
	if (logs->value || channels->is.state == FACT_ABSENT)
		return;
	if (channels->is.state == FACT_MISSING) {
		finding_unknown(
			finding,
			NOTE(TEXT_check_log_replica_updates_unknown, endpoint_name(in->endpoint),
		             logs->is.name,
		             failure_wording(in->arena, &in->at->groups[GROUP_mysql_replica])));
		return;
	}
	if (!channels->rows.total)
		return;
	finding_fail(finding,
	             fact_evidence(in->at, FACT_mysql_log_replica_updates, VERBATIM("ON")));
	describe_channels(in, finding);
	finding_value(finding, "name", logs->is.name);
}

const struct check check_replication_log_replica_updates = {
	.id = "replication.log-replica-updates",
	.on = CHECK_ONE,
	.needs = FACTS(FACT_mysql_log_replica_updates),
	.uses = FACTS(FACT_mysql_channels),
	.judge = judge,
};
