#ifndef CHECKS_PROBE_FILES_H
#define CHECKS_PROBE_FILES_H

#include "checks/core/facts.h"

#include <stdbool.h>
#include <stddef.h>

struct arena;

/*
 * Files of this machine, or of a container whose root is seen from here ("/proc/4711/root"). Below
 * such a root a symbolic link means what it means inside: an absolute one begins at the root, and
 * none leads out of it. Regular files and folders alone are opened, never a FIFO or a device, so
 * that no call waits for anybody.
 */

/* Opens a file or, with O_DIRECTORY among the flags, a folder for reading. An empty root is the
 * machine's own. Returns a descriptor, or one of errno's numbers, negative; -FILES_NOT_REGULAR where
 * it is neither file nor folder. */
int files_open(const char *root, const char *path, int flags);

#define FILES_NOT_REGULAR 100000

/* Why a path could not be read, in a group's words: they name it. */
struct group_status files_failure(struct arena *arena, const char *root, const char *path,
                                  int error);

/* That of a file whose content is at fault; line 0 leaves the line out. */
struct group_status files_refuse(struct arena *arena, const char *root, const char *path,
                                 size_t line, const char *what);

/* A group that was gathered from here. */
struct group_status files_gathered(const char *statement);

struct file_text {
	const char *text; /* ended by a NUL that does not count; it may hold others */
	size_t length;
	bool is_tail; /* it begins in the middle of the file */
};

/* Reads a file whole, or refuses it where it has more than `cap` bytes. */
bool files_read(struct arena *arena, const char *root, const char *path, size_t cap,
                struct file_text *ret, struct group_status *ret_why);

/* Reads the last `cap` bytes of a file. */
bool files_read_tail(struct arena *arena, const char *root, const char *path, size_t cap,
                     struct file_text *ret, struct group_status *ret_why);

#endif
