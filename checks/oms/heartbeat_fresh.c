#include "checks/oms/heartbeat.h"

#include "checks/oms/oms.h"

/* Whether supervisord says that the program which writes the heartbeat does not run: an age that a
 * time zone may have made is then that of a dead one. Said of this machine alone. */
static bool writer_is_down(const struct check_input *in, const char *host)
{
	const struct rows *programs = oms_seen(in, FACT_supervisord_programs);
	const char *own = oms_own_address(in), *state;
	size_t row;

	if (!programs || (own && !str_equal(own, host)))
		return false;
	if (!oms_row(programs, "name", param_texts(in, "program")[0], &row))
		return true;
	state = rows_get(programs, row, "statename");
	return !state || !words_have(param_texts(in, "accept"), state);
}

static struct note expected(const struct check_input *in)
{
	bool known = in->facts->at[ENDPOINT_METADB].metadb.ha_down_seconds.is.state == FACT_KNOWN;

	return NOTE(known ? TEXT_check_oms_beat_within_ha : TEXT_check_oms_beat_within,
	            oms_seconds(in->arena, heartbeat_limit(in)));
}

/* Whether the node's heartbeat fails the rule. */
static bool judge_node(const struct check_input *in, struct finding *finding, const char *host)
{
	struct heartbeat heartbeat = heartbeat_of(in, host);
	bool doubtful = heartbeat.beat == BEAT_SHIFTED || heartbeat.beat == BEAT_FUTURE;
	const char *text = heartbeat_text(in, &heartbeat);

	if (heartbeat.beat == BEAT_FRESH)
		return false;
	if (doubtful && !writer_is_down(in, host)) {
		finding_unknown(finding,
		                NOTE(heartbeat.beat == BEAT_FUTURE ? TEXT_check_oms_beat_future
		                                                   : TEXT_check_oms_beat_shifted,
		                     host, text));
		return false;
	}
	finding_fail(finding,
	             (struct evidence){
			     .what = arena_printf(in->arena, "heart_beat of %s", host),
			     .expected = expected(in),
			     .actual = heartbeat.beat == BEAT_NONE ? NOTE(TEXT_check_oms_beat_none)
	                                                           : VERBATIM(text),
			     .from = oms_from(in, FACT_metadb_heartbeats),
		     });
	finding_thing(finding, host);
	finding_value(finding, "ip", host);
	finding_value(finding, "limit", arena_printf(in->arena, "%lld", heartbeat_limit(in)));
	finding_sentence(in, finding, "what",
	                 heartbeat.beat == BEAT_NONE
	                         ? NOTE(TEXT_check_oms_beat_what_none, host)
	                         : NOTE(TEXT_check_oms_beat_what_old, host, text));
	return true;
}

/* A heartbeat under an address that is none of the nodes explains why one of theirs is missing. */
static void mention_others(const struct check_input *in, struct finding *finding,
                           const char *const *nodes)
{
	const struct rows *rows = oms_seen(in, FACT_metadb_heartbeats);

	for (size_t i = 0; i < rows->count; i++) {
		struct heartbeat heartbeat = heartbeat_at(in, i);

		if (heartbeat.beat != BEAT_NONE && heartbeat.host &&
		    !words_have(nodes, heartbeat.host))
			finding_context(finding,
			                (struct evidence){
						.what = arena_printf(in->arena, "heart_beat of %s",
			                                             heartbeat.host),
						.expected = NOTE(TEXT_check_oms_beat_no_node),
						.actual = VERBATIM(heartbeat_text(in, &heartbeat)),
						.from = oms_from(in, FACT_metadb_heartbeats),
					});
	}
}

/* Whether anybody writes to that database at all. */
static void mention_sequence(const struct check_input *in, struct finding *finding)
{
	const struct rows *rows = oms_seen(in, FACT_metadb_sequence);
	const char *age = rows ? rows_get(rows, 0, "age") : NULL;

	if (age)
		finding_context(finding,
		                (struct evidence){ .what = "heatbeat_sequence",
		                                   .actual = NOTE(TEXT_check_oms_sequence_age, age),
		                                   .from = oms_from(in, FACT_metadb_sequence) });
}

static void judge(const struct check_input *in, struct finding *finding)
{
	const struct rows *rows = oms_seen(in, FACT_metadb_heartbeats);
	const char *const *nodes = oms_judged_nodes(in);
	bool failed = !*nodes && !rows->count;

	for (const char *const *node = nodes; *node; node++)
		failed |= judge_node(in, finding, *node);
	for (size_t i = 0; !*nodes && i < rows->count; i++)
		if (rows_get(rows, i, "host_ip"))
			failed |= judge_node(in, finding, rows_get(rows, i, "host_ip"));
	if (*nodes && !in->node)
		mention_others(in, finding, nodes);
	if (!*nodes && !rows->count)
		finding_fail(finding,
		             (struct evidence){ .what = "heart_beat",
		                                .expected = expected(in),
		                                .actual = NOTE(TEXT_check_oms_beat_none),
		                                .from = oms_from(in, FACT_metadb_heartbeats) });
	if (failed)
		mention_sequence(in, finding);
}

const struct check check_oms_heartbeat_fresh = {
	.id = "oms.heartbeat-fresh",
	.on = CHECK_OMS,
	.each_node = true,
	.needs = FACTS(FACT_metadb_heartbeats),
	.uses = FACTS(FACT_metadb_ha_down_seconds, FACT_metadb_hosts, FACT_metadb_sequence,
	              FACT_supervisord_programs, OMS_OWN_FACTS),
	.params = PARAMS(HEARTBEAT_PARAMS, { "program", PARAM_TEXT, true },
	                 { "accept", PARAM_TEXTS, true }),
	.judge = judge,
};
