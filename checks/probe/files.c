#include "checks/probe/files.h"

#include "catalog/base/arena.h"
#include "catalog/base/cleanup.h"
#include "catalog/base/str.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>

/* --- below a root ------------------------------------------------------------------------------- */

#define MOST_FOLDERS 64
#define MOST_LINKS 40

/* A walk from a root. Each step opens one name without following it: what another process moves or
 * links meanwhile cannot lead the walk out. openat2() does the same, but kernels before 5.6, which
 * OMS mostly runs on, and older containers do not have it. */
struct walk {
	int at[MOST_FOLDERS]; /* the root, and what was opened below it; the last is where we are */
	size_t depth;
	unsigned links;
	char rest[PATH_MAX]; /* what is left to walk */
};

static void leave(struct walk *walk, size_t depth)
{
	while (walk->depth > depth)
		close(walk->at[--walk->depth]);
}

/* The link's target takes the place of its name. */
static int follow(struct walk *walk, int link)
{
	char target[PATH_MAX], rest[PATH_MAX];
	ssize_t length = readlinkat(link, "", target, sizeof(target) - 1);
	int wanted;

	if (length < 0)
		return errno;
	target[length] = '\0';
	if (++walk->links > MOST_LINKS)
		return ELOOP;
	memcpy(rest, walk->rest, sizeof(rest));
	wanted = snprintf(walk->rest, sizeof(walk->rest), "%s/%s", target, rest);
	if (wanted < 0 || (size_t)wanted >= sizeof(walk->rest))
		return ENAMETOOLONG;
	if (target[0] == '/')
		leave(walk, 1);
	return 0;
}

