#include "catalog/catalog.h"

#include "catalog/tables.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* The codes of the service's migration check, and their descriptions as it prints them. */
static const struct {
	const char *id, *shown, *message;
} dts_codes[] = {
	{ "dts:-254", "DTS -254", "Failed to query the target instance information" },
	{ "dts:-419", "DTS -419",
	  "The target instance version is non-compliant for migration from Alibaba Cloud" },
	{ "dts:-256", "DTS -256", "Failed to connect to the source instance" },
	{ "dts:-255", "DTS -255", "Failed to query the source instance information" },
	{ "dts:-260", "DTS -260",
	  "The GTID configurations of the source and target instances are non-compliant" },
	{ "dts:-261", "DTS -261",
	  "For online migration, binlog needs to be enabled for the source instance" },
	{ "dts:-262", "DTS -262",
	  "For online migration, binlog cannot be in `statement` format for the source instance" },
	{ "dts:-267", "DTS -267",
	  "`innodb_stats_on_metadata` should be set to off for the source instance" },
	{ "dts:-264", "DTS -264",
	  "For online migration, the source instance's `server_id` should be a positive integer other than 1 and different from that of the target instance" },
	{ "dts:-418", "DTS -418",
	  "For migration of specified tables (not schema), `events` should be disabled for the source instance" },
	{ "dts:2001041", "DTS 2001041",
	  "The source instance is a syncing slave, but `log_slave_update` is not enabled" },
	{ "dts:2001040", "DTS 2001040",
	  "The source instance is on version 5.7, which contains unsupported row types" },
	{ "dts:-257", "DTS -257", "The source instance and target instance are not compatible" },
	{ "dts:-258", "DTS -258",
	  "The target instance capacity is insufficient in online or backup mode" },
	{ "dts:-259", "DTS -259", "The target instance is not empty for instance-level migration" },
	{ "dts:2001037", "DTS 2001037",
	  "For table migration, the entered table is not found in the source instance" },
	{ "dts:-268", "DTS -268", "The database name already exists." },
	{ "dts:-269", "DTS -269", "The table name already exists." },
	{ "dts:-265", "DTS -265",
	  "For table migration, the table that foreign keys rely on is not in the target table" },
	{ "dts:-266", "DTS -266", "The target table has an unsupported storage engine" },
	{ "dts:-420", "DTS -420", "The source TokuDB is compressed" },
	{ "dts:-421", "DTS -421", "The source TokuDB has a cluster index" },
	{ "dts:-292", "DTS -292", "The RO of the target instance is exceptional" },
	{ "dts:-405", "DTS -405",
	  "There is a table whose `row_format` is fixed in the source instance" },
	{ "dts:-417", "DTS -417",
	  "The master-slave relationship between the source instance and target instance is exceptional" },
	{ "dts:-253", "DTS -253", "A user request for canceling the task is received." },
	{ "dts:-407", "DTS -407", "Wrong input parameters" },
	{ "dts:-411", "DTS -411", "Failed to check the account permission in the source instance" },
	{ "dts:6001000", "DTS 6001000", "The backup system is exceptional" },
	{ "dts:-41", "DTS -41", "Data sync failed due to a master-slave exception" },
	{ "dts:996", "DTS 996",
	  "Internal error. The migration mode and comparison mode have different configuration on the backend. An error will occur if the configuration file cannot be found" },
};

#define DTS_COUNT (sizeof(dts_codes) / sizeof(*dts_codes))

/* The codes of OMS Community Edition with level and message as the product prints them; of the
 * precheck, which prints one heading for all of its codes, the line below the heading. */
