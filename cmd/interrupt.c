#include "cmd/interrupt.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* A signal handler can reach nothing else: these two are the program's only static state. */
static volatile sig_atomic_t came;
static int event = -1;

static void handle(int number)
{
	const uint64_t one = 1;
	int saved = errno;

	came = number;
	if (write(event, &one, sizeof(one)) < 0)
		_exit(128 + number);
	errno = saved;
}

int interrupt_catch(void)
{
	struct sigaction action = { .sa_handler = handle, .sa_flags = SA_RESTART | SA_RESETHAND };

	event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (event < 0)
		return -1;
	sigemptyset(&action.sa_mask);
	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	return event;
}

int interrupt_signal(void)
{
	return came;
}
