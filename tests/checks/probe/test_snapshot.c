#include "checks/probe/snapshot.h"

#include "catalog/base/arena.h"
#include "catalog/base/cleanup.h"
#include "catalog/base/error.h"
#include "catalog/base/str.h"
#include "tests/harness/golden.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Bytes of a list with too many lists. */
#define MANY (size_t)15000000
#define NOT_UTF8 "caf\xe9\xff"

static const char *const no_texts[] = { NULL };

/* Something of everything. */
static void fill_source(struct endpoint_facts *source)
{
	static const char *const names[] = { "channel", "host", "port", "io", "sql" };
	static const char *const cells[] = { "",       "10.0.0.9", "3306", "Yes", "No",
		                             NOT_UTF8, "\033[2J",  NULL,   "Yes", "No" };
	static const char *const columns[] = { "n" };
	static const struct query_answer queries[] = {
		{ "site/rule",
		  "SELECT 1 AS n",
		  { .state = GROUP_GATHERED },
		  { 1, 1, 7, columns, cells + 2 } },
		{ "site/other",
		  "SELECT `" NOT_UTF8 "`",
		  { .state = GROUP_FAILED,
		    .failure = FAILURE_PRIVILEGE,
		    .error = 1142,
		    .sqlstate = "42000",
		    .text = "SELECT command denied" },
		  { 0 } },
	};
	for (int i = 0; i < GROUP_COUNT; i++)
		if (endpoint_has(ENDPOINT_SOURCE, group_infos[i].owner))
			source->groups[i].state = GROUP_GATHERED;
	source->configured = true;
	source->address = "127.0.0.1:3306";
	source->tls = "TLS_AES_256_GCM_SHA384";
	source->local = true;
	fact_set(source, FACT_mysql_version, "version", "5.6.24-log");
	fact_set(source, FACT_mysql_version_comment, "version_comment", NOT_UTF8);
	fact_set(source, FACT_mysql_log_bin, "log_bin", "ON");
	fact_set(source, FACT_mysql_binlog_format, "binlog_format", "STATEMENT");
	fact_set(source, FACT_mysql_server_id, "server_id", "561");
	fact_set(source, FACT_mysql_log_replica_updates, "log_slave_updates", "0");
	fact_set(source, FACT_mysql_event_scheduler, "event_scheduler", NULL);
	fact_set(source, FACT_mysql_character_set_server, "character_set_server", "\033[31m\u202e");
	/* As the probe leaves what is no number: missing, with the words that say why. */
	fact_set(source, FACT_mysql_lower_case_table_names, "lower_case_table_names", "many");
	fact_set_absent(source, FACT_mysql_gtid_mode);
	fact_set_rows(source, FACT_mysql_channels, (struct rows){ 5, 2, 3, names, cells });
	source->query_count = 2;
	source->queries = queries;
}

/* One of the endpoints that are no database, with its own groups and facts alone. */
static void fill_cm(struct endpoint_facts *cm)
{
	static const char *const names[] = { "name", "http", "begin" };
	static const char *const cells[] = { "10.0.0.3-7100:p_source-000-0:0000000007", "200",
		                             NULL };

	cm->configured = true;
	cm->kind = KIND_HTTP;
	cm->address = "http://10.0.0.3:8088";
	cm->groups[GROUP_any_connect].state = GROUP_GATHERED;
	cm->groups[GROUP_cm_root] =
		(struct group_status){ .state = GROUP_GATHERED,
		                       .statement = "GET http://10.0.0.3:8088/" };
	cm->groups[GROUP_cm_stores].state = GROUP_GATHERED;
	fact_set(cm, FACT_cm_cm_status, "HTTP status", "200");
	fact_set_rows(cm, FACT_cm_stores, (struct rows){ 3, 1, 4, names, cells });
}

