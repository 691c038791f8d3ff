#include "tests/harness/sample_report.h"

#include "catalog/base/arena.h"

/* A text that the tests need in one language only. */
#define SAME(text)                 \
	{                          \
		{                  \
			text, text \
		}                  \
	}
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* What a hostile server may answer: an escape sequence, a bidirectional override, a newline that
 * fakes a line of ours, bytes that are not UTF-8. */
#define ESCAPE "\033[2Jgone\033]0;owned\007"
#define OVERRIDE "abc\u202edcba"
#define FAKE_LINE "x\n  pass everything"
#define NOT_UTF8 "caf\xe9\xff"

static const struct check check_one = { .id = "replication.binlog-format", .on = CHECK_ONE };
static const struct check check_connect = { .id = "connection.reachable", .on = CHECK_ONE };
static const struct check check_two = { .id = "pair.variable-equal", .on = CHECK_PAIR };

static const struct rule source_connect = {
	.profile = "sample",
	.id = "source.connect",
	.check = &check_connect,
	.endpoint = ENDPOINT_SOURCE,
	.code = "site:-256",
	.severity = LEVEL_FATAL,
	.title = SAME("The source can be signed in to"),
	.cause = SAME("The account is not let in from this host."),
	.fix = SAME("Run `CREATE USER 'mig'@'%' IDENTIFIED BY '...'` on the source, or correct "
	            "`--source`."),
};

static const struct rule target_connect = {
	.profile = "sample",
	.id = "target.connect",
	.check = &check_connect,
	.endpoint = ENDPOINT_TARGET,
	.code = "site:-254",
	.severity = LEVEL_FATAL,
	.title = SAME("The target can be signed in to"),
	.cause = SAME("Nobody listens at that address and port."),
	.fix = SAME("Start the target, or correct host and port in `--target`."),
};

static const struct rule binlog_format = {
	.profile = "sample",
	.id = "source.binlog-format",
	.check = &check_one,
	.endpoint = ENDPOINT_SOURCE,
	.code = "dts:-262",
	.severity = LEVEL_ERROR,
	.title = { { "The binary log holds row changes",
	             "\u4e8c\u8fdb\u5236\u65e5\u5fd7\u8bb0\u5f55\u884c\u53d8\u66f4" } },
	.cause = { { "With `STATEMENT` the log holds statements, which the service cannot replay "
	             "row by row.\nSessions that are already open keep their old format until they "
	             "reconnect.",
	             "\u683c\u5f0f\u4e3a `STATEMENT` \u65f6\u65e5\u5fd7\u91cc\u53ea\u6709"
	             "\u8bed\u53e5\uff0c\u8fc1\u79fb\u670d\u52a1\u65e0\u6cd5\u9010\u884c"
	             "\u56de\u653e\u3002\n"
	             "\u5df2\u7ecf\u6253\u5f00\u7684\u4f1a\u8bdd\u5728\u91cd\u8fde\u4e4b"
	             "\u524d\u4ecd\u4f7f\u7528\u65e7\u683c\u5f0f\u3002" } },
	.fix = { { "Run `SET GLOBAL binlog_format = 'ROW'`, put `binlog_format = ROW` under "
	           "`[mysqld]` in my.cnf, and let the applications reconnect. No restart is "
	           "needed.",
	           "\u6267\u884c `SET GLOBAL binlog_format = 'ROW'`\uff0c\u5728 my.cnf "
	           "\u7684 `[mysqld]` \u4e0b\u5199\u5165 "
	           "`binlog_format = ROW`\uff0c\u5e76\u8ba9\u5e94\u7528\u91cd\u65b0\u8fde"
	           "\u63a5\u3002\u65e0\u9700\u91cd\u542f\u3002" } },
};

static const struct rule primary_key = {
	.profile = "sample",
	.id = "schema.no-primary-key",
	.check = &check_one,
	.endpoint = ENDPOINT_SOURCE,
	.code = "site:-9",
	.severity = LEVEL_WARNING,
	.title = SAME("Every table has a primary key"),
	.cause = SAME("{tableName} has no primary key."),
	.fix = SAME("`ALTER TABLE `{tableName}` ADD COLUMN id BIGINT UNSIGNED NOT NULL "
	            "AUTO_INCREMENT PRIMARY KEY FIRST, ALGORITHM=INPLACE, LOCK=SHARED`"),
};

static const struct rule events = {
	.profile = "sample",
	.id = "source.events",
	.check = &check_one,
	.endpoint = ENDPOINT_SOURCE,
	.code = "site:-418",
	.severity = LEVEL_ERROR,
	.title = SAME("The event scheduler is off"),
};

