#include "checks/core/finding.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "catalog/catalog.h"

#include <string.h>

/* Makes room for one more thing of `size` bytes and returns the possibly moved array. */
static void *grow(struct arena *arena, void *array, size_t count, size_t *room, size_t size)
{
	void *larger;

	if (count < *room)
		return array;
	*room = *room ? *room * 2 : 8;
	larger = arena_array(arena, *room, size);
	if (count)
		memcpy(larger, array, count * size);
	return larger;
}

void finding_context(struct finding *finding, struct evidence evidence)
{
	finding->evidence = grow(finding->arena, finding->evidence, finding->evidence_count,
	                         &finding->evidence_room, sizeof(evidence));
	finding->evidence[finding->evidence_count++] = evidence;
}

void finding_fail(struct finding *finding, struct evidence evidence)
{
	finding->failed = true;
	finding_context(finding, evidence);
}

void finding_thing(struct finding *finding, const char *name)
{
	finding->failed = true;
	finding->objects = grow(finding->arena, finding->objects, finding->object_count,
	                        &finding->object_room, sizeof(*finding->objects));
	finding->objects[finding->object_count++].written = name;
}

void finding_object(struct finding *finding, const char *schema, const char *table)
{
	finding_thing(finding, object_written(finding->arena, schema, table));
}

void finding_objects_total(struct finding *finding, uint64_t total)
{
	finding->objects_total = total;
}

void finding_skip(struct finding *finding, struct note reason)
{
	finding->skipped = true;
	finding->skip_reason = reason;
}

void finding_unknown(struct finding *finding, struct note reason)
{
	finding->unknown = true;
	finding->unknown_reason = reason;
}

void finding_blocked(struct finding *finding, unsigned by, enum endpoint_id endpoint)
{
	finding->blocked_by = by;
	finding->blocked_at = endpoint;
}

void finding_code(struct finding *finding, const char *code)
{
	struct catalog_entry entry;

	if (!finding->code && code && catalog_find(code, &entry))
		finding->code = entry.id;
}

/* Two slots a value, and the NULL that ends the list. */
void finding_value(struct finding *finding, const char *name, const char *value)
{
	size_t count = finding->value_count;

	for (size_t i = 0; i < 3; i++)
		finding->values = grow(finding->arena, finding->values, count + i,
		                       &finding->value_room, sizeof(*finding->values));
	finding->values[count] = name;
	finding->values[count + 1] = value ? value : "";
	finding->values[count + 2] = NULL;
	finding->value_count += 2;
}

void finding_conclude(const struct finding *finding, struct result *result)
{
	result->evidence_count = finding->evidence_count;
	result->evidence = finding->evidence;
	result->values = finding->values;
	if (finding->code)
		result->code = finding->code;
	if (finding->skipped) {
		result->status = STATUS_SKIP;
		result->reason = finding->skip_reason;
	} else if (finding->failed) {
		result->status = STATUS_FAIL;
		result->object_count = finding->object_count;
		result->objects = finding->objects;
		result->objects_total = finding->objects_total > finding->object_count
		                                ? finding->objects_total
		                                : finding->object_count;
	} else if (finding->unknown) {
		result->status = STATUS_UNKNOWN;
		result->reason = finding->unknown_reason;
	} else {
		result->status = STATUS_PASS;
	}
}

struct evidence fact_evidence(const struct endpoint_facts *endpoint, enum fact_id id,
                              struct note expected)
{
	const struct fact_info *info = &fact_infos[id];
	const struct fact *fact = fact_of(endpoint, id);
	struct evidence evidence = { .what = fact->name ? fact->name : info->name,
		                     .expected = expected };

	if (fact->state == FACT_ABSENT)
		evidence.actual = NOTE(TEXT_value_absent);
	else if (fact->text)
		evidence.actual = VERBATIM(fact->text);
	else
		evidence.actual = NOTE(TEXT_value_null);
	if (info->variables)
		evidence.from = "SHOW GLOBAL VARIABLES";
	else if (id == FACT_mysql_version)
		evidence.from = "SELECT VERSION()";
	else
		evidence.from = endpoint->groups[info->group].statement;
	return evidence;
}
