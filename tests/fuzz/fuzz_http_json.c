/* Bodies of answers as JSON: any bytes, never a crash; the sentence about a refused one is
 * printable, and the getters take whatever stands there. */
#include "catalog/base/arena.h"
#include "catalog/base/utf8.h"
#include "checks/probe/http_json.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

static const struct http_json_column columns[] = { { "a", NULL }, { "b", "a.b" } };

static void look(struct arena *arena, const struct json_t *json, const char *path)
{
	struct rows rows;
	int64_t number;
	bool flag;

	http_json_text(arena, json, path);
	http_json_number(json, path, &number);
	http_json_flag(json, path, &flag);
	if (http_json_rows(arena, json, path, columns, 2, &rows) &&
	    rows.count > http_json_count(json, path))
		abort();
	for (size_t i = 0; i < http_json_count(json, path) && i < 100; i++)
		http_json_text(arena, http_json_item(json, path, i), NULL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = { NULL, "a", "a.b", "a.b.c", "data.healthy", "..", "" };
	struct arena *arena = arena_new();
	struct http_reply reply = { .status = 200, .body = (const char *)data, .length = size };
	struct group_status why = { 0 };
	struct json_t *json = http_json(arena, &reply, &why);

	if (!json && (why.failure != FAILURE_PROTOCOL || !utf8_is_valid(why.text)))
		abort();
	for (const char *c = why.text; c && *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			abort();
	for (size_t i = 0; json && i < sizeof(paths) / sizeof(paths[0]); i++)
		look(arena, json, paths[i]);
	http_json_close(json);
	arena_free(arena);
	return 0;
}
