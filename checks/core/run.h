#ifndef CHECKS_CORE_RUN_H
#define CHECKS_CORE_RUN_H

#include "catalog/catalog.h"
#include "checks/core/check.h"

#include <stdint.h>

/*
 * Rules in, results out. A rule is one line of a profile bound to its check; judging it needs
 * nothing but facts and intent. Every rule gives exactly one result.
 */

/* When a service looks at the condition at all. An empty list is always. */
struct when {
	bool modes[MODE_COUNT], any_mode;
	bool scopes[SCOPE_COUNT], any_scope;
	/* The rule's endpoint, of a pair the target ("5.7": that series; ">=8.0"; "<5.6"). */
	const char *const *flavors;  /* NULL-terminated; empty is any */
	const char *const *versions; /* all must hold; empty is any */
};

struct rule {
	const char *profile; /* "tencent-dts" */
	const char *id;      /* "source.binlog-format" */
	const struct check *check;
	enum endpoint_id endpoint;  /* CHECK_ONE: asked about; CHECK_PAIR: ENDPOINT_SOURCE */
	const struct param *params; /* the last has no name */
	struct when when;
	const char *code; /* catalog id */
	/* Further codes and alerts of the same condition; a '*' stands for any characters
	 * ("oms:CONNECTOR-*"). NULL-terminated. */
	const char *const *also;
	/* Rules of the profile whose failure brings this one about: "oms.metadb", or with the object that
	 * must be among those that fail, "oms.programs-running:oms_drc_supervisor". NULL-terminated. */
	const char *const *follows;
	/* Where the condition comes from: "documented", "observed" (seen on an OMS), "inferred" (our
	 * reading). NULL where the profile does not say. */
	const char *basis;
	const char *node;    /* the one node of an OMS that is asked about, or NULL */
	enum level severity; /* never LEVEL_NONE */
	/* The profile's own words where the code's are too wide for the one condition; or NULLs. */
	struct both title, cause, fix;
	const char *sql;   /* the rule's or its plugin's own statement, or NULL */
	const char *query; /* name of its answer: "profile/rule", "plugin/check"; or NULL */
};

/* Whether the rule is about a catalog id: its code, or one of `also`. */
bool rule_raises(const struct rule *rule, const char *code);

/* Adds each fact that the rule needs or uses to `wanted`, by endpoint. */
void rule_wants(const struct rule *rule, bool wanted[ENDPOINT_COUNT][FACT_COUNT]);

enum status { STATUS_PASS, STATUS_FAIL, STATUS_SKIP, STATUS_UNKNOWN, STATUS_WAIVED, STATUS_COUNT };

/* "pass", "fail", "skip", "unknown", "waived". */
const char *status_name(enum status status);

struct object {
	const char *written; /* "shop.orders", "`a b`.`c`" */
};

struct result {
	const struct rule *rule;
	const char *code; /* catalog id: the rule's, or what somebody else reported */
	enum status status;
	enum status waived_from; /* of a waived result: what it would be */
	struct note reason;      /* of skip and unknown, and the waiver's reason */
	const char *blocked_by;  /* id of the rule that explains an unknown; or NULL */
	size_t evidence_count;
	const struct evidence *evidence;
	size_t object_count;
	const struct object *objects;
	uint64_t objects_total;
	const char *const *values; /* names and values for placeholders, NULL-terminated */
};

/* Who accepted what, until when. */
struct waiver {
	const char *rule;   /* glob of "rule" or "profile/rule" */
	const char *object; /* glob of the written object, or NULL for the whole rule */
	bool unknown;       /* covers `unknown` instead of failures */
	const char *reason, *owner;
	const char *expires; /* "2027-01-31", the last day it holds, UTC; or NULL */
	int64_t expires_ms;  /* end of that day; INT64_MAX where it does not expire */
	bool expired, used;  /* set by run_judge */
};

enum verdict { VERDICT_READY, VERDICT_BLOCKED, VERDICT_INCOMPLETE, VERDICT_INTERRUPTED };

/* "ready", "blocked", "incomplete", "interrupted". */
const char *verdict_name(enum verdict verdict);

struct summary {
	size_t planned;
	size_t by_status[STATUS_COUNT]; /* adds up to planned */
};

/* Judges every rule, in their order, then applies the waivers. `now_ms` is today for waivers. */
struct result *run_judge(struct arena *arena, const struct rule *const *rules, size_t count,
                         const struct facts *facts, const struct intent *intent,
                         struct waiver *waivers, size_t waiver_count, int64_t now_ms);

/* Counts the results of one profile, or of all where `profile` is NULL. */
struct summary run_summary(const struct result *results, size_t count, const char *profile);

/* blocked: something at or above fail_on fails; incomplete: nothing does, and something at or above
 * it is unknown; else ready. */
enum verdict run_verdict(const struct result *results, size_t count, const char *profile,
                         enum level fail_on);

#endif
