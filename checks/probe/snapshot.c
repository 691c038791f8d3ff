#include "checks/probe/snapshot_file.h"

#include "catalog/base/arena.h"
#include "catalog/base/cleanup.h"
#include "catalog/base/error.h"
#include "catalog/base/str.h"
#include "catalog/base/utf8.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <limits.h>

#define SIZE_CAP (256u * 1024 * 1024)
/* An empty list is two bytes of a file and more than a hundred of memory. */
#define VALUE_CAP 8000000
/* The last millisecond of the year 9999, after which RFC 3339 has no date. */
#define LAST_MS 253402300799999

/* --- reading: one value ----------------------------------------------------------------- */

/* Where in the file we are, for messages. The first refusal ends the reading. */
struct reader {
	struct arena *arena;
	const char *file;
	struct error *error;
};

/* A place in the file: a key or an index under another place. */
struct place {
	const struct place *in;
	const char *key; /* NULL for an index */
	size_t index;
};

static void add_place(struct str *out, const struct place *place)
{
	if (!place)
		return;
	add_place(out, place->in);
	if (place->key)
		str_addf(out, "%s%s", out->length > 0 ? "." : "", place->key);
	else
		str_addf(out, "[%zu]", place->index);
}

static int refuse(struct reader *reader, const struct place *place, const char *what)
{
	struct str path = str_new(reader->arena);

	add_place(&path, place);
	return error_config(reader->error, "%s: %s%s%s", reader->file, path.text,
	                    path.length > 0 ? ": " : "", what);
}

/* Refuses a map that has other keys than these, or lacks one. */
static int expect_keys(struct reader *reader, const struct place *place, json_t *value,
                       const char *const *keys, size_t count)
{
	const char *key;
	json_t *item;

	if (!json_is_object(value))
		return refuse(reader, place, "must be an object");
	for (size_t i = 0; i < count; i++)
		if (!json_object_get(value, keys[i]))
			return refuse(reader, &(struct place){ place, keys[i], 0 }, "is missing");
	if (json_object_size(value) == count)
		return 0;
	json_object_foreach(value, key, item)
	{
		bool known = false;

		for (size_t i = 0; i < count; i++)
			known = known || str_equal(keys[i], key);
		if (!known)
			return refuse(reader, &(struct place){ place, key, 0 },
			              "unknown key; was the file written by another version?");
	}
	return 0;
}

