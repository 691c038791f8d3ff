#include "checks/core/wording.h"

/* What happened, and what an operator does next: a pair of sentences a cause. */
static const struct {
	enum text_id what, next;
} causes[FAILURE_COUNT] = {
#define CAUSE(failure, text) \
	[FAILURE_##failure] = { TEXT_check_connection_##text, TEXT_check_connection_##text##_next }
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

static void judge(const struct check_input *in, struct finding *finding)
{
	const struct group_status *status = &in->at->groups[GROUP_any_connect];
	const char *address = in->at->address, *words = failure_wording(in->arena, status);

	if (status->state == GROUP_GATHERED)
		return;
	/* Neither says anything about the server: nobody knocked, or somebody called us back. */
	if (status->state == GROUP_NOT_ASKED || status->failure == FAILURE_LIBRARY ||
	    status->failure == FAILURE_INTERRUPTED) {
		finding_unknown(finding,
		                status->state == GROUP_NOT_ASKED
		                        ? NOTE(TEXT_check_connection_not_tried, address)
		                        : NOTE(causes[status->failure].what, address, words));
		return;
	}
	finding_fail(finding, (struct evidence){
				      .what = "connection",
				      .expected = NOTE(TEXT_check_connection_expected),
				      .actual = NOTE(causes[status->failure].what, address, words),
				      .from = address,
			      });
	finding_context(finding, (struct evidence){
					 .what = "error",
					 .actual = VERBATIM(words),
					 .from = status->statement ? status->statement : address,
				 });
	finding_value(finding, "address", address);
	finding_value(finding, "error", words);
	finding_sentence(in, finding, "what", NOTE(causes[status->failure].what, address, words));
	finding_sentence(in, finding, "next", NOTE(causes[status->failure].next, address, words));
}

const struct check check_connection_reachable = {
	.id = "connection.reachable",
	.on = CHECK_ONE,
	.explains = EXPLAINS_CONNECT,
	.judge = judge,
};
