#ifndef CMD_RUN_H
#define CMD_RUN_H

#include "checks/probe/gather.h"
#include "checks/probe/snapshot.h"
#include "cmd/command.h"
#include "cmd/render/render.h"
#include "cmd/render/term.h"
#include "profiles/plan.h"
#include "profiles/profile.h"

/*
 * What the commands that judge have in common: a plan and options are read, facts are gathered or
 * read back, and what was made of them is written in one or several formats. A command calls the
 * steps in the order in which they stand here; each returns -1 with the run's error set where the
 * user's input is wrong.
 */
struct run {
	struct arena *arena;
	const struct options *options;
	struct error *error;
	const char *const
		*formats; /* that the command can draw, NULL-terminated; the first is usual */
	bool knows_local; /* without a plan the command takes the OMS of this machine */

	struct plan *plan;
	struct snapshot *snapshot; /* --facts, or NULL */
	struct registry *registry;
	const char *const *profiles; /* as chosen: names or paths */
	const char *const *names;    /* of the profiles themselves */
	struct both *titles;
	size_t rule_count;
	const struct rule *const
		*rules; /* all of the profiles, until the command takes some away */
	unsigned timeout_seconds;
	const char *format;
	enum colour_when colour;

	struct gather_request request;
	struct gather_cost cost;
	struct facts *facts;
	struct intent intent;
	int64_t started_ms;
	size_t notice_count;
	const struct note *notices;
};

/* --timeout, --format, --json, --color. Starts the clock. */
int run_read_options(struct run *run);

/* The plan, if `words` has one, with the options laid over it; then --facts and --mode. */
int run_read_plan(struct run *run, const char *const *words, size_t word_count);

/* Plugins of plan and options. */
int run_load_plugins(struct run *run);

/* Reads the profiles of these names or paths, which must all have different names. */
int run_read_profiles(struct run *run, const char *const *profiles);

/* Prepares the asking of what run->rules want; with --facts takes the facts of the file. */
int run_prepare(struct run *run);

/* --dry-run: prints what would be asked. Returns the exit status. */
int run_describe(struct run *run);

/* Asks, unless facts were read; saves them where --save-facts says. */
int run_gather(struct run *run);

/* The snapshot of the facts, as --save-facts writes it. */
void run_snapshot(struct run *run, struct str *out);

/* Fills run->notices with what the user should know beside results. Called after judging, which
 * marks the waivers that were of use; one that was of none is told of where all rules were judged. */
void run_collect_notices(struct run *run, bool all_rules);

/* Draws in one of run->formats. */
typedef void run_draw(const void *data, const char *format, const struct render_options *options,
                      struct str *out);

/* Writes what `draw` makes of `data` to standard output, and to each --output. */
int run_write(struct run *run, run_draw *draw, const void *data);

/* The end of a run that has reached run_gather(). Does not come back where a thread is still held by
 * a name look-up: it uses the run's memory, which main would free under it. */
int run_end(struct run *run, int status);

/* How many texts a NULL-terminated list has; 0 for NULL. */
size_t run_count(const char *const *texts);

#endif
