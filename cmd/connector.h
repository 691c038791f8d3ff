#ifndef CMD_CONNECTOR_H
#define CMD_CONNECTOR_H

#include "cmd/command.h"
#include "cmd/connector_request.h"
#include "cmd/connector_steps.h"
#include "cmd/render/connector.h"
#include "profiles/plan.h"

/* What the files of `migdoctor connector` share; nobody else includes this. */

#define CONNECTOR_STEPS 3
#define CONNECTOR_NOTICES 4

struct connector_verb;

/* Everything of one `migdoctor connector`, in the order in which it comes about. */
struct connector_run {
	struct arena *arena;
	const struct options *options;
	struct error *error;
	enum lang lang;

	const struct connector_verb *verb;
	struct connector_name name;
	struct plan *plan;               /* an empty one without a file */
	struct http_service cm, console; /* without a URL: not named */
	unsigned timeout_seconds;
	int interrupt_fd;

	/* What the verb's own options say. */
	size_t setting_count;
	struct connector_setting *settings;
	int64_t time; /* --to; 0: not given */
	size_t first; /* --from: the step that comes first */
	const char *const *subtopics;

	size_t count;
	struct connector_step steps[CONNECTOR_STEPS];
	size_t notice_count;
	const char *notices[CONNECTOR_NOTICES + 1];
	bool output_failed;
	struct render_options draw;
};

struct connector_verb {
	const char *name;
	const char *takes; /* its options, as a message names them; NULL: none */
	enum option_id own[4];
	size_t own_count;
	bool pulls_back;                                /* it has several steps, and --from */
	int (*read)(struct connector_run *run);         /* NULL: there is nothing to read */
	void (*build)(struct connector_run *run);       /* makes the steps */
	struct note (*says)(struct connector_run *run); /* what it is about to do */
};

/* The verb of a word, or NULL; and the words, NULL-terminated. */
const struct connector_verb *connector_verb_find(const char *word);
const char *const *connector_verb_words(struct arena *arena);

/* Whether the option is one of the verb's own. */
bool connector_verb_takes(const struct connector_verb *verb, enum option_id id);

/* "stop", "update", "resume": the steps of a pullback, as --from names them. */
extern const char *const connector_pullback_steps[CONNECTOR_STEPS];

/* "a, b" */
const char *connector_joined(struct arena *arena, const char *const *words);

/* Says in the report which steps took effect, and how to go on, where not all did. */
void connector_conclude(struct connector_run *run, struct connector_report *report);

int connector_exit_status(const struct connector_run *run);

#endif
