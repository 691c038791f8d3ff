#ifndef CHECKS_PROBE_ANSWER_H
#define CHECKS_PROBE_ANSWER_H

#include "checks/core/facts.h"

struct arena;
struct http_reply;
/* Of jansson, whose header stands in no header of ours. */
struct json_t;

/*
 * JSON that a service answered. It is untrusted: what nests deeper or holds more values than any
 * answer of OMS is refused before it is parsed, and no reader relies on a type.
 */

/* NULL where the text is no JSON, or too much of it. The tree is the caller's: answer_free(). */
struct json_t *answer_parse(const char *text, size_t length);

/* For cleanup(answer_free). */
void answer_free(struct json_t **tree);

/* The value below the keys of a path ("extraInfo.errorCode"), in which `first` and `last` are the ends
 * of a list; of several paths that commas separate the first that is there and not null. NULL where
 * none is. */
struct json_t *answer_at(struct json_t *tree, const char *paths);

/* A value as text: a string, a number, "true", "false", and of a list of them all with commas between.
 * NULL for null, a map, anything else, and no value. */
const char *answer_text(struct arena *arena, struct json_t *value);

/* As answer_text, and a map or a list as the JSON it is. Long ones are cut. */
const char *answer_words(struct arena *arena, struct json_t *value);

/* Whether the value is true, or the text "true": OMS's samples print both. */
bool answer_is_true(struct json_t *value);

/* A whole number, or the text of one. False where it is none. */
bool answer_number(struct json_t *value, int64_t *ret);

/* A text that somebody sent, cut to what a report can show. */
const char *answer_cut(struct arena *arena, const char *text);

#endif
