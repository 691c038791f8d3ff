#include "catalog/base/yaml.h"

#include "catalog/base/arena.h"
#include "catalog/base/error.h"
#include "catalog/base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static const char *const modes[] = { "online", "offline", "backup", NULL };

static const struct yaml_key keys[] = {
	{ .name = "host", .want = YAML_WANT_TEXT },
	{ .name = "port", .want = YAML_WANT_INT, .min = 1, .max = 65535 },
	{ .name = "offset", .want = YAML_WANT_INT },
	{ .name = "mode", .want = YAML_WANT_TEXT, .one_of = modes },
	{ .name = "modes", .want = YAML_WANT_TEXTS, .one_of = modes },
	{ .name = "accept", .want = YAML_WANT_TEXTS },
	{ .name = "strict", .want = YAML_WANT_BOOL },
	{ .name = "capacity", .want = YAML_WANT_SIZE },
	{ .name = "every", .want = YAML_WANT_DURATION },
	{ .name = "title", .want = YAML_WANT_BOTH },
	{ .name = "rules", .want = YAML_WANT_LIST },
	{ .name = "tls", .want = YAML_WANT_MAP },
	{ .name = "with", .want = YAML_WANT_ANY },
	{ 0 },
};

static int setup(void **state)
{
	*state = arena_new();
	return 0;
}

static int teardown(void **state)
{
	arena_free(*state);
	return 0;
}

static const struct yaml *read_ok(struct arena *arena, const char *text)
{
	struct error error = { 0 };
	const struct yaml *node = yaml_read_text(arena, "t", text, strlen(text), &error);

	if (!node)
		fail_msg("refused: %s", error.text);
	assert_int_equal(error.kind, ERROR_NONE);
	return node;
}

/* Copied to a block of its very size, so that reading past the end is seen. */
static const struct yaml *read_bytes(struct arena *arena, const char *bytes, size_t length,
                                     struct error *error)
{
	char *copy = malloc(length ? length : 1);
	const struct yaml *node;

	memcpy(copy, bytes, length);
	node = yaml_read_text(arena, "t", copy, length, error);
	free(copy);
	return node;
}

static void refuses_bytes(struct arena *arena, const char *bytes, size_t length,
                          const char *message)
{
	struct error error = { 0 };

	if (read_bytes(arena, bytes, length, &error))
		fail_msg("accepted: %s", bytes);
	assert_int_equal(error.kind, ERROR_CONFIG);
	assert_string_equal(error.text, message);
}

static void test_tree(void **state)
{
	const struct yaml *root =
		read_ok(*state, "# a comment\na: 1\nb:\n  - x\n  - 'y: z'\n"
	                        "\xe4\xb8\xad: {c: ~, d: \"\", e: null, f: 'null'}\n"
	                        "g: |\n  two\n  \tlines\n");
	const struct yaml *list, *map;

	assert_int_equal(root->type, YAML_MAP);
	assert_int_equal(root->count, 4);
	assert_string_equal(root->file, "t");
	assert_string_equal(root->keys[0]->text, "a");
	assert_false(root->items[0]->quoted);
	list = yaml_get(root, "b");
	assert_int_equal(list->type, YAML_LIST);
	assert_int_equal(list->count, 2);
	assert_string_equal(list->items[1]->text, "y: z");
	assert_true(list->items[1]->quoted);
	assert_int_equal(list->items[1]->line, 5);
	assert_int_equal(list->items[1]->column, 5);
	map = yaml_get(root, "\xe4\xb8\xad");
	assert_int_equal(map->type, YAML_MAP);
	assert_int_equal(map->column, 4);
	assert_int_equal(yaml_get(map, "c")->type, YAML_NULL);
	assert_string_equal(yaml_text(map, "d"), "");
	assert_int_equal(yaml_get(map, "e")->type, YAML_NULL);
	assert_null(yaml_text(map, "e"));
	assert_string_equal(yaml_text(map, "f"), "null");
	assert_string_equal(yaml_text(root, "g"), "two\n\tlines\n");
	assert_null(yaml_get(root, "h"));
	assert_null(yaml_get(list, "a"));
	assert_null(yaml_get(NULL, "a"));
}

