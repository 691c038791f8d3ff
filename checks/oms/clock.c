#include "checks/oms/heartbeat.h"
#include "checks/oms/oms.h"

struct clocks {
	const struct metadb_facts *metadb;
	const struct host_facts *host; /* NULL where migdoctor does not run on the host */
	bool differ, fresh, shifted, old;
};

static void say(struct finding *finding, const struct check_input *in, struct clocks *clocks,
                struct note what)
{
	clocks->differ = true;
	finding_sentence(in, finding, "what", what);
}

/* How far the clocks stand apart is known to half a round trip. */
static void judge_clock(const struct check_input *in, struct clocks *clocks,
                        struct finding *finding)
{
	long long ahead = clocks->metadb->ahead_ms.value;
	long long doubt = clocks->metadb->round_trip_ms.is.state == FACT_KNOWN
	                          ? (clocks->metadb->round_trip_ms.value + 1) / 2
	                          : 0;
	long long tolerance = oms_number(in, "tolerance", 0) * 1000;
	const char *text = arena_printf(in->arena, "%+lld.%03lld s", ahead / 1000,
	                                (ahead < 0 ? -ahead : ahead) % 1000);

	if ((ahead < 0 ? -ahead : ahead) <= tolerance + doubt)
		return;
	finding_fail(finding,
	             (struct evidence){ .what = "NOW() - date",
	                                .expected = NOTE(TEXT_check_oms_clock_within,
	                                                 oms_seconds(in->arena, tolerance / 1000)),
	                                .actual = VERBATIM(text),
	                                .from = oms_from(in, FACT_metadb_ahead_ms) });
	say(finding, in, clocks, NOTE(TEXT_check_oms_clock_apart, text));
}

static const char *zone(const struct check_input *in, long long seconds)
{
	long long minutes = (seconds < 0 ? -seconds : seconds) / 60;

	return arena_printf(in->arena, "%c%02lld:%02lld", seconds < 0 ? '-' : '+', minutes / 60,
	                    minutes % 60);
}

static void judge_zone(const struct check_input *in, struct clocks *clocks, struct finding *finding)
{
	const char *metadb = zone(in, clocks->metadb->zone_seconds.value);
	const char *host = zone(in, clocks->host->host_zone_seconds.value);

	if (clocks->host->host_zone_seconds.is.state != FACT_KNOWN || str_equal(metadb, host))
		return;
	finding_fail(finding,
	             (struct evidence){ .what = "NOW() - UTC_TIMESTAMP()",
	                                .expected = NOTE(TEXT_check_oms_zone_of_host, host),
	                                .actual = VERBATIM(metadb),
	                                .from = oms_from(in, FACT_metadb_zone_seconds) });
	finding_value(finding, "zone", host);
	say(finding, in, clocks, NOTE(TEXT_check_oms_zone_apart, metadb, host));
}

/* What the agents wrote tells of their clocks, also of those whose machine is not seen from here. */
static void judge_beats(const struct check_input *in, struct clocks *clocks,
                        struct finding *finding)
{
	const struct rows *rows = oms_seen(in, FACT_metadb_heartbeats);

	for (size_t i = 0; rows && i < rows->count; i++) {
		struct heartbeat heartbeat = heartbeat_at(in, i);
		const char *text = heartbeat_text(in, &heartbeat);
		const char *host = heartbeat.host ? heartbeat.host : "NULL";
		struct evidence evidence = {
			.what = arena_printf(in->arena, "heart_beat of %s", host),
			.expected = NOTE(TEXT_check_oms_beat_not_shifted),
			.actual = VERBATIM(text),
			.from = oms_from(in, FACT_metadb_heartbeats),
		};

		clocks->fresh |= heartbeat.beat == BEAT_FRESH;
		clocks->old |= heartbeat.beat == BEAT_OLD;
		clocks->shifted |= heartbeat.beat == BEAT_SHIFTED;
		if (heartbeat.beat == BEAT_SHIFTED)
			finding_context(finding, evidence);
		if (heartbeat.beat != BEAT_FUTURE)
			continue;
		finding_fail(finding, evidence);
		say(finding, in, clocks, NOTE(TEXT_check_oms_beat_ahead, host, text));
	}
}

static void judge(const struct check_input *in, struct finding *finding)
{
	const struct endpoint_facts *host = &in->facts->at[ENDPOINT_HOST];
	struct clocks clocks = { .metadb = &in->facts->at[ENDPOINT_METADB].metadb,
		                 .host = host->configured ? &host->host : NULL };

	if (clocks.host) {
		judge_clock(in, &clocks, finding);
		judge_zone(in, &clocks, finding);
	}
	judge_beats(in, &clocks, finding);
	if (clocks.differ)
		finding_value(finding, "zone",
		              clocks.host ? zone(in, clocks.host->host_zone_seconds.value)
		                          : "+HH:MM");
	else if (clocks.shifted)
		finding_unknown(finding, NOTE(TEXT_check_oms_beat_shifted_clock));
	/* A heartbeat that looks fresh to the MetaDB was written by a clock like its own. */
	else if (!clocks.host && (clocks.old || !clocks.fresh))
		finding_unknown(finding, oms_why_missing(in, FACT_host_host_zone_seconds));
	else if (clocks.host && clocks.host->host_zone_seconds.is.state != FACT_KNOWN &&
	         !clocks.fresh)
		finding_unknown(finding, oms_why_missing(in, FACT_host_host_zone_seconds));
}

const struct check check_oms_clock = {
	.id = "oms.clock",
	.on = CHECK_OMS,
	.needs = FACTS(FACT_metadb_ahead_ms, FACT_metadb_zone_seconds),
	.uses = FACTS(FACT_metadb_round_trip_ms, FACT_metadb_heartbeats,
	              FACT_metadb_ha_down_seconds, FACT_host_host_zone_seconds),
	.params = PARAMS(HEARTBEAT_PARAMS, { "tolerance", PARAM_NUMBER, true }),
	.judge = judge,
};
