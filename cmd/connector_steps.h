#ifndef CMD_CONNECTOR_STEPS_H
#define CMD_CONNECTOR_STEPS_H

#include "cmd/connector_answer.h"
#include "cmd/connector_request.h"

/* What is looked at once a step is done. */
enum connector_look_when {
	LOOK_NEVER,
	LOOK_ONCE,  /* say what the console shows */
	LOOK_UNTIL, /* and wait some seconds until it shows no running connector */
};

#define STEP_NOTES 4

/* One request to CM, and what came of it. */
struct connector_step {
	const char *name; /* "stop" */
	struct http_request request;
	const char *url; /* of the request as a whole */
	const char *curl;
	enum connector_look_when look;
	bool renames; /* CM gives the connector another name */
	bool waits;   /* a refusal may be for want of time, until CM says that it is not */

	struct connector_answer answer;
	unsigned asked; /* how often it was sent */
	size_t note_count;
	struct note notes[STEP_NOTES]; /* what else there is to say of it */
	bool holds;                    /* it was done, and yet the next one must not follow */
};

/* The services and the time for all steps. */
struct connector_work {
	struct arena *arena;
	const struct connector_name *name;
	const struct http_service *cm;
	const struct http_service *console; /* NULL: none is known */
	int64_t deadline_ms;
	int interrupt_fd;
	const char *waiting; /* what the terminal shows meanwhile */
};

/* Carries a step out. False where no other may follow it. A request without an answer is never
 * repeated; the first signal lets the request that is under way end. */
bool connector_step_run(const struct connector_work *work, struct connector_step *step);

#endif