static const struct rule grants = {
	.profile = "sample",
	.id = "source.grants",
	.check = &check_one,
	.endpoint = ENDPOINT_SOURCE,
	.code = "site:-411",
	.severity = LEVEL_ERROR,
	.title = SAME("The account may read what is to be migrated"),
};

static const struct rule capacity = {
	.profile = "sample",
	.id = "target.capacity",
	.check = &check_one,
	.endpoint = ENDPOINT_TARGET,
	.code = "site:-258",
	.severity = LEVEL_ERROR,
	.title = SAME("The target has room"),
};

static const struct rule charset = {
	.profile = "sample",
	.id = "pair.character-set",
	.check = &check_two,
	.endpoint = ENDPOINT_SOURCE,
	.code = "site:-257",
	.severity = LEVEL_ERROR,
	.title = SAME("Both servers have the same character set"),
	.cause = SAME("New tables on the target would get another character set."),
	.fix = SAME("`SET GLOBAL character_set_server = 'utf8mb4'` on the target."),
};

static const struct rule versions = {
	.profile = "sample",
	.id = "pair.a-rule-whose-id-is-longer-than-the-others",
	.check = &check_two,
	.endpoint = ENDPOINT_SOURCE,
	.code = "site:-257",
	.severity = LEVEL_ERROR,
	.title = SAME("The versions go together"),
};

static const struct rule gtid = {
	.profile = "sample",
	.id = "pair.gtid",
	.check = &check_two,
	.endpoint = ENDPOINT_SOURCE,
	.code = "site:-260",
	.severity = LEVEL_ERROR,
	.title = SAME("GTID is on or off on both"),
};

static const struct rule other_connect = {
	.profile = "other",
	.id = "source.connect",
	.check = &check_connect,
	.endpoint = ENDPOINT_SOURCE,
	.code = "site:1",
	.severity = LEVEL_ERROR,
	.title = SAME("The source answers"),
};

static const struct evidence format_found[] = {
	{ "binlog_format", NOTE(TEXT_one_of, "ROW\x1fMIXED"), VERBATIM("STATEMENT"),
	  "SHOW GLOBAL VARIABLES" },
};

static const struct evidence hostile_found[] = {
	{ "version_comment", { 0 }, VERBATIM(ESCAPE), "SELECT\n\t@@version_comment" },
	{ NOT_UTF8, VERBATIM(OVERRIDE), VERBATIM(FAKE_LINE), NULL },
	{ "init_connect", VERBATIM("1"), VERBATIM(""), "SHOW GLOBAL VARIABLES" },
};

static const struct evidence refused[] = {
	{ "10.0.0.2:3306",
	  { 0 },
	  VERBATIM("ERROR 2002 (HY000): Can't connect to server on "
	           "'10.0.0.2' (111)"),
	  NULL },
};

static const struct evidence charsets[] = {
	{ "source.character_set_server", { 0 }, VERBATIM("utf8mb4"), "SHOW GLOBAL VARIABLES" },
	{ "target.character_set_server", VERBATIM("utf8mb4"), VERBATIM("latin1"),
	  "SHOW GLOBAL VARIABLES" },
};

static const struct object few_objects[] = { { "shop.audit" }, { "`" ESCAPE "`.`a b`" } };

static const struct object many_objects[] = {
	{ "shop.orders" },
	{ "shop.`order lines`" },
	{ "`\u5546\u5e97`.`\u8ba2\u5355 \u660e\u7ec6`" },
	{ "shop.t04" },
	{ "shop.t05" },
	{ "shop.t06" },
	{ "shop.t07" },
	{ "shop.t08" },
	{ "shop.t09" },
	{ "shop.t10" },
	{ "shop.t11" },
	{ "`" OVERRIDE "`.t12" },
};

static const char *const hostile_values[] = { "tableName", "`shop`.`" FAKE_LINE "`", NULL };

