#include "checks/connection/connection.h"

#include "checks/core/wording.h"

/* What happened, and what an operator does next: a pair of sentences a cause. */
struct cause {
	enum text_id what, next;
};

#define CAUSE(failure, text) \
	[FAILURE_##failure] = { TEXT_check_connection_##text, TEXT_check_connection_##text##_next }
#define HTTP(failure, text) \
	[FAILURE_##failure] = { TEXT_check_http_##text, TEXT_check_http_##text##_next }

static const struct cause mysql_causes[FAILURE_COUNT] = {
	CAUSE(NONE, other),
	CAUSE(LIBRARY, library),
	CAUSE(NAME, name),
	CAUSE(REFUSED, refused),
	CAUSE(UNREACHABLE, unreachable),
	CAUSE(TIMEOUT, timeout),
	CAUSE(LOST, lost),
	CAUSE(PROTOCOL, protocol),
	CAUSE(TLS, tls),
	CAUSE(CREDENTIALS, credentials),
	CAUSE(AUTH_PLUGIN, auth_plugin),
	CAUSE(BLOCKED, blocked),
	CAUSE(PRIVILEGE, privilege),
	CAUSE(TOO_LARGE, too_large),
	CAUSE(INTERRUPTED, interrupted),
	CAUSE(OTHER, other),
};

static const struct cause http_causes[FAILURE_COUNT] = {
	HTTP(NONE, other),
	HTTP(LIBRARY, library),
	CAUSE(NAME, name),
	HTTP(REFUSED, refused),
	HTTP(UNREACHABLE, unreachable),
	HTTP(TIMEOUT, timeout),
	HTTP(LOST, lost),
	HTTP(PROTOCOL, protocol),
	HTTP(TLS, tls),
	HTTP(CREDENTIALS, credentials),
	HTTP(AUTH_PLUGIN, other),
	HTTP(BLOCKED, other),
	HTTP(PRIVILEGE, credentials),
	HTTP(TOO_LARGE, too_large),
	CAUSE(INTERRUPTED, interrupted),
	HTTP(OTHER, other),
};

static const struct cause *cause_of(const struct check_input *in, const struct group_status *status)
{
	return in->at->kind == KIND_HTTP ? &http_causes[status->failure]
	                                 : &mysql_causes[status->failure];
}

struct note connection_next(const struct check_input *in, const struct group_status *status)
{
	return NOTE(cause_of(in, status)->next, in->at->address,
	            failure_wording(in->arena, status));
}

void connection_judge_reached(const struct check_input *in, struct finding *finding)
{
	const struct group_status *status = &in->at->groups[GROUP_any_connect];
	const char *address = in->at->address, *words = failure_wording(in->arena, status);
	const struct cause *cause = cause_of(in, status);

	if (status->state == GROUP_GATHERED)
		return;
	/* Neither says anything about the server: nobody knocked, or somebody called us back. */
	if (status->state == GROUP_NOT_ASKED || status->failure == FAILURE_LIBRARY ||
	    status->failure == FAILURE_INTERRUPTED) {
		finding_unknown(finding, status->state == GROUP_NOT_ASKED
		                                 ? NOTE(TEXT_check_connection_not_tried, address)
		                                 : NOTE(cause->what, address, words));
		return;
	}
	finding_fail(finding, (struct evidence){
				      .what = "connection",
				      .expected = NOTE(in->at->kind == KIND_HTTP
	                                                       ? TEXT_check_http_expected
	                                                       : TEXT_check_connection_expected),
				      .actual = NOTE(cause->what, address, words),
				      .from = address,
			      });
	finding_context(finding, (struct evidence){
					 .what = "error",
					 .actual = VERBATIM(words),
					 .from = status->statement ? status->statement : address,
				 });
	finding_value(finding, "address", address);
	finding_value(finding, "error", words);
	finding_sentence(in, finding, "what", NOTE(cause->what, address, words));
	finding_sentence(in, finding, "next", connection_next(in, status));
}

const struct check check_connection_reachable = {
	.id = "connection.reachable",
	.on = CHECK_ONE,
	.explains = EXPLAINS_CONNECT,
	.judge = connection_judge_reached,
};
