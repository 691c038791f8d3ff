#ifndef CHECKS_CORE_FINDING_H
#define CHECKS_CORE_FINDING_H

#include "checks/core/check.h"
#include "checks/core/run.h"

/* What one judgement has said so far; what a check may call stands in check.h. */
struct finding {
	struct arena *arena;
	bool failed, skipped, unknown;
	struct note skip_reason, unknown_reason;
	unsigned blocked_by; /* EXPLAINS_..., with the endpoint that it is of */
	enum endpoint_id blocked_at;
	size_t evidence_count, evidence_room;
	struct evidence *evidence;
	size_t object_count, object_room;
	struct object *objects;
	uint64_t objects_total;
	const char *code;
	size_t value_count, value_room;
	const char **values;
};

/* Carries what was said over into a result: its status, reason, evidence, objects, values. */
void finding_conclude(const struct finding *finding, struct result *result);

#endif
