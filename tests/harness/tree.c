#include "tests/harness/tree.h"

#include "catalog/base/arena.h"
#include "catalog/base/cleanup.h"

#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <sys/stat.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

const char *tree_new(struct arena *arena)
{
	char *path = arena_strdup(arena, "/tmp/migdoctor-tree-XXXXXX");

	assert_non_null(mkdtemp(path));
	return path;
}

static char *whole(struct arena *arena, const char *tree, const char *path)
{
	char *all = arena_printf(arena, "%s/%s", tree, path);

	for (char *slash = strchr(all + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(all, 0755);
		*slash = '/';
	}
	return all;
}

const char *tree_bytes(struct arena *arena, const char *tree, const char *path, const char *bytes,
                       size_t length)
{
	const char *all = whole(arena, tree, path);
	cleanup(cleanup_fd) int fd = open(all, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, length), length);
	return all;
}

const char *tree_file(struct arena *arena, const char *tree, const char *path, const char *text)
{
	return tree_bytes(arena, tree, path, text, strlen(text));
}

const char *tree_folder(struct arena *arena, const char *tree, const char *path)
{
	const char *all = whole(arena, tree, path);

	mkdir(all, 0755);
	return all;
}

void tree_link(struct arena *arena, const char *tree, const char *path, const char *target)
{
	assert_int_equal(symlink(target, whole(arena, tree, path)), 0);
}

static int remove_one(const char *path, const struct stat *stat, int type, struct FTW *place)
{
	(void)stat;
	(void)type;
	(void)place;
	return remove(path);
}

void tree_remove(const char *tree)
{
	nftw(tree, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
