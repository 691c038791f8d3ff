#include "cmd/command.h"

#include "catalog/base/arena.h"
#include "catalog/base/cleanup.h"
#include "cmd/exit.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

int report_error(const struct error *error)
{
	static const int statuses[] = {
		[ERROR_NONE] = EXIT_BUG,      [ERROR_USAGE] = EXIT_USAGE,   [ERROR_BUG] = EXIT_BUG,
		[ERROR_OUTPUT] = EXIT_OUTPUT, [ERROR_CONFIG] = EXIT_CONFIG,
	};

	fprintf(stderr, "migdoctor: %s\n", error->text);
	return statuses[error->kind];
}

static int write_all(int fd, const char *text, size_t length)
{
	while (length) {
		ssize_t written = write(fd, text, length);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -1;
		text += written;
		length -= (size_t)written;
	}
	return 0;
}

int output_text(const char *text, size_t length, struct error *error)
{
	if (write_all(STDOUT_FILENO, text, length))
		return error_output(error, "standard output: %s", strerror(errno));
	return 0;
}

/* The new file gets the permissions that any new file would get: mkstemp's 0600 would surprise the
 * job that is to read the report. */
static int write_beside(const char *path, char *beside, const char *text, size_t length)
{
	cleanup(cleanup_fd) int fd = mkostemp(beside, O_CLOEXEC);
	mode_t mask;

	if (fd < 0)
		return -1;
	mask = umask(0);
	umask(mask);
	if (fchmod(fd, 0666 & ~mask) == 0 && write_all(fd, text, length) == 0 && fsync(fd) == 0 &&
	    rename(beside, path) == 0)
		return 0;
	unlink(beside);
	return -1;
}

static int write_directly(const char *path, const char *text, size_t length)
{
	cleanup(cleanup_fd) int fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd < 0 ? -1 : write_all(fd, text, length);
}

int output_file(struct arena *arena, const char *path, const char *text, size_t length,
                struct error *error)
{
	struct stat status;
	int failed;

	if (stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode))
		failed = write_directly(path, text, length);
	else
		failed = write_beside(path, arena_printf(arena, "%s.XXXXXX", path), text, length);
	if (failed)
		return error_output(error, "%s: cannot be written: %s", path, strerror(errno));
	return 0;
}