#define EXPECT_KEYS(reader, place, value, ...)                                        \
	expect_keys((reader), (place), (value), (const char *const[]){ __VA_ARGS__ }, \
	            sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static int read_hex(struct reader *reader, const struct place *place, json_t *value,
                    const char **ret)
{
	const char *hex = json_string_value(json_object_get(value, "hex"));
	size_t length = hex ? strlen(hex) : 0;

	if (EXPECT_KEYS(reader, place, value, "hex"))
		return -1;
	char *bytes = arena_alloc(reader->arena, length / 2 + 1);
	for (size_t i = 0; i + 1 < length; i += 2) {
		int high = hex_digit(hex[i]), low = hex_digit(hex[i + 1]);

		if (high < 0 || low < 0 || high + low == 0)
			return refuse(reader, place, "hex must be pairs of 0-9 a-f other than 00");
		bytes[i / 2] = (char)(high * 16 + low);
	}
	/* One text has one form: what JSON can hold is never written so. */
	if (length == 0 || length % 2 != 0 || utf8_is_valid(bytes))
		return refuse(reader, place, "hex must be pairs of digits that are not UTF-8 text");
	*ret = bytes;
	return 0;
}

static int read_text(struct reader *reader, const struct place *place, json_t *value,
                     const char **ret)
{
	if (json_is_object(value))
		return read_hex(reader, place, value, ret);
	if (!json_is_string(value))
		return refuse(reader, place, "must be a text");
	*ret = arena_strdup(reader->arena, json_string_value(value));
	return 0;
}

static int read_text_or_null(struct reader *reader, const struct place *place, json_t *value,
                             const char **ret)
{
	*ret = NULL;
	return json_is_null(value) ? 0 : read_text(reader, place, value, ret);
}

static int read_number(struct reader *reader, const struct place *place, json_t *value, int64_t max,
                       int64_t *ret)
{
	if (!json_is_integer(value) || json_integer_value(value) < 0 ||
	    json_integer_value(value) > max)
		return refuse(reader, place,
		              arena_printf(reader->arena, "must be a whole number from 0 to %lld",
		                           (long long)max));
	*ret = json_integer_value(value);
	return 0;
}

/* As many texts as there are, or exactly `count`; then a NULL. */
static int read_texts(struct reader *reader, const struct place *place, json_t *value, bool nulls,
                      const char ***ret, size_t *ret_count)
{
	size_t count = json_array_size(value);

	if (!json_is_array(value))
		return refuse(reader, place, "must be a list");
	*ret = arena_array(reader->arena, count + 1, sizeof(**ret));
	for (size_t i = 0; i < count; i++) {
		struct place item = { place, NULL, i };
		json_t *text = json_array_get(value, i);

		if (nulls ? read_text_or_null(reader, &item, text, *ret + i)
		          : read_text(reader, &item, text, *ret + i))
			return -1;
	}
	*ret_count = count;
	return 0;
}

/* The word of a table of words at `key`, as its index; a hole of the table is no word. */
static int read_word(struct reader *reader, const struct place *place, json_t *value,
                     const char *const *words, size_t count, size_t *ret)
{
	const char *word = json_string_value(value);
	struct str known = str_new(reader->arena);

	for (size_t i = 0; i < count; i++) {
		if (word && str_equal(words[i], word)) {
			*ret = i;
			return 0;
		}
		str_addf(&known, "%s%s", i > 0 ? ", " : "must be one of ", words[i]);
	}
	return refuse(reader, place, known.text);
}

/* --- reading: what the file holds ------------------------------------------------------- */

static int read_failure(struct reader *reader, const struct place *place, json_t *value,
                        enum failure *ret)
{
	const char *words[FAILURE_COUNT - 1];
	size_t word;

	for (size_t i = 0; i < FAILURE_COUNT - 1; i++)
		words[i] = failure_name((enum failure)(i + 1));
	if (read_word(reader, place, value, words, FAILURE_COUNT - 1, &word))
		return -1;
	*ret = (enum failure)(word + 1);
	return 0;
}

static int read_status(struct reader *reader, const struct place *place, json_t *value,
                       struct group_status *ret)
{
	struct place state_at = { place, "state", 0 }, failure_at = { place, "failure", 0 };
	struct place error_at = { place, "error", 0 }, sqlstate_at = { place, "sqlstate", 0 };
	struct place text_at = { place, "text", 0 }, statement_at = { place, "statement", 0 };
	int64_t number;
	size_t state;

	if (!json_is_object(value))
		return refuse(reader, place, "must be an object");
	if (read_word(reader, &state_at, json_object_get(value, "state"), snapshot_states,
	              SNAPSHOT_STATES, &state))
		return -1;
	ret->state = (enum group_state)state;
	if (ret->state == GROUP_NOT_ASKED)
		return EXPECT_KEYS(reader, place, value, "state");
	if (ret->state == GROUP_GATHERED && EXPECT_KEYS(reader, place, value, "state", "statement"))
		return -1;
	if (ret->state == GROUP_GATHERED)
		return read_text_or_null(reader, &statement_at, json_object_get(value, "statement"),
		                         &ret->statement);
	if (EXPECT_KEYS(reader, place, value, "state", "failure", "error", "sqlstate", "text",
	                "statement") ||
	    read_failure(reader, &failure_at, json_object_get(value, "failure"), &ret->failure) ||
	    read_number(reader, &error_at, json_object_get(value, "error"), UINT_MAX, &number) ||
	    read_text_or_null(reader, &sqlstate_at, json_object_get(value, "sqlstate"),
	                      &ret->sqlstate) ||
	    read_text_or_null(reader, &text_at, json_object_get(value, "text"), &ret->text) ||
	    read_text_or_null(reader, &statement_at, json_object_get(value, "statement"),
	                      &ret->statement))
		return -1;
	ret->error = (unsigned)number;
	return 0;
}

static int read_cells(struct reader *reader, const struct place *place, json_t *value,
                      struct rows *rows)
{
	const char **cells = arena_array(reader->arena, json_array_size(value) + 1,
	                                 (rows->columns + 1) * sizeof(*cells));

	for (size_t i = 0; i < json_array_size(value); i++) {
		struct place row_at = { place, NULL, i };
		const char **row;
		size_t count;

		if (read_texts(reader, &row_at, json_array_get(value, i), true, &row, &count))
			return -1;
		if (count != rows->columns)
			return refuse(reader, &row_at, "must have one cell a column");
		for (size_t j = 0; j < count; j++)
			cells[i * rows->columns + j] = row[j];
	}
	rows->cells = cells;
	rows->count = json_array_size(value);
	return 0;
}

static int read_rows(struct reader *reader, const struct place *place, json_t *value,
                     struct rows *ret)
{
	struct place columns_at = { place, "columns", 0 }, total_at = { place, "total", 0 };
	struct place rows_at = { place, "rows", 0 };
	json_t *list = json_object_get(value, "rows");
	const char **names;
	int64_t total;

	if (EXPECT_KEYS(reader, place, value, "columns", "total", "rows") ||
	    read_texts(reader, &columns_at, json_object_get(value, "columns"), false, &names,
	               &ret->columns) ||
	    read_number(reader, &total_at, json_object_get(value, "total"), INT64_MAX, &total))
		return -1;
	if (!json_is_array(list))
		return refuse(reader, &rows_at, "must be a list");
	if ((uint64_t)total < json_array_size(list))
		return refuse(reader, &total_at, "must not be less than the number of rows");
	ret->names = names;
	ret->total = (uint64_t)total;
	return read_cells(reader, &rows_at, list, ret);
}

static int read_fact(struct reader *reader, const struct place *place, json_t *value,
                     struct endpoint_facts *at, enum fact_id id)
{
	struct place name_at = { place, "name", 0 }, text_at = { place, "text", 0 };
	const char *name, *text;
	struct rows rows = { 0 };

	if (json_is_null(value)) {
		fact_set_absent(at, id);
		return 0;
	}
	if (fact_infos[id].type == FACT_TYPE_rows) {
		if (read_rows(reader, place, value, &rows))
			return -1;
		fact_set_rows(at, id, rows);
		return 0;
	}
	if (EXPECT_KEYS(reader, place, value, "name", "text") ||
	    read_text_or_null(reader, &name_at, json_object_get(value, "name"), &name) ||
	    read_text_or_null(reader, &text_at, json_object_get(value, "text"), &text))
		return -1;
	/* What the live run could not read as a number or flag, this cannot either: the same. */
	fact_set(at, id, name, text);
	return 0;
}

static int read_facts(struct reader *reader, const struct place *place, json_t *value,
                      enum endpoint_id endpoint, struct endpoint_facts *at)
{
	const char *name;
	json_t *item;

	if (!json_is_object(value))
		return refuse(reader, place, "must be an object");
	json_object_foreach(value, name, item)
	{
		struct place fact_at = { place, name, 0 };
		enum fact_id id;

		if (!fact_find(name, &id) || !endpoint_has(endpoint, fact_infos[id].owner))
			return refuse(reader, &fact_at,
			              "unknown fact; was the file written by another version?");
		if (read_fact(reader, &fact_at, item, at, id))
			return -1;
	}
	return 0;
}

static int read_groups(struct reader *reader, const struct place *place, json_t *value,
                       enum endpoint_id endpoint, struct endpoint_facts *at)
{
	const char *names[GROUP_COUNT];
	size_t count = 0;

	for (int i = 0; i < GROUP_COUNT; i++)
		if (endpoint_has(endpoint, group_infos[i].owner))
			names[count++] = group_infos[i].name;
	if (expect_keys(reader, place, value, names, count))
		return -1;
	for (int i = 0; i < GROUP_COUNT; i++) {
		struct place group_at = { place, group_infos[i].name, 0 };

		if (!endpoint_has(endpoint, group_infos[i].owner))
			continue;
		if (read_status(reader, &group_at, json_object_get(value, group_infos[i].name),
		                &at->groups[i]))
			return -1;
	}
	return 0;
}

static int read_query(struct reader *reader, const struct place *place, json_t *value,
                      struct query_answer *ret)
{
	struct place name_at = { place, "name", 0 }, sql_at = { place, "sql", 0 };
	struct place status_at = { place, "status", 0 }, answer_at = { place, "answer", 0 };

	if (EXPECT_KEYS(reader, place, value, "name", "sql", "status", "answer") ||
	    read_text(reader, &name_at, json_object_get(value, "name"), &ret->name) ||
	    read_text(reader, &sql_at, json_object_get(value, "sql"), &ret->sql) ||
	    read_status(reader, &status_at, json_object_get(value, "status"), &ret->status))
		return -1;
	return read_rows(reader, &answer_at, json_object_get(value, "answer"), &ret->rows);
}

static int read_queries(struct reader *reader, const struct place *place, json_t *value,
                        struct endpoint_facts *at)
{
	struct query_answer *answers =
		arena_array(reader->arena, json_array_size(value) + 1, sizeof(*answers));

	if (!json_is_array(value))
		return refuse(reader, place, "must be a list");
	for (size_t i = 0; i < json_array_size(value); i++) {
		struct place query_at = { place, NULL, i };

		if (read_query(reader, &query_at, json_array_get(value, i), &answers[i]))
			return -1;
	}
	at->query_count = json_array_size(value);
	at->queries = answers;
	return 0;
}

static int read_endpoint(struct reader *reader, const struct place *place, json_t *value,
                         enum endpoint_id endpoint, struct endpoint_facts *at)
{
	const char *kind_of = kind_name(endpoint_kind(endpoint));
	struct place kind_at = { place, "kind", 0 }, address_at = { place, "address", 0 };
	struct place tls_at = { place, "tls", 0 }, local_at = { place, "local", 0 };
	struct place groups_at = { place, "groups", 0 }, facts_at = { place, "facts", 0 };
	struct place queries_at = { place, "queries", 0 };
	json_t *local = json_object_get(value, "local");
	size_t kind;

	if (EXPECT_KEYS(reader, place, value, "kind", "address", "tls", "local", "groups", "facts",
	                "queries") ||
	    read_word(reader, &kind_at, json_object_get(value, "kind"), &kind_of, 1, &kind) ||
	    read_text(reader, &address_at, json_object_get(value, "address"), &at->address) ||
	    read_text_or_null(reader, &tls_at, json_object_get(value, "tls"), &at->tls))
		return -1;
	if (!json_is_boolean(local))
		return refuse(reader, &local_at, "must be true or false");
	at->configured = true;
	at->kind = endpoint_kind(endpoint);
	at->local = json_is_true(local);
	if (read_groups(reader, &groups_at, json_object_get(value, "groups"), endpoint, at) ||
	    read_facts(reader, &facts_at, json_object_get(value, "facts"), endpoint, at))
		return -1;
	return read_queries(reader, &queries_at, json_object_get(value, "queries"), at);
}

static int read_endpoints(struct reader *reader, json_t *value, struct facts *facts)
{
	struct place place = { NULL, "endpoints", 0 };
	const char *name;
	json_t *item;

	if (!json_is_object(value))
		return refuse(reader, &place, "must be an object");
	json_object_foreach(value, name, item)
	{
		struct place endpoint_at = { &place, name, 0 };
		enum endpoint_id id;

		if (!endpoint_find(name, &id))
			return refuse(reader, &endpoint_at,
			              "unknown endpoint; was the file written by another version?");
		if (read_endpoint(reader, &endpoint_at, item, id, &facts->at[id]))
			return -1;
	}
	return 0;
}

static int read_objects(struct reader *reader, json_t *value, struct snapshot *snapshot)
{
	struct place place = { NULL, "objects", 0 };
	struct place include_at = { &place, "include", 0 }, exclude_at = { &place, "exclude", 0 };
	const char **include, **exclude;
	size_t count;

	if (EXPECT_KEYS(reader, &place, value, "include", "exclude") ||
	    read_texts(reader, &include_at, json_object_get(value, "include"), false, &include,
	               &count) ||
	    read_texts(reader, &exclude_at, json_object_get(value, "exclude"), false, &exclude,
	               &count))
		return -1;
	snapshot->include = include;
	snapshot->exclude = exclude;
	return 0;
}

static int read_oms(struct reader *reader, json_t *value, struct oms_intent *ret)
{
	struct place place = { NULL, "oms", 0 }, ip_at = { &place, "host_ip", 0 };
	struct place checkpoint_at = { &place, "checkpoint", 0 };
	struct place stores_at = { &place, "stores", 0 }, projects_at = { &place, "projects", 0 };
	const char **stores, **projects;
	size_t count;

	if (EXPECT_KEYS(reader, &place, value, "host_ip", "checkpoint", "stores", "projects") ||
	    read_text_or_null(reader, &ip_at, json_object_get(value, "host_ip"), &ret->host_ip) ||
	    read_number(reader, &checkpoint_at, json_object_get(value, "checkpoint"),
	                LAST_MS / 1000, &ret->checkpoint) ||
	    read_texts(reader, &stores_at, json_object_get(value, "stores"), false, &stores,
	               &count) ||
	    read_texts(reader, &projects_at, json_object_get(value, "projects"), false, &projects,
	               &count))
		return -1;
	/* None named is another thing than a list of none. */
	ret->stores = *stores ? stores : NULL;
	ret->projects = *projects ? projects : NULL;
	return 0;
}

/* Looked at before everything else: another schema is another file, not a faulty one. */
static int expect_schema(struct reader *reader, json_t *root)
{
	const char *schema = json_string_value(json_object_get(root, "schema"));

	if (!schema)
		return refuse(reader, NULL,
		              "is no facts file; `migdoctor check --save-facts FILE` writes one");
	if (!str_equal(schema, SNAPSHOT_SCHEMA))
		return refuse(
			reader, &(struct place){ NULL, "schema", 0 },
			arena_printf(reader->arena, "must be %s, not %s", SNAPSHOT_SCHEMA, schema));
	return 0;
}

static int read_root(struct reader *reader, json_t *root, struct snapshot *snapshot)
{
	struct place version_at = { NULL, "version", 0 }, gathered_at = { NULL, "gathered_ms", 0 };
	struct place profiles_at = { NULL, "profiles", 0 }, mode_at = { NULL, "mode", 0 };
	const char **profiles, *version, *modes[MODE_COUNT];
	size_t count, mode;

	for (int i = 0; i < MODE_COUNT; i++)
		modes[i] = mode_name((enum mode)i);
	if (expect_schema(reader, root) ||
	    EXPECT_KEYS(reader, NULL, root, "schema", "version", "gathered_ms", "profiles", "mode",
	                "objects", "oms", "endpoints") ||
	    read_text(reader, &version_at, json_object_get(root, "version"), &version) ||
	    read_number(reader, &gathered_at, json_object_get(root, "gathered_ms"), LAST_MS,
	                &snapshot->facts->gathered_ms) ||
	    read_texts(reader, &profiles_at, json_object_get(root, "profiles"), false, &profiles,
	               &count) ||
	    read_word(reader, &mode_at, json_object_get(root, "mode"), modes, MODE_COUNT, &mode) ||
	    read_objects(reader, json_object_get(root, "objects"), snapshot) ||
	    read_oms(reader, json_object_get(root, "oms"), &snapshot->oms))
		return -1;
	snapshot->profiles = profiles;
	snapshot->mode = (enum mode)mode;
	return read_endpoints(reader, json_object_get(root, "endpoints"), snapshot->facts);
}

/* --- reading: the file ------------------------------------------------------------------ */

/* Fills a buffer that grows up to the cap. A pipe is as good as a file. */
static char *read_bytes(struct reader *reader, size_t *ret_length)
{
	cleanup(cleanup_file) FILE *file = fopen(reader->file, "re");
	size_t room = 64 * 1024, length = 0;
	char *bytes = file ? malloc(room) : NULL;

	while (bytes && !feof(file) && !ferror(file) && length <= SIZE_CAP) {
		length += fread(bytes + length, 1, room - length, file);
		if (length == room) {
			char *larger = realloc(bytes, room * 2);

			if (!larger)
				break;
			bytes = larger;
			room *= 2;
		}
	}
	*ret_length = length;
	if (bytes && feof(file) && length <= SIZE_CAP)
		return bytes;
	if (length > SIZE_CAP)
		refuse(reader, NULL, "is larger than 256 MiB");
	else
		error_config(reader->error, "%s: cannot be read: %s", reader->file,
		             strerror(errno));
	free(bytes);
	return NULL;
}

/* How many values the text holds at most: each begins a list or map, or follows in one. */
static size_t count_values(const char *bytes, size_t length)
{
	size_t count = 1;
	bool quoted = false;

	for (size_t i = 0; i < length; i++) {
		if (bytes[i] == '"')
			quoted = !quoted;
		else if (quoted && bytes[i] == '\\')
			i++;
		else if (!quoted && (bytes[i] == '[' || bytes[i] == '{' || bytes[i] == ','))
			count++;
	}
	return count;
}

/* jansson itself holds the nesting to 2048 levels; what is read from the tree afterwards goes only
 * as deep as the keys known above. */
static json_t *parse(struct reader *reader, const char *bytes, size_t length)
{
	json_error_t why;
	json_t *root;

	if (length == 0 || count_values(bytes, length) > VALUE_CAP) {
		refuse(reader, NULL, length == 0 ? "is empty" : "holds more than 8 million values");
		return NULL;
	}
	root = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, &why);
	if (!root)
		error_at(reader->error, reader->file, (unsigned)why.line,
		         why.column > 0 ? (unsigned)why.column : 1, "%s", why.text);
	return root;
}

struct snapshot *snapshot_read(struct arena *arena, const char *file, struct error *error)
{
	struct reader reader = { arena, file, error };
	struct snapshot *snapshot = arena_new_of(arena, struct snapshot);
	size_t length;
	cleanup(cleanup_free) char *bytes = read_bytes(&reader, &length);
	json_t *root = bytes ? parse(&reader, bytes, length) : NULL;
	int result;

	if (!root)
		return NULL;
	snapshot->facts = arena_new_of(arena, struct facts);
	result = read_root(&reader, root, snapshot);
	json_decref(root);
	return result ? NULL : snapshot;
}
