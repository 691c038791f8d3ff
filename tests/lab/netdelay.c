/*
 * netdelay MS COMMAND...: runs a command in a network namespace of its own, whose only line to this
 * host delays every packet by MS milliseconds each way. The host is 10.251.1.1 there. For `make
 * bench`: round trips are what a check costs, and loopback has none. Needs root. The namespace and
 * both devices are gone when the command ends.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PACKET_BYTES 2048
#define QUEUE_LENGTH 8192

struct packet {
	int64_t due_us;
	size_t length;
	char bytes[PACKET_BYTES];
};

/* A line in one direction: a ring of packets that wait for their time. */
struct line {
	int from, to;
	unsigned first, last;
	struct packet ring[QUEUE_LENGTH];
};

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static void must(int result, const char *what)
{
	if (result >= 0)
		return;
	fprintf(stderr, "netdelay: %s: %s\n", what, strerror(errno));
	exit(70);
}

static void set_address(int sock, struct ifreq *request, unsigned long what, const char *address)
{
	struct sockaddr_in *in = (struct sockaddr_in *)&request->ifr_addr;

	memset(in, 0, sizeof(*in));
	in->sin_family = AF_INET;
	inet_pton(AF_INET, address, &in->sin_addr);
	must(ioctl(sock, what, request), address);
}

/* A tun device in the namespace that we are in, with its address, up. */
static int open_tun(const char *own, const char *peer)
{
	struct ifreq request = { .ifr_flags = IFF_TUN | IFF_NO_PI };
	int fd = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC), sock;

	must(fd, "/dev/net/tun");
	must(ioctl(fd, TUNSETIFF, &request), "TUNSETIFF");
	sock = socket(AF_INET, SOCK_DGRAM, 0);
	must(sock, "socket");
	set_address(sock, &request, SIOCSIFADDR, own);
	set_address(sock, &request, SIOCSIFDSTADDR, peer);
	must(ioctl(sock, SIOCGIFFLAGS, &request), "SIOCGIFFLAGS");
	request.ifr_flags |= IFF_UP | IFF_RUNNING;
	must(ioctl(sock, SIOCSIFFLAGS, &request), "SIOCSIFFLAGS");
	close(sock);
	return fd;
}

static void take(struct line *line, int64_t delay_us)
{
	while (line->last - line->first < QUEUE_LENGTH) {
		struct packet *packet = &line->ring[line->last % QUEUE_LENGTH];
		ssize_t length = read(line->from, packet->bytes, PACKET_BYTES);

		if (length <= 0)
			return;
		packet->length = (size_t)length;
		packet->due_us = now_us() + delay_us;
		line->last++;
	}
}

static void give(struct line *line)
{
	while (line->first != line->last) {
		struct packet *packet = &line->ring[line->first % QUEUE_LENGTH];

		if (packet->due_us > now_us())
			return;
		if (write(line->to, packet->bytes, packet->length) < 0 && errno == EAGAIN)
			return;
		line->first++;
	}
}

static int64_t next_due(const struct line *line, int64_t otherwise)
{
	int64_t due;

	if (line->first == line->last)
		return otherwise;
	due = line->ring[line->first % QUEUE_LENGTH].due_us;
	return due < otherwise ? due : otherwise;
}

static int carry(pid_t child, struct line lines[2], int64_t delay_us)
{
	int status;

	while (waitpid(child, &status, WNOHANG) == 0) {
		struct pollfd fds[] = { { lines[0].from, POLLIN, 0 },
			                { lines[1].from, POLLIN, 0 } };
		int64_t until = next_due(&lines[0], next_due(&lines[1], now_us() + 5000));
		int64_t wait_us = until - now_us();
		struct timespec wait = { 0, wait_us > 0 ? wait_us * 1000 : 0 };

		ppoll(fds, 2, &wait, NULL);
		for (int i = 0; i < 2; i++) {
			take(&lines[i], delay_us);
			give(&lines[i]);
		}
	}
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int main(int argc, char **argv)
{
	static struct line lines[2];
	int64_t delay_us;
	int host, inside;
	pid_t child;

	if (argc < 3) {
		fputs("usage: netdelay MS COMMAND...\n", stderr);
		return 64;
	}
	delay_us = strtol(argv[1], NULL, 10) * 1000;
	host = open_tun("10.251.1.1", "10.251.1.2");
	must(unshare(CLONE_NEWNET), "unshare");
	inside = open_tun("10.251.1.2", "10.251.1.1");
	child = fork();
	must(child, "fork");
	if (child == 0) {
		execvp(argv[2], argv + 2);
		fprintf(stderr, "netdelay: %s: %s\n", argv[2], strerror(errno));
		_exit(127);
	}
	lines[0].from = lines[1].to = inside;
	lines[1].from = lines[0].to = host;
	return carry(child, lines, delay_us);
}