/* A source that answered, a target that could not be signed in to, and the CM of an OMS. */
static struct snapshot *sample(struct arena *arena)
{
	static const char *const profiles[] = { "tencent-dts", NULL };
	static const char *const include[] = { "shop.*", "crm.`a b`", NULL };
	static const char *const stores[] = { "10.0.0.3-7100:p_source-000-0:0000000007", NULL };
	struct snapshot *snapshot = arena_new_of(arena, struct snapshot);
	struct facts *facts = arena_new_of(arena, struct facts);
	struct endpoint_facts *target = &facts->at[ENDPOINT_TARGET];

	facts->gathered_ms = 1795253400123;
	fill_source(&facts->at[ENDPOINT_SOURCE]);
	fill_cm(&facts->at[ENDPOINT_CM]);
	target->configured = true;
	target->address = "/run/mysqld/mysqld.sock";
	target->groups[GROUP_any_connect] =
		(struct group_status){ GROUP_FAILED, FAILURE_CREDENTIALS,       1045,
		                       "28000",      "Access denied " NOT_UTF8, "sign-in" };
	snapshot->facts = facts;
	snapshot->profiles = profiles;
	snapshot->mode = MODE_BACKUP;
	snapshot->include = include;
	snapshot->exclude = no_texts;
	snapshot->oms = (struct oms_intent){ .host_ip = "10.0.0.3",
		                             .checkpoint = 1659319500,
		                             .stores = stores };
	return snapshot;
}

static const char *written(struct arena *arena, const struct snapshot *snapshot)
{
	struct str out = str_new(arena);

	snapshot_write(snapshot, &out);
	return out.text;
}

/* Reads text as a file whose name the caller never sees but in errors, where it is "FILE". */
static struct snapshot *read_bytes(struct arena *arena, const char *bytes, size_t length,
                                   struct error *error)
{
	char path[] = "/tmp/migdoctor-snapshot-XXXXXX";
	int fd = mkstemp(path);
	struct snapshot *snapshot;
	char *name;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, length), length);
	close(fd);
	snapshot = snapshot_read(arena, path, error);
	unlink(path);
	if (!snapshot && (name = strstr(error->text, path))) {
		const char *rest = arena_strdup(arena, name + strlen(path));

		snprintf(name, sizeof(error->text) - (size_t)(name - error->text), "FILE%s", rest);
	}
	return snapshot;
}

static struct snapshot *read_text(struct arena *arena, const char *text, struct error *error)
{
	return read_bytes(arena, text, strlen(text), error);
}

static void test_golden(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	golden_expect("facts.json", written(arena, sample(arena)));
	arena_free(arena);
}

static void same_text(const char *a, const char *b)
{
	assert_true((a == NULL) == (b == NULL));
	if (a)
		assert_string_equal(a, b);
}

static void same_status(const struct group_status *a, const struct group_status *b)
{
	assert_int_equal(a->state, b->state);
	assert_int_equal(a->failure, b->failure);
	assert_int_equal(a->error, b->error);
	same_text(a->sqlstate, b->sqlstate);
	same_text(a->text, b->text);
	same_text(a->statement, b->statement);
}

static void same_rows(const struct rows *a, const struct rows *b)
{
	assert_int_equal(a->columns, b->columns);
	assert_int_equal(a->count, b->count);
	assert_int_equal(a->total, b->total);
	for (size_t i = 0; i < a->columns; i++)
		same_text(a->names[i], b->names[i]);
	for (size_t i = 0; i < a->columns * a->count; i++)
		same_text(a->cells[i], b->cells[i]);
}

static void same_fact(const struct endpoint_facts *a, const struct endpoint_facts *b,
                      enum fact_id id)
{
	const struct fact *one = fact_of(a, id), *two = fact_of(b, id);

	assert_int_equal(one->state, two->state);
	same_text(one->name, two->name);
	same_text(one->text, two->text);
	switch (fact_infos[id].type) {
	case FACT_TYPE_number:
		assert_int_equal(((const struct fact_number *)one)->value,
		                 ((const struct fact_number *)two)->value);
		break;
	case FACT_TYPE_flag:
		assert_int_equal(((const struct fact_flag *)one)->value,
		                 ((const struct fact_flag *)two)->value);
		break;
	case FACT_TYPE_rows:
		same_rows(&((const struct fact_rows *)one)->rows,
		          &((const struct fact_rows *)two)->rows);
		break;
	case FACT_TYPE_text:
		break;
	}
}