static void test_empty(void **state)
{
	static const char *const empty[] = { "", "\n", "# nothing\n", "---\n", "\xef\xbb\xbf" };

	for (size_t i = 0; i < sizeof(empty) / sizeof(*empty); i++)
		assert_int_equal(read_ok(*state, empty[i])->type, YAML_NULL);
	assert_int_equal(read_ok(*state, "")->line, 1);
	assert_int_equal(read_ok(*state, "")->column, 1);
}

static void test_forms_that_people_write(void **state)
{
	assert_string_equal(yaml_text(read_ok(*state, "\xef\xbb\xbf"
	                                              "a: b\n"),
	                              "a"),
	                    "b");
	assert_string_equal(yaml_text(read_ok(*state, "---\r\na: b\r\n...\r\n"), "a"), "b");
	assert_string_equal(yaml_text(read_ok(*state, "a: b"), "a"), "b");
	assert_string_equal(yaml_text(read_ok(*state, "a:\tb\t# c\n"), "a"), "b");
	assert_string_equal(yaml_text(read_ok(*state, "a: >-\n  b\n  c\n"), "a"), "b c");
	assert_string_equal(yaml_text(read_ok(*state, "a: \"\\u4e2d\\x41\"\n"), "a"), "\xe4\xb8\xad"
	                                                                              "A");
	assert_string_equal(yaml_text(read_ok(*state, "code: -262\n"), "code"), "-262");
}

#define INDENT_KEYS "indent the keys of a map alike, and put a text that "
#define NOT_HERE " in quotes"