static const struct {
	const char *code;
	enum level level;
	const char *message;
} oms_codes[] = {
	{ "GHANA-OPEROR000001", LEVEL_ERROR, "Checker status failed." },
	{ "GHANA-OPERAT000101", LEVEL_ERROR, "Access denied for user 'root'@'xxx.xxx.xxx.xxx'." },
	{ "GHANA-MIGRAT000201", LEVEL_ERROR, "Schema, table or view migration failed." },
	{ "GHANA-PCHKNP000010", LEVEL_ERROR,
	  "\u6570\u636e\u5e93 {jdbcUrl} \u8fde\u901a\u6027\u6d4b\u8bd5\u4e0d\u901a\u8fc7\uff0c\u8bca\u65ad\u4fe1\u606f\uff1a{message}\u3002" },
	{ "GHANA-PCHKNP001010", LEVEL_ERROR,
	  "\u6570\u636e\u5e93 {schemaName} \u662f\u7cfb\u7edf\u5e93\uff0c\u7981\u6b62\u5411\u7cfb\u7edf\u5e93\u8fc1\u79fb\u6216\u540c\u6b65\u6570\u636e\u3002" },
	{ "GHANA-PCHKNP001011", LEVEL_ERROR,
	  "\u6570\u636e\u5e93 {schemaName} \u4e0d\u5b58\u5728\uff0c\u8bf7\u68c0\u67e5\u5e93\u540d\u586b\u5199\u6b63\u786e\u6216\u8005\u786e\u8ba4\u5e93\u662f\u5426\u5b58\u5728\u3002" },
	{ "GHANA-PCHKNP002010", LEVEL_ERROR,
	  "\u4ee5\u4e0b\u8868\u5bf9\u8c61\u5728\u8fdc\u7a0b\u6570\u636e\u5e93\u4e2d\u672a\u627e\u5230\uff1a{tableNames}\u3002" },
	{ "GHANA-PCHKNP002020", LEVEL_ERROR, "\u767d\u540d\u5355\u957f\u5ea6\u8fc7\u957f\u3002" },
	{ "GHANA-PCHKNP003010", LEVEL_ERROR, "\u8868 {table} \u5b58\u5728 lob \u5b57\u6bb5\u3002" },
	{ "CM-RESOIE000201", LEVEL_FATAL, "No available store. SubTopic:[%s], checkpoint:[%s]" },
	{ "CM-RESOIE000202", LEVEL_FATAL, "No active stores under topic : subTopic.getName()" },
	{ "CM-RESOAT000011", LEVEL_FATAL,
	  "Supervisor does not report any result after CM Retry 60 seconds." },
	{ "CM-RESOAT000012", LEVEL_FATAL, "Supervisor failed to execute command." },
	{ "CM-RESOAT000013", LEVEL_FATAL,
	  "\u5c55\u793a\u547d\u4ee4\u5177\u4f53\u7ed3\u679c\u3002" },
	{ "CM-SCHEOR000002", LEVEL_FATAL, "Failed to operate all process. Failed: {$Failed}." },
	{ "CM-SCHEOR000003", LEVEL_FATAL,
	  "Failed to operate part of process. Failed: {$Failed},  Success: {$Success}" },
	{ "CM-SCHEOR000203", LEVEL_FATAL, "Failed to start crawler." },
	{ "CM-SCHEAT000001", LEVEL_FATAL, "Failed to start checker." },
	{ "CM-SCHEAT000102", LEVEL_FATAL, "Failed to start writer." },
	{ "CM-RESONF000001", LEVEL_FATAL, "No alive hosts in current region." },
	{ "CM-RESONF000002", LEVEL_FATAL, "No available machine  in current region." },
	{ "CM-RESONF000003", LEVEL_FATAL, "No enough machine resource for a `$taskType` task." },
	{ "CM-RESONF000021", LEVEL_FATAL, "Machine group of region = ($Region) do not init." },
	{ "CONNECTOR-SOOO04006210", LEVEL_FATAL,
	  "internal error code, arguments: -6210, Transaction is timeout" },
	{ "CONNECTOR-SIOO0400600", LEVEL_FATAL,
	  "ORA-00600: internal error code, arguments: -6244, out of transaction threshold" },
	{ "CONNECTOR-SOOO0400601", LEVEL_FATAL,
	  "ORA-00600: internal error code, arguments: -4258, Incorrect string value" },
	{ "CONNECTOR-SOOO0401555", LEVEL_FATAL, "ORA-01555 snapshot too old" },
	{ "CONNECTOR-SID201000104", LEVEL_FATAL,
	  "DB2 SQL ERROR: SQL CODE = -104, SQLSTATE = 42610, SQLERRORMC = 2003" },
	{ "CONNECTOR-SIOR01001861", LEVEL_FATAL,
	  "SQL Error: ORA-01861: literal does not match format string" },
	{ "CONNECTOR-SIOR01014054", LEVEL_FATAL,
	  "SQL Error: ORA-14054: invalid ALTER TABLE TRUNCATE PARTITION option" },
	{ "CONNECTOR-SIOO01001451", LEVEL_FATAL,
	  "SQL Error: ORA-01451: column to be modified to NULL cannot be modified to NULL" },
	{ "CONNECTOR-SIMS01001064", LEVEL_FATAL,
	  "ERROR 1064 (42000): You have an error in your SQL syntax;" },
	{ "CONNECTOR-SIOM01001426", LEVEL_FATAL,
	  "ERROR 1426 (42000): Too big precision specified for column. Maximum is 65." },
	{ "CONNECTOR-SIOM01001064", LEVEL_FATAL,
	  "ERROR 1064 (42000): You have an error in your SQL syntax;" },
	{ "CONNECTOR-SIOO00014400", LEVEL_FATAL,
	  "\u76ee\u6807\u7aef\u8868\u5c11\u5206\u533a\uff0c(conn=2719331) ORA-14400: inserted partition key does not map to any partition,${db}.${table}" },
	{ "CONNECTOR-SIOO00000060", LEVEL_FATAL,
	  "\u76ee\u6807\u7aef\u6267\u884c\u6b7b\u9501\uff0c(conn=2356749) ORA-00060: deadlock detected while waiting for resource,${db}.${table}" },
	{ "CONNECTOR-SIAL00000001", LEVEL_FATAL,
	  "\u6e90\u7aef\u8868\u5b57\u6bb5\u5728\u76ee\u6807\u7aef\u8868\u4e2d\u4e0d\u5b58\u5728\uff0chandleColumnsOnlyInSource: Field${field} in ${sourceTable} not found in target table ${targetTable}" },
	{ "CONNECTOR-ALAL00000500", LEVEL_FATAL, "\u4e0d\u786e\u5b9a" },
	{ "CONNECTOR-SIKA-{type}-001101", LEVEL_ERROR, "TimeoutException" },
	{ "CONNECTOR-SIKA-{type}-001205", LEVEL_FATAL, "No entry found for connection" },
	{ "CONNECTOR-SIKA-{type}-001301", LEVEL_FATAL, "RecordTooLargeException" },
	{ "CONNECTOR-SIMS00000000", LEVEL_FATAL,
	  "\u6570\u636e\u5e93\u5ba2\u6237\u7aef\u6267\u884c\u8d85\u65f6\uff0cThe last packet sent successfully to the server was 0 milliseconds ago. The driver has not received any packets from the server." },
	{ "CONNECTOR-SIOM00000000", LEVEL_FATAL,
	  "\u6570\u636e\u5e93\u5ba2\u6237\u7aef\u6267\u884c\u8d85\u65f6\uff0cThe last packet sent successfully to the server was 0 milliseconds ago. The driver has not received any packets from the server." },
	{ "CONNECTOR-SIOM01000000", LEVEL_FATAL,
	  "\u6570\u636e\u5e93\u5ba2\u6237\u7aef\u6267\u884c\u8d85\u65f6\uff0cThe last packet sent successfully to the server was 0 milliseconds ago. The driver has not received any packets from the server." },
	{ "SUPERVISOR-CMADIE020101", LEVEL_ERROR,
	  "ShellCommand execute command: {command} Timeout." },
	{ "SUPERVISOR-CMADIE020102", LEVEL_ERROR, "ShellCommand execute failed, Ret: {exitCode}." },
	{ "SUPERVISOR-CMADIE020201", LEVEL_ERROR,
	  "ReadFileCommand execute failed, Ret: {exception message}." },
	{ "SUPERVISOR-CMADIE020202", LEVEL_ERROR,
	  "WriteFileCommand execute failed, Ret:  {exception message}" },
	{ "SUPERVISOR-CMADIE020203", LEVEL_ERROR, "Illegal Path: {path}" },
	{ "SUPERVISOR-CMADIE020204", LEVEL_ERROR, "Null or empty DYNAMIC_PORT args" },
	{ "SUPERVISOR-CMADIE020205", LEVEL_ERROR,
	  "Failed, Unsupported Placeholder: {placeholder}" },
	{ "SUPERVISOR-CMADIE020206", LEVEL_ERROR, "Failed to allocate dynamic port" },
	{ "SUPERVISOR-CMADIE020207", LEVEL_ERROR, "Unsupported file syntax" },
	{ "SUPERVISOR-CMADIE020208#1", LEVEL_ERROR, "Null or empty Json parser args" },
	{ "SUPERVISOR-CMADIE020208#2", LEVEL_ERROR,
	  "Invoke DeleteFileCmd, delete file: {file fullname} failed" },
	{ "SUPERVISOR-CMADIE020301", LEVEL_ERROR,
	  "SqlCommand execute failed with sql: {sqls} and exception: {exception message}" },
	{ "SUPERVISOR-CMADIE020401", LEVEL_ERROR, "Empty tables or views" },
	{ "SUPERVISOR-CMADIE020403", LEVEL_ERROR,
	  "Invalid byteUsedType: {byteUsedType} / None requireFields" },
	{ "SUPERVISOR-CMADIE020404", LEVEL_ERROR,
	  "Dbcat fetch DDL failed, with exception {exception message}" },
	{ "SUPERVISOR-CMADIE020405", LEVEL_ERROR,
	  "Dbcat query dependency failed, with exception  {exception message}" },
	{ "SUPERVISOR-CMADIE020501", LEVEL_ERROR, "Invalid input key" },
	{ "SUPERVISOR-CMADIE020503", LEVEL_ERROR, "Unsupported report type" },
	{ "SUPERVISOR-CMADIE020601", LEVEL_ERROR,
	  "InvokeFuncCommand failed with exception {exception message}." },
	{ "SUPERVISOR-CMADIE020602", LEVEL_ERROR,
	  "InvokeFuncCommand unsupported func: {func name}" },
	{ "SUPERVISOR-CMADIE020603", LEVEL_ERROR,
	  "InvokeFuncCommand timeout with exception: {exception message}" },
	{ "SUPERVISOR-CMADIE020605", LEVEL_ERROR,
	  "InvokeFuncCommand fetch message fail with exception: {exception message}" },
	{ "SUPERVISOR-CMADIE020701", LEVEL_ERROR, "Failed to get process alive job" },
	{ "SUPERVISOR-CMADIE020702", LEVEL_ERROR, "Failed to fetch result of task: {taskId}" },
	{ "SUPERVISOR-CMADIE020703", LEVEL_ERROR, "Failed to fetch errors of task: {taskId}" },
	{ "SUPERVISOR-CMADIE020704", LEVEL_ERROR,
	  "There is no error message to fetch now for task: {taskId}" },
	{ "SUPERVISOR-CMADIE020705", LEVEL_ERROR,
	  "FetchReportCommand unsupported report type: {report type}" },
	/* In the English documentation alone. */
	{ "CONNECTOR-SIOO00000942", LEVEL_FATAL,
	  "The destination table does not exist. table not existed, table:MOCK_ALLTYPE_OBORACLE_TABLE,db:oms_oracle.MOCK_DATABASE" },
	{ "CONNECTOR-SIOO00012899", LEVEL_FATAL,
	  "(conn=1055676) ORA-12899: value too large for column \"MOCK_DATABASE\".\"MOCK_ALLTYPE_OBORACLE_TABLE\".\"TCHAR\" (actual: 19, maximum: 1)" },
	{ "CONNECTOR-SIOO01000900", LEVEL_FATAL,
	  "SQL Error: ORA-00900: You have an error in your SQL syntax" },
	{ "CONNECTOR-SIOR01000907", LEVEL_FATAL,
	  "SQL Error: ORA-00907: missing right parenthesis" },
	{ "CONNECTOR-SIOR01003291", LEVEL_FATAL,
	  "SQL Error: ORA-03291: Invalid truncate option - missing STORAGE keyword" },
	{ "CONNECTOR-SIOR00012899", LEVEL_FATAL,
	  "ORA-12899: The value in the \"MOCK_DATABASE\".\"MOCK_ALLTYPE_OBORACLE_TABLE\".\"TCHAR\" column is too great. The value is 13, while the maximum value allowed is 3." },
	{ "CONNECTOR-SIDH-{type}-001004", LEVEL_ERROR, "Exceed limit of bps" },
	{ "CONNECTOR-SIDH-{type}-001005", LEVEL_FATAL, "MalformedRecordException,Not Found Field" },
	{ "CONNECTOR-SIDH-{type}-001006", LEVEL_FATAL, "exceed max length: 2097152" },
	{ "CONNECTOR-SIMS01000000", LEVEL_FATAL,
	  "The execution on the database client timed out. The last packet sent successfully to the server was 0 milliseconds ago. The driver has not received any packets from the server." },
	{ "SUPERVISOR-CMADIE020606", LEVEL_ERROR,
	  "InvokeFuncCommand failed to init datahub client with exception: {exception message}" },
};

