#include "checks/core/sql.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Statements that only read, and texts that look dangerous and are data. */
static const char *const good[] = {
	"SELECT 1",
	"select 1;",
	"SELECT 1 ; \n-- done\n",
	"  \n\tSELECT 1",
	"# first\nSELECT 1",
	"-- first\r\nSELECT 1",
	"--\nSELECT 1",
	"SELECT 1 --",
	"/* why */ SELECT /**/ 1 /* that */",
	"(SELECT 1) UNION (SELECT 2)",
	"((SELECT 1))",
	"WITH a AS (SELECT 1 AS x) SELECT x FROM a",
	"WITH RECURSIVE a (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM a WHERE x < 9) SELECT x FROM a",
	"SHOW GLOBAL VARIABLES LIKE 'log_bin'",
	"SHOW CREATE PROCEDURE p",
	"SHOW PROCEDURE STATUS",
	"SHOW REPLICA STATUS",
	"EXPLAIN SELECT 1",
	"EXPLAIN FORMAT=JSON SELECT * FROM t WHERE a = 1",
	"EXPLAIN FORMAT = 'tree' SELECT 1",
	"EXPLAIN EXTENDED SELECT 1",
	"EXPLAIN PARTITIONS SELECT 1",
	"EXPLAIN EXTENDED_NOADDR SELECT 1",
	"EXPLAIN (SELECT 1) UNION (SELECT 2)",
	"EXPLAIN WITH a AS (SELECT 1) SELECT * FROM a",
	"EXPLAIN shop.orders",
	"EXPLAIN `t` 'a%';",
	"EXPLAIN extended",
	"SELECT 'INTO OUTFILE'",
	"SELECT \"FOR UPDATE; DROP TABLE t\"",
	"SELECT `into`, t.`update` FROM `delete` t",
	"SELECT 'it''s', \"a\"\"b\", `a``b`",
	"SELECT 'a\\\\', 'b\\n', \"c\\\\\"",
	"SELECT '/*! DROP TABLE t */', '-- x', '#'",
	"SELECT '\xe8\xa1\xa8' AS \xe8\xa1\xa8",
	"SELECT \"SLEEP(1)\"",
	"SELECT sleep FROM t",
	"SELECT IS_FREE_LOCK('a'), IS_USED_LOCK('a')",
	"SELECT REPLACE(a, 'x', 'y'), INSERT('abc', 1, 2, 'z'), TRUNCATE(1.5, 0)",
	"SELECT update_time, deleted, into_what FROM information_schema.tables",
	"SELECT 1.5, .5, 1e3, 1E-3, 0xFF, 0b01, 1., x'ff', b'01', N'a', _utf8mb4'a'",
	"SELECT 5 - -1, 5 - - 1",
	"SELECT @@global.server_id, @a, @'b', @`c` = 1",
	"SELECT SUBSTRING('abc' FROM 1 FOR 2)",
	"SELECT * FROM oceanbase.GV$OB_SERVERS",
	"SELECT doc->'$.a', doc->>'$.b' FROM t",
	"SELECT a FROM t FORCE INDEX FOR JOIN (i)",
	"SELECT next_value, value FROM s",
	"SELECT PREVIOUS VALUE FOR s",
	"SELECT COUNT(*) FROM t PROCEDURE_x",
	"SELECT CASE WHEN a THEN 'lock' ELSE 'share' END FROM t",
};