/* Judging sees after a round trip what it saw before, down to bytes that are not UTF-8. */
static void test_round_trip_keeps_everything(void **state)
{
	struct arena *arena = arena_new();
	struct snapshot *before = sample(arena);
	struct error error = { 0 };
	struct snapshot *after = read_text(arena, written(arena, before), &error);

	(void)state;
	assert_string_equal(error.text, "");
	assert_non_null(after);
	assert_int_equal(after->facts->gathered_ms, before->facts->gathered_ms);
	assert_int_equal(after->mode, before->mode);
	assert_string_equal(after->profiles[0], "tencent-dts");
	assert_null(after->profiles[1]);
	assert_string_equal(after->include[1], "crm.`a b`");
	assert_null(after->include[2]);
	assert_null(after->exclude[0]);
	assert_string_equal(after->oms.host_ip, "10.0.0.3");
	assert_int_equal(after->oms.checkpoint, 1659319500);
	assert_string_equal(after->oms.stores[0], before->oms.stores[0]);
	assert_null(after->oms.stores[1]);
	assert_null(after->oms.projects);
	for (int i = 0; i < ENDPOINT_COUNT; i++) {
		const struct endpoint_facts *a = &before->facts->at[i], *b = &after->facts->at[i];

		assert_int_equal(a->configured, b->configured);
		assert_int_equal(a->kind, b->kind);
		same_text(a->address, b->address);
		same_text(a->tls, b->tls);
		assert_int_equal(a->local, b->local);
		for (int j = 0; j < GROUP_COUNT; j++)
			same_status(&a->groups[j], &b->groups[j]);
		for (int j = 0; j < FACT_COUNT; j++)
			same_fact(a, b, (enum fact_id)j);
		assert_int_equal(a->query_count, b->query_count);
		for (size_t j = 0; j < a->query_count; j++) {
			same_text(a->queries[j].name, b->queries[j].name);
			same_text(a->queries[j].sql, b->queries[j].sql);
			same_status(&a->queries[j].status, &b->queries[j].status);
			same_rows(&a->queries[j].rows, &b->queries[j].rows);
		}
	}
	assert_string_equal(written(arena, before), written(arena, after));
	arena_free(arena);
}

static void test_an_endpoint_that_was_not_named_stays_so(void **state)
{
	struct arena *arena = arena_new();
	struct snapshot *before = sample(arena);
	struct error error = { 0 };
	struct snapshot *after;

	(void)state;
	before->facts->at[ENDPOINT_TARGET].configured = false;
	after = read_text(arena, written(arena, before), &error);
	assert_non_null(after);
	assert_true(after->facts->at[ENDPOINT_SOURCE].configured);
	assert_false(after->facts->at[ENDPOINT_TARGET].configured);
	arena_free(arena);
}

static void test_the_file_is_ascii(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	for (const char *c = written(arena, sample(arena)); *c; c++)
		assert_true(*c == '\n' || (*c >= ' ' && *c < 0x7f));
	arena_free(arena);
}

