#include "cmd/connector_answer.h"

#include "catalog/base/arena.h"
#include "catalog/base/cleanup.h"
#include "catalog/base/str.h"
#include "catalog/query.h"
#include "checks/core/wording.h"

#include <jansson.h>
#include <string.h>

/* More of what CM says is of no use on a terminal. */
#define LONGEST_WORDS 4000

/* A string as it is, null as nothing, anything else as the JSON that it is. */
static const char *words_of(struct arena *arena, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	cleanup(cleanup_free) char *dumped =
		json_is_string(value) ? NULL : json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	const char *text = json_is_string(value) ? json_string_value(value) : dumped;

	if (!text || !*text || json_is_null(value))
		return NULL;
	return arena_strndup(arena, text, strnlen(text, LONGEST_WORDS));
}

/* --- what a code in it means ------------------------------------------------------------------ */

static bool explain_words(struct arena *arena, const char *words, struct catalog_entry *ret)
{
	struct query_input input = query_line(words);
	const struct query_match *matches;
	size_t count = query_find(arena, &input, &matches);

	/* Other products' numbers stand in messages, too; CM speaks of its own. */
	for (size_t i = 0; i < count; i++) {
		if (matches[i].guess || !str_equal(matches[i].entry.family, "oms"))
			continue;
		*ret = matches[i].entry;
		return true;
	}
	return false;
}

/* errCode first; older forms have the code within the message: INNER_ERROR[CM-RESONF000003]: ... */
static void explain(struct arena *arena, struct connector_answer *answer)
{
	const char *places[] = { answer->code, answer->message, answer->detail };

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]) && !answer->is_explained; i++)
		if (places[i])
			answer->is_explained = explain_words(arena, places[i], &answer->entry);
}

/* --- the answer ------------------------------------------------------------------------------- */

static bool is_good(long status)
{
	return status >= 200 && status < 300;
}

static void read_envelope(struct arena *arena, const json_t *root, struct connector_answer *ret)
{
	const json_t *success = json_object_get(root, "isSuccess");
	const json_t *retryable = json_object_get(root, "retryable");
	const char *status = arena_printf(arena, "%ld", ret->status);

	ret->is_envelope = json_is_boolean(success);
	ret->code = words_of(arena, root, "errCode");
	ret->message = words_of(arena, root, "errMsg");
	ret->detail = words_of(arena, root, "errorDetail");
	ret->says_retry = json_is_true(retryable);
	ret->says_never = json_is_false(retryable);
	if (json_is_string(json_object_get(root, "result")))
		ret->result = words_of(arena, root, "result");
	if (json_is_true(success) && is_good(ret->status))
		ret->outcome = OUTCOME_DONE;
	else if (json_is_false(success) && !ret->message && !ret->code)
		ret->why = NOTE(TEXT_connector_refused_bare);
	else if (json_is_true(success))
		ret->why = NOTE(TEXT_connector_status_contradicts, status);
	else if (!ret->is_envelope)
		ret->why = NOTE(TEXT_connector_no_success, status);
}

static bool looks_like_html(const char *body)
{
	body += strspn(body, " \t\r\n");
	return *body == '<';
}

/* A gateway that lost CM, or did not wait for it, knows nothing of what CM did. */
static bool is_gateway(long status)
{
	return status == 502 || status == 504;
}

static void judge_foreign(struct arena *arena, const struct http_reply *reply,
                          struct connector_answer *ret)
{
	const char *status = arena_printf(arena, "%ld", reply->status);

	if (is_gateway(reply->status)) {
		ret->outcome = OUTCOME_UNKNOWN;
		ret->why = NOTE(TEXT_connector_gateway, status);
	} else if (reply->status >= 300 && reply->status < 400) {
		ret->why = NOTE(TEXT_connector_redirect, status);
	} else if (!is_good(reply->status)) {
		ret->why = NOTE(TEXT_connector_http_status, status);
	} else {
		ret->why = NOTE(looks_like_html(reply->body) ? TEXT_connector_html
		                                             : TEXT_connector_no_json,
		                status);
	}
}

struct connector_answer connector_answer_read(struct arena *arena, const struct http_reply *reply)
{
	struct connector_answer answer = { .outcome = OUTCOME_REFUSED, .status = reply->status };
	json_t *root = json_loadb(reply->body, reply->length, JSON_REJECT_DUPLICATES, NULL);

	if (json_is_object(root) && json_object_get(root, "isSuccess"))
		read_envelope(arena, root, &answer);
	else if (json_is_object(root) && is_good(reply->status))
		answer.why =
			NOTE(TEXT_connector_no_success, arena_printf(arena, "%ld", reply->status));
	else
		judge_foreign(arena, reply, &answer);
	json_decref(root);
	if (answer.outcome != OUTCOME_DONE)
		explain(arena, &answer);
	return answer;
}

struct connector_answer connector_answer_missing(struct arena *arena,
                                                 const struct group_status *why, bool sent)
{
	const char *words = failure_wording(arena, why);

	return (struct connector_answer){
		.outcome = sent ? OUTCOME_UNKNOWN : OUTCOME_REFUSED,
		.why = NOTE(sent ? TEXT_connector_no_answer : TEXT_connector_not_reached, words),
	};
}

bool connector_answer_is_uncertain(const struct connector_answer *answer)
{
	if (answer->outcome == OUTCOME_UNKNOWN)
		return true;
	return answer->outcome == OUTCOME_REFUSED && answer->status && !answer->is_envelope &&
	       (is_good(answer->status) || answer->status >= 500);
}