static const struct result every[] = {
	{ .rule = &source_connect, .status = STATUS_PASS },
	{ .rule = &binlog_format,
	  .status = STATUS_FAIL,
	  .evidence_count = COUNT(format_found),
	  .evidence = format_found },
	{ .rule = &primary_key,
	  .status = STATUS_FAIL,
	  .evidence_count = COUNT(hostile_found),
	  .evidence = hostile_found,
	  .object_count = COUNT(many_objects),
	  .objects = many_objects,
	  .objects_total = 120,
	  .values = hostile_values },
	{ .rule = &events,
	  .status = STATUS_SKIP,
	  .reason = { TEXT_verbatim, { "only for tables" } } },
	{ .rule = &grants,
	  .status = STATUS_UNKNOWN,
	  .reason = { TEXT_verbatim,
	              { "ERROR 1227 (42000): Access denied; you need (at least one "
	                "of) the " ESCAPE " privilege(s)" } },
	  .evidence_count = 1,
	  .evidence = hostile_found },
	{ .rule = &target_connect,
	  .status = STATUS_FAIL,
	  .evidence_count = COUNT(refused),
	  .evidence = refused },
	{ .rule = &capacity,
	  .status = STATUS_WAIVED,
	  .waived_from = STATUS_UNKNOWN,
	  .reason = { TEXT_verbatim, { "sized by hand (dba, until 2027-01-31)" } } },
	{ .rule = &charset,
	  .status = STATUS_WAIVED,
	  .waived_from = STATUS_FAIL,
	  .reason = { TEXT_verbatim, { "\u6309\u5e93\u8bbe\u7f6e (\u674e\u56db)" } },
	  .evidence_count = COUNT(charsets),
	  .evidence = charsets,
	  .object_count = COUNT(few_objects),
	  .objects = few_objects,
	  .objects_total = COUNT(few_objects) },
	{ .rule = &versions,
	  .status = STATUS_UNKNOWN,
	  .reason = { TEXT_verbatim, { "the target could not be signed in to" } },
	  .blocked_by = "target.connect" },
	{ .rule = &gtid,
	  .status = STATUS_UNKNOWN,
	  .reason = { TEXT_verbatim, { "no such rule is in the report" } },
	  .blocked_by = "source.nowhere" },
};

static const struct result unreachable[] = {
	{ .rule = &source_connect,
	  .status = STATUS_FAIL,
	  .evidence_count = COUNT(refused),
	  .evidence = refused },
	{ .rule = &binlog_format,
	  .status = STATUS_UNKNOWN,
	  .reason = { TEXT_verbatim, { "the source could not be signed in to" } },
	  .blocked_by = "source.connect" },
	{ .rule = &grants,
	  .status = STATUS_UNKNOWN,
	  .reason = { TEXT_verbatim, { "the source could not be signed in to" } },
	  .blocked_by = "source.connect" },
	{ .rule = &target_connect, .status = STATUS_PASS },
	{ .rule = &charset,
	  .status = STATUS_UNKNOWN,
	  .reason = { TEXT_verbatim, { "the source could not be signed in to" } },
	  .blocked_by = "source.connect" },
};

static const struct result ready[] = {
	{ .rule = &source_connect, .status = STATUS_PASS },
	{ .rule = &binlog_format, .status = STATUS_PASS },
	{ .rule = &events,
	  .status = STATUS_SKIP,
	  .reason = { TEXT_verbatim, { "only for tables" } } },
	{ .rule = &charset, .status = STATUS_PASS },
};

static const struct result warning[] = {
	{ .rule = &source_connect, .status = STATUS_PASS },
	{ .rule = &primary_key,
	  .status = STATUS_FAIL,
	  .object_count = 1,
	  .objects = few_objects,
	  .objects_total = 1,
	  .values = hostile_values },
};

static const struct result incomplete[] = {
	{ .rule = &source_connect, .status = STATUS_PASS },
	{ .rule = &grants,
	  .status = STATUS_UNKNOWN,
	  .reason = { TEXT_verbatim, { "ERROR 1142 (42000): SELECT command denied" } } },
};

static const struct result two_profiles[] = {
	{ .rule = &source_connect,
	  .status = STATUS_FAIL,
	  .evidence_count = COUNT(refused),
	  .evidence = refused },
	{ .rule = &binlog_format,
	  .status = STATUS_UNKNOWN,
	  .reason = { TEXT_verbatim, { "the source could not be signed in to" } },
	  .blocked_by = "source.connect" },
	{ .rule = &other_connect, .status = STATUS_PASS },
};

static struct facts *reached(struct arena *arena)
{
	struct facts *facts = arena_new_of(arena, struct facts);
	struct endpoint_facts *source = &facts->at[ENDPOINT_SOURCE];
	struct endpoint_facts *target = &facts->at[ENDPOINT_TARGET];