/* One change of a good file, and the message that it must give. */
static const struct {
	const char *from, *to, *message;
} damages[] = {
	{ "{\n", "{\n,", "FILE:2:1: string or '}' expected near ','" },
	{ "\"profiles\"", "\"schema\"", "duplicate object key" },
	{ "migdoctor/facts/1", "migdoctor/facts/2",
	  "FILE: schema: must be migdoctor/facts/1, not migdoctor/facts/2" },
	{ "\"schema\"", "\"scheme\"",
	  "FILE: is no facts file; `migdoctor check --save-facts FILE` writes one" },
	{ "1795253400123", "-1",
	  "FILE: gathered_ms: must be a whole number from 0 to 253402300799999" },
	{ "1795253400123", "253402300800000",
	  "FILE: gathered_ms: must be a whole number from 0 to" },
	{ "1795253400123", "1e3", "FILE: gathered_ms: must be a whole number from 0 to" },
	{ "1795253400123", "99999999999999999999", "too big integer" },
	{ "\"backup\"", "\"fast\"", "FILE: mode: must be one of online, offline, backup" },
	{ "\"mode\"", "\"made\"", "FILE: mode: is missing" },
	{ "\"mode\"", "\"more\": 1, \"mode\"",
	  "FILE: more: unknown key; was the file written by another version?" },
	{ "\"tencent-dts\"", "7", "FILE: profiles[0]: must be a text" },
	{ "\"tencent-dts\"", "\"a\\u0000b\"", "FILE:" },
	{ "\"include\": [", "\"include\": {", "FILE:" },
	{ "\"checkpoint\": 1659319500", "\"checkpoint\": -1",
	  "FILE: oms.checkpoint: must be a whole number from 0 to" },
	{ "\"host_ip\"", "\"host\"", "FILE: oms.host_ip: is missing" },
	{ "\"stores\": [", "\"stores\": [7, ", "FILE: oms.stores[0]: must be a text" },
	{ "\"projects\": []", "\"projects\": null", "FILE: oms.projects: must be a list" },
	{ "\"kind\": \"http\"", "\"kind\": \"mysql\"",
	  "FILE: endpoints.cm.kind: must be one of http" },
	{ "\"cm_status\"", "\"agent_status\"",
	  "FILE: endpoints.cm.facts.agent_status: unknown fact" },
	{ "\"root\": {", "\"agent\": {", "FILE: endpoints.cm.groups.root: is missing" },
	{ "\"source\": {", "\"middle\": {", "FILE: endpoints.middle: unknown endpoint" },
	{ "\"kind\": \"mysql\"", "\"kind\": \"oracle\"",
	  "FILE: endpoints.source.kind: must be one of mysql" },
	{ "\"local\": true", "\"local\": 1",
	  "FILE: endpoints.source.local: must be true or false" },
	{ "\"session\": {", "\"sessions\": {",
	  "FILE: endpoints.source.groups.session: is missing" },
	{ "\"state\": \"gathered\"", "\"state\": \"lost\"",
	  "FILE: endpoints.source.groups.connect.state: must be one of not-asked, gathered" },
	{ "\"failure\": \"credentials\"", "\"failure\": \"none\"",
	  "FILE: endpoints.target.groups.connect.failure: must be one of library, name" },
	{ "\"error\": 1045", "\"error\": 4294967296",
	  "FILE: endpoints.target.groups.connect.error:" },
	{ "\"log_bin\": {", "\"log_bean\": {",
	  "FILE: endpoints.source.facts.log_bean: unknown fact" },
	{ "\"text\": \"561\"", "\"text\": 561",
	  "FILE: endpoints.source.facts.server_id.text: must be a text" },
	{ "\"total\": 3", "\"total\": 1",
	  "FILE: endpoints.source.facts.channels.total: must not be less than the number of rows" },
	{ "\"sql\"\n", "\"sql\", \"more\"\n",
	  "FILE: endpoints.source.facts.channels.rows[0]: must have one cell a column" },
	{ "\"636166e9ff\"", "\"636166e9f\"", "hex must be pairs" },
	{ "\"636166e9ff\"", "\"636166E9FF\"", "hex must be pairs" },
	{ "\"636166e9ff\"", "\"00ff\"", "hex must be pairs" },
	{ "\"636166e9ff\"", "\"6162\"", "hex must be pairs of digits that are not UTF-8 text" },
	{ "\"636166e9ff\"", "\"\"", "hex must be pairs" },
	{ "\"hex\"", "\"hax\"", "hex: is missing" },
	{ "\"hex\"", "\"\\u001b[31m\": 1, \"hex\"", "\\x1b[31m: unknown key" },
};

static const char *replaced(struct arena *arena, const char *text, const char *from, const char *to)
{
	struct str out = str_new(arena);
	const char *found = strstr(text, from);

	if (!found)
		fail_msg("%s does not stand in the file", from);
	str_add_n(&out, text, (size_t)(found - text));
	str_add(&out, to);
	str_add(&out, found + strlen(from));
	return out.text;
}