static const struct {
	const char *text, *message;
} broken[] = {
	{ "a:\n\tb: 1\n", "t:2:1: a tab in the indentation; YAML indents with spaces" },
	{ "a:\n  \tb: 1\n", "t:2:3: a tab in the indentation; YAML indents with spaces" },
	{ "a: 1\n\tb: 2\n", "t:2:1: a tab in the indentation; YAML indents with spaces" },
	{ "a: {\n\tb: 1}\n", "t:2:1: a tab in the indentation; YAML indents with spaces" },
	{ "a: |\n\tb\n", "t:2:1: a tab in the indentation; YAML indents with spaces" },
	{ "a:\n-\tb: 1\n", "t:2:2: a tab; YAML indents with spaces" },
	{ "\xc3\xa9:\n-\tb: 1\n", "t:2:2: a tab; YAML indents with spaces" },
	{ "a: 1\na: 2\n",
	  "t:2:1: the key \"a\" stands twice in one map, first in line 1; remove one" },
	{ "{b: 1, a: 1, c: 1, a: 2}",
	  "t:1:20: the key \"a\" stands twice in one map, first in line 1; remove one" },
	{ "a: &x hunter2\n",
	  "t:1:4: anchors (&name) are not used here; repeat the value, and put a "
	  "text that begins with & in quotes" },
	{ "a: &x [1]\n", "t:1:4: anchors (&name) are not used here; repeat the value, and put a "
	                 "text that begins with & in quotes" },
	{ "a: &x {b: 1}\n", "t:1:4: anchors (&name) are not used here; repeat the value, and put a "
	                    "text that begins with & in quotes" },
	{ "a: *hunter2\n", "t:1:4: aliases (*name) are not used here; repeat the value, and put a "
	                   "text that begins with * in quotes" },
	{ "a: !!str 1\n", "t:1:4: tags (!word) are not used here; put a text that begins with ! "
	                  "in quotes" },
	{ "a: !hunter2\n", "t:1:4: tags (!word) are not used here; put a text that begins with ! "
	                   "in quotes" },
	{ "a: !!seq [1]\n", "t:1:4: tags (!word) are not used here; put a text that begins with ! "
	                    "in quotes" },
	{ "a: !!map {}\n", "t:1:4: tags (!word) are not used here; put a text that begins with ! "
	                   "in quotes" },
	{ "a: !x!y 1\n", "t:1:4: tags (!word) are not used here; put a text that begins with ! "
	                 "in quotes" },
	{ "a: !!x{y\n", "t:1:4: tags (!word) are not used here; put a text that begins with ! "
	                "in quotes" },
	{ "a: [b:]c]\n", "t:1:6: a ':' in brackets or braces needs a space after it, or its text "
	                 "quotes around it" },
	{ "a: & b\n", "t:1:5: a text cannot begin with & or *; put it in quotes" },
	{ "a: 1\n---\nb: 1\n", "t:2:1: a second document; keep one in a file, and remove the ---" },
	{ "---\n---\n", "t:2:1: a second document; keep one in a file, and remove the ---" },
	{ "a: 1\n...\nfoo\n", "t:3:1: something stands after the end of the document; remove it" },
	{ "[a, b]: 1\n", "t:1:1: a key is one word, and this is a list" },
	{ "? {a: b}\n: 1\n", "t:1:3: a key is one word, and this is a map" },
	{ "~: 1\n", "t:1:1: an empty key; write `key: value`, and null or ~ as a key in quotes" },
	{ "a: b: hunter2\n",
	  "t:1:5: a ':' cannot stand here; " INDENT_KEYS "contains ': '" NOT_HERE },
	{ "a:\n  b: 1\n c: 2\n", "t:3:2: this fits no map above; " INDENT_KEYS
	                         "begins with a quote, bracket or brace in quotes as a whole" },
	{ "a: 'x' y\n", "t:1:8: this fits no map above; " INDENT_KEYS
	                "begins with a quote, bracket or brace in quotes as a whole" },
	{ "- a\nb: 1\n", "t:2:1: this fits no list above; begin each item with '- ' and "
	                 "indent the items alike" },
	{ "a: - b\n",
	  "t:1:4: a '- ' item cannot stand here; begin a list on the line after its key" },
	{ "a: ? b\n",
	  "t:1:4: a '?' cannot stand here; put a text that begins with '? ' in quotes" },
	{ "a: [1, , 2]\n", "t:1:8: a value is missing before this; write '' for an empty text" },
	{ "a: [1, 2\nb: 3\n", "t:2:2: a list in brackets goes on with ',' or ends with ']'; put a "
	                      "text that contains one of , [ ] { } in quotes" },
	{ "a: {b: 1\nc: 2}\n", "t:2:2: a map in braces goes on with ',' or ends with '}'; put a "
	                       "text that contains one of , [ ] { } in quotes" },
	{ "a: 1\nb\nc: 2\n", "t:2:1: a key without a value; write `key: value`, with a space after "
	                     "the ':'" },
	{ "a: \"hunter2\nb: 1\n", "t:1:4: a text in quotes that never ends; close it" },
	{ "a: 'x\n--- \n", "t:1:4: a text in quotes that never ends; close it" },
	{ "a: @x\n", "t:1:4: a text cannot begin with this character; put it in quotes" },
	{ "a: `x`\n", "t:1:4: a text cannot begin with this character; put it in quotes" },
	{ "a: %x\n", "t:1:4: a text cannot begin with this character; put it in quotes" },
	{ "a: |x\n", "t:1:5: after | or > the text begins on the next line; put a text that begins "
	             "with one of them in quotes" },
	{ "a: \"\\q\"\n",
	  "t:1:5: an unknown escape; write \\\\ for a backslash in double quotes, or "
	  "use single quotes" },
	{ "a: \"\\xzz\"\n",
	  "t:1:7: \\x, \\u and \\U need 2, 4 and 8 hexadecimal digits; write \\\\ "
	  "for a backslash" },
	{ "a: \"x\\0y\"\n", "t:1:4: a NUL character (\\0) in a text; remove it" },
	{ "%FOO\n---\na: 1\n", "t:1:5: not YAML: found unknown directive name" },
	{ "a: \x07\n", "t:1:4: a control character, U+0007; remove it" },
	{ "\xe4\xb8\xad: \x1b[0m\n", "t:1:4: a control character, U+001B; remove it" },
	{ "a: 1\nb: \xe9t\xe9\n", "t:2:5: this is not UTF-8; save the file as UTF-8" },
	{ "a: \xc3", "t:1:4: this is not UTF-8; save the file as UTF-8" },
	{ "a: \xed\xa0\x80", "t:1:4: this is not UTF-8; save the file as UTF-8" },
	{ "\xff\xfe"
	  "a",
	  "t:1:1: this is not UTF-8; save the file as UTF-8" },
};

