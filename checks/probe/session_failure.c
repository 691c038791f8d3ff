#include "checks/probe/session_failure.h"

#include <errno.h>
#include <string.h>

static const struct grade {
	unsigned error;
	enum failure failure;
	const char *only_with; /* only where the text holds this; such lines stand first */
} grades[] = {
	/* The library asks for its plugin's file under the number of a wrong password. */
	{ 1045, FAILURE_AUTH_PLUGIN, "could not be loaded" },
	{ 1040, FAILURE_BLOCKED, NULL },  /* too many connections */
	{ 1043, FAILURE_PROTOCOL, NULL }, /* bad handshake */
	{ 1044, FAILURE_PRIVILEGE, NULL },
	{ 1045, FAILURE_CREDENTIALS, NULL },
	{ 1047, FAILURE_PROTOCOL, NULL },    /* unknown command */
	{ 1053, FAILURE_LOST, NULL },        /* server shutdown in progress */
	{ 1129, FAILURE_BLOCKED, NULL },     /* host blocked after many connection errors */
	{ 1130, FAILURE_CREDENTIALS, NULL }, /* host not allowed to connect */
	{ 1142, FAILURE_PRIVILEGE, NULL },
	{ 1143, FAILURE_PRIVILEGE, NULL },
	{ 1153, FAILURE_TOO_LARGE, NULL }, /* packet bigger than max_allowed_packet */
	{ 1203, FAILURE_BLOCKED, NULL },   /* max_user_connections */
	{ 1205, FAILURE_TIMEOUT, NULL },   /* lock wait timeout */
	{ 1226, FAILURE_BLOCKED, NULL },   /* resource limit of the account */
	{ 1227, FAILURE_PRIVILEGE, NULL },
	{ 1251, FAILURE_AUTH_PLUGIN, NULL }, /* client does not support the protocol asked for */
	{ 1345, FAILURE_PRIVILEGE, NULL },   /* SHOW CREATE VIEW, EXPLAIN of a view */
	{ 1370, FAILURE_PRIVILEGE, NULL },
	{ 1524, FAILURE_AUTH_PLUGIN, NULL }, /* the server lacks the account's plugin */
	{ 1698, FAILURE_CREDENTIALS, NULL }, /* denied without a password (unix_socket) */
	{ 1820, FAILURE_BLOCKED, NULL },     /* password must be changed first */
	{ 1862, FAILURE_BLOCKED, NULL },     /* password expired */
	{ 1927, FAILURE_LOST, NULL },        /* MariaDB: connection was killed */
	{ 1969, FAILURE_TIMEOUT, NULL },     /* MariaDB: max_statement_time */
	{ 2000, FAILURE_PROTOCOL, NULL },    /* rows that are longer than their packet */
	{ 2002, FAILURE_UNREACHABLE, NULL },
	{ 2003, FAILURE_UNREACHABLE, NULL },
	{ 2004, FAILURE_UNREACHABLE, NULL },
	{ 2005, FAILURE_NAME, NULL },
	{ 2006, FAILURE_LOST, NULL },
	{ 2007, FAILURE_PROTOCOL, NULL }, /* another protocol version */
	{ 2012, FAILURE_PROTOCOL, NULL }, /* error in the handshake */
	{ 2013, FAILURE_LOST, NULL },
	{ 2014, FAILURE_PROTOCOL, NULL }, /* commands out of sync */
	{ 2020, FAILURE_TOO_LARGE, NULL },
	{ 2026, FAILURE_TLS, NULL },
	{ 2027, FAILURE_PROTOCOL, NULL },    /* malformed packet */
	{ 2049, FAILURE_AUTH_PLUGIN, NULL }, /* the old, unsafe password hash */
	{ 2055, FAILURE_LOST, NULL },
	{ 2058, FAILURE_AUTH_PLUGIN, NULL },
	{ 2059, FAILURE_AUTH_PLUGIN, NULL },
	{ 2061, FAILURE_AUTH_PLUGIN, NULL },
	{ 2068, FAILURE_PROTOCOL, NULL },    /* the server asks for a file of this host */
	{ 3024, FAILURE_TIMEOUT, NULL },     /* MySQL: max_execution_time */
	{ 3032, FAILURE_BLOCKED, NULL },     /* offline mode */
	{ 3118, FAILURE_BLOCKED, NULL },     /* MySQL: account locked */
	{ 3159, FAILURE_TLS, NULL },         /* the server takes no plain line */
	{ 3955, FAILURE_BLOCKED, NULL },     /* MySQL: locked after failed sign-ins */
	{ 4012, FAILURE_TIMEOUT, "imeout" }, /* OceanBase; MariaDB uses the number otherwise */
	{ 4151, FAILURE_BLOCKED, NULL },     /* MariaDB: account locked */
	{ 5010, FAILURE_AUTH_PLUGIN, NULL }, /* not among the methods that we allow */
};

enum failure failure_of_error(unsigned error, const char *text)
{
	for (size_t i = 0; i < sizeof(grades) / sizeof(grades[0]); i++) {
		const struct grade *grade = &grades[i];

		if (grade->error != error)
			continue;
		if (!grade->only_with || (text && strstr(text, grade->only_with)))
			return grade->failure;
	}
	return FAILURE_OTHER;
}

enum failure failure_of_socket(int error)
{
	switch (error) {
	case ECONNREFUSED:
		return FAILURE_REFUSED;
	case ETIMEDOUT:
		return FAILURE_TIMEOUT;
	case ECONNRESET:
	case EPIPE:
		return FAILURE_LOST;
	default:
		return FAILURE_UNREACHABLE;
	}
}

bool error_ends_connection(unsigned error)
{
	return error >= 2000 && error <= 2999;
}
