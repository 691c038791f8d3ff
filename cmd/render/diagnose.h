#ifndef CMD_RENDER_DIAGNOSE_H
#define CMD_RENDER_DIAGNOSE_H

#include "checks/core/diagnosis.h"
#include "cmd/render/explain.h"

/* One question of `diagnose` and its answer. */
struct diagnosed {
	const char *input;        /* the words, or the lines of standard input that have codes */
	const char *const *codes; /* that rules raise: catalog ids, NULL-terminated */
	/* Codes that were understood and no rule raises, with what is known of them. */
	struct explained others;
	const struct said *said;
	const struct diagnosis *diagnosis;
	bool interrupted;
	size_t notice_count;
	const struct note *notices;
};

/* For a person: the answer on the first line, then each cause with its evidence. */
void diagnose_text(const struct diagnosed *diagnosed, const struct render_options *options,
                   struct str *out);

/* The JSON of the contract, schema "migdoctor/diagnose/1" (cmd/schema/diagnose.json). */
void diagnose_json(const struct diagnosed *diagnosed, const struct render_options *options,
                   struct str *out);

#endif