static void test_broken(void **state)
{
	for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++)
		refuses_bytes(*state, broken[i].text, strlen(broken[i].text), broken[i].message);
	refuses_bytes(*state, "a: \0b", 5, "t:1:4: a control character, U+0000; remove it");
}

static void test_cut_anywhere(void **state)
{
	static const char text[] = "a: {b: [1, \"\xe4\xb8\xad\", 'x']}\n\xc3\xa9:\n  - |\n    t\n"
				   "  - \"\\u4e2d\"\n";

	for (size_t length = 0; length < sizeof(text); length++) {
		struct error error = { 0 };

		if (!read_bytes(*state, text, length, &error)) {
			assert_int_equal(error.kind, ERROR_CONFIG);
			assert_true(str_starts(error.text, "t:"));
		}
	}
}

static const char *repeated(struct arena *arena, const char *part, size_t count)
{
	struct str all = str_new(arena);

	while (count--)
		str_add(&all, part);
	return all.text;
}

static void test_deep(void **state)
{
	const char *deepest =
		arena_printf(*state, "%s%s", repeated(*state, "[", 32), repeated(*state, "]", 32));
	const char *deeper =
		arena_printf(*state, "%s%s", repeated(*state, "[", 33), repeated(*state, "]", 33));
	const char *hostile = repeated(*state, "{a: [", 100000);

	assert_int_equal(read_ok(*state, deepest)->type, YAML_LIST);
	refuses_bytes(*state, deeper, strlen(deeper),
	              "t:1:33: lists and maps nested deeper than 32; make it flatter");
	refuses_bytes(*state, hostile, strlen(hostile),
	              "t:1:81: lists and maps nested deeper than 32; make it flatter");
}

static void test_large(void **state)
{
	size_t length = (size_t)16 * 1024 * 1024;
	char *text = malloc(length + 1);
	struct error error = { 0 };
	struct str map = str_new(*state);

	memset(text, '#', length + 1);
	assert_non_null(yaml_read_text(*state, "t", text, length, &error));
	assert_null(yaml_read_text(*state, "t", text, length + 1, &error));
	assert_string_equal(error.text,
	                    "t: more than 16 MiB; this cannot be the file that was meant");
	free(text);
	for (unsigned i = 0; i < 50000; i++)
		str_addf(&map, "k%u: 1\n", i);
	assert_int_equal(read_ok(*state, map.text)->count, 50000);
	str_add(&map, "k7: 1\n");
	refuses_bytes(
		*state, map.text, map.length,
		"t:50001:1: the key \"k7\" stands twice in one map, first in line 8; remove one");
}

static void test_files(void **state)
{
	char path[] = "/tmp/test_yaml.XXXXXX";
	struct error error = { 0 };
	size_t length = 0;
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, "a: b\n", 5), 5);
	close(fd);
	assert_string_equal(yaml_text(yaml_read_file(*state, path, &error), "a"), "b");
	assert_string_equal(yaml_file_text(*state, path, &length, &error), "a: b\n");
	assert_int_equal(length, 5);
	unlink(path);
	assert_null(yaml_read_file(*state, "/nonexistent/plan.yaml", &error));
	assert_string_equal(error.text, "/nonexistent/plan.yaml: cannot be read: No such file or "
	                                "directory; check the path and the permissions");
	assert_null(yaml_read_file(*state, "/tmp", &error));
	assert_string_equal(error.text, "/tmp: cannot be read: Is a directory; check the path and "
	                                "the permissions");
	assert_null(yaml_read_file(*state, "/dev/zero", &error));
	assert_string_equal(error.text,
	                    "/dev/zero: more than 16 MiB; this cannot be the file that was meant");
}

