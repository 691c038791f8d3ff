#ifndef CHECKS_CORE_WORDING_H
#define CHECKS_CORE_WORDING_H

#include "checks/core/check.h"

/* What several checks say alike. As pure as the checks that call it. */

/* "ERROR 1227 (42000): Access denied; ...", as the mysql client prints it; the name of the failure
 * where neither server nor library had words for it. */
const char *failure_wording(struct arena *arena, const struct group_status *status);

/* A text, number or flag of an endpoint as one word: a flag is ON or OFF however the server printed
 * it. NULL where the fact is not known, is SQL's NULL, or is rows. */
const char *fact_wording(const struct endpoint_facts *endpoint, enum fact_id id);

/* A value as it is typed in a statement: digits as they are, ON and OFF bare, all else in quotes
 * with what would end them doubled. What a server says is never pasted into SQL as it stands. */
const char *fact_literal(struct arena *arena, const char *value);

/* The evidence about a fact of one side of a pair: as fact_evidence, named "source.gtid_mode". */
struct evidence fact_side_evidence(const struct check_input *in, enum endpoint_id side,
                                   enum fact_id id, struct note expected);

/* Fills the placeholders {NAME.en} and {NAME.zh} with a sentence, for texts of profiles that leave
 * to the check what depends on the failure or the version. */
void finding_sentence(const struct check_input *in, struct finding *finding, const char *name,
                      struct note sentence);

#endif
