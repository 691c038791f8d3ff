#ifndef CHECKS_OMS_HEARTBEAT_H
#define CHECKS_OMS_HEARTBEAT_H

#include "checks/core/check.h"

/* What a row of heart_beat tells by its age, which the MetaDB reckoned. */
enum beat {
	BEAT_NONE, /* no row, or one without a time */
	BEAT_FRESH,
	BEAT_OLD,
	BEAT_SHIFTED, /* as old as another time zone would make a living one */
	BEAT_FUTURE,  /* written at a time that has not come yet */
};

struct heartbeat {
	enum beat beat;
	const char *host;     /* host_ip; NULL where the row has none */
	const char *modified; /* gmt_modified as it was read, or NULL */
	long long age;        /* seconds */
};

/* What both checks take: which rows (task_type), from which age on a host counts as down where
 * ha.config does not say (limit), and how near to a whole number of `step` seconds an age is that
 * a time zone may have made (shift_tolerance). */
#define HEARTBEAT_PARAMS                                                    \
	{ "task_type", PARAM_TEXT, true }, { "limit", PARAM_NUMBER, true }, \
		{ "step", PARAM_NUMBER, true },                             \
	{                                                                   \
		"shift_tolerance", PARAM_NUMBER, true                       \
	}

/* The limit that holds: that of ha.config where it has one. */
long long heartbeat_limit(const struct check_input *in);

/* The heartbeat of a row; BEAT_NONE where it is one of another kind. */
struct heartbeat heartbeat_at(const struct check_input *in, size_t row);

/* The youngest heartbeat of a host. */
struct heartbeat heartbeat_of(const struct check_input *in, const char *host);

/* "3603 s (2022-08-01 09:13:17)". */
const char *heartbeat_text(const struct check_input *in, const struct heartbeat *heartbeat);

#endif
