#include "checks/core/diagnosis.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"

#include <string.h>

const char *cause_verdict_name(enum cause_verdict verdict)
{
	static const char *const names[CAUSE_VERDICT_COUNT] = {
		[CAUSE_CONFIRMED] = "confirmed",
		[CAUSE_RULED_OUT] = "ruled-out",
		[CAUSE_NOT_KNOWN] = "not-known",
	};

	return names[verdict];
}

static bool raises_any(const struct rule *rule, const char *const *codes)
{
	for (; *codes; codes++)
		if (rule_raises(rule, *codes))
			return true;
	return false;
}

/* --- which rules ---------------------------------------------------------------------------------- */

/* "oms.programs-running:oms_drc_supervisor": the rule's id before the colon. */
static bool names_rule(const char *follows, const char *id)
{
	size_t length = strcspn(follows, ":");

	return strlen(id) == length && strncmp(follows, id, length) == 0;
}

static bool is_followed(const struct rule *follower, const struct rule *rule)
{
	if (!str_equal(follower->profile, rule->profile))
		return false;
	for (const char *const *follows = follower->follows; follows && *follows; follows++)
		if (names_rule(*follows, rule->id))
			return true;
	return false;
}

/* Whether the rule says why facts of an endpoint are missing for which the other waits. */
static bool explains(const struct rule *rule, const struct rule *waiting)
{
	bool wanted[ENDPOINT_COUNT][FACT_COUNT] = { { false } };

	if (!rule->check->explains || !str_equal(rule->profile, waiting->profile))
		return false;
	rule_wants(waiting, wanted);
	for (int i = 0; i < FACT_COUNT; i++)
		if (wanted[rule->endpoint][i])
			return true;
	return rule->endpoint == waiting->endpoint;
}

static bool is_needed(const struct rule *rule, const struct rule *const *all, size_t count,
                      const bool *chosen)
{
	for (size_t i = 0; i < count; i++)
		if (chosen[i] && (is_followed(all[i], rule) || explains(rule, all[i])))
			return true;
	return false;
}

size_t diagnosis_rules(struct arena *arena, const struct rule *const *all, size_t count,
                       const char *const *codes, const struct rule *const **ret)
{
	const struct rule **rules = arena_array(arena, count + 1, sizeof(*rules));
	bool *chosen = arena_array(arena, count + 1, sizeof(*chosen)), grew = true;
	size_t made = 0;

	for (size_t i = 0; i < count; i++)
		chosen[i] = raises_any(all[i], codes);
	while (grew) {
		grew = false;
		for (size_t i = 0; i < count; i++)
			if (!chosen[i] && is_needed(all[i], all, count, chosen))
				grew = chosen[i] = true;
	}
	for (size_t i = 0; i < count; i++)
		if (chosen[i])
			rules[made++] = all[i];
	*ret = rules;
	return made;
}

size_t diagnosis_spread(struct arena *arena, const struct rule *const *rules, size_t count,
                        const char *const *nodes, const struct rule *const **ret)
{
	const struct rule **spread;
	size_t node_count = 0, made = 0;

	*ret = rules;
	while (nodes[node_count])
		node_count++;
	if (node_count < 2)
		return count;
	spread = arena_array(arena, count * node_count + 1, sizeof(*spread));
	for (size_t i = 0; i < count; i++) {
		if (!rules[i]->check->each_node) {
			spread[made++] = rules[i];
			continue;
		}
		for (size_t j = 0; j < node_count; j++) {
			struct rule *rule = arena_new_of(arena, struct rule);

			*rule = *rules[i];
			rule->node = nodes[j];
			spread[made++] = rule;
		}
	}
	*ret = spread;
	return made;
}

/* --- what follows from what ----------------------------------------------------------------------- */

/* All results as causes, before those that are listed are put in order. */
struct making {
	size_t count;
	struct cause *causes;
	bool *listed;
	const struct cause **order; /* as listed so far */
	size_t made;
};

/* False for what does not apply: it is no cause at all. */
static bool verdict_of(const struct result *result, enum cause_verdict *ret)
{
	enum status status = result->status == STATUS_WAIVED ? result->waived_from : result->status;

	if (status == STATUS_SKIP)
		return false;
	*ret = status == STATUS_FAIL   ? CAUSE_CONFIRMED
	       : status == STATUS_PASS ? CAUSE_RULED_OUT
	                               : CAUSE_NOT_KNOWN;
	return true;
}

/* Objects with unusual characters are written in backticks; a profile names them as they are. */
static bool is_written(const char *written, const char *object)
{
	size_t length = strlen(object);

	if (str_equal(written, object))
		return true;
	return written[0] == '`' && strncmp(written + 1, object, length) == 0 &&
	       str_equal(written + 1 + length, "`");
}

static bool has_object(const struct result *result, const char *object)
{
	for (size_t i = 0; i < result->object_count; i++)
		if (is_written(result->objects[i].written, object))
			return true;
	return false;
}

