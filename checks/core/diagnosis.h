#ifndef CHECKS_CORE_DIAGNOSIS_H
#define CHECKS_CORE_DIAGNOSIS_H

#include "checks/core/run.h"

/*
 * From results to the causes of codes. A rule that raises a code is a possible cause of it: failing
 * it confirms the cause, passing rules it out, unknown leaves it open. A rule that does not apply is
 * no cause here. A waiver accepts a cause and does not undo it.
 */

enum cause_verdict { CAUSE_CONFIRMED, CAUSE_RULED_OUT, CAUSE_NOT_KNOWN, CAUSE_VERDICT_COUNT };

/* "confirmed", "ruled-out", "not-known". */
const char *cause_verdict_name(enum cause_verdict verdict);

struct cause {
	const struct result *result;
	enum cause_verdict verdict;
	const char *node; /* the one node of the OMS that it is about, or NULL */
	/* Its rule raises one of the codes. Otherwise it is there because it brought a confirmed cause
	 * about, or hides one that is not known. */
	bool is_asked;
	const struct cause *consequence_of; /* the confirmed cause that brought it about, or NULL */
	unsigned depth;                     /* how many of those stand above it */
	const char *blocked_by; /* of what is not known: id of the rule that hides it, or NULL */
};

/* Confirmed causes first, each followed by what follows from it, then those not known, then those
 * ruled out; within that in the order of the results. */
struct diagnosis {
	size_t count;
	const struct cause *causes;
	size_t by_verdict[CAUSE_VERDICT_COUNT]; /* of those that were asked about */
	/* The answer: confirmed if any is, ruled out if there are some and all are, else not known. */
	enum cause_verdict verdict;
};

/* The rules of `all` that it takes to diagnose `codes` (NULL-terminated catalog ids), in their order:
 * those that raise one, those whose failure explains why another cannot be judged, and what all of
 * them follow. Returns how many. */
size_t diagnosis_rules(struct arena *arena, const struct rule *const *all, size_t count,
                       const char *const *codes, const struct rule *const **ret);

/* The rules with those of each node made one a node; `nodes` is NULL-terminated. With fewer than two
 * nodes they stay as they are. Returns how many. */
size_t diagnosis_spread(struct arena *arena, const struct rule *const *rules, size_t count,
                        const char *const *nodes, const struct rule *const **ret);

/* What the results say of the codes. The results must live as long as the diagnosis. */
struct diagnosis *diagnosis_make(struct arena *arena, const struct result *results, size_t count,
                                 const char *const *codes);

#endif