static void test_a_damaged_file_is_refused_with_the_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		struct arena *arena = arena_new();
		const char *good = written(arena, sample(arena));
		struct error error = { 0 };

		assert_null(read_text(arena, replaced(arena, good, damages[i].from, damages[i].to),
		                      &error));
		assert_int_equal(error.kind, ERROR_CONFIG);
		if (!strstr(error.text, damages[i].message))
			fail_msg("wanted %s, got %s", damages[i].message, error.text);
		arena_free(arena);
	}
}

static void test_what_is_no_file_of_ours(void **state)
{
	static const struct {
		const char *text, *message;
	} files[] = {
		{ "", "FILE: is empty" },
		{ "[]", "FILE: is no facts file" },
		{ "{}", "FILE: is no facts file" },
		{ "{\"schema\":\"migdoctor/report/1\"}",
		  "FILE: schema: must be migdoctor/facts/1" },
		{ "\xff\xfe{", "FILE:1:" },
		{ "{} {}", "FILE:1:" },
	};
	struct arena *arena = arena_new();
	struct error error;

	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		error = (struct error){ 0 };
		assert_null(read_text(arena, files[i].text, &error));
		if (!str_starts(error.text, files[i].message))
			fail_msg("wanted %s, got %s", files[i].message, error.text);
	}
	assert_null(snapshot_read(arena, "/nonexistent/facts.json", &error));
	assert_string_equal(error.text,
	                    "/nonexistent/facts.json: cannot be read: No such file or directory");
	assert_null(snapshot_read(arena, "/tmp", &error));
	assert_string_equal(error.text, "/tmp: cannot be read: Is a directory");
	arena_free(arena);
}

/* Too deep for the parser, more values than memory is meant for, a device that never ends. */
static void test_caps(void **state)
{
	struct arena *arena = arena_new();
	struct error error = { 0 };
	char deep[20000], *many = arena_alloc(arena, MANY);

	(void)state;
	memset(deep, '[', sizeof(deep));
	assert_null(read_bytes(arena, deep, sizeof(deep), &error));
	assert_non_null(strstr(error.text, "depth"));
	for (size_t i = 0; i < MANY; i++)
		many[i] = i % 3 == 0 ? '[' : i % 3 == 1 ? ']' : ',';
	assert_null(read_bytes(arena, many, MANY, &error));
	assert_string_equal(error.text, "FILE: holds more than 8 million values");
	assert_null(snapshot_read(arena, "/dev/zero", &error));
	assert_string_equal(error.text, "/dev/zero: is larger than 256 MiB");
	arena_free(arena);
}

/* A file cut off anywhere is refused, and a byte changed anywhere never harms. */
static void test_cut_and_changed_files(void **state)
{
	struct arena *arena = arena_new();
	const char *good = written(arena, sample(arena));
	size_t length = strlen(good);

	(void)state;
	for (size_t i = 0; i + 1 < length; i += 7) {
		struct arena *round = arena_new();
		struct error error = { 0 };
		char *changed = arena_strndup(round, good, length);

		assert_null(read_bytes(round, good, i, &error));
		assert_int_equal(error.kind, ERROR_CONFIG);
		changed[i] = (char)(changed[i] ^ (1 << i % 8));
		error = (struct error){ 0 };
		if (!read_bytes(round, changed, length, &error))
			assert_int_equal(error.kind, ERROR_CONFIG);
		arena_free(round);
	}
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_round_trip_keeps_everything),
		cmocka_unit_test(test_an_endpoint_that_was_not_named_stays_so),
		cmocka_unit_test(test_the_file_is_ascii),
		cmocka_unit_test(test_a_damaged_file_is_refused_with_the_place),
		cmocka_unit_test(test_what_is_no_file_of_ours),
		cmocka_unit_test(test_caps),
		cmocka_unit_test(test_cut_and_changed_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
