#include "checks/connection/connection.h"

#include "catalog/base/arena.h"
#include "checks/core/wording.h"

#include <string.h>

/* The last privilege that the words of ERROR 1227 name ("need (at least one of) the SUPER,
 * REPLICATION CLIENT privilege(s)"): SUPER stands first where it stands at all, and the others are
 * less to give away. NULL where the words are others or in another language. */
static const char *lacking_privilege(struct arena *arena, const char *words)
{
	const char *list = words ? strstr(words, "(at least one of) the ") : NULL;
	const char *end = list ? strstr(list, " privilege(s)") : NULL;

	if (!end)
		return NULL;
	for (list += strlen("(at least one of) the "); list < end;) {
		const char *comma = memchr(list, ',', (size_t)(end - list));

		if (!comma)
			break;
		list = comma + 1 + strspn(comma + 1, " ");
	}
	return list < end ? arena_strndup(arena, list, (size_t)(end - list)) : NULL;
}

static struct note what_next(const struct check_input *in, const struct group_status *status)
{
	const char *privilege = lacking_privilege(in->arena, status->text);

	if (in->at->kind == KIND_HTTP)
		return connection_next(in, status);
	switch (status->failure) {
	case FAILURE_PRIVILEGE:
		return privilege ? NOTE(TEXT_check_facts_privilege_next, privilege)
		                 : NOTE(TEXT_check_facts_grants_next);
	case FAILURE_TIMEOUT:
		return NOTE(TEXT_check_facts_timeout_next);
	case FAILURE_LOST:
		return NOTE(TEXT_check_facts_lost_next);
	default:
		return NOTE(TEXT_check_facts_other_next);
	}
}

void connection_judge_groups(const struct check_input *in, struct finding *finding)
{
	const char *const *spared = param_texts(in, "spare");
	const struct group_status *first = NULL;

	for (int i = 0; i < GROUP_COUNT; i++) {
		const struct group_status *status = &in->at->groups[i];

		if (status->state != GROUP_FAILED || words_have(spared, group_infos[i].name))
			continue;
		/* The user's own doing accuses no server. */
		if (status->failure == FAILURE_INTERRUPTED) {
			finding_unknown(finding, NOTE(TEXT_check_facts_interrupted));
			continue;
		}
		first = first ? first : status;
		finding_fail(finding,
		             (struct evidence){
				     .what = group_infos[i].name,
				     .expected = NOTE(TEXT_check_facts_expected),
				     .actual = VERBATIM(failure_wording(in->arena, status)),
				     .from = status->statement,
			     });
	}
	if (!first)
		return;
	finding_value(finding, "address", in->at->address);
	finding_value(finding, "error", failure_wording(in->arena, first));
	finding_sentence(
		in, finding, "what",
		NOTE(TEXT_check_facts_what, in->at->address, failure_wording(in->arena, first)));
	finding_sentence(in, finding, "next", what_next(in, first));
}

const struct check check_connection_facts = {
	.id = "connection.facts",
	.on = CHECK_ONE,
	.explains = EXPLAINS_GROUPS,
	.judge = connection_judge_groups,
};
