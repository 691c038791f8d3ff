#ifndef CMD_RENDER_EXPLAIN_H
#define CMD_RENDER_EXPLAIN_H

#include "catalog/query.h"
#include "cmd/render/render.h"

/* One input of `explain` and what it was found to mean, best match first. */
struct explained {
	const char *input;
	size_t count;
	const struct query_match *matches;
};

/* Blocks for a terminal, the code and its title first. */
void explain_text(const struct explained *inputs, size_t count,
                  const struct render_options *options, struct str *out);

/* The JSON of the contract, schema "migdoctor/explain/1" (cmd/schema/explain.json). */
void explain_json(const struct explained *inputs, size_t count, enum lang lang, struct str *out);

#endif
