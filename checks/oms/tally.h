#ifndef CHECKS_OMS_TALLY_H
#define CHECKS_OMS_TALLY_H

#include "checks/core/check.h"

/* Evidence of offenders that there may be thousands of: the first ones are shown, the others
 * counted. Begins zeroed but for the finding. */
struct tally {
	struct finding *finding;
	size_t shown, more, things;
	const char *thing;
};

/* `thing` is what offends (a project, a subtopic, a host); evidence about one follows one
 * another. */
void tally_fail(struct tally *tally, const char *thing, struct evidence evidence);

/* Says how many more there were. Call it last. */
void tally_end(const struct tally *tally, struct arena *arena);

#endif
