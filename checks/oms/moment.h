#ifndef CHECKS_OMS_MOMENT_H
#define CHECKS_OMS_MOMENT_H

#include "checks/core/check.h"

/* Points of time as OMS prints them and people type them, without the C library's time zones: a
 * check has no environment. */

/* The zone that the API of the console prints times in, without saying so. */
#define CONSOLE_ZONE 0

/* Reads Unix seconds, Unix milliseconds, or a date and time ("2022-08-01 10:05:00", with T, with Z
 * or +08:00 at its end; without a zone that of `zone_seconds` is meant). False for anything else
 * and for years that no migration is in, with *ret untouched. NULL is allowed. */
bool moment_read(const char *text, int64_t zone_seconds, int64_t *ret);

/* "2022-08-01T10:05:00+08:00 (1659319500)". */
const char *moment_written(struct arena *arena, int64_t seconds, int64_t zone_seconds);

/* The zone of the host of OMS, else of its MetaDB, else UTC: local time minus UTC. A check that
 * calls it uses FACT_host_host_zone_seconds and FACT_metadb_zone_seconds. */
int64_t moment_zone(const struct check_input *in);

#endif