static const struct {
	const char *sql;
	const char *says;
} bad[] = {
	/* what is no statement, or another one */
	{ "", "is empty" },
	{ " \n-- nothing\n", "is empty" },
	{ ";", "begins with no word" },
	{ "()", "begins with no word" },
	{ "(", "no statement" },
	{ "UPDATE t SET a = 1", "begins with UPDATE" },
	{ "DELETE FROM t", "begins with DELETE" },
	{ "SET GLOBAL read_only = 0", "begins with SET" },
	{ "FLUSH LOGS", "begins with FLUSH" },
	{ "/* a */ DROP TABLE t", "begins with DROP" },
	{ "CALL p()", "begins with CALL" },
	{ "DO SLEEP(1)", "begins with DO" },
	{ "HANDLER t OPEN", "begins with HANDLER" },
	{ "TABLE t", "begins with TABLE" },
	{ "VALUES ROW(1)", "begins with VALUES" },
	{ "DESCRIBE t", "begins with DESCRIBE" },
	{ "ANALYZE FORMAT=JSON SELECT 1", "begins with ANALYZE" },
	{ "SET STATEMENT max_statement_time=0 FOR SELECT 1", "begins with SET" },
	{ "`SELECT` 1", "begins with no word" },
	{ "'SELECT' 1", "begins with no word" },
	{ "(DELETE FROM t)", "begins with DELETE" },
	{ "\xef\xbb\xbfSELECT 1", "begins with" },
	/* a second statement */
	{ "SELECT 1; SELECT 2", "second statement" },
	{ "SELECT 1;;", "second statement" },
	{ "SELECT 1; -- a\n DROP TABLE t", "second statement" },
	{ "SELECT 'a;';DROP TABLE t", "second statement" },
	/* storing what is read */
	{ "SELECT 1 INTO OUTFILE '/tmp/x'", "INTO" },
	{ "SELECT 1 INTO DUMPFILE '/tmp/x'", "INTO" },
	{ "SELECT 1 INTO @a", "INTO" },
	{ "SELECT 1 iNtO/**/@a", "INTO" },
	{ "(SELECT 1) INTO OUTFILE '/tmp/x'", "INTO" },
	{ "SELECT 'a'INTO OUTFILE '/tmp/x'", "INTO" },
	{ "SELECT `a`INTO OUTFILE '/tmp/x' FROM t", "INTO" },
	{ "SELECT 1 -- '\n INTO OUTFILE '/tmp/x'", "INTO" },
	{ "SELECT 1 # '\n INTO OUTFILE '/tmp/x'", "INTO" },
	{ "SELECT 1 /* ' */ INTO OUTFILE '/tmp/x'", "INTO" },
	{ "SELECT 1 /*/ ' */ INTO OUTFILE '/tmp/x'", "INTO" },
	{ "SELECT '\\\\' INTO OUTFILE '/tmp/x'", "INTO" },
	{ "SELECT t.into FROM t", "INTO" },
	{ "EXPLAIN FORMAT=JSON INTO @a SELECT 1", "INTO" },
	{ "SELECT 1.INTO OUTFILE '/tmp/x'", "number runs into a word" },
	{ "SELECT 1e1INTO OUTFILE '/tmp/x'", "number runs into a word" },
	{ "SELECT 1.0INTO OUTFILE '/tmp/x'", "number runs into a word" },
	{ "SELECT .5INTO OUTFILE '/tmp/x'", "number runs into a word" },
	{ "SELECT 0xINTO", "number runs into a word" },
	{ "SELECT * FROM 2024_orders", "number runs into a word" },
	{ "SELECT \\NINTO OUTFILE '/tmp/x'", "backslash outside quotes" },
	{ "SELECT 1 \\G", "backslash outside quotes" },
	{ "SELECT @a := 1", ":=" },
	{ "SELECT @a:=1", ":=" },
	{ "SELECT @`a`/**/:=1", ":=" },
	/* locks */
	{ "SELECT * FROM t FOR UPDATE", "FOR UPDATE" },
	{ "SELECT * FROM t for/* */update skip locked", "FOR UPDATE" },
	{ "SELECT * FROM t FOR SHARE OF t", "FOR SHARE" },
	{ "SELECT * FROM t LOCK IN SHARE MODE", "LOCK IN SHARE MODE" },
	{ "SELECT * FROM t LOCK\nIN -- x\nSHARE MODE", "LOCK IN SHARE MODE" },
	{ "SELECT * FROM (SELECT * FROM t FOR UPDATE) d", "FOR UPDATE" },
	{ "SELECT GET_LOCK('a', 1)", "GET_LOCK" },
	{ "SELECT RELEASE_LOCK('a')", "RELEASE_LOCK" },
	{ "SELECT RELEASE_ALL_LOCKS()", "RELEASE_ALL_LOCKS" },
	{ "SELECT service_get_write_locks('a', 'b', 1)", "SERVICE_GET_WRITE_LOCKS" },
	/* functions in every writing */
	{ "SELECT SLEEP(1)", "calls SLEEP" },
	{ "SELECT sleep /**/ (1)", "calls SLEEP" },
	{ "SELECT sLeEp\n-- x\n(1)", "calls SLEEP" },
	{ "SELECT `sleep`(1)", "calls SLEEP" },
	{ "SELECT `sleep `(1)", "calls SLEEP" },
	{ "SELECT \"sleep\"(1)", "calls SLEEP" },
	{ "SELECT mysql.sleep(1)", "calls SLEEP" },
	{ "SELECT `mysql` . `sleep` (1)", "calls SLEEP" },
	{ "SELECT {fn SLEEP(1)}", "calls SLEEP" },
	{ "SELECT \xc5\xbfleep(1)", "not ASCII" },
	{ "SELECT get_loc\xe2\x84\xaa('a', 1)", "not ASCII" },
	{ "SHOW TABLES WHERE SLEEP(1)", "calls SLEEP" },
	{ "EXPLAIN SELECT * FROM (SELECT BENCHMARK(9, 1)) d", "calls BENCHMARK" },
	{ "SELECT BENCHMARK(1000000, MD5(1))", "calls BENCHMARK" },
	{ "SELECT LOAD_FILE('/etc/passwd')", "calls LOAD_FILE" },
	{ "SELECT MASTER_POS_WAIT('a', 4)", "calls MASTER_POS_WAIT" },
	{ "SELECT SOURCE_POS_WAIT('a', 4)", "calls SOURCE_POS_WAIT" },
	{ "SELECT MASTER_GTID_WAIT('0-1-1')", "calls MASTER_GTID_WAIT" },
	{ "SELECT WAIT_FOR_EXECUTED_GTID_SET('a:1')", "calls WAIT_FOR_EXECUTED_GTID_SET" },
	{ "SELECT WAIT_UNTIL_SQL_THREAD_AFTER_GTIDS('a:1')", "calls WAIT_UNTIL_SQL" },
	{ "SELECT NEXTVAL(s)", "changes a sequence" },
	{ "SELECT SETVAL(s, 1)", "changes a sequence" },
	{ "SELECT NEXT VALUE FOR s", "changes a sequence" },
	{ "SELECT s.nextval", "changes a sequence" },
	{ "SELECT s.`NEXTVAL`", "changes a sequence" },
	{ "SELECT sys_exec('id')", "runs programs" },
	{ "SELECT sys_eval('id')", "runs programs" },
	{ "SELECT spider_direct_sql('a', 'b', 'c')", "other servers" },
	{ "SELECT group_replication_set_as_primary('a')", "changes the cluster" },
	{ "SELECT audit_log_filter_remove_filter('a')", "audit log" },
	{ "SELECT keyring_key_store('a', 'b', 'c')", "keys" },
	{ "SELECT * FROM t PROCEDURE ANALYSE()", "PROCEDURE ANALYSE" },
	/* other statements behind an allowed first word */
	{ "WITH a AS (SELECT 1) UPDATE t SET x = 1", "UPDATE" },
	{ "WITH a AS (SELECT 1) DELETE FROM t", "DELETE" },
	{ "WITH a AS (SELECT 1) INSERT t SELECT * FROM a", "INSERT" },
	{ "WITH a AS (SELECT 1) REPLACE t SELECT * FROM a", "REPLACE" },
	{ "EXPLAIN ANALYZE SELECT 1", "EXPLAIN ANALYZE" },
	{ "EXPLAIN FORMAT=TREE ANALYZE SELECT 1", "EXPLAIN ANALYZE" },
	{ "EXPLAIN UPDATE t SET a = 1", "UPDATE" },
	{ "EXPLAIN DELETE FROM t", "DELETE" },
	{ "EXPLAIN REPLACE t VALUES (1)", "REPLACE" },
	{ "EXPLAIN FOR CONNECTION 7", "explains something else" },
	{ "EXPLAIN", "explains something else" },
	{ "EXPLAIN FORMAT=", "explains something else" },
	{ "EXPLAIN a b c", "explains something else" },
	/* comments that are none */
	{ "SELECT /*! SLEEP(1) */", "executable comment" },
	{ "SELECT 1 /*!50000 INTO OUTFILE '/tmp/x' */", "executable comment" },
	{ "SELECT 1 /*M! INTO OUTFILE '/tmp/x' */", "executable comment" },
	{ "SELECT 1 /*M!100100 x */", "executable comment" },
	{ "SELECT 1 /*T![x] y */", "executable comment" },
	{ "SELECT /*+ SET_VAR(max_execution_time=0) */ 1", "optimiser hint" },
	{ "SELECT 1 /* a /* b */ INTO @x */", "comment stands within" },
	{ "SELECT 5--1", "-- without a space" },
	{ "SELECT 1--' \n INTO OUTFILE '/tmp/x'", "-- without a space" },
	/* what is not closed */
	{ "SELECT 'a", "quote (') is not closed" },
	{ "SELECT \"a", "quote (\") is not closed" },
	{ "SELECT 'a\\", "quote (') is not closed" },
	{ "SELECT 'a''", "quote (') is not closed" },
	{ "SELECT `a", "backtick is not closed" },
	{ "SELECT 1 /* a", "comment (/*) is not closed" },
	{ "SELECT 1 /*/", "comment (/*) is not closed" },
	/* what servers read in two ways */
	{ "SELECT 'a\\' INTO OUTFILE '/tmp/x", "NO_BACKSLASH_ESCAPES" },
	{ "SELECT 'a\\'b'", "NO_BACKSLASH_ESCAPES" },
	{ "SELECT \"a\\\"b\"", "NO_BACKSLASH_ESCAPES" },
	{ "SELECT '\\\\\\' ; DROP TABLE t -- '", "NO_BACKSLASH_ESCAPES" },
	{ "SELECT $$ ' $$ INTO OUTFILE '/tmp/x'", "begins with $" },
	{ "SELECT $a$ ' $a$", "begins with $" },
	/* bytes */
	{ "SELECT '\xff'", "not UTF-8" },
	{ "SELECT '\xc0\xa7'", "not UTF-8" },
	{ "SELECT '\xed\xa0\x80'", "not UTF-8" },
	{ "SELECT '\xe8\xa1", "not UTF-8" },
	{ "SELECT\x0b"
	  "1",
	  "control character 0x0b" },
	{ "SELECT 1 -- a\r INTO OUTFILE '/tmp/x'", "control character 0x0d" },
	{ "SELECT '\x1b[31m'", "control character 0x1b" },
};

