#include "checks/core/run.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "checks/core/finding.h"
#include "checks/core/plugin_check.h"
#include "checks/core/wording.h"

static const char *const statuses[STATUS_COUNT] = {
	[STATUS_PASS] = "pass",       [STATUS_FAIL] = "fail",     [STATUS_SKIP] = "skip",
	[STATUS_UNKNOWN] = "unknown", [STATUS_WAIVED] = "waived",
};

static const char *const verdicts[] = {
	[VERDICT_READY] = "ready",
	[VERDICT_BLOCKED] = "blocked",
	[VERDICT_INCOMPLETE] = "incomplete",
	[VERDICT_INTERRUPTED] = "interrupted",
};

const char *status_name(enum status status)
{
	return statuses[status];
}

const char *verdict_name(enum verdict verdict)
{
	return verdicts[verdict];
}

/* --- what a rule looks at ------------------------------------------------------------------- */

/* Whether a fact of the rule is looked at on an endpoint. */
static bool looks_at(const struct rule *rule, enum fact_id id, enum endpoint_id endpoint)
{
	switch (rule->check->on) {
	case CHECK_PAIR:
		return endpoint == ENDPOINT_SOURCE || endpoint == ENDPOINT_TARGET;
	case CHECK_OMS:
		return endpoint == owner_endpoint(fact_infos[id].owner);
	case CHECK_ONE:
		break;
	}
	return endpoint == rule->endpoint;
}

/* Calls `visit` for each fact that must be known of an endpoint: the check's own and those that
 * parameters name. Stops at the first that says true, and returns it; FACT_COUNT where none does. */
static enum fact_id find_need(const struct rule *rule, enum endpoint_id endpoint,
                              bool (*visit)(enum fact_id, const void *), const void *data)
{
	const struct param_info *info = rule->check->params;

	for (const enum fact_id *id = rule->check->needs; id && *id != FACT_COUNT; id++)
		if (looks_at(rule, *id, endpoint) && visit(*id, data))
			return *id;
	for (; info && info->name; info++) {
		if (info->type != PARAM_FACT)
			continue;
		for (const struct param *param = rule->params; param && param->name; param++)
			if (str_equal(param->name, info->name) &&
			    looks_at(rule, param->fact, endpoint) && visit(param->fact, data))
				return param->fact;
	}
	return FACT_COUNT;
}

static bool exists(enum fact_id id, const void *data)
{
	(void)id;
	(void)data;
	return true;
}

/* Whether there is no verdict without the endpoint. A check without facts (it looks at the
 * connection alone) is about the endpoints that its kind says. */
static bool is_on(const struct rule *rule, enum endpoint_id endpoint)
{
	if (rule->check->on == CHECK_OMS)
		return find_need(rule, endpoint, exists, NULL) != FACT_COUNT;
	return looks_at(rule, FACT_COUNT, endpoint);
}

static bool want(enum fact_id id, const void *data)
{
	bool *const *wanted = data;

	(*wanted)[id] = true;
	return false;
}

void rule_wants(const struct rule *rule, bool wanted[ENDPOINT_COUNT][FACT_COUNT])
{
	for (int i = 0; i < ENDPOINT_COUNT; i++) {
		bool *facts = wanted[i];

		find_need(rule, (enum endpoint_id)i, want, &facts);
		for (const enum fact_id *id = rule->check->uses; id && *id != FACT_COUNT; id++)
			facts[*id] |= looks_at(rule, *id, (enum endpoint_id)i);
	}
}

bool rule_raises(const struct rule *rule, const char *code)
{
	if (str_equal(rule->code, code))
		return true;
	for (const char *const *also = rule->also; also && *also; also++)
		if (str_matches_glob(code, *also))
			return true;
	return false;
}

/* --- judging one rule ------------------------------------------------------------------------ */

/* What hides a verdict, so that a failing rule that reports the same can be named as its root. */
struct blocker {
	unsigned by;
	enum endpoint_id endpoint;
};

struct judgement {
	struct arena *arena;
	const struct facts *facts;
	const struct intent *intent;
};

static void set(struct result *result, enum status status, struct note reason)
{
	result->status = status;
	result->reason = reason;
}

