#include "checks/core/said.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* What a line says; a NULL is not said. */
struct row {
	const char *line;
	const char *host, *resource, *used, *limit, *subtopic, *checkpoint;
};

/* Chinese, in UTF-8: "memory", "disk", "threshold", "is", "usage". */
#define MEMORY "\xE5\x86\x85\xE5\xAD\x98"
#define DISK "\xE7\xA3\x81\xE7\x9B\x98"
#define THRESHOLD "\xE9\x98\x88\xE5\x80\xBC"
#define IS "\xE4\xB8\xBA"
#define USAGE "\xE4\xBD\xBF\xE7\x94\xA8\xE7\x8E\x87"
#define COMMA "\xEF\xBC\x8C"
#define COLON "\xEF\xBC\x9A"

static const struct row rows[] = {
	/* The form that was seen in the wild. */
	{ "INNER_ERROR[CM-RESONF000003]: no enough host resource for a CHECKER, reason [host: "
	  "10.0.0.3 unavailable cause: current memory usage 0.8573829 exceed limited 0.85]",
	  "10.0.0.3", "memory", "0.8573829", "0.85", NULL, NULL },
	{ "[host: oms-1.example unavailable cause: current cpu usage 0.91 exceed limited 0.85]",
	  "oms-1.example", "cpu", "0.91", "0.85", NULL, NULL },
	{ "host: fe80::1 unavailable cause: current disk usage 93% exceeds the limit 90%",
	  "fe80::1", "disk", "93%", "90%", NULL, NULL },
	/* Of several hosts the first that figures stand for; without figures the first. */
	{ "[host: 10.0.0.3 unavailable cause: current memory usage 0.9 exceed limited 0.85, host: "
	  "10.0.0.4 unavailable cause: current memory usage 0.99 exceed limited 0.85]",
	  "10.0.0.3", "memory", "0.9", "0.85", NULL, NULL },
	{ "[host: 10.0.0.3 unavailable cause: quota, host: 10.0.0.4 unavailable cause: current "
	  "disk usage 0.97 exceed limited 0.9]",
	  "10.0.0.4", "disk", "0.97", "0.9", NULL, NULL },
	{ "host: 10.0.0.3 unavailable cause: quota; host: 10.0.0.4 unavailable cause: quota",
	  "10.0.0.3", NULL, NULL, NULL, NULL, NULL },
	{ "host: 10.0.0.3, current cpu usage 0.4, current disk usage 0.95 exceed limited 0.9",
	  "10.0.0.3", "disk", "0.95", "0.9", NULL, NULL },
	/* The documented message, once its placeholders are filled, in Chinese and English. */
	{ "CPU " THRESHOLD IS " `0.85`" COMMA MEMORY THRESHOLD IS " `0.85`" COMMA DISK THRESHOLD IS
	  " `0.90`, CPU" USAGE COLON "0.10, " MEMORY USAGE COLON "0.91, " DISK USAGE COLON "0.20",
	  NULL, "memory", "0.91", "0.85", NULL, NULL },
	{ "CPU threshold 0.85, memory threshold 0.85, disk threshold 0.90; cpu: 0.12, memory: 0.30, "
	  "disk: 0.9001",
	  NULL, "disk", "0.9001", "0.90", NULL, NULL },
	{ "cpu threshold 85%, memory threshold 85%; cpu usage 9%, memory usage 86%", NULL, "memory",
	  "86%", "85%", NULL, NULL },
	/* Thresholds alone blame nobody, and neither do usages below them. */
	{ "CPU threshold 0.85, memory threshold 0.85, disk threshold 0.90", NULL, NULL, NULL, NULL,
	  NULL, NULL },
	{ "cpu limit 0.85, memory limit 0.85, cpu usage 0.2, memory usage 0.3", NULL, NULL, NULL,
	  NULL, NULL, NULL },
	{ "CPU " THRESHOLD IS " `$(CPU)`" COMMA MEMORY THRESHOLD IS " `$(Mem)`", NULL, NULL, NULL,
	  NULL, NULL, NULL },
	{ "memory usage 0.91", NULL, "memory", "0.91", NULL, NULL, NULL },
	/* Stores. */
	{ "CM-RESOIE000201 No available store. SubTopic:[p_4223_source-000-0], "
	  "checkpoint:[1659319500]",
	  NULL, NULL, NULL, NULL, "p_4223_source-000-0", "1659319500" },
	{ "No active stores under topic : p_4223_source-000-0", NULL, NULL, NULL, NULL,
	  "p_4223_source-000-0", NULL },
	{ "No active stores under topic : subTopic.getName()", NULL, NULL, NULL, NULL, NULL, NULL },
	{ "No available store. SubTopic:[%s], checkpoint:[%s]", NULL, NULL, NULL, NULL, NULL,
	  NULL },
	{ "SubTopic:[p_1-0], checkpoint:[2022-08-01 10:05:00]", NULL, NULL, NULL, NULL, "p_1-0",
	  NULL },
	{ "SubTopic:[p_1-0], checkpoint:[16593x]", NULL, NULL, NULL, NULL, "p_1-0", NULL },
	/* An answer of CM: JSON, also once more quoted. */
	{ "{\"errCode\":\"CM-RESONF000003\",\"errMsg\":\"[host: 10.0.0.3 unavailable cause: current "
	  "memory usage 0.86 exceed limited 0.85]\"}",
	  "10.0.0.3", "memory", "0.86", "0.85", NULL, NULL },
	{ "\\\"host\\\":\\\"10.0.0.7\\\", \\\"subTopic\\\":\\\"p_1-0\\\", \\\"checkpoint\\\":7",
	  "10.0.0.7", NULL, NULL, NULL, "p_1-0", "7" },
	/* What is no figure. */
	{ "", NULL, NULL, NULL, NULL, NULL, NULL },
	{ "CM-RESONF000001: No alive hosts in current region.", NULL, NULL, NULL, NULL, NULL,
	  NULL },
	{ "no enough host resource; memory leak? memory 10.0.0.3 disk 2022-08-01 cpu 10:05", NULL,
	  NULL, NULL, NULL, NULL, NULL },
	{ "host: $(reboot), memory usage 0.9x, SubTopic:[a b;c], checkpoint:[-1]", NULL, NULL, NULL,
	  NULL, "a", NULL },
	{ "hostname: a, memoryUsage 0.9, no subtopic found, memcpu 3", NULL, NULL, NULL, NULL, NULL,
	  NULL },
	{ "host:\x1b[31m10.0.0.3", NULL, NULL, NULL, NULL, NULL, NULL },
};