static void test_reading_statements_pass(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		const char *why = sql_refusal(arena, good[i]);

		if (why)
			fail_msg("%s: refused: %s", good[i], why);
	}
	arena_free(arena);
}

static void test_others_are_refused_with_the_reason(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const char *why = sql_refusal(arena, bad[i].sql);

		if (!why || !strstr(why, bad[i].says))
			fail_msg("%s: \"%s\" lacks \"%s\"", bad[i].sql, why ? why : "(passed)",
			         bad[i].says);
	}
	arena_free(arena);
}

static void test_long_text_is_refused(void **state)
{
	struct arena *arena = arena_new();
	struct str sql = str_new(arena);

	(void)state;
	str_add(&sql, "SELECT 1");
	while (sql.length < 64 * 1024)
		str_add(&sql, ", 1");
	assert_non_null(strstr(sql_refusal(arena, sql.text), "64 KiB"));
	arena_free(arena);
}

/* Every beginning of every statement above: nothing may be read past the end. */
static void test_cut_texts_are_read_to_their_end(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		for (size_t length = 0; length <= strlen(bad[i].sql); length++) {
			struct arena *arena = arena_new();
			char *cut = strndup(bad[i].sql, length);

			sql_refusal(arena, cut);
			free(cut);
			arena_free(arena);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reading_statements_pass),
		cmocka_unit_test(test_others_are_refused_with_the_reason),
		cmocka_unit_test(test_long_text_is_refused),
		cmocka_unit_test(test_cut_texts_are_read_to_their_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
