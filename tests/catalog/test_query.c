#include "catalog/query.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define TABLE "tests/catalog/queries.tsv"
#define WORD_MARK "\xe2\x90\xa3" /* the open box */

static struct query_match const *found;
static size_t found_count;

static void find(struct arena *arena, const struct query_input *input)
{
	found_count = query_find(arena, input, &found);
}

static const char *found_ids(struct arena *arena)
{
	struct str ids = str_new(arena);

	for (size_t i = 0; i < found_count; i++)
		str_addf(&ids, "%s%s%s", i ? " " : "", found[i].guess ? "?" : "",
		         found[i].entry.id);
	return ids.text;
}

/* --- the table -------------------------------------------------------------------------------- */

static const char *unescape(struct arena *arena, const char *text, size_t length)
{
	struct str plain = str_new(arena);

	for (size_t i = 0; i < length; i++) {
		if (text[i] != '\\' || i + 1 == length) {
			str_add_char(&plain, text[i]);
		} else if (text[++i] == 'x') {
			char hex[3] = { text[i + 1], text[i + 2], '\0' };

			str_add_char(&plain, (char)strtol(hex, NULL, 16));
			i += 2;
		} else {
			str_add_char(&plain, text[i] == 'n' ? '\n' : text[i] == 't' ? '\t' : '\\');
		}
	}
	return plain.text;
}

/* One input as a line, or words of a command line that make one input. */
static void find_input(struct arena *arena, const char *text)
{
	const char *words[8];
	int count = 0;
	const struct query_input *inputs;
	struct query_input line = query_line(text);

	if (!strstr(text, WORD_MARK)) {
		find(arena, &line);
		return;
	}
	for (const char *word = text; word; count++) {
		const char *mark = strstr(word, WORD_MARK);

		assert_true(count < 8);
		words[count] = mark ? arena_strndup(arena, word, (size_t)(mark - word)) : word;
		word = mark ? mark + strlen(WORD_MARK) : NULL;
	}
	assert_int_equal(query_inputs(arena, count, words, &inputs), 1);
	find(arena, &inputs[0]);
}

static bool has(const char *id)
{
	for (size_t i = 0; i < found_count; i++)
		if (str_equal(found[i].entry.id, id))
			return true;
	return false;
}

/* Whether what was found is what the words of `expected` say. */
static bool is_expected(struct arena *arena, const char *expected)
{
	bool more = false, rest = false;
	size_t at = 0;

	while (*expected) {
		size_t length = strcspn(expected, " ");
		const char *word = arena_strndup(arena, expected, length);
		bool guess = *word == '?';

		expected += length + strspn(expected + length, " ");
		if (str_equal(word, "...")) {
			more = rest = true;
		} else if (*word == '!') {
			if (has(word + 1))
				return false;
			more = more || !at;
		} else if (!str_equal(word, "-")) {
			if (rest || at >= found_count || found[at].guess != guess ||
			    !str_equal(found[at].entry.id, word + guess))
				return false;
			at++;
		}
	}
	return more || at == found_count;
}

static void finds_what_the_table_says(void **state)
{
	FILE *file = fopen(TABLE, "r");
	char *line = NULL;
	size_t room = 0, wrong = 0, all = 0;
	ssize_t length;

	(void)state;
	assert_non_null(file);
	while ((length = getline(&line, &room, file)) > 0) {
		struct arena *arena = arena_new();
		const char *tab = strchr(line, '\t');

		line[length - 1] = '\0';
		if (tab && *line != '#') {
			find_input(arena, unescape(arena, line, (size_t)(tab - line)));
			all++;
			if (!is_expected(arena, tab + 1)) {
				print_error("%.*s\n  wanted %s\n  found  %s\n", (int)(tab - line),
				            line, tab + 1, found_ids(arena));
				wrong++;
			}
		}
		arena_free(arena);
	}
	free(line);
	fclose(file);
	assert_true(all > 150);
	assert_int_equal(wrong, 0);
}

/* --- every entry by each of its names --------------------------------------------------------- */

static bool finds(struct arena *arena, const char *text, const char *id)
{
	struct query_input input = query_line(text);

	find(arena, &input);
	for (size_t i = 0; i < found_count; i++)
		if (str_equal(found[i].entry.id, id) && !found[i].guess)
			return true;
	print_error("%s: wanted %s, found %s\n", text, id, found_ids(arena));
	return false;
}