#define PORT "it should be a whole number from 1 to 65535"
#define SIZE                                                                                        \
	"it should be a number of bytes, such as 1048576, 512M or 2T (K, M, G and T are powers of " \
	"1024)"
#define DURATION "it should be a number of seconds, or a duration such as 30s, 10m, 12h or 3d"
#define TEXT "it should be a text, in quotes if it begins with # or is ~ or null"
#define EVERY_KEY \
	"host, port, offset, mode, modes, accept, strict, capacity, every, title, rules, tls or with"

static const struct {
	const char *text, *message;
} unexpected[] = {
	{ "", "t:1:1: the plan is empty; it should be a map of `key: value`" },
	{ "hunter2", "t:1:1: the plan is a text; it should be a map of `key: value`" },
	{ "[a]", "t:1:1: the plan is a list; it should be a map of `key: value`" },
	{ "prot: 1", "t:1:1: the plan has no key \"prot\"; did you mean \"port\"?" },
	{ "whatever: 1", "t:1:1: the plan has no key \"whatever\"; it may have: " EVERY_KEY },
	{ "{password:hunter2}", "t:1:2: write a space after the ':' of \"password\"" },
	{ "host:", "t:1:6: \"host\" is empty; " TEXT },
	{ "host: #x", "t:1:6: \"host\" is empty; " TEXT },
	{ "host: [a]", "t:1:7: \"host\" is a list; it should be a text" },
	{ "host: {a: b}", "t:1:7: \"host\" is a map; it should be a text" },
	{ "port: abc", "t:1:7: \"port\" is \"abc\"; " PORT },
	{ "port: 0", "t:1:7: \"port\" is \"0\"; " PORT },
	{ "port: 99999", "t:1:7: \"port\" is \"99999\"; " PORT },
	{ "port: 1.5", "t:1:7: \"port\" is \"1.5\"; " PORT },
	{ "port: 99999999999999999999", "t:1:7: \"port\" is \"99999999999999999999\"; " PORT },
	{ "port: '1'", "t:1:7: \"port\" is the quoted text \"1\"; " PORT " without quotes" },
	{ "port: [1]", "t:1:7: \"port\" is a list; " PORT },
	{ "port:", "t:1:6: \"port\" is empty; " PORT },
	{ "offset: x", "t:1:9: \"offset\" is \"x\"; it should be a whole number" },
	{ "mode: onlin",
	  "t:1:7: \"mode\" is \"onlin\"; it should be online, offline or backup; did "
	  "you mean \"online\"?" },
	{ "mode: x", "t:1:7: \"mode\" is \"x\"; it should be online, offline or backup" },
	{ "mode: Online", "t:1:7: \"mode\" is \"Online\"; it should be online, offline or backup; "
	                  "did you mean \"online\"?" },
	{ "mode: [online]", "t:1:7: \"mode\" is a list; it should be online, offline or backup" },
	{ "mode:", "t:1:6: \"mode\" is empty; it should be online, offline or backup" },
	{ "modes: [online, x]",
	  "t:1:17: item 2 of \"modes\" is \"x\"; it should be online, offline or backup" },
	{ "accept: []", "t:1:9: \"accept\" is an empty list; give at least one text" },
	{ "accept: {a: b}", "t:1:9: \"accept\" is a map; it should be a text or a list of texts" },
	{ "accept: [a, [b]]", "t:1:13: item 2 of \"accept\" is a list; it should be a text" },
	{ "accept: [a, ~]", "t:1:13: item 2 of \"accept\" is empty; " TEXT },
	{ "strict: yes", "t:1:9: \"strict\" is \"yes\"; it should be true or false" },
	{ "strict: 'true'", "t:1:9: \"strict\" is the quoted text \"true\"; it should be true or "
	                    "false, without quotes" },
	{ "capacity: 5GB", "t:1:11: \"capacity\" is \"5GB\"; " SIZE },
	{ "capacity: -5G", "t:1:11: \"capacity\" is \"-5G\"; " SIZE },
	{ "capacity: 9999999T", "t:1:11: \"capacity\" is \"9999999T\"; " SIZE },
	{ "every: 3w", "t:1:8: \"every\" is \"3w\"; " DURATION },
	{ "every:", "t:1:7: \"every\" is empty; " DURATION },
	{ "title: x", "t:1:8: \"title\" is a text; it should be a text in both languages: {en: "
	              "\"...\", zh: \"...\"}" },
	{ "title: {en: a}", "t:1:8: \"title\" lacks \"zh\"; add it" },
	{ "title: {zh: a}", "t:1:8: \"title\" lacks \"en\"; add it" },
	{ "title: {en: '', zh: a}", "t:1:13: \"en\" of \"title\" is empty; write the text" },
	{ "title: {en: a, zh: ''}", "t:1:20: \"zh\" of \"title\" is empty; write the text" },
	{ "title: {en: a, zh: }", "t:1:20: \"zh\" is empty; " TEXT },
	{ "title: {en: a, zh: b, fr: c}", "t:1:23: \"title\" has no key \"fr\"; it may have: en or "
	                                  "zh" },
	{ "rules: x", "t:1:8: \"rules\" is a text; it should be a list" },
	{ "rules:", "t:1:7: \"rules\" is empty; it should be a list" },
	{ "tls: [a]", "t:1:6: \"tls\" is a list; it should be a map of `key: value`" },
};

