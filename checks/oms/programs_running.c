#include "checks/oms/oms.h"

/* What to do depends on the state that supervisord gives a program. */
static const struct {
	const char *state;
	enum text_id next;
} nexts[] = {
	{ "STARTING", TEXT_check_oms_program_starting },
	{ "STOPPED", TEXT_check_oms_program_stopped },
	{ "STOPPING", TEXT_check_oms_program_stopped },
	{ NULL, TEXT_check_oms_program_ended },
};

static struct note next_of(const char *state, const char *program, const char *log)
{
	size_t i = 0;

	if (!state)
		return NOTE(TEXT_check_oms_program_unknown_next, program);
	while (nexts[i].state && !str_equal_nocase(nexts[i].state, state))
		i++;
	return NOTE(nexts[i].next, program, log);
}

/* "FATAL, exit status 1: Exited too quickly (process log may have details)". */
static struct note state_of(const struct check_input *in, const struct rows *programs, size_t row)
{
	const char *exit = rows_get(programs, row, "exitstatus");
	const char *why = rows_get(programs, row, "spawnerr");
	struct str text = str_new(in->arena);

	str_add(&text, rows_get(programs, row, "statename"));
	if (exit && *exit && !str_equal(exit, "0"))
		str_addf(&text, ", exit status %s", exit);
	if (!why || !*why)
		why = rows_get(programs, row, "description");
	if (why && *why)
		str_addf(&text, ": %s", why);
	return VERBATIM(text.text);
}

/* Judges the program that `wanted` names ("nginx /home/admin/logs/oms_nginx_stderr.log"). Returns
 * its evidence, and its state: NULL where supervisord has no such program. */
static struct evidence look(const struct check_input *in, const struct rows *programs,
                            const char *name, const char **ret_state)
{
	size_t row;
	bool found = oms_row(programs, "name", name, &row);

	*ret_state = found ? rows_get(programs, row, "statename") : NULL;
	return (struct evidence){ .what = name,
		                  .expected = note_one_of(in->arena, param_texts(in, "accept")),
		                  .actual = *ret_state ? state_of(in, programs, row)
		                                       : NOTE(TEXT_check_oms_program_unknown),
		                  .from = oms_from(in, FACT_supervisord_programs) };
}

static void judge(const struct check_input *in, struct finding *finding)
{
	const struct rows *programs = oms_seen(in, FACT_supervisord_programs);
	const char *const *accept = param_texts(in, "accept");
	struct str failing = str_new(in->arena), logs = str_new(in->arena);
	const char *state;

	for (const char *const *wanted = param_texts(in, "programs"); *wanted; wanted++) {
		const char *name = oms_word(in->arena, *wanted, 0);
		const char *log = oms_word(in->arena, *wanted, 1);
		struct evidence evidence = look(in, programs, name, &state);

		if (state && words_have(accept, state))
			continue;
		finding_fail(finding, evidence);
		finding_thing(finding, name);
		if (!failing.length)
			finding_sentence(in, finding, "next", next_of(state, name, log));
		str_addf(&failing, "%s%s", failing.length ? " " : "", name);
		str_addf(&logs, "%s%s", logs.length ? " " : "", log ? log : "");
	}
	for (const char *const *name = param_texts(in, "mention"); *name; name++) {
		struct evidence evidence = look(in, programs, *name, &state);

		if (state && !words_have(accept, state))
			finding_context(finding, evidence);
	}
	finding_value(finding, "programs", failing.text);
	finding_value(finding, "logs", logs.text);
}

/* STARTING counts as failing, too: who asks has trouble already, and a program that stays there
 * has a reason of its own. */
const struct check check_oms_programs_running = {
	.id = "oms.programs-running",
	.on = CHECK_OMS,
	.needs = FACTS(FACT_supervisord_programs),
	.params = PARAMS({ "programs", PARAM_TEXTS, true }, { "accept", PARAM_TEXTS, true },
	                 { "mention", PARAM_TEXTS, false }),
	.judge = judge,
};
