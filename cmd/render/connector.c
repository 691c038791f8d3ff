#include "cmd/render/connector.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "cmd/render/term.h"
#include "cmd/render/wrap.h"

#include <jansson.h>
#include <stdlib.h>

#define WIDEST 100
#define INDENT 2

static const struct {
	const char *word; /* in JSON */
	enum text_id text;
	const char *colour;
} outcomes[] = {
	[OUTCOME_NOT_SENT] = { "not-sent", TEXT_connector_not_sent, "\033[2m" },
	[OUTCOME_DONE] = { "done", TEXT_connector_done, "\033[32m" },
	[OUTCOME_REFUSED] = { "refused", TEXT_connector_refused, "\033[31m" },
	[OUTCOME_UNKNOWN] = { "unknown", TEXT_connector_unknown, "\033[33m" },
};

/* --- text ------------------------------------------------------------------------------------- */

static const char *paint(const struct render_options *options, const char *sequence)
{
	return options->colour ? sequence : "";
}

static void add_wrapped(struct str *out, const char *text, unsigned column,
                        const struct render_options *options)
{
	struct wrap wrap = { .width = options->width > WIDEST ? WIDEST : options->width,
		             .indent = column };

	if (options->colour) {
		wrap.quote_on = "\033[36m";
		wrap.quote_off = "\033[0m";
	}
	wrap_add(out, term_safe(out->arena, text, ""), column, &wrap);
	str_add_char(out, '\n');
}

static void add_line(struct str *out, const char *label, const char *text,
                     const struct render_options *options)
{
	unsigned column = INDENT;

	if (!text || !*text)
		return;
	str_addf(out, "%*s", INDENT, "");
	if (label) {
		str_addf(out, "%s%s%s  ", paint(options, "\033[2m"), label,
		         paint(options, "\033[0m"));
		column += text_width(label) + 2;
	}
	add_wrapped(out, text, column, options);
}

static void add_note(struct str *out, const struct note *note, const struct render_options *options)
{
	if (note_is_set(note))
		add_line(out, NULL, note_text(out->arena, note, options->lang), options);
}

/* "CM-RESONF000003: no enough machine resource": CM's own words. */
static const char *words_of_cm(struct arena *arena, const struct connector_answer *answer)
{
	if (answer->outcome == OUTCOME_DONE || (!answer->code && !answer->message))
		return NULL;
	return arena_printf(arena, "%s%s%s", answer->code ? answer->code : "",
	                    answer->code && answer->message ? ": " : "",
	                    answer->message ? answer->message : "");
}

static void add_meaning(struct str *out, const struct connector_answer *answer,
                        const struct render_options *options)
{
	const struct catalog_entry *entry = &answer->entry;
	enum lang lang = options->lang;

	if (!answer->is_explained)
		return;
	add_line(out, entry->shown, entry->title[lang], options);
	add_line(out, text_get(TEXT_explain_cause, lang), entry->cause[lang], options);
	add_line(out, text_get(TEXT_explain_fix, lang), entry->fix[lang], options);
}

void connector_text_step(const struct connector_step *step, const struct render_options *options,
                         struct str *out)
{
	const struct connector_answer *answer = &step->answer;

	str_addf(out, "%s%s%s  %s%s%s\n", paint(options, "\033[1m"), step->name,
	         paint(options, "\033[0m"), paint(options, outcomes[answer->outcome].colour),
	         text_get(outcomes[answer->outcome].text, options->lang),
	         paint(options, "\033[0m"));
	add_line(out, NULL, words_of_cm(out->arena, answer), options);
	if (answer->outcome != OUTCOME_DONE)
		add_line(out, NULL, answer->detail, options);
	add_note(out, &answer->why, options);
	add_meaning(out, answer, options);
	for (size_t i = 0; i < step->note_count; i++)
		add_note(out, &step->notes[i], options);
}

void connector_text_end(const struct connector_report *report, const struct render_options *options,
                        struct str *out)
{
	if (note_is_set(&report->ending))
		str_addf(out, "\n%s\n",
		         term_safe(out->arena,
		                   note_text(out->arena, &report->ending, options->lang), ""));
	/* A command stands on a line of its own, unbroken, so that it can be copied. */
	for (size_t i = 0; i < report->next_count; i++)
		str_addf(out, "%s\n  %s\n",
		         term_safe(out->arena,
		                   note_text(out->arena, &report->next[i].when, options->lang), ""),
		         term_safe(out->arena, report->next[i].command, ""));
}

