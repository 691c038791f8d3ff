#include "checks/probe/supervisord.h"

#include "catalog/base/arena.h"
#include "checks/probe/quote.h"
#include "checks/probe/xmlrpc.h"

static const char *const members[] = {
	"name",     "group",       "state", "statename", "pid", "exitstatus",
	"spawnerr", "description", "start", "stop",      "now", NULL,
};

static const struct http_request request = {
	.method = "POST",
	.target = "/RPC2",
	.content_type = "text/xml",
	.body = "<?xml version=\"1.0\"?><methodCall><methodName>supervisor.getAllProcessInfo"
		"</methodName></methodCall>",
};

static bool refuse(struct group_status *why, enum failure failure, const char *text)
{
	why->state = GROUP_FAILED;
	why->failure = failure;
	why->text = text;
	return false;
}

bool supervisord_programs(struct arena *arena, const struct http_service *service,
                          const struct budget *budget, struct rows *ret,
                          struct group_status *ret_why)
{
	struct http_reply reply;

	*ret = (struct rows){ 0 };
	if (!http_ask(arena, service, &request, budget, &reply, ret_why))
		return false;
	if (reply.status == 401)
		return refuse(
			ret_why, FAILURE_CREDENTIALS,
			service->user
				? "supervisord refuses the user or the password; those of its "
				  "[unix_http_server] or [inet_http_server] section are due"
				: "supervisord wants a user and a password; those of its "
				  "[unix_http_server] or [inet_http_server] section are due");
	if (reply.status != 200)
		return refuse(ret_why, FAILURE_PROTOCOL,
		              arena_printf(arena, "HTTP %ld: answered %s, as no supervisord does",
		                           reply.status,
		                           quote_answer(arena, reply.body, reply.length)));
	return xmlrpc_structs(arena, reply.body, reply.length, members, ret, ret_why);
}
