#include "cmd/connector_steps.h"

#include "catalog/base/arena.h"
#include "catalog/base/clock.h"
#include "catalog/base/str.h"
#include "cmd/connector_look.h"
#include "cmd/interrupt.h"
#include "cmd/render/term.h"

#include <poll.h>

/* Between two looks, or two tries. */
#define PAUSE_MS 2000
/* A console that says nothing must not use up the time of the steps, */
#define LOOK_MS 10000
/* nor hold the user for long once that is over. */
#define LAST_LOOK_MS 3000
/* How long a console that goes on showing a running connector is believed: it may lag, and CM itself
 * refuses the update of a connector that runs. */
#define LAG_MS 10000
#define ANSWER_BYTES (1 << 20)

static void add_note(struct connector_step *step, struct note note)
{
	if (step->note_count < STEP_NOTES)
		step->notes[step->note_count++] = note;
}

/* False where no time is left for another try, or a signal came. */
static bool pause_a_while(const struct connector_work *work)
{
	struct pollfd interrupt = { .fd = work->interrupt_fd, .events = POLLIN };
	int64_t left = work->deadline_ms - clock_monotonic_ms();

	if (left <= PAUSE_MS)
		return false;
	term_progress(stderr, work->waiting);
	poll(&interrupt, 1, PAUSE_MS);
	term_progress_end(stderr);
	return !interrupt_signal();
}

/* --- the request ------------------------------------------------------------------------------ */

/* Not to be cancelled: what a request that is cut off has done would not be known. */
static void ask(const struct connector_work *work, struct connector_step *step)
{
	struct budget budget = { .deadline_ms = work->deadline_ms,
		                 .byte_cap = ANSWER_BYTES,
		                 .cancel_fd = -1 };
	struct http_reply reply = { 0 };
	struct group_status why = { 0 };

	step->asked++;
	if (http_ask(work->arena, work->cm, &step->request, &budget, &reply, &why))
		step->answer = connector_answer_read(work->arena, &reply);
	else
		step->answer = connector_answer_missing(work->arena, &why, reply.sent);
}

static bool may_be_asked_again(const struct connector_step *step)
{
	const struct connector_answer *answer = &step->answer;

	if (answer->outcome != OUTCOME_REFUSED || !answer->is_envelope || answer->says_never)
		return false;
	return step->waits || answer->says_retry;
}

static void ask_until_taken(const struct connector_work *work, struct connector_step *step)
{
	ask(work, step);
	while (may_be_asked_again(step) && pause_a_while(work))
		ask(work, step);
	if (step->asked > 1)
		add_note(step, NOTE(TEXT_connector_asked_often,
		                    arena_printf(work->arena, "%u", step->asked)));
}

/* --- afterwards ------------------------------------------------------------------------------- */

static struct connector_look look(const struct connector_work *work, int64_t within_ms)
{
	struct budget budget = { .deadline_ms = clock_monotonic_ms() + within_ms,
		                 .byte_cap = CONNECTOR_LOOK_BYTES,
		                 .cancel_fd = work->interrupt_fd };

	return connector_look_at_console(work->arena, work->console, work->name->project,
	                                 work->name->text, &budget);
}

static void say_what_is_seen(struct connector_step *step, const struct connector_look *seen)
{
	if (!seen->found || !seen->status)
		add_note(step, NOTE(TEXT_connector_state_unseen));
	else if (connector_is_running(seen->status))
		add_note(step, NOTE(TEXT_connector_state_running, seen->status));
	else
		add_note(step, NOTE(TEXT_connector_state_stopped, seen->status));
	if (!seen->found)
		add_note(step, seen->why);
}

static bool shows_running(const struct connector_look *seen)
{
	return seen->found && seen->status && connector_is_running(seen->status);
}

static int64_t time_to_look(const struct connector_work *work)
{
	int64_t left = work->deadline_ms - clock_monotonic_ms();

	if (left > LOOK_MS)
		return LOOK_MS;
	return left > LAST_LOOK_MS ? left : LAST_LOOK_MS;
}

static void look_afterwards(const struct connector_work *work, struct connector_step *step)
{
	int64_t patient_until = clock_monotonic_ms() + LAG_MS;
	struct connector_look seen;

	if (step->look == LOOK_NEVER)
		return;
	if (!work->console || !work->name->project) {
		add_note(step, NOTE(TEXT_connector_state_unseen));
		return;
	}
	do
		seen = look(work, time_to_look(work));
	while (step->look == LOOK_UNTIL && shows_running(&seen) &&
	       clock_monotonic_ms() < patient_until && pause_a_while(work));
	say_what_is_seen(step, &seen);
	if (step->look == LOOK_UNTIL && shows_running(&seen))
		add_note(step, NOTE(TEXT_connector_state_lags));
}

/* Another name is what a move is for, as long as it is the same task's. */
static void compare_names(const struct connector_work *work, struct connector_step *step)
{
	const char *result = step->answer.result, *asked = work->name->text;

	if (!step->renames) {
		if (result && !str_equal(result, asked))
			add_note(step, NOTE(TEXT_connector_other_name, result));
	} else if (!result) {
		add_note(step, NOTE(TEXT_connector_no_new_name));
	} else if (str_equal(result, asked)) {
		add_note(step, NOTE(TEXT_connector_same_name));
	} else {
		add_note(step, NOTE(TEXT_connector_new_name, result));
		if (!connector_names_are_kin(work->arena, asked, result))
			add_note(step, NOTE(TEXT_connector_no_kin));
	}
}

/* What the console shows is how to find out what a request without an answer has done. */
static void look_after_silence(const struct connector_work *work, struct connector_step *step)
{
	struct connector_look seen;

	if (!work->console || !work->name->project || interrupt_signal())
		return;
	seen = look(work, LAST_LOOK_MS);
	if (seen.found && seen.status)
		say_what_is_seen(step, &seen);
	else
		add_note(step, seen.why);
}

bool connector_step_run(const struct connector_work *work, struct connector_step *step)
{
	ask_until_taken(work, step);
	if (step->answer.outcome == OUTCOME_UNKNOWN)
		look_after_silence(work, step);
	if (step->answer.outcome != OUTCOME_DONE)
		return false;
	compare_names(work, step);
	look_afterwards(work, step);
	return true;
}
