#include "checks/probe/service_facts.h"

/* No page of the agent that only reads is documented: that it answers at all is what is known. */
static const struct http_request root = { .method = "GET", .target = "/" };

void supervisor_facts(struct arena *arena, const struct gather_request *request,
                      const struct budget *budget, struct endpoint_facts *ret)
{
	struct question question = { .request = root };

	service_meet(arena, request, ENDPOINT_SUPERVISOR, budget, GROUP_supervisor_agent,
	             FACT_supervisor_agent_status, &question, ret);
}

void supervisor_describe(struct arena *arena, const struct gather_request *request, struct str *out)
{
	(void)arena;
	service_describe(request, ENDPOINT_SUPERVISOR, &root, out);
}
