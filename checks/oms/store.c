#include "checks/oms/store.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "checks/core/wording.h"
#include "checks/oms/census.h"
#include "checks/oms/index.h"
#include "checks/oms/moment.h"

#include <inttypes.h>
#include <string.h>

/* A new Store begins 5 to 10 minutes before the Writer's checkpoint. */
#define EARLIEST_START (10 * 60)
#define LATEST_START (5 * 60)
#define HOUR 3600

struct reading {
	const struct check_input *in;
	int64_t zone;
	struct index *index;
	struct store_group *groups;
};

static struct store_group *group_of(const struct reading *reading, const char *subtopic)
{
	struct store_group *group = &reading->groups[index_put(reading->index, subtopic)];

	group->subtopic = subtopic;
	return group;
}

/* --- what CM says --------------------------------------------------------------------------- */

static enum store_life life_of(const struct check_input *in, const struct rows *rows, size_t row)
{
	const char *success = rows_get(rows, row, "success"),
		   *active = rows_get(rows, row, "active");
	const char *status = cell_text(rows, row, "status");

	if ((success && str_equal_nocase(success, "false")) || !active)
		return STORE_UNTOLD;
	if (str_equal_nocase(active, "false"))
		return STORE_OLD_VIEW;
	if (!str_equal_nocase(active, "true") || !status)
		return STORE_UNTOLD;
	return words_have(param_texts(in, "well"), status) ? STORE_SERVES : STORE_DEAD;
}

static void add_store(const struct reading *reading, const struct rows *rows, size_t row)
{
	const char *name = cell_text(rows, row, "name"), *subtopic;
	struct store *store;
	struct store_group *group;

	if (!name)
		return;
	subtopic = store_subtopic(reading->in->arena, name);
	group = group_of(reading, subtopic ? subtopic : name);
	store = arena_new_of(reading->in->arena, struct store);
	*store = (struct store){
		.name = name,
		.life = life_of(reading->in, rows, row),
		.status = cell_text(rows, row, "status"),
		.error = cell_text(rows, row, "err_msg"),
		.next = group->first,
	};
	store->has_range =
		moment_read(rows_get(rows, row, "begin"), reading->zone, &store->begin) &&
		moment_read(rows_get(rows, row, "end"), reading->zone, &store->end);
	group->first = store;
	group->by_life[store->life]++;
}

/* --- what the console says ------------------------------------------------------------------ */

/* Calls for each name of a list with commas. */
static const char *next_name(struct arena *arena, const char **list)
{
	size_t length;

	*list += strspn(*list, ", ");
	length = strcspn(*list, ", ");
	if (!length)
		return NULL;
	*list += length;
	return arena_strndup(arena, *list - length, length);
}

static void add_reader(struct store_group *group, const struct rows *rows, size_t row, bool live)
{
	int64_t checkpoint;

	group->needed |= live;
	if (!moment_read(rows_get(rows, row, "checkpoint"), CONSOLE_ZONE, &checkpoint))
		return;
	if (!group->has_writer || checkpoint < group->writer)
		group->writer = checkpoint;
	group->has_writer = true;
}

static void add_component(const struct reading *reading, const struct rows *rows, size_t row,
                          bool live)
{
	const char *kind = cell_text(rows, row, "kind"), *list = rows_get(rows, row, "subtopic");
	const char *name = rows_get(rows, row, "name"), *subtopic;
	bool is_store = kind_is_store(kind);

	if (!kind || (!is_store && !strstr(kind, "incr_sync")))
		return;
	if (!list)
		list = is_store ? store_subtopic(reading->in->arena, name) : NULL;
	while (list && (subtopic = next_name(reading->in->arena, &list))) {
		struct store_group *group = group_of(reading, subtopic);

		group->told += is_store;
		group->at_rest |= !live;
		group->needed |= live;
		if (!is_store)
			add_reader(group, rows, row, live);
	}
}

static void add_projects(const struct reading *reading)
{
	const struct census *census = census_read(reading->in);
	const char *const *statuses = param_texts(reading->in, "live");

	for (size_t i = 0; i < census->count; i++) {
		const struct project *project = &census->projects[i];
		bool live = !project->status || words_have(statuses, project->status);

		for (size_t row = project->first_component; row != CENSUS_END;
		     row = census->next_component[row])
			add_component(reading, census->components, row, live);
	}
}

/* --- the groups ------------------------------------------------------------------------------- */

/* Messages name a topic, too, which is the subtopic without "-0" at its end. */
static bool is_said(const char *subtopic, const char *said)
{
	return !said || str_equal(subtopic, said) ||
	       (str_starts(subtopic, said) && str_equal(subtopic + strlen(said), "-0"));
}

/* Room for each name that may stand in the lists of subtopics. */
static size_t most_groups(const struct rows *stores, const struct rows *components)
{
	size_t most = stores->count;

	for (size_t row = 0; row < components->count; row++) {
		const char *list = rows_get(components, row, "subtopic");

		most++;
		for (; list && *list; list++)
			most += *list == ',' || *list == ' ';
	}
	return most;
}

