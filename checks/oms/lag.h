#ifndef CHECKS_OMS_LAG_H
#define CHECKS_OMS_LAG_H

#include "checks/oms/census.h"
#include "checks/oms/moment.h"
#include "checks/oms/tally.h"

/* How far something is behind, and which of a rule's thresholds that passes. */

/* The parameter thresholds: a list of NAME=SECONDS, in any order. */
#define LAG_PARAMS                                                                      \
	{ "thresholds", PARAM_TEXTS, true }, { "live", PARAM_TEXTS, true },             \
		{ "store_log", PARAM_TEXTS, false }, { "run_log", PARAM_TEXTS, false }, \
		{ "asked_migration", PARAM_TEXTS, false },                              \
	{                                                                               \
		"asked_sync", PARAM_TEXTS, false                                        \
	}

/* Whole seconds of a number that may have decimals; what is below 0 is 0. False for anything
 * else. */
bool lag_read(const char *text, int64_t *ret);

/* "HIGH (30 s), MEDIUM (300 s)": the thresholds that are passed; NULL where none is. */
const char *lag_passed(const struct check_input *in, int64_t seconds);

/* The smallest threshold, in seconds, as a text. */
const char *lag_allowed(const struct check_input *in);

/* Whether a project's lag counts: it runs, and is asked about. */
bool lag_counts(const struct check_input *in, const struct project *project);

/* Reports a component that is behind. */
void lag_fail(const struct check_input *in, struct tally *tally, const struct project *project,
              size_t row, int64_t seconds, struct note actual);

#endif