#define OMS_COUNT (sizeof(oms_codes) / sizeof(*oms_codes))

static size_t count_family(const char *family)
{
	size_t count = 0;

	for (size_t i = 0; i < catalog_count(); i++) {
		struct catalog_entry entry;

		catalog_at(i, &entry);
		count += strcmp(entry.family, family) == 0;
	}
	return count;
}

static void test_find(void **state)
{
	struct catalog_entry entry = { 0 };

	(void)state;
	assert_true(catalog_find("dts:-262", &entry));
	assert_string_equal(entry.id, "dts:-262");
	assert_string_equal(entry.family, "dts");
	assert_string_equal(entry.shown, "DTS -262");
	assert_int_equal(entry.level, LEVEL_NONE);
	assert_non_null(strstr(entry.fix[LANG_EN], "`SET GLOBAL binlog_format = 'ROW'`"));
	assert_non_null(strstr(entry.fix[LANG_ZH], "`SET GLOBAL binlog_format = 'ROW'`"));
	assert_non_null(entry.source);
	assert_true(catalog_find("md:9001", &entry));
	assert_string_equal(entry.shown, "MD-9001");
	assert_int_equal(entry.level, LEVEL_ERROR);
	assert_null(entry.message);
}

static void test_find_nothing(void **state)
{
	static const char *const unknown[] = { "",          "dts",      "dts:", "dts:-26",
		                               "dts:-2622", "DTS:-262", "-262", "\xff" };
	struct catalog_entry entry = { .id = "untouched" };

	(void)state;
	for (size_t i = 0; i < sizeof(unknown) / sizeof(*unknown); i++)
		assert_false(catalog_find(unknown[i], &entry));
	assert_string_equal(entry.id, "untouched");
}

