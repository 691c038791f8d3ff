#include "checks/core/wording.h"
#include "checks/oms/census.h"
#include "checks/oms/store.h"
#include "checks/oms/tally.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

static struct note state_of(const struct store *store)
{
	if (store->error)
		return NOTE(TEXT_oms_store_state_why, store->status, store->error);
	return NOTE(TEXT_oms_store_state, store->status);
}

/* What its texts fill in: the Stores of the first subtopic that has none left. */
static void fill(const struct check_input *in, const struct store_group *group,
                 struct finding *finding)
{
	struct str names = str_new(in->arena);
	int64_t checkpoint;
	const char *text, *port;

	for (const struct store *store = group->first; store; store = store->next)
		str_addf(&names, "%s%s", store == group->first ? "" : ", ", store->name);
	finding_value(finding, "subtopic", group->subtopic);
	if (group->first) {
		port = store_port(in->arena, group->first->name);
		finding_sentence(in, finding, "what",
		                 NOTE(TEXT_oms_store_what_dead, group->subtopic, names.text));
		finding_sentence(
			in, finding, "first",
			NOTE(TEXT_oms_store_first_restart, group->first->name, port ? port : "*"));
	} else {
		finding_sentence(in, finding, "what",
		                 NOTE(TEXT_oms_store_what_none, group->subtopic));
		finding_sentence(in, finding, "first", NOTE(TEXT_oms_store_first_none));
	}
	if (!group_checkpoint(in, group, &checkpoint, &text)) {
		finding_sentence(in, finding, "start", NOTE(TEXT_oms_store_start_open));
		return;
	}
	finding_start(in, finding, checkpoint);
}

static void report(const struct check_input *in, const struct store_group *group,
                   struct tally *tally)
{
	if (!tally->shown)
		fill(in, group, tally->finding);
	if (!group->first)
		tally_fail(tally, group->subtopic,
		           (struct evidence){ .what = group->subtopic,
		                              .expected = NOTE(TEXT_oms_store_expected),
		                              .actual = NOTE(TEXT_oms_store_no_store),
		                              .from = "DescribeProjectComponents" });
	for (const struct store *store = group->first; store; store = store->next)
		tally_fail(tally, group->subtopic,
		           (struct evidence){ .what = store->name,
		                              .expected = NOTE(TEXT_oms_store_expected),
		                              .actual = state_of(store),
		                              .from = "GET /crawler/detail" });
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

		if (!group_counts(in, group))
			continue;
		judged++;
		if (group->by_life[STORE_SERVES])
			continue;
		if (group_is_dead(group))
			report(in, group, &tally);
		else
			group_unknown(group, finding);
	}
	tally_end(&tally, in->arena);
	stores_partial(in, finding);
	if (!judged)
		finding_skip(finding, NOTE(TEXT_oms_store_at_rest));
}

const struct check check_store_active = {
	.id = "store.active",
	.on = CHECK_OMS,
	.needs = FACTS(FACT_cm_cm_status),
	.uses = FACTS(STORE_USES),
	.params = PARAMS(STORE_PARAMS),
	.judge = judge,
};