static bool when_skips(const struct judgement *run, struct result *result)
{
	const struct when *when = &result->rule->when;
	enum scope scope = run->intent->objects.scope;

	if (when->any_mode && !when->modes[run->intent->mode]) {
		set(result, STATUS_SKIP, NOTE(TEXT_skip_mode, mode_name(run->intent->mode)));
		return true;
	}
	if (when->any_scope && !when->scopes[scope]) {
		set(result, STATUS_SKIP, NOTE(TEXT_skip_scope, scope_name(scope)));
		return true;
	}
	return false;
}

/* A rule says `version` about the side whose version the service's conditions name: its own
 * endpoint, of a pair the target. */
static bool version_skips(const struct judgement *run, struct result *result)
{
	const struct when *when = &result->rule->when;
	bool is_pair = result->rule->check->on == CHECK_PAIR;
	const struct endpoint_facts *endpoint =
		&run->facts->at[is_pair ? ENDPOINT_TARGET : result->rule->endpoint];
	struct version version = endpoint_version(endpoint);

	if (when->flavors && *when->flavors &&
	    !words_have(when->flavors, flavor_name(version.flavor))) {
		set(result, STATUS_SKIP, NOTE(TEXT_skip_flavor, flavor_name(version.flavor)));
		return true;
	}
	for (const char *const *range = when->versions; range && *range; range++) {
		if (!version_range_has(*range, version)) {
			set(result, STATUS_SKIP,
			    NOTE(TEXT_skip_version, endpoint->mysql.version.is.text));
			return true;
		}
	}
	return false;
}

/* What to give, so that the endpoint can be asked. */
static struct note not_named(enum endpoint_id endpoint)
{
	const char *name = endpoint_name(endpoint);

	if (endpoint == ENDPOINT_HOST)
		return NOTE(TEXT_unknown_not_host);
	if (endpoint == ENDPOINT_SOURCE || endpoint == ENDPOINT_TARGET || endpoint == ENDPOINT_CM)
		return NOTE(TEXT_unknown_no_endpoint, name);
	return NOTE(TEXT_unknown_no_oms_endpoint, name);
}

/* Whether every endpoint of the rule is there and could be signed in to. */
static bool endpoints_answer(const struct judgement *run, struct result *result,
                             struct blocker *blocker)
{
	for (int i = 0; i < ENDPOINT_COUNT; i++) {
		const struct endpoint_facts *endpoint = &run->facts->at[i];
		const char *name = endpoint_name((enum endpoint_id)i);

		if (!is_on(result->rule, (enum endpoint_id)i))
			continue;
		if (!endpoint->configured) {
			set(result, STATUS_UNKNOWN, not_named((enum endpoint_id)i));
			return false;
		}
		if (endpoint_is_reached(endpoint) ||
		    (result->rule->check->explains & EXPLAINS_CONNECT))
			continue;
		set(result, STATUS_UNKNOWN,
		    NOTE(endpoint->kind == KIND_HTTP ? TEXT_unknown_no_answer
		                                     : TEXT_unknown_not_reached,
		         name));
		*blocker = (struct blocker){ EXPLAINS_CONNECT, (enum endpoint_id)i };
		return false;
	}
	return true;
}

static bool is_missing(enum fact_id id, const void *data)
{
	return fact_of(data, id)->state == FACT_MISSING;
}

static struct note why_missing(struct arena *arena, const struct endpoint_facts *endpoint,
                               const char *name, enum fact_id id)
{
	static const char *const types[] = {
		[FACT_TYPE_text] = "text",
		[FACT_TYPE_number] = "number",
		[FACT_TYPE_flag] = "ON/OFF",
		[FACT_TYPE_rows] = "result",
	};
	const struct fact_info *info = &fact_infos[id];
	const struct group_status *group = &endpoint->groups[info->group];
	const struct fact *fact = fact_of(endpoint, id);

	if (group->state == GROUP_NOT_ASKED)
		return NOTE(TEXT_unknown_not_asked, info->name, name);
	if (group->state == GROUP_GATHERED && fact->text)
		return NOTE(TEXT_unknown_unreadable, name, fact->name, fact->text,
		            types[info->type]);
	if (group->state == GROUP_GATHERED)
		return NOTE(TEXT_unknown_fact_not_found, info->name, name);
	return NOTE(TEXT_unknown_group, name, info->name, failure_wording(arena, group));
}