static void is_a_text(const char *text)
{
	size_t length;

	assert_non_null(text);
	length = strlen(text);
	assert_true(length > 0);
	assert_true(text[0] != ' ' && text[length - 1] != ' ');
	for (const unsigned char *c = (const unsigned char *)text; *c; c++)
		assert_true(*c >= 0x20 && *c != 0x7f);
}

static size_t count_backticks(const char *text)
{
	size_t count = 0;

	for (; *text; text++)
		count += *text == '`';
	return count;
}

/* A statement that only one language has is one that somebody forgot. */
static void has_same_statements(const char *const in[LANG_COUNT])
{
	const char *p = in[LANG_EN];

	assert_int_equal(count_backticks(in[LANG_EN]) % 2, 0);
	assert_int_equal(count_backticks(in[LANG_ZH]) % 2, 0);
	while ((p = strchr(p, '`'))) {
		size_t length = strcspn(p + 1, "`");
		char *statement = strndup(p, length + 2);

		if (!strstr(in[LANG_ZH], statement))
			fail_msg("not in the Chinese text: %s", statement);
		free(statement);
		p += length + 2;
	}
}

static void test_every_entry(void **state)
{
	struct catalog_entry entry, found, before = { 0 };

	(void)state;
	assert_true(catalog_count() >= DTS_COUNT + 1);
	for (size_t i = 0; i < catalog_count(); i++) {
		catalog_at(i, &entry);
		assert_true(!before.id || strcmp(before.id, entry.id) < 0);
		assert_true(catalog_find(entry.id, &found));
		assert_ptr_equal(found.id, entry.id);
		assert_int_equal(strncmp(entry.id, entry.family, strlen(entry.family)), 0);
		is_a_text(entry.shown);
		is_a_text(entry.source);
		if (entry.message)
			is_a_text(entry.message);
		for (int lang = 0; lang < LANG_COUNT; lang++) {
			is_a_text(entry.title[lang]);
			is_a_text(entry.cause[lang]);
			is_a_text(entry.fix[lang]);
		}
		has_same_statements(entry.fix);
		before = entry;
	}
}

