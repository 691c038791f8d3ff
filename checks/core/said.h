#ifndef CHECKS_CORE_SAID_H
#define CHECKS_CORE_SAID_H

#include "checks/core/check.h"

struct arena;

/*
 * The figures that stand in a pasted alert, log line or answer of CM, whatever stands around them:
 *
 *   [host: 10.0.0.3 unavailable cause: current memory usage 0.8573829 exceed limited 0.85]
 *   SubTopic:[p_4223_source-000-0], checkpoint:[1659319500]
 *   CPU, memory or disk, in English or Chinese, with "threshold" or "usage" and a number
 *
 * The words come from anywhere. Numbers stay as they were printed, what is none or no name where one
 * is due is left out, and nothing is reckoned with.
 */
struct said said_read(struct arena *arena, const char *line);

/* Adds what another line says. Figures that belong together stay together: a usage with its limit and
 * its host, a subtopic with its checkpoint; what was said first stays. */
void said_add(struct said *said, const struct said *more);

/* Whether any figure was found. */
bool said_is_set(const struct said *said);

#endif
