#include "checks/probe/session_name.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "catalog/base/clock.h"

/* Shared by the thread that looks up and the one that waits; whoever is done last frees it. */
struct look_up {
	atomic_int users;
	int done_fd;
	char *host;
	struct addrinfo *found;
	int error;
};

enum { STACK_SIZE = 256 << 10 };

static void drop(struct look_up *look_up)
{
	if (atomic_fetch_sub(&look_up->users, 1) > 1)
		return;
	if (look_up->found)
		freeaddrinfo(look_up->found);
	if (look_up->done_fd >= 0)
		close(look_up->done_fd);
	free(look_up->host);
	free(look_up);
}

static int resolve(const char *host, int flags, struct addrinfo **ret)
{
	struct addrinfo hints = { .ai_family = AF_UNSPEC,
		                  .ai_socktype = SOCK_STREAM,
		                  .ai_protocol = IPPROTO_TCP,
		                  .ai_flags = flags };

	return getaddrinfo(host, NULL, &hints, ret);
}

static void *run(void *data)
{
	struct look_up *look_up = data;
	uint64_t one = 1;

	look_up->error = resolve(look_up->host, 0, &look_up->found);
	while (write(look_up->done_fd, &one, sizeof(one)) < 0 && errno == EINTR)
		;
	drop(look_up);
	return NULL;
}

static void copy_addresses(const struct addrinfo *found, struct name_addresses *ret)
{
	ret->count = 0;
	for (; found && ret->count < NAME_MOST_ADDRESSES; found = found->ai_next)
		if (!getnameinfo(found->ai_addr, found->ai_addrlen, ret->numeric[ret->count],
		                 NI_MAXHOST, NULL, 0, NI_NUMERICHOST))
			ret->count++;
}

/* Waits for the thread. Returns 0 when it is done. */
static int wait_for(struct look_up *look_up, int64_t deadline_ms, int cancel_fd)
{
	struct pollfd fds[] = { { .fd = look_up->done_fd, .events = POLLIN },
		                { .fd = cancel_fd, .events = POLLIN } };
	uint64_t one;

	for (;;) {
		int64_t left = deadline_ms - clock_monotonic_ms();

		if (left <= 0)
			return NAME_NOT_IN_TIME;
		if (poll(fds, 2, left > 60000 ? 60000 : (int)left) <= 0)
			continue;
		if (fds[0].revents)
			return read(look_up->done_fd, &one, sizeof(one)) < 0;
		return NAME_INTERRUPTED;
	}
}

static struct look_up *start(const char *host)
{
	struct look_up *look_up = calloc(1, sizeof(*look_up));
	pthread_attr_t attributes;
	pthread_t thread;
	int error;

	if (!look_up)
		return NULL;
	atomic_init(&look_up->users, 2);
	look_up->host = strdup(host);
	look_up->done_fd = eventfd(0, EFD_CLOEXEC);
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	error = !look_up->host || look_up->done_fd < 0 ||
	        pthread_create(&thread, &attributes, run, look_up);
	pthread_attr_destroy(&attributes);
	if (!error)
		return look_up;
	atomic_init(&look_up->users, 1);
	drop(look_up);
	return NULL;
}

int name_look_up(const char *host, int64_t deadline_ms, int cancel_fd, struct name_addresses *ret)
{
	struct addrinfo *numeric = NULL;
	struct look_up *look_up;
	int error;

	ret->count = 0;
	if (!resolve(host, AI_NUMERICHOST, &numeric)) {
		copy_addresses(numeric, ret);
		freeaddrinfo(numeric);
		return 0;
	}
	look_up = start(host);
	if (!look_up)
		return NAME_NO_THREAD;
	error = wait_for(look_up, deadline_ms, cancel_fd);
	if (!error)
		error = look_up->error;
	if (!error)
		copy_addresses(look_up->found, ret);
	drop(look_up);
	return error || ret->count ? error : EAI_NONAME;
}

const char *name_error_text(int error)
{
	switch (error) {
	case NAME_NOT_IN_TIME:
		return "no resolver answered within the time given";
	case NAME_INTERRUPTED:
		return "interrupted";
	case NAME_NO_THREAD:
		return "no thread could be started for it";
	default:
		return gai_strerror(error);
	}
}