/* Each key leads to the entries that have it, and to no others. */
static void test_indexes(void **state)
{
	struct catalog_entry entry;
	const uint32_t *places;

	(void)state;
	for (size_t i = 0; i < catalog_count(); i++) {
		bool found = false;
		size_t count;

		catalog_at(i, &entry);
		if (!entry.symbol)
			continue;
		count = catalog_by_symbol(entry.symbol, &places);
		for (size_t j = 0; j < count; j++)
			found |= places[j] == i;
		assert_true(found);
	}
	assert_int_equal(catalog_by_symbol("ER_NO_SUCH_SYMBOL", &places), 0);
	assert_int_equal(catalog_by_number(CATALOG_BY_ORA, 999999, &places), 0);
}

static int compare_pointers(const void *a, const void *b)
{
	const char *one = *(const char *const *)a, *two = *(const char *const *)b;

	return one < two ? -1 : one > two;
}

/* Equal texts are one text of the block, so that equal pointers say who shares it. */
static void is_shared_by_few(const char **texts, size_t count)
{
	size_t run = 1;

	qsort(texts, count, sizeof(*texts), compare_pointers);
	for (size_t i = 1; i < count; i++) {
		run = texts[i] == texts[i - 1] ? run + 1 : 1;
		if (run > 12)
			fail_msg("more than 12 codes share: %s", texts[i]);
	}
}

