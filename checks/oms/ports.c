#include "checks/oms/oms.h"

static bool is_running(const struct check_input *in, const char *program)
{
	const struct rows *programs = oms_seen(in, FACT_supervisord_programs);
	const char *state;
	size_t row;

	if (!oms_row(programs, "name", program, &row))
		return false;
	state = rows_get(programs, row, "statename");
	return state && words_have(param_texts(in, "accept"), state);
}

/* `wanted` is a program, its port, and the key of config.yaml by which the port may be another. */
static void judge_port(const struct check_input *in, struct finding *finding, const char *wanted)
{
	const struct rows *ports = oms_seen(in, FACT_host_ports);
	const char *program = oms_word(in->arena, wanted, 0);
	const char *port = oms_word(in->arena, wanted, 1), *key = oms_word(in->arena, wanted, 2);
	const char *listened;
	size_t row;

	if (key && oms_config(in, key))
		port = oms_config(in, key);
	if (!port || !is_running(in, program) || oms_row(ports, "port", port, &row))
		return;
	listened = oms_column(in->arena, ports, "port");
	finding_fail(finding, (struct evidence){
				      .what = program,
				      .expected = NOTE(TEXT_check_oms_listens, port),
				      .actual = *listened ? NOTE(TEXT_check_oms_listening, listened)
	                                                  : NOTE(TEXT_check_oms_none),
				      .from = oms_from(in, FACT_host_ports) });
	finding_thing(finding, program);
	finding_value(finding, "program", program);
	finding_value(finding, "port", port);
}

static void judge(const struct check_input *in, struct finding *finding)
{
	for (const char *const *wanted = param_texts(in, "ports"); *wanted; wanted++)
		judge_port(in, finding, *wanted);
}

const struct check check_oms_ports = {
	.id = "oms.ports",
	.on = CHECK_OMS,
	.needs = FACTS(FACT_host_ports, FACT_supervisord_programs),
	.uses = FACTS(FACT_host_config),
	.params = PARAMS({ "ports", PARAM_TEXTS, true }, { "accept", PARAM_TEXTS, true }),
	.judge = judge,
};