/* --- JSON ------------------------------------------------------------------------------------- */

static json_t *text_or_null(struct arena *arena, const char *text)
{
	return text ? json_string(text_valid(arena, text)) : json_null();
}

static json_t *note_value(struct arena *arena, const struct note *note, enum lang lang)
{
	return text_or_null(arena, note_is_set(note) ? note_text(arena, note, lang) : NULL);
}

static json_t *error_value(struct arena *arena, const struct connector_answer *answer,
                           enum lang lang)
{
	const struct catalog_entry *entry = answer->is_explained ? &answer->entry : NULL;
	json_t *value = json_object();

	json_object_set_new(value, "code", text_or_null(arena, answer->code));
	json_object_set_new(value, "message", text_or_null(arena, answer->message));
	json_object_set_new(value, "detail", text_or_null(arena, answer->detail));
	json_object_set_new(value, "why", note_value(arena, &answer->why, lang));
	json_object_set_new(value, "id", text_or_null(arena, entry ? entry->id : NULL));
	json_object_set_new(value, "title", text_or_null(arena, entry ? entry->title[lang] : NULL));
	json_object_set_new(value, "cause", text_or_null(arena, entry ? entry->cause[lang] : NULL));
	json_object_set_new(value, "fix", text_or_null(arena, entry ? entry->fix[lang] : NULL));
	return value;
}

static json_t *notes_value(struct arena *arena, const struct connector_step *step, enum lang lang)
{
	json_t *notes = json_array();

	for (size_t i = 0; i < step->note_count; i++)
		json_array_append_new(notes, note_value(arena, &step->notes[i], lang));
	return notes;
}

static json_t *step_value(struct arena *arena, const struct connector_report *report,
                          const struct connector_step *step, enum lang lang)
{
	const struct connector_answer *answer = &step->answer;
	bool failed = answer->outcome == OUTCOME_REFUSED || answer->outcome == OUTCOME_UNKNOWN;
	json_t *value = json_object();

	json_object_set_new(value, "step", text_or_null(arena, step->name));
	json_object_set_new(
		value, "request",
		text_or_null(arena, arena_printf(arena, "%s %s", step->request.method, step->url)));
	if (report->dry_run)
		json_object_set_new(value, "curl", text_or_null(arena, step->curl));
	json_object_set_new(value, "outcome", json_string(outcomes[answer->outcome].word));
	json_object_set_new(value, "asked", json_integer(step->asked));
	json_object_set_new(value, "status",
	                    answer->status ? json_integer(answer->status) : json_null());
	json_object_set_new(value, "error",
	                    failed ? error_value(arena, answer, lang) : json_null());
	json_object_set_new(value, "notes", notes_value(arena, step, lang));
	return value;
}

static json_t *next_value(struct arena *arena, const struct connector_report *report,
                          enum lang lang)
{
	json_t *list = json_array();

	for (size_t i = 0; i < report->next_count; i++) {
		json_t *next = json_object();

		json_object_set_new(next, "when", note_value(arena, &report->next[i].when, lang));
		json_object_set_new(next, "command", text_or_null(arena, report->next[i].command));
		json_array_append_new(list, next);
	}
	return list;
}

void connector_json(const struct connector_report *report, enum lang lang, struct str *out)
{
	json_t *root = json_object(), *steps = json_array(), *notices = json_array();
	char *text;

	json_object_set_new(root, "schema", json_string("migdoctor/connector/1"));
	json_object_set_new(root, "task", text_or_null(out->arena, report->task));
	json_object_set_new(root, "verb", text_or_null(out->arena, report->verb));
	json_object_set_new(root, "cm", text_or_null(out->arena, report->cm));
	json_object_set_new(root, "dry_run", json_boolean(report->dry_run));
	json_object_set_new(root, "steps", steps);
	for (size_t i = 0; i < report->count; i++)
		json_array_append_new(steps,
		                      step_value(out->arena, report, &report->steps[i], lang));
	json_object_set_new(root, "result", text_or_null(out->arena, report->result));
	json_object_set_new(root, "notices", notices);
	for (size_t i = 0; report->notices[i]; i++)
		json_array_append_new(notices, text_or_null(out->arena, report->notices[i]));
	json_object_set_new(root, "ending", note_value(out->arena, &report->ending, lang));
	json_object_set_new(root, "next", next_value(out->arena, report, lang));
	text = json_dumps(root, JSON_INDENT(2));
	str_addf(out, "%s\n", text);
	free(text);
	json_decref(root);
}
