#ifndef CHECKS_OMS_STORE_H
#define CHECKS_OMS_STORE_H

#include "checks/core/check.h"

/* The Stores of an OMS, by the subtopic that they read. CM says how each one is; the console,
 * where it is known, which of them a project needs and from what time on. */

enum store_life {
	STORE_SERVES,
	STORE_DEAD,     /* CM says so, and its view is current */
	STORE_OLD_VIEW, /* CM says that its view is not current: nothing else it says holds */
	STORE_UNTOLD,   /* CM did not say */
	STORE_LIFE_COUNT
};

struct store {
	const char *name;
	enum store_life life;
	const char *status, *error; /* as CM printed them, or NULL */
	bool has_range;
	int64_t begin, end;       /* Unix seconds */
	const struct store *next; /* of the same subtopic */
};

struct store_group {
	const char *subtopic;
	const struct store *first; /* NULL: CM told of none */
	size_t by_life[STORE_LIFE_COUNT];
	size_t told;     /* Stores of it that the console told of */
	bool needed;     /* a project reads from it that is not at rest */
	bool at_rest;    /* all projects that read from it are */
	bool has_writer; /* the console told of an Incr-Sync with a readable checkpoint */
	int64_t writer;  /* the earliest of those, Unix seconds */
};

struct store_groups {
	size_t count;
	const struct store_group *groups; /* those that are asked about */
	bool answered;                    /* CM's answers or the console's components are known */
};

/* What a check that calls stores_read uses: CM's answers, and these. */
#define STORE_USES                                                      \
	FACT_cm_stores, FACT_console_projects, FACT_console_components, \
		FACT_host_host_zone_seconds, FACT_metadb_zone_seconds
/* And the parameters that it looks at: the status of a Store that is well, and the statuses of
 * projects that need theirs. */
#define STORE_PARAMS                      \
	{ "well", PARAM_TEXTS, true },    \
	{                                 \
		"live", PARAM_TEXTS, true \
	}

/* The groups of a pasted line's subtopic alone, where it has one. */
const struct store_groups *stores_read(const struct check_input *in);

/* Whether there is any group to judge; if not, the finding says why. */
bool stores_are_there(const struct check_input *in, const struct store_groups *stores,
                      struct finding *finding);

/* As finding_partial for the Stores, save where a pasted line asks about one subtopic. */
void stores_partial(const struct check_input *in, struct finding *finding);

/* Whether the group is to be judged: not where every project of it rests, save that somebody
 * reported the error. */
bool group_counts(const struct check_input *in, const struct store_group *group);

/* Of a group none of whose Stores serves: whether what is known of them says that they are dead. */
bool group_is_dead(const struct store_group *group);

/* Says why nothing can be said of a group none of whose Stores serves. */
void group_unknown(const struct store_group *group, struct finding *finding);

/* The checkpoint that is wanted of a group: the pasted line's, the plan's or the console's. False
 * where none is known or it is no time; *ret_text is then what was written, or NULL. */
bool group_checkpoint(const struct check_input *in, const struct store_group *group, int64_t *ret,
                      const char **ret_text);

/* Fills {start_from} and {start_to}: ten and five minutes before the checkpoint; {keep}: the
 * seconds that a Store has to keep to reach back to there, in whole hours; {checkpoint};
 * {start.en} and {start.zh}: a start between those two. */
void finding_start(const struct check_input *in, struct finding *finding, int64_t checkpoint);

/* "2022-08-01T10:00:00+08:00 (1659319200) to ..."; NULL without a range. */
const char *store_range(const struct check_input *in, const struct store *store);

#endif