static void test_unexpected(void **state)
{
	for (size_t i = 0; i < sizeof(unexpected) / sizeof(*unexpected); i++) {
		struct error error = { 0 };
		const struct yaml *root = read_ok(*state, unexpected[i].text);

		assert_int_equal(yaml_expect(root, "the plan", keys, &error), -1);
		assert_int_equal(error.kind, ERROR_CONFIG);
		assert_string_equal(error.text, unexpected[i].message);
	}
}

static void test_missing(void **state)
{
	static const struct yaml_key required[] = { { .name = "name", .required = true }, { 0 } };
	struct error error = { 0 };

	assert_int_equal(yaml_expect(read_ok(*state, "\n{}"), "a rule", required, &error), -1);
	assert_string_equal(error.text, "t:2:1: a rule lacks \"name\"; add it");
}

/* A value is cut between characters, and a message stays one line. */
static void test_long_values(void **state)
{
	struct error error = { 0 };
	const char *text = arena_printf(*state, "mode: %s", repeated(*state, "\xe4\xb8\xad", 4000));

	assert_int_equal(yaml_expect(read_ok(*state, text), "the plan", keys, &error), -1);
	text = arena_printf(*state,
	                    "t:1:7: \"mode\" is \"%s\"; it should be online, offline or "
	                    "backup",
	                    repeated(*state, "\xe4\xb8\xad", 20));
	assert_string_equal(error.text, text);
	assert_int_equal(yaml_expect(read_ok(*state, "mode: \"a\\nb\""), "the plan", keys, &error),
	                 -1);
	assert_null(strchr(error.text, '\n'));
}

