#include "checks/probe/session_wait.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include "catalog/base/clock.h"

/* The callbacks of the library have no user pointer. A session belongs to one thread, so that a
 * thread-local pointer serves, and nothing is shared between threads. */
static _Thread_local struct wait *current;

struct wait wait_until(int64_t deadline_ms, size_t byte_cap, int cancel_fd)
{
	return (struct wait){ .deadline_ms = deadline_ms,
		              .silent_ms = INT64_MAX,
		              .limit_ms = INT64_MAX,
		              .cancel_fd = cancel_fd,
		              .byte_cap = byte_cap };
}

struct wait *wait_use(struct wait *wait)
{
	struct wait *before = current;

	current = wait;
	return before;
}

void wait_give_up(struct wait *wait, enum wait_end why)
{
	if (wait->end == WAIT_GOES_ON)
		wait->end = why;
}

static void set_nonblocking(int fd)
{
	int flags = fcntl(fd, F_GETFL);

	if (flags >= 0 && !(flags & O_NONBLOCK))
		fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

/* Ends the wait, or has something done, where one of the times is over. */
static void look_at_clock(struct wait *wait, int64_t now)
{
	if (now >= wait->deadline_ms)
		wait_give_up(wait, WAIT_DEADLINE);
	else if (now >= wait->silent_ms)
		wait_give_up(wait, WAIT_SILENT);
	else if (now >= wait->limit_ms && wait->at_limit)
		wait->at_limit(wait->limit_data);
	else if (now >= wait->limit_ms)
		wait_give_up(wait, WAIT_LIMIT);
}

static int64_t earliest(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* Milliseconds until the next of the times, for poll(). */
static int time_left(const struct wait *wait, int64_t now, int64_t address_ms)
{
	int64_t next = earliest(earliest(wait->deadline_ms, wait->silent_ms),
	                        earliest(wait->limit_ms, address_ms));

	return (int)earliest(next - now, 3600 * 1000);
}

/* A name may have several addresses, and the first may swallow every packet (IPv6 often does): each
 * gets its share of the time, but three seconds at least. */
static int64_t address_deadline(const struct wait *wait, int64_t now)
{
	enum { LEAST_MS = 3000 };
	int64_t share = (wait->deadline_ms - now) / (wait->addresses ? wait->addresses : 1);

	return earliest(wait->deadline_ms, now + (share < LEAST_MS ? LEAST_MS : share));
}

static int fail(int error)
{
	errno = error;
	return error == ETIMEDOUT ? 0 : -1;
}

/* What the socket says. The library takes POLLERR for success and would report EINPROGRESS. */
static int judge_socket(struct wait *wait, int fd, short events)
{
	int error = 0;
	socklen_t size = sizeof(error);

	if (wait->stage != STAGE_CONNECT || !(events & (POLLERR | POLLHUP | POLLNVAL)))
		return 1;
	if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) || !error)
		error = ECONNRESET;
	wait->socket_error = error;
	return fail(error);
}

int wait_for_socket(int fd, char is_read, int library_limit)
{
	struct wait *wait = current;
	int64_t address_ms = INT64_MAX;

	(void)library_limit;
	if (!wait)
		return fail(ETIMEDOUT);
	set_nonblocking(fd);
	if (is_read && wait->stage == STAGE_CONNECT)
		wait->stage = STAGE_GREETING;
	if (wait->stage == STAGE_CONNECT)
		address_ms = address_deadline(wait, clock_monotonic_ms());
	for (;;) {
		struct pollfd fds[] = {
			{ .fd = fd, .events = is_read ? POLLIN : POLLOUT },
			{ .fd = wait->cancel_fd, .events = POLLIN },
		};
		int64_t now = clock_monotonic_ms();
		int ready;

		look_at_clock(wait, now);
		if (wait->end != WAIT_GOES_ON)
			return fail(wait->end == WAIT_INTERRUPTED ? ECANCELED : ETIMEDOUT);
		if (now >= address_ms) {
			wait->socket_error = ETIMEDOUT;
			return fail(ETIMEDOUT);
		}
		ready = poll(fds, 2, time_left(wait, now, address_ms));
		if (ready > 0 && fds[1].revents)
			wait_give_up(wait, WAIT_INTERRUPTED);
		else if (ready > 0)
			return judge_socket(wait, fd, fds[0].revents);
		else if (ready < 0 && errno != EINTR)
			return -1;
	}
}