/* What many codes share is the text of a class, and marked so; titles of a class, too. */
static void test_texts_of_their_own(void **state)
{
	const char **causes = calloc(catalog_count(), sizeof(*causes));
	const char **titles = calloc(catalog_count(), sizeof(*titles));
	struct catalog_entry entry;
	size_t count = 0;

	(void)state;
	for (int lang = 0; lang < LANG_COUNT; lang++) {
		count = 0;
		for (size_t i = 0; i < catalog_count(); i++) {
			catalog_at(i, &entry);
			if (entry.class)
				continue;
			titles[count] = entry.title[lang];
			causes[count++] = entry.cause[lang];
		}
		is_shared_by_few(causes, count);
		is_shared_by_few(titles, count);
	}
	free(causes);
	free(titles);
}

/* Letters and digits alone, in small letters. */
static void squeeze(const char *text, char *out, size_t room)
{
	size_t length = 0;

	for (; *text && length + 1 < room; text++)
		if (isalnum((unsigned char)*text))
			out[length++] = (char)tolower((unsigned char)*text);
	out[length] = '\0';
}

static const char *without_prefix(const char *symbol)
{
	static const char *const prefixes[] = { "OBSOLETE_", "OB_ERR_", "OB_",     "ER_",
		                                "CR_",       "EE_",     "HA_ERR_", "WARN_" };

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++)
		if (strncmp(symbol, prefixes[i], strlen(prefixes[i])) == 0)
			symbol += strlen(prefixes[i]);
	return symbol;
}

static void test_titles_say_more_than_symbols(void **state)
{
	struct catalog_entry entry;
	char title[512], symbol[512];

	(void)state;
	for (size_t i = 0; i < catalog_count(); i++) {
		catalog_at(i, &entry);
		if (!entry.symbol)
			continue;
		squeeze(entry.title[LANG_EN], title, sizeof(title));
		squeeze(without_prefix(entry.symbol), symbol, sizeof(symbol));
		if (strcmp(title, symbol) == 0)
			fail_msg("%s: the title is the symbol respelt: %s", entry.id,
			         entry.title[LANG_EN]);
	}
}

static void test_rules(void **state)
{
	(void)state;
	assert_string_equal(catalog_rule("dts:-262", 0), "tencent-dts/source.binlog-format");
	assert_null(catalog_rule("dts:-262", 1));
	assert_non_null(catalog_rule("dts:-257", 2));
	assert_null(catalog_rule("dts:-41", 0));
}

