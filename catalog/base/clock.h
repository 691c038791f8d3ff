#ifndef CATALOG_BASE_CLOCK_H
#define CATALOG_BASE_CLOCK_H

#include <stdint.h>

struct arena;

/* Milliseconds on the clock that never jumps: for deadlines and durations. */
int64_t clock_monotonic_ms(void);

/* Milliseconds since 1970-01-01T00:00:00Z: for what is written down. */
int64_t clock_wall_ms(void);

/* "2026-11-21T09:30:00Z", the UTC form of RFC 3339 with whole seconds. */
const char *clock_rfc3339(struct arena *arena, int64_t wall_ms);

#endif
