#ifndef CHECKS_CONNECTION_CONNECTION_H
#define CHECKS_CONNECTION_CONNECTION_H

#include "checks/core/check.h"

/* The two halves of "can it be used": that there is a connection, and that every group of facts
 * was answered. Checks of a service call them before they look at what it answered. */

/* Fails, or is unknown, where the endpoint could not be signed in to. Fills {address}, {error},
 * {what} and {next}. */
void connection_judge_reached(const struct check_input *in, struct finding *finding);

/* Fails for each group of the endpoint that was asked for and not answered, those left out that the
 * parameter `spare` names: what they tell is not what the service needs. Fills the same. */
void connection_judge_groups(const struct check_input *in, struct finding *finding);

/* Whether there is nothing to say yet: a connection, and of this group an answer. Else says what
 * is wrong. */
bool connection_answers(const struct check_input *in, enum group_id group, struct finding *finding);

/* Fails because the service answers that it is ill: by its HTTP status, or in `words`. Fills the
 * same. */
void connection_is_ill(const struct check_input *in, struct finding *finding, const char *words);

/* What an operator does next about a failure, by the kind of the endpoint. */
struct note connection_next(const struct check_input *in, const struct group_status *status);

#endif