const struct store_groups *stores_read(const struct check_input *in)
{
	const struct fact_rows *stores = &in->facts->at[ENDPOINT_CM].cm.stores;
	const struct fact_rows *components = &in->facts->at[ENDPOINT_CONSOLE].console.components;
	const struct rows *rows = rows_known(stores);
	struct store_groups *found = arena_new_of(in->arena, struct store_groups);
	size_t most = most_groups(rows, rows_known(components));
	struct reading reading = { .in = in,
		                   .zone = moment_zone(in),
		                   .index = index_new(in->arena, most) };

	reading.groups = arena_array(in->arena, most + 1, sizeof(*reading.groups));
	for (size_t row = rows->count; row-- > 0;)
		add_store(&reading, rows, row);
	add_projects(&reading);
	for (size_t i = 0; i < index_count(reading.index); i++) {
		reading.groups[i].at_rest &= !reading.groups[i].needed;
		if (is_said(reading.groups[i].subtopic, in->intent->said.subtopic))
			reading.groups[found->count++] = reading.groups[i];
	}
	found->groups = reading.groups;
	found->answered = rows->count || components->is.state == FACT_KNOWN;
	return found;
}

bool stores_are_there(const struct check_input *in, const struct store_groups *stores,
                      struct finding *finding)
{
	const struct group_status *status = &in->facts->at[ENDPOINT_CM].groups[GROUP_cm_stores];
	const char *said = in->intent->said.subtopic;

	if (status->state == GROUP_FAILED)
		finding_unknown(finding, NOTE(TEXT_unknown_group, endpoint_name(ENDPOINT_CM),
		                              group_infos[GROUP_cm_stores].name,
		                              failure_wording(in->arena, status)));
	else if (stores->count)
		return true;
	else if (said)
		finding_unknown(finding, NOTE(TEXT_oms_store_not_said, said));
	else if (!stores->answered)
		finding_unknown(finding, NOTE(TEXT_oms_store_none_known));
	else
		finding_skip(finding, NOTE(TEXT_oms_store_none_needed));
	return false;
}

void stores_partial(const struct check_input *in, struct finding *finding)
{
	if (in->intent->said.subtopic)
		return;
	finding_partial(in, finding, FACT_cm_stores);
	if (!in->intent->oms.stores)
		finding_partial(in, finding, FACT_console_components);
}

bool group_counts(const struct check_input *in, const struct store_group *group)
{
	if (in->intent->said.subtopic)
		return true;
	/* A plan that names Stores asks about these. */
	return !group->at_rest && (group->first || !group->told || !in->intent->oms.stores);
}

bool group_is_dead(const struct store_group *group)
{
	if (!group->first)
		return !group->told && group->needed;
	return !group->by_life[STORE_OLD_VIEW] && !group->by_life[STORE_UNTOLD];
}

void group_unknown(const struct store_group *group, struct finding *finding)
{
	if (group->by_life[STORE_OLD_VIEW]) {
		finding_unknown(finding, NOTE(TEXT_oms_store_old_view, group->subtopic));
		finding_blocked(finding, EXPLAINS_VIEW, ENDPOINT_CM);
	} else {
		finding_unknown(finding, NOTE(TEXT_oms_store_untold, group->subtopic));
	}
}

bool group_checkpoint(const struct check_input *in, const struct store_group *group, int64_t *ret,
                      const char **ret_text)
{
	*ret_text = in->intent->said.checkpoint;
	if (*ret_text)
		return moment_read(*ret_text, moment_zone(in), ret);
	*ret = in->intent->oms.checkpoint ? in->intent->oms.checkpoint : group->writer;
	return in->intent->oms.checkpoint || group->has_writer;
}

void finding_start(const struct check_input *in, struct finding *finding, int64_t checkpoint)
{
	int64_t zone = moment_zone(in);
	int64_t back = in->facts->gathered_ms / 1000 - (checkpoint - EARLIEST_START);
	int64_t hours = back > 0 ? back / HOUR + 1 : 1;
	const char *from = moment_written(in->arena, checkpoint - EARLIEST_START, zone);
	const char *to = moment_written(in->arena, checkpoint - LATEST_START, zone);

	finding_value(finding, "checkpoint", moment_written(in->arena, checkpoint, zone));
	finding_value(finding, "start_from", from);
	finding_value(finding, "start_to", to);
	finding_sentence(in, finding, "start", NOTE(TEXT_oms_store_start_known, from, to));
	finding_value(finding, "keep", arena_printf(in->arena, "%" PRId64, hours * HOUR));
}

const char *store_range(const struct check_input *in, const struct store *store)
{
	int64_t zone = moment_zone(in);

	if (!store->has_range)
		return NULL;
	return arena_printf(in->arena, "%s .. %s", moment_written(in->arena, store->begin, zone),
	                    moment_written(in->arena, store->end, zone));
}
