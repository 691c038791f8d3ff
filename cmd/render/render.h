#ifndef CMD_RENDER_RENDER_H
#define CMD_RENDER_RENDER_H

#include "checks/core/run.h"

#include <stdbool.h>

struct str;

/* The finished result of a check, from which every format is drawn. */
struct report {
	const char *const *profiles; /* names in order, NULL-terminated */
	struct both *profile_titles; /* as many */
	const struct facts *facts;
	const struct intent *intent;
	size_t count;
	const struct result *results;
	enum level fail_on;
	enum verdict verdict;
	int64_t duration_ms;
	size_t notice_count;        /* what the user should know beside results: a plain line, */
	const struct note *notices; /* a stale or expired waiver */
};

struct render_options {
	enum lang lang;
	bool colour;
	unsigned width; /* columns of the terminal; 0: do not wrap */
};

struct renderer {
	const char *name; /* "text", "json" */
	/* Draws the whole report into memory, so that a file is written whole or not at all. */
	void (*draw)(const struct report *report, const struct render_options *options,
	             struct str *out);
};

extern const struct renderer render_text, render_json;

/* By name, or NULL; and the names for messages, NULL-terminated. */
const struct renderer *renderer_find(const char *name);
const char *const *renderer_names(void);

/* What every format shares: a result's texts in a language, placeholders filled. NULL where there is
 * none (a passing result has no cause). */
struct result_texts {
	const char *title, *message, *cause, *fix, *reason, *code;
};
struct result_texts result_texts(struct arena *arena, const struct result *result, enum lang lang);

#endif
