#ifndef CHECKS_OMS_USAGE_H
#define CHECKS_OMS_USAGE_H

#include "checks/core/check.h"

/* What CM places nothing on: a host of whose CPU, memory or disk too much is in use. */
struct usage {
	const char *resource; /* "cpu": as a pasted line's figures name it */
	enum fact_id fact;    /* rows of used, total and basis, of a disk also path */
	bool bytes;           /* the total counts bytes, not cores */
};

/* Which setting of CM holds the limit (key), and the limit where it is not set (limit). */
#define USAGE_PARAMS                      \
	{ "key", PARAM_TEXT, false },     \
	{                                 \
		"limit", PARAM_TEXT, true \
	}

/* Fails where a row's share is above the limit, and where a line that somebody pasted says so. */
void usage_judge(const struct check_input *in, const struct usage *usage, struct finding *finding);

/* A share as OMS prints it, "0.8573829", in billionths; "85.7%" is read, too. False where the text
 * is neither. */
bool usage_read(const char *text, long long *ret_billionths);

#endif
