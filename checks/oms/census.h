#ifndef CHECKS_OMS_CENSUS_H
#define CHECKS_OMS_CENSUS_H

#include "checks/core/check.h"

/* The projects that the console told of, each with its steps and components. */

/* Ends a chain of rows. */
#define CENSUS_END SIZE_MAX

struct project {
	const char *id, *name, *type, *status; /* what the console does not say is NULL */
	size_t first_step, first_component;    /* rows, or CENSUS_END */
};

struct census {
	size_t count;
	const struct project *projects; /* in the console's order; those it did not list are last */
	const struct rows *steps, *components; /* empty where they are not known */
	/* The row of the same project that comes after a row, or CENSUS_END. */
	const size_t *next_step, *next_component;
};

/* A check that calls it uses FACT_console_projects, _steps and _components, or leaves out those
 * that it does not look at. */
const struct census *census_read(const struct check_input *in);

/* The rows of a fact; none where it is not known. */
const struct rows *rows_known(const struct fact_rows *fact);

/* Leaves the rule without a verdict, unless it fails, where not all rows of a fact were gathered: what
 * was not looked at may be ill. */
void finding_partial(const struct check_input *in, struct finding *finding, enum fact_id id);

/* Whether the project is one of those that `diagnose` asks about. The parameters asked_migration
 * and asked_sync of the rule list the alerts that speak of one type alone. */
bool project_is_asked(const struct check_input *in, const struct project *project);

/* "np_4w3a (orders)". */
const char *project_written(struct arena *arena, const struct project *project);

/* A cell that is there and not empty, or NULL. */
const char *cell_text(const struct rows *rows, size_t row, const char *column);

/* The port in a Store's name "10.0.0.3-7100:p_1_source-000-0:0000000007", its subtopic; NULL
 * where the name is not so. */
const char *store_port(struct arena *arena, const char *name);
const char *store_subtopic(struct arena *arena, const char *name);

/* Whether a component of this kind (see facts.def) is a Store. */
bool kind_is_store(const char *kind);

/* Whether a component's name can stand in a command as it is: what a server says is not pasted
 * into a shell with what would end a word there. */
bool name_is_plain(const char *name);

/* The log of a component: the parameters store_log and run_log of the rule, whose {name} and {port}
 * are filled; NULL where the component has no plain name. */
const char *component_log(const struct check_input *in, size_t row);

#endif