static bool facts_are_there(const struct judgement *run, struct result *result,
                            struct blocker *blocker)
{
	for (int i = 0; i < ENDPOINT_COUNT; i++) {
		const struct endpoint_facts *endpoint = &run->facts->at[i];
		enum fact_id id;

		id = find_need(result->rule, (enum endpoint_id)i, is_missing, endpoint);
		if (id == FACT_COUNT)
			continue;
		set(result, STATUS_UNKNOWN,
		    why_missing(run->arena, endpoint, endpoint_name((enum endpoint_id)i), id));
		if (endpoint->groups[fact_infos[id].group].state == GROUP_FAILED)
			*blocker = (struct blocker){ EXPLAINS_GROUPS, (enum endpoint_id)i };
		return false;
	}
	return true;
}

static const struct query_answer *find_answer(const struct endpoint_facts *endpoint,
                                              const char *name)
{
	for (size_t i = 0; i < endpoint->query_count; i++)
		if (str_equal(endpoint->queries[i].name, name))
			return &endpoint->queries[i];
	return NULL;
}

static bool answer_is_there(const struct judgement *run, struct result *result,
                            const struct query_answer **ret)
{
	const struct rule *rule = result->rule;
	const char *endpoint = endpoint_name(rule->endpoint);
	const struct query_answer *answer;

	if (!rule->query)
		return true;
	answer = find_answer(&run->facts->at[rule->endpoint], rule->query);
	*ret = answer;
	if (answer && answer->status.state == GROUP_GATHERED)
		return true;
	if (answer && answer->status.state == GROUP_FAILED)
		set(result, STATUS_UNKNOWN,
		    NOTE(TEXT_unknown_group, endpoint, rule->query,
		         failure_wording(run->arena, &answer->status)));
	else
		set(result, STATUS_UNKNOWN, NOTE(TEXT_unknown_not_asked, rule->query, endpoint));
	return false;
}

/* A check that could have told more if some group had not failed is explained by that, too. */
static void blame_uses(const struct judgement *run, const struct rule *rule,
                       struct blocker *blocker)
{
	for (int i = 0; i < ENDPOINT_COUNT; i++) {
		const struct endpoint_facts *endpoint = &run->facts->at[i];

		for (const enum fact_id *id = rule->check->uses; id && *id != FACT_COUNT; id++)
			if (looks_at(rule, *id, (enum endpoint_id)i) &&
			    fact_of(endpoint, *id)->state == FACT_MISSING &&
			    endpoint->groups[fact_infos[*id].group].state == GROUP_FAILED)
				*blocker = (struct blocker){ EXPLAINS_GROUPS, (enum endpoint_id)i };
	}
}

static void judge_rule(const struct judgement *run, struct result *result, struct blocker *blocker)
{
	const struct rule *rule = result->rule;
	bool is_pair = rule->check->on == CHECK_PAIR;
	struct finding finding = { .arena = run->arena };
	struct check_input in = {
		.arena = run->arena,
		.endpoint = is_pair ? ENDPOINT_SOURCE : rule->endpoint,
		.at = &run->facts->at[is_pair ? ENDPOINT_SOURCE : rule->endpoint],
		.other = is_pair ? &run->facts->at[ENDPOINT_TARGET] : NULL,
		.facts = run->facts,
		.node = rule->node,
		.intent = run->intent,
		.params = rule->params,
	};

	if (when_skips(run, result) || !endpoints_answer(run, result, blocker) ||
	    version_skips(run, result) || !facts_are_there(run, result, blocker) ||
	    !answer_is_there(run, result, &in.answer))
		return;
	if (rule->check->plugin)
		plugin_judge(rule->check, &in, &finding);
	else
		rule->check->judge(&in, &finding);
	finding_conclude(&finding, result);
	if (result->status != STATUS_UNKNOWN)
		return;
	blame_uses(run, rule, blocker);
	if (finding.blocked_by)
		*blocker = (struct blocker){ finding.blocked_by, finding.blocked_at };
}

/* --- one root failure explains what waits for it --------------------------------------------- */

/* The root may itself be unknown: without a client library nothing is said against the server. */
static const char *find_root(const struct result *results, size_t count,
                             const struct result *blocked, struct blocker blocker)
{
	for (size_t i = 0; i < count; i++) {
		const struct rule *rule = results[i].rule;

		if ((results[i].status == STATUS_FAIL || results[i].status == STATUS_UNKNOWN) &&
		    &results[i] != blocked && (rule->check->explains & blocker.by) &&
		    rule->endpoint == blocker.endpoint &&
		    str_equal(rule->profile, blocked->rule->profile))
			return rule->id;
	}
	return NULL;
}

/* --- waivers --------------------------------------------------------------------------------- */

