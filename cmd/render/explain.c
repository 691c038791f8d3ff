#include "cmd/render/explain.h"

#include "catalog/base/arena.h"
#include "catalog/base/str.h"
#include "cmd/render/term.h"
#include "cmd/render/wrap.h"

#include <jansson.h>
#include <stdlib.h>

#define WIDEST 100
#define INDENT 2
/* Matches shown to a person; JSON has all. */
#define SHOWN 8

struct draw {
	const struct render_options *options;
	struct wrap wrap;
	struct str *out;
};

static const char *paint(const struct draw *draw, const char *sequence)
{
	return draw->options->colour ? sequence : "";
}

/* --- text ---------------------------------------------------------------------------------------- */

static unsigned label_width(const struct draw *draw)
{
	static const enum text_id labels[] = { TEXT_explain_message, TEXT_explain_cause,
		                               TEXT_explain_fix, TEXT_explain_rules,
		                               TEXT_explain_diagnose };
	unsigned widest = 0;

	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		unsigned width = text_width(text_get(labels[i], draw->options->lang));

		widest = width > widest ? width : widest;
	}
	return widest;
}

static void draw_field(struct draw *draw, enum text_id label, const char *text)
{
	const char *name = text_get(label, draw->options->lang);
	unsigned column = INDENT + label_width(draw) + 2;

	if (!text || !*text)
		return;
	str_addf(draw->out, "%*s%s%s%s", INDENT, "", paint(draw, "\033[2m"), name,
	         paint(draw, "\033[0m"));
	for (unsigned i = INDENT + text_width(name); i < column; i++)
		str_add_char(draw->out, ' ');
	draw->wrap.indent = column;
	wrap_add(draw->out, term_safe(draw->out->arena, text, ""), column, &draw->wrap);
	str_add_char(draw->out, '\n');
}

/* "ER_NO_SUCH_TABLE (42S02)", "OB_TENANT_OUT_OF_MEM, in MySQL mode ERROR 4030 (HY000), ORA-04030": the
 * other names by which the same is known. */
static const char *other_names(const struct draw *draw, const struct catalog_entry *entry)
{
	struct str text = str_new(draw->out->arena);

	if (entry->symbol)
		str_add(&text, entry->symbol);
	if (entry->mysql >= 0)
		str_addf(&text, "%sERROR %d", text.length ? ", " : "", entry->mysql);
	if (entry->sqlstate)
		str_addf(&text, "%s(%s)", text.length ? " " : "", entry->sqlstate);
	if (entry->ora >= 0)
		str_addf(&text, "%sORA-%05d", text.length ? ", " : "", entry->ora);
	if (entry->pls >= 0)
		str_addf(&text, "%sPLS-%05d", text.length ? ", " : "", entry->pls);
	return text.text;
}

static const char *rules_of(struct arena *arena, const char *id)
{
	struct str text = str_new(arena);
	const char *rule;

	for (size_t i = 0; (rule = catalog_rule(id, i)); i++)
		str_addf(&text, "%s%s", i ? ", " : "", rule);
	return text.text;
}

static void draw_match(struct draw *draw, const struct query_match *match)
{
	const struct catalog_entry *entry = &match->entry;
	enum lang lang = draw->options->lang;
	const char *names = other_names(draw, entry);

	str_addf(draw->out, "%s%s%s", paint(draw, "\033[1m"), entry->shown, paint(draw, "\033[0m"));
	if (*names)
		str_addf(draw->out, "  %s%s%s", paint(draw, "\033[36m"), names,
		         paint(draw, "\033[0m"));
	if (entry->level != LEVEL_NONE)
		str_addf(draw->out, "  %s", level_name(entry->level));
	if (match->guess)
		str_addf(draw->out, "  %s%s%s", paint(draw, "\033[33m"),
		         text_get(TEXT_explain_guess, lang), paint(draw, "\033[0m"));
	str_add_char(draw->out, '\n');
	str_addf(draw->out, "%*s%s", INDENT, "", paint(draw, "\033[1m"));
	draw->wrap.indent = INDENT;
	wrap_add(draw->out, term_safe(draw->out->arena, entry->title[lang], ""), INDENT,
	         &draw->wrap);
	str_addf(draw->out, "%s\n", paint(draw, "\033[0m"));
	draw_field(draw, TEXT_explain_message, entry->message);
	draw_field(draw, TEXT_explain_cause, entry->cause[lang]);
	draw_field(draw, TEXT_explain_fix, entry->fix[lang]);
	draw_field(draw, TEXT_explain_rules, rules_of(draw->out->arena, entry->id));
	if (catalog_rule(entry->id, 0))
		draw_field(draw, TEXT_explain_diagnose,
		           note_text(draw->out->arena,
		                     &NOTE(TEXT_explain_diagnose_how, entry->shown), lang));
}

