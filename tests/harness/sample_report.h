#ifndef TESTS_HARNESS_SAMPLE_REPORT_H
#define TESTS_HARNESS_SAMPLE_REPORT_H

#include "cmd/render/render.h"

struct arena;

/* Reports built by hand, for every renderer's tests. */

/* Every status and severity, both kinds of root failure, names from hostile servers, Chinese. */
struct report sample_every(struct arena *arena);

/* The source could not be signed in to, and everything else waits for that. */
struct report sample_unreachable(struct arena *arena);

/* All rules pass or do not apply. */
struct report sample_ready(struct arena *arena);

/* A warning alone fails, and --fail-on is error. */
struct report sample_warning(struct arena *arena);

/* Nothing fails, one rule is unknown. */
struct report sample_incomplete(struct arena *arena);

/* Two profiles judged from one gathering; the same rule id stands in both. */
struct report sample_two_profiles(struct arena *arena);

/* Stopped by the user before there was any answer; no rules, no endpoint. */
struct report sample_interrupted(struct arena *arena);

#endif