static bool waiver_names(const struct waiver *waiver, const struct result *result,
                         struct arena *arena)
{
	const struct rule *rule = result->rule;

	if (result->status != (waiver->unknown ? STATUS_UNKNOWN : STATUS_FAIL))
		return false;
	return str_matches_glob(rule->id, waiver->rule) ||
	       str_matches_glob(arena_printf(arena, "%s/%s", rule->profile, rule->id),
	                        waiver->rule);
}

/* A waiver for some objects covers a result only if, with the others, it covers all of them: an
 * object that did not travel is covered by none. */
static bool objects_are_waived(const struct result *result, struct waiver *const *waivers,
                               size_t count)
{
	if (result->objects_total != result->object_count || !result->object_count)
		return false;
	for (size_t i = 0; i < result->object_count; i++) {
		bool covered = false;

		for (size_t j = 0; j < count && !covered; j++)
			covered = waivers[j]->object &&
			          str_matches_glob(result->objects[i].written, waivers[j]->object);
		if (!covered)
			return false;
	}
	return true;
}

static bool waiver_touches(const struct waiver *waiver, const struct result *result)
{
	if (!waiver->object)
		return true;
	for (size_t i = 0; i < result->object_count; i++)
		if (str_matches_glob(result->objects[i].written, waiver->object))
			return true;
	return false;
}

static void waive(struct arena *arena, struct result *result, struct waiver *waivers, size_t count)
{
	struct waiver **holding = arena_array(arena, count + 1, sizeof(*holding));
	const struct waiver *whole = NULL;
	size_t held = 0;

	for (size_t i = 0; i < count; i++) {
		if (!waiver_names(&waivers[i], result, arena) ||
		    !waiver_touches(&waivers[i], result))
			continue;
		waivers[i].used = true;
		if (waivers[i].expired)
			continue;
		holding[held++] = &waivers[i];
		if (!waivers[i].object && !whole)
			whole = &waivers[i];
	}
	if (!whole && held && objects_are_waived(result, holding, held))
		whole = holding[0];
	if (!whole)
		return;
	result->waived_from = result->status;
	result->status = STATUS_WAIVED;
	result->reason = NOTE(TEXT_waived, whole->reason, whole->owner,
	                      whole->expires ? whole->expires : "-");
}

/* --- the run --------------------------------------------------------------------------------- */

struct result *run_judge(struct arena *arena, const struct rule *const *rules, size_t count,
                         const struct facts *facts, const struct intent *intent,
                         struct waiver *waivers, size_t waiver_count, int64_t now_ms)
{
	const struct judgement run = { .arena = arena, .facts = facts, .intent = intent };
	struct result *results = arena_array(arena, count + 1, sizeof(*results));
	struct blocker *blockers = arena_array(arena, count + 1, sizeof(*blockers));

	for (size_t i = 0; i < count; i++) {
		results[i].rule = rules[i];
		results[i].code = rules[i]->code;
		judge_rule(&run, &results[i], &blockers[i]);
	}
	for (size_t i = 0; i < count; i++)
		if (blockers[i].by != EXPLAINS_NOTHING)
			results[i].blocked_by = find_root(results, count, &results[i], blockers[i]);
	for (size_t i = 0; i < waiver_count; i++)
		waivers[i].expired = now_ms >= waivers[i].expires_ms;
	for (size_t i = 0; i < count; i++)
		waive(arena, &results[i], waivers, waiver_count);
	return results;
}

static bool is_of(const struct result *result, const char *profile)
{
	return !profile || str_equal(result->rule->profile, profile);
}

struct summary run_summary(const struct result *results, size_t count, const char *profile)
{
	struct summary summary = { 0 };

	for (size_t i = 0; i < count; i++) {
		if (!is_of(&results[i], profile))
			continue;
		summary.planned++;
		summary.by_status[results[i].status]++;
	}
	return summary;
}

enum verdict run_verdict(const struct result *results, size_t count, const char *profile,
                         enum level fail_on)
{
	enum verdict verdict = VERDICT_READY;

	for (size_t i = 0; i < count; i++) {
		if (!is_of(&results[i], profile) || results[i].rule->severity < fail_on)
			continue;
		if (results[i].status == STATUS_FAIL)
			return VERDICT_BLOCKED;
		if (results[i].status == STATUS_UNKNOWN)
			verdict = VERDICT_INCOMPLETE;
	}
	return verdict;
}
