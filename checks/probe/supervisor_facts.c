#include "checks/probe/service_facts.h"

#include "checks/probe/supervisord.h"

/* No page of the agent that only reads is documented: that it answers at all is what is known. */
static const struct http_request root = { .method = "GET", .target = "/" };

void supervisor_facts(struct arena *arena, const struct gather_request *request,
                      const struct budget *budget, struct endpoint_facts *ret)
{
	struct question question = { .request = root };

	service_meet(arena, request, ENDPOINT_SUPERVISOR, budget, GROUP_supervisor_agent,
	             FACT_supervisor_agent_status, &question, ret);
}

void supervisord_facts(struct arena *arena, const struct gather_request *request,
                       const struct budget *budget, struct endpoint_facts *ret)
{
	struct group_status *connect = &ret->groups[GROUP_any_connect];
	struct rows programs;

	if (!supervisord_programs(arena, &request->at[ENDPOINT_SUPERVISORD].service, budget,
	                          &programs, connect))
		return;
	ret->groups[GROUP_supervisord_programs] = *connect;
	fact_set_rows(ret, FACT_supervisord_programs, programs);
}

void supervisor_describe(struct arena *arena, const struct gather_request *request, struct str *out)
{
	(void)arena;
	service_describe(request, ENDPOINT_SUPERVISOR, &root, out);
}

void supervisord_describe(struct arena *arena, const struct gather_request *request,
                          struct str *out)
{
	static const struct http_request what = { .method = "POST",
		                                  .target = "/RPC2",
		                                  .body = "supervisor.getAllProcessInfo" };

	(void)arena;
	service_describe(request, ENDPOINT_SUPERVISORD, &what, out);
}