static int step(struct walk *walk, const char *name)
{
	struct stat stat;
	int fd, error;

	if (str_equal(name, ".."))
		leave(walk, walk->depth > 1 ? walk->depth - 1 : 1);
	if (!*name || str_equal(name, ".") || str_equal(name, ".."))
		return 0;
	if (walk->depth == MOST_FOLDERS)
		return ENAMETOOLONG;
	fd = openat(walk->at[walk->depth - 1], name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		return errno;
	error = fstat(fd, &stat) == 0 ? 0 : errno;
	if (!error && !S_ISLNK(stat.st_mode)) {
		walk->at[walk->depth++] = fd;
		return 0;
	}
	if (!error)
		error = follow(walk, fd);
	close(fd);
	return error;
}

/* Takes the next name off what is left to walk. */
static void next_name(struct walk *walk, char name[NAME_MAX + 2])
{
	size_t length = strcspn(walk->rest, "/");
	size_t kept = length > NAME_MAX ? NAME_MAX + 1 : length;
	size_t past = length + (walk->rest[length] == '/');

	memcpy(name, walk->rest, kept);
	name[kept] = '\0';
	memmove(walk->rest, walk->rest + past, strlen(walk->rest + past) + 1);
}

/* Opens a path below a root with O_PATH: a descriptor, or errno's number, negative. */
static int find_below(const char *root, const char *path)
{
	struct walk walk = { .depth = 1 };
	char name[NAME_MAX + 2];
	int error = 0, fd;

	if (strlen(path) >= sizeof(walk.rest))
		return -ENAMETOOLONG;
	memcpy(walk.rest, path, strlen(path) + 1);
	walk.at[0] = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (walk.at[0] < 0)
		return -errno;
	while (!error && walk.rest[0]) {
		next_name(&walk, name);
		error = step(&walk, name);
	}
	fd = error ? -error : fcntl(walk.at[walk.depth - 1], F_DUPFD_CLOEXEC, 0);
	if (!error && fd < 0)
		fd = -errno;
	leave(&walk, 0);
	return fd;
}

static int find(const char *root, const char *path)
{
	int fd;

	if (*root)
		return find_below(root, path);
	fd = open(path, O_PATH | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* --- opening ------------------------------------------------------------------------------------ */

int files_open(const char *root, const char *path, int flags)
{
	bool wants_folder = flags & O_DIRECTORY;
	cleanup(cleanup_fd) int found = find(root, path);
	char self[64];
	struct stat stat;
	int fd;

	if (found < 0)
		return found;
	if (fstat(found, &stat) != 0)
		return -errno;
	if (S_ISDIR(stat.st_mode) != wants_folder)
		return wants_folder ? -ENOTDIR : -EISDIR;
	if (!wants_folder && !S_ISREG(stat.st_mode))
		return -FILES_NOT_REGULAR;
	if (flags & O_PATH)
		return fcntl(found, F_DUPFD_CLOEXEC, 0);
	/* The file that was looked at, not whatever has its name by now. */
	snprintf(self, sizeof(self), "/proc/self/fd/%d", found);
	fd = open(self, flags | O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* --- why not ------------------------------------------------------------------------------------ */

struct group_status files_failure(struct arena *arena, const char *root, const char *path,
                                  int error)
{
	struct group_status status = { .state = GROUP_FAILED, .failure = FAILURE_OTHER };
	const char *words = strerrordesc_np(error);

	if (error == EACCES || error == EPERM)
		status.failure = FAILURE_PRIVILEGE;
	if (error == EFBIG)
		status.failure = FAILURE_TOO_LARGE;
	if (error == FILES_NOT_REGULAR)
		words = "neither a file nor a folder";
	else
		status.error = (unsigned)error;
	status.statement = arena_printf(arena, "%s%s", root, path);
	status.text =
		arena_printf(arena, "%s: %s", status.statement, words ? words : "cannot be read");
	return status;
}

struct group_status files_refuse(struct arena *arena, const char *root, const char *path,
                                 size_t line, const char *what)
{
	struct group_status status = { .state = GROUP_FAILED, .failure = FAILURE_OTHER };

	status.statement = arena_printf(arena, "%s%s", root, path);
	status.text = line ? arena_printf(arena, "%s:%zu: %s", status.statement, line, what)
	                   : arena_printf(arena, "%s: %s", status.statement, what);
	return status;
}

struct group_status files_gathered(const char *statement)
{
	return (struct group_status){ .state = GROUP_GATHERED, .statement = statement };
}

/* --- reading ------------------------------------------------------------------------------------ */

/* Reads to the end, or a byte past the cap. Files of /proc say that they are empty, so their size
 * is not asked for. */
static int read_all(struct arena *arena, int fd, size_t cap, struct file_text *ret)
{
	struct str bytes = str_new(arena);
	char part[16384];

	while (bytes.length <= cap) {
		size_t room = cap + 1 - bytes.length;
		ssize_t got = read(fd, part, room < sizeof(part) ? room : sizeof(part));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return errno;
		if (got == 0)
			break;
		str_add_n(&bytes, part, (size_t)got);
	}
	ret->text = bytes.text;
	ret->length = bytes.length;
	return 0;
}

bool files_read(struct arena *arena, const char *root, const char *path, size_t cap,
                struct file_text *ret, struct group_status *ret_why)
{
	cleanup(cleanup_fd) int fd = files_open(root, path, 0);
	int error = fd < 0 ? -fd : 0;

	*ret = (struct file_text){ 0 };
	if (!error)
		error = read_all(arena, fd, cap, ret);
	if (!error && ret->length > cap)
		error = EFBIG;
	if (error)
		*ret_why = files_failure(arena, root, path, error);
	return !error;
}

bool files_read_tail(struct arena *arena, const char *root, const char *path, size_t cap,
                     struct file_text *ret, struct group_status *ret_why)
{
	cleanup(cleanup_fd) int fd = files_open(root, path, 0);
	int error = fd < 0 ? -fd : 0;
	struct stat stat = { 0 };

	*ret = (struct file_text){ 0 };
	if (!error && fstat(fd, &stat) != 0)
		error = errno;
	if (!error && stat.st_size > (off_t)cap) {
		ret->is_tail = true;
		if (lseek(fd, stat.st_size - (off_t)cap, SEEK_SET) < 0)
			error = errno;
	}
	/* No more than that of a log that grows meanwhile. */
	if (!error)
		error = read_all(arena, fd, cap - 1, ret);
	if (error)
		*ret_why = files_failure(arena, root, path, error);
	return !error;
}