/* Whether this may be the first packet: three bytes of length, a sequence number, and 9 or 10 for
 * the protocol or 255 for an error. Everything else (SSH, HTTP, the X protocol) is told at once; the
 * library would wait for as many bytes as a banner's letters make. */
static bool is_greeting(const unsigned char *bytes)
{
	return !bytes[2] && bytes[3] <= 1 && (bytes[4] == 9 || bytes[4] == 10 || bytes[4] == 255);
}

/* Whether a greeting offers TLS. That stands behind the version's NUL, four bytes of thread number,
 * eight of scramble and one of filler, and inside the packet: the library ignores what is behind
 * its end, and so must we. An error instead of a greeting is let pass, because the library then
 * signs in nowhere. */
static bool greeting_lacks_tls(const unsigned char *bytes, size_t length)
{
	enum { CLIENT_SSL = 0x0800, FLAGS_BEHIND_VERSION = 14 };
	const unsigned char *version_end, *flags;

	if (bytes[4] == 255)
		return false;
	version_end = memchr(bytes + 5, 0, length - 5);
	flags = version_end ? version_end + FLAGS_BEHIND_VERSION : NULL;
	return !flags || flags + 2 > bytes + length || !((flags[0] | flags[1] << 8) & CLIENT_SSL);
}

size_t wait_greeting_length(const struct wait *wait)
{
	const unsigned char *bytes = wait->greeting;
	size_t length = wait->greeting_length < 5 ? 0 : 4 + (bytes[0] | (size_t)bytes[1] << 8);

	return length < WAIT_GREETING_SIZE ? length : WAIT_GREETING_SIZE;
}

static void look_at_greeting(struct wait *wait, const unsigned char *bytes, size_t length)
{
	size_t room = WAIT_GREETING_SIZE - wait->greeting_length;
	size_t packet;

	if (length > room)
		length = room;
	memcpy(wait->greeting + wait->greeting_length, bytes, length);
	wait->greeting_length += length;
	packet = wait_greeting_length(wait);
	if (!packet)
		return;
	if (!is_greeting(wait->greeting) || packet < 5)
		wait_give_up(wait, WAIT_STRANGE);
	else if (wait->greeting_length < packet)
		return;
	else if (wait->need_tls && greeting_lacks_tls(wait->greeting, packet))
		wait_give_up(wait, WAIT_PLAIN);
	else
		wait->stage = STAGE_SIGN_IN;
}

static void look_at_bytes(struct wait *wait, const unsigned char *bytes, size_t length)
{
	wait->bytes_read += length;
	wait->silent_ms = INT64_MAX;
	if (wait->bytes_read > wait->byte_cap)
		wait_give_up(wait, WAIT_TOO_LARGE);
	if (wait->stage == STAGE_CONNECT || wait->stage == STAGE_GREETING)
		look_at_greeting(wait, bytes, length);
}

void wait_saw(int fd, bool is_write, const unsigned char *bytes, ssize_t length)
{
	struct wait *wait = current;

	if (!wait)
		return;
	set_nonblocking(fd);
	if (length <= 0)
		wait->has_closed = true;
	else if (!is_write)
		look_at_bytes(wait, bytes, (size_t)length);
	if (clock_monotonic_ms() >= wait->deadline_ms)
		wait_give_up(wait, WAIT_DEADLINE);
	if (wait->end != WAIT_GOES_ON)
		shutdown(fd, SHUT_RDWR);
}
