#include "checks/core/wording.h"
#include "checks/oms/moment.h"
#include "checks/oms/store.h"
#include "checks/oms/tally.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

/* How the Stores that serve a subtopic lie to a checkpoint. */
struct cover {
	bool covers, has_later, has_earlier;
	bool untold; /* a range is not known, or some Store's state */
	struct str ranges;
};

/* What Stores and Writers report of themselves is some seconds old, each by another number: one
 * that reads the newest seems to be before its Store. What somebody wrote down is taken as it
 * is. */
static int64_t slack_of(const struct check_input *in)
{
	bool is_written = in->intent->said.checkpoint || in->intent->oms.checkpoint;

	return is_written ? 0 : param_find(in, "slack")->number;
}

static struct cover cover_of(const struct check_input *in, const struct store_group *group,
                             int64_t checkpoint)
{
	struct cover cover = { .ranges = str_new(in->arena) };
	int64_t slack = slack_of(in);

	cover.untold = group->by_life[STORE_OLD_VIEW] || group->by_life[STORE_UNTOLD];
	for (const struct store *store = group->first; store; store = store->next) {
		if (store->life != STORE_SERVES)
			continue;
		if (!store->has_range) {
			cover.untold = true;
			continue;
		}
		cover.covers |= store->begin <= checkpoint && checkpoint <= store->end + slack;
		cover.has_later |= store->begin > checkpoint;
		cover.has_earlier |= store->end + slack < checkpoint;
		str_addf(&cover.ranges, "%s%s: %s", cover.ranges.length ? "; " : "", store->name,
		         store_range(in, store));
	}
	return cover;
}

static void fill(const struct check_input *in, const struct store_group *group,
                 const struct cover *cover, int64_t checkpoint, struct finding *finding)
{
	finding_value(finding, "subtopic", group->subtopic);
	finding_value(finding, "ranges", cover->ranges.text);
	finding_start(in, finding, checkpoint);
	finding_sentence(in, finding, "how",
	                 NOTE(!cover->has_earlier ? TEXT_oms_store_how_later
	                      : cover->has_later  ? TEXT_oms_store_how_between
	                                          : TEXT_oms_store_how_earlier));
	finding_sentence(
		in, finding, "first",
		NOTE(cover->has_later ? TEXT_oms_store_first_new : TEXT_oms_store_first_wait));
}

static void judge_checkpoint(const struct check_input *in, const struct store_group *group,
                             int64_t checkpoint, struct tally *tally)
{
	struct cover cover = cover_of(in, group, checkpoint);
	const char *written = moment_written(in->arena, checkpoint, moment_zone(in));

	if (cover.covers)
		return;
	if (cover.untold) {
		finding_unknown(tally->finding,
		                NOTE(TEXT_oms_store_range_untold, group->subtopic, written));
		return;
	}
	if (!tally->shown)
		fill(in, group, &cover, checkpoint, tally->finding);
	tally_fail(tally, group->subtopic,
	           (struct evidence){ .what = group->subtopic,
	                              .expected = NOTE(TEXT_oms_store_holds, written),
	                              .actual = VERBATIM(cover.ranges.text),
	                              .from = "GET /crawler/detail" });
}

static void judge_group(const struct check_input *in, const struct store_group *group,
                        struct tally *tally)
{
	const char *text;
	int64_t checkpoint;

	if (group_checkpoint(in, group, &checkpoint, &text))
		judge_checkpoint(in, group, checkpoint, tally);
	else if (text)
		finding_unknown(tally->finding, NOTE(TEXT_oms_store_no_time, text));
	else
		finding_unknown(tally->finding,
		                NOTE(TEXT_oms_store_no_checkpoint, group->subtopic));
}

static void judge(const struct check_input *in, struct finding *finding)
{
	const struct store_groups *stores = stores_read(in);
	struct tally tally = { .finding = finding };
	size_t judged = 0;

	if (!stores_are_there(in, stores, finding))
		return;
	for (size_t i = 0; i < stores->count; i++) {
		const struct store_group *group = &stores->groups[i];

		if (!group_counts(in, group) ||
		    (!group->by_life[STORE_SERVES] && group_is_dead(group)))
			continue;
		judged++;
		if (group->by_life[STORE_SERVES])
			judge_group(in, group, &tally);
		else
			group_unknown(group, finding);
	}
	tally_end(&tally, in->arena);
	stores_partial(in, finding);
	if (!judged)
		finding_skip(finding, NOTE(TEXT_oms_store_none_serves));
}

const struct check check_store_covers = {
	.id = "store.covers",
	.on = CHECK_OMS,
	.needs = FACTS(FACT_cm_cm_status),
	.uses = FACTS(STORE_USES),
	.params = PARAMS({ "slack", PARAM_NUMBER, true }, STORE_PARAMS),
	.judge = judge,
};
