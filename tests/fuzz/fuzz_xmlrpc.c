/* Answers of XML-RPC: any bytes, never a crash; rows are whole, and the sentence about a refused
 * one is printable. */
#include "catalog/base/arena.h"
#include "catalog/base/utf8.h"
#include "checks/probe/xmlrpc.h"
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const members[] = { "name", "a", NULL };
	struct arena *arena = arena_new();
	struct group_status why = { 0 };
	struct rows rows;

	if (xmlrpc_structs(arena, (const char *)data, size, members, &rows, &why)) {
		for (size_t i = 0; i < rows.count * rows.columns; i++)
			if (rows.cells[i] && !utf8_is_valid(rows.cells[i]))
				abort();
	} else if (why.state != GROUP_FAILED || !utf8_is_valid(why.text) ||
	           strpbrk(why.text, "\n\r\033")) {
		abort();
	}
	arena_free(arena);
	return 0;
}
