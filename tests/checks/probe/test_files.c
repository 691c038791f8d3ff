#include "checks/probe/files.h"

#include "catalog/base/arena.h"
#include "catalog/base/cleanup.h"
#include "catalog/base/str.h"
#include "tests/harness/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

/* A tree with a root inside, and something beside the root that nothing may reach. */
static void stays_below_the_root(void **state)
{
	static const struct {
		const char *path, *text;
		int error;
	} cases[] = {
		{ "/u01/ds/a", "inside", 0 },
		{ "u01/ds/a", "inside", 0 },
		{ "//u01/./ds/../ds/a", "inside", 0 },
		{ "/home/ds/a", "inside", 0 },        /* an absolute link on the way */
		{ "/home/near/a", "inside", 0 },      /* a relative one */
		{ "/home/last", "inside", 0 },        /* the file itself */
		{ "/../../../secret", NULL, ENOENT }, /* above the root is the root */
		{ "/home/up", NULL, ENOENT },
		{ "/home/out", NULL, ENOENT },
		{ "/home/loop", NULL, ELOOP },
		{ "/u01/ds/a/b", NULL, ENOTDIR },
		{ "/u01/ds", NULL, EISDIR },
		{ "/nothing/a", NULL, ENOENT },
		{ "/home/fifo", NULL, FILES_NOT_REGULAR },
		{ "/home/null", NULL, ENOENT },
	};
	struct arena *arena = arena_new();
	const char *tree = tree_new(arena), *root = arena_printf(arena, "%s/root", tree);

	(void)state;
	tree_file(arena, tree, "secret", "outside");
	tree_file(arena, tree, "root/u01/ds/a", "inside");
	tree_link(arena, tree, "root/home/ds", "/u01/ds");
	tree_link(arena, tree, "root/home/near", "../u01/ds");
	tree_link(arena, tree, "root/home/last", "/home/ds/a");
	tree_link(arena, tree, "root/home/up", "../../../secret");
	tree_link(arena, tree, "root/home/out", arena_printf(arena, "%s/secret", tree));
	tree_link(arena, tree, "root/home/loop", "loop");
	tree_link(arena, tree, "root/home/null", "/dev/null");
	assert_int_equal(mkfifo(arena_printf(arena, "%s/home/fifo", root), 0600), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct file_text file;
		struct group_status why;
		cleanup(cleanup_fd) int fd = files_open(root, cases[i].path, 0);

		assert_int_equal(fd < 0 ? -fd : 0, cases[i].error);
		assert_int_equal(files_read(arena, root, cases[i].path, 100, &file, &why),
		                 !cases[i].error);
		if (cases[i].text)
			assert_string_equal(file.text, cases[i].text);
		else
			assert_true(str_starts(why.text, root));
	}
	tree_remove(tree);
	arena_free(arena);
}

static void survives_long_paths(void **state)
{
	struct arena *arena = arena_new();
	const char *tree = tree_new(arena);
	struct str deep = str_new(arena), name = str_new(arena);

	(void)state;
	while (deep.length < 3000)
		str_add(&deep, "d/");
	while (name.length < 5000)
		str_add_char(&name, 'n');
	tree_folder(arena, tree, deep.text);
	assert_int_equal(files_open(tree, deep.text, O_DIRECTORY), -ENAMETOOLONG);
	assert_int_equal(files_open(tree, name.text, 0), -ENAMETOOLONG);
	name.text[300] = '\0';
	assert_int_equal(files_open(tree, name.text, 0), -ENAMETOOLONG);
	tree_remove(tree);
	arena_free(arena);
}

static void reads_ends_and_refuses_giants(void **state)
{
	struct arena *arena = arena_new();
	const char *tree = tree_new(arena);
	const char *path = tree_bytes(arena, tree, "a",
	                              "0123\0"
	                              "56789",
	                              10);
	struct file_text file;
	struct group_status why;

	(void)state;
	assert_true(files_read(arena, "", path, 10, &file, &why));
	assert_int_equal(file.length, 10);
	assert_false(file.is_tail);
	assert_false(files_read(arena, "", path, 9, &file, &why));
	assert_int_equal(why.failure, FAILURE_TOO_LARGE);
	assert_true(files_read_tail(arena, "", path, 4, &file, &why));
	assert_string_equal(file.text, "6789");
	assert_true(file.is_tail);
	assert_true(files_read_tail(arena, "", path, 10, &file, &why));
	assert_int_equal(file.length, 10);
	assert_false(file.is_tail);
	/* Files of /proc say that they are empty. */
	assert_true(files_read(arena, "", "/proc/self/stat", 4096, &file, &why));
	assert_true(file.length > 10);
	tree_remove(tree);
	arena_free(arena);
}

static void names_failures(void **state)
{
	struct arena *arena = arena_new();
	struct group_status why = files_failure(arena, "/proc/1/root", "/a", EACCES);

	(void)state;
	assert_int_equal(why.failure, FAILURE_PRIVILEGE);
	assert_int_equal(why.error, EACCES);
	assert_string_equal(why.text, "/proc/1/root/a: Permission denied");
	assert_string_equal(why.statement, "/proc/1/root/a");
	assert_string_equal(files_refuse(arena, "", "/a", 3, "no").text, "/a:3: no");
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stays_below_the_root),
		cmocka_unit_test(survives_long_paths),
		cmocka_unit_test(reads_ends_and_refuses_giants),
		cmocka_unit_test(names_failures),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
