#ifndef CHECKS_PROBE_SESSION_FAILURE_H
#define CHECKS_PROBE_SESSION_FAILURE_H

#include "checks/core/facts.h"

/* The one table that grades errors: what an operator does next differs by enum failure, not by
 * errno. Covers MySQL, MariaDB and OceanBase servers and the client library. `text` tells apart
 * what shares a number (1045 is a wrong password as well as a missing plugin file). */
enum failure failure_of_error(unsigned error, const char *text);

/* An errno of connect(). */
enum failure failure_of_socket(int error);

/* Whether an error of the client library means that the connection cannot be used any more. */
bool error_ends_connection(unsigned error);

#endif
