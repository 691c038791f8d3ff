#include "tests/harness/golden.h"

#include "catalog/base/arena.h"
#include "catalog/base/cleanup.h"
#include "catalog/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define VERSION_MARK "@VERSION@"

static const char *with_mark(struct arena *arena, const char *text)
{
	struct str out = str_new(arena);
	const char *found;

	while ((found = strstr(text, MIGDOCTOR_VERSION))) {
		str_add_n(&out, text, (size_t)(found - text));
		str_add(&out, VERSION_MARK);
		text = found + strlen(MIGDOCTOR_VERSION);
	}
	str_add(&out, text);
	return out.text;
}

static const char *read_whole(struct arena *arena, const char *path)
{
	cleanup(cleanup_file) FILE *file = fopen(path, "re");
	struct str text = str_new(arena);
	char buffer[4096];
	size_t length;

	if (!file)
		return NULL;
	while ((length = fread(buffer, 1, sizeof(buffer), file)) > 0)
		str_add_n(&text, buffer, length);
	return text.text;
}

static void write_whole(const char *path, const char *text)
{
	cleanup(cleanup_file) FILE *file = fopen(path, "we");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
}

void golden_expect(const char *name, const char *text)
{
	struct arena *arena = arena_new();
	const char *path = arena_printf(arena, "tests/golden/%s", name);
	const char *mode = getenv("MIGDOCTOR_GOLDEN");
	const char *got = with_mark(arena, text), *want;
	unsigned line = 1;
	size_t i = 0;

	if (mode && str_equal(mode, "write"))
		write_whole(path, got);
	want = read_whole(arena, path);
	if (!want)
		fail_msg("%s cannot be read; MIGDOCTOR_GOLDEN=write makes it", path);
	for (; want[i] && want[i] == got[i]; i++)
		line += want[i] == '\n';
	if (want[i] != got[i])
		fail_msg("%s:%u: wanted\n%.200s\ngot\n%.200s", path, line, want + i, got + i);
	arena_free(arena);
}