static void expect_text(const char *line, const char *what, const char *got, const char *want)
{
	if (!got && !want)
		return;
	if (!got || !want || !str_equal(got, want))
		fail_msg("%s: %s is %s, not %s", line, what, got ? got : "unsaid",
		         want ? want : "unsaid");
}

static void test_every_form(void **state)
{
	struct arena *arena = arena_new();

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const struct row *row = &rows[i];
		struct said said = said_read(arena, row->line);

		expect_text(row->line, "words", said.words, row->line);
		expect_text(row->line, "host", said.host, row->host);
		expect_text(row->line, "resource", said.resource, row->resource);
		expect_text(row->line, "used", said.used, row->used);
		expect_text(row->line, "limit", said.limit, row->limit);
		expect_text(row->line, "subtopic", said.subtopic, row->subtopic);
		expect_text(row->line, "checkpoint", said.checkpoint, row->checkpoint);
	}
	arena_free(arena);
}

static struct said said_of(struct arena *arena, const char *const *lines)
{
	struct said all = { 0 };

	for (; *lines; lines++) {
		struct said said = said_read(arena, *lines);

		said_add(&all, &said);
	}
	return all;
}

static void test_several_lines(void **state)
{
	struct arena *arena = arena_new();
	struct said said;

	(void)state;
	said = said_of(arena, (const char *const[]){ "CM-RESONF000003", "host: a, memory usage 0.9",
	                                             "host: b, disk usage 0.99 exceeds 0.9",
	                                             "SubTopic:[p_1-0], checkpoint:[5]",
	                                             "checkpoint:[6]", NULL });
	/* The figures of one line are not mixed with those of another. */
	assert_string_equal(said.words, "host: a, memory usage 0.9");
	assert_string_equal(said.host, "a");
	assert_string_equal(said.resource, "memory");
	assert_null(said.limit);
	assert_string_equal(said.subtopic, "p_1-0");
	assert_string_equal(said.checkpoint, "5");
	said = said_of(arena, (const char *const[]){ "one", "two", NULL });
	assert_string_equal(said.words, "one");
	assert_false(said_is_set(&said));
	/* A host alone gives way to a usage, whose host it may not be. */
	said = said_of(arena, (const char *const[]){ "host: a", "host: b, cpu usage 0.9", NULL });
	assert_string_equal(said.host, "b");
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_every_form),
		cmocka_unit_test(test_several_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