/* Whether `root` is what `follows` names, and its failure can reach the node of `cause`. */
static bool brings_about(const struct cause *root, const char *follows, const struct cause *cause)
{
	const struct rule *rule = root->result->rule;
	const char *colon = strchr(follows, ':');

	if (root->verdict != CAUSE_CONFIRMED || !names_rule(follows, rule->id) ||
	    !str_equal(rule->profile, cause->result->rule->profile))
		return false;
	if (root->node && cause->node && !str_equal(root->node, cause->node))
		return false;
	return !colon || has_object(root->result, colon + 1);
}

static bool stands_above(const struct cause *cause, const struct cause *below)
{
	for (; below; below = below->consequence_of)
		if (below == cause)
			return true;
	return false;
}

/* The first that the rule names; one that would close a circle is passed over. */
static const struct cause *find_root(const struct making *making, const struct cause *cause)
{
	const char *const *follows = cause->result->rule->follows;

	for (; follows && *follows; follows++)
		for (size_t i = 0; i < making->count; i++)
			if (brings_about(&making->causes[i], *follows, cause) &&
			    !stands_above(cause, &making->causes[i]))
				return &making->causes[i];
	return NULL;
}

/* --- what is listed, and in which order ----------------------------------------------------------- */

static void list_blocker(struct making *making, const struct cause *cause)
{
	for (size_t i = 0; i < making->count; i++) {
		const struct rule *rule = making->causes[i].result->rule;

		if (str_equal(rule->id, cause->blocked_by) &&
		    str_equal(rule->profile, cause->result->rule->profile) &&
		    making->causes[i].verdict != CAUSE_RULED_OUT)
			making->listed[i] = true;
	}
}

/* Those that were asked about, the confirmed ones above them, and what hides the others. */
static void choose_listed(struct making *making)
{
	for (size_t i = 0; i < making->count; i++)
		making->listed[i] = making->causes[i].is_asked;
	for (size_t i = 0; i < making->count; i++)
		if (making->causes[i].is_asked && making->causes[i].blocked_by)
			list_blocker(making, &making->causes[i]);
	for (size_t i = 0; i < making->count; i++) {
		const struct cause *root = making->causes[i].consequence_of;

		for (; root && making->listed[i]; root = root->consequence_of)
			making->listed[root - making->causes] = true;
	}
}

static void list_tree(struct making *making, const struct cause *root, unsigned depth)
{
	for (size_t i = 0; i < making->count; i++) {
		struct cause *cause = &making->causes[i];

		if (!making->listed[i] || cause->verdict != CAUSE_CONFIRMED ||
		    cause->consequence_of != root)
			continue;
		cause->depth = depth;
		making->order[making->made++] = cause;
		list_tree(making, cause, depth + 1);
	}
}

static void list_rest(struct making *making, enum cause_verdict verdict)
{
	for (size_t i = 0; i < making->count; i++)
		if (making->listed[i] && making->causes[i].verdict == verdict)
			making->order[making->made++] = &making->causes[i];
}

/* Copies the causes in their order, and points them at each other anew. */
static void conclude(struct arena *arena, struct making *making, struct diagnosis *diagnosis)
{
	struct cause *causes = arena_array(arena, making->made + 1, sizeof(*causes));

	for (size_t i = 0; i < making->made; i++) {
		causes[i] = *making->order[i];
		for (size_t j = 0; j < i; j++)
			if (making->order[j] == causes[i].consequence_of)
				causes[i].consequence_of = &causes[j];
		diagnosis->by_verdict[causes[i].verdict] += causes[i].is_asked;
	}
	diagnosis->causes = causes;
	diagnosis->count = making->made;
	diagnosis->verdict = CAUSE_NOT_KNOWN;
	if (diagnosis->by_verdict[CAUSE_CONFIRMED])
		diagnosis->verdict = CAUSE_CONFIRMED;
	else if (diagnosis->by_verdict[CAUSE_RULED_OUT] && !diagnosis->by_verdict[CAUSE_NOT_KNOWN])
		diagnosis->verdict = CAUSE_RULED_OUT;
}

struct diagnosis *diagnosis_make(struct arena *arena, const struct result *results, size_t count,
                                 const char *const *codes)
{
	struct diagnosis *diagnosis = arena_new_of(arena, struct diagnosis);
	struct making making = {
		.causes = arena_array(arena, count + 1, sizeof(struct cause)),
		.listed = arena_array(arena, count + 1, sizeof(bool)),
		.order = arena_array(arena, count + 1, sizeof(struct cause *)),
	};

	for (size_t i = 0; i < count; i++) {
		struct cause *cause = &making.causes[making.count];

		*cause = (struct cause){ .result = &results[i],
			                 .node = results[i].rule->node,
			                 .blocked_by = results[i].blocked_by,
			                 .is_asked = raises_any(results[i].rule, codes) };
		making.count += verdict_of(&results[i], &cause->verdict);
	}
	for (size_t i = 0; i < making.count; i++)
		if (making.causes[i].verdict == CAUSE_CONFIRMED)
			making.causes[i].consequence_of = find_root(&making, &making.causes[i]);
	choose_listed(&making);
	list_tree(&making, NULL, 0);
	list_rest(&making, CAUSE_NOT_KNOWN);
	list_rest(&making, CAUSE_RULED_OUT);
	conclude(arena, &making, diagnosis);
	return diagnosis;
}
