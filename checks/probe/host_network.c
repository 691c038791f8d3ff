#include "checks/probe/host.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <stdlib.h>
#include <string.h>

/* --- addresses ---------------------------------------------------------------------------------- */

/* Those of the network that migdoctor runs in, which with `docker run --net host`, as OMS is
 * documented to run, is the container's, too. */
void host_addresses(struct host *host, struct group_status *ret)
{
	static const char *const names[] = { "interface", "address", NULL };
	struct row_list list = row_list_new(host->arena, names);
	struct ifaddrs *addresses;

	if (getifaddrs(&addresses) != 0) {
		*ret = files_failure(host->arena, "", "getifaddrs()", errno);
		return;
	}
	for (const struct ifaddrs *at = addresses; at; at = at->ifa_next) {
		char text[INET6_ADDRSTRLEN];
		const void *bytes = NULL;

		if (at->ifa_addr && at->ifa_addr->sa_family == AF_INET)
			bytes = &((const struct sockaddr_in *)(const void *)at->ifa_addr)->sin_addr;
		if (at->ifa_addr && at->ifa_addr->sa_family == AF_INET6)
			bytes = &((const struct sockaddr_in6 *)(const void *)at->ifa_addr)
			                 ->sin6_addr;
		if (bytes && inet_ntop(at->ifa_addr->sa_family, bytes, text, sizeof(text)))
			row_list_add(&list, ROW(arena_strdup(host->arena, at->ifa_name),
			                        arena_strdup(host->arena, text)));
	}
	freeifaddrs(addresses);
	fact_set_rows(host->at, FACT_host_addresses, row_list_rows(&list));
	*ret = files_gathered("getifaddrs()");
}

/* --- ports -------------------------------------------------------------------------------------- */

#define TABLE_CAP ((size_t)64 * 1024 * 1024)
#define LISTENING 0x0a

/* An address of /proc/net: its words of 32 bits as the machine keeps them, in hexadecimal. */
static bool read_address(const char *digits, size_t length, char ret[INET6_ADDRSTRLEN])
{
	uint32_t words[4];

	if (length != 8 && length != 32)
		return false;
	for (size_t i = 0; i < length / 8; i++) {
		char part[9];

		memcpy(part, digits + i * 8, 8);
		part[8] = '\0';
		if (strspn(part, "0123456789abcdefABCDEF") != 8)
			return false;
		words[i] = (uint32_t)strtoul(part, NULL, 16);
	}
	return inet_ntop(length == 8 ? AF_INET : AF_INET6, words, ret, INET6_ADDRSTRLEN);
}

/* A line: "   0: 0100007F:1F90 00000000:0000 0A ...": number, local and remote address, state. */
static void add_socket(struct row_list *list, const char *line)
{
	const char *local = strchr(line, ':'), *port, *remote;
	char address[INET6_ADDRSTRLEN];
	unsigned long number;
	char *end;

	if (!local)
		return;
	local += 1 + strspn(local + 1, " ");
	port = local + strcspn(local, ": ");
	if (*port != ':' || !read_address(local, (size_t)(port - local), address))
		return;
	number = strtoul(port + 1, &end, 16);
	remote = end + strspn(end, " ");
	remote += strcspn(remote, " ");
	if (end == port + 1 || number > 65535 || strtoul(remote, NULL, 16) != LISTENING)
		return;
	row_list_add(list, ROW(arena_printf(list->arena, "%lu", number),
	                       arena_strdup(list->arena, address)));
}

static bool add_table(struct host *host, const char *name, struct row_list *list,
                      struct group_status *ret_why)
{
	const char *path = arena_printf(host->arena, "%s/net/%s", host_process(host), name);
	struct arena *scratch = arena_new();
	struct file_text file;
	struct group_status why;

	if (!files_read(scratch, "", path, TABLE_CAP, &file, &why)) {
		*ret_why = files_failure(host->arena, "", path, (int)why.error);
		arena_free(scratch);
		return false;
	}
	for (const char *line = strchr(file.text, '\n'); line && line[1];
	     line = strchr(line + 1, '\n')) {
		size_t length = strcspn(line + 1, "\n");

		add_socket(list, arena_strndup(scratch, line + 1, length));
	}
	arena_free(scratch);
	return true;
}

void host_ports(struct host *host, struct group_status *ret)
{
	static const char *const names[] = { "port", "address", NULL };
	struct row_list list = row_list_new(host->arena, names);

	if (!add_table(host, "tcp", &list, ret))
		return;
	/* A kernel without IPv6 has no such table. */
	if (!add_table(host, "tcp6", &list, ret) && ret->error != ENOENT)
		return;
	fact_set_rows(host->at, FACT_host_ports, row_list_rows(&list));
	*ret = files_gathered(arena_printf(host->arena, "%s/net/tcp", host_process(host)));
}
