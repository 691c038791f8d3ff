#include "checks/core/wording.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

/* How the target's gtid_mode is changed, by its version; the first that fits. */
static const struct {
	bool on;
	unsigned major, minor, patch;
	enum text_id next;
} ways[] = {
	{ true, 5, 7, 6, TEXT_check_gtid_on_online },  /* 5.7.6 made gtid_mode dynamic */
	{ true, 5, 6, 9, TEXT_check_gtid_on_restart }, /* named its options as they are today */
	{ true, 0, 0, 0, TEXT_check_gtid_on_nowhere },
	{ false, 5, 7, 6, TEXT_check_gtid_off_online },
	{ false, 0, 0, 0, TEXT_check_gtid_off_restart },
};

static enum text_id way_to(bool on, struct version target)
{
	size_t i = 0;

	while (ways[i].on != on ||
	       !version_at_least(target, ways[i].major, ways[i].minor, ways[i].patch))
		i++;
	return ways[i].next;
}

/* 5.5 has no GTIDs, which is as good as OFF. */
static const char *gtid_mode(const struct endpoint_facts *endpoint)
{
	const struct fact *fact = &endpoint->mysql.gtid_mode.is;

	return fact->state == FACT_ABSENT ? "OFF" : fact->text ? fact->text : "NULL";
}

static bool is_comparable(const struct endpoint_facts *endpoint, enum endpoint_id side,
                          struct finding *finding)
{
	enum flavor flavor = endpoint_version(endpoint).flavor;
	const char *mode = gtid_mode(endpoint);

	if (flavor == FLAVOR_UNKNOWN) {
		finding_unknown(finding, NOTE(TEXT_check_version_unreadable, endpoint_name(side),
		                              endpoint->mysql.version.is.text));
		return false;
	}
	if (flavor != FLAVOR_MYSQL) {
		finding_skip(finding, NOTE(TEXT_check_gtid_flavor, endpoint_name(side),
		                           flavor_name(flavor)));
		return false;
	}
	if (str_equal_nocase(mode, "ON") || str_equal_nocase(mode, "OFF"))
		return true;
	finding_unknown(finding, NOTE(TEXT_check_gtid_between, endpoint_name(side), mode));
	return false;
}

static bool must_be_equal(const struct check_input *in)
{
	struct version target = endpoint_version(in->other);

	return words_have(param_texts(in, "equal"),
	                  arena_printf(in->arena, "%u.%u", target.major, target.minor));
}

static void judge(const struct check_input *in, struct finding *finding)
{
	bool source_on = str_equal_nocase(gtid_mode(in->at), "ON");
	bool target_on = str_equal_nocase(gtid_mode(in->other), "ON");

	/* Both sides are always looked at: another product on one is the stronger reason. */
	bool source_fits = is_comparable(in->at, ENDPOINT_SOURCE, finding);
	bool target_fits = is_comparable(in->other, ENDPOINT_TARGET, finding);

	if (!source_fits || !target_fits || source_on == target_on ||
	    (target_on && !must_be_equal(in)))
		return;
	finding_fail(finding,
	             fact_side_evidence(in, ENDPOINT_TARGET, FACT_mysql_gtid_mode,
	                                NOTE(TEXT_check_pair_as_source, gtid_mode(in->at))));
	finding_context(finding, fact_side_evidence(in, ENDPOINT_SOURCE, FACT_mysql_gtid_mode,
	                                            (struct note){ 0 }));
	finding_value(finding, "source.value", gtid_mode(in->at));
	finding_value(finding, "target.value", gtid_mode(in->other));
	finding_sentence(in, finding, "next", NOTE(way_to(source_on, endpoint_version(in->other))));
}

const struct check check_replication_gtid_compatible = {
	.id = "replication.gtid-compatible",
	.on = CHECK_PAIR,
	.needs = FACTS(FACT_mysql_version, FACT_mysql_gtid_mode),
	.uses = FACTS(FACT_mysql_version_comment),
	.params = PARAMS({ "equal", PARAM_TEXTS, true }),
	.judge = judge,
};
