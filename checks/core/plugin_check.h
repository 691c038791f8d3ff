#ifndef CHECKS_CORE_PLUGIN_CHECK_H
#define CHECKS_CORE_PLUGIN_CHECK_H

#include "checks/core/check.h"
#include "checks/core/plugin.h"

struct error;

/* What stands behind a check that an external plugin brought. */
struct plugin_check {
	const struct migdoctor_check *from;
	struct both title;
	const char *query; /* "plugin/check", the name of its answer */
};

/* Opens the shared object and finds what it exports. NULL and *error where it is refused; what its
 * checks say is not yet looked at beyond being complete. */
const struct migdoctor_plugin *plugin_open(struct arena *arena, const char *path,
                                           struct error *error);

/* A plugin's check as one of ours. */
const struct check *plugin_check_new(struct arena *arena, const struct migdoctor_plugin *plugin,
                                     const struct migdoctor_check *from);

/* Runs the judge of a plugin's check on the rows of its answer. */
void plugin_judge(const struct check *check, const struct check_input *in, struct finding *finding);

#endif
