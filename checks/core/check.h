#ifndef CHECKS_CORE_CHECK_H
#define CHECKS_CORE_CHECK_H

#include "catalog/text.h"
#include "checks/core/facts.h"
#include "checks/core/objects.h"

/*
 * What a check is: a pure function that judges one condition. It gets facts and parameters and
 * reports evidence. It has no I/O, no clock, no memory of its own and no static state; ci/purity
 * holds its object file to a list of symbols. It cannot say "pass": reporting nothing is passing,
 * and before it runs the runner has turned missing facts into `unknown`.
 */

struct arena;
struct finding;
struct plugin_check;

enum mode { MODE_ONLINE, MODE_OFFLINE, MODE_BACKUP, MODE_COUNT };

/* What the plan says of an OMS that no endpoint can be asked for. */
struct oms_intent {
	const char *host_ip; /* the real address of the host that migdoctor runs on, or NULL */
	int64_t checkpoint;  /* the Writer's, Unix seconds; 0: not said */
	const char *const *stores;   /* names of Stores to look at; NULL-terminated, or NULL */
	const char *const *projects; /* ids of projects to look at; NULL-terminated, or NULL: all */
};

/* Figures that stand in a pasted alert, log line or answer: evidence, too. What it does not say is
 * NULL; numbers are as it printed them. */
struct said {
	const char *words; /* the line */
	const char *host;
	const char *resource; /* "cpu", "memory" or "disk" */
	const char *used, *limit;
	const char *subtopic;
	const char *checkpoint;
};

/* What the user means to do; judged with the facts, saved with them (`said` and `asked` apart, which
 * belong to one question). */
struct intent {
	enum mode mode;
	struct objects objects;
	bool strict; /* a fact that only the plan can state and does not: unknown, not skip */
	struct oms_intent oms;
	struct said said;
	/* The catalog ids that `diagnose` was asked about, NULL-terminated; NULL for `check`. A check
	 * that finds what somebody else reported counts these alone. */
	const char *const *asked;
};

const char *mode_name(enum mode mode); /* "online", "offline", "backup" */
bool mode_find(const char *name, enum mode *ret);

/* The parameters that a profile may give a check (`with:`). */
enum param_type {
	PARAM_TEXT,
	PARAM_TEXTS, /* a scalar or a list of scalars */
	PARAM_NUMBER,
	PARAM_FACT,  /* the name of a fact; the rule then needs that fact, too */
	PARAM_QUERY, /* SQL of the profile's own, run on the rule's endpoint */
};

struct param_info {
	const char *name; /* NULL ends the list */
	enum param_type type;
	bool required;
};

struct param {
	const char *name;
	const char *const *texts; /* NULL-terminated; a single text is texts[0] */
	long long number;
	enum fact_id fact;
};

/* What a check is asked about. */
enum check_on {
	CHECK_ONE,  /* one endpoint, which the rule names (`endpoint: source`) */
	CHECK_PAIR, /* source and target together */
	CHECK_OMS,  /* the endpoints of an OMS whose facts it names, each fact having one owner */
};

/* A check that reports what a probe could not do explains the rules that wait for it. Flags. */
enum {
	EXPLAINS_NOTHING = 0,
	EXPLAINS_CONNECT = 1, /* why the endpoint could not be signed in to */
	EXPLAINS_GROUPS = 2,  /* why some group of facts of a reached endpoint is missing */
	EXPLAINS_VIEW = 4,    /* why what an endpoint says of others does not hold */
};

struct check_input {
	struct arena *arena;                /* for what the finding says */
	const struct endpoint_facts *at;    /* the rule's endpoint; of a pair the source */
	const struct endpoint_facts *other; /* of a pair the target; else NULL */
	enum endpoint_id endpoint; /* which one `at` is; of CHECK_OMS that of its first fact */
	const struct facts *facts; /* all of them */
	/* Of a check that is `each_node`: the member of the OMS that is asked about, by its address; NULL
	 * is all of them. */
	const char *node;
	const struct intent *intent;
	const struct param *params;        /* as declared; the last has no name */
	const struct query_answer *answer; /* of the rule's own query, or NULL */
};

struct check {
	const char *id; /* "replication.binlog-format"; its title is in catalog/texts */
	enum check_on on;
	unsigned explains; /* EXPLAINS_... */
	bool each_node;    /* its condition is one of each node of an OMS: see in->node */
	/* Facts without which there is no verdict, on each endpoint the check is asked about, and
	 * facts that it looks at where they are known. Both end with FACT_COUNT; NULL is none. */
	const enum fact_id *needs;
	const enum fact_id *uses;
	const struct param_info *params; /* NULL is none */
	void (*judge)(const struct check_input *in, struct finding *finding);
	const struct plugin_check *plugin; /* of a check that a plugin brought, or NULL */
};

/* A list of facts for .needs and .uses: FACTS(FACT_mysql_log_bin, FACT_mysql_server_id). */
#define FACTS(...) ((const enum fact_id[]){ __VA_ARGS__, FACT_COUNT })
/* A list of parameters: PARAMS({ "accept", PARAM_TEXTS, true }). */
#define PARAMS(...) ((const struct param_info[]){ __VA_ARGS__, { 0 } })

/* A parameter by name. NULL where the rule did not give it. */
const struct param *param_find(const struct check_input *in, const char *name);

/* The texts of a parameter: NULL-terminated, empty where it was not given. */
const char *const *param_texts(const struct check_input *in, const char *name);

/* Whether `text` is one of the words, in any case. */
bool words_have(const char *const *words, const char *text);

/* --- what a check may say; in finding.c ------------------------------------------------ */

struct evidence {
	const char *what; /* the thing, as its product calls it: "binlog_format" */
	struct note expected;
	struct note actual;
	const char *from; /* the statement or place it was read from */
};

/* The condition is violated. May be called several times: one evidence each. */
void finding_fail(struct finding *finding, struct evidence evidence);

/* Evidence that fails nothing by itself: shown with a failure, a skip or an unknown. */
void finding_context(struct finding *finding, struct evidence evidence);

/* One object that offends; fails the rule. `table` may be NULL for a schema. */
void finding_object(struct finding *finding, const char *schema, const char *table);

/* One thing that offends and is no object of a database: a program, a host, a key. Written as it
 * stands; fails the rule. */
void finding_thing(struct finding *finding, const char *name);

/* How many objects offend in all, where not every one travelled. */
void finding_objects_total(struct finding *finding, uint64_t total);

/* The condition does not apply here. Nothing that failed before or after counts any more. */
void finding_skip(struct finding *finding, struct note reason);

/* The condition cannot be evaluated. Weaker than a failure, stronger than a skip. */
void finding_unknown(struct finding *finding, struct note reason);

/* What makes the condition unknown is what another check reports of the endpoint, one that `explains`
 * this; where that rule fails, it is named as the root. */
void finding_blocked(struct finding *finding, unsigned by, enum endpoint_id endpoint);

/* The code that somebody else reported: it takes the place of the rule's own. A catalog id; what the
 * catalog does not have is ignored. The first one stays. */
void finding_code(struct finding *finding, const char *code);

/* A value for a named placeholder ({schemaName}) of the texts of the rule's code. */
void finding_value(struct finding *finding, const char *name, const char *value);

/* The usual evidence about one fact: its own name and text, where it was read from, and what was
 * expected. An absent fact's text is "not there", in the reader's language. */
struct evidence fact_evidence(const struct endpoint_facts *endpoint, enum fact_id id,
                              struct note expected);

#endif
