#ifndef TESTS_HARNESS_TREE_H
#define TESTS_HARNESS_TREE_H

#include <stddef.h>

struct arena;

/* A folder of its own in /tmp, for tests that lay files of a host. */
const char *tree_new(struct arena *arena);

/* Writes a file below it, making the folders on the way; or makes the folder of a path alone. Each
 * returns the whole path. */
const char *tree_file(struct arena *arena, const char *tree, const char *path, const char *text);
const char *tree_bytes(struct arena *arena, const char *tree, const char *path, const char *bytes,
                       size_t length);
const char *tree_folder(struct arena *arena, const char *tree, const char *path);

/* Makes a symbolic link below it. */
void tree_link(struct arena *arena, const char *tree, const char *path, const char *target);

/* Removes it with all that it holds. */
void tree_remove(const char *tree);

#endif