	facts->gathered_ms = 1795253400123; /* 2026-11-21T09:30:00Z */
	source->configured = true;
	source->address = "127.0.0.1:3306";
	source->groups[GROUP_any_connect].state = GROUP_GATHERED;
	fact_set(source, FACT_mysql_version, "version", "10.11.19-MariaDB-0+deb12u1-log");
	target->configured = true;
	target->address = "db.example.net:13306";
	target->tls = "TLS_AES_256_GCM_SHA384";
	target->groups[GROUP_any_connect].state = GROUP_GATHERED;
	fact_set(target, FACT_mysql_version, "version", "9.7.4-2");
	fact_set(target, FACT_mysql_version_comment, "version_comment", "(Debian)");
	return facts;
}

static void lose(struct facts *facts, enum endpoint_id id)
{
	facts->at[id].groups[GROUP_any_connect] = (struct group_status){
		.state = GROUP_FAILED,
		.failure = FAILURE_REFUSED,
		.error = 2002,
		.sqlstate = "HY000",
		.text = "Can't connect to server on '10.0.0.2' (111)",
	};
	facts->at[id].tls = NULL;
}

/* The results as judging leaves them: each with the code of its rule. */
static const struct result *with_codes(struct arena *arena, const struct result *results,
                                       size_t count)
{
	struct result *copy = arena_array(arena, count + 1, sizeof(*copy));

	for (size_t i = 0; i < count; i++) {
		copy[i] = results[i];
		copy[i].code = results[i].rule->code;
	}
	return copy;
}

static struct report report_of(struct arena *arena, struct facts *facts,
                               const struct result *results, size_t count)
{
	static const char *const profiles[] = { "sample", NULL };
	static struct both titles[] = { { { "A made-up service",
		                            "\u865a\u6784\u7684\u8fc1\u79fb\u670d\u52a1" } } };

	return (struct report){
		.profiles = profiles,
		.profile_titles = titles,
		.facts = facts,
		.intent = arena_new_of(arena, struct intent),
		.count = count,
		.results = with_codes(arena, results, count),
		.fail_on = LEVEL_ERROR,
		.verdict = run_verdict(results, count, NULL, LEVEL_ERROR),
		.duration_ms = 41,
	};
}

struct report sample_every(struct arena *arena)
{
	static const struct object_pattern include[] = { { .written = "shop.*" },
		                                         { .written = "crm.`a b`" } };
	static const struct object_pattern exclude[] = { { .written = "shop.tmp_log" } };
	static const struct intent intent = {
		.mode = MODE_BACKUP,
		.objects = { 2, 1, include, exclude, SCOPE_TABLE },
	};
	static const struct note notices[] = {
		{ TEXT_verbatim, { "the line to the source is not encrypted" } },
		{ TEXT_verbatim, { "the waiver of sample/pair.* (" ESCAPE ") matched nothing" } },
	};
	struct facts *facts = reached(arena);
	struct report report;

	lose(facts, ENDPOINT_TARGET);
	report = report_of(arena, facts, every, COUNT(every));
	report.intent = &intent;
	report.notice_count = COUNT(notices);
	report.notices = notices;
	return report;
}

struct report sample_unreachable(struct arena *arena)
{
	struct facts *facts = reached(arena);

	lose(facts, ENDPOINT_SOURCE);
	return report_of(arena, facts, unreachable, COUNT(unreachable));
}

struct report sample_ready(struct arena *arena)
{
	struct facts *facts = reached(arena);

	facts->at[ENDPOINT_SOURCE].local = true;
	facts->at[ENDPOINT_SOURCE].address = "/run/mysqld/mysqld.sock";
	return report_of(arena, facts, ready, COUNT(ready));
}

struct report sample_warning(struct arena *arena)
{
	return report_of(arena, reached(arena), warning, COUNT(warning));
}

struct report sample_incomplete(struct arena *arena)
{
	struct facts *facts = reached(arena);

	facts->at[ENDPOINT_TARGET].configured = false;
	fact_set(&facts->at[ENDPOINT_SOURCE], FACT_mysql_version, "version",
	         "what" ESCAPE NOT_UTF8);
	return report_of(arena, facts, incomplete, COUNT(incomplete));
}

struct report sample_two_profiles(struct arena *arena)
{
	static const char *const profiles[] = { "sample", "other", NULL };
	static struct both titles[] = { { { "A made-up service",
		                            "\u865a\u6784\u7684\u8fc1\u79fb\u670d\u52a1" } },
		                        { { NULL, NULL } } };
	struct report report = report_of(arena, reached(arena), two_profiles, COUNT(two_profiles));

	report.profiles = profiles;
	report.profile_titles = titles;
	return report;
}

struct report sample_interrupted(struct arena *arena)
{
	struct report report = report_of(arena, arena_new_of(arena, struct facts), every, 0);

	report.verdict = VERDICT_INTERRUPTED;
	return report;
}