static void draw_input(struct draw *draw, const struct explained *input, bool is_one)
{
	struct arena *arena = draw->out->arena;
	const char *shown = term_safe(arena, input->input, "");
	struct note nothing = NOTE(TEXT_explain_nothing, shown);

	if (!is_one)
		str_addf(draw->out, "%s> %s%s\n\n", paint(draw, "\033[2m"), shown,
		         paint(draw, "\033[0m"));
	for (size_t i = 0; i < input->count && i < SHOWN; i++) {
		if (i)
			str_add_char(draw->out, '\n');
		draw_match(draw, &input->matches[i]);
	}
	if (input->count > SHOWN) {
		struct note more =
			NOTE(TEXT_explain_more, arena_printf(arena, "%zu", input->count - SHOWN));

		str_addf(draw->out, "\n%s\n", note_text(arena, &more, draw->options->lang));
	}
	if (!input->count)
		str_addf(draw->out, "%s\n", note_text(arena, &nothing, draw->options->lang));
}

void explain_text(const struct explained *inputs, size_t count,
                  const struct render_options *options, struct str *out)
{
	struct draw draw = { .options = options, .out = out };

	draw.wrap.width = options->width > WIDEST ? WIDEST : options->width;
	if (options->colour) {
		draw.wrap.quote_on = "\033[36m";
		draw.wrap.quote_off = "\033[0m";
	}
	for (size_t i = 0; i < count; i++) {
		if (i)
			str_add_char(out, '\n');
		draw_input(&draw, &inputs[i], count == 1);
	}
}

/* --- JSON ---------------------------------------------------------------------------------------- */

static json_t *text_or_null(struct arena *arena, const char *text)
{
	return text ? json_string(text_valid(arena, text)) : json_null();
}

static json_t *match_value(struct arena *arena, const struct query_match *match, enum lang lang)
{
	const struct catalog_entry *entry = &match->entry;
	json_t *value = json_object(), *rules = json_array();
	const char *rule;

	json_object_set_new(value, "id", text_or_null(arena, entry->id));
	json_object_set_new(value, "family", text_or_null(arena, entry->family));
	json_object_set_new(value, "symbol", text_or_null(arena, entry->symbol));
	json_object_set_new(value, "sqlstate", text_or_null(arena, entry->sqlstate));
	json_object_set_new(value, "level", text_or_null(arena, level_name(entry->level)));
	json_object_set_new(value, "title", text_or_null(arena, entry->title[lang]));
	json_object_set_new(value, "message", text_or_null(arena, entry->message));
	json_object_set_new(value, "cause", text_or_null(arena, entry->cause[lang]));
	json_object_set_new(value, "fix", text_or_null(arena, entry->fix[lang]));
	for (size_t i = 0; (rule = catalog_rule(entry->id, i)); i++)
		json_array_append_new(rules, json_string(rule));
	json_object_set_new(value, "rules", rules);
	if (match->guess)
		json_object_set_new(value, "guess", json_true());
	return value;
}

void explain_json(const struct explained *inputs, size_t count, enum lang lang, struct str *out)
{
	json_t *root = json_object(), *list = json_array();
	char *text;

	json_object_set_new(root, "schema", json_string("migdoctor/explain/1"));
	json_object_set_new(root, "inputs", list);
	for (size_t i = 0; i < count; i++) {
		json_t *input = json_object(), *matches = json_array();

		json_object_set_new(input, "input", text_or_null(out->arena, inputs[i].input));
		for (size_t j = 0; j < inputs[i].count; j++)
			json_array_append_new(matches,
			                      match_value(out->arena, &inputs[i].matches[j], lang));
		json_object_set_new(input, "matches", matches);
		json_array_append_new(list, input);
	}
	text = json_dumps(root, JSON_INDENT(2));
	str_addf(out, "%s\n", text);
	free(text);
	json_decref(root);
}