static void test_dts(void **state)
{
	(void)state;
	assert_int_equal(DTS_COUNT, 31);
	for (size_t i = 0; i < DTS_COUNT; i++) {
		struct catalog_entry entry = { 0 };

		if (!catalog_find(dts_codes[i].id, &entry))
			fail_msg("%s is not in the catalog", dts_codes[i].id);
		assert_string_equal(entry.shown, dts_codes[i].shown);
		assert_string_equal(entry.message, dts_codes[i].message);
		assert_int_equal(entry.level, LEVEL_NONE);
	}
	assert_int_equal(count_family("dts"), DTS_COUNT);
}

static void test_oms(void **state)
{
	(void)state;
	assert_int_equal(OMS_COUNT, 71 + 11);
	for (size_t i = 0; i < OMS_COUNT; i++) {
		struct catalog_entry entry = { 0 };
		char id[64], shown[64];

		snprintf(id, sizeof(id), "oms:%s", oms_codes[i].code);
		snprintf(shown, sizeof(shown), "%.*s", (int)strcspn(oms_codes[i].code, "#"),
		         oms_codes[i].code);
		if (!catalog_find(id, &entry))
			fail_msg("%s is not in the catalog", id);
		assert_string_equal(entry.shown, shown);
		assert_string_equal(entry.message, oms_codes[i].message);
		assert_int_equal(entry.level, oms_codes[i].level);
	}
	assert_int_equal(count_family("oms"), OMS_COUNT);
}

/* The heading that the precheck prints above each of its messages. */
static void test_oms_heading(void **state)
{
	static const char heading[] =
		"\u9884\u68c0\u67e5 {checkType} \u6267\u884c\u4e0d\u901a\u8fc7\u3002";
	size_t count = 0;

	(void)state;
	for (size_t i = 0; i < catalog_count(); i++) {
		struct catalog_entry entry;

		catalog_at(i, &entry);
		if (strncmp(entry.id, "oms:GHANA-PCHKNP", strlen("oms:GHANA-PCHKNP")) != 0)
			continue;
		for (int lang = 0; lang < LANG_COUNT; lang++)
			assert_non_null(strstr(entry.cause[lang], heading));
		count++;
	}
	assert_int_equal(count, 6);
}

/* The C library has the last word on which error a number is. */
static void test_os(void **state)
{
	(void)state;
	for (size_t i = 0; i < catalog_count(); i++) {
		struct catalog_entry entry;
		int number;

		catalog_at(i, &entry);
		if (strcmp(entry.family, "os") != 0)
			continue;
		number = (int)strtol(entry.id + strlen("os:"), NULL, 10);
		assert_string_equal(entry.message, strerror(number));
		assert_string_equal(entry.symbol, strerrorname_np(number));
	}
	assert_true(count_family("os") >= 40);
}

static void test_level_names(void **state)
{
	(void)state;
	assert_null(level_name(LEVEL_NONE));
	assert_string_equal(level_name(LEVEL_WARNING), "warning");
	assert_string_equal(level_name(LEVEL_ERROR), "error");
	assert_string_equal(level_name(LEVEL_FATAL), "fatal");
}

static void test_builtin_profiles(void **state)
{
	const char *name = NULL, *text = NULL, *before = "";
	size_t length = 0, count = 0;

	(void)state;
	for (; builtin_profile(count, &name, &text, &length); count++) {
		assert_true(strcmp(before, name) < 0);
		assert_int_equal(strlen(text), length);
		before = name;
	}
	assert_int_equal(count, table_profiles_count);
	assert_false(builtin_profile(count, &name, &text, &length));
	assert_false(builtin_profile(SIZE_MAX, &name, &text, &length));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_find),
		cmocka_unit_test(test_find_nothing),
		cmocka_unit_test(test_every_entry),
		cmocka_unit_test(test_indexes),
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_texts_of_their_own),
		cmocka_unit_test(test_titles_say_more_than_symbols),
		cmocka_unit_test(test_dts),
		cmocka_unit_test(test_oms),
		cmocka_unit_test(test_oms_heading),
		cmocka_unit_test(test_os),
		cmocka_unit_test(test_level_names),
		cmocka_unit_test(test_builtin_profiles),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