static void names_of(struct arena *arena, const struct catalog_entry *entry, const char *names[8])
{
	const char *code = strchr(entry->id, ':') + 1;
	bool is_ob = str_equal(entry->family, "ob"), is_mysql = str_equal(entry->family, "mysql");
	size_t count = 0;

	names[count++] = arena_strdup(arena, entry->shown);
	if (entry->symbol)
		names[count++] = entry->symbol;
	if (is_ob || is_mysql)
		names[count++] = code;
	if (is_ob && entry->mysql > 0)
		names[count++] = arena_printf(arena, "my %d", entry->mysql);
	if (is_ob && entry->ora > 0 && entry->ora != 600) {
		names[count++] = arena_printf(arena, "ORA-%05d", entry->ora);
		names[count++] = arena_printf(arena, "OBE-%05d: x", entry->ora);
	}
	if (is_ob && entry->ora == 600)
		names[count++] = arena_printf(arena, "ora 600 -a %s", code + 1);
	if (is_ob && entry->pls > 0)
		names[count++] = arena_printf(arena, "pls %d", entry->pls);
	if (is_mysql)
		names[count++] = arena_printf(arena, "MY-%06d", (int)strtol(code, NULL, 10));
	names[count] = NULL;
}

static void finds_every_entry_by_its_names(void **state)
{
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < catalog_count(); i++) {
		struct arena *arena = arena_new();
		struct catalog_entry entry;
		const char *names[8];

		catalog_at(i, &entry);
		if (!str_equal(entry.family, "range") && !str_equal(entry.family, "sqlstate")) {
			names_of(arena, &entry, names);
			for (size_t j = 0; names[j]; j++)
				wrong += !finds(arena, names[j], entry.id);
		}
		arena_free(arena);
	}
	assert_int_equal(wrong, 0);
}

/* --- words of a command line ------------------------------------------------------------------ */

static void groups_words_into_inputs(void **state)
{
	static const char *const words[] = { "1146", "ora",   "600",  "-a", "5858",     "DTS",
		                             "-254", "ORA-1", "-a=7", "",   "my_table", "pls" };
	static const char *const wanted[] = { "1146", "ora 600 -a 5858", "DTS -254", "ORA-1 -a=7",
		                              "",     "my_table",        "pls" };
	struct arena *arena = arena_new();
	const struct query_input *inputs;
	size_t count = query_inputs(arena, sizeof(words) / sizeof(words[0]), words, &inputs);

	(void)state;
	assert_int_equal(count, sizeof(wanted) / sizeof(wanted[0]));
	for (size_t i = 0; i < count; i++)
		assert_string_equal(inputs[i].words, wanted[i]);
	assert_string_equal(inputs[1].facility, "ora");
	assert_string_equal(inputs[1].text, "600");
	assert_string_equal(inputs[1].argument, "5858");
	assert_string_equal(inputs[3].argument, "7");
	assert_null(inputs[6].facility);
	assert_int_equal(query_inputs(arena, 0, words, &inputs), 0);
	arena_free(arena);
}

static void ten_thousand_words_are_as_many_inputs(void **state)
{
	const size_t many = 10000;
	struct arena *arena = arena_new();
	const char **words = arena_array(arena, many, sizeof(*words));
	const struct query_input *inputs;

	(void)state;
	for (size_t i = 0; i < many; i++)
		words[i] = "1146";
	assert_int_equal(query_inputs(arena, (int)many, words, &inputs), many);
	for (size_t i = 0; i < many; i++)
		find(arena, &inputs[i]);
	assert_string_equal(found[0].entry.id, "mysql:1146");
	arena_free(arena);
}

/* --- hostile text ----------------------------------------------------------------------------- */

static void reads_ten_megabytes(void **state)
{
	static const char *const pieces[] = { "x",
		                              "1",
		                              " ",
		                              "a-",
		                              "CM-0",
		                              "ER_A ",
		                              "(1,",
		                              "-4012 ",
		                              "\xe9\x94\x99",
		                              "\xff",
		                              "[42S02]",
		                              "%s{",
		                              "ORA-00600 arguments: ",
		                              "error 1146 " };
	const size_t size = 10 * 1024 * 1024;

	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		struct arena *arena = arena_new();
		char *text = arena_alloc(arena, size + 1);
		size_t length = strlen(pieces[i]);
		struct query_input input = query_line(text);

		for (size_t at = 0; at + length <= size; at += length)
			memcpy(text + at, pieces[i], length);
		find(arena, &input);
		assert_true(found_count <= 64);
		arena_free(arena);
	}
}

static void finds_a_code_at_the_end_of_ten_megabytes(void **state)
{
	const char *code = " ERROR 1146 (42S02): x";
	const size_t size = 10 * 1024 * 1024;
	struct arena *arena = arena_new();
	char *text = arena_alloc(arena, size + strlen(code) + 1);
	struct query_input input = query_line(text);

	(void)state;
	memset(text, 'x', size);
	memcpy(text + size, code, strlen(code) + 1);
	find(arena, &input);
	assert_string_equal(found_ids(arena), "mysql:1146 ob:-5019");
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_what_the_table_says),
		cmocka_unit_test(finds_every_entry_by_its_names),
		cmocka_unit_test(groups_words_into_inputs),
		cmocka_unit_test(ten_thousand_words_are_as_many_inputs),
		cmocka_unit_test(reads_ten_megabytes),
		cmocka_unit_test(finds_a_code_at_the_end_of_ten_megabytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