static void test_values(void **state)
{
	struct error error = { 0 };
	const struct yaml *root =
		read_ok(*state, "host: 127\nport: 3306\noffset: -5\nmode: backup\n"
	                        "accept: [ROW, '', 5]\nmodes: online\nstrict: True\n"
	                        "capacity: '500G'\nevery: 3d\nrules: []\ntls: {}\n"
	                        "title: {zh: b, en: a}\nwith:\n");
	const char *const *texts;

	if (yaml_expect(root, "the plan", keys, &error))
		fail_msg("%s", error.text);
	assert_string_equal(yaml_text(root, "host"), "127");
	assert_int_equal(yaml_int(root, "port", 0), 3306);
	assert_int_equal(yaml_int(root, "offset", 0), -5);
	assert_int_equal(yaml_int(root, "absent", 7), 7);
	assert_true(yaml_bool(root, "strict", false));
	assert_true(yaml_bool(root, "absent", true));
	assert_true(yaml_size(root, "capacity", 0) == 500LL << 30);
	assert_int_equal(yaml_size(root, "absent", 9), 9);
	assert_int_equal(yaml_duration(root, "every", 0), 3 * 86400);
	assert_int_equal(yaml_duration(root, "absent", 9), 9);
	assert_null(yaml_text(root, "absent"));
	assert_null(yaml_text(root, "rules"));
	texts = yaml_texts(*state, root, "accept");
	assert_string_equal(texts[0], "ROW");
	assert_string_equal(texts[1], "");
	assert_string_equal(texts[2], "5");
	assert_null(texts[3]);
	texts = yaml_texts(*state, root, "modes");
	assert_string_equal(texts[0], "online");
	assert_null(texts[1]);
	assert_null(yaml_texts(*state, root, "absent")[0]);
	assert_int_equal(yaml_refuse(yaml_get(root, "port"), &error, "no %s", "luck"), -1);
	assert_string_equal(error.text, "t:2:7: no luck");
}

static void test_units(void **state)
{
	static const char *const no[] = { "",
		                          "G",
		                          "1X",
		                          "1GG",
		                          "1 G",
		                          " 1",
		                          "-1",
		                          "1.5G",
		                          "0x1",
		                          "99999999999999999999",
		                          "999999999999999999999999999" };
	long long value = -1;

	(void)state;
	for (size_t i = 0; i < sizeof(no) / sizeof(*no); i++) {
		assert_false(yaml_parse_size(no[i], &value));
		assert_false(yaml_parse_duration(no[i], &value));
	}
	assert_false(yaml_parse_size("9223372036854775807K", &value));
	assert_false(yaml_parse_duration("9223372036854775807d", &value));
	assert_int_equal(value, -1);
	assert_true(yaml_parse_size("0", &value) && value == 0);
	assert_true(yaml_parse_size("1K", &value) && value == 1024);
	assert_true(yaml_parse_size("2M", &value) && value == 2LL << 20);
	assert_true(yaml_parse_size("3T", &value) && value == 3LL << 40);
	assert_true(yaml_parse_size("9223372036854775807", &value) && value == INT64_MAX);
	assert_true(yaml_parse_duration("90", &value) && value == 90);
	assert_true(yaml_parse_duration("90s", &value) && value == 90);
	assert_true(yaml_parse_duration("2m", &value) && value == 120);
	assert_true(yaml_parse_duration("12h", &value) && value == 43200);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_tree, setup, teardown),
		cmocka_unit_test_setup_teardown(test_empty, setup, teardown),
		cmocka_unit_test_setup_teardown(test_forms_that_people_write, setup, teardown),
		cmocka_unit_test_setup_teardown(test_broken, setup, teardown),
		cmocka_unit_test_setup_teardown(test_cut_anywhere, setup, teardown),
		cmocka_unit_test_setup_teardown(test_deep, setup, teardown),
		cmocka_unit_test_setup_teardown(test_large, setup, teardown),
		cmocka_unit_test_setup_teardown(test_files, setup, teardown),
		cmocka_unit_test_setup_teardown(test_unexpected, setup, teardown),
		cmocka_unit_test_setup_teardown(test_missing, setup, teardown),
		cmocka_unit_test_setup_teardown(test_long_values, setup, teardown),
		cmocka_unit_test_setup_teardown(test_values, setup, teardown),
		cmocka_unit_test_setup_teardown(test_units, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
