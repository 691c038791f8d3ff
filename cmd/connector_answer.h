#ifndef CMD_CONNECTOR_ANSWER_H
#define CMD_CONNECTOR_ANSWER_H

#include "catalog/catalog.h"
#include "checks/probe/http.h"

/* What CM made of a request. */
enum connector_outcome {
	OUTCOME_NOT_SENT,
	OUTCOME_DONE,    /* the answer says isSuccess: true */
	OUTCOME_REFUSED, /* an answer that does not, or no connection: nothing reached CM */
	OUTCOME_UNKNOWN, /* the request may have reached CM, and no answer of CM came back */
};

/* CM's answer to a write. What CM said is as it came, untrusted; what it lacks is NULL. */
struct connector_answer {
	enum connector_outcome outcome;
	long status;        /* of HTTP; 0 where no answer came */
	const char *result; /* the name that CM gives back */
	const char *code, *message, *detail;
	bool is_envelope;  /* it is CM's own answer: an object with a boolean isSuccess */
	bool says_retry;   /* retryable: true */
	bool says_never;   /* retryable: false */
	struct note why;   /* where the outcome is not done */
	bool is_explained; /* `entry` is the catalog's of a code in the answer */
	struct catalog_entry entry;
};

/* Judges an answer. Nothing but a literal true in isSuccess is success. */
struct connector_answer connector_answer_read(struct arena *arena, const struct http_reply *reply);

/* Whether the request may have taken effect though the outcome is not done: no answer came, or none
 * in which CM itself refuses. */
bool connector_answer_is_uncertain(const struct connector_answer *answer);

/* What no answer means: `sent` says whether some of the request may have gone out. */
struct connector_answer connector_answer_missing(struct arena *arena,
                                                 const struct group_status *why, bool sent);

#endif
